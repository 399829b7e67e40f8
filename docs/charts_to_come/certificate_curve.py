"""Care Certificate: which part of the newcomers holds it, week by week after their first day."""

from typing import Any

import pandas as pd

from t4c_lib.charts.header import HEADER, Stroke, header_layers, header_rows
from t4c_lib.charts.picture import Picture, Template, table_named
from t4c_lib.charts.scale import Scale
from t4c_lib.charts.theme import BLUE, INK, QUIET_INK, STRONG, narrow_or, themed, value_axis, value_parameters
from t4c_lib.quantities import number

CURVE = Stroke(BLUE, width=3.5)
DUE = Stroke(INK, (5, 4), 2)
_DUE_WEEKS = 12


def _build() -> Any:
    import altair as alt

    curve = alt.Chart(table_named("curve"))
    week = alt.X(
        "week:Q",
        title=None,
        scale=alt.Scale(domain=[0, alt.expr("last_week")], nice=False),
        axis=alt.Axis(grid=False, format=".0f", tickCount=narrow_or(5, 12), labelFlush=True),
    )
    due = alt.Chart(table_named("due"))
    words = (
        alt.Chart(table_named("axis"))
        .mark_text(align="right", baseline="top", color=QUIET_INK)
        .encode(x=alt.value(alt.expr("width")), y=alt.value(alt.expr("height + 26")), text="words:N")
    )
    layers = [
        due.mark_rule(**DUE.mark).encode(x="week:Q"),
        curve.mark_line(**CURVE.mark, interpolate="step-after").encode(
            x=week,
            y=value_axis("share"),
            tooltip=[alt.Tooltip("week:Q", title="Week"), alt.Tooltip("said:N", title="Share")],
        ),
        due.mark_point(filled=True, fill=BLUE, size=170, opacity=1).encode(x="week:Q", y="share:Q"),
        due.mark_text(align="left", dx=12, dy=18, fontSize=STRONG, fontWeight="bold", color=BLUE).encode(
            x="week:Q", y="share:Q", text="said:N"
        ),
        words,
        *header_layers(),
    ]
    return themed(alt.layer(*layers).add_params(*value_parameters(), alt.param(name="last_week", value=26)))


_TEMPLATE = Template("certificate_curve", _build, ("curve", "due", "axis", HEADER))


def certificate_curve(weeks: pd.DataFrame, *, newcomers: float, title: str) -> Picture:
    """Draw it.

    Args:
        weeks: a row for each week: week (0 and up) and share (a fraction; never falls).
        newcomers: how many people the curve is made of.
        title: the finding.
    """
    scale = Scale()
    rows = [
        {"week": int(week), "share": float(share), "said": scale.text(float(share))}
        for week, share in zip(weeks["week"], weeks["share"], strict=True)
    ]
    due = [row for row in rows if row["week"] == _DUE_WEEKS]
    at_12 = f" By week 12 {due[0]['said']} hold it." if due else ""
    description = (
        f"Stepped curve of {number(newcomers)} newcomers, weeks {rows[0]['week']} to {rows[-1]['week']}.{at_12} At the "
        f"end {rows[-1]['said']} hold it."
    )
    drawing = _TEMPLATE.filled(
        {
            "curve": rows,
            "due": due,
            "axis": [{"words": "weeks after the first day →"}],
            HEADER: header_rows((), [("Hold the Care Certificate", CURVE), ("12 weeks", DUE)]),
        },
        measured="Share of newcomers who hold the Care Certificate",
        description=description,
        parameters={"last_week": rows[-1]["week"], "low": 0, "high": 1, "axis_format": ".0%"},
    )
    table = pd.DataFrame(
        {"Week": [str(row["week"]) for row in rows], "Share who hold it": [row["said"] for row in rows]}
    )
    return Picture(title, description, table, drawing)
