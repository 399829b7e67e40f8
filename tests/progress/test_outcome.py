"""What an X comes to: joiners that reach it when they are run, people counted of today's workforce, honest silence."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from t4c_lib.periods import Month, PeriodError
from t4c_lib.plan import Checkpoint, MeasureRow, Plan
from t4c_lib.progress import TargetOutcome, WhatIf
from t4c_lib.progress.baselines import RowFigures
from t4c_lib.progress.initial_state import NoStartError
from t4c_lib.progress.trajectory import trajectory_of
from t4c_lib.progress.what_if import open_what_if
from t4c_lib.quantities import Baseline, Change, ChangeKind
from t4c_lib.quantities.change import ImpossibleGoalError
from t4c_lib.whatif import YOUNG_JOINERS, LeverSetting, Pipeline, central_rates, outcome
from tests.counted import WHOLE, both, observation, steady_trust, table

TODAY = dt.date(2026, 11, 26)
KEY = ("young-share", WHOLE, "")
DUE = Month(2029, 3)
OLD = Baseline.of(190, 4100, period="2025-03")
CHECKPOINTS = (Checkpoint(due="2027-03", value=0.055), Checkpoint(due="2028-03", value=0.058))


def plan(population: str = WHOLE, **fields: object) -> Plan:
    row = MeasureRow(measure="young-share", population=population, **fields)
    return Plan.of(organisation="DEMO-XX", organisation_name="Nowhere", years=("2026/27",)).with_row(row)


def opened_for(observations: pd.DataFrame | None = None, **fields: object) -> WhatIf:
    return open_what_if(plan(**fields), both(25) if observations is None else observations, TODAY)  # type: ignore[arg-type]


def worked_out(
    change: Change, due: Month = DUE, opened: WhatIf | None = None, baseline: Baseline = OLD
) -> TargetOutcome:
    opened = opened or opened_for()
    assert opened.plan is not None
    (row,) = (one for one in opened.plan.measures if one.key == KEY)
    newest = RowFigures(opened.observations).of(row.what.series, row.population)
    return TargetOutcome.of(row.changed(baseline=baseline, change=change, due=due), TODAY, newest, opened)


@pytest.mark.law
@pytest.mark.parametrize("change", [0.005, 0.02, 0.04])
def test_an_outcome_reaches_its_goal_with_the_joiners_it_names(change: float) -> None:
    opened = opened_for()
    found = worked_out(Change(ChangeKind.POINTS, change), opened=opened)
    joiners = found.joiners
    assert joiners is not None
    assert joiners.need.amount is not None
    settings = (LeverSetting(YOUNG_JOINERS, joiners.need.amount, opened.acts_from),)
    months = opened.month.months_until(DUE)
    state, rates = opened.start.state, central_rates(opened.assumptions)
    run = Pipeline().run(state, rates, settings, months)
    if joiners.need.amount:
        assert outcome(run, "trust_young_share")[months] == pytest.approx(found.reading.goal, rel=1e-9)
        assert joiners.a_year is not None
        assert joiners.a_year - 1 < joiners.expected <= joiners.a_year + 1e-6
        flow = run.flow("support_joiners_young")[opened.acts_from :]
        assert 12 * flow.mean() == pytest.approx(joiners.expected, rel=1e-9)


@pytest.mark.law
def test_if_nothing_changes_is_the_pipeline_with_nothing_set_from_the_newest_count() -> None:
    opened = opened_for()
    path = outcome(opened.run(months=opened.month.months_until(DUE)), "trust_young_share")
    run = Pipeline().run(opened.start.state, central_rates(opened.assumptions), months=len(path) - 1)
    assert path.tolist() == outcome(run, "trust_young_share").tolist()
    assert path[0] == pytest.approx(0.05, rel=1e-12)
    assert str(opened.month + (len(path) - 1)) == "2029-03"


@pytest.mark.law
def test_the_trajectory_is_the_plans_with_every_checkpoint_that_fits() -> None:
    opened = opened_for(checkpoints=CHECKPOINTS)
    change = Change(ChangeKind.LEVEL, 0.06)
    found = worked_out(change, opened=opened)
    assert opened.plan is not None
    row = opened.plan.with_row(found.row).measures[0].changed(baseline=OLD, change=change, due=DUE)
    assert found.trajectory == trajectory_of(row)
    assert [(stop.day, stop.value) for stop in found.trajectory.stops] == [
        (dt.date(2027, 3, 31), 0.055),
        (dt.date(2028, 3, 31), 0.058),
    ]
    assert found.checkpoint_problems == ()
    earlier = worked_out(Change(ChangeKind.LEVEL, 0.056), Month(2028, 3), opened)
    assert earlier.checkpoint_problems == (
        "The checkpoint of March 2028 is not before the target's date, so the planned trajectory leaves it out.",
    )
    lower = worked_out(Change(ChangeKind.LEVEL, 0.056), opened=opened)
    assert lower.checkpoint_problems == (
        "The checkpoint of March 2028 is not between the baseline and the target: change it.",
    )


@pytest.mark.unit
def test_people_are_counted_of_todays_workforce_and_months_from_today() -> None:
    found = worked_out(Change(ChangeKind.LEVEL, 0.07))
    assert found.months == 28
    assert found.reading.heads == 80  # 280 of today's 4,000, and not 97 of the 4,100 of the baseline
    assert found.reading.sentence.endswith("80 more people than now if the workforce stays at today's 4,000")


@pytest.mark.unit
def test_a_target_that_is_met_anyway_asks_for_nobody() -> None:
    joiners = worked_out(Change(ChangeKind.LEVEL, 0.02)).joiners
    assert joiners is not None
    assert joiners.text == "no more"


@pytest.mark.unit
def test_beyond_reach_the_best_is_told() -> None:
    found = worked_out(Change(ChangeKind.LEVEL, 0.95))
    assert found.joiners is not None
    assert found.joiners.a_year is None
    assert found.joiners.text.startswith("at best ")


@pytest.mark.unit
@pytest.mark.parametrize(("a_year", "words"), [(11, "11 a year (0.9 a month)"), (1500, "1,500 a year (125 a month)")])
def test_a_year_comes_first_and_a_month_with_a_decimal_where_it_is_small(a_year: int, words: str) -> None:
    needed = worked_out(Change(ChangeKind.LEVEL, 0.06)).joiners
    assert needed is not None
    assert needed._replace(expected=a_year - 0.3).text == words


@pytest.mark.unit
def test_with_no_count_to_rest_on_nothing_is_forecast_and_the_reason_said() -> None:
    found = worked_out(Change(ChangeKind.POINTS, 0.01), opened=opened_for(steady_trust(25)))
    assert found.joiners is None
    assert found.no_forecast
    with pytest.raises(NoStartError, match="t4c evidence add FILE"):
        opened_for(table([observation("headcount", "2026-03", 4000)]))


@pytest.mark.unit
def test_what_can_not_be_a_target_is_refused_in_words() -> None:
    with pytest.raises(ImpossibleGoalError, match="more than 100%"):
        worked_out(Change(ChangeKind.POINTS, 0.99))
    with pytest.raises(PeriodError, match="October 2026 has passed"):
        worked_out(Change(ChangeKind.POINTS, 0.01), Month(2026, 10))
