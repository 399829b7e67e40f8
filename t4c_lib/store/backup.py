"""Backups: the whole store in one file that can be taken back into either kind of database, and whether one is sound.

The file is gzip over lines of JSON. The first line is the manifest: the form and its version, the migration of the
tables, when it was made, and how many rows each table has. Then, for each table, a line with its name and columns, and
a line for each row, values in the order of the columns, moments in UTC. The last line holds the SHA-256 of all the
lines before it and, if a key was given, the seal: the HMAC-SHA256 of that digest. Everything is read in one
transaction, so it is the store as it was at one moment.
"""

import datetime as dt
import gzip
import hashlib
import hmac
import json
import zlib
from collections import deque
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any, NamedTuple, cast

from sqlalchemy import Engine, Select, Table, exists, false, func, select, union

from t4c_lib.filesystem import WriteError, write_whole
from t4c_lib.periods import Day
from t4c_lib.programme.records import record_kinds
from t4c_lib.store import schema
from t4c_lib.store.audit import written_down
from t4c_lib.store.engine import StoreError, is_sqlite, reading
from t4c_lib.store.schema import HEAD, metadata, owner

FORM = "t4c backup"
VERSION = 1
AT_ONCE = 5_000  # rows that are read or written together
LONGEST_LINE = 8 * 2**20  # bytes; the longest rows are plans, of some hundred thousand
SHORTEST_KEY, LONGEST_KEY = 32, 4_096  # bytes
AS_IT_WAS = "The store is as it was."
MOST_BYTES, MOST_ROWS = 8 * 2**30, 50_000_000  # unpacked; ten years' figures of all trusts are a tenth of that
BackupRow = tuple[str, tuple[str, ...], list[Any]]  # table, columns, values as JSON has them
ALTERED = "was altered after it was made: its digest is another one"
NO_BACKUP = "is not a backup of a store, or it was damaged"


class Backup(NamedTuple):
    """What a backup holds."""

    file: Path  #: where it lies
    made_at: dt.datetime  #: the moment of which it is, in UTC
    migration: str  #: the migration at which the tables were
    rows: dict[str, int]  #: how many each table has
    digest: str  #: SHA-256 of the lines of the file before the last, unpacked
    sealed: bool = False  #: whether it has a seal; without its key nobody can say whether it holds

    def __str__(self) -> str:
        rows = f"{sum(self.rows.values()):,} rows of {len(self.rows)} tables"
        when = f"{Day(self.made_at.date()).label} at {self.made_at:%H:%M} UTC"
        return f"{rows}, as they were on {when}; its SHA-256 begins {self.digest[:12]}"


def read_key(file: Path) -> bytes:
    """The key of a seal: what a file holds, without the blanks around it. Raises StoreError if that is no key."""
    try:
        with file.open("rb") as opened:
            key = opened.read(LONGEST_KEY + 1).strip()
    except OSError as error:
        raise StoreError(f"The key file {file} can't be read: {error.strerror}.") from None
    if not SHORTEST_KEY <= len(key) <= LONGEST_KEY:
        wanted = f"{SHORTEST_KEY} to {LONGEST_KEY:,} bytes that nobody can guess"
        how = f"(umask 077; openssl rand -hex 32 > {file.name})"
        raise StoreError(f"{file} holds no key, which is {wanted}. To make one that nobody else can read: {how}")
    return key


def seal_of(digest: str, key: bytes) -> str:
    """The seal of a backup: HMAC-SHA256 (RFC 2104) of its digest, hexadecimal."""
    return hmac.new(key, f"{FORM} {digest}".encode(), hashlib.sha256).hexdigest()


def write_backup(engine: Engine, file: Path, key: bytes | None = None, only: Sequence[str] = ()) -> Backup:
    """What `Store.backup` does. The file appears when it is whole; one of the same name is replaced then."""
    made: list[Backup] = []
    try:
        write_whole(file, lambda raw: made.append(_write(engine, file, raw, key, only)))
    except WriteError as error:
        raise StoreError(f"The backup {file} {error.problems[0].message}") from None
    return made[0]


def _write(engine: Engine, file: Path, raw: IO[bytes], key: bytes | None, only: Sequence[str]) -> Backup:
    with reading(engine) as connection, gzip.GzipFile("", "wb", 6, raw, mtime=0) as packed:
        if not is_sqlite(engine):  # whose transactions see one moment of their own accord
            connection.execution_options(isolation_level="REPEATABLE READ")
        tables = metadata.sorted_tables
        counts = {table: _kept(table, select(func.count()).select_from(table), only) for table in tables}
        rows = {table.name: connection.scalar(count) or 0 for table, count in counts.items()}
        # The moment is that of the first read, by which the transaction has its view of the store.
        made_at = dt.datetime.now(dt.UTC)
        digest = hashlib.sha256()
        manifest = {"form": FORM, "version": VERSION, "migration": HEAD, "made_at": made_at.isoformat(), "rows": rows}
        manifest |= {"audit": written_down(connection)} if not only else {}
        _put(packed, digest, manifest)
        for table in metadata.sorted_tables:
            _put(packed, digest, {"table": table.name, "columns": [column.name for column in table.columns]})
            query = _kept(table, select(table), only).order_by(*table.primary_key.columns)
            for row in connection.execute(query.execution_options(yield_per=AT_ONCE)):
                _put(packed, digest, [value.isoformat() if isinstance(value, dt.date) else value for value in row])
        seal = {} if key is None else {"seal": seal_of(digest.hexdigest(), key)}
        packed.write(_line({"sha256": digest.hexdigest(), **seal}))
    return Backup(file, made_at, HEAD, rows, digest.hexdigest(), sealed=key is not None)


def _kept(table: Table, query: Select[Any], only: Sequence[str]) -> Select[Any]:
    """Without what was entered in rounds that are open: nobody is to see that before they are closed.

    Of the organisations that are wanted, where not all are, and of the files that theirs came from; without what is
    known of people placed, for what is made of such a backup elsewhere needs their totals at most.
    """
    if only and table in schema.OF_THE_STORE:
        return query.where(false())
    if only and table is schema.source_file:
        told = schema.organisation, schema.observation
        used = (select(one.c.source_id).where(owner(one).in_(only)) for one in told)
        query = query.where(table.c.id.in_(union(*used)))
    elif only:
        query = query.where(owner(table).in_(only))
    if only and table is metadata.tables["programme_entry"]:
        query = query.where(table.c.kind.not_in([key for key, kind in record_kinds().items() if kind.personal]))
    if table is not schema.round_entry:
        return query
    act = schema.round_act.c
    same = (act.organisation == table.c.organisation) & (act.number == table.c.number)
    return query.where(exists().where(same, act.what == "closed"))


def _put(packed: gzip.GzipFile, digest: Any, content: object) -> None:
    line = _line(content)
    if len(line) > LONGEST_LINE:
        raise StoreError(f"The store can't be backed up: a row of it is longer than {LONGEST_LINE // 2**20} MB.")
    digest.update(line)
    packed.write(line)


def _line(content: object) -> bytes:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode() + b"\n"


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
