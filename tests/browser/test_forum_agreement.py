"""The two sides on the forum page: who speaks is named there, each ticks for itself, and takes back with a reason."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Dialog, Locator, Page, expect

from tests.browser.conftest import Axe, Readable, watched_page
from tests.browser.forum_row import said, visit

pytestmark = pytest.mark.browser
ROUTES = "Review job opportunities and entry routes for young people, particularly into support roles"
PAT, KIM = "Pat Example, Chief Executive", "Kim Unreal, branch secretary"


def box(page: Page, side: str, row: str = ROUTES) -> Locator:
    return page.get_by_role("checkbox", name=f"{side} agrees: {row}")


def speak(page: Page, management: str = PAT, staff: str = KIM) -> None:
    """Say who speaks for each side in this meeting."""
    if not (field := page.get_by_label("Management", exact=True)).is_visible():
        page.get_by_text("Who speaks for each side").click()
    field.fill(management)
    page.get_by_label("Staff side", exact=True).fill(staff)


def confirm_the_list_after_a_refusal(page: Page) -> None:
    """Park the first row before it is confirmed who may: what was typed stays, for it is not recorded with the list."""
    page.locator(".f-opener").first.click()
    page.get_by_text("Park, escalate or take up again").click()
    field = page.get_by_label("What is still open, whose it is and by when")
    field.fill("The figures: Head of HR, by May")
    page.get_by_role("button", name="Record", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Name those who may speak and sign for each side first")
    page.get_by_role("button", name="Confirm this list").click()
    expect(said(page)).to_have_text("Both sides have confirmed who may speak and sign")
    expect(field).to_have_value("The figures: Head of HR, by May")
    page.locator(".f-opener").first.click()


@pytest.mark.detail
def test_both_sides_name_who_speaks_tick_take_back_and_agree_to_all(
    chromium: Browser, page: Page, forum: str, axe: Axe, readable: Readable
) -> None:
    visit(page, forum, "DEMO-SP", "&intention=1")
    box(page, "Management").click()
    expect(page.get_by_role("alert")).to_contain_text("Name those who may speak and sign for each side first")
    expect(page.get_by_label("Management: a line each")).to_be_focused()
    assert axe(page) == []
    page.keyboard.type(PAT)
    page.get_by_label("Staff side: a line each").fill(KIM)
    page.get_by_label("Put forward for").select_option("Management")
    speak(page)
    page.get_by_role("button", name="Put this list forward").click()
    expect(said(page)).to_contain_text("put forward for management side, to be confirmed by the other side")
    confirm_the_list_after_a_refusal(page)

    with watched_page(chromium) as other:
        visit(other, forum, "DEMO-SP", "&intention=1")
        expect(box(other, "Management")).to_have_attribute("aria-checked", "false")
        box(page, "Management").click()
        expect(said(page)).to_contain_text("Pat Example (Chief Executive) agreed to 1a2")
        expect(box(page, "Management")).to_have_attribute("aria-checked", "true")
        expect(box(other, "Management")).to_have_attribute("aria-checked", "true")
        expect(said(other)).to_contain_text("Pat Example (Chief Executive) agreed to 1a2")
    asked: list[str] = []

    def answer(one: Dialog) -> None:
        asked.append(one.message)
        (one.accept if len(asked) > 1 else one.dismiss)()

    page.on("dialog", answer)
    page.get_by_label("You speak for").select_option("Management side")
    for _ in range(2):
        box(page, "Staff side").click()
    expect(box(page, "Staff side")).to_have_attribute("aria-checked", "true")
    assert asked == ["You speak for management. Record all the same that the staff side agrees?"] * 2
    expect(page.locator(".f-meeting")).to_contain_text("1 of ")

    box(page, "Staff side").click()
    reason = page.get_by_label("Reason, for the minutes").and_(page.locator(":focus"))
    expect(reason).to_be_visible()
    readable(page)
    reason.fill("the branch has not met")
    page.get_by_role("button", name="Staff side withdraws its agreement").click()
    expect(said(page)).to_contain_text("withdrew the decision of staff side on 1a2")
    expect(box(page, "Staff side")).to_have_attribute("aria-checked", "false")

    page.get_by_role("button", name="Agree all shown").click()
    heading = page.get_by_role("heading", name="Agree all shown: 1")
    expect(heading).to_be_focused()
    assert axe(page) == []
    listed = page.get_by_role("region", name="Agree all shown").get_by_role("rowheader")
    count = listed.count()
    page.get_by_role("button", name=f"Staff side agrees ({count})").click()
    expect(said(page)).to_contain_text(f"Kim Unreal (branch secretary) agreed to {count} rows for staff side")
    page.get_by_role("button", name=f"Management agrees ({count})").click()
    expect(said(page)).to_contain_text(f"Pat Example (Chief Executive) agreed to {count} rows for management side")
    expect(heading).to_have_count(0)


@pytest.mark.detail
def test_a_side_agrees_and_takes_back_by_keyboard_alone(page: Page, forum: str) -> None:
    visit(page, forum, "DEMO-AC", "&intention=2")
    first = page.get_by_role("checkbox", name="Management agrees:").first
    name = str(first.get_attribute("aria-label")).removeprefix("Management agrees: ")
    speak(page, "Fern Example", "Dale Unreal")
    first.focus()
    page.keyboard.press("Space")
    expect(page.get_by_label("Reason, for the minutes").and_(page.locator(":focus"))).to_be_visible()
    page.keyboard.type("the college asks for more time")
    page.keyboard.press("Enter")
    expect(said(page)).to_contain_text("withdrew the decision of management side")
    box(page, "Management", name).focus()
    page.keyboard.press("Enter")
    expect(said(page)).to_contain_text("Fern Example (Head of Widening Participation) agreed to")
    expect(box(page, "Management", name)).to_have_attribute("aria-checked", "true")
    expect(box(page, "Management", name)).to_be_focused()


@pytest.mark.detail
def test_only_those_on_the_list_agree_and_the_box_stays_empty(page: Page, forum: str) -> None:
    visit(page, forum, "DEMO-AC", "&intention=3")
    speak(page, "Somebody Else", "")
    name = str(page.get_by_role("checkbox", name="Management agrees:").first.get_attribute("aria-label"))
    row = name.removeprefix("Management agrees: ")
    box(page, "Management", row).click()
    expect(page.get_by_role("alert")).to_contain_text("Somebody Else can't speak or sign for management side")
    expect(box(page, "Management", row)).to_have_attribute("aria-checked", "false")
    box(page, "Staff side", row).click()
    expect(page.get_by_role("alert")).to_have_text("Not recorded. Enter who speaks for staff side, at the left.")
    expect(page.get_by_label("Staff side", exact=True)).to_be_focused()
