"""The pledge at a glance: ten intentions, and under each the status of its measures by shape and word.

Words wrap here as they would on a page, which no chart grammar does, so this picture is written as SVG directly.
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import pandas as pd

from t4c_lib.charts.picture import Picture
from t4c_lib.charts.symbols import STATUS_SYMBOLS, symbol_svg
from t4c_lib.charts.theme import FONT, GRID, INK, STRONG, TEXT, lines_of, width_of
from t4c_lib.typed_text import listed

_EDGE, _LINE, _TILE_HEIGHT, _SHAPE, _GAP = 6, 20, 30, 8, 18
_COLUMN = 158.0  # pixels from tile to tile of a wide picture
_SIDE_BY_SIDE = 700  # pixels from which the words of an intention stand left of its tiles


@dataclass(frozen=True)
class MeasureTile:
    """One measure: its reference, its name, the word of its status and the reason for it."""

    reference: str
    name: str
    status: str
    reason: str = ""


@dataclass(frozen=True)
class IntentionRow:
    """One intention: its number, a few words for it, its measures, and the strand it belongs to."""

    number: int
    words: str
    tiles: tuple[MeasureTile, ...]
    strand: str = ""


def overview(lines: Sequence[IntentionRow], *, title: str, measured: str) -> Picture:
    """Draw it.

    Args:
        lines: the intentions, in order.
        title: the finding.
        measured: the words above: whose pledge, and on which day.
    """
    said = []
    for line in lines:
        counts = Counter(tile.status for tile in line.tiles)
        words = listed([f"{count} {status}" for status, count in counts.items()]) or "no measure"
        said.append(f"{line.number}. {line.words}: {words}")
    description = f"{measured}. For each intention the status of its measures. {'; '.join(said)}."
    rows = [
        (line.strand, f"{line.number}. {line.words}", f"{tile.reference} {tile.name}".strip(), tile.status, tile.reason)
        for line in lines
        for tile in line.tiles
    ]
    table = pd.DataFrame(rows, columns=["Strand", "Intention", "Measure", "Status", "Why"])
    return Picture(title, description, table, drawn_by=lambda width: _drawn(lines, measured, width))


def _drawn(lines: Sequence[IntentionRow], measured: str, width: int) -> str:
    parts, top = _words(measured, _EDGE, 16, width - 2 * _EDGE, strong=False)
    top += 6
    strand = ""
    for line in lines:
        if line.strand != strand:
            strand = line.strand
            parts.append(_text(strand, _EDGE, top + 16, strong=True))
            top += 28
        rule = f'<path d="M{_EDGE},{top}H{width - _EDGE}" stroke="{GRID}" stroke-width="2"/>'
        drawn, height = _line(line, top + 12, width)
        parts += [rule, *drawn]
        top += height + 18
    size = f"{width} {top + 6:g}".split()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{size[1]}" viewBox="0 0 {" ".join(size)}">'
        f'<rect width="100%" height="100%" fill="white"/><g font-family="{escape(FONT)}">{"".join(parts)}</g></svg>'
    )


def _line(line: IntentionRow, top: float, width: int) -> tuple[list[str], float]:
    """One intention, and how many pixels it takes downwards."""
    beside = width >= _SIDE_BY_SIDE
    room = width * 0.42 if beside else width - 2 * _EDGE
    indent = _EDGE + 34
    parts = [_text(f"{line.number}.", _EDGE, top + 14, strong=True)]
    words, words_end = _words(line.words, indent, top + 14, room - 40, strong=True)
    parts += words
    left = _EDGE + room + 12 if beside else indent
    x, y = left, top + 10 if beside else words_end + 12
    for tile in line.tiles:
        # Which measure, as far as there is room ("1m4-turnover" is 1m4), and how it is.
        said = f"{tile.reference.split('-')[0]} {tile.status}".strip()
        wide = 2 * _SHAPE + 8 + width_of(said, TEXT)
        # Tiles of a wide picture stand in columns, so that the eye can run down; in a narrow one they just follow. Long
        # words take several columns.
        step = _COLUMN * math.ceil((wide + _GAP) / _COLUMN) if beside else wide + _GAP
        if x > left and x + wide > width - _EDGE:
            x, y = left, y + _TILE_HEIGHT
        parts.append(
            f"<g><title>{escape(f'{tile.reference} {tile.name}: {tile.status}')}</title>"
            f"{symbol_svg(STATUS_SYMBOLS[tile.status], x + _SHAPE, y, _SHAPE)}"
            f"{_text(said, x + 2 * _SHAPE + 8, y + 5)}</g>"
        )
        x += step
    return parts, max(words_end, y + 14 if line.tiles else words_end) - top


def _words(text: str, x: float, y: float, room: float, *, strong: bool) -> tuple[list[str], float]:
    """A text in lines, the first one's feet at `y`; and where it ends."""
    lines = lines_of(text, room, STRONG if strong else TEXT, bold=strong)
    drawn = [_text(line, x, y + _LINE * place, strong=strong) for place, line in enumerate(lines)]
    return drawn, y + _LINE * (len(lines) - 1) + 8


def _text(text: str, x: float, y: float, *, strong: bool = False) -> str:
    look = f'font-size="{STRONG}" font-weight="bold"' if strong else f'font-size="{TEXT}"'
    return f'<text x="{x:g}" y="{y:g}" {look} fill="{INK}">{escape(text)}</text>'
