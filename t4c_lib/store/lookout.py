"""Looks out for what others save, cheaply enough to be asked several times a second."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from sqlalchemy import Engine

from t4c_lib.store.changes import newest_mark
from t4c_lib.store.engine import is_sqlite, plain_words, reading

if TYPE_CHECKING:
    from sqlalchemy import PoolProxiedConnection


class Lookout:
    """For one open store. May be asked from several threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._connection: PoolProxiedConnection | None = None
        self._inherited: PoolProxiedConnection | None = None
        self._lock = threading.Lock()

    def version(self) -> tuple[int, ...]:
        """A mark that is another one after anybody saved anything."""
        if is_sqlite(self._engine):
            return (self._sqlite_version(),)
        with reading(self._engine) as connection:
            return (newest_mark(connection),)

    def _sqlite_version(self) -> int:
        # The pragma tells whether others changed the file since this connection was opened, so one is kept for it.
        with self._lock, plain_words(self._engine):
            if self._connection is None:
                self._connection = self._engine.raw_connection()
            cursor = self._connection.cursor()
            cursor.execute("PRAGMA data_version")
            (mark,) = cursor.fetchone() or (0,)
            cursor.close()
            return int(mark)

    def close(self) -> None:
        """Let go of the connection that was kept."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def after_fork(self) -> None:
        """In a child: the parent's connection is kept, for closing it would say goodbye in its name, but not used."""
        self._inherited = self._connection
        self._connection, self._lock = None, threading.Lock()
