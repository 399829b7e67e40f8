"""Funnel: organisations side by side, with their limits."""

from typing import Any

import altair as alt

from chart_builders.layers import haloed, header_layers, note_below, stroked, table_named
from chart_builders.theme import narrow_or, themed, value_axis, value_parameters
from t4c_lib.charts.funnel import INNER, MIDDLE, OUTER
from t4c_lib.charts.theme import BLUE, INK, QUIET_INK, STRONG


def build() -> Any:
    """Over the tables `points`, `limits`, `axis`, `NOTE` and `HEADER`."""
    size = alt.X(
        "size:Q",
        title=None,
        scale=alt.Scale(domain=[0, alt.expr("largest")], nice=True),
        axis=alt.Axis(format=",.0f", grid=False, tickCount=narrow_or(3, 8), labelFlush=True),
    )
    limits = alt.Chart(table_named("limits")).encode(x=size)
    points = alt.Chart(table_named("points")).encode(x="size:Q", y=value_axis())
    looks = {"fill": alt.Fill("colour:N", scale=None), "shape": alt.Shape("path:N", scale=None)}
    tooltip = [
        alt.Tooltip("name:N", title="Organisation"),
        alt.Tooltip("said:N", title="Figure"),
        alt.Tooltip("place:N", title="Place"),
    ]
    own = points.transform_filter("datum.own")
    axis_words = (
        alt.Chart(table_named("axis"))
        .mark_text(align="right", baseline="top", color=QUIET_INK)
        .encode(x=alt.value(alt.expr("width")), y=alt.value(alt.expr("height + 26")), text="words:N")
    )
    layers = [
        limits.mark_line(**stroked(MIDDLE), clip=True).encode(y="middle:Q"),
        *(limits.mark_line(**stroked(INNER), clip=True).encode(y=f"{side}_95:Q") for side in ("low", "high")),
        *(limits.mark_line(**stroked(OUTER), clip=True).encode(y=f"{side}_998:Q") for side in ("low", "high")),
        points.transform_filter("!datum.own")
        .mark_point(size=95, opacity=1, stroke=INK, strokeWidth=0.8)
        .encode(**looks, tooltip=tooltip),
        own.mark_point(size=260, opacity=1, stroke="white", strokeWidth=1.5).encode(**looks, tooltip=tooltip),
        haloed(
            own.encode(text="said:N"),
            align=alt.expr("datum.size > 0.6 * largest ? 'right' : 'left'"),
            dx=alt.expr("datum.size > 0.6 * largest ? -14 : 14"),
            dy=alt.expr("datum.from_middle"),
            fontSize=STRONG,
            fontWeight="bold",
            color=BLUE,
        ),
        axis_words,
        note_below(offset=52),
        *header_layers(),
    ]
    return themed(alt.layer(*layers).add_params(*value_parameters(), alt.param(name="largest", value=1)))
