"""Fan: where the what-if expects a measure to go, with its band."""

from typing import Any

import altair as alt

from chart_builders.layers import as_given, header_layers, stroked, table_named, words_at
from chart_builders.theme import themed, value_axis, value_parameters, when_axis
from t4c_lib.charts.over_time import FAN_BAND, FAN_MIDDLE, SO_FAR
from t4c_lib.charts.theme import BLUE, TRAJECTORY


def build() -> Any:
    """Over the tables `counted`, `band`, `other`, `last`, `goal` and `HEADER`."""
    band = alt.Chart(table_named("band")).encode(x=when_axis())
    line = {"x": "when:T", "y": "value:Q"}
    others = alt.Chart(table_named("other")).mark_line(strokeWidth=2.5)
    other = others.encode(**line, detail="name:N", **as_given(stroke="colour:N", strokeDash="dash:N"))
    counted = alt.Chart(table_named("counted")).mark_line(**stroked(SO_FAR)).encode(**line)
    goal = alt.Chart(table_named("goal")).mark_point(shape="diamond", filled=True, fill=TRAJECTORY, size=280, opacity=1)
    tooltip = [
        alt.Tooltip("when:T", title="Month", format="%B %Y"),
        alt.Tooltip("said:N", title="Middle"),
        alt.Tooltip("between:N", title="80 of 100"),
    ]
    layers = [
        band.mark_area(fill=FAN_BAND.fill, stroke=FAN_BAND.edge, strokeWidth=1, opacity=1).encode(
            y=value_axis("low"), y2="high:Q"
        ),
        other,
        counted,
        band.mark_line(**stroked(FAN_MIDDLE)).encode(y="middle:Q", tooltip=tooltip),
        words_at("last", above=False, colour=BLUE),
        goal.encode(x="when:T", y="value:Q"),
        words_at("goal", above=True),
        *header_layers(),
    ]
    return themed(alt.layer(*layers).add_params(*value_parameters()))
