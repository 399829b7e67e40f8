"""The next step of the pledge: what it needs, and what has to come before it."""

from __future__ import annotations

import datetime as dt
import re

from t4c_lib.errors import InputError, Problem
from t4c_lib.plan.digests import canonical_text
from t4c_lib.plan.partnership.pledge import PledgeError, PledgeStanding, PledgeState, PledgeStep, Step
from t4c_lib.plan.partnership.speakers import side_words
from t4c_lib.plan.parts import Side

SHA256 = re.compile(r"[0-9a-f]{64}")


def next_step(
    standing: PledgeStanding,
    step: Step | str,
    *,
    by: str,
    date: dt.date,
    where: str = "",
    side: Side | str | None = None,
    name: str = "",
    role: str = "",
    sha256: str = "",
    at: dt.datetime | None = None,
) -> PledgeStep:
    """A step to be recorded.

    Args:
        standing: how far the pledge is.
        step: what was done: approved by the board, signed, scanned, published.
        by: who writes it down.
        date: the day on which it was done.
        where: the board's meeting, where it was published, or where the scan lies; each step but a signature needs it.
        side: whose signature it is.
        name: who signed.
        role: in which they signed.
        sha256: of the bytes of the scan, 64 hexadecimal digits.
        at: when it is written down; now, if nothing is said.

    Raises:
        InputError: what the step needs and lacks, all of it.
        PledgeError: it isn't its turn yet: agree, then board and signatures, then publish.
    """
    problems = _problems(step=str(step), by=by, where=where, side=side, name=name, sha256=sha256)
    if problems:
        raise InputError(f"the pledge of {standing.wording.organisation}", problems)
    wanted = Step(step)
    if standing.state is PledgeState.DRAFT:
        raise PledgeError(f"The pledge can't be {_done(wanted)} yet: {_not_agreed(standing)}.")
    if wanted is Step.PUBLISHED and standing.state is PledgeState.AGREED:
        raise PledgeError("The pledge can't be published yet: the board has not approved this wording.")
    if wanted is Step.SCANNED and not standing.signatures:
        raise PledgeError("There can be no scan of the signed page yet: nobody is recorded as having signed.")
    return PledgeStep(
        step=wanted,
        digest=standing.wording.digest,
        date=date,
        by=canonical_text(by),
        at=at or dt.datetime.now(dt.UTC),
        where=canonical_text(where),
        side=Side(side) if side else None,
        name=canonical_text(name),
        role=canonical_text(role),
        sha256=sha256.strip().lower(),
    )


def _not_agreed(standing: PledgeStanding) -> str:
    agreed = standing.agreement.agreed_by
    missing = [slot.side for slot in standing.agreement.slots if slot.side not in agreed]
    who = f"{side_words(missing[0])} has" if len(missing) == 1 else "the two sides have"
    return f"{who} not agreed to this wording [{standing.wording.digest[:12]}]"


def _done(step: Step) -> str:
    return {Step.BOARD_APPROVED: "approved by the board", Step.SCANNED: "linked to a scan"}.get(step, str(step))


def _problems(*, step: str, by: str, where: str, side: Side | str | None, name: str, sha256: str) -> list[Problem]:
    problems = []
    if step not in set(Step):
        return [Problem("step", f"'{step}' is no step of the pledge.", f"Allowed: {', '.join(Step)}.")]
    if not canonical_text(by):
        problems.append(Problem("by", "whoever writes it down says who they are."))
    needed = {
        Step.BOARD_APPROVED: "the meeting of the board",
        Step.PUBLISHED: "where it was published",
        Step.SCANNED: "where the scan lies",
    }
    if step in needed and not canonical_text(where):
        problems.append(Problem("where", f"say {needed[Step(step)]}."))
    if step == Step.SIGNED:
        if not canonical_text(name):
            problems.append(Problem("name", "say who signed."))
        if str(side) not in (Side.management, Side.staff):
            problems.append(Problem("side", "say for which side: management or staff."))
    if step == Step.SCANNED and not SHA256.fullmatch(sha256.strip().lower()):
        problems.append(Problem("sha256", "the SHA-256 of the scan is 64 digits from 0 to f."))
    return problems
