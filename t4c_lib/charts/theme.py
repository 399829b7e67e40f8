"""One look for every chart: sizes, colours, symbols with a meaning, and the key that explains them.

Sizes carry to the back of a room, colours keep apart in grey and for every eye. Colours with a meaning follow what NHS
boards know from statistical process control charts: improvement blue, concern orange, other special causes purple, a
trajectory purple, a target red. Nothing differs from another thing by colour alone: it has its own dashes, width, shape
or word too. How wide words are is known here, without asking a browser.

Symbols are drawn by us: for each status, for each type of point, and the icons of SPC charts. symbols.yaml holds them.
A path is written in the square from -1 to 1, y downwards, as Vega takes a shape of its own. Two statuses never share a
shape: none is told by its colour alone, and its word stands beside it. Icons say what the rules of special causes find
in the last point. Their meaning is as NHS boards know it, their look is our own: a frame tells good from bad by its
form as well as its colour (diamond: improving or met; square: concern or missed; circle: common cause; hexagon: a
change that is neither), the sign in it tells which way.

Icons and the key to lines, points and bands stand between the words above a chart and its drawing room. Vega's own
legends neither wrap nor mix lines with points. So the entries are laid out here, once for a narrow chart and once for a
wide one, and the chart takes the layout that fits the width it has.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import Any

from pydantic import BaseModel

from t4c_lib.validation_messages import read_shipped

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

TEXT = 14
SMALL = 13  # small print
STRONG = 16  # labels that carry the finding
NARROW = 520  # pixels of drawing room under which a chart says less: fewer ticks, shorter words
LINES = (262, NARROW, 760)  # pixels that a line of words may take, by the room there is
MEASURED = "measured"  # the parameter with the words above a chart, in lines for each of `LINES`
ROW = 52  # pixels for a row whose words stand above its bar, so that they have the whole width at any width

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


def lines_of(text: str, room: float, size: float) -> list[str]:
    """The text in lines no wider than the room; a word that is wider stands alone in its line."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width_of(longer, size) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def shortened(text: str, room: float, size: float) -> str:
    """The text, or as much of it as there is room for, ended by an ellipsis."""
    if width_of(text, size) <= room:
        return text
    kept = text
    while kept and width_of(f"{kept}…", size) > room:
        kept = kept[:-1]
    return f"{kept.rstrip()}…"


@dataclass(frozen=True)
class Symbol:
    """A shape."""

    path: str  #: in the square from -1 to 1
    colour: str  #: of its fill, or of its outline where it isn't filled
    filled: bool = True  #: whether it is filled; an empty shape means that something is still open

    @property
    def drawn(self) -> dict[str, str]:
        """How a row of a chart has it."""
        return {"path": self.path, "fill": self.colour if self.filled else "white", "colour": self.colour}


class Icon(BaseModel, frozen=True, extra="forbid"):
    """One icon. The file names its paths and its colour."""

    key: str = ""  #: what it stands for, in the words of `t4c_lib.progress.spc`
    label: str  #: two or three words to stand beside it
    text: str  #: the text alternative, one sentence
    frame: str  #: the path of its frame, in the square from -1 to 1
    sign: str  #: the path of the sign in it
    colour: str  #: of the frame

    def svg(self, size: int = 48) -> str:
        """The icon as SVG of its own, `size` pixels wide and high, with its text alternative."""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{size}" height="{size}" viewBox="-1.12 -1.12 2.24 2.24" '
            f'role="img" aria-label="{escape(self.text)}"><title>{escape(self.text)}</title>'
            f'<path d="{self.frame}" fill="white" stroke="{self.colour}" stroke-width=".2" stroke-linejoin="round"/>'
            f'<path d="{self.sign}" fill="{INK}"/></svg>'
        )


class _SymbolRow(BaseModel, frozen=True, extra="forbid"):
    shape: str
    colour: str
    filled: bool = True
    label: str = ""


class _SymbolsFile(BaseModel, frozen=True, extra="forbid"):
    colours: dict[str, str]
    shapes: dict[str, str]
    statuses: dict[str, _SymbolRow]
    points: dict[str, _SymbolRow]
    variation: dict[str, Icon]
    assurance: dict[str, Icon]


_file = read_shipped(_SymbolsFile, __package__, "symbols.yaml")
_COLOURS = _file.colours | {
    "common": COMMON, "improvement": IMPROVEMENT, "concern": CONCERN, "neutral": NEUTRAL
}  # fmt: skip
SHAPES = _file.shapes  # paths by name


def _symbol(row: _SymbolRow) -> Symbol:
    return Symbol(SHAPES[row.shape], _COLOURS[row.colour], row.filled)


def _icons(rows: Mapping[str, Icon]) -> dict[str, Icon]:
    def drawn(key: str, one: Icon) -> Icon:
        looks = {"frame": SHAPES[one.frame], "sign": SHAPES[one.sign], "colour": _COLOURS[one.colour]}
        return one.model_copy(update={"key": key, **looks})

    return {key: drawn(key, one) for key, one in rows.items()}


# By the word of the status; by the type of a point, with the words of the legend; icons by what they stand for.
STATUS_SYMBOLS = {word: _symbol(row) for word, row in _file.statuses.items()}
POINT_SYMBOLS = {kind: (row.label, _symbol(row)) for kind, row in _file.points.items()}
VARIATION, ASSURANCE = _icons(_file.variation), _icons(_file.assurance)


def icons_of(variation: str | None, assurance: str | None) -> tuple[Icon, ...]:
    """The icons that there are, variation first. Raises KeyError for a word that is none."""
    found = [VARIATION[variation]] if variation else []
    return (*found, ASSURANCE[assurance]) if assurance else tuple(found)


HEADER = "header"
_ROOMS = {"narrow": 262.0, "wide": float(NARROW)}  # what the least chart of either kind has for a row
_ROW, _ICON_ROW, _RADIUS = 24, 42, 15
_LINE, _GAP, _BETWEEN = 34, 8, 22  # length of a line in the key, then to its words, then to the next entry
_LAST = 14  # from the last row to the drawing room


@dataclass(frozen=True)
class Stroke:
    """How a line looks wherever it is drawn: it keeps colour, dashes and width together."""

    colour: str
    dash: tuple[int, ...] = (1, 0)
    width: float = 2.0


@dataclass(frozen=True)
class Band:
    """How an area looks: its fill, and the line at its edge that shows it in print."""

    fill: str
    edge: str


Entry = tuple[str, Stroke | Symbol | Band]


def header_rows(icons: Sequence[Icon], key: Sequence[Entry], *, lift: int = 0) -> list[dict[str, Any]]:
    """The rows of the table `HEADER`: the icons in rows of their own, then the key; `lift` pixels higher if asked."""
    items = [*map(_icon_item, icons), *map(_entry_item, key)]
    layouts = {name: _laid_out(items, room) for name, room in _ROOMS.items()}
    rows = []
    for place, (_, _, marks) in enumerate(items):
        for dx, mark in marks:
            at: dict[str, float] = {}
            for name, (places, height) in layouts.items():
                x, y = places[place]
                at |= {f"{name}_x": x + dx, f"{name}_y": y - height - lift}
            rows.append({**mark, **at})
    return rows


# One entry: its width, the height of the row it needs, and its marks, each so far from the entry's left end.
_Marks = list[tuple[float, dict[str, Any]]]
_Item = tuple[float, int, _Marks]


def _laid_out(items: Sequence[_Item], room: float) -> tuple[list[tuple[float, float]], float]:
    """Where each entry begins, left to right, and the height of all rows together; a row's entries are equally high."""
    places: list[tuple[float, float]] = []
    x, top, row_height = 0.0, 0.0, 0
    for width, height, _ in items:
        if x and (x + width > room or height != row_height):
            x, top = 0.0, top + row_height
        row_height = height
        places.append((x, top + height / 2))
        x += width + _BETWEEN
    total = top + row_height + _LAST if items else 0.0
    return places, total


def _icon_item(icon: Icon) -> _Item:
    size = (2 * _RADIUS) ** 2
    frame = {"kind": "shape", "path": icon.frame, "size": size, "fill": "white", "colour": icon.colour, "thick": 3}
    sign = {"kind": "shape", "path": icon.sign, "size": size, "fill": INK, "colour": INK, "thick": 0}
    middle, words = _RADIUS + 2.0, 2 * _RADIUS + 4 + _GAP
    marks: _Marks = [(middle, frame), (middle, sign), (float(words), {"kind": "strong", "words": icon.label})]
    return words + width_of(icon.label, TEXT, bold=True), _ICON_ROW, marks


def _entry_item(entry: Entry) -> _Item:
    label, look = entry
    if isinstance(look, Stroke):
        mark = {"kind": "line", "length": _LINE, "colour": look.colour, "dash": [*look.dash], "thick": look.width}
        room, dx = _LINE, 0.0
    else:
        fill, colour = (look.colour, INK) if isinstance(look, Symbol) else (look.fill, look.edge)
        path = look.path if isinstance(look, Symbol) else SHAPES["square"]
        mark = {"kind": "shape", "path": path, "size": 150, "fill": fill, "colour": colour, "thick": 1}
        room, dx = 14, 7.0
    words = room + _GAP
    marks: _Marks = [(dx, mark), (float(words), {"kind": "words", "words": label})]
    return words + width_of(label, TEXT), _ROW, marks
