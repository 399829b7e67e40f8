"""Care Certificate: which part of the newcomers holds it, week by week."""

from typing import Any

import altair as alt
from charts_to_come.certificate_curve import CURVE, DUE

from chart_builders.layers import header_layers, stroked, table_named
from chart_builders.theme import narrow_or, themed, value_axis, value_parameters
from t4c_lib.charts.theme import BLUE, QUIET_INK, STRONG


def build() -> Any:
    """Over the tables `curve`, `due`, `axis` and `HEADER`."""
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
        due.mark_rule(**stroked(DUE)).encode(x="week:Q"),
        curve.mark_line(**stroked(CURVE), interpolate="step-after").encode(
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
