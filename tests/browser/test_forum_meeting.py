"""A meeting on the forum page: its papers, its agenda with the time left, and a wording out of a Word document."""

import datetime as dt
import io
import re
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from playwright.sync_api import Page, expect

from tests.browser.forum_row import sign, visit

pytestmark = pytest.mark.browser

CODE = "DEMO-AC"
LEFT = r"^\d+ minutes? left for this intention, \d+ minutes? in all\.$"
STARTS = "11:00"


def at(hour: str) -> dt.datetime:
    """Today, at that time: the minutes that are left don't depend on the machine."""
    return dt.datetime.combine(dt.date.today(), dt.time.fromisoformat(hour))


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


@pytest.mark.detail
def test_an_agenda_with_the_time_left_survives_a_reload(
    page: Page, forum: str, axe: Callable[[Page], list[str]]
) -> None:
    page.clock.set_fixed_time(at("11:02"))
    visit(page, forum, CODE, "&intention=2")
    clock = page.locator(".f-clock")
    expect(clock).to_have_text("")
    page.get_by_role("button", name="Agenda").press("Enter")
    agenda = page.get_by_role("region", name="Agenda")
    expect(agenda.get_by_role("heading", name="Agenda", exact=True)).to_be_focused()
    expect(agenda.get_by_role("row", name="2 Work experience")).to_contain_text("Not agreed (1); X to set (1)")
    expect(agenda).to_contain_text("(reason: placements must not stand in for paid staff")
    expect(agenda.get_by_role("button", name="Stop the clock")).to_be_hidden()
    agenda.get_by_label("Starts at").fill(STARTS)
    agenda.get_by_label("Length in minutes").fill("45")
    agenda.get_by_label("Length in minutes").press("Enter")
    proposed = agenda.locator("[data-minutes]")
    expect(clock).to_have_text("3 minutes left for the opening, 43 minutes in all.")
    expect(agenda.locator("table")).to_have_attribute("data-length", "45")
    assert sum(int(one.get_attribute("data-minutes") or 0) for one in proposed.all()) == 45 - 5 - 5
    assert axe(page) == []
    for width in (400, 320):
        page.set_viewport_size({"width": width, "height": 900})
        assert fits(page)
    page.set_viewport_size({"width": 1366, "height": 900})
    said = clock.inner_text()
    page.reload()
    expect(page.locator(".f-clock")).to_have_text(said)
    page.clock.set_fixed_time(at("11:06"))
    page.reload()
    expect(page.locator(".f-clock")).to_have_text(re.compile(LEFT))
    page.get_by_role("button", name="Agenda").click()
    page.get_by_role("region", name="Agenda").get_by_role("button", name="Next with open points").click()
    expect(page.locator("#f-intention")).to_contain_text("NHS Ambassadors")
    expect(page.locator(".f-clock")).to_have_text(re.compile(LEFT))
    assert page.locator(".f-clock").get_attribute("aria-live") is None
    page.get_by_role("region", name="Agenda").get_by_role("button", name="Stop the clock").click()
    expect(page.locator(".f-clock")).to_have_text("")
    agenda.get_by_label("Length in minutes").fill("soon")
    agenda.get_by_label("Length in minutes").press("Enter")
    expect(page.locator(".f-notice[role=alert]")).to_have_text(
        "'soon' is no length of a meeting: enter 10 to 480 minutes."
    )


def test_a_pre_read_is_read_and_downloaded_for_those_who_read_it(
    page: Page, forum: str, axe: Callable[[Page], list[str]]
) -> None:
    visit(page, forum, CODE, "&intention=2")
    page.get_by_role("button", name="Pre-read").click()
    paper = page.get_by_role("region", name="Pre-read")
    expect(paper).to_contain_text("Inside the forum: not for publication")
    paper.get_by_label("Who reads it").select_option("published")
    paper.get_by_role("button", name="Show", exact=True).click()
    expect(paper).to_contain_text("Published figures: small numbers are hidden")
    assert axe(page) == []
    with page.expect_download() as taken:
        paper.get_by_role("button", name="Download as Word").click()
    assert taken.value.suggested_filename.endswith("-published.docx")
    document = docx.Document(io.BytesIO(Path(taken.value.path()).read_bytes()))
    assert "Published figures: small numbers are hidden" in [one.text for one in document.paragraphs]
    page.set_viewport_size({"width": 320, "height": 900})
    assert fits(page)


@pytest.mark.detail
def test_what_changed_is_told_row_by_row(page: Page, forum: str, axe: Callable[[Page], list[str]]) -> None:
    visit(page, forum, CODE, "&intention=2")
    page.get_by_role("button", name="What changed").click()
    listed = page.get_by_role("region", name="What changed since the last meeting")
    listed.get_by_label("Last meeting", exact=True).fill("2026-01-01")
    listed.get_by_role("button", name="Show", exact=True).click()
    row = listed.get_by_role("row", name="Applications from local people for support roles")
    expect(row).to_contain_text("10% more than the baseline")
    expect(row).to_contain_text("Demonstration")
    assert axe(page) == []
    page.set_viewport_size({"width": 320, "height": 900})
    assert fits(page)
    listed.get_by_label("Last meeting", exact=True).fill("2126-01-01")
    listed.get_by_role("button", name="Show", exact=True).click()
    expect(page.locator(".f-notice[role=alert]")).to_have_text("1 January 2126 is in the future.")


@pytest.mark.detail
def test_a_wording_is_read_from_a_word_document_and_saved_as_it_is_shown(
    page: Page, forum: str, axe: Callable[[Page], list[str]]
) -> None:
    visit(page, forum, "DEMO-CO", "&intention=1")
    sign(page)
    page.get_by_role("button", name="Pledge").click()
    expect(page.get_by_role("heading", name="Local Partnership Pledge")).to_be_visible()
    if not page.locator("#f-wording-file").is_visible():
        page.get_by_text("Change the wording").click()
    choose = page.get_by_label("From your own Word document (.docx)")
    choose.set_input_files({"name": "scan.docx", "mimeType": "", "buffer": b"%PDF-1.7 a scan"})
    said = page.locator(".f-notice[role=alert]")
    expect(said).to_contain_text("Not read: scan.docx. This is a PDF; a Word document (.docx) is needed.")
    choose.set_input_files({"name": "big.docx", "mimeType": "", "buffer": b"P" * 5_000_001})
    expect(said).to_contain_text("Not read: big.docx. The file has 5.0 MB; at most 5.0 MB are read.")
    file = io.BytesIO()
    document = docx.Document()
    document.add_paragraph("We widen the routes into work.")
    document.save(file)
    choose.set_input_files({"name": "pledge.docx", "mimeType": "", "buffer": file.getvalue()})
    expect(page.get_by_label("Wording", exact=True)).to_have_value("We widen the routes into work.")
    expect(page.locator(".f-paper")).to_contain_text("This is the text of pledge.docx. Nothing is saved yet")
    assert axe(page) == []
    page.get_by_role("button", name="Save this wording").click()
    expect(page.locator(".f-wording")).to_have_text("We widen the routes into work.")
