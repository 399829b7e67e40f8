"""The server as it answers: to this machine only, our addresses only, on the next port when one is taken."""

from __future__ import annotations

import http.client
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psutil  # type: ignore[import-untyped]
import pytest

from tests.served import Served, write_page

pytestmark = pytest.mark.flow


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("notebooks")
    write_page(folder / "hello.ipynb", "Hello", "# Hello")
    (folder / "picture.svg").write_text("<svg/>")
    return folder


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[Served]:
    server = Served(folder)
    yield server
    server.stop()


def ask(
    server: Served, path: str, *, method: str = "GET", headers: dict[str, str] | None = None
) -> http.client.HTTPResponse:
    place = urlsplit(server.address)
    connection = http.client.HTTPConnection(place.hostname or "", place.port or 0, timeout=30)
    connection.request(method, path, headers=headers or {})
    answer = connection.getresponse()
    answer.read()
    return answer


def test_a_single_page_is_what_the_root_leads_to(server: Served) -> None:
    answer = ask(server, "/")
    assert answer.status == 302
    assert answer.headers["Location"] == "/hello"


@pytest.mark.parametrize(
    "path",
    [
        "/voila/tree",
        "/voila/render/hello.ipynb",
        "/voila/api/contents/",
        "/voila/files/picture.svg",
        "/hello.ipynb",
        "/api/kernels",
        "/api/contents",
        "/login",
        "/voila/templates/../../hello.ipynb",
        "/voila/templates/t4c/static/../../../../../config.py",
    ],
)
def test_nothing_else_is_served(server: Served, path: str) -> None:
    assert ask(server, path).status == 404


def test_a_name_that_another_site_made_lead_here_is_refused(server: Served) -> None:
    assert ask(server, "/hello", headers={"Host": "rebound.example"}).status == 403
    assert ask(server, "/", headers={"Host": f"localhost:{urlsplit(server.address).port}"}).status == 302


def test_it_listens_on_the_loopback_address_only(server: Served) -> None:
    connections = psutil.Process(server.process.pid).net_connections(kind="tcp")
    assert {one.laddr.ip for one in connections if one.status == psutil.CONN_LISTEN} == {"127.0.0.1"}


def test_the_page_may_ask_nothing_of_another_machine(server: Served) -> None:
    policy = ask(server, "/").headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "http" not in policy


def test_a_taken_port_is_told_and_the_next_free_one_is_used(folder: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        server = Served(folder, port=port)
        try:
            told = f"Port {port} is taken by another program, perhaps by a second workbook; using "
            assert any(line.startswith(told) for line in server.lines)
            assert urlsplit(server.address).port != port
        finally:
            server.stop()


def test_control_c_ends_it_with_a_word_and_no_traceback(folder: Path) -> None:
    server = Served(folder)
    assert server.interrupt() == 0
    assert server.last_words()[1:] == ["Only this machine can reach it. Ctrl-C ends it.", "The workbook has ended."]


def test_why_a_cell_failed_is_said_in_the_servers_window(tmp_path: Path) -> None:
    write_page(tmp_path / "failing.ipynb", "A page that fails", "# Failing", "raise RuntimeError('the reason')")
    server = Served(tmp_path)
    try:
        assert ask(server, "/failing").status == 200
        assert server.interrupt() == 0
        assert "the reason" in "\n".join(server.last_words())
    finally:
        server.stop()


def test_the_only_page_is_the_one_of_the_organisation_that_was_asked_for(server: Served) -> None:
    answer = ask(server, "/?organisation=DEMO-MH")
    assert answer.headers["Location"].endswith("?organisation=DEMO-MH")
