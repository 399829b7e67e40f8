"""The store as it is opened; and demonstrations taken out before a trust goes live."""

import datetime as dt
import os
import shutil
import sqlite3
import threading
import weakref
from collections.abc import Sequence
from contextlib import AbstractContextManager, closing
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple, Self

from sqlalchemy import Connection, Engine, PoolProxiedConnection, delete, func, or_, select

from t4c_lib.evidence import Organisation
from t4c_lib.parameters.assumption import own_files
from t4c_lib.plan import Plan
from t4c_lib.plan.partnership.agreement_status import AgreementState
from t4c_lib.plan.partnership.event_log import Event, events_of
from t4c_lib.store import engine as database
from t4c_lib.store import schema
from t4c_lib.store.agreements import Agreements, Pledges, ProgressNotes, minutes_of, past_of, record_of
from t4c_lib.store.audit import REMOVED, Audit, log_change
from t4c_lib.store.backup import Backup, write_backup
from t4c_lib.store.engine import is_sqlite, plain_words, reading, reads, shown, writing
from t4c_lib.store.evidence import EvidenceStore, organisations_now
from t4c_lib.store.people import SIGNED_IN, People, acting, people_of, save_people
from t4c_lib.store.plans import PlanStore
from t4c_lib.store.programme_records import ProgrammeRecords
from t4c_lib.store.restore import restore_backup
from t4c_lib.store.rounds import Rounds

_OPEN_STORES: "weakref.WeakSet[Store]" = weakref.WeakSet()


def _forked() -> None:
    for store in _OPEN_STORES:
        store._after_fork()


if hasattr(os, "register_at_fork"):  # not on Windows, where nothing forks
    os.register_at_fork(after_in_child=_forked)


class Demonstrations(NamedTuple):
    """What a store holds of the demonstration organisations."""

    organisations: tuple[Organisation, ...]  #: in the order of their codes
    #: of each table that are of theirs only, by the table's name; the log of changes is not counted.
    rows: dict[str, int]


def _found(connection: Connection) -> Demonstrations:
    known = tuple(one for one in organisations_now(connection).values() if one.demonstration)
    codes = [one.code for one in known]
    rows = {schema.source_file.name: len(_files(connection, codes))}
    for table in schema.metadata.sorted_tables:
        if table not in (schema.source_file, schema.change, *schema.OF_THE_STORE):
            count = select(func.count()).select_from(table).where(schema.owner(table).in_(codes))
            rows[table.name] = int(connection.execute(count).scalar_one())
    return Demonstrations(known, {name: count for name, count in rows.items() if count})


def _files(connection: Connection, codes: list[str]) -> list[int]:
    """The files that told of nobody else, in each version of their reader, so that they can be added again."""
    figure, told, file = schema.observation.c, schema.organisation.c, schema.source_file.c
    columns = [(figure.source_id, figure.organisation), (told.source_id, told.code)]
    of_them = [select(source).where(code.in_(codes)) for source, code in columns]
    of_others = [select(source).where(code.not_in(codes)) for source, code in columns]
    digests = select(file.digest).where(or_(*(file.id.in_(one) for one in of_them)))
    told_by_none = (file.id.not_in(one) for one in of_others)
    return [*connection.scalars(select(file.id).where(file.digest.in_(digests), *told_by_none))]


class Store(EvidenceStore, PlanStore, AbstractContextManager["Store"]):
    """One database of plans and evidence. Made by `Store.open`; may be used from several threads.

    Everything is append-only: what was saved once can be read for ever. Only demonstrations can be removed. Attributes:
    `agreements`: what the two sides said of rows, and who may speak for them. `rounds`: in which partners enter an own
    X. `pledges`: wordings, and what was done with them. `progress_notes`: the log of what was done and learnt.
    `programme`: the work experience programme's register and lists. `audit`: who did what, and when.
    """

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        self._lock = threading.Lock()
        self._polled: PoolProxiedConnection | None = None  # see `version`
        self._polled_file = 0
        self._inherited: PoolProxiedConnection | None = None
        self.agreements = Agreements(engine)
        self.rounds = Rounds(engine)
        self.pledges = Pledges(engine)
        self.progress_notes = ProgressNotes(engine)
        self.programme = ProgrammeRecords(engine)
        self.audit = Audit(engine)
        _OPEN_STORES.add(self)

    @classmethod
    def open(cls, url: str | Path | None = None, *, read_only: bool = False) -> Self:
        """Open a store, making or migrating its tables where needed.

        `url`: a database URL, or the path of an SQLite file. Without it T4C_DATABASE_URL counts, and without that the
        project's own file, data/store/t4c.sqlite. `read_only`: whether the database refuses to write anything that is
        asked of this store. Raises StoreError: no such kind of database, or it can't be reached, read or written.
        """
        engine = database.make_engine(database.find_database(url))
        schema.bring_up_to_date(engine)
        if not read_only and SIGNED_IN in os.environ:  # in a kernel: whoever saves nothing gets connections that can't
            with reading(engine) as connection:
                read_only = (person := acting(connection)) is not None and not person.saves
        return cls(database.refuse_writes(engine) if read_only else engine)

    def close(self) -> None:
        """Let go of every connection. Whoever goes on using the store gets new ones."""
        with self._lock:
            self._stop_polling()
        self._engine.dispose()

    def _after_fork(self) -> None:
        # Reports and kernels are forked from a warm parent: its connections are its own, and the child uses new ones.
        # The one that was kept stays, for closing it would say goodbye in the parent's name, but is not used.
        self._inherited, self._polled, self._lock = self._polled, None, threading.Lock()
        self._engine.dispose(close=False)

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

    # Its people

    people = reads(people_of)
    acting = reads(acting)

    def set_people(self, document: str, source: str) -> People:
        """Keep a list of people as the one that holds from now on; `document` is its YAML.

        Raises InputError: it can't be read, or would lock its author out; NotAllowedError: they are no administrator.
        """
        with writing(self._engine) as connection:
            database.one_at_a_time(connection)
            moment = dt.datetime.now(dt.UTC)
            # By the list that holds until now: the new one could make anybody an administrator.
            if (before := acting(connection)) is not None:
                before.check_save("people")
            read = save_people(connection, document, source, moment)
            log_change(connection, "people", moment, by=before.name if before else "")
            return read

    # The whole store

    def backup(self, file: Path, key: bytes | None = None, *, only: Sequence[str] = ()) -> Backup:
        """Write everything to a file, as it is at one moment, while others go on working; sealed if there is a key.

        `only`: of these organisations and local authorities, else all. Raises StoreError: the file can't be written.
        """
        return write_backup(self._engine, file, key, only)

    def needed_for(self, organisation: str) -> list[str]:
        """Its code, and those of the local authorities that its plan names: what a backup of it has to hold."""
        revision = self.latest_plan(organisation)
        return [organisation, *(one.code for one in (revision.plan.local_authorities if revision else ()))]

    def restore(self, file: Path, keep_in: Path | None = None, key: bytes | None = None) -> Backup:
        """Take everything from a backup, whatever kind of database it was made of: whole or not at all.

        A store that isn't empty is replaced only while nobody else uses it, and what was in it goes to `keep_in`. With
        a key only a backup is taken that was sealed with it, and what goes to `keep_in` is sealed too. Raises
        StoreError: no sound backup, its seal does not hold, the store is not empty or is in use.
        """
        self.close()  # or the store would be found in use by ourselves
        shutil.rmtree(database.figures_folder(self._engine.url), ignore_errors=True)
        return restore_backup(self._engine, file, keep_in, key)

    demonstrations = reads(_found)

    def remove_demonstrations(self) -> Demonstrations:
        """Delete everything of the demonstration organisations, whole or not at all; gives what was there.

        A file that told of others too stays. Raises StoreError: it can't be written; nothing was deleted.
        """
        with writing(self._engine) as connection:
            database.one_at_a_time(connection)
            there = _found(connection)
            codes = [one.code for one in there.organisations]
            for code in codes:
                database.in_turn(connection, code)
            files = _files(connection, codes)
            # The log's new entry comes first: its number must be above every one that an open page has seen.
            log_change(connection, "restore", dt.datetime.now(dt.UTC), detail=f"{REMOVED} {' '.join(codes)}")
            for table in reversed(schema.metadata.sorted_tables):
                if table not in (schema.source_file, *schema.OF_THE_STORE):
                    connection.execute(delete(table).where(schema.owner(table).in_(codes)))
            connection.execute(delete(schema.source_file).where(schema.source_file.c.id.in_(files)))
        return there

    # Others' work

    def version(self) -> tuple[int, ...]:
        """A mark that is another one after anybody saved anything; made to be asked several times a second.

        Marks are compared for equality only, and only within one open store.
        """
        if not is_sqlite(self._engine):
            return (self.mark(),)
        # The pragma tells whether others changed the file since this connection was opened, so one is kept for it, as
        # long as the file of that name is the one that was opened.
        with self._lock, plain_words(self._engine):
            try:
                file = Path(str(self._engine.url.database)).stat().st_ino
            except OSError:
                raise sqlite3.OperationalError("unable to open database file") from None
            if file != self._polled_file:
                self._stop_polling()
            if self._polled is None:
                self._polled, self._polled_file = self._engine.raw_connection(), file
            with closing(self._polled.cursor()) as cursor:
                cursor.execute("PRAGMA data_version")
                (mark,) = cursor.fetchone() or (0,)
            return file, int(mark)

    def _stop_polling(self) -> None:
        if self._polled is not None:
            self._polled.close()
            self._polled = None

    mark = reads(schema.newest_mark)
    changes_since = reads(schema.changes_after)

    def state(self, organisation: str) -> tuple[object, ...]:
        """The same as long as this is the same store, and nothing was saved that can be about the organisation.

        Nor was its file of assumptions changed.
        """
        changed = max((file.stat().st_mtime_ns for file in own_files(organisation)), default=0)
        return str(self._engine.url), *self.version()[:-1], self.mark(organisation), changed
