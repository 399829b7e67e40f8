"""The work experience page in a browser: rows out of Excel, a correction, an outcome, a page to print, every width."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from t4c_lib.periods import Day, today
from tests.browser.conftest import SPILL, WIDTHS, Readable, alive
from tests.programme.test_records import TEN
from tests.samples import some_of
from tests.served import Served

pytestmark = pytest.mark.browser
TABS = ("register", "evaluation", "policies", "people", "reflection")


def open_page(page: Page, served: Served, query: str = "") -> Page:
    page.goto(f"{served.address}work_experience?organisation=DEMO-MH{query}")
    return alive(page)


def said(page: Page, words: str) -> None:
    expect(page.locator("[data-part=said]")).to_contain_text(words)


def test_a_programme_lead_s_morning(page: Page, served: Served) -> None:
    """Ten rows pasted with two wrong ones, a correction, an outcome at six months: by keyboard where it is typed."""
    open_page(page, served)
    page.get_by_label("Your name").fill("Rowan Placeholder")
    page.get_by_label(re.compile("^Rows copied from Excel")).fill(TEN)
    page.get_by_role("button", name="Check", exact=True).press("Enter")
    expect(page.get_by_role("heading", name="Paste from Excel: 10 rows read, 8 ready, 2 to correct")).to_be_visible()
    page.get_by_role("button", name="Older People", exact=True).click()
    expect(page.get_by_role("heading", name="Paste from Excel: 10 rows read, 9 ready, 1 to correct")).to_be_visible()
    page.get_by_role("button", name="13 November 2026", exact=True).click()
    page.get_by_role("button", name="Add the 10 that are ready").click()
    expect(page.get_by_role("heading", name="Placements: 410 on record, the newest first")).to_be_visible()
    said(page, "Added: 10 placements, P-0401 to P-0410")

    page.get_by_role("button", name="Correct P-0410").click()
    expect(page.get_by_role("heading", name="Placement P-0410")).to_be_focused()
    assert "record=P-0410" in page.url
    opened = page.locator(".w-opened form[data-kind=placement]")
    opened.get_by_label("Stage").select_option("hosted")
    opened.get_by_role("button", name="Save the correction").click()
    said(page, "Corrected: placement P-0410")

    enter = page.get_by_role("button", name=re.compile("^Enter what became of")).first
    person = (enter.text_content() or "").split()[-1]
    enter.click()
    form = page.locator(".w-opened form[data-kind=outcome]")
    expect(form.get_by_label("Asked at")).to_have_value("6 months")
    expect(form.get_by_label("Date")).to_have_value(Day(today()).label)
    form.get_by_label("What became of them").select_option("NHS job")
    form.get_by_label("How far").select_option("started")
    form.get_by_role("button", name="Add this outcome").click()
    expect(page.locator(".w-opened").get_by_text("asked at 6 months: NHS job, started")).to_be_visible()
    said(page, "Added: outcome")
    page.reload()
    expect(alive(page).get_by_role("heading", name=f"Placement {person}", exact=True)).to_be_visible()


def typed_placement(page: Page, served: Served, starts: str) -> Locator:
    """The form of a placement, typed into and not sent."""
    open_page(page, served)
    page.get_by_label("Your name").fill("Rowan Placeholder")
    form = page.locator("form[data-form=add-placement]")
    form.get_by_label("Programme").fill("Work experience")
    form.get_by_label("Starts").fill(starts)
    return form


@pytest.mark.detail
def test_what_was_saved_is_not_offered_again(page: Page, served: Served) -> None:
    form = typed_placement(page, served, "11/01/2027")
    page.reload()
    expect(alive(page).get_by_text("You had typed something")).to_be_visible()
    page.get_by_role("button", name="Put it back").click()
    form.get_by_role("button", name="Add this placement").click()
    said(page, "Added: placement")
    page.reload()
    expect(alive(page).get_by_role("heading", name="Add a placement")).to_be_visible()
    expect(page.get_by_text("You had typed something")).to_have_count(0)


def test_a_refusal_keeps_what_was_typed_and_leads_to_its_field(page: Page, served: Served) -> None:
    form = typed_placement(page, served, "11/13/2026")
    form.get_by_role("button", name="Add this placement").click()
    expect(form.get_by_text("Did you mean '13 November 2026'?")).to_be_visible()
    expect(form.get_by_label("Starts")).to_be_focused()
    expect(form.get_by_label("Starts")).to_have_value("11/13/2026")
    expect(form.get_by_label("Programme")).to_have_value("Work experience")


@pytest.mark.detail
def test_the_workbook_comes_down_and_goes_up(page: Page, served: Served, tmp_path: Path) -> None:
    from openpyxl import load_workbook

    open_page(page, served)
    with page.expect_download() as kept:
        page.get_by_role("button", name="Workbook to fill in (.xlsx)").click()
    file = tmp_path / "placements.xlsx"
    kept.value.save_as(file)
    book = load_workbook(file)
    sheet = book.active
    assert sheet is not None
    heads = [cell.value for cell in sheet[1]]
    row = {"Programme": "Work experience", "Stage": "planned", "Setting": "Older Peple", "Starts": "2027-02-01"}
    for name, value in row.items():
        sheet.cell(2, heads.index(name) + 1, value)
    book.save(file)
    page.get_by_label(re.compile("^Or a file")).set_input_files(file)
    expect(page.get_by_role("heading", name="Paste from Excel: 1 row read, 0 ready, 1 to correct")).to_be_visible()
    expect(page.get_by_role("button", name="Older People", exact=True)).to_be_visible()


@pytest.mark.detail
def test_the_page_for_partners_prints_on_one_page(page: Page, served: Served, tmp_path: Path) -> None:
    from pikepdf import Pdf

    open_page(page, served, "&tab=evaluation&cohort=2025/26")
    page.get_by_role("link", name="Page for partners").click()
    expect(alive(page).get_by_role("heading", level=1)).to_contain_text("who completed a placement in 2025/26")
    expect(page.get_by_text("Add a placement")).to_have_count(0)
    page.pdf(path=tmp_path / "partners.pdf", format="A4")
    with Pdf.open(tmp_path / "partners.pdf") as pdf:
        assert len(pdf.pages) == 1


@pytest.mark.parametrize("tab", some_of(TABS, 1))
def test_axe_finds_nothing_and_nothing_is_cut_off_at_any_width(
    page: Page, served: Served, readable: Readable, tab: str
) -> None:
    open_page(page, served, f"&tab={tab}")
    for one in page.locator(".t4c-work details > summary").all()[:3]:
        one.click()
    readable(page, WIDTHS if tab in ("register", "evaluation") else (1366, 320))


@pytest.mark.detail
def test_the_page_stands_painted_before_its_program_and_with_a_record_open(page: Page, served: Served) -> None:
    open_page(page, served, "&tab=register&record=P-0002")
    expect(page.get_by_role("heading", name="Placement P-0002", exact=True)).to_be_visible()
    page.context.add_init_script("delete window.WebSocket")
    page.goto(f"{served.address}work_experience?organisation=DEMO-MH&tab=evaluation")
    expect(page.get_by_role("heading", level=1)).to_contain_text("have been hosted")
    assert page.evaluate(SPILL) <= 0
