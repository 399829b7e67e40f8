"""Small programmes for tests: records as the page would take them, and a register of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from t4c_lib.programme.records import record_kind
from t4c_lib.programme.register import Entry, Register
from t4c_lib.store import Store

CODE, BY = "DEMO-XX", "Rowan Placeholder"
DAY = dt.date(2026, 11, 26)
AT = dt.datetime(2026, 11, 1, 10, tzinfo=dt.UTC)


def add(store: Store, kind: str, *texts: Mapping[str, str], code: str = CODE) -> list[str]:
    """Keep records as they are typed; gives their references."""
    known = store.programme.register(code).known
    return [
        one.ref for one in store.programme.add(code, kind, [record_kind(kind).take(one, known) for one in texts], by=BY)
    ]


def entries(*records: tuple[str, str, Mapping[str, Any]]) -> list[Entry]:
    """Entries of kind, reference and content, numbered in their order."""
    return [Entry(number, *one, BY, AT) for number, one in enumerate(records, 1)]


def register(*records: tuple[str, str, Mapping[str, Any]], day: dt.date = DAY) -> Register:
    """A register of such entries, on a day."""
    return Register(entries(*records), day)


Record = tuple[str, str, dict[str, Any]]


def placement(ref: str, starts: str = "2025-05-05", stage: str = "completed", **more: Any) -> Record:
    return "placement", ref, {"programme": "Work experience", "stage": stage, "starts": starts, "days": 5, **more}


def outcome(ref: str, of: str, what: str, stage: str = "", asked_at: str = "6 months") -> Record:
    said = {"placement": of, "asked_at": asked_at, "on": "2025-11-10", "what": what}
    return "outcome", ref, {**said, "stage": stage} if stage else said
