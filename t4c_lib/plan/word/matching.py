"""From a pledge as it stands in Word to a proposal: every entry with the row of the framework that it is about."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from t4c_lib.framework import Action, Catalogue, Measure, catalogue
from t4c_lib.plan.word.assigning import THRESHOLD, Candidates, Match, match_actions, match_measures
from t4c_lib.plan.word.nouns import Block, Bullet, Leftover, TableRow, WordPledge
from t4c_lib.plan.word.proposal import Absent, Near, Proposal, ProposedRow, RowKind
from t4c_lib.plan.word.suggestions import suggestions_for
from t4c_lib.plan.word.table import read_word_table
from t4c_lib.plan.word.timing import Timing, read_timing

_NUMBER: Final = re.compile(r"(?:^|\bintention\s*)(?:no\.?\s*)?(\d{1,2})(?=[.):\s–-]|$)", re.IGNORECASE | re.MULTILINE)
_NUMBER_ALONE: Final = 0.52  # what a number says without words: just enough
_BY_ROWS_FROM: Final = 0.6  # mean score from which what stands beside a heading tells the intention ...
_BY_ROWS_AHEAD: Final = 0.1  # ... if it is so far ahead of the next
_BASELINE: Final = re.compile(r"\bbase\s*-?\s*lines?\b", re.IGNORECASE)


def propose_from_word(file: Path | bytes, source: str = "", framework: Catalogue | None = None) -> Proposal:
    """Read a pledge from a Word document and match it to the framework.

    Args:
        file: where it lies, or its bytes.
        source: how messages call it; the file's name if nothing is said.
        framework: the catalogue to match to; the project's own if none is given.

    Raises:
        InputError: as `read_word_table` says. A document that can be read is never refused for what it says.
    """
    return match_pledge(read_word_table(file, source), framework)


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


def match_pledge(pledge: WordPledge, framework: Catalogue | None = None) -> Proposal:
    """Match what was read to the framework. Every text of `pledge` is in a row of the proposal, or left over."""
    framework = framework or catalogue()
    candidates = Candidates(framework)
    known = [_identify(block, candidates) for block in pledge.blocks]
    for intention in dict.fromkeys(block.intention for block in known):
        _match_together([block for block in known if block.intention == intention], intention, candidates)
    rows: list[ProposedRow] = []
    leftover: list[Leftover] = list(pledge.leftover)
    for block in known:
        rows += _rows(block, framework, leftover)
    found = {key for row in rows for key in row.keys}
    return Proposal(pledge.source, tuple(rows), tuple(_absent(framework, found)), tuple(leftover), pledge.remarks)


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
        nearness = scale.nearness(block.heading, candidate)
        has_number = candidate.ref == number
        score = 1 - (1 - nearness.score) * (1 - _NUMBER_ALONE if has_number else 1)
        if best is None or score > best.score:
            words = [f"number {number}"] * has_number + [f"'{word}'" for word in nearness.found]
            why = f"the heading speaks of {', '.join(words)}" if words else f"wording {nearness.likeness:.0f}% alike"
            best = _Known(block, int(candidate.ref), score, why)
    if best is not None and best.score >= THRESHOLD:
        return best
    return _identify_by_rows(block, candidates)


def _identify_by_rows(block: Block, candidates: Candidates) -> _Known:
    unknown = _Known(block, None, 0.0, "no intention of the framework comes near enough")
    bullets = len(unknown.action_bullets) + len(unknown.measure_bullets)
    if not bullets:
        return unknown
    means = []
    for intention in candidates.catalogue.intentions:
        actions = match_actions(unknown.action_bullets, intention.number, candidates)
        measures = match_measures(unknown.measure_bullets, intention.number, candidates)
        means.append((sum(match.score for match in (*actions, *measures)) / bullets, intention.number))
    (best, number), (second, _) = sorted(means, reverse=True)[:2]
    if best >= _BY_ROWS_FROM and best - second >= _BY_ROWS_AHEAD:
        return _Known(block, number, best, "told by what stands beside it")
    return unknown


def _rows(known: _Known, framework: Catalogue, leftover: list[Leftover]) -> Iterator[ProposedRow]:
    block = known.block
    if block.heading and known.intention is None and known.is_empty:
        leftover.append(Leftover(block.place, block.heading, "a heading with nothing beside it"))
    elif block.heading:
        yield _intention_row(known, framework)
    actions, measures = iter(known.actions), iter(known.measures)
    for row in block.rows:
        beside = _Beside(row)
        if not (row.actions or row.measures):
            for text in (*row.timeline, *row.postholders):
                leftover.append(Leftover(row.place, text, "a date or a postholder without an entry"))
        for index, bullet in enumerate(row.actions):
            timing, postholder = beside.of_action(index)
            proposed = _row(RowKind.action, bullet, next(actions), known, framework)
            yield replace(proposed, timing=timing, postholder=postholder)
        for index, bullet in enumerate(row.measures):
            timing, postholder = beside.of_measure(index)
            proposed = _row(RowKind.measure, bullet, next(measures), known, framework)
            yield replace(proposed, timing=timing, postholder=postholder)


def _intention_row(known: _Known, framework: Catalogue) -> ProposedRow:
    number, block = known.intention, known.block
    keys = () if number is None else (framework.intention(number).key,)
    refs = () if number is None else (str(number),)
    return ProposedRow(RowKind.intention, number, block.heading, refs, keys, known.score, known.why, place=block.place)


def _row(kind: RowKind, bullet: Bullet, match: Match, known: _Known, framework: Catalogue) -> ProposedRow:
    of_framework: list[Measure | Action] = [
        framework.action(key) if kind is RowKind.action else framework.measure(key) for key in match.keys
    ]
    return ProposedRow(
        kind,
        of_framework[0].intention_number if of_framework else known.intention,
        bullet.text,
        match.refs,
        match.keys,
        match.score,
        match.why,
        tuple(Near(*near) for near in match.near),
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


def _absent(framework: Catalogue, found: set[str]) -> Iterator[Absent]:
    for intention in framework.intentions:
        for action in intention.actions:
            if action.key not in found:
                yield Absent(RowKind.action, intention.number, action.ref, action.key, action.text)
        for measure in intention.measures:
            if measure.key not in found:
                yield Absent(RowKind.measure, intention.number, measure.reference, measure.key, measure.name)
