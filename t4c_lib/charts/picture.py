"""A chart with what belongs to it: its finding, a description for who can't see it, and its data as a table."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

WIDTH_ON_PAPER = 860


@dataclass(frozen=True, eq=False)
class Picture:
    """One picture.

    Attributes:
        chart: a top-level Altair chart whose width is that of its container.
        title: the finding, one line.
        description: what a screen reader says instead of the picture: what is drawn, from where to where.
        table: the figures drawn, with headings for people and values as people read them.
    """

    chart: Any
    title: str
    description: str
    table: pd.DataFrame

    @cached_property
    def specification(self) -> dict[str, Any]:
        """The Vega-Lite specification, checked by Altair."""
        specification: dict[str, Any] = self.chart.to_dict()
        return specification

    def svg(self, width: int = WIDTH_ON_PAPER) -> str:
        """The picture drawn, `width` pixels wide. A process that did this must not fork: the renderer keeps threads."""
        import vl_convert as vlc

        drawn = {**self.specification, "width": width, "autosize": {"type": "fit-x", "contains": "padding"}}
        return str(vlc.vegalite_to_svg(json.dumps(drawn, default=str)))
