"""Layers that several charts have: icons in a row above, a line at a value with its words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from t4c_lib.charts.icons import Icon
from t4c_lib.charts.template import Rows, table_named
from t4c_lib.charts.theme import INK, STRONG, TEXT, narrow_or

ICON_ROOM = 46  # pixels that the row of icons takes above the drawing room
_ICON_RADIUS = 15
_ICON_STEP = 158  # from one icon to the next; the longest label is "Improving, high"
ICONS, KEY = "icons", "key"


def icon_layers() -> list[Any]:
    """The icons with their labels, in a row above the drawing room; their rows come from `icon_rows`."""
    base = alt.Chart(table_named(ICONS)).encode(x=alt.X("x:Q", scale=None, axis=None), y=alt.value(-ICON_ROOM / 2 + 2))
    size = (2 * _ICON_RADIUS) ** 2
    frame = base.mark_point(filled=True, size=size, opacity=1, strokeWidth=3, fill="white", strokeJoin="round").encode(
        shape=alt.Shape("frame:N", scale=None), stroke=alt.Stroke("colour:N", scale=None)
    )
    sign = base.mark_point(filled=True, size=size, opacity=1, color=INK).encode(shape=alt.Shape("sign:N", scale=None))
    label = base.mark_text(align="left", baseline="middle", dx=24, fontSize=TEXT, fontWeight="bold").encode(
        text="label:N"
    )
    return [frame, sign, label]


def icon_rows(icons: Sequence[Icon]) -> Rows:
    """Rows of the table `ICONS`, left to right."""
    return [
        {
            "x": _ICON_RADIUS + 3 + place * _ICON_STEP,
            "frame": icon.frame,
            "sign": icon.sign,
            "label": icon.label,
            "colour": icon.colour,
        }
        for place, icon in enumerate(icons)
    ]


def words_at(table: str, *, above: bool | str, colour: str = INK) -> Any:
    """Bold words at a point, kept inside the drawing room by ending at it. The table has when, value and words.

    Args:
        table: its name.
        above: whether they stand above the point or below it; or the name of a parameter that says so.
        colour: of the words.
    """
    height = alt.expr(f"{above} ? -16 : 22") if isinstance(above, str) else -16 if above else 22
    return (
        alt.Chart(table_named(table))
        .mark_text(align="right", dx=6, dy=height, fontSize=STRONG, fontWeight="bold", color=colour)
        .encode(x="when:T", y="value:Q", text="words:N")
    )


@dataclass(frozen=True)
class Stroke:
    """How a line looks wherever it is drawn: it keeps colour, dashes and width together."""

    colour: str
    dash: tuple[int, ...] = (1, 0)
    width: float = 2.0


def key_of_lines(strokes: Mapping[str, Stroke]) -> tuple[Any, list[Any]]:
    """A legend of lines that shows those which are drawn, under the names they have in this chart.

    Vega makes legends from scales. The layer given back draws nothing but brings the scales; what is drawn takes its
    looks from `strokes` directly.

    Returns:
        The layer (its table is `KEY`, without rows), and its two parameters: `shown`, the strokes to show in order, and
        `names`, what they are called.
    """
    roles = list(strokes)
    legend = alt.Legend(
        title=None,
        orient="top",
        columns=narrow_or(1, 3),
        offset=6,
        rowPadding=4,
        symbolType="stroke",
        symbolSize=900,
        values=alt.expr("shown"),
        labelExpr="names[datum.value]",
    )

    def scale(looks: list[Any]) -> alt.Scale:
        return alt.Scale(type="ordinal", domain=roles, range=looks)

    looks = list(strokes.values())
    layer = (
        alt.Chart(table_named(KEY))
        .mark_line()
        .encode(
            stroke=alt.Stroke("role:N", scale=scale([one.colour for one in looks]), legend=legend),
            strokeDash=alt.StrokeDash("role:N", scale=scale([list(one.dash) for one in looks]), legend=legend),
            strokeWidth=alt.StrokeWidth("role:N", scale=scale([one.width for one in looks]), legend=legend),
        )
    )
    return layer, [alt.param(name="shown", value=roles), alt.param(name="names", value={})]


def stroked(stroke: Stroke) -> dict[str, Any]:
    """The look of a line, as arguments of `mark_line` and `mark_rule`."""
    return {"stroke": stroke.colour, "strokeDash": list(stroke.dash), "strokeWidth": stroke.width}
