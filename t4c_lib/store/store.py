"""The door to the store: evidence in and out, revisions of plans, and whether anything changed."""

from __future__ import annotations

import datetime as dt
import os
import threading
import weakref
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from sqlalchemy import Engine, func, select
from sqlalchemy.exc import IntegrityError

from t4c_lib.errors import InputError, Problem, UnknownNameError
from t4c_lib.evidence import Loaded, Organisation, SourceFile
from t4c_lib.plan import Plan, Side
from t4c_lib.store import looking, plans
from t4c_lib.store.adding import Added, add_file
from t4c_lib.store.engine import is_sqlite, make_engine, one_at_a_time, plain_words, reading, writing
from t4c_lib.store.location import find_database, shown
from t4c_lib.store.looking import Wanted
from t4c_lib.store.migrating import bring_up_to_date
from t4c_lib.store.plans import Revision
from t4c_lib.store.schema import plan_revision, source_file

if TYPE_CHECKING:
    import pandas as pd
    from sqlalchemy import PoolProxiedConnection


_OPEN_STORES: weakref.WeakSet[Store] = weakref.WeakSet()


def _forked() -> None:
    for store in _OPEN_STORES:
        store._after_fork()


if hasattr(os, "register_at_fork"):  # not on Windows, where nothing forks
    os.register_at_fork(after_in_child=_forked)


class Store:
    """One database of plans and evidence. Made by `Store.open`; may be used from several threads.

    Everything is append-only: what was saved once can be read for ever.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lookout: PoolProxiedConnection | None = None
        self._inherited: PoolProxiedConnection | None = None
        self._lookout_lock = threading.Lock()
        _OPEN_STORES.add(self)

    @classmethod
    def open(cls, url: str | Path | None = None) -> Self:
        """Open a store, making or migrating its tables where needed.

        Args:
            url: a database URL, or the path of an SQLite file. Without it T4C_DATABASE_URL counts, and without that
                the project's own file, data/store/t4c.sqlite.

        Raises:
            StoreError: no such kind of database, or it can't be reached, read or written.
        """
        engine = make_engine(find_database(url))
        bring_up_to_date(engine)
        return cls(engine)

    def close(self) -> None:
        """Let go of every connection. Whoever goes on using the store gets new ones."""
        with self._lookout_lock:
            if self._lookout is not None:
                self._lookout.close()
                self._lookout = None
        self._engine.dispose()

    def _after_fork(self) -> None:
        # Reports and kernels are forked from a warm parent: its connections are its own. They are kept, for closing
        # one would say goodbye to the database in the parent's name, but the child uses new ones.
        self._inherited = self._lookout
        self._lookout, self._lookout_lock = None, threading.Lock()
        self._engine.dispose(close=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __str__(self) -> str:
        return shown(self._engine.url)

    # Evidence

    def add_evidence(self, files: Sequence[Loaded]) -> list[Added]:
        """Add what was read from files: all of them, or after any error none.

        A file that was added before changes nothing; of another only those figures are written that differ from what
        holds now. Where two files speak of the same figure, the one that was added later counts.

        Raises:
            InputError: a file that contradicts itself.
            StoreError: the store can't be written.
        """
        at = dt.datetime.now(dt.UTC)
        with writing(self._engine) as connection:
            one_at_a_time(connection)
            return [add_file(connection, loaded, at) for loaded in files]

    def observations(
        self,
        organisation: Wanted = None,
        series: Wanted = None,
        population: Wanted = None,
        breakdown: Wanted = None,
    ) -> pd.DataFrame:
        """The figures that hold now, sorted by period.

        Args:
            organisation: one code, several, or None for all; likewise the others.
            series: key or keys of series.
            population: name or names of populations.
            breakdown: "all", "age=16-24" and so on.

        Returns:
            A table with the columns of OBSERVATION_COLUMNS, then source (file name), source_digest and extract_date.
            Numbers that are not known are NaN.
        """
        with reading(self._engine) as connection:
            return looking.current_observations(
                connection, organisation=organisation, series=series, population=population, breakdown=breakdown
            )

    def organisations(self, open_on: dt.date | None = None) -> tuple[Organisation, ...]:
        """Every organisation of which something is known, in the order of their codes.

        Args:
            open_on: only those that existed on that day, as far as is known.
        """
        with reading(self._engine) as connection:
            found = looking.organisations_now(connection).values()
        return tuple(one for one in found if open_on is None or one.is_open_on(open_on))

    def organisation(self, code: str) -> Organisation:
        """One organisation. Raises UnknownNameError with the closest codes."""
        with reading(self._engine) as connection:
            found = looking.organisations_now(connection, [code]).get(code)
            if found is None:
                raise UnknownNameError("organisation", code, looking.organisations_now(connection))
        return found

    def sources(self, organisation: str | None = None) -> tuple[SourceFile, ...]:
        """The files that were added, oldest first; for one organisation those that told something new of it."""
        with reading(self._engine) as connection:
            return looking.sources(connection, organisation)

    # Plans

    def save_plan(
        self,
        plan: Plan,
        *,
        by: str,
        side: Side | str,
        note: str = "",
        parent_revision: int | None = None,
        document: str | None = None,
    ) -> Revision:
        """Save a plan as the next revision.

        Args:
            plan: the plan.
            by: name of the person who saves.
            side: for whom: "management", "staff" or "both".
            note: what there is to say about it.
            parent_revision: the revision the changes were made to; None for an organisation's first plan.
            document: the plan's text, where a person wrote one; else the last text is brought up to date, its comments
                kept.

        Returns:
            The new revision; the current one if there is nothing new to save.

        Raises:
            RevisionConflictError: somebody else saved meanwhile; nothing was saved.
            InputError: no name, an unknown side, or a document that holds another plan.
            StoreError: the store can't be written.
        """
        side = _checked(plan, by, side, document)
        code = plan.organisation
        try:
            with writing(self._engine) as connection:
                current = plans.check_parent(connection, code, parent_revision)
                text = document if document is not None else plan.to_yaml(current.document if current else None)
                if current and current.document == text:
                    return current
                number = current.revision + 1 if current else 1
                now = dt.datetime.now(dt.UTC)
                revision = Revision(code, number, text, plan.digest, side, by.strip(), now, note.strip())
                plans.append(connection, revision)
                return revision
        except IntegrityError:
            # On PostgreSQL two savers get this far, and the key decides. The second is told of the first.
            with reading(self._engine) as connection:
                plans.check_parent(connection, code, parent_revision)
            raise

    def latest_plan(self, code: str) -> Revision | None:
        """The current revision of an organisation's plan; None if it has none."""
        with reading(self._engine) as connection:
            return plans.latest(connection, code)

    def plan_history(self, code: str) -> tuple[Revision, ...]:
        """Every revision of an organisation's plan, oldest first; empty if it has none."""
        with reading(self._engine) as connection:
            return plans.history(connection, code)

    # Others' work

    def version(self) -> tuple[int, ...]:
        """A mark that is another one after anybody saved anything; made to be asked several times a second.

        Marks are compared for equality only, and only within one open store.
        """
        if is_sqlite(self._engine):
            return self._sqlite_version()
        with reading(self._engine) as connection:
            newest_file = select(func.coalesce(func.max(source_file.c.id), 0)).scalar_subquery()
            revisions = select(func.count()).select_from(plan_revision).scalar_subquery()
            return tuple(connection.execute(select(newest_file, revisions)).one())

    def _sqlite_version(self) -> tuple[int, ...]:
        # The pragma tells whether others changed the file since this connection was opened, so one is kept for it.
        with self._lookout_lock, plain_words(self._engine):
            if self._lookout is None:
                self._lookout = self._engine.raw_connection()
            cursor = self._lookout.cursor()
            cursor.execute("PRAGMA data_version")
            (mark,) = cursor.fetchone() or (0,)
            cursor.close()
            return (int(mark),)


def _checked(plan: Plan, by: str, side: Side | str, document: str | None) -> Side:
    """The side, if everything about a save is in order. Raises InputError with every problem."""
    problems = []
    if not by.strip():
        problems.append(Problem("by", "whoever saves a plan says who they are."))
    if str(side) not in set(Side):
        problems.append(Problem("side", f"'{side}' is no side.", f"Allowed: {', '.join(Side)}."))
    if document is not None and Plan.from_yaml(document, "the plan's text") != plan:
        problems.append(Problem("document", "the text holds another plan than the one to be saved."))
    if problems:
        raise InputError(f"saving the plan of {plan.organisation}", problems)
    return Side(side)
