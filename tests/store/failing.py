"""Databases that fail under those who save: killed, stopped, paused, taken over; full and read-only disks.

Whatever happens, what was acknowledged is in the store afterwards, and whoever was not served was told so in words.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import tempfile
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import psutil  # type: ignore[import-untyped]
from sqlalchemy import URL

from t4c_lib.plan.partnership.authorised_signatories import AuthorisedSignatories
from t4c_lib.plan.partnership.decisions import Act
from t4c_lib.store import MergeClashError, Store, StoreError
from t4c_lib.store.agreements import StaleActError

from .conftest import POSTGRES_USER, programs, run_as_owner
from .store_making import name_signatories
from .writers import CODE, Accepted, Edit, edits, first_plan

PATIENCE = 60  # seconds


class Postgres:
    """A server of our own that keeps what it says it kept, listens in its folder, and can be ill-treated."""

    def __init__(self, *, follows: Postgres | None = None) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="t4c-pg-"))
        if os.geteuid() == 0:
            shutil.chown(self.folder, POSTGRES_USER)
        data = self.folder / "data"
        if follows is None:
            run_as_owner(programs() / "initdb", "-D", data, "-U", POSTGRES_USER, "-A", "trust", "-E", "UTF8", "-N")
        else:
            copy = (programs() / "pg_basebackup", "-D", data, "-h", follows.folder, "-U", POSTGRES_USER, "-R")
            run_as_owner(*copy, "-X", "stream", "-c", "fast")
        self.start()

    def url(self, *further: Postgres) -> str:
        """Its address; with others the one of them that can be written to."""
        hosts = ",".join(str(one.folder) for one in (self, *further))
        query = {"host": hosts, **({"target_session_attrs": "read-write"} if further else {})}
        url = URL.create("postgresql+psycopg", POSTGRES_USER, database="postgres", query=query)
        return url.render_as_string(hide_password=False)

    def control(self, *command: str) -> None:
        run_as_owner(programs() / "pg_ctl", "-D", self.folder / "data", "-w", *command)

    def start(self) -> None:
        settings = f"-c listen_addresses='' -k {self.folder} -c max_connections=40"
        self.control("-l", str(self.folder / "log"), "-o", settings, "start")

    def processes(self) -> list[psutil.Process]:
        """The server and all that works for it, the server first."""
        pid = int((self.folder / "data" / "postmaster.pid").read_text(encoding="ascii").split()[0])
        return [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]

    def kill(self) -> None:
        """As when the machine goes out: everything at once, without a word."""
        running = self.processes()
        for one in running:
            one.kill()
        assert psutil.wait_procs(running, timeout=PATIENCE)[1] == []

    def pause(self) -> None:
        for one in self.processes():
            one.suspend()

    def resume(self) -> None:
        for one in self.processes():
            one.resume()

    def remove(self) -> None:
        with contextlib.suppress(RuntimeError):  # it may be down already
            self.control("-m", "immediate", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)


def killed(server: Postgres) -> None:
    server.kill()
    server.start()


def stopped(server: Postgres, how: str = "fast") -> None:
    server.control("-m", how, "stop")
    server.start()


def paused(server: Postgres, seconds: float = 0.0) -> None:
    server.pause()
    time.sleep(seconds)
    server.resume()


@dataclass
class Told:
    """What writers said: the plans and acts that were acknowledged to them, and what they were told of failures."""

    plans: list[Accepted] = field(default_factory=list)
    acts: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    @property
    def acknowledged(self) -> int:
        return len(self.plans) + len(self.acts)


def open_partnership(url: str, writers: int) -> None:
    """A plan and the people who may speak on it: the writers, for staff side."""
    names = [{"side": "staff", "name": f"writer {number}"} for number in range(writers)]
    listed = AuthorisedSignatories.from_parameters({"speakers": [*names, {"side": "management", "name": "M"}]})
    with Store.open(url) as store:
        store.save_plan(first_plan(), by="facilitator", side="both")
        name_signatories(store, CODE, listed)


def save_and_speak(url: str, writer: int, seed: int, tell: Callable[[dict[str, object]], object]) -> None:
    """For ever: save an edit of the plan, and say no to a row for a reason of its own; go on after each failure."""
    name = f"writer {writer}"
    with Store.open(url) as store:
        for number, edit in enumerate(edits(writer, seed, 5)):
            try:
                seen = store.latest_plan(CODE)
                assert seen is not None
                saved = store.save_merged(edit.on(seen.plan), by=name, side="both", parent_revision=seen.revision)
                said = {"row": edit.row, "field": edit.field, "value": edit.value}
                tell({"writer": name, "revision": saved.revision.revision, "edit": said})
                row, reason = saved.revision.plan.measures[number % 5], f"{seed}-{writer}-{number}"
                store.agreements.record(CODE, [Act.on(row, "not agreed", side="staff", name=name, reason=reason)])
                tell({"act": reason})
            except (MergeClashError, StaleActError):
                continue  # somebody else was faster, as on any day
            except StoreError as error:
                tell({"failure": str(error)})


def under(url: str, writers: int, seed: int, mishap: Callable[[], object], *, before: int, after: int) -> Told:
    """Let writers work, let something happen once so much was acknowledged, and let so much more be done after it.

    Args:
        url: of the store, with a partnership in it.
        writers: how many, each a process.
        seed: of what they edit.
        mishap: what happens; when it returns, the database serves again.
        before: acknowledgements before it.
        after: acknowledgements after it.
    """
    listen, say = os.pipe()
    children = [_start(url, writer, seed, listen, say) for writer in range(writers)]
    os.close(say)
    told, rest = Told(), b""
    try:
        rest = _hear(told, listen, rest, before)
        mishap()
        rest = _hear(told, listen, rest, told.acknowledged + after)
    finally:
        for child in children:
            psutil.Process(child).kill()
        for child in children:
            os.waitpid(child, 0)
        _hear(told, listen, rest, None)
        os.close(listen)
    return told


def _start(url: str, writer: int, seed: int, listen: int, say: int) -> int:
    child = os.fork()
    if child:
        return child
    try:
        os.close(listen)
        save_and_speak(url, writer, seed, lambda line: os.write(say, json.dumps(line).encode() + b"\n"))
    except BaseException:  # noqa: BLE001  (a child ends here, and says why)
        os.write(say, json.dumps({"broken": traceback.format_exc()[-1500:]}).encode() + b"\n")
    os._exit(1)


def _hear(told: Told, listen: int, rest: bytes, wanted: int | None) -> bytes:
    """Listen until so much was acknowledged, or until nobody is there to say more; gives the line that was begun."""
    while wanted is None or told.acknowledged < wanted:
        more = os.read(listen, 65_536)
        if not more:
            assert wanted is None, "every writer ended"
            break
        *lines, rest = (rest + more).split(b"\n")
        for text in lines:
            line = json.loads(text)
            assert "broken" not in line, line["broken"]
            if "edit" in line:
                told.plans.append(Accepted(line["writer"], line["revision"], Edit(**line["edit"])))
            elif "act" in line:
                told.acts.append(line["act"])
            else:
                told.failures.append(line["failure"])
    return rest


def lost(url: str, told: Told) -> tuple[int, int]:
    """How many acknowledged saves and acts are not in the store; raises AssertionError if the history is not whole."""
    with Store.open(url) as store:
        history, acts = store.plan_history(CODE), {act.reason for act in store.agreements.acts(CODE)}
    missing = [one for one in told.plans if one.revision > len(history)]
    assert [one.revision for one in history] == list(range(1, len(history) + 1))
    for one in told.plans:
        if one.revision <= len(history):
            before, saved = history[one.revision - 2].plan, history[one.revision - 1]
            assert (saved.by, saved.plan) == (one.writer, one.edit.on(before))
    return len(missing), len(set(told.acts) - acts)
