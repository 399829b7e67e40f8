"""What somebody might try against a running server, each with its refusal; and afterwards it still answers."""

from __future__ import annotations

import contextlib
import http.client
import json
import re
import resource
import socket
import struct
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import websocket

from t4c_lib.serving.kernel_line import KERNEL_PROTOCOL, POLICY_VIOLATION
from tests.served import PATIENCE, Served, write_page

pytestmark = pytest.mark.flow
SECRET = "Ann Example typed this"
HALF_OPEN = 1_000
TOO_BIG = 1009  # the websocket's own reason, RFC 6455


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("notebooks")
    write_page(folder / "hello.ipynb", "Hello", "# Hello", f"print({SECRET!r})")
    (folder / "picture.svg").write_text("<svg/>")
    return folder


@pytest.fixture(scope="module")
def log_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("log") / "serve.jsonl"


@pytest.fixture(scope="module")
def server(folder: Path, log_file: Path) -> Iterator[Served]:
    server = Served(folder, settings={"T4C_LOG": str(log_file)})
    yield server
    server.stop()


@pytest.fixture(scope="module")
def room(folder: Path, log_file: Path) -> Iterator[Served]:
    """A server that others in the network can reach."""
    server = Served(folder, host="0.0.0.0", settings={"T4C_LOG": str(log_file.with_name("room.jsonl"))})
    yield server
    server.stop()


class Answer:
    def __init__(self, answer: http.client.HTTPResponse) -> None:
        self.status, self.headers = answer.status, answer.headers
        self.text = answer.read().decode("utf-8", "replace")


def connect(server: Served) -> http.client.HTTPConnection:
    return http.client.HTTPConnection("127.0.0.1", urlsplit(server.address).port or 0, timeout=PATIENCE)


def ask(
    server: Served, path: str, method: str = "GET", headers: dict[str, str] | None = None, body: bytes | None = None
) -> Answer:
    connection = connect(server)
    connection.request(method, path, headers=headers or {}, body=body)
    answer = Answer(connection.getresponse())
    connection.close()
    return answer


def lines(file: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(autouse=True)
def _still_answers(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    for name in ("server", "room"):
        if name in request.fixturenames:
            assert ask(request.getfixturevalue(name), "/health").status == 200


UPWARDS = ["..", "%2e%2e", "%252e%252e", "..%2f..", "..%5c..", "%c0%ae%c0%ae", "....//", "..;"]
ROOTS = ["/", "/voila/templates/", "/voila/templates/t4c/static/", "/voila/static/", "/voila/api/themes/", "/hello/"]


@pytest.mark.parametrize("upwards", UPWARDS)
@pytest.mark.parametrize("root", ROOTS)
def test_no_way_leads_out_of_what_is_served(server: Served, root: str, upwards: str) -> None:
    for target in ("hello.ipynb", "pyproject.toml", "etc/passwd"):
        for depth in (1, 3, 12):
            answer = ask(server, f"{root}{f'{upwards}/' * depth}{target}")
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
def test_nothing_is_listed_and_no_file_is_given_out(server: Served, path: str) -> None:
    answer = ask(server, path)
    assert answer.status in {403, 404}
    assert "picture.svg" not in answer.text
    assert "hello" not in answer.text.replace(path, "")


def test_kernels_are_not_listed_and_none_can_be_started(server: Served) -> None:
    assert ask(server, "/api/kernels").status == 404
    assert ask(server, "/api/kernels", "POST", body=b"{}").status in {403, 404}


@pytest.mark.parametrize("query", ["template=lab", "theme=dark", "template=../../x", "theme=@x/y"])
def test_template_and_theme_are_ours_whatever_the_address_says(server: Served, query: str) -> None:
    answer = ask(server, f"/hello?{query}")
    assert answer.status == 200
    assert "t4c.css" in answer.text
    assert query.partition("=")[2] not in answer.text


@pytest.mark.parametrize("host", ["rebound.example", "127.0.0.1.rebound.example:8866", "", "192.168.1.20"])
def test_a_forged_host_is_refused_everywhere(server: Served, host: str) -> None:
    for path in ("/", "/hello", "/health", "/voila/templates/t4c/static/t4c.css"):
        assert ask(server, path, headers={"Host": host}).status == 403


def own_origin(server: Served) -> str:
    return server.address.rstrip("/")


@pytest.mark.parametrize("origin", ["http://rebound.example", "null", "http://127.0.0.1:1"])
def test_another_sites_page_is_refused_by_its_origin(server: Served, origin: str) -> None:
    shutdown = "/voila/api/shutdown/00000000-0000-0000-0000-000000000000"
    answer = ask(server, shutdown, "POST", {"Origin": origin, "Accept": "text/html"})
    assert answer.status == 403
    assert "Only the workbook's own pages may ask for this." in answer.text.replace("&#39;", "'")
    with pytest.raises(websocket.WebSocketBadStatusException) as caught:
        open_line(server, a_kernel(server), origin=origin)
    assert caught.value.status_code == 403


def test_a_kernel_is_not_ended_without_the_pages_own_cookie(server: Served) -> None:
    kernel = a_kernel(server)
    assert ask(server, f"/voila/api/shutdown/{kernel}", "POST", {"Origin": own_origin(server)}).status == 403


def test_a_page_may_not_be_shown_in_a_frame_or_fetched_by_another_site(server: Served) -> None:
    framed = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"}
    assert ask(server, "/hello", headers=framed).status == 403
    assert ask(server, "/hello", headers={"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "cors"}).status == 403


def test_every_answer_carries_the_headers_whichever_handler_gave_it(server: Served) -> None:
    paths = ("/hello", "/health", "/no/such/page", "/voila/templates/t4c/static/t4c.css", "/voila/tree")
    answers = [ask(server, path) for path in paths] + [ask(server, "/hello", headers={"Host": "rebound.example"})]
    for answer in answers:
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        assert "Server" not in answer.headers
        assert "http:" not in answer.headers["Content-Security-Policy"]


# What runs over the websocket


def a_kernel(server: Served) -> str:
    """The number of a kernel, as whoever opens a page learns it."""
    found = re.search(r'(?:data-kernel="|"kernelId": ")([0-9a-f-]{36})', ask(server, "/hello").text)
    assert found is not None
    return found[1]


def open_line(
    server: Served, kernel: str, protocols: tuple[str, ...] = (KERNEL_PROTOCOL,), origin: str | None = None
) -> websocket.WebSocket:
    place = urlsplit(server.address)
    return websocket.create_connection(
        f"ws://127.0.0.1:{place.port}/api/kernels/{kernel}/channels?session_id=test",
        subprotocols=list(protocols),
        origin=origin or own_origin(server),
        timeout=PATIENCE,
    )


def message(kind: str, content: dict[str, object], channel: str = "shell") -> bytes:
    """A message in the current format: how many offsets, the offsets, the parts."""
    header = {"msg_id": "1", "msg_type": kind, "session": "test", "username": "", "version": "5.3", "date": ""}
    parts = [channel.encode(), *(json.dumps(part).encode() for part in (header, {}, {}, content))]
    offsets = [8 * (len(parts) + 2)]
    for part in parts:
        offsets.append(offsets[-1] + len(part))
    return struct.pack(f"<{len(offsets) + 1}Q", len(offsets), *offsets) + b"".join(parts)


def told_to_go(line: websocket.WebSocket) -> int:
    """The reason with which the server closed the line."""
    while True:
        kind, data = line.recv_data()
        if kind == websocket.ABNF.OPCODE_CLOSE:
            return int.from_bytes(data[:2], "big")


@pytest.mark.parametrize(
    "kind", ["execute_request", "inspect_request", "complete_request", "input_reply", "debug_request"]
)
def test_code_sent_to_a_kernel_is_not_run_and_ends_the_line(
    server: Served, log_file: Path, tmp_path: Path, kind: str
) -> None:
    mark = tmp_path / "was-run"
    line = open_line(server, a_kernel(server))
    line.send_binary(message(kind, {"code": f"open({str(mark)!r}, 'w')", "silent": False}))
    assert told_to_go(line) == POLICY_VIOLATION
    assert not mark.exists()
    assert any(one["event"] == "refused" and one.get("why") == "message" for one in lines(log_file))


@pytest.mark.parametrize("data", [b"", b"\xff" * 64, (2**40).to_bytes(8, "little") * 9, b"{}"])
def test_what_is_no_message_ends_the_line(server: Served, data: bytes) -> None:
    line = open_line(server, a_kernel(server))
    line.send_binary(data)
    assert told_to_go(line) == POLICY_VIOLATION


@pytest.mark.parametrize("protocols", [(), ("v0.kernel.websocket.jupyter.org",), ("chat",)])
def test_any_other_message_format_is_refused(server: Served, protocols: tuple[str, ...]) -> None:
    with pytest.raises(websocket.WebSocketBadStatusException) as caught:
        open_line(server, a_kernel(server), protocols)
    assert caught.value.status_code == 400


def test_a_message_of_50_mb_ends_the_line(server: Served) -> None:
    line = open_line(server, a_kernel(server))
    line.settimeout(PATIENCE)
    try:
        line.send_binary(message("comm_msg", {"comm_id": "x", "data": "x" * 50_000_000}))
        assert told_to_go(line) == TOO_BIG
    except ConnectionError:
        pass  # closed while it was still being sent, which is a refusal as well


# What is sent


@pytest.mark.parametrize("path", ["/hello", "/voila/api/shutdown/x", "/enter", "/no/such/page"])
def test_50_mb_are_refused_in_words(server: Served, path: str) -> None:
    answer = ask(server, path, "POST", {"Origin": own_origin(server), "Accept": "text/html"}, b"x" * 50_000_000)
    assert answer.status == 413
    assert "That is too large" in answer.text
    assert "At most 1 MB can be sent here." in answer.text


def test_50_mb_in_pieces_of_unsaid_length_are_refused(server: Served) -> None:
    connection = connect(server)
    with contextlib.suppress(OSError):
        connection.request("POST", "/no/such/page", body=(b"x" * 100_000 for _ in range(500)), encode_chunked=True)
    try:
        assert connection.getresponse().status in {400, 413}
    except (OSError, http.client.HTTPException):
        pass  # the server closed the connection, which is a refusal as well
    finally:
        connection.close()


def test_endless_headers_are_refused(server: Served) -> None:
    with pytest.raises((OSError, http.client.HTTPException)):
        ask(server, "/hello", headers={"X-Long": "x" * 100_000})


def test_a_thousand_half_open_connections_keep_nobody_out(server: Served) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(max(soft, 4 * HALF_OPEN), hard), hard))
    place = ("127.0.0.1", urlsplit(server.address).port or 0)
    held: list[socket.socket] = []
    try:
        for number in range(HALF_OPEN):
            one = socket.create_connection(place, timeout=PATIENCE)
            held.append(one)
            if number % 2:
                one.sendall(b"GET /hello HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow")
        assert ask(server, "/health").status == 200
        assert ask(server, "/hello").status == 200
    finally:
        for one in held:
            one.close()
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


# Beyond this machine


def test_nothing_is_shown_without_the_token(room: Served) -> None:
    assert len(room.token) >= 32
    answer = ask(room, "/hello", headers={"Accept": "text/html"})
    assert answer.status == 403
    assert "This workbook asks for its token" in answer.text
    assert SECRET not in answer.text
    assert room.token not in answer.text
    for path in ("/", "/hello", "/voila/static/voila.js", "/api/kernels/00000000-0000-0000-0000-000000000000"):
        assert ask(room, path).status == 403
    with pytest.raises(websocket.WebSocketBadStatusException) as caught:
        open_line(
            room, "00000000-0000-0000-0000-000000000000", origin=f"http://127.0.0.1:{urlsplit(room.address).port}"
        )
    assert caught.value.status_code == 403


def test_the_token_is_told_with_the_address_and_opens_the_pages(room: Served) -> None:
    answer = ask(room, f"/hello?token={room.token}")
    assert (answer.status, answer.headers["Location"]) == (303, "/hello")
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert room.token not in cookie
    page = ask(room, "/hello", headers={"Cookie": cookie.partition(";")[0]})
    assert page.status == 200
    assert room.token not in page.text


def test_the_token_can_be_typed(room: Served) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "text/html"}
    wrong = ask(room, "/enter", "POST", form, b"token=wrong&next=/hello")
    assert wrong.status == 403
    assert "That isn't the token" in wrong.text.replace("&#39;", "'")
    right = ask(room, "/enter", "POST", form, f"token={room.token}&next=//rebound.example/".encode())
    assert (right.status, right.headers["Location"]) == (303, "/")
    assert right.headers["Set-Cookie"].startswith("t4c-pass=")


def test_guessing_is_slow_work(room: Served) -> None:
    assert {ask(room, f"/hello?token=guess{number}").status for number in range(30)} <= {403, 429}
    assert ask(room, f"/hello?token={room.token}").status == 429


# What is told of it


def test_health_says_that_all_is_well_and_nothing_else(server: Served) -> None:
    told = json.loads(ask(server, "/health").text)
    assert set(told) == {"status", "version", "kernels"}
    assert told["status"] == "ok"
    assert isinstance(told["kernels"], int)


def test_the_log_holds_no_address_no_query_and_nothing_typed(server: Served, room: Served, log_file: Path) -> None:
    ask(server, "/hello?name=Ann%20Example", headers={"User-Agent": "Ann's browser", "Referer": "http://ann.example/"})
    ask(server, "/Ann%20Example")
    for file in (log_file, log_file.with_name("room.jsonl")):
        text = file.read_text(encoding="utf-8")
        for private in ("Ann", "127.0.0.1:", "token=", room.token, SECRET, "Mozilla"):
            assert private not in text, private
    kinds = {str(one["event"]) for one in lines(log_file)}
    assert {"started", "answer", "refused"} <= kinds
    assert {str(one["route"]) for one in lines(log_file) if one["event"] == "answer"} >= {"/hello", "(other)"}


@pytest.mark.parametrize(
    ("host", "said"),
    [
        ("127.0.0.1", "Only this machine can reach it. Ctrl-C ends it."),
        ("0.0.0.0", "Whoever has this whole address can open it, and its token is shown here only. Ctrl-C ends it."),
    ],
)
def test_the_window_says_who_can_come(folder: Path, host: str, said: str) -> None:
    server = Served(folder, host=host)
    try:
        assert server.interrupt() == 0
        assert said in server.last_words()
    finally:
        server.stop()
