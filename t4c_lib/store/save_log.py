"""The log of what was saved, from which every session learns of the others' work.

A number in the log is given out in the order in which saves are finished, so that whoever has seen number 17 has seen
all before it.
"""

from __future__ import annotations

import datetime as dt
import sqlite3
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, func, insert, select

from t4c_lib.store.engine import finish_in_order, is_sqlite, plain_words, reading
from t4c_lib.store.schema import change

if TYPE_CHECKING:
    from sqlalchemy import PoolProxiedConnection

COLUMNS = ("id", "organisation", "what", "number", "by", "at")


@dataclass(frozen=True)
class StoreChange:
    """That something was saved."""

    mark: int  #: its number in the log
    organisation: str  #: code; empty for evidence, which may be about any number of them
    what: str  #: evidence, plan, speakers, agreement, round, pledge, note or restore
    number: int  #: of the revision, round or note; 0 where there is none
    by: str  #: the name of the person; empty where nobody is to be named
    at: dt.datetime  #: when, in UTC


def log_change(
    connection: Connection, what: str, at: dt.datetime, *, organisation: str = "", number: int = 0, by: str = ""
) -> None:
    """Write down that something was saved: the last thing that a transaction does."""
    finish_in_order(connection)
    connection.execute(insert(change).values(organisation=organisation, what=what, number=number, by=by, at=at))


def newest_mark(connection: Connection, organisation: str = "") -> int:
    """The number of the last change that was saved; 0 in a new store. To be given to `Store.changes_since`.

    With the code of an organisation that of the last change which can be about it; evidence can be about any. A first
    plan is about all: with it an organisation moves up in the list that every page has.
    """
    query = select(func.coalesce(func.max(change.c.id), 0))
    if organisation:
        is_first_plan = (change.c.what == "plan") & (change.c.number == 1)
        own = func.lower(change.c.organisation) == organisation.lower()
        query = query.where(own | (change.c.organisation == "") | is_first_plan)
    return int(connection.execute(query).scalar_one())


def changes_after(connection: Connection, mark: int) -> tuple[StoreChange, ...]:
    """What anybody saved after that mark, oldest first. The mark of the last one is the next to ask with."""
    query = select(*(change.c[name] for name in COLUMNS)).where(change.c.id > mark).order_by(change.c.id)
    return tuple(StoreChange(*row) for row in connection.execute(query))


class ChangePolling:
    """For one open store. May be asked from several threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._connection: PoolProxiedConnection | None = None
        self._inherited: PoolProxiedConnection | None = None
        self._file = 0  # of the connection
        self._lock = threading.Lock()

    def version(self) -> tuple[int, ...]:
        """A mark that is another one after anybody saved anything."""
        if not is_sqlite(self._engine):
            with reading(self._engine) as connection:
                return (newest_mark(connection),)
        # The pragma tells whether others changed the file since this connection was opened, so one is kept for it, as
        # long as the file of that name is the one that was opened.
        with self._lock, plain_words(self._engine):
            try:
                file = Path(str(self._engine.url.database)).stat().st_ino
            except OSError:
                raise sqlite3.OperationalError("unable to open database file") from None
            if file != self._file:
                self._let_go()
            if self._connection is None:
                self._connection, self._file = self._engine.raw_connection(), file
            cursor = self._connection.cursor()
            cursor.execute("PRAGMA data_version")
            (mark,) = cursor.fetchone() or (0,)
            cursor.close()
            return file, int(mark)

    def close(self) -> None:
        """Let go of the connection that was kept."""
        with self._lock:
            self._let_go()

    def _let_go(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def after_fork(self) -> None:
        """In a child: the parent's connection is kept, for closing it would say goodbye in its name, but not used."""
        self._inherited = self._connection
        self._connection, self._lock = None, threading.Lock()
