"""The figures that a what-if starts from, gathered one by one, each with what it rests on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from t4c_lib.evidence.observations import ALL, State
from t4c_lib.parameters import Assumption, Assumptions
from t4c_lib.periods import Month, parse_period
from t4c_lib.progress.looking_back import Part
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


class Gathered:
    """Parts in the order in which they were found, out of the observations up to a month.

    Attributes:
        now: that month.
        parts: what was found.
    """

    def __init__(self, observations: pd.DataFrame, now: Month) -> None:
        self.now = now
        self.parts: list[Part] = []
        fits = observations["state"].isin([State.counted.value, State.zero.value])
        monthly = observations["period"].str.fullmatch(r"\d{4}-\d{2}")
        # Newest first, so that the first that fits is the one to take. Years are written otherwise and are few.
        self._newest = observations[fits & (~monthly | (observations["period"] <= str(now)))].sort_values(
            "period", ascending=False, kind="stable"
        )

    def counted(self, name: str, label: str, value: float, where: str = "", *, as_share: bool = False) -> float:
        """A figure that was counted here; `where`, unless in the staff extract of the month."""
        text = percent(value) if as_share else number(value)
        return self._add(Part(name, label, value, text, where or f"staff extract, {self.now.label}", False))

    def stand_in(self, name: str, label: str, value: float, source: str, *, as_share: bool = False) -> float:
        """A figure that stands in for one that nobody counted here."""
        text = percent(value) if as_share else number(value)
        return self._add(Part(name, label, value, text, source, True))

    def _add(self, part: Part) -> float:
        self.parts.append(part)
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
            self._add(Part(name, label, of.central, percent(of.central, 2), f"national figure: {of.source}", True))
        else:
            self._add(Part(name, label, counted.central, percent(counted.central, 2), counted.source, False))

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
            self._add(Part(name, label, float("nan"), "worked out", otherwise, True))
            return None
        return self.counted(name, label, found[0], f"counted, {parse_period(found[1]).label}")

    def newest(self, name: str, label: str, found: tuple[float, str] | None, otherwise: float, source: str) -> float:
        """The newest figure of a series if there is one, and else what stands in."""
        if found is None:
            return self.stand_in(name, label, otherwise, source)
        return self.counted(name, label, found[0], f"counted, {parse_period(found[1]).label}")


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
