"""What the rules of special causes say of a measure's figures, ready to be drawn; and when they may be asked at all."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from t4c_lib.charts import ControlPoints, Picture, Scale, control_chart, run_chart, too_few
from t4c_lib.framework import MeasureKind
from t4c_lib.periods import parse_period
from t4c_lib.plan import MeasureRow
from t4c_lib.progress import RowProgress, Xmr, xmr

OVERLAPPING = (
    "Each figure covers twelve months and shares most of them with the one before, so limits of chance can't be drawn "
    "and no icon is shown."
)
MOSTLY_THE_SAME = "Most people counted in one month are counted in the next, which narrows the limits: read with care."
_DAYS_OF_DAYS = "share"


@dataclass(frozen=True, eq=False)
class Drawable:
    """A measure's figures as charts take them.

    Attributes:
        figures: period in words, day, value, low and high; of a gap in percentage points, else as they are.
        scale: how they are written.
        measured: what they are, with their unit.
        factor: by what values were multiplied (100 for a gap).
    """

    figures: pd.DataFrame
    scale: Scale
    measured: str
    factor: float = 1.0


def drawable(progress: RowProgress) -> Drawable:
    """The figures of a measure's row. Raises TypeError for an action, which has none."""
    row = progress.row
    if not isinstance(row, MeasureRow):
        raise TypeError(f"{row.label} has no figures.")
    figures = progress.figures[["day", "value", "low", "high"]].copy()
    figures.insert(0, "period", [parse_period(period).label for period in progress.figures["period"]])
    of_whom = f", {row.population}" if row.population else ""
    if row.is_closer:
        figures[["value", "low", "high"]] *= 100
        scale = Scale(is_fraction=False, decimals=2, things="points")
        measured = f"{row.group}: percentage points short of those compared with, {row.population}"
        return Drawable(figures, scale, measured, 100.0)
    if row.what.kind is MeasureKind.COUNT:
        return Drawable(figures, Scale(is_fraction=False, things=row.what.unit), f"{row.wording}, {row.what.unit}")
    decimals = 2 if _is_time_over_time(row) else 1
    return Drawable(figures, Scale(decimals=decimals), f"{row.wording}{of_whom}, percent")


def _is_time_over_time(row: MeasureRow) -> bool:
    return row.what.kind is MeasureKind.RATE and row.what.unit == _DAYS_OF_DAYS


def overlap(row: MeasureRow) -> bool:
    """Whether each figure covers a year and is told month by month, so that neighbours share eleven months."""
    if row.what.kind is MeasureKind.COUNT:
        return row.what.unit.endswith("a year")
    return row.what.kind is MeasureKind.RATE and not _is_time_over_time(row)


def signals(progress: RowProgress) -> Xmr | None:
    """What the rules say of a measure's figures; None where they overlap or there are none."""
    row = progress.row
    if not isinstance(row, MeasureRow) or overlap(row) or progress.figures["value"].dropna().empty:
        return None
    goal = None if progress.trajectory is None else progress.trajectory.target
    return xmr(progress.figures["value"].to_numpy(), better=progress.better, target=goal)


def note_of(progress: RowProgress, found: Xmr | None) -> str:
    """The small print of a chart: the rules used, or why there is no icon."""
    row = progress.row
    if not isinstance(row, MeasureRow) or progress.figures["value"].dropna().empty:
        return ""
    if found is None:
        return OVERLAPPING
    if not found.has_enough_points:
        return too_few(found.points)
    return f"{found.note} {MOSTLY_THE_SAME}" if row.what.kind is MeasureKind.SHARE else found.note


def signals_picture(progress: RowProgress, title: str) -> Picture:
    """The XmR chart of a measure; a run chart where there are too few figures or they overlap."""
    drawn, found = drawable(progress), signals(progress)
    goal = None if progress.trajectory is None else progress.trajectory.target * drawn.factor
    note = note_of(progress, found)
    if found is None or not found.has_enough_points:
        return run_chart(drawn.figures, scale=drawn.scale, measured=drawn.measured, title=title, target=goal, note=note)
    points = drawn.figures.assign(
        mean=found.mean * drawn.factor,
        lower=found.lower * drawn.factor,
        upper=found.upper * drawn.factor,
        phase=found.phase,
        special_cause=found.special_cause,
        point_type=found.point_type,
    )
    control = ControlPoints(points, note, goal, found.variation, found.assurance)
    return control_chart(control, scale=drawn.scale, measured=drawn.measured, title=title)
