"""Rounds: each partner enters an own X for a measure, hidden until the round closes; then the forum sets the agreed X.

Entries are compared by the goal they lead to on the baseline of the row, so that "2 points" and "to 8%" can stand side
by side. The baseline is frozen when the round is opened.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from t4c_lib.errors import Problem, T4CError, refuse, unknown_choice
from t4c_lib.periods import Day, Month
from t4c_lib.plan.measure_rows import MeasureKey, MeasureRow
from t4c_lib.plan.measure_validation import measure_faults, target_faults, with_measure_terms
from t4c_lib.plan.partnership.authorised_signatories import person_key
from t4c_lib.plan.plan import Plan, PlanError
from t4c_lib.plan.row_fields import Side
from t4c_lib.quantities import Baseline, Change, parse_change
from t4c_lib.typed_text import NAME, NOTE, capitalised, take_text

_FAR = Month(9999, 12)


class RoundError(T4CError):
    """A round that can't be opened, entered, closed or settled as was asked. Says why."""


@dataclass(frozen=True)
class Settlement:
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

        Raises:
            InputError: nobody is named who opens it, or a name or note that can't be.
            RoundError: the measure has no amount, or no baseline from which an X could be reckoned.
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
        return cls(
            organisation=organisation,
            number=number,
            key=row.key,
            label=row.short_title,
            named=named,
            baseline=row.starting_figure,
            opened_by=by,
            opened_at=at or dt.datetime.now(dt.UTC),
            note=note,
        )

    def sentence_of(self, change: Change) -> str:
        """What a change means on the round's baseline, in the measure's own words."""
        measure, population, _ = self.key
        return change.sentence(with_measure_terms(self.baseline, measure, population))

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    def __str__(self) -> str:
        kind = "named" if self.named else "anonymous"
        closed = f", closed on {Day(self.closed_at.date()).label}" if self.closed_at else ", open"
        return f"round {self.number} on {self.label} ({kind}{closed})"


@dataclass(frozen=True)
class Entry:
    """What one partner entered."""

    partner: str  #: the name; in what the store keeps of an anonymous round a mark in its place
    side: Side  #: management or staff
    change: Change  #: the partner's own X

    @classmethod
    def into(cls, on: Round, row: MeasureRow | None, *, partner: str, side: Side | str, change: Change | str) -> Self:
        """A partner's entry in an open round.

        Args:
            on: the round.
            row: the measure's row as the plan has it now; None if the plan has it no more.
            partner: the name.
            side: management or staff.
            change: the X, or what was typed: "2 points", "to 8%".

        Raises:
            RoundError: the round is closed.
            AmbiguousChange, ChangeError: what was typed can't be read.
            InputError: no name, no such side, or an X that the measure can't have.
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

    Raises:
        RoundError: the round is still open.
        AmbiguousChange, ChangeError: what was typed can't be read.
        InputError: the measure can't have it.
    """
    if on.is_open:
        raise RoundError(f"{capitalised(str(on))}: close it before the X is set.")
    x = change if isinstance(change, Change) else parse_change(change, on.baseline)
    refuse(f"the X after round {on.number}", [Problem(*fault) for fault in _faults(on, row, x)])
    return x


def with_agreed_x(plan: Plan, on: Round) -> Plan:
    """The plan with the X in the row of the round on which the forum settled; nothing is saved.

    Raises:
        RoundError: nothing was settled, or the row starts from another figure than the entries did.
        PlanError: the plan has no such row.
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
