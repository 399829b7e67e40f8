"""Reads the forum page: its tables of rows, and what stands in a row that is opened."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from bs4 import BeautifulSoup, Tag

from t4c_lib.address import Address
from t4c_lib.framework import catalogue
from t4c_lib.panels import ForumPanel, Frame
from t4c_lib.store import Store
from tests.days import on_day
from tests.one_truth.reading import PLAN, YOUNG
from tests.one_truth.sections_read import SectionReader
from tests.one_truth.statements import WHEN, Row, in_full, period
from tests.one_truth.surfaces import Piece, without_drawing

MEASURES = ("Measure", "Latest", "X", "Target", "Status", "Management", "Staff side", "Tag")
ACTIONS = ("Action", "Responsible post", "Due", "Status", "Management", "Staff side", "Tag")
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
# What the first sentence of an intention calls a status.
STANDS = {
    "behind": "behind",
    "on course": "on course",
    "ahead of": "ahead",
    "has met|have met": "met",
    "only a baseline": "baseline only",
    "followed without": "no figure yet, no target",
    "no figure yet": "no figure yet",
    "needs? an X|nor an X": "target not set",
    "no baseline": "baseline missing",
    "no date": "date missing",
    "X that can't be": "target not possible",
    "reported without": "reported, no target",
    "above the comparison": "above the comparison, no target",
}


def page_html(store: Store, code: str, as_of: dt.date) -> str:
    """The forum page of every intention as its kernel makes it on a day, and every row with an X opened."""
    with on_day(as_of):
        return _page_html(store, code)


def _page_html(store: Store, code: str) -> str:
    panel = ForumPanel(Frame("forum", store, Address(organisation=code)))
    parts = []
    for intention in catalogue().intentions:
        panel._came(panel, {"kind": "intention", "number": intention.number}, [])
        page = BeautifulSoup(panel.element, "html.parser")
        if intention.number == 1:
            parts += [f"<section><h1>Forum</h1>{''.join(_standing(page))}</section>"]
        stand = page.select_one(".f-stand")
        parts += [f"<section><h2>Intention {intention.number}</h2>{stand or ''}{''.join(_tables(page))}</section>"]
        with_x = [one.id for one in panel.view.rows if one.counts and one.progress.trajectory is not None]
        for row in with_x:
            panel._came(panel, {"kind": "open", "row": row}, [])
            parts.append(_opened(BeautifulSoup(panel.element, "html.parser"), row, panel))
    return without_drawing("\n".join(parts))


def _standing(page: BeautifulSoup) -> Iterator[str]:
    """How far the plan and its intentions are."""
    for one in page.select(".f-meeting p"):
        yield f"<p>{_text(one)}</p>"
    for link in page.select(".f-intentions li a"):
        yield f"<p>Intention {link['data-number']}{_text(link.select('.t4c-hidden')[0])}</p>"


def _tables(page: BeautifulSoup) -> Iterator[str]:
    for table, heads in zip(page.select(".f-rows"), _heads(page), strict=True):
        rows = "".join(f"<tr>{_cells(row, heads)}</tr>" for row in table.select(":scope > tbody > tr[id]"))
        names = "".join(f"<th>{one}</th>" for one in heads)
        yield f"<table><thead><tr>{names}</tr></thead><tbody>{rows}</tbody></table>"


def _heads(page: BeautifulSoup) -> list[tuple[str, ...]]:
    return [MEASURES if "f-of-measures" in (one.get("class") or ()) else ACTIONS for one in page.select(".f-rows")]


def _cells(row: Tag, heads: tuple[str, ...]) -> str:
    for one in row.select("[aria-hidden=true], .f-unsaved"):
        one.extract()
    tags = [_text(one.extract()) for one in row.select(".f-tag")]
    code = row.select(".f-code")[0]
    cells = [f"{_text(code)} {_text(row.select('.f-opener')[0])}"]
    labelled = {str(one["data-label"]): one for one in row.select("[data-label]")}
    for name in heads[1:-1]:
        cell = labelled.get(name)
        if name == "Responsible post" and cell is not None:
            for holder in cell.select(".f-sub"):
                holder.extract()
        cells.append("" if cell is None else _text(cell))
    evidence = labelled.get("Evidence") or labelled.get("Reason")
    if evidence is not None:
        cells[2] = _text(evidence)
    return "".join(f"<td>{one}</td>" for one in (*cells, " ".join(tags)))


def _opened(page: BeautifulSoup, row: str, panel: ForumPanel) -> str:
    """An opened row: what its X comes to, and its chart in words."""
    closed = page.select(f"#{row}")[0]
    name = f"Measure {_text(closed.select('.f-code')[0])} {_text(closed.select('.f-opener span')[0])}"
    (form,) = page.select("form[data-form=save]")
    for one in form.select("[data-part=answer] [aria-hidden=true]"):
        one.extract()
    figures = form.select("figure figcaption, figure table")
    chart = panel.chart
    drawn = f'<div role="img" aria-label="{chart.description}"></div>' if chart and panel.row_answer.picture else ""
    shown = [*form.select("[data-part=answer] > *, [data-part=answer] table"), *figures]
    return f"<section><h3>{name}</h3>{''.join(map(str, shown))}{drawn}</section>"


def _text(one: Tag) -> str:
    return " ".join(one.get_text(" ").split()).replace("<", "&lt;")


def _status_of(words: str) -> str:
    return next((word for said, word in STANDS.items() if re.search(said, words)), words)


class ForumReader(SectionReader):
    """Reads the page's pieces in order.

    Attributes:
        intention: whose tables are being read.
        counted: statuses of its rows that count something, as they stand in the table.
    """

    def readers(self) -> Mapping[str, Sequence[Callable[[Piece], bool]]]:
        """Those of the page."""
        return {
            "heading": (self._heading,),
            "title": (self._finding, self._caption),
            "sentence": (self._meeting, self._stands, self._answer),
            "alt": (self._course_alt, self._chart_alt),
            "row": (self._measure_row, self._action_row, self._needed_row, self._course_row),
        }

    def read_all(self, pieces: Iterable[Piece]) -> None:
        """Read the page."""
        self.intention, self.counted = "", Counter[str]()
        super().read_all(pieces)
        self._count()

    def _heading(self, piece: Piece) -> bool:
        if found := re.fullmatch(r"Intention (\d+)", piece.text):
            self._count()
            self.intention = found[1]
        return super()._heading(piece)

    def _count(self) -> None:
        self.counted_rows(self.counted, f"measures with an amount, intention {self.intention}", place="table")
        self.counted = Counter()

    @staticmethod
    def _caption(piece: Piece) -> bool:
        return piece.text.startswith("What it would take")

    def _meeting(self, piece: Piece) -> bool:
        place = "above the intentions"
        if found := re.match(r"(\d+) of (\d+) agreed by both sides$", piece.text):
            return self.said_of_agreement(f"Agreed by both sides: {found[1]} of {found[2]} rows.", place=place)
        if found := re.match(r"(\d+) of (\d+) X set · (\d+) to fix before agreement$", piece.text):
            self.say(PLAN, "open measures with an X", found[1], place=place)
            return self.say(PLAN, "to fix before agreement", found[3], place=place)
        if found := re.match(
            r"Intention (\d+) ?, (\d+) of (\d+) agreed by both sides, (\d+) of (\d+) X set$", piece.text
        ):
            for kind, shown in zip(("agreed", "rows", "X set", "X"), found.groups()[1:], strict=True):
                self.say(Row("intention", "", found[1]), kind, shown, place="intentions")
            return True
        return False

    def _stands(self, piece: Piece) -> bool:
        """Clauses of one status are counted together: with and without a figure."""
        if not piece.text.startswith("Where we stand: "):
            return False
        counted = Counter[str]()
        text = piece.text.removeprefix("Where we stand: ").removesuffix(".")
        if off := re.match(r"(\w+) measures? (?:is|are) off course, ", text):
            counted["off course"] += NUMBERS.index(off[1])
        if several := re.search(r"of the (?:other )?\w+ measures(?: that count something)?, (.*)", text, re.IGNORECASE):
            for clause in re.split(r", | and ", several[1]):
                number, _, words = clause.partition(" ")
                counted[_status_of(words)] += NUMBERS.index(number)
        elif alike := re.search(
            r"(?:^|\. )(the|both|all) (\w+ )?(?:other )?measures?(?: that counts? something)? (.*)", text, re.IGNORECASE
        ):
            number = {"the": 1, "both": 2}.get(alike[1].lower())
            counted[_status_of(alike[3])] += number or NUMBERS.index(alike[2].strip())
        for word, amount in counted.items():
            kind = f"measures with an amount, intention {self.intention}: {word}"
            self.say(PLAN, kind, str(amount), place="'Where we stand'")
        return True

    # Tables

    def _measure_row(self, piece: Piece) -> bool:
        if piece.heads != MEASURES:
            return False
        name, latest, x, target, status, management, staff, tag = piece.cells
        row, place = self.names.find(name), "table of measures"
        if latest and (found := re.match(rf"(.*?) ({WHEN}|\d+ months .*?)(, a proxy)?$", in_full(latest))):
            self.say(row, "figure", found[1], found[2], place=place)
            self.say(row, "newest figure is of", period(found[2]), place=place, word=True)
            self.say(row, "has a figure", "yes", place=place, word=True)
        if found := re.match(rf"(.*) by ({WHEN})$", in_full(target)):
            self.say(row, "target", found[1], place=place)
            self.say(row, "due", period(found[2]), place=place, word=True)
        self._said_of_x(row, x, place)
        word = re.sub(r" \d+ days?$", "", status)
        if latest or target:
            self.counted[word] += 1
        self.said_of_status(row, word, place=place)
        self._said_of_sides(row, management, staff, tag, place)
        return row is not None

    def _said_of_x(self, row: Row | None, x: str, place: str) -> None:
        amount, _, base = x.partition(" from ")
        if found := re.fullmatch(r"[+−]([\d.,]+) points?", amount):
            self.say(row, "X in percentage points", found[1], place=place)
        elif (found := re.fullmatch(r"[+−]([\d.,]+)%", amount)) and base.endswith("%"):
            self.say(row, "X in per cent of the share", found[1], place=place)
        elif found := re.fullmatch(r"to (.*)", amount):
            self.say(row, "target", found[1], place=place)
        elif (found := re.fullmatch(r"[+−]([\d.,]+)", amount)) and base.endswith("%"):
            self.say(row, "X in people", found[1], place=place)
        elif found := re.fullmatch(rf"next review: ({WHEN})", x):
            self.say(row, "review due", period(found[1]), place=place, word=True)
        elif found := re.match(r"(.*), \d+ \w+ \d{4}$", x):
            self.say(row, "evidence", found[1].split("; ")[-1], place=place, word=True)
        self.say(row, "baseline", base, place=place)

    def _said_of_sides(self, row: Row | None, management: str, staff: str, tag: str, place: str) -> None:
        agreed = [side for side, said in (("management", management), ("staff", staff)) if said == "agreed"]
        state = tag or {0: "not yet", 1: f"{''.join(agreed)} side only", 2: "both sides"}[len(agreed)]
        self.said_of_row_agreed(row, state, place=place)

    def _action_row(self, piece: Piece) -> bool:
        if piece.heads != ACTIONS:
            return False
        name, post, due, status, management, staff, tag = piece.cells
        row, place = self.names.find(name), "table of actions"
        late = re.search(r"(\d+ days?)$", status)
        if not due.startswith("Left out"):
            self.say(row, "responsible post", re.sub("^no responsible post$", "", post), place=place, word=True)
            self.say(row, "due", period(in_full(due)) if re.search(r"\d", due) else "", place=place, word=True)
        self.say(row, "days late", late[1] if late else "", place=place)
        self._said_of_sides(row, management, staff, tag, place)
        return row is not None

    # An opened row

    def _answer(self, piece: Piece) -> bool:
        text, place = piece.text, f"what the X of {self.row.measure if self.row else ''} comes to"
        if re.match(r"(From|The gap goes from) ", text):
            self.said_of_change(self.row, text, place=place)
            return True
        if found := re.match(r"Read as .* instead, it would go (.*)\.$", text):
            return self.say(self.row, "other reading of the X", found[1], place=place, word=True)
        if found := re.match(rf"About ([\d,.]+) a year, ([\d,.]+) a month, until ({WHEN})\.$", text):
            return self.say(self.row, "due", period(found[3]), place=place, word=True)
        return self.row is not None

    def _needed_row(self, piece: Piece) -> bool:
        if not piece.heads[1].startswith("Needed; cost to "):
            return False
        label, needed, *_ = piece.cells
        if found := re.match(r"Joiners aged 16 to 24 into support roles\s*today ([\d.,]+) a year$", label):
            self.said_of_joiners(self.row, needed, place="'What it would take'")
            self.say(YOUNG, "joiners aged 16 to 24 a year today", found[1], place="'What it would take'")
        return True
