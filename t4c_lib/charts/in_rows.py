"""Charts in rows: each row has its words above its bar, over the whole width, so that it reads at any width.

Places up and down are pixels worked out here (`row_top`); a chart's height follows from its rows.
"""

from __future__ import annotations

from typing import Any

import altair as alt

from t4c_lib.charts.layers import haloed
from t4c_lib.charts.theme import GRID, INK, NARROW, ROW, STRONG, TEXT, narrow_or

WORDS, BAR = 14, 35  # pixels from a row's top to the middle of its words, and of its bar
_VALUE_ROOM = 118  # pixels kept at the right end of the words for the figure


def row_top(place: int, height: int = ROW) -> int:
    """Where row number `place` (0 is the first) begins, in pixels."""
    return place * height


def pixels(field: str) -> alt.Y:
    """A vertical place in pixels, taken from a field."""
    return alt.Y(f"{field}:Q", scale=None, axis=None)


def row_words(base: Any, *, value: str = "said") -> list[Any]:
    """The words of each row and, at the right, its figure.

    The rows have words, words_y and the figure's field; where they have `short` too, a narrow chart says that instead.
    """
    room = alt.expr(f"width - {_VALUE_ROOM}")
    at = base.encode(y=pixels("words_y"))
    fitting = at.transform_calculate(fitting=f"width < {NARROW} && isValid(datum.short) ? datum.short : datum.words")
    words = fitting.encode(x=alt.value(0), text="fitting:N")
    figure = at.encode(x=alt.value(alt.expr("width")), text=f"{value}:N")
    return [
        haloed(words, align="left", baseline="middle", limit=room, fontSize=TEXT, color=INK),
        haloed(figure, align="right", baseline="middle", fontSize=STRONG, fontWeight="bold", color=INK),
    ]


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
