"""The newest figures of a plan's measures: the evidence has them, which a plan doesn't know, so callers give them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from t4c_lib.plan.measure_rows import MeasureKey, MeasureRow
from t4c_lib.quantities import Baseline

Counted = Callable[[MeasureRow], Baseline | None]  # the figure that was counted for the period of a row's own baseline
Baselines = Callable[[MeasureRow], Baseline | None] | Mapping[MeasureKey, Baseline]


def newest(row: MeasureRow, baselines: Baselines | None) -> Baseline | None:
    """The newest figure of a row's measure, population and group; None if there is none."""
    if baselines is None or not row.has_amount:
        return None
    return baselines.get(row.key) if isinstance(baselines, Mapping) else baselines(row)
