"""Reads the report: what the Board has, and intention by intention every row with its X, reason and agreement."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from tests.one_truth.board_read import BoardReader
from tests.one_truth.statements import Row, in_full, period
from tests.one_truth.surfaces import Piece

MEASURES = ("Measure", "Figures", "Latest", "Target", "Status", "Chance", "Agreed by")
ACTIONS = ("Action", "Responsible post", "Due", "Status", "Agreed by")
NAMED = re.compile(r"(.*?) (own|\d+(?:[am]\d+)?(?:-\w+)?)(?:, (.*))?$")


class ReportReader(BoardReader):
    """Reads the report's pieces in order."""

    def readers(self) -> Mapping[str, Sequence[Callable[[Piece], bool]]]:
        """Those of the page."""
        return {
            "heading": (self._part,),
            "fact": (self._agreement_fact, self._progress_fact, self._sickness_fact),
            "title": (self._chart, self._tally, self._ages_title),
            "sentence": (
                self._agreement, self._left_out, self._rests, self._asked, self._decision, self._watch,
                self._risk, self._counts, self._stands,
            ),
            "alt": (self._course_alt, self._chart_alt, self._ages_alt),
            "row": (
                self._of_measure, self._why, self._of_action, self._short_since, self._as_it_is, self._ten_row,
                self._summary_row, self._reminder, self._since, self._targets_row, self._start_row, self._course_row,
                self._sickness_row, self._age_row, self._gap_row, self._open_row, self._note_row,
            ),
            "drawn": (self._drawn,),
        }  # fmt: skip

    def _part(self, piece: Piece) -> bool:
        is_known = self._heading(piece)
        if piece.text.startswith("Sickness absence"):
            self.row = Row("sickness", "support staff")
        return is_known or self._overdue(piece)

    def _stands(self, piece: Piece) -> bool:
        """Off course by name, with their figures; the forum's page is read for the rest."""
        found = re.match(r"Where we stand: .*? off course, (.*?)\. ", piece.text)
        for name, figure in re.findall(r"(?:^|, | and )([^(]*) \(([^()]*\d[^()]*)\)", found[1]) if found else ():
            self.say(self.names.find(name), "figure", figure, place="where we stand")
        return piece.text.startswith("Where we stand: ")

    def _left_out(self, piece: Piece) -> bool:
        found = re.match(r"Left out: (.*?) \(", piece.text)
        return found is not None and self.say(
            self.names.find(found[1]), "status", "left out", place="rows left out", word=True
        )

    def _chart(self, piece: Piece) -> bool:
        name, _, finding = piece.text.partition(". ")
        row = self.names.find(name)
        if row is None:
            return False
        self.row = row
        return self._finding(Piece("title", (finding,), piece.heading))

    def _of_measure(self, piece: Piece) -> bool:
        if piece.heads != MEASURES or len(piece.cells) == 1:
            return False
        name, _, *figures, word, chance, agreed = piece.cells
        found = NAMED.match(name)
        self.row = row = self.names.find(f"{found[2]} {found[1]}") if found else None
        place = "measures of an intention"
        if len(figures) == 2:
            self.said_of_figures(row, (figures[0], "", figures[1]), place=place)
        self.say(row, "responsible post", (found[3] or "") if found else "", place=place, word=True)
        self.said_of_status(row, word, place=place)
        self.say(row, "chance", chance if re.search(r"\d", chance) else "", place=place, word=True)
        self._agreed_by(row, agreed, place)
        return row is not None

    def _why(self, piece: Piece) -> bool:
        if piece.heads != MEASURES or self.row is None:
            return False
        *x, reason = re.split(r"(?<=\.)(?=[A-Z])", piece.cells[0])
        for words in x:
            self.said_of_change(self.row, words, place="the X of a measure")
        self.said_of_row(self.row, reason, place="reason below a measure")
        return True

    def _of_action(self, piece: Piece) -> bool:
        if piece.heads != ACTIONS:
            return False
        name, post, due, word, agreed = piece.cells
        found = NAMED.match(name)
        row, place = self.names.find(found[1]) if found else None, "actions of an intention"
        self.say(row, "responsible post", "" if post.startswith("–") else post, place=place, word=True)
        self.say(row, "due", period(in_full(due)) if re.match(r"\w{3} \d", due) else "", place=place, word=True)
        self.say(row, "status", re.sub(r"^(overdue|due)\b.*", r"\1", word), place=place, word=True)
        self._agreed_by(row, agreed, place)
        return row is not None

    def _agreed_by(self, row: Row | None, agreed: str, place: str) -> None:
        if agreed == "both sides":
            self.said_of_row_agreed(row, agreed, place=place)

    def _short_since(self, piece: Piece) -> bool:
        if piece.heads != ("What", "Then", "Now"):
            return False
        return self._since(Piece("row", (*piece.cells, ""), piece.heading, piece.caption, (*piece.heads, "Why")))
