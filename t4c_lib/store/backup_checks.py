"""What a row of a backup must be to be taken in: what it had to be when it was first saved.

A restore is a way into the store like a page or a command, and takes no more than these do. That a person was entitled
to say what a row says, no row shows: for that there is the seal.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from sqlalchemy import Column

from t4c_lib.errors import InputError, Problem, T4CError
from t4c_lib.evidence import State
from t4c_lib.framework import catalogue
from t4c_lib.periods import parse_period
from t4c_lib.plan import Plan, Side
from t4c_lib.plan.partnership import Act, AuthorisedSignatories, Decision, NoteKind, PledgeWording, Step
from t4c_lib.plan.partnership.decisions import NEEDS_REASON
from t4c_lib.plan.serialization import digest_of
from t4c_lib.quantities import Baseline, Change, ChangeKind
from t4c_lib.store.partnership_history import ACT_NAMES
from t4c_lib.typed_text import NAME, PLACE, WORDING, TextKind, check_organisation_code, take_text

CLOCKS = dt.timedelta(days=1)  # by so much the clocks of two machines may differ, time zones included
FAULTS = (T4CError, LookupError, TypeError, ValueError, ArithmeticError, AttributeError, RecursionError)
Row = dict[str, Any]
Check = Callable[[Any, Row], object]


def check_row(table: str, row: Row, numbers: Counter[tuple[str, str]]) -> None:
    """Hold a row to what it had to be when it was first saved, its number too; raises one of FAULTS."""
    for name, value in row.items():
        check = CHECKS.get(f"{table}.{name}", CHECKS.get(name, _line if isinstance(value, str) else None))
        if value is not None and check and not check(value, row):
            raise ValueError(f"'{name}' is not what it has to be")
    if table in NUMBERED:
        numbers[table, row["organisation"]] += 1
        if row[NUMBERED[table]] != numbers[table, row["organisation"]]:
            raise ValueError("its number does not follow the one before")


def as_saved(columns: Iterable[Column[Any]], values: list[Any]) -> Row:
    """A row as its columns want it; raises ValueError or TypeError for a value of another kind."""
    return {
        column.name: None if value is None and column.nullable else _KINDS[column.type.python_type](value)
        for column, value in zip(columns, values, strict=True)
    }


def _exactly(low: Any, high: Any, *kinds: type) -> Callable[[Any], Any]:
    def read(value: Any) -> Any:
        if type(value) not in kinds or not (low is None or low <= value <= high):
            raise ValueError(f"{str(value)[:40]!r} is of another kind than its column")
        return value

    return read


_KINDS: dict[type, Callable[[Any], Any]] = {
    # A Moment says of itself that it holds any object; tables of earlier versions have plain times.
    **dict.fromkeys((object, dt.datetime), lambda value: dt.datetime.fromisoformat(value).astimezone(dt.UTC)),
    **{dt.date: dt.date.fromisoformat, bool: _exactly(None, None, bool), str: _exactly(None, None, str)},
    **{int: _exactly(0, 2**31 - 1, int), float: _exactly(-1e300, 1e300, int, float)},
}


def _reads(read: Callable[[Any], object]) -> Check:
    """Holds if the value can be read. Words repeat, so each is read once."""
    cached = lru_cache(maxsize=4_096)(read)
    return lambda value, _row: cached(value) or True


def _text(kind: TextKind, missing: str = "") -> Check:
    def read(value: str) -> None:
        problems: list[Problem] = []
        take_text(problems, kind.noun, value, kind, missing)
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
    one_side = not act.fills_slot or act.side != Side.both
    has_reason = act.reason != "" or act.decision not in NEEDS_REASON
    return one_side and has_reason and digest == digest_of(f"{json.loads(act.subject)[0]} 1", json.loads(act.covered))


def _wording(digest: str, row: Row) -> bool:
    return digest == PledgeWording(row["organisation"], row["organisation_name"], row["wording"]).digest


_code, _line, _name, _long = _reads(check_organisation_code), _text(PLACE), _text(NAME, "it's empty."), _text(WORDING)
NUMBERED = dict.fromkeys(("plan_revision", "speakers", "pledge_revision"), "revision")
NUMBERED |= dict.fromkeys(("forum_round", "progress_note"), "number")  # 1, 2, 3 ... of each organisation
WHAT = {"evidence", "plan", "speakers", "agreement", "round", "pledge", "note", "restore"}
# By column, or by table and column. A note of an earlier version may be as long as a wording.
CHECKS: dict[str, Check] = {
    **dict.fromkeys(("organisation", "organisation.code"), _code),
    **{
        "change.organisation": lambda code, row: code == "" or _code(code, row),
        "change.what": lambda one, _: one in WHAT,
    },
    **{"state": _reads(State), "side": _reads(Side), "decision": _reads(Decision), "step": _reads(Step)},
    **{"period": _reads(parse_period), "intention": _reads(lambda number: catalogue().intention(number))},
    **dict.fromkeys(("at", "added_at", "date", "on"), _was),
    **dict.fromkeys(("by", "partner", "agreement_act.name"), _name),
    **dict.fromkeys(("change.by", "pledge_step.name", "role", "organisation_name"), _text(NAME)),
    **dict.fromkeys(("note", "text", "reason", "wording"), _long),
    **dict.fromkeys(("document", "covered"), lambda _text, _row: True),  # read where their digests are checked
    **{"plan_revision.digest": _plan, "agreement_act.digest": _act, "pledge_revision.digest": _wording},
    "digest": lambda value, _row: re.fullmatch("[0-9a-f]{64}", value),
    "sha256": lambda value, _row: re.fullmatch("([0-9a-f]{64})?", value),
    "content": _reads(lambda content: AuthorisedSignatories.from_parameters(json.loads(content))),
    "baseline": _reads(lambda baseline: Baseline(**json.loads(baseline))),
    "secret": lambda secret, row: bool(re.fullmatch("[0-9a-f]{32}", secret)) != row["named"],
    "kind": lambda kind, row: Change(ChangeKind(kind), row["amount"]),
    "progress_note.kind": _reads(NoteKind),
    "round_act.what": lambda what, row: what == ("closed" if row["kind"] is None else "settled"),
}
