"""The gallery as a page: everybody can read it, at any width, and nothing runs out of a drawing."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SPILL, Readable

pytestmark = pytest.mark.browser

GALLERY = Path(__file__).resolve().parents[2] / "docs" / "reference" / "gallery.html"
OUTSIDE = """() => [...document.querySelectorAll('.t4c-drawing svg')].flatMap(svg => {
  if (!svg.checkVisibility()) return [];
  const frame = svg.getBoundingClientRect();
  return [...svg.querySelectorAll('text')].filter(text => {
    const box = text.getBoundingClientRect();
    return box.width && (box.left < frame.left - 1 || box.right > frame.right + 1 || box.bottom > frame.bottom + 1);
  }).map(text => text.textContent);
})"""
SMALLEST = """() => Math.min(...[...document.querySelectorAll('.t4c-drawing svg')].filter(svg => svg.checkVisibility())
  .map(svg => svg.getBoundingClientRect().width / svg.viewBox.baseVal.width))"""


@pytest.mark.detail
def test_the_gallery_hinders_nobody(page: Page, readable: Readable) -> None:
    page.goto(GALLERY.as_uri())
    expect(page.get_by_role("heading", level=1)).to_have_text("Gallery of charts")
    page.get_by_text("The figures behind this chart").first.click()
    readable(page, (1366, 320))


def test_charts_hold_at_every_width(page: Page) -> None:
    page.goto(GALLERY.as_uri())
    for width in (320, 400, 700, 1366, 1600):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(SPILL) <= 0, width
        assert page.evaluate(OUTSIDE) == [], width
        assert page.evaluate(SMALLEST) > 0.75, f"words shrink below 10 pixels at {width}"


def test_a_screen_reader_hears_each_chart_once(page: Page) -> None:
    page.goto(GALLERY.as_uri())
    charts = page.locator("figure.t4c-picture")
    named = page.locator("figure.t4c-picture [role=img]")
    assert charts.count() == named.count() == 11
    for chart in named.all():
        assert (chart.get_attribute("aria-label") or "").endswith(".")
    assert page.locator("figure.t4c-picture svg:not([aria-hidden=true])").count() == 0
