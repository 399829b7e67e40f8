"""Keeps rounds. Nobody is told what others entered before a round is closed, nor ever in an anonymous one."""

import datetime as dt
import hashlib
import hmac
import json
import secrets
from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import NamedTuple

from sqlalchemy import Connection, RowMapping, func, insert, select

from t4c_lib.errors import Problem, find_named, refuse
from t4c_lib.plan import Side
from t4c_lib.plan.measure_rows import MeasureKey
from t4c_lib.plan.partnership import rounds as forum_rounds
from t4c_lib.plan.partnership.rounds import Entry, Round, RoundError, RoundResult, Settlement
from t4c_lib.quantities import Baseline, Change, ChangeKind
from t4c_lib.store import plans
from t4c_lib.store.audit import log_change
from t4c_lib.store.engine import PartOfStore, reads, writing
from t4c_lib.store.people import acting
from t4c_lib.store.schema import forum_round, round_act, round_entry
from t4c_lib.typed_text import NAME, NOTE, take_text

CLOSED, SETTLED = "closed", "settled"
KEY = ("measure", "population", "group")  # of the row that a round is on
AS_IN_ROUND = ("organisation", "number", "label", "named", "note")  # columns that are fields of a Round just so


def add_act(connection: Connection, on: Round, *, by: str, note: str = "", change: Change | None = None) -> None:
    """Write down that a round was closed, or settled with an X."""
    problems: list[Problem] = []
    by = take_text(problems, "by", by, NAME, "enter your name.")
    note = take_text(problems, "note", note, NOTE)
    refuse(f"round {on.number}", problems)
    moment = dt.datetime.now(dt.UTC)
    what = CLOSED if change is None else SETTLED
    row = {"organisation": on.organisation, "number": on.number, "what": what, "by": by, "at": moment}
    row |= {"kind": str(change.kind) if change else None, "amount": change.amount if change else None}
    connection.execute(insert(round_act).values({**row, "note": note}))
    log_change(connection, "round", moment, organisation=on.organisation, number=on.number, by=by)


def result_of(connection: Connection, on: Round) -> RoundResult:
    """What a closed round tells. Raises RoundError while it is open."""
    earlier = [one for one in rounds_of(connection, on.organisation) if one.key == on.key and one.number < on.number]
    entries = entries_of(connection, on) if not on.is_open else ()
    before = (earlier[-1], entries_of(connection, earlier[-1])) if earlier else ()
    return forum_rounds.round_result(on, entries, *before)


def rounds_of(connection: Connection, code: str) -> tuple[Round, ...]:
    """The rounds of an organisation, oldest first."""
    query = select(forum_round).where(forum_round.c.organisation == code).order_by(forum_round.c.number)
    acts = select(round_act).where(round_act.c.organisation == code).order_by(round_act.c.id)
    said: dict[int, list[RowMapping]] = {}
    for act in connection.execute(acts).mappings():
        said.setdefault(act["number"], []).append(act)
    return tuple(_with_acts(row, said.get(row["number"], [])) for row in connection.execute(query).mappings())


def find_round(connection: Connection, code: str, number: int) -> Round:
    """One of them. Raises UnknownNameError."""
    return find_named(f"round of {code}", str(number), {str(one.number): one for one in rounds_of(connection, code)})


def _result(connection: Connection, code: str, number: int) -> RoundResult:
    """What a closed round tells. Raises RoundError while it is open, UnknownNameError if there is no such round."""
    return result_of(connection, find_round(connection, code, number))


def _with_acts(row: RowMapping, acts: Sequence[RowMapping]) -> Round:
    key, baseline = (row["measure"], row["population"], row["group"]), Baseline(**json.loads(row["baseline"]))
    same = {name: row[name] for name in AS_IN_ROUND}
    made = Round(**same, key=key, baseline=baseline, opened_by=row["by"], opened_at=row["at"])
    for act in acts:
        if act["what"] == CLOSED:
            made = replace(made, closed_by=act["by"], closed_at=act["at"])
        else:
            change = Change(ChangeKind(act["kind"]), act["amount"])
            made = replace(made, settled=Settlement(change, act["by"], act["at"], act["note"]))
    return made


def entries_of(connection: Connection, on: Round) -> tuple[Entry, ...]:
    """Everything that was entered, in order. For what may be told of it, and not to be given out."""
    table = round_entry
    mine = (table.c.organisation == on.organisation) & (table.c.number == on.number)
    rows = connection.execute(select(table).where(mine).order_by(table.c.id))
    return tuple(Entry(row.partner, row.side, Change(ChangeKind(row.kind), row.amount)) for row in rows)


def secret_of(connection: Connection, on: Round) -> str:
    """The secret of the row's anonymous rounds, so that a person has the same mark in all of them; empty at first."""
    table = forum_round
    names = dict(zip(KEY, on.key, strict=True)) | {"organisation": on.organisation}
    same = [table.c[name] == value for name, value in names.items()]
    return connection.execute(select(func.max(table.c.secret)).where(*same)).scalar() or ""


class RoundStatus(NamedTuple):
    """What may be told of a round while it is open: how many have entered an X and, in a named one, who; never what."""

    round: Round
    entered: int
    names: tuple[str, ...] = ()


def _status(connection: Connection, code: str, number: int) -> RoundStatus:
    """How many have entered an X; in a named round also who. Raises UnknownNameError."""
    on = find_round(connection, code, number)
    entered = forum_rounds.latest_entries(entries_of(connection, on))
    return RoundStatus(on, len(entered), tuple(one.partner for one in entered) if on.named else ())


def _on_row(connection: Connection, code: str, key: MeasureKey) -> tuple[RoundStatus | None, tuple[RoundResult, ...]]:
    """Of a measure's row: the round that is open, if one is, and what the closed ones tell, newest first."""
    rounds = [one for one in rounds_of(connection, code) if one.key == key]
    waiting = next((_status(connection, code, one.number) for one in rounds if one.is_open), None)
    return waiting, tuple(result_of(connection, one) for one in reversed(rounds) if not one.is_open)


class Rounds(PartOfStore):
    """The rounds of every organisation. Found as `Store.rounds`."""

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
        """Open a round on a measure of the current plan, by its key or its place in the framework.

        Population and group tell rows apart where the plan has the measure for several. The rest is as `Round` has it.
        Raises UnknownNameError: the plan has no such measure; RoundError: there is no plan, a round on the row is
        open, or there can be none.
        """
        with writing(self._engine, code) as connection:
            if (latest := plans.latest(connection, code)) is None:
                raise RoundError(f"{code} has no plan yet, and so no measure to hold a round on.")
            row = latest.plan.measure(measure, population, group)
            rounds = rounds_of(connection, code)
            waiting = next((one for one in rounds if one.key == row.key and one.is_open), None)
            if waiting is not None:
                raise RoundError(f"Round {waiting.number} on {row.short_title} is still open: close it first.")
            new = Round.on(row, organisation=code, number=len(rounds) + 1, named=named, by=by, note=note, at=at)
            secret = "" if named else secret_of(connection, new) or secrets.token_hex(16)
            values = {name: getattr(new, name) for name in AS_IN_ROUND}
            values |= dict(zip(KEY, new.key, strict=True)) | {"by": new.opened_by, "at": new.opened_at}
            values |= {"baseline": json.dumps(asdict(new.baseline), ensure_ascii=False), "secret": secret}
            connection.execute(insert(forum_round).values(values))
            log_change(connection, "round", new.opened_at, organisation=code, number=new.number, by=new.opened_by)
            return new

    def enter(self, code: str, number: int, *, partner: str, side: Side | str, change: Change | str) -> Entry:
        """Enter a partner's own X, in the place of what the partner entered before.

        Nobody can ask for it again while the round is open: what comes back here is all there is to show. Raises
        UnknownNameError: there is no such round; RoundError: it is closed; AmbiguousChange, ChangeError: what was typed
        can't be read; InputError: no name, no such side, or an X that the measure can't have.
        """
        with writing(self._engine, code) as connection:
            on = find_round(connection, code, number)
            latest = plans.latest(connection, code)
            row = latest.plan.row_of(on.key) if latest else None
            entry = Entry.into(on, row, partner=partner, side=side, change=change)
            if (person := acting(connection)) is not None:
                person.check_names(entry.partner)
            now, who = dt.datetime.now(dt.UTC), entry.partner
            if not on.named:  # a mark stands for the name
                secret = secret_of(connection, on).encode()
                who = hmac.new(secret, entry.person.encode(), hashlib.sha256).hexdigest()[:32]
            values = {"organisation": code, "number": number, "partner": who, "side": entry.side}
            values |= {"kind": str(entry.change.kind), "amount": entry.change.amount, "at": now if on.named else None}
            connection.execute(insert(round_entry).values(values))
            said_by = entry.partner if on.named else ""
            log_change(connection, "entry", now, organisation=code, number=number, by=said_by)
            return entry

    status = reads(_status)
    on_row = reads(_on_row)

    def close(self, code: str, number: int, *, by: str) -> RoundResult:
        """Close a round, and see what it tells.

        Raises UnknownNameError: no such round; RoundError: it was closed before; InputError: nobody is named for it.
        """
        with writing(self._engine, code) as connection:
            on = find_round(connection, code, number)
            if not on.is_open:
                raise RoundError(f"Round {number} on {on.label} was closed before, by {on.closed_by}.")
            add_act(connection, on, by=by)
            return _result(connection, code, number)

    result = reads(_result)
    of = reads(rounds_of)

    def settle(self, code: str, number: int, change: Change | str, *, by: str, note: str = "") -> Round:
        """Set the agreed X after a round. It is put into the plan by `with_agreed_x`, and saved with the plan.

        Raises UnknownNameError: there is no such round; RoundError: it is still open; AmbiguousChange, ChangeError:
        what was typed can't be read; InputError: nobody is named who sets it, or the measure can't have that X.
        """
        with writing(self._engine, code) as connection:
            on = find_round(connection, code, number)
            latest = plans.latest(connection, code)
            row = latest.plan.row_of(on.key) if latest else None
            if row is None:
                raise RoundError(f"The plan of {code} has no row {on.label} any more.")
            add_act(connection, on, by=by, note=note, change=forum_rounds.agreed_change(on, row, change))
            return find_round(connection, code, number)
