"""Run chart: figures in time order with their median."""

from typing import Any

import altair as alt

from chart_builders.layers import header_layers, note_below, stroked, table_named, tooltips
from chart_builders.theme import themed, value_axis, value_parameters, when_axis
from t4c_lib.charts.over_time import GOAL, MEDIAN, RUN_FIGURES
from t4c_lib.charts.theme import BLUE


def build() -> Any:
    """Over the tables `points`, `median`, `target`, `NOTE` and `HEADER`."""
    points = alt.Chart(table_named("points")).encode(x=when_axis(), y=value_axis())
    dots = points.mark_point(filled=True, fill=BLUE, stroke="white", strokeWidth=1.5, size=130, opacity=1)
    layers = [
        alt.Chart(table_named("median")).mark_rule(**stroked(MEDIAN)).encode(y="value:Q"),
        alt.Chart(table_named("target")).mark_rule(**stroked(GOAL)).encode(y="value:Q"),
        points.mark_line(**stroked(RUN_FIGURES), invalid="break-paths-show-domains"),
        dots.transform_filter("datum.value !== null").encode(tooltip=tooltips(period="Period", said="Figure")),
        note_below(),
        *header_layers(),
    ]
    return themed(alt.layer(*layers).add_params(*value_parameters()))
