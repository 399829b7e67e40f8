"""The pages below a path of another server: what works at a root works there, and nothing is asked for beside it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psutil  # type: ignore[import-untyped]
import pytest
from playwright.sync_api import Page, expect

from t4c_lib.store import Store
from tests.browser.conftest import alive, watched_page
from tests.browser.forum_row import press_save, said, saved_x, sentence, sign, x_of
from tests.proxy import Proxy
from tests.samples import some_of
from tests.served import PATIENCE, Served

pytestmark = pytest.mark.browser
BASE = "/plans/t4c/"


@pytest.fixture(scope="module")
def behind(own_file: Path) -> Iterator[Served]:
    server = Served(database=f"sqlite:///{own_file}", options=["--behind-proxy", "--base-url", BASE.strip("/")])
    yield server
    server.stop()


@pytest.fixture(params=some_of([True, False], 1), ids=some_of(["path passed on", "path taken off"], 1))
def proxy(behind: Served, request: pytest.FixtureRequest) -> Iterator[Proxy]:
    made = Proxy(behind, BASE, keeps_path=request.param)
    yield made
    made.close()


def test_a_page_opens_saves_and_goes(behind: Served, proxy: Proxy, page: Page, own_file: Path) -> None:
    assert behind.address.endswith(BASE)
    asked = f"{proxy.address}forum?organisation=DEMO-CO&measure=young-share"
    page.goto(asked)
    page.get_by_label("Token").fill(behind.token)
    page.keyboard.press("Enter")
    expect(x_of(page)).to_be_visible()
    assert page.url == asked
    alive(page)
    if proxy.keeps_path:
        page.get_by_label("Baseline", exact=True).select_option("newest")
        page.get_by_label("By the end of").select_option("March 2028")
    amount = 1.2 if proxy.keeps_path else 1.3
    x_of(page).fill(str(amount))
    expect(sentence(page)).to_contain_text(f"{amount} percentage points")
    expect(page.locator("[data-keep=chart]").get_by_role("img")).to_be_visible()
    sign(page)
    press_save(page)
    expect(said(page)).to_contain_text("Saved:")
    expect(saved_x(page)).to_contain_text(f"+{amount} points")
    with Store.open(own_file) as store:
        latest = store.latest_plan("DEMO-CO")
    assert latest is not None
    assert latest.plan.targets[0].change.amount == pytest.approx(amount / 100)
    health = page.evaluate("fetch(`${document.documentElement.dataset.base}health`).then((told) => told.json())")
    assert health["kernels"] >= 1
    for cookie in page.context.cookies():
        assert cookie["path"] == BASE, cookie
    ended = behind.kernels()
    assert ended
    page.goto("about:blank")
    assert not psutil.wait_procs(ended, timeout=PATIENCE)[1], "a page that is left takes its kernel along"
    assert proxy.strays == []


@pytest.mark.detail
def test_files_are_kept_by_the_browser(behind: Served, proxy: Proxy, page: Page) -> None:
    page.goto(f"{proxy.address}?token={behind.token}")
    page.goto(f"{proxy.address}forum?organisation=DEMO-CO")
    page.get_by_label("Your name").wait_for()
    fetched: list[tuple[str, bool]] = []
    with watched_page(page.context.browser) as other:  # type: ignore[arg-type]
        other.goto(f"{proxy.address}?token={behind.token}")
        for _ in range(2):
            fetched.clear()
            other.goto(f"{proxy.address}forum?organisation=DEMO-CO")
            other.get_by_label("Your name").wait_for()
            entries = other.evaluate(
                "performance.getEntriesByType('resource').map((one) => [one.name, one.transferSize])"
            )
            fetched += [(name, not size) for name, size in entries if "/static/" in name]
    assert {name.split("?")[0].rsplit("/", 1)[1] for name, _ in fetched} >= {"light.js", "light.css", "t4c.css"}
    assert all(kept for _, kept in fetched), fetched
    assert proxy.strays == []


@pytest.mark.detail
def test_a_line_that_is_lost_is_found_again_below_the_path(behind: Served, proxy: Proxy, page: Page) -> None:
    page.goto(f"{proxy.address}?token={behind.token}")
    page.goto(f"{proxy.address}forum?organisation=DEMO-CO")
    page.get_by_label("Your name").wait_for()
    page.clock.install()
    with page.expect_request(f"{proxy.address}health"):
        page.evaluate("globalThis.t4c.line.lost()")
        page.clock.run_for(11_000)
    assert proxy.strays == []
