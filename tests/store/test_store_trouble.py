"""A store that may only be read, is paused, or goes away at the last moment: said in words, and in time."""

from __future__ import annotations

import os
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil  # type: ignore[import-untyped]
import pytest
from sqlalchemy import URL, Connection, create_engine, event, text

from t4c_lib.store import DATABASE_URL, Store, StoreError, engine
from t4c_lib.store.engine import trouble_with_store

from .store_making import database_on, plan, target

pytestmark = pytest.mark.unit
NOBODY = 65534


def save(store: Store, amount: float, parent: int | None = None) -> int:
    return store.save_plan(plan(target(amount=amount)), by="Ada", side="both", parent_revision=parent).revision


@pytest.fixture
def as_nobody() -> Iterator[Callable[[], None]]:
    """To become a user who may write to nothing here, until the test ends."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        pytest.skip("only root can become somebody else")
    yield lambda: os.seteuid(NOBODY)
    os.seteuid(0)


@pytest.mark.parametrize("writable", ["folder", "file", "neither"])
def test_a_file_that_may_only_be_read(
    writable: str, as_nobody: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = Path("/var/tmp") / f"t4c-{os.getpid()}-{writable}"  # nobody can get to pytest's own folder
    folder.mkdir()
    try:
        file = folder / "store.sqlite"
        with Store.open(file) as store:
            save(store, 0.02)
        monkeypatch.setenv(DATABASE_URL, f"sqlite:///{file}")
        assert trouble_with_store() == ""
        folder.chmod(0o777 if writable == "folder" else 0o755)
        file.chmod(0o666 if writable == "file" else 0o644)
        as_nobody()
        with pytest.raises(StoreError, match=r"may only be read|can't be opened"), Store.open(file) as store:
            save(store, 0.03, 1)
        trouble = trouble_with_store()
        assert "may only be read" in trouble or "can't be opened" in trouble
        assert str(folder) not in trouble
    finally:
        os.seteuid(0)
        shutil.rmtree(folder)


def test_a_file_that_is_gone_is_told_and_not_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "store.sqlite"
    monkeypatch.setenv(DATABASE_URL, f"sqlite:///{file}")
    assert trouble_with_store() == ""  # nobody has made it yet
    with Store.open(file) as store:
        save(store, 0.02)
        assert trouble_with_store() == ""
        moved = tmp_path / "moved"
        moved.mkdir()
        for one in tmp_path.glob("store.sqlite*"):
            one.rename(moved / one.name)
        assert "its file is gone" in trouble_with_store()
        with pytest.raises(StoreError, match="can't be opened") as told:
            save(store, 0.03, 1)
        assert str(tmp_path) in str(told.value)
        assert str(tmp_path) not in told.value.on_page
        assert not file.exists()
        for one in moved.iterdir():
            one.rename(tmp_path / one.name)
        assert trouble_with_store() == ""
        assert save(store, 0.04, 1) == 2


def test_a_disk_that_is_nearly_full_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(DATABASE_URL, f"sqlite:///{tmp_path / 'store.sqlite'}")
    Store.open().close()
    monkeypatch.setattr(engine, "LITTLE", shutil.disk_usage(tmp_path).total + 1)
    assert "the disk is full, or nearly" in trouble_with_store()


@pytest.fixture
def postgresql(postgresql_server: URL) -> str:
    return database_on(postgresql_server)


def test_a_server_that_is_paused_is_not_waited_for(
    postgresql: str, postgresql_server: URL, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "BUSY_SECONDS", 1)
    monkeypatch.setattr(engine, "CONNECT_SECONDS", 2)
    number = int((Path(str(postgresql_server.query["host"])) / "data" / "postmaster.pid").read_text().split()[0])
    with Store.open(postgresql) as store:
        save(store, 0.02)
        paused = [psutil.Process(number), *psutil.Process(number).children(recursive=True)]
        for one in paused:
            one.send_signal(signal.SIGSTOP)
        began = time.monotonic()
        try:
            with pytest.raises(StoreError, match="doesn't answer"):
                save(store, 0.03, 1)
        finally:
            for one in reversed(paused):
                one.send_signal(signal.SIGCONT)
        assert time.monotonic() - began < 20
        assert save(store, 0.04, 1) == 2


def test_a_server_that_may_only_be_read(postgresql: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(DATABASE_URL, postgresql)
    assert trouble_with_store() == ""  # nobody has made its tables yet
    with Store.open(postgresql) as store:
        save(store, 0.02)
        event.listen(store._engine, "begin", lambda one: one.exec_driver_sql("SET TRANSACTION READ ONLY"))
        with pytest.raises(StoreError, match="may only be read just now"):
            save(store, 0.03, 1)
    assert trouble_with_store() == ""


def test_a_save_whose_last_answer_is_lost_is_not_called_refused(postgresql: str) -> None:
    other = create_engine(postgresql, isolation_level="AUTOCOMMIT")

    def end(one: Connection) -> None:
        number = one.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
        with other.connect() as connection:
            connection.execute(text("SELECT pg_terminate_backend(:number, 5000)"), {"number": number})

    with Store.open(postgresql) as store:
        save(store, 0.02)
        event.listen(store._engine, "commit", end)
        with pytest.raises(StoreError, match="it is not known whether this was saved"):
            save(store, 0.03, 1)
        event.remove(store._engine, "commit", end)
        assert save(store, 0.03, 1) == 2
    other.dispose()
