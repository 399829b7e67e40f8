"""The partnership's pledge: its wording, and how far it is: draft, agreed, board-approved, signed, published.

Each step holds for one digest of the wording. An edit makes another digest, and the pledge is a draft again; what was
done before stays in its history. A name that was typed is a record of who signed, not a signature: that stands on
paper, on a page that carries the digest, and the scan is named here with its own.
"""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import NamedTuple

from t4c_lib.errors import Problem, T4CError, refuse
from t4c_lib.framework import OnRecord, catalogue
from t4c_lib.html_templates import text_from
from t4c_lib.periods import Day
from t4c_lib.plan.partnership.agreement_status import AgreementState, AgreementStatus, agreement_statuses
from t4c_lib.plan.partnership.authorised_signatories import SIDES, AuthorisedSignatories, person_key, side_words
from t4c_lib.plan.partnership.decisions import Act, PledgeWording
from t4c_lib.plan.plan import Plan
from t4c_lib.plan.row_fields import RowState, Side
from t4c_lib.typed_text import NAME, NOTE, PLACE, ROLE, take_text

SHA256 = re.compile(r"[0-9a-f]{64}")


class PledgeError(T4CError):
    """A step of the pledge that can't be taken yet. Says what comes before it."""


class PledgeState(StrEnum):
    """How far the pledge is, with the wording of now."""

    DRAFT = "a draft"
    AGREED = "agreed"
    BOARD_APPROVED = "approved by the Board"
    SIGNED = "signed by both sides"
    PUBLISHED = "published"


class Step(StrEnum):
    """What is done with an agreed pledge."""

    BOARD_APPROVED = "board-approved"
    SIGNED = "signed"
    SCANNED = "scan linked"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"  # one of the others, with the reason


_NEEDED: dict[str, str] = {
    Step.BOARD_APPROVED: "give the meeting of the board.",
    Step.PUBLISHED: "give the place where it was published.",
    Step.SCANNED: "give the place where the scan is kept.",
    Step.WITHDRAWN: "give the reason why it is withdrawn.",
}


class PledgeStep(NamedTuple):
    """Something that was done with one wording of the pledge."""

    step: Step  #: what
    digest: str  #: of the wording with which it was done
    date: dt.date  #: the day on which it was done
    by: str  #: who wrote it down here
    at: dt.datetime  #: when that was, in UTC
    where: str = ""  #: the meeting of the board; where it was published; where the scan lies; why a step is withdrawn
    side: Side | None = None  #: whose signature it is
    name: str = ""  #: of who signed
    role: str = ""  #: in which they signed
    sha256: str = ""  #: of the bytes of the scan
    withdraws: Step | None = None  #: which step is withdrawn

    @property
    def who(self) -> str:
        """Who signed, with the role if one is known."""
        return f"{self.name} ({self.role})" if self.role else self.name

    @property
    def sentence(self) -> str:
        """What was done, without the day."""
        return text_from("plan/partnership/pledge_step.txt.j2", done=self, side_words=side_words).rstrip()

    def is_about(self, other: "PledgeStep") -> bool:
        """Whether a withdrawal means this step: of signatures only that of the person named."""
        return other.step is not Step.SIGNED or person_key(other.name) == person_key(self.name)

    def __str__(self) -> str:
        return f"{Day(self.date).label}: {self.sentence}"


class PledgeStatus(NamedTuple):
    """How far the pledge is."""

    wording: PledgeWording  #: of now
    agreement: AgreementStatus  #: the two slots
    steps: tuple[PledgeStep, ...] = ()  #: what was done with this wording and holds, in order
    earlier: tuple[PledgeStep, ...] = ()  #: what was done with another wording, in order; it no longer holds
    needs_board: bool = True  #: whether a board has to approve it; not where the plan leaves that action out
    withdrawn: tuple[PledgeStep, ...] = ()  #: what was withdrawn of it, and by whom and why, in order

    @property
    def state(self) -> PledgeState:
        """The furthest step that holds for this wording, each needing those before it."""
        if self.agreement.state is not AgreementState.AGREED:
            return PledgeState.DRAFT
        if self.needs_board and self.newest(Step.BOARD_APPROVED) is None:
            return PledgeState.AGREED
        if self.unsigned:
            return PledgeState.BOARD_APPROVED if self.needs_board else PledgeState.AGREED
        return PledgeState.SIGNED if self.newest(Step.PUBLISHED) is None else PledgeState.PUBLISHED

    @property
    def signatures(self) -> tuple[PledgeStep, ...]:
        """Who is recorded as having signed this wording, in order."""
        return tuple(step for step in self.steps if step.step is Step.SIGNED)

    @property
    def unsigned(self) -> tuple[Side, ...]:
        """The sides for which nobody has signed this wording yet."""
        return tuple(side for side in SIDES if all(step.side is not side for step in self.signatures))

    def newest(self, step: Step) -> PledgeStep | None:
        """What was last done of that kind with this wording."""
        return next((one for one in reversed(self.steps) if one.step is step), None)

    @property
    def agreement_missing(self) -> str:
        """Whose agreement to this wording is missing, as a clause; empty once both sides agree."""
        if self.state is not PledgeState.DRAFT:
            return ""
        open_ones = [side for side in SIDES if side not in self.agreement.agreed_by]
        return _without(open_ones, "agreed to the current wording") or f"its wording is {self.agreement.state}"

    @property
    def signatures_missing(self) -> str:
        """Who has not signed this wording yet, as a clause; empty once both sides have."""
        return _without(self.unsigned, "signed")

    @property
    def missing(self) -> tuple[str, ...]:
        """What is missing before it may be published, a clause each; empty when nothing is."""
        no_board = self.needs_board and self.newest(Step.BOARD_APPROVED) is None
        board = "the board has not approved it" if no_board else ""
        return tuple(filter(None, (self.agreement_missing, board, self.signatures_missing)))

    def __str__(self) -> str:
        lines = [f"The pledge is {self.state}.", *map(str, self.agreement.slots)]
        lines += map(str, self.steps)
        lines += [str(one) if one.step is Step.WITHDRAWN else f"{one} (withdrawn since)" for one in self.withdrawn]
        return "\n".join([*lines, *(f"{step}, with an earlier wording" for step in self.earlier)])


def _without(sides: Sequence[Side], what: str) -> str:
    who = f"{side_words(sides[0])} has not" if len(sides) == 1 else "neither side has"
    return f"{who} {what}" if sides else ""


def pledge_status(
    wording: PledgeWording, acts: Sequence[Act], steps: Sequence[PledgeStep], *, needs_board: bool = True
) -> PledgeStatus:
    """How far the pledge is, of everything that was said and done, in the order in which it was recorded."""
    (agreement,) = agreement_statuses([wording], acts)
    ours, withdrawn = _in_force(step for step in steps if step.digest == wording.digest)
    earlier = tuple(step for step in steps if step.digest != wording.digest)
    return PledgeStatus(wording, agreement, ours, earlier, needs_board, withdrawn)


def _in_force(steps: Iterable[PledgeStep]) -> tuple[tuple[PledgeStep, ...], tuple[PledgeStep, ...]]:
    """The steps that hold; and those withdrawn, each followed by the step that withdrew it."""
    hold: list[PledgeStep] = []
    withdrawn: list[PledgeStep] = []
    for step in steps:
        if step.step is not Step.WITHDRAWN:
            hold.append(step)
            continue
        meant = [one for one in hold if one.step is step.withdraws and step.is_about(one)]
        hold = [one for one in hold if one not in meant]
        withdrawn += [*meant, step]
    return tuple(hold), tuple(withdrawn)


def needs_board(plan: Plan | None) -> bool:
    """Whether a plan has the pledge go before a board: it does unless that action is left out."""
    rows = () if plan is None else plan.actions
    return not any(row.on_record is OnRecord.BOARD_APPROVAL and row.state is RowState.LEFT_OUT for row in rows)


def signature_page(wording: PledgeWording) -> str:
    """The page to be printed and signed by hand, as plain text, with the digest of what is signed on it."""
    return text_from("plan/partnership/signature_page.txt.j2", wording=wording, pledge=catalogue().pledge)


def next_step(
    standing: PledgeStatus,
    step: Step | str,
    *,
    by: str,
    date: dt.date,
    signatories: AuthorisedSignatories,
    where: str = "",
    side: Side | str | None = None,
    name: str = "",
    role: str = "",
    sha256: str = "",
    withdraws: Step | str | None = None,
    at: dt.datetime | None = None,
) -> PledgeStep:
    """A step to be recorded, with the fields of a `PledgeStep`; it is written down now, if nothing is said.

    Each step but a signature needs `where`. A withdrawal has its reason there; of signatures it is the one of `name`.
    The SHA-256 of a scan has 64 hexadecimal digits. Raises InputError: what the step needs and lacks, all of it; a day
    that is still to come; NotAuthorisedError: whoever signed is not listed as a signatory for that side on that day;
    says who is; PledgeError: it isn't its turn yet (agree, then board and signatures, then publish), or it was done
    before.
    """
    moment = at or dt.datetime.now(dt.UTC)
    problems: list[Problem] = []
    by = take_text(problems, "by", by, NAME, "enter your name.")
    needs, kind = _NEEDED.get(str(step), ""), NOTE if step == Step.WITHDRAWN else PLACE
    where = take_text(problems, "where", where, kind, needs)
    unnamed = "give the name of the person who signed." if step == Step.SIGNED else ""
    name = take_text(problems, "name", name, NAME, unnamed)
    role = take_text(problems, "role", role, ROLE)
    problems += _problems(step=str(step), side=side, sha256=sha256)
    if step == Step.WITHDRAWN and (withdraws not in set(Step) or withdraws == Step.WITHDRAWN):
        allowed = ", ".join(one for one in Step if one is not Step.WITHDRAWN)
        problems.append(Problem("withdraws", "give the step that is withdrawn.", f"Allowed: {allowed}."))
    if date > moment.date():
        problems.append(Problem("date", f"{Day(date).label} is in the future; record it when it is done."))
    refuse(f"the pledge of {standing.wording.organisation}", problems)
    wanted = Step(step)
    if wanted is not Step.WITHDRAWN:
        _check_turn(standing, wanted)
    if wanted is Step.SIGNED:
        listed = signatories.signatory(Side(str(side)), name, role, date)
        name, role = listed.name or name, role or listed.role
    who = Side(side) if side else None, name, role
    taken_back = Step(str(withdraws)) if wanted is Step.WITHDRAWN else None
    done = (wanted, standing.wording.digest, date, by, moment, where)
    new = PledgeStep(*done, *who, sha256.strip().lower(), taken_back)
    if new.withdraws and not any(one.step is new.withdraws and new.is_about(one) for one in standing.steps):
        of_whom = f" of {name}" if name else ""
        raise PledgeError(f"There is no '{new.withdraws}'{of_whom} on record to withdraw.")
    if before := next((one for one in standing.steps if _is_same(one, new)), None):
        raise PledgeError(f"This is already on record. {before}.")
    return new


def _check_turn(standing: PledgeStatus, step: Step) -> None:
    """Whether everything that comes before a step was done. Raises PledgeError."""
    if standing.state is PledgeState.DRAFT:
        done = {Step.BOARD_APPROVED: "approved by the board", Step.SCANNED: "linked to a scan"}.get(step, str(step))
        raise PledgeError(f"The pledge can't be {done} yet: {standing.agreement_missing}.")
    if step is Step.PUBLISHED and standing.missing:
        raise PledgeError(f"The pledge can't be published yet: {'; '.join(standing.missing)}.")
    if step is Step.SCANNED and not standing.signatures:
        raise PledgeError(f"The scan can't be recorded yet: {standing.signatures_missing}.")


def _is_same(one: PledgeStep, other: PledgeStep) -> bool:
    """Whether a step repeats another: a board approves once, a person signs once, a place publishes once."""
    what = one.step
    if what is not other.step or what is Step.BOARD_APPROVED:
        return what is other.step
    if what is Step.SIGNED:
        return (one.side, person_key(one.name)) == (other.side, person_key(other.name))
    return one.sha256 == other.sha256 if what is Step.SCANNED else person_key(one.where) == person_key(other.where)


def _problems(*, step: str, side: Side | str | None, sha256: str) -> list[Problem]:
    problems = []
    if step not in set(Step):
        return [Problem("step", f"'{step}' is not a step of the pledge.", f"Allowed: {', '.join(Step)}.")]
    if step == Step.SIGNED and str(side) not in (Side.management, Side.staff):
        problems.append(Problem("side", "give the side: management or staff."))
    if step == Step.SCANNED and not SHA256.fullmatch(sha256.strip().lower()):
        problems.append(Problem("sha256", "the SHA-256 of the scan is 64 digits from 0 to f."))
    return problems
