"""Rounds: each partner enters an own X for a measure, hidden until the round closes; then the forum sets the agreed X.

Entries are compared by the goal they lead to on the baseline of the row, so that "2 points" and "to 8%" can stand side
by side. The baseline is frozen when the round is opened.

An anonymous round tells nothing of fewer than four people: not of the whole round, not of a side, and not of those by
whom two rounds differ. If three people come to a second round and nobody else moves, the difference of the two would
be what the three entered; so how many moved is told only where nobody, or at least four, came or stayed away. Nor is
an anonymous round held against a named one: what is known of the one would give away the other.
"""

import datetime as dt
import math
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple, Self

from t4c_lib.errors import Problem, T4CError, refuse, unknown_choice
from t4c_lib.html_templates import text_from
from t4c_lib.periods import Day, Month
from t4c_lib.plan.measure_rows import MeasureKey, MeasureRow
from t4c_lib.plan.measure_validation import measure_faults, target_faults, with_measure_terms
from t4c_lib.plan.partnership.authorised_signatories import SIDES, person_key, side_words
from t4c_lib.plan.plan import Plan, PlanError
from t4c_lib.plan.row_fields import Side
from t4c_lib.quantities import Baseline, Change, parse_change
from t4c_lib.typed_text import NAME, NOTE, capitalised, take_text

_FAR = Month(9999, 12)
FEWEST = 4  # people behind any figure of an anonymous round
TOO_FEW = f"fewer than {FEWEST} people entered an X, too few to stay anonymous"
SAME_GOAL = 1e-9


class RoundError(T4CError):
    """A round that can't be opened, entered, closed or settled as was asked. Says why."""


class Settlement(NamedTuple):
    """The X that the forum agreed on after a round."""

    change: Change  #: the X
    by: str  #: who wrote it down
    at: dt.datetime  #: when, in UTC
    note: str = ""  #: what was said


@dataclass(frozen=True)
class Round:
    """One round on one measure."""

    organisation: str  #: code
    number: int  #: 1, 2, 3 ... within the organisation
    key: MeasureKey  #: of the measure's row: measure, population and group
    label: str  #: how messages call the row
    named: bool  #: whether the forum chose to see who entered what once the round is closed
    baseline: Baseline  #: from which entries are reckoned, as it was when the round was opened
    opened_by: str  #: name
    opened_at: dt.datetime  #: when, in UTC
    note: str = ""  #: what it is about
    closed_by: str = ""  #: name; empty while it is open
    closed_at: dt.datetime | None = None  #: when, in UTC; None while it is open
    settled: Settlement | None = None  #: the agreed X, once there is one; the last word where there were several

    @classmethod
    def on(
        cls,
        row: MeasureRow,
        *,
        organisation: str,
        number: int,
        named: bool,
        by: str,
        note: str = "",
        at: dt.datetime | None = None,
    ) -> Self:
        """A round on the row of a measure, open from now on.

        Raises InputError: no opener, or a name or note that can't be; RoundError: no amount, or no baseline for an X.
        """
        problems: list[Problem] = []
        by = take_text(problems, "by", by, NAME, "enter your name.")
        note = take_text(problems, "note", note, NOTE)
        refuse(f"a round on {row.short_title}", problems)
        impossible = f"A round on {row.short_title} is not possible"
        if not row.has_amount:
            raise RoundError(f"{impossible}: it is measured by {row.what.kind} and has no amount.")
        if row.starting_figure is None:
            needs = "a baseline and a comparison with a gap" if row.is_closer else "a baseline"
            raise RoundError(f"{impossible} yet: set {needs} first, from which an X is calculated.")
        opened = row.starting_figure, by, at or dt.datetime.now(dt.UTC)
        return cls(organisation, number, row.key, row.short_title, named, *opened, note)

    def sentence_of(self, change: Change) -> str:
        """What a change means on the round's baseline, in the measure's own words."""
        measure, population, _ = self.key
        return change.sentence(with_measure_terms(self.baseline, measure, population))

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    def until(self, end: dt.datetime) -> "Round":
        """The round as it was at a moment after it was opened."""
        if self.closed_at is None or self.closed_at >= end:
            return replace(self, closed_by="", closed_at=None, settled=None)
        return replace(self, settled=self.settled if self.settled and self.settled.at < end else None)

    def __str__(self) -> str:
        kind = "named" if self.named else "anonymous"
        closed = f", closed on {Day(self.closed_at.date()).label}" if self.closed_at else ", open"
        return f"round {self.number} on {self.label} ({kind}{closed})"


class Entry(NamedTuple):
    """What one partner entered."""

    partner: str  #: the name; in what the store keeps of an anonymous round a mark in its place
    side: Side  #: management or staff
    change: Change  #: the partner's own X

    @classmethod
    def into(cls, on: Round, row: MeasureRow | None, *, partner: str, side: Side | str, change: Change | str) -> Self:
        """A partner's entry in an open round: an X, or what was typed ("2 points", "to 8%").

        The row is as the plan has it now; None if the plan has it no more. Raises RoundError: the round is closed;
        AmbiguousChange, ChangeError: what was typed can't be read; InputError: no name, no such side, or an X that the
        measure can't have.
        """
        if not on.is_open:
            raise RoundError(f"{capitalised(str(on))}: no more entries can be made.")
        x = change if isinstance(change, Change) else parse_change(change, on.baseline)
        problems: list[Problem] = []
        partner = take_text(problems, "partner", partner, NAME, "enter the name of the partner.")
        if not side:
            problems.append(Problem("side", "choose the side for which you enter."))
        else:
            problems += unknown_choice("side", str(side), [Side.management, Side.staff])
        problems += [Problem(*fault) for fault in _faults(on, row, x)]
        refuse(f"an entry in round {on.number}", problems)
        return cls(partner, Side(side), x)

    @property
    def person(self) -> str:
        """The partner as compared: who enters again replaces what they entered."""
        return person_key(self.partner)


def latest_entries(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """One entry a partner: of everything entered, in its order, the last of each."""
    return tuple({entry.person: entry for entry in entries}.values())


def agreed_change(on: Round, row: MeasureRow, change: Change | str) -> Change:
    """The X on which the forum settles after a round.

    Raises RoundError: it is open; ChangeError: what was typed can't be read; InputError: the measure can't have it.
    """
    if on.is_open:
        raise RoundError(f"{capitalised(str(on))}: close it before the X is set.")
    x = change if isinstance(change, Change) else parse_change(change, on.baseline)
    refuse(f"the X after round {on.number}", [Problem(*fault) for fault in _faults(on, row, x)])
    return x


def with_agreed_x(plan: Plan, on: Round) -> Plan:
    """The plan with the X in the row of the round on which the forum settled; nothing is saved.

    Raises RoundError: nothing settled, or the row starts from another figure than the entries; PlanError: no such row.
    """
    if on.settled is None:
        raise RoundError(f"{capitalised(str(on))}: no X was set after it.")
    if (row := plan.row_of(on.key)) is None:
        raise PlanError(f"The plan of {plan.organisation} no longer has the row {on.label}.")
    if row.starting_figure != on.baseline:
        other = f"{row.short_title} has another baseline than in round {on.number}"
        raise RoundError(f"{other}, so the entries of that round no longer apply. Open a new round.")
    return plan.with_row(row.changed(change=on.settled.change))


def _faults(on: Round, row: MeasureRow | None, change: Change) -> list[tuple[str, str]]:
    if row is None:
        return [("round", f"the plan no longer has the row {on.label}.")]
    if faults := measure_faults(row.what, None, change):
        return faults
    # Whether an X can be reached by a date is for the row; here it only has to be one.
    return [fault for fault in target_faults(row.what, on.baseline, change, _FAR) if fault[0] == "change"]


class Spread(NamedTuple):
    """How far the entries of some people lie apart, each by the goal it leads to."""

    entries: int  #: how many people entered an X
    lowest: float  #: goal; a fraction for shares and rates. Likewise the next two
    median: float  #: the middle one, or the mean of the two in the middle
    highest: float  #: goal


class Movement(NamedTuple):
    """How people who were in both rounds moved since the one before."""

    up: int  #: how many aim for a higher figure than before
    down: int  #: how many aim for a lower one
    stayed: int  #: how many entered what they had entered before
    names_up: tuple[str, ...] = ()  #: in a named round, who moved up
    names_down: tuple[str, ...] = ()  #: in a named round, who moved down

    @property
    def moved(self) -> int:
        return self.up + self.down


class RoundResult(NamedTuple):
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
        text = text_from("plan/partnership/round_result.txt.j2", result=self, side_words=side_words)
        return tuple(text.removesuffix("\n").split("\n"))

    def goal_text(self, value: float) -> str:
        """A goal as results show it, with the digits that an X made of it keeps."""
        return self.round.baseline.goal_text(round(value, 4))

    def __str__(self) -> str:
        return f"{self.round}: " + "\n".join(self.lines)


def round_result(
    closed: Round, entries: Sequence[Entry], before: Round | None = None, entries_before: Sequence[Entry] = ()
) -> RoundResult:
    """What a closed round tells.

    Everything that was entered stands in order, and the last of each partner counts; `before` is the round before it on
    the same row. Raises RoundError: the round is open. Nobody learns of others' entries before it is closed.
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
    shown = sorted(now, key=lambda entry: (entry.change.goal(closed.baseline), entry.person)) if closed.named else ()
    withheld = tuple(filter(None, (sides_withheld, movement_withheld)))
    return RoundResult(closed, _spread(now, closed), sides, movement, tuple(shown), withheld)


def _spread(entries: Sequence[Entry], of: Round) -> Spread:
    goals = [entry.change.goal(of.baseline) for entry in entries]
    return Spread(len(goals), min(goals), statistics.median(goals), max(goals))


def _sides(of: Round, entries: Sequence[Entry]) -> tuple[tuple[tuple[Side, Spread], ...], str]:
    each = {side: [entry for entry in entries if entry.side is side] for side in SIDES}
    spreads = tuple((side, _spread(own, of)) for side, own in each.items() if own)
    # If one side alone were withheld, the whole and the other side would give it away.
    if not of.named and any(0 < len(own) < FEWEST for own in each.values()):
        return (), f"the two sides separately, because on at least one of them {TOO_FEW}"
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
    goals = [(new.partner, old.change.goal(of.baseline), new.change.goal(of.baseline)) for old, new in both]
    moved = [one for one in goals if not math.isclose(*one[1:], rel_tol=SAME_GOAL, abs_tol=1e-12)]
    up = tuple(sorted(who for who, start, end in moved if end > start))
    down = tuple(sorted(who for who, start, end in moved if end < start))
    return Movement(len(up), len(down), len(both) - len(moved), *((up, down) if of.named else ((), ()))), ""
