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


SLOWLY = """
() => {
  const send = WebSocket.prototype.send;
  WebSocket.prototype.send = function (data) {
    setTimeout(() => send.call(this, data), typeof data === 'string' ? 0 : 1500);
  };
}
"""


def test_a_second_press_while_the_first_is_being_saved_saves_nothing_more(page: Page, served: Served) -> None:
    form = typed_placement(page, served, "11/01/2027")
    page.get_by_label("Your name").fill("")
    form.get_by_role("button", name="Add this placement").click()
    expect(form.get_by_role("alert")).to_contain_text("Enter your name.")
    page.get_by_label("Your name").fill("Rowan Placeholder")
    count = page.get_by_role("heading", name=re.compile(r"^Placements: \d+ on record"))
    before = int(re.findall(r"\d+", count.text_content() or "")[0])
    page.evaluate(SLOWLY)
    press = form.get_by_role("button", name="Add this placement")
    press.dblclick()
    expect(press).to_have_attribute("aria-busy", "true")
    said(page, "Saving…")
    expect(form.get_by_role("alert")).to_be_hidden()
    form.get_by_label("Starts").press("Enter")
    said(page, "Added: placement")
    page.wait_for_timeout(2500)
    expect(count).to_contain_text(f"{before + 1} on record")
    expect(form.locator("[aria-busy]")).to_have_count(0)


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


def test_what_repeat_the_last_fills_in_stays_while_something_else_is_checked(page: Page, served: Served) -> None:
    open_page(page, served)
    page.get_by_role("button", name="Repeat the last").click()
    form = page.locator("form[data-form=add-placement]")
    fields = {name: form.get_by_label(name) for name in ("Programme", "Days", "Home area", "Stage")}
    expect(fields["Programme"]).not_to_have_value("")
    filled = {name: field.input_value() for name, field in fields.items()}
    page.locator("form[data-form=paste] textarea").fill("Work experience\tno such partner")
    page.get_by_role("button", name="Check", exact=True).click()
    expect(page.get_by_role("heading", name="Paste from Excel: 1 row read, 0 ready, 1 to correct")).to_be_visible()
    assert {name: field.input_value() for name, field in fields.items()} == filled


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


def test_who_gave_an_award_is_not_who_types(page: Page, served: Served) -> None:
    open_page(page, served, "&tab=policies")
    page.get_by_label("Your name").fill("Rowan Placeholder")
    page.locator("summary", has_text="Add an award or event").click()
    form = page.locator("form[data-form=add-recognition]")
    form.get_by_label("What", exact=True).fill("Widening access award")
    form.get_by_label("Month").fill("June 2026")
    form.get_by_label("By whom").fill("Health Service Journal")
    form.get_by_label("By whom").press("Enter")
    said(page, "Added: award or event")
    expect(page.get_by_label("Your name")).to_have_value("Rowan Placeholder")
    kept = page.evaluate("Object.entries({...sessionStorage})")
    assert [name for name, value in kept if value == "Health Service Journal"] == []
    expect(form.get_by_label("What", exact=True)).to_be_focused()
    page.get_by_role("button", name=re.compile("^Correct W-")).first.click()
    expect(page.locator(".w-opened").get_by_text("Rowan Placeholder")).to_be_visible()
    page.goto(f"{served.address}forum?organisation=DEMO-MH")
    expect(alive(page).get_by_label("Your name")).to_have_value("Rowan Placeholder")


def test_what_is_half_typed_stays_while_other_forms_are_saved(page: Page, served: Served) -> None:
    """A correction, rows out of Excel, an outcome that is refused, and another tab, before a placement is complete."""
    form = typed_placement(page, served, "11/01/2027")
    opened = page.locator(".w-opened form[data-kind=placement]")

    def stands(programme: str = "Work experience", starts: str = "11/01/2027") -> None:
        expect(form.get_by_label("Programme")).to_have_value(programme)
        expect(form.get_by_label("Starts")).to_have_value(starts)
        expect(form.get_by_label("Stage")).to_have_value("planned")

    page.get_by_label(re.compile("^Rows copied from Excel")).fill("Volunteering\t\t\t2027-02-01")
    page.get_by_role("button", name="Check", exact=True).click()
    page.get_by_role("button", name="Add the 1 that is ready").click()
    said(page, "Added: 1 placement")
    stands()
    page.get_by_role("button", name=re.compile("^Enter what became of")).first.click()
    stage = opened.get_by_label("Stage").input_value()
    page.locator(".w-opened form[data-kind=outcome]").get_by_label("What became of them").select_option("")
    page.get_by_role("button", name="Add this outcome").click()
    expect(page.get_by_text("Not saved.")).to_be_visible()
    stands()
    expect(opened.get_by_label("Stage")).to_have_value(stage)
    opened.get_by_label("Days").fill("9")
    page.get_by_role("link", name="Evaluation", exact=True).click()
    expect(page.get_by_role("heading", name="From planned to started").or_(page.locator("#w-sentence"))).to_be_visible()
    page.get_by_role("link", name="Register", exact=True).click()
    stands()
    expect(form.get_by_text("What you typed here before is not saved yet.")).to_be_visible()
    page.get_by_role("button", name=re.compile("^Correct P-")).first.click()
    opened.get_by_label("Days").fill("3")
    opened.get_by_role("button", name="Save the correction").click()
    said(page, "Corrected: placement")
    stands()
    expect(page).not_to_have_url(re.compile("record="))
    form.get_by_label("Starts").press("Enter")
    said(page, "Added: placement")
    stands("", "")
    expect(form.get_by_label("Programme")).to_be_focused()
    page.reload()
    expect(alive(page).get_by_role("heading", name="Add a placement")).to_be_visible()
    expect(page.get_by_text("You had typed something")).to_have_count(0)


def test_a_slip_is_asked_about_where_it_was_typed_and_mended_by_keyboard(page: Page, served: Served) -> None:
    form = typed_placement(page, served, "11/01/2027")
    form.get_by_label("Programme").fill("Work experiance")
    form.get_by_label("Programme").press("Enter")
    notice = form.get_by_role("alert")
    expect(notice).to_contain_text("'Work experiance' is new under Programme. Did you mean Work experience?")
    expect(notice).not_to_contain_text("?.")
    notice.get_by_role("button", name="Work experience").press("Enter")
    opened = page.locator(".w-opened form[data-kind=placement]")
    expect(opened.get_by_label("Programme")).to_have_value("Work experience")
    expect(opened.get_by_label("Programme")).to_be_focused()
    opened.get_by_label("Programme").press("Enter")
    said(page, "Corrected: placement")
    expect(notice).to_have_count(0)
    expect(page.get_by_role("button", name=re.compile("^Correct P-")).first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=re.compile("^Placement P-"))).to_be_focused()
    opened.get_by_label("Days").fill("77")
    page.keyboard.press("Escape")
    expect(page.locator(".w-opened")).to_have_count(0)
    page.get_by_role("button", name=re.compile("^Correct P-")).first.click()
    expect(opened.get_by_label("Days")).not_to_have_value("77")

    rows = page.get_by_label(re.compile("^Rows copied from Excel"))
    rows.fill("Programme,Before,Starts\nWork experiance,other work,2027-01-11\nWork experiance,schol,2027-01-18")
    page.get_by_role("button", name="Check", exact=True).click()
    page.get_by_role("button", name="Work experience", exact=True).click()
    expect(rows).to_have_value(re.compile("Work experience,other work.*\nWork experience,schol", re.DOTALL))
    expect(page.get_by_text("'Work experiance' is new")).to_have_count(0)


@pytest.mark.detail
def test_deleting_stands_apart_and_a_narrow_page_shows_what_is_chosen(page: Page, served: Served) -> None:
    open_page(page, served)
    save = page.locator("form[data-form=keep_for] button").bounding_box()
    delete = page.get_by_role("button", name=re.compile("^Delete what is known of")).bounding_box()
    assert save is not None
    assert delete is not None
    assert delete["y"] > save["y"] + 2 * save["height"]
    page.set_viewport_size({"width": 400, "height": 900})
    page.get_by_role("link", name="Evaluation", exact=True).click()
    chosen = page.locator("#w-programme").bounding_box()
    assert chosen is not None
    assert chosen["width"] > 200
