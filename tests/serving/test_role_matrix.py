"""Every role tries every kind of action, over HTTP and over the websocket of a kernel; refusals are said in words."""

from __future__ import annotations

import asyncio
import json
import re
import threading
from collections.abc import Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest
import websocket

from t4c_lib.store import Store
from t4c_lib.store.people import KINDS, roles
from tests.open_page import OpenPage
from tests.samples import some_of
from tests.served import PATIENCE, Served
from tests.serving.asking import Answer, ask, message, open_line
from tests.serving.role_cells import (
    ACTIONS,
    CODE,
    EVERY_PAGE,
    IN_WORDS,
    RESET,
    TABLE,
    cells,
    prepared,
    query,
    said_of,
    what_is_kept,
    words_on,
)
from tests.signed import LOGINS

HEADER = "X-Remote-User"
ELSEWHERE = {"note", "people", "restore"}  # no page saves these: tests/store/test_store_people.py


class Desk:
    """The server, and the pages that people of each role have open there."""

    def __init__(self, file: Path, own: Path) -> None:
        self.file, self.own = file, own
        settings = {"T4C_OWN_PARAMETERS": str(own)}
        options = ("--sign-in", HEADER, "--proxy", "127.0.0.1")
        self.server = Served(database=f"sqlite:///{file}", options=options, settings=settings)
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, daemon=True).start()
        self._open: dict[tuple[str, str], OpenPage] = {}

    def run(self, what: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(what, self._loop).result(2 * PATIENCE)

    def page(self, role: str, name: str) -> OpenPage:
        """One that stays open while its role is tried."""
        if (role, name) not in self._open:
            self.leave(but=role)
            page = OpenPage(self.server.address, name, {HEADER: role})
            self.run(page.load(query(name)))
            self._open[role, name] = page
        return self._open[role, name]

    def leave(self, but: str = "") -> None:
        for one in [one for one in self._open if one[0] != but]:
            self.run(self._open.pop(one).leave())

    def send(self, page: OpenPage, widget: str, content: dict[str, Any]) -> None:
        files = [content["file"]] if "file" in content else []
        self.run(page.send(widget, *files, **{name: one for name, one in content.items() if name != "file"}))

    def ask(self, role: str, path: str, method: str = "GET", body: bytes | None = None, **more: str) -> Answer:
        headers = {HEADER: role, "Accept": "text/html", **more}
        return ask(self.server, path, method, headers, body)

    @property
    def kept(self) -> Any:
        return what_is_kept(self.file, self.own)

    def close(self) -> None:
        self.leave()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self.server.stop()


@pytest.fixture(scope="module")
def desk(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("roles")
    (folder / "own").mkdir()
    made = Desk(prepared(demonstration, folder), folder / "own")
    yield made
    made.close()


@pytest.mark.law
def test_the_rules_are_those_of_the_guide_and_every_kind_of_save_is_tried() -> None:
    assert {str(role) for role in roles()} == set(LOGINS) == set(TABLE)
    for role, rule in roles().items():
        opens = rule.pages or set(EVERY_PAGE) - {"audit"}
        assert (rule.saves, rule.sides, opens) == TABLE[role], role
    assert {one.saves for one in ACTIONS.values()} == set(KINDS) - ELSEWHERE == set(IN_WORDS)
    assert {one: KINDS[one] for one in IN_WORDS} == IN_WORDS


@pytest.mark.law
@pytest.mark.parametrize("role", LOGINS)
def test_over_http_a_role_gets_its_pages_and_their_files_and_of_the_others_the_reason(desk: Desk, role: str) -> None:
    before = desk.kept
    for name in EVERY_PAGE:
        for path in (f"/{name}", f"/{name}.html"):
            if name in TABLE[role].pages:
                answer = desk.ask(role, f"{path}?organisation={CODE}", "HEAD")
                assert answer.status == 405, path  # it may be opened, by GET
                continue
            answer = desk.ask(role, f"{path}?organisation={CODE}")
            assert answer.status == 403, path
            assert f"You are signed in as {LOGINS[role]} (" in answer.text
            assert "This page is not among those of that role." in answer.text
    assert desk.kept == before


@pytest.mark.law
@pytest.mark.parametrize("role", LOGINS)
def test_a_rounds_link_is_for_those_who_may_open_the_forum_of_its_organisation(desk: Desk, role: str) -> None:
    asked = json.dumps({"organisation": CODE, "round": 1}).encode()
    known = 200 if "forum" in TABLE[role].pages else 403
    assert desk.ask(role, "/join-link", "POST", asked).status == known


@pytest.mark.flow
@pytest.mark.detail
@pytest.mark.parametrize(
    ("role", "name"), [(role, name) for role in LOGINS for name in EVERY_PAGE if name in TABLE[role].pages]
)
def test_over_http_what_a_role_may_open_comes_whole_and_so_does_its_file(desk: Desk, role: str, name: str) -> None:
    before = desk.kept
    for path in (f"/{name}", f"/{name}.html"):
        answer = desk.ask(role, f"{path}?organisation={CODE}")
        assert answer.status == 200, path
        assert "This part of the page could not be made" not in answer.text
        assert path.endswith(".html") or f"Signed in as {LOGINS[role]}, " in answer.text
    assert desk.kept == before


# Those first that say most: what a partner may and may not, and who leads rounds. Each further page takes a second.
FIRST = [
    ("facilitator", "enter an X in a round"),
    ("facilitator", "close a round"),
    ("partner", "save a row of the plan"),
    ("partner", "enter an X in a round"),
    ("partner", "settle a round"),
    ("partner", "close a round"),
    ("partner", "record an agreement"),
    ("analyst", "save a row of the plan"),
    ("analyst", "enter an X in a round"),
]
ORDERED = [one for one in cells() if one in FIRST] + [one for one in cells() if one not in FIRST]


@pytest.mark.law
@pytest.mark.parametrize(("role", "action"), some_of(ORDERED, len(FIRST)))
def test_over_the_websocket_a_role_does_what_it_may_and_is_told_why_not(desk: Desk, role: str, action: str) -> None:
    saves, name, messages = ACTIONS[action]
    with Store.open(desk.file) as store:
        of = said_of(store, role)
    before = desk.kept
    if name not in TABLE[role].pages:
        assert saves not in TABLE[role].saves
        refused_at_the_door(desk, role, name, messages(of))
        assert desk.kept == before
        return
    page = desk.page(role, name)
    main = page.find("kind", name)
    for content in RESET[name]:
        desk.send(page, main, content)
    why = f"You are signed in as {of['name']} ("
    told = re.compile(rf"{re.escape(why)}[^.]*\): that role does not save {re.escape(IN_WORDS[saves])}\.")
    for content in messages(of):
        desk.send(page, main, {"by": of["name"], "side": of["side"], **content})
    after, words = desk.kept, words_on(page.widgets)
    if saves in TABLE[role].saves:
        newest = after[2][0]
        assert (newest.action, newest.login, newest.by or of["name"]) == (saves, role, of["name"])
        assert after[0] != before[0] or after[1] != before[1]
        assert not told.search(words)
    else:
        assert after == before
        assert told.search(words), words  # in an answer, or in the place of the form


def refused_at_the_door(desk: Desk, role: str, name: str, messages: list[dict[str, Any]]) -> None:
    """Whoever can't open a page gets the reason, no line to another's, and their own page knows no such message."""
    answer = desk.ask(role, f"/{name}?organisation={CODE}")
    assert (answer.status, "This page is not among those of that role." in answer.text) == (403, True)
    other, mine = OpenPage(desk.server.address, name, {HEADER: "facilitator"}), desk.page(role, "board")
    desk.run(other.load(query(name)))
    with pytest.raises(websocket.WebSocketBadStatusException) as refused:
        open_line(desk.server, other.kernel, headers={HEADER: role})
    assert refused.value.status_code == 404
    desk.run(other.leave())
    for widget in [one for one, state in mine.widgets.items() if "kind" in state]:
        for content in messages:
            desk.send(mine, widget, content)


@pytest.mark.law
@pytest.mark.parametrize("role", some_of(["board-reader", *(one for one in LOGINS if one != "board-reader")], 1))
def test_nobody_has_code_run_in_their_kernel_not_even_to_change_the_list_of_people(desk: Desk, role: str) -> None:
    before, page = desk.kept, desk.page(role, "board")
    cookie = page._cookie()
    line = open_line(desk.server, page.kernel, cookie=cookie, headers={HEADER: role})
    code = "from t4c_lib.store import Store; Store.open().set_people('people: []', 'people.yaml')"
    line.send_binary(message("execute_request", {"code": code, "silent": False}))
    while (frame := line.recv_data())[0] != websocket.ABNF.OPCODE_CLOSE:
        pass
    assert frame[1][2:].decode() == "Pages may send widgets' messages only."
    assert desk.kept == before
