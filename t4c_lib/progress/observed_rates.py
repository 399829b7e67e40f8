"""Rates that an organisation's own counts give, each with the interval that its count allows."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pandas as pd
from pydantic import BaseModel
from scipy.special import expit, gammaincinv, logit

from t4c_lib.evidence.observations import ALL
from t4c_lib.filesystem import read_text
from t4c_lib.parameters import Assumption, assumptions
from t4c_lib.parameters.assumption import FOLDER
from t4c_lib.periods import Month
from t4c_lib.progress.figures import wilson
from t4c_lib.progress.turnover_and_derived_series import KNOWN, MONTHLY
from t4c_lib.quantities import count_of, number, percent
from t4c_lib.validation_messages import Text, read_model
from t4c_lib.whatif import monthly_from_annual_rate
from t4c_lib.yaml_text import read_yaml

MONTHS_LOOKED_BACK = 12
# A judgement: of so few people three years say more of the next one. It may not go by who joined or left: a year of
# many would then count by itself, and a year of few together with others.
FEW_PEOPLE = 50
MOST_MONTHS_LOOKED_BACK = 36
# With less than half a year, one quiet or busy month says more about chance than about the organisation.
LEAST_MONTHS = 6
YOUNG, OLDER, AGED_24 = "age=16-24", "age=25+", "age=24"
COVERAGE = 0.8
Z80 = 1.2816  # half-width of an 80% interval in standard deviations


class _Variation(BaseModel, frozen=True, extra="forbid"):
    value: float
    source: Text
    date: int | str


class _VariationFile(BaseModel, frozen=True, extra="forbid"):
    variation: dict[str, _Variation]


_FILE = FOLDER / "variation.yaml"
_read = read_model(_VariationFile, read_yaml(read_text(_FILE), _FILE.name, needs=("variation",))).variation
VARIATION = {name: one.value for name, one in _read.items()}  # of one year from the next, by what varies
# As many years as those figures count for beside years that were counted here.
PRIOR_YEARS = 3
# A judgement: where fewer than this many people were there for a year, a leaver more or less says too little.
LEAST_PERSON_YEARS = 20
LEAST_JOINERS = 20
LEAST_TURNED = 5
MOST_A_YEAR = 12.0  # everybody, every month
FAR = 20.0  # logits; an end of 0 or 1 lies beyond
YEAR = 12


class StartingNumber(NamedTuple):
    """One number that a what-if starts from."""

    name: str  #: of the number or the rate that it feeds
    label: str  #: what it is, for people
    value: float  #: chances as fractions a month, flows as people a month, stocks as people
    text: str  #: the value as people read it
    source: str  #: what it rests on
    is_default: bool  #: whether it is a national figure for want of a local one


Counts = dict[Month, dict[str, float]]


def monthly_counts(observations: pd.DataFrame, population: str) -> Counts:
    """For each month: staff by age (keys as breakdowns) and flows (keys "joiners age=16-24", ...)."""
    chosen = observations[
        observations["series"].isin(["headcount", "joiners", "leavers"])
        & (observations["population"] == population)
        & (observations["breakdown"] != ALL)
        & observations["state"].isin(KNOWN)
        & observations["period"].str.fullmatch(MONTHLY)
    ]
    months: Counts = {}
    told = zip(*(chosen[name] for name in ("period", "series", "breakdown", "value")), strict=True)
    for period, series, breakdown, value in sorted(told):
        if not np.isnan(value):
            key = breakdown if series == "headcount" else f"{series} {breakdown}"
            months.setdefault(Month.parse(period), {})[key] = float(value)
    return months


class Window:
    """The months looked back on: those whose flows are known and whose opening stock (the month before's) is too."""

    def __init__(self, counts: Counts, now: Month, months: int = MONTHS_LOOKED_BACK) -> None:
        self.counts, self.now = counts, now
        back = [now + -step for step in range(months)]
        flow, opening = f"leavers {YOUNG}", {month + 1 for month, found in counts.items() if YOUNG in found}
        self.months = [month for month in back if flow in counts.get(month, {}) and month in opening]
        self.is_enough = len(self.months) >= LEAST_MONTHS
        self.label = f"staff extract, {len(self.months)} months to {now.label}"

    def for_people(self, *ages: str) -> "Window":
        """This window; a longer one where there are few people of these ages."""
        if sum(self.counts.get(self.now, {}).get(age, 0.0) for age in ages) >= FEW_PEOPLE:
            return self
        return Window(self.counts, self.now, MOST_MONTHS_LOOKED_BACK)

    def total(self, key: str, *, opening: bool = False) -> float:
        return sum(self.counts[month + -1 if opening else month].get(key, 0.0) for month in self.months)

    def has_enough(self, age: str) -> bool:
        """Whether enough people of an age were looked at for long enough."""
        return self.is_enough and self.total(age, opening=True) / 12 >= LEAST_PERSON_YEARS

    def leaving_now(self, name: str, age: str, label: str) -> StartingNumber:
        if self.has_enough(age):
            chance = min(1.0, self.total(f"leavers {age}") / self.total(age, opening=True))
            return StartingNumber(name, label, chance, percent(chance, 2), self.label, False)
        assumption = assumptions().get(name)
        chance = monthly_from_annual_rate(assumption.central)
        return StartingNumber(name, label, chance, percent(chance, 2), f"national figure: {assumption.source}", True)

    @property
    def aged_24(self) -> tuple[float, float] | None:
        """People aged 16 to 24, and those of them aged 24, at the beginning of an average month; None if not known."""
        months = [month for month in self.months if AGED_24 in self.counts.get(month + -1, {})]
        young = sum(self.counts[month + -1][YOUNG] for month in months)
        if not self.is_enough or not young:
            return None
        aged_24 = sum(self.counts[month + -1][AGED_24] for month in months)
        return young / len(months), min(aged_24, young) / len(months)

    @property
    def turned_25(self) -> tuple[float, float]:
        """People who turned 25, by the balance of who was there, joined and left; and the young who stayed."""
        months = [month for month in self.months if YOUNG in self.counts.get(month, {})]
        opening = sum(self.counts[month + -1].get(YOUNG, 0.0) for month in months)
        keys = (f"leavers {YOUNG}", f"joiners {YOUNG}", YOUNG)
        left, joined, closing = (sum(self.counts[month].get(key, 0.0) for month in months) for key in keys)
        return max(opening + joined - left - closing, 0.0), max(opening - left, 0.0)

    def joining_now(self, name: str, age: str, label: str) -> StartingNumber:
        if not self.months:
            return StartingNumber(name, label, 0.0, "0", "not known; no month has joiners recorded", True)
        mean = self.total(f"joiners {age}") / len(self.months)
        return StartingNumber(name, label, mean, number(mean), self.label, False)

    # What the counts say of the years to come: figures in the place of the national ones of that name

    def leaving(self, name: str, key: str, apart: float = 0.0) -> Assumption:
        """Leavers over person-years of the months looked back on, per person a year; without those `apart`, a year."""
        leavers, years = self.total(f"leavers {key}"), self.total(key, opening=True) / 12
        leavers = max(leavers - apart * len(self.months) / 12, 0.0)
        central = min(leavers / years, MOST_A_YEAR)
        low, high = (_widened(central, end / years, VARIATION["ages"]) for end in _events_interval(leavers))
        source = f"{self.label}: {number(leavers)} leavers in {number(years)} person-years"
        return self._local(name, (low, central, min(high, MOST_A_YEAR)), source, _count_and_years(VARIATION["ages"]))

    def leaving_in_other_years(self, name: str) -> Assumption | None:
        """Leavers of every age over those of the last 12 months, as years differ; None where no year was counted."""
        left = self._by_year("leavers ")
        if not left:
            return None
        differ = variation_between_years(left, VARIATION["leaving"], self._by_year(""))
        source = f"{count_of(len(left), 'years')} of counts to {self.now.label}"
        ends = (max(1 - Z80 * differ, 0.0), 1.0, 1 + Z80 * differ)
        return self._local(name, ends, source, f"80%: {_years(differ)}")

    def turning_25(self, name: str) -> Assumption | None:
        """Of those aged 16 to 24 who stay, the share a month that turns 25; None where it can't be told.

        A twelfth of those aged 24 where single years of age are known, since they are who will. Else those who did:
        people aged 16 to 24 at the beginning, and who joined, less those who left and who are there at the end.
        """
        single_years = self.aged_24
        if single_years is not None:
            young, aged_24 = single_years
            central = aged_24 / young / 12
            ends = (float(end) / 12 for end in wilson(aged_24, young, COVERAGE))
            low, high = (_widened(central, end, VARIATION["ageing"]) for end in ends)
            source = f"{self.label}: {number(aged_24)} of {number(young)} were aged 24"
            return self._local(name, (low, central, high), source, _count_and_years(VARIATION["ageing"]))
        turned, stayed = self.turned_25
        if turned < LEAST_TURNED or stayed <= turned:
            return None
        low, high = (_widened(turned / stayed, end / stayed, VARIATION["ageing"]) for end in _events_interval(turned))
        source = f"{self.label}: {number(turned)} turned 25, worked out from headcount, joiners and leavers"
        return self._local(name, (low, turned / stayed, min(high, 1.0)), source, "80%: random variation (Jeffreys)")

    def joining(self, name: str) -> Assumption | None:
        """How many will join, over those of the months looked back on; None where nobody did, or for too few months."""
        joiners = self.total(f"joiners {YOUNG}") + self.total(f"joiners {OLDER}")
        if not joiners or not self.is_enough:
            return None
        differ = variation_between_years(self._by_year("joiners "), VARIATION["joiners"])
        source = f"{self.label}: {number(joiners)} joiners"
        return ratio_to_last_year(name, joiners, differ, source=source, date=str(self.now))

    def joining_young(self, name: str) -> Assumption | None:
        """How many of as many joiners will be aged 16 to 24, over those of the months looked back on."""
        young = self.total(f"joiners {YOUNG}")
        joiners = young + self.total(f"joiners {OLDER}")
        if not young or not self.is_enough:
            return None
        of_years = self._by_key(f"joiners {YOUNG}")
        differ = variation_between_years(of_years, VARIATION["young-joiners"], self._by_year("joiners "))
        ends = (float(end) * joiners / young for end in wilson(young, joiners, COVERAGE))
        low, high = (_widened(1.0, end, differ) for end in ends)
        source = f"{self.label}: {number(young)} of {number(joiners)} joiners"
        return self._local(name, (low, 1.0, high), source, _count_and_years(differ))

    def _by_year(self, of: str) -> list[float]:
        """Sums of whole years, the newest first, of people of every age; `of` is "leavers ", "joiners " or empty."""
        young, older = (self._by_key(f"{of}{key}") for key in (YOUNG, OLDER))
        return [one + other for one, other in zip(young, older, strict=False)]

    def _by_key(self, key: str) -> list[float]:
        """Sums of whole years that end with the last month, 12 months before and so on, as far as all is known."""
        sums: list[float] = []
        end = self.now
        counts = self.counts
        while all(key in counts.get(end + -step, {}) for step in range(YEAR)):
            sums.append(sum(counts[end + -step][key] for step in range(YEAR)))
            end += -YEAR
        return sums

    def qualified(self) -> Iterator[Assumption]:
        """The shares of joiners with a qualification; none where too few joined whose level is on record."""
        known = [found for found in (self.counts[month] for month in self.months) if "joiners level=2+" in found]
        joined, level_2, level_3 = (
            sum(found.get(f"joiners {key}", 0.0) for found in known for key in keys)
            for keys in ((YOUNG, OLDER), ("level=2+",), ("level=3+",))
        )
        shares = (("joiners-qualified", level_2, joined), ("qualified-at-level-3", level_3, level_2))
        for name, part, whole in shares if joined >= LEAST_JOINERS else ():
            if whole:
                source = f"{self.label}: {number(part)} of {number(whole)} joiners"
                yield counted_share(name, (part, whole), VARIATION["qualified"], source, str(max(self.months)))

    def _local(self, name: str, ends: tuple[float, float, float], source: str, interval: str) -> Assumption:
        return with_local_figures(name, ends, source, str(max(self.months)), interval)


def ratio_to_last_year(name: str, events: float, differ: float, *, source: str, date: str) -> Assumption:
    """Yearly events of the years to come over those of last year: 1, with an interval as wide as the count makes it.

    `events`, more than 0, were counted; one year differs from the next as `variation_between_years` has it.
    """
    low, high = (_widened(1.0, end / events, differ) for end in _events_interval(events))
    return with_local_figures(name, (low, 1.0, high), source, date, _count_and_years(differ))


def counted_share(name: str, counted: tuple[float, float], differ: float, source: str, date: str) -> Assumption:
    """A share counted here, so many out of so many; `differ`, between years, is a standard deviation of the logit."""
    between = f"variation of {differ:g} between years (standard deviation, logits)"
    interval = f"80%: random variation (Wilson), and {between}"
    return with_local_figures(name, _share_between(*counted, differ), source, date, interval)


def with_local_figures(
    name: str, ends: tuple[float, float, float], source: str, date: str, interval: str
) -> Assumption:
    """The national assumption of that name with figures that were counted here: low, central, high."""
    low, central, high = ends
    figures = {"low": min(low, central), "central": central, "high": max(high, central)}
    said = {"source": source, "date": date, "interval": interval, "judgement": False, "note": ""}
    return assumptions().get(name).with_values(**figures, **said)


def variation_between_years(numbers: Sequence[float], prior: float, exposed: Sequence[float] = ()) -> float:
    """By how much one year differs from the next, beside the luck of the count: a standard deviation, of the logarithm.

    The mean square of the differences of neighbouring years, less what counting alone makes of them (Poisson). It is
    put together with what is known elsewhere, as if that had been seen in PRIOR_YEARS differences, and is never less.

    `numbers`: events of whole years, the newest first. `prior`: what is known elsewhere, and the least. `exposed`: how
    many there were to whom it might happen, in the same years; empty for plain numbers.
    """
    among = exposed or [1.0] * len(numbers)
    pairs = [
        (np.log(one / many) - np.log(other / others), 1 / one + 1 / other)
        for (one, many), (other, others) in pairwise(zip(numbers, among, strict=False))
        if min(one, many, other, others) > 0
    ]
    if not pairs:
        return prior
    beyond = max(float(np.mean([difference**2 - luck for difference, luck in pairs])), 0.0)
    return max(float(np.sqrt((len(pairs) * beyond + PRIOR_YEARS * prior**2) / (len(pairs) + PRIOR_YEARS))), prior)


def _events_interval(number: float) -> tuple[float, float]:
    """Ends of the 80% interval of an expected number of events, by how many there were: Jeffreys' (gamma) interval."""
    low, high = gammaincinv(number + 0.5, [(1 - COVERAGE) / 2, (1 + COVERAGE) / 2])
    return (float(low) if number else 0.0), float(high)


def _years(differ: float) -> str:
    return f"variation of {differ:.0%} between years (standard deviation)"


def _count_and_years(differ: float) -> str:
    return f"80%: random variation, and {_years(differ)}"


def _widened(central: float, end: float, differ: float) -> float:
    """An end of an interval moved out, as two independent errors add: by squares, as parts of the central figure."""
    if central == 0:
        return end
    off = float(np.hypot(end / central - 1, Z80 * differ))
    return max(central * (1 - off), 0.0) if end < central else central * (1 + off)


def _share_between(part: float, whole: float, differ: float) -> tuple[float, float, float]:
    """Low, central and high of a share, its ends moved out likewise, on the logit scale."""
    share = part / whole
    middle = float(logit(np.clip(share, 0.5 / (whole + 1), 1 - 0.5 / (whole + 1))))
    with np.errstate(divide="ignore"):
        below, above = (abs(float(logit(float(end))) - middle) for end in wilson(part, whole, COVERAGE))
    moved = (-np.hypot(min(below, FAR), Z80 * differ), np.hypot(min(above, FAR), Z80 * differ))
    low, high = (float(expit(middle + off)) for off in moved)
    return min(low, share) if part else 0.0, share, max(high, share) if part < whole else 1.0
