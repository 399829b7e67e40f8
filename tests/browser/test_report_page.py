"""The report as a page: opened from a file, it asks for nothing and hinders nobody."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from t4c_lib.store import Store
from tests.browser.conftest import Readable
from tests.report_making import run_report

pytestmark = pytest.mark.browser


@pytest.mark.detail
def test_a_report_opened_from_a_file_is_readable_by_everybody(
    page: Page, readable: Readable, store_file: Path, tmp_path: Path
) -> None:
    with Store.open() as store:
        files = run_report(store.organisation("DEMO-AC"), tmp_path)
    page.goto(files.page.as_uri())
    expect(page.get_by_role("heading", level=1)).to_have_text("Brackmere Hospitals NHS Trust (demonstration)")
    for heading in ("To decide", "The ten intentions", "Who has agreed", "In this report"):
        expect(page.get_by_role("heading", name=heading, exact=True)).to_be_visible()
    page.get_by_role("navigation", name="In this report").get_by_role("link", name="Intention by intention").click()
    expect(page.get_by_role("heading", name="Intention by intention")).to_be_in_viewport()
    expect(page.get_by_role("img", name="planned trajectory").first).to_be_visible()
    one = page.locator("#intention-1")
    one.get_by_text("The figures behind this chart").first.click()
    expect(one.get_by_role("cell", name=re.compile(r"\d% to \d")).first).to_be_visible()
    one.get_by_role("row", name="Staff aged 16 to 24").get_by_role("link").click()
    expect(page.locator(":target")).to_contain_text("SHA-256")
    assert page.get_by_text("made up").filter(visible=True).count() == 1  # said once
    measures = page.get_by_role("region", name="Every measure with a target")
    expect(measures).to_be_visible()
    page.goto(files.page.as_uri())
    page.set_viewport_size({"width": 400, "height": 900})
    assert page.evaluate("document.documentElement.scrollHeight") < 6_000
    ten = page.get_by_role("region", name="Actions and measures by status")
    assert ten.evaluate("one => one.scrollWidth - one.clientWidth") <= 0
    expect(measures).to_be_hidden()
    page.get_by_role("heading", name="Summary of measures").get_by_role("link").click()
    expect(measures).to_be_visible()
    expect(page.get_by_role("heading", name="Summary of measures")).to_be_in_viewport()
    page.get_by_role("link", name="Open all parts").click()
    expect(page.locator("#intention-1 table").first).to_be_visible()
    page.goto(files.page.as_uri())
    page.emulate_media(media="print")  # whole, whatever was open
    expect(measures).to_be_visible()
    expect(page.locator("#intention-1 table").first).to_be_visible()
    page.emulate_media(media="screen")
    readable(page)
