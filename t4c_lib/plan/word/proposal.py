"""A proposal: what a Word document would become as a plan, row by row, for a person to accept, change or refuse.

Every entry of the document stands in it with the row of the framework that it is about.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Final

from t4c_lib.framework import Action, Measure, catalogue
from t4c_lib.periods import Month
from t4c_lib.plan.word.amounts_and_dates import Suggestion, Timing, read_timing, suggestions_for
from t4c_lib.plan.word.plan_table import read_word_table
from t4c_lib.plan.word.row_matching import THRESHOLD, Candidates, Match, NearMatch, match_actions, match_measures
from t4c_lib.plan.word.table_entries import Block, Bullet, Leftover, TableRow

_INDENT = " " * 6
_HEADING = "heading of a column"
_NUMBER: Final = re.compile(r"(?:^|\bintention\s*)(?:no\.?\s*)?(\d{1,2})(?=[.):\s–-]|$)", re.IGNORECASE | re.MULTILINE)
_NUMBER_ALONE: Final = 0.52  # what a number says without words: just enough
_BY_ROWS_FROM: Final = 0.6  # mean score from which what stands beside a heading tells the intention ...
_BY_ROWS_AHEAD: Final = 0.1  # ... if it is so far ahead of the next
_BASELINE: Final = re.compile(r"\bbase\s*-?\s*lines?\b", re.IGNORECASE)


class RowKind(StrEnum):
    """What a row of the proposal is."""

    intention = "intention"
    action = "action"
    measure = "measure"


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
    near: tuple[NearMatch, ...] = ()
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
class Proposal:
    """All that a document gives.

    Attributes:
        source: name of the file.
        rows: in the order of the document.
        absent: rows of the framework that nothing in the document was matched to, in the order of the framework.
        leftover: every text of the document that is in no row, with what it was taken for.
        remarks: what a person should know about how the document was read.
    """

    source: str
    rows: tuple[ProposedRow, ...]
    absent: tuple[Action | Measure, ...]
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
        """The whole proposal for a terminal, row by row, each with a number by which a person can refer to it.

        Args:
            width: in characters; texts are wrapped and never cut.
        """
        rows = "row" if len(self.matched) == 1 else "rows"
        lines = [
            f"{self.source}: {len(self.matched)} {rows} matched to the framework, ",
            f"  {len(self.added)} of your own, {len(self.absent)} rows of the framework not in the document.",
            *(f"  {remark}" for remark in self.remarks),
            "",
        ]
        for number, row in enumerate(self.rows, 1):
            lines += [*_row_text(number, row, width), ""]
        if self.absent:
            lines.append(f"Not in the document ({len(self.absent)} rows of the framework):")
            for absent in self.absent:
                lines += _wrapped(_absent_text(absent), width, "  - ", "    ")
            lines.append("")
        left = [leftover for leftover in self.leftover if leftover.why != _HEADING]
        if left:
            lines.append("Left over (text that fits no row; it stays in the document):")
            for leftover in left:
                lines += _wrapped(f"{leftover.place}, {leftover.why}: {leftover.text}", width, "  - ", "    ")
            lines.append("")
        if self.amounts:
            lines.append(f"X's in the document ({len(self.amounts)}); none is set until you accept it:")
            for number, (place, found) in enumerate(self.amounts, 1):
                due = self.rows[place - 1].due
                text = f"{number}. row {place}, {found.key}: {found.offer}{f', by {due.label}' if due else ''}"
                lines += _wrapped(f"{text} (from '{found.found}')", width, "  ", "     ")
        return "\n".join(lines).rstrip() + "\n"


def _row_text(number: int, row: ProposedRow, width: int) -> Iterator[str]:
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
        yield from _wrapped(f"also similar: {near}", width, _INDENT, _INDENT + "  ")


def _absent_text(absent: Action | Measure) -> str:
    if isinstance(absent, Action):
        return f"action {absent.ref}: {absent.text}"
    return f"measure {absent.reference}: {absent.name}"


def _wrapped(text: str, width: int, first: str, following: str) -> list[str]:
    return textwrap.wrap(
        " ".join(text.split()),
        width,
        initial_indent=first,
        subsequent_indent=following,
        break_long_words=False,
        break_on_hyphens=False,
    )


def propose_from_word(file: Path | bytes, source: str = "") -> Proposal:
    """Read a pledge from a Word document and match it to the framework; every text of it is in a row, or left over.

    Args:
        file: where it lies, or its bytes.
        source: how messages call it; the file's name if nothing is said.

    Raises:
        InputError: as `read_word_table` says. A document that can be read is never refused for what it says.
    """
    pledge, framework = read_word_table(file, source), catalogue()
    candidates = Candidates(framework)
    known = [_identify(block, candidates) for block in pledge.blocks]
    for intention in dict.fromkeys(block.intention for block in known):
        _match_together([block for block in known if block.intention == intention], intention, candidates)
    rows: list[ProposedRow] = []
    leftover: list[Leftover] = list(pledge.leftover)
    for block in known:
        rows += _rows(block, leftover)
    found = {key for row in rows for key in row.keys}
    absent: list[Action | Measure] = []
    for one in framework.intentions:
        absent += [action for action in one.actions if action.key not in found]
        absent += [measure for measure in one.measures if measure.key not in found]
    return Proposal(pledge.source, tuple(rows), tuple(absent), tuple(leftover), pledge.remarks)


@dataclass
class _Known:
    """A block of the document with the intention it is about, and the matches of its entries in their order."""

    block: Block
    intention: int | None
    score: float
    why: str
    actions: list[Match] = field(default_factory=list)
    measures: list[Match] = field(default_factory=list)

    @property
    def action_bullets(self) -> list[Bullet]:
        return [bullet for row in self.block.rows for bullet in row.actions]

    @property
    def measure_bullets(self) -> list[Bullet]:
        return [bullet for row in self.block.rows for bullet in row.measures]

    @property
    def is_empty(self) -> bool:
        return not (self.action_bullets or self.measure_bullets)


def _match_together(blocks: Sequence[_Known], intention: int | None, candidates: Candidates) -> None:
    """All that stands under one intention, on however many pages, is matched at once: no row is given out twice."""
    actions = [bullet for block in blocks for bullet in block.action_bullets]
    measures = [bullet for block in blocks for bullet in block.measure_bullets]
    for_actions = iter(match_actions(actions, intention, candidates))
    for_measures = iter(match_measures(measures, intention, candidates))
    for block in blocks:
        block.actions = [next(for_actions) for _ in block.action_bullets]
        block.measures = [next(for_measures) for _ in block.measure_bullets]


def _identify(block: Block, candidates: Candidates) -> _Known:
    """Which intention a block is about: by the words of its heading, its number, or what stands beside it."""
    scale = candidates.intentions
    found = _NUMBER.search(block.heading)
    number = found[1] if found else ""
    best = None
    for candidate in scale.pool:
        similarity = scale.similarity(block.heading, candidate)
        has_number = candidate.ref == number
        score = 1 - (1 - similarity.score) * (1 - _NUMBER_ALONE if has_number else 1)
        if best is None or score > best.score:
            words = [f"number {number}"] * has_number + [f"'{word}'" for word in similarity.found]
            why = f"the heading mentions {', '.join(words)}" if words else f"wording {similarity.likeness:.0f}% similar"
            best = _Known(block, int(candidate.ref), score, why)
    if best is not None and best.score >= THRESHOLD:
        return best
    return _identify_by_rows(block, candidates)


def _identify_by_rows(block: Block, candidates: Candidates) -> _Known:
    unknown = _Known(block, None, 0.0, "no intention of the framework is similar enough")
    bullets = len(unknown.action_bullets) + len(unknown.measure_bullets)
    if not bullets:
        return unknown
    means = []
    for intention in catalogue().intentions:
        actions = match_actions(unknown.action_bullets, intention.number, candidates)
        measures = match_measures(unknown.measure_bullets, intention.number, candidates)
        means.append((sum(match.score for match in (*actions, *measures)) / bullets, intention.number))
    (best, number), (second, _) = sorted(means, reverse=True)[:2]
    if best >= _BY_ROWS_FROM and best - second >= _BY_ROWS_AHEAD:
        return _Known(block, number, best, "recognised by the rows beside it")
    return unknown


def _rows(known: _Known, leftover: list[Leftover]) -> Iterator[ProposedRow]:
    block = known.block
    if block.heading and known.intention is None and known.is_empty:
        leftover.append(Leftover(block.place, block.heading, "a heading with nothing beside it"))
    elif block.heading:
        yield _intention_row(known)
    actions, measures = iter(known.actions), iter(known.measures)
    for row in block.rows:
        beside = _Beside(row)
        if not (row.actions or row.measures):
            for text in (*row.timeline, *row.postholders):
                leftover.append(Leftover(row.place, text, "a date or a postholder without an entry"))
        for index, bullet in enumerate(row.actions):
            timing, postholder = beside.of_action(index)
            proposed = _row(RowKind.action, bullet, next(actions), known)
            yield replace(proposed, timing=timing, postholder=postholder)
        for index, bullet in enumerate(row.measures):
            timing, postholder = beside.of_measure(index)
            proposed = _row(RowKind.measure, bullet, next(measures), known)
            yield replace(proposed, timing=timing, postholder=postholder)


def _intention_row(known: _Known) -> ProposedRow:
    number, block = known.intention, known.block
    keys = () if number is None else (catalogue().intention(number).key,)
    refs = () if number is None else (str(number),)
    return ProposedRow(RowKind.intention, number, block.heading, refs, keys, known.score, known.why, place=block.place)


def _row(kind: RowKind, bullet: Bullet, match: Match, known: _Known) -> ProposedRow:
    of_framework: list[Measure | Action] = [
        catalogue().action(key) if kind is RowKind.action else catalogue().measure(key) for key in match.keys
    ]
    return ProposedRow(
        kind,
        of_framework[0].intention_number if of_framework else known.intention,
        bullet.text,
        match.refs,
        match.keys,
        match.score,
        match.why,
        match.near,
        suggestions_for(bullet.text, of_framework),
        mark=bullet.mark,
        place=bullet.place,
    )


class _Beside:
    """Dates and postholders of a row of the table, given to its entries.

    Where there are as many lines as entries each goes with its own; otherwise the source leaves open which belongs to
    which, and every entry gets them all. Lines about a baseline are about measures; the others are about actions, if
    the row has any.
    """

    def __init__(self, row: TableRow) -> None:
        about_measures = tuple(line for line in row.timeline if row.measures and _BASELINE.search(line))
        others = tuple(line for line in row.timeline if line not in about_measures)
        self._actions, self._measures = len(row.actions), len(row.measures)
        self._when_actions = others
        self._when_measures = about_measures if row.actions else (*others, *about_measures)
        self._who_actions = row.postholders
        self._who_measures = () if row.actions else row.postholders

    def of_action(self, index: int) -> tuple[Timing | None, str]:
        when = _share(self._when_actions, self._actions, index)
        return read_timing(when), _share(self._who_actions, self._actions, index)

    def of_measure(self, index: int) -> tuple[Timing | None, str]:
        when = _share(self._when_measures, self._measures, index)
        return read_timing(when), _share(self._who_measures, self._measures, index)


def _share(lines: tuple[str, ...], entries: int, index: int) -> str:
    return lines[index] if len(lines) == entries else "\n".join(lines)
