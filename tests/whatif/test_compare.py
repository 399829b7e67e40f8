"""Scenarios side by side, contributions of levers, and what matters most."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scenario_comparison import DIFFERENCE_COLUMNS, compare_scenarios, usual_outcomes

from t4c_lib.errors import UnknownNameError
from t4c_lib.parameters import assumptions
from t4c_lib.whatif import DOING_NOTHING, LEVERS, LeverSetting, Pipeline, Scenario
from t4c_lib.whatif.outcomes_and_odds import central_rates, outcome, with_scenario
from t4c_lib.whatif.what_matters import ASSUMPTIONS, TORNADO_COLUMNS, lever_contributions, sensitivity
from tests.whatif.asking_making import TRUST, certain_but

PIPELINE = Pipeline()
MINE = Scenario(
    "Mine",
    "why",
    (
        LeverSetting("young-joiners", 0.05, 3, 6),
        LeverSetting("retention-under-25", 0.15, 3, 9),
        LeverSetting("registered-pathway-places", 10),
    ),
)


@pytest.mark.law
def test_doing_nothing_differs_from_doing_nothing_by_nothing_at_all() -> None:
    found = compare_scenarios(PIPELINE, TRUST, assumptions(), [DOING_NOTHING])
    assert (found["difference"] == 0).all()
    assert tuple(found.columns) == DIFFERENCE_COLUMNS
    assert len(found) == 3 * len(usual_outcomes())


@pytest.mark.law
def test_a_difference_is_the_value_less_that_of_doing_nothing() -> None:
    found = compare_scenarios(PIPELINE, TRUST, assumptions(), [MINE], months=(12, 36), outcomes=("turnover", "support"))
    run = PIPELINE.run(TRUST, central_rates(assumptions()), MINE.settings, 36)
    nothing = PIPELINE.run(TRUST, central_rates(assumptions()), (), 36)
    asked = [(name, month) for name in ("turnover", "support") for month in (12, 36)]
    assert list(zip(found["outcome"], found["month"], strict=True)) == asked
    assert list(found["value"]) == [outcome(run, name)[month] for name, month in asked]
    assert list(found["nothing"]) == [outcome(nothing, name)[month] for name, month in asked]
    assert (found["difference"] == found["value"] - found["nothing"]).all()


@pytest.mark.law
@settings(deadline=None, max_examples=15)
@given(
    st.lists(st.sampled_from(sorted(LEVERS)), unique=True, max_size=8),
    st.floats(-0.9, 0.9),
    st.sampled_from(["support_young_share", "turnover", "registered"]),
    st.booleans(),
)
def test_what_the_levers_bring_adds_up_to_the_whole(
    levers: list[str], part: float, name: str, own_figures: bool
) -> None:
    amounts = {lever: part * (LEVERS[lever].high if part > 0 else -LEVERS[lever].low) for lever in levers}
    figures = {"leavers-support-under-25": 0.2} if own_figures else {}
    scenario = Scenario("Mine", "why", tuple(LeverSetting(lever, amount) for lever, amount in amounts.items()), figures)
    found = lever_contributions(PIPELINE, TRUST, assumptions(), scenario, [name, "support_young"], month=30)
    whole = compare_scenarios(PIPELINE, TRUST, assumptions(), [scenario], months=(30,), outcomes=(name,))
    runs = [
        PIPELINE.run(TRUST, central_rates(with_scenario(assumptions(), one)), one.settings, 30)
        for one in (scenario, DOING_NOTHING)
    ]
    people = float(np.subtract(*(run.stock("support_young")[30] for run in runs)))
    for place, difference in enumerate((whole["difference"].iloc[0], people)):
        brought = sum(float(one[place]) for one in found.values())
        assert brought == pytest.approx(difference, rel=1e-9, abs=1e-9)
    assert list(found) == [*scenario.levers, *([ASSUMPTIONS] if figures else [])]


@pytest.mark.law
def test_more_than_eight_levers_add_up_too() -> None:
    everything = Scenario("All of it", "why", tuple(LeverSetting(name, one.high / 10) for name, one in LEVERS.items()))
    found = lever_contributions(
        PIPELINE, TRUST, assumptions(), everything, ["support_young_share"], month=24, orders=10
    )
    whole = compare_scenarios(
        PIPELINE, TRUST, assumptions(), [everything], months=(24,), outcomes=("support_young_share",)
    )
    brought = sum(float(one[0]) for one in found.values())
    assert brought == pytest.approx(whole["difference"].iloc[0], rel=1e-9)


@pytest.mark.law
def test_what_matters_is_each_assumption_alone_at_its_ends() -> None:
    found = sensitivity(PIPELINE, TRUST, assumptions(), "support_young_share", month=36, scenario=MINE)
    assert tuple(found.columns) == TORNADO_COLUMNS
    assert list(found["rank"]) == list(range(1, len(found) + 1))
    assert found["swing"].is_monotonic_decreasing
    top = found.iloc[0]
    for end in ("low", "high"):
        figures = certain_but(**{top["name"].replace("-", "_"): top[end]})
        run = PIPELINE.run(TRUST, central_rates(figures), MINE.settings, 36)
        assert top[f"at_{end}"] == pytest.approx(outcome(run, "support_young_share")[36], rel=1e-12)


@pytest.mark.unit
def test_who_leaves_matters_most_for_the_share_of_the_young() -> None:
    found = sensitivity(PIPELINE, TRUST, assumptions(), "support_young_share", month=36)
    assert set(found["name"].head(5)) == {
        *("leavers-support-under-25", "leavers-support-25-and-over", "ageing-out"),
        *("joiners-support", "joiners-support-under-25"),
    }
    idle = found[found["name"] == "backfill-cost"].iloc[0]
    assert idle["swing"] == 0
    assert idle["at_low"] == idle["at_high"] == idle["at_central"]


@pytest.mark.unit
def test_certain_figures_move_nothing_and_are_left_out() -> None:
    found = sensitivity(PIPELINE, TRUST, certain_but("ageing-out"), "support_young_share", month=12)
    assert list(found["name"]) == ["ageing-out"]


@pytest.mark.unit
def test_an_unknown_outcome_is_told() -> None:
    with pytest.raises(UnknownNameError, match="young-shre"):
        compare_scenarios(PIPELINE, TRUST, assumptions(), [MINE], outcomes=("young-shre",))
