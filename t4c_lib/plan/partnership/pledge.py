"""The partnership's pledge: its wording, and how far it is: draft, agreed, board-approved, published.

Each step holds for one digest of the wording. An edit makes another digest, and the pledge is a draft again; what was
done before stays in its history. A name that was typed is a record of who signed, not a signature: that stands on
paper, on a page that carries the digest, and the scan is named here with its own.
"""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Self

from t4c_lib.errors import T4CError
from t4c_lib.framework import catalogue
from t4c_lib.periods import Day
from t4c_lib.plan.digests import canonical_text, digest_of
from t4c_lib.plan.partnership.acts import PLEDGE, Act
from t4c_lib.plan.partnership.agreement import AgreementState, Standing, row_states
from t4c_lib.plan.partnership.speakers import side_words
from t4c_lib.plan.parts import Side


class PledgeError(T4CError):
    """A step of the pledge that can't be taken yet. Says what comes before it."""


class PledgeState(StrEnum):
    """How far the pledge is, with the wording of now."""

    DRAFT = "draft"
    AGREED = "agreed"
    BOARD_APPROVED = "board-approved"
    PUBLISHED = "published"


class Step(StrEnum):
    """What is done with an agreed pledge."""

    BOARD_APPROVED = "board-approved"
    SIGNED = "signed"
    SCANNED = "scan linked"
    PUBLISHED = "published"


@dataclass(frozen=True)
class PledgeWording:
    """The text that both sides put their names to.

    Attributes:
        organisation: code.
        organisation_name: as it is printed.
        wording: the text.
        revision: 1, 2, 3 ... of what was saved; 0 for the framework's suggestion.
    """

    organisation: str
    organisation_name: str
    wording: str
    revision: int = 0

    @classmethod
    def suggested(cls, organisation: str, name: str) -> Self:
        """Our wording of the framework's pledge, with the organisation's name in it."""
        return cls(organisation, name, catalogue().pledge.for_organisation(name))

    @property
    def key(self) -> str:
        return self.organisation

    @property
    def label(self) -> str:
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


@dataclass(frozen=True)
class PledgeStep:
    """Something that was done with one wording of the pledge.

    Attributes:
        step: what.
        digest: of the wording with which it was done.
        date: the day on which it was done.
        by: who wrote it down here.
        at: when that was, in UTC.
        where: the meeting of the board; where it was published; where the scan lies.
        side: whose signature it is.
        name: of who signed.
        role: in which they signed.
        sha256: of the bytes of the scan.
    """

    step: Step
    digest: str
    date: dt.date
    by: str
    at: dt.datetime
    where: str = ""
    side: Side | None = None
    name: str = ""
    role: str = ""
    sha256: str = ""

    @property
    def sentence(self) -> str:
        """What was done, without the day."""
        match self.step:
            case Step.BOARD_APPROVED:
                return f"the board approved the pledge ({self.where})"
            case Step.SIGNED:
                who = f"{self.name} ({self.role})" if self.role else self.name
                side = side_words(self.side) if self.side else ""
                return f"{who} is recorded as having signed the pledge for {side}"
            case Step.SCANNED:
                return f"the scan of the signed page lies at {self.where} (SHA-256 {self.sha256})"
            case Step.PUBLISHED:
                return f"the pledge was published: {self.where}"

    def __str__(self) -> str:
        return f"{Day(self.date).label}: {self.sentence}"


@dataclass(frozen=True)
class PledgeStanding:
    """How far the pledge is.

    Attributes:
        wording: of now.
        agreement: the two slots.
        state: the furthest step that holds for this wording, each needing those before it.
        steps: what was done with this wording, in order.
        earlier: what was done with another wording, in order; it no longer holds.
    """

    wording: PledgeWording
    agreement: Standing
    state: PledgeState
    steps: tuple[PledgeStep, ...] = ()
    earlier: tuple[PledgeStep, ...] = ()

    @property
    def signatures(self) -> tuple[PledgeStep, ...]:
        """Who is recorded as having signed this wording: the last word of each side."""
        signed = {step.side: step for step in self.steps if step.step is Step.SIGNED}
        return tuple(signed.values())

    @property
    def scan(self) -> PledgeStep | None:
        """Where the signed page lies, if it was linked."""
        return next((step for step in reversed(self.steps) if step.step is Step.SCANNED), None)

    @property
    def lines(self) -> tuple[str, ...]:
        """Where it stands, in sentences."""
        lines = [f"The pledge is {self.state} [{self.wording.digest[:12]}].", *map(str, self.agreement.slots)]
        lines += map(str, self.steps)
        lines += [f"{step}, with an earlier wording" for step in self.earlier]
        return tuple(lines)

    def __str__(self) -> str:
        return "\n".join(self.lines)


def pledge_standing(wording: PledgeWording, acts: Sequence[Act], steps: Sequence[PledgeStep]) -> PledgeStanding:
    """How far the pledge is, of everything that was said and done, in the order in which it was recorded."""
    (agreement,) = row_states([wording], acts)
    ours = tuple(step for step in steps if step.digest == wording.digest)
    done = {step.step for step in ours}
    state = PledgeState.DRAFT
    if agreement.state is AgreementState.AGREED:
        state = PledgeState.AGREED
        if Step.BOARD_APPROVED in done:
            state = PledgeState.PUBLISHED if Step.PUBLISHED in done else PledgeState.BOARD_APPROVED
    earlier = tuple(step for step in steps if step.digest != wording.digest)
    return PledgeStanding(wording, agreement, state, ours, earlier)


def signature_page(wording: PledgeWording) -> str:
    """The page to be printed and signed by hand, as plain text, with the digest of what is signed on it."""
    pledge = catalogue().pledge
    lines = [f"Partnership pledge of {wording.organisation_name}", "", wording.wording, ""]
    for signatory in pledge.signed_by:
        side = signatory.side if signatory.side.endswith("side") else f"{signatory.side} side"
        lines += [f"For {side}: {signatory.postholder}", "", "Name      ______________________________"]
        lines += ["Signature ______________________________", "Date      ______________________________", ""]
    lines += [f"Revision {wording.revision} of the wording. SHA-256 of what is signed:", wording.digest]
    return "\n".join(lines) + "\n"


def wording_changes(before: str, after: str) -> tuple[str, ...]:
    """The sentences that two wordings don't have in common: those taken out, then those put in."""
    old, new = _sentences(before), _sentences(after)
    lines = list(difflib.ndiff(old, new))
    out = [f"taken out: {line[2:]}" for line in lines if line.startswith("- ")]
    return tuple(out + [f"put in: {line[2:]}" for line in lines if line.startswith("+ ")])


def _sentences(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"(?<=[.!?])\s+", canonical_text(text)) if part.strip()]
