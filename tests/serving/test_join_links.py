"""Join links: six words that nobody guesses, read in whatever way they are typed, open one round and nothing else."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlencode

import pytest
import websocket
from hypothesis import given
from hypothesis import strategies as st

from t4c_lib.serving.access import WRONG_TOKENS
from t4c_lib.serving.join_round import WORDS, JoinLinks, new_words, read_words, word_list
from t4c_lib.store import Store
from tests.served import Served
from tests.serving.asking import Answer, ask, own_origin

CODE = "DEMO-AC"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
SOWN = "4.3219"


@pytest.mark.unit
def test_a_link_has_at_least_sixty_bits_of_words_that_four_letters_tell_apart() -> None:
    assert len(word_list()) ** WORDS >= 2**60
    assert len(word_list()) == 2048
    assert all(re.fullmatch("[a-z]{3,8}", word) for word in word_list().values())
    assert len({new_words() for _ in range(200)}) == 200


@pytest.mark.law
@given(st.lists(st.sampled_from(sorted(word_list().values())), min_size=WORDS, max_size=WORDS), st.data())
def test_words_are_read_in_any_case_with_any_signs_between_them(words: list[str], data: st.DataObject) -> None:
    between = st.sampled_from([" ", "-", "  ", ", ", " - ", "\n", "_", "."])
    typed = [data.draw(st.sampled_from([one, one.upper(), one.title(), one[: max(4, len(one) - 2)]])) for one in words]
    assert read_words("".join(one + data.draw(between) for one in typed)) == tuple(words)


@pytest.mark.law
@given(st.text())
def test_other_texts_open_nothing(text: str) -> None:
    links = JoinLinks()
    links.of_round(CODE, 1)
    assert links.find(text) is None


@pytest.mark.unit
def test_a_slip_in_a_word_or_a_word_too_many_is_no_secret() -> None:
    links = JoinLinks()
    link = links.of_round(CODE, 1)
    assert links.of_round(CODE, 1) is link
    assert links.find(" ".join(link.words).title()) is link
    assert links.find(f"{link.path}-zoo") is None
    assert links.find("-".join(link.words[:-1])) is None
    assert links.find(link.path + "xyz") is None
    assert str(link.words[0]) not in repr(link)  # which a traceback would show


@dataclass
class Room:
    """A server that others can reach, with a round that is open, and its link."""

    server: Served
    store: Store
    number: int
    words: str
    log: Path

    def enter(self, cookie: str, **typed: str) -> Answer:
        body = urlencode({"side": "staff", "amount": SOWN, "kind": "level", **typed}).encode()
        return ask(self.server, f"/join/{self.words}", "POST", {**FORM, "Cookie": cookie}, body)

    def device(self) -> str:
        """The cookie of a device that opened the link."""
        found = re.search(r"t4c-device=[\w-]+", str(ask(self.server, f"/join/{self.words}").headers["Set-Cookie"]))
        assert found is not None
        return found[0]


def link_of(server: Served, number: int, **headers: str) -> Answer:
    body = json.dumps({"organisation": CODE, "round": number}).encode()
    return ask(server, "/join-link", "POST", {"Authorization": f"Bearer {server.token}", **headers}, body)


@pytest.fixture(scope="module")
def opened(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    folder = tmp_path_factory.mktemp("room")
    file = shutil.copy(demonstration, folder / "store.sqlite")
    with Store.open(file) as store:
        number = store.rounds.open(CODE, "young-share", by="Fern Example", named=False).number
        log = folder / "serve.jsonl"
        server = Served(database=f"sqlite:///{file}", host="0.0.0.0", settings={"T4C_LOG": str(log)})
        words = "-".join(re.findall(r"<span>([a-z]+)</span>", link_of(server, number).text))
        yield Room(server, store, number, words, log)
        server.stop()


@pytest.mark.flow
def test_a_device_enters_and_replaces_its_own_entry_and_no_other(opened: Room) -> None:
    first, second = opened.device(), opened.device()
    before = opened.store.rounds.status(CODE, opened.number).entered
    assert opened.enter(first).status == 303
    assert opened.enter(second, amount="9").status == 303
    assert opened.enter(first, amount="8").status == 303
    assert opened.store.rounds.status(CODE, opened.number).entered == before + 2
    page = ask(opened.server, f"/join/{opened.words.upper()}", headers={"Cookie": first}).text
    assert 'value="8"' in page
    assert 'value="9"' not in page
    assert 'value="8"' not in ask(opened.server, f"/join/{opened.words}").text


@pytest.mark.flow
def test_what_is_no_x_is_refused_at_its_field(opened: Room) -> None:
    device = opened.device()
    for typed, words in (
        ({"amount": "much"}, "A number belongs here"),
        ({"amount": ""}, "Enter your X, a number."),
        ({"amount": "140"}, "more than 100%"),
        ({"side": "both"}, "is not a side"),
        ({"kind": "wish"}, "wish"),
    ):
        answer = opened.enter(device, **typed)
        assert answer.status == 422, typed
        assert words in answer.text, typed
    answer = opened.enter("")
    assert answer.status == 409
    assert "keeps no cookies" in answer.text
    assert opened.enter(device, amount="9" * 5_000).status == 413


@pytest.mark.flow
def test_a_link_opens_nothing_else(opened: Room) -> None:
    device = opened.device()
    known = {"Cookie": device, "Accept": "text/html"}
    for path in ("/", "/home", "/forum", "/what_if", f"/forum?organisation={CODE}", "/enter/", "/forum.html"):
        assert ask(opened.server, path, headers=known).status in {303, 403}, path
    for path in ("/api/kernels", "/api/kernels/00000000-0000-0000-0000-000000000000/channels", "/voila/static/main.js"):
        assert ask(opened.server, path, headers={"Cookie": device}).status == 403, path
    for path in ("/forum", "/here/00000000-0000-0000-0000-000000000000", "/join-link"):
        assert ask(opened.server, path, "POST", {"Cookie": device}, b"{}").status == 403, path
    address = f"ws://127.0.0.1:{opened.server.address.split(':')[2].strip('/')}/api/kernels/0000/channels"
    with pytest.raises(websocket.WebSocketBadStatusException) as refused:
        websocket.create_connection(address, cookie=device, origin=own_origin(opened.server))
    assert refused.value.status_code == 403
    page = ask(opened.server, f"/join/{opened.words}", headers=known)
    assert opened.server.token not in page.text + str(page.headers)
    assert "form-action 'self'" in str(page.headers["Content-Security-Policy"])
    strange = {**FORM, "Cookie": device, "Origin": "http://elsewhere.example", "Sec-Fetch-Site": "cross-site"}
    assert ask(opened.server, f"/join/{opened.words}", "POST", strange, b"amount=1").status == 403


@pytest.mark.flow
def test_links_are_for_open_rounds_only_and_shown_to_who_has_the_token(opened: Room) -> None:
    assert link_of(opened.server, opened.number + 99).status == 404
    assert link_of(opened.server, opened.number, Authorization="").status == 403
    shown = link_of(opened.server, opened.number).text
    assert "<svg" in shown
    assert opened.server.token not in shown
    assert link_of(opened.server, opened.number).text == shown


@pytest.mark.flow
def test_on_this_computer_alone_the_page_says_how_others_could_join(demonstration: Path) -> None:
    server = Served(database=f"sqlite:///{demonstration}")
    try:
        shown = link_of(server, 1).text
    finally:
        server.stop()
    assert "Only this computer can reach the workbook" in shown
    assert "t4c serve --host 0.0.0.0" in shown


@pytest.mark.flow
def test_a_closed_round_takes_nothing_and_tells_its_result_to_who_took_part(opened: Room) -> None:
    number = opened.store.rounds.open(CODE, "pre-employment-partners", by="Fern Example", named=True).number
    words = "-".join(re.findall(r"<span>([a-z]+)</span>", link_of(opened.server, number).text))
    room = Room(opened.server, opened.store, number, words, opened.log)
    one, other = room.device(), room.device()
    assert room.enter(one, name="Bo Example", amount="31").status == 303
    taken = room.enter(other, name="bo example", amount="47")
    assert taken.status == 422
    assert "entered under this name from another device" in taken.text
    assert room.enter(one, name="Another Name", amount="32").status == 303  # its own entry, under its own name
    assert opened.store.rounds.status(CODE, number).names == ("Bo Example",)
    opened.store.rounds.close(CODE, number, by="Fern Example")
    late = room.enter(other, name="Di Example", amount="47")
    assert late.status == 409
    assert "Nothing more can be entered." in late.text
    assert [entry.partner for entry in opened.store.rounds.result(CODE, number).entries] == ["Bo Example"]
    assert "1 entry, 32." in ask(room.server, f"/join/{words}", headers={"Cookie": one}).text
    for stranger in (other, ""):
        page = ask(room.server, f"/join/{words}", headers={"Cookie": stranger}).text
        assert "is closed" in page
        assert "Bo Example" not in page
    assert link_of(opened.server, number).status == 404


@pytest.mark.flow
def test_guessing_is_refused_slowed_and_logged_without_what_was_guessed(opened: Room) -> None:
    device = opened.device()
    assert opened.enter(device).status == 303
    guess = urlencode({"words": "zoo zoo zoo zoo zoo wrong"}).encode()
    answers = [ask(opened.server, "/join/", "POST", FORM, guess).status for _ in range(WRONG_TOKENS + 1)]
    assert answers == [403] * WRONG_TOKENS + [429]
    assert ask(opened.server, f"/join/{opened.words}").status == 429  # the right ones too, or guessing would be told
    assert opened.enter(device, amount="7").status == 303  # who has entered stays in
    log = opened.log.read_text(encoding="utf-8")
    assert "/join/WORDS" in log
    for secret in ("zoo", SOWN, device.partition("=")[2], opened.server.token):
        assert secret not in log, secret
    for one, other in pairwise(opened.words.split("-")):  # a single word may be one that the log has of its own
        assert not re.search(rf"{one}\W+{other}", log), (one, other)
