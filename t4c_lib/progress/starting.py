"""From what was counted to where the two-stock what-if starts; it says which parts are national defaults."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from t4c_lib.errors import T4CError
from t4c_lib.evidence.observation import ALL, State
from t4c_lib.parameters import Assumptions
from t4c_lib.periods import Month
from t4c_lib.quantities import number, percent
from t4c_lib.whatif import TwoStock, monthly_from_annual_rate

MONTHS_LOOKED_BACK = 12
# With less than half a year, one quiet or busy month says more about chance than about the organisation.
LEAST_MONTHS = 6
YOUNG, OLDER, AGED_24 = "age=16-24", "age=25+", "age=24"


class NoStartError(T4CError):
    """There is no count of staff by age, so nothing to start a what-if from."""


@dataclass(frozen=True)
class Part:
    """One number that a what-if starts from.

    Attributes:
        name: argument of TwoStock that it feeds.
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


@dataclass(frozen=True)
class StartingPoint:
    """A what-if's month 0.

    Attributes:
        model: the two stocks with today's flows.
        month: month 0, the newest month with a count by age.
        population: of whom.
        parts: what each number rests on, in the order of TwoStock's arguments.
    """

    model: TwoStock
    month: Month
    population: str
    parts: tuple[Part, ...]

    @property
    def defaults(self) -> tuple[Part, ...]:
        """The parts for which a national figure stands in."""
        return tuple(part for part in self.parts if part.is_default)


def starting_point(
    observations: pd.DataFrame, population: str, assumptions: Assumptions, as_of: Month | None = None
) -> StartingPoint:
    """Where an organisation's what-if starts.

    Chances are the leavers (or people aged 24) of the last 12 months over the staff in post when each month began;
    joiners are the mean of those months. With fewer than 6 such months, or nobody to count from, a national figure from
    parameters/national.yaml stands in for a chance, and 0 for joiners.

    Args:
        observations: of one organisation, as the store gives them.
        population: "trust workforce" or "support staff".
        assumptions: the national figures.
        as_of: month 0 is the newest counted month no later than this; None for the newest.

    Raises:
        NoStartError: no month has a count of staff by age.
    """
    counts = _monthly_counts(observations, population)
    months = [month for month in counts if {YOUNG, OLDER} <= counts[month].keys() and (as_of is None or month <= as_of)]
    if not months:
        raise NoStartError(
            f"Nobody has counted the {population} by age yet. Add a staff extract: t4c evidence add FILE "
            "(data/dictionary.csv lists its columns)."
        )
    now = max(months)
    window = _Window(counts, now)
    young, older = counts[now][YOUNG], counts[now][OLDER]
    parts = (
        Part("young", "Staff aged 16 to 24", young, number(young), f"staff extract, {now.label}", False),
        Part("older", "Staff aged 25 and over", older, number(older), f"staff extract, {now.label}", False),
        window.leaving(
            "leave_young", YOUNG, "Leave in a month, aged 16 to 24", "leavers-support-under-25", assumptions
        ),
        window.leaving(
            "leave_older", OLDER, "Leave in a month, aged 25 and over", "leavers-support-25-and-over", assumptions
        ),
        window.turning_25(assumptions),
        window.joining("join_young", YOUNG, "Join in a month, aged 16 to 24"),
        window.joining("join_older", OLDER, "Join in a month, aged 25 and over"),
    )
    return StartingPoint(TwoStock(**{part.name: part.value for part in parts}), now, population, parts)


Counts = dict[Month, dict[str, float]]


def _monthly_counts(observations: pd.DataFrame, population: str) -> Counts:
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


class _Window:
    """The months looked back on: those whose flows are known and whose opening stock (the month before's) is too."""

    def __init__(self, counts: Counts, now: Month) -> None:
        self.counts = counts
        back = [now + -step for step in range(MONTHS_LOOKED_BACK)]
        self.months = [
            month
            for month in back
            if f"leavers {YOUNG}" in counts.get(month, {}) and YOUNG in counts.get(month + -1, {})
        ]
        self.is_enough = len(self.months) >= LEAST_MONTHS
        self.label = f"staff extract, {len(self.months)} months to {now.label}"

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

    def turning_25(self, assumptions: Assumptions) -> Part:
        label = "Turn 25 in a month, of those aged 16 to 24 who stay"
        young, aged_24 = self.total(YOUNG, opening=True), self.total(AGED_24, opening=True)
        has_single_year = any(AGED_24 in self.counts.get(month + -1, {}) for month in self.months)
        if self.is_enough and has_single_year and young > 0:
            chance = aged_24 / (12 * young)
            return Part(
                "age_out", label, chance, percent(chance, 2), f"{self.label} (a twelfth of those aged 24)", False
            )
        assumption = assumptions.get("ageing-out")
        chance = assumption.central
        return Part("age_out", label, chance, percent(chance, 2), f"national figure: {assumption.source}", True)

    def joining(self, name: str, age: str, label: str) -> Part:
        if not self.months:
            return Part(name, label, 0.0, "0", "not known: no month with joiners", True)
        mean = self.total(f"joiners {age}") / len(self.months)
        return Part(name, label, mean, number(mean), self.label, False)
