"""The board's page in a browser: six questions answered on a phone, by keyboard, printed, and read at every width."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, ViewportSize, expect

from tests.browser.conftest import Readable, alive
from tests.samples import LOOKED_AT
from tests.served import Served

pytestmark = pytest.mark.browser
SECOND_AND_THIRD = ("Summary of measures", "The decisions, with their options")
PHONE: ViewportSize = {"width": 390, "height": 844}
A4: ViewportSize = {"width": 718, "height": 1047}  # less the margins of a printer, at 96 pixels an inch
MARGINS = dict.fromkeys(("top", "bottom", "left", "right"), "10mm")


def open_board(page: Page, served: Served, query: str = "organisation=DEMO-MH") -> Locator:
    """The page, and its part on the first screen."""
    page.goto(f"{served.address}board?{query}")
    expect(page.get_by_text("Read-only: nothing can be changed on this page.")).to_be_visible()
    return page.locator(".t4c-board").first


def test_six_questions_are_answered_on_a_phone_without_leaving_the_page(page: Page, served: Served) -> None:
    page.set_viewport_size(PHONE)
    top = open_board(page, served)
    # Are we on course for young staff? It stands among what is to be decided, with its chance.
    young = top.get_by_role("listitem").filter(has_text="Staff aged 16 to 24")
    now, chance = r"Off course: 4\.7% in March 2026\. ", r"Chance with the plan as it is: (\d+%|less than 5%)"
    expect(young).to_contain_text(re.compile(now + chance))
    # What changed since the last meeting? A part opens when it is asked for.
    page.get_by_role("link", name="Since the forum of 24 September 2026").click()
    since = page.get_by_role("region", name="Since the forum of 24 September 2026")
    expect(since.get_by_role("row").filter(has_text="Actions overdue")).to_contain_text(re.compile(r"2.*7"))
    # Which actions are overdue, and whose are they?
    page.get_by_role("link", name="Overdue: 11").click()
    expect(since.get_by_role("row")).to_have_count(0)  # and the one before it closes
    overdue = page.get_by_role("region", name=re.compile("^Overdue: 11"))
    row = overdue.locator("tr").filter(has_text="Agree a programme of apprenticeships")
    expect(row).to_contain_text("Apprenticeship Lead")
    expect(row).to_contain_text("30 Sep 2026")
    # How likely is the target of apprenticeships, and how does it stand?
    page.get_by_role("link", name="Summary of measures").click()
    summary = page.get_by_role("region", name="Summary of measures").locator("tr")
    expect(summary.filter(has_text="Apprenticeship starts")).to_contain_text(re.compile("42.*36.*met"))
    # Who has agreed?
    expect(top.get_by_text("Agreed by both sides: 76 of 78 actions and measures")).to_be_visible()
    # What must we decide? A question leads to its options.
    link = top.get_by_role("link", name=re.compile("^Staff aged 16 to 24: keep 5.9% by March 2028"))
    link.click()
    options = page.locator(".b-decision").filter(has_text="Staff aged 16 to 24: keep")
    expect(options).to_be_in_viewport()
    expect(options).to_contain_text(re.compile(r"with the plan as it is\s*4\.6%\s*less than 5%"))
    expect(options).to_contain_text(re.compile(r"Keep 5\.9% by March 2028.*£"))


@pytest.mark.detail
def test_an_intention_and_an_earlier_day_are_opened_by_keyboard_alone(page: Page, served: Served) -> None:
    open_board(page, served)
    alive(page)
    page.get_by_role("link", name="Care Certificate", exact=True).first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="5 Care Certificate")).to_be_visible()
    expect(page).to_have_url(re.compile(r"intention=5.*#b-intention"))
    page.locator("summary", has_text="As at").focus()
    page.keyboard.press("Enter")
    earlier = page.locator(".b-days").first.get_by_role("link", name="30 June 2025")
    earlier.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("date=2025-06-30"))
    expect(page.get_by_text("Agreed by both sides: 78 of 78 actions and measures")).to_be_visible()
    expect(page.get_by_text("Since the forum of 26 June 2025").first).to_be_visible()


@pytest.mark.parametrize("code", LOOKED_AT)
def test_axe_finds_nothing_and_nothing_is_cut_off_at_any_width(
    page: Page, served: Served, readable: Readable, code: str
) -> None:
    page.goto(f"{served.address}board?organisation={code}")
    expect(alive(page).get_by_role("heading", level=1)).to_be_visible()
    for one in page.locator(".t4c-board details > summary").all():
        one.click()
    # Nothing can be typed or pressed but links and folds.
    assert page.locator(".t4c-board").locator("input, textarea, select, button, [contenteditable]").count() == 0
    readable(page)


def test_what_decides_is_printed_on_the_first_two_pages(page: Page, served: Served) -> None:
    open_board(page, served)
    pages = page.pdf(format="A4", print_background=True, margin=MARGINS, page_ranges="3-")  # type: ignore[arg-type]
    assert 1 <= len(re.findall(rb"/Type\s*/Page\b", pages)) <= 6
    page.emulate_media(media="print")
    page.set_viewport_size(A4)
    first, second = (page.locator(one).first.bounding_box() for one in (".t4c-board", ".b-measures"))
    assert first is not None
    assert second is not None
    assert first["y"] + first["height"] <= A4["height"]
    assert second["height"] <= A4["height"]
    expect(page.get_by_text("Inside the forum: not for publication").first).to_be_visible()
    expect(page.locator(".b-when")).to_be_hidden()
    summary, decisions = (page.get_by_role("heading", name=name).bounding_box() for name in SECOND_AND_THIRD)
    assert summary is not None
    assert decisions is not None
    assert first["y"] < summary["y"] < decisions["y"]
