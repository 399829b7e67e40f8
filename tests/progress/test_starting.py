"""Where the what-if starts: what was counted, and national figures where there is too little, which it names."""

from __future__ import annotations

import pytest

from t4c_lib.parameters import assumptions
from t4c_lib.periods import Month
from t4c_lib.progress import NoStartError, outcome, starting_point, straight_trajectory
from t4c_lib.quantities import Baseline, Change, ChangeKind, ImpossibleGoalError
from tests.counted import WHOLE, observation, steady_trust, table


@pytest.mark.law
def test_chances_are_leavers_over_those_in_post_when_the_month_began() -> None:
    start = starting_point(steady_trust(), WHOLE, assumptions())
    model = start.model
    assert (model.young, model.older) == (200, 3800)
    assert model.leave_young == pytest.approx(4 / 200)
    assert model.leave_older == pytest.approx(38 / 3800)
    assert model.age_out == pytest.approx(60 / (12 * 200))
    assert (model.join_young, model.join_older) == (6, 40)
    assert start.month == Month(2026, 3)
    assert start.defaults == ()
    assert "12 months to March 2026" in start.parts[2].source


@pytest.mark.unit
def test_too_few_months_leave_the_chances_to_national_figures_and_say_so() -> None:
    start = starting_point(steady_trust(months=3), WHOLE, assumptions())
    names = [part.name for part in start.defaults]
    assert names == ["leave_young", "leave_older", "age_out"]
    assert start.model.leave_young == pytest.approx(assumptions().get("leavers-support-under-25").central / 12)
    assert all(part.source.startswith("national figure: ") for part in start.defaults)


@pytest.mark.unit
def test_without_single_years_of_age_only_turning_25_is_a_national_figure() -> None:
    start = starting_point(steady_trust(single_years=False), WHOLE, assumptions())
    assert [part.name for part in start.defaults] == ["age_out"]


@pytest.mark.unit
def test_a_count_without_ages_is_nothing_to_start_from() -> None:
    with pytest.raises(NoStartError, match="t4c evidence add FILE"):
        starting_point(table([observation("headcount", "2026-03", 4000)]), WHOLE, assumptions())


@pytest.mark.unit
def test_a_start_in_the_past_sees_nothing_newer() -> None:
    start = starting_point(steady_trust(months=13), WHOLE, assumptions(), as_of=Month(2025, 12))
    assert start.month == Month(2025, 12)


@pytest.mark.law
def test_the_way_starts_at_today_and_ends_at_the_goal() -> None:
    way = straight_trajectory(Month(2026, 3), 0.05, Month(2027, 3), 0.08)
    assert way["period"].iloc[[0, -1]].tolist() == ["2026-03", "2027-03"]
    assert way["value"].iloc[0] == 0.05
    assert way["value"].iloc[-1] == pytest.approx(0.08, rel=1e-12)
    assert way["value"].diff().iloc[1:].round(12).nunique() == 1
    with pytest.raises(ValueError, match="2026-03 is not after 2026-03"):
        straight_trajectory(Month(2026, 3), 0.05, Month(2026, 3), 0.08)


@pytest.mark.law
def test_an_outcome_reaches_its_goal_with_the_joiners_it_names() -> None:
    from dataclasses import replace

    start = starting_point(steady_trust(), WHOLE, assumptions())
    result = outcome(start, Baseline.of(200, 4000), Change(ChangeKind.POINTS, 0.02), Month(2029, 3))
    assert result.months == 36
    assert result.reading.heads == 80
    assert result.joiners.value is not None
    reached = replace(start.model, join_young=result.joiners.value).path(36)["share"].iloc[-1]
    assert reached == pytest.approx(0.07, rel=1e-9)
    assert result.drift["value"].iloc[0] == result.way["value"].iloc[0] == 0.05
    assert result.drift["value"].iloc[-1] == start.model.path(36)["share"].iloc[-1]


@pytest.mark.unit
def test_an_impossible_goal_is_refused_in_words() -> None:
    start = starting_point(steady_trust(), WHOLE, assumptions())
    with pytest.raises(ImpossibleGoalError, match="more than everybody"):
        outcome(start, Baseline.of(200, 4000), Change(ChangeKind.POINTS, 0.99), Month(2029, 3))
