"""The store's tests run on an SQLite file and on a real PostgreSQL server, started for them and ended after."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL, make_url

from t4c_lib.store import Store

from .store_making import NUMBERS, Databases, database_on

POSTGRES_USER = "postgres"


def programs() -> Path:
    """The folder with initdb and pg_ctl."""
    asked = subprocess.run(["pg_config", "--bindir"], capture_output=True, text=True, check=True)
    folder = Path(asked.stdout.strip())
    if not (folder / "initdb").exists():
        raise FileNotFoundError(f"no initdb in {folder}")
    return folder


def run_as_owner(*command: str | Path) -> None:
    """The server refuses to run as root, so root hands over to the user that PostgreSQL's own packages make."""
    prefix = ["runuser", "-u", POSTGRES_USER, "--"] if os.geteuid() == 0 else []
    done = subprocess.run(
        [*prefix, *map(str, command)], stdin=subprocess.DEVNULL, capture_output=True, text=True, cwd="/", check=False
    )
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed: {done.stderr.strip() or done.stdout.strip()}")


def start_server(folder: Path) -> None:
    """A server of our own that listens on a socket in its folder only, and forgets everything when it ends."""
    if os.geteuid() == 0:
        shutil.chown(folder, POSTGRES_USER)
    bin_folder = programs()
    run_as_owner(bin_folder / "initdb", "-D", folder / "data", "-U", POSTGRES_USER, "-A", "trust", "-E", "UTF8", "-N")
    settings = f"-c listen_addresses='' -k {folder} -F -c synchronous_commit=off -c max_connections=60"
    run_as_owner(bin_folder / "pg_ctl", "-D", folder / "data", "-l", folder / "log", "-w", "-o", settings, "start")


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[URL]:
    """Address of a fresh PostgreSQL server. In CI it must start."""
    folder = Path(tempfile.mkdtemp(prefix="t4c-pg-"))
    try:
        start_server(folder)
    except (OSError, RuntimeError, LookupError, subprocess.CalledProcessError) as error:
        shutil.rmtree(folder, ignore_errors=True)
        if os.environ.get("CI"):
            pytest.fail(f"CI must have a PostgreSQL server: {error}")
        pytest.skip(f"no PostgreSQL server can be started here: {error}")
    yield URL.create("postgresql+psycopg", POSTGRES_USER, database="postgres", query={"host": str(folder)})
    run_as_owner(programs() / "pg_ctl", "-D", folder / "data", "-m", "immediate", "-w", "stop")
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def template(postgresql_server: URL) -> str:
    """A database of that server with the store's tables, to be copied: the migrations take longer."""
    made = database_on(postgresql_server)
    Store.open(made).close()
    return str(make_url(made).database)


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def new_database(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Databases:
    """Makes stores in which nothing is yet, and gives the URL of each."""
    if kind == "sqlite":
        empty: Path = request.getfixturevalue("empty_store")
        return lambda: f"sqlite:///{shutil.copy(empty, tmp_path / f'store-{next(NUMBERS)}.sqlite')}"
    server: URL = request.getfixturevalue("postgresql_server")
    template: str = request.getfixturevalue("template")
    return lambda: database_on(server, template)


@pytest.fixture
def bare(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database that no workbook has opened yet."""
    if kind == "sqlite":
        return f"sqlite:///{tmp_path / 'bare.sqlite'}"
    return database_on(request.getfixturevalue("postgresql_server"))


@pytest.fixture
def url(new_database: Databases) -> str:
    return new_database()


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    with Store.open(url) as opened:
        yield opened
