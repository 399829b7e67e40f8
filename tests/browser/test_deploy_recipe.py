"""The recipe of deploy/ on one machine: proxy with TLS, JupyterHub, PostgreSQL, and three users of two roles."""

from __future__ import annotations

import configparser
import os
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import psutil  # type: ignore[import-untyped]
import pytest
from playwright.sync_api import Browser, Page, expect

from t4c_lib.store import Store
from tests.browser.forum_row import press_save, refused, revision, saved_x, visit, x_of
from tests.served import ROOT
from tests.signed import MACHINE
from tests.store.conftest import programs, run_as_owner, start_server
from tests.store.store_making import database_on

CODE = "DEMO-SC"
DEPLOY = ROOT / "deploy"
PATIENCE = 120.0
PEOPLE = f"""
people:
  - {{login: {MACHINE}, name: The Machine, roles: [administrator]}}
  - {{login: ursula, name: Ursula Union, roles: [signatory], side: staff}}
  - {{login: mo, name: Mo Manager, roles: [signatory], side: management}}
  - {{login: bo, name: Bo Reader, roles: [board-reader], organisations: [{CODE}]}}
"""


def free_ports(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    from sqlalchemy import URL

    folder = Path(tempfile.mkdtemp(prefix="t4c-pg-"))
    start_server(folder)
    server = URL.create("postgresql+psycopg", "postgres", database="postgres", query={"host": str(folder)})
    yield database_on(server)
    run_as_owner(programs() / "pg_ctl", "-D", folder / "data", "-m", "immediate", "-w", "stop")
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def folder(database: str, demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What an administrator prepares: settings, a certificate, the demonstration in PostgreSQL, its people."""
    folder = tmp_path_factory.mktemp("srv")
    with Store.open(demonstration) as store:
        store.backup(folder / "demonstration.t4c")
    with Store.open(database) as store:
        store.restore(folder / "demonstration.t4c")
    port, hub, proxy, pages = free_ports(4)
    lines = (DEPLOY / "deploy.env.example").read_text(encoding="utf-8")
    for name, value in {
        "T4C_PORT": port,
        "T4C_HUB_PORT": hub,
        "T4C_PROXY_PORT": proxy,
        "T4C_PAGES_PORT": pages,
        "T4C_DATABASE_URL": database,
        "T4C_TOKEN": "three unrelated words",
        "T4C_AUTHENTICATOR": "dummy",  # lets everybody in, under the name that they type
    }.items():
        start = lines.index(f"\n{name}=") + 1
        lines = f"{lines[:start]}{name}={value}{lines[lines.index(chr(10), start) :]}"
    (folder / "deploy.env").write_text(lines, encoding="utf-8")
    (folder / "deploy.env").chmod(0o600)
    key, certificate = folder / "tls.key", folder / "tls.crt"
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"]
    subprocess.run([*made, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    (folder / "people.yaml").write_text(PEOPLE, encoding="utf-8")
    return folder


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(DEPLOY / "run.py"), str(folder), *words]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def port_of(folder: Path) -> int:
    lines = (folder / "deploy.env").read_text(encoding="utf-8").splitlines()
    return int(next(line.partition("=")[2] for line in lines if line.startswith("T4C_PORT=")))


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    """The whole recipe, running as the unit of systemd starts it; the address people open."""
    assert run(folder, "people", "load", str(folder / "people.yaml")).returncode == 0
    environment = {**os.environ, "T4C_HOME": str(ROOT), "T4C_DEPLOY": str(folder)}
    log = (folder / "hub.log").open("w")
    process = subprocess.Popen(
        [*command_of("t4c.service", ROOT)],
        env=environment,
        stdout=log,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    address = f"https://127.0.0.1:{port_of(folder)}/"
    until = time.monotonic() + PATIENCE
    while not _answers(f"{address}services/t4c/health"):
        assert process.poll() is None, (folder / "hub.log").read_text()
        assert time.monotonic() < until, (folder / "hub.log").read_text()
        time.sleep(0.2)
    yield address
    everything = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
    process.send_signal(signal.SIGTERM)
    _, left = psutil.wait_procs(everything, timeout=30)
    for one in left:
        one.kill()
    log.close()
    assert not left, "something of it outlived its end"


def _answers(url: str) -> bool:
    import ssl

    try:
        return bool(urlopen(url, timeout=5, context=ssl._create_unverified_context()).status == 200)
    except (URLError, OSError):
        return False


def command_of(unit: str, home: Path) -> list[str]:
    """What a unit of systemd starts, with the Python of these tests in the place of the installed one."""
    parser = configparser.ConfigParser(strict=False)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(DEPLOY / "systemd" / unit)
    text = parser["Service"]["ExecStart"].replace('"$T4C_HOME/.venv/bin/python"', f'"{sys.executable}"')
    assert str(home)
    return shlex.split(text)


@contextmanager
def signed_in(chromium: Browser, address: str, login: str) -> Iterator[Page]:
    """A window of somebody who has signed in to the hub."""
    context = chromium.new_context(ignore_https_errors=True, viewport={"width": 1366, "height": 900})
    context.set_default_timeout(60_000)
    page = context.new_page()
    page.goto(address)
    page.get_by_label("Username").fill(login)
    page.get_by_label("Password").fill("as typed")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/services/t4c/**")
    yield page
    context.close()


@pytest.mark.browser
def test_three_people_work_at_once_each_as_who_they_are(chromium: Browser, address: str, folder: Path) -> None:
    forum = f"{address}services/t4c/forum"
    with (
        signed_in(chromium, address, "ursula") as ursula,
        signed_in(chromium, address, "mo") as mo,
        signed_in(chromium, address, "bo") as bo,
    ):
        for page in (ursula, mo):
            visit(page, forum, CODE)
        expect(ursula.get_by_text("Signed in as Ursula Union, signatory, staff side")).to_be_visible()
        x_of(ursula).fill("3.3")
        press_save(ursula)
        expect(saved_x(ursula)).to_contain_text("+3.3 points")
        expect(revision(ursula)).to_contain_text("by Ursula Union")
        expect(saved_x(mo)).to_contain_text("+3.3 points")  # told through PostgreSQL
        expect(mo.locator(".t4c-strip [data-part=revision]")).to_contain_text("by Ursula Union")

        # Staff side can't be made to speak for management, whatever its page sends.
        side = ursula.get_by_label("You speak for")
        side.evaluate("field => { field.options[0].value = 'management'; field.value = 'management'; }")
        x_of(ursula).fill("4.3")
        press_save(ursula)
        expect(refused(ursula)).to_contain_text("so nothing can be said for management side")

        bo.goto(forum)
        expect(bo.get_by_role("heading", name="This is not open to you")).to_be_visible()
        bo.goto(f"{address}services/t4c/board?organisation=DEMO-MH")
        expect(bo.get_by_text(f"and work on {CODE}, not on DEMO-MH")).to_be_visible()
        bo.goto(f"{address}services/t4c/")
        expect(bo.get_by_text("Signed in as Bo Reader, board reader")).to_be_visible()

        # Nobody gets a server in which they could run programs; who has signed out at the hub is signed out here too.
        asked = bo.goto(f"{address}hub/spawn")
        assert asked is not None
        assert asked.status == 403
        bo.goto(f"{address}services/t4c/board?organisation={CODE}")
        expect(bo.get_by_text("Signed in as Bo Reader, board reader")).to_be_visible()
        bo.get_by_role("link", name="Sign out").click()
        expect(bo.get_by_label("Username")).to_be_visible()
        bo.goto(f"{address}services/t4c/board?organisation={CODE}")
        expect(bo.get_by_label("Username")).to_be_visible()

    checked = run(folder, "audit", "verify")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    shown = run(folder, "audit", "show", "--by", "Ursula Union").stdout
    assert "saved the plan" in shown
    assert "opened: forum" in shown


@pytest.mark.browser
def test_the_timers_command_makes_a_backup_that_goes_back_in_and_finds_a_record_cut_off(
    address: str, folder: Path, tmp_path: Path
) -> None:
    assert address
    environment = {**os.environ, "T4C_HOME": str(ROOT), "T4C_DEPLOY": str(folder), "T4C_PYTHON": sys.executable}
    made = subprocess.run(
        command_of("t4c-backup.service", ROOT), env=environment, capture_output=True, text=True, check=False
    )
    assert made.returncode == 0, made.stdout + made.stderr
    assert "none altered and none missing" in made.stdout
    (backup,) = (folder / "backups").glob("*.t4c")
    assert backup.stat().st_mode & 0o077 == 0
    with Store.open(tmp_path / "back.sqlite") as store:
        store.restore(backup)
        assert store.audit.verify().faults == ()
        assert store.people() is not None


def _replace(folder: Path, before: str, after: str) -> None:
    file = folder / "deploy.env"
    text = file.read_text(encoding="utf-8")
    assert before in text
    file.write_text(text.replace(before, after), encoding="utf-8")


def _open_to_others(folder: Path) -> None:
    _replace(folder, "T4C_HOST=127.0.0.1", "T4C_HOST=0.0.0.0")
    for name in ("tls.key", "tls.crt"):
        (folder / name).unlink()


@pytest.mark.flow
@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda folder: (folder / "deploy.env").unlink(), "deploy.env can't be read: No such file or directory. Copy"),
        (lambda folder: (folder / "deploy.env").chmod(0o644), "can be read by others. Close it: chmod 600"),
        (lambda folder: (folder / "tls.crt").unlink(), "one of tls.key and tls.crt; https needs both"),
        (lambda folder: _replace(folder, "T4C_TOKEN=three unrelated words", "T4C_TOKEN=short"), "fewer than 12"),
        (lambda folder: _replace(folder, "T4C_TOKEN=three unrelated words", "T4C_TOKEN="), "T4C_TOKEN is empty"),
        (_open_to_others, "Others can reach 0.0.0.0, so it needs https: put tls.key and tls.crt"),
    ],
)
def test_what_is_missing_is_said_before_anything_starts(
    folder: Path, tmp_path: Path, change: object, words: str
) -> None:
    own = tmp_path / "srv"
    own.mkdir()
    for name in ("deploy.env", "tls.key", "tls.crt"):
        shutil.copy(folder / name, own / name)
    change(own)  # type: ignore[operator]
    said = run(own)
    assert said.returncode == 1
    assert words in said.stderr
    assert "Traceback" not in said.stderr
