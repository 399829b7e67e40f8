"""What stands between the words above a chart and its drawing room: icons, and a key to lines, points and bands.

Vega's own legends neither wrap nor mix lines with points. So the entries are laid out here, once for a narrow chart and
once for a wide one, and the chart takes the layout that fits the width it has.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from t4c_lib.charts.symbols import SHAPES, Icon, Symbol
from t4c_lib.charts.theme import INK, NARROW, TEXT, width_of

HEADER = "header"
_ROOMS = {"narrow": 262.0, "wide": float(NARROW)}  # what the least chart of either kind has for a row
_ROW, _ICON_ROW, _RADIUS = 24, 42, 15
_LINE, _GAP, _BETWEEN = 34, 8, 22  # length of a line in the key, then to its words, then to the next entry
_LAST = 14  # from the last row to the drawing room


class Stroke(NamedTuple):
    """How a line looks wherever it is drawn: it keeps colour, dashes and width together."""

    colour: str
    dash: tuple[int, ...] = (1, 0)
    width: float = 2.0


class Band(NamedTuple):
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
    return places, top + row_height + _LAST if items else 0.0


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
