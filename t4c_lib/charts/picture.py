"""A chart with what belongs to it: its finding, a description for who can't see it, and its data as a table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pandas as pd

WIDTH_ON_PAPER = 860
WIDTH_ON_A_PHONE = 360


@dataclass(frozen=True, eq=False)
class Picture:
    """One picture.

    Attributes:
        title: the finding, one line.
        description: what a screen reader says instead of the picture: what is drawn, from where to where.
        table: the figures drawn, with headings for people and values as people read them.
        specification: the Vega-Lite specification, as wide as what holds it; None where the picture is not drawn by
            Vega. Not to be changed: charts of one kind share parts of it.
        drawn_by: draws a picture that has no specification: takes the width in pixels and gives SVG.
    """

    title: str
    description: str
    table: pd.DataFrame
    specification: dict[str, Any] | None = None
    drawn_by: Callable[[int], str] | None = None

    def __post_init__(self) -> None:
        if (self.specification is None) == (self.drawn_by is None):
            raise ValueError("A picture has either a specification or a function that draws it.")

    @property
    def chart(self) -> dict[str, Any] | None:
        """What a chart on a page takes."""
        return self.specification

    def svg(self, width: int = WIDTH_ON_PAPER) -> str:
        """The picture drawn, `width` pixels wide. A process that did this must not fork: the renderer keeps threads."""
        if self.drawn_by is not None:
            return self.drawn_by(width)
        from t4c_lib.charts.renderer import svg_of

        assert self.specification is not None  # noqa: S101  (checked when it was made)
        return svg_of({**self.specification, "width": width, "autosize": {"type": "fit-x", "contains": "padding"}})
