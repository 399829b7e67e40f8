"""A PostgreSQL store that may only be read, is gone, comes back or is paused: page, /health and log say so."""

from __future__ import annotations

import json
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import psutil  # type: ignore[import-untyped]
import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import URL, create_engine, text

from t4c_lib.store import Store
from tests.browser.forum_row import press_save, refused, said, saved_x, sign, x_of
from tests.served import Served
from tests.store.conftest import POSTGRES_USER, programs, run_as_owner, start_server

pytestmark = pytest.mark.browser


@dataclass
class Room:
    server: Served
    folder: Path
    url: str
    log: Path

    def sql(self, statement: str) -> None:
        engine = create_engine(self.url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))
            connection.execute(text("SELECT pg_reload_conf()"))
        engine.dispose()

    def control(self, *words: str) -> None:
        settings = f"-c listen_addresses='' -k {self.folder} -F"
        run_as_owner(
            programs() / "pg_ctl", "-D", self.folder / "data", "-w", "-o", settings, "-l", self.folder / "log", *words
        )

    def processes(self) -> list[psutil.Process]:
        number = int((self.folder / "data" / "postmaster.pid").read_text().split()[0])
        first = psutil.Process(number)
        return [first, *first.children(recursive=True)]

    def health(self) -> tuple[int, str]:
        try:
            with urlopen(f"{self.server.address}health") as answer:
                return 200, json.load(answer)["store"]
        except HTTPError as error:
            return error.code, json.load(error)["store"]

    def logged(self) -> list[dict[str, str]]:
        return [json.loads(line) for line in self.log.read_text().splitlines()]


@pytest.fixture(scope="module")
def room(demonstration: Path) -> Iterator[Room]:
    folder = Path(tempfile.mkdtemp(prefix="t4c-pg-"))
    try:
        start_server(folder)
    except (OSError, RuntimeError, LookupError, subprocess.CalledProcessError) as error:
        shutil.rmtree(folder, ignore_errors=True)
        pytest.skip(f"no PostgreSQL server can be started here: {error}")
    # The servers of tests may lose what they confirmed last; this one is stopped at once and has to keep it.
    query = {"host": str(folder), "options": "-c synchronous_commit=on"}
    url = URL.create("postgresql+psycopg", POSTGRES_USER, database="postgres", query=query)
    address, kept = url.render_as_string(hide_password=False), Path(tempfile.mkdtemp(prefix="t4c-kept-"))
    with Store.open(demonstration) as from_file, Store.open(address) as store:
        from_file.backup(kept / "backup.zip")
        store.restore(kept / "backup.zip")
    log = kept / "serve.jsonl"
    server = Served(database=address, settings={"T4C_LOG": str(log)})
    made = Room(server, folder, address, log)
    yield made
    server.stop()
    made.control("-m", "immediate", "stop")
    for one in (folder, kept):
        shutil.rmtree(one, ignore_errors=True)


@pytest.fixture
def forum(page: Page, room: Room) -> Page:
    page.goto(f"{room.server.address}forum?organisation=DEMO-AC&measure=young-share")
    sign(page)
    # Another one each time, since what is there already is not saved again.
    now = float(saved_x(page).inner_text().split()[0])
    save(page, "2.1" if now != 2.1 else "2.2")
    expect(said(page)).to_contain_text("Saved:")
    return page


def save(page: Page, amount: str) -> None:
    x_of(page).fill(amount)
    press_save(page)


def reference(page: Page, room: Room) -> None:
    """The number in the alert stands in the log, and nothing of the failure's inside is in the page."""
    alert = page.locator("#t4c-failed")
    expect(alert).to_be_visible()
    found = re.search(r"Quote reference ([A-Z2-9]{4}-[A-Z2-9]{4})", alert.inner_text())
    assert found is not None
    (entry,) = [one for one in room.logged() if one.get("reference") == found[1]]
    assert entry["kind"] == "StoreError"


@pytest.mark.detail
def test_a_store_that_may_only_be_read(forum: Page, room: Room) -> None:
    room.sql("ALTER SYSTEM SET default_transaction_read_only = on")
    try:
        save(forum, "3.1")
        expect(refused(forum)).to_contain_text("Not saved.")
        expect(refused(forum)).to_contain_text("it may only be read just now")
        expect(saved_x(forum)).not_to_contain_text("3.1")
        reference(forum, room)
        status, words = room.health()
        assert (status, words[:20]) == (503, "it may only be read ")
        assert "it may only be read" in next(one["trouble"] for one in room.logged() if one["event"] == "store")
    finally:
        engine = create_engine(room.url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text("SET default_transaction_read_only = off"))
            connection.execute(text("ALTER SYSTEM RESET default_transaction_read_only"))
            connection.execute(text("SELECT pg_reload_conf()"))
        engine.dispose()
    save(forum, "3.2")
    expect(saved_x(forum)).to_contain_text("+3.2 points")
    expect(said(forum)).to_contain_text("Saved:")
    assert room.health() == (200, "ok")


@pytest.mark.detail
def test_a_store_that_is_gone_and_comes_back_at_its_place(forum: Page, room: Room) -> None:
    room.control("-m", "immediate", "stop")
    try:
        told = forum.get_by_text("Meanwhile this page can't show what others save.")
        expect(told).to_contain_text("can't be reached")
        save(forum, "4.1")
        expect(refused(forum)).to_contain_text("Not saved.")
        reference(forum, room)
        status, words = room.health()
        assert (status, "can't be reached" in words) == (503, True)
    finally:
        room.control("start")
    expect(told).to_have_count(0)
    save(forum, "4.2")
    expect(saved_x(forum)).to_contain_text("+4.2 points")
    expect(said(forum)).to_contain_text("Saved:")
    assert room.health() == (200, "ok")


@pytest.mark.detail
def test_a_store_that_is_paused(forum: Page, room: Room) -> None:
    paused = room.processes()
    for one in paused:
        one.send_signal(signal.SIGSTOP)
    try:
        save(forum, "5.1")
        waiting = forum.get_by_text("Sent to the workbook, which has not answered yet")
        # Whichever comes first on a busy machine: that there is no answer yet, or that it was not done.
        expect(waiting.or_(forum.get_by_role("alert")).first).to_be_visible()
        expect(saved_x(forum)).not_to_contain_text("5.1")
        status, words = room.health()
        assert (status, "doesn't answer" in words) == (503, True)
    finally:
        for one in paused:
            one.send_signal(signal.SIGCONT)
    save(forum, "5.1")
    expect(saved_x(forum)).to_contain_text("+5.1 points")
    with Store.open(room.url) as store:
        latest = store.latest_plan("DEMO-AC")
        assert latest is not None
        assert latest.plan.targets[0].change.amount == pytest.approx(0.051)
