"""How far the two sides are with each row: each side decides for itself, on the row exactly as it was then.

A decision holds as long as the row's digest is the one that was decided on, or only the framework's own wording has
changed since. Any other change of what the digest covers re-opens the row for both sides; changing it back restores
both decisions, because the content is the one that was agreed.
"""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import NamedTuple

from t4c_lib.html_templates import text_from
from t4c_lib.periods import Day
from t4c_lib.plan.action_rows import ActionRow
from t4c_lib.plan.measure_rows import MeasureRow
from t4c_lib.plan.partnership import decisions
from t4c_lib.plan.partnership.authorised_signatories import SIDES, side_words
from t4c_lib.plan.partnership.decisions import Act, Agreeable, Decision, covered_changes, covered_text, subject_of
from t4c_lib.plan.plan import Plan
from t4c_lib.plan.plan_checks import Finding, check, should
from t4c_lib.plan.row_base import PlannedRow, RowKey
from t4c_lib.plan.row_fields import Side
from t4c_lib.typed_text import capitalised

OTHER_FORM = "nothing in its wording; it is stored in a newer form"


class AgreementState(StrEnum):
    """How far the two sides are with a row."""

    PROPOSED = "proposed"
    AGREED_BY_ONE = "agreed by one side"
    AGREED = "agreed"
    NOT_AGREED = "not agreed"
    PARKED = "parked"
    ESCALATED = "escalated"

    @property
    def is_held_up(self) -> bool:
        """Whether somebody said why the row can't be agreed as it is."""
        return self in (AgreementState.NOT_AGREED, AgreementState.PARKED, AgreementState.ESCALATED)


class Slot(NamedTuple):
    """What one side said last."""

    side: Side  #: whose it is
    act: Act | None  #: the last of its acts on the row; None if it has not spoken
    changed: tuple[str, ...] = ()  #: what of the row has changed since then, in words; empty if nothing has

    @property
    def holds(self) -> Decision | None:
        """Agreed or not agreed, if that was said of the row as it is now; else None, and the slot is open."""
        return None if self.act is None or self.changed or self.is_withdrawn else self.act.decision

    @property
    def is_withdrawn(self) -> bool:
        """Whether the side took back what it had said of the row as it is now."""
        return self.act is not None and not self.changed and self.act.decision is Decision.WITHDRAWN

    @property
    def was_reopened(self) -> bool:
        """Whether the side had agreed, and the row was changed after that."""
        return bool(self.changed) and self.act is not None and self.act.decision is Decision.AGREED

    def __str__(self) -> str:
        day = Day(self.act.at.date()).label if self.act else ""
        shown = {"slot": self, "side": side_words(self.side), "day": day}
        return text_from("plan/partnership/agreement_slot.txt.j2", **shown).rstrip()


class AgreementStatus(NamedTuple):
    """How far the two sides are with one row."""

    subject: str  #: the row, as acts name it
    title: str  #: how people call it: its place in the framework and its words
    digest: str  #: of what an agreement to it would cover now
    state: AgreementState  #: see AgreementState
    management: Slot  #: the slot of management side
    staff: Slot  #: the slot of staff side
    reason: str = ""  #: why it is not agreed, parked or escalated

    @property
    def slots(self) -> tuple[Slot, Slot]:
        return self.management, self.staff

    @property
    def agreed_by(self) -> tuple[Side, ...]:
        """The sides whose agreement holds."""
        return tuple(slot.side for slot in self.slots if slot.holds is Decision.AGREED)

    @property
    def agreed_before(self) -> str:
        """Who had agreed to what the row was before it changed: staff side, both sides; empty if nobody had."""
        return side_words(*(slot.side for slot in self.slots if slot.was_reopened))

    @property
    def agreed_last(self) -> Act:
        """What the last of them had said. Raises ValueError where nobody had."""
        return max((slot.act for slot in self.slots if slot.was_reopened and slot.act), key=lambda act: act.at)

    @property
    def is_untouched(self) -> bool:
        """Whether no side has decided on the row yet, or it took that back."""
        return self.state is AgreementState.PROPOSED and not self.agreed_before

    @property
    def short_text(self) -> str:
        """The state in a word or two, with the day on which the second side agreed."""
        return text_from("plan/partnership/agreement_short.txt.j2", one=self, Day=Day, side_words=side_words).rstrip()

    @property
    def changed(self) -> tuple[str, ...]:
        """What has changed since the sides spoke, each change once."""
        return tuple(dict.fromkeys(words for slot in self.slots for words in slot.changed))

    @property
    def state_words(self) -> str:
        """The state with its reason, and with the side where it is one."""
        against = [side_words(slot.side) for slot in self.slots if slot.holds is Decision.NOT_AGREED]
        return text_from("plan/partnership/agreement_state.txt.j2", one=self, against=against).rstrip()

    def __str__(self) -> str:
        return f"{self.title}: {self.state_words}"


def agreement_statuses(rows: Iterable[Agreeable], acts: Sequence[Act]) -> tuple[AgreementStatus, ...]:
    """How far the sides are with each row as it is now; acts in the order of recording, those on other rows ignored."""
    by_subject: dict[str, list[Act]] = {}
    for act in acts:
        by_subject.setdefault(act.subject, []).append(act)
    return tuple(_status(row, by_subject.get(subject_of(row), [])) for row in rows)


def unagreed(rows: Iterable[Agreeable], acts: Sequence[Act]) -> tuple[Finding, ...]:
    """For the check of a plan: the rows to which nobody, or only one side, has agreed as they stand."""
    listed, template = tuple(rows), "plan/partnership/agreement_missing.txt.j2"
    found = []
    for row, one in zip(listed, agreement_statuses(listed, acts), strict=True):
        if one.state is not AgreementState.AGREED:
            words = text_from(template, one=one, side_words=side_words).rstrip()
            found.append(should(row if isinstance(row, PlannedRow) else one.title, "agreement", words))
    return tuple(found)


def not_ready(plan: Plan) -> dict[RowKey, tuple[Finding, ...]]:
    """What keeps rows from being agreed: what they lack, or where they contradict themselves. Never lateness."""
    found: dict[RowKey, tuple[Finding, ...]] = {}
    for finding in check(plan):
        if finding.blocks_agreement and finding.row_key is not None:
            found[finding.row_key] = (*found.get(finding.row_key, ()), finding)
    return found


class OpenRows(NamedTuple):
    """The rows that one side can still agree to, and those that it can't agree to together with all others."""

    ready: tuple[ActionRow | MeasureRow, ...]  #: as they stand
    left: tuple[tuple[ActionRow | MeasureRow, str], ...]  #: the others to which it has not agreed, each with the reason


def rows_to_agree(plan: Plan, acts: Sequence[Act], side: Side) -> OpenRows:
    """What a side that agrees to everything would agree to.

    Rows on which somebody said no, that were parked or escalated, or on which the side took its agreement back, are
    left: they are discussed one by one.
    """
    rows, faults = plan.every_row, not_ready(plan)
    ready, left = [], []
    for row, standing in zip(rows, agreement_statuses(rows, acts), strict=True):
        if side in standing.agreed_by:
            continue
        if row.row_key in faults:
            left.append((row, " ".join(finding.message for finding in faults[row.row_key])))
        elif standing.state.is_held_up:
            left.append((row, f"It is {standing.state_words}."))
        elif (slot := standing.slots[SIDES.index(side)]).is_withdrawn and slot.act is not None:
            because = f": {slot.act.reason_in_sentence}" if slot.act.reason else ""
            left.append((row, f"{capitalised(side_words(side))} took its agreement back{because}."))
        else:
            ready.append(row)
    return OpenRows(tuple(ready), tuple(left))


def row_history(row: Agreeable | str, acts: Sequence[Act]) -> tuple[str, ...]:
    """Who agreed to what, and when, and what changed in between, a line each.

    The row is given as it is now, or as the subject of one that the plan no longer has; acts in the order of recording.
    """
    subject = row if isinstance(row, str) else subject_of(row)
    lines: list[str] = []
    before: Act | None = None
    for act in (act for act in acts if act.subject == subject):
        if before is not None and not _is_same(before, act.digest, act.covered):
            day, changed = Day(act.at.date()).label, _between(before.covered, act.covered)
            lines.append(f"{day}: changed in the meantime: {changed}")
        lines.append(str(act))
        before = act
    if before is not None and not isinstance(row, str):
        now = covered_text(row.covered)
        if not _is_same(before, row.digest, now):
            lines.append(f"changed since then: {_between(before.covered, now)}")
    return tuple(lines)


def _status(row: Agreeable, acts: Sequence[Act]) -> AgreementStatus:
    management, staff = (_slot(row, side, acts) for side in (Side.management, Side.staff))
    state, reason = _state(management, staff, acts)
    return AgreementStatus(subject_of(row), row.title, row.digest, state, management, staff, reason)


def _slot(row: Agreeable, side: Side, acts: Sequence[Act]) -> Slot:
    act = next((act for act in reversed(acts) if act.fills_slot and act.side is side), None)
    if act is None or _is_same(act, row.digest, now := covered_text(row.covered)):
        return Slot(side, act)
    return Slot(side, act, covered_changes(act.covered, now) or (OTHER_FORM,))


def _is_same(act: Act, digest: str, covered: str) -> bool:
    return act.digest == digest or decisions.is_same_but_for_national_words(act.covered, covered)


def _state(management: Slot, staff: Slot, acts: Sequence[Act]) -> tuple[AgreementState, str]:
    # Whoever speaks of a row again takes it up again; a withdrawal alone doesn't.
    last = next((act for act in reversed(acts) if act.decision is not Decision.WITHDRAWN), None)
    if last is not None and last.decision in (Decision.PARKED, Decision.ESCALATED):
        return AgreementState(last.decision), last.reason_in_sentence
    slots = (management, staff)
    if against := [slot.act for slot in slots if slot.holds is Decision.NOT_AGREED and slot.act is not None]:
        by_side = "; ".join(f"{side_words(act.side)}: {act.reason_in_sentence}" for act in against)
        return AgreementState.NOT_AGREED, against[0].reason_in_sentence if len(against) == 1 else by_side
    agreed = sum(slot.holds is Decision.AGREED for slot in slots)
    return (AgreementState.PROPOSED, AgreementState.AGREED_BY_ONE, AgreementState.AGREED)[agreed], ""


def _between(before: str, after: str) -> str:
    return "; ".join(covered_changes(before, after)) or OTHER_FORM
