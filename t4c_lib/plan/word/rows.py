"""Gathers what the cells of the table say into blocks, one for each heading of the first column."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from t4c_lib.plan.word.bullets import Entries, entries_of, is_to_come, lines_of
from t4c_lib.plan.word.columns import Column
from t4c_lib.plan.word.nouns import Block, Bullet, Cell, Leftover, TableRow

_CONTINUED = re.compile(r"[\s(\[–-]*(?:cont(?:inue)?d?\.?|cont['’]d\.?)[\s)\].…]*$", re.IGNORECASE)


@dataclass
class _Row:
    place: str
    actions: list[Bullet] = field(default_factory=list)
    measures: list[Bullet] = field(default_factory=list)
    timeline: tuple[str, ...] = ()
    postholders: tuple[str, ...] = ()


@dataclass
class _Block:
    heading: str
    place: str
    rows: list[_Row] = field(default_factory=list)


class Rows:
    """Takes the cells of the document, row by row, and keeps every text of them."""

    def __init__(self) -> None:
        self._blocks: list[_Block] = []
        self._left: list[Leftover] = []
        self._merged: dict[Column, tuple[str, ...]] = {}  # lines of cells that may reach down into the next row

    def leave(self, place: str, text: str, why: str) -> None:
        """Keep a text that belongs to no row."""
        if text.strip():
            self._left.append(Leftover(place, "\n".join(" ".join(line.split()) for line in text.split("\n")), why))

    def begin(self, heading: str, place: str) -> None:
        """Begin a block, unless the heading says the last one again: then its text is left over."""
        said = [_bare(block.heading) for block in self._blocks[-1:]]
        if said and _bare(heading) in ("", *said):
            self.leave(place, heading, "the intention, said again")
        else:
            self._blocks.append(_Block(heading, place))

    def add(self, cells: dict[Column, list[Cell]], place: str) -> None:
        """Add one row of the table."""
        heading = "\n".join(cell.text for cell in cells.get(Column.intention, []) if cell.text)
        if heading:
            self.begin(heading, place)
        if not self._blocks:
            self._blocks.append(_Block("", place))
        row = _Row(place)
        row.timeline = self._lines(cells, Column.timeline, place)
        row.postholders = self._lines(cells, Column.responsibility, place)
        row.actions = self._entries(cells, Column.actions, place)
        row.measures = self._entries(cells, Column.measures, place)
        self._blocks[-1].rows.append(row)

    def _lines(self, cells: dict[Column, list[Cell]], column: Column, place: str) -> tuple[str, ...]:
        """Lines of a column; a cell merged downwards says the same for each of the rows beside it."""
        found = cells.get(column, [])
        said = [line for cell in found for line in lines_of(cell)]
        lines = tuple(line for line in said if not is_to_come(line))
        for line in said:
            if is_to_come(line):
                self.leave(place, line, "no entry yet")
        if any(cell.continued for cell in found):
            lines = (*self._merged.get(column, ()), *lines)
        self._merged[column] = lines
        return lines

    def _entries(self, cells: dict[Column, list[Cell]], column: Column, place: str) -> list[Bullet]:
        bullets: list[Bullet] = []
        for cell in cells.get(column, []):
            entries = entries_of(cell, place)
            for text in entries.introductions:
                self.leave(place, text, "leads over to the entries below it")
            for text in entries.placeholders:
                self.leave(place, text, "no entry yet")
            bullets += self._joined(entries, column) if not bullets else entries.bullets
        return bullets

    def _joined(self, entries: Entries, column: Column) -> tuple[Bullet, ...]:
        """An entry cut in two by the end of a page, put together: the first line of this row goes on with the last."""
        before = [row for row in self._blocks[-1].rows if (row.actions if column is Column.actions else row.measures)]
        if not (entries.goes_on and before and entries.bullets):
            return entries.bullets
        bullets = before[-1].actions if column is Column.actions else before[-1].measures
        whole = f"{bullets[-1].text} {entries.bullets[0].text}"
        bullets[-1] = Bullet(whole, bullets[-1].mark, bullets[-1].place)
        return entries.bullets[1:]

    def blocks(self) -> tuple[Block, ...]:
        return tuple(Block(block.heading, block.place, _frozen(block.rows)) for block in self._blocks)

    def left_over(self) -> tuple[Leftover, ...]:
        return tuple(self._left)


def _frozen(rows: list[_Row]) -> tuple[TableRow, ...]:
    return tuple(
        TableRow(row.place, tuple(row.actions), tuple(row.measures), row.timeline, row.postholders) for row in rows
    )


def _bare(heading: str) -> str:
    """A heading without "(continued)", capitals, spaces and points."""
    return re.sub(r"[\W_]+", " ", _CONTINUED.sub("", heading.strip())).strip().casefold()
