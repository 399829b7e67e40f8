"""The report as a page: opened from a file, it asks for nothing and hinders nobody."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from t4c_lib.store import Store
from tests.report_making import run_report

pytestmark = pytest.mark.browser


def test_a_report_opened_from_a_file_is_readable_by_everybody(
    page: Page, axe: Callable[[Page], list[str]], store_file: Path, tmp_path: Path
) -> None:
    with Store.open() as store:
        files = run_report(store.organisation("DEMO-AC"), tmp_path)
    page.goto(files.page.as_uri())
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Brackmere Hospitals NHS Trust (demonstration): where the pledge stands"
    )
    expect(page.get_by_role("img", name="Planned trajectory").first).to_be_visible()
    for heading in ("The pledge at a glance", "Progress, measure by measure", "Actions by date", "What comes next"):
        expect(page.get_by_role("heading", name=heading)).to_be_visible()
    measure = page.locator("section", has=page.get_by_role("heading", name="1m1 Staff aged 16 to 24"))
    measure.get_by_text("The figures behind this chart").click()
    expect(measure.get_by_role("cell", name="5.0% to 6.3%").first).to_be_visible()
    for width in (1280, 400, 320):
        page.set_viewport_size({"width": width, "height": 900})
        assert axe(page) == [], width
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0, width
