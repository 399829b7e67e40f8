"""Learning takes its months: who is due when, and what becomes of them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from t4c_lib.whatif import LeverSetting, Pipeline, Rates, WorkforceState
from t4c_lib.whatif.outcomes_and_odds import outcome
from tests.whatif.pipeline_making import rates

CERTAIN = {
    "leavers_support_under_25": 0.0,
    "leavers_support_25_and_over": 0.0,
    "leavers_rest_under_25": 0.0,
    "leavers_rest_25_and_over": 0.0,
    "ageing_out": 0.0,
    "ageing_out_rest": 0.0,
}


def still(**changed: float) -> Rates:
    """Nobody leaves or turns 25."""
    return rates(**{**CERTAIN, **changed})


@pytest.mark.unit
def test_who_begins_at_the_end_of_a_month_is_due_as_many_months_later_as_the_apprenticeship_lasts() -> None:
    state = WorkforceState(support_older_none=100.0, apprenticeship_starts=10.0)
    run = Pipeline().run(state, still(apprenticeship_months=3, apprenticeship_achievement=0.6), months=6)
    assert run.stock("apprentices").tolist() == pytest.approx([0, 10, 20, 30, 30, 30, 30])
    assert run.flow("apprenticeships_completed").tolist() == pytest.approx([0, 0, 0, 0, 6, 6, 6], abs=1e-12)


@pytest.mark.unit
def test_completers_hold_one_level_more_and_the_others_the_one_they_held() -> None:
    state = WorkforceState(apprentices_young_none=10.0, apprentices_older_level_2=10.0)
    run = Pipeline().run(state, still(apprenticeship_months=1, apprenticeship_achievement=0.7), months=1)
    assert run.stock("support_young_level_2")[1] == pytest.approx(7)
    assert run.stock("support_young_none")[1] == pytest.approx(3)
    assert run.stock("support_older_level_3")[1] == pytest.approx(7)
    assert run.stock("support_older_level_2")[1] == pytest.approx(3)
    assert run.stock("apprentices")[1] == pytest.approx(0, abs=1e-12)


@pytest.mark.unit
def test_learners_of_today_are_due_evenly_over_the_months_that_learning_lasts() -> None:
    state = WorkforceState(pathway_older=48.0)
    assumed = still(pathway_months=24, pathway_completion=1.0, pathway_retention=1.0)
    run = Pipeline().run(state, assumed, months=30)
    assert run.flow("to_registered")[1:25].tolist() == pytest.approx([2.0] * 24)
    assert run.flow("to_registered")[25:].tolist() == pytest.approx([0.0] * 6, abs=1e-12)
    assert run.stock("registered")[24] == pytest.approx(48)


@pytest.mark.unit
def test_of_those_who_complete_a_pathway_some_stay_as_registered_staff_and_the_others_leave() -> None:
    state = WorkforceState(pathway_young=100.0, rest_older=50.0)
    assumed = still(pathway_months=1, pathway_completion=0.8, pathway_retention=0.9)
    run = Pipeline().run(state, assumed, months=1)
    assert run.stock("registered_young")[1] == pytest.approx(72)
    assert run.stock("support_young_level_3")[1] == pytest.approx(20)
    assert run.flow("support_leavers_young")[1] == pytest.approx(8)
    # Registered staff are in the trust's share aged 16 to 24, and not in support's.
    assert outcome(run, "trust_young_share")[1] == pytest.approx(92 / 142)
    assert outcome(run, "support_young_share")[1] == pytest.approx(1.0)


@pytest.mark.unit
def test_months_of_learning_are_rounded_to_whole_ones_and_at_least_one() -> None:
    state = WorkforceState(support_older_none=100.0, apprenticeship_starts=1.0)
    several = np.array([0.5, 2.4, 2.6])
    run = Pipeline().run(state, rates(**CERTAIN, apprenticeship_months=several), months=5)
    one_by_one = [Pipeline().run(state, still(apprenticeship_months=whole), months=5) for whole in (1, 2, 3)]
    expected = np.stack([single.stock("apprentices") for single in one_by_one], axis=1)
    np.testing.assert_allclose(run.stock("apprentices"), expected, rtol=1e-12)


@pytest.mark.law
@given(
    leave=st.floats(0, 0.2),
    leave_older=st.floats(0, 0.2),
    age_out=st.floats(0, 0.2),
    lasting=st.integers(1, 20),
    start=st.integers(1, 10),
)
def test_retention_that_changes_nothing_follows_groups_to_the_same_end(
    leave: float, leave_older: float, age_out: float, lasting: int, start: int
) -> None:
    """Changing chances take another way through the code; with chances that happen to stay the same they agree."""
    assumed = rates(
        leavers_support_under_25=12 * leave,
        leavers_support_25_and_over=12 * leave_older,
        ageing_out=age_out,
        apprenticeship_months=lasting,
    )
    state = WorkforceState(
        support_young_none=50.0,
        support_older_none=500.0,
        apprentices_young_none=10.0,
        pathway_older=6.0,
        join_support_young=3.0,
        apprenticeship_starts=4.0,
        apprentice_joiner_share=0.2,
    )
    plain = Pipeline().run(state, assumed, months=30)
    # In a batch of two, the one whose amount is 0 runs along with the one whose chances change.
    amounts = np.array([0.0, 0.3])
    both = Pipeline().run(state, assumed, [LeverSetting("retention-under-25", amounts, start)], months=30)
    np.testing.assert_allclose(both.path[..., 0], plain.path[..., 0], rtol=1e-9, atol=1e-9)


@pytest.mark.unit
def test_starts_that_do_not_all_fit_are_given_to_those_there_are_and_told() -> None:
    state = WorkforceState(support_older_none=5.0, support_older_level_3=100.0, apprenticeship_starts=4.0)
    run = Pipeline().run(state, still(apprenticeship_months=24), months=3)
    limit = run.limits["apprenticeship starts of existing staff"]
    assert limit.given.tolist() == pytest.approx([0, 4, 1, 0])
    assert limit.short.tolist() == pytest.approx([0, 0, 3, 4])
    assert "only 1 of 8 possible in 2 months, from month 2." in run.warnings()[0]
    assert run.path.min() >= 0
