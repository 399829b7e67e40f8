"""What every page has from its shell, shown on a small notebook of controls and a chart."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil  # type: ignore[import-untyped]
import pytest
from playwright.sync_api import Browser, Page, WebSocketRoute, expect

from tests.browser.conftest import alive, watched_page
from tests.served import PATIENCE, Served, write_page

pytestmark = pytest.mark.browser

CONTROLS = """
import ipywidgets as w
from t4c_lib.panels import Chart

def picture(n):
    values = [{"month": f"2026-0{i}", "people": 10 + i * n} for i in range(1, 7)]
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "description": f"People in post, rising by {n} a month",
        "width": "container", "height": 200, "mark": {"type": "line", "point": True}, "data": {"values": values},
        "encoding": {"x": {"field": "month", "type": "ordinal"}, "y": {"field": "people", "type": "quantitative"}},
    }

chart = Chart(picture(1))
meaning = w.Dropdown(options=[("Percentage points", 1), ("Relative", 2)], description="What X means")
meaning.observe(lambda change: chart.show(picture(change.new)), "value")
side = w.RadioButtons(options=["Management side", "Staff side"], description="Whose X")
save = w.Button(description="Save", button_style="primary")
share = w.FloatSlider(description="Share")
w.VBox([w.HBox([meaning, w.FloatText(description="X", value=2)]), side, share, save, chart])
"""
FAILING = "secret = 'Ann Example'\nraise RuntimeError(secret)"


PAGES = {
    "shell": ("A page of controls", "# Controls\n\nAnd a [link](/).", CONTROLS),
    "failing": ("A page that fails", "# Failing", FAILING),
}


def open_controls(page: Page, server: Served) -> None:
    page.goto(server.address + "shell")
    expect(alive(page).locator(".t4c-chart svg")).to_be_visible()
    expect(page.get_by_role("slider", name="Share")).to_be_visible()  # ipywidgets gives it no name; the shell does


@pytest.fixture(scope="module")
def controls(chromium: Browser, notebooks: Served) -> Iterator[Page]:
    """The page of controls, opened once: for tests that change nothing in it."""
    with watched_page(chromium) as page:
        open_controls(page, notebooks)
        yield page


def test_a_chart_is_drawn_and_named(controls: Page) -> None:
    expect(controls.get_by_role("img", name="People in post, rising by 1 a month")).to_be_visible()
    assert controls.locator(".t4c-chart summary, .t4c-chart details").count() == 0  # no menu that leads elsewhere


def test_a_new_picture_takes_the_old_ones_place(page: Page, notebooks: Served) -> None:
    open_controls(page, notebooks)
    line = page.locator(".t4c-chart .mark-line path").first
    before = line.get_attribute("d")
    page.get_by_label("What X means").select_option("Relative")
    expect(page.get_by_role("img", name="People in post, rising by 2 a month")).to_be_visible()
    expect(line).not_to_have_attribute("d", before or "")
    assert page.locator(".t4c-chart svg").count() == 1


def test_axe_finds_nothing(controls: Page, axe: Callable[[Page], list[str]]) -> None:
    assert axe(controls) == []


def test_a_narrow_window_needs_no_sideways_scrolling(
    page: Page, notebooks: Served, axe: Callable[[Page], list[str]]
) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    open_controls(page, notebooks)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert axe(page) == []


def test_every_page_says_what_it_is_and_for_whom(controls: Page) -> None:
    expect(controls).to_have_title("A page of controls")
    assert controls.evaluate("document.documentElement.lang") == "en"
    expect(controls.get_by_text("Inside the forum: not for publication")).to_be_visible()
    expect(controls.get_by_role("main")).to_have_count(1)
    expect(controls.get_by_role("banner")).to_have_count(1)


def test_the_keyboard_reaches_the_content_first(controls: Page) -> None:
    controls.keyboard.press("Tab")
    skip = controls.get_by_role("link", name="Skip to the page's content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    controls.keyboard.press("Enter")
    controls.keyboard.press("Tab")
    assert controls.evaluate("document.activeElement.closest('[role=main]') !== null")


def test_what_is_pressed_is_tall_enough_and_has_its_label_above(controls: Page) -> None:
    for width, height in ((400, 44), (1366, 36)):  # a finger's press on a telephone, a mouse's elsewhere
        controls.set_viewport_size({"width": width, "height": 900})
        for control in (
            controls.get_by_label("What X means"),
            controls.get_by_label("X", exact=True),
            controls.get_by_role("button", name="Save"),
        ):
            box = control.bounding_box()
            assert box is not None
            assert box["height"] >= height
    field, label = controls.get_by_label("What X means").bounding_box(), controls.get_by_text("What X means")
    above = label.bounding_box()
    assert field is not None
    assert above is not None
    assert above["y"] + above["height"] <= field["y"] + 1
    expect(controls.get_by_role("radiogroup", name="Whose X")).to_be_visible()
    expect(controls.get_by_role("slider", name="Share")).to_be_visible()


def test_the_browser_itself_refuses_what_lies_outside(controls: Page) -> None:
    refused = controls.evaluate(
        """() => new Promise(resolve => {
            addEventListener('securitypolicyviolation', event => resolve(event.effectiveDirective));
            fetch('https://outside.example/').catch(() => {});
        })"""
    )
    assert refused == "connect-src"


def test_a_cell_that_fails_says_so_without_figures_or_code(page: Page, notebooks: Served) -> None:
    page.goto(notebooks.address + "failing")
    expect(page.get_by_text("This part of the page could not be made.")).to_be_visible()
    assert "Ann Example" not in page.content()
    assert "RuntimeError" not in page.content()


def test_why_a_cell_failed_is_said_in_the_servers_window(page: Page, notebooks: Served) -> None:
    page.goto(notebooks.address + "failing")
    notebooks.wait_for_line("RuntimeError: Ann Example")


def test_the_list_of_pages_and_a_wrong_address_are_pages_too(
    page: Page, notebooks: Served, axe: Callable[[Page], list[str]]
) -> None:
    page.goto(notebooks.address)
    expect(page.get_by_role("link", name="A page of controls")).to_be_visible()
    assert axe(page) == []
    answer = page.goto(notebooks.address + "no/such/page")
    assert answer is not None
    assert answer.status == 404
    expect(page.get_by_role("heading", name="There is no page at this address")).to_be_visible()
    assert axe(page) == []


def test_a_line_that_breaks_is_taken_up_again_and_nothing_is_said_of_it(page: Page, notebooks: Served) -> None:
    lines: list[WebSocketRoute] = []

    def pass_on(line: WebSocketRoute) -> None:
        line.connect_to_server()
        lines.append(line)

    page.route_web_socket(re.compile("/channels"), pass_on)
    open_controls(page, notebooks)
    page.get_by_label("What X means").select_option("Relative")
    expect(page.get_by_role("img", name="People in post, rising by 2 a month")).to_be_visible()
    lines[0].close()
    page.get_by_label("What X means").select_option("Percentage points")
    expect(page.get_by_role("img", name="People in post, rising by 1 a month")).to_be_visible()
    assert len(lines) == 2
    expect(page.get_by_role("alert")).to_be_hidden()


def test_a_closed_tab_leaves_no_kernel_behind(page: Page, notebooks: Served) -> None:
    before = set(notebooks.kernels())
    open_controls(page, notebooks)
    opened = [kernel for kernel in notebooks.kernels() if kernel not in before]
    assert len(opened) == 1
    page.close(run_before_unload=True)
    assert psutil.wait_procs(opened, timeout=PATIENCE)[1] == []


@pytest.mark.detail
def test_control_c_ends_the_server_and_its_kernels_and_the_page_says_so(page: Page, tmp_path: Path) -> None:
    write_page(tmp_path / "shell.ipynb", *PAGES["shell"])
    server = Served(tmp_path)
    try:
        open_controls(page, server)
        kernels = server.kernels()
        assert len(kernels) == 1
        before = page.locator("html").get_attribute("data-server")
        page.get_by_label("What X means").press("ArrowDown")
        assert server.interrupt() == 0
        assert psutil.wait_procs(kernels, timeout=PATIENCE)[1] == []
        assert server.last_words()[-1] == "The workbook has ended."
        expect(page.get_by_role("alert")).to_contain_text("has stopped answering")
        server = Served(tmp_path, port=int(server.address.rstrip("/").rpartition(":")[2]))
        # It comes back by itself, and offers what was typed.
        expect(page.locator("html")).not_to_have_attribute("data-server", str(before))
        page.get_by_role("button", name="Put it back").click()
        expect(page.get_by_role("img", name="People in post, rising by 2 a month")).to_be_visible()
    finally:
        server.stop()
