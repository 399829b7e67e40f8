"""Reads a backup file line by line, within bounds, and knows whether it is sound from end to end and who sealed it."""

from __future__ import annotations

import datetime as dt
import gzip
import hashlib
import hmac
import json
import re
import zlib
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any, NoReturn

from t4c_lib.store.backing_up import FORM, LONGEST_LINE, VERSION, Backup, seal_of
from t4c_lib.store.location import StoreError

AS_IT_WAS = "The store is as it was."
MOST_BYTES = 8 * 2**30  # unpacked; all trusts' figures of ten years take a tenth of that
MOST_ROWS = 50_000_000
Row = tuple[str, tuple[str, ...], list[Any]]


def check_backup(file: Path, key: bytes | None = None) -> Backup:
    """What a backup holds, once all of it was read and found whole and unaltered.

    Args:
        file: the backup.
        key: with which it must be sealed; None if it is taken with or without a seal.

    Raises:
        StoreError: it can't be read, is no backup, is too large, was cut off or altered, is of a form of a later day,
            or the seal is missing or another one where a key is given.
    """
    walk = _walk(file, key)
    while True:
        try:
            next(walk)
        except StopIteration as end:
            backup: Backup = end.value
            return backup


def rows_of(backup: Backup) -> Iterator[Row]:
    """Each row of a backup that was checked: table, columns, values as JSON has them.

    Raises:
        StoreError: at the end, if the file has become another one since it was checked.
    """
    now = yield from _walk(backup.file, None)
    if now.digest != backup.digest:
        raise StoreError(f"{backup.file} was replaced while it was read. {AS_IT_WAS}")


def _walk(file: Path, key: bytes | None) -> Generator[Row, None, Backup]:
    lines, digest = _lines(file), hashlib.sha256()

    def following() -> Any:
        line, content = next(lines, (b"", None))
        if not line:
            raise StoreError(f"{file} is not whole: it was cut off before its end. {AS_IT_WAS}")
        if not (isinstance(content, dict) and "sha256" in content):
            digest.update(line)
        return content

    manifest = following()
    made_at = _check_manifest(file, manifest)
    for table, count in manifest["rows"].items():
        columns = _columns(file, following(), table)
        for _ in range(count):
            values = following()
            if not isinstance(values, list) or len(values) != len(columns):
                _altered(file)
            yield table, columns, values
    last = following()
    if not isinstance(last, dict) or last.get("sha256") != digest.hexdigest() or next(lines, None):
        _altered(file)
    sealed = "seal" in last
    if key is not None and not sealed:
        raise StoreError(f"{file} has no seal, so nobody can say who made it, and a key was given. {AS_IT_WAS}")
    if key is not None and not hmac.compare_digest(str(last["seal"]).encode(), seal_of(last["sha256"], key).encode()):
        raise StoreError(f"The seal of {file} does not hold: it was made with another key, or not by you. {AS_IT_WAS}")
    return Backup(file, made_at, manifest["migration"], manifest["rows"], last["sha256"], sealed)


def _altered(file: Path) -> NoReturn:
    raise StoreError(f"{file} was altered after it was made: its digest is another one. {AS_IT_WAS}")


def _no_backup(file: Path) -> NoReturn:
    raise StoreError(f"{file} is no backup of a store, or it was damaged. {AS_IT_WAS}")


def _columns(file: Path, header: object, table: str) -> tuple[str, ...]:
    columns = header.get("columns") if isinstance(header, dict) and header.get("table") == table else None
    if not isinstance(columns, list) or not all(isinstance(name, str) for name in columns):
        _altered(file)
    return tuple(columns)


def _check_manifest(file: Path, content: object) -> dt.datetime:
    """When the backup was made; raises StoreError if the first line is no manifest of ours."""
    if not isinstance(content, dict) or content.get("form") != FORM:
        _no_backup(file)
    version, migration, rows = (content.get(name) for name in ("version", "migration", "rows"))
    if type(version) is int and version > VERSION:
        raise StoreError(
            f"{file} was made by a newer version of the workbook (its form is {version}, this version knows "
            f"{VERSION}). Use that version. {AS_IT_WAS}"
        )
    known = version == VERSION and isinstance(migration, str) and re.fullmatch(r"[0-9]{4}", migration)
    if not known or not isinstance(rows, dict):
        _no_backup(file)
    if not all(type(count) is int and count >= 0 for count in rows.values()) or sum(rows.values()) > MOST_ROWS:
        raise StoreError(f"{file} says that it has more rows than a store can have, or fewer than none. {AS_IT_WAS}")
    try:
        return dt.datetime.fromisoformat(str(content.get("made_at"))).astimezone(dt.UTC)
    except (ValueError, OverflowError):
        _no_backup(file)


def _lines(file: Path) -> Iterator[tuple[bytes, Any]]:
    left = MOST_BYTES
    try:
        with gzip.open(file, "rb") as packed:
            while line := packed.readline(LONGEST_LINE + 1):
                left -= len(line)
                if len(line) > LONGEST_LINE or left < 0:
                    raise StoreError(f"{file} holds more than a backup of ours can: it was not unpacked. {AS_IT_WAS}")
                yield line, json.loads(line.decode(), parse_constant=_no_number)
    except (EOFError, zlib.error):
        raise StoreError(f"{file} is not whole: it was cut off or damaged. {AS_IT_WAS}") from None
    except (gzip.BadGzipFile, ValueError, RecursionError):
        _no_backup(file)
    except OSError as error:
        raise StoreError(f"The backup {file} can't be read: {error.strerror}. {AS_IT_WAS}") from None


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON")
