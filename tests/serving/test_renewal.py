"""Pages are painted before anybody asks for them: when the server starts, and anew after a save."""

import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from t4c_lib.serving.kernels import can_fork
from t4c_lib.serving.prerendered_pages import OF_A_MEETING
from t4c_lib.store import Store
from tests.served import PATIENCE, Served
from tests.serving.asking import ask, is_paint
from tests.serving.test_prerendered_pages import save_again

pytestmark = pytest.mark.flow
TOKEN = "three unrelated words"


@pytest.fixture
def ahead(demonstration: Path, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[tuple[Served, Path]]:
    """A server that asks for a token, paints ahead (4 pages if nothing else is asked), and keeps a log; its store."""
    log, file = tmp_path / "serve.jsonl", tmp_path / "store.sqlite"
    shutil.copy(demonstration, file)
    most = getattr(request, "param", "4")
    settings = {"T4C_PAINT_AHEAD": most, "T4C_LOG": str(log), "T4C_TOKEN": TOKEN, "T4C_TOKEN_ON_LOOPBACK": "1"}
    server = Served(database=f"sqlite:///{file}", settings=settings)
    yield server, file
    server.stop()


def within_patience(holds: Callable[[], bool], what: str) -> None:
    until = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < until, what
        time.sleep(0.1)


def painted(server: Served, page: str) -> int:
    """How often it was made, whoever asked."""
    return server.log.read_text(encoding="utf-8").count(f'"route":"/{page}.html","status":200')


@pytest.mark.detail
def test_pages_are_painted_when_the_server_starts_and_after_a_save_with_nobody_asking(
    ahead: tuple[Served, Path],
) -> None:
    server, file = ahead
    admitted = ask(server, f"/home?token={TOKEN.replace(' ', '%20')}")
    cookie = {"Cookie": str(admitted.headers["Set-Cookie"]).partition(";")[0]}

    def is_painted_more_often_than(times: int, page: str) -> None:
        within_patience(lambda: painted(server, page) > times, f"{page} is painted {times + 1} times")
        assert is_paint(ask(server, f"/{page}", headers=cookie))

    for page in ("home", "forum"):
        is_painted_more_often_than(0, page)
    with Store.open(file) as store:
        code = next(one.code for one in store.organisations() if one.code.startswith("DEMO-A"))
    save_again(file, code)
    for page in ("home", "forum"):
        is_painted_more_often_than(1, page)
    within_patience(lambda: not server.kernels(), "no kernel is left of it")


@pytest.mark.detail
@pytest.mark.skipif(not can_fork(), reason="pages of all plans are painted ahead where kernels can be forked")
@pytest.mark.parametrize("ahead", ["40"], indirect=True)
def test_the_pages_of_a_meeting_are_painted_of_every_organisation_with_a_plan(ahead: tuple[Served, Path]) -> None:
    server, file = ahead
    admitted = ask(server, f"/health?token={TOKEN.replace(' ', '%20')}")
    cookie = {"Cookie": str(admitted.headers["Set-Cookie"]).partition(";")[0]}
    with Store.open(file) as store:
        codes = store.organisations_with_plans()
    for page in OF_A_MEETING:
        within_patience(lambda page=page: painted(server, page) > len(codes), page)  # type: ignore[misc]
        assert is_paint(ask(server, f"/{page}?organisation={max(codes)}", headers=cookie))
