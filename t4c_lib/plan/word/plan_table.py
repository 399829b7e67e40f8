"""The pledge's table out of a Word document: intentions, their actions and measures, dates and people.

Trusts keep the table in many shapes: one table or one on each page, columns moved about, headings said again on each
page, cells merged down or across, the intention as a line across the table or as a paragraph above it. What is in no
row of the plan is handed on as left over, so that nothing is lost.

The file comes from outside; anything but a Word document is refused and called by its name. It is unpacked only after
the sizes it declares are known to be small (the unpacking stops at the declared size), and only if none of its parts
brings entities of its own.
"""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pydantic import BaseModel

from t4c_lib.errors import InputError
from t4c_lib.filesystem import BROKEN_ARCHIVE
from t4c_lib.html_templates import text_from
from t4c_lib.plan.word.table_entries import PledgeColumn, Rows, WordPledge
from t4c_lib.plan.word.word_file import Blocks, Cell, Paragraph, WordTable, read_blocks
from t4c_lib.validation_messages import read_shipped

if TYPE_CHECKING:
    from docx.document import Document

MOST_BYTES: Final = 30_000_000
MOST_UNPACKED_BYTES: Final = 200_000_000  # pictures and all
MOST_XML_BYTES: Final = 30_000_000  # of one part; a pledge of ten intentions comes to about 200 KB
MOST_PARTS: Final = 5_000

_WORD_PART: Final = "word/document.xml"
# An entity needs a document type, which no Word file has. Both ways in which such a part can be encoded.
_DOCUMENT_TYPE: Final = tuple("<!DOCTYPE".encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be"))

MOST_ENTRIES: Final = 2_000  # each is held against every row of the framework: a few seconds
_HEADING_LINES: Final = 2  # paragraphs right above a table that may name its intention
IN_PRINTED_ORDER: Final = tuple(PledgeColumn)
MOST_WORDS: Final = 14  # of a heading; what is longer is text


class _OtherFile(BaseModel, frozen=True, extra="forbid"):
    """What is handed in for a Word document: how it (or the name of a part of it) begins, what it is, what helps."""

    start: str
    what: str
    hint: str

    def refusal(self, source: str) -> InputError:
        return _refused(source, "another file", what=self.what, hint=self.hint)


class _Shipped(BaseModel, frozen=True, extra="forbid"):
    columns: tuple[tuple[PledgeColumn, str], ...]
    files: tuple[_OtherFile, ...]
    packages: tuple[_OtherFile, ...]
    refusals: dict[str, tuple[str, str]]


_shipped = read_shipped(_Shipped, __package__, "plan_table.yaml")


def _refused(source: str, why: str, **found: object) -> InputError:
    message, hint = (text.format(**found) for text in _shipped.refusals[why])
    return InputError.of(source, message, hint)


def column_of(heading: str) -> PledgeColumn | None:
    """The column that a heading names; None where it names none of the five."""
    words = " ".join(re.findall(r"[a-z0-9']+", heading.casefold()))
    if not words or len(words.split()) > MOST_WORDS:
        return None
    return next((column for column, pattern in _shipped.columns if re.search(rf"\b(?:{pattern})\b", words)), None)


def columns_of(row: tuple[Cell, ...]) -> dict[int, PledgeColumn] | None:
    """Which place of a heading row names which column; None if the row is no heading row.

    A heading row names actions and measures, or three columns with one of these two, each once, and holds no bullets.
    """
    if any(paragraph.listed for cell in row for paragraph in cell.paragraphs):
        return None
    named: dict[int, PledgeColumn] = {}
    for place, cell in enumerate(row):
        column = column_of(cell.text)
        if column is not None and column not in named.values():
            named[place] = column
    columns = set(named.values())
    both = {PledgeColumn.actions, PledgeColumn.measures} <= columns
    enough = len(columns) >= 3 and bool(columns & {PledgeColumn.actions, PledgeColumn.measures})
    return named if (both or enough) and 2 * len(named) >= sum(bool(cell.text.strip()) for cell in row) else None


class ColumnLayout:
    """The columns of a table: what its heading row says, applied to every row below."""

    def __init__(self, heading: tuple[Cell, ...], named: dict[int, PledgeColumn]) -> None:
        self.count = len(heading)
        self.titles = tuple(" ".join(cell.text.split()) for cell in heading)
        self.by_place = named
        self._spans = [(cell.start, cell.end) for cell in heading]

    @property
    def columns(self) -> set[PledgeColumn]:
        return set(self.by_place.values())

    def places_of(self, row: tuple[Cell, ...]) -> list[int]:
        """For each cell of a row, the place in the heading row that it stands under.

        A row with as many cells as the heading has them in the same order, however wide they were drawn; otherwise the
        grid decides, and a cell over several columns belongs to the first of them that we know.
        """
        return list(range(self.count)) if len(row) == self.count else [self._place_of(cell) for cell in row]

    def _place_of(self, cell: Cell) -> int:
        under = [place for place, (start, end) in enumerate(self._spans) if start < cell.end and cell.start < end]
        return ([place for place in under if place in self.by_place] or under or [self.count - 1])[0]

    def repeats(self, row: tuple[Cell, ...]) -> bool:
        """Whether a row says the heading again."""
        titles = tuple(" ".join(cell.text.split()).casefold() for cell in row)
        return titles == tuple(title.casefold() for title in self.titles)


def read_word_table(file: Path | bytes, source: str = "") -> WordPledge:
    """Read a pledge from a Word document: from where it lies, or from its bytes.

    Messages call it by the source, or by the file's name if nothing is said. Raises InputError: it isn't there, is no
    Word document (or an old, locked, damaged or oversized one), has no table whose headings are those of the pledge, or
    far too many entries.
    """
    source = source or (file.name if isinstance(file, Path) else "document")
    blocks = read_blocks(open_document(file, source))
    reader = _Reader()
    reader.read(blocks)
    if not reader.tables_read:
        raise _no_table(blocks, source)
    entries = sum(len(block.actions) + len(block.measures) for block in reader.rows.blocks)
    if entries > MOST_ENTRIES:
        raise _refused(source, "too many entries", entries=entries, most=MOST_ENTRIES)
    for place, text in blocks.beside:
        reader.rows.leave(place, text, "outside the main text")
    return WordPledge(source, tuple(reader.rows.blocks), tuple(reader.rows.left_over), tuple(reader.remarks(blocks)))


def read_word_text(content: bytes, source: str) -> tuple[str, tuple[str, ...]]:
    """A document's text, tracked changes accepted, and notes for its reader. Raises as `open_document`, or if empty."""
    blocks = read_blocks(open_document(content, source))
    text = re.sub(r"\n{3,}", "\n\n", "\n\n".join(filter(None, (block.text.strip() for block in blocks.body))))
    if not text:
        raise _refused(source, "no text")
    known = (
        (blocks.put_in or blocks.struck_out, "Tracked changes were read as accepted."),
        (blocks.unfilled, f"Left blank in the document: {'; '.join(blocks.unfilled)}."),
    )
    return text, tuple(words for holds, words in known if holds)


def open_document(file: Path | bytes, source: str) -> Document:
    """A document that came from outside. Raises InputError: absent, empty, too big, locked, damaged, not Word's."""
    if isinstance(file, Path):
        try:
            with file.open("rb") as opened:
                content = opened.read(MOST_BYTES + 1)
        except OSError as error:
            why = "not there" if isinstance(error, FileNotFoundError) else "not readable"
            raise _refused(source, why, error=error.strerror) from None
    else:
        content = file
    _check_kind(content, source)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            _check_package(package, source)
    except BROKEN_ARCHIVE:
        raise _refused(source, "damaged") from None
    import docx
    from docx.opc.exceptions import OpcError

    try:
        document = docx.Document(io.BytesIO(content))
        body = document.element.body
    except ValueError as error:
        if "content type" in str(error):
            raise _refused(source, "template") from None
        raise _refused(source, "damaged") from None
    # A part that is no XML raises lxml's kind of SyntaxError.
    except (OpcError, SyntaxError, KeyError, AttributeError, TypeError, IndexError, zipfile.BadZipFile):
        raise _refused(source, "damaged") from None
    if body is None:
        raise _refused(source, "damaged")
    return document


def _check_kind(content: bytes, source: str) -> None:
    if not content.strip():
        raise _refused(source, "empty")
    if len(content) > MOST_BYTES:
        raise _refused(source, "too big", size=len(content) / 1e6, most=MOST_BYTES / 1e6)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        # Word keeps a document with a password in the container of the old format, under this name.
        raise _refused(source, "locked" if "EncryptedPackage".encode("utf-16-le") in content else "old format")
    if not content.startswith(b"PK"):
        start = content.lstrip()[:16].lower().decode("latin-1")
        raise next(one for one in _shipped.files if start.startswith(one.start)).refusal(source)


def _check_package(package: zipfile.ZipFile, source: str) -> None:
    parts = package.infolist()
    names = {part.filename for part in parts}
    if _WORD_PART not in names:
        for one in _shipped.packages:
            if any(name.startswith(one.start) for name in names):
                raise one.refusal(source)
        raise _refused(source, "archive")
    if any(part.flag_bits & 0x1 for part in parts):
        raise _refused(source, "packed with a password")
    xml = [part for part in parts if part.filename.endswith((".xml", ".rels"))]
    unpacked, largest = sum(part.file_size for part in parts), max(part.file_size for part in xml)
    if unpacked > MOST_UNPACKED_BYTES or largest > MOST_XML_BYTES or len(parts) > MOST_PARTS:
        raise _refused(source, "unpacks too big", size=unpacked / 1e6, parts=len(parts))
    for part in xml:
        text = package.read(part)
        if any(mark in text for mark in _DOCUMENT_TYPE):
            raise _refused(source, "entities", part=part.filename)


def _no_table(blocks: Blocks, source: str) -> InputError:
    tables = [block for block in blocks.body if isinstance(block, WordTable)]
    if not tables:
        return _refused(source, "no table")
    first = next((row for table in tables for row in table.rows if any(cell.text for cell in row)), ())
    found = "; ".join(f"'{' '.join(cell.text.split())[:40]}'" for cell in first) or "empty cells"
    return _refused(source, "other tables", found=found)


class _Reader:
    """Goes through the blocks of a document and sorts every cell into the rows."""

    def __init__(self) -> None:
        self.rows = Rows()
        self.tables_read = 0
        self._tables = 0
        # Of the last table with headings: the next page may go on without them.
        self._layout: ColumnLayout | None = None
        self._above: list[tuple[str, str]] = []  # paragraphs since the last table
        self._assumed: list[str] = []

    def read(self, blocks: Blocks) -> None:
        paragraphs = 0
        for block in blocks.body:
            if isinstance(block, Paragraph):
                paragraphs += 1
                if block.text.strip():
                    self._above.append((f"paragraph {paragraphs}", " ".join(block.text.split())))
            else:
                self._table(block)
        self._leave_above()

    def _leave_above(self) -> None:
        for place, text in self._above:
            self.rows.leave(place, text, "outside the tables")
        self._above = []

    def _table(self, table: WordTable) -> None:
        self._tables += 1
        name = f"table {self._tables}"
        nested = [inner for row in table.rows for cell in row for inner in cell.tables]
        if any(columns_of(row) for inner in nested for row in inner.rows) and not any(map(columns_of, table.rows)):
            self._only_a_frame(table, name)
            return
        layout = self._continued(table, name)
        if layout is None and not any(columns_of(row) for row in table.rows):
            self._leave_above()
            for number, row in enumerate(table.rows, 1):
                self._leave_row(row, f"{name}, row {number}", "a table that is not the pledge's")
            return
        self.tables_read += 1
        self._read_rows(table, name, layout)

    def _continued(self, table: WordTable, name: str) -> ColumnLayout | None:
        """The columns of a table without headings of its own: those of the table before, or as the pledge has them."""
        if not table.rows or any(columns_of(row) for row in table.rows):
            return None
        count = max(len(row) for row in table.rows)
        if self._layout is not None:
            return self._layout if count == self._layout.count else None
        if count != len(IN_PRINTED_ORDER) or len(table.rows[0]) != count:
            return None
        self._assumed.append(name)
        return ColumnLayout(table.rows[0], dict(enumerate(IN_PRINTED_ORDER)))

    def _only_a_frame(self, table: WordTable, name: str) -> None:
        """A table for the sake of looks around the pledge's own: its cells are read one after the other."""
        for row in table.rows:
            for cell in row:
                for block in cell.blocks:
                    if isinstance(block, WordTable):
                        self._table(block)
                    elif block.text.strip():
                        self._above.append((name, " ".join(block.text.split())))

    def _leave_row(self, row: tuple[Cell, ...], place: str, why: str) -> None:
        for cell in row:
            self.rows.leave(place, cell.text, why)

    def _read_rows(self, table: WordTable, name: str, layout: ColumnLayout | None) -> None:
        heading = ""
        for number, row in enumerate(table.rows, 1):
            place = f"{name}, row {number}"
            named = columns_of(row)
            if named is not None and (layout is None or layout.repeats(row) or set(named.values()) >= layout.columns):
                layout = ColumnLayout(row, named)
                self._leave_row(row, place, "heading of a column")
                if PledgeColumn.intention not in layout.columns and not heading:
                    heading = self._heading_above(place)
                continue
            if layout is None:  # a title, before the headings
                self._leave_row(row, place, "above the headings")
                continue
            if layout is self._layout and number == 1 and PledgeColumn.intention not in layout.columns:
                heading = self._heading_above(place)
            self._row(row, layout, place)
        self._layout = layout
        self._leave_above()

    def _heading_above(self, place: str) -> str:
        """Where no column holds the intention, the paragraphs right above the table do."""
        lines, self._above = self._above[-_HEADING_LINES:], self._above[:-_HEADING_LINES]
        if heading := "\n".join(text for _, text in lines):
            self.rows.begin(heading, place)
        return heading

    def _row(self, row: tuple[Cell, ...], layout: ColumnLayout, place: str) -> None:
        filled = [cell for cell in row if cell.text]
        across = len(row) == 1 or (len(filled) == 1 and filled[0].end - filled[0].start >= max(3, layout.count - 1))
        if across and layout.count > 1:
            for cell in filled:
                if PledgeColumn.intention in layout.columns:
                    self.rows.leave(place, cell.text, "a line across the table")
                else:
                    self.rows.begin(cell.text, place)
            return
        cells: dict[PledgeColumn, list[Cell]] = {}
        for cell, index in zip(row, layout.places_of(row), strict=True):
            if (column := layout.by_place.get(index)) is not None:
                cells.setdefault(column, []).append(cell)
            elif cell.text:
                title = layout.titles[index]
                self.rows.leave(place, cell.text, f"column '{title}'" if title else "a column without heading")
        self.rows.add(cells, place)

    def remarks(self, blocks: Blocks) -> list[str]:
        shown = {"assumed": self._assumed, "columns": IN_PRINTED_ORDER, "blocks": blocks}
        return text_from("plan/word/remarks.txt.j2", **shown).strip().splitlines()
