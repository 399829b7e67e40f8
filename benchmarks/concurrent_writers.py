"""Writers who are killed at random moments, five hundred times on each kind of database: is anything ever lost?"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from sqlalchemy import URL, create_engine, text

from benchmarks.table import Row
from t4c_lib.store import Store
from tests.samples import KILLINGS
from tests.store.conftest import POSTGRES_USER, programs, run_as_owner, start_server
from tests.store.writers import CODE, check_history, first_plan, run_writers

IN_ONE_STORE = 25  # killings until a new store is begun, so that histories stay short
WRITERS = 3


def trial() -> list[Row]:
    """SQLite always; PostgreSQL where a server can be started."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        rows += _killings("SQLite", [f"sqlite:///{folder}/{number}.sqlite" for number in range(_stores())])
        rows += _at_once("SQLite", f"sqlite:///{folder}/at-once.sqlite")
    folder_of_server = Path(tempfile.mkdtemp(prefix="t4c-pg-"))
    try:
        start_server(folder_of_server)
    except (OSError, RuntimeError, LookupError, subprocess.CalledProcessError) as error:
        shutil.rmtree(folder_of_server, ignore_errors=True)
        return [*rows, Row("PostgreSQL", "not tried", f"no server can be started here: {error}")]
    server = URL.create("postgresql+psycopg", POSTGRES_USER, database="postgres", query={"host": str(folder_of_server)})
    try:
        rows += _killings("PostgreSQL", [_database(server, f"k{number}") for number in range(_stores())])
        rows += _at_once("PostgreSQL", _database(server, "at_once"))
    finally:
        run_as_owner(programs() / "pg_ctl", "-D", folder_of_server / "data", "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder_of_server, ignore_errors=True)
    return rows


def _stores() -> int:
    return -(-KILLINGS.whole // IN_ONE_STORE)


def _database(server: URL, name: str) -> str:
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return server.set(database=name).render_as_string(hide_password=False)


def _killings(kind: str, urls: list[str]) -> list[Row]:
    accepted = untold = 0
    started = time.perf_counter()
    for number in range(KILLINGS.whole):
        url = urls[number // IN_ONE_STORE]
        with Store.open(url) as store:
            if store.latest_plan(CODE) is None:
                store.save_plan(first_plan(rows=1), by="facilitator", side="both")
            before = len(store.plan_history(CODE))
        told = run_writers(url, WRITERS, seed=number, kill_after=1 + number % 4)
        _check_sound(url)
        with Store.open(url) as store:
            # An edit that was told of and is not there, or changed another, ends the trial here.
            untold += check_history(store.plan_history(CODE), told.accepted, first=before)
        accepted += len(told.accepted)
    taken = time.perf_counter() - started
    return [
        Row(
            f"{kind}: killings of {WRITERS} writers each",
            str(KILLINGS.whole),
            f"{taken:.0f} s; the store opened clean each time",
        ),
        Row(f"{kind}: acknowledged saves lost", "0", f"of {accepted:,}; {untold} more were saved and not yet told of"),
    ]


def _check_sound(url: str) -> None:
    if not url.startswith("sqlite"):
        return
    engine = create_engine(url)
    with engine.connect() as connection:
        found = connection.execute(text("PRAGMA integrity_check")).scalar()
    engine.dispose()
    if found != "ok":
        raise RuntimeError(f"{url} is damaged: {found}")


def _at_once(kind: str, url: str) -> list[Row]:
    with Store.open(url) as store:
        store.save_plan(first_plan(), by="facilitator", side="both")
        started = time.perf_counter()
        told = run_writers(url, 8, seed=1, count=20)
        taken = time.perf_counter() - started
        check_history(store.plan_history(CODE), told.accepted)
    rate = f"{len(told.accepted) / taken:.0f} saves a second"
    remark = f"{len(told.accepted)} accepted, {told.refused} shown a clash; the plan is the fold of its history"
    return [Row(f"{kind}: eight writers at once", rate, remark)]
