"""Organisations side by side in a browser: asked by keyboard, kept in the address, saved, read at every width."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from t4c_lib.store import Store
from tests.browser.conftest import Readable, alive
from tests.compared import OWN, add_compared
from tests.samples import some_of
from tests.served import Served

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server whose store knows fourteen trusts by official publications."""
    folder = tmp_path_factory.mktemp("compared")
    with Store.open(folder / "store.sqlite") as store:
        add_compared(store, folder)
    server = Served(database=f"sqlite:///{folder / 'store.sqlite'}")
    yield server
    server.stop()


def open_compared(page: Page, served: Served, query: str = "") -> None:
    page.goto(f"{served.address}compare?organisation={OWN}{query}")
    expect(alive(page).get_by_role("heading", level=1)).to_contain_text("Sampleton RA0 NHS Trust")


def test_another_measure_a_group_and_a_time_are_asked_for_by_keyboard(page: Page, compared: Served) -> None:
    open_compared(page, compared)
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_contain_text("4.8% at Sampleton RA0 NHS Trust, in the lower quarter of 10 acute trusts")
    page.get_by_label("Measure", exact=True).focus()
    page.keyboard.press("ArrowDown")
    expect(heading).to_contain_text("82.0% at Sampleton RA0 NHS Trust, in line with")
    expect(page).to_have_url(re.compile("measure=appraisal-received"))
    expect(page.get_by_label("Measure", exact=True)).to_be_focused()
    page.get_by_label("Type", exact=True).focus()
    page.keyboard.press("End")
    expect(heading).to_contain_text("of 14 organisations together")
    page.get_by_label("Picture", exact=True).focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("table", name="All of 14 organisations, the highest first")).to_be_visible()
    page.reload()
    alive(page)
    expect(page.get_by_label("Picture", exact=True)).to_have_value("ranked")
    expect(
        page.get_by_role("table", name="All of 14 organisations, the highest first").locator("tbody tr")
    ).to_have_count(14)


def test_days_over_time_say_that_there_is_no_funnel(page: Page, compared: Served) -> None:
    open_compared(page, compared, "&measure=sickness")
    expect(page.get_by_role("img", name=re.compile("^Fan chart from January 2026 to April 2026"))).to_be_visible()
    expect(page.get_by_text("the limits of a funnel don't hold for them")).to_be_visible()
    expect(page.get_by_label("Picture", exact=True).get_by_role("option")).to_have_text(["Over time", "Ranked"])
    own = page.get_by_role("row").filter(has_text="The same integrated care system")
    expect(own).to_contain_text("7")


@pytest.mark.parametrize("query", some_of(["&measure=sickness", "&measure=appraisal-received&type=all"], 1))
def test_axe_finds_nothing_and_nothing_is_cut_off_at_any_width(
    page: Page, compared: Served, readable: Readable, query: str
) -> None:
    open_compared(page, compared, query)
    for one in page.locator(".t4c-compare details > summary").all():
        one.click()
    readable(page)


@pytest.mark.detail
def test_the_page_is_saved_as_one_file_without_its_fields(page: Page, compared: Served) -> None:
    open_compared(page, compared, "&measure=appraisal-received")
    link = page.get_by_role("link", name="Save this page")
    with page.expect_download() as kept:
        link.click()
    text = kept.value.path().read_text(encoding="utf-8")
    assert "Published figures" in text
    assert "<select" not in text
    assert "in line with 81.3%, the figure of 10 acute trusts together" in text
