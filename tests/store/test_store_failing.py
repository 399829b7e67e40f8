"""A database that fails under those who save: nothing that was acknowledged is lost, and all else is said."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import subprocess
import tempfile
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from t4c_lib.store import Store, StoreError
from tests.samples import MISHAPS

from .failing import Postgres, killed, lost, open_partnership, paused, stopped, under
from .store_making import plan, target

pytestmark = [pytest.mark.flow, pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")]
WRITERS = 3
NOBODY = 65_534


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    try:
        made = Postgres()
    except (OSError, RuntimeError, subprocess.CalledProcessError) as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"no PostgreSQL server can be started here: {error}")
    open_partnership(made.url(), WRITERS)
    yield made
    made.remove()


@pytest.mark.parametrize(("seed", "mishap"), list(enumerate((killed, stopped, paused) * MISHAPS.sample)))
def test_what_a_server_acknowledged_is_there_after_it_failed(
    server: Postgres, seed: int, mishap: Callable[[Postgres], None]
) -> None:
    told = under(server.url(), WRITERS, seed, lambda: mishap(server), before=12, after=12)
    assert lost(server.url(), told) == (0, 0)
    assert told.failures or mishap is paused
    assert all(one.startswith("The store (PostgreSQL database") and len(one) < 300 for one in told.failures)


def test_a_full_disk_is_said_and_what_was_saved_before_is_there(tmp_path: Path) -> None:
    def save_until_it_is_full(store: Store, saved: int) -> None:
        for number in range(200):
            new = plan(target(amount=0.03 + number / 1_000))
            told.append(store.save_plan(new, by="A", side="both", parent_revision=saved, note="x" * 2_000).revision)
            saved = told[-1]

    def with_little_room(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {pages + 4}")

    told: list[int] = []
    with Store.open(tmp_path / "full.sqlite") as store:
        told.append(store.save_plan(plan(target()), by="A", side="both").revision)
        with contextlib.closing(sqlite3.connect(tmp_path / "full.sqlite")) as connection:
            pages = connection.execute("PRAGMA page_count").fetchone()[0]
        event.listen(Engine, "connect", with_little_room)
        try:
            with pytest.raises(StoreError, match=r"the disk is full\. What was being saved has not been saved"):
                save_until_it_is_full(store, told[-1])
        finally:
            event.remove(Engine, "connect", with_little_room)
        assert [one.revision for one in store.plan_history("X01")] == told
        assert store.save_plan(plan(target()), by="A", side="both", parent_revision=told[-1]).revision == told[-1] + 1


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="this system has no accounts of that kind")
def test_a_disk_that_may_only_be_read_is_said_and_can_be_read() -> None:
    # Not in pytest's own folder, which is closed to others.
    folder = Path(tempfile.mkdtemp(prefix="t4c-read-only-"))
    file = folder / "store.sqlite"
    try:
        with Store.open(file) as store:
            store.save_plan(plan(target()), by="A", side="both")
        file.chmod(0o444)
        folder.chmod(0o555)
        with Store.open(file) as store:
            child = os.fork()
            if child == 0:
                os._exit(_is_refused(store))
            assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
            assert len(store.plan_history("X01")) == 1
    finally:
        folder.chmod(0o700)
        shutil.rmtree(folder)


def _is_refused(store: Store) -> int:
    """0 if a save was refused in words; run as somebody who owns nothing here."""
    try:
        if os.geteuid() == 0:
            os.setgid(NOBODY)
            os.setuid(NOBODY)
        store.save_plan(plan(target(amount=0.05)), by="A", side="both", parent_revision=1)
    except StoreError as error:
        said = str(error)
        return 0 if "may only be read" in said or "can't be opened" in said else 2
    except BaseException:  # noqa: BLE001  (a child ends here, and says why)
        traceback.print_exc()
    return 1
