"""One sheet of figures, row by row. A row is known by its number, wherever it stands; its labels must be as given."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from t4c_lib.errors import Problem
from t4c_lib.evidence.collection import layout
from t4c_lib.evidence.collection.answers import Answer, shown, understand
from t4c_lib.evidence.collection.asked import Collection, Row
from t4c_lib.evidence.collection.recognising import header_row
from t4c_lib.evidence.groups import breakdown_of
from t4c_lib.evidence.table import folded
from t4c_lib.evidence.workbook import Sheet, text_of
from t4c_lib.periods import Month


@dataclass(frozen=True)
class Figure:
    """A row that was read: what was asked, of which group, the answer, and the cell that names the group."""

    row: Row
    breakdown: str
    answer: Answer
    place: str


@dataclass
class Found:
    """What was read of a workbook so far, and what is wrong with it. `empty` counts rows without any answer."""

    problems: list[Problem] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    empty: int = 0
    notes: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def wrong(self, place: str, message: str, hint: str = "") -> None:
        """Add a problem."""
        self.problems.append(Problem(place, message, hint))


def read_sheet(sheet: Sheet, asked: Collection, rows: tuple[Row, ...], found: Found) -> None:
    """Read one sheet of figures into what was found."""
    head = header_row(sheet, layout.COLUMNS)
    if head is None:
        message = f"the column names are gone from row {layout.HEADER_ROW}."
        found.wrong(f"sheet '{sheet.name}'", message, "Put them back.")
        return
    whose = sheet.row(layout.WHOSE_ROW)[0]
    if whose != asked.whose and whose.endswith(")"):
        message = f"says {shown(whose)}, but this workbook is that of {asked.whose}."
        hint = "A sheet may not be taken from another organisation's workbook."
        found.wrong(layout.place(sheet.name, 1, layout.WHOSE_ROW), message, hint)
    _Sheet(sheet, _columns(sheet, head, found), {row.number: row for row in rows}, found).read(head + 1)


def _columns(sheet: Sheet, head: int, found: Found) -> dict[str, int]:
    """Where each column is, counted from 1. Moved, renamed and doubled ones are told, and the moved ones read."""
    texts = [folded(text) for text in sheet.row(head)]
    columns = {}
    for at, name in enumerate(layout.COLUMNS, 1):
        places = [place for place, text in enumerate(texts, 1) if text == folded(name)]
        if not places:
            there = sheet.row(head)[at - 1] if at <= len(texts) else ""
            message = f"the column name should be '{name}', but is '{there[:40]}'."
            found.wrong(layout.place(sheet.name, at, head), message, "Put it back.")
            continue
        columns[name] = places[0]
        if len(places) > 1:
            found.wrong(
                layout.place(sheet.name, places[1], head), f"the column '{name}' is there twice.", "Delete one."
            )
        elif places[0] != at:
            moved = layout.place(sheet.name, places[0], head)
            found.wrong(moved, f"the column '{name}' belongs in column {layout.letters(at)}.", "Move it back.")
    return columns


@dataclass(frozen=True)
class _Sheet:
    sheet: Sheet
    columns: Mapping[str, int]
    rows: Mapping[int, Row]
    found: Found

    def read(self, first: int) -> None:
        seen: dict[int, int] = {}
        for at in range(first, self.sheet.height + 1):
            values = {name: self.sheet.cells[at - 1][column - 1] for name, column in self.columns.items()}
            if any(text_of(value) for value in values.values()):
                row = self._row(at, values, seen)
                if row is not None:
                    self._read_row(at, values, row)
        gone = len(self.rows) - len(seen)
        if gone and layout.NUMBER in self.columns:
            rows = "a row is gone; its figure is" if gone == 1 else f"{gone} rows are gone; their figures are"
            self.found.notes.append(f"sheet '{self.sheet.name}': {rows} missing.")

    def _wrong(self, name: str, at: int, message: str, hint: str = "") -> None:
        self.found.wrong(self._place(name, at), message, hint)

    def _place(self, name: str, at: int) -> str:
        return layout.place(self.sheet.name, self.columns.get(name, 1), at)

    def _row(self, at: int, values: Mapping[str, object], seen: dict[int, int]) -> Row | None:
        """What is asked in the row that stands here; None where there is no number to go by, which is told."""
        if layout.NUMBER not in self.columns:
            return None
        text = text_of(values[layout.NUMBER])
        number = int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0
        if number not in self.rows:
            said = f"'{text[:40]}' is" if text else "there is no number, so this is"
            message = f"{said} none of the rows of this sheet, which are numbered 1 to {len(self.rows)}."
            self._wrong(layout.NUMBER, at, message, "Delete rows that were added.")
            return None
        if number in seen:
            message = f"row number {number} is there twice: it stands in row {seen[number]} too."
            self._wrong(layout.NUMBER, at, message, "Delete one of them.")
            return None
        seen[number] = at
        return self.rows[number]

    def _read_row(self, at: int, values: Mapping[str, object], row: Row) -> None:
        for name, text in layout.labels(row).items():
            if name in values and not _same(values[name], text, row):
                self._wrong(name, at, f"{shown(values[name])} should be '{text}'.", "Put it back as it was.")
        remark = text_of(values.get(layout.REMARK, ""))
        if remark.startswith("="):
            self._wrong(layout.REMARK, at, f"{shown(remark)} is a formula without a result.", "Write it in words.")
        elif remark:
            self.found.remarks.append(f"sheet '{self.sheet.name}', row {at}: {remark[:300]}")
        if not any(text_of(values.get(name, "")) for name in layout.inputs(row.item) if name != layout.REMARK):
            self.found.empty += not row.item.is_open
            return
        answer = understand(row.item, values)
        if not isinstance(answer, Answer):
            for column, message, hint in answer:
                self._wrong(column, at, message, hint)
            return
        group = self._group(at, text_of(values.get(layout.GROUP, "")), row)
        if group is None:
            return
        if answer.doubt:
            place = self._place(layout.NUMERATOR, at)
            self.found.notes.append(f"{place}: {answer.doubt}; is it what was counted?")
        self.found.figures.append(Figure(row, group, answer, self._place(layout.GROUP, at)))

    def _group(self, at: int, text: str, row: Row) -> str | None:
        """The breakdown of a row; None where the group isn't named as it should be, which is told."""
        if not row.item.is_open:
            return breakdown_of(row.item.group)
        what, colon, which = text.partition(":")
        if not text:
            self._wrong(layout.GROUP, at, "the group is not named.", "Name it, such as 'race: Asian' or 'sex: women'.")
            return None
        if not (colon and what.strip() and which.strip()) or text[0] in layout.BEGINS_A_FORMULA:
            message = f"{shown(text)} is not written as groups are: what it is about, a colon, and which."
            self._wrong(layout.GROUP, at, message, "Write it like 'race: Asian' or 'sex: women'.")
            return None
        return breakdown_of(f"{what}: {' '.join(which.split())}")


def _same(value: object, text: str, row: Row) -> bool:
    """Whether a cell says what it should. Excel makes days of months that are typed again; those are the same."""
    if isinstance(value, dt.date) and isinstance(row.period, Month):
        return Month.of(value) == row.period
    return folded(text_of(value)) == folded(text)
