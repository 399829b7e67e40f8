"""Takes a store back from a backup: the file is checked from end to end first, then each row as it is written."""

from __future__ import annotations

import datetime as dt
import itertools
import sqlite3
import tempfile
from collections import Counter
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, MetaData, delete, func, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from t4c_lib.errors import InputError
from t4c_lib.plan import Plan
from t4c_lib.store.backing_up import AT_ONCE, Backup, tables, write_backup
from t4c_lib.store.backup_checks import FAULTS, as_saved, check_row
from t4c_lib.store.backup_files import AS_IT_WAS, check_backup, rows_of, unfit
from t4c_lib.store.changes import log_change
from t4c_lib.store.engine import is_sqlite, make_engine, one_at_a_time, plain_words, turn_on_wal, writing
from t4c_lib.store.location import StoreError, shown
from t4c_lib.store.migrating import migrate_to
from t4c_lib.store.schema import HEAD, metadata, plan_revision


def restore_backup(engine: Engine, file: Path, keep_in: Path | None, key: bytes | None = None) -> Backup:
    """Take everything from a backup: whole or not at all.

    Args:
        engine: the store.
        file: the backup; one that an older version of the workbook made is brought up to date on the way.
        keep_in: where what is in the store now goes; needed if it isn't empty, which it must be or idle.
        key: with which the backup must be sealed, and with which what goes to `keep_in` is; None if no seal is asked.

    Raises:
        StoreError: the file is no sound backup, the store isn't empty, or somebody uses it.
    """
    if keep_in is not None and keep_in.exists() and keep_in.samefile(file):
        raise StoreError(f"{keep_in} is the backup itself: what is in the store now needs a file of its own.")
    backup = check_backup(file, key)
    with tempfile.TemporaryDirectory(prefix="t4c-restore-") as folder:
        current = backup if backup.migration == HEAD else _brought_up_to_date(backup, Path(folder))
        if keep_in is not None and is_sqlite(engine):
            _check_idle_sqlite(engine)
        with writing(engine) as connection:
            one_at_a_time(connection)
            if not _is_empty(connection):
                _make_room(engine, connection, keep_in, key)
            _fill(connection, current, metadata)
            _count_on(connection)
            log_change(connection, "restore", dt.datetime.now(dt.UTC))
    return backup


def _is_empty(connection: Connection) -> bool:
    return not any(connection.execute(select(1).select_from(table).limit(1)).first() for table in tables())


def _make_room(engine: Engine, connection: Connection, keep_in: Path | None, key: bytes | None) -> None:
    if keep_in is None:
        raise StoreError(
            f"The store ({shown(engine.url)}) isn't empty, so the backup was not taken into it. Take it into a new "
            "store (T4C_DATABASE_URL names one), or say in which file what is here now is to be kept."
        )
    if not is_sqlite(engine):
        _check_idle_postgresql(engine, connection)
    # Nobody can write from here on, so what is kept is what is replaced.
    write_backup(engine, keep_in, key)
    for table in reversed(tables()):
        connection.execute(delete(table))


def _in_use(engine: Engine) -> StoreError:
    return StoreError(
        f"The store ({shown(engine.url)}) is in use: others have it open. End the pages and commands that use it, and "
        f"try again. {AS_IT_WAS}"
    )


def _check_idle_sqlite(engine: Engine) -> None:
    # To leave the write-ahead log, a connection must be the only one.
    with plain_words(engine):
        raw = engine.raw_connection()
        try:
            cursor = raw.cursor()
            cursor.execute("PRAGMA busy_timeout = 0")
            if cursor.execute("PRAGMA journal_mode = DELETE").fetchone()[0] != "delete":
                raise _in_use(engine)
        except sqlite3.OperationalError:
            raise _in_use(engine) from None
        finally:
            raw.close()
    turn_on_wal(engine)


def _check_idle_postgresql(engine: Engine, connection: Connection) -> None:
    names = ", ".join(f'"{table.name}"' for table in tables())
    connection.execute(text(f"LOCK TABLE {names} IN EXCLUSIVE MODE"))
    others = connection.execute(
        text(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
            "AND backend_type = 'client backend'"
        )
    ).scalar_one()
    if others:
        raise _in_use(engine)


def _fill(connection: Connection, backup: Backup, into: MetaData) -> None:
    """Write every row; of tables as they are now, once it was found to be what it had to be when it was first saved."""
    count, numbers = 0, Counter[tuple[str, str]]()
    for (name, columns), group in itertools.groupby(rows_of(backup), key=lambda row: row[:2]):
        # Of plans, which are long, a few fill the memory that thousands of figures take.
        while chunk := list(itertools.islice(group, AT_ONCE if name == "observation" else AT_ONCE // 100)):
            try:
                table, rows = into.tables[name], []
                for _, _, values in chunk:
                    count += 1
                    rows.append(as_saved([table.c[column] for column in columns], values))
                    if into is metadata:
                        check_row(name, rows[-1], numbers)
                connection.execute(insert(table), rows)
            except (*FAULTS, DBAPIError) as error:
                why = "; ".join(map(str, error.problems)) if isinstance(error, InputError) else str(error)
                why = why.partition("\n")[0][:300].rstrip(".")
                raise unfit(
                    Path(backup.file.name), f"has a row that can't be taken in, {count:,} ({name}): {why}"
                ) from None


def _count_on(connection: Connection) -> None:
    """PostgreSQL counts by itself, and doesn't look at numbers that were brought along."""
    if connection.dialect.name != "postgresql":
        return
    for table in tables():
        if "id" in table.c:
            newest = select(func.max(table.c.id)).scalar_subquery()
            sequence = func.pg_get_serial_sequence(table.name, "id")
            connection.execute(select(func.setval(sequence, newest)).where(newest.is_not(None)))


def _brought_up_to_date(backup: Backup, folder: Path) -> Backup:
    """The same backup with the tables of now: taken into a store of its day, and migrated there."""
    engine = make_engine(URL.create("sqlite", database=str(folder / "then.sqlite")))
    turn_on_wal(engine)
    with writing(engine) as connection:
        migrate_to(connection, backup.migration)
        then = MetaData()
        then.reflect(connection)
        _fill(connection, backup, then)
        migrate_to(connection, HEAD)
        for row in connection.execute(select(plan_revision)).all():  # the digest of its day may be of another form
            mine = (plan_revision.c.organisation == row.organisation) & (plan_revision.c.revision == row.revision)
            digest = Plan.from_yaml(row.document, f"plan of {row.organisation}").digest
            connection.execute(update(plan_revision).where(mine).values(digest=digest))
    made = write_backup(engine, folder / backup.file.name)
    engine.dispose()
    return made
