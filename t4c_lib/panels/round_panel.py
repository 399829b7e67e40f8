"""Rounds on an opened row of the forum page: opened, entered on this laptop, closed, and settled into the row.

What a partner enters goes from its own message into the store. This page keeps it between the look at it and the
confirmation, in no field of the plan, and shows what the store tells: how many have entered, and after closing the
result.
"""

import secrets
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from t4c_lib.errors import InputError, T4CError
from t4c_lib.panels.forum_view import ForumPart
from t4c_lib.panels.row_saver import refusal
from t4c_lib.plan import MeasureRow, decimal_text
from t4c_lib.plan.measure_rows import change_to, typed_change, x_scale
from t4c_lib.plan.partnership.authorised_signatories import SIDES, side_words
from t4c_lib.plan.partnership.rounds import FEWEST, Entry, RoundResult, agreed_change, goal_text
from t4c_lib.quantities import Change, ChangeError, Unit
from t4c_lib.store import StoreError
from t4c_lib.store.rounds import RoundStatus
from t4c_lib.typed_text import capitalised


class RoundPanel(ForumPart):
    """Answers the messages of the forum page that are about rounds on the opened row.

    Attributes:
        offered: whether the form for a new round is shown.
        passing: whether this laptop is passed round.
        linking: whether the link for other devices is shown; the server has it, and this page never does.
        pending: what somebody entered on this laptop and has not confirmed; None while nobody did.
        said: what came of the last press.
        errors: what is wrong, by field.
    """

    fewest, goal_text, side_words = FEWEST, staticmethod(goal_text), staticmethod(side_words)
    sides = tuple((str(side), capitalised(side_words(side))) for side in SIDES)

    turn = 0  #: how often somebody has entered here; the form is made anew for each
    _known: tuple[Any, RoundStatus | None, tuple[RoundResult, ...]] = (None, None, ())

    def forget(self) -> None:
        """Another row is shown."""
        self.offered = self.passing = self.linking = False
        self.pending: Entry | None = None
        self.said = ""
        self.errors: dict[str, str] = {}
        self.turn += 1
        self.look()

    def look(self) -> None:
        """Ask the store anew when the page is next shown."""
        self._is_stale = True

    # What the page shows

    @property
    def _row(self) -> MeasureRow:
        row = self._page.row.row if self._page.row else None
        assert isinstance(row, MeasureRow)  # noqa: S101  (rounds are shown in rows of measures)
        return row

    def _of_row(self) -> tuple[RoundStatus | None, tuple[RoundResult, ...]]:
        key = self._row.key
        if self._is_stale or self._known[0] != key:
            if self._known[0] != key:
                self._known = (key, None, ())
            with suppress(StoreError):  # the page says that the store can't be reached, and shows what was known
                self._known = (key, *self._store.rounds.on_row(self._of.code, key))
            self._is_stale = False
        return self._known[1:]

    @property
    def open(self) -> RoundStatus | None:
        """The round that is open on the row."""
        return self._of_row()[0]

    @property
    def closed(self) -> tuple[RoundResult, ...]:
        """What the closed ones told, newest first."""
        return self._of_row()[1]

    @property
    def median(self) -> Change | None:
        """The X of the newest result's median, where one leads there."""
        spread, on = self.closed[0].spread, self.closed[0].round
        try:
            return change_to(self._row, on.baseline, spread.median) if spread and not on.settled else None
        except ChangeError:
            return None

    # What comes from the page

    def do_new_round(self, content: Mapping[str, Any]) -> None:
        self.offered, self.errors, self.said = not content.get("close"), {}, ""
        self._show("round-by" if self.offered else "")

    def do_open_round(self, content: Mapping[str, Any]) -> None:
        measure, population, group = self._row.key
        named, by = content.get("named") == "yes", str(content.get("facilitator", "")).strip()
        try:
            self._store.rounds.open(self._of.code, measure, by=by, named=named, population=population, group=group)
        except T4CError as error:
            self._refuse(error, "round-by")
            return
        self._saver.by = self._saver.by or by  # who opens it can close it without saying once more who they are
        self.offered, self.errors = False, {}
        self._show("round-open")

    def do_pass_laptop(self, content: Mapping[str, Any]) -> None:
        self.passing, self.pending, self.errors, self.said = not content.get("close"), None, {}, ""
        self.turn += 1
        self._show("round-first" if self.passing else "round-open")

    def do_show_link(self, content: Mapping[str, Any]) -> None:
        self.linking = not content.get("close")
        self._show("")

    def do_round_entry(self, content: Mapping[str, Any]) -> None:
        """Show the partner what the entry means, before it is confirmed."""
        if self.open is None:
            self.passing, self.said = False, "The round was closed meanwhile: nothing was entered."
            self._show("round-open")
            return
        on, self.errors, self.said = self.open.round, {}, ""
        # In an anonymous round nobody is asked for a name: each entry counts as another person's.
        name = str(content.get("entry_name", "")) if on.named else f"laptop {secrets.token_hex(16)}"
        try:
            change = typed_change(self._row, str(content.get("entry_amount", "")), str(content.get("entry_kind")))
            self.pending = Entry.into(on, self._row, partner=name, side=str(content.get("for")), change=change)
        except T4CError as error:
            self._refuse(error, "round-first")
            return
        self._show("round-confirm")

    def do_round_confirm(self, content: Mapping[str, Any]) -> None:
        """Put what was looked at into the round, or go back to it."""
        entry, self.pending = self.pending, None
        if entry is None or self.open is None or content.get("back"):
            self._show("round-first")
            return
        try:
            number = self.open.round.number
            self._store.rounds.enter(self._of.code, number, partner=entry.partner, side=entry.side, change=entry.change)
        except T4CError as error:
            self.pending = entry
            self._refuse(error, "round-confirm")
            return
        self.said = "Entered. Hand the laptop to the next partner."
        self.turn += 1
        self._show("round-first")

    def do_close_round(self, _content: Mapping[str, Any]) -> None:
        if self.open is None:
            return
        try:
            self._store.rounds.close(self._of.code, self.open.round.number, by=self._saver.by)
        except InputError:
            self._page.refuse("Not closed. Enter your name at the left.", "by")
            return
        self.passing = self.linking = False
        self.pending, self.said, self.errors = None, "", {}
        self._show("round-result")

    def do_settle_round(self, content: Mapping[str, Any]) -> None:
        """Save the X in the row like any other, and record that the round was settled with it."""
        self.errors, self.said = {}, ""
        on, row = self.closed[0].round, self._row
        try:
            if "entry_amount" in content:
                change = typed_change(row, str(content["entry_amount"]), str(content.get("entry_kind")))
            elif self.median is None:
                return
            else:
                change = self.median
            agreed_change(on, row, change)
        except T4CError as error:
            self._refuse(error, "round-other")
            return
        if row.starting_figure != on.baseline:
            self.errors["round-other"] = "The row has another baseline than the round had. Open another round."
            self._show("round-other")
            return
        scale = x_scale(row.what.baseline_unit is Unit.COUNT, change.kind)
        texts = {"x_amount": decimal_text(round(change.amount * scale, 6)), "x_kind": str(change.kind)}
        self._page.save_row({**content, "row": self._page.opened, "values": texts})
        if self._page.row is None or self._row.change != change or not self._saver.is_named():
            return  # refused, and said in the row
        self._store.rounds.settle(self._of.code, on.number, change, by=self._saver.by)
        self._page.notice = ""
        self._show("round-result")

    def _show(self, focus: str) -> None:
        self.look()
        self._page.focus = focus
        self._page.show()

    def _refuse(self, error: T4CError, field: str) -> None:
        """Say what is wrong, at its field."""
        problems = error.problems if isinstance(error, InputError) else ()
        for one in problems:
            self.errors[{"side": "for", "partner": "name"}.get(one.place, field)] = capitalised(one.sentence)
        if not problems:
            self.errors[field] = capitalised(refusal(error))
        self._show(field)
        if isinstance(error, StoreError):
            raise error
