"""A chart that is given another picture: its drawing is moved, and ends where one drawn anew would."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.served import PATIENCE, Served

pytestmark = pytest.mark.browser

CHARTS = """
import ipywidgets as w
import pandas as pd
from t4c_lib.charts import Scale, age_profile, run_chart
from t4c_lib.panels import Chart

def starts(values, target):
    days = pd.date_range("2025-01-31", periods=len(values), freq="ME")
    table = pd.DataFrame({"day": days, "period": [f"{day:%B %Y}" for day in days], "value": values})
    scale = Scale(is_fraction=False, things="starts")
    return run_chart(table, scale=scale, measured=f"Starts, {len(values)}", title="T", target=target).drawing

def ages(count):
    rows = [(f"Age {place}", place, place / 10, place / 20) for place in range(1, count)]
    table = pd.DataFrame(rows, columns=["label", "count", "share", "other"])
    return age_profile(table, names=("All staff", "Local people"), measured="Share by age", title="T").drawing

pictures = [starts([31, 33, 29], 40), starts([12, float("nan"), 90, 14, 2], None), ages(3), ages(6)]
moved, fresh = Chart(pictures[0]), w.VBox()
choice = w.Dropdown(options=[(f"Picture {place}", place) for place in range(4)], description="Picture")

def show(change):
    moved.show(pictures[change.new])
    fresh.children = [Chart(pictures[change.new])]

choice.observe(show, "value")
w.VBox([choice, moved, fresh])
"""


PAGES = {"charts": ("Charts", "# Charts", CHARTS)}


def marks(page: Page, place: int) -> list[str]:
    """What the chart at this place shows: its marks with their texts, whatever order they came in.

    Without the numbers of clippings, which count on from chart to chart, what is under a hundredth of a pixel, and
    names that nobody reads: the chart as a whole has one.
    """
    html = page.locator(".t4c-chart svg").nth(place).inner_html()
    plain = re.sub(r' aria-label="[^"]*"', "", re.sub(r"\bclip\d+", "clip", html))
    return sorted(re.findall(r"<[^>]+>[^<]*", re.sub(r"\d+\.\d+", lambda one: f"{float(one[0]):.2f}", plain)))


def expect_the_same(page: Page) -> None:
    """The chart that was moved takes a moment longer than its name."""
    for _ in range(PATIENCE * 10):
        if marks(page, 0) == marks(page, 1):
            return
        page.wait_for_timeout(100)
    assert marks(page, 0) == marks(page, 1)


@pytest.mark.parametrize(
    ("steps", "is_moved"),
    [((1,), True), ((2,), False), ((2, 3), True), ((1, 0), True), ((3, 1), False)],
    ids=["other figures", "another kind", "more rows, higher", "there and back", "kind back"],
)
def test_a_chart_ends_where_one_drawn_anew_would(
    page: Page, notebooks: Served, steps: tuple[int, ...], is_moved: bool
) -> None:
    page.goto(notebooks.address + "charts")
    charts = page.locator(".t4c-chart")
    expect(charts.locator("svg")).to_have_count(1)
    for step in steps:
        charts.first.locator("svg").evaluate("(one) => { one.dataset.stood = 'here'; }")
        name = charts.first.get_attribute("aria-label") or ""
        page.get_by_label("Picture").select_option(f"Picture {step}")
        expect(charts).to_have_count(2)
        expect(charts.first).not_to_have_attribute("aria-label", name)
        expect(charts.nth(1)).to_have_attribute("aria-label", charts.first.get_attribute("aria-label") or "")
        expect(charts.nth(1).locator("svg")).to_have_count(1)
    expect_the_same(page)
    stood = charts.first.locator("svg").get_attribute("data-stood")
    assert (stood == "here") is is_moved
