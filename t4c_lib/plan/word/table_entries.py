"""The cells of the table to entries, and these to blocks, one for each heading of the first column.

An entry may be an item of Word's own lists, a line with a typed bullet or number, or a line broken by hand.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, NamedTuple

from pydantic import BaseModel

from t4c_lib.plan.word.word_file import Cell, Paragraph
from t4c_lib.validation_messages import read_shipped

TAB: Final = 360  # twips; any width will do, it is only compared


class _Wordings(BaseModel, frozen=True, extra="forbid"):
    patterns: dict[str, re.Pattern[str]]
    nothing: frozenset[str]


_shipped = read_shipped(_Wordings, __package__, "table_entries.yaml")
_PATTERNS: Final = _shipped.patterns


class PledgeColumn(StrEnum):
    """The five columns of the pledge."""

    intention = "intention"
    actions = "actions"
    responsibility = "responsibility"
    timeline = "timeline"
    measures = "measures"


class Bullet(NamedTuple):
    """One entry of a column."""

    text: str  #: as written, without its mark; entries below it (and its line breaks) as further lines
    mark: str  #: the bullet or number typed before it ("•", "1.", "3a1"); empty where Word makes the mark itself
    place: str  #: "table 2, row 3"


@dataclass
class TableRow:
    """One row of the table as printed: its entries, and the lines of the two columns that go with them."""

    place: str
    actions: list[Bullet] = field(default_factory=list)
    measures: list[Bullet] = field(default_factory=list)
    timeline: tuple[str, ...] = ()
    postholders: tuple[str, ...] = ()


@dataclass
class Block:
    """What stands under one heading of the first column; the heading is empty where there is none."""

    heading: str
    place: str
    rows: list[TableRow] = field(default_factory=list)

    @property
    def actions(self) -> list[Bullet]:
        return [bullet for row in self.rows for bullet in row.actions]

    @property
    def measures(self) -> list[Bullet]:
        return [bullet for row in self.rows for bullet in row.measures]


class Leftover(NamedTuple):
    """A text that became no row of the plan. `why` says what it was taken for."""

    place: str
    text: str
    why: str


class WordPledge(NamedTuple):
    """A pledge as it stands in a Word document, before anything in it is matched to the framework."""

    source: str  #: name of the file
    blocks: tuple[Block, ...]  #: one for each heading of the first column, in order
    leftover: tuple[Leftover, ...]  #: every text that is in no block
    remarks: tuple[str, ...]  #: what a person should know about how the document was read


class _Line(NamedTuple):
    """A line of a cell. `own`: something (a mark, a list) says that it is an entry; `level`, `indent`: how deep."""

    text: str
    mark: str
    own: bool
    level: int
    indent: int
    starts_paragraph: bool

    def is_below(self, first: "_Line") -> bool:
        """Whether it is set below entries like `first`: Word says so, or it is set in and has another mark.

        Setting in alone says nothing: the same bullets stand here and there in the same cell of many a document.
        """
        other_mark = bool(self.mark) and re.sub(r"\w+", "1", self.mark) != re.sub(r"\w+", "1", first.mark)
        return self.level > first.level or (other_mark and self.indent > first.indent)


class Entries(NamedTuple):
    """What a cell holds: its entries; what only leads over to them; what holds the place of an entry to come."""

    bullets: tuple[Bullet, ...]
    introductions: tuple[str, ...] = ()
    placeholders: tuple[str, ...] = ()
    goes_on: bool = False  # its first line goes on with the last entry of the cell above


def entries_of(cell: Cell, place: str) -> Entries:
    """The entries of a cell of actions or measures.

    A line that is marked, or in a list, is an entry; one that is set deeper belongs to the entry above it. A line
    without a mark goes on with the entry above if it begins small or if that one ends open; otherwise it is an entry.
    """
    lines = list(_lines(cell.paragraphs))
    placeholders = tuple(_whole(line) for line in lines if _says_nothing(line.text))
    lines = [line for line in lines if not _says_nothing(line.text)]
    first = min((line for line in lines if line.own), key=lambda line: line.level, default=None)
    texts: list[list[str]] = []
    marks: list[str] = []
    introductions = []
    for index, line in enumerate(lines):
        following = any(other.own for other in lines[index + 1 :])
        if not line.own and line.text.endswith(":") and following and not (texts and _goes_on(texts[-1][-1], line)):
            introductions.append(line.text)
        elif texts and first and line.own and line.is_below(first):
            texts[-1].append(f"{line.mark} {line.text}".strip())
        elif texts and not line.own and _goes_on(texts[-1][-1], line):
            texts[-1][-1] += f" {line.text}"
        elif texts and not line.own and first and not line.starts_paragraph:
            texts[-1].append(line.text)
        else:
            texts.append([line.text])
            marks.append(line.mark)
    bullets = tuple(Bullet("\n".join(text), mark, place) for text, mark in zip(texts, marks, strict=True))
    goes_on = bool(lines) and not lines[0].own and lines[0].text[:1].islower()
    return Entries(bullets, tuple(introductions), placeholders, goes_on)


def is_to_come(text: str) -> bool:
    """Whether a text only holds the place of one: "TBC", "…", "[insert date]", an empty box, a prompt of Word's."""
    in_brackets = _PATTERNS["to come in brackets"].fullmatch(text.strip().casefold())
    return bool(in_brackets or _PATTERNS["to come"].fullmatch(_plain(text)))


def _says_nothing(text: str) -> bool:
    return is_to_come(text) or _plain(text) in _shipped.nothing


def _lines(paragraphs: tuple[Paragraph, ...]) -> Iterator[_Line]:
    for paragraph in paragraphs:
        pieces = [piece for piece in paragraph.text.split("\n") if piece.strip()]
        marks = [_PATTERNS["mark"].match(piece) for piece in pieces]
        # Lines broken by hand, without marks: entries if each begins large, otherwise one text broken for looks.
        all_large = all((start := piece.strip()[:1]).isupper() or start.isdigit() for piece in pieces)
        listlike = len(pieces) > 1 and not any(marks) and not paragraph.listed and all_large
        for index, (piece, match) in enumerate(zip(pieces, marks, strict=True)):
            first = index == 0
            if match is not None:
                indent = paragraph.indent + TAB * (len(piece) - len(piece.lstrip("\t ")))
                text = " ".join(piece[match.end() :].split())
                yield _Line(text, match["mark"], True, paragraph.level, indent, first)
            else:
                own = (paragraph.listed and first) or listlike
                yield _Line(" ".join(piece.split()), "", own, paragraph.level, paragraph.indent, first)


def _goes_on(before: str, line: _Line) -> bool:
    return line.text[:1].islower() or bool(_PATTERNS["open end"].search(before.rstrip()))


def _whole(line: _Line) -> str:
    return f"{line.mark} {line.text}".strip()


def _plain(text: str) -> str:
    text = text.casefold()
    return text.strip(" .-–—?[]()<>_…•●▪☐*o") if len(text) < 3 else text.strip(" .-–—?[]()<>_…☐")


class Rows:
    """Takes the cells of the document, row by row, and keeps every text of them: in a block, or left over."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.left_over: list[Leftover] = []
        self._merged: dict[PledgeColumn, tuple[str, ...]] = {}  # lines of cells that may reach down into the next row

    def leave(self, place: str, text: str, why: str) -> None:
        """Keep a text that belongs to no row."""
        if text.strip():
            self.left_over.append(Leftover(place, "\n".join(" ".join(line.split()) for line in text.split("\n")), why))

    def begin(self, heading: str, place: str) -> None:
        """Begin a block, unless the heading says the last one again: then its text is left over."""
        said = [_bare(block.heading) for block in self.blocks[-1:]]
        if said and _bare(heading) in ("", *said):
            self.leave(place, heading, "repeats the intention")
        else:
            self.blocks.append(Block(heading, place))

    def add(self, cells: dict[PledgeColumn, list[Cell]], place: str) -> None:
        """Add one row of the table."""
        if heading := "\n".join(cell.text for cell in cells.get(PledgeColumn.intention, []) if cell.text):
            self.begin(heading, place)
        if not self.blocks:
            self.blocks.append(Block("", place))
        row = TableRow(place)
        row.timeline = self._lines(cells, PledgeColumn.timeline, place)
        row.postholders = self._lines(cells, PledgeColumn.responsibility, place)
        row.actions = self._entries(cells, PledgeColumn.actions, place)
        row.measures = self._entries(cells, PledgeColumn.measures, place)
        self.blocks[-1].rows.append(row)

    def _lines(self, cells: dict[PledgeColumn, list[Cell]], column: PledgeColumn, place: str) -> tuple[str, ...]:
        """Lines of a column; a cell merged downwards says the same for each of the rows beside it."""
        found = cells.get(column, [])
        said = [_whole(line) for cell in found for line in _lines(cell.paragraphs)]
        lines = tuple(line for line in said if not is_to_come(line))
        for line in said:
            if is_to_come(line):
                self.leave(place, line, "no entry yet")
        if any(cell.continued for cell in found):
            lines = (*self._merged.get(column, ()), *lines)
        self._merged[column] = lines
        return lines

    def _entries(self, cells: dict[PledgeColumn, list[Cell]], column: PledgeColumn, place: str) -> list[Bullet]:
        bullets: list[Bullet] = []
        for cell in cells.get(column, []):
            entries = entries_of(cell, place)
            for text in entries.introductions:
                self.leave(place, text, "introduces the entries below it")
            for text in entries.placeholders:
                self.leave(place, text, "no entry yet")
            bullets += self._joined(entries, column) if not bullets else entries.bullets
        return bullets

    def _joined(self, entries: Entries, column: PledgeColumn) -> tuple[Bullet, ...]:
        """An entry cut in two by the end of a page, put together: the first line of this row goes on with the last."""
        rows = reversed(self.blocks[-1].rows)
        before: list[Bullet] = next((found for row in rows if (found := getattr(row, column))), [])
        if not (entries.goes_on and before and entries.bullets):
            return entries.bullets
        before[-1] = before[-1]._replace(text=f"{before[-1].text} {entries.bullets[0].text}")
        return entries.bullets[1:]


def _bare(heading: str) -> str:
    return re.sub(r"[\W_]+", " ", _PATTERNS["continued"].sub("", heading.strip())).strip().casefold()
