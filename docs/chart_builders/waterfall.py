"""Waterfall: a bar for each step from the first total to the last."""

from typing import Any

import altair as alt

from chart_builders.layers import amount_axis, pixels, row_words, table_named
from chart_builders.theme import themed, value_parameters
from t4c_lib.charts.theme import INK, QUIET_INK

_THICK = 18


def build() -> Any:
    """Over the tables `bars`, `joins` and `totals`."""
    bars = alt.Chart(table_named("bars"))
    steps = bars.encode(x=amount_axis("start"), x2="end:Q", y=pixels("bar_y"))
    totals = alt.Chart(table_named("totals")).encode(x="value:Q", y=pixels("bar_y"))
    joins = alt.Chart(table_named("joins")).encode(x="at:Q", y=pixels("from_y"), y2="to_y:Q")
    layers = [
        joins.mark_rule(stroke=QUIET_INK, strokeDash=[2, 2]),
        steps.mark_bar(size=_THICK, stroke=INK, strokeWidth=1, opacity=1).encode(
            fill=alt.Fill("colour:N", scale=None),
            tooltip=[alt.Tooltip("words:N", title="Row"), alt.Tooltip("said:N", title="Figure")],
        ),
        totals.mark_tick(orient="vertical", thickness=6, size=_THICK + 8, color=INK, opacity=1),
        *row_words(bars),
    ]
    return themed(alt.layer(*layers).add_params(*value_parameters()))
