"""What the cases of a back-test come to: how often the band held the figure, and how far off the middle was."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from benchmarks.backtesting.settings import SIZES, Kind

Measure = tuple[str, str]  # key and population
BAND = (0.1, 0.9)
COVERED = (0.75, 0.85)
# A size in a hundred is further off by chance alone, and so one measure of five sizes in twenty.
MOST_STANDARD_ERRORS = 2.6
# Of the figure: 0.3 points of 60%. A mean error that is smaller decides nothing, even where it is known so well that it
# can't be chance.
SMALL_ERROR = 0.005
FEWEST = 20  # organisations of a size, below which nothing is judged
# What differs from case to case in the sentence of a refusal.
_VARYING = (
    (
        re.compile(r"(no local one) \(.*\), and it does not fit local figures: .*"),
        r"\1, and it does not fit the year before.",
    ),
    (re.compile(r" \([^)]*\)"), ""),
    (
        re.compile(r"would start at .*, but the newest figure is .* \(.*\), so"),
        "would start at one figure, but the newest is another, so",
    ),
)


@dataclass(frozen=True)
class Case:
    """One forecast held against the figure that was counted.

    Attributes:
        measure: key and population.
        kind: of organisation.
        organisation: its number.
        months: from month 0 to the figure.
        refusal: why there was no forecast, one sentence; empty if there was one.
        place: of the figure among the draws, 0 to 1: the part below it and, of those equal, a part drawn by chance.
        figure: what was counted at the end.
        expected: the expected path, which is what pages say, in the figure's unit.
        low, high: ends of the band of 80%.
    """

    measure: Measure
    kind: Kind
    organisation: int
    months: int
    refusal: str = ""
    place: float = np.nan
    figure: float = np.nan
    expected: float = np.nan
    low: float = np.nan
    high: float = np.nan


@dataclass(frozen=True)
class Judged:
    """What the cases of one measure, and one size or all sizes, come to.

    Attributes:
        measure: key and population.
        size: people at the start; None for all sizes together.
        tried: organisations.
        organisations: how many of them had a forecast.
        forecasts: how many there were; one organisation may have two.
        refusals: how often there was none, by reason.
        covered: share of figures within the band of 80%.
        covered_error: its standard error, the forecasts of one organisation taken together.
        above, below: shares of figures above and below the band; 10% each where it is right.
        error: mean of what was expected less what was counted, in the unit of the figure.
        error_error: its standard error, likewise.
        typical: mean figure.
    """

    measure: Measure
    size: int | None
    tried: int
    organisations: int
    forecasts: int
    refusals: Counter[str] = field(repr=False)
    covered: float = np.nan
    covered_error: float = np.nan
    above: float = np.nan
    below: float = np.nan
    error: float = np.nan
    error_error: float = np.nan
    typical: float = np.nan

    @property
    def reasons(self) -> Counter[str]:
        """The refusals by reason, without what differs from case to case."""
        found: Counter[str] = Counter()
        for reason, times in self.refusals.items():
            found[reduce(lambda text, rule: rule[0].sub(rule[1], text), _VARYING, reason)] += times
        return found

    @property
    def is_enough(self) -> bool:
        """Whether there were organisations enough to judge by."""
        return self.organisations >= FEWEST

    @property
    def is_covered(self) -> bool:
        """Whether the coverage lies within 75% to 85%; of a single size, as far as chance allows."""
        beyond = 0.0 if self.size is None else MOST_STANDARD_ERRORS * self.covered_error
        return COVERED[0] - beyond <= self.covered <= COVERED[1] + beyond

    @property
    def standard_errors(self) -> float:
        """The mean error in standard errors."""
        return self.error / self.error_error if self.error_error > 0 else np.nan

    @property
    def is_unbiased(self) -> bool:
        """Whether the mean error can be chance; sizes are of other units of count, so it is asked of each alone."""
        small = abs(self.error) <= SMALL_ERROR * abs(self.typical)
        return self.size is None or small or not abs(self.standard_errors) > MOST_STANDARD_ERRORS

    @property
    def passes(self) -> bool:
        """Both."""
        return not self.is_enough or (self.is_covered and self.is_unbiased)


def place_among(figure: float, draws: NDArray[np.float64], random: np.random.Generator) -> float:
    """Where a figure lies among draws in rising order, 0 to 1: evenly spread where the draws are right.

    Of draws that equal the figure a part counts as below it, by chance, so that this holds for whole numbers, too (the
    randomised probability integral transform).
    """
    near = 1e-9 * max(abs(figure), 1.0)
    below = np.searchsorted(draws, figure - near)
    upto = np.searchsorted(draws, figure + near, side="right")
    # One more draw would fall anywhere among those there are: the figure itself takes part.
    return float((below + random.random() * (upto - below + 1)) / (len(draws) + 1))


def judge(cases: Iterable[Case]) -> dict[Measure, list[Judged]]:
    """For each measure what its cases of all sizes, then of each size, come to."""
    by_measure: dict[Measure, list[Case]] = {}
    for case in cases:
        by_measure.setdefault(case.measure, []).append(case)
    return {
        measure: [
            _judged(measure, size, [case for case in found if size in (None, case.kind.size)])
            for size in (None, *SIZES)
        ]
        for measure, found in by_measure.items()
    }


def passing(judged: dict[Measure, list[Judged]]) -> list[Measure]:
    """The measures of which all sizes together and each alone pass, and of which there were enough."""
    return [measure for measure, rows in judged.items() if rows[0].is_enough and all(row.passes for row in rows)]


def is_within(case: Case) -> bool:
    """Whether the figure lies within the band."""
    return BAND[0] <= case.place <= BAND[1]


def _judged(measure: Measure, size: int | None, cases: list[Case]) -> Judged:
    told = [case for case in cases if not case.refusal]
    refusals = Counter(case.refusal for case in cases if case.refusal)
    number = np.array([case.organisation for case in told], dtype=np.int64)
    tried = len({case.organisation for case in cases})
    if not told:
        return Judged(measure, size, tried, 0, 0, refusals)
    place = np.array([case.place for case in told])
    figure, expected = (np.array([getattr(case, name) for case in told]) for name in ("figure", "expected"))
    covered, covered_error = _mean(np.array([is_within(case) for case in told], dtype=float), number)
    error, error_error = _mean(expected - figure, number)
    return Judged(
        measure, size, tried, len(set(number.tolist())), len(told), refusals, covered, covered_error,
        float(np.mean(place > BAND[1])), float(np.mean(place < BAND[0])), error, error_error, float(np.mean(figure)),
    )  # fmt: skip


def _mean(values: np.ndarray, groups: np.ndarray) -> tuple[float, float]:
    """Mean of the values, and its standard error where those of a group go together."""
    mean = float(np.mean(values))
    _, at = np.unique(groups, return_inverse=True)
    sums = np.bincount(at, weights=values - mean)
    groups_there = len(sums)
    if groups_there < 2:
        return mean, np.nan
    return mean, float(np.sqrt(np.sum(sums**2) * groups_there / (groups_there - 1)) / len(values))
