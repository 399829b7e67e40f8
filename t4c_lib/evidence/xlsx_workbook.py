"""An Excel workbook as sheets of plain values. Formulas are never worked out: the results stored beside them are read.

A cell with a formula whose result is not stored keeps the formula's text, and one with an error keeps the error's
name, so that the check of a column refuses it where it matters; both would otherwise look like an empty cell. A formula
whose stored result is the empty text is an empty cell.

A workbook is a zip archive, and is opened only if it can't fill the memory. What its directory says of sizes is not
believed: every member is unpacked once and its bytes are counted. A sheet of two cells, the first and the last that
Excel knows, would make 17 thousand million cells of a small file, so the cells' own addresses are looked at before
anything makes a table of them.
"""

import datetime as dt
import hashlib
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple, cast
from xml.parsers import expat

import numpy as np
import pyarrow as pa
from openpyxl.utils import column_index_from_string, coordinate_to_tuple
from openpyxl.xml.functions import fromstring

from t4c_lib.errors import InputError
from t4c_lib.evidence import files
from t4c_lib.evidence.csv_table import DataTable, TableColumn
from t4c_lib.evidence.slips import refusal
from t4c_lib.filesystem import BROKEN_ARCHIVE

MOST_ENTRIES = 2_000
MOST_UNPACKED = 200_000_000  # bytes: sheets lie in memory twice while they are read, as XML and as cells
MOST_RATIO = 200  # the largest official workbook unpacks to ten times its size; repeated text reaches a hundred
MOST_CELLS = 3_000_000  # six times the largest official workbook
MOST_TEXT = 400_000_000  # characters in all cells together
_SMALL = 10_000_000  # up to this size an archive may be packed as tightly as it likes
_STEP = 1 << 20

_MARK = b"\xef\xbb\xbf \r\n\t"
_AGAIN = "Download it again, or save it again from Excel."
_CELL = re.compile(rb"<(?:\w+:)?c[\s/>]")
_ADDRESS = re.compile(rb"<(?:\w+:)?c(?=\s)[^>]*\sr=[\"']([A-Z]{1,3})([0-9]{1,7})[\"']")
_FAR = re.compile(rb'<c r="(?:[A-Z]{2}|[A-Z][0-9]{6})')
_PLAIN = re.compile(rb'<c r="([A-Z]{1,3})([0-9]{1,7})"')
_LAST_COLUMN, _LAST_ROW = 16_384, 1_048_576  # of Excel: XFD1048576
_TAGS = re.compile(rb"<(?:\w+:)?([A-Za-z]+)")
_SHARED_TEXT = re.compile(rb"<(?:\w+:)?si\b")
# What may stand among the rows of a sheet (ECMA-376 part 1, section 18.3.1): cells, and texts with their fonts.
_KNOWN_TAGS = frozenset(
    b"sheetData row c f v is t r rPr rPh phoneticPr b i u strike sz color rFont family charset scheme vertAlign "
    b"outline shadow condense extend".split()
)


def unpacked_parts(name: str, raw: bytes, most_bytes: int) -> dict[str, bytes]:
    """The parts of a workbook by their path in the archive, when all of it is safe to open.

    Raises InputError: no zip archive, damaged, protected by a password, too large, too many members, packed too
    tightly, no workbook of Excel (.xlsx) inside, or one that would make too large a table.

    `name`: of the file, for messages. `most_bytes`: the most that all members may unpack to together.
    """
    archive, members = _members(name, raw)
    parts: dict[str, bytes] = {}
    size = 0
    for member in members:
        body = io.BytesIO()
        for piece in _pieces(name, archive, member):
            size += len(piece)
            if size > most_bytes:
                raise refusal(name, "workbook unpacks to too much", most=most_bytes / 1e6)
            if size > _SMALL and size > MOST_RATIO * len(raw):
                raise refusal(name, "packed too tightly", most=MOST_RATIO)
            body.write(piece)
        parts[member.filename] = body.getvalue()
    _check_sheets(name, parts)
    for path, part in parts.items():
        _check_xml(name, path, part)
    return parts


def is_workbook(raw: bytes) -> bool:
    """Whether a zip archive says that it is an Excel workbook. Looks at names only."""
    try:
        names = set(zipfile.ZipFile(io.BytesIO(raw)).namelist())
    except BROKEN_ARCHIVE:
        return b"[Content_Types].xml" in raw or b"xl/" in raw
    return "xl/workbook.xml" in names or any(name.startswith("xl/") for name in names)


def _members(name: str, raw: bytes) -> tuple[zipfile.ZipFile, list[zipfile.ZipInfo]]:
    try:
        archive = zipfile.ZipFile(io.BytesIO(raw))
        members = archive.infolist()
    except BROKEN_ARCHIVE:
        raise InputError.of(name, "looks like an Excel workbook, but is damaged or incomplete.", _AGAIN) from None
    if len(members) > MOST_ENTRIES:
        raise InputError.of(name, f"contains {len(members):,} files; a workbook has at most {MOST_ENTRIES:,}.", _AGAIN)
    if len({one.filename for one in members}) < len(members):
        raise InputError.of(name, "contains two files with the same name, as no workbook does.", _AGAIN)
    if any(one.flag_bits & 1 for one in members):
        raise InputError.of(name, "is protected with a password.", "Save it without one.")
    return archive, members


def _pieces(name: str, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    if member.file_size > 4 * MOST_TEXT:
        raise InputError.of(name, f"claims to contain {member.file_size / 1e6:,.0f} MB of data.", _AGAIN)
    try:
        with archive.open(member) as stream:
            while piece := stream.read(_STEP):
                yield piece
    except BROKEN_ARCHIVE:
        raise InputError.of(name, f"is damaged: '{member.filename[:60]}' inside can't be read.", _AGAIN) from None


def _check_sheets(name: str, parts: dict[str, bytes]) -> None:
    """Refuse what would become too large a table, or what another reader of XML might understand differently."""
    if "xl/workbook.bin" in parts:
        raise InputError.of(name, "is a binary Excel workbook (.xlsb).", "Open it in Excel and save it as .xlsx.")
    if "xl/workbook.xml" not in parts:
        raise refusal(name, "no workbook inside")
    if b".main+xml" not in parts.get("[Content_Types].xml", b""):
        raise InputError.of(name, "is damaged: it doesn't say which of the files inside is the workbook.", _AGAIN)
    longest = max(map(len, _SHARED_TEXT.split(parts.get("xl/sharedStrings.xml", b""))))
    for path, body in parts.items():
        if path.startswith("xl/worksheets/sheet") and (b"\0" in body[:200] or not body.lstrip(_MARK).startswith(b"<")):
            raise InputError.of(name, f"is damaged: '{path[:60]}' inside is not XML in UTF-8.", _AGAIN)
        if b"sheetData" not in body:
            continue
        cells, area = _extent(name, body)
        if area > MOST_CELLS:
            raise refusal(name, "cells too far apart", cells=cells, area=area, most=MOST_CELLS)
        if cells * longest > MOST_TEXT and _text_of(body, parts["xl/sharedStrings.xml"]) > MOST_TEXT:
            raise InputError.of(name, f"contains more than {MOST_TEXT / 1e6:,.0f} million characters of text.", _AGAIN)


def _check_xml(name: str, path: str, body: bytes) -> None:
    """Refuse XML that is cut short or damaged: what reads cells takes what it understands and passes over the rest."""
    if not path.endswith((".xml", ".rels")):
        return
    damaged = f"is damaged: '{path[:60]}' inside"

    def refuse_declaration(*_: object) -> None:
        """In a document type one text may be made to stand for thousands, or for another file."""
        raise InputError.of(name, f"{damaged} has a document type declaration.", _AGAIN)

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartDoctypeDeclHandler = refuse_declaration
    try:
        parser.Parse(body, True)
    except expat.ExpatError as error:
        raise InputError.of(name, f"{damaged} is not valid XML ({error}).", _AGAIN) from None
    start = body.find(b"sheetData")
    if path.startswith("xl/worksheets/") and start >= 0:
        strange = set(_TAGS.findall(body, start, body.rfind(b"sheetData"))) - _KNOWN_TAGS
        if strange and b"extLst" not in strange:
            declaration = min(strange)[:40].decode()
            raise InputError.of(name, f"{damaged} has '{declaration}' among its cells.", _AGAIN)


def _extent(name: str, body: bytes) -> tuple[int, int]:
    """How many cells a sheet has, and how many places the rectangle from A1 to its last row and column."""
    plain = body.count(b'<c r="')
    # Beside cells, a sheet has columns and colours whose tags begin alike; any other tag leads to the slow way.
    if body.count(b"<c") == plain + body.count(b"<col") and b":c" not in body:
        if _FAR.search(body) is None:
            return plain, plain  # within column Z and row 99,999
        addresses = _PLAIN.findall(body)
    else:
        addresses = _ADDRESS.findall(body)
        if len(addresses) < len(_CELL.findall(body)):
            raise InputError.of(name, "has cells without an address.", "Open it in Excel and save it as .xlsx.")
    if not addresses:
        return plain, plain
    columns = max(column_index_from_string(letters.decode()) for letters in {letters for letters, _ in addresses})
    rows = max(int(figures) for figures in {figures for _, figures in addresses})
    if columns > _LAST_COLUMN or rows > _LAST_ROW:
        raise InputError.of(name, "has a cell beyond Excel's last row or column.", _AGAIN)
    return len(addresses), max(len(addresses), columns * rows)


def _text_of(body: bytes, shared: bytes) -> int:
    """Characters that a sheet's cells show together: a long text may be shown by a million of them."""
    lengths = [len(text) for text in _SHARED_TEXT.split(shared)][1:]
    shown = re.findall(rb"t=[\"']s[\"'][^>]*>\s*<(?:\w+:)?v>\s*(\d{1,9})\s*<", body)
    return sum(lengths[int(at)] for at in shown if int(at) < len(lengths))


Rows = list[list[object]]

_ODD = re.compile(
    rb'<c r="(?P<at>[A-Z]{1,3}[0-9]{1,7})"(?P<kind>[^>]*)>'
    rb"(?:<f(?:\s[^>]*)?(?:/>|>(?P<formula>[^<]*)</f>))?\s*(?P<stored><v[^>]*>(?P<value>[^<]*)</v>|<v\s*/>)?\s*</c>"
)


class Sheet(NamedTuple):
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

        Raises InputError: nothing stands below that row. `header_row`: its number, as Excel shows it. `names`: other
        names for the columns, one for each from column A on; columns without a name are left out.
        """
        titles = list(names) if names is not None else self.row(header_row)
        body = self.cells[header_row:]
        while body and not any(text_of(value) for value in body[-1]):
            body = body[:-1]
        if not body:
            raise InputError.of(self.book, "has no rows below the column names.", place=f"sheet '{self.name}'")
        named = zip(titles, zip(*body, strict=True), strict=False)
        columns = [_column(title, values) for title, values in named if title]
        return DataTable(self.book, tuple(one.name for one in columns), header_row + 1, tuple(columns), sheet=self.name)


@dataclass(frozen=True, eq=False)
class Workbook:
    """A workbook read whole."""

    name: str  #: of the file, without folders
    digest: str  #: SHA-256, hexadecimal, of the file
    sheets: tuple[Sheet, ...]  #: those with cells, in the workbook's order. Charts and macros are left out
    notes: tuple[str, ...] = ()  #: what a person should know about how it was read
    #: paths of all files inside, so that a reader may refuse macros or links to other files.
    parts: frozenset[str] = frozenset()
    formulas: int = 0  #: how many cells hold one

    @cached_property
    def heads(self) -> tuple[tuple[Sheet, int, tuple[str, ...]], ...]:
        """The first ten rows of every sheet that hold anything: sheet, row number, texts. For recognising."""
        rows = ((sheet, at, tuple(sheet.row(at))) for sheet in self.sheets for at in range(1, 11))
        return tuple(row for row in rows if any(row[2]))


def read_file(path: Path, most: int = files.MOST_UNPACKED_BYTES) -> files.TextFile | Workbook:
    """One file of text, packed by gzip or not, or one Excel workbook (.xlsx). Raises InputError for anything else."""
    raw = files.bytes_of(path, most)
    if not raw.startswith(b"PK"):
        return files.read_text(path.name, raw, most)
    if not is_workbook(raw):
        files.refuse_what_is_not_text(path.name, raw)
    return read_workbook(path.name, raw, hashlib.sha256(raw).hexdigest(), min(most, MOST_UNPACKED))


def read_workbook(name: str, raw: bytes, digest: str, most_unpacked_bytes: int) -> Workbook:
    """Every sheet of an .xlsx file. Raises InputError: unsafe to open (see `unpacked_parts`), or unreadable."""
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
                if rows := cast("Rows", book.get_sheet_by_name(title).to_python(skip_empty_area=False)):
                    _keep_what_looks_empty(rows, parts.get(paths.get(title, ""), b""))
                    found.append(Sheet(name, title, rows))
    except BaseException as error:
        # Its defects end in a panic, which is no Exception; what is not the library's own goes on.
        if isinstance(error, Exception) or type(error).__name__ == "PanicException":
            raise refusal(name, "not read as a workbook") from None
        raise
    if not found:
        raise InputError.of(name, "the workbook is empty.", "Was it saved completely?")
    return found


def _paths(parts: dict[str, bytes]) -> dict[str, str]:
    """Which part of the archive holds which sheet."""
    sheets = fromstring(parts["xl/workbook.xml"]).iter("{*}sheet")
    links = fromstring(parts.get("xl/_rels/workbook.xml.rels", b"<none/>")).iter("{*}Relationship")
    targets = {one.get("Id"): str(one.get("Target")) for one in links}
    found = {}
    for one in sheets:
        at = next((value for name, value in one.items() if str(name).endswith("}id")), "")  # in whichever namespace
        found[str(one.get("name"))] = targets.get(at, "")
    return {name: to.lstrip("/") if to.startswith("/") else f"xl/{to}" for name, to in found.items()}


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
        row, column = (number - 1 for number in coordinate_to_tuple(match["at"].decode()))
        if row < len(rows) and column < len(rows[row]) and rows[row][column] == "":
            text = value if is_error else b"=" + (formula or b"?")
            rows[row][column] = (text or b"#ERROR").decode("utf-8", "replace")


def _column(name: str, values: Sequence[object]) -> TableColumn:
    cells = pa.array([text_of(value) for value in values], pa.string()).dictionary_encode()
    return TableColumn(name, np.asarray(cells.indices, dtype=np.int32), cells.dictionary)
