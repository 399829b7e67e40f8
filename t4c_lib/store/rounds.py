"""Keeps rounds. Nobody is told what others entered before a round is closed, nor ever in an anonymous one."""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass

from sqlalchemy import Engine, insert

from t4c_lib.plan import Side
from t4c_lib.plan.partnership import (
    Entry,
    Round,
    RoundError,
    RoundResult,
    agreed_change,
    latest_entries,
    row_of,
)
from t4c_lib.quantities import Change
from t4c_lib.store import plans
from t4c_lib.store.changes import log_change
from t4c_lib.store.engine import in_turn, reading, writing
from t4c_lib.store.round_rows import (
    CLOSED,
    SETTLED,
    add_act,
    entries_of,
    find_round,
    mark_of,
    result_of,
    rounds_of,
    row_values,
    secret_of,
)
from t4c_lib.store.schema import forum_round, round_entry


@dataclass(frozen=True)
class RoundStatus:
    """What may be told of a round while it is open.

    Attributes:
        round: the round.
        entered: how many partners have entered an X.
        names: in a named round, who has; not what.
    """

    round: Round
    entered: int
    names: tuple[str, ...] = ()


class Rounds:
    """The rounds of every organisation. Found as `Store.rounds`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def open(
        self,
        code: str,
        measure: str,
        *,
        by: str,
        named: bool,
        population: str | None = None,
        group: str | None = None,
        note: str = "",
        at: dt.datetime | None = None,
    ) -> Round:
        """Open a round on a measure of the current plan.

        Args:
            code: of the organisation.
            measure: key, or place in the framework.
            by: who opens it.
            named: whether the forum chose to see, once the round is closed, who entered what.
            population: of whom, where the plan has the measure for several.
            group: likewise.
            note: what it is about.
            at: when; now, if nothing is said.

        Raises:
            UnknownNameError: the plan has no such measure.
            RoundError: there is no plan, a round on the row is open, or there can be none.
        """
        with writing(self._engine) as connection:
            in_turn(connection, code)
            latest = plans.latest(connection, code)
            if latest is None:
                raise RoundError(f"{code} has no plan yet, and so no measure to hold a round on.")
            row = latest.plan.measure(measure, population, group)
            rounds = rounds_of(connection, code)
            waiting = next((one for one in rounds if one.key == row.key and one.is_open), None)
            if waiting is not None:
                raise RoundError(f"Round {waiting.number} on {row.label} is still open: close it first.")
            new = Round.on(row, organisation=code, number=len(rounds) + 1, named=named, by=by, note=note, at=at)
            secret = "" if named else secret_of(connection, new) or secrets.token_hex(16)
            connection.execute(insert(forum_round).values(row_values(new, secret)))
            log_change(connection, "round", new.opened_at, organisation=code, number=new.number, by=new.opened_by)
            return new

    def enter(self, code: str, number: int, *, partner: str, side: Side | str, change: Change | str) -> Entry:
        """Enter a partner's own X, in the place of what the partner entered before.

        Nobody can ask for it again while the round is open: what comes back here is all there is to show.

        Raises:
            RoundError: the round is closed.
            AmbiguousChange, ChangeError: what was typed can't be read.
            InputError: no name, no such side, or an X that the measure can't have.
            UnknownNameError: there is no such round.
        """
        with writing(self._engine) as connection:
            in_turn(connection, code)
            on = find_round(connection, code, number)
            latest = plans.latest(connection, code)
            row = row_of(latest.plan, on.key) if latest else None
            entry = Entry.into(on, row, partner=partner, side=side, change=change)
            now = dt.datetime.now(dt.UTC)
            who = entry.partner if on.named else mark_of(secret_of(connection, on), entry)
            values = {"organisation": code, "number": number, "partner": who, "side": str(entry.side)}
            values |= {"kind": str(entry.change.kind), "amount": entry.change.amount, "at": now if on.named else None}
            connection.execute(insert(round_entry).values(values))
            said_by = entry.partner if on.named else ""
            log_change(connection, "round", now, organisation=code, number=number, by=said_by)
            return entry

    def status(self, code: str, number: int) -> RoundStatus:
        """How many have entered an X; in a named round also who. Raises UnknownNameError."""
        with reading(self._engine) as connection:
            on = find_round(connection, code, number)
            entered = latest_entries(entries_of(connection, on))
            return RoundStatus(on, len(entered), tuple(one.partner for one in entered) if on.named else ())

    def close(self, code: str, number: int, *, by: str, at: dt.datetime | None = None) -> RoundResult:
        """Close a round, and see what it tells.

        Raises:
            RoundError: it was closed before.
            InputError: nobody is named who closes it.
            UnknownNameError: there is no such round.
        """
        with writing(self._engine) as connection:
            in_turn(connection, code)
            on = find_round(connection, code, number)
            if not on.is_open:
                raise RoundError(f"Round {number} on {on.label} was closed before, by {on.closed_by}.")
            add_act(connection, on, CLOSED, by=by, at=at)
            return result_of(connection, find_round(connection, code, number))

    def result(self, code: str, number: int) -> RoundResult:
        """What a closed round tells. Raises RoundError while it is open, UnknownNameError if there is no such round."""
        with reading(self._engine) as connection:
            return result_of(connection, find_round(connection, code, number))

    def settle(
        self, code: str, number: int, change: Change | str, *, by: str, note: str = "", at: dt.datetime | None = None
    ) -> Round:
        """Set the agreed X after a round. It is put into the plan by `with_agreed_x`, and saved with the plan.

        Raises:
            RoundError: the round is still open.
            AmbiguousChange, ChangeError: what was typed can't be read.
            InputError: nobody is named who sets it, or the measure can't have that X.
            UnknownNameError: there is no such round.
        """
        with writing(self._engine) as connection:
            in_turn(connection, code)
            on = find_round(connection, code, number)
            latest = plans.latest(connection, code)
            row = row_of(latest.plan, on.key) if latest else None
            if row is None:
                raise RoundError(f"The plan of {code} has no row {on.label} any more.")
            x = agreed_change(on, row, change)
            add_act(connection, on, SETTLED, by=by, at=at, note=note, change=x)
            return find_round(connection, code, number)

    def of(self, code: str, *, open_only: bool = False) -> tuple[Round, ...]:
        """The rounds of an organisation, oldest first; only those that are open, if asked for."""
        with reading(self._engine) as connection:
            return tuple(one for one in rounds_of(connection, code) if one.is_open or not open_only)
