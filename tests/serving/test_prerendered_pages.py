"""Pages are kept and sent at once: no kernel is started for them, and they hold until something of theirs is saved."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import psutil  # type: ignore[import-untyped]
import pytest

from t4c_lib.charts.renderer import RENDERER
from t4c_lib.store import Store
from tests.plan.plan_making import with_target
from tests.served import PATIENCE, Served, write_page
from tests.serving.asking import ask, is_paint, own_origin, painted

pytestmark = pytest.mark.flow
PAGE = "/forum?organisation="


@pytest.fixture(scope="module")
def painting(own_file: Path) -> Iterator[Served]:
    server = Served(database=f"sqlite:///{own_file}")
    yield server
    server.stop()


def save_again(file: Path, code: str) -> None:
    with Store.open(file) as store:
        latest = store.latest_plan(code)
        assert latest is not None
        target = latest.plan.targets[0]
        less = replace(target.change, amount=round(target.change.amount * 0.9, 4))
        changed = with_target(latest.plan, target._replace(change=less))
        store.save_plan(changed, by="Ada Example", side="management", parent_revision=latest.revision)


def test_a_kept_page_is_whole_and_starts_no_kernel(painting: Served) -> None:
    opened = f"{PAGE}DEMO-AC&measure=young-share"
    first = ask(painting, opened)
    assert not is_paint(first)
    before = {one.pid for one in painting.kernels()}
    answer = painted(painting, opened)
    before |= {one.pid for one in painting.kernels()}  # others that asked before it was kept
    assert ask(painting, opened).text == answer.text
    assert {one.pid for one in painting.kernels()} <= before
    assert 'name="x_amount"' in answer.text
    assert 'type="application/json"' not in answer.text
    assert answer.text.count('<svg aria-hidden="true"') == 2  # the chart, wide and narrow


@pytest.mark.detail
def test_a_server_draws_in_one_process_which_ends_with_it(tmp_path: Path) -> None:
    write_page(tmp_path / "page.ipynb", "A page", "Nothing but text")
    server = Served(tmp_path, settings={RENDERER: ""})  # it shares nobody's
    drawing = [
        one for one in psutil.Process(server.process.pid).children() if "draw_for_others" in " ".join(one.cmdline())
    ]
    assert len(drawing) == 1
    server.interrupt()
    drawing[0].wait(PATIENCE)


def test_a_browser_that_has_it_is_told_so(painting: Served) -> None:
    answer = painted(painting, f"{PAGE}DEMO-AC")
    assert answer.headers["Cache-Control"] == "private, no-cache"
    again = ask(painting, f"{PAGE}DEMO-AC", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status, again.text) == (304, "")
    other = ask(painting, f"{PAGE}DEMO-AC", headers={"If-None-Match": '"another"'})
    assert is_paint(other)


def test_a_save_renews_its_own_organisations_pages_and_no_others(painting: Served, own_file: Path) -> None:
    for code in ("DEMO-AC", "DEMO-CO"):
        painted(painting, f"{PAGE}{code}")
    save_again(own_file, "DEMO-AC")
    assert is_paint(ask(painting, f"{PAGE}DEMO-CO"))
    for code in ("DEMO-AC", "demo-ac"):
        assert not is_paint(ask(painting, f"{PAGE}{code}"))
    assert "saved" in painted(painting, f"{PAGE}DEMO-AC").text


@pytest.mark.detail
def test_another_audience_has_a_paint_of_its_own(painting: Served) -> None:
    inside = painted(painting, f"{PAGE}DEMO-AC")
    published = painted(painting, f"{PAGE}DEMO-AC&audience=published")
    assert inside.text != published.text


@pytest.mark.detail
def test_an_address_with_a_fault_is_not_kept(painting: Served) -> None:
    for _ in range(2):
        assert not is_paint(ask(painting, f"{PAGE}DEMO-AC&colour=red"))


def test_thirty_at_once_get_the_whole_page(painting: Served) -> None:
    whole = painted(painting, f"{PAGE}DEMO-AC").text
    before = {one.pid for one in painting.kernels()}
    with ThreadPoolExecutor(30) as pool:
        answers = list(pool.map(lambda _: ask(painting, f"{PAGE}DEMO-AC"), range(30)))
    assert {answer.text for answer in answers} == {whole}
    assert {one.pid for one in painting.kernels()} <= before


def test_what_is_alive_of_a_page_is_asked_for(painting: Served) -> None:
    answer = painted(painting, f"{PAGE}DEMO-AC")
    before = {one.pid for one in painting.kernels()}
    cookies = [one.partition(";")[0] for one in answer.headers.get_all("Set-Cookie") or ()]
    (token,) = (one.partition("=")[2] for one in cookies if one.startswith("_xsrf="))
    headers = {"Origin": own_origin(painting), "Cookie": "; ".join(cookies), "X-XSRFToken": token}
    live = json.loads(ask(painting, f"{PAGE}DEMO-AC", "POST", headers, b"").text)
    assert set(live) == {"kernel", "state", "server", "outputs", "widgets"}
    assert all(f'data-{one}="{live[one]}"' in answer.text for one in ("state", "server"))
    assert len(live["outputs"]) == 2  # the frame and the page
    assert "text/html" not in json.dumps(live["outputs"])
    assert len({one.pid for one in painting.kernels()} - before) == 1


def test_another_site_can_ask_for_no_kernel(painting: Served) -> None:
    refused = ask(painting, f"{PAGE}DEMO-AC", "POST", {"Origin": "https://elsewhere.example"}, b"")
    assert refused.status == 403
    no_word = ask(painting, f"{PAGE}DEMO-AC", "POST", {"Origin": own_origin(painting)}, b"")
    assert no_word.status == 403


def test_without_the_token_there_is_no_paint(own_file: Path) -> None:
    server = Served(
        database=f"sqlite:///{own_file}", settings={"T4C_TOKEN": "three unrelated words", "T4C_TOKEN_ON_LOOPBACK": "1"}
    )
    try:
        with_token = {"Authorization": "Bearer three unrelated words"}
        answer = painted(server, f"{PAGE}DEMO-AC", with_token)
        assert answer.headers["Cache-Control"] == "no-store"  # nothing of it stays on a computer that others use
        for headers in ({}, {"Authorization": "Bearer three unrelated birds"}):
            refused = ask(server, f"{PAGE}DEMO-AC", headers=headers)
            assert refused.status == 403
            assert "data-kernel" not in refused.text
    finally:
        server.stop()
