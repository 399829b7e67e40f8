"""Pictures and the templates of their charts: compiled to Vega once, then filled with figures.

Building a layered chart with Altair and checking it against the schema takes a tenth of a second and more, and a
browser works half as long on compiling it; putting other figures into a specification takes less than a millisecond.
So a template names its tables instead of holding them (the names Altair would give by itself are digests of the data
and would change with it), and what depends on the figures, such as where an axis ends, is a parameter.

The builders stand in docs/chart_builders. What came of them is kept in `templates/`, written and held fresh by
docs/build.py: a process that draws charts has no need of Altair, which takes half a second to import, and a page none
of Vega-Lite's compiler. vl-convert brings Vega along: as a renderer of SVG, with one font, and as the program with
which a browser draws.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from importlib.resources import as_file, files
from types import ModuleType
from typing import Any

import pandas as pd

from t4c_lib.charts.theme import LINES, MEASURED, TEXT, lines_of

WIDTH_ON_PAPER = 860
WIDTH_ON_A_PHONE = 360


@dataclass(frozen=True, eq=False)
class Picture:
    """One picture."""

    title: str  #: the finding, one line
    description: str  #: what a screen reader says instead of the picture: what is drawn, from where to where
    table: pd.DataFrame  #: the figures drawn, with headings for people and values as people read them
    drawing: Drawing  #: what Vega draws, and what a chart on a page takes

    def svg(self, width: int = WIDTH_ON_PAPER) -> str:
        """The picture drawn, `width` pixels wide. A process that did this must not fork: the renderer keeps threads."""
        return svg_of(self.drawing.specification(width))


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


TEMPLATES: dict[str, Template] = {}  # every one there is, by its name


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


_FONTS = "FONTCONFIG_FILE"
# What a drawing that is read out as one picture has no need of: a third of the file.
_UNSEEN = re.compile(
    r'<path class="(?:fore|back)ground" aria-hidden="true" d="(?:M0,0h0v0h0Z)?" pointer-events="none"[^>]*/>'
    r'| (?:role|class|aria-roledescription|aria-hidden|pointer-events)="(?!marks")[^"]*"| opacity="1"'
    r'| stroke-dasharray="1,0"'
)
_DOT = re.compile(r'<path ([^>]*?)d="M([\d.]+),0A\2,\2,0,1,1,-\2,0A\2,\2,0,1,1,\2,0"')  # as long again as a circle
_FONT = re.compile(r' font-family="[^"]*"')
# A hundredth of a pixel is enough for places; text keeps its decimals.
_PLACES, _LONG = re.compile(r' (?:d|transform|x|y|x1|x2|y1|y2)="[^"]*"'), re.compile(r"(\.\d\d)\d+")
# Fonts are looked for when the first text is measured.
_ONE_WORD = {"marks": [{"type": "text", "encode": {"enter": {"text": {"value": "word"}}}}]}


@cache
def _converter() -> ModuleType:
    """The renderer, told to use the font it brings (Liberation Sans, as wide as Arial) and to look for no other.

    Looking through a machine's fonts is what takes longest, and makes the same chart differ from machine to machine.
    The environment is put back at once: other programs that this process starts need their fonts.
    """
    import vl_convert

    before = os.environ.get(_FONTS)
    with as_file(files("t4c_lib.charts").joinpath("fonts.conf")) as no_fonts:
        os.environ[_FONTS] = str(no_fonts)
        try:
            vl_convert.vega_to_svg(_ONE_WORD)
        finally:
            del os.environ[_FONTS]
            if before is not None:
                os.environ[_FONTS] = before
    return vl_convert


_is_blank = ContextVar("_is_blank", default=False)


@contextmanager
def drawings_left_blank() -> Iterator[None]:
    """Draw nothing meanwhile: for a process that forks, since the renderer's threads stay behind in it."""
    before = _is_blank.set(True)
    try:
        yield
    finally:
        _is_blank.reset(before)


def svg_of(specification: dict[str, Any]) -> str:
    """A Vega specification as SVG."""
    return "<svg ></svg>" if _is_blank.get() else _drawn(json.dumps(specification, default=str))


@lru_cache(maxsize=32)  # the same picture is asked for again by a second medium, or when a page is shown once more
def _drawn(specification: str) -> str:
    drawn = _UNSEEN.sub("", str(_converter().vega_to_svg(specification)))
    drawn = _DOT.sub(r'<circle \1r="\2"', drawn)
    font = _FONT.search(drawn)
    if font:  # it stands once, not with every word
        drawn = drawn.replace(font[0], "").replace("<svg ", f"<svg {font[0].strip()} ", 1)
    return _PLACES.sub(lambda places: _LONG.sub(r"\1", places[0]), drawn)


def chart_program() -> str:
    """An ES module whose default export draws a specification (`vegaEmbed`). It imports nothing and fetches nothing.

    Makes it anew, which takes some seconds; never call it in a process that forks.
    """
    import vl_convert

    return str(vl_convert.javascript_bundle("export default vegaEmbed;"))
