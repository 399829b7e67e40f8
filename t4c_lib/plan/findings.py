"""What the check of a plan finds: one sentence each, with where to mend it; the same sentence of many rows is one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from t4c_lib.plan.planned import PlannedRow, RowKey


class Severity(StrEnum):
    """Whether a plan can be agreed with that in it."""

    MUST = "must"  # be fixed before the two sides can agree: something is missing, or contradicts itself
    SHOULD = "should"  # be checked: a date that has passed, for example, which never keeps anybody from agreeing


@dataclass(frozen=True)
class Finding:
    """One thing that a plan lacks, or that can't be as it stands.

    Attributes:
        severity: must or should.
        row: what it is about: "measure young-share", "action sign-pledge", "intention 7", "the plan".
        field: of that row, where it is to be mended; empty where a whole row is missing.
        message: one sentence.
        row_key: of the action or the measure that it is about; None for what is no row. As PlannedRow.row_key.
        reference: the place of that row in the framework ("1m1"), or its own key; empty for what is no row.
    """

    severity: Severity
    row: str
    field: str
    message: str
    row_key: RowKey | None = None
    reference: str = ""

    @property
    def blocks_agreement(self) -> bool:
        """Whether its row (or plan) is incomplete or contradicts itself. Lateness never blocks."""
        return self.severity is Severity.MUST

    @property
    def where(self) -> str:
        """Where to mend it."""
        return f"{self.row}, {self.field}" if self.field else self.row

    def __str__(self) -> str:
        return f"{self.where}: {self.message}"


def grouped(findings: Iterable[Finding]) -> tuple[str, ...]:
    """The findings as sentences, each once, with the places of all rows of which it is true, in the plan's order."""
    alike: dict[tuple[Severity, str, str], list[Finding]] = {}
    for one in findings:
        alike.setdefault((one.severity, one.field, one.message), []).append(one)
    return tuple(_together(some) for some in alike.values())


def _together(findings: Sequence[Finding]) -> str:
    first = findings[0]
    kinds = [one.row_key[0] for one in findings if one.row_key]
    if len(findings) == 1:
        text = str(first).removeprefix(f"{kinds[0]} ") if kinds else str(first)
        return text if text.startswith(first.reference) else f"{first.reference} {text}"
    counts = [f"{(n := kinds.count(kind))} {kind}{'' if n == 1 else 's'}" for kind in dict.fromkeys(kinds)]
    times = Counter(one.reference or one.row for one in findings)  # a measure has a row for each group of people
    places = ", ".join(place if n == 1 else f"{place} ({n} rows)" for place, n in times.items())
    of_what = f"{' and '.join(counts)} ({places})" if counts else places
    return f"{first.message.removesuffix('.')}: {of_what}"


def must(row: PlannedRow | str, field: str, message: str) -> Finding:
    """Something that must be fixed before agreement."""
    return _finding(Severity.MUST, row, field, message)


def should(row: PlannedRow | str, field: str, message: str) -> Finding:
    """Something that is worth checking."""
    return _finding(Severity.SHOULD, row, field, message)


def _finding(severity: Severity, row: PlannedRow | str, field: str, message: str) -> Finding:
    if isinstance(row, str):
        return Finding(severity, row, field, message)
    return Finding(severity, row.label, field, message, row.row_key, row.reference)
