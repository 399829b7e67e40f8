"""Takes a store back from a backup: the file is checked from end to end first, then each row as it is written."""

from __future__ import annotations

import datetime as dt
import gzip
import hashlib
import hmac
import itertools
import json
import sqlite3
import tempfile
import zlib
from collections import Counter, deque
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

from sqlalchemy import URL, Connection, Engine, MetaData, delete, func, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from t4c_lib.errors import InputError
from t4c_lib.plan import Plan
from t4c_lib.store.backup import AT_ONCE, FORM, LONGEST_LINE, VERSION, Backup, seal_of, tables, write_backup
from t4c_lib.store.backup_checks import FAULTS, as_saved, check_row
from t4c_lib.store.engine import (
    StoreError,
    is_sqlite,
    make_engine,
    one_at_a_time,
    plain_words,
    shown,
    turn_on_wal,
    writing,
)
from t4c_lib.store.save_log import log_change
from t4c_lib.store.schema import HEAD, metadata, migrate_to, plan_revision

AS_IT_WAS = "The store is as it was."
MOST_BYTES, MOST_ROWS = 8 * 2**30, 50_000_000  # unpacked; ten years' figures of all trusts are a tenth of that
BackupRow = tuple[str, tuple[str, ...], list[Any]]  # table, columns, values as JSON has them
ALTERED = "was altered after it was made: its digest is another one"
NO_BACKUP = "is not a backup of a store, or it was damaged"


def check_backup(file: Path, key: bytes | None = None) -> Backup:
    """What a backup holds, once all of it was read and found sound and, with a key, sealed with it; else StoreError."""
    (backup,) = deque(_walk(file, key), maxlen=1)
    return cast("Backup", backup)


def rows_of(backup: Backup) -> Iterator[BackupRow]:
    """Each row of a backup that was checked; raises StoreError at the end if the file is another one since then."""
    for row in _walk(backup.file, None):
        if not isinstance(row, Backup):
            yield row
        elif row.digest != backup.digest:
            raise unfit(backup.file, "was replaced while it was read")


def unfit(file: Path, why: str) -> StoreError:
    """Why a backup is not taken in."""
    return StoreError(f"{file} {why}. {AS_IT_WAS}")


def _walk(file: Path, key: bytes | None) -> Iterator[BackupRow | Backup]:
    """Each row and, once the file was found sound, what it is."""
    lines, digest = _lines(file), hashlib.sha256()

    def following() -> Any:
        line, content = next(lines, (b"", {}))
        if not line:
            raise unfit(file, "is not whole: it was cut off before its end")
        if not (isinstance(content, dict) and "sha256" in content):
            digest.update(line)
        return content

    manifest = following()
    made_at = _check_manifest(file, manifest)
    for table, count in manifest["rows"].items():
        header = following()
        columns = header.get("columns") if isinstance(header, dict) and header.get("table") == table else None
        if not isinstance(columns, list) or not all(isinstance(name, str) for name in columns):
            raise unfit(file, ALTERED)
        for _ in range(count):
            values = following()
            if not isinstance(values, list) or len(values) != len(columns):
                raise unfit(file, ALTERED)
            yield table, tuple(columns), values
    last = following()
    if not isinstance(last, dict) or last.get("sha256") != digest.hexdigest() or next(lines, None):
        raise unfit(file, ALTERED)
    if key is not None and "seal" not in last:
        raise unfit(file, "has no seal, so there is no proof of who made it, and a key was given")
    if key is not None and not hmac.compare_digest(ascii(last["seal"]), ascii(seal_of(last["sha256"], key))):
        raise unfit(file, "has a seal that does not hold: it was made with another key, or altered")
    yield Backup(file, made_at, manifest["migration"], manifest["rows"], last["sha256"], "seal" in last)


def _check_manifest(file: Path, content: object) -> dt.datetime:
    """When the backup was made; raises StoreError if the first line is no manifest of ours."""
    if not isinstance(content, dict) or content.get("form") != FORM:
        raise unfit(file, NO_BACKUP)
    version, migration, rows = (content.get(name) for name in ("version", "migration", "rows"))
    if type(version) is int and version > VERSION:
        words = f"was made by a newer version of the workbook (its form is {version}, this version knows {VERSION})"
        raise unfit(file, f"{words}. Use that version")
    is_known = version == VERSION and isinstance(migration, str) and migration.isdecimal() and len(migration) == 4
    if not is_known or not isinstance(rows, dict):
        raise unfit(file, NO_BACKUP)
    if not all(type(count) is int and 0 <= count <= MOST_ROWS for count in rows.values()):
        raise unfit(file, "says that it has more rows than a store can have, or fewer than none")
    try:
        return dt.datetime.fromisoformat(str(content.get("made_at"))).astimezone(dt.UTC)
    except (ValueError, OverflowError):
        raise unfit(file, NO_BACKUP) from None


def _lines(file: Path) -> Iterator[tuple[bytes, Any]]:
    left = MOST_BYTES
    try:
        with gzip.open(file, "rb") as packed:
            while line := packed.readline(LONGEST_LINE + 1):
                left -= len(line)
                if len(line) > LONGEST_LINE or left < 0:
                    raise unfit(file, "holds more than a backup of ours can, and was not unpacked")
                yield line, json.loads(line.decode())
    except (EOFError, zlib.error):
        raise unfit(file, "is not whole: it was cut off or damaged") from None
    except (gzip.BadGzipFile, ValueError, RecursionError):
        raise unfit(file, NO_BACKUP) from None
    except OSError as error:
        raise StoreError(f"The backup {file} can't be read: {error.strerror}. {AS_IT_WAS}") from None


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
