"""Word documents made for tests: the pledge as its source prints it, and the shapes in which trusts keep it."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import docx
from docx.document import Document
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.table import _Cell

from t4c_lib.plan.word.plan_table import read_word_table
from t4c_lib.plan.word.table_entries import WordPledge

HEADINGS = ("National strategic intention", "Agreed actions", "Responsibility", "Timeline", "Measures of success")


@dataclass(frozen=True)
class SourceRow:
    """One intention of the pledge. `heading`, `timeline`: paragraphs; `actions`, `measures`: bullets."""

    heading: tuple[str, ...]
    actions: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    timeline: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()


class _Lines(HTMLParser):
    """The paragraphs and list items of a cell, and whether it had a list."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = [""]
        self.is_list = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("p", "li"):
            self.lines.append("")
        self.is_list |= tag == "li"

    def handle_data(self, data: str) -> None:
        self.lines[-1] += data


def _cell(html: str) -> tuple[tuple[str, ...], bool]:
    parser = _Lines()
    parser.feed(html)
    parser.close()
    pieces = (
        [piece for line in parser.lines for piece in re.split(r"\s{2,}|\n", line)]
        if not parser.is_list
        else parser.lines
    )
    lines = (re.sub(r"^\s*•\s*", "", " ".join(line.split())) for line in pieces)
    return tuple(line for line in lines if line), parser.is_list


def source_rows(shared: Path) -> list[SourceRow]:
    """The ten intentions as the source prints them, each text in the column that it belongs to.

    The first row of the print stands one column to the left; its texts are placed by what they are: the first list
    holds the actions, the last one the measures, what is between them the dates.
    """
    text = next((shared / "source").glob("003_*.txt")).read_text(encoding="utf-8")
    rows = []
    for line in text.splitlines():
        cells = line.split("\t")
        if len(cells) < 5 or "Responsibility" in line:
            continue
        parsed = [_cell(cell) for cell in cells]
        lists = [lines for lines, is_list in parsed[1:] if is_list]
        dates = [line for lines, is_list in parsed[1:] if not is_list for line in lines]
        rows.append(SourceRow(parsed[0][0], lists[0], (), tuple(dates), lists[-1]))
    assert len(rows) == 10
    assert [len(row.actions) for row in rows] == [4, 1, 3, 3, 3, 6, 1, 2, 3, 5]
    assert [len(row.measures) for row in rows] == [4, 4, 4, 3, 4, 5, 2, 2, 2, 6]
    return rows


@dataclass(frozen=True)
class Shape:
    """How a trust keeps its table.

    Attributes:
        order: which of the five columns stand where.
        headings: titles of the five columns, in the pledge's order.
        bullets: "list" for Word's own; otherwise the mark that is typed before each entry ("" for none).
        breaks: entries of a cell in one paragraph, with line breaks between them.
        per_intention: a table for each intention instead of one.
        heading_again: the heading row is said again before each intention.
        merged: a row of the table for each entry, with the intention's cell merged downwards.
    """

    order: tuple[int, ...] = (0, 1, 2, 3, 4)
    headings: tuple[str, ...] = HEADINGS
    bullets: str = "list"
    breaks: bool = False
    per_intention: bool = False
    heading_again: bool = False
    merged: bool = False

    def but(self, **changes: Any) -> Shape:
        return replace(self, **changes)


def fill(cell: _Cell, lines: Iterable[str], shape: Shape = Shape(), *, entries: bool = False) -> None:
    """Write lines into a cell, as entries of a list in the way of `shape`, or as plain paragraphs."""
    lines = list(lines)
    if entries and shape.bullets != "list":
        lines = [f"{shape.bullets} {line}".strip() for line in lines]
    if entries and shape.breaks:
        cell.paragraphs[0].add_run("\n".join(lines))
        return
    for index, line in enumerate(lines):
        paragraph = cell.paragraphs[0] if index == 0 else cell.add_paragraph()
        paragraph.add_run(line)
        if entries and shape.bullets == "list":
            paragraph.style = "List Bullet"


def make_pledge(rows: Sequence[SourceRow], shape: Shape = Shape()) -> Document:
    """A document with the pledge's table in the shape given."""
    document = docx.Document()
    document.add_heading("Our local partnership pledge", 0)
    table = None
    for row in rows:
        if table is None or shape.per_intention:
            document.add_paragraph("A page of our own words.")
            table = document.add_table(1, 5)
            _headings(table.rows[0].cells, shape)
        elif shape.heading_again:
            _headings(table.add_row().cells, shape)
        if shape.merged:
            _one_row_for_each(table, row, shape)
        else:
            cells = table.add_row().cells
            for column, lines in enumerate((row.heading, row.actions, row.people, row.timeline, row.measures)):
                fill(cells[shape.order.index(column)], lines, shape, entries=column in (1, 4))
    return document


def _headings(cells: Sequence[_Cell], shape: Shape) -> None:
    for column, title in enumerate(shape.headings):
        cells[shape.order.index(column)].text = title


def _one_row_for_each(table: Any, row: SourceRow, shape: Shape) -> None:
    count = max(len(row.actions), len(row.measures), 1)
    added = [table.add_row().cells for _ in range(count)]
    for index, cells in enumerate(added):
        for column, lines in ((1, row.actions), (4, row.measures)):
            fill(cells[shape.order.index(column)], lines[index : index + 1], shape, entries=True)
    for column, lines in ((0, row.heading), (2, row.people), (3, row.timeline)):
        place = shape.order.index(column)
        fill(added[0][place].merge(added[-1][place]), lines)


ROW = SourceRow(
    ("3. Ambassadors in schools",),
    ("Train ambassadors", "Visit schools"),
    ("Head of learning",),
    ("May 2026",),
    ("A register of ambassadors",),
)


def table_in(document: Document) -> Any:  # python-docx leaves some of a table's methods without types
    table: Any = document.add_table(1, 5)
    for cell, title in zip(table.rows[0].cells, HEADINGS, strict=True):
        cell.text = title
    return table


def saved(document: Document) -> bytes:
    """The bytes of a document."""
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def text_in(content: bytes) -> str:
    """All that a reader of the document sees, worked out from the file itself: body and beside, but not deletions."""
    found = []
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        for name in package.namelist():
            if re.fullmatch(r"word/(document|header\d*|footer\d*|footnotes|endnotes|comments)\.xml", name):
                xml = package.read(name).decode("utf-8")
                xml = re.sub(r"<w:(del|moveFrom) .*?</w:\1>", "", xml, flags=re.DOTALL)
                found += re.findall(r"<w:t(?: [^>]*)?>([^<]*)</w:t>", xml)
    return "".join(found).replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">")


def tracked(paragraph: Any, put_in: str = "", struck_out: str = "") -> None:
    """Add a tracked insertion and a tracked deletion to a paragraph."""
    for kind, tag, text in (("w:ins", "w:t", put_in), ("w:del", "w:delText", struck_out)):
        if text:
            change, run, piece = OxmlElement(kind), OxmlElement("w:r"), OxmlElement(tag)
            change.set(qn("w:id"), "1")
            change.set(qn("w:author"), "A colleague")
            piece.text = text
            run.append(piece)
            change.append(run)
            paragraph._p.append(change)


def read(document: Document) -> WordPledge:
    return read_word_table(saved(document), "ours.docx")


def actions(pledge: WordPledge) -> list[str]:
    return [bullet.text for block in pledge.blocks for row in block.rows for bullet in row.actions]


def xml(inner: str) -> Any:
    """An element out of its text, with Word's prefix known."""
    namespaces = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    w14 = 'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"'
    return parse_xml(re.sub(r"^<([\w:]+)", rf"<\1 {namespaces} {w14}", inner, count=1))


def control(text: str, properties: str = "", *, asks: bool = False) -> Any:
    """A content control in a line; `asks`: nobody filled it in, and Word shows its prompt."""
    prompt = "<w:showingPlcHdr/>" if asks else ""
    return xml(
        f"<w:sdt><w:sdtPr>{properties}{prompt}</w:sdtPr><w:sdtContent><w:r><w:t>{text}</w:t></w:r></w:sdtContent></w:sdt>"
    )


def form_field(field: str, instruction: str, shown: str = "") -> list[Any]:
    """A form field of the old kind, run by run."""
    runs = [
        f'<w:fldChar w:fldCharType="begin"><w:ffData>{field}</w:ffData></w:fldChar>',
        f"<w:instrText> {instruction} </w:instrText>",
        '<w:fldChar w:fldCharType="separate"/>',
        f"<w:t>{shown}</w:t>",
        '<w:fldChar w:fldCharType="end"/>',
    ]
    return [xml(f"<w:r>{run}</w:r>") for run in runs]
