"""Reads a backup file line by line, within bounds, and knows whether it is sound from end to end and who sealed it."""

from __future__ import annotations

import datetime as dt
import gzip
import hashlib
import hmac
import json
import zlib
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

from t4c_lib.store.backing_up import FORM, LONGEST_LINE, VERSION, Backup, seal_of
from t4c_lib.store.location import StoreError

AS_IT_WAS = "The store is as it was."
MOST_BYTES, MOST_ROWS = 8 * 2**30, 50_000_000  # unpacked; ten years' figures of all trusts are a tenth of that
BackupRow = tuple[str, tuple[str, ...], list[Any]]  # table, columns, values as JSON has them
ALTERED = "was altered after it was made: its digest is another one"
NO_BACKUP = "is no backup of a store, or it was damaged"


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
        raise unfit(file, "has no seal, so nobody can say who made it, and a key was given")
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
