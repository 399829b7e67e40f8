"""The plan in the report: every blank of the framework that was filled is shown, and none that wasn't."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from bs4 import BeautifulSoup
from markupsafe import escape

from t4c_lib.framework import catalogue
from t4c_lib.periods import Month
from t4c_lib.plan import Comparison, MeasureRow, Plan
from t4c_lib.plan.row_fields import RowState
from t4c_lib.progress import plan_progress
from t4c_lib.progress.status import status
from t4c_lib.quantities import Baseline, Change, ChangeKind, Unit
from t4c_lib.sections.row_view import x_of
from tests.counted import observation, table
from tests.framework_counts import COUNTED
from tests.plan.plan_making import with_action
from tests.report_making import report_of

pytestmark = pytest.mark.unit

DAY = dt.date(2026, 8, 1)
SUGGESTED = Plan.suggested("ZZ9", "Nowhere Trust", ["2026/27"])
SHARE = Baseline.of(200, 4000, period="2026-03", source="extract")
# Each blank of the framework (eight measures and an action): the change, the baseline, and the words of the report.
BLANKS = {
    "1m1": (Change(ChangeKind.POINTS, 0.02), SHARE, "from 5.0% to 7.0%: 2 percentage points"),
    "2m3": (Change(ChangeKind.LEVEL, 40), Baseline.count(28, period="2025/26"), "from 28 to 40"),
    "2m4": (Change(ChangeKind.COUNT, 10), Baseline.count(30, period="2025/26"), "from 30 to 40"),
    "3m3": (Change(ChangeKind.COUNT, 10), Baseline.count(30, period="2025/26"), "from 30 to 40"),
    "4m1-received": (Change(ChangeKind.POINTS, 0.05), Baseline(0.85, period="2024/25"), "from 85.0% to 90.0%"),
    "4m1-meaningful": (Change(ChangeKind.LEVEL, 0.8), Baseline(0.74, period="2024/25"), "from 74.0% to 80.0%"),
    "6m3": (Change(ChangeKind.LEVEL, 0.01), Baseline.of(4, 100, period="2025/26", unit=Unit.RATE), "from 4.0% to 1.0%"),
}


def shown(plan: Plan) -> str:
    """The part of the report that goes intention by intention, as HTML."""
    return report_of(plan, table([]), DAY).intentions._repr_html_()


def x(row: MeasureRow) -> str:
    return x_of(row, status(row, DAY))


@pytest.mark.parametrize("ref", BLANKS)
def test_a_blank_that_was_filled_is_shown_with_what_it_means(ref: str) -> None:
    change, baseline, words = BLANKS[ref]
    empty = SUGGESTED.measure(ref)
    assert x(empty) == "not set"
    row = empty.changed(change=change, baseline=baseline, due="2028-03")
    assert words in x(row)
    assert words in shown(SUGGESTED.with_row(row)).replace("From ", "from ")


def test_closing_a_gap_says_so() -> None:
    row = SUGGESTED.measure("1m3").changed(
        group="race: Asian",
        comparison=Comparison(share=0.12, period="2021-03", source="Census 2021"),
        baseline=Baseline.of(80, 1000, period="2026-03", source="extract"),
        change=Change(ChangeKind.POINTS, -0.02),
        due="2028-03",
    )
    assert x(row).startswith("the gap goes from 4.0% to 2.0%")


def test_every_intention_has_its_heading_in_order() -> None:
    page = BeautifulSoup(shown(SUGGESTED), "html.parser")
    found = [heading.get_text() for heading in page.select(".r-intention h3")]
    assert found == [f"{one.number} {one.short}" for one in catalogue().intentions]


def test_what_the_framework_said_in_2015_and_its_notes_stand_small_beside_their_rows() -> None:
    html = shown(SUGGESTED)
    letb = "<small>2015 framework: with the local education and training board (LETB)</small>"
    assert html.count(letb) == 3
    promise = re.compile(r"Promise <span[^>]*>[^<]*</span> <small>Note 2: ")
    assert promise.search(html)
    assert "2015 framework: HEE funded or supported apprenticeships, to be doubled by March 2016." in html
    assert [f"Note {number}" in html for number in range(1, 7)] == [True] * 6
    own = shown(with_action(SUGGESTED, SUGGESTED.action("6a5").changed(state="reworded", text="Promise")))
    assert promise.search(own)


def test_the_number_of_an_action_is_shown_in_its_words() -> None:
    plan = with_action(SUGGESTED, SUGGESTED.action("3a1").changed(number=40))
    html = shown(plan)
    assert "Recruit and train 40 staff" in html
    assert "Recruit and train X staff" in shown(SUGGESTED)


def test_an_x_that_is_not_set_counts_as_nothing() -> None:
    assert f"Of the {COUNTED} open measures that count something, none has an X." in shown(SUGGESTED)
    change, baseline, _ = BLANKS["1m1"]
    one = SUGGESTED.with_row(SUGGESTED.measure("1m1").changed(change=change, baseline=baseline, due="2028-03"))
    assert "something, 1 has an X." in shown(one)
    wanted = SUGGESTED.measure("1m1").changed(change=change)
    assert x(wanted) == "2 percentage points up, but it can't be worked out yet"


def test_what_is_followed_without_a_target_never_reads_as_not_set() -> None:
    assert x(SUGGESTED.measure("1m4-turnover")) == "no target: reported only"
    women = SUGGESTED.measure("1m3").changed(
        group="sex: women",
        comparison=Comparison(share=0.505, period="2021-03", source="Census 2021"),
        baseline=Baseline.of(740, 1000, period="2026-03", source="extract"),
    )
    assert x(women) == "no target: above the comparison"
    closed = SUGGESTED.measure("1m1").changed(closed="2026/27")
    assert x(closed) == ""


def test_what_is_left_out_stays_with_its_reason() -> None:
    row = SUGGESTED.action("1a3").changed(state=RowState.LEFT_OUT, reason="no provider <near> us")
    html = shown(with_action(SUGGESTED, row))
    assert f"Left out: {escape(row.wording)} (no provider &lt;near&gt; us)" in html


def test_without_a_plan_the_first_page_says_so_and_leads_to_nothing_of_a_plan() -> None:
    report = report_of(None, table([]), DAY)
    assert report.intentions._repr_html_() == ""
    assert "Nowhere Trust has no plan on 1 August 2026" in report.first_page._repr_html_()
    assert [anchor for anchor, _ in report.contents] == ["further", "gaps", "sources"]


def test_a_gap_that_closes_is_told_of_no_people_whatever_was_counted_since() -> None:
    """The group's own people are no measure of its gap: 5 points short of 12% is not 12% less than today's 160."""
    row = MeasureRow(
        measure="local-diversity",
        group="disability: Yes",
        comparison=Comparison(share=0.12, period="2021-03", source="Census 2021"),
        baseline=Baseline(0.05, period="2025-03", source="extract"),
        change=Change(ChangeKind.LEVEL, 0.01),
        due=Month(2028, 3),
    )
    plan = SUGGESTED.changed(measures=(row,))
    newest = observation("local-diversity", "2026-03", 160, out_of=2000, breakdown="disability=Yes")
    (one,) = [one for one in plan_progress(plan, table([newest]), DAY) if not one.is_action]
    assert one.latest is not None
    assert x_of(row, one.status).startswith("the gap goes from ")
    assert "people" not in x_of(row, one.status)
    assert "160" not in x_of(row, one.status)
