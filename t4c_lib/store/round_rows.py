"""The tables of rounds, and what is made of their rows.

In an anonymous round the store keeps a mark in the place of each name, made with a secret of the row's rounds: so much
is needed to replace an entry, and to count who moved. It keeps names from the eyes of whoever looks into the tables or
a backup; somebody who has the file and sets their mind to it can still try names until a mark fits.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import asdict, replace

from sqlalchemy import Connection, RowMapping, func, insert, select

from t4c_lib.errors import InputError, Problem, UnknownNameError
from t4c_lib.plan import Side
from t4c_lib.plan.partnership import Entry, Round, RoundResult, Settlement, round_result
from t4c_lib.quantities import Baseline, Change, ChangeKind
from t4c_lib.store.changes import log_change
from t4c_lib.store.schema import forum_round, round_act, round_entry
from t4c_lib.typed_text import NAME, NOTE, take_text

CLOSED, SETTLED = "closed", "settled"


def results_of(connection: Connection, code: str) -> tuple[tuple[RoundResult, ...], tuple[Round, ...]]:
    """What every closed round tells, and the rounds that are open."""
    rounds = rounds_of(connection, code)
    closed = tuple(result_of(connection, one) for one in rounds if not one.is_open)
    return closed, tuple(one for one in rounds if one.is_open)


def add_act(
    connection: Connection,
    on: Round,
    what: str,
    *,
    by: str,
    at: dt.datetime | None,
    note: str = "",
    change: Change | None = None,
) -> None:
    """Write down that a round was closed or settled."""
    problems: list[Problem] = []
    by = take_text(problems, "by", by, NAME, "whoever does this says who they are.")
    note = take_text(problems, "note", note, NOTE)
    if problems:
        raise InputError(f"round {on.number}", problems)
    moment = at or dt.datetime.now(dt.UTC)
    row = {"organisation": on.organisation, "number": on.number, "what": what, "by": by, "at": moment}
    row |= {"kind": str(change.kind) if change else None, "amount": change.amount if change else None}
    connection.execute(insert(round_act).values({**row, "note": note}))
    log_change(connection, "round", moment, organisation=on.organisation, number=on.number, by=by)


def result_of(connection: Connection, on: Round) -> RoundResult:
    """What a closed round tells. Raises RoundError while it is open."""
    earlier = [one for one in rounds_of(connection, on.organisation) if one.key == on.key and one.number < on.number]
    before = earlier[-1] if earlier else None
    entries = entries_of(connection, on) if not on.is_open else ()
    return round_result(on, entries, before, entries_of(connection, before) if before else ())


def rounds_of(connection: Connection, code: str) -> list[Round]:
    """The rounds of an organisation, oldest first."""
    query = select(forum_round).where(forum_round.c.organisation == code).order_by(forum_round.c.number)
    acts = select(round_act).where(round_act.c.organisation == code).order_by(round_act.c.id)
    said: dict[int, list[RowMapping]] = {}
    for act in connection.execute(acts).mappings():
        said.setdefault(act["number"], []).append(act)
    return [_with_acts(row, said.get(row["number"], [])) for row in connection.execute(query).mappings()]


def find_round(connection: Connection, code: str, number: int) -> Round:
    """One of them. Raises UnknownNameError."""
    rounds = {one.number: one for one in rounds_of(connection, code)}
    if number not in rounds:
        raise UnknownNameError(f"round of {code}", str(number), map(str, rounds))
    return rounds[number]


def _with_acts(row: RowMapping, acts: Sequence[RowMapping]) -> Round:
    made = Round(
        organisation=row["organisation"],
        number=row["number"],
        key=(row["measure"], row["population"], row["group"]),
        label=row["label"],
        named=row["named"],
        baseline=Baseline(**json.loads(row["baseline"])),
        opened_by=row["by"],
        opened_at=row["at"],
        note=row["note"],
    )
    for act in acts:
        if act["what"] == CLOSED:
            made = replace(made, closed_by=act["by"], closed_at=act["at"])
        else:
            change = Change(ChangeKind(act["kind"]), act["amount"])
            made = replace(made, settled=Settlement(change, act["by"], act["at"], act["note"]))
    return made


def row_values(new: Round, secret: str) -> dict[str, object]:
    """A new round as a row."""
    measure, population, group = new.key
    row = {"organisation": new.organisation, "number": new.number, "measure": measure, "population": population}
    row |= {"group": group, "label": new.label, "named": new.named, "secret": secret}
    baseline = json.dumps(asdict(new.baseline), ensure_ascii=False)
    return {**row, "baseline": baseline, "by": new.opened_by, "at": new.opened_at, "note": new.note}


def entries_of(connection: Connection, on: Round) -> tuple[Entry, ...]:
    """Everything that was entered, in order. For what may be told of it, and not to be given out."""
    table = round_entry
    mine = (table.c.organisation == on.organisation) & (table.c.number == on.number)
    rows = connection.execute(select(table).where(mine).order_by(table.c.id))
    return tuple(Entry(row.partner, Side(row.side), Change(ChangeKind(row.kind), row.amount)) for row in rows)


def secret_of(connection: Connection, on: Round) -> str:
    """The secret of the row's anonymous rounds, so that a person has the same mark in all of them; empty at first."""
    table = forum_round
    names = dict(zip(("measure", "population", "group"), on.key, strict=True))
    same = [table.c[name] == value for name, value in {"organisation": on.organisation, **names}.items()]
    found = connection.execute(select(func.max(table.c.secret)).where(*same)).scalar()
    return found or ""


def mark_of(secret: str, entry: Entry) -> str:
    """What stands for a name in an anonymous round."""
    return hmac.new(secret.encode(), entry.person.encode(), hashlib.sha256).hexdigest()[:32]
