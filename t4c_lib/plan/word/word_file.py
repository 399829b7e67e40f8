"""A Word document, from what stands in it to paragraphs and tables in their order; no text is lost.

Tracked changes are read as if they had been accepted: what was put in counts, what was struck out does not, and the
reader is told both. A content control that nobody filled in is empty, and the reader is told what it asks for.
Everything else that is text is kept: what stands in content controls and form fields, hyperlinks, text boxes, nested
tables, headers and footers, footnotes, comments, the title in the file's properties.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from docx.document import Document

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


class Paragraph(NamedTuple):
    """One paragraph. `listed`: Word shows a bullet or a number before it; `level`, `indent`: how deep (twips)."""

    text: str
    listed: bool = False
    level: int = 0
    indent: int = 0


class Cell(NamedTuple):
    """One cell of a table, over the grid columns from `start` up to, not including, `end`."""

    start: int
    end: int
    continued: bool  #: it is the lower part of a cell merged downwards
    blocks: tuple[Paragraph | WordTable, ...]  #: what stands in it, in order

    @property
    def paragraphs(self) -> tuple[Paragraph, ...]:
        """Its paragraphs, those of nested tables cell by cell."""
        found: list[Paragraph] = []
        for block in self.blocks:
            if isinstance(block, Paragraph):
                found.append(block)
            else:
                found += (paragraph for row in block.rows for cell in row for paragraph in cell.paragraphs)
        return tuple(found)

    @property
    def tables(self) -> tuple[WordTable, ...]:
        return tuple(block for block in self.blocks if isinstance(block, WordTable))

    @property
    def text(self) -> str:
        return "\n".join(paragraph.text for paragraph in self.paragraphs if paragraph.text.strip())


class WordTable(NamedTuple):
    """Rows of cells. A row that was struck out isn't there."""

    rows: tuple[tuple[Cell, ...], ...]

    @property
    def text(self) -> str:
        return "\n".join(cell.text for row in self.rows for cell in row if cell.text)


class Blocks(NamedTuple):
    """A whole document."""

    body: tuple[Paragraph | WordTable, ...]  #: paragraphs and tables, in order
    #: text boxes, headers, footers, notes, comments: where each stands, and its text.
    beside: tuple[tuple[str, str], ...]
    put_in: int  #: how many tracked insertions were read as text
    struck_out: tuple[str, ...]  #: the texts of tracked deletions, which are not read
    unfilled: tuple[str, ...] = ()  #: the prompts of content controls that nobody filled in, which are not read either


def read_blocks(document: Document) -> Blocks:
    """Everything in an opened document."""
    walk = _Walk(_list_styles(document))
    walk.empty_unfilled(document.element.body)
    body = tuple(walk.blocks(document.element.body))
    beside = [("text box", text) for text in walk.take_boxes()]
    properties = document.core_properties
    beside += [("title of the file", text) for text in (properties.title, properties.subject) if text.strip()]
    for part, name in _parts_beside(document):
        walk.empty_unfilled(part)
        texts = [block.text for block in walk.blocks(part)] + walk.take_boxes()
        beside += [(name, text) for text in texts if text.strip()]
    struck_out = tuple(text for text in walk.struck_out if text.strip())
    return Blocks(body, tuple(beside), walk.put_in, struck_out, tuple(walk.unfilled))


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
    has_styles = any(relationship.reltype.endswith("/styles") for relationship in document.part.rels.values())
    root = document.part._styles_part.element if has_styles else ()
    own: dict[str, int | None] = {}
    based_on: dict[str, str] = {}
    for style in root:
        if style.tag == f"{W}style":
            name = style.get(f"{W}styleId", "")
            own[name] = _numbered_level(style)
            based_on[name] = _value(style, "basedOn")
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


def _value(element: Any, path: str) -> str:
    found = element.find("/".join(f"{W}{name}" for name in path.split("/")))
    return "" if found is None else str(found.get(f"{W}val", ""))


def _numbered_level(element: Any) -> int | None:
    """The level as a list item; -1 where numbering is switched off, None where nothing is said."""
    if element.find(f"{W}pPr/{W}numPr") is None:
        return None
    return -1 if _value(element, "pPr/numPr/numId") == "0" else _whole(_value(element, "pPr/numPr/ilvl"))


def _whole(text: str | None) -> int:
    try:
        return int(float(text or 0))
    except (ValueError, OverflowError):
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
                joined = paragraph.text if child.find(f"{W}pPr/{W}rPr/{W}del") is not None else ""
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

    def _paragraph(self, element: Any, before: str) -> Paragraph:
        if (level := _numbered_level(element)) is None:
            level = self.list_styles.get(_value(element, "pPr/pStyle"))
        left = element.find(f"{W}pPr/{W}ind")
        indent = 0 if left is None else _whole(left.get(f"{W}left") or left.get(f"{W}start"))
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
                self.boxes.append("\n".join(block.text for block in self.blocks(child)))
            elif isinstance(tag, str) and tag not in _NO_TEXT:
                self.put_in += tag in _PUT_IN
                parts.append(self._text(self._chosen(child)))
        return "".join(parts)

    def _strike(self, element: Any) -> None:
        self.struck_out.append("".join(text.text or "" for text in element.iter(f"{W}t", f"{W}delText")))

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
            if row.find(f"{W}trPr/{W}del") is not None:
                self._strike(row)
                continue
            start = _whole(_value(row, "trPr/gridBefore"))
            cells = []
            for element in _within(row, f"{W}tc"):
                cell = self._cell(element, start)
                cells.append(cell)
                start = cell.end
            yield tuple(cells)

    def _cell(self, element: Any, start: int) -> Cell:
        span = max(1, _whole(_value(element, "tcPr/gridSpan")))
        merged = element.find(f"{W}tcPr/{W}vMerge")
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
    empty = (choice for choice in properties.iter(f"{W}listItem") if not choice.get(f"{W}value"))
    return (prompt is not None and _is_on(prompt)) or any(said == choice.get(f"{W}displayText") for choice in empty)


def _is_on(element: Any) -> bool:
    return element.get(f"{W}val", "true") not in ("0", "false", "off")


def _form_field(mark: Any) -> str:
    """What a form field of the old kind shows that is no text of the document: the choice of a list, a box."""
    if choices := [choice.get(f"{W}val", "") for choice in mark.iter(f"{W}listEntry")]:
        number = _whole(_value(mark, "ffData/ddList/result"))
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
