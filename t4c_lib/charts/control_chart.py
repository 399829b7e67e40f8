"""XmR chart: figures in time order with their natural process limits, and what is a signal."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from t4c_lib.charts.header import HEADER, Entry, Stroke, header_rows
from t4c_lib.charts.picture import Picture, Template
from t4c_lib.charts.scale import NOTE, Scale, columns_as_rows, dated, description, note_rows, numbers
from t4c_lib.charts.symbols import POINT_SYMBOLS, icons_of
from t4c_lib.charts.theme import INK, QUIET_INK, SLATE, TARGET

FIGURES = Stroke(SLATE, width=2)
MEAN = Stroke(INK, width=2)
LIMITS = Stroke(QUIET_INK, (5, 4), 2)
GOAL = Stroke(TARGET, (12, 4, 2, 4), 2.5)


@dataclass(frozen=True, eq=False)
class ControlPoints:
    """What is to be drawn."""

    #: a row for each period, oldest first: day, period (its words), value (NaN where missing), mean, lower, upper,
    #: phase, special_cause (the rule's words) and point_type.
    points: pd.DataFrame
    note: str  #: the profile of rules, one sentence; printed on the chart
    target: float | None = None  #: one number, or None
    variation: str | None = None  #: of the last point, as the rules name it; None where there is no icon
    assurance: str | None = None  #: likewise


_TEMPLATE = Template("control_chart", ("points", "limits", "target", NOTE, HEADER))


def control_chart(drawn: ControlPoints, *, scale: Scale, measured: str, title: str) -> Picture:
    """Draw it.

    Args:
        drawn: points, limits, target and what the rules say.
        scale: how the figures are written.
        measured: what the axis shows, with its unit.
        title: the finding.
    """
    points = drawn.points
    known = dated(points)
    types = points["point_type"].tolist()
    rows = scale.rows(
        points,
        rule=points["special_cause"].tolist(),
        path=[POINT_SYMBOLS[kind][1].path if kind else "circle" for kind in types],
        colour=[POINT_SYMBOLS[kind][1].colour if kind else "" for kind in types],
    )
    limits = columns_as_rows(
        when=[row["when"] for row in rows],
        phase=points["phase"].tolist(),
        **{side: numbers(points, side) for side in ("mean", "lower", "upper")},
    )
    edges = (row[side] for row in limits for side in ("lower", "upper"))
    icons = icons_of(drawn.variation, drawn.assurance)
    told = zip(*(points[name] for name in ("period", "special_cause", "point_type")), strict=True)
    said = description(
        "XmR chart",
        rows,
        scale,
        icons=icons,
        note=drawn.note,
        target=drawn.target,
        end=None if points.empty else points.iloc[-1],
        phases=points["phase"].nunique(),
        signals=[f"{period} ({cause})" for period, cause, kind in told if kind.startswith("special")],
    )
    drawing = _TEMPLATE.filled(
        {
            "points": rows,
            "limits": limits,
            "target": [] if drawn.target is None else [{"value": drawn.target}],
            NOTE: note_rows(drawn.note),
            HEADER: header_rows(icons, _key(drawn, scale)),
        },
        measured=measured,
        description=said,
        parameters=scale.axis([*(value for _, value in known), *edges, drawn.target], from_zero=False),
    )
    return Picture(title, said, _table(drawn, scale, known), drawing)


def _key(drawn: ControlPoints, scale: Scale) -> list[Entry]:
    entries: list[Entry] = [("Mean", MEAN), ("Natural process limits", LIMITS)]
    if drawn.target is not None:
        entries.append((f"Target {scale.text(drawn.target)}", GOAL))
    types = set(drawn.points["point_type"])
    return entries + [look for kind, look in POINT_SYMBOLS.items() if kind in types]


def _table(drawn: ControlPoints, scale: Scale, known: list[Any]) -> pd.DataFrame:
    points = drawn.points
    sides = {"Mean": "mean", "Lower limit": "lower", "Upper limit": "upper"}
    table = {
        "Period": points["period"].tolist(),
        "Figure": [scale.text(value) for _, value in known],
        **{name: [scale.text(value) for value in numbers(points, side)] for name, side in sides.items()},
        "Special cause": points["special_cause"].tolist(),
    }
    return pd.DataFrame(table)
