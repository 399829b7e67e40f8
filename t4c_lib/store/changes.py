"""The log of what was saved, from which every session learns of the others' work.

A number in the log is given out in the order in which saves are finished, so that whoever has seen number 17 has seen
all before it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Connection, func, insert, select

from t4c_lib.store.engine import finish_in_order
from t4c_lib.store.schema import change

COLUMNS = ("id", "organisation", "what", "number", "by", "at")


@dataclass(frozen=True)
class StoreChange:
    """That something was saved.

    Attributes:
        mark: its number in the log.
        organisation: code; empty for evidence, which may be about any number of them.
        what: evidence, plan, speakers, agreement, round, pledge, note or restore.
        number: of the revision, round or note; 0 where there is none.
        by: the name of the person; empty where nobody is to be named.
        at: when, in UTC.
    """

    mark: int
    organisation: str
    what: str
    number: int
    by: str
    at: dt.datetime


def log_change(
    connection: Connection, what: str, at: dt.datetime, *, organisation: str = "", number: int = 0, by: str = ""
) -> None:
    """Write down that something was saved: the last thing that a transaction does."""
    finish_in_order(connection)
    row = {"organisation": organisation, "what": what, "number": number, "by": by, "at": at}
    connection.execute(insert(change).values(row))


def newest_mark(connection: Connection) -> int:
    """The number of the newest change; 0 if there is none."""
    return int(connection.execute(select(func.coalesce(func.max(change.c.id), 0))).scalar_one())


def changes_after(connection: Connection, mark: int) -> tuple[StoreChange, ...]:
    """What was saved after the change of that number, oldest first."""
    query = select(*(change.c[name] for name in COLUMNS)).where(change.c.id > mark).order_by(change.c.id)
    return tuple(StoreChange(*row) for row in connection.execute(query))
