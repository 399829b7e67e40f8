"""What the two sides have on record on a day: agreement row by row, the pledge, notes; and what follows for rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Self

from t4c_lib.framework import OnRecord
from t4c_lib.periods import Day, Month
from t4c_lib.plan.action_rows import ActionRow
from t4c_lib.plan.measure_rows import MeasureRow
from t4c_lib.plan.partnership.agreement import AgreementState, AgreementStatus, agreement_statuses
from t4c_lib.plan.partnership.authorised_signatories import side_words
from t4c_lib.plan.partnership.decisions import agreeable_rows, subject_of
from t4c_lib.plan.partnership.event_log import NoteKind, PartnershipHistory, ProgressNote
from t4c_lib.plan.partnership.pledge import PledgeState, PledgeStatus, PledgeStep, Step
from t4c_lib.plan.plan import Plan
from t4c_lib.plan.row_checks import Finding, should
from t4c_lib.plan.row_fields import Review
from t4c_lib.typed_text import capitalised

NO_WORDING = "The pledge has no wording yet."


@dataclass(frozen=True)
class RowRecord:
    """What the partnership's record says of one row.

    Attributes:
        standing: how far the two sides are with it; None where nothing was read.
        follows: what of the pledge's record settles it; None where the plan itself says how far it is.
        is_done: whether that is on record.
        is_begun: whether a part of it is.
        sentence: what is on record of it, or what is missing; empty where it doesn't follow from the record.
    """

    standing: AgreementStatus | None = None
    follows: OnRecord | None = None
    is_done: bool = False
    is_begun: bool = False
    sentence: str = ""


@dataclass(frozen=True)
class PartnershipRecord:
    """What is on record of one organisation's partnership. An empty one says that nothing is.

    Attributes:
        standings: how far the two sides are with each row of the plan, in its order.
        pledge: how far the pledge is; None while it has no wording.
        notes: on progress, in the order in which they were written.
    """

    standings: tuple[AgreementStatus, ...] = ()
    pledge: PledgeStatus | None = None
    notes: tuple[ProgressNote, ...] = ()

    @classmethod
    def of(cls, plan: Plan | None, past: PartnershipHistory, as_of: dt.date) -> Self:
        """What was on record of a plan's rows at the end of a day, by the clock of UTC."""
        known = past.until(dt.datetime.combine(as_of + dt.timedelta(days=1), dt.time(), dt.UTC))
        standings = agreement_statuses(agreeable_rows(plan), known.acts) if plan else ()
        return cls(standings, known.pledge, tuple(known.notes))

    @cached_property
    def _by_subject(self) -> dict[str, AgreementStatus]:
        return {one.subject: one for one in self.standings}

    def of_row(self, row: ActionRow | MeasureRow) -> RowRecord:
        """What the record says of a row of the plan."""
        standing = self._by_subject.get(subject_of(row))
        if row.on_record is None:
            return RowRecord(standing)
        done, begun, sentence = _from_pledge(row.on_record, self.pledge)
        return RowRecord(standing, row.on_record, done, begun, sentence)

    def with_reviews(self, plan: Plan) -> Plan:
        """The plan with the days of reviews that were noted as held, where they are newer than what the plan says."""
        held: dict[str, dt.date] = {}
        for note in self.notes:
            if note.kind is NoteKind.REVIEW:
                held[note.row] = max(note.on, held.get(note.row, note.on))
        if not held:
            return plan
        return plan.changed(measures=tuple(_reviewed(row, held.get(subject_of(row))) for row in plan.measures))

    def contradicted(self, plan: Plan) -> Iterator[Finding]:
        """For the check of a plan: rows that it calls done, and the record of the pledge, which decides, does not."""
        for row in agreeable_rows(plan):
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
    def reopened(self) -> tuple[AgreementStatus, ...]:
        """The rows that were agreed, and changed after that."""
        return tuple(one for one in self.standings if one.was_reopened and one.state is not AgreementState.AGREED)

    @property
    def agreed_sentence(self) -> str:
        """How many rows are agreed, and what stands with the others."""
        other = [one for one in self.standings if one.state is not AgreementState.AGREED and not one.was_reopened]
        counts = {str(state): sum(one.state is state for one in other) for state in AgreementState}
        counts = {"re-opened": len(self.reopened), **counts}
        told = {"proposed": "still open"}
        rest = ", ".join(f"{count} {told.get(words, words)}" for words, count in counts.items() if count)
        return f"Agreed by both sides: {self.agreed} of {len(self.standings)} rows{f'; {rest}' if rest else ''}."

    @property
    def pledge_sentence(self) -> str:
        """How far the pledge is and who signed it, in a sentence or two."""
        if self.pledge is None:
            return NO_WORDING
        said = f"The pledge is {self.pledge.state}."
        signed = _signed(self.pledge.signatures) or _before(self.pledge, Step.SIGNED)
        return f"{said} {signed}".strip()


def _reviewed(row: MeasureRow, day: dt.date | None) -> MeasureRow:
    review = row.review or Review()
    if day is None or (review.last is not None and review.last >= day):
        return row
    # The month in which it was to be next held has come with it, unless the plan sets a later one.
    to_come = review.next if review.next is not None and review.next > Month.of(day) else None
    return row.changed(review=review.changed(last=day, next=to_come))


def _from_pledge(follows: OnRecord, pledge: PledgeStatus | None) -> tuple[bool, bool, str]:
    """Whether something is on record, whether a part of it is, and a sentence."""
    if pledge is None:
        return False, False, NO_WORDING
    if follows is OnRecord.SIGNATURES:
        return _signatures(pledge)
    kind = Step.BOARD_APPROVED if follows is OnRecord.BOARD_APPROVAL else Step.PUBLISHED
    step, holds = pledge.newest(kind), pledge.state is not PledgeState.DRAFT
    if step is not None and holds:
        return True, True, f"{capitalised(step.sentence)}, {Day(step.date).label}."
    if kind is Step.BOARD_APPROVED:
        missing = "The board has not approved the pledge."
    else:
        before = "; ".join(pledge.missing)
        missing = f"The pledge is not published{f': {before}' if before else ''}."
    return False, False, f"{missing} {_before(pledge, kind)}".strip()


def _signatures(pledge: PledgeStatus) -> tuple[bool, bool, str]:
    signed, holds = _signed(pledge.signatures), pledge.state is not PledgeState.DRAFT
    if holds and not pledge.unsigned:
        return True, True, signed
    agreed = pledge.agreement_missing or "both sides agree to its wording"
    missing = "; ".join(filter(None, (capitalised(agreed), pledge.signatures_missing)))
    told = (signed, f"{missing}.", _before(pledge, Step.SIGNED))
    begun = bool(pledge.agreement.agreed_by or pledge.signatures)
    return False, begun, " ".join(filter(None, told))


def _signed(signatures: tuple[PledgeStep, ...]) -> str:
    """Who signed for which side and when; empty if nobody did."""
    by_side = [
        f"for {side_words(one.side)} by {one.who} on {Day(one.date).label}"
        for one in signatures
        if one.side is not None
    ]
    return f"Signed {', '.join(by_side)}." if by_side else ""


def _before(pledge: PledgeStatus, step: Step) -> str:
    """That an earlier wording had come that far; empty if none had."""
    days = [Day(one.date).label for one in pledge.earlier if one.step is step]
    what = {Step.SIGNED: "signed", Step.BOARD_APPROVED: "approved", Step.PUBLISHED: "published"}[step]
    return f"An earlier wording was {what} on {days[-1]}." if days else ""
