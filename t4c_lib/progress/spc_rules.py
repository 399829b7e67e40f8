"""XmR charts, many at once, a row a series, a column a period: one set of rules, settings in spc_profiles.yaml."""

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
    """Values with their limits: arrays of equal shape, a row a series."""

    values: np.ndarray  #: as given; NaN is missing
    phase: np.ndarray  #: for each column the number of its phase
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
    """Mean and limits of every phase, repeated for each of its points; a row a series, NaN is missing.

    `phase`: for each column the number of its phase, from 0, never falling. `fix_after`: so many first columns of a
    phase make its limits; None for all. `screen`: whether ranges of SCREEN_FACTOR times their mean and more are left
    out, once.
    """
    mean, above, spread = (np.full(values.shape, np.nan) for _ in range(3))
    for number in range(int(phase[-1]) + 1 if phase.size else 0):
        columns = np.flatnonzero(phase == number)
        span = slice(columns[0], columns[-1] + 1)
        baseline = values[:, span][:, :fix_after]
        first = np.take_along_axis(baseline, np.argmax(~np.isnan(baseline), axis=1)[:, np.newaxis], axis=1)
        beyond_first = _mean_known(baseline - first)[:, np.newaxis]
        mean[:, span] = first + beyond_first
        above[:, span] = (values[:, span] - first) - beyond_first
        spread[:, span] = _mean_range(baseline, screen)[:, np.newaxis]
    return ProcessLimits(values, phase, mean, above, spread)


def _mean_range(values: np.ndarray, screen: bool) -> np.ndarray:
    ranges = np.abs(np.diff(values, axis=1))
    average = _mean_known(ranges)
    if not screen:
        return average
    kept = np.where(ranges < SCREEN_FACTOR * average[:, np.newaxis], ranges, np.nan)
    return np.asarray(np.where(average > 0, _mean_known(kept), average))


def _mean_known(values: np.ndarray) -> np.ndarray:
    known = ~np.isnan(values)
    count = known.sum(axis=1)
    return np.asarray(np.where(count > 0, np.where(known, values, 0.0).sum(axis=1) / np.maximum(count, 1), np.nan))


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


def _spread(hits: np.ndarray, length: int, columns: int) -> np.ndarray:
    """Windows back to columns: every column that a window with a hit covers."""
    covered = np.zeros((hits.shape[0], columns), dtype=bool)
    for step in range(length):
        covered[:, step : step + hits.shape[1]] |= hits
    return covered


def _trend(chart: ProcessLimits, length: int) -> np.ndarray:
    """+1 where a point is part of a rising trend, -1 of a falling one; by the slope ahead if that is in a trend too."""
    values, columns = chart.values, chart.values.shape[1]
    if columns < length:
        return np.zeros(values.shape, dtype=int)
    steps = np.nan_to_num(np.sign(np.diff(values, axis=1)), nan=0.0).astype(int)
    steps[:, chart.phase[1:] != chart.phase[:-1]] = 0
    windows = sliding_window_view(steps, length - 1, axis=1)
    hits = (windows == 1).all(axis=2) | (windows == -1).all(axis=2)
    covered = _spread(hits, length, columns)
    edge = np.zeros((values.shape[0], 1), dtype=int)
    ahead, behind = np.hstack([steps, edge]), np.hstack([edge, steps])
    next_too = np.hstack([covered[:, 1:], edge.astype(bool)]) & (ahead != 0)
    return np.where(covered, np.where(next_too, ahead, behind), 0)


def _on_one_side(side: np.ndarray, phase: np.ndarray, length: int, counted: np.ndarray, least: int) -> np.ndarray:
    """Points of a run of so many of one phase, all on one side of the mean, of which at least so many are counted."""
    columns = side.shape[1]
    if columns < length:
        return np.zeros(side.shape, dtype=bool)
    sides, among = (sliding_window_view(one, length, axis=1) for one in (side, counted))
    of_one_phase = phase[length - 1 :] == phase[: columns - length + 1]
    hits = (np.abs(sides.sum(axis=2)) == length) & (among.sum(axis=2) >= least) & of_one_phase
    return _spread(hits, length, columns)
