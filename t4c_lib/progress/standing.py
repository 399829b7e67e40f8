"""Where a measure stands: its history out of the evidence, and its latest figure as a baseline to start from."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from t4c_lib.evidence.observation import ALL, SUPPORT_STAFF, TRUST_WORKFORCE, State
from t4c_lib.framework import catalogue
from t4c_lib.periods import Month
from t4c_lib.quantities import Baseline, Unit

HISTORY_COLUMNS = ("period", "month", "population", "value", "numerator", "denominator", "state")
KNOWN = (State.counted.value, State.zero.value)


@dataclass(frozen=True)
class Standing:
    """The latest known figure of a measure for one population.

    Attributes:
        baseline: the figure with numerator, denominator, period and source.
        population: of whom it speaks.
        is_proxy: whether the measure asks for another population, for which there is no figure.
    """

    baseline: Baseline
    population: str
    is_proxy: bool


def history(observations: pd.DataFrame, series: str, population: str) -> pd.DataFrame:
    """The monthly history of a series for one population, undivided by any group, from its first month to its last.

    Args:
        observations: as the store gives them, of one organisation.
        series: key of the series.
        population: of whom.

    Returns:
        A row a month with HISTORY_COLUMNS, `month` being the month's first day. A month in between that nobody counted
        has a row too: state "missing", and value, numerator and denominator NaN.
    """
    found = _monthly(observations, series, population)
    if found.empty:
        return pd.DataFrame(columns=list(HISTORY_COLUMNS))
    first, last = Month.parse(found.index[0]), Month.parse(found.index[-1])
    months = [first + step for step in range(first.months_until(last) + 1)]
    table = found.reindex([str(month) for month in months])
    table["state"] = table["state"].fillna(State.missing.value)
    table["population"] = population
    table["month"] = [pd.Timestamp(month.first_day) for month in months]
    return table.rename_axis("period").reset_index()[list(HISTORY_COLUMNS)]


def _monthly(observations: pd.DataFrame, series: str, population: str) -> pd.DataFrame:
    chosen = observations[
        (observations["series"] == series)
        & (observations["population"] == population)
        & (observations["breakdown"] == ALL)
        & observations["period"].str.fullmatch(r"\d{4}-\d{2}")
    ]
    return chosen.set_index("period").sort_index()


def latest_baseline(
    observations: pd.DataFrame, series: str, population: str, *, as_of: Month | None = None
) -> Baseline | None:
    """The newest monthly figure that was counted, as a baseline; None where there is none.

    Args:
        observations: as the store gives them, of one organisation.
        series: key of the series.
        population: of whom.
        as_of: no newer than this month (inclusive); None for the newest.
    """
    found = _monthly(observations, series, population)
    known = found[found["state"].isin(KNOWN)]
    if as_of is not None:
        known = known[known.index <= str(as_of)]
    return None if known.empty else _baseline(series, known.iloc[-1])


def a_year_before(observations: pd.DataFrame, series: str, population: str, now: Baseline) -> Baseline | None:
    """The figure of the same month a year before `now`; None where that month was not counted."""
    wanted = Month.parse(now.period) + -12
    found = latest_baseline(observations, series, population, as_of=wanted)
    return found if found is not None and found.period == str(wanted) else None


def _baseline(series: str, row: pd.Series) -> Baseline:
    when, source = str(row.name), str(row["source"])
    if pd.isna(row["denominator"]):
        return Baseline.count(float(row["value"]), period=when, source=source)
    is_days = series == "sickness"
    return Baseline.of(
        float(row["numerator"]),
        float(row["denominator"]),
        period=when,
        source=source,
        unit=Unit.RATE if is_days else Unit.SHARE,
        counted="FTE days lost" if is_days else "people",
        base="number of FTE days available" if is_days else "workforce",
    )


def standing(observations: pd.DataFrame, measure: str) -> Standing | None:
    """Where a measure of the framework stands now: by its own population if that was counted, else by a proxy.

    Raises:
        UnknownNameError: no measure of that name.
    """
    asked = catalogue().measure(measure).population
    for population in dict.fromkeys(name for name in (asked, TRUST_WORKFORCE, SUPPORT_STAFF) if name):
        now = latest_baseline(observations, measure, population)
        if now is not None:
            return Standing(now, population, population != asked)
    return None
