"""One sheet of figures, row by row: what somebody typed, a figure or the reason why there is none.

A row is known by its number, wherever it stands; its labels must be as given.
"""

import datetime as dt
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple

from openpyxl.utils import get_column_letter

from t4c_lib.errors import Problem, did_you_mean
from t4c_lib.evidence.breakdowns import breakdown_of
from t4c_lib.evidence.collection_workbook import sheet_layout as layout
from t4c_lib.evidence.collection_workbook.request import Collection, Item, RequestRow
from t4c_lib.evidence.files import folded
from t4c_lib.evidence.observations import State
from t4c_lib.evidence.slips import said, slip_hint
from t4c_lib.evidence.xlsx_workbook import Sheet, text_of
from t4c_lib.periods import Month

MOST = 1_000_000_000.0
_CHANGED_TO_A_DATE = "Excel changed it to a date: format the cell as Number and enter it again."
_NUMBER = re.compile(r"\d+(\.\d+)?")

_WITHOUT_FIGURE = {State.suppressed, State.missing, State.not_applicable}

Fault = tuple[str, str, str]  # the column at fault, a sentence, a hint

Answer = tuple[float, float, float, State]  # count, denominator and value, NaN where not known; what they mean


def understand(item: Item, cells: Mapping[str, object]) -> Answer | list[Fault]:
    """One row's answer, or everything that is wrong with it; `cells` are the row's by the name of their column."""
    faults: list[Fault] = []
    part = _number(item, layout.NUMERATOR, item.numerator, cells.get(layout.NUMERATOR, ""), faults)
    whole = math.nan
    out_of = cells.get(layout.DENOMINATOR, "")
    if not item.is_count:
        whole = _number(item, layout.DENOMINATOR, item.denominator, out_of, faults)
    elif text_of(out_of) not in {"", layout.NOT_ASKED}:
        faults.append((layout.DENOMINATOR, *said("count has no denominator", found=shown(out_of))))
    state = _state(cells.get(layout.STATE, ""), faults)
    part = 0.0 if state is State.zero and math.isnan(part) else part
    if faults := faults or [*islice(_contradictions(item, part, whole, state), 1)]:
        return faults
    if state in _WITHOUT_FIGURE or math.isnan(part):
        return math.nan, whole, math.nan, state or State.missing
    if whole == 0:
        return 0.0, 0.0, math.nan, State.not_applicable
    return part, whole, part if item.is_count else part / whole, State.zero if part == 0 else State.counted


def shown(value: object) -> str:
    """A cell's content as a message quotes it."""
    return f"'{text_of(value)[:60]}'"


def _number(item: Item, column: str, words: str, value: object, faults: list[Fault]) -> float:
    """The number in a cell; NaN where it is empty, or wrong and told."""
    if not (text := text_of(value)):
        return math.nan
    whole = item.is_whole(words)
    allowed = f"allowed: a {'whole ' if whole else ''}number from 0 to {MOST:,.0f}."
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if not is_number and not _NUMBER.fullmatch(text):
        is_day = isinstance(value, (dt.date, dt.time, dt.timedelta))
        hint = _CHANGED_TO_A_DATE if is_day else slip_hint("number in a collection workbook", text)
        faults.append((column, f"{shown(value)} is not a number; {allowed}", hint))
        return math.nan
    number = float(value) if isinstance(value, (int, float)) else float(text)
    if not 0 <= number <= MOST:
        faults.append((column, f"{shown(value)} is out of range; {allowed}", ""))
    elif whole and not number.is_integer():
        faults.append((column, f"{shown(value)} is not a whole number; {allowed}", _share_hint(item, number)))
    else:
        return number
    return math.nan


def _share_hint(item: Item, number: float) -> str:
    if item.is_count or number > 100:
        return ""
    what = f"share ({number * 100:g}%)" if number < 1 else f"percentage ({number:g}%)"
    return f"Is it a {what}? Enter the count and the denominator, and it is worked out."


def _state(value: object, faults: list[Fault]) -> State | None:
    if not (text := " ".join(text_of(value).split()).casefold()):
        return None
    if text in list(State):
        return State(text)
    message = f"{shown(value)} is not a state; allowed: {', '.join(State)}, or leave it blank."
    faults.append((layout.STATE, message, did_you_mean(text, list(State))))
    return None


def _contradictions(item: Item, part: float, whole: float, state: State | None) -> Iterator[Fault]:
    """What two numbers, either of which may be NaN, and the state beside them say against each other."""
    no_part, two, hint = math.isnan(part), "Clear one of the two.", "Enter it, or choose the reason under State."
    if state is State.zero and part > 0:
        yield layout.STATE, f"is zero, but the count is {part:,g}.", two
    if state is State.counted and no_part:
        yield layout.NUMERATOR, "is empty, but the state is counted.", "Enter the figure, or choose missing."
    if state in {State.suppressed, State.missing} and not no_part:
        yield layout.STATE, f"is {state}, but there is a figure: {part:,g}.", two
    if state is State.not_applicable and (part > 0 or whole > 0):  # neither holds of NaN
        yield layout.STATE, f"is {state}, but there are figures.", "Clear the state or the figures."
    if state in _WITHOUT_FIGURE or (no_part and math.isnan(whole)):
        return
    if no_part:
        yield layout.NUMERATOR, f"is empty, but the denominator is {whole:,g}.", hint
    if math.isnan(whole) and not item.is_count:
        slip = "" if part.is_integer() else _share_hint(item, part)
        yield layout.DENOMINATOR, f"is empty, but the count is {part:,g}.", slip or hint
    if item.unit == "share" and part > whole:
        yield layout.NUMERATOR, f"{part:,g} is more than the denominator, {whole:,g}.", "Are the two swapped?"
    if whole == 0 and part > 0:
        yield layout.DENOMINATOR, f"is 0, but the count is {part:,g}.", ""


class FilledRow(NamedTuple):
    """A row that was read: which figure it is, the numbers, NaN where not known, and the cell that names its group."""

    series: str
    population: str
    breakdown: str
    period: str
    unit: str
    numerator: float
    denominator: float
    value: float
    state: str
    place: str


@dataclass
class Found:
    """What was read of a workbook so far, and what is wrong with it. `empty` counts rows without any answer."""

    problems: list[Problem] = field(default_factory=list)
    figures: list[FilledRow] = field(default_factory=list)
    empty: int = 0
    notes: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def wrong(self, place: str, message: str, hint: str = "") -> None:
        """Add a problem."""
        self.problems.append(Problem(place, message, hint))


def read_sheet(sheet: Sheet, asked: Collection, rows: tuple[RequestRow, ...], found: Found) -> None:
    """Read one sheet of figures into what was found."""
    if (head := layout.header_row(sheet, layout.COLUMNS)) is None:
        found.wrong(f"sheet '{sheet.name}'", *said("column names are missing", row=layout.HEADER_ROW))
        return
    whose = sheet.row(layout.WHOSE_ROW)[0]
    if whose != asked.whose and whose.endswith(")"):
        other = said("another organisation's sheet", found=shown(whose), whose=asked.whose)
        found.wrong(layout.place(sheet.name, 1, layout.WHOSE_ROW), *other)
    _Sheet(sheet, _columns(sheet, head, found), {row.number: row for row in rows}, found).read(head + 1)


def _columns(sheet: Sheet, head: int, found: Found) -> dict[str, int]:
    """Where each column is, counted from 1. Moved, renamed and doubled ones are told, and the moved ones read."""
    texts = [folded(text) for text in sheet.row(head)]
    columns = {}
    for at, name in enumerate(layout.COLUMNS, 1):
        places = [place for place, text in enumerate(texts, 1) if text == folded(name)]
        if not places:
            there = sheet.row(head)[at - 1][:40] if at <= len(texts) else ""
            found.wrong(layout.place(sheet.name, at, head), *said("column name is another", name=name, found=there))
            continue
        columns[name] = places[0]
        if len(places) > 1:
            found.wrong(layout.place(sheet.name, places[1], head), f"the column '{name}' appears twice.", "Delete one.")
        elif places[0] != at:
            moved = layout.place(sheet.name, places[0], head)
            found.wrong(moved, f"the column '{name}' belongs in column {get_column_letter(at)}.", "Move it back.")
    return columns


class _Sheet(NamedTuple):
    sheet: Sheet
    columns: Mapping[str, int]
    rows: Mapping[int, RequestRow]
    found: Found

    def read(self, first: int) -> None:
        seen: dict[int, int] = {}
        for at in range(first, self.sheet.height + 1):
            values = {name: self.sheet.cells[at - 1][column - 1] for name, column in self.columns.items()}
            if any(map(text_of, values.values())) and (row := self._row(at, values, seen)) is not None:
                self._read_row(at, values, row)
        gone = len(self.rows) - len(seen)
        if gone and layout.NUMBER in self.columns:
            words, _ = said("a row is gone" if gone == 1 else "rows are gone", gone=gone)
            self.found.notes.append(f"sheet '{self.sheet.name}': {words}")

    def _wrong(self, name: str, at: int, message: str, hint: str = "") -> None:
        self.found.wrong(self._place(name, at), message, hint)

    def _place(self, name: str, at: int) -> str:
        return layout.place(self.sheet.name, self.columns.get(name, 1), at)

    def _row(self, at: int, values: Mapping[str, object], seen: dict[int, int]) -> RequestRow | None:
        """What is asked in the row that stands here; None where there is no number to go by, which is told."""
        if layout.NUMBER not in self.columns:
            return None
        text = text_of(values[layout.NUMBER])
        number = int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0
        if number not in self.rows:
            wrong = f"'{text[:40]}' is not a row number" if text else "the row number is missing"
            self._wrong(layout.NUMBER, at, *said("no row number", found=wrong, most=len(self.rows)))
            return None
        if number in seen:
            self._wrong(layout.NUMBER, at, *said("row number twice", number=number, row=seen[number]))
            return None
        seen[number] = at
        return self.rows[number]

    def _read_row(self, at: int, values: Mapping[str, object], row: RequestRow) -> None:
        for name, text in layout.labels(row).items():
            if name in values and not _same(values[name], text, row):
                self._wrong(name, at, f"{shown(values[name])} should be '{text}'.", "Change it back.")
        remark = text_of(values.get(layout.REMARK, ""))
        if remark.startswith("="):
            self._wrong(layout.REMARK, at, f"{shown(remark)} is a formula with no saved result.", "Write it in words.")
        elif remark:
            self.found.remarks.append(f"sheet '{self.sheet.name}', row {at}: {remark[:300]}")
        if not any(text_of(values.get(name, "")) for name in layout.inputs(row.item) if name != layout.REMARK):
            self.found.empty += not row.item.is_open
            return
        answer = understand(item := row.item, values)
        if isinstance(answer, list):
            for column, message, hint in answer:
                self._wrong(column, at, message, hint)
            return
        if (group := self._group(at, text_of(values.get(layout.GROUP, "")), row)) is None:
            return
        part, whole, value, state = answer
        if whole == 100 and part % 1 > 0:
            doubt = f"{part:g} of 100 looks like a percentage; is it a count?"
            self.found.notes.append(f"{self._place(layout.NUMERATOR, at)}: {doubt}")
        figure = (item.series, item.population, group, str(row.period), item.unit)
        self.found.figures.append(FilledRow(*figure, part, whole, value, state.value, self._place(layout.GROUP, at)))

    def _group(self, at: int, text: str, row: RequestRow) -> str | None:
        """The breakdown of a row; None where the group isn't named as it should be, which is told."""
        if not row.item.is_open:
            return breakdown_of(row.item.group)
        what, colon, which = text.partition(":")
        if not text:
            self._wrong(layout.GROUP, at, *said("group is not named"))
            return None
        if not (colon and what.strip() and which.strip()) or text[0] in layout.BEGINS_A_FORMULA:
            self._wrong(layout.GROUP, at, *said("no group", found=shown(text)))
            return None
        return breakdown_of(f"{what}: {' '.join(which.split())}")


def _same(value: object, text: str, row: RequestRow) -> bool:
    """Whether a cell says what it should. Excel makes days of months that are typed again; those are the same."""
    if isinstance(value, dt.date) and isinstance(row.period, Month):
        return Month.of(value) == row.period
    return folded(text_of(value)) == folded(text)
