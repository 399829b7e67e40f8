"""Text to a table of columns, fast: each column is a list of its distinct values and, for each row, which one it is.

A staff extract has a million rows and some thousand distinct values; whatever is checked of a value is checked once for
each distinct one. Rows are numbered as a spreadsheet shows them: the column names stand in row 1.
"""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
from numpy.typing import NDArray

from t4c_lib.errors import MOST_PROBLEMS_SHOWN, InputError, Problem, refuse
from t4c_lib.evidence.files import TextFile, first_records, folded
from t4c_lib.evidence.slips import refusal, said
from t4c_lib.typed_text import listed

# Of a file of text: the largest official one has some 40 million cells, a staff extract of a million rows 36 million.
MOST_CELLS = 50_000_000
MOST_DISTINCT = 8_000_000  # values that differ, of all columns together; a million person-months have some 100,000
_MOST_ROWS_SEARCHED = 3_000_000
_MOST_UNEVEN = 1_000  # rows, after which it is another kind of file
_MOST_ROWS_NAMED = 3


@dataclass(frozen=True, eq=False)
class TableColumn:
    """One column: for each row an index (`codes`) into its distinct values, which are trimmed; "" is a blank cell."""

    name: str
    codes: NDArray[np.int32]
    distinct: pa.Array

    @cached_property
    def values(self) -> list[str]:
        """The distinct values as texts. Some may be held by no row."""
        return list(self.distinct.to_pylist())

    @cached_property
    def blank(self) -> NDArray[np.bool_]:
        """For each row whether its cell is empty."""
        return np.asarray(pc.equal(self.distinct, "").to_numpy(zero_copy_only=False), dtype=bool)[self.codes]

    def each(self, make: Callable[[str], object]) -> NDArray[np.object_]:
        """For each row what is made of its value, once for every distinct one."""
        return np.array([make(value) for value in self.values], dtype=object)[self.codes]

    def text_at(self, row: int) -> str:
        """The cell of one row, counted from 0."""
        return str(self.distinct[int(self.codes[row])].as_py())


class DataTable(NamedTuple):
    """A file's rows by column."""

    source: str  #: name of the file, for messages
    names: tuple[str, ...]  #: the column names as the file has them; positions ("1", "2") where the file has none
    first_row: int  #: number of the first data row as a spreadsheet shows it
    columns: tuple[TableColumn, ...]  #: one for each name
    #: what is wrong with the names; a reader tells it together with what is wrong in the rows.
    header_problems: tuple[Problem, ...] = ()
    sheet: str = ""  #: name of the sheet, for a table out of a workbook

    @property
    def rows(self) -> int:
        return len(self.columns[0].codes)

    def column(self, name: str) -> TableColumn:
        """The column of that name; one of blank cells where the file has none."""
        found = (column for column in self.columns if column.name == name)
        return next(found, None) or TableColumn(name, np.zeros(self.rows, dtype=np.int32), pa.array([""]))

    def texts(self, name: str) -> NDArray[np.object_]:
        """A column's text for each row."""
        return self.column(name).each(str)

    def keys(self, name: str) -> NDArray[np.int64]:
        """A column's values as whole numbers, one for each row."""
        return self.column(name).codes.astype(np.int64)

    def named_as(self, known: Mapping[str, str], header_problems: Sequence[Problem]) -> "DataTable":
        """The table with columns called as `known` has them, by folded name, and with its header's problems."""
        columns = tuple(replace(one, name=known.get(folded(one.name), one.name)) for one in self.columns)
        found = tuple(column.name for column in columns)
        return self._replace(names=found, columns=columns, header_problems=tuple(header_problems))

    def place(self, rows: Sequence[int] | NDArray[np.int64], column: str = "") -> str:
        """Where rows (counted from 0) are: "row 14, column band" or "rows 14, 20, 31 and 2,298 more, column band"."""
        named = [f"{int(row) + self.first_row:,}" for row in rows[:_MOST_ROWS_NAMED]]
        more = len(rows) - len(named)
        named += [f"{more:,} more"] if more else []
        text = f"{'row' if len(named) == 1 else 'rows'} {listed(named)}"
        text = f"sheet '{self.sheet}', {text}" if self.sheet else text
        return f"{text}, column {column}" if column else text


def parse_table(
    text: TextFile, delimiter: str = ",", *, fields: int | None = None, above: int = 0, most_rows: int = MOST_CELLS
) -> DataTable:
    """Read all rows, every cell as text.

    `fields`: how many cells a row has, for a file without column names; None where row 1 holds the names. `above`: how
    many rows of a file without column names to pass over. Raises InputError: too many rows, or none; empty rows, or
    some with too few or too many cells; an open quotation.
    """
    header = first_records(text, delimiter)[0] if fields is None else [str(n + 1) for n in range(fields)]
    lines, most = text.data.count(b"\n"), min(most_rows, MOST_CELLS // len(header))
    if lines - 1 > most:  # more than any publication has would fill the memory, empty ones too
        raise refusal(text.name, "too many lines", lines=lines, most=most)
    _refuse_open_quotes(text, delimiter)
    above = 1 if fields is None else above
    table, uneven = _read(text.name, text.data, delimiter, len(header), above)
    first_row, last = above + 1, table.num_rows + len(uneven) + above
    problems = [_uneven_row(number, cells, len(header), is_last=number == last) for number, cells in uneven]
    distinct = sum(len(table.column(at).chunk(0).dictionary) for at in range(len(header)) if table.num_rows)
    if distinct > MOST_DISTINCT:
        raise refusal(text.name, "too many values", distinct=distinct, most=MOST_DISTINCT)
    columns, empty_rows = _without_empty_end([_column(name, table.column(at)) for at, name in enumerate(header)])
    problems += [Problem(f"row {row + first_row:,}", "is empty.", "Delete it.") for row in empty_rows]
    if not problems and not len(columns[0].codes):
        problems.append(Problem("", "has no rows below the column names.", "Was it saved or downloaded completely?"))
    refuse(text.name, problems)
    # Columns with neither a name nor cells are left out: Excel writes a comma for every column ever used.
    for at, column in enumerate(columns, 1):
        if not column.name and not column.blank.all():
            row = int(np.flatnonzero(~column.blank)[0])
            message = f"contains '{column.text_at(row)}', but row 1 has no name for this column."
            problems.append(Problem(f"row {row + first_row:,}, column {at}", message))
    refuse(text.name, problems)
    columns = tuple(column for column in columns if column.name)
    return DataTable(text.name, tuple(column.name for column in columns), first_row, columns)


def _read(source: str, data: bytes, delimiter: str, width: int, above: int) -> tuple[pa.Table, list[tuple[int, int]]]:
    """The table of all even rows, and row number and cells of each uneven one. `source` is named in an error."""
    names = [str(at) for at in range(width)]
    quoted = b'"' in data

    def read(*, threads: bool) -> tuple[pa.Table | None, list[tuple[int | None, int]]]:
        uneven: list[tuple[int | None, int]] = []

        def keep(row: pacsv.InvalidRow) -> str:
            uneven.append((row.number, row.actual_columns))
            return "skip" if len(uneven) < _MOST_UNEVEN else "error"

        try:
            table = pacsv.read_csv(
                pa.py_buffer(data),
                read_options=pacsv.ReadOptions(use_threads=threads, column_names=names, skip_rows_after_names=above),
                parse_options=pacsv.ParseOptions(
                    delimiter=delimiter, newlines_in_values=quoted, ignore_empty_lines=False, invalid_row_handler=keep
                ),
                convert_options=pacsv.ConvertOptions(
                    column_types=dict.fromkeys(names, pa.dictionary(pa.int32(), pa.string())), strings_can_be_null=False
                ),
            )
        except pa.ArrowInvalid:
            if len(uneven) < _MOST_UNEVEN:
                raise
            return None, uneven
        return table, uneven

    try:
        table, uneven = read(threads=True)
        if uneven:  # rows are numbered only when read in one thread
            table, uneven = read(threads=False)
    except pa.ArrowInvalid:
        raise refusal(source, "no table") from None
    found = [(int(number or 0), cells) for number, cells in uneven]
    if table is None:
        problems = [_uneven_row(number, cells, width, is_last=False) for number, cells in found]
        more = "further rows may have the wrong number of cells too: reading stopped here."
        raise InputError(source, [*problems[: MOST_PROBLEMS_SHOWN - 1], Problem("", more)])
    return table.unify_dictionaries(), found


def _column(name: str, cells: pa.ChunkedArray) -> TableColumn:
    if cells.num_chunks == 0:
        return TableColumn(name, np.empty(0, dtype=np.int32), pa.array([], pa.string()))
    distinct = cells.chunk(0).dictionary
    codes = np.concatenate([np.asarray(chunk.indices) for chunk in cells.chunks]).astype(np.int32, copy=False)
    trimmed = pc.utf8_trim_whitespace(distinct)
    if not trimmed.equals(distinct):  # two values may have become one
        again = trimmed.dictionary_encode()
        return TableColumn(name, np.asarray(again.indices).astype(np.int32)[codes], again.dictionary)
    return TableColumn(name, codes, distinct)


def _without_empty_end(columns: Sequence[TableColumn]) -> tuple[tuple[TableColumn, ...], list[int]]:
    """The columns without empty rows at the end (a spreadsheet's habit), and the empty rows further up."""
    empty = np.ones(len(columns[0].codes), dtype=bool)
    for column in columns:
        if not empty.any():
            return tuple(columns), []
        empty &= column.blank
    end = int(np.flatnonzero(~empty).max(initial=-1)) + 1
    kept = tuple(TableColumn(column.name, column.codes[:end], column.distinct) for column in columns)
    return kept, [int(row) for row in np.flatnonzero(empty[:end])]


def _uneven_row(number: int, cells: int, width: int, *, is_last: bool) -> Problem:
    what = "too many cells" if cells >= width else f"too few cells{' at the end' if is_last else ''}"
    return Problem(f"row {number:,}", *said(what, cells=f"{cells} cell{'' if cells == 1 else 's'}", width=width))


def _refuse_open_quotes(text: TextFile, delimiter: str) -> None:
    """An odd number of quotation marks means that one is never closed and swallows the rest of the file."""
    if text.data.count(b'"') % 2 == 0:
        return
    lines = io.TextIOWrapper(io.BytesIO(text.data), encoding="utf-8", newline="")
    row = 0
    try:
        for record in islice(csv.reader(lines, delimiter=delimiter), _MOST_ROWS_SEARCHED):
            row += 1
            if any("\n" in cell for cell in record):
                break
    except csv.Error:  # the swallowed rest is longer than a cell may be; it begins after the last row that was read
        row += 1
    raise refusal(text.name, "quotation is open", f"row {row:,}" if row < _MOST_ROWS_SEARCHED else "")
