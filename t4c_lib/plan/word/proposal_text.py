"""A proposal as text for a terminal: every row in full, with what it is taken for and why."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from t4c_lib.plan.word.proposal import Absent, Proposal, ProposedRow, RowKind

_INDENT = " " * 6
_HEADING = "heading of a column"


def proposal_text(proposal: Proposal, width: int = 100) -> str:
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
