"""How many placements a target needs, against plain simulation and by hand."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import beta, binom

from t4c_lib.programme.evaluation import COUNTS, KEYS
from t4c_lib.progress.figures import Figure
from t4c_lib.progress.intake import Intake, LearntShare, intake_for
from t4c_lib.progress.trajectory import Trajectory


def intake(goal: float, counted: tuple[float, float]) -> Intake:
    return Intake(goal, 0.0, "March 2028", LearntShare(counted), {"2025/26": 68})


@pytest.mark.unit
def test_the_share_is_what_was_counted_with_half_a_person_on_either_side() -> None:
    share = LearntShare((38.0, 293.0))
    assert share.posterior == (38.5, 255.5)
    low, middle, high = share.ends
    assert (low, middle, high) == pytest.approx(tuple(beta.ppf([0.1, 0.5, 0.9], 38.5, 255.5)))


@pytest.mark.unit
def test_the_chance_is_that_of_a_simulation() -> None:
    one = intake(27, (38.0, 293.0))
    assert one.expected == int(np.ceil(27 * 294 / 38.5))
    assert one.likely is not None
    random = np.random.default_rng(1)
    shares = random.beta(*one.share.posterior, size=200_000)
    reached = float(np.mean(random.binomial(one.likely, shares) >= 27))
    assert reached == pytest.approx(0.8, abs=0.01)
    assert float(np.mean(binom.sf(26, one.likely - 5, shares))) < 0.8


@pytest.mark.detail
@pytest.mark.law
@given(st.integers(1, 60), st.integers(0, 40), st.integers(0, 300))
def test_more_are_needed_for_a_chance_than_expected_and_more_for_more(goal: int, chose: int, others: int) -> None:
    less, more = (intake(one, (float(chose), float(chose + others))) for one in (goal, goal + 1))
    assert less.expected <= more.expected
    if less.likely is not None and more.likely is not None:
        assert less.likely <= more.likely


@pytest.mark.unit
def test_what_schools_report_need_not_come_by_way_of_a_placement() -> None:
    counts = dict.fromkeys(COUNTS, 0) | {"hosted": 68, "choosing": 19, "followed": 50}
    table = pd.DataFrame([("2025/26", "Work experience", "all", "all", *counts.values())], columns=[*KEYS, *COUNTS])
    wanted = Trajectory(24.0, 36.0, dt.date(2025, 3, 31), dt.date(2028, 3, 31))
    found = intake_for(table, wanted, Figure("2025/26", dt.date(2026, 3, 31), 28.0))
    assert found is not None
    assert found.hosted == {"2025/26": 68}
    assert (found.by, found.reported, found.goal) == ("March 2028", 9.0, 27.0)
    nobody = intake_for(table.assign(followed=0), wanted, None)
    assert nobody is None, "nobody was asked what became of them"
