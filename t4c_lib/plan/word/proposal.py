"""What a Word document would become as a plan: each entry with its row, for a person to accept, change or refuse."""

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Final, NamedTuple

from t4c_lib.framework import Action, Measure, catalogue
from t4c_lib.html_templates import text_from
from t4c_lib.periods import Month
from t4c_lib.plan.word import row_matching
from t4c_lib.plan.word.amounts_and_dates import Suggestion, Timing, read_timing, suggestions_for
from t4c_lib.plan.word.plan_table import read_word_table
from t4c_lib.plan.word.table_entries import Block, Bullet, Leftover

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


class ProposedRow(NamedTuple):
    """One entry of the document, and what it is taken for."""

    kind: RowKind  #: intention (a heading of the first column), action or measure
    intention: int | None  #: number of the intention it stands under; None where that is unknown
    text: str  #: as written, without the bullet before it; never shortened
    #: of the framework ("1a2"; "1m4-attainment", "1m4-turnover" for an entry that holds several measures; "3" for an
    #: intention). Empty: it matches nothing and would be a row of the organisation's own.
    refs: tuple[str, ...]
    keys: tuple[str, ...]  #: keys of the catalogue, in the order of `refs`
    score: float  #: how well it matches, 0 to 1; 0 for a row of the organisation's own
    why: str  #: what speaks for the match, or why there is none; a sentence without full stop
    near: tuple[row_matching.NearMatch, ...] = ()  #: other rows of the framework that come near, best first
    #: what numbers in the text may mean; nothing is a target before a person has chosen.
    suggestions: tuple[Suggestion, ...] = ()
    timing: Timing | None = None  #: what the timeline column says beside it; None where it says nothing
    postholder: str = ""  #: what the column of postholders says beside it, or empty
    mark: str = ""  #: the bullet or number typed before it, or empty
    place: str = ""  #: where it stands in the document ("table 1, row 3")

    @property
    def due(self) -> Month | None:
        """By when an X in it is to be reached: as the column beside it says, or else its own words."""
        by = " ".join(re.split(r"\b(?:by|before|until)\b", self.text, maxsplit=1, flags=re.IGNORECASE)[1:])
        said = [one for one in (self.timing, read_timing(by)) if one is not None and not one.starting]
        return next((one.month for one in said if one.month is not None), None)


class Proposal(NamedTuple):
    """All that a document gives."""

    source: str  #: name of the file
    rows: tuple[ProposedRow, ...]  #: in the order of the document
    #: rows of the framework that nothing in the document was matched to, in the order of the framework.
    absent: tuple[Action | Measure, ...]
    leftover: tuple[Leftover, ...]  #: every text of the document that is in no row, with what it was taken for
    remarks: tuple[str, ...] = ()  #: what a person should know about how the document was read

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

    def to_text(self) -> str:
        """The whole proposal for a terminal, row by row, each with a number by which a person can refer to it."""
        return text_from("plan/word/proposal.txt.j2", proposal=self)


def propose_from_word(file: Path | bytes, source: str = "") -> Proposal:
    """Read a pledge from a Word document and match it to the framework; every text of it is in a row, or left over.

    The document and its source are as `read_word_table` has them, and so is the InputError that refuses it. A document
    that can be read is never refused for what it says.
    """
    pledge, candidates = read_word_table(file, source), row_matching.framework_candidates()
    known = [_identify(block, candidates) for block in pledge.blocks]
    matches: dict[int, row_matching.Match] = {}  # by the identity of the entry
    for intention in dict.fromkeys(one.intention for one in known):
        # All that stands under one intention, on however many pages, is matched at once: no row is given out twice.
        blocks = [one.block for one in known if one.intention == intention]
        actions = [bullet for block in blocks for bullet in block.actions]
        measures = [bullet for block in blocks for bullet in block.measures]
        matches |= zip(map(id, actions), row_matching.match_actions(actions, intention, candidates), strict=True)
        matches |= zip(map(id, measures), row_matching.match_measures(measures, intention, candidates), strict=True)
    leftover = list(pledge.leftover)
    rows = [row for one in known for row in _rows(one, matches, leftover)]
    found = {key for row in rows for key in row.keys}
    absent: list[Action | Measure] = []
    for one in catalogue().intentions:
        absent += [action for action in one.actions if action.key not in found]
        absent += [measure for measure in one.measures if measure.key not in found]
    return Proposal(pledge.source, tuple(rows), tuple(absent), tuple(leftover), pledge.remarks)


class _Known(NamedTuple):
    block: Block
    intention: int | None
    score: float
    why: str


def _identify(block: Block, candidates: row_matching.Candidates) -> _Known:
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
            why = f"the heading mentions {', '.join(words)}" if words else f"wording {similarity.alike:.0f}% similar"
            best = _Known(block, int(candidate.ref), score, why)
    if best is not None and best.score >= row_matching.THRESHOLD:
        return best
    return _identify_by_rows(block, candidates)


def _identify_by_rows(block: Block, candidates: row_matching.Candidates) -> _Known:
    unknown = _Known(block, None, 0.0, "no intention of the framework is similar enough")
    if not (bullets := len(block.actions) + len(block.measures)):
        return unknown
    means = []
    for intention in catalogue().intentions:
        actions = row_matching.match_actions(block.actions, intention.number, candidates)
        measures = row_matching.match_measures(block.measures, intention.number, candidates)
        means.append((sum(match.score for match in (*actions, *measures)) / bullets, intention.number))
    (best, number), (second, _) = sorted(means, reverse=True)[:2]
    if best >= _BY_ROWS_FROM and best - second >= _BY_ROWS_AHEAD:
        return _Known(block, number, best, "recognised by the rows beside it")
    return unknown


def _rows(known: _Known, matches: Mapping[int, row_matching.Match], leftover: list[Leftover]) -> Iterator[ProposedRow]:
    """The rows of a block. Dates and postholders of a row of the table are given to its entries.

    Where there are as many lines as entries each goes with its own; otherwise the source leaves open which belongs to
    which, and every entry gets them all. Lines about a baseline are about measures; the others are about actions, if
    the row has any.
    """
    block, number = known.block, known.intention
    if block.heading and number is None and not (block.actions or block.measures):
        leftover.append(Leftover(block.place, block.heading, "a heading with nothing beside it"))
    elif block.heading:
        keys, refs = ((), ()) if number is None else ((catalogue().intention(number).key,), (str(number),))
        kind, place = RowKind.intention, block.place
        yield ProposedRow(kind, number, block.heading, refs, keys, known.score, known.why, place=place)
    for row in block.rows:
        if not (row.actions or row.measures):
            for text in (*row.timeline, *row.postholders):
                leftover.append(Leftover(row.place, text, "a date or a postholder without an entry"))
        about_measures = tuple(line for line in row.timeline if row.measures and _BASELINE.search(line))
        others = tuple(line for line in row.timeline if line not in about_measures)
        of_measures = (about_measures, ()) if row.actions else ((*others, *about_measures), row.postholders)
        of_actions = RowKind.action, row.actions, (others, row.postholders)
        for kind, bullets, (when, who) in (of_actions, (RowKind.measure, row.measures, of_measures)):
            for index, bullet in enumerate(bullets):
                timing, postholder = (_share(lines, len(bullets), index) for lines in (when, who))
                proposed = _row(kind, bullet, matches[id(bullet)], known)
                yield proposed._replace(timing=read_timing(timing), postholder=postholder)


def _share(lines: tuple[str, ...], entries: int, index: int) -> str:
    return lines[index] if len(lines) == entries else "\n".join(lines)


def _row(kind: RowKind, bullet: Bullet, match: row_matching.Match, known: _Known) -> ProposedRow:
    look_up = catalogue().action if kind is RowKind.action else catalogue().measure
    of_framework: list[Measure | Action] = [look_up(key) for key in match.keys]
    number = of_framework[0].intention_number if of_framework else known.intention
    meant = suggestions_for(bullet.text, of_framework)
    said = (kind, number, bullet.text)
    return ProposedRow(*said, **match._asdict(), suggestions=meant, mark=bullet.mark, place=bullet.place)
