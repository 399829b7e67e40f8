"""Which column is which: headings known by their words, in any order and in the words that trusts use."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final

from t4c_lib.plan.word.nouns import Cell


class Column(StrEnum):
    """The five columns of the pledge."""

    intention = "intention"
    actions = "actions"
    responsibility = "responsibility"
    timeline = "timeline"
    measures = "measures"


IN_PRINTED_ORDER: Final = tuple(Column)
HEADINGS_SOUGHT: Final = "intention, actions, responsibility, timeline, measures of success"
MOST_WORDS: Final = 14  # of a heading; what is longer is text

# Tried in this order, the first that fits counts: "measures of success for each action" is about measures, and "action
# owner" about the owner.
_WORDS: Final[tuple[tuple[Column, str], ...]] = (
    (Column.measures, r"measur\w*|success|indicators?|kpis?|outcomes?|impact|how\b.*\bknow|evidence"),
    (Column.responsibility, r"responsib\w*|post ?holders?|owners?|leads?|led by|accountab\w*|named person|(?<!by )who"),
    (Column.responsibility, r"by whom|action by$"),
    (Column.timeline, r"time ?lines?|time ?scales?|time ?frames?|when|dates?|deadlines?|due|completion|milestones?"),
    (Column.actions, r"actions?|activit\w+|tasks?|steps|what (?:will|are|do|shall) we\b.*|what we .*|commitments?|how"),
    (Column.measures, r"targets?"),
    (Column.intention, r"intentions?|strands?|aims?|objectives?|goals?|priorit\w+|themes?|ambitions?|talent for care"),
)


def column_of(heading: str) -> Column | None:
    """The column that a heading names; None where it names none of the five."""
    words = " ".join(re.findall(r"[a-z0-9']+", heading.casefold()))
    if not words or len(words.split()) > MOST_WORDS:
        return None
    return next((column for column, pattern in _WORDS if re.search(rf"\b(?:{pattern})\b", words)), None)


def columns_of(row: tuple[Cell, ...]) -> dict[int, Column] | None:
    """Which place of a heading row names which column; None if the row is no heading row.

    A heading row names actions and measures, or three columns with one of these two, each once, and holds no bullets.
    """
    if any(paragraph.listed for cell in row for paragraph in cell.paragraphs):
        return None
    named: dict[int, Column] = {}
    for place, cell in enumerate(row):
        column = column_of(cell.text)
        if column is not None and column not in named.values():
            named[place] = column
    columns = set(named.values())
    both = {Column.actions, Column.measures} <= columns
    enough = len(columns) >= 3 and bool(columns & {Column.actions, Column.measures})
    filled = sum(bool(cell.text.strip()) for cell in row)
    return named if (both or enough) and 2 * len(named) >= filled else None


class Layout:
    """The columns of a table: what its heading row says, applied to every row below."""

    def __init__(self, heading: tuple[Cell, ...], named: dict[int, Column]) -> None:
        self.count = len(heading)
        self.titles = tuple(" ".join(cell.text.split()) for cell in heading)
        self.by_place = named
        self._spans = [(cell.start, cell.end) for cell in heading]

    @property
    def columns(self) -> set[Column]:
        return set(self.by_place.values())

    def places_of(self, row: tuple[Cell, ...]) -> list[int]:
        """For each cell of a row, the place in the heading row that it stands under.

        A row with as many cells as the heading has them in the same order, however wide they were drawn; otherwise the
        grid decides, and a cell over several columns belongs to the first of them that we know.
        """
        if len(row) == self.count:
            return list(range(self.count))
        return [self._place_of(cell) for cell in row]

    def _place_of(self, cell: Cell) -> int:
        under = [place for place, (start, end) in enumerate(self._spans) if start < cell.end and cell.start < end]
        known = [place for place in under if place in self.by_place]
        return (known or under or [self.count - 1])[0]

    def repeats(self, row: tuple[Cell, ...]) -> bool:
        """Whether a row says the heading again."""
        titles = tuple(" ".join(cell.text.split()).casefold() for cell in row)
        return titles == tuple(title.casefold() for title in self.titles)
