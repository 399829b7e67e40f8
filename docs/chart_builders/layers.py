"""Layers that several charts have: header, words at a point, small print, and rows of words, bars and figures."""

from __future__ import annotations

from typing import Any

import altair as alt

from chart_builders.theme import in_this_width, narrow_or
from t4c_lib.charts.scale import NOTE
from t4c_lib.charts.theme import GRID, HEADER, INK, NARROW, QUIET_INK, SMALL, STRONG, TEXT, Stroke
from t4c_lib.typed_text import capitalised

# The one of a row's three texts that fits the room a chart has.
FITTING = in_this_width("datum.narrow", "datum.wide", "datum.widest")
FIGURE_ROOM = 118  # pixels kept at the right end of the bars for the figure


def table_named(name: str) -> alt.NamedData:
    """The data of a layer whose rows come when the template is filled."""
    return alt.NamedData(name)


def stroked(line: Stroke) -> dict[str, Any]:
    """How a line looks, as arguments of `mark_line` and `mark_rule`."""
    return {"stroke": line.colour, "strokeDash": list(line.dash), "strokeWidth": line.width}


def words_at(table: str, *, above: bool | str, colour: str = INK) -> Any:
    """Bold words at a point, kept inside the drawing room by ending at it. The table has when, value and words.

    Args:
        table: its name.
        above: whether they stand above the point or below it; or the name of a parameter that says so.
        colour: of the words.
    """
    height = alt.expr(f"{above} ? -18 : 24") if isinstance(above, str) else -18 if above else 24
    base = alt.Chart(table_named(table)).encode(x="when:T", y="value:Q", text="words:N")
    return haloed(base, align="right", dx=8, dy=height, fontSize=STRONG, fontWeight="bold", color=colour)


def haloed(base: Any, **look: Any) -> Any:
    """Words with white around them, so that lines behind don't run through them."""
    halo = {**look, "color": "white", "stroke": "white", "strokeWidth": 5, "strokeJoin": "round"}
    return alt.layer(base.mark_text(**halo), base.mark_text(**look))


def note_below(offset: int = 40) -> Any:
    """Small print under the chart, `offset` pixels below the drawing room; its table is `NOTE` (see `note_rows`)."""
    return (
        alt.Chart(table_named(NOTE))
        .transform_calculate(shown=FITTING)
        .mark_text(align="left", baseline="top", lineHeight=18, fontSize=SMALL, color=QUIET_INK)
        .encode(x=alt.value(0), y=alt.value(alt.expr(f"height + {offset}")), text=alt.Text("shown:N"))
    )


def pixels(field: str) -> alt.Y:
    """A vertical place in pixels, taken from a field."""
    return alt.Y(f"{field}:Q", scale=None, axis=None)


def as_given(**fields: str) -> dict[str, Any]:
    """Channels, by name, that take what stands in a field as it is: colours, shapes, widths."""
    return {name: getattr(alt, capitalised(name))(field, scale=None) for name, field in fields.items()}


def tooltips(**titles: str) -> list[Any]:
    """What is said of a point: texts of the data, each with its title."""
    return [alt.Tooltip(f"{field}:N", title=title) for field, title in titles.items()]


def row_words(base: Any, *, value: str = "said") -> list[Any]:
    """The words of each row and, at the right of its bar, its figure.

    The rows have `fit_text` words, words_y, bar_y and the figure's field.
    """
    figure = base.encode(x=alt.value(alt.expr("width")), y=pixels("bar_y"), text=f"{value}:N")
    return [
        words_above(base),
        haloed(figure, align="right", baseline="middle", fontSize=STRONG, fontWeight="bold", color=INK),
    ]


def words_above(rows: Any) -> Any:
    """The words of each row over its width."""
    chosen = rows.transform_calculate(fitting=FITTING)
    at = chosen.encode(x=alt.value(0), y=pixels("words_y"), text="fitting:N")
    return haloed(at, align="left", baseline="middle", fontSize=TEXT, color=INK)


def amount_axis(field: str) -> alt.X:
    """A horizontal axis from `low` to `high`, below the rows, written by `axis_format`."""
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
            tickCount=narrow_or(3, 6),
            gridColor=GRID,
            domain=False,
            ticks=False,
            labelFlush=True,
        ),
    )


def header_layers() -> list[Any]:
    """The layers that draw the header; their rows come from `header_rows`. The words above keep clear of them."""
    base = (
        alt.Chart(table_named(HEADER))
        .transform_calculate(
            hx=f"width < {NARROW} ? datum.narrow_x : datum.wide_x",
            hy=f"width < {NARROW} ? datum.narrow_y : datum.wide_y",
            hx2="datum.hx + datum.length",
        )
        .encode(x=alt.X("hx:Q", scale=None, axis=None), y=alt.Y("hy:Q", scale=None, axis=None))
    )
    line = (
        base.transform_filter("datum.kind === 'line'")
        .mark_rule()
        .encode(x2="hx2:Q", **as_given(stroke="colour:N", strokeDash="dash:N", strokeWidth="thick:Q"))
    )
    shape = (
        base.transform_filter("datum.kind === 'shape'")
        .mark_point(opacity=1, strokeJoin="round")
        .encode(**as_given(shape="path:N", size="size:Q", fill="fill:N", stroke="colour:N", strokeWidth="thick:Q"))
    )
    words = (
        base.transform_filter("datum.kind === 'words'")
        .mark_text(align="left", baseline="middle", fontSize=TEXT)
        .encode(text="words:N")
    )
    strong = (
        base.transform_filter("datum.kind === 'strong'")
        .mark_text(align="left", baseline="middle", fontSize=TEXT, fontWeight="bold")
        .encode(text="words:N")
    )
    return [line, shape, words, strong]
