"""What the sides say of rows on the forum page: agreed, not agreed, withdrawn, parked; and who may speak for them."""

import textwrap
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple

from t4c_lib.panels.forum_view import MOST_TOLD, TITLE, ForumPart
from t4c_lib.periods import Month, today
from t4c_lib.plan import Side
from t4c_lib.plan.edits import PlanRow
from t4c_lib.plan.partnership import authorised_signatories as signing
from t4c_lib.plan.partnership.agreement_status import OpenRows, rows_to_agree
from t4c_lib.plan.partnership.decisions import Act, Agreeable, Decision, agreed_in_words, covered_text, said_agreed
from t4c_lib.quantities import count_of
from t4c_lib.sections.row_view import row_id
from t4c_lib.store import StoreChange

NOBODY_LISTED = "Name those who may speak and sign for each side first, at the left."


class Ready(NamedTuple):
    """The rows of an intention that are not agreed by both sides, before a side agrees to all that it can."""

    #: for each side the rows that it can agree to, and those that it can't, with the reason.
    by_side: Mapping[str, OpenRows]

    @property
    def rows(self) -> list[tuple[str, list[str]]]:
        """What a side can agree to: each row with its X in words, and for each side what that would do."""
        ready = {row.row_key: row for one in self.by_side.values() for row in one.ready}
        words = [
            {row.row_key: "left out" for row, _ in one.left} | {row.row_key: "to agree" for row in one.ready}
            for one in self.by_side.values()
        ]
        texts = {key: agreed_in_words(covered_text(row.covered)) for key, row in ready.items()}
        for key, row in ready.items():
            if row.is_open and not row.is_done and row.due is not None and row.due < Month.of(today()):
                texts[key] += " (this date has passed)"
        return [(text, [of_side.get(key, "has agreed") for of_side in words]) for key, text in texts.items()]

    @property
    def left(self) -> list[tuple[str, str]]:
        """The rows that neither can agree to now, each with the reason."""
        ready = {row.row_key for one in self.by_side.values() for row in one.ready}
        every = [row for one in self.by_side.values() for row in one.left]
        return list({row.short_title: why for row, why in every if row.row_key not in ready}.items())


class RowAgreement(ForumPart):
    """Records what the sides say, for those who speak for them in this meeting; every refusal is said in words.

    `lists`: who may speak and sign, and what waits for the other side. `offered`: what each may agree to now, if shown.
    """

    @cached_property
    def speakers(self) -> dict[str, str]:
        """For each side, by whose mouth it speaks in this meeting: a name, a comma and the post, or a name."""
        return dict.fromkeys(map(str, signing.SIDES), "")

    def forget(self) -> None:
        self.offered: Ready | None = None

    def look(self) -> None:
        """Read who may speak and sign now, and the list that waits for the other side."""
        self.lists = self._store.agreements.signatories(self._of.code)
        # Nobody agrees to what is another list than the one they saw: it has to be asked for again.
        self.offered = self.offered if self.offered and self.offered == self._ready() else None

    def may_speak(self, side: str) -> list[str]:
        """Those of a side who may speak today, as one is entered."""
        return [_entry(one) for one in self.lists.now.of_side(Side(side), today())]

    def entries(self, side: str) -> str:
        """Everybody of a side on the list that holds, a line each."""
        return "\n".join(_entry(one) for one in self.lists.now.speakers if one.side == side)

    def said_by_others(self, changes: Sequence[StoreChange]) -> str:
        """The last that a side said elsewhere, in a sentence; empty where none did."""
        here = {signing.person_key(signing.name_and_role(one)[0]) for one in self.speakers.values()}
        elsewhere = any(one.what == "agreement" and signing.person_key(one.by) not in here for one in changes)
        return self._store.agreements.acts(self._of.code)[-1].sentence if elsewhere else ""

    # What comes from the page

    def do_agree(self, content: Mapping[str, Any]) -> None:
        """A side's box was pressed: it agrees or, where it has, it is asked why it no longer does."""
        side, shown = str(content.get("for")), self._page.view.row(str(content.get("row")))
        if shown is None or side not in self.speakers:
            return
        if side in shown.agreed_sides:
            self._page.open_row(shown.id, f"why-{side}")
            return
        self._record([shown.row], Decision.AGREED, side)

    def do_decide(self, content: Mapping[str, Any]) -> None:
        """What a side says of the opened row, with its reason."""
        side, decision = str(content.get("for")), str(content.get("decision"))
        if (shown := self._page.row) is None or side not in self.speakers or decision not in set(Decision):
            return
        self._record([shown.row], Decision(decision), side, str(content.get("reason", "")).strip())

    def do_offer(self, content: Mapping[str, Any]) -> None:
        """Show what each side could agree to at once; with `close`, show it no more."""
        self.offered = None if content.get("close") else self._ready()
        self._page.focus = "" if content.get("close") else "offered"
        self._page.show()

    def _ready(self) -> Ready:
        view, found = self._page.view, {}
        assert view.home.plan is not None  # noqa: S101  (there are rows)
        acts = self._store.agreements.acts(self._of.code)
        for side in signing.SIDES:
            every = rows_to_agree(view.home.plan, acts, side)
            mine = tuple(row for row in every.ready if row.intention_number == view.number)
            left = tuple((row, why) for row, why in every.left if row.intention_number == view.number)
            found[str(side)] = OpenRows(mine, left)
        return Ready(found)

    def do_agree_all(self, content: Mapping[str, Any]) -> None:
        side = str(content.get("for"))
        if self.offered is None or side not in self.speakers or not (rows := self.offered.by_side[side].ready):
            return
        self._record(rows, Decision.AGREED, side)
        if self.offered is None and (ready := self._ready()).rows:  # it was recorded, and the other side is next
            self.offered = ready
            self._page.show()

    def _record(self, rows: Sequence[PlanRow], decision: Decision, side: str, reason: str = "") -> None:
        revision = self._page.view.home.revision
        assert revision is not None  # noqa: S101  (there are rows)
        at = row_id(rows[0].row_key) if len(rows) == 1 else TITLE
        self.record(rows, decision, side, revision.revision, reason=reason, at=at)

    def record(
        self,
        what: Sequence[Agreeable],
        decision: Decision,
        side: str,
        revision: int,
        *,
        reason: str = "",
        at: str = TITLE,
    ) -> None:
        """Record a side's decision on rows or on the pledge: on all of them or, where it is refused, on none.

        `revision`: of the plan, or the pledge's wording, shown. `reason`: for the minutes. `at`: of a refusal.
        """
        if decision is Decision.WITHDRAWN and not reason:
            self._page.refuse("Not recorded. Enter the reason: it stands in the minutes.", f"why-{side}", at)
            return
        if not self.lists.now.speakers:
            self._page.refuse(f"Not recorded. {NOBODY_LISTED}", "signatories", TITLE)
            return
        name, role = self._speaker(side, at)
        if not name:
            return
        said: dict[str, Any] = {"side": side, "name": name, "role": role, "reason": reason, "revision": revision}
        code, store = self._of.code, self._store.agreements
        acts = self._put_on_record(lambda: store.record(code, [Act.on(one, decision, **said) for one in what]), at)
        if acts is not None:
            self.forget()
            one, many = acts[0], said_agreed(acts[0].who, count_of(len(acts), "rows"), Side(side))
            short = textwrap.shorten(one.label, MOST_TOLD, placeholder=" …")
            self._page.recorded(one.sentence.replace(one.label, short) if len(acts) == 1 else many)

    def do_signatories(self, content: Mapping[str, Any]) -> None:
        """Put a side's name to a list, a line for each: name, comma, post. Terms of those listed already stay."""
        known = {(one.side, _entry(one)): one for one in self.lists.now.speakers}
        listed = []
        for side in signing.SIDES:
            for line in filter(None, map(str.strip, str(content.get(f"list-{side}", "")).splitlines())):
                name, role = signing.name_and_role(line)
                listed.append(known.get((side, line)) or signing.AuthorisedSignatory(side=side, name=name, role=role))
        self._name(signing.AuthorisedSignatories(speakers=tuple(listed)), str(content.get("for")))

    def do_confirm(self, content: Mapping[str, Any]) -> None:
        """Put the other side's name to the list that waits for it."""
        if (waiting := self.lists.proposed) is not None:
            self._name(waiting.signatories, str(content.get("for")))

    def _name(self, wanted: signing.AuthorisedSignatories, side: str) -> None:
        if side not in self.speakers:
            self._page.refuse("Not recorded. Choose for which side the list is put forward.", "list-for", TITLE)
            return
        name, role = self._speaker(side)
        if not name:
            return
        code, store = self._of.code, self._store.agreements
        lists = self._put_on_record(lambda: store.name_signatories(code, wanted, by=name, side=side, role=role))
        if lists is not None:
            whose = signing.side_words(Side(side))
            waits = f"Who may speak and sign: put forward for {whose}, to be confirmed by the other side"
            self._page.recorded("Both sides have confirmed who may speak and sign" if lists.now == wanted else waits)

    def _speaker(self, side: str, at: str = TITLE) -> tuple[str, str]:
        """Name and post of whoever speaks for a side; two empty texts, and a refusal, where nobody was entered."""
        name, role = signing.name_and_role(self.speakers[side])
        if not name:
            whose = signing.side_words(Side(side))
            self._page.refuse(f"Not recorded. Enter who speaks for {whose}, at the left.", side, at)
        return name, role


def _entry(one: signing.AuthorisedSignatory) -> str:
    return ", ".join(filter(None, (one.name, one.role)))
