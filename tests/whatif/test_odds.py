"""Odds: bands that hold the central path, chances that keep their order, draws shared between scenarios."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scenario_comparison import BAND_COLUMNS, bands_table

from t4c_lib.errors import SettingError, UnknownNameError
from t4c_lib.parameters import assumptions
from t4c_lib.whatif import DOING_NOTHING, LeverSetting, Pipeline, Scenario, WorkforceState
from t4c_lib.whatif import odds as odds_of
from t4c_lib.whatif.outcomes_and_odds import OutcomeTarget, central_rates, outcome
from tests.whatif.asking_making import TRUST, certain_but

PIPELINE = Pipeline()
SEVEN = OutcomeTarget("support_young_share", 0.066, 36)
MINE = Scenario("Mine", "why", (LeverSetting("young-joiners", 0.03),))


@pytest.mark.law
@pytest.mark.parametrize(
    "name", ["leavers-support-under-25", "leavers-support-25-and-over", "work-experience-into-nhs-job"]
)
def test_with_one_figure_uncertain_the_median_is_the_central_path(name: str) -> None:
    figures = certain_but(name)
    scenario = Scenario("Mine", "why", (LeverSetting("placements", 200.0),))
    months = [replace(SEVEN, month=month) for month in (1, 12, 36)]
    found = odds_of(PIPELINE, TRUST, figures, months, scenario=scenario, months=36, draws=400, individual_chance=False)
    run = PIPELINE.run(TRUST, central_rates(figures), scenario.settings, 36)
    for target in months:
        low, expected, high = found.bands["support_young_share"][:, target.month]
        assert expected == outcome(run, "support_young_share")[target.month]
        # Each of 400 equally likely parts holds one draw, so the median lies between the 199th and the 201st part.
        assert abs(np.median(found.values_of(target)) - expected) <= (high - low) * 0.01 + 1e-12


@pytest.mark.law
def test_certain_figures_leave_no_band() -> None:
    found = odds_of(PIPELINE, TRUST, certain_but(), [SEVEN], months=36, draws=5, individual_chance=False)
    run = PIPELINE.run(TRUST, central_rates(certain_but()), months=36)
    for band in found.bands["support_young_share"]:
        np.testing.assert_allclose(band, outcome(run, "support_young_share"), rtol=1e-12)
    assert found.chance(SEVEN) in {0.0, 1.0}


@pytest.mark.law
@settings(deadline=None, max_examples=10)
@given(st.floats(0.0, 0.2), st.floats(0.0, 0.2))
def test_what_only_helps_never_lowers_a_chance_because_scenarios_share_their_draws(one: float, other: float) -> None:
    found = []
    for amount in sorted((one, other)):
        scenario = Scenario("Mine", "why", (LeverSetting("young-joiners", amount),))
        found.append(
            odds_of(
                PIPELINE,
                TRUST,
                assumptions(),
                [SEVEN],
                scenario=scenario,
                months=36,
                draws=100,
                individual_chance=False,
            )
        )
    assert found[0].chance(SEVEN) <= found[1].chance(SEVEN)


@pytest.mark.law
@settings(deadline=None, max_examples=20)
@given(st.floats(0.01, 0.99))
def test_the_goal_read_off_at_a_chance_is_met_with_that_chance(chance: float) -> None:
    for target in (SEVEN, OutcomeTarget("turnover", 0.1, 36, lower_is_better=True)):
        found = odds_of(PIPELINE, TRUST, assumptions(), [target], months=36, draws=150)
        at = replace(target, value=found.goal_at(target, chance))
        assert found.chance(at) >= chance - 1e-9
        # People are whole, so several draws may come to the same figure; a goal a hair further off is less likely.
        side = -1 if target.lower_is_better else 1
        assert found.chance(replace(at, value=at.value + side * 1e-9)) <= chance + 1e-9


@pytest.mark.law
def test_the_same_seed_gives_the_same_odds_and_chunks_make_no_difference() -> None:
    whole = odds_of(
        PIPELINE, TRUST, assumptions(), [SEVEN], scenario=MINE, months=36, draws=130, individual_chance=False
    )
    parts = odds_of(
        PIPELINE, TRUST, assumptions(), [SEVEN], scenario=MINE, months=36, draws=130, chunk=32, individual_chance=False
    )
    for name, bands in whole.bands.items():
        np.testing.assert_allclose(parts.bands[name], bands, rtol=1e-12)
    other = odds_of(PIPELINE, TRUST, assumptions(), [SEVEN], scenario=MINE, months=36, draws=130, seed=7)
    assert not np.array_equal(other.values_of(SEVEN), whole.values_of(SEVEN))


@pytest.mark.law
def test_bands_are_the_quantiles_of_the_draws_around_the_expected_path() -> None:
    found = odds_of(PIPELINE, TRUST, assumptions(), [SEVEN], months=36, draws=137)
    low, expected, high = found.bands["support_young_share"][:, 36]
    np.testing.assert_allclose([low, high], np.quantile(found.values_of(SEVEN), [0.1, 0.9]), rtol=1e-12)
    run = PIPELINE.run(TRUST, central_rates(assumptions()), months=36)
    assert expected == outcome(run, "support_young_share")[36]


@pytest.mark.unit
def test_the_table_has_the_columns_it_says() -> None:
    found = odds_of(PIPELINE, TRUST, assumptions(), [SEVEN], scenario=MINE, months=36, draws=100, outcomes=["turnover"])
    frame = bands_table(found)
    assert tuple(frame.columns) == BAND_COLUMNS
    assert len(frame) == 2 * 37
    assert (frame["low"] <= frame["central"]).all()
    assert (frame["central"] <= frame["high"]).all()


@pytest.mark.unit
def test_a_scenario_may_assume_figures_of_its_own() -> None:
    certain = Scenario("Stable", "why", (), {"leavers-support-under-25": 0.1})
    stable = odds_of(PIPELINE, TRUST, assumptions(), [SEVEN], scenario=certain, months=36, draws=100)
    nothing = odds_of(PIPELINE, TRUST, assumptions(), [SEVEN], scenario=DOING_NOTHING, months=36, draws=100)
    assert stable.chance(SEVEN) > nothing.chance(SEVEN)


@pytest.mark.unit
def test_what_can_not_be_asked_is_told() -> None:
    with pytest.raises(SettingError, match="is due after month 12, the last one of the run"):
        odds_of(PIPELINE, TRUST, assumptions(), [SEVEN], months=12, draws=10)
    with pytest.raises(SettingError, match="number of draws must be a whole number, 1 or more, not 0"):
        odds_of(PIPELINE, TRUST, assumptions(), draws=0)
    with pytest.raises(SettingError, match="one organisation at a time, not 2"):
        odds_of(PIPELINE, WorkforceState(support_young_none=np.ones(2)), assumptions(), draws=10)
    with pytest.raises(UnknownNameError, match="turnovr"):
        odds_of(PIPELINE, TRUST, assumptions(), outcomes=["turnovr"], draws=10, months=12)
    found = odds_of(PIPELINE, TRUST, assumptions(), [SEVEN], draws=10, months=36)
    with pytest.raises(SettingError, match="a chance lies between 0 and 1, not at 2"):
        found.goal_at(SEVEN, 2)
    with pytest.raises(UnknownNameError, match="no asked target"):
        found.chance(replace(SEVEN, month=48))


@pytest.mark.law
def test_with_certain_figures_luck_alone_spreads_around_the_expected_path() -> None:
    draws = 600
    lucky = odds_of(PIPELINE, TRUST, certain_but(), [SEVEN], months=36, draws=draws)
    again = odds_of(PIPELINE, TRUST, certain_but(), [SEVEN], months=36, draws=draws)
    expected = outcome(PIPELINE.run(TRUST, central_rates(certain_but()), months=36), "support_young_share")[36]
    values = lucky.values_of(SEVEN)
    np.testing.assert_array_equal(values, again.values_of(SEVEN))
    assert values.std() > 0.001
    # The share is a quotient, so its mean is off by a little; the luck of 600 draws is far more.
    assert abs(values.mean() - expected) <= 4 * values.std() / np.sqrt(draws)


@pytest.mark.law
def test_luck_on_top_makes_the_band_wider() -> None:
    plain = odds_of(PIPELINE, TRUST, assumptions(), [SEVEN], months=36, draws=300, individual_chance=False)
    lucky = odds_of(PIPELINE, TRUST, assumptions(), [SEVEN], months=36, draws=300)
    assert lucky.values_of(SEVEN).std() > plain.values_of(SEVEN).std()
