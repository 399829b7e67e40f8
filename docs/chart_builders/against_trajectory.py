"""A measure's figures against the planned trajectory to its target."""

from typing import Any

import altair as alt

from chart_builders.layers import header_layers, note_below, stroked, table_named, tooltips, words_at
from chart_builders.theme import themed, value_axis, value_parameters, when_axis
from t4c_lib.charts.over_time import COUNTED_FIGURES, EXPECTED, EXPECTED_BAND, INTERVAL, WAY
from t4c_lib.charts.theme import BLUE, TRAJECTORY


def build() -> Any:
    """Over the tables `figures`, `expected`, `way`, `last`, `goal`, `NOTE` and `HEADER`."""
    figures = alt.Chart(table_named("figures")).encode(x=when_axis(), y=value_axis())
    expected = alt.Chart(table_named("expected")).encode(x="when:T")
    trajectory = alt.Chart(table_named("way")).encode(x="when:T", y="value:Q")
    tooltip = tooltips(period="Period", said="Figure", between="Interval")
    dots = figures.mark_point(filled=True, fill=BLUE, stroke="white", strokeWidth=1.5, size=110, opacity=1)
    last = alt.Chart(table_named("last")).mark_point(filled=True, fill=BLUE, size=170, opacity=1)
    goal = alt.Chart(table_named("goal")).mark_point(shape="diamond", filled=True, fill=TRAJECTORY, size=280, opacity=1)
    layers = [
        expected.mark_area(fill=EXPECTED_BAND.fill, stroke=EXPECTED_BAND.edge, strokeWidth=1, opacity=1).encode(
            y="low:Q", y2="high:Q"
        ),
        expected.mark_line(**stroked(EXPECTED)).encode(y="middle:Q"),
        trajectory.mark_line(**stroked(WAY)),
        figures.transform_filter("datum.low !== null").mark_rule(**stroked(INTERVAL)).encode(y="low:Q", y2="high:Q"),
        figures.mark_line(**stroked(COUNTED_FIGURES), invalid="break-paths-show-domains"),
        dots.transform_filter("datum.value !== null").encode(tooltip=tooltip),
        last.encode(x="when:T", y="value:Q"),
        words_at("last", above="last_above", colour=BLUE),
        goal.encode(x="when:T", y="value:Q"),
        words_at("goal", above="goal_above"),
        note_below(),
        *header_layers(),
    ]
    sides = [alt.param(name="last_above", value=True), alt.param(name="goal_above", value=True)]
    return themed(alt.layer(*layers).add_params(*value_parameters(), *sides))
