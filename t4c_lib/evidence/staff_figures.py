"""Figures of many groups to observations: one table a series, whatever the number of breakdowns."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from t4c_lib.evidence.columns import Floats
from t4c_lib.evidence.observation import OBSERVATION_COLUMNS, State
from t4c_lib.evidence.staff_rows import Groups, Ints

Labels = Sequence[str] | str


def count_figures(
    groups: Groups,
    at: Ints,
    count: Floats,
    *,
    series: str,
    population: str,
    breakdown: Labels,
    label: Ints | None = None,
    unit: str = "people",
) -> pd.DataFrame:
    """Counts of the groups `at`; NaN where it is not known how many. See `share_figures` for the labels."""
    nothing = np.full(len(count), np.nan)
    state = np.select(
        [np.isnan(count), count == 0], [State.missing.value, State.zero.value], default=State.counted.value
    )
    told = {"numerator": count, "denominator": nothing, "value": count, "state": _texts(state)}
    return _figures(groups, at, told, (series, population, unit), _breakdowns(breakdown, label, len(at)))


def share_figures(
    groups: Groups,
    at: Ints,
    part: Floats,
    whole: Floats,
    *,
    series: str,
    population: str,
    breakdown: Labels,
    label: Ints | None = None,
    unit: str = "share",
) -> pd.DataFrame:
    """Parts of wholes: missing where either is NaN, not applicable where the whole is nobody.

    Args:
        groups: organisations and months.
        at: for each figure its group.
        part: numerators.
        whole: denominators.
        series: key.
        population: name.
        breakdown: of all figures; or one for each label.
        label: for each figure the position of its breakdown in `breakdown`.
        unit: of the value.
    """
    unknown = np.isnan(part) | np.isnan(whole)
    nothing_there = ~unknown & (whole == 0)
    value = np.full(len(part), np.nan)
    np.divide(part, whole, out=value, where=~unknown & ~nothing_there)
    state = np.select(
        [unknown, nothing_there, part == 0],
        [State.missing.value, State.not_applicable.value, State.zero.value],
        default=State.counted.value,
    )
    told = {"numerator": part, "denominator": whole, "value": value, "state": _texts(state)}
    return _figures(groups, at, told, (series, population, unit), _breakdowns(breakdown, label, len(at)))


def _figures(
    groups: Groups, at: Ints, told: dict[str, object], words: tuple[str, str, str], breakdowns: NDArray[np.object_]
) -> pd.DataFrame:
    series, population, unit = words
    columns = {
        "organisation": _texts(np.asarray(groups.organisations, dtype=object)[at]),
        "series": series,
        "population": population,
        "breakdown": _texts(breakdowns),
        "period": _texts(np.asarray(groups.periods, dtype=object)[at]),
        "unit": unit,
        **told,
    }
    return pd.DataFrame(columns, columns=list(OBSERVATION_COLUMNS))


def _breakdowns(names: Labels, label: Ints | None, figures: int) -> NDArray[np.object_]:
    """The breakdown of each figure."""
    known = np.asarray([names] if isinstance(names, str) else list(names), dtype=object)
    if not figures:
        return np.empty(0, dtype=object)
    return np.asarray(known[np.zeros(figures, dtype=np.int64) if label is None else label], dtype=object)


def _texts(values: NDArray[np.object_] | NDArray[np.str_]) -> pd.api.extensions.ExtensionArray:
    return pd.array(values.astype(object), dtype="str")
