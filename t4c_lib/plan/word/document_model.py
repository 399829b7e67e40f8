"""The nouns of a Word document as it is read, and of the pledge's table in it; all frozen."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True)
class Paragraph:
    """One paragraph. `listed`: Word shows a bullet or a number before it; `level`, `indent`: how deep (twips)."""

    text: str
    listed: bool = False
    level: int = 0
    indent: int = 0


@dataclass(frozen=True)
class Cell:
    """One cell of a table, over the grid columns from `start` up to, not including, `end`.

    Attributes:
        continued: it is the lower part of a cell merged downwards.
        blocks: what stands in it, in order.
    """

    start: int
    end: int
    continued: bool
    blocks: tuple[Paragraph | WordTable, ...]

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


@dataclass(frozen=True)
class WordTable:
    """Rows of cells. A row that was struck out isn't there."""

    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True)
class OtherText:
    """A text that stands in no paragraph of the body, with where it stands."""

    place: str
    text: str


@dataclass(frozen=True)
class Blocks:
    """A whole document.

    Attributes:
        body: paragraphs and tables, in order.
        beside: text boxes, headers, footers, notes, comments.
        put_in: how many tracked insertions were read as text.
        struck_out: the texts of tracked deletions, which are not read.
        unfilled: the prompts of content controls that nobody filled in, which are not read either.
    """

    body: tuple[Paragraph | WordTable, ...]
    beside: tuple[OtherText, ...]
    put_in: int
    struck_out: tuple[str, ...]
    unfilled: tuple[str, ...] = ()


class PledgeColumn(StrEnum):
    """The five columns of the pledge."""

    intention = "intention"
    actions = "actions"
    responsibility = "responsibility"
    timeline = "timeline"
    measures = "measures"


@dataclass(frozen=True)
class Bullet:
    """One entry of a column.

    Attributes:
        text: as written, without its mark; entries below it (and its line breaks) as further lines.
        mark: the bullet or number typed before it ("•", "1.", "3a1"); empty where Word makes the mark itself.
        place: "table 2, row 3".
    """

    text: str
    mark: str
    place: str


@dataclass(frozen=True)
class TableRow:
    """One row of the table as printed: its entries, and the lines of the two columns that go with them."""

    place: str
    actions: tuple[Bullet, ...] = ()
    measures: tuple[Bullet, ...] = ()
    timeline: tuple[str, ...] = ()
    postholders: tuple[str, ...] = ()


@dataclass(frozen=True)
class Block:
    """What stands under one heading of the first column; the heading is empty where there is none."""

    heading: str
    place: str
    rows: tuple[TableRow, ...]


@dataclass(frozen=True)
class Leftover:
    """A text that became no row of the plan. `why` says what it was taken for."""

    place: str
    text: str
    why: str


@dataclass(frozen=True)
class WordPledge:
    """A pledge as it stands in a Word document, before anything in it is matched to the framework.

    Attributes:
        source: name of the file.
        blocks: one for each heading of the first column, in order.
        leftover: every text that is in no block.
        remarks: what a person should know about how the document was read.
    """

    source: str
    blocks: tuple[Block, ...]
    leftover: tuple[Leftover, ...]
    remarks: tuple[str, ...]
