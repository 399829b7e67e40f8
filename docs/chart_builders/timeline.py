"""Timeline of actions: a bar for each, and where today stands."""

from typing import Any

import altair as alt
from charts_to_come.timeline import TODAY

from chart_builders.layers import as_given, haloed, header_layers, note_below, pixels, stroked, table_named, words_above
from chart_builders.theme import narrow_or, themed
from t4c_lib.charts.theme import INK, PALE, QUIET_INK, TEXT

_THICK = 14


def build() -> Any:
    """Over the tables `rows`, `today`, `NOTE` and `HEADER`."""
    rows = alt.Chart(table_named("rows"))
    when = alt.X(
        "from:T",
        title=None,
        scale=alt.Scale(domain=[alt.expr("datetime(first)"), alt.expr("datetime(last)")]),
        axis=alt.Axis(
            orient="top",  # the rows may be many, and their dates are read from above
            labelExpr="date(datum.value) === 1 ? timeFormat(datum.value, '%b %Y') : ''",
            labelOverlap="greedy",
            labelSeparation=14,
            labelFlush=True,
            tickCount=narrow_or(3, 8),
        ),
    )
    at_end = rows.encode(x="to:T", y=pixels("bar_y"))
    layers = [
        rows.mark_bar(size=_THICK, fill=PALE, stroke=QUIET_INK, strokeWidth=1).encode(
            x=when, x2="to:T", y=pixels("bar_y")
        ),
        alt.Chart(table_named("today")).mark_rule(**stroked(TODAY)).encode(x="when:T"),
        at_end.mark_point(size=300, fill="white", opacity=1, strokeWidth=0),
        at_end.mark_point(size=190, opacity=1, strokeWidth=1.5).encode(
            **as_given(shape="path:N", fill="fill:N", stroke="colour:N")
        ),
        haloed(
            at_end.encode(text="status:N"),
            align=alt.expr("datum.leans_left ? 'right' : 'left'"),
            dx=alt.expr("datum.leans_left ? -14 : 14"),
            baseline="middle",
            fontSize=TEXT,
            color=INK,
        ),
        words_above(rows),
        note_below(offset=14),
        *header_layers(),
    ]
    days = [alt.param(name="first", value="2026-01-01"), alt.param(name="last", value="2027-01-01")]
    return themed(alt.layer(*layers).add_params(*days))
