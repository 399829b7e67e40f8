"""A page that was kept: on the screen at once, alive behind it without a move, and readable without a server."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from t4c_lib.store import Store
from tests.browser.conftest import alive, watched_page
from tests.browser.forum_row import press_save, revision, said, saved_x, sign, x_of
from tests.served import PATIENCE, Served
from tests.serving.asking import ask, is_paint, painted

pytestmark = pytest.mark.browser
PAGE = "forum?organisation=DEMO-CO&measure=young-share"
# Which server the page is of, and what stands in its rows: read in one go.
STANDS = """() => [document.documentElement.dataset.server, document.querySelectorAll('.t4c-chart svg').length,
    [...document.querySelectorAll('.f-rows tr:not(.f-opened)')]
        .filter((row) => row.checkVisibility()).map((row) => row.innerText)]"""
SHIFTS = """
globalThis.shifts = [];
new PerformanceObserver((list) => {
  for (const one of list.getEntries()) {
    globalThis.shifts.push([one.value, one.sources.map(({ node }) => node?.className ?? node?.nodeName)]);
  }
}).observe({ type: 'layout-shift', buffered: true });
"""


@pytest.fixture(scope="module")
def server(own_file: Path) -> Iterator[Served]:
    server = Served(database=f"sqlite:///{own_file}")
    yield server
    server.stop()


@pytest.fixture
def painting(server: Served) -> Served:
    """A server that has the page painted as it is now."""
    painted(server, f"/{PAGE}")
    return server


def open_page(page: Page, server: Served) -> None:
    page.goto(f"{server.address}{PAGE}", wait_until="commit")


def hold_back(page: Page) -> list[Route]:
    """Keep the page's first question for a kernel from the server until somebody lets it go."""
    held: list[Route] = []

    def first(route: Route) -> None:
        if route.request.method == "POST" and not held:
            held.append(route)
        else:
            route.continue_()

    page.route("**/forum*", first)
    return held


def let_go(page: Page, held: list[Route]) -> None:
    """Let the page have its kernel, once all of it was read; it is alive then."""
    page.wait_for_function("() => document.readyState === 'complete'")
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        held[0].continue_()
    alive(page)


def test_it_comes_alive_and_nothing_moves(page: Page, painting: Served, own_file: Path) -> None:
    page.add_init_script(SHIFTS)
    open_page(page, painting)
    drawn = page.locator(".t4c-chart svg:visible")
    expect(drawn).to_have_count(1)  # of the two the one that fits, before any program is there
    expect(page.locator("#t4c-boot")).to_have_count(0)
    expect(drawn).to_have_count(1)
    assert [one for one in page.evaluate("globalThis.shifts") if one[0] > 0] == []
    page.get_by_label("Baseline", exact=True).select_option("newest")
    x_of(page).fill("1.4")
    page.get_by_label("By the end of").select_option("March 2028")
    sign(page)
    press_save(page)
    expect(said(page)).to_contain_text("Saved:")
    expect(saved_x(page)).to_contain_text("+1.4 points")
    with Store.open(own_file) as store:
        latest = store.latest_plan("DEMO-CO")
    assert latest is not None
    assert latest.plan.targets[0].change.amount == pytest.approx(0.014)


def test_what_was_typed_before_it_is_alive_counts(page: Page, painting: Served) -> None:
    held = hold_back(page)
    open_page(page, painting)
    name = page.get_by_label("Your name")
    sign(page)
    x_of(page).fill("1.6")
    name.evaluate("(field) => { field.mark = 'the same'; field.focus(); }")
    let_go(page, held)
    expect(name).to_have_value("Ada Example")
    expect(name).to_be_focused()
    assert name.evaluate("(field) => field.mark") == "the same"
    expect(x_of(page)).to_have_value("1.6")
    expect(page.locator(".f-unsaved:visible")).to_have_count(1)
    press_save(page)
    expect(revision(page)).to_contain_text("by Ada Example")
    expect(saved_x(page)).to_contain_text("+1.6 points")


@pytest.mark.detail
def test_a_comma_typed_before_it_is_alive_makes_no_number_ten_times_as_large(page: Page, painting: Served) -> None:
    held = hold_back(page)
    open_page(page, painting)
    amount = x_of(page)
    amount.press("Control+A")
    amount.press_sequentially("1,5")
    let_go(page, held)
    expect(page.locator(".f-answer")).to_contain_text("A comma can't be read here: type it again, such as 1.5 or 1500.")


@pytest.mark.detail
def test_a_press_is_not_done_if_somebody_saved_while_the_page_opened(
    page: Page, painting: Served, own_file: Path
) -> None:
    held = hold_back(page)
    open_page(page, painting)
    page.wait_for_function("() => document.readyState === 'complete'")
    sign(page, "Bob Second")
    press_save(page)
    with Store.open(own_file) as store:
        before = store.latest_plan("DEMO-CO")
        assert before is not None
        measure = before.plan.measures[0].changed(post="Head of Something Else")
        plan = before.plan.changed(measures=(measure, *before.plan.measures[1:]))
        saved = store.save_plan(plan, by="Ada First", side="both", parent_revision=before.revision)
    held[0].continue_()
    expect(page.get_by_role("alert").filter(has_text="Somebody saved while this page opened")).to_be_visible()
    expect(page.get_by_label("Your name")).to_have_value("Bob Second")
    with Store.open(own_file) as store:
        latest = store.latest_plan("DEMO-CO")
    assert latest is not None
    assert latest.revision == saved.revision


@pytest.mark.detail
def test_it_can_be_read_while_the_server_is_full(chromium: Browser, own_file: Path) -> None:
    server = Served(database=f"sqlite:///{own_file}", settings={"T4C_MOST_PAGES": "1"})
    try:
        with watched_page(chromium) as first, watched_page(chromium) as second:
            open_page(first, server)
            expect(first.locator("#t4c-boot")).to_have_count(0)
            until = time.monotonic() + PATIENCE
            while not is_paint(ask(server, f"/{PAGE}")):
                assert time.monotonic() < until
                time.sleep(0.1)
            open_page(second, server)
            expect(second.get_by_role("button", name="Save measure")).to_be_visible()
            expect(second.get_by_role("alert").filter(has_text="as soon as there is room")).to_be_visible()
            first.goto("about:blank")
            expect(second.locator("#t4c-boot")).to_have_count(0)
            expect(second.locator("#t4c-lost")).to_be_hidden()
    finally:
        server.stop()


@pytest.mark.detail
def test_with_the_server_started_again_it_goes_on_where_it_stands(page: Page, own_file: Path) -> None:
    server = Served(database=f"sqlite:///{own_file}")
    port = int(server.address.rsplit(":", 1)[1].strip("/"))
    open_page(page, server)
    sign(alive(page))
    x_of(page).fill("1.7")
    page.evaluate("globalThis.stillThis = true")
    page.locator(".t4c-chart svg").first.wait_for()
    # The whole answer to what was typed: what is quick, then what it takes.
    expect(page.locator(".f-waiting")).to_have_count(0)
    expect(page.get_by_text("Working out what it takes…")).to_have_count(0)
    before, charts, figures = page.evaluate(STANDS)
    assert charts
    assert figures
    server.process.kill()
    server.stop()
    again = Served(database=f"sqlite:///{own_file}", port=port)
    try:
        while (now := page.evaluate(STANDS))[0] == before:
            assert now == [before, charts, figures]
        offer = page.get_by_role("status").filter(has_text="You had typed something here that was not saved")
        offer.get_by_role("button", name="Put it back").click()
        expect(page.get_by_text("What you had typed is back.")).to_be_visible()
        expect(page.get_by_label("Your name")).to_have_value("Ada Example")
        expect(x_of(page)).to_have_value("1.7")
        press_save(page)
        expect(said(page)).to_contain_text("Saved:")
        expect(saved_x(page)).to_contain_text("+1.7 points")
        assert page.evaluate("globalThis.stillThis")
        assert page.locator("#t4c-lost").is_hidden()
    finally:
        again.stop()


def test_with_the_server_gone_it_can_be_read_and_comes_back(
    page: Page, painting: Served, own_file: Path, axe: Callable[[Page], list[str]]
) -> None:
    """The last test of this file, for it stops the server that the others use."""
    held = hold_back(page)
    open_page(page, painting)
    sign(page)
    page.wait_for_function("() => document.readyState === 'complete'")
    figures = page.locator(".t4c-main").inner_text()
    port = int(painting.address.rsplit(":", 1)[1].strip("/"))
    painting.stop()
    held[0].abort()
    expect(page.locator(".t4c-frame [data-part=line]")).to_contain_text("Not connected: figures as at")
    expect(page.locator("#t4c-lost")).to_be_visible()
    assert page.locator(".t4c-main").inner_text() == figures
    assert axe(page) == []
    again = Served(database=f"sqlite:///{own_file}", port=port)
    try:
        expect(page.locator("#t4c-boot")).to_have_count(0)
        expect(page.locator("#t4c-lost")).to_be_hidden()
        expect(page.get_by_label("Your name")).to_have_value("Ada Example")
    finally:
        again.stop()
