"""The forum page as partners use it: set an X, see what it means at once, save, and the next visitor finds it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Readable, alive, watched_page
from tests.browser.forum_row import YOUNG, press_save, refused, revision, said, saved_x, sentence, sign, visit, x_of

pytestmark = pytest.mark.browser


def test_a_person_sets_an_x_saves_it_reloads_and_finds_it(page: Page, forum: str) -> None:
    visit(page, forum, "DEMO-CO")
    expect(saved_x(page)).to_have_text("Set X")
    page.get_by_label("Baseline", exact=True).select_option("newest")
    page.get_by_label("Counted as").select_option("per cent to reach")
    x_of(page).fill("6.5")
    page.get_by_label("By the end of").select_option("March 2029")
    expect(sentence(page)).to_contain_text("to 6.5%")
    expect(page.locator("[data-keep=chart]").get_by_role("img")).to_be_visible()
    sign(page, "Ada <b>Example</b>", "Staff side")
    page.get_by_text("Note", exact=True).click()
    page.get_by_label("Note for the partners").fill("as far as we can go")
    press_save(page)
    expect(said(page)).to_have_text("Saved: 1m1 Staff aged 16 to 24")
    expect(revision(page)).to_contain_text("by Ada <b>Example</b>")
    visit(page, forum, "DEMO-CO")
    expect(page.get_by_label("Counted as")).to_have_value("level")
    expect(x_of(page)).to_have_value("6.5")
    expect(saved_x(page)).to_contain_text("to 6.5%")
    expect(page.locator(f"#{YOUNG} [data-label=Target]")).to_contain_text("6.5% by Mar 2029")
    expect(page.locator("[name=note]")).to_have_value("as far as we can go")
    page.get_by_role("button", name="History").click()
    expect(page.locator(".f-history li").first).to_contain_text("Ada <b>Example</b>")


def test_what_an_x_means_is_shown_as_it_is_typed(page: Page, forum: str) -> None:
    visit(page, forum, "DEMO-AC")
    expect(page.get_by_text("Demonstration: figures are made up")).to_be_visible()
    expect(page.locator("[data-part=marking]")).to_have_text("Inside the forum: not for publication")
    x_of(page).fill("2")
    expect(sentence(page)).to_have_text(
        "From 5.5% to 7.5%: 2 percentage points, 97 more people if the workforce stays at 4,803 (March 2026)."
    )
    expect(page.locator("[data-part=twin]")).to_contain_text(
        "Read as a percentage of the baseline instead, it would go from 5.5%"
    )
    page.get_by_label("Counted as").select_option("% of the baseline")
    x_of(page).fill("10")
    expect(sentence(page)).to_contain_text("10% more than the baseline share")
    expect(page.locator(f"#{YOUNG} .f-unsaved")).to_be_visible()


@pytest.mark.detail
def test_what_was_typed_in_a_row_waits_while_others_are_open(page: Page, forum: str) -> None:
    visit(page, forum, "DEMO-AC")
    waiting, tag = page.get_by_text("Not saved yet: Staff aged 16 to 24."), page.locator(f"#{YOUNG} .f-unsaved")
    x_of(page).fill("1.8")
    expect(page.locator(".f-answer")).to_contain_text("Chance with our plan")
    expect(page.get_by_text("Working out what it takes")).to_have_count(0)
    expect(tag).to_be_visible()
    page.get_by_role("link", name="2 Work experience").click()
    expect(page.get_by_role("heading", name="2 Work experience")).to_be_visible()
    expect(waiting).to_be_visible()
    for link in ("Published version", "Save the published page"):
        expect(page.get_by_role("link", name=link)).to_have_attribute("href", re.compile(r"intention=2\b"))
    page.reload()
    alive(page)
    page.get_by_role("link", name="1 Routes in").click()
    expect(tag).to_be_visible()
    page.get_by_role("button", name="Staff aged 16 to 24", exact=True).click()
    expect(x_of(page)).to_have_value("1.8")
    expect(sentence(page)).to_contain_text("1.8 percentage points")
    expect(waiting).to_have_count(0)
    page.get_by_role("row", name="Workforce compared").get_by_role("button", name="Set X").click()
    expect(waiting).to_be_visible()
    page.get_by_role("button", name="Staff aged 16 to 24", exact=True).click()
    expect(x_of(page)).to_have_value("1.8")
    page.get_by_role("button", name="Cancel").click()
    expect(tag).to_be_hidden()
    page.get_by_role("button", name="Staff aged 16 to 24", exact=True).click()
    expect(x_of(page)).to_have_value("1")
    # A save that is refused while another row is opened: nothing typed is lost by it. Nobody is named who saves.
    x_of(page).fill("1.7")
    page.evaluate(
        """() => {
          document.querySelector('form[data-form=save] .f-primary').click();
          document.querySelector('#measure-turnover-support-staff .f-opener').click();
        }"""
    )
    expect(page.get_by_role("form", name="Set X: Turnover of support staff")).to_be_visible()
    expect(waiting).to_be_visible()
    page.get_by_role("button", name="Staff aged 16 to 24", exact=True).click()
    expect(x_of(page)).to_have_value("1.7")
    # What was typed in another form waits as well: a reason, for the row where it was typed.
    reason = page.get_by_label("What is still open, whose it is and by when")
    page.get_by_text("Park, escalate or take up again…").click()
    reason.fill("the baseline is in doubt")
    page.get_by_role("button", name="Turnover of support staff").click()
    expect(page.get_by_role("form", name="Set X: Turnover of support staff")).to_be_visible()
    expect(reason).to_have_value("")
    page.get_by_role("button", name="Staff aged 16 to 24", exact=True).click()
    expect(reason).to_have_value("the baseline is in doubt")
    expect(reason).to_be_visible()


@pytest.mark.detail
def test_a_saved_baseline_stays_until_somebody_chooses_a_newer_count(page: Page, forum: str) -> None:
    visit(page, forum, "DEMO-AM")
    expect(sentence(page)).to_contain_text("From 5.5% to 6.3%")
    page.get_by_label("Baseline", exact=True).select_option("5.7%, March 2026 (newest figure)")
    expect(sentence(page)).to_contain_text("From 5.7% to 6.5%")


@pytest.mark.detail
def test_after_its_date_a_row_says_what_its_x_was_too(page: Page, forum: str) -> None:
    visit(page, forum, "DEMO-MH", "&measure=appraisal-meaningful")
    expect(page.locator(".f-trouble")).to_contain_text("Its due date, March 2026, has passed")
    expect(sentence(page)).to_contain_text("From 66.4% to 70.0%: 3.6 percentage points")


@pytest.mark.detail
def test_a_row_opens_in_place_and_its_address_opens_it_again(page: Page, forum: str) -> None:
    visit(page, forum, "DEMO-AC", "")
    expect(page.locator("form[data-form=save]")).to_have_count(0)
    opener = page.get_by_role("button", name="Turnover of support staff")
    opener.click()
    expect(opener).to_have_attribute("aria-expanded", "true")
    expect(page).to_have_url(re.compile(r"intention=1&measure=turnover|measure=turnover.*intention=1"))
    page.reload()
    expect(page.get_by_role("form", name="Set X: Turnover of support staff")).to_be_visible()
    page.get_by_role("button", name="Turnover of support staff").click()
    expect(page.locator("form[data-form=save]")).to_have_count(0)


@pytest.mark.detail
def test_an_x_that_cannot_be_is_said_in_words_and_not_saved(page: Page, forum: str) -> None:
    visit(page, forum, "DEMO-AC")
    sign(page)
    x_of(page).fill("99")
    expect(page.locator(".f-answer")).to_contain_text("more than 100%")
    press_save(page)
    expect(refused(page)).to_have_text("Not saved.")
    expect(page.locator(".f-name-x_amount .f-error")).to_contain_text("more than 100%")
    expect(x_of(page)).to_have_value("99")
    expect(x_of(page)).to_be_focused()
    # What was refused waits with its row, as what was never sent does.
    expect(page.locator(f"#{YOUNG} .f-unsaved")).to_be_visible()
    page.get_by_role("row", name="Workforce compared").get_by_role("button", name="Set X").click()
    expect(page.get_by_text("Not saved yet: Staff aged 16 to 24.")).to_be_visible()
    page.get_by_role("button", name="Staff aged 16 to 24", exact=True).click()
    expect(x_of(page)).to_have_value("99")
    x_of(page).fill("1.9")
    press_save(page)
    expect(said(page)).to_contain_text("Saved: 1m1")
    expect(page.locator(f"#{YOUNG} .f-unsaved")).to_be_hidden()
    x_of(page).fill("99")
    press_save(page)
    expect(refused(page)).to_have_text("Not saved.")
    expect(said(page)).not_to_contain_text("Saved:")


@pytest.mark.detail
def test_nothing_is_saved_without_a_name_and_each_press_is_answered(page: Page, forum: str) -> None:
    visit(page, forum, "DEMO-SP")
    x_of(page).fill("7")
    for _ in range(2):
        press_save(page)
        expect(refused(page)).to_contain_text("Not saved. Enter your name at the left")
        expect(page.get_by_role("button", name="Save measure")).not_to_have_attribute("aria-busy", "true")
    expect(page.get_by_label("Your name")).to_be_focused()
    expect(x_of(page)).to_have_value("7")


@pytest.mark.detail
def test_what_was_unfolded_stays_so_when_the_row_is_saved(page: Page, forum: str) -> None:
    failures: list[str] = []
    page.on("pageerror", lambda error: failures.append(str(error)))
    page.on("console", lambda said: failures.append(said.text) if said.type == "error" else None)
    visit(page, forum, "DEMO-SP")
    sign(page)
    page.get_by_text("The figures behind this chart").click()
    page.locator("[data-group=evidence] > summary").click()
    x_of(page).fill("6.4")
    press_save(page)
    expect(saved_x(page)).to_contain_text("6.4")
    expect(page.locator("[data-group=evidence]")).to_have_attribute("open", "")
    expect(page.locator(".f-picture svg.marks")).to_be_visible()
    assert failures == []


@pytest.mark.detail
def test_two_savers_of_one_field_the_second_is_told_of_the_first(page: Page, chromium: Browser, forum: str) -> None:
    with watched_page(chromium) as other:
        visit(page, forum, "DEMO-SC")
        visit(other, forum, "DEMO-SC")
        for one, name, amount in ((page, "Ada First", "3"), (other, "Bob Second", "4")):
            x_of(one).fill(amount)
            sign(one, name)
        expect(page.locator(".f-answer.f-waiting")).to_have_count(0)
        press_save(page)
        expect(said(page)).to_have_text("Saved: 1m1 Staff aged 16 to 24")
        expect(said(other)).to_have_text("Ada First saved: 1m1 Staff aged 16 to 24")
        expect(refused(other)).to_contain_text("Ada First changed this row: X")
        expect(x_of(other)).to_have_value("4")
        expect(saved_x(other)).to_contain_text("+3 points")
        press_save(other)  # knowing of the first
        expect(saved_x(other)).to_contain_text("+4 points")
        expect(saved_x(page)).to_contain_text("+4 points")


@pytest.mark.detail
def test_the_name_and_side_hold_for_every_row(page: Page, forum: str) -> None:
    visit(page, forum, "DEMO-SP")
    sign(page)
    page.get_by_role("button", name="Turnover of support staff").click()
    expect(page.get_by_role("form", name="Set X: Turnover of support staff")).to_be_visible()
    expect(page.get_by_label("Your name")).to_have_value("Ada Example")
    page.reload()
    expect(page.get_by_label("Your name")).to_have_value("Ada Example")
    expect(page.get_by_label("You speak for")).to_have_value("both")


def test_an_organisation_without_a_plan_is_offered_to_start_one(page: Page, forum: str) -> None:
    visit(page, forum, "ZZ9")
    expect(page.get_by_role("heading", name="Start the plan")).to_be_visible()
    expect(page.get_by_text("Yonder Trust has no plan yet.")).to_be_visible()
    known = page.get_by_role("region", name="Where we stand already")
    expect(known).to_contain_text("1 of 24 measures that count something have a figure.")
    expect(known.get_by_role("definition")).to_have_text(
        "Sickness absence of support staff: 5.0%, April 2024, all staff: a proxy for support staff"
    )
    expect(page.get_by_role("button", name="Save measure")).to_have_count(0)
    page.get_by_role("button", name="Start the plan").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter your name")


@pytest.mark.detail
def test_what_was_typed_for_an_organisation_is_offered_again_for_it_alone(page: Page, forum: str) -> None:
    visit(page, forum, "DEMO-CO")
    x_of(page).fill("3.3")
    visit(page, forum, "DEMO-SC")
    assert page.get_by_text("You had typed something here").count() == 0
    visit(page, forum, "DEMO-CO")
    expect(page.get_by_text("You had typed something here")).to_be_visible()
    page.get_by_role("button", name="Put it back").click()
    expect(x_of(page)).to_have_value("3.3")


def test_what_was_typed_in_a_row_comes_back_into_that_row_and_no_other(page: Page, forum: str) -> None:
    visit(page, forum, "DEMO-CO", "&intention=1")
    page.locator("#action-review-entry-routes .f-opener").click()
    page.get_by_label("Responsible post", exact=True).press_sequentially(" and Deputy")
    page.reload()
    alive(page)
    page.locator("#action-profile-young-workforce .f-opener").click()
    post = page.get_by_label("Responsible post", exact=True)
    before = post.input_value()
    page.get_by_role("button", name="Put it back").click()
    expect(page.locator("#action-review-entry-routes-open")).to_be_visible()
    expect(page.get_by_text("What you had typed is back.")).to_be_visible()
    assert "and Deputy" in post.input_value()
    assert "and Deputy" not in before
    page.locator("#action-profile-young-workforce .f-opener").click()
    expect(page.locator("#action-profile-young-workforce-open")).to_be_visible()
    expect(post).to_have_value(before)


@pytest.mark.detail
def test_what_was_saved_or_left_is_not_offered_again(page: Page, forum: str) -> None:
    visit(page, forum, "DEMO-SP")
    sign(page)
    x_of(page).fill("1.7")
    press_save(page)
    expect(said(page)).to_contain_text("Saved: 1m1")
    x_of(page).fill("2.2")
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator("form[data-form=save]")).to_have_count(0)
    visit(page, forum, "DEMO-SP")
    expect(x_of(page)).to_have_value("1.7")
    assert page.get_by_text("You had typed something here").count() == 0


@pytest.mark.parametrize(("organisation", "query"), [("DEMO-AM", "&measure=young-share"), ("ZZ9", "")])
def test_axe_finds_nothing_and_nothing_is_cut_off_at_any_width(
    page: Page, forum: str, readable: Readable, organisation: str, query: str
) -> None:
    visit(page, forum, organisation, query)
    if query:
        expect(page.locator(".t4c-chart svg:visible").first).to_be_visible()
    for summary in page.locator("details:not([open]) > summary").all():
        if summary.is_visible():
            summary.click()
    readable(page)


def test_the_x_can_be_set_and_saved_by_keyboard_alone(page: Page, forum: str) -> None:
    visit(page, forum, "DEMO-AC", "")
    page.get_by_label("Your name").focus()
    page.keyboard.type("Ada Example")
    page.keyboard.press("Tab")
    page.keyboard.type("Both")
    page.get_by_role("button", name="Staff aged 16 to 24", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("form", name="Set X: Staff aged 16 to 24")).to_be_visible()
    x_of(page).focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("20")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Counted as")).to_be_focused()
    page.keyboard.type("%")
    expect(sentence(page)).to_contain_text("20% more than the baseline share")
    page.keyboard.press("Enter")
    x_of(page).press("Enter")
    expect(said(page)).to_have_text("Saved: 1m1 Staff aged 16 to 24")
    expect(saved_x(page)).to_contain_text("+20%")


@pytest.mark.detail
def test_a_save_is_undone_from_the_strip(page: Page, forum: str) -> None:
    visit(page, forum, "DEMO-SP")
    before = saved_x(page).inner_text()
    sign(page)
    x_of(page).fill("12")
    expect(sentence(page)).to_contain_text("12 ")  # as somebody reads what it means before saving
    press_save(page)
    expect(saved_x(page)).to_contain_text("+12")
    page.locator(".t4c-strip").get_by_role("button", name="Undo").click()
    expect(said(page)).to_have_text("Saved: 1m1 Staff aged 16 to 24, undone")
    expect(saved_x(page)).to_have_text(" ".join(before.split()))
