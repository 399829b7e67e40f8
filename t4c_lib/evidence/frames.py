"""Tables of observations: made in one place, so that all readers hand over the same columns and the same states."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from t4c_lib.evidence.observation import OBSERVATION_COLUMNS, State

Floats = NDArray[np.float64]
Texts = NDArray[np.object_]
Words = str | Sequence[str] | Texts
_NUMBERS = {"numerator", "denominator", "value"}


def no_observations() -> pd.DataFrame:
    """A table of observations without rows."""
    return pd.DataFrame(
        {name: pd.Series(dtype="float64" if name in _NUMBERS else "str") for name in OBSERVATION_COLUMNS}
    )


def observed(
    *,
    organisation: Words,
    series: Words,
    population: Words,
    breakdown: Words,
    period: Words,
    value: Floats,
    state: Words,
    unit: Words,
    numerator: Floats | float = float("nan"),
    denominator: Floats | float = float("nan"),
) -> pd.DataFrame:
    """Observations from columns that are as long as `value`, or from one text for all of it."""
    columns: dict[str, Words] = {
        "organisation": organisation,
        "series": series,
        "population": population,
        "breakdown": breakdown,
        "period": period,
        "state": state,
        "unit": unit,
    }
    made: dict[str, object] = {
        name: words if isinstance(words, str) else pd.array(np.asarray(words, dtype=object), dtype="str")
        for name, words in columns.items()
    }
    made |= {"numerator": numerator, "denominator": denominator, "value": value}
    return pd.DataFrame(made, columns=list(OBSERVATION_COLUMNS)).astype(
        {name: "float64" if name in _NUMBERS else "str" for name in OBSERVATION_COLUMNS}
    )


def frame_of(named: pd.DataFrame, *, series: str, value: Floats, unit: str) -> pd.DataFrame:
    """Counts or sums of the organisations, periods, populations and breakdowns that a table names row by row.

    NaN is missing: whoever adds up knows whether a part was hidden.
    """
    return observed(
        organisation=named["organisation"].tolist(),
        series=series,
        population=named["population"].tolist(),
        breakdown=named["breakdown"].tolist(),
        period=named["period"].tolist(),
        value=value,
        state=states_of_counts(value),
        unit=unit,
    )


def counts(
    organisations: Sequence[str], periods: Sequence[str], count: Floats, *, series: str, population: str, breakdown: str
) -> pd.DataFrame:
    """People counted, one row for each organisation and period; NaN where it is not known how many."""
    return observed(
        organisation=organisations,
        series=series,
        population=population,
        breakdown=breakdown,
        period=periods,
        numerator=count,
        value=count,
        state=states_of_counts(count),
        unit="people",
    )


def shares(
    organisations: Sequence[str],
    periods: Sequence[str],
    part: Floats,
    whole: Floats,
    *,
    series: str,
    population: str,
    breakdown: str,
) -> pd.DataFrame:
    """Shares, part of whole: missing where either is NaN, not applicable where the whole is nobody and nothing."""
    value, state = quotients(part, whole)
    return observed(
        organisation=organisations,
        series=series,
        population=population,
        breakdown=breakdown,
        period=periods,
        numerator=part,
        denominator=whole,
        value=value,
        state=state,
        unit="share",
    )


def states_of_counts(count: Floats) -> Texts:
    """What is known of each count: missing where it is NaN, zero, or counted."""
    known = np.where(count == 0, State.zero.value, State.counted.value)
    return np.where(np.isnan(count), State.missing.value, known).astype(object)


def quotients(part: Floats, whole: Floats) -> tuple[Floats, Texts]:
    """Parts of wholes and what is known of each: missing where either is NaN, not applicable where the whole is 0."""
    unknown = np.isnan(part) | np.isnan(whole)
    nothing_there = ~unknown & (whole == 0)
    value = np.full(len(part), np.nan)
    np.divide(part, whole, out=value, where=~unknown & ~nothing_there)
    state = np.select(
        [unknown, nothing_there, part == 0],
        [State.missing.value, State.not_applicable.value, State.zero.value],
        default=State.counted.value,
    )
    return value, state.astype(object)


def together(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """One table, sorted by organisation, series, population, breakdown, period."""
    key = ["organisation", "series", "population", "breakdown", "period"]
    joined = pd.concat(list(frames), ignore_index=True) if frames else no_observations()
    return joined.sort_values(key, ignore_index=True)
