"""Layers that several charts have: words at a point, small print below, and rows of words, bars and figures.

In a chart in rows each row has its words above its bar, over the whole width, and its figure beside the bar. Places up
and down are pixels worked out here (`row_top`); a chart's height follows from its rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from t4c_lib.charts import theme
from t4c_lib.charts.picture import Rows, table_named
from t4c_lib.typed_text import capitalised

if TYPE_CHECKING:
    import altair as alt


NOTE = "note"
_SMALL = 13
# The one of a row's three texts that fits the room a chart has.
FITTING = theme.in_this_width("datum.narrow", "datum.wide", "datum.widest")


def words_at(table: str, *, above: bool | str, colour: str = theme.INK) -> Any:
    """Bold words at a point, kept inside the drawing room by ending at it. The table has when, value and words.

    Args:
        table: its name.
        above: whether they stand above the point or below it; or the name of a parameter that says so.
        colour: of the words.
    """
    import altair as alt

    height = alt.expr(f"{above} ? -18 : 24") if isinstance(above, str) else -18 if above else 24
    base = alt.Chart(table_named(table)).encode(x="when:T", y="value:Q", text="words:N")
    return haloed(base, align="right", dx=8, dy=height, fontSize=theme.STRONG, fontWeight="bold", color=colour)


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
        .mark_text(align="left", baseline="top", lineHeight=18, fontSize=_SMALL, color=theme.QUIET_INK)
        .encode(x=alt.value(0), y=alt.value(alt.expr(f"height + {offset}")), text=alt.Text("shown:N"))
    )


def note_rows(text: str) -> Rows:
    """The small print in lines; no row where there is none."""
    if not text:
        return []
    return [
        {
            name: theme.lines_of(text, room, _SMALL)
            for name, room in zip(("narrow", "wide", "widest"), theme.LINES, strict=True)
        }
    ]


WORDS, BAR = 14, 35  # pixels from a row's top to the middle of its words, and of its bar
FIGURE_ROOM = 118  # pixels kept at the right end of the bars for the figure
WORD_ROOMS = (292, 496, 736)  # pixels that words may take, by the room there is: no axis stands left of them


def row_top(place: int, height: int = theme.ROW) -> int:
    """Where row number `place` (0 is the first) begins, in pixels."""
    return place * height


def pixels(field: str) -> alt.Y:
    """A vertical place in pixels, taken from a field."""
    import altair as alt

    return alt.Y(f"{field}:Q", scale=None, axis=None)


def as_given(**fields: str) -> dict[str, Any]:
    """Channels, by name, that take what stands in a field as it is: colours, shapes, widths."""
    import altair as alt

    return {name: getattr(alt, capitalised(name))(field, scale=None) for name, field in fields.items()}


def tooltips(**titles: str) -> list[Any]:
    """What is said of a point: texts of the data, each with its title."""
    import altair as alt

    return [alt.Tooltip(f"{field}:N", title=title) for field, title in titles.items()]


def row_words(base: Any, *, value: str = "said") -> list[Any]:
    """The words of each row and, at the right of its bar, its figure.

    The rows have `fit_text` words, words_y, bar_y and the figure's field.
    """
    import altair as alt

    figure = base.encode(x=alt.value(alt.expr("width")), y=pixels("bar_y"), text=f"{value}:N")
    return [
        words_above(base),
        haloed(figure, align="right", baseline="middle", fontSize=theme.STRONG, fontWeight="bold", color=theme.INK),
    ]


def words_above(rows: Any) -> Any:
    """The words of each row over its width."""
    import altair as alt

    chosen = rows.transform_calculate(fitting=FITTING)
    at = chosen.encode(x=alt.value(0), y=pixels("words_y"), text="fitting:N")
    return haloed(at, align="left", baseline="middle", fontSize=theme.TEXT, color=theme.INK)


def fit_text(words: str, short: str | None = None) -> dict[str, str]:
    """Words cut to the widths a chart may have; Vega could cut them itself, but takes long to measure them.

    Args:
        words: of the row.
        short: what a narrow chart says instead.
    """
    narrow, wide, widest = WORD_ROOMS
    return {
        "words": words,
        "narrow": theme.shortened(short or words, narrow, theme.TEXT),
        "wide": theme.shortened(words, wide, theme.TEXT),
        "widest": theme.shortened(words, widest, theme.TEXT),
    }


def amount_axis(field: str) -> alt.X:
    """A horizontal axis from `low` to `high`, below the rows, written by `axis_format`."""
    import altair as alt

    return alt.X(
        f"{field}:Q",
        title=None,
        scale=alt.Scale(
            domain=[alt.expr("low"), alt.expr("high")],
            range=[0, alt.expr(f"width - {FIGURE_ROOM}")],
            nice=True,
            zero=False,
        ),
        axis=alt.Axis(
            labelExpr="format(datum.value, axis_format)",
            tickCount=theme.narrow_or(3, 6),
            gridColor=theme.GRID,
            domain=False,
            ticks=False,
            labelFlush=True,
        ),
    )
