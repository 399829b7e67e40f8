"""Who may speak and sign for which side of a partnership: a list of each organisation, for unions and deputies differ.

The list changes only when both sides put their name to the same one: one side proposes it, the other confirms it.
"""

import datetime as dt
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import reduce
from typing import Annotated, Any, NamedTuple, Self

from pydantic import AfterValidator, Field

from t4c_lib.errors import Problem, T4CError, refuse
from t4c_lib.html_templates import text_from
from t4c_lib.periods import Day
from t4c_lib.plan.row_base import row_parameters
from t4c_lib.plan.row_fields import DayField, Row, Side, Text, Trimmed
from t4c_lib.validation_messages import Faults, make_model, read_model, refused
from t4c_lib.yaml_text import RowName, read_yaml

SIDES = (Side.management, Side.staff)
SIDE_NAMES = {str(Side.management): "Management", str(Side.staff): "Staff side"}  # as headings and labels have them


class NotAuthorisedError(T4CError):
    """Somebody spoke for a side who may not, or not on that day. Says who may."""


def person_key(name: str) -> str:
    """A name as it is compared: capitals, blanks and the way letters are composed make no other person."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def name_and_role(entry: str) -> tuple[str, str]:
    """A person as one is entered, "name, post": the two apart; the post may be left out."""
    name, _, role = map(str.strip, entry.partition(","))
    return name, role


def side_words(*sides: Side) -> str:
    """How people call a side, or both: staff side, both sides; empty for none."""
    return "both sides" if len(sides) > 1 or Side.both in sides else "".join(f"{one} side" for one in sides)


def _one_side(side: Side) -> Side:
    if side is Side.both:
        raise refused("a person speaks for one side: management or staff.")
    return side


class AuthorisedSignatory(Row):
    """One person, or one post, that may speak for a side."""

    side: Annotated[Trimmed[Side], AfterValidator(_one_side)]  #: management or staff
    name: Text = ""  #: of the person; empty if whoever holds the post may speak
    role: Text = ""  #: the post or office: "branch secretary of UNISON"; empty if the person may speak in any
    since: DayField | None = Field(default=None, alias="from")  #: (`from` in a file) the first day; empty for always
    until: DayField | None = None  #: the last day; empty for good

    called = ("signatory", "")

    def faults(self) -> Faults:
        if not self.name and not self.role:
            yield "", "a signatory needs a name, a role, or both."
        elif self.since is not None and self.until is not None and self.until < self.since:
            yield "until", f"the last day, {Day(self.until).label}, is before the first, {Day(self.since).label}."

    def is_meant_by(self, name: str, role: str) -> bool:
        """Whether this entry means somebody of that name and role. A role left empty is no contradiction to a name."""
        if self.name:
            same_role = not role or not self.role or person_key(role) == person_key(self.role)
            return person_key(name) == person_key(self.name) and same_role
        return bool(role) and person_key(role) == person_key(self.role)

    def __str__(self) -> str:
        who = f"{self.name} ({self.role})" if self.name and self.role else self.name or f"the {self.role}"
        since = f" from {Day(self.since).label}" if self.since else ""
        until = f" until {Day(self.until).label}" if self.until else ""
        return f"{who}{since}{until}"


class AuthorisedSignatories(Row):
    """Everybody who may speak and sign in one organisation's partnership."""

    speakers: tuple[AuthorisedSignatory, ...] = ()  #: in the order in which they are shown

    @classmethod
    def from_yaml(cls, text: str, source: str = "signatories") -> Self:
        """A file's list `speakers`: side, name, role, from, until. Raises InputError: every problem, with its line."""
        names = {"speakers": RowName("signatory", ("name", "role"))}
        return read_model(cls, read_yaml(text, source, needs=("speakers",), aliases=False, rows=names))

    @classmethod
    def from_parameters(cls, content: object, source: str = "signatories") -> Self:
        """Make them from the plain values that `parameters` gives. Raises InputError with every problem."""
        return make_model(cls, content, source)

    def parameters(self) -> dict[str, Any]:
        """As plain values: what a file holds."""
        return {"speakers": [row_parameters(one) for one in self.speakers]}

    @property
    def in_words(self) -> str:
        """Who may speak and sign for each side, in a line."""
        by_side = {side: [str(one) for one in self.speakers if one.side is side] for side in SIDES}
        return "; ".join(f"{side_words(side)}: {', '.join(some) or 'nobody'}" for side, some in by_side.items())

    def of_side(self, side: Side, day: dt.date) -> tuple[AuthorisedSignatory, ...]:
        """Who may speak for a side on that day; the first and the last day of a term are part of it."""
        in_office = (one for one in self.speakers if (one.since or day) <= day <= (one.until or day))
        return tuple(one for one in in_office if one.side is side)

    def signatory(self, side: Side, name: str, role: str, day: dt.date) -> AuthorisedSignatory:
        """The entry under which somebody speaks for a side on a day; the name alone will do if the list has it.

        Raises NotAuthorisedError: there is none; the message names those who may.
        """
        may, meant = self.of_side(side, day), [one for one in self.speakers if one.is_meant_by(name, role)]
        if (found := next((one for one in may if one in meant), None)) is not None:
            return found
        same_name = [one for one in may if one.name and person_key(one.name) == person_key(name)]
        shown = {"side": side, "day": Day(day).label, "speakers": self.speakers, "words": side_words, "may": may}
        shown |= {"who": f"{name} ({role})" if role else name, "meant": meant, "same_name": same_name}
        raise NotAuthorisedError(text_from("plan/partnership/not_authorised.txt.j2", **shown).rstrip())


class SignatoryProposal(NamedTuple):
    """A list that one side put its name to: by whom, when (UTC). The side is both for lists from before proposals."""

    signatories: AuthorisedSignatories
    side: Side
    by: str
    at: dt.datetime


@dataclass(frozen=True)
class SignatoryLists:
    """The list of signatories that holds, and the one that waits for the other side."""

    #: the list that holds; empty before both sides have agreed on one.
    now: AuthorisedSignatories = field(default_factory=AuthorisedSignatories)
    #: the newest one to which only one side has put its name since; None if there is none.
    proposed: SignatoryProposal | None = None

    @staticmethod
    def of(proposals: Iterable[SignatoryProposal]) -> "SignatoryLists":
        """From everything that was put forward, oldest first: a list holds once both sides in turn named the same."""
        return reduce(SignatoryLists.after, proposals, SignatoryLists())

    def after(self, one: SignatoryProposal) -> "SignatoryLists":
        """The lists once this was put forward."""
        if one.signatories == self.now:
            return SignatoryLists(self.now)
        waiting = self.proposed if self.proposed and self.proposed.signatories == one.signatories else None
        if waiting and waiting.side is one.side:
            return self
        return SignatoryLists(one.signatories) if waiting or one.side is Side.both else SignatoryLists(self.now, one)

    def check(self, one: SignatoryProposal, role: str = "") -> None:
        """Whether somebody, in that role where one is given, may put a list forward.

        Raises InputError: no side of one's own, or a list that leaves a side without anybody; NotAuthorisedError:
        somebody who is not a signatory of that side today; for the first list, not on it.
        """
        problems, listed = [], {speaker.side for speaker in one.signatories.speakers}
        if one.side is Side.both:
            problems.append(Problem("side", "each side confirms the list for itself: management or staff."))
        unlisted = [side_words(side) for side in SIDES if side not in listed]
        problems += [Problem("signatories", f"the list names nobody for {side}.") for side in unlisted]
        refuse("the list of signatories", problems)
        day = one.at.date()
        (self.now if self.now.of_side(one.side, day) else one.signatories).signatory(one.side, one.by, role, day)
