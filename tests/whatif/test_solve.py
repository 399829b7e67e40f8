"""Backward: an answer reaches its target, no smaller one does, and what is out of reach is told with the best of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scenario_comparison import need_sentence

from t4c_lib.errors import SettingError, UnknownNameError
from t4c_lib.parameters import assumptions
from t4c_lib.whatif import LEVERS, LeverSetting, Pipeline, Scenario, WorkforceState
from t4c_lib.whatif import odds as odds_of
from t4c_lib.whatif.outcomes_and_odds import OutcomeTarget, central_rates, outcome
from t4c_lib.whatif.solve import LINE, MET, NEVER, SEARCH, KnownParts, Need, solve_each
from tests.samples import some_of
from tests.whatif.asking_making import TRUST, certain_but, solve

PIPELINE = Pipeline()
SEVEN = OutcomeTarget("support_young_share", 0.07, 36)


def reached(need: Need, amount: float, pipeline: Pipeline = PIPELINE, state: WorkforceState = TRUST) -> float:
    run = pipeline.run(
        state, central_rates(assumptions()), [LeverSetting(need.lever, amount)] if amount else [], need.target.month
    )
    return float(outcome(run, need.target.outcome)[need.target.month])


targets = st.one_of(
    st.builds(OutcomeTarget, st.just("support_young_share"), st.floats(0.03, 0.15), st.integers(6, 48)),
    st.builds(OutcomeTarget, st.just("trust_young_share"), st.floats(0.03, 0.10), st.integers(6, 48)),
    st.builds(OutcomeTarget, st.just("turnover"), st.floats(0.08, 0.13), st.integers(6, 48), st.just(True)),
    st.builds(OutcomeTarget, st.just("staff-on-new-pathways"), st.floats(5, 120), st.integers(6, 48)),
)


@pytest.mark.law
@settings(deadline=None, max_examples=40)
@given(targets, st.sampled_from(sorted(LEVERS)), st.sampled_from(["additive", "constant establishment"]))
def test_running_at_the_answer_reaches_the_target_and_a_smaller_change_does_not(
    target: OutcomeTarget, lever: str, closure: str
) -> None:
    pipeline = Pipeline(closure)
    need = solve(pipeline, TRUST, assumptions(), target, lever)
    side = -1 if target.lower_is_better else 1
    now = reached(need, 0.0, pipeline)
    if need.amount is None:
        assert need.method == NEVER
        assert side * (reached(need, need.best_amount, pipeline) - target.value) < 0
        assert need.best == pytest.approx(reached(need, need.best_amount, pipeline), rel=1e-12)
        assert side * (need.best - now) >= -1e-12 * abs(now)
    elif need.amount == 0:
        assert need.method == MET
        assert side * (now - target.value) >= 0
    else:
        assert reached(need, need.amount, pipeline) == pytest.approx(target.value, rel=1e-9)
        assert side * (reached(need, need.amount * 0.999, pipeline) - target.value) < 0
        assert need.practical is not None
        assert abs(need.practical) >= abs(need.amount) - 1e-9


@pytest.mark.law
@pytest.mark.parametrize(
    ("lever", "target"),
    some_of(
        [
            ("young-joiners", SEVEN),
            ("retention-25-and-over", OutcomeTarget("turnover", 0.1, 30, lower_is_better=True)),
            ("pre-employment-courses", OutcomeTarget("support_young_share", 0.066, 36)),
            ("registered-pathway-places", OutcomeTarget("support-to-registered", 9, 48)),
        ],
        2,
    ),
)
def test_what_is_solved_for_a_chance_gives_that_chance_when_it_is_run_afresh(lever: str, target: OutcomeTarget) -> None:
    """Another seed draws other assumptions, other luck: of 20,000 draws 80 in 100 meet the target, within 2."""
    need = solve(PIPELINE, TRUST, assumptions(), target, lever, chance=0.8, draws=4000)
    assert need.amount
    scenario = Scenario("As solved", "why", (LeverSetting(lever, need.amount),))
    afresh = odds_of(PIPELINE, TRUST, assumptions(), [target], scenario=scenario, months=48, draws=20_000, seed=99)
    assert afresh.chance(target) == pytest.approx(0.8, abs=0.02)
    # Less of it is not enough: the answer is no larger than it has to be.
    short = Scenario("Less", "why", (LeverSetting(lever, need.amount * 0.85),))
    assert odds_of(PIPELINE, TRUST, assumptions(), [target], scenario=short, months=48, draws=4000).chance(target) < 0.8


@pytest.mark.law
def test_a_better_chance_takes_more_and_an_even_one_about_the_central_answer() -> None:
    central = solve(PIPELINE, TRUST, assumptions(), SEVEN, "young-joiners").amount
    asked = [solve(PIPELINE, TRUST, assumptions(), SEVEN, "young-joiners", chance=p).amount for p in (0.3, 0.5, 0.8)]
    assert None not in asked
    assert central is not None
    values = [amount for amount in asked if amount is not None]
    assert values == sorted(values)
    assert values[0] < central < values[2]


@pytest.mark.law
def test_with_certain_figures_luck_alone_makes_a_better_chance_take_more() -> None:
    central = solve(PIPELINE, TRUST, certain_but(), SEVEN, "young-joiners").amount
    even, likely = (
        solve(PIPELINE, TRUST, certain_but(), SEVEN, "young-joiners", chance=chance, draws=2000).amount
        for chance in (0.5, 0.9)
    )
    assert central is not None
    assert even is not None
    assert likely is not None
    assert even == pytest.approx(central, rel=0.02)
    assert likely > even * 1.05


@pytest.mark.detail
@pytest.mark.law
def test_what_was_tried_for_other_goals_changes_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """For every lever, two ends and five goals, also where room for what is known runs out on the way."""
    for most in (500, 3):
        monkeypatch.setattr("t4c_lib.whatif.solve.MOST_KNOWN", most)
        known: KnownParts = {}
        for goal in (0.05, 0.06, 0.065, 0.07, 0.3):
            targets = [OutcomeTarget("support_young_share", goal, month) for month in (24, 36)]
            targets.append(OutcomeTarget("trust_young_share", goal, 36))
            again = solve_each(PIPELINE, TRUST, assumptions(), targets, known=known)
            assert again == solve_each(PIPELINE, TRUST, assumptions(), targets), goal
        assert known


@pytest.mark.unit
def test_levers_that_stocks_follow_straight_are_solved_from_two_runs() -> None:
    found = {need.lever: need for need in solve_each(PIPELINE, TRUST, assumptions(), [SEVEN])}
    assert found["young-joiners"].method == LINE
    assert found["pre-employment-courses"].method == LINE
    assert found["retention-under-25"].method == SEARCH
    assert {name for name, need in found.items() if need.amount is not None} == {
        *("young-joiners", "young-joiners-a-year", "pre-employment-courses", "retention-under-25"),
        "vacancies-as-apprenticeships",
    }


@pytest.mark.unit
def test_the_answer_keeps_what_else_a_scenario_does_and_when_the_lever_starts() -> None:
    alone = solve(PIPELINE, TRUST, assumptions(), SEVEN, "young-joiners")
    mine = Scenario(
        "Mine", "why", (LeverSetting("retention-under-25", 0.2), LeverSetting("young-joiners", 0.01, 13, 6))
    )
    helped = solve(PIPELINE, TRUST, assumptions(), SEVEN, "young-joiners", scenario=mine)
    late = solve(PIPELINE, TRUST, assumptions(), SEVEN, "young-joiners", start_month=13, ramp_months=6)
    assert helped.amount is not None
    assert alone.amount is not None
    assert late.amount is not None
    assert late.amount > helped.amount
    run = PIPELINE.run(
        TRUST,
        central_rates(assumptions()),
        mine.with_setting(LeverSetting("young-joiners", helped.amount, 13, 6)).settings,
    )
    assert outcome(run, "support_young_share")[36] == pytest.approx(0.07, rel=1e-9)


@pytest.mark.unit
def test_sentences_say_what_it_takes_or_that_it_is_out_of_reach() -> None:
    found = {need.lever: need_sentence(need) for need in solve_each(PIPELINE, TRUST, assumptions(), [SEVEN])}
    assert found["pre-employment-courses"] == (
        "Support staff aged 16 to 24: 7.0% in 36 months needs 'Pre-employment courses': 8 more a year."
    )
    assert "is out of reach with 'Active ambassadors' alone: at best 6.8%" in found["ambassadors"]
    assert found["appraisal-capacity"].endswith("alone, which leaves it at 5.6%.")
    low = solve(PIPELINE, TRUST, assumptions(), replace(SEVEN, value=0.04), "young-joiners", chance=0.8)
    assert "4.0% in 36 months with a chance of 80% is met without" in need_sentence(low)


@pytest.mark.unit
def test_what_can_not_be_asked_is_told() -> None:
    with pytest.raises(UnknownNameError, match="no lever called 'placement'"):
        solve(PIPELINE, TRUST, assumptions(), SEVEN, "placement")
    with pytest.raises(SettingError, match="a chance lies between 0 and 1, not at 80"):
        solve(PIPELINE, TRUST, assumptions(), SEVEN, "placements", chance=80)
    with pytest.raises(SettingError, match="one organisation at a time can be solved for, not 2"):
        solve(PIPELINE, WorkforceState(support_young_none=np.ones(2)), assumptions(), SEVEN, "placements")
    with pytest.raises(SettingError, match=r"'sickness' has no projection: No figure says"):
        solve(PIPELINE, TRUST, assumptions(), replace(SEVEN, outcome="sickness"), "placements")
    with pytest.raises(SettingError) as caught:
        OutcomeTarget("turnover", float("nan"), 0)
    assert str(caught.value) == (
        "the goal of 'turnover' is a number, not nan; the target of 'turnover' is due in month 1 or later, not 0"
    )
