"""Beyond this machine nothing shows without the token; and the log holds nothing personal."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import websocket

from tests.served import Served
from tests.serving.asking import SECRET, ask, lines, open_line

pytestmark = pytest.mark.flow


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


def test_health_says_that_all_is_well_and_nothing_else(attacked: Served) -> None:
    told = json.loads(ask(attacked, "/health").text)
    assert set(told) == {"status", "version", "kernels", "store"}
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
def test_the_window_says_who_can_come(hostile_folder: Path, host: str, said: str) -> None:
    server = Served(hostile_folder, host=host)
    try:
        assert server.interrupt() == 0
        assert said in server.last_words()
    finally:
        server.stop()
