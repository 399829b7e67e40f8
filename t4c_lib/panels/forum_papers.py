"""Papers on the forum page: agenda, pre-read, minutes and changes for a meeting; the pledge, step by step."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property, partial
from typing import Any, NamedTuple

from t4c_lib.disclosure import Audience
from t4c_lib.documents import word_paper
from t4c_lib.errors import InputError, T4CError
from t4c_lib.framework import Intention, catalogue
from t4c_lib.panels.controls.form_controls import size_in_words
from t4c_lib.panels.forum_view import TITLE, Answer, ForumPart
from t4c_lib.panels.row_saving import entered_day, refusal
from t4c_lib.periods import Day, today
from t4c_lib.plan import Effect, EqualityAssessment, GroupEffect, groups_to_consider
from t4c_lib.plan.action_rows import PaperStop
from t4c_lib.plan.partnership.authorised_signatories import SIDES, name_and_role
from t4c_lib.plan.partnership.decisions import Decision, PledgeWording
from t4c_lib.plan.partnership.papers import Paper, RowSince, pledge_paper
from t4c_lib.plan.partnership.pledge import PledgeState, PledgeStatus, Step
from t4c_lib.plan.plan_checks import ASSESSMENT
from t4c_lib.plan.word.plan_table import read_word_text
from t4c_lib.sections.meeting import changes_since_meeting, gather_pre_read
from t4c_lib.store import StoreError
from t4c_lib.typed_text import WORDING, capitalised
from t4c_lib.yaml_text import quoted

LENGTH, SHORTEST, LONGEST = 90, 10, 480  # minutes of a meeting
OPENING = CLOSING = 5  # minutes of a meeting that is long enough for them


class ShownPaper(NamedTuple):
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
            words = " ".join(one.message for one in error.every_problem)
            self._page.refuse(capitalised(words), error.every_problem[0].place, TITLE)
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
        made = made._replace(present=present, next_meeting=meets)
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


LARGEST = 5_000_000  # bytes of a document with the wording
STEPS = {
    Step.BOARD_APPROVED: "Approved by the board",
    Step.SIGNED: "Signed by both sides",
    Step.PUBLISHED: "Published to staff",
}
EFFECT_FIELDS = ("effect", "evidence", "mitigation")
STOP_FIELDS = ("to", "asked", "seen_by")
RECORDED = {"assess", "route", "wording", "step", "withdraw-step"}  # messages on which something is saved


class PledgeStage(NamedTuple):
    """One of the steps, as the page shows it."""

    name: str  #: what is to come about
    is_done: bool  #: whether it has
    lines: tuple[str, ...]  #: what is on record of it, or what is missing
    record: str = ""  #: what is recorded for it, as `Step` has it; empty for a step that is agreed and not recorded
    #: what is on record and can be withdrawn: the step, and whose signature it is.
    held: tuple[tuple[str, str], ...] = ()


class PledgeSteps(ForumPart):
    """Answers the messages of the forum page that are about the pledge."""

    effects = tuple(map(str, Effect))
    is_shown = False  #: whether the pledge stands on the page
    #: the text of a Word document before it is taken, and what to know of it; empty while none was read.
    read: tuple[str, tuple[str, ...]] = ("", ())

    @property
    def status(self) -> PledgeStatus | None:
        """How far it is; None while it has no wording."""
        return self._page.view.home.record.pledge

    @property
    def wording(self) -> str:
        """Of now; the suggested one while there is none."""
        return (self.status.wording if self.status else PledgeWording.suggested(self._of.code, self._of.name)).wording

    @property
    def stages(self) -> Iterator[PledgeStage]:
        """The six steps, or five where no board is asked."""
        home, status = self._page.view.home, self.status
        agreed = home.agreed
        yield PledgeStage("Plan agreed row by row", agreed.done == agreed.all > 0, (f"{agreed} rows, by both sides",))
        if home.plan is not None:
            known = self._assessment
            lacking = [one for one in home.to_fix if one.row in {ASSESSMENT, *(group.label for group in known.groups)}]
            made = f"By {known.by}, {Day(known.date).label}." if known.date else ""
            words = (("" if one.row == ASSESSMENT else f"{capitalised(one.row)}: ") + one.message for one in lacking)
            yield PledgeStage("Equality impact assessed", not lacking, tuple(words) or (made,))
        if status is None:
            yield PledgeStage("Wording agreed", is_done=False, lines=("No wording is saved yet.",))
            yield from (PledgeStage(name, is_done=False, lines=()) for name in STEPS.values())
            return
        said = tuple(f"{capitalised(str(slot))}." for slot in status.agreement.slots)
        yield PledgeStage("Wording agreed", status.state is not PledgeState.DRAFT, said)
        for step, name in STEPS.items():
            if status.needs_board or step is not Step.BOARD_APPROVED:
                done = [one for one in status.steps if one.step is step][0 if step is Step.SIGNED else -1 :]
                lines = [f"{capitalised(one.sentence)}, {Day(one.date).label}." for one in done]
                if step is Step.SIGNED and status.unsigned:
                    lines.append(f"{capitalised(status.signatures_missing)}.")
                is_done = not status.unsigned if step is Step.SIGNED else bool(done)
                held = tuple((str(step), one.name) for one in done)
                yield PledgeStage(name, is_done, tuple(lines) or ("Not on record yet.",), str(step), held)

    @property
    def assessed_groups(self) -> list[tuple[str, GroupEffect | None]]:
        """The groups to consider, and whatever others the plan has, each with the plan's effect on it."""
        known = {one.group: one for one in self._assessment.groups}
        return [(group, known.get(group)) for group in dict.fromkeys((*groups_to_consider(), *known))]

    @property
    def route(self) -> list[PaperStop | None]:
        """Where the plan's paper goes, and a place for one body more."""
        plan = self._page.view.home.plan
        return [*(plan.route if plan else ()), None]

    @property
    def _assessment(self) -> EqualityAssessment:
        plan = self._page.view.home.plan
        return (plan and plan.equality) or EqualityAssessment()

    # What comes from the page

    def answer(self, kind: str) -> Answer | None:
        own = super().answer(kind)
        return partial(self._record, own) if own is not None and kind in RECORDED else own

    def _record(self, do: Answer, content: Mapping[str, Any]) -> None:
        """Do it if it is known who types, and say what came of it; it may raise for what was entered wrongly."""
        if not self._saver.is_named():
            self._page.refuse(self._saver.refused, self._saver.who_field, TITLE)
        elif (words := self._put_on_record(lambda: do(content))) is not None:
            self._page.recorded(words)

    def do_assess(self, content: Mapping[str, Any]) -> str:
        """Save the equality impact assessment."""
        rows = [
            {"group": group, **{name: str(content.get(f"{name}-{place}", "")) for name in EFFECT_FIELDS}}
            for place, (group, _) in enumerate(self.assessed_groups)
        ]
        said = {"by": str(content.get("assessor", "")), "date": entered_day(content, "assessed")}
        made = self._assessment.changed(**said, groups=tuple(row for row in rows if row["effect"]))
        return self._save("equality impact assessment", equality=made)

    def do_route(self, content: Mapping[str, Any]) -> str:
        """Save where the plan's paper goes; a place without a body is none."""
        places = range(len(self.route))
        stops = ({name: str(content.get(f"{name}-{place}", "")).strip() for name in STOP_FIELDS} for place in places)
        dates = (entered_day(content, f"date-{place}") for place in places)
        route = ({**stop, "date": date} for stop, date in zip(stops, dates, strict=True) if stop["to"])
        return self._save("where the plan goes", route=tuple(route))

    def _save(self, name: str, **made: object) -> str:
        """Save the plan with what was made of a form."""
        revision, saver = self._page.view.home.revision, self._saver
        assert revision is not None  # noqa: S101  (the forms stand where there is a plan)
        plan = revision.plan.changed(**made)
        self._store.save_merged(plan, by=saver.by, side=saver.side, note=name, parent_revision=revision.revision)
        return f"Saved: {name}"

    def do_pledge(self, content: Mapping[str, Any]) -> None:
        self._page.leave_row()
        self.is_shown = not content.get("close")
        self._page.focus = "pledge" if self.is_shown else ""
        self._page.show()

    def do_wording_file(self, content: Mapping[str, Any]) -> None:
        """Show the text of a Word document in the field; it is saved like one that was typed."""
        name, file = str(content.get("name", "")), bytes(content.get("file") or b"")
        try:
            if (size := len(file) or int(content.get("size", 0))) > LARGEST:
                most = size_in_words(LARGEST)
                raise InputError.of(name, f"The file has {size_in_words(size)}; at most {most} are read.")
            text, notes = read_word_text(file, name)
            if len(text) > WORDING.longest:
                words = f"its text has {len(text):,} characters; a wording has at most {WORDING.longest:,}."
                raise InputError.of(name, words, "Keep the pledge in a document of its own.")
        except InputError as error:
            self._page.refuse(f"Not read: {name}. {capitalised(refusal(error))}", "wording-file", TITLE)
            return
        self.read = text, (f"This is the text of {name}. Nothing is saved yet: check it, then save it.", *notes)
        self._page.focus = "wording"
        self._page.show()

    def do_pledge_word(self, _content: Mapping[str, Any]) -> None:
        if (known := self.status) is not None:
            self._page.hand_over(f"{self._of.code}-pledge.docx", word_paper(pledge_paper(known)))

    def do_wording(self, content: Mapping[str, Any]) -> str:
        wording = PledgeWording(self._of.code, self._of.name, str(content.get("wording", "")))
        parent = self.status.wording.revision if self.status else None
        saved = self._store.pledges.save(wording, by=self._saver.by, side=self._saver.side, parent_revision=parent)
        self.read = "", ()
        return f"Wording {saved.revision} of the pledge is saved"

    def do_agree_pledge(self, content: Mapping[str, Any]) -> None:
        """A side agrees to the wording or, with a reason, takes that back or refuses."""
        side, status = str(content.get("for")), self.status
        decision = str(content.get("decision", Decision.AGREED))
        if side not in SIDES or status is None or decision not in set(Decision):
            return
        reason, wording = str(content.get("reason", "")).strip(), status.wording
        self._page.agreement.record([wording], Decision(decision), side, wording.revision, reason=reason)

    def do_step(self, content: Mapping[str, Any]) -> str:
        """Record what was done with it: approved by the board, signed, published."""
        name, role = name_and_role(str(content.get("name", "")))
        side, where = str(content.get("for", "")) or None, str(content.get("where", ""))
        day = entered_day(content, "date") or today()
        fields = {"date": day, "where": where, "side": side, "name": name, "role": role}
        return self._recorded(str(content.get("step")), fields)

    def do_withdraw_step(self, content: Mapping[str, Any]) -> str:
        """Say that a step no longer holds, with the reason; it stays on record as withdrawn."""
        reason, name = str(content.get("reason", "")), str(content.get("name", ""))
        fields = {"date": today(), "where": reason, "name": name, "withdraws": str(content.get("step"))}
        return self._recorded(Step.WITHDRAWN, fields)

    def _recorded(self, step: str, fields: dict[str, Any]) -> str:
        return f"Recorded: {self._store.pledges.record(self._of.code, step, by=self._saver.by, **fields).sentence}"
