"""What a row of a backup must be to be taken in: what it had to be when it was first saved.

A restore is a way into the store like a page or a command. Whoever can hand over a backup could else put in what none
of these takes: agreement to what was never agreed, or a name that runs on a page. Who may have said what, only a seal
tells: it shows that the backup was made by somebody with the key.
"""

from __future__ import annotations

import datetime as dt
import json
import math
import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from sqlalchemy import Boolean, Column, Date, DateTime, Float, Integer

from t4c_lib.errors import InputError, Problem, T4CError
from t4c_lib.evidence import State
from t4c_lib.framework import catalogue
from t4c_lib.periods import parse_period
from t4c_lib.plan import Plan, Side
from t4c_lib.plan.digests import digest_of
from t4c_lib.plan.partnership import Act, Decision, NoteKind, PledgeWording, Speakers, Step
from t4c_lib.plan.partnership.acts import NEEDS_REASON
from t4c_lib.quantities import Baseline, Change, ChangeKind
from t4c_lib.store.backing_up import Backup, tables
from t4c_lib.store.backup_files import AS_IT_WAS, rows_of
from t4c_lib.store.location import StoreError
from t4c_lib.store.partnership_rows import ACT_NAMES
from t4c_lib.store.schema import Moment
from t4c_lib.typed_text import NAME, PLACE, WORDING, TextKind, check_organisation_code, take_text

CLOCKS = dt.timedelta(days=1)  # by so much the clocks of two machines may differ, time zones included
FAULTS = (T4CError, LookupError, TypeError, ValueError, ArithmeticError, AttributeError, RecursionError)
Row = dict[str, Any]
Check = Callable[[Any, Row], object]


def check_rows(backup: Backup) -> None:
    """Hold every row to what it had to be when it was first saved; raises StoreError with the first that is not."""
    known, numbers = {table.name: table for table in tables()}, dict[tuple[str, str], int]()
    for count, (table, columns, values) in enumerate(rows_of(backup), 1):
        try:
            if columns != tuple(known[table].c.keys()):
                raise ValueError("a store of its version has other columns")
            row = as_saved(known[table].c, values)
            for name, value in row.items():
                check = CHECKS.get(f"{table}.{name}", CHECKS.get(name, _line if isinstance(value, str) else None))
                if value is not None and check and check(value, row) in (False, None):
                    raise ValueError(f"'{name}' is not what it has to be")
            if table in NUMBERED:  # 1, 2, 3 ... of each organisation, in the order of the file
                one = (table, row["organisation"])
                if row[columns[1]] != numbers.get(one, 0) + 1:
                    raise ValueError("its number does not follow the one before")
                numbers[one] = row[columns[1]]
        except FAULTS as error:
            raise row_fault(backup, count, table, error) from None


def row_fault(backup: Backup, count: int, table: str, error: BaseException) -> StoreError:
    """That a row can't be taken in, and why."""
    why = "; ".join(map(str, error.problems)) if isinstance(error, InputError) else str(error).partition("\n")[0]
    fault = f"row {count:,} ({table}) can't be taken in: {why[:300].removesuffix('.')}"
    return StoreError(f"{backup.file.name}: {fault}. {AS_IT_WAS}")


def as_saved(columns: Iterable[Column[Any]], values: list[Any]) -> Row:
    """A row as its columns want it; raises ValueError or TypeError for a value of another kind."""
    return {column.name: _value(column, value) for column, value in zip(columns, values, strict=True)}


def _value(column: Column[Any], value: Any) -> Any:
    kind = column.type
    if value is None and column.nullable:
        return None
    if isinstance(kind, Moment | DateTime):
        return dt.datetime.fromisoformat(value).astimezone(dt.UTC)
    if isinstance(kind, Date):
        return dt.date.fromisoformat(value)
    fits = isinstance(value, bool if isinstance(kind, Boolean) else str)
    if isinstance(kind, Integer | Float):
        fits = type(value) in ((int,) if isinstance(kind, Integer) else (int, float)) and abs(value) < math.inf
    if not fits or (isinstance(kind, Integer) and not 0 <= value < 2**31):
        raise ValueError(f"'{column.name}' is of another kind than its column")
    return value


def _reads(read: Callable[[Any], object]) -> Check:
    """Holds if the value can be read. Words repeat, so each is read once."""
    cached = lru_cache(maxsize=4_096)(read)
    return lambda value, _row: cached(value) or True


def _text(kind: TextKind, needed: str = "") -> Check:
    def read(value: str) -> None:
        problems: list[Problem] = []
        take_text(problems, kind.noun, value, kind, needed)
        if problems:
            raise InputError("", problems)

    return _reads(read)


def _was(value: dt.date, _row: Row) -> bool:
    now = dt.datetime.now(dt.UTC) + CLOCKS
    return value <= (now if isinstance(value, dt.datetime) else now.date())


def _plan(digest: str, row: Row) -> bool:
    plan = Plan.from_yaml(row["document"], "its plan")
    return (plan.organisation, plan.digest) == (row["organisation"], digest)


def _act(digest: str, row: Row) -> bool:
    act = Act(**{name: row[name] for name in ACT_NAMES})
    kind = json.loads(act.subject)[0]
    one_side = not act.fills_slot or act.side != Side.both
    is_reasoned = act.reason != "" or act.decision not in NEEDS_REASON
    return one_side and is_reasoned and digest_of(f"{kind} 1", json.loads(act.covered)) == digest


def _change(kind: str, row: Row) -> Change:
    return Change(ChangeKind(kind), row["amount"])


_any: Check = lambda _value, _row: True  # noqa: E731  (read where its digest is checked)
_code = _reads(check_organisation_code)
_line, _name, _long = _text(PLACE), _text(NAME, "nobody is named"), _text(WORDING)
_hash: Check = lambda value, _row: re.fullmatch("[0-9a-f]{64}", value)  # noqa: E731
WHAT = ("evidence", "plan", "speakers", "agreement", "round", "pledge", "note", "restore")
NUMBERED = {"plan_revision", "speakers", "forum_round", "pledge_revision", "progress_note"}
# By column, or by table and column. A note of an earlier version may be as long as a wording.
CHECKS: dict[str, Check] = {
    **dict.fromkeys(("organisation", "organisation.code"), _code),
    "change.organisation": lambda code, row: code == "" or _code(code, row),
    "change.what": lambda value, _row: value in WHAT,
    "period": _reads(parse_period),
    **{"state": _reads(State), "side": _reads(Side), "decision": _reads(Decision), "step": _reads(Step)},
    **dict.fromkeys(("at", "added_at", "date", "on"), _was),
    **dict.fromkeys(("by", "partner", "agreement_act.name"), _name),
    **dict.fromkeys(("change.by", "pledge_step.name", "role", "organisation_name"), _text(NAME)),
    **dict.fromkeys(("note", "text", "reason", "wording"), _long),
    **dict.fromkeys(("document", "covered"), _any),
    "digest": _hash,
    "sha256": lambda value, row: value == "" or _hash(value, row),
    "plan_revision.digest": _plan,
    "agreement_act.digest": _act,
    "pledge_revision.digest": lambda digest, row: (
        PledgeWording(row["organisation"], row["organisation_name"], row["wording"]).digest == digest
    ),
    "content": _reads(lambda content: Speakers.from_parameters(json.loads(content))),
    "baseline": _reads(lambda baseline: Baseline(**json.loads(baseline))),
    "secret": lambda secret, row: bool(re.fullmatch("[0-9a-f]{32}", secret)) != row["named"],
    "round_entry.kind": _change,
    "round_act.kind": _change,
    "round_act.what": lambda what, row: what == ("closed" if row["kind"] is None else "settled"),
    "progress_note.kind": _reads(NoteKind),
    "intention": _reads(lambda number: catalogue().intention(number)),
}
