"""The history of a partnership: one sentence for each event, in the order in which they were recorded.

One kind of event is written for its own sake: a note of what was done, learnt or reviewed, intention by intention.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from itertools import pairwise
from typing import Any, Literal, NamedTuple

from t4c_lib.errors import Problem, refuse, unknown_choice
from t4c_lib.framework import MeasureKind, catalogue
from t4c_lib.html_templates import text_from
from t4c_lib.periods import Day
from t4c_lib.plan.action_rows import ActionRow
from t4c_lib.plan.measure_rows import MeasureRow
from t4c_lib.plan.partnership.authorised_signatories import SignatoryLists, SignatoryProposal, side_words
from t4c_lib.plan.partnership.decisions import Act, PledgeWording, covered_changes, subject_of, wording_changes
from t4c_lib.plan.partnership.pledge import PledgeStatus, PledgeStep, pledge_status
from t4c_lib.plan.partnership.rounds import Round, RoundResult
from t4c_lib.plan.plan import Plan
from t4c_lib.plan.plan_diff import changes_between, summarise_changes
from t4c_lib.plan.row_fields import FIRST_YEAR, Side
from t4c_lib.typed_text import NAME, NOTE, take_text


class NoteKind(StrEnum):
    """What somebody writes down."""

    NOTE = "note"  # what was done, or is next
    REFLECTION = "reflection"  # what was learnt
    REVIEW = "review"  # that a review was held, which a row of the plan asks for


class ProgressNote(NamedTuple):
    """One entry of the log. It is never altered: who sees it otherwise adds another."""

    organisation: str  #: code
    number: int  #: its place in the organisation's log, from 1; 0 while it isn't saved
    intention: int  #: number of the intention it is about
    kind: NoteKind  #: note or reflection
    on: dt.date  #: the day it is about
    side: Side  #: for whom its author speaks
    by: str  #: its author
    at: dt.datetime  #: when it was written down, in UTC
    text: str  #: what it says
    row: str = ""  #: the row of the plan that it is about, as acts name it; empty where it is about the whole intention

    @property
    def sentence(self) -> str:
        """That it was written, without a full stop."""
        of_day = f" of {Day(self.on).label}" if self.on != self.at.date() else ""
        did, where = ("noted", "under") if self.kind is NoteKind.REVIEW else ("wrote", "on")
        return f'{self.by} {did} a {self.kind}{of_day} {where} intention {self.intention}: "{self.text}"'

    def __str__(self) -> str:
        return f"{Day(self.on).label}, {self.kind} by {self.by} ({self.side}): {self.text}"


def new_note(
    organisation: str,
    intention: int | str,
    text: str,
    *,
    by: str,
    side: Side | str,
    on: dt.date | None = None,
    kind: NoteKind | str = NoteKind.NOTE,
    at: dt.datetime | None = None,
    row: ActionRow | MeasureRow | None = None,
) -> ProgressNote:
    """An entry that may be saved, with the fields of a `ProgressNote`.

    The intention is given by its number or its key. The entry is written now and about the day of writing, if nothing
    is said; a row of the plan is needed to note that a review was held. Raises UnknownNameError: no such intention;
    InputError, every problem at once: no text, or one that is too long, no author, an unknown side or kind, a day to
    come, a review of what is no review.
    """
    moment = at or dt.datetime.now(dt.UTC)
    number = catalogue().intention(intention).number
    day, problems = on or moment.date(), list[Problem]()
    said = take_text(problems, "text", text, NOTE, "enter the text of the note.")
    author = take_text(problems, "by", by, NAME, "enter your name.")
    problems += unknown_choice("side", str(side), list(Side)) + unknown_choice("kind", str(kind), list(NoteKind))
    is_review = isinstance(row, MeasureRow) and row.what.kind is MeasureKind.REVIEW
    if str(kind) == NoteKind.REVIEW and not is_review:
        hint = "Give the measure that asks for the review, such as 10m4."
        problems.append(Problem("kind", f"{row.short_title if row else 'a whole intention'} is not a review.", hint))
    if day > moment.date():
        problems.append(Problem("on", f"{Day(day).label} is in the future; a note is about today or an earlier day."))
    if day.year < FIRST_YEAR:
        problems.append(Problem("on", f"{Day(day).label} is before {FIRST_YEAR}.", "Is the year right?"))
    refuse(f"a note on intention {number} of {organisation}", problems)
    subject = "" if row is None else subject_of(row)
    return ProgressNote(organisation, 0, number, NoteKind(kind), day, Side(side), author, moment, said, subject)


EventKind = Literal["plan", "pledge", "round", "settled", "agreement", "step", "speakers", "note"]


class Event(NamedTuple):
    """One thing that happened."""

    at: dt.datetime  #: when it was recorded, in UTC
    kind: EventKind  #: what it is about
    who: str  #: the person; empty if it was done by nobody in particular
    side: Side | None  #: for which side, if for one
    sentence: str  #: what, without the day and without a full stop
    about: str = ""  #: the row, as acts name it; empty for what is about no single row

    @property
    def is_decision(self) -> bool:
        """Whether something was decided, and not only prepared."""
        return self.kind in {"settled", "agreement", "step"}

    def __str__(self) -> str:
        return f"{Day(self.at.date()).label}, {self.at:%H:%M} UTC: {self.sentence}"


@dataclass(frozen=True)
class Revision:
    """One saved state of a plan."""

    organisation: str  #: code
    revision: int  #: 1, 2, 3 ... within the organisation
    document: str  #: the plan as YAML, its comments included
    digest: str  #: of the plan's content
    side: Side  #: for whom it was saved: management, staff or both
    by: str  #: the name of the person
    at: dt.datetime  #: when, in UTC
    note: str  #: what the person said about it

    @cached_property
    def plan(self) -> Plan:
        return Plan.from_yaml(self.document, f"plan of {self.organisation}, revision {self.revision}")

    def __str__(self) -> str:
        whose, when = side_words(self.side), f"{Day(self.at.date()).label} at {self.at:%H:%M} UTC"
        return f"revision {self.revision} by {self.by} ({whose}) on {when}" + (f': "{self.note}"' if self.note else "")


class WordingSave(NamedTuple):
    """That a wording of the pledge was saved: who, for whom, when, and why."""

    wording: PledgeWording
    by: str
    side: Side
    at: dt.datetime
    note: str = ""


@dataclass(frozen=True)
class PartnershipHistory:
    """Everything that was recorded of one organisation's partnership, each kind in the order of recording."""

    saves: Sequence[Revision] = ()  #: of the plan
    wordings: Sequence[WordingSave] = ()  #: of the pledge
    acts: Sequence[Act] = ()  #: what the sides said
    rounds: Sequence[RoundResult] = ()  #: closed ones, with what they tell
    open_rounds: Sequence[Round] = ()  #: those that are open, and tell nothing yet
    steps: Sequence[PledgeStep] = ()  #: of the pledge
    #: lists of those who may speak and sign, as each side put its name to them.
    signatories: Sequence[SignatoryProposal] = ()
    notes: Sequence[ProgressNote] = ()  #: on progress, intention by intention
    needs_board: bool = True  #: whether the pledge has to go before a board

    def until(self, end: dt.datetime) -> "PartnershipHistory":
        """What was on record at a moment; what was recorded then or later is left out."""
        then = [(one, one.round.until(end)) for one in self.rounds if one.round.opened_at < end]
        dated = ("saves", "wordings", "acts", "steps", "signatories", "notes")
        until: dict[str, Any] = {name: [one for one in getattr(self, name) if one.at < end] for name in dated}
        closed = [result._replace(round=known) for result, known in then if not known.is_open]
        still_open = [known for _, known in then if known.is_open]
        still_open += [one for one in self.open_rounds if one.opened_at < end]
        return replace(self, rounds=closed, open_rounds=still_open, **until)

    @property
    def pledge(self) -> PledgeStatus | None:
        """How far the pledge is; None if no wording was saved."""
        if not self.wordings:
            return None
        return pledge_status(self.wordings[-1].wording, self.acts, self.steps, needs_board=self.needs_board)


def events_of(past: PartnershipHistory) -> tuple[Event, ...]:
    """Every event in order; what happened at the same moment in the order of the fields of `past`."""
    plans, texts = [one.plan for one in past.saves], [one.wording.wording for one in past.wordings]
    replanned = [summarise_changes(changes_between(*two)) for two in zip((None, *plans), plans, strict=False)]
    reworded = [(), *(wording_changes(*two) for two in pairwise(texts))]
    opened = (*(result.round for result in past.rounds), *past.open_rounds)
    events = [
        *(_event("plan", one, changes=what) for one, what in zip(past.saves, replanned, strict=True)),
        *(_event("pledge", one, changes=what) for one, what in zip(past.wordings, reworded, strict=False)),
        *_acts(past.acts),
        *(Event(one.opened_at, "round", one.opened_by, None, _said("opened", one)) for one in opened),
        *(happening for result in past.rounds for happening in _closed(result)),
        *(_event("step", one, day=Day(one.date).label) for one in past.steps),
        *_signatories(past.signatories),
        *(_event("note", one) for one in past.notes),
    ]
    return tuple(sorted(events, key=lambda one: one.at))


def _said(what: str, one: object, **shown: object) -> str:
    return text_from("plan/partnership/event.txt.j2", what=what, one=one, side_words=side_words, **shown).rstrip()


def _event(kind: EventKind, one: Revision | WordingSave | PledgeStep | ProgressNote, **shown: object) -> Event:
    return Event(one.at, kind, one.by, one.side, _said(kind, one, **shown))


def _acts(acts: Sequence[Act]) -> Iterable[Event]:
    before: dict[str, Act] = {}
    for act in acts:
        last = before.get(act.subject)
        changes = covered_changes(last.covered, act.covered) if last and last.digest != act.digest else ()
        yield Event(act.at, "agreement", act.name, act.side, _said("agreement", act, changes=changes), act.subject)
        before[act.subject] = act


def _signatories(proposals: Sequence[SignatoryProposal]) -> Iterable[Event]:
    lists = SignatoryLists()
    for one in proposals:
        before, lists = lists, lists.after(one)
        did = "proposed" if lists.proposed is one else "confirmed" if before.proposed else "set"
        side = None if one.side is Side.both else one.side
        yield Event(one.at, "speakers", one.by, side, _said("speakers", one, did=did))


def _closed(result: RoundResult) -> Iterable[Event]:
    one = result.round
    assert one.closed_at is not None  # noqa: S101  (an open round has no result)
    yield Event(one.closed_at, "round", one.closed_by, None, _said("closed", one, told=result.lines))
    if one.settled is not None:
        yield Event(one.settled.at, "settled", one.settled.by, None, _said("settled", one))
