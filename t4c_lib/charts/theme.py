"""One look for every chart: sizes that carry to the back of a room, colours that keep apart in grey and for every eye.

Colours of lines with a meaning follow what NHS boards know from statistical process control charts: a trajectory is
purple, a target red. A line never differs from another by colour alone: it has its own dashes, width or marker too.
"""

from __future__ import annotations

from typing import Any

import altair as alt

FONT = "Arial, 'Liberation Sans', Helvetica, sans-serif"
INK = "#212b32"
QUIET_INK = "#4c6272"
GRID = "#d8dde0"
BLUE = "#005eb8"
SLATE = "#5b7083"
TRAJECTORY = "#490092"
TARGET = "#b3261e"
HEIGHT = 320


def themed(chart: Any, *, measured: str, description: str) -> Any:
    """The chart with the width of whatever holds it and the look of the house.

    The finding stands above the chart as text, where it wraps and can be read out; inside the chart stands what is
    measured, above the axis instead of along it.

    Args:
        chart: an Altair chart or layer of charts (their types are many, hence Any).
        measured: what the vertical axis shows.
        description: for who can't see the chart.

    Returns:
        A top-level Altair chart.
    """
    return (
        chart.properties(
            title=alt.TitleParams(
                text=measured, anchor="start", fontSize=14, fontWeight="normal", color=QUIET_INK, offset=10
            ),
            width="container",
            height=HEIGHT,
            description=description,
            autosize=alt.AutoSizeParams(type="fit-x", contains="padding"),
        )
        .configure(font=FONT, background="white", padding={"left": 4, "right": 16, "top": 4, "bottom": 4})
        .configure_view(stroke=None)
        .configure_axis(
            labelFontSize=14,
            titleFontSize=14,
            labelColor=INK,
            titleColor=QUIET_INK,
            titleFontWeight="normal",
            gridColor=GRID,
            domainColor=QUIET_INK,
            tickColor=QUIET_INK,
            labelPadding=6,
        )
        .configure_legend(labelFontSize=14, labelColor=INK, labelLimit=320, symbolSize=260, symbolStrokeWidth=3)
    )


def percent_axis(highest: float) -> alt.Y:
    """A vertical axis for shares from nothing up, in percent, with room above the highest value."""
    top = max(0.01, highest * 1.15)
    return alt.Y(
        "value:Q",
        title=None,
        scale=alt.Scale(domain=[0, top], nice=True),
        axis=alt.Axis(format=".0%" if top > 0.04 else ".1%", tickCount=6, domain=False, ticks=False),
    )


def month_axis() -> alt.X:
    """A horizontal axis of months, labelled as people say them."""
    return alt.X(
        "month:T",
        title=None,
        axis=alt.Axis(
            format="%b %Y", grid=False, labelOverlap="greedy", labelSeparation=14, labelFlush=True, tickCount=8
        ),
    )
