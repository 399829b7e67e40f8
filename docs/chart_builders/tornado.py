"""Tornado: a bar for each assumption, from its low to its high end."""

from typing import Any

import altair as alt
from charts_to_come.tornado import CENTRE

from chart_builders.layers import amount_axis, header_layers, pixels, row_words, stroked, table_named
from chart_builders.theme import themed, value_parameters
from t4c_lib.charts.theme import INK

_THICK = 18


def build() -> Any:
    """Over the tables `rows`, `bars`, `centre` and `HEADER`."""
    rows = alt.Chart(table_named("rows"))
    bars = alt.Chart(table_named("bars")).encode(x=amount_axis("start"), x2="end:Q", y=pixels("bar_y"))
    centre = alt.Chart(table_named("centre")).mark_rule(**stroked(CENTRE))
    layers = [
        bars.mark_bar(size=_THICK, stroke=INK, strokeWidth=1, opacity=1).encode(
            fill=alt.Fill("colour:N", scale=None),
            tooltip=[alt.Tooltip("words:N", title="Assumption"), alt.Tooltip("set:N"), alt.Tooltip("gives:N")],
        ),
        centre.encode(x="value:Q"),
        *row_words(rows),
        *header_layers(),
    ]
    return themed(alt.layer(*layers).add_params(*value_parameters()))
