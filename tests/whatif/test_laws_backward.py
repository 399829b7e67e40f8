"""Backward for any trust and any figures: running at the answer reaches the target, near equal chances too."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from t4c_lib.whatif import LeverSetting, Pipeline, Scenario, WorkforceState
from t4c_lib.whatif.outcomes_and_odds import OutcomeTarget, central_rates, outcome
from tests.whatif.asking_making import TRUST, certain_but, solve
from tests.whatif.made_up import closures
from tests.whatif.made_up import settings as lever_settings

pytestmark = pytest.mark.law

LEVER = st.sampled_from(
    ("placements", "pre-employment-courses", "young-joiners", "young-joiners-a-year", "vacancies-as-apprenticeships")
)


@settings(max_examples=40, deadline=None)
@given(
    closures,
    st.tuples(st.floats(20, 2000), st.floats(100, 8000), st.floats(0.5, 60), st.floats(0.5, 90)),
    st.tuples(st.floats(0.05, 0.6), st.floats(0.02, 0.3), st.floats(0.002, 0.05)),
    LEVER,
    st.floats(-0.3, 1.5),
)
def test_running_at_the_answer_reaches_the_target_for_any_trust(
    closure: str,
    people: tuple[float, float, float, float],
    rate: tuple[float, float, float],
    lever: str,
    further: float,
) -> None:
    young, older, join_young, join_older = people
    leave_young, leave_older, ageing = rate
    state = replace(
        TRUST,
        support_young_none=young,
        support_older_level_2=older,
        join_support_young=join_young,
        join_support_older=join_older,
    )
    figures = certain_but(
        leavers_support_under_25=leave_young, leavers_support_25_and_over=leave_older, ageing_out=ageing
    )
    pipeline, month = Pipeline(closure), 40
    now = outcome(pipeline.run(state, central_rates(figures), months=month), "support_young_share")[month]
    target = OutcomeTarget("support_young_share", min(float(now) * (1 + 0.2 * further), 0.99), month)
    need = solve(pipeline, state, figures, target, lever)
    run = pipeline.run(state, central_rates(figures), [LeverSetting(lever, need.amount or 0.0)], month)
    reached = float(outcome(run, "support_young_share")[month])
    if need.amount is None:
        assert reached < target.value
        assert need.best < target.value
    elif need.amount == 0:
        assert reached >= target.value
    else:
        assert reached == pytest.approx(target.value, rel=1e-9)


@pytest.mark.parametrize("gap", [0.0, 1e-15, 1e-12, 1e-9, 1e-6, 1e-4])
def test_the_answer_keeps_its_digits_where_both_ages_shrink_alike(gap: float) -> None:
    leave_young, ageing = 0.004, 0.006
    leave_older = 1 - (1 - leave_young) * (1 - ageing) - gap
    figures = certain_but(
        leavers_support_under_25=12 * leave_young,
        leavers_support_25_and_over=12 * leave_older,
        ageing_out=ageing,
        pre_employment_months_to_start=0.0,
    )
    state = WorkforceState(
        support_young_none=174.0, support_older_none=2876.0, join_support_young=6.0, join_support_older=22.0
    )
    target = OutcomeTarget("support_young_share", 0.12, 36)
    need = solve(Pipeline(), state, figures, target, "pre-employment-courses")
    assert need.amount is not None
    run = Pipeline().run(state, central_rates(figures), [LeverSetting(need.lever, need.amount)], 36)
    assert float(outcome(run, "support_young_share")[36]) == pytest.approx(0.12, rel=1e-9)


@settings(max_examples=25, deadline=None)
@given(closures, lever_settings(), LEVER, st.floats(1.01, 1.3))
def test_what_else_a_scenario_does_is_reckoned_with(
    closure: str, chosen: tuple[LeverSetting, ...], lever: str, factor: float
) -> None:
    others = tuple(one for one in chosen if one.lever != lever)
    figures, pipeline = certain_but(), Pipeline(closure)
    rates = central_rates(figures)
    now = float(outcome(pipeline.run(TRUST, rates, others, 36), "support_young_share")[36])
    target = OutcomeTarget("support_young_share", min(now * factor, 0.95), 36)
    need = solve(pipeline, TRUST, figures, target, lever, scenario=Scenario("Others", "as drawn", others))
    if need.amount:
        run = pipeline.run(TRUST, rates, (*others, LeverSetting(lever, need.amount)), 36)
        assert float(outcome(run, "support_young_share")[36]) == pytest.approx(target.value, rel=1e-9)
    else:
        assert need.amount is None
        assert need.best < target.value
