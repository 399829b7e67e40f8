"""A proposal: what a Word document would become as a plan, row by row, for a person to accept, change or refuse."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from t4c_lib.periods import Month
from t4c_lib.plan.word.nouns import Leftover
from t4c_lib.plan.word.suggestions import Suggestion
from t4c_lib.plan.word.timing import Timing, read_timing

_INDENT = " " * 6
_HEADING = "heading of a column"


class RowKind(StrEnum):
    """What a row of the proposal is."""

    intention = "intention"
    action = "action"
    measure = "measure"


@dataclass(frozen=True)
class Near:
    """A row of the framework that was not chosen for a text but comes near to it."""

    ref: str
    key: str
    score: float


@dataclass(frozen=True)
class ProposedRow:
    """One entry of the document, and what it is taken for.

    Attributes:
        kind: intention (a heading of the first column), action or measure.
        intention: number of the intention it stands under; None where that is unknown.
        text: as written, without the bullet before it; never shortened.
        refs: of the framework ("1a2"; "1m4-attainment", "1m4-turnover" for an entry that holds several measures; "3"
            for an intention). Empty: it matches nothing and would be a row of the organisation's own.
        keys: keys of the catalogue, in the order of `refs`.
        score: how well it matches, 0 to 1; 0 for a row of the organisation's own.
        why: what speaks for the match, or why there is none; a sentence without full stop.
        near: other rows of the framework that come near, best first.
        suggestions: what numbers in the text may mean; nothing is a target before a person has chosen.
        timing: what the timeline column says beside it; None where it says nothing.
        postholder: what the column of postholders says beside it, or empty.
        mark: the bullet or number typed before it, or empty.
        place: where it stands in the document ("table 1, row 3").
    """

    kind: RowKind
    intention: int | None
    text: str
    refs: tuple[str, ...]
    keys: tuple[str, ...]
    score: float
    why: str
    near: tuple[Near, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    timing: Timing | None = None
    postholder: str = ""
    mark: str = ""
    place: str = ""

    @property
    def due(self) -> Month | None:
        """By when an X in it is to be reached: as the column beside it says, or else its own words."""
        by = " ".join(re.split(r"\b(?:by|before|until)\b", self.text, maxsplit=1, flags=re.IGNORECASE)[1:])
        said = [one for one in (self.timing, read_timing(by)) if one is not None and not one.starting]
        return next((one.month for one in said if one.month is not None), None)


@dataclass(frozen=True)
class Absent:
    """A row of the framework that nothing in the document was matched to."""

    kind: RowKind
    intention: int
    ref: str
    key: str
    wording: str


@dataclass(frozen=True)
class Proposal:
    """All that a document gives.

    Attributes:
        source: name of the file.
        rows: in the order of the document.
        absent: in the order of the framework.
        leftover: every text of the document that is in no row, with what it was taken for.
        remarks: what a person should know about how the document was read.
    """

    source: str
    rows: tuple[ProposedRow, ...]
    absent: tuple[Absent, ...]
    leftover: tuple[Leftover, ...]
    remarks: tuple[str, ...] = ()

    @property
    def matched(self) -> tuple[ProposedRow, ...]:
        """Actions and measures matched to the framework."""
        return tuple(row for row in self.rows if row.refs and row.kind is not RowKind.intention)

    @property
    def added(self) -> tuple[ProposedRow, ...]:
        """Actions and measures that would be rows of the organisation's own."""
        return tuple(row for row in self.rows if not row.refs and row.kind is not RowKind.intention)

    @property
    def amounts(self) -> tuple[tuple[int, Suggestion], ...]:
        """The X's that the document seems to give, each with the number of its row, in the order of the document."""
        return tuple((number, one) for number, row in enumerate(self.rows, 1) for one in row.suggestions)

    def to_text(self, width: int = 100) -> str:
        """The whole proposal for a terminal, row by row, each with a number by which a person can refer to it."""
        return _proposal_text(self, width)


def _proposal_text(proposal: Proposal, width: int = 100) -> str:
    """The proposal, row by row; `width` in characters. Texts are wrapped and never cut."""
    lines = [*_summary(proposal), ""]
    for number, row in enumerate(proposal.rows, 1):
        lines += [*_row(number, row, width), ""]
    if proposal.absent:
        lines += [f"Not in the document ({len(proposal.absent)} rows of the framework):"]
        lines += [line for absent in proposal.absent for line in _absent(absent, width)] + [""]
    left = [leftover for leftover in proposal.leftover if leftover.why != _HEADING]
    if left:
        lines += ["Left over (texts that would be in no row; they stay in the document):"]
        for leftover in left:
            lines += _wrapped(f"{leftover.place}, {leftover.why}: {leftover.text}", width, "  - ", "    ")
        lines.append("")
    if proposal.amounts:
        lines += [f"X's in the document ({len(proposal.amounts)}); none is set before it is accepted:"]
        for number, (place, found) in enumerate(proposal.amounts, 1):
            due = proposal.rows[place - 1].due
            text = f"{number}. row {place}, {found.key}: {found.offer}{f', by {due.label}' if due else ''}"
            lines += _wrapped(f"{text} (from '{found.found}')", width, "  ", "     ")
    return "\n".join(lines).rstrip() + "\n"


def _summary(proposal: Proposal) -> Iterator[str]:
    yield f"{proposal.source}: {_count(len(proposal.matched), 'row')} matched to the framework, "
    yield f"  {len(proposal.added)} of your own, {len(proposal.absent)} rows of the framework not in the document."
    for remark in proposal.remarks:
        yield f"  {remark}"


def _row(number: int, row: ProposedRow, width: int) -> Iterator[str]:
    taken_for = ", ".join(row.refs) if row.refs else "your own"
    score = f", {row.score:.2f}" if row.refs else ""
    under = f" under intention {row.intention}" if row.kind is not RowKind.intention and row.intention else ""
    yield f"{number:>4}. {row.kind}{under}: {taken_for}{score}"
    mark = f"{row.mark} " if row.mark else ""
    for line in f"{mark}{row.text}".split("\n"):
        yield from _wrapped(line, width, _INDENT + "| ", _INDENT + "| ")
    if row.timing is not None:
        months = ", ".join(month.label for month in row.timing.months) or "no month"
        text = " / ".join(row.timing.text.split("\n"))
        yield from _wrapped(f"when: {text} ({months})", width, _INDENT, _INDENT + "  ")
    if row.postholder:
        yield from _wrapped(f"who: {' / '.join(row.postholder.split(chr(10)))}", width, _INDENT, _INDENT + "  ")
    yield from _wrapped(f"why: {row.why}", width, _INDENT, _INDENT + "  ")
    if row.near:
        near = ", ".join(f"{near.ref} {near.score:.2f}" for near in row.near)
        yield from _wrapped(f"near: {near}", width, _INDENT, _INDENT + "  ")


def _absent(absent: Absent, width: int) -> list[str]:
    return _wrapped(f"{absent.kind} {absent.ref}: {absent.wording}", width, "  - ", "    ")


def _wrapped(text: str, width: int, first: str, following: str) -> list[str]:
    return textwrap.wrap(
        " ".join(text.split()),
        width,
        initial_indent=first,
        subsequent_indent=following,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
