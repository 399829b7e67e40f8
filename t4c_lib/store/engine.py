"""Connections to the store, and its two kinds of transaction, with the driver's errors put in plain words."""

import os
import re
import shutil
import sqlite3
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from functools import wraps
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar
from urllib.parse import quote

from pydantic import RootModel
from sqlalchemy import Connection, Engine, Insert, create_engine, event, func, select, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, OperationalError
from sqlalchemy.pool import NullPool

from t4c_lib.errors import T4CError
from t4c_lib.filesystem import keep_to_oneself, own_folder, project_root, put_new
from t4c_lib.typed_text import check_organisation_code
from t4c_lib.validation_messages import read_shipped

Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")
DATABASE_URL = "T4C_DATABASE_URL"
POSTGRESQL = "postgresql+psycopg"
ALLOWED = "sqlite:////folder/t4c.sqlite or postgresql+psycopg://user@host/database"


class StoreError(T4CError):
    """The store can't be opened, read or written. Says which (its place, in brackets), why, and what to do."""

    def __init__(self, message: str, place: str = "") -> None:
        super().__init__(message)
        self._place = place

    @property
    def on_page(self) -> str:
        """Without the place of the store: no folder of this machine is named to a browser."""
        return str(self).replace(f" ({self._place})", "") if self._place else str(self)


def default_database() -> Path:
    """The SQLite file that is used when nothing else is said."""
    return project_root() / "data" / "store" / "t4c.sqlite"


def find_database(given: str | Path | None = None) -> URL:
    """The database that is meant: what is given, else T4C_DATABASE_URL, else the project's own file.

    Raises StoreError: a text that is no database URL, or names a kind of database that can't be used.
    """
    said_in = "the database URL" if given is not None else DATABASE_URL
    address = given if given is not None else os.environ.get(DATABASE_URL, "")
    if isinstance(address, Path) or not (address := address.strip()):
        return URL.create("sqlite", database=str(address or default_database()))
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        # The text isn't repeated: what can't be taken apart may have a password anywhere.
        raise StoreError(f"{said_in} can't be read as the address of a database. Write {ALLOWED}.") from None
    kind = url.get_backend_name()
    if kind in {"postgres", "postgresql"}:
        return url.set(drivername=POSTGRESQL)
    if kind != "sqlite":
        raise StoreError(f"{said_in} names a database of kind '{kind}', which can't be used. Write {ALLOWED}.")
    if url.database in {None, "", ":memory:"}:
        raise StoreError(f"{said_in} names no file: a store in memory would be lost at the end. Write {ALLOWED}.")
    return url.set(drivername="sqlite")


def shown(url: URL) -> str:
    """The database in words that can be printed: no password, no options."""
    if url.get_backend_name() == "sqlite":
        return str(url.database)
    return f"PostgreSQL database '{url.database or url.username or ''}' on {url.host or 'this machine'}"


BUSY_SECONDS = 30  # how long a writer waits for another; a save takes milliseconds, loading all trusts a few seconds
CONNECT_SECONDS = 5
NO_ANSWER = "it doesn't answer"
WRITE, SAVED = "t4c_write", "t4c_saved"
LOCK_NUMBER = 0x74346331  # any fixed number: one lock for all who load evidence or migrate a PostgreSQL store

TURN_NUMBER = 0x74346332  # likewise, with a number of the organisation: for all who work on one partnership
FINISH_NUMBER = 0x74346333  # likewise: for all who are about to finish a save


def make_engine(url: URL) -> Engine:
    """The engine for a database. SQLite files get their folder, foreign keys, and patience with other writers.

    Raises StoreError: the folder can't be made, or the driver for PostgreSQL isn't installed.
    """
    if url.get_backend_name() != "sqlite":
        return _postgresql(url)
    _hold_file(url, Path(str(url.database)))
    # Each use opens its own connection (a fraction of a millisecond): none is ever carried into a forked process.
    engine = create_engine(url, poolclass=NullPool, connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False})
    event.listen(engine, "do_connect", _open_sqlite)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    event.listen(engine, "after_execute", _remember)
    return engine


def _hold_file(url: URL, file: Path) -> None:
    """The file, for nobody but its owner: what SQLite puts beside it has the same rights."""
    try:
        own_folder(file.parent)
    except OSError as error:
        words = f"The folder of the store ({shown(url)}) can't be made: {error.strerror}."
        raise StoreError(words, shown(url)) from None
    try:
        if not file.exists():
            _make_file(file)
    except (OSError, sqlite3.Error) as error:
        raise _unusable(url, error) from None
    if file.is_file() and not file.stat().st_size:
        raise _unusable(url, "file is empty")
    for one in (file, *(file.with_name(f"{file.name}{ending}") for ending in ("-wal", "-shm"))):
        keep_to_oneself(one)
    if file == default_database():
        keep_to_oneself(file.parent)


def _make_file(file: Path) -> None:
    with tempfile.TemporaryDirectory(prefix=f".{file.name}.", dir=file.parent) as folder:
        part = Path(folder) / "new"
        with closing(sqlite3.connect(part)) as raw:
            raw.execute("PRAGMA journal_mode = WAL")
        keep_to_oneself(part)
        # Of several that begin at once one gives the file its name, and whoever sees it sees a database.
        with suppress(FileExistsError):
            put_new(part, file)


def _postgresql(url: URL) -> Engine:
    patience = {} if "connect_timeout" in url.query else {"connect_timeout": CONNECT_SECONDS}
    try:
        engine = create_engine(url, pool_pre_ping=True, pool_size=2, max_overflow=8, connect_args=patience)
        event.listen(engine, "do_connect", _connect_with_patience)
        event.listen(engine, "after_execute", _remember)
        return engine
    except (ModuleNotFoundError, NoSuchModuleError):
        message = "The driver for PostgreSQL (psycopg) is not installed"
        raise StoreError(f"{message}: install the workbook with its extra 'postgresql'.") from None


def _connect_with_patience(_dialect: object, _record: object, args: Any, options: Any) -> Any:
    import psycopg

    class Patient(psycopg.Connection[Any]):
        def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = BUSY_SECONDS) -> Any:
            """Wait no longer than writers of SQLite do: a server that is paused never says that it is."""
            try:
                return super().wait(gen, interval, timeout)
            except psycopg.OperationalError as error:
                if "timeout expired" in str(error):
                    self.close()  # what was asked may still be done, so no answer on it can be trusted
                raise

    return Patient.connect(*args, **options)


def _open_sqlite(_dialect: object, _record: object, args: Any, options: dict[str, Any]) -> Any:
    # Never made here: in the place of a file that was moved away there would be an empty one, taken for the store.
    file = quote(Path(args[0]).absolute().as_posix(), safe="/:")
    return sqlite3.connect(f"file://{'' if file.startswith('/') else '/'}{file}?mode=rw", uri=True, **options)


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # transactions are begun by us, see _begin_sqlite
    connection.execute("PRAGMA foreign_keys = ON")


def refuse_writes(engine: Engine) -> Engine:
    """The engine with connections on which the database itself refuses every write."""
    if not is_sqlite(engine):
        return engine.execution_options(postgresql_readonly=True)
    event.listen(engine, "connect", lambda connection, _record: connection.execute("PRAGMA query_only = ON"))
    return engine


def _begin_sqlite(connection: Connection) -> None:
    # A writer takes its turn at once: one that began by reading could be refused at its first write, without waiting.
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get(WRITE, False) else "BEGIN")


def _remember(connection: Connection, statement: Any, _many: object, _one: object, _how: object, result: Any) -> None:
    """Keep, for the record of the transaction, which single row was added."""
    saved = connection.get_execution_options().get(SAVED)
    if saved is not None and isinstance(statement, Insert) and not result.context.executemany:
        saved.setdefault(statement.table.name, []).append(list(result.inserted_primary_key))


def figures_folder(url: URL | None = None) -> str:
    """Where runs of reports keep what they worked out: beside an SQLite store; nowhere (empty) with another one."""
    found = url or find_database()
    return f"{found.database}.figures" if found.get_backend_name() == "sqlite" else ""


def is_sqlite(engine: Engine) -> bool:
    """Whether the store is an SQLite file."""
    return engine.dialect.name == "sqlite"


def turn_on_wal(engine: Engine) -> None:
    """Let readers and a writer work at once. The setting stays with the file, so it is made once."""
    deadline = time.monotonic() + BUSY_SECONDS
    with plain_words(engine), closing(engine.raw_connection()) as raw:
        cursor = raw.cursor()
        while cursor.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
            try:
                cursor.execute("PRAGMA journal_mode = WAL")
            except sqlite3.OperationalError:
                # The change needs the file for itself, and SQLite doesn't wait for that of its own accord.
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.01)


def is_alone(engine: Engine) -> bool:
    """Whether nobody else has an SQLite file open: to leave the write-ahead log, a connection must be the only one."""
    with plain_words(engine), closing(engine.raw_connection()) as raw:
        cursor = raw.cursor()
        cursor.execute("PRAGMA busy_timeout = 0")
        try:
            left: bool = cursor.execute("PRAGMA journal_mode = DELETE").fetchone()[0] == "delete"
        except sqlite3.OperationalError:
            left = False
    if left:
        turn_on_wal(engine)
    return left


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A transaction that sees the store as it is at its start and changes nothing."""
    with plain_words(engine), engine.connect() as connection:
        yield connection


class PartOfStore:
    """What is asked of a store, or kept in it, by way of its engine."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine


def reads(ask: Callable[Concatenate[Connection, Asked], Answer]) -> Callable[Concatenate[Any, Asked], Answer]:
    """What a function asks of a connection, as a method of a part of the store: a transaction for each call."""

    @wraps(ask)
    def method(store: Any, /, *args: Asked.args, **named: Asked.kwargs) -> Answer:
        with reading(store._engine) as connection:
            return ask(connection, *args, **named)

    return method


@contextmanager
def writing(engine: Engine, code: str | None = None) -> Iterator[Connection]:
    """A transaction that is kept whole, or, after any error, not at all; of an organisation's partnership, in turn."""
    with plain_words(engine), engine.connect().execution_options(**{WRITE: True, SAVED: {}}) as connection:
        transaction = connection.begin()
        try:
            if code is not None:
                in_turn(connection, code)
            yield connection
        except BaseException:
            with suppress(DBAPIError):  # a connection that is gone has forgotten it of its own accord
                transaction.rollback()
            raise
        try:
            transaction.commit()
        except DBAPIError as error:
            if not error.connection_invalidated:
                raise
            told = "Its last answer was lost, so it is not known whether this was saved. Check, or save again."
            raise StoreError(f"{_unusable(engine.url, error)} {told}", shown(engine.url)) from None


def one_at_a_time(connection: Connection) -> None:
    """Wait until nobody else loads evidence or migrates, till this transaction ends. SQLite writers queue anyway."""
    _wait_for(connection, LOCK_NUMBER)


def in_turn(connection: Connection, code: str) -> None:
    """Wait until nobody else writes to the partnership of this organisation, till this transaction ends.

    Every write to a partnership begins here, so the code is checked here. Raises InputError.
    """
    check_organisation_code(code)
    _wait_for(connection, TURN_NUMBER, zlib.crc32(code.encode()) - 2**31)


def finish_in_order(connection: Connection) -> None:
    """Wait until nobody else is about to finish a save, till this transaction ends. To be asked for last of all."""
    _wait_for(connection, FINISH_NUMBER)


def _wait_for(connection: Connection, *lock: int) -> None:
    if connection.dialect.name == "postgresql":  # SQLite has one writer at a time anyway
        connection.execute(select(func.pg_advisory_xact_lock(*lock)))


@contextmanager
def plain_words(engine: Engine) -> Iterator[None]:
    """Turns what a driver says about the database itself (gone, locked, full, not ours) into a StoreError."""
    try:
        yield
    except (OperationalError, sqlite3.DatabaseError) as error:
        raise _unusable(engine.url, error) from None
    except DBAPIError as error:
        ours = isinstance(error.orig, sqlite3.DatabaseError) and not isinstance(error.orig, sqlite3.IntegrityError)
        if ours or error.connection_invalidated or getattr(error.orig, "sqlstate", "") == READ_ONLY:
            raise _unusable(engine.url, error) from None
        raise


READ_ONLY = "25006"

# By the kind of database, what its driver says, and what people are told instead.
DRIVER_WORDS = read_shipped(RootModel[dict[str, dict[str, str]]], "t4c_lib.store", "driver_words.yaml").root

LITTLE = 10_000_000  # bytes that must be free on the disk, or saving may fail at any moment
FULL = "the disk is full, or nearly: less than 10 MB are free. Make room, or what is saved next may be lost."
GONE = "its file is gone: it was moved, renamed or deleted. Put it back, or restore a backup."
_seen: set[Path] = set()  # files that were there when they were looked at


def trouble_with_store() -> str:
    """Why the store that is meant can't be read or written, without its place; empty when it can, or isn't made yet."""
    try:
        url = find_database()
        file = Path(str(url.database)) if url.get_backend_name() == "sqlite" else None
        if file is not None:
            if not file.is_file():
                return GONE if file in _seen else ""
            _seen.add(file)
        engine = make_engine(url)
        try:
            with writing(engine) as connection:
                connection.execute(text("UPDATE plan_revision SET note = note WHERE 1 = 0"))  # refused if it may not
        finally:
            engine.dispose()
    except StoreError as error:
        return error.on_page.partition("can't be used: ")[2] or error.on_page
    except DBAPIError as error:
        kind = type(error.orig).__name__
        return "" if kind == "UndefinedTable" else f"it can't be written: {kind}."
    return FULL if file is not None and shutil.disk_usage(file.parent).free < LITTLE else ""


def _unusable(url: URL, error: Any) -> StoreError:
    """What a driver said, or a sentence, in words for people."""
    said = str(getattr(error, "orig", None) or getattr(error, "strerror", None) or error).strip()
    plainly = f"{said.splitlines()[0] if said else NO_ANSWER}."
    known = DRIVER_WORDS[url.get_backend_name()]
    why = next((words for part, words in known.items() if re.search(part, said)), plainly)
    if url.password:
        why = why.replace(str(url.password), "***")
    return StoreError(f"The store ({shown(url)}) can't be used: {why}", shown(url))
