"""Next year's plan from this one."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from t4c_lib.periods import FinancialYear, Month, PeriodError
from t4c_lib.plan import ActionRow, MeasureRow, Plan, PlanError, changes_between, roll
from t4c_lib.quantities import Baseline, Change, ChangeKind

from .plan_making import plans
from .test_plan_laws import WIDE
from .test_plan_rows import GROUP, YOUNG

NEWER = Baseline.of(200, 3100, period="2027-03", source="staff extract of April 2027")


def young(**fields: Any) -> MeasureRow:
    return MeasureRow.of(**{**YOUNG, **fields})


def rolled(*rows: ActionRow | MeasureRow, newer: bool = True) -> Plan:
    plan = Plan.suggested("X01", "Example", ["2026/27", "2027/28"]).changed(
        actions=tuple(row for row in rows if isinstance(row, ActionRow)),
        measures=tuple(row for row in rows if isinstance(row, MeasureRow)),
    )
    return roll(plan, "2027/28", (lambda row: NEWER if row.measure == "young-share" else None) if newer else None)


@pytest.mark.law
@WIDE
@given(plan=plans(), years=st.integers(1, 5))
def test_no_row_is_ever_lost_and_no_open_date_lies_before_the_new_plan(plan: Plan, years: int) -> None:
    year = FinancialYear(plan.years[0].start_year + years)
    after = roll(plan, year)
    assert [row.key for row in after.actions] == [row.key for row in plan.actions]
    assert [row.key for row in after.measures] == [row.key for row in plan.measures]
    assert after.years[0] == year
    for row in (*after.actions, *after.measures):
        assert row.due is None or row.due >= year.months[0] or not row.is_open
    assert Plan.from_yaml(after.to_yaml()) == after


@pytest.mark.unit
def test_the_years_are_the_one_asked_for_and_those_the_plan_has_after_it() -> None:
    plan = Plan.suggested("X01", "Example", ["2026/27", "2027/28", "2028/29"])
    assert [str(year) for year in roll(plan, "2027/28").years] == ["2027/28", "2028/29"]
    assert [str(year) for year in roll(plan, FinancialYear(2030)).years] == ["2030/31"]
    with pytest.raises(PlanError, match=r"already starts in 2026/27, so it can't be rolled forward to 2026/27"):
        roll(plan, "2026/27")
    with pytest.raises(PeriodError, match="'2027/29' is not a financial year"):
        roll(plan, "2027/29")


@pytest.mark.unit
def test_done_rows_are_closed_and_open_ones_carried() -> None:
    done = ActionRow.of(action="sign-pledge", status="done", due="2026-06")
    late = ActionRow.of(action="publicity", status="under way", due="2026-10")
    later = ActionRow.of(action="share-practice", due="2028-01")
    out = ActionRow.of(action="learning-reps", state="left out", reason="none here", due="2026-05")
    after = rolled(done, late, later, out)
    assert after.actions[0] == done.changed(closed="2026/27")
    assert after.actions[1] == late.changed(due="2027-10")
    assert after.actions[2:] == (later, out)
    # A row that was closed once stays as it was.
    assert roll(after, "2028/29").actions[0] == after.actions[0]


@pytest.mark.unit
def test_a_target_still_to_come_keeps_its_goal_from_the_new_baseline() -> None:
    (row,) = rolled(
        young(due="2029-03", checkpoints=[{"due": "2027-03", "value": 0.06}, {"due": "2028-03", "value": 0.07}])
    ).measures
    assert row.baseline == NEWER
    assert row.change == Change(ChangeKind.LEVEL, 0.077)
    assert row.due == Month(2029, 3)
    assert [one.due for one in row.checkpoints] == [Month(2028, 3)]


@pytest.mark.unit
def test_a_target_whose_date_has_passed_keeps_its_x_for_another_year() -> None:
    (row,) = rolled(young(due="2027-03")).measures
    assert (row.baseline, row.change, row.due) == (NEWER, young().change, Month(2028, 3))
    assert row.target is not None
    assert row.target.goal == pytest.approx(200 / 3100 + 0.02)


@pytest.mark.unit
def test_a_baseline_is_renewed_only_by_a_newer_figure() -> None:
    newest = {**YOUNG["baseline"], "period": "2027-04"}
    (row,) = rolled(young(baseline=newest)).measures
    assert row.baseline == young(baseline=newest).baseline
    assert rolled(young(), newer=False).measures == (young(),)
    (row,) = rolled(young(baseline=None, change=None)).measures
    assert row.baseline == NEWER


@pytest.mark.unit
def test_a_gap_keeps_its_goal_as_well() -> None:
    plan = Plan.suggested("X01", "Example", ["2026/27"]).changed(measures=(MeasureRow.of(**GROUP),))
    newer = Baseline.of(55, 1000, period="2027-03", source="ESR")
    (row,) = roll(plan, "2027/28", lambda _: newer).measures
    assert row.baseline == newer
    assert row.change == Change(ChangeKind.LEVEL, 0.04)
    assert row.target is not None
    assert row.target.baseline.value == 0.045


@pytest.mark.unit
def test_measures_that_are_done_are_closed_and_reviews_begin_anew() -> None:
    review = MeasureRow.of(measure="celebration", status="done", review={"every": 12, "last": "2026-10-09"})
    after = rolled(young(status="done"), review)
    assert str(after.measures[0].closed) == "2026/27"
    assert after.measures[0].baseline == young().baseline
    assert after.measures[1] == review.changed(status="not started")


@pytest.mark.unit
def test_timelines_move_on_with_the_plan_and_everything_is_told() -> None:
    plan = Plan.suggested("X01", "Example", ["2026/27"]).with_row(young(due="2027-03"))
    after = roll(plan, "2027/28")
    assert after.timelines == Plan.suggested("X01", "Example", ["2027/28"]).timelines
    told = [str(one) for one in changes_between(plan, after)]
    assert told[0] == "the plan: years 2026/27 → 2027/28"
    assert "1m1 Staff aged 16 to 24: due March 2027 → March 2028" in told
