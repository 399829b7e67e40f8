"""An Excel workbook as sheets of plain values. Formulas are never worked out: the results stored beside them are read.

A cell with a formula whose result is not stored keeps the formula's text, and one with an error keeps the error's
name, so that the check of a column refuses it where it matters; both would otherwise look like an empty cell. A formula
whose stored result is the empty text is an empty cell.
"""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import cast

import numpy as np
import pyarrow as pa

from t4c_lib.errors import InputError, Problem
from t4c_lib.evidence.csv_table import DataTable, TableColumn
from t4c_lib.evidence.xlsx_safety import column_number, unpacked_parts

Rows = list[list[object]]

_ODD = re.compile(
    rb'<c r="(?P<at>[A-Z]{1,3}[0-9]{1,7})"(?P<kind>[^>]*)>'
    rb"(?:<f(?:\s[^>]*)?(?:/>|>(?P<formula>[^<]*)</f>))?\s*(?P<stored><v[^>]*>(?P<value>[^<]*)</v>|<v\s*/>)?\s*</c>"
)


@dataclass(frozen=True, eq=False)
class Sheet:
    """One sheet. `cells[0][0]` is cell A1; all rows are equally long."""

    book: str
    name: str
    cells: Rows

    @property
    def height(self) -> int:
        return len(self.cells)

    def row(self, number: int) -> list[str]:
        """The texts of a row, numbered as Excel shows it (from 1); empty where the sheet ends above it."""
        return [text_of(value) for value in self.cells[number - 1]] if 0 < number <= self.height else []

    def table(self, header_row: int, names: Sequence[str] | None = None) -> DataTable:
        """What stands below a row of column names, as a table whose places name this sheet.

        Args:
            header_row: number of the row of names, as Excel shows it.
            names: other names for the columns, one for each from column A on; columns without a name are left out.

        Raises:
            InputError: nothing stands below that row.
        """
        titles = list(names) if names is not None else self.row(header_row)
        body = self.cells[header_row:]
        while body and not any(text_of(value) for value in body[-1]):
            body = body[:-1]
        if not body:
            raise InputError(self.book, [Problem(f"sheet '{self.name}'", "has no rows below the column names.")])
        columns = [
            _column(title, values) for title, values in zip(titles, zip(*body, strict=True), strict=False) if title
        ]
        return DataTable(self.book, tuple(one.name for one in columns), header_row + 1, tuple(columns), sheet=self.name)


@dataclass(frozen=True, eq=False)
class Workbook:
    """A workbook read whole.

    Attributes:
        name: of the file, without folders.
        digest: SHA-256, hexadecimal, of the file.
        sheets: those with cells, in the workbook's order. Charts and macros are left out.
        notes: what a person should know about how it was read.
        parts: paths of all files inside, so that a reader may refuse macros or links to other files.
        formulas: how many cells hold one.
    """

    name: str
    digest: str
    sheets: tuple[Sheet, ...]
    notes: tuple[str, ...] = ()
    parts: frozenset[str] = frozenset()
    formulas: int = 0

    @cached_property
    def heads(self) -> tuple[tuple[Sheet, int, tuple[str, ...]], ...]:
        """The first ten rows of every sheet that hold anything: sheet, row number, texts. For recognising."""
        found = []
        for sheet in self.sheets:
            for number in range(1, 11):
                texts = tuple(sheet.row(number))
                if any(texts):
                    found.append((sheet, number, texts))
        return tuple(found)


def read_workbook(name: str, raw: bytes, digest: str, most_unpacked_bytes: int) -> Workbook:
    """Read every sheet of an .xlsx file.

    Raises:
        InputError: it may not be opened (see xlsx_safety), or can't be read.
    """
    parts = unpacked_parts(name, raw, most_unpacked_bytes)
    formulas = sum(body.count(b"<f>") + body.count(b"<f ") + body.count(b"<f/>") for body in parts.values())
    return Workbook(name, digest, tuple(_sheets(name, raw, parts)), parts=frozenset(parts), formulas=formulas)


def text_of(value: object) -> str:
    """A cell as a CSV file would give it: numbers in full, days as 2026-03-31, trimmed."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return repr(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ")
    return str(value)


def _sheets(name: str, raw: bytes, parts: dict[str, bytes]) -> list[Sheet]:
    from python_calamine import CalamineWorkbook

    found = []
    try:
        with CalamineWorkbook.from_object(io.BytesIO(raw)) as book:
            paths = _paths(parts)
            for title in book.sheet_names:
                rows = cast("Rows", book.get_sheet_by_name(title).to_python(skip_empty_area=False))
                if rows:
                    _keep_what_looks_empty(rows, parts.get(paths.get(title, ""), b""))
                    found.append(Sheet(name, title, rows))
    except BaseException as error:
        # Its defects end in a panic, which is no Exception; what is not the library's own goes on.
        if isinstance(error, Exception) or type(error).__name__ == "PanicException":
            hint = "Open it in Excel, save it as .xlsx and add that."
            raise InputError(name, [Problem("", "can't be read as an Excel workbook.", hint)]) from None
        raise
    if not found:
        raise InputError(name, [Problem("", "the workbook is empty.", "Was it saved completely?")])
    return found


def _paths(parts: dict[str, bytes]) -> dict[str, str]:
    """Which part of the archive holds which sheet."""
    import html

    names = {}
    for tag in re.findall(rb"<(?:\w+:)?sheet\s[^>]*>", parts.get("xl/workbook.xml", b"")):
        title, at = re.search(rb'\sname="([^"]*)"', tag), re.search(rb'\sr:id="([^"]*)"', tag)
        if title and at:
            names[at[1]] = html.unescape(title[1].decode("utf-8", "replace"))
    paths = {}
    for tag in re.findall(rb"<(?:\w+:)?Relationship\s[^>]*>", parts.get("xl/_rels/workbook.xml.rels", b"")):
        at, target = re.search(rb'\sId="([^"]*)"', tag), re.search(rb'\sTarget="([^"]*)"', tag)
        if at and target and at[1] in names:
            path = target[1].decode("utf-8", "replace")
            paths[names[at[1]]] = path.lstrip("/") if path.startswith("/") else f"xl/{path}"
    return paths


def _keep_what_looks_empty(rows: Rows, body: bytes) -> None:
    """Write formulas without a result, and errors, into the cells that the library leaves blank."""
    if b"<f" not in body and b't="e"' not in body:
        return
    for match in _ODD.finditer(body):
        is_error, formula, value = b't="e"' in match["kind"], match["formula"], match["value"]
        has_formula = b"<f" in match[0]
        is_empty_text = b't="str"' in match["kind"] and match["stored"] is not None
        if not is_error and (not has_formula or value or is_empty_text):
            continue
        row, column = _place(match["at"])
        if row < len(rows) and column < len(rows[row]) and rows[row][column] == "":
            text = value if is_error else b"=" + (formula or b"?")
            rows[row][column] = (text or b"#ERROR").decode("utf-8", "replace")


def _place(address: bytes) -> tuple[int, int]:
    letters = address.rstrip(b"0123456789")
    return int(address[len(letters) :]) - 1, column_number(letters) - 1


def _column(name: str, values: Sequence[object]) -> TableColumn:
    at: dict[object, int] = {}
    # True and 1.0 would be one key.
    codes = [at.setdefault(value if value.__class__ is not bool else f"{value}".upper(), len(at)) for value in values]
    texts = [text_of(value) for value in at]
    kept = {text: number for number, text in reversed(list(enumerate(dict.fromkeys(texts))))}
    again = np.array([kept[text] for text in texts], dtype=np.int32)
    return TableColumn(name, again[np.array(codes, dtype=np.int32)], pa.array(list(kept)[::-1], pa.string()))
