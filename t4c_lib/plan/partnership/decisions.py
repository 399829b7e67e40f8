"""What a side says of a row of the plan, or of the pledge. An act is never altered: who thinks again says so anew."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, Self

from t4c_lib.errors import InputError, Problem, did_you_mean
from t4c_lib.periods import Day
from t4c_lib.plan.action_rows import ActionRow
from t4c_lib.plan.measure_rows import MeasureRow
from t4c_lib.plan.partnership.agreement_diff import covered_text
from t4c_lib.plan.partnership.authorised_signatories import side_words
from t4c_lib.plan.plan import Plan
from t4c_lib.plan.row_fields import Side
from t4c_lib.typed_text import NAME, NOTE, ROLE, take_text

PLEDGE = "pledge"


class Decision(StrEnum):
    """What is said. The first three fill or empty the slot of a side, the others are about the row as a whole."""

    AGREED = "agreed"
    NOT_AGREED = "not agreed"
    WITHDRAWN = "withdrawn"
    PARKED = "parked"
    ESCALATED = "escalated"
    TAKEN_UP = "taken up again"


NEEDS_REASON = (Decision.NOT_AGREED, Decision.PARKED, Decision.ESCALATED)


class Agreeable(Protocol):
    """What two sides can agree to: a row of an action or of a measure, or the pledge."""

    @property
    def key(self) -> object:
        """What makes it this one and no other."""

    @property
    def title(self) -> str:
        """How people call it: its place in the framework and its words."""

    @property
    def digest(self) -> str:
        """Of what an agreement covers."""

    @property
    def covered(self) -> Mapping[str, object]:
        """What an agreement covers."""


def agreeable_rows(plan: Plan) -> tuple[ActionRow | MeasureRow, ...]:
    """The rows of a plan to which the two sides agree one by one: its actions, then its measures."""
    return (*plan.actions, *plan.measures)


def subject_of(row: Agreeable) -> str:
    """The name under which acts about a row are kept: the same for every version of it."""
    kind = "action" if isinstance(row, ActionRow) else "measure" if isinstance(row, MeasureRow) else PLEDGE
    key = row.key if isinstance(row.key, tuple) else (row.key,)
    return json.dumps([kind, *key], ensure_ascii=False)


@dataclass(frozen=True)
class Act:
    """What one person said for one side.

    Attributes:
        subject: of which row, as `subject_of` gives it.
        label: how the row is called: "1m1 Staff aged 16 to 24".
        decision: what is said.
        side: for whom: management or staff. A row can be parked, escalated or taken up again by both together.
        name: of the person.
        role: in which the person speaks.
        at: when, in UTC.
        digest: of what it is said of.
        covered: what that digest covers, as JSON.
        reason: why; needed to disagree, to park and to escalate.
        revision: of the plan (of the pledge's wording, for the pledge) that the person saw.
    """

    subject: str
    label: str
    decision: Decision
    side: Side
    name: str
    role: str
    at: dt.datetime
    digest: str
    covered: str
    reason: str = ""
    revision: int = 0

    @classmethod
    def on(
        cls,
        row: Agreeable,
        decision: Decision | str,
        *,
        side: Side | str,
        name: str,
        role: str = "",
        reason: str = "",
        revision: int = 0,
        at: dt.datetime | None = None,
    ) -> Self:
        """What somebody says of a row as it stands before them; now, if nothing is said of when.

        Raises:
            InputError: every problem: no name, no such side or decision, a reason missing, a time without a zone.
        """
        problems = _problems(str(decision), str(side), at)
        needs = f"give a reason for '{decision}'." if str(decision) in set(NEEDS_REASON) else ""
        name = take_text(problems, "name", name, NAME, "enter the name of the person who speaks for the side.")
        role = take_text(problems, "role", role, ROLE)
        reason = take_text(problems, "reason", reason, NOTE, needs)
        if problems:
            raise InputError(f"the decision on {row.title}", problems)
        return cls(
            subject=subject_of(row),
            label=row.title,
            decision=Decision(decision),
            side=Side(side),
            name=name,
            role=role,
            at=at.astimezone(dt.UTC) if at else dt.datetime.now(dt.UTC),
            digest=row.digest,
            covered=covered_text(row.covered),
            reason=reason,
            revision=revision,
        )

    @property
    def is_of_row(self) -> bool:
        """Whether it is about a row of the plan, and not about the pledge."""
        return bool(json.loads(self.subject)[0] != PLEDGE)

    @property
    def fills_slot(self) -> bool:
        """Whether it is about the agreement of one side, and not about the row as a whole."""
        return self.decision in (Decision.AGREED, Decision.NOT_AGREED, Decision.WITHDRAWN)

    @property
    def who(self) -> str:
        """The person, with the role if one is known."""
        return f"{self.name} ({self.role})" if self.role else self.name

    @property
    def sentence(self) -> str:
        """What was said, without the day."""
        side = side_words(self.side)
        because = f" because {self.reason}" if self.reason else ""
        match self.decision:
            case Decision.AGREED:
                text = f"{self.who} agreed to {self.label} for {side}"
            case Decision.NOT_AGREED:
                text = f"{self.who} did not agree to {self.label} for {side}{because}"
            case Decision.WITHDRAWN:
                text = f"{self.who} withdrew the decision of {side} on {self.label}{because}"
            case _:
                text = f"{self.who} ({side}) recorded {self.label} as {self.decision}{because}"
        return text

    def __str__(self) -> str:
        return f"{Day(self.at.date()).label}: {self.sentence}"


def _problems(decision: str, side: str, at: dt.datetime | None) -> list[Problem]:
    problems = []
    if decision not in set(Decision):
        hint = f"{did_you_mean(decision, Decision)} Allowed: {', '.join(Decision)}.".strip()
        problems.append(Problem("decision", f"'{decision}' is not a decision.", hint))
    if side not in set(Side):
        problems.append(Problem("side", f"'{side}' is not a side.", "Allowed: management, staff."))
    elif side == Side.both and decision in (Decision.AGREED, Decision.NOT_AGREED, Decision.WITHDRAWN):
        problems.append(Problem("side", "each side decides for itself: management or staff, one after the other."))
    if at is not None and at.tzinfo is None:
        problems.append(Problem("at", "a time needs a time zone."))
    elif at is not None and at > dt.datetime.now(dt.UTC):
        problems.append(Problem("at", f"{Day(at.date()).label} is in the future."))
    return problems
