"""The next step of the pledge: what it needs, and what has to come before it."""

from __future__ import annotations

import datetime as dt
import re

from t4c_lib.errors import InputError, Problem
from t4c_lib.periods import Day
from t4c_lib.plan.fields import Side
from t4c_lib.plan.partnership.pledge import PledgeError, PledgeStanding, PledgeState, PledgeStep, Step
from t4c_lib.plan.partnership.speakers import Speakers, person_key
from t4c_lib.typed_text import NAME, NOTE, PLACE, ROLE, take_text

SHA256 = re.compile(r"[0-9a-f]{64}")
_NEEDED: dict[str, str] = {
    Step.BOARD_APPROVED: "say the meeting of the board.",
    Step.PUBLISHED: "say where it was published.",
    Step.SCANNED: "say where the scan lies.",
    Step.WITHDRAWN: "say why it is withdrawn.",
}


def next_step(
    standing: PledgeStanding,
    step: Step | str,
    *,
    by: str,
    date: dt.date,
    signatories: Speakers,
    where: str = "",
    side: Side | str | None = None,
    name: str = "",
    role: str = "",
    sha256: str = "",
    withdraws: Step | str | None = None,
    at: dt.datetime | None = None,
) -> PledgeStep:
    """A step to be recorded.

    Args:
        standing: how far the pledge is.
        step: what was done: approved by the board, signed, scanned, published.
        by: who writes it down.
        date: the day on which it was done.
        signatories: who may sign for each side.
        where: the board's meeting, where it was published, or where the scan lies; each step but a signature needs it.
        side: whose signature it is.
        name: who signed.
        role: in which they signed.
        sha256: of the bytes of the scan, 64 hexadecimal digits.
        withdraws: which step is withdrawn, with the reason as `where`; of signatures the one of `name`.
        at: when it is written down; now, if nothing is said.

    Raises:
        InputError: what the step needs and lacks, all of it; a day that is still to come.
        NotEntitledError: whoever signed is not listed as a signatory for that side on that day; says who is.
        PledgeError: it isn't its turn yet (agree, then board and signatures, then publish), or it was done before.
    """
    moment = at or dt.datetime.now(dt.UTC)
    problems: list[Problem] = []
    by = take_text(problems, "by", by, NAME, "whoever writes it down says who they are.")
    needs, kind = _NEEDED.get(str(step), ""), NOTE if step == Step.WITHDRAWN else PLACE
    where = take_text(problems, "where", where, kind, needs)
    name = take_text(problems, "name", name, NAME, "say who signed." if step == Step.SIGNED else "")
    role = take_text(problems, "role", role, ROLE)
    problems += _problems(step=str(step), side=side, sha256=sha256)
    if step == Step.WITHDRAWN and (withdraws not in set(Step) or withdraws == Step.WITHDRAWN):
        allowed = ", ".join(one for one in Step if one is not Step.WITHDRAWN)
        problems.append(Problem("withdraws", "say which step is withdrawn.", f"Allowed: {allowed}."))
    if date > moment.date():
        problems.append(Problem("date", f"{Day(date).label} is still to come; record it when it is done."))
    if problems:
        raise InputError(f"the pledge of {standing.wording.organisation}", problems)
    wanted = Step(step)
    if wanted is Step.WITHDRAWN:
        return _withdrawal(standing, withdraws, by=by, date=date, because=where, name=name, at=moment)
    if standing.state is PledgeState.DRAFT:
        raise PledgeError(f"The pledge can't be {_done(wanted)} yet: {standing.agreement_missing}.")
    if wanted is Step.PUBLISHED and standing.missing:
        raise PledgeError(f"The pledge can't be published yet: {'; '.join(standing.missing)}.")
    if wanted is Step.SCANNED and not standing.signatures:
        raise PledgeError(f"There can be no scan of the signed page yet: {standing.signatures_missing}.")
    if wanted is Step.SIGNED:
        listed = signatories.speaker(Side(str(side)), name, role, date)
        name, role = listed.name or name, role or listed.role
    new = PledgeStep(
        step=wanted,
        digest=standing.wording.digest,
        date=date,
        by=by,
        at=moment,
        where=where,
        side=Side(side) if side else None,
        name=name,
        role=role,
        sha256=sha256.strip().lower(),
    )
    before = next((one for one in standing.steps if _is_same(one, new)), None)
    if before is not None:
        raise PledgeError(f"That is on record already. {before}.")
    return new


def _withdrawal(
    standing: PledgeStanding,
    withdraws: Step | str | None,
    *,
    by: str,
    date: dt.date,
    because: str,
    name: str,
    at: dt.datetime,
) -> PledgeStep:
    """That a step was withdrawn. Raises PledgeError if there is no such step that holds."""
    wanted = Step(str(withdraws))
    digest = standing.wording.digest
    made = PledgeStep(Step.WITHDRAWN, digest, date, by, at, because, name=name, withdraws=wanted)
    if not any(one.step is wanted and made.is_about(one) for one in standing.steps):
        of_whom = f" of {name}" if name else ""
        raise PledgeError(f"There is no '{wanted}'{of_whom} on record that could be withdrawn.")
    return made


def _is_same(one: PledgeStep, other: PledgeStep) -> bool:
    """Whether a step repeats another: a board approves once, a person signs once, a place publishes once."""
    what = one.step
    if what is not other.step or what is Step.BOARD_APPROVED:
        return what is other.step
    if what is Step.SIGNED:
        return (one.side, person_key(one.name)) == (other.side, person_key(other.name))
    return one.sha256 == other.sha256 if what is Step.SCANNED else person_key(one.where) == person_key(other.where)


def _done(step: Step) -> str:
    return {Step.BOARD_APPROVED: "approved by the board", Step.SCANNED: "linked to a scan"}.get(step, str(step))


def _problems(*, step: str, side: Side | str | None, sha256: str) -> list[Problem]:
    problems = []
    if step not in set(Step):
        return [Problem("step", f"'{step}' is no step of the pledge.", f"Allowed: {', '.join(Step)}.")]
    if step == Step.SIGNED and str(side) not in (Side.management, Side.staff):
        problems.append(Problem("side", "say for which side: management or staff."))
    if step == Step.SCANNED and not SHA256.fullmatch(sha256.strip().lower()):
        problems.append(Problem("sha256", "the SHA-256 of the scan is 64 digits from 0 to f."))
    return problems
