"""The last months of counts by age: who left, joined and turned 25, and what stands in where nobody knows."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from t4c_lib.evidence.observations import ALL, State
from t4c_lib.parameters import Assumptions
from t4c_lib.periods import Month
from t4c_lib.quantities import number, percent
from t4c_lib.whatif import monthly_from_annual_rate

MONTHS_LOOKED_BACK = 12
# A judgement: of so few people three years say more of the next one. It may not go by who joined or left: a year of
# many would then count by itself, and a year of few together with others.
FEW_PEOPLE = 50
MOST_MONTHS_LOOKED_BACK = 36
# With less than half a year, one quiet or busy month says more about chance than about the organisation.
LEAST_MONTHS = 6
YOUNG, OLDER, AGED_24 = "age=16-24", "age=25+", "age=24"


@dataclass(frozen=True)
class Part:
    """One number that a what-if starts from.

    Attributes:
        name: of the number or the rate that it feeds.
        label: what it is, for people.
        value: chances as fractions a month, flows as people a month, stocks as people.
        text: the value as people read it.
        source: what it rests on.
        is_default: whether it is a national figure for want of a local one.
    """

    name: str
    label: str
    value: float
    text: str
    source: str
    is_default: bool


Counts = dict[Month, dict[str, float]]


def monthly_counts(observations: pd.DataFrame, population: str) -> Counts:
    """For each month: staff by age (keys as breakdowns) and flows (keys "joiners age=16-24", ...)."""
    chosen = observations[
        observations["series"].isin(["headcount", "joiners", "leavers"])
        & (observations["population"] == population)
        & (observations["breakdown"] != ALL)
        & observations["state"].isin([State.counted.value, State.zero.value])
        & observations["period"].str.fullmatch(r"\d{4}-\d{2}")
    ]
    counts: Counts = {}
    for series, breakdown, period, value in zip(
        chosen["series"], chosen["breakdown"], chosen["period"], chosen["value"], strict=True
    ):
        key = breakdown if series == "headcount" else f"{series} {breakdown}"
        counts.setdefault(Month.parse(period), {})[key] = float(value)
    return counts


class Window:
    """The months looked back on: those whose flows are known and whose opening stock (the month before's) is too."""

    def __init__(self, counts: Counts, now: Month, months: int = MONTHS_LOOKED_BACK) -> None:
        self.counts, self.now = counts, now
        back = [now + -step for step in range(months)]
        self.months = [
            month
            for month in back
            if f"leavers {YOUNG}" in counts.get(month, {}) and YOUNG in counts.get(month + -1, {})
        ]
        self.is_enough = len(self.months) >= LEAST_MONTHS
        self.label = f"staff extract, {len(self.months)} months to {now.label}"

    def for_people(self, *ages: str) -> Window:
        """This window; a longer one where there are few people of these ages."""
        if sum(self.counts.get(self.now, {}).get(age, 0.0) for age in ages) >= FEW_PEOPLE:
            return self
        return Window(self.counts, self.now, MOST_MONTHS_LOOKED_BACK)

    def total(self, key: str, *, opening: bool = False) -> float:
        return sum(self.counts[month + -1 if opening else month].get(key, 0.0) for month in self.months)

    def leaving(self, name: str, age: str, label: str, default: str, assumptions: Assumptions) -> Part:
        exposed = self.total(age, opening=True)
        if self.is_enough and exposed > 0:
            chance = min(1.0, self.total(f"leavers {age}") / exposed)
            return Part(name, label, chance, percent(chance, 2), self.label, False)
        assumption = assumptions.get(default)
        chance = monthly_from_annual_rate(assumption.central)
        return Part(name, label, chance, percent(chance, 2), f"national figure: {assumption.source}", True)

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
        opening, left, joined = (
            sum(counts.get(key, 0.0) for counts in found)
            for key, found in (
                (YOUNG, [self.counts[month + -1] for month in months]),
                (f"leavers {YOUNG}", [self.counts[month] for month in months]),
                (f"joiners {YOUNG}", [self.counts[month] for month in months]),
            )
        )
        closing = sum(self.counts[month][YOUNG] for month in months)
        return max(opening + joined - left - closing, 0.0), max(opening - left, 0.0)

    def joining(self, name: str, age: str, label: str) -> Part:
        if not self.months:
            return Part(name, label, 0.0, "0", "not known: no month with joiners", True)
        mean = self.total(f"joiners {age}") / len(self.months)
        return Part(name, label, mean, number(mean), self.label, False)
