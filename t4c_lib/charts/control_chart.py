"""XmR chart: figures in time order with their natural process limits, and what is a signal."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from t4c_lib.charts.header import HEADER, Entry, Stroke, header_rows
from t4c_lib.charts.picture import Picture, Template
from t4c_lib.charts.scale import NOTE, Scale, columns_as_rows, dated, note_rows, numbers
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
    description = _description(drawn, scale, known)
    header = header_rows(icons_of(drawn.variation, drawn.assurance), _key(drawn, scale))
    drawing = _TEMPLATE.filled(
        {
            "points": rows,
            "limits": limits,
            "target": [] if drawn.target is None else [{"value": drawn.target}],
            NOTE: note_rows(drawn.note),
            HEADER: header,
        },
        measured=measured,
        description=description,
        parameters=scale.axis([*(value for _, value in known), *edges, drawn.target], from_zero=False),
    )
    return Picture(title, description, _table(drawn, scale, known), drawing)


def _key(drawn: ControlPoints, scale: Scale) -> list[Entry]:
    entries: list[Entry] = [("Mean", MEAN), ("Natural process limits", LIMITS)]
    if drawn.target is not None:
        entries.append((f"Target {scale.text(drawn.target)}", GOAL))
    types = set(drawn.points["point_type"])
    return entries + [look for kind, look in POINT_SYMBOLS.items() if kind in types]


def _description(drawn: ControlPoints, scale: Scale, known: list[Any]) -> str:
    figures = [(period, value) for period, (_, value) in zip(drawn.points["period"], known, strict=True)]
    counted = [(period, value) for period, value in figures if value is not None]
    if not counted:
        return f"XmR chart without a figure. {drawn.note}"
    (first, began), (last, ended) = counted[0], counted[-1]
    gaps = scale.absent(scale.texts(drawn.points))
    end = drawn.points.iloc[-1]
    told = zip(*(drawn.points[name] for name in ("period", "special_cause", "point_type")), strict=True)
    signals = [f"{period} ({cause})" for period, cause, kind in told if kind.startswith("special")]
    shown = signals if len(signals) <= 6 else [*signals[:2], f"{len(signals) - 4} more", *signals[-2:]]
    phases = int(drawn.points["phase"].nunique())
    sentences = [
        f"XmR chart of {len(counted)} figures, {first} to {last}: {scale.text(began)} at first, "
        f"{scale.text(ended)} at last{f', {gaps}' if gaps else ''}.",
        f"Mean {scale.text(end['mean'])}, natural process limits {scale.text(end['lower'])} to "
        f"{scale.text(end['upper'])}"
        f"{f' in the last of {phases} phases' if phases > 1 else ''}.",
        "" if drawn.target is None else f"Target {scale.text(drawn.target)}.",
        f"Signals: {'; '.join(shown)}." if signals else "No signal: every figure is common cause.",
        *(icon.text for icon in icons_of(drawn.variation, drawn.assurance)),
        drawn.note,
    ]
    return " ".join(sentence for sentence in sentences if sentence)


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
