"""A chart with what belongs to it: its finding, a description for who can't see it, and its data as a table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from t4c_lib.charts.template import Drawing

WIDTH_ON_PAPER = 860
WIDTH_ON_A_PHONE = 360


@dataclass(frozen=True, eq=False)
class Picture:
    """One picture.

    Attributes:
        title: the finding, one line.
        description: what a screen reader says instead of the picture: what is drawn, from where to where.
        table: the figures drawn, with headings for people and values as people read them.
        drawing: what Vega draws, and what a chart on a page takes; None where the picture is not drawn by Vega.
        drawn_by: draws a picture that Vega doesn't: takes the width in pixels and gives SVG.
    """

    title: str
    description: str
    table: pd.DataFrame
    drawing: Drawing | None = None
    drawn_by: Callable[[int], str] | None = None

    def __post_init__(self) -> None:
        if (self.drawing is None) == (self.drawn_by is None):
            raise ValueError("A picture has either a drawing or a function that draws it.")

    def svg(self, width: int = WIDTH_ON_PAPER) -> str:
        """The picture drawn, `width` pixels wide. A process that did this must not fork: the renderer keeps threads."""
        if self.drawn_by is not None:
            return self.drawn_by(width)
        from t4c_lib.charts.renderer import svg_of

        assert self.drawing is not None  # noqa: S101  (checked when it was made)
        return svg_of(self.drawing.specification(width))
