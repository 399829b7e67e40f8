"""A page is painted before any program runs; the program takes over what stands there, and nothing moves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.forum_row import sentence, x_of
from tests.served import Served

pytestmark = pytest.mark.browser

Check = Callable[[Page], list[str]]
SHIFTS = """
window.t4cShifts = 0;
new PerformanceObserver((list) => {
  for (const one of list.getEntries()) if (!one.hadRecentInput) window.t4cShifts += one.value;
}).observe({ type: 'layout-shift', buffered: true });
"""
# Each element that stands on the page, by a mark that only the same element has.
MARK = """() => {
  const all = [...document.querySelectorAll('.t4c-output *')];
  all.forEach((one, place) => { one.t4cMark = place; });
  return all.length;
}"""
# Of the forum page all but what follows what was typed.
KEPT = ".f-aside *, .f-title *, .f-rows > tbody > tr:not(.f-opened) *, .f-field *"
TWO_FRAMES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
STILL_THERE = "[...document.querySelectorAll('.t4c-output *')].filter((one) => one.t4cMark !== undefined).length"

# Elements, attributes, words and what is typed or chosen, whichever ids tie them. What an input
# was made with is passed over, for what it holds is told; and what the page itself has seen is no control's.
ELEMENTS = """() => {
  const ids = new Map();
  const tied = (value) => value.split(' ').map((one) => {
    if (!/^t4c-/.test(one)) return one;
    if (!ids.has(one)) ids.set(one, `id${ids.size}`);
    return ids.get(one);
  }).join(' ');
  const PASSED_OVER = ['class', 'data-widget', 'data-t4c-seen', 'value', 'checked', 'selected'];
  const TIES = ['id', 'for', 'name', 'aria-labelledby', 'aria-describedby', 'aria-controls'];
  const told = (one) => {
    const attributes = [...one.attributes].filter(({ name }) => !PASSED_OVER.includes(name)).map(
      ({ name, value }) => `${name}=${TIES.includes(name) ? tied(value) : value}`).sort();
    const classes = [...one.classList].filter((each) => !/^lm-/.test(each)).sort();
    const now = one.matches('input, select, textarea') ? [one.value, Boolean(one.checked)] : [];
    const texts = one.matches('textarea') ? [] : [...one.childNodes];
    const words = texts.filter((each) => each.nodeType === 3).map((each) => each.data);
    return [one.localName, classes.join(' '), ...attributes, ...now, ...words].join(' | ');
  };
  return [...document.querySelectorAll('.t4c-main [data-widget], .t4c-main [data-widget] *')].map(told);
}"""


@contextmanager
def held_back(page: Page, address: str) -> Iterator[None]:
    """The page as it was painted; its program comes at the end."""
    waiting: list[Route] = []

    def hold(route: Route) -> None:
        waiting.append(route)

    page.route("**/light.js*", hold)
    page.add_init_script(SHIFTS)
    page.goto(address, wait_until="commit")
    page.locator(".t4c-field, .f-answer").first.wait_for()
    page.locator("#t4c-widgets").wait_for(state="attached")
    yield
    for route in waiting:
        route.continue_()
    page.unroute("**/light.js*")


def taken_over(page: Page) -> None:
    expect(page.locator("#t4c-boot")).to_have_count(0)


@pytest.fixture
def address(served: Served) -> str:
    return served.address + "home?organisation=DEMO-SC&fresh=1"  # an address that is not kept


@pytest.mark.detail
def test_home_is_taken_over_where_it_stands(page: Page, address: str, axe: Check) -> None:
    with held_back(page, address):
        assert axe(page) == []
        before: Any = page.evaluate(MARK)
        assert before > 200
    taken_over(page)
    page.wait_for_timeout(300)
    assert page.evaluate(STILL_THERE) == before
    assert page.evaluate("document.querySelectorAll('.t4c-output *').length") == before
    assert page.evaluate("t4cShifts") == 0
    assert axe(page) == []


@pytest.mark.detail
def test_elements_made_in_an_empty_place_are_those_that_were_painted(page: Page, address: str) -> None:
    with held_back(page, address):
        painted: list[str] = page.evaluate(ELEMENTS)
        assert len(painted) > 200
    taken_over(page)
    page.evaluate(TWO_FRAMES)
    assert page.evaluate(ELEMENTS) == painted
    with held_back(page, address):
        controls = "[...document.querySelectorAll('.t4c-output .t4c-control')]"
        page.evaluate(f"{controls}.forEach((one) => one.replaceChildren())")
        assert page.evaluate(f"{controls}.every((one) => !one.children.length)")
    taken_over(page)
    expect(page.locator(".t4c-output .t4c-control:empty")).to_have_count(0)
    page.evaluate(TWO_FRAMES)
    assert page.evaluate(ELEMENTS) == painted


def test_what_was_typed_early_counts(page: Page, address: str) -> None:
    field = page.get_by_label("Add a local authority")
    with held_back(page, address):
        field.focus()
        page.keyboard.type("E0600")
    taken_over(page)
    expect(field).to_be_focused()
    page.keyboard.type("0047")
    expect(field).to_have_value("E06000047")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Weight of E06000047 (optional)")).to_be_visible()
    expect(field).to_have_value("")
    expect(field).to_be_focused()


def test_the_forum_page_is_taken_over_where_it_stands(page: Page, forum: str, axe: Check) -> None:
    with held_back(page, f"{forum}?organisation=DEMO-AC&measure=young-share&fresh=1"):
        assert axe(page) == []
        amount, words = x_of(page), sentence(page)
        painted = words.inner_text()
        page.locator("[name=x_kind]").select_option("points")
        amount.fill("3.7")
        before: Any = page.evaluate(MARK.replace(".t4c-output *", KEPT))
    taken_over(page)
    expect(words).not_to_have_text(painted)
    expect(words).to_contain_text("3.7 percentage points")
    expect(amount).to_be_focused()
    page.locator("svg.marks").wait_for()
    expect(page.locator(".f-answer.f-waiting")).to_have_count(0)
    assert page.evaluate(STILL_THERE) == before > 200
    expect(amount).to_have_value("3.7")
    # A label of the chart is drawn anew where it stood, which Chromium counts as 0.00002 of the window.
    assert page.evaluate("t4cShifts") < 0.0001
