"""What the two sides have on record on a day: agreement row by row, the pledge, notes; and the minutes of a meeting."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple, Self

from t4c_lib.disclosure import Audience
from t4c_lib.errors import InputError
from t4c_lib.framework import OnRecord, catalogue
from t4c_lib.html_templates import text_from
from t4c_lib.periods import Day, Month, today
from t4c_lib.plan.action_rows import ActionRow
from t4c_lib.plan.measure_rows import MeasureRow
from t4c_lib.plan.partnership.agreement_status import AgreementState, AgreementStatus, agreement_statuses
from t4c_lib.plan.partnership.authorised_signatories import side_words
from t4c_lib.plan.partnership.decisions import Act, Decision, agreed_in_words, said_agreed, subject_of
from t4c_lib.plan.partnership.event_log import Event, NoteKind, PartnershipHistory, ProgressNote, Revision, events_of
from t4c_lib.plan.partnership.papers import Paper, PaperPart
from t4c_lib.plan.partnership.pledge import PledgeState, PledgeStatus, Step
from t4c_lib.plan.plan import Plan
from t4c_lib.plan.plan_checks import Finding, should
from t4c_lib.plan.row_fields import Evidence, Review, Side
from t4c_lib.typed_text import capitalised, listed

NO_WORDING = "The pledge has no wording yet."


class RowRecord(NamedTuple):
    """What the partnership's record says of one row."""

    standing: AgreementStatus | None = None  #: how far the two sides are with it; None where nothing was read
    #: what of the pledge's record settles it; None where the plan itself says how far it is.
    follows: OnRecord | None = None
    is_done: bool = False  #: whether that is on record
    is_begun: bool = False  #: whether a part of it is
    sentence: str = ""  #: what is on record of it, or what is missing; empty where it doesn't follow from the record


@dataclass(frozen=True)
class PartnershipRecord:
    """What is on record of one organisation's partnership. An empty one says that nothing is."""

    standings: tuple[AgreementStatus, ...] = ()  #: how far the two sides are with each row of the plan, in its order
    pledge: PledgeStatus | None = None  #: how far the pledge is; None while it has no wording
    notes: tuple[ProgressNote, ...] = ()  #: on progress, in the order in which they were written
    #: documents in force by the measure that each shows to be in place, and the days of events that count as a review,
    #: as the lists of the work experience programme have them.
    documents: Mapping[str, tuple[Evidence, ...]] = field(default_factory=dict)
    held: Mapping[str, dt.date] = field(default_factory=dict)

    @classmethod
    def of(cls, plan: Plan | None, past: PartnershipHistory, as_of: dt.date) -> Self:
        """What was on record of a plan's rows at the end of a day, by the clock of UTC."""
        known = past.until(dt.datetime.combine(as_of + dt.timedelta(days=1), dt.time(), dt.UTC))
        return cls(agreement_statuses(plan.every_row, known.acts) if plan else (), known.pledge, tuple(known.notes))

    @cached_property
    def by_subject(self) -> dict[str, AgreementStatus]:
        """The standings by the rows that they are of."""
        return {one.subject: one for one in self.standings}

    def of_row(self, row: ActionRow | MeasureRow) -> RowRecord:
        """What the record says of a row of the plan."""
        standing = self.by_subject.get(subject_of(row))
        if row.on_record is None:
            return RowRecord(standing)
        done, begun, sentence = _from_pledge(row.on_record, self.pledge)
        return RowRecord(standing, row.on_record, done, begun, sentence)

    def with_recorded(self, plan: Plan) -> Plan:
        """The plan with what is on record elsewhere, so that nobody types it twice.

        Days of reviews that were held, where they are newer than what the plan says; documents that show something to
        be in place, beside those that the plan names.
        """
        held: dict[str, dt.date] = {}
        for note in self.notes:
            if note.kind is NoteKind.REVIEW:
                held[note.row] = max(note.on, held.get(note.row, note.on))
        if not (held or self.documents or self.held):
            return plan
        rows = (self._with_recorded(row, held.get(subject_of(row))) for row in plan.measures)
        return plan.changed(measures=tuple(rows))

    def _with_recorded(self, row: MeasureRow, held: dt.date | None) -> MeasureRow:
        days = [day for day in (held, self.held.get(row.measure)) if day is not None]
        added = tuple(one for one in self.documents.get(row.measure, ()) if one not in row.evidence)
        row = row.changed(evidence=(*row.evidence, *added)) if added and row.is_open else row
        day, review = max(days, default=None), row.review or Review()
        if day is None or (review.last is not None and review.last >= day):
            return row
        # The month in which it was to be next held has come with it, unless the plan sets a later one.
        to_come = review.next if review.next is not None and review.next > Month.of(day) else None
        return row.changed(review=review.changed(last=day, next=to_come))

    def contradicted(self, plan: Plan) -> Iterator[Finding]:
        """For the check of a plan: rows that it calls done, and the record of the pledge, which decides, does not."""
        for row in plan.every_row:
            record = self.of_row(row)
            if row.is_open and record.follows is not None and not record.is_done and (row.is_done or row.evidence):
                yield should(row, "status", f"The plan says that it is done. {record.sentence}")

    def of_intention(self, number: int) -> tuple[ProgressNote, ...]:
        """The notes on an intention, by the day that they are about."""
        return tuple(sorted((one for one in self.notes if one.intention == number), key=lambda one: one.on))

    @property
    def agreed(self) -> int:
        """How many rows both sides have agreed to as they stand."""
        return sum(one.state is AgreementState.AGREED for one in self.standings)

    @property
    def open(self) -> tuple[AgreementStatus, ...]:
        """The rows on which the two sides don't agree yet, in the order of the plan."""
        return tuple(one for one in self.standings if one.state is not AgreementState.AGREED)

    @property
    def reopened(self) -> tuple[AgreementStatus, ...]:
        """The rows that were agreed, and changed after that."""
        return tuple(one for one in self.open if one.agreed_before)

    @property
    def agreed_sentence(self) -> str:
        """How many rows are agreed, and what stands with the others."""
        states = [one.state for one in self.open if not one.agreed_before]
        counts = [("re-opened", len(self.reopened)), *((str(state), states.count(state)) for state in OPEN_ORDER)]
        return text_from("plan/partnership/agreed_so_far.txt.j2", record=self, counts=counts).strip()

    @property
    def pledge_sentence(self) -> str:
        """How far the pledge is and who signed it, in a sentence or two."""
        return NO_WORDING if self.pledge is None else _on_record(self.pledge)


def _from_pledge(follows: OnRecord, pledge: PledgeStatus | None) -> tuple[bool, bool, str]:
    """Whether something is on record, whether a part of it is, and a sentence."""
    if pledge is None:
        return False, False, NO_WORDING
    holds = pledge.state is not PledgeState.DRAFT
    if follows is OnRecord.SIGNATURES:
        done, begun = holds and not pledge.unsigned, bool(pledge.agreement.agreed_by or pledge.signatures)
        return done, begun, _on_record(pledge, follows, done=done)
    step = pledge.newest(Step.BOARD_APPROVED if follows is OnRecord.BOARD_APPROVAL else Step.PUBLISHED)
    done = holds and step is not None
    return done, done, _on_record(pledge, follows, done=done, step=step)


def _on_record(pledge: PledgeStatus, follows: OnRecord | None = None, **shown: object) -> str:
    ways = {"side_words": side_words, "day": lambda date: Day(date).label, "capitalised": capitalised}
    said = text_from("plan/partnership/pledge_on_record.txt.j2", pledge=pledge, follows=follows, **shown, **ways)
    return said.rstrip()


OPEN_ORDER = tuple(state for state in AgreementState if state is not AgreementState.AGREED)


class Minutes(NamedTuple):
    """What a meeting came to."""

    title: str  #: whose they are
    first: dt.date  #: first day
    last: dt.date  #: last day, included
    decisions: tuple[Event, ...]  #: what was decided, in order; that rows were agreed stands in `agreed`
    #: the rows that somebody agreed to in these days and nobody held up, each with its X in words and who agreed to it,
    #: by intention ("1 Fair recruitment") in the framework's order.
    agreed: tuple[tuple[str, tuple[str, ...]], ...]
    #: what else was done, in order: rounds held, lists of signatories; and that the plan was saved.
    prepared: tuple[Event, ...]
    spoke: tuple[tuple[Side, tuple[str, ...]], ...]  #: for each side, who spoke for it
    #: how far the two sides were with each row and with the pledge at the end of the last day.
    record: PartnershipRecord
    still_open: tuple[str, ...] = ()  #: rounds and rows that were still open, in words
    present: tuple[str, ...] = ()  #: who was there, as entered when the minutes are written
    next_meeting: dt.date | None = None  #: when the partners meet again; None where it is not known
    audit: str = ""  #: the newest entry of the record of who did what, as it is written down elsewhere

    @property
    def opening(self) -> list[str]:
        """The day, for whom they are, who was there and who spoke for which side."""
        first, last = Day(self.first).label, Day(self.last).label
        lines = [f"Minutes, {first if self.first == self.last else f'{first} to {last}'}", Audience.FORUM.marking]
        lines += [f"Present: {', '.join(self.present)}"] if self.present else []
        return lines + [f"Speaking for {side_words(side)}: {', '.join(names)}" for side, names in self.spoke]

    @property
    def paper(self) -> Paper:
        """The minutes as they are read and taken along."""
        meets = [Day(self.next_meeting).label] if self.next_meeting is not None else []
        parts = [
            ("Decisions", [capitalised(one.sentence) for one in self.decisions]),
            *([(f"Rows agreed: {group}", rows) for group, rows in self.agreed] or [("Rows agreed", ())]),
            ("The pledge", [self.record.pledge_sentence]),
            ("Still open", self.still_open),
            *([("Next meeting", meets)] if meets else []),
            ("Agreed so far", [self.record.agreed_sentence]),
            ("Also recorded", [*(capitalised(one.sentence) for one in self.prepared), *filter(None, [self.audit])]),
        ]
        listed = (PaperPart.listed(heading, points) for heading, points in parts)
        return Paper(self.title, "minutes", tuple(self.opening), tuple(listed))


def make_minutes(
    plan: Plan | None,
    past: PartnershipHistory,
    first: dt.date,
    last: dt.date,
    *,
    organisation: str,
    organisation_name: str = "",
) -> Minutes:
    """The minutes of a meeting of one day or several, by the clock of UTC, the last day included.

    The plan is as it was at the end of the last day, None if there was none; what came after that day is left out of
    the past. The organisation is printed by the plan's name for it, if nothing is said. Raises InputError: the last day
    is before the first.
    """
    if last < first:
        words = f"the last day, {Day(last).label}, is before the first, {Day(first).label}."
        raise InputError.of("minutes", words, place="last")
    if first > today():
        raise InputError.of("minutes", f"{Day(first).label} is in the future.", place="first")
    known = past.until(dt.datetime.combine(last + dt.timedelta(days=1), dt.time(), dt.UTC))
    acts = [act for act in known.acts if act.at.date() >= first]
    # Whoever agrees to seventy rows is told of once, and every row once with what was agreed.
    agreed = [act for act in acts if act.decision is Decision.AGREED and act.is_of_row]
    told = {(act.at, act.subject) for act in agreed}
    others = [one for one in events_of(replace(known, saves=())) if (one.at, one.about) not in told]
    together = (*_saves([one for one in known.saves if one.at.date() >= first]), *_agreements(agreed))
    happened = sorted((*(one for one in others if one.at.date() >= first), *together), key=lambda one: one.at)
    spoke = {side: tuple(dict.fromkeys(act.who for act in acts if act.side is side)) for side in Side}
    record = PartnershipRecord.of(plan, past, last)
    name = organisation_name or (plan.organisation_name if plan else organisation)
    rows = {subject_of(row): row for row in plan.every_row} if plan else {}
    return Minutes(
        f"Partnership forum of {name} ({organisation})",
        first,
        last,
        tuple(one for one in happened if one.is_decision),
        tuple(_agreed_by_intention(agreed, record, rows)),
        tuple(one for one in happened if not one.is_decision),
        tuple((side, names) for side, names in spoke.items() if names),
        record,
        (*(f"{one.label}: round {one.number} is still open" for one in known.open_rounds), *_open_rows(record, rows)),
    )


def _open_rows(record: PartnershipRecord, rows: Mapping[str, ActionRow | MeasureRow]) -> Iterator[str]:
    """How far the two sides are with each row that is open, and whose it is; those that nobody spoke of together."""
    plain = [one for one in record.open if one.is_untouched]
    for one in sorted((one for one in record.open if one not in plain), key=lambda one: OPEN_ORDER.index(one.state)):
        post = rows[one.subject].post if one.subject in rows else ""
        yield f"{one}{f'. Responsible: {post}' if post else ''}"
    for intention in catalogue().intentions:
        named = [rows[one.subject] for one in plain if one.subject in rows]
        if names := [row.short_title for row in named if row.intention_number == intention.number]:
            yield f"{intention.number} {intention.short}, not agreed by either side yet: {'; '.join(names)}"


def _saves(saves: Sequence[Revision]) -> Iterator[Event]:
    """That revisions of the plan were saved, in one sentence: what each changed would be most of the minutes."""
    if saves:
        first, last, who = saves[0].revision, saves[-1].revision, listed(list(dict.fromkeys(one.by for one in saves)))
        what = f"revision {first} of the plan was" if first == last else f"revisions {first} to {last} of the plan were"
        yield Event(saves[-1].at, "plan", "", None, f'{what} saved by {who}: "What changed" has every change')


def _agreements(acts: Iterable[Act]) -> Iterator[Event]:
    """That somebody agreed to rows for a side: once for each person, side and day, at the time of the last row."""
    by_person: dict[tuple[str, Side, dt.date], list[Act]] = {}
    for act in acts:
        by_person.setdefault((act.who, act.side, act.at.date()), []).append(act)
    for (who, side, _), said in by_person.items():
        rows = len({act.subject for act in said})
        what = f"{rows} rows" if rows > 1 else said[0].label
        yield Event(said[-1].at, "agreement", said[-1].name, side, said_agreed(who, what, side))


def _agreed_by_intention(
    acts: Sequence[Act], record: PartnershipRecord, rows: Mapping[str, ActionRow | MeasureRow]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    held_up = {one.subject for one in record.standings if one.state.is_held_up}
    last = {act.subject: act for act in acts if act.subject not in held_up}
    for one in catalogue().intentions:
        there = [last[key] for key, row in rows.items() if key in last and row.intention_number == one.number]
        if there:
            yield f"{one.number} {one.short}", tuple(_agreed_lines(there, record, acts))
    if removed := [act for key, act in last.items() if key not in rows]:
        yield "no longer in the plan", tuple(_agreed_lines(removed, record, acts))


def _agreed_lines(last: Iterable[Act], record: PartnershipRecord, acts: Sequence[Act]) -> Iterator[str]:
    """For each row what was agreed last, in words, and who agrees to it at the end; `acts`: all that agreed."""
    for act in last:
        standing = record.by_subject.get(act.subject)
        # Still the row that the act was of: the same, or the framework alone words it otherwise since.
        slots = standing.slots if standing is not None else ()
        same_row = [one.act.digest for one in slots if one.act is not None and not one.changed]
        if standing is None or act.digest not in (standing.digest, *same_row):
            same = sorted({one.side for one in acts if (one.subject, one.digest) == (act.subject, act.digest)})
            who = f"agreed by {side_words(*same)}, and changed or removed since"
        elif standing.state is AgreementState.AGREED:
            who = "both sides"
        else:
            who = standing.short_text
        yield f"{agreed_in_words(act.covered).removesuffix('.')} ({who})"
