"""Chances and bands of the odds, luck included, against people followed one by one, who share no code with them.

Every assumption is certain here, so luck alone makes the draws differ, as it makes the copies differ.
"""

from __future__ import annotations

import numpy as np
import pytest

from t4c_lib.whatif import OutcomeTarget, Pipeline
from t4c_lib.whatif import odds as odds_of
from tests.whatif.asking_making import certain_but
from tests.whatif.made_up import CHANCES, FLOWS, PEOPLE, TRUST
from tests.whatif.people.simulation import Floats, Simulation, Trust

pytestmark = pytest.mark.law

COPIES, DRAWS, MONTH = 1000, 4000, 24


@pytest.fixture(scope="module")
def people() -> Simulation:
    return Simulation(Trust(PEOPLE, FLOWS, CHANCES), copies=COPIES, months=MONTH, seed=20261126)


def seen(people: Simulation) -> dict[str, Floats]:
    """What each copy comes to, by the names of outcomes."""
    stocks, flows = people.stocks, people.flows
    year = slice(MONTH - 11, MONTH + 1)
    support = stocks["support"]
    qualified = sum(
        stocks[name.format(age)][MONTH]
        for age in ("young", "older")
        for name in ("support_{}_level_2", "support_{}_level_3", "apprentices_{}_level_2", "pathway_{}")
    )
    return {
        "support_young_share": stocks["support_young"][MONTH] / support[MONTH],
        "trust_young_share": stocks["trust_young"][MONTH] / stocks["trust"][MONTH],
        "turnover": flows["support_leavers"][year].sum(axis=0) / ((support[MONTH] + support[MONTH - 12]) / 2),
        "attainment": qualified / support[MONTH],
        "support-qualifications": qualified,
        "staff-on-new-pathways": stocks["pathway_young"][MONTH] + stocks["pathway_older"][MONTH],
        "support-to-registered": flows["to_registered"][year].sum(axis=0),
    }


@pytest.mark.detail
@pytest.mark.parametrize("reached_by", [0.2, 0.5, 0.8])
def test_chances_are_those_of_people_followed_one_by_one(people: Simulation, reached_by: float) -> None:
    figures = certain_but(**{name.replace("-", "_"): value for name, value in CHANCES.items()})
    copies = seen(people)
    # A goal that so many of the copies reach or pass, between two whole numbers where people are counted.
    goals = {name: float(np.quantile(values, 1 - reached_by)) for name, values in copies.items()}
    goals = {name: np.floor(goal) + 0.5 if goal > 1 else goal for name, goal in goals.items()}
    targets = [OutcomeTarget(name, goal, MONTH) for name, goal in goals.items()]
    found = odds_of(Pipeline(), TRUST, figures, targets, months=MONTH, draws=DRAWS)
    for target in targets:
        values, chance = copies[target.outcome], found.chance(target)
        part = float(np.mean(values >= target.value))
        error = np.sqrt(max(part * (1 - part), 0.01) / COPIES + chance * (1 - chance) / DRAWS)
        assert abs(chance - part) <= 4 * error, target.outcome
        spread = float(np.std(found.values_of(target), ddof=1))
        assert abs(values.std(ddof=1) - spread) <= 4 * spread * np.sqrt(1 / (2 * COPIES) + 1 / (2 * DRAWS)), (
            target.outcome
        )
