"""What a server was told in confidence is in no environment, and nothing of the person's own runs in its kernels."""

from __future__ import annotations

import html
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import psutil  # type: ignore[import-untyped]
import pytest

from tests.served import Served, write_page
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


@pytest.mark.parametrize("kernels", ["", "plain"])
@pytest.mark.parametrize(
    ("url", "password"),
    [
        (f"postgresql://planner:{PASSWORD.replace(':', '%3A').replace(chr(92), '%5C')}@127.0.0.1:9/t4c", PASSWORD),
        (f"postgresql://planner@127.0.0.1:9/t4c?password={OTHER}&sslmode=prefer", OTHER),
        ("postgresql://planner@127.0.0.1:9/t4c", OTHER),
    ],
    ids=["in the address", "among its options", "in PGPASSWORD"],
)
def test_kernels_have_neither_token_nor_password_in_their_environment_and_no_start_up_files(
    tmp_path: Path, kernels: str, url: str, password: str
) -> None:
    start_up = tmp_path / "home" / ".ipython" / "profile_default" / "startup"
    start_up.mkdir(parents=True)
    (start_up / "10-mine.py").write_text("left_by_startup = 1")
    (tmp_path / "mine.py").write_text("left_by_startup = 1")
    write_page(tmp_path / "say.ipynb", "Say", "# Say", SAY)
    settings = {"T4C_TOKEN": TOKEN, "PGPASSWORD": OTHER, "T4C_DATABASE_URL": url, "T4C_KERNELS": kernels}
    settings |= {"HOME": str(tmp_path / "home"), "PYTHONSTARTUP": str(tmp_path / "mine.py")}
    server = Served(tmp_path, settings=settings)
    try:
        said = told(server)
        assert said["started"] is False
        assert said["file"] == f"*:*:*:*:{password.replace(chr(92), chr(92) * 2).replace(':', chr(92) + ':')}\n"
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
    finally:
        server.stop()


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
def test_another_account_of_the_machine_gets_no_page_and_reads_nothing_of_the_server(tmp_path: Path) -> None:
    python = shutil.which("python3", path="/usr/bin:/usr/local/bin")
    if python is None:
        pytest.skip("no Python here that another user may run")
    write_page(tmp_path / "say.ipynb", "Say", "# Say", SAY)
    server = Served(tmp_path, settings={"T4C_TOKEN_ON_LOOPBACK": "1", "PGPASSWORD": PASSWORD})
    try:
        assert len(server.token) >= 32
        assert ask(server, "/say", headers={"Authorization": f"Bearer {server.token}"}).status == 200
        folder = server.warm_parent().cmdline()[-1]
        port = server.address.rstrip("/").rpartition(":")[2]
        command = [python, "-c", AS_NOBODY, port, folder, str(server.process.pid)]
        nobody: dict[str, Any] = {"user": "nobody", "group": 65534, "extra_groups": [], "cwd": "/", "env": {}}
        got = json.loads(subprocess.run(command, check=True, capture_output=True, **nobody).stdout)
        for answer in (got["page"], got["root"], got["kernel"]):
            assert answer[:2] == [403, False]
            assert answer[2].startswith("This workbook asks for its token.")
        assert (got["sockets"], got["environ"], got["files"]) == ("PermissionError",) * 3
    finally:
        server.stop()
