"""The forum page as it may be published: the same address for another audience, marked, rounded, to look at only."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Readable

pytestmark = pytest.mark.browser
MARKING = ".t4c-strip [data-part=marking]"
OUT_OF = re.compile(r"(\d[\d,]*) of (\d[\d,]*)")


def test_a_page_is_shown_as_it_may_be_published_and_back(page: Page, forum: str, readable: Readable) -> None:
    page.goto(f"{forum}?organisation=DEMO-SC&measure=young-share")
    expect(page.locator(MARKING)).to_have_text("Inside the forum: not for publication")
    expect(page.get_by_role("button", name="Save measure")).to_be_visible()
    page.get_by_role("link", name="Published version").click()
    expect(page.locator(MARKING)).to_have_text("Published figures: small numbers are hidden")
    expect(page.get_by_text("Inside the forum: not for publication")).to_have_count(0)
    expect(page.get_by_text("Counts are rounded to the nearest 5")).to_be_visible()
    expect(page.get_by_role("table", name="Measures")).to_contain_text("Staff aged 16 to 24")
    expect(page.locator(".f-main").locator("button, input, select, textarea, form")).to_have_count(0)
    counts = [
        int(one.replace(",", "")) for pair in OUT_OF.findall(page.inner_text("main, [role=main]")) for one in pair
    ]
    assert len(counts) >= 2
    assert [one for one in counts if one % 5] == []
    readable(page, (1366, 400))
    page.locator(".t4c-organisation > summary").click()
    page.get_by_role("link", name="Brackmere Hospitals NHS Trust (demonstration) DEMO-AC").click()
    expect(page.get_by_text("of 4,805").first).to_be_visible()
    expect(page).to_have_url(
        re.compile(r"organisation=DEMO-AC.*audience=published|audience=published.*organisation=DEMO-AC")
    )
    page.get_by_role("link", name="Exact figures, inside the forum").click()
    expect(page.locator("[data-part=sentence]")).to_contain_text("4,803")
    expect(page.locator(MARKING)).to_have_text("Inside the forum: not for publication")


@pytest.mark.detail
def test_an_audience_that_is_none_gets_the_forums_page_marked_as_such(page: Page, forum: str) -> None:
    page.goto(f"{forum}?organisation=DEMO-SC&audience=everybody")
    expect(page.get_by_role("button", name="Add a measure of our own")).to_be_visible()
    expect(page.locator(MARKING)).to_have_text("Inside the forum: not for publication")
    expect(page.get_by_role("alert")).to_contain_text("There is no audience called 'everybody'.")
