"""What a what-if starts from besides staff by age: learners and qualifications, each number with what it rests on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from t4c_lib.evidence.observations import ALL, SUPPORT_STAFF, TRUST_WORKFORCE
from t4c_lib.framework import ModelPath, series_followed
from t4c_lib.parameters import Assumption, Assumptions
from t4c_lib.periods import Month, parse_period
from t4c_lib.progress.derived_series import KNOWN, MONTHLY
from t4c_lib.progress.observed_rates import StartingNumber
from t4c_lib.quantities import number, percent

YEAR = 12


@dataclass(frozen=True)
class Counted:
    """A figure that was counted.

    Attributes:
        period: as t4c_lib.periods writes it.
        value: in the unit of its series.
        numerator: how many; None where only the value was published.
        denominator: out of how many; None likewise.
    """

    period: str
    value: float
    numerator: float | None
    denominator: float | None


class StartingNumbers:
    """Parts in the order in which they were found, out of the observations up to a month.

    Attributes:
        now: that month.
        found: in that order.
    """

    def __init__(self, observations: pd.DataFrame, now: Month) -> None:
        self.now = now
        self.found: list[StartingNumber] = []
        fits = observations["state"].isin(KNOWN)
        monthly = observations["period"].str.fullmatch(MONTHLY)
        # Newest first, so that the first that fits is the one to take. Years are written otherwise and are few.
        self._newest = observations[fits & (~monthly | (observations["period"] <= str(now)))].sort_values(
            "period", ascending=False, kind="stable"
        )

    def counted(self, name: str, label: str, value: float, where: str = "", *, as_share: bool = False) -> float:
        """A figure that was counted here; `where`, unless in the staff extract of the month."""
        text = percent(value) if as_share else number(value)
        return self._add(StartingNumber(name, label, value, text, where or f"staff extract, {self.now.label}", False))

    def stand_in(self, name: str, label: str, value: float, source: str, *, as_share: bool = False) -> float:
        """A figure that stands in for one that nobody counted here."""
        text = percent(value) if as_share else number(value)
        return self._add(StartingNumber(name, label, value, text, source, True))

    def _add(self, part: StartingNumber) -> float:
        self.found.append(part)
        return part.value

    def series(self, series: str, *populations: str, breakdown: str = ALL) -> tuple[float, str] | None:
        """The newest figure of a series, and its period; of the first population that has one."""
        of = self._newest[(self._newest["series"] == series) & (self._newest["breakdown"] == breakdown)]
        for population in populations:
            chosen = of[of["population"] == population]
            if len(chosen) and np.isfinite(chosen["value"].iloc[0]):
                return float(chosen["value"].iloc[0]), str(chosen["period"].iloc[0])
        return None

    def assumption(self, name: str, label: str, counted: Assumption | None, national: Assumptions) -> None:
        """A share a month: as counted here, else the national one that stands in."""
        if counted is None:
            of = national.get(name)
            self._add(
                StartingNumber(name, label, of.central, percent(of.central, 2), f"national figure: {of.source}", True)
            )
        else:
            self._add(StartingNumber(name, label, counted.central, percent(counted.central, 2), counted.source, False))

    def newest_row(self, series: str, population: str) -> Counted | None:
        """The newest figure of a series, of everybody in a population; None where none is known."""
        of = self._newest
        of = of[(of["series"] == series) & (of["breakdown"] == ALL) & (of["population"] == population)]
        of = of[of["value"].notna()]
        if of.empty:
            return None
        row = of.iloc[0]
        return Counted(str(row["period"]), float(row["value"]), _known(row["numerator"]), _known(row["denominator"]))

    def over_a_year(self, series: str, population: str) -> tuple[float, float] | None:
        """Numerators and denominators of the months of a year up to now, added up; None where none is known."""
        of = self._newest
        of = of[(of["series"] == series) & (of["breakdown"] == ALL) & (of["population"] == population)]
        months = {str(self.now + -step) for step in range(YEAR)}
        of = of[of["period"].isin(months)].dropna(subset=["numerator", "denominator"])
        return None if of.empty else (float(of["numerator"].sum()), float(of["denominator"].sum()))

    def known(self, name: str, label: str, found: tuple[float, str] | None, otherwise: str) -> float | None:
        """The newest figure of a series; None, with what the model does instead, where there is none."""
        if found is None:
            self._add(StartingNumber(name, label, float("nan"), "estimated", otherwise, True))
            return None
        return self.counted(name, label, found[0], f"counted, {parse_period(found[1]).label}")

    def newest(self, name: str, label: str, found: tuple[float, str] | None, otherwise: float, source: str) -> float:
        """The newest figure of a series if there is one, and else what stands in."""
        if found is None:
            return self.stand_in(name, label, otherwise, source)
        return self.counted(name, label, found[0], f"counted, {parse_period(found[1]).label}")


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


FRAMEWORKS_LEVEL = 2  # which the measure of attainment counts from where it names no other
NOT_COUNTED = "no figure recorded: taken as zero"


@dataclass(frozen=True)
class Learners:
    """People in learning and how many start.

    Attributes:
        apprentices: in learning now, people; None where nobody counted them: the model then has as many as the starts
            leave, less those who left.
        pathway: on a registered pathway now, people; None likewise. The model has as many as the moves into registered
            roles need, and says from the count where the measure begins.
        apprenticeship_starts: a month.
        moves_into_registered: support staff who moved into a registered role, a month.
        moves_are_counted: whether they were counted here; else there are as many as nationally.
    """

    apprentices: float | None
    pathway: float | None
    apprenticeship_starts: float
    moves_into_registered: float
    moves_are_counted: bool


def learners(numbers: StartingNumbers, national: Assumptions, support: float) -> Learners:
    """Who is learning, as far as it was counted.

    Args:
        numbers: takes what is found.
        national: figures that stand in.
        support: support staff, people.
    """
    starts = numbers.newest(
        "apprenticeship_starts",
        "Apprenticeship starts a year",
        numbers.series(series_followed(ModelPath.APPRENTICESHIP_STARTS), SUPPORT_STAFF, TRUST_WORKFORCE),
        0.0,
        NOT_COUNTED,
    )
    apprentices = numbers.known(
        "apprentices",
        "Apprentices in learning",
        numbers.series("apprentices", SUPPORT_STAFF, TRUST_WORKFORCE),
        "estimated from apprenticeship starts, less those who leave",
    )
    numbers.stand_in(
        "apprentice_joiner_share",
        "Joiners to support roles who join as apprentices",
        0.0,
        "not known: all who start are assumed to be in post already",
        as_share=True,
    )
    national_moves = national.get("support-into-registered")
    counted = numbers.series(series_followed(ModelPath.REGISTERING), SUPPORT_STAFF)
    moves = numbers.newest(
        "support_to_registered",
        "Support staff who move into a registered role in a year",
        counted,
        support * national_moves.central,
        f"national figure: {national_moves.source}",
    )
    pathway = numbers.known(
        "pathway",
        "People on a registered pathway",
        numbers.series(series_followed(ModelPath.ON_PATHWAY), SUPPORT_STAFF, TRUST_WORKFORCE),
        "estimated from moves into registered roles, allowing for those who drop out",
    )
    return Learners(apprentices, pathway, starts / 12, moves / 12, counted is not None)


def stocks_by_qualification(
    numbers: StartingNumbers, national: Assumptions, support: Mapping[str, float], learning: Learners
) -> dict[str, float]:
    """Support staff by age in their stocks of State. Both ages are taken to be qualified and learning alike.

    Learners who were not counted stand among those in post; the model finds their number (State).
    """
    everybody = sum(support.values())
    level_2, level_3 = _qualified(numbers, national)
    levels = {"none": 1 - level_2, "level_2": level_2 - level_3, "level_3": level_3}
    # Nobody is an apprentice with level 3.
    below = levels["none"] + levels["level_2"]
    apprentices = min(learning.apprentices or 0.0, below * everybody)
    found = {}
    for age, people in support.items():
        part = people / everybody if everybody else 0.0
        found[f"support_{age}_level_3"] = level_3 * people
        for level in ("none", "level_2"):
            of_them = apprentices * part * (levels[level] / below if below else 0.0)
            found[f"apprentices_{age}_{level}"] = of_them
            found[f"support_{age}_{level}"] = max(levels[level] * people - of_them, 0.0)
    return found


def _qualified(numbers: StartingNumbers, national: Assumptions) -> tuple[float, float]:
    qualified, at_level_3 = (national.get(name) for name in ("joiners-qualified", "qualified-at-level-3"))
    stand_in = {2: qualified.central, 3: qualified.central * at_level_3.central}
    values, attainment = [], series_followed(ModelPath.QUALIFIED_SHARE)
    for level, otherwise in stand_in.items():
        name, label = f"level_{level}", f"Support staff with a qualification of level {level} or above"
        found = numbers.series(attainment, SUPPORT_STAFF, breakdown=f"level={level}+")
        if found is None and level == FRAMEWORKS_LEVEL:
            found = numbers.series(attainment, SUPPORT_STAFF)
        if found is None:
            source = f"the level of new support staff: {qualified.source}"
            values.append(numbers.stand_in(name, label, otherwise, source, as_share=True))
        else:
            values.append(
                numbers.counted(
                    name, label, min(found[0], 1.0), f"counted, {parse_period(found[1]).label}", as_share=True
                )
            )
    return values[0], min(values)
