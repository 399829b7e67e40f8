"""The server as it answers: to this machine only, our addresses only, on the next port when one is taken."""

from __future__ import annotations

import http.client
import socket
from pathlib import Path
from urllib.parse import urlsplit

import psutil  # type: ignore[import-untyped]
import pytest

from tests.served import Served

pytestmark = pytest.mark.flow


def ask(
    server: Served, path: str, *, method: str = "GET", headers: dict[str, str] | None = None
) -> http.client.HTTPResponse:
    place = urlsplit(server.address)
    connection = http.client.HTTPConnection(place.hostname or "", place.port or 0, timeout=30)
    connection.request(method, path, headers=headers or {})
    answer = connection.getresponse()
    answer.read()
    return answer


def test_a_single_page_is_what_the_root_leads_to(attacked: Served) -> None:
    answer = ask(attacked, "/")
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
def test_nothing_else_is_served(attacked: Served, path: str) -> None:
    assert ask(attacked, path).status == 404


def test_a_name_that_another_site_made_lead_here_is_refused(attacked: Served) -> None:
    assert ask(attacked, "/hello", headers={"Host": "rebound.example"}).status == 403
    assert ask(attacked, "/", headers={"Host": f"localhost:{urlsplit(attacked.address).port}"}).status == 302


def test_it_listens_on_the_loopback_address_only(attacked: Served) -> None:
    connections = psutil.Process(attacked.process.pid).net_connections(kind="tcp")
    assert {one.laddr.ip for one in connections if one.status == psutil.CONN_LISTEN} == {"127.0.0.1"}


def test_the_page_may_ask_nothing_of_another_machine(attacked: Served) -> None:
    policy = ask(attacked, "/").headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "http" not in policy


@pytest.mark.detail
def test_a_taken_port_is_told_and_the_next_free_one_is_used(hostile_folder: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        server = Served(hostile_folder, port=port, settings={"T4C_KERNELS": "plain"})
        try:
            told = f"Port {port} is taken by another program, perhaps by a second workbook; using "
            assert any(line.startswith(told) for line in server.lines)
            assert urlsplit(server.address).port != port
        finally:
            server.stop()


def test_the_only_page_is_the_one_of_the_organisation_that_was_asked_for(attacked: Served) -> None:
    answer = ask(attacked, "/?organisation=DEMO-MH")
    assert answer.headers["Location"].endswith("?organisation=DEMO-MH")
