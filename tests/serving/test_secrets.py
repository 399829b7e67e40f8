"""What a server was told in confidence is in no environment, and nothing of the person's own runs in its kernels."""

from __future__ import annotations

import html
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil  # type: ignore[import-untyped]
import pytest

from tests.samples import some_of
from tests.served import ROOT, Served, write_page
from tests.serving.asking import ask

pytestmark = pytest.mark.flow

TOKEN, PASSWORD, OTHER = "correct horse battery", "p:w\\d-of-the-store", "pw-of-the-environment"
SAY = """
import json, os
from pathlib import Path
said = {'environ': dict(os.environ), 'started': 'left_by_startup' in globals(), 'file': ''}
if name := os.environ.get('PGPASSFILE'):
    said['file'] = Path(name).read_text()
    said['mode'] = Path(name).stat().st_mode & 0o777
print('<<' + json.dumps(said) + '>>')
"""


def told(server: Served) -> dict[str, object]:
    answer = ask(server, "/say", headers={"Authorization": f"Bearer {TOKEN}"})
    found = re.search(r"<<(.*?)>>", json.loads(f'"{_shown(answer.text)}"'), re.S)
    assert found is not None
    said: dict[str, object] = json.loads(found[1])
    return said


def _shown(page: str) -> str:
    found = re.search(r'"text": "((?:[^"\\]|\\.)*)"', html.unescape(page))
    assert found is not None, page[-2_000:]
    return found[1]


URLS = {
    "in the address": (
        f"postgresql://planner:{PASSWORD.replace(':', '%3A').replace(chr(92), '%5C')}@127.0.0.1:9/t4c",
        PASSWORD,
    ),
    "among its options": (f"postgresql://planner@127.0.0.1:9/t4c?password={OTHER}&sslmode=prefer", OTHER),
    "in PGPASSWORD": ("postgresql://planner@127.0.0.1:9/t4c", OTHER),
}


@contextmanager
def serving(folder: Path, where: str, kernels: str = "") -> Iterator[Served]:
    """A server that was told a token and a password, started by a person with start-up files of their own."""
    start_up = folder / "home" / ".ipython" / "profile_default" / "startup"
    start_up.mkdir(parents=True)
    (start_up / "10-mine.py").write_text("left_by_startup = 1")
    (folder / "mine.py").write_text("left_by_startup = 1")
    write_page(folder / "say.ipynb", "Say", "# Say", SAY)
    settings = {"T4C_TOKEN": TOKEN, "PGPASSWORD": OTHER, "T4C_DATABASE_URL": URLS[where][0], "T4C_KERNELS": kernels}
    settings |= {"HOME": str(folder / "home"), "PYTHONSTARTUP": str(folder / "mine.py")}
    server = Served(folder, settings=settings)
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="module")
def secretive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("secrets"), "in the address") as server:
        yield server


def in_pgpass(password: str) -> str:
    return f"*:*:*:*:{password.replace(chr(92), chr(92) * 2).replace(':', chr(92) + ':')}\n"


TAKE = """
import json, os, sys
from pathlib import Path
from t4c_lib.serving.run import _take, _take_password
_take('T4C_TOKEN')
_take_password(Path(sys.argv[1]))
file = Path(os.environ['PGPASSFILE'])
shown = Path('/proc/self/environ').read_bytes().decode() if sys.platform == 'linux' else ''
said = {'environ': dict(os.environ), 'file': file.read_text(), 'mode': file.stat().st_mode & 0o777, 'shown': shown}
print(json.dumps(said))
"""


@pytest.mark.parametrize("where", some_of([*URLS], 1))
def test_a_password_goes_from_the_environment_into_a_file_wherever_it_stood(tmp_path: Path, where: str) -> None:
    url, password = URLS[where]
    environment = {**os.environ, "T4C_TOKEN": TOKEN, "PGPASSWORD": OTHER, "T4C_DATABASE_URL": url}
    done = subprocess.run(
        [sys.executable, "-c", TAKE, str(tmp_path)], cwd=ROOT, env=environment, check=True, capture_output=True
    )
    said = json.loads(done.stdout)
    assert (said["file"], said["mode"]) == (in_pgpass(password), 0o600)
    assert said["environ"]["T4C_DATABASE_URL"].startswith("postgresql://planner@127.0.0.1:9/t4c")
    for secret in (TOKEN, PASSWORD, OTHER, "%5C"):
        assert secret not in json.dumps(said["environ"])
        assert secret not in said["shown"], secret


def check_kernel(server: Served, password: str) -> None:
    said = told(server)
    assert said["started"] is False
    assert said["file"] == in_pgpass(password)
    assert said["mode"] == 0o600
    environment = said["environ"]
    assert isinstance(environment, dict)
    assert environment["T4C_DATABASE_URL"].startswith("postgresql://planner@127.0.0.1:9/t4c")
    processes = [psutil.Process(server.process.pid), *psutil.Process(server.process.pid).children(recursive=True)]
    shown = [Path(f"/proc/{one.pid}/environ").read_bytes() for one in processes]
    for secret in (TOKEN, PASSWORD, OTHER, "%5C"):
        assert secret not in json.dumps(environment)
        assert not any(secret.encode() in one for one in shown), secret
    assert any(b"T4C_DATABASE_URL" in one for one in shown)


def test_kernels_have_neither_token_nor_password_in_their_environment_and_no_start_up_files(secretive: Served) -> None:
    check_kernel(secretive, PASSWORD)


@pytest.mark.detail
def test_neither_have_plain_kernels(tmp_path: Path) -> None:
    with serving(tmp_path, "among its options", "plain") as server:
        check_kernel(server, OTHER)


AS_NOBODY = """
import http.client, json, os, sys
port, folder, pid = sys.argv[1:]
def tried(what):
    try:
        return what()
    except OSError as error:
        return type(error).__name__
def asked(path):
    connection = http.client.HTTPConnection('127.0.0.1', int(port), timeout=60)
    connection.request('GET', path)
    answer = connection.getresponse()
    return [answer.status, 'Set-Cookie' in answer.headers, answer.read().decode()]
print(json.dumps({
    'page': asked('/say'), 'root': asked('/'), 'kernel': asked('/api/kernels'),
    'sockets': tried(lambda: os.listdir(folder)),
    'environ': tried(lambda: open(f'/proc/{pid}/environ').read()),
    'files': tried(lambda: os.listdir(f'/proc/{pid}/fd')),
}))
"""


@pytest.mark.skipif(sys.platform != "linux" or os.getuid() != 0, reason="only root can act as another user")
def test_another_account_of_the_machine_gets_no_page_and_reads_nothing_of_the_server(secretive: Served) -> None:
    python = shutil.which("python3", path="/usr/bin:/usr/local/bin")
    if python is None:
        pytest.skip("no Python here that another user may run")
    assert ask(secretive, "/say", headers={"Authorization": f"Bearer {TOKEN}"}).status == 200
    folder = secretive.warm_parent().cmdline()[-1]
    port = secretive.address.rstrip("/").rpartition(":")[2]
    command = [python, "-c", AS_NOBODY, port, folder, str(secretive.process.pid)]
    nobody: dict[str, Any] = {"user": "nobody", "group": 65534, "extra_groups": [], "cwd": "/", "env": {}}
    got = json.loads(subprocess.run(command, check=True, capture_output=True, **nobody).stdout)
    for answer in (got["page"], got["root"], got["kernel"]):
        assert answer[:2] == [403, False]
        assert answer[2].startswith("This workbook needs its token.")
    assert (got["sockets"], got["environ"], got["files"]) == ("PermissionError",) * 3
