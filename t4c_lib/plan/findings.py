"""What the check of a plan finds: one sentence each, with where to mend it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """Whether a plan can be agreed with that in it."""

    MUST = "must"  # be mended before the two sides can agree
    SHOULD = "should"  # be looked at


@dataclass(frozen=True)
class Finding:
    """One thing that a plan lacks, or that can't be as it stands.

    Attributes:
        severity: must or should.
        row: what it is about: "measure young-share", "action sign-pledge", "intention 7", "the plan".
        field: of that row, where it is to be mended; empty where a whole row is missing.
        message: one sentence.
    """

    severity: Severity
    row: str
    field: str
    message: str

    @property
    def where(self) -> str:
        """Where to mend it."""
        return f"{self.row}, {self.field}" if self.field else self.row

    def __str__(self) -> str:
        return f"{self.where}: {self.message}"


def must(row: str, field: str, message: str) -> Finding:
    """Something that must be mended."""
    return Finding(Severity.MUST, row, field, message)


def should(row: str, field: str, message: str) -> Finding:
    """Something that should be looked at."""
    return Finding(Severity.SHOULD, row, field, message)
