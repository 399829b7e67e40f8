"""What a closed round tells: how far the partners are apart, and how many moved since the round before.

An anonymous round tells nothing of fewer than four people: not of the whole round, not of a side, and not of those by
whom two rounds differ. If three people come to a second round and nobody else moves, the difference of the two would
be what the three entered; so how many moved is told only where nobody, or at least four, came or stayed away. Nor is
an anonymous round held against a named one: what is known of the one would give away the other.
"""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from t4c_lib.plan.partnership.authorised_signatories import SIDES, side_words
from t4c_lib.plan.partnership.rounds import Entry, Round, RoundError, latest_entries
from t4c_lib.plan.row_fields import Side
from t4c_lib.quantities import Baseline, number

FEWEST = 4  # people behind any figure of an anonymous round
TOO_FEW = "too few to stay anonymous"
SAME_GOAL = 1e-9


@dataclass(frozen=True)
class Spread:
    """How far the entries of some people lie apart, each by the goal it leads to."""

    entries: int  #: how many people entered an X
    lowest: float  #: goal; a fraction for shares and rates. Likewise the next two
    median: float  #: the middle one, or the mean of the two in the middle
    highest: float  #: goal


@dataclass(frozen=True)
class Movement:
    """How people who were in both rounds moved since the one before."""

    up: int  #: how many aim for a higher figure than before
    down: int  #: how many aim for a lower one
    stayed: int  #: how many entered what they had entered before
    names_up: tuple[str, ...] = ()  #: in a named round, who moved up
    names_down: tuple[str, ...] = ()  #: in a named round, who moved down

    @property
    def moved(self) -> int:
        return self.up + self.down


@dataclass(frozen=True)
class RoundResult:
    """What a closed round tells."""

    round: Round  #: the round
    spread: Spread | None  #: of all entries; None if nobody entered anything, or too few to stay anonymous
    sides: tuple[tuple[Side, Spread], ...] = ()  #: of each side's entries, where that can be told
    #: since the round before on the same row; None where there is none, or where it can't be told.
    movement: Movement | None = None
    #: in a named round what each partner entered, in the order of their goals; else empty.
    entries: tuple[Entry, ...] = ()
    withheld: tuple[str, ...] = ()  #: what isn't told, and why

    @property
    def lines(self) -> tuple[str, ...]:
        """The result in sentences."""
        if self.spread is None:
            return (f"{TOO_FEW if self.withheld else 'nobody entered an X'}.",)
        lines = [f"{_spread_words(self.spread, self.round.baseline)}."]
        lines += [f"{side_words(side)}: {_spread_words(spread, self.round.baseline)}." for side, spread in self.sides]
        if self.movement is not None:
            lines.append(_movement_words(self.movement))
        for entry in self.entries:
            lines.append(f"{entry.partner} ({side_words(entry.side)}): {self.round.sentence_of(entry.change)}.")
        return (*lines, *(f"Not shown: {words}." for words in self.withheld))

    def __str__(self) -> str:
        return f"{self.round}: " + "\n".join(self.lines)


def round_result(
    closed: Round, entries: Sequence[Entry], before: Round | None = None, entries_before: Sequence[Entry] = ()
) -> RoundResult:
    """What a closed round tells.

    Raises RoundError: the round is open. Nobody learns of others' entries before it is closed.

    Args:
        closed: the round.
        entries: everything that was entered in it, in order; the last of each partner counts.
        before: the round before it on the same row, if there was one.
        entries_before: everything that was entered in that.
    """
    if closed.is_open:
        words = "is open: what was entered is shown when it is closed."
        raise RoundError(f"Round {closed.number} on {closed.label} {words}")
    now = latest_entries(entries)
    if not closed.named and len(now) < FEWEST:
        return RoundResult(closed, None, withheld=(TOO_FEW,))
    if not now:
        return RoundResult(closed, None)
    earlier = latest_entries(entries_before)
    sides, sides_withheld = _sides(closed, now)
    movement, movement_withheld = _movement(closed, now, before, earlier)
    shown = sorted(now, key=lambda entry: (_goal(entry, closed), entry.person)) if closed.named else ()
    withheld = tuple(filter(None, (sides_withheld, movement_withheld)))
    return RoundResult(closed, _spread(now, closed), sides, movement, tuple(shown), withheld)


def _goal(entry: Entry, of: Round) -> float:
    return entry.change.goal(of.baseline)


def _spread(entries: Sequence[Entry], of: Round) -> Spread:
    goals = [_goal(entry, of) for entry in entries]
    return Spread(len(goals), min(goals), statistics.median(goals), max(goals))


def _sides(of: Round, entries: Sequence[Entry]) -> tuple[tuple[tuple[Side, Spread], ...], str]:
    each = {side: [entry for entry in entries if entry.side is side] for side in SIDES}
    spreads = tuple((side, _spread(own, of)) for side, own in each.items() if own)
    # If one side alone were withheld, the whole and the other side would give it away.
    if not of.named and any(0 < len(own) < FEWEST for own in each.values()):
        return (), f"the sides one by one, because one of them has {TOO_FEW}"
    return spreads, ""


def _movement(
    of: Round, now: Sequence[Entry], before: Round | None, earlier: Sequence[Entry]
) -> tuple[Movement | None, str]:
    if before is None:
        return None, ""
    if before.named != of.named:
        return None, "who changed, because the previous round was " + ("named" if before.named else "anonymous")
    if before.baseline != of.baseline:
        return None, "who changed, because the previous round had another baseline"
    first = {entry.person: entry for entry in earlier}
    both = [(first[entry.person], entry) for entry in now if entry.person in first]
    if not both:  # without names also where all were there: on one laptop each entry is another person's
        return None, "who changed, because " + (
            "nobody took part in both rounds" if of.named else "entries without names can't be matched"
        )
    came, stayed_away = len(now) - len(both), len(first) - len(both)
    if not of.named and (len(both) < FEWEST or any(0 < count < FEWEST for count in (came, stayed_away))):
        return None, "how many changed, because the two rounds differ by too few people to stay anonymous"
    up: list[str] = []
    down: list[str] = []
    stayed = 0
    for old, new in both:
        start, end = _goal(old, of), _goal(new, of)
        if math.isclose(start, end, rel_tol=SAME_GOAL, abs_tol=1e-12):
            stayed += 1
        else:
            (up if end > start else down).append(new.partner)
    names = (tuple(sorted(up)), tuple(sorted(down))) if of.named else ((), ())
    return Movement(len(up), len(down), stayed, *names), ""


def goal_text(value: float, baseline: Baseline) -> str:
    """A goal as results show it."""
    return f"{number(value * 100, 2)}%" if baseline.is_fraction else number(value)


def _spread_words(spread: Spread, baseline: Baseline) -> str:
    if spread.entries == 1:
        return f"1 entry, {goal_text(spread.lowest, baseline)}"
    low, middle, high = (goal_text(value, baseline) for value in (spread.lowest, spread.median, spread.highest))
    return f"{spread.entries} entries, lowest {low}, median {middle}, highest {high}"


def _movement_words(movement: Movement) -> str:
    if not movement.moved:
        return f"None of the {movement.stayed} people who took part in both rounds changed their X."
    ways = ((movement.up, "up", movement.names_up), (movement.down, "down", movement.names_down))
    phrase = " and ".join(_way(*way) for way in ways if way[0])
    people = movement.moved + movement.stayed
    return f"Since the previous round {movement.moved} of {people} people changed their X: {phrase}."


def _way(count: int, way: str, names: Sequence[str]) -> str:
    return f"{count} {way} ({', '.join(names)})" if names else f"{count} {way}"
