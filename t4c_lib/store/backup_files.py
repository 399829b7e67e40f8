"""Reads a backup file line by line, and knows whether it is sound from end to end."""

from __future__ import annotations

import datetime as dt
import gzip
import hashlib
import json
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Date, DateTime
from sqlalchemy.types import TypeEngine

from t4c_lib.store.backing_up import FORM, VERSION, Backup
from t4c_lib.store.location import StoreError
from t4c_lib.store.schema import Moment

AS_IT_WAS = "The store is as it was."


def check_backup(file: Path) -> Backup:
    """What a backup holds, once all of it was read and found sound.

    Raises:
        StoreError: it can't be read, is no backup, was cut off or altered, or is of a form of a later day.
    """
    last: object = None
    digest = hashlib.sha256()
    counts: dict[str, int] = {}
    table = ""
    manifest: dict[str, Any] = {}
    for number, (line, content) in enumerate(_lines(file), 1):
        if number == 1:
            manifest = _manifest(file, content)
        elif isinstance(content, dict) and "table" in content:
            table = content["table"]
            counts[table] = 0
        elif isinstance(content, list):
            counts[table] = counts.get(table, 0) + 1
        last = content
        if not (isinstance(content, dict) and "sha256" in content):
            digest.update(line)
    if not isinstance(last, dict) or "sha256" not in last:
        raise StoreError(f"{file} is not whole: it was cut off before its end. {AS_IT_WAS}")
    if last["sha256"] != digest.hexdigest() or counts != manifest["rows"]:
        raise StoreError(f"{file} was altered after it was made: its digest is another one. {AS_IT_WAS}")
    made_at = dt.datetime.fromisoformat(manifest["made_at"])
    return Backup(file, made_at, manifest["migration"], manifest["rows"], digest.hexdigest())


def rows_of(file: Path) -> Iterator[tuple[str, list[str], list[Any]]]:
    """Each row of a backup that was checked: table, columns, values as JSON has them."""
    table, columns = "", list[str]()
    for _, content in _lines(file):
        if isinstance(content, dict) and "table" in content:
            table, columns = content["table"], content["columns"]
        elif isinstance(content, list):
            yield table, columns, content


def from_json(value: Any, kind: TypeEngine[Any]) -> Any:
    """A value as its column wants it: moments and days are texts in the file."""
    if value is not None and isinstance(kind, Moment | DateTime):
        return dt.datetime.fromisoformat(value)
    if value is not None and isinstance(kind, Date):
        return dt.date.fromisoformat(value)
    return value


def _manifest(file: Path, content: object) -> dict[str, Any]:
    if not isinstance(content, dict) or content.get("form") != FORM:
        raise StoreError(f"{file} is no backup of a store. {AS_IT_WAS}")
    if content.get("version") != VERSION:
        raise StoreError(
            f"{file} was made by a newer version of the workbook (its form is {content.get('version')}, this version "
            f"knows {VERSION}). Use that version. {AS_IT_WAS}"
        )
    return content


def _lines(file: Path) -> Iterator[tuple[bytes, Any]]:
    try:
        with gzip.open(file, "rb") as packed:
            for line in packed:
                yield line, json.loads(line)
    except (EOFError, zlib.error):
        raise StoreError(f"{file} is not whole: it was cut off or damaged. {AS_IT_WAS}") from None
    except (gzip.BadGzipFile, ValueError):
        raise StoreError(f"{file} is no backup of a store, or it was damaged. {AS_IT_WAS}") from None
    except OSError as error:
        raise StoreError(f"The backup {file} can't be read: {error.strerror}. {AS_IT_WAS}") from None
