"""Two stocks against their closed forms, their laws, and a plain simulation of people one by one.

The closed form (independent of the code, which steps month by month): with g(x) = (1 - x^T) / (1 - x) and
D = (psi^T - phi^T) / (psi - phi),

    young_T = phi^T young_0 + r_y g(phi)
    older_T = psi^T older_0 + r_o g(psi) + kappa young_0 D + r_y kappa (g(psi) - D) / (1 - phi)
"""

from __future__ import annotations

import math
from dataclasses import asdict, replace

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from t4c_lib.whatif import (
    PATH_COLUMNS,
    SettingError,
    TwoStock,
    monthly_from_annual_rate,
    monthly_from_cohort_loss,
)

TRUST = TwoStock(174, 2876, 0.236 / 12, 0.098 / 12, 1 / 108, 6, 22)

stocks = st.floats(min_value=0, max_value=50_000)
chances = st.floats(min_value=0.0005, max_value=0.2)
flows = st.floats(min_value=0, max_value=500)
models = st.builds(TwoStock, stocks, stocks, chances, chances, chances, flows, flows)
months = st.integers(min_value=0, max_value=120)
shares = st.floats(min_value=0, max_value=1)


def closed_form(model: TwoStock, month: int) -> tuple[float, float]:
    phi = (1 - model.leave_young) * (1 - model.age_out)
    psi = 1 - model.leave_older
    kappa = (1 - model.leave_young) * model.age_out

    def g(x: float) -> float:
        return (1 - x**month) / (1 - x)

    # Where psi is close to phi, the divided difference loses its digits; the sum it stands for does not.
    d = math.fsum(psi**k * phi ** (month - 1 - k) for k in range(month))
    # r_y kappa (g(psi) - D) / (1 - phi), as the sum of what each month's young joiners add to the older stock.
    from_joiners = math.fsum(kappa * math.fsum(psi**j * phi ** (k - 1 - j) for j in range(k)) for k in range(1, month))
    young = phi**month * model.young + model.join_young * g(phi)
    older = psi**month * model.older + model.join_older * g(psi) + kappa * model.young * d
    return young, older + model.join_young * from_joiners


@pytest.mark.law
@given(models, st.integers(min_value=1, max_value=60))
def test_the_path_is_the_closed_form(model: TwoStock, month: int) -> None:
    last = model.path(month).iloc[-1]
    young, older = closed_form(model, month)
    assert last["young"] == pytest.approx(young, rel=1e-9, abs=1e-9)
    assert last["older"] == pytest.approx(older, rel=1e-9, abs=1e-9)


@pytest.mark.law
@given(models, months)
def test_people_are_conserved_every_month(model: TwoStock, month: int) -> None:
    path = model.path(month)
    change = (path["young"] + path["older"]).diff().iloc[1:]
    flow = (path["joiners"] - path["leavers"]).iloc[1:]
    np.testing.assert_allclose(change, flow, rtol=1e-9, atol=1e-7)


@pytest.mark.law
@given(models, months)
def test_shares_stay_within_nothing_and_everybody(model: TwoStock, month: int) -> None:
    assert model.path(month)["share"].between(0, 1).all()


@pytest.mark.law
@given(models)
def test_the_steady_state_stays_where_it_is(model: TwoStock) -> None:
    steady = model.steady()
    settled = replace(model, young=steady.young, older=steady.older)
    last = settled.path(12).iloc[-1]
    assert last["young"] == pytest.approx(steady.young, rel=1e-9, abs=1e-9)
    assert last["older"] == pytest.approx(steady.older, rel=1e-9, abs=1e-9)


@pytest.mark.law
def test_every_start_ends_in_the_same_steady_state() -> None:
    for start in (TRUST, replace(TRUST, young=0.0), replace(TRUST, older=10_000.0)):
        last = start.path(6000).iloc[-1]
        assert last["share"] == pytest.approx(TRUST.steady().share, rel=1e-9)


@pytest.mark.law
@given(models, shares, st.integers(min_value=1, max_value=60))
def test_the_joiners_found_reach_the_target_exactly(model: TwoStock, share: float, month: int) -> None:
    answer = model.joiners_for(share, month)
    if answer.value is None:
        many = replace(model, join_young=1e9)
        assert many.path(month)["share"].iloc[-1] <= share * (1 + 1e-6)
        assert (answer.heads, answer.reachable) == (None, False)
    elif answer.value == 0:
        assert replace(model, join_young=0.0).path(month)["share"].iloc[-1] >= share - 1e-12
        assert (answer.heads, answer.reachable) == (0, True)
    else:
        assume(answer.value < 1e7)  # beyond that the share hardly moves and its digits are those of the population
        reached = replace(model, join_young=answer.value).path(month)["share"].iloc[-1]
        assert reached == pytest.approx(share, rel=1e-9, abs=1e-12)
        assert answer.heads is not None
        assert answer.heads - 1 <= answer.value <= answer.heads + 1e-9 * answer.value + 1e-9


@pytest.mark.law
def test_close_chances_lose_no_digits() -> None:
    """Where both stocks shrink at the same pace the divided difference is 0 / 0; stepping does not care."""
    model = TwoStock(100, 1000, 0.01, 1 - 0.99 * (1 - 0.02) - 1e-12, 0.02, 5, 10)
    young, older = closed_form(model, 48)
    last = model.path(48).iloc[-1]
    assert last["older"] == pytest.approx(older, rel=1e-12)
    assert last["young"] == pytest.approx(young, rel=1e-12)


@pytest.mark.law
def test_the_path_is_the_mean_of_people_followed_one_by_one() -> None:
    """Each person leaves or turns 25 by chance, joiners arrive at random: mean and variance are as theory says."""
    rng = np.random.default_rng(20260401)
    runs, month = 4000, 24
    young = np.full(runs, int(TRUST.young))
    older = np.full(runs, int(TRUST.older))
    for _ in range(month):
        young = rng.binomial(young, 1 - TRUST.leave_young)
        older = rng.binomial(older, 1 - TRUST.leave_older)
        turning = rng.binomial(young, TRUST.age_out)
        young = young - turning + rng.poisson(TRUST.join_young, runs)
        older = older + turning + rng.poisson(TRUST.join_older, runs)
    expected = TRUST.path(month).iloc[-1]
    phi = (1 - TRUST.leave_young) * (1 - TRUST.age_out)
    stay = phi**month
    variance = TRUST.young * stay * (1 - stay) + TRUST.join_young * (1 - stay) / (1 - phi)
    assert abs(young.mean() - expected["young"]) <= 4 * math.sqrt(variance / runs)
    assert abs(young.var(ddof=1) - variance) <= 4 * variance * math.sqrt(2 / runs)
    assert abs(older.mean() - expected["older"]) <= 4 * older.std(ddof=1) / math.sqrt(runs)


@pytest.mark.law
def test_a_twelfth_is_not_the_same_as_a_cohort_loss() -> None:
    assert monthly_from_annual_rate(0.12) == pytest.approx(0.010000, abs=5e-7)
    assert monthly_from_cohort_loss(0.12) == pytest.approx(0.010596, abs=5e-7)


@pytest.mark.unit
def test_month_0_is_today_and_has_no_flows() -> None:
    path = TRUST.path(2)
    assert tuple(path.columns) == PATH_COLUMNS
    assert path["month"].tolist() == [0, 1, 2]
    assert path.iloc[0][["young", "older", "joiners", "leavers", "aged_out"]].tolist() == [174, 2876, 0, 0, 0]


@pytest.mark.unit
def test_a_target_below_where_it_drifts_anyway_needs_nobody() -> None:
    answer = TRUST.joiners_for(0.01, 12)
    assert (answer.value, answer.heads, answer.reachable) == (0.0, 0, True)
    assert "is met even if nobody aged 16 to 24 joins" in answer.sentence


@pytest.mark.unit
def test_a_target_beyond_any_number_of_joiners_says_so() -> None:
    answer = TRUST.joiners_for(0.995, 36)
    assert (answer.value, answer.heads, answer.reachable) == (None, None, False)
    assert "can't be reached in 36 months, however many" in answer.sentence
    assert TRUST.joiners_for(0.06, 0).reachable is False
    assert "today: the share is 5.7%" in TRUST.joiners_for(0.06, 0).sentence


@pytest.mark.unit
def test_the_answer_is_said_against_today() -> None:
    answer = TRUST.joiners_for(0.08, 36)
    assert answer.heads is not None
    assert f"{answer.heads} people aged 16 to 24 must join each month (today it is 6, so " in answer.sentence
    assert answer.sentence.startswith("To reach 8.0% in 36 months")


@pytest.mark.unit
def test_stocks_that_only_grow_are_said_to_be_infinite() -> None:
    assert TwoStock(10, 10, 0, 0, 0, 1, 3).steady() == (math.inf, math.inf, 0.25)
    assert TwoStock(10, 10, 0, 0.1, 0, 1, 3).steady().share == 1.0
    assert TwoStock(10, 10, 0.1, 0, 0, 1, 3).steady().share == 0.0
    still = TwoStock(10, 10, 0, 0, 0, 0, 0)
    assert still.steady() == (10, 10, 0.5)
    leaving = TwoStock(100, 50, 0.1, 0, 0.05, 0, 0)
    assert leaving.steady().older == pytest.approx(leaving.path(2000)["older"].iloc[-1], rel=1e-9)


@pytest.mark.unit
def test_settings_that_cannot_be_are_named_all_at_once() -> None:
    with pytest.raises(SettingError) as refused:
        replace(TRUST, young=-1.0, leave_young=1.2, join_older=math.nan)
    message = str(refused.value)
    assert "young is a number of people, 0 or more, not -1.0" in message
    assert "leave young is a fraction from 0 to 1, not 1.2" in message
    assert "join older is a number of people, 0 or more, not nan" in message
    with pytest.raises(SettingError, match="months is a whole number, 0 or more, not -1"):
        TRUST.path(-1)
    with pytest.raises(SettingError, match="share is a fraction from 0 to 1, not 8"):
        TRUST.joiners_for(8, 36)


@pytest.mark.unit
def test_the_same_settings_give_the_same_path_to_the_last_bit() -> None:
    assert TRUST.path(36).equals(TwoStock(**asdict(TRUST)).path(36))
