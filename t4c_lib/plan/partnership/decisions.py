"""What a side says of a row or of the pledge, each act for good; what it agreed to, and what changed since."""

import datetime as dt
import difflib
import json
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, partial
from typing import Any, Self

from t4c_lib.errors import Problem, T4CError, UnknownNameError, did_you_mean, refuse
from t4c_lib.framework import Action, Measure, catalogue
from t4c_lib.html_templates import text_from
from t4c_lib.periods import Day, Month, parse_period
from t4c_lib.plan.partnership.authorised_signatories import side_words
from t4c_lib.plan.plan_diff import NOTHING, FieldChange, format_value
from t4c_lib.plan.row_base import PlannedRow, RowKey, canonical, digest_of
from t4c_lib.plan.row_fields import Checkpoint, Comparison, RowState, Side
from t4c_lib.quantities import Baseline, Change, ChangeKind, percent
from t4c_lib.typed_text import NAME, NOTE, ROLE, canonical_text, take_text

FRACTIONS = {"share", "rate"}
COUNTED = {*FRACTIONS, "count"}  # kinds of measures that have an X


def covered_text(covered: Mapping[str, object]) -> str:
    """What an agreement covers, as JSON: kept with it, so that years later one can say what was agreed."""
    return json.dumps(covered, ensure_ascii=False, default=str)


def covered_changes(before: str, after: str) -> tuple[str, ...]:
    """The fields in which two `covered_text`s differ, each as "due March 2027 → March 2028", in the later's order."""
    old, new = json.loads(before), json.loads(after)
    names = [*new, *(name for name in old if name not in new)]
    if _words_are_the_frameworks(old, new):
        names.remove("wording")
    fields = [name for name in names if canonical(old.get(name)) != canonical(new.get(name))]
    return tuple(str(FieldChange(name, _words(name, old), _words(name, new))) for name in fields)


def wording_changes(before: str, after: str) -> tuple[str, ...]:
    """The sentences that two wordings don't have in common: those taken out, then those put in."""
    lines = list(difflib.ndiff(_sentences(before), _sentences(after)))
    out = [f"removed: {line[2:]}" for line in lines if line.startswith("- ")]
    return tuple(out + [f"added: {line[2:]}" for line in lines if line.startswith("+ ")])


def is_same_but_for_national_words(before: str, after: str) -> bool:
    """Whether two contents differ at most in how the framework words the row, which neither side has a say in.

    The words of the framework's rows are edited now and then. A side that agreed to a row as the framework has it, or
    to leaving it out, agreed to the row, and need not agree again when the framework calls it by other words.
    What was agreed and what it is compared with are as `covered_text` gives them.
    """
    old, new = json.loads(before), json.loads(after)
    is_same = canonical({**old, "wording": ""}) == canonical({**new, "wording": ""})
    return bool(is_same and _words_are_the_frameworks(old, new))


def _words_are_the_frameworks(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    state = new.get("state")
    if "wording" not in new or old.get("state") != state:
        return False
    if state != RowState.LEFT_OUT:  # a row that is adopted has no words of its own
        return state == RowState.ADOPTED
    row = _framework_row(new)  # one that is left out may have kept some
    return row is not None and new["wording"] == (row.text if isinstance(row, Action) else row.name)


def _framework_row(content: Mapping[str, Any]) -> Action | Measure | None:
    with suppress(UnknownNameError):
        if "action" in content:
            return catalogue().action(str(content["action"]))
        return catalogue().measure(str(content["measure"]))
    return None


def said_agreed(who: str, what: str, side: Side) -> str:
    """That somebody agreed to something for a side, without a full stop."""
    return f"{who} agreed to {what} for {side_words(side)}"


def agreed_in_words(covered: str) -> str:
    """What was agreed of a row (see `covered_text`), in a line: its place, its words, and the X as it was agreed."""
    content = json.loads(covered)
    row = _framework_row(content)
    x = "X" if content.get("number") is None else _words("number", content)
    wording = str(content.get("wording", "")).replace("{x}", x)
    shown = {"content": content, "place": "own" if row is None else row.reference, "wording": wording}
    ways = {"way": _way(content), "words": partial(_words, content=content), "counted": COUNTED, "percent": percent}
    return text_from("plan/partnership/agreed.txt.j2", **shown, **ways).strip()


def _way(content: Mapping[str, Any]) -> str:
    with suppress(T4CError, ArithmeticError, LookupError, TypeError, ValueError):
        baseline = Baseline(**content["baseline"])
        goal = baseline.goal_text(_change(content["change"]).goal(baseline))
        when = f" in {parse_period(baseline.period).label}" if baseline.period else ""
        return f"from {baseline.text}{when} to {goal}"
    return ""


def _words(name: str, content: Mapping[str, Any]) -> str:
    value = content.get(name)
    if value is None or value in ("", []):
        return NOTHING
    try:
        return format_value(_BUILT[name](value) if name in _BUILT else value, content.get("kind") in FRACTIONS)
    except (T4CError, ArithmeticError, LookupError, TypeError, ValueError):
        # A form of another day, which this code no longer knows: shown as it was kept.
        return str(value)


def _change(value: Any) -> Change:
    return Change(ChangeKind(value[0]), value[1])


# How what is kept as JSON is made what it was.
_BUILT: dict[str, Callable[[Any], object]] = {
    "baseline": lambda value: Baseline(**value),
    "change": _change,
    "checkpoints": lambda rows: tuple(Checkpoint(due=due, value=v, change=x and _change(x)) for due, v, x in rows),
    "comparison": lambda value: Comparison(share=value[0], period=value[1], source=value[2] or ""),
    "due": Month.parse,
    "start": Month.parse,
}


def _sentences(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"(?<=[.!?])\s+", canonical_text(text)) if part.strip()]


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


@dataclass(frozen=True)
class PledgeWording:
    """The text that both sides put their names to."""

    organisation: str  #: code
    organisation_name: str  #: as it is printed
    wording: str  #: the text
    revision: int = 0  #: 1, 2, 3 ... of what was saved; 0 for the framework's suggestion

    @classmethod
    def suggested(cls, organisation: str, name: str) -> Self:
        """Our wording of the framework's pledge, with the organisation's name in it."""
        return cls(organisation, name, catalogue().pledge.for_organisation(name))

    @property
    def row_key(self) -> RowKey:
        return PLEDGE, self.organisation

    @property
    def title(self) -> str:
        """How messages call it."""
        return f"the {PLEDGE}"

    @property
    def covered(self) -> dict[str, object]:
        """What the two sides agree to."""
        return {"organisation": self.organisation, "name": self.organisation_name, "wording": self.wording}

    @cached_property
    def digest(self) -> str:
        """SHA-256 of what is agreed."""
        return digest_of("pledge 1", self.covered)


Agreeable = PlannedRow | PledgeWording  # what two sides can agree to


def subject_of(row: Agreeable) -> str:
    """The name under which acts about a row are kept: the same for every version of it."""
    return json.dumps(row.row_key, ensure_ascii=False)


@dataclass(frozen=True)
class Act:
    """What one person said for one side."""

    subject: str  #: of which row, as `subject_of` gives it
    label: str  #: how the row is called: "1m1 Staff aged 16 to 24"
    decision: Decision  #: what is said
    side: Side  #: for whom: management or staff. A row can be parked, escalated or taken up again by both together
    name: str  #: of the person
    role: str  #: in which the person speaks
    at: dt.datetime  #: when, in UTC
    digest: str  #: of what it is said of
    covered: str  #: what that digest covers, as JSON
    reason: str = ""  #: why; needed to disagree, to park and to escalate
    revision: int = 0  #: of the plan (of the pledge's wording, for the pledge) that the person saw

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

        Raises InputError: every problem: no name, no such side or decision, a reason missing, a time without a zone.
        """
        problems = _problems(str(decision), str(side), at)
        needs = f"give a reason for '{decision}'." if str(decision) in set(NEEDS_REASON) else ""
        name = take_text(problems, "name", name, NAME, "enter the name of the person who speaks for the side.")
        role = take_text(problems, "role", role, ROLE)
        reason = take_text(problems, "reason", reason, NOTE, needs)
        refuse(f"the decision on {row.title}", problems)
        moment = at.astimezone(dt.UTC) if at else dt.datetime.now(dt.UTC)
        said = (subject_of(row), row.title, Decision(decision), Side(side), name, role, moment)
        return cls(*said, row.digest, covered_text(row.covered), reason, revision)

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
    def reason_in_sentence(self) -> str:
        """The reason as sentences go on after it: they have a full stop of their own."""
        return self.reason.removesuffix(".")

    @property
    def sentence(self) -> str:
        """What was said, without the day."""
        if self.decision is Decision.AGREED:
            return said_agreed(self.who, self.label, self.side)
        return text_from("plan/partnership/act.txt.j2", act=self, side=side_words(self.side)).rstrip()

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
