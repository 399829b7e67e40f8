"""What somebody might try against a running server, each with its refusal; and afterwards it still answers."""

from __future__ import annotations

import contextlib
import http.client
import re
import resource
import socket
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import websocket

from t4c_lib.serving.kernel_websocket import POLICY_VIOLATION
from tests.served import PATIENCE, Served
from tests.serving.asking import a_kernel, ask, connect, lines, message, open_line, own_origin, told_to_go

pytestmark = pytest.mark.flow
HALF_OPEN = 1_000
TOO_BIG = 1009  # the websocket's own reason, RFC 6455


UPWARDS = ["..", "%2e%2e", "%252e%252e", "..%2f..", "..%5c..", "%c0%ae%c0%ae", "....//", "..;"]
ROOTS = ["/", "/voila/templates/", "/voila/templates/t4c/static/", "/voila/static/", "/voila/api/themes/", "/hello/"]


@pytest.mark.parametrize("upwards", UPWARDS)
@pytest.mark.parametrize("root", ROOTS)
def test_no_way_leads_out_of_what_is_served(attacked: Served, root: str, upwards: str) -> None:
    for target in ("hello.ipynb", "pyproject.toml", "etc/passwd"):
        for depth in (1, 3, 12):
            answer = ask(attacked, f"{root}{f'{upwards}/' * depth}{target}")
            assert answer.status in {400, 403, 404}, (root, depth, target)
            assert "root:" not in answer.text
            assert "nbformat" not in answer.text
            assert "[project]" not in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/voila/tree",
        "/voila/tree/",
        "/voila/api/contents/",
        "/api/contents",
        "/api/sessions",
        "/api/terminals",
        "/api/kernelspecs",
        "/voila/render/hello.ipynb",
        "/voila/files/picture.svg",
        "/files/picture.svg",
        "/picture.svg",
        "/hello.ipynb",
        "/static/",
        "/voila/static/",
        "/voila/templates/",
        "/voila/templates/t4c/static/",
        "/voila/templates/t4c/index.html.j2",
        "/metrics",
        "/lab",
        "/tree",
        "/nbconvert/html/hello.ipynb",
    ],
)
def test_nothing_is_listed_and_no_file_is_given_out(attacked: Served, path: str) -> None:
    answer = ask(attacked, path)
    assert answer.status in {403, 404}
    assert "picture.svg" not in answer.text
    assert "hello" not in answer.text.replace(path, "")


def test_kernels_are_not_listed_and_none_can_be_started(attacked: Served) -> None:
    assert ask(attacked, "/api/kernels").status == 404
    assert ask(attacked, "/api/kernels", "POST", body=b"{}").status in {403, 404}


@pytest.mark.parametrize("query", ["template=lab", "theme=dark", "template=../../x", "theme=@x/y"])
def test_template_and_theme_are_ours_whatever_the_address_says(attacked: Served, query: str) -> None:
    answer = ask(attacked, f"/hello?{query}")
    assert answer.status == 200
    assert "t4c.css" in answer.text
    assert not re.search(rf"(?<!\w){re.escape(query.partition('=')[2])}(?!\w)", answer.text)


@pytest.mark.parametrize("host", ["rebound.example", "127.0.0.1.rebound.example:8866", "", "192.168.1.20"])
def test_a_forged_host_is_refused_everywhere(attacked: Served, host: str) -> None:
    for path in ("/", "/hello", "/health", "/voila/templates/t4c/static/t4c.css"):
        assert ask(attacked, path, headers={"Host": host}).status == 403


@pytest.mark.parametrize("origin", ["http://rebound.example", "null", "http://127.0.0.1:1"])
def test_another_sites_page_is_refused_by_its_origin(attacked: Served, origin: str) -> None:
    shutdown = "/voila/api/shutdown/00000000-0000-0000-0000-000000000000"
    answer = ask(attacked, shutdown, "POST", {"Origin": origin, "Accept": "text/html"})
    assert answer.status == 403
    assert "Only the workbook's own pages may ask for this." in answer.text.replace("&#39;", "'")
    with pytest.raises(websocket.WebSocketBadStatusException) as caught:
        open_line(attacked, a_kernel(attacked), origin=origin)
    assert caught.value.status_code == 403


def test_a_kernel_is_not_ended_without_the_pages_own_cookie(attacked: Served) -> None:
    kernel = a_kernel(attacked)
    assert ask(attacked, f"/voila/api/shutdown/{kernel}", "POST", {"Origin": own_origin(attacked)}).status == 403


def test_a_page_may_not_be_shown_in_a_frame_or_fetched_by_another_site(attacked: Served) -> None:
    framed = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"}
    assert ask(attacked, "/hello", headers=framed).status == 403
    assert ask(attacked, "/hello", headers={"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "cors"}).status == 403


def test_every_answer_carries_the_headers_whichever_handler_gave_it(attacked: Served) -> None:
    paths = ("/hello", "/health", "/no/such/page", "/voila/templates/t4c/static/t4c.css", "/voila/tree")
    answers = [ask(attacked, path) for path in paths] + [ask(attacked, "/hello", headers={"Host": "rebound.example"})]
    for answer in answers:
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        assert "Server" not in answer.headers
        assert "http:" not in answer.headers["Content-Security-Policy"]


# What runs over the websocket


@pytest.mark.parametrize(
    "kind", ["execute_request", "inspect_request", "complete_request", "input_reply", "debug_request"]
)
def test_code_sent_to_a_kernel_is_not_run_and_ends_the_line(
    attacked: Served, log_file: Path, tmp_path: Path, kind: str
) -> None:
    mark = tmp_path / "was-run"
    line = open_line(attacked, a_kernel(attacked))
    line.send_binary(message(kind, {"code": f"open({str(mark)!r}, 'w')", "silent": False}))
    assert told_to_go(line) == POLICY_VIOLATION
    assert not mark.exists()
    assert any(one["event"] == "refused" and one.get("why") == "message" for one in lines(log_file))


@pytest.mark.parametrize("data", [b"", b"\xff" * 64, (2**40).to_bytes(8, "little") * 9, b"{}"])
def test_what_is_no_message_ends_the_line(attacked: Served, data: bytes) -> None:
    line = open_line(attacked, a_kernel(attacked))
    line.send_binary(data)
    assert told_to_go(line) == POLICY_VIOLATION


@pytest.mark.parametrize("protocols", [(), ("v0.kernel.websocket.jupyter.org",), ("chat",)])
def test_any_other_message_format_is_refused(attacked: Served, protocols: tuple[str, ...]) -> None:
    with pytest.raises(websocket.WebSocketBadStatusException) as caught:
        open_line(attacked, a_kernel(attacked), protocols)
    assert caught.value.status_code == 400


def test_a_message_of_50_mb_ends_the_line(attacked: Served) -> None:
    line = open_line(attacked, a_kernel(attacked))
    line.settimeout(PATIENCE)
    try:
        line.send_binary(message("comm_msg", {"comm_id": "x", "data": "x" * 50_000_000}))
        assert told_to_go(line) == TOO_BIG
    except ConnectionError:
        pass  # closed while it was still being sent, which is a refusal as well


# What is sent


@pytest.mark.parametrize("path", ["/hello", "/voila/api/shutdown/x", "/enter", "/no/such/page"])
def test_50_mb_are_refused_in_words(attacked: Served, path: str) -> None:
    answer = ask(attacked, path, "POST", {"Origin": own_origin(attacked), "Accept": "text/html"}, b"x" * 50_000_000)
    assert answer.status == 413
    assert "That is too large" in answer.text
    assert "At most 1 MB can be sent here." in answer.text


def test_50_mb_in_pieces_of_unsaid_length_are_refused(attacked: Served) -> None:
    connection = connect(attacked)
    with contextlib.suppress(OSError):
        connection.request("POST", "/no/such/page", body=(b"x" * 100_000 for _ in range(500)), encode_chunked=True)
    try:
        assert connection.getresponse().status in {400, 413}
    except (OSError, http.client.HTTPException):
        pass  # the server closed the connection, which is a refusal as well
    finally:
        connection.close()


def test_endless_headers_are_refused(attacked: Served) -> None:
    with pytest.raises((OSError, http.client.HTTPException)):
        ask(attacked, "/hello", headers={"X-Long": "x" * 100_000})


def test_a_thousand_half_open_connections_keep_nobody_out(attacked: Served) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(max(soft, 4 * HALF_OPEN), hard), hard))
    place = ("127.0.0.1", urlsplit(attacked.address).port or 0)
    held: list[socket.socket] = []
    try:
        for number in range(HALF_OPEN):
            one = socket.create_connection(place, timeout=PATIENCE)
            held.append(one)
            if number % 2:
                one.sendall(b"GET /hello HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow")
        assert ask(attacked, "/health").status == 200
        assert ask(attacked, "/hello").status == 200
    finally:
        for one in held:
            one.close()
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
