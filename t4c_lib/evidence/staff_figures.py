"""Figures of many groups to observations: one table a series, whatever the number of breakdowns."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from t4c_lib.evidence.columns import Floats
from t4c_lib.evidence.frames import Texts, observed, quotients, states_of_counts
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
    organisations, periods, breakdowns = _named(groups, at, breakdown, label)
    return observed(
        organisation=organisations,
        period=periods,
        breakdown=breakdowns,
        series=series,
        population=population,
        numerator=count,
        value=count,
        state=states_of_counts(count),
        unit=unit,
    )


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
    value, state = quotients(part, whole)
    organisations, periods, breakdowns = _named(groups, at, breakdown, label)
    return observed(
        organisation=organisations,
        period=periods,
        breakdown=breakdowns,
        series=series,
        population=population,
        numerator=part,
        denominator=whole,
        value=value,
        state=state,
        unit=unit,
    )


def _named(groups: Groups, at: Ints, breakdown: Labels, label: Ints | None) -> tuple[Texts, Texts, Texts]:
    """The organisation, month and breakdown of each figure."""
    known = np.asarray([breakdown] if isinstance(breakdown, str) else list(breakdown), dtype=object)
    which = np.zeros(len(at), dtype=np.int64) if label is None else label
    return (
        np.asarray(groups.organisations, dtype=object)[at],
        np.asarray(groups.periods, dtype=object)[at],
        known[which] if len(at) else np.empty(0, dtype=object),
    )
