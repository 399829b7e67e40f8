"""One look for every chart: sizes that carry to the back of a room, colours that keep apart in grey and for every eye.

Colours with a meaning follow what NHS boards know from statistical process control charts: improvement blue, concern
orange, other special causes purple, a trajectory purple, a target red. Nothing differs from another thing by colour
alone: it has its own dashes, width, shape or word too. How wide words are is known here, without asking a browser.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import altair as alt


FONT = "Arial, 'Liberation Sans', Helvetica, sans-serif"
INK = "#212b32"
QUIET_INK = "#4c6272"
GRID = "#d8dde0"
BLUE = "#005eb8"
SLATE = "#5b7083"
PALE = "#e8edee"
TRAJECTORY = "#490092"
TARGET = "#b3261e"
COMMON = "#a6a6a6"
IMPROVEMENT = "#00b0f0"
CONCERN = "#e46c0a"
NEUTRAL = "#490092"

HEIGHT = 320
TEXT = 14
STRONG = 16  # labels that carry the finding
NARROW = 520  # pixels of drawing room under which a chart says less: fewer ticks, shorter words
LINES = (262, NARROW, 760)  # pixels that a line of words may take, by the room there is
MEASURED = "measured"  # the parameter with the words above a chart, in lines for each of `LINES`
ROW = 52  # pixels for a row whose words stand above its bar, so that they have the whole width at any width


def themed(chart: Any, *, height: int = HEIGHT) -> Any:
    """The chart with the width of whatever holds it and the look of the house.

    The finding stands above the chart as text, where it wraps and can be read out; inside the chart stands what is
    measured, above the axis instead of along it. Both come with the figures (see `Template.filled`).

    Args:
        chart: an Altair chart or layer of charts (their types are many, hence Any).
        height: of the drawing room, in pixels.
    """
    import altair as alt

    return (
        chart.properties(
            title=alt.TitleParams(
                text=alt.expr(in_this_width(*(f"{MEASURED}[{place}]" for place in range(len(LINES))))),
                anchor="start",
                frame="bounds",
                fontSize=TEXT,
                fontWeight="normal",
                color=QUIET_INK,
                offset=12,  # from the topmost mark
            ),
            width="container",
            height=height,
            description="description",
            autosize=alt.AutoSizeParams(type="fit-x", contains="padding"),
        )
        # The picture as a whole is named for screen readers by what holds it; its marks stay silent.
        .configure(font=FONT, background="white", padding={"left": 4, "right": 16, "top": 4, "bottom": 4}, aria=False)
        .add_params(alt.param(name=MEASURED, value=[[""] for _ in LINES]))
        .configure_view(stroke=None)
        .configure_axis(
            labelFontSize=TEXT,
            titleFontSize=TEXT,
            labelColor=INK,
            titleColor=QUIET_INK,
            titleFontWeight="normal",
            gridColor=GRID,
            domainColor=QUIET_INK,
            tickColor=QUIET_INK,
            labelPadding=6,
        )
        .configure_text(fontSize=TEXT, color=INK)
        .configure_legend(
            labelFontSize=TEXT, labelColor=INK, labelLimit=320, symbolSize=200, symbolStrokeWidth=2, columnPadding=18
        )
    )


def when_axis(field: str = "when") -> alt.X:
    """A horizontal axis of months, labelled as people say them; fewer of them where there is little room."""
    import altair as alt

    return alt.X(
        f"{field}:T",
        title=None,
        scale=alt.Scale(padding=12),
        axis=alt.Axis(
            # Between months, where few of them leave room for finer ticks, nothing is written.
            labelExpr="date(datum.value) === 1 ? timeFormat(datum.value, '%b %Y') : ''",
            grid=False,
            labelOverlap="greedy",
            labelSeparation=14,
            labelFlush=True,
            tickCount=narrow_or(3, 8),
        ),
    )


def value_axis(field: str = "value") -> alt.Y:
    """A vertical axis from `low` to `high`, written by `axis_format`: parameters that come with the figures."""
    import altair as alt

    return alt.Y(
        f"{field}:Q",
        title=None,
        scale=alt.Scale(domain=[alt.expr("low"), alt.expr("high")], nice=True, zero=False),
        axis=alt.Axis(labelExpr="format(datum.value, axis_format)", tickCount=6, domain=False, ticks=False),
    )


def value_parameters() -> list[Any]:
    """What `value_axis` reads."""
    import altair as alt

    return [alt.param(name="low", value=0), alt.param(name="high", value=1), alt.param(name="axis_format", value=".0%")]


def in_this_width(narrow: str, wide: str, widest: str) -> str:
    """The one of three expressions that fits the room a chart has: under each of `LINES` but the first, or more."""
    return f"width < {LINES[1]} ? {narrow} : width < {LINES[2]} ? {wide} : {widest}"


def narrow_or(narrow: int | str, wide: int | str) -> Any:
    """An expression that is one thing where the chart is narrow and another where it is wide: numbers or parameters."""
    import altair as alt

    return alt.expr(f"width < {NARROW} ? {narrow} : {wide}")


# Advance widths of Arial and of the fonts made to its measures, in thousandths of the size, for " " to "~".
_ADVANCES = (
    *(278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278),
    *(556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556),
    *(1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778),
    *(667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556),
    *(333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556),
    *(556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584),
)
_OTHER = 600  # letters with accents are about as wide; a dash a little wider
_BOLD = 1.08


@lru_cache(maxsize=4096)
def width_of(text: str, size: float, *, bold: bool = False) -> float:
    """The width of a text in pixels at a size in pixels."""
    advances = sum(_ADVANCES[ord(letter) - 32] if 32 <= ord(letter) < 127 else _OTHER for letter in text)
    return advances / 1000 * size * (_BOLD if bold else 1)


def lines_of(text: str, room: float, size: float, *, bold: bool = False) -> list[str]:
    """The text in lines no wider than the room; a word that is wider stands alone in its line."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width_of(longer, size, bold=bold) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def shortened(text: str, room: float, size: float, *, bold: bool = False) -> str:
    """The text, or as much of it as there is room for, ended by an ellipsis."""
    if width_of(text, size, bold=bold) <= room:
        return text
    kept = text
    while kept and width_of(f"{kept}…", size, bold=bold) > room:
        kept = kept[:-1]
    return f"{kept.rstrip()}…"
