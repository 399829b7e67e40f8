"""XmR chart: figures in time order with their natural process limits."""

from typing import Any

import altair as alt

from chart_builders.layers import as_given, header_layers, note_below, stroked, table_named, tooltips
from chart_builders.theme import themed, value_axis, value_parameters, when_axis
from t4c_lib.charts.over_time import GOAL, LIMITS, MEAN, XMR_FIGURES
from t4c_lib.charts.theme import INK


def build() -> Any:
    """Over the tables `points`, `limits`, `target`, `NOTE` and `HEADER`."""
    points = alt.Chart(table_named("points")).encode(x=when_axis(), y=value_axis())
    limits = alt.Chart(table_named("limits")).encode(x="when:T", detail="phase:N")
    marks = points.mark_point(opacity=1, size=130, stroke=INK, strokeWidth=1).encode(
        tooltip=tooltips(period="Period", said="Figure", rule="Rule"), **as_given(fill="colour:N", shape="path:N")
    )
    layers = [
        *(limits.mark_line(**stroked(LIMITS)).encode(y=f"{side}:Q") for side in ("lower", "upper")),
        limits.mark_line(**stroked(MEAN)).encode(y="mean:Q"),
        alt.Chart(table_named("target")).mark_rule(**stroked(GOAL)).encode(y="value:Q"),
        points.mark_line(**stroked(XMR_FIGURES), invalid="break-paths-show-domains"),
        marks.transform_filter("datum.value !== null"),
        note_below(),
        *header_layers(),
    ]
    return themed(alt.layer(*layers).add_params(*value_parameters()))
