"""The forum page as partners use it: set an X, see what it means at once, save, and the next visitor finds it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import alive

pytestmark = pytest.mark.browser


def visit(page: Page, address: str, organisation: str) -> Page:
    page.goto(f"{address}?organisation={organisation}")
    expect(page.locator(".t4c-pick [aria-current] small")).to_have_text(organisation)
    expect(page.locator(".t4c-section").first).to_be_visible()
    return alive(page)


def fill_amount(page: Page, text: str) -> None:
    field = page.locator("input[type=number]")
    field.fill(text)


def test_a_person_sets_an_x_saves_it_reloads_and_finds_it(page: Page, forum: str) -> None:
    visit(page, forum, "DEMO-CO")
    expect(page.get_by_text("No target is saved yet.")).to_be_visible()
    page.get_by_label("to a share of all staff").check()
    expect(page.get_by_label("To what share, per cent")).to_have_value("8")
    fill_amount(page, "6.5")
    page.get_by_label("By the end of").select_option("March 2029")
    expect(page.locator(".t4c-figure", has_text="6.5%")).to_be_visible()
    expect(page.get_by_role("img", name="Planned trajectory")).to_be_visible()
    page.get_by_label("Your name").fill("Ada <b>Example</b>")
    page.get_by_label("You speak for").select_option("Staff side")
    page.get_by_label("Note (optional)").fill("as far as we can go")
    page.get_by_role("button", name="Save this target").click()
    expect(page.get_by_text("Everybody who opens this page now sees it.")).to_be_visible()
    visit(page, forum, "DEMO-CO")
    expect(page.get_by_label("to a share of all staff")).to_be_checked()
    expect(page.locator("input[type=number]")).to_have_value("6.5")
    saved = page.get_by_text("by Ada <b>Example</b> (staff side)")
    expect(saved).to_be_visible()
    expect(saved).to_contain_text("by March 2029")
    expect(saved).to_contain_text("as far as we can go")


def test_what_an_x_means_is_shown_as_it_is_typed(page: Page, forum: str) -> None:
    visit(page, forum, "DEMO-AC")
    fill_amount(page, "2")
    expect(page.locator(".t4c-figure", has_text="7.5%")).to_be_visible()
    expect(page.get_by_text("2 percentage points, 97 more people if the workforce stays at 4,803")).to_be_visible()
    expect(
        page.get_by_text("Read as a percentage of the baseline share, the same number would go from 5.5%")
    ).to_be_visible()
    page.get_by_label("by a percentage of the baseline share").check()
    expect(page.get_by_label("By how many per cent of the baseline share")).to_have_value("10")
    expect(page.get_by_text("10% more than the baseline share")).to_be_visible()


def test_a_saved_baseline_stays_until_somebody_chooses_a_newer_count(page: Page, forum: str) -> None:
    visit(page, forum, "DEMO-AM")
    expect(page.locator(".t4c-figure", has_text="6.3%")).to_be_visible()
    page.get_by_label("Baseline", exact=True).select_option("5.7%, March 2026 (newest count)")
    expect(page.locator(".t4c-figure", has_text="6.5%")).to_be_visible()


def test_an_x_that_cannot_be_is_said_in_words_and_not_saved(page: Page, forum: str) -> None:
    visit(page, forum, "DEMO-MH")
    page.get_by_label("Your name").fill("Ada Example")
    page.get_by_label("You speak for").select_option("Both sides together")
    fill_amount(page, "99")
    expect(page.get_by_text("more than 100%").first).to_be_visible()
    page.get_by_role("button", name="Save this target").click()
    expect(page.get_by_text("Not saved.", exact=True)).to_be_visible()
    expect(page.locator("input[type=number]")).to_have_value("99")


def test_nothing_is_saved_without_a_name(page: Page, forum: str) -> None:
    visit(page, forum, "DEMO-SP")
    page.get_by_role("button", name="Save this target").click()
    expect(page.get_by_text("Not saved.", exact=True)).to_be_visible()


def test_two_savers_of_one_revision_the_second_is_told_of_the_first(page: Page, chromium: Browser, forum: str) -> None:
    visit(page, forum, "DEMO-SC")
    context = chromium.new_context()
    other = visit(context.new_page(), forum, "DEMO-SC")
    for one, name in ((page, "Ada First"), (other, "Bob Second")):
        fill_amount(one, "3" if one is page else "4")
        one.get_by_label("Your name").fill(name)
        one.get_by_label("You speak for").select_option("Both sides together")
        one.get_by_role("button", name="Save this target").click()
        expect(
            one.get_by_text(re.compile("Everybody who opens") if one is page else "Not saved.", exact=True)
        ).to_be_visible()
    expect(other.get_by_text("Ada First").first).to_be_visible()
    expect(other.locator("input[type=number]")).to_have_value("4")
    context.close()


def test_an_organisation_without_a_staff_extract_shows_what_is_known_and_what_is_not(page: Page, forum: str) -> None:
    visit(page, forum, "ZZ9")
    expect(page.get_by_text("Not known for Yonder Trust")).to_be_visible()
    expect(page.get_by_text("A proxy: these figures are for all staff together.")).to_be_visible()
    expect(page.get_by_text("100 of 2,000 FTE days, all staff (proxy)")).to_be_visible()
    expect(page.get_by_role("button", name="Save this target")).to_be_hidden()


def test_what_was_typed_for_an_organisation_is_offered_again_for_it_alone(page: Page, forum: str) -> None:
    visit(page, forum, "DEMO-CO").get_by_label("Your name").press_sequentially("Ada")
    visit(page, forum, "ZZ9")
    expect(page.get_by_text("Not known for Yonder Trust")).to_be_visible()
    assert page.get_by_text("You had typed something here").count() == 0
    visit(page, forum, "DEMO-CO")
    expect(page.get_by_text("You had typed something here")).to_be_visible()
    page.get_by_role("button", name="Put it back").click()
    expect(page.get_by_label("Your name")).to_have_value("Ada")


def test_a_demonstration_says_that_it_is_one_and_for_whom_the_page_is(page: Page, forum: str) -> None:
    visit(page, forum, "DEMO-AC")
    expect(page.get_by_text("Demonstration: figures are made up")).to_be_visible()
    expect(page.locator("[data-part=marking]")).to_have_text("Inside the forum: not for publication")


@pytest.mark.parametrize("organisation", ["DEMO-AM", "ZZ9"])
def test_axe_finds_nothing_and_nothing_is_cut_off_at_any_width(
    page: Page, forum: str, axe: Callable[[Page], list[str]], organisation: str
) -> None:
    visit(page, forum, organisation)
    if organisation == "DEMO-AM":
        expect(page.locator(".t4c-chart svg:visible").first).to_be_visible()
    for summary in page.locator("summary").all():
        if summary.is_visible():
            summary.click()
    for width in (1366, 400, 320):
        page.set_viewport_size({"width": width, "height": 900})
        assert axe(page) == [], width
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0, width


def test_the_x_can_be_set_and_saved_by_keyboard_alone(page: Page, forum: str) -> None:
    visit(page, forum, "DEMO-AC")
    page.get_by_label("by percentage points").focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_text("10% more than the baseline share")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.locator("input[type=number]")).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.type("20")
    expect(page.get_by_text("20% more than the baseline share")).to_be_visible()
    page.get_by_label("Your name").focus()
    page.keyboard.type("Ada Example")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    for _ in range(2):
        page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Save this target")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Everybody who opens this page now sees it.")).to_be_visible()
