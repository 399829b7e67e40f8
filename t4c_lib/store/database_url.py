"""Which database is meant: the one that T4C_DATABASE_URL names, or a file under data/store of the project.

A URL may hold a password, so no message here or elsewhere repeats one: `shown` is what people get to see.
"""

from __future__ import annotations

import os
from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from t4c_lib.errors import T4CError

DATABASE_URL = "T4C_DATABASE_URL"
POSTGRESQL = "postgresql+psycopg"
ALLOWED = "sqlite:////folder/t4c.sqlite or postgresql+psycopg://user@host/database"


class StoreError(T4CError):
    """The store can't be opened, read or written. Says which store, why, and what to do."""


class LostAnswerError(StoreError):
    """The store may have kept what was to be saved, but its answer was lost."""


def project_root() -> Path:
    """The folder with pyproject.toml beside the package, or the working directory where the package is installed."""
    beside = Path(__file__).resolve().parents[2]
    return beside if (beside / "pyproject.toml").is_file() else Path.cwd()


def default_database() -> Path:
    """The SQLite file that is used when nothing else is said."""
    return project_root() / "data" / "store" / "t4c.sqlite"


def find_database(given: str | Path | None = None) -> URL:
    """The database that is meant: what is given, else T4C_DATABASE_URL, else the project's own file.

    Raises:
        StoreError: a text that is no database URL, or names a kind of database that can't be used.
    """
    if isinstance(given, Path):
        return _sqlite(given)
    said_in = "the database URL" if given is not None else DATABASE_URL
    text = given if given is not None else os.environ.get(DATABASE_URL, "")
    if not text.strip():
        return _sqlite(default_database())
    try:
        url = make_url(text.strip())
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
    host = url.host or "this machine"
    return f"PostgreSQL database '{url.database or url.username or ''}' on {host}"


def _sqlite(file: Path) -> URL:
    return URL.create("sqlite", database=str(file))
