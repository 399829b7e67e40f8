"""Individual chance on the connected pipeline, against people followed one by one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from t4c_lib.whatif import STOCKS, LeverSetting, Pipeline
from tests.whatif.made_up import CHANCES, FLOWS, PEOPLE, RATES, TRUST
from tests.whatif.people.simulation import Choice, Simulation, Trust

pytestmark = pytest.mark.law

CHOICES = {
    "young-joiners": Choice(0.1),
    "apprenticeship-starts": Choice(60, 3),
    "retention-under-25": Choice(0.3, 1, 9),
}


@pytest.mark.parametrize("keeps_its_size", [False, True])
def test_drawn_runs_spread_as_people_followed_one_by_one_do(keeps_its_size: bool) -> None:
    """Mean and variance of every stock; theory knows the variance of two stocks only."""
    copies, runs, month = 100, 1500, 18
    people = Simulation(
        Trust(PEOPLE, FLOWS, CHANCES, CHOICES, keeps_its_size), copies=copies, months=month, seed=20261124
    )
    drawn = Pipeline("constant establishment" if keeps_its_size else "additive").run(
        replace(TRUST, rest_older=np.full(runs, TRUST.rest_older)),
        RATES,
        [LeverSetting(name, one.amount, one.start_month, one.ramp_months) for name, one in CHOICES.items()],
        month,
        np.random.default_rng(5),
    )
    for name in (*STOCKS, "support", "support_young", "trust"):
        seen, made = people.stocks[name][month], drawn.stock(name)[month]
        error = np.sqrt(seen.var(ddof=1) / copies + made.var(ddof=1) / runs)
        assert abs(seen.mean() - made.mean()) <= 4 * error + 1e-9, name
        # A hundredth: where posts are kept, the trust is over its size in one run of some hundred, and in no copy here.
        variance = made.var(ddof=1)
        assert abs(seen.var(ddof=1) - variance) <= 4 * variance * np.sqrt(2 / copies + 2 / runs) + 0.01, name
