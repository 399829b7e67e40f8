"""XmR charts, one series at a time: one set of rules, settings in spc_profiles.yaml."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Literal

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from pydantic import BaseModel, Field, StrictBool

from t4c_lib.errors import find_named
from t4c_lib.validation_messages import Key, Text, read_shipped
from t4c_lib.yaml_text import RowName

PROFILES_FILE = "spc_profiles.yaml"
PUBLISHED = "published"

RunLength = Annotated[int, Field(strict=True, ge=3, le=20)]


class SpcProfile(BaseModel, frozen=True, extra="forbid"):
    """The settings of an XmR chart; spc_profiles.yaml says what each is."""

    name: Key
    label: Text
    screens: StrictBool
    shift: RunLength
    trend: RunLength
    two_in_three: Literal["near", "near and outside"]
    where_both: Literal["first", "improvement"]
    target_on_limit: Literal["within", "beyond"]
    least_points: Annotated[int, Field(strict=True, ge=2)]
    source: Text


class _Profiles(BaseModel, frozen=True, extra="forbid"):
    profiles: tuple[SpcProfile, ...]


@lru_cache(maxsize=1)
def spc_profiles() -> tuple[SpcProfile, ...]:
    """Every profile there is."""
    rows = {"profiles": RowName("profile", ("name",))}
    return read_shipped(_Profiles, __package__, PROFILES_FILE, needs=("profiles",), rows=rows).profiles


def spc_profile(name: str) -> SpcProfile:
    """The profile of that name. Raises UnknownNameError with the closest names."""
    return find_named("profile of XmR charts", name, {one.name: one for one in spc_profiles()})


# Constants of individuals charts, as the published rules have them: 3 / 1.128 to two places, and 3.267 times the mean
# moving range, beyond which a range is left out.
LIMIT_FACTOR = 2.66
NEAR_FACTOR = 2 * LIMIT_FACTOR / 3
SCREEN_FACTOR = 3.267

# Codes of labels: each rule has its high and after it its low one, in the order of precedence.
COMMON, _OUTSIDE, _TREND, _TWO_IN_THREE, _SHIFT, NO_LABEL = 0, 1, 3, 5, 7, 9
IS_HIGH = np.array([code in (_OUTSIDE, _TREND, _TWO_IN_THREE, _SHIFT) for code in range(NO_LABEL + 1)])


@dataclass(frozen=True, eq=False)
class ProcessLimits:
    """A series with its limits: arrays of equal length."""

    values: np.ndarray  #: as given; NaN is missing
    phase: np.ndarray  #: for each value the number of its phase
    mean: np.ndarray  #: of the phase's baseline
    #: by how much a value is above the mean. Reckoned apart from `values - mean`, so that a constant added to all
    #: values alters no comparison by as much as a rounding.
    above: np.ndarray
    spread: np.ndarray  #: mean moving range of the phase's baseline

    def limit(self, factor: float) -> np.ndarray:
        """The mean and so many times the mean moving range."""
        return np.asarray(self.mean + factor * self.spread)


def labels(profile: SpcProfile) -> np.ndarray:
    """The label of each code, in the words of the published rules with the profile's lengths of runs."""
    return np.array(
        [
            *("Common Cause", "Above UCL", "Below LCL"),
            *(f"{profile.trend} Point Trend ({way})" for way in ("Increasing", "Decreasing")),
            *("2 in 3 Above CL", "2 in 3 Below CL"),
            *(f"{profile.shift} Points {place} CL" for place in ("Above", "Below")),
            "",
        ]
    )


def limits(values: np.ndarray, phase: np.ndarray, fix_after: int | None, screen: bool) -> ProcessLimits:
    """Mean and limits of every phase, repeated for each of its points; NaN is missing.

    `phase`: for each value the number of its phase, from 0, never falling. `fix_after`: so many first values of a
    phase make its limits; None for all. `screen`: whether ranges of SCREEN_FACTOR times their mean and more are left
    out, once.
    """
    mean, above, spread = (np.full(values.shape, np.nan) for _ in range(3))
    for number in range(int(phase[-1]) + 1 if phase.size else 0):
        span = phase == number
        baseline = values[span][:fix_after]
        first = baseline[np.argmax(~np.isnan(baseline))]
        beyond_first = _mean_known(baseline - first)
        mean[span] = first + beyond_first
        above[span] = (values[span] - first) - beyond_first
        spread[span] = _mean_range(baseline, screen)
    return ProcessLimits(values, phase, mean, above, spread)


def _mean_range(values: np.ndarray, screen: bool) -> float:
    ranges = np.abs(np.diff(values))
    average = _mean_known(ranges)
    if screen and average > 0:
        return _mean_known(np.where(ranges < SCREEN_FACTOR * average, ranges, np.nan))
    return average


def _mean_known(values: np.ndarray) -> float:
    count = np.count_nonzero(~np.isnan(values))
    return float(np.nansum(values)) / count if count else np.nan


def signals(chart: ProcessLimits, profile: SpcProfile, better: str | None) -> np.ndarray:
    """The code of each point's label: which rule it breaks, and on which side."""
    values, missing = chart.values, np.isnan(chart.values)
    if not values.size:
        return np.full(values.shape, NO_LABEL)
    with np.errstate(invalid="ignore"):
        side = np.where(np.isnan(chart.above), 0, np.sign(chart.above)).astype(int)
        outside = np.abs(chart.above) > LIMIT_FACTOR * chart.spread
        beyond_near = np.abs(chart.above) > NEAR_FACTOR * chart.spread
    counted = beyond_near if profile.two_in_three == "near and outside" else beyond_near & ~outside
    trend = _trend(chart, profile.trend)
    two_in_three = np.where(_on_one_side(side, chart.phase, 3, counted, least=2) & counted, side, 0)
    shift = np.where(_on_one_side(side, chart.phase, profile.shift, side != 0, least=profile.shift), side, 0)
    rules = ((_OUTSIDE, np.where(outside, side, 0)), (_TREND, trend), (_TWO_IN_THREE, two_in_three), (_SHIFT, shift))
    codes = np.full(values.shape, COMMON)
    for first, sign in reversed(rules):
        codes = np.where(sign != 0, np.where(sign > 0, first, first + 1), codes)
    if profile.where_both == "improvement" and better is not None:
        good = 1 if better == "higher" else -1
        for first, sign in reversed(rules):
            codes = np.where(sign == good, first if good > 0 else first + 1, codes)
    return np.where(missing, NO_LABEL, codes)


def _spread(hits: np.ndarray, length: int) -> np.ndarray:
    """Windows back to points: every point that a window with a hit covers."""
    covered = np.zeros(len(hits) + length - 1, dtype=bool)
    for step in range(length):
        covered[step : step + len(hits)] |= hits
    return covered


def _trend(chart: ProcessLimits, length: int) -> np.ndarray:
    """+1 where a point is part of a rising trend, -1 of a falling one; by the slope ahead if that is in a trend too."""
    if len(chart.values) < length:
        return np.zeros(len(chart.values), dtype=int)
    steps = np.nan_to_num(np.sign(np.diff(chart.values)), nan=0.0).astype(int)
    steps[chart.phase[1:] != chart.phase[:-1]] = 0
    windows = sliding_window_view(steps, length - 1)
    covered = _spread((windows == 1).all(axis=1) | (windows == -1).all(axis=1), length)
    ahead, behind = np.append(steps, 0), np.append(0, steps)
    next_too = np.append(covered[1:], False) & (ahead != 0)
    return np.where(covered, np.where(next_too, ahead, behind), 0)


def _on_one_side(side: np.ndarray, phase: np.ndarray, length: int, counted: np.ndarray, least: int) -> np.ndarray:
    """Points of a run of so many of one phase, all on one side of the mean, of which at least so many are counted."""
    if len(side) < length:
        return np.zeros(len(side), dtype=bool)
    sides, among = (sliding_window_view(one, length) for one in (side, counted))
    of_one_phase = phase[length - 1 :] == phase[: len(side) - length + 1]
    hits = (np.abs(sides.sum(axis=1)) == length) & (among.sum(axis=1) >= least) & of_one_phase
    return _spread(hits, length)
