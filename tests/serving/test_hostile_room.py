"""Beyond this machine nothing shows without the token; and the log holds nothing personal."""

from __future__ import annotations

import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import websocket

from t4c_lib.serving.capacity import PAGES_EACH
from tests.served import Served
from tests.serving.asking import FRESH, SECRET, a_kernel, ask, lines, message, open_line, own_origin

pytestmark = pytest.mark.flow


def test_nothing_is_shown_without_the_token(room: Served) -> None:
    assert len(room.token) >= 32
    answer = ask(room, "/hello", headers={"Accept": "text/html"})
    assert (answer.status, answer.headers["Location"]) == (303, "/enter?next=%2Fhello")
    form = ask(room, "/enter?next=%2Fhello", headers={"Accept": "text/html"})
    assert form.status == 403
    assert "This workbook needs its token" in form.text
    assert room.token not in form.text
    assert "form-action 'self'" in form.headers["Content-Security-Policy"]
    assert "form-action 'none'" in answer.headers["Content-Security-Policy"]
    assert "form-action 'none'" in ask(room, "/health").headers["Content-Security-Policy"]
    assert ask(room, "/hello").text == ask(room, "/enter").text  # for programs: words alone
    for path in ("/", "/hello", "/voila/static/voila.js", "/api/kernels/00000000-0000-0000-0000-000000000000"):
        assert ask(room, path).status == 403
    with pytest.raises(websocket.WebSocketBadStatusException) as caught:
        open_line(room, "00000000-0000-0000-0000-000000000000")
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


def come_in(room: Served) -> str:
    """The cookie of a new visitor."""
    answer = ask(room, f"/hello?token={room.token}")
    return answer.headers["Set-Cookie"].partition(";")[0]


def test_a_kernel_is_its_own_visitors_only(room: Served) -> None:
    owner, other = come_in(room), come_in(room)
    kernel = a_kernel(room, owner)
    shutdown = f"/voila/api/shutdown/{kernel}"
    for path in (shutdown, shutdown.replace("-", "%2D")):
        assert ask(room, path, "POST", {"Cookie": other, "Origin": own_origin(room)}).status == 404
    for cookie in (other, ""):
        with pytest.raises(websocket.WebSocketBadStatusException) as caught:
            open_line(room, kernel, cookie=cookie)
        assert caught.value.status_code in {403, 404}
    again = ask(room, f"/hello?token={room.token}", headers={"Cookie": owner})  # the whole address once more
    line = open_line(room, kernel, cookie=again.headers["Set-Cookie"].partition(";")[0])
    line.send_binary(message("kernel_info_request", {}))
    assert b"kernel_info" in line.recv_data()[1] or line.connected
    line.close()


def test_who_is_here_is_told_to_a_pages_own_visitor_only(room: Served) -> None:
    owner, other = come_in(room), come_in(room)
    kernel = a_kernel(room, owner)
    told = json.dumps({"organisation": "RWP", "name": "Ann Example"}).encode()
    headers = {"Cookie": f"{owner}; _xsrf=abc", "X-XSRFToken": "abc", "Origin": own_origin(room)}
    strange = headers | {"Cookie": f"{other}; _xsrf=abc"}
    assert ask(room, f"/here/{kernel}", "POST", strange, told).status == 404
    assert ask(room, f"/here/{kernel}", "POST", headers | {"X-XSRFToken": "b"}, told).status == 403
    assert ask(room, f"/here/{kernel}", "GET", headers).status == 405
    for wrong in (b"", b"[]", b"{", b'{"organisation": 1, "name": "A"}', b'{"name": "A"}', b"[" * 100_000):
        assert ask(room, f"/here/{kernel}", "POST", headers, wrong).status == 400
    assert json.loads(ask(room, f"/here/{kernel}", "POST", headers, told).text) == {"others": []}


def test_a_visitor_may_have_ten_pages_and_others_still_open_theirs(room: Served) -> None:
    greedy, other = come_in(room), come_in(room)
    with ThreadPoolExecutor(PAGES_EACH + 5) as crowd:
        tried = [crowd.submit(ask, room, f"/hello{FRESH}", headers={"Cookie": greedy}) for _ in range(PAGES_EACH + 5)]
    assert Counter(one.result().status for one in tried) == {200: PAGES_EACH, 503: 5}
    assert ask(room, f"/hello{FRESH}", headers={"Cookie": other}).status == 200


def test_health_says_that_all_is_well_and_nothing_else(attacked: Served) -> None:
    told = json.loads(ask(attacked, "/health").text)
    assert set(told) == {"status", "version", "kernels", "store", "instance"}
    assert (told["status"], told["store"]) == ("ok", "ok")
    assert isinstance(told["kernels"], int)


def test_the_log_holds_no_address_no_query_and_nothing_typed(attacked: Served, room: Served, log_file: Path) -> None:
    ask(
        attacked, "/hello?name=Ann%20Example", headers={"User-Agent": "Ann's browser", "Referer": "http://ann.example/"}
    )
    ask(attacked, "/Ann%20Example")
    assert ask(attacked, "/hello", headers={"Host": "ann.example"}).status == 403
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
def test_the_window_says_who_can_come_and_that_control_c_ended_it(hostile_folder: Path, host: str, said: str) -> None:
    server = Served(hostile_folder, host=host, settings={"T4C_KERNELS": "plain"})
    try:
        assert server.interrupt() == 0
        assert server.last_words()[1:] == [said, "The workbook has ended."]
    finally:
        server.stop()


def test_guessing_is_slow_work(room: Served) -> None:
    assert {ask(room, f"/hello?token=guess{number}").status for number in range(30)} <= {403, 429}
    assert ask(room, f"/hello?token={room.token}").status == 429
