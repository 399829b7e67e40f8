"""Charts in rows: each row has its words above its bar, over the whole width, so that it reads at any width.

Places up and down are pixels worked out here (`row_top`); a chart's height follows from its rows.
"""

from __future__ import annotations

from typing import Any

import altair as alt

from t4c_lib.charts.layers import haloed, in_this_width
from t4c_lib.charts.letters import shortened
from t4c_lib.charts.template import LINES
from t4c_lib.charts.theme import GRID, INK, ROW, STRONG, TEXT, narrow_or

WORDS, BAR = 14, 35  # pixels from a row's top to the middle of its words, and of its bar
VALUE_ROOM = 118  # pixels kept at the right end of the words for the figure


def row_top(place: int, height: int = ROW) -> int:
    """Where row number `place` (0 is the first) begins, in pixels."""
    return place * height


def pixels(field: str) -> alt.Y:
    """A vertical place in pixels, taken from a field."""
    return alt.Y(f"{field}:Q", scale=None, axis=None)


def row_words(base: Any, *, value: str = "said") -> list[Any]:
    """The words of each row and, at the right, its figure.

    The rows have `fitted` words, words_y and the figure's field.
    """
    at = base.encode(y=pixels("words_y"))
    figure = at.encode(x=alt.value(alt.expr("width")), text=f"{value}:N")
    return [
        words_above(at),
        haloed(figure, align="right", baseline="middle", fontSize=STRONG, fontWeight="bold", color=INK),
    ]


def words_above(rows: Any) -> Any:
    """The words of each row over its width."""
    chosen = rows.transform_calculate(fitting=in_this_width("narrow", "wide", "widest"))
    at = chosen.encode(x=alt.value(0), y=pixels("words_y"), text="fitting:N")
    return haloed(at, align="left", baseline="middle", fontSize=TEXT, color=INK)


def fitted(words: str, short: str | None = None, *, beside: int = VALUE_ROOM) -> dict[str, str]:
    """Words cut to the widths a chart may have; Vega could cut them itself, but takes long to measure them.

    Args:
        words: of the row.
        short: what a narrow chart says instead.
        beside: pixels to leave free at the right end, for the figure.
    """
    narrow, wide, widest = (room - beside for room in LINES)
    return {
        "words": words,
        "narrow": shortened(short or words, narrow, TEXT),
        "wide": shortened(words, wide, TEXT),
        "widest": shortened(words, widest, TEXT),
    }


def amount_axis(field: str) -> alt.X:
    """A horizontal axis from `low` to `high`, below the rows, written by `axis_format`."""
    return alt.X(
        f"{field}:Q",
        title=None,
        scale=alt.Scale(domain=[alt.expr("low"), alt.expr("high")], nice=True, zero=False),
        axis=alt.Axis(
            labelExpr="format(datum.value, axis_format)",
            tickCount=narrow_or(3, 6),
            gridColor=GRID,
            domain=False,
            ticks=False,
            labelFlush=True,
        ),
    )
