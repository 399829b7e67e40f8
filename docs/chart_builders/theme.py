"""One look for every chart: its frame, fonts and axes."""

from __future__ import annotations

from typing import Any

import altair as alt

from t4c_lib.charts.theme import FONT, GRID, INK, LINES, MEASURED, NARROW, QUIET_INK, TEXT

HEIGHT = 320


def themed(chart: Any, *, height: int = HEIGHT) -> Any:
    """The chart with the width of whatever holds it and the look of the house.

    The finding stands above the chart as text, where it wraps and can be read out; inside the chart stands what is
    measured, above the axis instead of along it. Both come with the figures (see `Template.filled`).

    Args:
        chart: an Altair chart or layer of charts (their types are many, hence Any).
        height: of the drawing room, in pixels.
    """
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
    return alt.Y(
        f"{field}:Q",
        title=None,
        scale=alt.Scale(domain=[alt.expr("low"), alt.expr("high")], nice=True, zero=False),
        axis=alt.Axis(labelExpr="format(datum.value, axis_format)", tickCount=6, domain=False, ticks=False),
    )


def value_parameters() -> list[Any]:
    """What `value_axis` reads."""
    return [alt.param(name="low", value=0), alt.param(name="high", value=1), alt.param(name="axis_format", value=".0%")]


def in_this_width(narrow: str, wide: str, widest: str) -> str:
    """The one of three expressions that fits the room a chart has: under each of `LINES` but the first, or more."""
    return f"width < {LINES[1]} ? {narrow} : width < {LINES[2]} ? {wide} : {widest}"


def narrow_or(narrow: int | str, wide: int | str) -> Any:
    """An expression that is one thing where the chart is narrow and another where it is wide: numbers or parameters."""
    return alt.expr(f"width < {NARROW} ? {narrow} : {wide}")
