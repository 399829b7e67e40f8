"""Rates that an organisation's own counts give, each with the interval that its count allows."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from t4c_lib.parameters import Assumption, Assumptions
from t4c_lib.periods import Month
from t4c_lib.progress.interval import byar, wilson
from t4c_lib.progress.looking_back import AGED_24, OLDER, YOUNG, Counts, Window
from t4c_lib.quantities import number

COVERAGE = 0.8
Z80 = 1.2816  # half-width of an 80% interval in standard deviations
# Beside the luck of a count, one year differs from the next: at least by this standard deviation, of the logarithm.
# All NHS staff left at 12.5% in the year to September 2022 and at 10.1% two years later.
LEAST_DIFFERENCE = 0.10
# As many years as the least difference counts for beside those that were counted here.
PRIOR_YEARS = 3
# A judgement: an organisation's share in a staff survey moves by some points from year to year, whoever answers.
SHARES_DIFFER = 0.03
# A judgement: where fewer than this many people were there for a year, a leaver more or less says too little.
LEAST_PERSON_YEARS = 20
LEAST_JOINERS = 20
MOST_A_YEAR = 12.0  # everybody, every month
YEAR = 12


def has_enough(window: Window | None, key: str) -> bool:
    """Whether enough people of an age were looked at for long enough."""
    return window is not None and window.is_enough and window.total(key, opening=True) / 12 >= LEAST_PERSON_YEARS


@dataclass(frozen=True)
class LocalRates:
    """What the counts of one workforce say of the years to come.

    Attributes:
        national: the figures whose names, labels and units the local ones take over.
        counts: all its months.
        window: those looked back on.
    """

    national: Assumptions
    counts: Counts
    window: Window

    def leaving(self, name: str, key: str) -> Assumption:
        """Leavers over person-years of the months looked back on, per person a year."""
        leavers, years = self.window.total(f"leavers {key}"), self.window.total(key, opening=True) / 12
        central = min(leavers / years, MOST_A_YEAR)
        differ = differences_between_years(self.counts, self.window.now, f"leavers {key}", key)
        low, high = (_wider(central, float(end), differ) for end in byar(leavers, years, COVERAGE))
        source = f"{self.window.label}: {number(leavers)} leavers in {number(years)} person-years"
        return self._local(name, (low, central, min(high, MOST_A_YEAR)), source, _count_and_years("Byar", differ))

    def turning_25(self, name: str) -> Assumption:
        """A twelfth of those aged 24 among those aged 16 to 24, share a month."""
        months = len(self.window.months)
        young, aged_24 = (self.window.total(key, opening=True) / months for key in (YOUNG, AGED_24))
        aged_24 = min(aged_24, young)
        low, high = (float(end) / 12 for end in wilson(aged_24, young, COVERAGE))
        source = f"{self.window.label}: {number(aged_24)} of {number(young)} were 24"
        return self._local(name, (low, aged_24 / young / 12, high), source, "80%: the luck of the count (Wilson)")

    def joining(self, name: str, key: str) -> Assumption | None:
        """How many will join, over those of the months looked back on; None where nobody did, or for too few months."""
        joiners = self.window.total(f"joiners {key}")
        if not joiners or not self.window.is_enough:
            return None
        differ = differences_between_years(self.counts, self.window.now, f"joiners {key}")
        source = f"{self.window.label}: {number(joiners)} joiners"
        return going_on(self.national.get(name), joiners, differ, source=source, date=str(self.window.now))

    def qualified(self) -> tuple[Assumption, ...]:
        """The shares of joiners with a qualification; none where too few joined whose level is on record."""
        known = [month for month in self.window.months if "joiners level=2+" in self.counts[month]]
        joined, level_2, level_3 = (
            sum(self.counts[month].get(f"joiners {key}", 0.0) for month in known for key in keys)
            for keys in ((YOUNG, OLDER), ("level=2+",), ("level=3+",))
        )
        if joined < LEAST_JOINERS:
            return ()
        found = []
        for name, part, whole in (("joiners-qualified", level_2, joined), ("qualified-at-level-3", level_3, level_2)):
            if whole:
                source = f"{self.window.label}: {number(part)} of {number(whole)} joiners"
                found.append(self._local(name, _share_between(part, whole), source, _count_and_points()))
        return tuple(found)

    def _local(self, name: str, ends: tuple[float, float, float], source: str, interval: str) -> Assumption:
        return counted_here(self.national.get(name), ends, source, str(max(self.window.months)), interval)


def going_on(national: Assumption, events: float, differ: float, *, source: str, date: str) -> Assumption:
    """A yearly number of events of the years to come over that of the last year: 1, as sure as the count allows.

    Args:
        national: the assumption whose place it takes.
        events: how many were counted, more than 0.
        differ: by how much one year differs from the next, see `differences_between_years`.
        source: what was counted.
        date: of the count.
    """
    low, high = (_wider(1.0, float(end), differ) for end in byar(events, events, COVERAGE))
    return counted_here(national, (low, 1.0, high), source, date, _count_and_years("Byar", differ))


def share_here(national: Assumptions, name: str, counted: tuple[float, float], source: str, date: str) -> Assumption:
    """A share of people that were counted here: so many out of so many."""
    return counted_here(national.get(name), _share_between(*counted), source, date, _count_and_points())


def counted_here(
    national: Assumption, ends: tuple[float, float, float], source: str, date: str, interval: str
) -> Assumption:
    """The assumption with figures that were counted here: low, central, high."""
    low, central, high = ends
    return national.with_values(
        low=min(low, central),
        central=central,
        high=max(high, central),
        source=source,
        date=date,
        interval=interval,
        judgement=False,
        note="",
    )


def differences_between_years(counts: Counts, now: Month, events: str, exposed: str = "") -> float:
    """By how much one year differs from the next, beside the luck of the count: a standard deviation, of the logarithm.

    Out of whole years that end with `now`, 12 months before and so on: the mean square of the differences of
    neighbouring years, less what counting alone makes of them (Poisson). It is put together with LEAST_DIFFERENCE, as
    if that had been seen in PRIOR_YEARS differences, and is never less than that.

    Args:
        counts: by month.
        now: the last month.
        events: key of what is counted.
        exposed: key of who might; empty for plain numbers.
    """
    numbers, exposures = [], []
    end = now
    while all(events in counts.get(end + -step, {}) for step in range(YEAR)):
        months = [end + -step for step in range(YEAR)]
        numbers.append(sum(counts[month][events] for month in months))
        exposures.append(sum(counts[month].get(exposed, 0.0) for month in months) if exposed else 1.0)
        end += -YEAR
    pairs = [
        (np.log(one / many) - np.log(other / others), 1 / one + 1 / other)
        for (one, many), (other, others) in pairwise(zip(numbers, exposures, strict=True))
        if min(one, many, other, others) > 0
    ]
    if not pairs:
        return LEAST_DIFFERENCE
    beyond = max(float(np.mean([difference**2 - luck for difference, luck in pairs])), 0.0)
    together = (len(pairs) * beyond + PRIOR_YEARS * LEAST_DIFFERENCE**2) / (len(pairs) + PRIOR_YEARS)
    return max(float(np.sqrt(together)), LEAST_DIFFERENCE)


def _count_and_years(method: str, differ: float) -> str:
    differing = f"one year differs from the next by {differ:.0%} (standard deviation)"
    return f"80%: the luck of the count ({method}), and {differing}"


def _count_and_points() -> str:
    return f"80%: the luck of the count (Wilson), and {SHARES_DIFFER * 100:g} points by which years differ (judgement)"


def _wider(central: float, end: float, differ: float) -> float:
    """An end of an interval moved out, as two independent errors add: by squares, as parts of the central figure."""
    if central == 0:
        return end
    off = float(np.hypot(end / central - 1, Z80 * differ))
    return max(central * (1 - off), 0.0) if end < central else central * (1 + off)


def _share_between(part: float, whole: float) -> tuple[float, float, float]:
    """Low, central and high of a share, its ends moved out likewise, in points."""
    share = part / whole
    low, high = (float(np.hypot(float(end) - share, Z80 * SHARES_DIFFER)) for end in wilson(part, whole, COVERAGE))
    return max(share - low, 0.0), share, min(share + high, 1.0)
