"""A measure's figures ready to be drawn, with the natural process limits and icons that its progress holds."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from t4c_lib.charts import ControlPoints, Picture, Scale, control_chart, run_chart, too_few
from t4c_lib.framework import MeasureKind
from t4c_lib.plan import MeasureRow
from t4c_lib.progress import CarryOver, RowProgress, SpcNote, period_label

NOT_IN_FORCE = "The target is not due yet, so there is no icon of assurance."


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
    told = zip(progress.figures["period"], progress.figures["months"], strict=True)
    figures.insert(0, "period", [period_label(period, int(months), row.what.judged_on or 0) for period, months in told])
    latest = progress.latest
    whose = row.population if latest is None else latest.population
    of_whom = f", {whose}{' (a proxy)' if latest is not None and latest.is_proxy else ''}" if whose else ""
    if row.is_closer:
        figures[["value", "low", "high"]] *= 100
        measured = f"{row.group}: percentage points short of those compared with{of_whom}"
        return Drawable(figures, Scale(is_fraction=False, things="points"), measured, 100.0)
    if row.what.kind is MeasureKind.COUNT:
        return Drawable(figures, Scale(is_fraction=False, things=row.what.unit), f"{row.wording}, {row.what.unit}")
    pooled = f"; {row.what.judged_on} months together" if row.what.judged_on else ""
    return Drawable(figures, Scale(), f"{row.wording}{of_whom}, percent{pooled}")


def note_of(progress: RowProgress) -> str:
    """The small print of a chart: the rules used, what to beware of, or why there is no icon."""
    found = progress.signals
    if progress.spc_note is SpcNote.OVERLAPPING:
        return str(CarryOver.ROLLING)
    if found is None:
        return ""
    if progress.spc_note is SpcNote.TOO_FEW:
        return too_few(found.points)
    is_early = progress.trajectory is not None and found.target is None and progress.row.is_open
    return " ".join(filter(None, (found.note, progress.carry_over, NOT_IN_FORCE if is_early else "")))


def signals_picture(progress: RowProgress, title: str) -> Picture:
    """The XmR chart of a measure; a run chart where there are too few figures or they share months."""
    drawn, found = drawable(progress), progress.signals
    goal = None if progress.trajectory is None else progress.trajectory.target * drawn.factor
    note = note_of(progress)
    if found is None or progress.spc_note is not SpcNote.SHOWN:
        return run_chart(drawn.figures, scale=drawn.scale, measured=drawn.measured, title=title, target=goal, note=note)
    points = drawn.figures.assign(
        mean=found.mean * drawn.factor,
        lower=found.lower * drawn.factor,
        upper=found.upper * drawn.factor,
        phase=found.phase,
        special_cause=found.special_cause,
        point_type=found.point_type,
    )
    control = ControlPoints(points, note, goal, progress.variation, progress.assurance)
    return control_chart(control, scale=drawn.scale, measured=drawn.measured, title=title)
