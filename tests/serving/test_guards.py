"""Who is let in and who is not, judged by headers alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbclient.exceptions import CellExecutionError
from tornado.httputil import HTTPHeaders, HTTPServerRequest, RequestStartLine

from t4c_lib.errors import T4CError
from t4c_lib.serving.access import LARGEST_BODY, PASS_SECONDS, REFUSALS, WRONG_TOKENS, Access, RequestChecks, base_path
from t4c_lib.serving.middleware import harden, local_address, take_base_off, without_token
from t4c_lib.serving.monitoring import FILES_KEPT, LARGEST_FILE, ServerLog, new_reference, places, record_failure, route

pytestmark = pytest.mark.unit
HERE = Access.to("127.0.0.1", environ={})
ROOM = Access.to("0.0.0.0", names=["plan.example.nhs.uk"], environ={})  # what a room's laptop would do
NAVIGATING = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}


def with_headers(headers: dict[str, str], method: str = "GET", path: str = "/forum") -> HTTPServerRequest:
    start = RequestStartLine(method, path, "HTTP/1.1")
    return HTTPServerRequest(start_line=start, headers=HTTPHeaders({"Host": "127.0.0.1:8866", **headers}))


def request(path: str = "/forum", method: str = "GET", host: str = "127.0.0.1:8866", **more: str) -> HTTPServerRequest:
    return with_headers({"Host": host, **{name.replace("_", "-"): value for name, value in more.items()}}, method, path)


@pytest.mark.parametrize("host", ["127.0.0.1:8866", "localhost", "LOCALHOST:1", "[::1]:8866", "127.0.0.2"])
def test_this_machine_is_asked_for_under_its_own_names(host: str) -> None:
    assert RequestChecks(HERE).refusal(request(host=host)) is None


@pytest.mark.parametrize(
    "host",
    ["rebound.example", "127.0.0.1.rebound.example", "192.168.1.20:8866", "", "localhost.rebound.example", "[::2]"],
)
def test_another_name_that_leads_here_is_refused(host: str) -> None:
    assert RequestChecks(HERE).refusal(request(host=host)) is REFUSALS.wrong_name


def test_two_names_at_once_are_refused() -> None:
    asked = request()
    asked.headers.add("Host", "rebound.example")
    assert RequestChecks(HERE).refusal(asked) is REFUSALS.wrong_name


def test_in_a_room_addresses_and_given_names_will_do_and_others_will_not() -> None:
    for host in ("192.168.1.20:8866", "plan.example.nhs.uk", "[fe80::1]:8866"):
        assert ROOM.is_called(host), host
    assert not ROOM.is_called("rebound.example")


@pytest.mark.parametrize("site", ["cross-site", "same-site", "anything-else"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_another_sites_page_may_fetch_nothing(site: str, method: str) -> None:
    asked = with_headers({"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"}, method)
    assert RequestChecks(HERE).refusal(asked) is REFUSALS.cross_site


def test_a_link_may_be_followed_from_anywhere_but_not_into_a_frame_and_not_to_change_anything() -> None:
    checks = RequestChecks(HERE)
    assert checks.refusal(with_headers(NAVIGATING)) is None
    assert checks.refusal(with_headers({**NAVIGATING, "Sec-Fetch-Dest": "iframe"})) is REFUSALS.cross_site
    assert checks.refusal(with_headers(NAVIGATING, "POST")) is REFUSALS.cross_site


@pytest.mark.parametrize(
    "origin", ["http://rebound.example", "null", "", "http://127.0.0.1:9999", "https://127.0.0.1:8866.example"]
)
def test_a_forged_origin_is_refused(origin: str) -> None:
    assert RequestChecks(HERE).refusal(request(method="POST", Origin=origin)) is REFUSALS.cross_site


def test_our_own_pages_may_ask_and_programs_that_say_nothing_too() -> None:
    checks = RequestChecks(HERE)
    own = {"Origin": "http://127.0.0.1:8866", "Sec-Fetch-Site": "same-origin"}
    assert checks.refusal(with_headers(own, "POST")) is None
    assert checks.refusal(request(method="POST")) is None


@pytest.mark.parametrize(
    ("length", "refusal"),
    [
        (str(LARGEST_BODY), None),
        (str(LARGEST_BODY + 1), REFUSALS.too_large),
        ("-1", REFUSALS.not_understood),
        ("1e9", REFUSALS.not_understood),
    ],
)
def test_large_bodies_are_refused_by_their_announced_length(length: str, refusal: object) -> None:
    assert RequestChecks(HERE).refusal(request(method="POST", Content_Length=length)) is refusal
    assert f"At most {LARGEST_BODY // 1_000_000} MB can be sent" in REFUSALS.too_large.text


@pytest.mark.parametrize("method", ["DELETE", "PUT", "PATCH", "TRACE", "CONNECT", "OPTIONS", "GETT"])
def test_only_what_pages_need_is_understood(method: str) -> None:
    assert RequestChecks(HERE).refusal(request(method=method)) is REFUSALS.wrong_method


def test_this_machine_needs_no_token_and_any_other_address_or_a_proxy_does() -> None:
    assert HERE.token is None
    for access in (ROOM, Access.to("192.168.1.20", environ={}), Access.to("127.0.0.1", behind_proxy=True, environ={})):
        assert access.token is not None
        assert len(access.token) >= 32
    assert Access.to("0.0.0.0", environ={}).token != ROOM.token


def test_a_token_of_ones_own_is_taken_and_a_short_one_refused_without_repeating_it() -> None:
    own = Access.to("127.0.0.1", environ={"T4C_TOKEN": " correct horse battery "})
    assert own.token == "correct horse battery"
    assert own.address(8866) == "http://127.0.0.1:8866/?token=correct%20horse%20battery"
    with pytest.raises(T4CError, match="T4C_TOKEN has 5 characters; at least 12 are needed") as caught:
        Access.to("127.0.0.1", environ={"T4C_TOKEN": "secre"})
    assert "secre" not in str(caught.value)


def test_without_the_token_nothing_but_the_look_of_pages_and_health_can_be_had() -> None:
    checks = RequestChecks(ROOM)
    for path in ("/", "/forum", "/api/kernels/x/channels", "/voila/static/voila.js", "/voila/templates/t4c/../x"):
        assert checks.refusal(request(path, host="192.168.1.20")) is REFUSALS.no_token, path
    for path in ("/health", "/voila/templates/t4c/static/t4c.css"):
        assert checks.refusal(request(path, host="192.168.1.20")) is None, path


def test_the_token_lets_in_once_and_the_cookie_from_then_on() -> None:
    checks = RequestChecks(ROOM)
    assert ROOM.token is not None
    assert checks.refusal(request(f"/forum?token={ROOM.token}", host="192.168.1.20")) is None
    assert checks.refusal(request(host="192.168.1.20", Authorization=f"Bearer {ROOM.token}")) is None
    assert checks.refusal(request(host="192.168.1.20", Cookie=f"t4c-pass={ROOM.new_pass()}")) is None
    assert checks.refusal(request(host="192.168.1.20", Cookie=f"t4c-pass={ROOM.token}")) is REFUSALS.no_token
    assert ROOM.token not in ROOM.new_pass()


def test_a_pass_names_its_visitor_for_twelve_hours_and_goes_with_the_token() -> None:
    given = ROOM.new_pass()
    visitor = ROOM.visitor(given)
    assert visitor
    assert ROOM.visitor(ROOM.new_pass()) != visitor
    assert ROOM.visitor(ROOM.new_pass(visitor)) == visitor
    assert ROOM.visitor(given, within=0) is None
    assert PASS_SECONDS == 12 * 3600
    assert Access.to("0.0.0.0", environ={}).visitor(given) is None
    own = {"T4C_TOKEN": "correct horse battery"}
    before = Access.to("0.0.0.0", environ=own).new_pass()
    assert Access.to("0.0.0.0", environ=own).visitor(before) is not None
    assert Access.to("0.0.0.0", environ=own, new_token=True).visitor(before) is None


@given(st.integers(0, 60), st.sampled_from("0.aZ_"))
def test_a_pass_that_was_changed_anywhere_is_none(place: int, letter: str) -> None:
    given = ROOM.new_pass()
    changed = given[:place] + letter + given[place + 1 :]
    assert changed == given or ROOM.visitor(changed) is None


def test_on_a_shared_machine_the_token_is_asked_for_on_loopback_too() -> None:
    shared = Access.to("127.0.0.1", environ={"T4C_TOKEN_ON_LOOPBACK": "1"})
    assert shared.token is not None
    assert len(shared.token) >= 32
    assert not shared.is_called("192.168.1.20")
    assert RequestChecks(shared).refusal(request()) is REFUSALS.no_token
    assert Access.to("127.0.0.1", environ={"T4C_TOKEN_ON_LOOPBACK": "0"}).token is None


@given(st.text(max_size=60))
def test_no_other_text_is_the_token_or_the_cookie(text: str) -> None:
    assert not ROOM.is_token(text)
    assert ROOM.visitor(text) is None
    assert not HERE.is_token(text)
    assert HERE.visitor(text) is None


def test_guessing_stops_after_ten_wrong_tokens_a_minute_for_the_guesser_only() -> None:
    clock = [0.0]
    checks = RequestChecks(ROOM, now=lambda: clock[0])
    assert ROOM.token is not None
    guesser, other = request(), request()
    guesser.remote_ip, other.remote_ip = "192.168.1.66", "192.168.1.7"
    assert [checks.try_token("wrong", guesser) for _ in range(WRONG_TOKENS)] == [REFUSALS.wrong_token] * WRONG_TOKENS
    assert checks.try_token(ROOM.token, guesser) is REFUSALS.too_many_tries
    assert checks.try_token("wrong", other) is REFUSALS.wrong_token
    assert checks.try_token(ROOM.token, other) is None
    assert checks.refusal(request(host="192.168.1.20", Cookie=f"t4c-pass={ROOM.new_pass()}")) is None
    clock[0] = 61.0
    assert checks.try_token(ROOM.token, guesser) is None


@given(st.text(max_size=40))
def test_nobody_is_sent_on_to_another_site(address: str) -> None:
    went = local_address(address)
    assert went.startswith("/")
    assert not went.startswith(("//", "/\\"))
    assert "\n" not in went
    assert "\r" not in went


def test_the_token_is_taken_out_of_the_address_and_the_rest_stays() -> None:
    assert without_token(request("/forum?organisation=DEMO-AC&token=abc")) == "/forum?organisation=DEMO-AC"
    assert without_token(request("//rebound.example/?token=abc")) == "/"


def test_every_answer_carries_the_headers_and_not_the_name_of_the_program() -> None:
    headers = HTTPHeaders({"Server": "TornadoServer/6", "X-Frame-Options": "ALLOWALL"})
    harden(headers, "default-src 'self'; connect-src 'self' blob:; frame-ancestors 'none'", "127.0.0.1:8866")
    assert "Server" not in headers
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "connect-src ws://127.0.0.1:8866 wss://127.0.0.1:8866 'self' blob:" in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "camera=()" in headers["Permissions-Policy"]


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/forum", "/forum"),
        ("/Ada Example", "(other)"),
        ("/voila/templates/t4c/static/t4c.css", "/voila/templates/t4c/static/t4c.css"),
        ("/voila/templates/Ada Example", "(other)"),
        ("/api/kernels/0a0a0a0a-0a0a-0a0a-0a0a-0a0a0a0a0a0a/channels", "/api/kernels/ID/channels"),
        ("/voila/api/shutdown/0a0a0a0a-0a0a-0a0a-0a0a-0a0a0a0a0a0a", "/voila/api/shutdown/ID"),
        ("/here/0a0a0a0a-0a0a-0a0a-0a0a-0a0a0a0a0a0a", "/here/ID"),
        ("/here/Ada", "(other)"),
        ("/api/kernels/Ada", "(other)"),
    ],
)
def test_the_log_names_our_addresses_only(path: str, shown: str) -> None:
    assert route(path, frozenset({"/forum"})) == shown


def raise_with(text: str) -> None:
    raise RuntimeError(text)


def test_a_failure_is_logged_by_kind_and_place_and_its_words_go_to_the_window_only(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = ServerLog(tmp_path / "log" / "serve.jsonl")
    try:
        raise_with("Ann Example typed this")
    except RuntimeError as error:
        reference = record_failure(log, error, where="/forum")
    log.close()
    text = (tmp_path / "log" / "serve.jsonl").read_text(encoding="utf-8")
    line = json.loads(text)
    assert (line["event"], line["reference"], line["where"], line["kind"]) == (
        "failure",
        reference,
        "/forum",
        "RuntimeError",
    )
    assert line["places"][-1].startswith("test_guards.py:")
    assert line["places"][-1].endswith(" raise_with")
    assert "Ann Example" not in text
    assert f"Error {reference} in /forum: RuntimeError: Ann Example typed this" in capsys.readouterr().err


def test_places_are_read_from_a_cells_traceback_without_its_values() -> None:
    text = (
        "\x1b[31mRuntimeError\x1b[39m   Traceback (most recent call last)\n"
        "\x1b[36mCell\x1b[39m\x1b[36m \x1b[39m\x1b[32mIn[1]\x1b[39m\x1b[32m, line 2\x1b[39m\n"
        "\x1b[36mFile \x1b[39m\x1b[32m/home/ann/t4c_lib/panels/forum.py:12\x1b[39m, in "
        "\x1b[36mforum\x1b[39m(name='Ann')\n"
        "RuntimeError: Ann Example"
    )
    assert places(CellExecutionError(text, "RuntimeError", "Ann Example")) == ["In[1]:2", "forum.py:12 forum"]
    assert places(ValueError("never raised")) == []


def test_the_log_is_put_aside_when_it_is_large_and_only_the_newest_are_kept(tmp_path: Path) -> None:
    log = ServerLog(tmp_path / "serve.jsonl")
    for _ in range(FILES_KEPT + 3):
        log.write("padding", text="x" * (LARGEST_FILE // 2))
        log.write("padding", text="x" * (LARGEST_FILE // 2))
    log.close()
    files = sorted(tmp_path.iterdir())
    assert len(files) == FILES_KEPT
    assert all(file.stat().st_size <= LARGEST_FILE + 200 for file in files)
    assert all(json.loads(line)["event"] == "padding" for line in files[0].read_text().splitlines())


def test_references_can_be_read_out() -> None:
    references = {new_reference() for _ in range(200)}
    assert len(references) == 200
    assert {len(reference) for reference in references} == {9}
    assert not set("".join(references)) & set("01OILU")


@pytest.mark.parametrize(("typed", "base"), [("", "/"), ("/", "/"), ("t4c", "/t4c/"), ("/a/b.c/", "/a/b.c/")])
def test_a_base_has_a_slash_at_either_end(typed: str, base: str) -> None:
    assert base_path(typed) == base


@pytest.mark.parametrize("typed", ["https://plan.example/t4c", "/a//b", "/../x", "/a b", "/a?b", "/é"])
def test_what_is_no_path_is_refused(typed: str) -> None:
    with pytest.raises(T4CError, match="--base-url"):
        base_path(typed)


@pytest.mark.parametrize(
    ("asked", "inside"),
    [("/t4c/forum?a=1", "/forum"), ("/t4c/", "/"), ("/t4c", "/"), ("/forum", "/forum"), ("/t4cx/a", "/t4cx/a")],
)
def test_a_base_is_taken_off_where_it_stands(asked: str, inside: str) -> None:
    one = request(asked)
    take_base_off(one, "/t4c/")
    assert one.path == inside
    assert without_token(one, "/t4c/") == f"/t4c{inside}{'?a=1' if '?' in asked else ''}"
