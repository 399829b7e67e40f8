"""A Word document, from bytes to paragraphs and tables in their order, and what hangs beside them; no text is lost.

The file comes from outside; anything but a Word document is refused and called by its name. It is unpacked only after
the sizes it declares are known to be small (the unpacking stops at the declared size), and only if none of its parts
brings entities of its own.

Tracked changes are read as if they had been accepted: what was put in counts, what was struck out does not, and the
reader is told both. A content control that nobody filled in is empty, and the reader is told what it asks for.
Everything else that is text is kept: what stands in content controls and form fields, hyperlinks, text boxes, nested
tables, headers and footers, footnotes, comments, the title in the file's properties.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from t4c_lib.errors import InputError, Problem
from t4c_lib.plan.word.document_model import Blocks, Cell, OtherText, Paragraph, WordTable

if TYPE_CHECKING:
    from docx.document import Document

MOST_BYTES: Final = 30_000_000
MOST_UNPACKED_BYTES: Final = 200_000_000  # pictures and all
MOST_XML_BYTES: Final = 30_000_000  # of one part; a pledge of ten intentions comes to about 200 KB
MOST_PARTS: Final = 5_000

SAVE_AS_DOCX: Final = "Open it in Word and save it as 'Word Document (.docx)'."
PLAN_FILE: Final = "The name of a plan file (YAML) ends in .yaml."
_WORD_PART: Final = "word/document.xml"
# An entity needs a document type, which no Word file has. Both ways in which such a part can be encoded.
_DOCUMENT_TYPE: Final = tuple("<!DOCTYPE".encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be"))
_NOT_WORD: Final[tuple[tuple[bytes, str, str], ...]] = (
    (b"{\\rtf", "a Rich Text file (.rtf)", SAVE_AS_DOCX),
    (b"%PDF", "a PDF", "Ask for the Word document that it was made from."),
    (b"<html", "a web page", "Open it in Word and save it as 'Word Document (.docx)'."),
    (b"<!doctype", "a web page", "Open it in Word and save it as 'Word Document (.docx)'."),
    (b"\x89png", "a picture", "Ask for the Word document itself."),
    (b"\xff\xd8\xff", "a picture", "Ask for the Word document itself."),
)
_OTHER_PACKAGES: Final[tuple[tuple[str, str, str], ...]] = (
    ("xl/", "an Excel workbook", "Copy its table into a Word document (.docx)."),
    ("ppt/", "a PowerPoint presentation", "Copy its table into a Word document."),
    ("content.xml", "an OpenDocument file", "Open it in Word or LibreOffice and save it as 'Word Document (.docx)'."),
    ("Index/Document.iwa", "a Pages document", "Export it from Pages as Word (.docx)."),
)

W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_OTHER_TEXT: Final = (
    "{http://schemas.openxmlformats.org/officeDocument/2006/math}t",
    "{http://schemas.openxmlformats.org/drawingml/2006/main}t",
)
_STANDS_FOR: Final = {f"{W}tab": "\t", f"{W}ptab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}
_STRUCK_OUT: Final = (f"{W}del", f"{W}moveFrom")
_PUT_IN: Final = (f"{W}ins", f"{W}moveTo")
_NO_TEXT: Final = (f"{W}pPr", f"{W}rPr", f"{W}tblPr", f"{W}trPr", f"{W}tcPr", f"{W}tblGrid", f"{W}instrText")
_SYMBOL_FONTS: Final = ("wingdings", "symbol", "webdings")
# Parts beside the body whose text is kept, by the end of the kind of their relationship.
_BESIDE: Final = {
    "header": "header of the pages",
    "footer": "footer of the pages",
    "footnotes": "footnote",
    "endnotes": "endnote",
    "comments": "comment",
}


def open_word(content: bytes, source: str) -> Document:
    """The document in `content`.

    Args:
        content: the file's bytes.
        source: how messages call the file.

    Raises:
        InputError: it is empty, too big, an older Word file, locked by a password, damaged, or no Word file at all.
    """
    _check_kind(content, source)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            _check_package(package, source)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError):
        raise _damaged(source) from None
    import docx
    from docx.opc.exceptions import OpcError

    try:
        document = docx.Document(io.BytesIO(content))
        body = document.element.body
    except ValueError as error:
        if "content type" in str(error):
            message = "this is a Word template, or a document with macros."
            raise InputError(source, [Problem("", message, SAVE_AS_DOCX)]) from None
        raise _damaged(source) from None
    # A part that is no XML raises lxml's kind of SyntaxError.
    except (OpcError, SyntaxError, KeyError, AttributeError, TypeError, IndexError, zipfile.BadZipFile):
        raise _damaged(source) from None
    if body is None:
        raise _damaged(source)
    return document


def _check_kind(content: bytes, source: str) -> None:
    if not content.strip():
        raise InputError(source, [Problem("", "the file is empty.", "Was it saved or downloaded completely?")])
    if len(content) > MOST_BYTES:
        message = f"the file has {len(content) / 1e6:,.0f} MB; at most {MOST_BYTES / 1e6:,.0f} MB are read."
        raise InputError(source, [Problem("", message, "Take the pictures out and save it again.")])
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        # Word keeps a document with a password in the container of the old format, under this name.
        if "EncryptedPackage".encode("utf-16-le") in content:
            message, hint = "the document is locked with a password.", "Save a copy without one: File, Info, Protect."
        else:
            message, hint = "this is a Word document in the old format (.doc).", SAVE_AS_DOCX
        raise InputError(source, [Problem("", message, hint)])
    if not content.startswith(b"PK"):
        start = content.lstrip()[:16].lower()
        known = ((what, hint) for mark, what, hint in _NOT_WORD if start.startswith(mark.lower()))
        what, hint = next(known, ("not a Word document", f"{SAVE_AS_DOCX} {PLAN_FILE}"))
        raise InputError(source, [Problem("", f"this is {what}; a Word document (.docx) is needed.", hint)])


def _check_package(package: zipfile.ZipFile, source: str) -> None:
    parts = package.infolist()
    names = {part.filename for part in parts}
    if _WORD_PART not in names:
        for start, what, hint in _OTHER_PACKAGES:
            if any(name.startswith(start) for name in names):
                raise InputError(source, [Problem("", f"this is {what}; a Word document (.docx) is needed.", hint)])
        message = "this is a zip archive without a Word document's text in it."
        raise InputError(source, [Problem("", message, SAVE_AS_DOCX)])
    if any(part.flag_bits & 0x1 for part in parts):
        raise InputError(source, [Problem("", "the file is packed with a password.", "Save a copy without one.")])
    xml = [part for part in parts if part.filename.endswith((".xml", ".rels"))]
    unpacked, largest = sum(part.file_size for part in parts), max(part.file_size for part in xml)
    if unpacked > MOST_UNPACKED_BYTES or largest > MOST_XML_BYTES or len(parts) > MOST_PARTS:
        message = f"the file would unpack to {unpacked / 1e6:,.0f} MB in {len(parts):,} parts, too much for a plan."
        raise InputError(source, [Problem("", message, "Copy the table into a new document and save that.")])
    for part in xml:
        text = package.read(part)
        if any(mark in text for mark in _DOCUMENT_TYPE):
            message = f"'{part.filename}' in it declares entities, which Word never does; it is not opened."
            raise InputError(source, [Problem("", message, "Copy the table into a new document and save that.")])


def _damaged(source: str) -> InputError:
    hint = f"Was it saved or downloaded completely? {SAVE_AS_DOCX}"
    return InputError(source, [Problem("", "the Word document is damaged, or saved in an unusual way.", hint)])


def read_blocks(document: Document) -> Blocks:
    """Everything in an opened document."""
    walk = _Walk(_list_styles(document))
    walk.empty_unfilled(document.element.body)
    body = tuple(walk.blocks(document.element.body))
    beside = [OtherText("text box", text) for text in walk.take_boxes()]
    properties = document.core_properties
    beside += [OtherText("title of the file", text) for text in (properties.title, properties.subject) if text.strip()]
    for part, name in _parts_beside(document):
        walk.empty_unfilled(part)
        texts = [_cell_text(block) for block in walk.blocks(part)] + walk.take_boxes()
        beside += [OtherText(name, text) for text in texts if text.strip()]
    struck_out = tuple(text for text in walk.struck_out if text.strip())
    return Blocks(body, tuple(beside), walk.put_in, struck_out, tuple(walk.unfilled))


def _cell_text(block: Paragraph | WordTable) -> str:
    if isinstance(block, Paragraph):
        return block.text
    return "\n".join(cell.text for row in block.rows for cell in row if cell.text)


def _parts_beside(document: Document) -> Iterator[tuple[Any, str]]:
    from docx.oxml import parse_xml

    for relationship in document.part.rels.values():
        kind = relationship.reltype.rsplit("/", 1)[-1]
        if kind in _BESIDE and not relationship.is_external:
            part = relationship.target_part
            element = getattr(part, "element", None)
            yield (parse_xml(part.blob) if element is None else element), _BESIDE[kind]


def _list_styles(document: Document) -> dict[str, int]:
    """Styles whose paragraphs are list items, with their level. A style has what the one it is based on has."""
    root = document.part._styles_part.element if _has_styles(document) else ()
    own: dict[str, int | None] = {}
    based_on: dict[str, str] = {}
    for style in root:
        if style.tag != f"{W}style":
            continue
        name = style.get(f"{W}styleId", "")
        own[name] = _numbered_level(style.find(f"{W}pPr"))
        parent = style.find(f"{W}basedOn")
        if parent is not None:
            based_on[name] = parent.get(f"{W}val", "")
    levels = {}
    for name in own:
        step, seen = name, set[str]()
        while step in own and step not in seen and own[step] is None:
            seen.add(step)
            step = based_on.get(step, "")
        level = own.get(step)
        if level is not None and level >= 0:
            levels[name] = level
    return levels


def _has_styles(document: Document) -> bool:
    return any(relationship.reltype.endswith("/styles") for relationship in document.part.rels.values())


def _numbered_level(properties: Any) -> int | None:
    """The level of a list item; -1 where numbering is switched off, None where nothing is said."""
    numbering = None if properties is None else properties.find(f"{W}numPr")
    if numbering is None:
        return None
    number, level = numbering.find(f"{W}numId"), numbering.find(f"{W}ilvl")
    if number is not None and number.get(f"{W}val") == "0":
        return -1
    return 0 if level is None else _whole(level.get(f"{W}val"))


def _whole(text: str | None) -> int:
    try:
        return int(float(text or 0))
    except ValueError:
        return 0


@dataclass
class _Walk:
    list_styles: dict[str, int]
    put_in: int = 0
    struck_out: list[str] = field(default_factory=list)
    boxes: list[str] = field(default_factory=list)
    unfilled: list[str] = field(default_factory=list)

    def empty_unfilled(self, part: Any) -> None:
        """Take the text out of the content controls that still ask for one, and keep it as what they ask for."""
        for control in part.iter(f"{W}sdt"):
            texts = [text for text in control.iter(f"{W}t") if text.text]
            said = "".join(text.text for text in texts)
            if said.strip() and _still_asks(control.find(f"{W}sdtPr"), said.strip()):
                self.unfilled.append(" ".join(said.split()))
                for text in texts:
                    text.text = ""

    def take_boxes(self) -> list[str]:
        boxes, self.boxes = [text for text in self.boxes if text.strip()], []
        return boxes

    def blocks(self, parent: Any) -> Iterator[Paragraph | WordTable]:
        """Paragraphs and tables below `parent`, however they are wrapped."""
        joined = ""  # from paragraphs whose end mark was struck out: Word draws the next paragraph into them
        for child in parent:
            if child.tag == f"{W}p":
                paragraph = self._paragraph(child, joined)
                joined = paragraph.text if self._end_is_struck_out(child) else ""
                if not joined:
                    yield paragraph
            elif child.tag == f"{W}tbl":
                yield WordTable(tuple(self._rows(child)))
            elif child.tag in _STRUCK_OUT:
                self._strike(child)
            elif isinstance(child.tag, str) and child.tag not in _NO_TEXT:
                yield from self.blocks(self._chosen(child))
        if joined:
            yield Paragraph(joined)

    @staticmethod
    def _end_is_struck_out(paragraph: Any) -> bool:
        return paragraph.find(f"{W}pPr/{W}rPr/{W}del") is not None

    def _paragraph(self, element: Any, before: str) -> Paragraph:
        properties = element.find(f"{W}pPr")
        level = _numbered_level(properties)
        indent = 0
        if properties is not None:
            style, left = properties.find(f"{W}pStyle"), properties.find(f"{W}ind")
            if level is None and style is not None:
                level = self.list_styles.get(style.get(f"{W}val", ""))
            if left is not None:
                indent = _whole(left.get(f"{W}left") or left.get(f"{W}start"))
        listed = level is not None and level >= 0
        return Paragraph(before + self._text(element), listed, level if listed and level else 0, indent)

    def _text(self, element: Any) -> str:
        parts = []
        for child in element:
            tag = child.tag
            if tag == f"{W}t" or tag in _OTHER_TEXT:
                parts.append(child.text or "")
            elif tag in _STANDS_FOR:
                parts.append(_STANDS_FOR[tag])
            elif tag == f"{W}fldChar":
                parts.append(_form_field(child))
            elif tag == f"{W}sym":
                parts.append(_symbol(child))
            elif tag in _STRUCK_OUT:
                self._strike(child)
            elif tag == f"{W}txbxContent":
                self.boxes.append("\n".join(_cell_text(block) for block in self.blocks(child)))
            elif isinstance(tag, str) and tag not in _NO_TEXT:
                self.put_in += tag in _PUT_IN
                parts.append(self._text(self._chosen(child)))
        return "".join(parts)

    def _strike(self, element: Any) -> None:
        texts = element.iter(f"{W}t", f"{W}delText")
        self.struck_out.append("".join(text.text or "" for text in texts))

    @staticmethod
    def _chosen(element: Any) -> Any:
        """Of the same thing drawn for newer and for older versions of Word, the first; otherwise all there is."""
        if element.tag != f"{_MC}AlternateContent":
            return element
        choice = element.find(f"{_MC}Choice")
        if choice is not None and next(choice.iter(f"{W}t"), None) is not None:
            return choice
        fallback = element.find(f"{_MC}Fallback")
        return choice if fallback is None and choice is not None else (fallback if fallback is not None else ())

    def _rows(self, table: Any) -> Iterator[tuple[Cell, ...]]:
        for row in _within(table, f"{W}tr"):
            properties = row.find(f"{W}trPr")
            if properties is not None and properties.find(f"{W}del") is not None:
                self._strike(row)
                continue
            before = None if properties is None else properties.find(f"{W}gridBefore")
            start = 0 if before is None else _whole(before.get(f"{W}val"))
            cells = []
            for element in _within(row, f"{W}tc"):
                cell = self._cell(element, start)
                cells.append(cell)
                start = cell.end
            yield tuple(cells)

    def _cell(self, element: Any, start: int) -> Cell:
        properties = element.find(f"{W}tcPr")
        span, merged = 1, None
        if properties is not None:
            wide, merged = properties.find(f"{W}gridSpan"), properties.find(f"{W}vMerge")
            span = 1 if wide is None else max(1, _whole(wide.get(f"{W}val")))
        continued = merged is not None and merged.get(f"{W}val", "continue") == "continue"
        return Cell(start, start + span, continued, tuple(self.blocks(element)))


def _within(parent: Any, tag: str) -> Iterator[Any]:
    """Rows of a table, or cells of a row, also where a content control wraps them."""
    for child in parent:
        if child.tag == tag:
            yield child
        elif child.tag in (f"{W}sdt", f"{W}sdtContent", f"{W}customXml", *_PUT_IN):
            yield from _within(child, tag)


def _still_asks(properties: Any, said: str) -> bool:
    """Whether a content control shows its prompt: Word says so, or what it shows is the choice without a value."""
    if properties is None:
        return False
    prompt = properties.find(f"{W}showingPlcHdr")
    choices = properties.iter(f"{W}listItem")
    return (prompt is not None and _is_on(prompt)) or any(
        said == choice.get(f"{W}displayText") and not choice.get(f"{W}value") for choice in choices
    )


def _is_on(element: Any) -> bool:
    return element.get(f"{W}val", "true") not in ("0", "false", "off")


def _form_field(mark: Any) -> str:
    """What a form field of the old kind shows that is no text of the document: the choice of a list, a box."""
    choices = [choice.get(f"{W}val", "") for choice in mark.iter(f"{W}listEntry")]
    if choices:
        chosen = mark.find(f"{W}ffData/{W}ddList/{W}result")
        number = 0 if chosen is None else _whole(chosen.get(f"{W}val"))
        return choices[number] if number < len(choices) else ""
    for box in mark.iter(f"{W}checkBox"):
        states = [state for name in ("checked", "default") if (state := box.find(f"{W}{name}")) is not None]
        return "☒" if states and _is_on(states[0]) else "☐"
    return ""


def _symbol(element: Any) -> str:
    if element.get(f"{W}font", "").casefold().startswith(_SYMBOL_FONTS):
        return "•"
    code = element.get(f"{W}char", "")
    try:
        return chr(int(code, 16))
    except (ValueError, OverflowError):
        return ""
