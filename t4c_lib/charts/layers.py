"""Layers that several charts have: words at a point, small print below."""

from __future__ import annotations

from typing import Any

from t4c_lib.charts.letters import lines_of
from t4c_lib.charts.template import Rows, table_named
from t4c_lib.charts.theme import INK, LINES, QUIET_INK, STRONG, in_this_width

NOTE = "note"
_SMALL = 13
# The one of a row's three texts that fits the room a chart has.
FITTING = in_this_width("datum.narrow", "datum.wide", "datum.widest")


def words_at(table: str, *, above: bool | str, colour: str = INK) -> Any:
    """Bold words at a point, kept inside the drawing room by ending at it. The table has when, value and words.

    Args:
        table: its name.
        above: whether they stand above the point or below it; or the name of a parameter that says so.
        colour: of the words.
    """
    import altair as alt

    height = alt.expr(f"{above} ? -18 : 24") if isinstance(above, str) else -18 if above else 24
    base = alt.Chart(table_named(table)).encode(x="when:T", y="value:Q", text="words:N")
    return haloed(base, align="right", dx=8, dy=height, fontSize=STRONG, fontWeight="bold", color=colour)


def haloed(base: Any, **look: Any) -> Any:
    """Words with white around them, so that lines behind don't run through them."""
    import altair as alt

    halo = {**look, "color": "white", "stroke": "white", "strokeWidth": 5, "strokeJoin": "round"}
    return alt.layer(base.mark_text(**halo), base.mark_text(**look))


def note_below(offset: int = 40) -> Any:
    """Small print under the chart, `offset` pixels below the drawing room; its table is `NOTE` (see `note_rows`)."""
    import altair as alt

    return (
        alt.Chart(table_named(NOTE))
        .transform_calculate(shown=FITTING)
        .mark_text(align="left", baseline="top", lineHeight=18, fontSize=_SMALL, color=QUIET_INK)
        .encode(x=alt.value(0), y=alt.value(alt.expr(f"height + {offset}")), text=alt.Text("shown:N"))
    )


def note_rows(text: str) -> Rows:
    """The small print in lines; no row where there is none."""
    if not text:
        return []
    return [
        {name: lines_of(text, room, _SMALL) for name, room in zip(("narrow", "wide", "widest"), LINES, strict=True)}
    ]
