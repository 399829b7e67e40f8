"""The store as it is opened: what is asked of its evidence, its plans and its partnerships starts here."""

import datetime as dt
import os
import sqlite3
import threading
import weakref
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Self

from sqlalchemy import Engine, PoolProxiedConnection

from t4c_lib.parameters.assumption import own_files
from t4c_lib.plan import Plan
from t4c_lib.plan.partnership.agreement_status import AgreementState
from t4c_lib.plan.partnership.event_log import Event, events_of
from t4c_lib.store.agreements import Agreements, Pledges, ProgressNotes, minutes_of, past_of, record_of
from t4c_lib.store.backup import Backup, write_backup
from t4c_lib.store.engine import (
    find_database,
    is_sqlite,
    make_engine,
    plain_words,
    reading,
    reads,
    refuse_writes,
    shown,
)
from t4c_lib.store.evidence_queries import EvidenceStore
from t4c_lib.store.evidence_writes import EvidenceWrites
from t4c_lib.store.plans import PlanStore
from t4c_lib.store.programme_records import ProgrammeRecords
from t4c_lib.store.restore import restore_backup
from t4c_lib.store.rounds import Rounds
from t4c_lib.store.schema import bring_up_to_date, changes_after, newest_mark

_OPEN_STORES: "weakref.WeakSet[Store]" = weakref.WeakSet()


def _forked() -> None:
    for store in _OPEN_STORES:
        store._after_fork()


if hasattr(os, "register_at_fork"):  # not on Windows, where nothing forks
    os.register_at_fork(after_in_child=_forked)


class ChangePolling:
    """Whether anybody saved anything, for one open store. May be asked from several threads."""

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


class Store(EvidenceStore, PlanStore, EvidenceWrites):
    """One database of plans and evidence. Made by `Store.open`; may be used from several threads.

    Everything is append-only: what was saved once can be read for ever. Only demonstrations can be removed.

    Attributes:
        agreements: what the two sides said of rows, and who may speak for them.
        rounds: in which partners enter an own X.
        pledges: the wordings of pledges, and what was done with them.
        progress_notes: the log of what was done and learnt.
        programme: the work experience programme's register and lists.
    """

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        self._polling = ChangePolling(engine)
        self.agreements = Agreements(engine)
        self.rounds = Rounds(engine)
        self.pledges = Pledges(engine)
        self.progress_notes = ProgressNotes(engine)
        self.programme = ProgrammeRecords(engine)
        _OPEN_STORES.add(self)

    @classmethod
    def open(cls, url: str | Path | None = None, *, read_only: bool = False) -> Self:
        """Open a store, making or migrating its tables where needed.

        `url`: a database URL, or the path of an SQLite file. Without it T4C_DATABASE_URL counts, and without that the
        project's own file, data/store/t4c.sqlite. `read_only`: whether the database refuses to write anything that is
        asked of this store. Raises StoreError: no such kind of database, or it can't be reached, read or written.
        """
        engine = make_engine(find_database(url))
        bring_up_to_date(engine)
        return cls(refuse_writes(engine) if read_only else engine)

    def close(self) -> None:
        """Let go of every connection. Whoever goes on using the store gets new ones."""
        self._polling.close()
        self._engine.dispose()

    def _after_fork(self) -> None:
        # Reports and kernels are forked from a warm parent: its connections are its own, and the child uses new ones.
        self._polling.after_fork()
        self._engine.dispose(close=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def __str__(self) -> str:
        return shown(self._engine.url)

    # The partnership; see also `agreements`, `rounds` and `pledges`

    def events(self, code: str) -> tuple[Event, ...]:
        """Everything that happened in an organisation's partnership, in order."""
        with reading(self._engine) as connection:
            return events_of(past_of(connection, code))

    def decision_days(self, code: str) -> tuple[dt.date, ...]:
        """The days on which something was decided, the earliest first."""
        with reading(self._engine) as connection:
            past = replace(past_of(connection, code), saves=())  # nothing is decided by saving, and a plan is long
        return tuple(dict.fromkeys(one.at.date() for one in events_of(past) if one.is_decision))

    partnership = reads(record_of)
    minutes = reads(minutes_of)

    def reopened_by(self, plan: Plan, day: dt.date) -> tuple[str, ...]:
        """The titles of the rows that both sides agree to as they are saved, and no longer will as this plan has them.

        What is on record on the day counts.
        """
        before, after = self.partnership(plan.organisation, day), self.partnership(plan.organisation, day, plan)
        agreed = {one.subject for one in before.standings if one.state is AgreementState.AGREED}
        changed = [one for one in after.standings if one.state is not AgreementState.AGREED]
        return tuple(one.title for one in changed if one.subject in agreed)

    # The whole store

    def backup(self, file: Path, key: bytes | None = None, *, only: Sequence[str] = ()) -> Backup:
        """Write everything to a file, as it is at one moment, while others go on working; sealed if there is a key.

        `only`: codes of the organisations and local authorities that are wanted; all if there is none.

        Raises StoreError: the file can't be written.
        """
        return write_backup(self._engine, file, key, only)

    def needed_for(self, organisation: str) -> list[str]:
        """Its code, and those of the local authorities that its plan names: what a backup of it has to hold."""
        revision = self.latest_plan(organisation)
        return [organisation, *(one.code for one in (revision.plan.local_authorities if revision else ()))]

    def restore(self, file: Path, keep_in: Path | None = None, key: bytes | None = None) -> Backup:
        """Take everything from a backup, whatever kind of database it was made of: whole or not at all.

        A store that isn't empty is replaced only while nobody else uses it, and what was in it goes to `keep_in`. With
        a key only a backup is taken that was sealed with it, and what goes to `keep_in` is sealed too.

        Raises StoreError: the file is no sound backup, its seal does not hold, the store is not empty or is in use.
        """
        self.close()  # or the store would be found in use by ourselves
        return restore_backup(self._engine, file, keep_in, key)

    # Others' work

    def version(self) -> tuple[int, ...]:
        """A mark that is another one after anybody saved anything; made to be asked several times a second.

        Marks are compared for equality only, and only within one open store.
        """
        return self._polling.version()

    mark = reads(newest_mark)
    changes_since = reads(changes_after)

    def state(self, organisation: str) -> tuple[object, ...]:
        """The same as long as this is the same store, and nothing was saved that can be about the organisation.

        Nor was its file of assumptions changed.
        """
        changed = max((file.stat().st_mtime_ns for file in own_files(organisation)), default=0)
        return str(self._engine.url), *self.version()[:-1], self.mark(organisation), changed
