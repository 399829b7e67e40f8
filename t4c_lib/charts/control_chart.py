"""XmR chart: figures in time order with their natural process limits, and what is a signal."""

import pandas as pd

from t4c_lib.charts.header import HEADER, Entry, Stroke, header_rows
from t4c_lib.charts.picture import Picture, Template
from t4c_lib.charts.scale import NOTE, Scale, columns_as_rows, description, note_rows, numbers
from t4c_lib.charts.symbols import POINT_SYMBOLS, icons_of
from t4c_lib.charts.theme import INK, QUIET_INK, SLATE, TARGET

FIGURES = Stroke(SLATE, width=2)
MEAN = Stroke(INK, width=2)
LIMITS = Stroke(QUIET_INK, (5, 4), 2)
GOAL = Stroke(TARGET, (12, 4, 2, 4), 2.5)


_TEMPLATE = Template("control_chart", ("points", "limits", "target", NOTE, HEADER))


def control_chart(
    points: pd.DataFrame,
    *,
    note: str,
    scale: Scale,
    measured: str,
    title: str,
    target: float | None = None,
    variation: str | None = None,
    assurance: str | None = None,
) -> Picture:
    """Draw it.

    `points`: day, period (its words), value (NaN where missing), mean, lower, upper, phase, special_cause (the rule's
    words) and point_type. `note`: the profile of rules, one sentence; printed on the chart. `target`: one number, or
    None. `variation`, `assurance`: icons of the last point, as the rules name them; None where there is none.
    """
    values = numbers(points, "value")
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
    icons = icons_of(variation, assurance)
    told = zip(*(points[name] for name in ("period", "special_cause", "point_type")), strict=True)
    key: list[Entry] = [("Mean", MEAN), ("Natural process limits", LIMITS)]
    key += [] if target is None else [(f"Target {scale.text(target)}", GOAL)]
    key += [look for kind, look in POINT_SYMBOLS.items() if kind in types]
    said = description(
        "XmR chart",
        rows,
        scale,
        icons=icons,
        note=note,
        target=target,
        end=None if points.empty else points.iloc[-1],
        phases=points["phase"].nunique(),
        signals=[f"{period} ({cause})" for period, cause, kind in told if kind.startswith("special")],
    )
    drawing = _TEMPLATE.filled(
        {
            "points": rows,
            "limits": limits,
            "target": [] if target is None else [{"value": target}],
            NOTE: note_rows(note),
            HEADER: header_rows(icons, key),
        },
        measured=measured,
        description=said,
        parameters=scale.axis([*values, *edges, target], from_zero=False),
    )
    columns = {"Figure": "value", "Mean": "mean", "Lower limit": "lower", "Upper limit": "upper"}
    table = {
        "Period": points["period"].tolist(),
        **{name: [scale.text(value) for value in numbers(points, column)] for name, column in columns.items()},
        "Special cause": points["special_cause"].tolist(),
    }
    return Picture(title, said, pd.DataFrame(table), drawing)
