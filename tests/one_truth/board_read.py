"""Reads the Board: its two tables, what is to be decided, what is overdue, and the rows of every intention."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from unittest.mock import PropertyMock, patch

from bs4 import BeautifulSoup

from t4c_lib.address import Address
from t4c_lib.framework import catalogue
from t4c_lib.panels import Frame
from t4c_lib.panels.board_compare_audit import BoardPanel, BoardPart
from t4c_lib.store import Store
from tests.days import on_day
from tests.event_loops import run_apart
from tests.one_truth.reading import CHANCE, PLAN
from tests.one_truth.sections_read import SectionReader
from tests.one_truth.statements import WHEN, Row, in_full, period
from tests.one_truth.surfaces import Piece, without_drawing

REMINDERS = ("What", "Responsible post", "Due")
ACTIONS = ("Action", "Due", "Responsible post", "Status")


def board_html(store: Store, code: str, as_of: dt.date) -> str:
    """The Board on a day, with every intention opened; its kernel had the forum page open before."""
    with on_day(as_of):
        return run_apart(_board_html(store, code))


async def _board_html(store: Store, code: str) -> str:
    panel = BoardPanel(Frame("board", store, Address(organisation=code)))
    opening, below = (BeautifulSoup(BoardPart(panel, part).markup(), "html.parser") for part in ("opening", "detail"))
    for one in (*below.select(".b-intention"), *opening.select(".b-days")):
        one.extract()
    parts = [f"<section>{opening}</section>", str(below)]
    if panel.board.home.plan is not None:
        for intention in catalogue().intentions:
            with patch.object(BoardPanel, "intention", PropertyMock(return_value=intention)):
                page = BeautifulSoup(BoardPart(panel, "detail").markup(), "html.parser")
            (opened,) = page.select(".b-intention")
            for source in opened.select(".b-why .f-sub, th .f-n + .f-sub, nav, figure"):
                source.extract()
            parts.append(str(opened))
    return without_drawing("\n".join(parts))


class BoardReader(SectionReader):
    """Reads the Board's pieces in order."""

    def readers(self) -> Mapping[str, Sequence[Callable[[Piece], bool]]]:
        """Those of the page."""
        return {
            "heading": (self._heading, self._overdue),
            "sentence": (self._agreement, self._asked, self._decision, self._watch, self._risk, self._counts),
            "row": (
                self._ten_row,
                self._summary_row,
                self._reminder,
                self._since,
                self._as_it_is,
                self._action,
                self._measure,
                self._department,
            ),
        }

    def _heading(self, piece: Piece) -> bool:
        self.row = None
        return self._asked(piece) or piece.text in {f"{one.number} {one.short}" for one in catalogue().intentions}

    def _asked(self, piece: Piece) -> bool:
        """A question about a target; what is said below it is of the same measure."""
        found = re.match(rf"(?:\d+ )?(.*): keep (.*?) by ({WHEN}), or change it\?", piece.text)
        if found is None:
            return False
        self.row = self.names.find(found[1])
        self.say(self.row, "target", found[2], place="what is to be decided")
        return self.say(self.row, "due", period(found[3]), place="what is to be decided", word=True)

    def _overdue(self, piece: Piece) -> bool:
        found = re.match(r"Overdue: (\d+)$", piece.text)
        return found is not None and self.say(PLAN, "reminders overdue", found[1], place="heading of what is overdue")

    def _decision(self, piece: Piece) -> bool:
        found = re.match(rf"([A-Z][a-z ]+): (.+?) in (.*?)\.(?: .*: ({CHANCE})\.)?", piece.text)
        if found is None or self.row is None:
            return False
        place = "what is to be decided"
        self.said_of_status(self.row, found[1], place=place)
        self.say(self.row, "figure", found[2], found[3], place=place)
        return self.say(self.row, "chance", found[4] or "", place=place, word=True)

    def _as_it_is(self, piece: Piece) -> bool:
        """The first of the options of a decision: what comes of it if nothing is decided."""
        found = re.match(rf"A Keep (.*) by ({WHEN}), with the plan as it is$", piece.cells[0])
        if found is None or piece.heads[:3] != ("Option", "Expected", "Chance"):
            return False
        place = "the target as it is"
        self.say(self.row, "target", found[1], place=place)
        self.say(self.row, "expected with the plan", piece.cells[1], found[2], place=place)
        return self.say(self.row, "chance", piece.cells[2], place=place, word=True)

    def _watch(self, piece: Piece) -> bool:
        found = re.match(r"Met or on course now, but .*? on the date: (.*)\.$", piece.text)
        for one in found[1].split("; ") if found else ():
            name, _, chance = one.rpartition(": ")
            self.say(self.names.find(name), "chance", chance, place="what is to be watched", word=True)
        return found is not None

    def _risk(self, piece: Piece) -> bool:
        found = re.match(
            rf"(.*?): chance ({CHANCE}) of (.*) by ({WHEN}|\w{{3}} \d{{4}}); with .*, (.*) is expected then", piece.text
        )
        if found is None:
            return False
        row, place = self.names.find(found[1]), "risks of an intention"
        self.say(row, "chance", found[2], place=place, word=True)
        self.say(row, "target", found[3], place=place)
        return self.say(row, "expected with the plan", found[5], period(in_full(found[4])), place=place)

    def _reminder(self, piece: Piece) -> bool:
        if piece.heads[:3] != REMINDERS:
            return False
        what, who, due, *late = piece.cells
        days = f", overdue by {late[0]} day{'' if late[0] == '1' else 's'}" if late else ""
        self.shown_words.setdefault("reminders", Counter())["overdue" if late else "to come"] += 1
        return self.said_of_reminder(f"{in_full(due)}{days}", who, re.sub(r"^\d+ ", "", what), place="what is due")

    def _since(self, piece: Piece) -> bool:
        if piece.heads != ("What", "Then", "Now", "Why"):
            return False
        what, _, now, _ = piece.cells
        if what == "Actions overdue":
            return self.say(PLAN, "actions: overdue", now, place="since the last meeting")
        if what == "Agreed by both sides":
            return self.said_of_agreement(f"Agreed by both sides: {now} rows.", place="since the last meeting")
        self.said_of_status(self.names.find(what), now, place="since the last meeting")
        return True

    def _action(self, piece: Piece) -> bool:
        if piece.heads != ACTIONS:
            return False
        name, due, post, word = piece.cells
        row, place = self.names.find(re.sub(r"^\d+ ", "", name)), "actions of an intention"
        self.say(row, "responsible post", "" if post.startswith("–") else post, place=place, word=True)
        self.say(row, "due", period(in_full(due)) if re.match(r"\w{3} \d", due) else "", place=place, word=True)
        return self.say(row, "status", word, place=place, word=True) and row is not None

    def _department(self, piece: Piece) -> bool:
        if piece.heads[:1] != ("Department",):
            return False
        for head, figure in zip(piece.heads[1:], piece.cells[1:], strict=True):
            name, _, when = head.rpartition(", ")
            if (row := self.names.find(name)) is not None:
                self.say(
                    Row(row.measure, row.population, f"department: {piece.cells[0]}"),
                    "figure",
                    figure,
                    period(in_full(when)),
                    place="by department",
                )
        return True

    def _measure(self, piece: Piece) -> bool:
        if piece.heads[:1] != ("Measure",) or not piece.heads[-1].startswith("Reason"):
            return False
        name, *figures, word, chance, why = piece.cells
        row, place = self.named(name), "measures of an intention"
        if len(figures) == 3:
            self.said_of_figures(row, figures, place=place)
        self.said_of_status(row, word, place=place)
        self.say(row, "chance", chance if re.search(r"\d", chance) else "", place=place, word=True)
        self.said_of_row(row, why, place=place)
        return row is not None
