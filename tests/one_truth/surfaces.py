"""The surfaces as a person sees them, and cut into pieces: a sentence, a fact, a row of a table, a chart's words."""

from __future__ import annotations

import datetime as dt
import json
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from io import StringIO
from pathlib import Path
from unittest.mock import patch

from bs4 import BeautifulSoup, Tag
from rich.console import Console

from t4c_lib.cli import console, main
from t4c_lib.disclosure import Audience
from t4c_lib.reports import open_report
from t4c_lib.sections import page_of
from t4c_lib.store import Store

ROOT = Path(__file__).resolve().parents[2]
WIDTH = 600  # characters; a wide screen, on which no reason goes on below itself
SECTION = re.compile(r"(?=<section\b)")
SVG = re.compile(r"<svg.*?</svg>", re.DOTALL)
WORDS = re.compile(r"<text[^>]*>(.*?)</text>", re.DOTALL)


@dataclass(frozen=True)
class Piece:
    """One piece of a surface.

    Attributes:
        kind: heading, warning, fact, sentence, title, alt, drawn, row, line.
        cells: its texts: one; of a fact label, figure and detail; of a row one a column.
        heading: under which it stands; of a line the block's first line.
        caption: of the table, for a row.
        heads: of the columns, for a row.
    """

    kind: str
    cells: tuple[str, ...]
    heading: str = ""
    caption: str = ""
    heads: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The first cell, which is all of a piece that is no row and no fact."""
        return self.cells[0]


def report_html(store: Store, code: str, as_of: dt.date) -> str:
    """The report's page: what each cell of its notebook shows, put together as `t4c report` does; at most 400 kB."""
    cells = json.loads((ROOT / "workbooks" / "trust_report.ipynb").read_text(encoding="utf-8"))["cells"]
    names = {"report": open_report(code, None, store, as_of, Audience.FORUM)}
    shown = []
    for cell in cells[1:]:
        lines = "".join(cell["source"]).strip().splitlines()
        if cell["cell_type"] == "code":
            shown.append(eval(lines[-1], {}, names)._repr_html_())  # the last line of a cell is what it shows
    page = page_of("".join(shown), title=code, demonstration=False, audience=Audience.FORUM)
    assert len(page.encode()) < 400_000, f"the report of {code} has {len(page.encode()):,} bytes"
    return without_drawing(page)


def command(*words: str) -> str:
    """What `t4c` prints on a wide screen."""
    out = StringIO()
    wide = Console(file=out, width=WIDTH, highlight=False, soft_wrap=True, color_system=None)
    with patch.object(console, "_out", wide), patch.object(sys, "argv", ["t4c", *words]):
        try:
            main()
        except SystemExit as ended:
            assert ended.code in {0, 1, None}, out.getvalue()  # noqa: PT017
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines())


def without_drawing(html: str) -> str:
    """The same page without its style, and of its drawings the words alone."""
    html = re.sub(r"<style.*?</style>", "", html, flags=re.DOTALL)
    return SVG.sub(lambda found: f"<svg>{'|'.join(WORDS.findall(found[0]))}</svg>", html)


def html_pieces(html: str) -> list[Piece]:
    """A page's pieces, in order."""
    pieces: list[Piece] = []
    heading = ""
    for section in SECTION.split(html):
        some, heading = _section_pieces(section, heading)
        pieces += some
    return pieces


@lru_cache(maxsize=1024)
def _section_pieces(html: str, heading: str) -> tuple[tuple[Piece, ...], str]:
    """Those of a section, and its last heading. Of a page that was read before, only what changed is cut anew."""
    cutting = _Cutting(BeautifulSoup(html, "html.parser"), heading)
    return tuple(cutting.pieces()), cutting.heading


class _Cutting:
    def __init__(self, soup: BeautifulSoup, heading: str) -> None:
        self.soup, self.heading = soup, heading

    def pieces(self) -> Iterator[Piece]:
        names = ["h1", "h2", "h3", "h4", "p", "li", "figcaption", "summary", "svg", "table", "dl", "div"]
        for tag in self.soup.find_all(names):
            yield from self._of(tag)

    def _of(self, tag: Tag) -> Iterator[Piece]:
        text = _text(tag)
        if tag.name in {"h1", "h2", "h3", "h4"}:
            self.heading = text
            yield Piece("heading", (text,), text)
        elif tag.name == "dl":
            for fact in tag.find_all("div"):
                parts = [_text(part) for part in fact.find_all(["dt", "dd"])]
                yield Piece("fact", (*parts, *[""] * (3 - len(parts))), self.heading)
        elif tag.name == "table":
            caption = _text(tag.caption) if tag.caption else ""
            heads = tuple(_text(one) for one in tag.select("thead th"))
            if caption:
                yield Piece("title", (caption,), self.heading)
            for small in tag.select("td small, th small"):
                small.extract()  # of 2015, or a note of the framework: no figure of the organisation
            for row in tag.select("tbody tr, tfoot tr"):
                cells = tuple(_text(one) for one in row.find_all(["th", "td"]))
                yield Piece("row", cells, self.heading, caption, heads)
        elif tag.name == "div":
            if tag.get("role") == "img":
                yield Piece("alt", (_plain(str(tag.get("aria-label", ""))),), self.heading)
        elif tag.name == "svg":
            yield Piece("drawn", tuple(part for part in text.split("|") if part), self.heading)
        elif tag.name != "summary" and text:
            kind = "title" if tag.name == "figcaption" else "sentence"
            yield Piece(kind, (re.sub(r"^(Note|How to read it) ", "", text),), self.heading)


def _text(tag: Tag) -> str:
    return _plain(tag.get_text(" " if tag.name == "p" else ""))


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", unescape(text)).strip()


def line_pieces(text: str) -> list[Piece]:
    """A command's lines, each with its cells (parted by two spaces or more) and the first line of its block."""
    pieces, heading = [], ""
    for line in text.splitlines():
        if not line.strip():
            heading = ""
            continue
        heading = heading or line.strip()
        pieces.append(Piece("line", tuple(re.split(r"\s{2,}", line.strip())), heading, line))
    return pieces


def joined_rows(lines: Sequence[Piece], *, columns: int, first: int = 0) -> list[tuple[str, ...]]:
    """Rows of a table in which long cells go on below themselves, put together again.

    Args:
        lines: of the table, each with its line as it is (`caption`).
        columns: how many there are.
        first: a line with something in this column begins a row; the others go on.
    """
    cut = [[(found.start(), found[0]) for found in re.finditer(r"\S+(?: \S+)*", one.caption)] for one in lines]
    starts = sorted({start for line in cut for start, _ in line})
    rows: list[list[str]] = []
    for line in cut:
        cells = [""] * max(columns, len(starts))
        for start, text in line:
            cells[starts.index(start)] = text
        if cells[first] or not rows:
            rows.append(cells)
        else:
            rows[-1] = [f"{before} {more}".strip() for before, more in zip(rows[-1], cells, strict=True)]
    return [tuple(row[:columns]) for row in rows]
