"""The what-if page in a browser: asked by mouse and by keyboard, compared, saved, and read at every width."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Readable, alive
from tests.samples import some_of
from tests.served import Served

pytestmark = pytest.mark.browser
COURSES = "Pre-employment courses, a year"


@pytest.fixture(scope="module")
def own_served(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server of its own: scenarios are saved beside its parameters."""
    folder = tmp_path_factory.mktemp("what_if")
    file = Path(shutil.copy(demonstration, folder / "store.sqlite"))
    server = Served(database=f"sqlite:///{file}", settings={"T4C_OWN_PARAMETERS": str(folder / "own")})
    yield server
    server.stop()


def open_page(page: Page, server: Served, query: str = "organisation=DEMO-MH") -> None:
    page.goto(f"{server.address}what_if?{query}")
    expect(alive(page).get_by_role("heading", level=1)).to_contain_text(re.compile("has a chance of|is expected in"))


def answered(page: Page) -> None:
    """What was asked is worked out to its end."""
    expect(page.get_by_role("heading", level=1)).not_to_contain_text("…")
    expect(page.get_by_text("Working out the chance:")).to_have_count(0)


def test_a_question_is_asked_by_mouse_and_a_link_opens_it_again(page: Page, own_served: Served) -> None:
    page.goto(f"{own_served.address}home?organisation=DEMO-MH")
    page.get_by_role("link", name="What-if").click()
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_contain_text("With our plan, 5.9% by March 2028 has a chance of")
    alive(page)
    slider = page.get_by_label(COURSES, exact=True)
    box = slider.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] * 0.12, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + box["height"] / 2, steps=6)
    page.mouse.up()
    expect(heading).to_contain_text("With what is set here, ")
    value = page.get_by_label(f"{COURSES}, as a number").input_value()
    assert 10 <= float(value) <= 15
    answered(page)
    expect(slider).to_have_value(value)
    expect(page.get_by_role("group", name="Pre-employment courses")).to_contain_text("release hours")
    page.get_by_label("By the end of").select_option("2029-03")
    page.get_by_label("Target, per cent").fill("5.1")
    page.keyboard.press("Tab")
    expect(heading).to_contain_text("5.1% by March 2029 has a chance of")
    expect(page).to_have_url(re.compile(r"(?=.*target=5\.1)(?=.*due=2029-03)(?=.*levers=placements).*"))
    answered(page)
    words = heading.inner_text()
    page.reload()
    expect(heading).to_have_text(words)
    alive(page)
    expect(slider).to_have_value(value)
    with page.expect_download() as saved:
        page.get_by_role("link", name="Save this page").click()
    assert words in saved.value.path().read_text(encoding="utf-8")
    page.get_by_label("By the end of").select_option("2028-03")
    page.get_by_text("Keep the young").first.click()
    expect(heading).to_contain_text("With Keep the young, ")
    page.get_by_label("Measure", exact=True).select_option("turnover")
    expect(heading).to_contain_text("With Keep the young, 10.2% or less by March 2028")
    expect(page).to_have_url(re.compile(r"measure=turnover.*scenario=Keep"))
    answered(page)
    words = heading.inner_text()
    page.reload()
    expect(heading).to_have_text(words)


@pytest.mark.detail
def test_the_same_by_keyboard_alone(page: Page, own_served: Served) -> None:
    open_page(page, own_served)
    field = page.get_by_label(f"{COURSES}, as a number")
    field.focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("12")
    page.keyboard.press("Enter")
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_contain_text("With what is set here, ")
    expect(field).to_be_focused()
    answered(page)
    page.keyboard.press("Shift+Tab")
    slider = page.get_by_label(COURSES, exact=True)
    expect(slider).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(field).to_have_value("13")
    expect(slider).to_be_focused()
    page.get_by_label("Target, per cent").fill("4.8")
    page.keyboard.press("Tab")
    expect(heading).to_contain_text(re.compile(r"4\.8% by March 2028 has a chance of \d"))
    page.get_by_label("Target, per cent").fill("lots")
    page.keyboard.press("Tab")
    expect(page.get_by_text("A number belongs here, not 'lots'.")).to_be_visible()
    page.get_by_role("radio", name="Doing nothing").focus()
    page.keyboard.press("Space")
    expect(heading).to_contain_text("If nothing changes, ")
    expect(page.get_by_role("radio", name="Doing nothing")).to_be_focused()


@pytest.mark.detail
def test_what_it_takes_is_worked_out_as_one_watches_and_scenarios_stand_side_by_side(
    page: Page, own_served: Served
) -> None:
    open_page(page, own_served)
    needs = page.get_by_role("table", name="One lever changed, the rest as it is")
    courses = needs.get_by_role("row", name="Pre-employment courses").get_by_role("cell")
    expect(courses.nth(1)).to_have_text(re.compile(r"^\d+ a year$"))  # as expected, at once
    answered(page)
    expect(needs).not_to_contain_text("…")
    expect(needs).to_contain_text("can't be reached")
    page.get_by_label("Chance wanted").select_option("50")
    expect(needs.get_by_role("columnheader", name="With a chance of 50%")).to_be_visible()
    answered(page)
    side = page.locator("table.w-side")
    page.locator(".f-section .w-chips").get_by_text("Every door").click()
    expect(side.get_by_role("columnheader")).to_have_text(["What", "Doing nothing", "Every door", "Our plan"])
    expect(side.get_by_role("row", name="Cost, backfill included")).to_contain_text("£")


@pytest.mark.detail
def test_a_scenario_is_saved_and_stays_for_others(page: Page, own_served: Served) -> None:
    open_page(page, own_served, "organisation=DEMO-AC")
    page.get_by_label(f"{COURSES}, as a number").fill("9")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("With what is set here, ")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Not saved.")
    page.get_by_label("Name", exact=True).fill("More courses")
    page.locator("form[data-form=save]").get_by_label("Reason", exact=True).fill("Two colleges offer to run them.")
    page.locator("form[data-form=save]").get_by_label("Your name").fill("Ada")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("With More courses, ")
    expect(page.get_by_text("Saved: More courses")).to_be_visible()
    expect(page.locator("#w-why")).to_contain_text("Two colleges offer to run them. (Ada)")
    open_page(page, own_served, "organisation=DEMO-AC&scenario=More%20courses")
    expect(page.get_by_role("heading", level=1)).to_contain_text("With More courses, ")


@pytest.mark.parametrize("query", some_of(["organisation=DEMO-MH", "organisation=DEMO-CO&measure=turnover"], 1))
def test_axe_finds_nothing_and_nothing_is_cut_off_at_any_width(
    page: Page, own_served: Served, readable: Readable, query: str
) -> None:
    open_page(page, own_served, query)
    answered(page)
    for one in page.locator(".t4c-what-if details > summary").all():
        one.click()
    readable(page)


@pytest.mark.detail
def test_a_measure_without_a_forecast_and_a_trust_without_counts_say_why(
    page: Page, own_served: Served, served: Served, axe: Callable[[Page], list[str]]
) -> None:
    page.goto(f"{own_served.address}what_if?organisation=DEMO-MH&measure=support-qualifications")
    expect(alive(page).get_by_role("heading", level=1)).to_contain_text("no forecast is made here")
    expect(page.get_by_text("were not reliable when tested on past data")).to_be_visible()
    assert axe(page) == []
    page.goto(f"{served.address}what_if?organisation=ZZ9")
    expect(page.get_by_text("There is no headcount by age yet.")).to_be_visible()
    assert axe(page) == []


@pytest.mark.detail
def test_what_is_set_goes_into_the_plan_and_is_asked_again_on_the_forum(page: Page, own_served: Served) -> None:
    open_page(page, own_served, "organisation=DEMO-SC&scenario=Courses%20into%20jobs")
    plan = page.get_by_text("Pre-employment courses with partners: ")
    expect(plan).to_be_visible()
    page.locator("form[data-form=propose]").get_by_label("Your name").fill("Ada")
    page.get_by_role("button", name="Put these into the plan").click()
    expect(page.get_by_role("alert")).to_contain_text("Not saved.")
    page.get_by_label("You speak for").select_option("staff")
    page.locator("form[data-form=propose]").get_by_label("Your name").fill("Ada")
    page.get_by_role("button", name="Put these into the plan").click()
    expect(page.get_by_text("Saved in the plan: 1 row, from Courses into jobs")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_contain_text("With our plan, ")
    page.get_by_role("link", name="Forum").click()
    row = page.get_by_role("row", name=re.compile("Pre-employment courses with partners"))
    expect(row).to_contain_text("re-opened")
