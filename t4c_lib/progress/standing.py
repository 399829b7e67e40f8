"""Where a measure stands: its history out of the evidence, and its latest figure as a baseline to start from."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from t4c_lib.evidence.observation import ALL, State
from t4c_lib.framework import catalogue
from t4c_lib.periods import Month, parse_period
from t4c_lib.quantities import Baseline, Unit

BREAKDOWN_ALL = ALL
HISTORY_COLUMNS = ("period", "month_end", "population", "value", "numerator", "denominator", "state")


@dataclass(frozen=True)
class Standing:
    """The latest known figure of a measure for one population.

    Attributes:
        baseline: the figure with numerator, denominator, period and source.
        population: of whom it speaks.
        is_proxy: whether the measure asks for another population, for which there is no figure.
        year_before: the figure twelve months earlier, or None where there was none.
    """

    baseline: Baseline
    population: str
    is_proxy: bool
    year_before: Baseline | None


def history(observations: pd.DataFrame, series: str, population: str | None = None) -> pd.DataFrame:
    """The monthly history of a series, undivided by any group, in order of time.

    Args:
        observations: as the store gives them, of one organisation.
        series: key of the series.
        population: only this one, or None for every population there is.

    Returns:
        A table with HISTORY_COLUMNS; value, numerator and denominator are NaN where nothing was counted.
    """
    chosen = observations[(observations["series"] == series) & (observations["breakdown"] == ALL)]
    if population is not None:
        chosen = chosen[chosen["population"] == population]
    chosen = chosen[chosen["period"].str.fullmatch(r"\d{4}-\d{2}")]
    month_end = [pd.Timestamp(Month.parse(period).last_day) for period in chosen["period"]]
    table = chosen.assign(month_end=month_end)[list(HISTORY_COLUMNS)]
    return table.sort_values(["population", "period"], ignore_index=True)


def latest_baseline(
    observations: pd.DataFrame, series: str, population: str, *, as_of: str | None = None
) -> Baseline | None:
    """The newest figure that was counted, as a baseline; None where there is none.

    Args:
        observations: as the store gives them, of one organisation.
        series: key of the series.
        population: of whom.
        as_of: no newer than this period (inclusive), as t4c_lib.periods writes a month; None for the newest.
    """
    known = observations[
        (observations["series"] == series)
        & (observations["population"] == population)
        & (observations["breakdown"] == ALL)
        & observations["state"].isin([State.counted.value, State.zero.value])
    ]
    if as_of is not None:
        known = known[known["period"] <= as_of]
    if known.empty:
        return None
    row = known.sort_values("period").iloc[-1]
    unit = Unit.COUNT if pd.isna(row["denominator"]) else _unit(series)
    divided = unit is not Unit.COUNT
    return Baseline(
        value=float(row["numerator"]) / float(row["denominator"]) if divided else float(row["value"]),
        numerator=float(row["numerator"]) if divided else None,
        denominator=float(row["denominator"]) if divided else None,
        period=str(row["period"]),
        source=str(row["source"]),
        unit=unit,
        counted="FTE days lost" if series == "sickness" else "people",
        base="number of FTE days available" if series == "sickness" else "workforce",
    )


def _unit(series: str) -> Unit:
    kinds = {measure.key: measure.kind for measure in catalogue().measures}
    return Unit.RATE if kinds.get(series) == "rate" else Unit.SHARE


def standing(observations: pd.DataFrame, measure: str) -> Standing | None:
    """Where a measure of the framework stands now, by its own population if counted, else by a proxy.

    Raises:
        UnknownNameError: no measure of that name.
    """
    asked = catalogue().measure(measure)
    others = [name for name in ("trust workforce", "support staff") if name != asked.population]
    for population in [asked.population, *others]:
        if population is None:
            continue
        now = latest_baseline(observations, measure, population)
        if now is not None:
            before = latest_baseline(observations, measure, population, as_of=_a_year_before(now.period))
            same_month = before if before is not None and before.period == _a_year_before(now.period) else None
            return Standing(now, population, population != asked.population, same_month)
    return None


def _a_year_before(period: str) -> str:
    moment = parse_period(period)
    return str(moment + -12) if isinstance(moment, Month) else period
