"""Individual chance: mean, variance and covariance of the random two-stock model, and whole people always.

With Poisson joiners, young_T is Binomial(young_0, phi^T) plus Poisson(r g(phi)), independent of each other; see
test_two_stock for the letters. Tolerances are four standard errors of the mean, and twice as much of the variance.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from t4c_lib.whatif import LeverSetting, Pipeline, WorkforceState
from t4c_lib.whatif.flows import FLOWS
from t4c_lib.whatif.pipeline import CLOSURES
from tests.whatif.pipeline_making import EXAMPLE, TRUST, rates, two_stock_rates

RUNS, CHUNKS, MONTHS = 100_000, 10, 12
LEAVE_YOUNG, LEAVE_OLDER, AGE_OUT, JOIN_YOUNG, JOIN_OLDER = 0.236 / 12, 0.098 / 12, 1 / 108, 6.0, 22.0
YOUNG, OLDER = 174, 2876


@pytest.mark.law
def test_a_hundred_thousand_random_runs_have_the_mean_variance_and_covariance_of_theory() -> None:
    size = RUNS // CHUNKS
    state = WorkforceState(
        support_young_none=np.full(size, float(YOUNG)),
        support_older_none=float(OLDER),
        join_support_young=JOIN_YOUNG,
        join_support_older=JOIN_OLDER,
    )
    generator = np.random.default_rng(20261122)
    ends = []
    for _ in range(CHUNKS):
        run = Pipeline().run(
            state, two_stock_rates(LEAVE_YOUNG, LEAVE_OLDER, AGE_OUT), months=MONTHS, generator=generator
        )
        ends.append((run.stock("support_young")[MONTHS], run.stock("support_older")[MONTHS]))
    young, older = (np.concatenate(part) for part in zip(*ends, strict=True))

    phi, psi, kappa = (1 - LEAVE_YOUNG) * (1 - AGE_OUT), 1 - LEAVE_OLDER, (1 - LEAVE_YOUNG) * AGE_OUT
    g_phi, g_psi = ((1 - x**MONTHS) / (1 - x) for x in (phi, psi))
    d = (psi**MONTHS - phi**MONTHS) / (psi - phi)
    from_young_joiners = JOIN_YOUNG * kappa / (1 - phi) * (g_psi - d)
    stay, turn, stay_older = phi**MONTHS, kappa * d, psi**MONTHS
    mean_young = YOUNG * stay + JOIN_YOUNG * g_phi
    mean_older = OLDER * stay_older + YOUNG * turn + JOIN_OLDER * g_psi + from_young_joiners
    variance_young = YOUNG * stay * (1 - stay) + JOIN_YOUNG * g_phi
    variance_older = (
        OLDER * stay_older * (1 - stay_older) + YOUNG * turn * (1 - turn) + JOIN_OLDER * g_psi + from_young_joiners
    )
    for found, mean, variance in ((young, mean_young, variance_young), (older, mean_older, variance_older)):
        assert abs(found.mean() - mean) <= 4 * math.sqrt(variance / RUNS)
        assert abs(found.var() - variance) <= 4 * variance * math.sqrt(2 / RUNS)
    covariance = -YOUNG * stay * turn
    spread = math.sqrt((variance_young * variance_older + covariance**2) / RUNS)
    assert abs(np.cov(young, older)[0, 1] - covariance) <= 4 * spread


@pytest.mark.law
@pytest.mark.parametrize("closure", CLOSURES)
def test_the_mean_of_drawn_runs_is_the_expected_path(closure: str) -> None:
    settings = (
        LeverSetting("young-joiners", 0.1),
        LeverSetting("placements", 100.0),
        LeverSetting("retention-under-25", 0.2, 3, 12),
        LeverSetting("apprenticeship-starts", 20.0),
        LeverSetting("registered-pathway-places", 20.0),
        LeverSetting("vacancies-as-apprenticeships", 0.1),
    )
    runs = 800
    certain = np.full(runs, EXAMPLE["ageing-out"])
    generator = np.random.default_rng(7)
    drawn = Pipeline(closure).run(TRUST, rates(ageing_out=certain), settings, months=48, generator=generator)
    expected = Pipeline(closure).run(TRUST, rates(), settings, months=48)
    for month in (1, 12, 48):
        error = drawn.path[month].std(axis=-1) / math.sqrt(runs)
        assert (np.abs(drawn.path[month].mean(axis=-1) - expected.path[month, ..., 0]) <= 4.5 * error + 1e-9).all()
    for flow in FLOWS:
        total = drawn.flow(flow)[1:].sum(axis=0)
        error = total.std() / math.sqrt(runs)
        assert abs(total.mean() - expected.flow(flow)[1:].sum()) <= 4.5 * error + 1e-6, flow


@pytest.mark.law
@pytest.mark.parametrize("closure", CLOSURES)
def test_drawn_runs_have_whole_people_and_lose_none(closure: str) -> None:
    settings = [LeverSetting("registered-pathway-places", 50.0), LeverSetting("young-joiners", 0.2, 2, 6)]
    run = Pipeline(closure).run(
        TRUST, rates(ageing_out=np.full(50, 0.02)), settings, generator=np.random.default_rng(1)
    )
    assert (run.path >= 0).all()
    assert (run.path == np.rint(run.path)).all()
    change = np.diff(run.stock("trust"), axis=0)
    joined = run.flow("support_joiners") + run.flow("rest_joiners")
    left = run.flow("support_leavers") + run.flow("rest_leavers")
    assert (change == (joined - left)[1:]).all()
    support = np.diff(run.stock("support"), axis=0)
    assert (
        support == (run.flow("support_joiners") - run.flow("support_leavers") - run.flow("to_registered"))[1:]
    ).all()
    if closure != "additive":
        assert (run.stock("support") == run.stock("support")[0]).all()


@pytest.mark.unit
def test_one_seed_gives_one_path() -> None:
    one, other = (Pipeline().run(TRUST, rates(), months=12, generator=np.random.default_rng(5)).path for _ in range(2))
    assert (one == other).all()
