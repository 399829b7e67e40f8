"""XmR charts: limits, signals of special cause, and the two icons, by the rules of NHSRplotthedots 0.2.2.

One set of rules, with settings in spc_profiles.yaml. They are proved against the package's published cases. What they
leave open is settled here, alike for every profile:

- A missing value has no label, breaks every run, and takes the two moving ranges beside it with it.
- A constant series has limits on its mean: where all moving ranges are 0, screening leaves none out.
- A phase of one known point has a mean and no limits (NaN); two points have limits. A phase without any has neither.
- Without limits there is no assurance. With no known value there is no variation either.
- The variation icon is of the last point that is known, so that a figure not yet there does not wipe it away.

The rules take each point for a new draw. Figures that hold most of what the figure before them held are told apart at
the end: on them the rules signal by chance alone. How far is measured in benchmarks/signals.py and discussed in
docs/decisions/0009-few-points.md.
"""

import math
from collections.abc import Sequence
from enum import StrEnum
from functools import lru_cache
from typing import Annotated, Literal, NamedTuple

import numpy as np
import pandas as pd
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike
from pydantic import BaseModel, Field, StrictBool

from t4c_lib.errors import T4CError, find_named
from t4c_lib.evidence.observations import SUPPORT_STAFF, TRUST_WORKFORCE
from t4c_lib.framework import MeasureKind
from t4c_lib.periods import Month, Quarter, parse_period
from t4c_lib.plan import MeasureRow
from t4c_lib.validation_messages import Key, Text, read_shipped

LEAST_TO_FIX = 12
DIRECTIONS = ("higher", "lower", None)
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
    return read_shipped(_Profiles, __package__, PROFILES_FILE).profiles


def spc_profile(name: str) -> SpcProfile:
    """The profile of that name. Raises UnknownNameError with the closest names."""
    return find_named("profile of XmR charts", name, {one.name: one for one in spc_profiles()})


class SpcError(T4CError):
    """An XmR chart was asked for that can't be."""


class XmrChart(NamedTuple):
    """One series with limits, signals and icons; arrays in time order, limits repeated for each point of a phase."""

    values: np.ndarray  #: as given; NaN is missing
    mean: np.ndarray  #: of the phase's baseline, missing values left out
    #: process limits. They aren't clipped: the lower one of a share may be below 0.
    lower: np.ndarray
    upper: np.ndarray
    phase: np.ndarray  #: number of the phase, from 0
    special_cause: np.ndarray  #: the rule that shows, such as "Above UCL"; "Common Cause"; empty for a missing value
    #: common_cause, special_cause_improvement, special_cause_concern, special_cause_neutral_high or _low; empty for a
    #: missing value.
    point_type: np.ndarray
    #: icon of the last known point: common_cause, improvement_high, improvement_low, concern_high, concern_low,
    #: neutral_high or neutral_low. None if nothing is known.
    variation: str | None
    #: where the last phase's limits lie to the target: consistent_pass, consistent_fail, inconsistent. None without a
    #: target, without a direction, or without limits.
    assurance: str | None
    better: str | None  #: "higher", "lower", or None where neither is
    target: float | None
    profile: SpcProfile
    screened: bool  #: whether large moving ranges were left out

    @property
    def points(self) -> int:
        """How many values of the latest phase are known."""
        return int(np.sum(~np.isnan(self.values) & (self.phase == self.phase[-1]))) if len(self.values) else 0

    @property
    def has_enough_points(self) -> bool:
        """Whether there are enough points for limits and icons to be shown."""
        return self.points >= self.profile.least_points

    @property
    def standard_deviation(self) -> float:
        """Of the latest phase: a third of the way from its mean to a limit; NaN without limits."""
        return float(self.upper[-1] - self.mean[-1]) / 3 if len(self.values) else math.nan

    @property
    def note(self) -> str:
        """The settings as the chart prints them, one sentence."""
        screened = "left out of" if self.screened else "kept in"
        profile = f"{self.profile.label}; a shift is {self.profile.shift} points, a trend {self.profile.trend}"
        return f"XmR rules: {profile}; unusually large moving ranges {screened} the limits."


def xmr_chart(
    values: ArrayLike,
    *,
    target: float | None = None,
    better: str | None = "higher",
    rebase: Sequence[int] = (),
    fix_after: int | None = None,
    screen: bool = True,
    profile: str = PUBLISHED,
) -> XmrChart:
    """Limits, signals and icons of one series.

    Args:
        values: one a period, in time order; NaN or None is missing.
        target: what they are to reach; None for no target.
        better: "higher", "lower", or None where neither is.
        rebase: positions, from 0, at which a new phase starts.
        fix_after: the limits of each phase come from so many of its first points (at least 12); by default from all.
        screen: whether unusually large moving ranges are left out of the limits, if the profile does that at all.
        profile: name of the settings.

    Raises:
        SpcError: values that are no series of finite numbers, an unknown direction, a rebase or fix that can't be.
        UnknownNameError: no profile of that name.
    """
    settings, series = spc_profile(profile), _series(values)
    _check(better, target, rebase, len(series), fix_after)
    phase = np.zeros(len(series), dtype=int)
    for start in {place for place in rebase if place > 0}:
        phase[start:] += 1
    screened = screen and settings.screens
    mean, above, spread = limits(series, phase, fix_after, screened)
    lower, upper = mean - LIMIT_FACTOR * spread, mean + LIMIT_FACTOR * spread
    codes = signals(series, phase, above, spread, profile=settings, better=better)
    special = np.char.add("special_cause_", np.asarray(_kind(IS_HIGH[codes], better), dtype=str))
    return XmrChart(
        values=series,
        mean=mean,
        lower=lower,
        upper=upper,
        phase=phase,
        special_cause=labels(settings)[codes],
        point_type=np.where(codes == NO_LABEL, "", np.where(codes == COMMON, "common_cause", special)),
        variation=_variation(codes, better),
        assurance=_assurance(lower, upper, target, better, settings.target_on_limit),
        better=better,
        target=target,
        profile=settings,
        screened=screened,
    )


def _series(values: ArrayLike) -> np.ndarray:
    try:
        array = np.array(values, dtype=float)
    except (TypeError, ValueError):
        raise SpcError("An XmR chart needs numbers, one for each period; write NaN for a missing one.") from None
    if array.ndim != 1:
        raise SpcError("An XmR chart needs one row of numbers.")
    if np.isinf(array).any():
        raise SpcError("An XmR chart needs finite numbers; write NaN for a missing one.")
    return array


def _check(better: str | None, goal: float | None, rebase: Sequence[int], length: int, fix_after: int | None) -> None:
    if better not in DIRECTIONS:
        wanted = "use 'higher', 'lower', or None where neither is better."
        raise SpcError(f"'{better}' is not a direction for an XmR chart: {wanted}")
    if goal is not None and not math.isfinite(goal):
        raise SpcError("A target must be a finite number; leave it out where there is none.")
    if outside := [place for place in rebase if not 0 <= place < length]:
        raise SpcError(f"A new phase must start at a point of the series, 0 to {length - 1}, not at {outside}.")
    if fix_after is not None and fix_after < LEAST_TO_FIX:
        raise SpcError(f"Limits can be fixed after {LEAST_TO_FIX} points or more, not after {fix_after}.")


def _kind(is_high: np.ndarray | bool, better: str | None) -> str | np.ndarray:
    if better is None:
        return np.where(is_high, "neutral_high", "neutral_low")
    return np.where(np.asarray(is_high) == (better == "higher"), "improvement", "concern")


def _variation(codes: np.ndarray, better: str | None) -> str | None:
    known = codes[codes != NO_LABEL]
    if not len(known):
        return None
    last = known[-1]
    if last == COMMON:
        return "common_cause"
    kind = str(_kind(bool(IS_HIGH[last]), better))
    return kind if better is None else f"{kind}_{'high' if IS_HIGH[last] else 'low'}"


def _assurance(
    lowers: np.ndarray, uppers: np.ndarray, goal: float | None, better: str | None, on_limit: str
) -> str | None:
    if goal is None or better is None or not len(uppers) or math.isnan(uppers[-1]):
        return None
    lower, upper = lowers[-1], uppers[-1]
    inclusive = on_limit == "beyond" and lower < upper
    is_above, is_below = goal > upper or (inclusive and goal == upper), goal < lower or (inclusive and goal == lower)
    if not is_above and not is_below:
        return "inconsistent"
    return "consistent_fail" if is_above == (better == "higher") else "consistent_pass"


# Constants of individuals charts, as the published rules have them: 3 / 1.128 to two places, and 3.267 times the mean
# moving range, beyond which a range is left out.
LIMIT_FACTOR = 2.66
NEAR_FACTOR = 2 * LIMIT_FACTOR / 3
SCREEN_FACTOR = 3.267

# Codes of labels: each rule has its high and after it its low one, in the order of precedence.
COMMON, _OUTSIDE, _TREND, _TWO_IN_THREE, _SHIFT, NO_LABEL = 0, 1, 3, 5, 7, 9
IS_HIGH = np.array([code in (_OUTSIDE, _TREND, _TWO_IN_THREE, _SHIFT) for code in range(NO_LABEL + 1)])


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


def limits(values: np.ndarray, phase: np.ndarray, fix_after: int | None, screen: bool) -> tuple[np.ndarray, ...]:
    """What the limits of every phase rest on, repeated for each of its points; NaN is missing.

    Gives the mean of the phase's baseline; by how much each value is above it, reckoned apart from `values - mean`, so
    that a constant added to all values alters no comparison by as much as a rounding; the baseline's mean moving range.

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
    return mean, above, spread


def _mean_range(values: np.ndarray, screen: bool) -> float:
    ranges = np.abs(np.diff(values))
    average = _mean_known(ranges)
    if screen and average > 0:
        return _mean_known(np.where(ranges < SCREEN_FACTOR * average, ranges, np.nan))
    return average


def _mean_known(values: np.ndarray) -> float:
    count = np.count_nonzero(~np.isnan(values))
    return float(np.nansum(values)) / count if count else np.nan


def signals(
    values: np.ndarray,
    phase: np.ndarray,
    above: np.ndarray,
    spread: np.ndarray,
    *,
    profile: SpcProfile,
    better: str | None,
) -> np.ndarray:
    """The code of each point's label: which rule it breaks, and on which side; `above` and `spread` as in `limits`."""
    if not values.size:
        return np.full(values.shape, NO_LABEL)
    with np.errstate(invalid="ignore"):
        side = np.where(np.isnan(above), 0, np.sign(above)).astype(int)
        outside = np.abs(above) > LIMIT_FACTOR * spread
        beyond_near = np.abs(above) > NEAR_FACTOR * spread
    counted = beyond_near if profile.two_in_three == "near and outside" else beyond_near & ~outside
    trend = _trend(values, phase, profile.trend)
    two_in_three = np.where(_on_one_side(side, phase, 3, counted, least=2) & counted, side, 0)
    shift = np.where(_on_one_side(side, phase, profile.shift, side != 0, least=profile.shift), side, 0)
    rules = ((_OUTSIDE, np.where(outside, side, 0)), (_TREND, trend), (_TWO_IN_THREE, two_in_three), (_SHIFT, shift))
    codes = np.full(values.shape, COMMON)
    for first, sign in reversed(rules):
        codes = np.where(sign != 0, np.where(sign > 0, first, first + 1), codes)
    if profile.where_both == "improvement" and better is not None:
        good = 1 if better == "higher" else -1
        for first, sign in reversed(rules):
            codes = np.where(sign == good, first if good > 0 else first + 1, codes)
    return np.where(np.isnan(values), NO_LABEL, codes)


def _spread(hits: np.ndarray, length: int) -> np.ndarray:
    """Windows back to points: every point that a window with a hit covers."""
    covered = np.zeros(len(hits) + length - 1, dtype=bool)
    for step in range(length):
        covered[step : step + len(hits)] |= hits
    return covered


def _trend(values: np.ndarray, phase: np.ndarray, length: int) -> np.ndarray:
    """+1 where a point is part of a rising trend, -1 of a falling one; by the slope ahead if that is in a trend too."""
    if len(values) < length:
        return np.zeros(len(values), dtype=int)
    steps = np.nan_to_num(np.sign(np.diff(values)), nan=0.0).astype(int)
    steps[phase[1:] != phase[:-1]] = 0
    windows = sliding_window_view(steps, length - 1)
    covered = _spread((windows == 1).all(axis=1) | (windows == -1).all(axis=1), length)
    ahead, behind = np.append(steps, 0), np.append(0, steps)
    return np.where(covered, np.where(np.append(covered[1:], False) & (ahead != 0), ahead, behind), 0)


def _on_one_side(side: np.ndarray, phase: np.ndarray, length: int, counted: np.ndarray, least: int) -> np.ndarray:
    """Points of a run of so many of one phase, all on one side of the mean, of which at least so many are counted."""
    if len(side) < length:
        return np.zeros(len(side), dtype=bool)
    sides, among = (sliding_window_view(one, length) for one in (side, counted))
    of_one_phase = phase[length - 1 :] == phase[: len(side) - length + 1]
    return _spread((np.abs(sides.sum(axis=1)) == length) & (among.sum(axis=1) >= least) & of_one_phase, length)


class Autocorrelation(StrEnum):
    """What a row's figures share with the ones before them; the value is what a chart says of it."""

    NONE = ""
    OVERLAPPING = (
        "Each figure covers twelve months and overlaps with the one before, so natural process limits can't be "
        "worked out and no icon is shown."
    )
    SAME_PEOPLE = (
        "Most of the people in each figure were in the one before, so runs of points on one side, and trends, can come "
        "about by chance: rely on the status more than on the icon."
    )


def autocorrelation_of(row: MeasureRow, figures: pd.DataFrame) -> Autocorrelation:
    """What a row's figures, as `row_figures` gives them, share with the ones before them."""
    if figures.empty or not isinstance(parse_period(figures["period"].iloc[-1]), Month | Quarter):
        return Autocorrelation.NONE
    if row.what.unit.endswith(" a year") or figures["months"].iloc[-1] > 0:
        return Autocorrelation.OVERLAPPING
    counts_people = row.what.kind is MeasureKind.SHARE or row.what.unit == "people"
    is_of_staff_in_post = counts_people and row.population in (TRUST_WORKFORCE, SUPPORT_STAFF)
    return Autocorrelation.SAME_PEOPLE if is_of_staff_in_post else Autocorrelation.NONE
