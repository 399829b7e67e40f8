"""A meeting on the forum page: agenda, pre-read, minutes, and what changed since the last one."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Any

from t4c_lib.disclosure import Audience
from t4c_lib.documents import word_paper
from t4c_lib.errors import InputError, T4CError
from t4c_lib.framework import Intention, catalogue
from t4c_lib.panels.forum_view import TITLE, Answer, ForumPart
from t4c_lib.panels.typed_rows import entered_day
from t4c_lib.periods import today
from t4c_lib.plan.partnership.papers import Paper, RowSince
from t4c_lib.sections.pre_read import changes_since_meeting, gather_pre_read
from t4c_lib.store import StoreError
from t4c_lib.typed_text import capitalised
from t4c_lib.yaml_text import quoted

LENGTH, SHORTEST, LONGEST = 90, 10, 480  # minutes of a meeting
OPENING = CLOSING = 5  # minutes of a meeting that is long enough for them


@dataclass(frozen=True)
class ShownPaper:
    """What stands on the page."""

    kind: str  #: "agenda", "minutes", "pre-read" or "since"
    fields: Mapping[str, Any]  #: what was entered for it, by field
    paper: Paper | None = None  #: to read and take along; None for the list of changes
    changes: tuple[RowSince, ...] = ()  #: rows that changed since the last meeting, for the list of changes

    def by_intention(self, number: int) -> list[tuple[Intention, list[RowSince]]]:
        """The changes by intention, that of the page first."""
        numbers = sorted(catalogue().intentions, key=lambda one: (one.number != number, one.number))
        listed = [(one, [row for row in self.changes if row.row.intention_number == one.number]) for one in numbers]
        return [(one, rows) for one, rows in listed if rows]


class MeetingPapers(ForumPart):
    """Answers the messages of the forum page that are about papers."""

    shown: ShownPaper | None = None  #: what stands on the page; None while nothing does

    @cached_property
    def _entered(self) -> dict[str, Mapping[str, Any]]:
        """What was entered last, by kind: it holds when the paper is opened again."""
        return {}

    def answer(self, kind: str) -> Answer | None:
        papers = {"agenda": self._agenda, "minutes": self._minutes, "pre-read": self._pre_read, "since": self._since}
        return partial(self._show, kind, papers[kind]) if kind in papers else super().answer(kind)

    def is_shown(self, kind: str) -> bool:
        """Whether it stands on the page."""
        return self.shown is not None and self.shown.kind == kind

    def _show(self, kind: str, make: Callable[[Mapping[str, Any]], ShownPaper], content: Mapping[str, Any]) -> None:
        """Show it, of the days that were entered; with `close`, show it no more."""
        if content.get("close"):
            self.shown = None
            self._page.show()
            return
        try:
            self.shown = make(entered := {**self._entered.get(kind, {}), **content})
            self._entered[kind] = entered
        except T4CError as error:
            places = [one.place for one in error.problems] if isinstance(error, InputError) else []
            words = [one.message for one in error.problems] if isinstance(error, InputError) else [str(error)]
            self._page.refuse(capitalised(" ".join(words)), places[0] if places else "", TITLE)
            if isinstance(error, StoreError):
                raise
            return
        self._page.focus = "paper"
        self._page.show()

    def _agenda(self, content: Mapping[str, Any]) -> ShownPaper:
        typed = str(content.get("length") or LENGTH).strip()
        if not typed.isdecimal() or not SHORTEST <= int(typed) <= LONGEST:
            words = f"{quoted(typed)} is no length of a meeting: enter {SHORTEST} to {LONGEST} minutes."
            raise InputError.of("agenda", words, place="length")
        length = int(typed)
        opening, closing = (OPENING, CLOSING) if length >= 4 * (OPENING + CLOSING) else (0, 0)
        return ShownPaper("agenda", {"length": length, "opening": opening, "closing": closing})

    def _minutes(self, content: Mapping[str, Any]) -> ShownPaper:
        first, last, meets = (entered_day(content, name) for name in ("first", "last", "next"))
        made = self._store.minutes(self._of.code, first or today(), last)
        present = tuple(filter(None, map(str.strip, str(content.get("present", "")).split(","))))
        made = replace(made, present=present, next_meeting=meets)
        fields = {"first": made.first, "last": made.last, "next": meets, "present": ", ".join(present)}
        return ShownPaper("minutes", fields, made.paper)

    def _pre_read(self, content: Mapping[str, Any]) -> ShownPaper:
        since, meets = entered_day(content, "since"), entered_day(content, "meets")
        audience = Audience.PUBLISHED if content.get("readers") == Audience.PUBLISHED else Audience.FORUM
        home = self._page.view.home
        paper = gather_pre_read(self._store, self._of, home.day, since=since, meets=meets, audience=audience, home=home)
        return ShownPaper("pre-read", {"since": since, "meets": meets, "readers": str(audience)}, paper)

    def _since(self, content: Mapping[str, Any]) -> ShownPaper:
        chosen = entered_day(content, "since")
        since, changes = changes_since_meeting(self._store, self._of.code, self._page.view.home.day, chosen)
        return ShownPaper("since", {"since": since}, changes=changes)

    def do_paper_word(self, _content: Mapping[str, Any]) -> None:
        if self.shown is None or self.shown.paper is None:
            return
        fields, paper = self.shown.fields, self.shown.paper
        day: dt.date = fields.get("first") or fields.get("meets") or self._page.view.home.day
        audience = "published" if fields.get("readers") == Audience.PUBLISHED else "inside-the-forum"
        self._page.hand_over(f"{self._of.code}-{paper.kind}-{day}-{audience}.docx", word_paper(paper))
