"""Pictures and the templates of their charts: compiled to Vega once, then filled with figures.

Building a layered chart with Altair and checking it against the schema takes a tenth of a second and more, and a
browser works half as long on compiling it; putting other figures into a specification takes less than a millisecond. So
a template names its tables instead of holding them (the names Altair would give by itself are digests of the data and
would change with it), and what depends on the figures, such as where an axis ends, is a parameter. docs/build.py writes
`templates/` from docs/chart_builders: a process that draws charts has no need of Altair, which takes half a second to
import, and a page none of Vega-Lite's compiler.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.resources import files
from typing import Any

import pandas as pd

from t4c_lib.charts.renderer import svg_of
from t4c_lib.charts.theme import LINES, MEASURED, TEXT, lines_of

WIDTH_ON_PAPER = 860
WIDTH_ON_A_PHONE = 360


@dataclass(frozen=True, eq=False, repr=False)
class Picture:
    """One picture, with the words and the table that say the same."""

    title: str  #: the finding, one line
    description: str  #: what a screen reader says instead of the picture: what is drawn, from where to where
    table: pd.DataFrame  #: the figures drawn, with headings for people and values as people read them
    drawing: "Drawing"  #: what Vega draws, and what a chart on a page takes

    def svg(self, width: int = WIDTH_ON_PAPER) -> str:
        """The picture drawn, `width` pixels wide. Without a shared renderer a process that did this must not fork."""
        return svg_of(self.drawing.specification(width))

    _repr_svg_ = svg  # so that a notebook cell shows a picture by ending with it


Rows = Sequence[Mapping[str, Any]]
Specification = dict[str, Any]


@lru_cache(maxsize=256)
def in_lines(text: str) -> tuple[list[str], ...]:
    """A text in lines, once for each of `LINES`: Vega breaks no lines itself."""
    return tuple(lines_of(text, room, TEXT) or [""] for room in LINES)


@dataclass(frozen=True, eq=False)
class Drawing:
    """A template with the figures that are to be drawn."""

    #: the Vega specification without them; all drawings of a template share it, so it is not to be changed.
    frame: Specification
    tables: dict[str, list[Mapping[str, Any]]]  #: rows by the name of their table
    values: dict[str, object]  #: of every parameter, by name; the height in pixels is one of them
    description: str  #: for who can't see the chart

    def specification(self, width: int) -> Specification:
        """The whole as Vega draws it on paper, `width` pixels wide; on a page a chart is as wide as its place."""
        tables, values, signals = self.tables, self.values, self.frame["signals"]
        data = ((one, tables.get(one["name"])) for one in self.frame["data"])
        return {
            **self.frame,
            "width": width,
            "height": values["height"],
            "description": self.description,
            "signals": [{**one, "value": values[one["name"]]} for one in signals if one["name"] in values],
            "data": [one if rows is None else {**one, "values": rows} for one, rows in data],
        }


TEMPLATES: dict[str, "Template"] = {}  # every one there is, by its name


class Template:
    """A chart without its figures. `name`: of its file and in messages. `tables`: names of those that it draws."""

    def __init__(self, name: str, tables: Sequence[str]) -> None:
        self.name = name
        self.tables = tuple(tables)
        TEMPLATES[name] = self

    @cached_property
    def frame(self) -> Specification:
        """The Vega specification, which docs/build.py keeps as a file. Not to be changed."""
        file = files(__package__).joinpath(f"templates/{self.name}.json")
        return dict(json.loads(file.read_text(encoding="utf-8")))

    @cached_property
    def parameters(self) -> dict[str, object]:
        """What else can be filled in, by name: each with the value that it has otherwise."""
        signals = (one for one in self.frame["signals"] if "value" in one)
        return {one["name"]: one["value"] for one in signals if one["name"] != MEASURED}

    def filled(
        self,
        tables: Mapping[str, Rows],
        *,
        measured: str,
        description: str,
        height: int | None = None,
        parameters: Mapping[str, object] | None = None,
    ) -> Drawing:
        """The template with figures.

        Raises ValueError: a table is missing, or there is one, or a parameter, that the template doesn't have.
        `tables`: rows by the name of their table, of plain values only. `measured`: what is measured, with its unit:
        the words above the chart. `description`: for who can't see the chart. `height`: in pixels, where it depends on
        the figures. `parameters`: values of the template's parameters by name; those not given keep theirs.
        """
        if set(tables) != set(self.tables):
            raise ValueError(f"{self.name} draws the tables {sorted(self.tables)}, not {sorted(tables)}.")
        given = parameters or {}
        if strange := set(given) - set(self.parameters):
            raise ValueError(f"{self.name} has no parameter {sorted(strange)}; it has {sorted(self.parameters)}.")
        rows = {name: list(rows) for name, rows in tables.items()}
        own = {MEASURED: in_lines(measured), "height": self.frame["height"] if height is None else height}
        return Drawing(self.frame, rows, {**self.parameters, **given, **own}, description)
