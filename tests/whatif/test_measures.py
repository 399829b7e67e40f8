"""Every measure of the catalogue has a path or a reason; the paths are what their definitions say."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest
from scipy.stats import gamma

from t4c_lib.errors import UnknownNameError
from t4c_lib.framework import MeasureKind, ModelPath, catalogue
from t4c_lib.whatif import LEVERS, LeverSetting, Pipeline, Projection
from t4c_lib.whatif.measures_and_costs import PATHS, reason_for
from t4c_lib.whatif.outcomes_and_odds import outcome
from t4c_lib.whatif.rates import MODEL_PARAMETERS
from t4c_lib.whatif.state import WorkforceState
from tests.whatif.pipeline_making import TRUST, rates

pytestmark = pytest.mark.unit

FOLLOWED = {measure.key: measure.what_if for measure in catalogue().followed.values() if measure.what_if is not None}
NOTHING = Pipeline().run(TRUST, rates())


def run(*settings: LeverSetting, closure: str = "additive") -> Projection:
    return Pipeline(closure).run(TRUST, rates(), settings)


def test_every_measure_has_a_path_or_a_reason_and_none_has_both() -> None:
    for measure in catalogue().measures:
        path = NOTHING.measure(measure.key)
        assert path.key == measure.key
        assert (path.values is None) == bool(path.reason)
        assert path.reason == reason_for(measure)
        if path.values is not None:
            assert path.values.shape == (61,)
            assert np.isfinite(path.values).all()
            assert measure.kind not in {MeasureKind.EVIDENCE, MeasureKind.REVIEW}
            assert measure.kind is not MeasureKind.SHARE or ((path.values >= 0) & (path.values <= 1)).all()
        else:
            assert path.reason.endswith(".")


def test_every_formula_is_one_measures_and_every_measure_with_a_number_says_how_it_is_followed() -> None:
    assert set(PATHS) == set(ModelPath) == set(catalogue().followed)
    for measure in catalogue().measures:
        has_number = measure.kind not in {MeasureKind.EVIDENCE, MeasureKind.REVIEW}
        assert (measure.what_if is not None) == has_number, measure.key


def test_the_catalogue_names_levers_assumptions_and_starting_numbers_there_are() -> None:
    # What the catalogue names stands in a room above it, so the catalogue can't look it up as it is read.
    deciding = {action.decided_by for action in catalogue().actions if action.decided_by}
    deciding |= {how.decided_by for how in FOLLOWED.values() if how.decided_by}
    assert deciding | {lever for how in FOLLOWED.values() for lever in how.moved_by} == set(LEVERS)
    known = {*(field.name for field in fields(WorkforceState)), *MODEL_PARAMETERS}
    known |= {"level_2", "pathway", "support_young", "support_to_registered"}
    for how in FOLLOWED.values():
        for forecast in how.forecasts:
            assert {*forecast.rests_on, *forecast.depends_on} <= known


@pytest.mark.parametrize("key", sorted(FOLLOWED))
def test_each_lever_named_beside_a_measure_moves_it(key: str) -> None:
    before = NOTHING.measure(key).values
    for name in FOLLOWED[key].moved_by:
        after = run(LeverSetting(name, LEVERS[name].high / 2)).measure(key).values
        closed = run(LeverSetting(name, LEVERS[name].high / 2), closure="constant establishment").measure(key).values
        nothing = run(closure="constant establishment").measure(key).values
        assert before is not None
        assert after is not None
        assert nothing is not None
        assert closed is not None
        assert np.abs(after - before).max() > 1e-9 or np.abs(closed - nothing).max() > 1e-9, name


def test_a_measure_may_be_asked_for_by_its_reference() -> None:
    assert np.array_equal(NOTHING.measure("1m1").values, outcome(NOTHING, "trust_young_share"))  # type: ignore[arg-type]
    with pytest.raises(UnknownNameError, match="young-share"):
        NOTHING.measure("yung-share")


def test_turnover_is_leavers_of_twelve_months_over_the_mean_of_first_and_last_headcount() -> None:
    turnover = NOTHING.measure("turnover").values
    support, leavers = NOTHING.stock("support"), NOTHING.flow("support_leavers")
    assert turnover is not None
    assert turnover[36] == pytest.approx(leavers[25:37].sum() / ((support[36] + support[24]) / 2))
    # Months before today count as today.
    today = TRUST.total("support_young") * 0.236 / 12 + TRUST.total("support_older") * 0.098 / 12
    assert turnover[0] == pytest.approx(12 * today / support[0])
    assert turnover[5] == pytest.approx((leavers[1:6].sum() + 7 * today) / ((support[0] + support[5]) / 2))


def test_yearly_counts_move_over_twelve_months_after_a_lever_does() -> None:
    placements = run(LeverSetting("placements", 120.0, start_month=7)).measure("work-experience-placements").values
    assert placements is not None
    assert placements[[0, 6, 7, 12, 18, 40]].tolist() == pytest.approx([150, 150, 160, 210, 270, 270])


def test_people_from_placements_start_as_many_months_later_as_is_assumed() -> None:
    with_more = run(LeverSetting("placements", 120.0, start_month=3))
    more = with_more.flow("support_joiners") - NOTHING.flow("support_joiners")
    # 10 more a month, 3 in a hundred of whom start 12 months on.
    assert more[14] == pytest.approx(0, abs=1e-12)
    assert more[15] == pytest.approx(0.3)
    young = with_more.flow("support_joiners_young") - NOTHING.flow("support_joiners_young")
    assert young[15] == pytest.approx(0.27)


def test_courses_and_ambassadors_bring_the_product_of_their_chain() -> None:
    courses = run(LeverSetting("pre-employment-courses", 6.0)).flow("support_joiners")[10] - 28
    ambassadors = run(LeverSetting("ambassadors", 30.0)).flow("support_joiners")[20] - 28
    assert courses == pytest.approx(6 / 12 * 12 * 0.35)
    assert ambassadors == pytest.approx(30 * 80 / 12 * 0.002)


def test_fewer_placements_than_today_never_come_to_fewer_than_none() -> None:
    none_left = Pipeline().run(replace(TRUST, placements=50.0), rates(), [LeverSetting("placements", -100.0)])
    placements = none_left.measure("work-experience-placements").values
    assert placements is not None
    assert placements[-1] == 0
    assert none_left.flow("support_joiners")[-1] == pytest.approx(28 - 50 / 12 * 0.03)


def test_the_certificate_in_time_is_the_gamma_distribution_at_84_days() -> None:
    share = NOTHING.measure("certificate-in-12-weeks").values
    shape = 1 / 0.35**2
    assert share is not None
    assert share[0] == pytest.approx(gamma.cdf(84, shape, scale=84 / shape))
    # Half as much assessor capacity again: the waiting third of the 12 weeks takes two thirds as long.
    faster = run(LeverSetting("assessor-capacity", 0.5)).measure("certificate-in-12-weeks").values
    weeks = 12 * (0.65 + 0.35 / 1.5)
    assert faster is not None
    assert faster[60] == pytest.approx(gamma.cdf(84, shape, scale=weeks * 7 / shape))
    # Newcomers of a month are past their 84th day three months later.
    assert faster[3] == share[3]
    assert faster[4] > share[4]


def test_a_sudden_wave_of_newcomers_makes_them_wait_for_assessors() -> None:
    usual = NOTHING.measure("certificate-in-12-weeks").values
    wave = run(LeverSetting("pre-employment-courses", 24.0)).measure("certificate-in-12-weeks").values
    assert usual is not None
    assert wave is not None
    assert wave[60] < usual[60]


def test_the_share_appraised_stays_as_it_is_and_more_appraisals_add_to_it() -> None:
    received = NOTHING.measure("appraisal-received").values
    assert received is not None
    assert received[0] == pytest.approx(0.836)
    assert received == pytest.approx(np.full(61, 0.836))
    more = run(LeverSetting("appraisal-capacity", 100.0)).measure("appraisal-received").values
    assert more is not None
    assert more[40] == pytest.approx(0.836 + 100 / NOTHING.stock("support")[40])
    # Nobody has more than one a year.
    most = run(LeverSetting("appraisal-capacity", 3000.0)).measure("appraisal-received").values
    assert most is not None
    assert most[40] == pytest.approx(1.0, abs=0.01)
    assert most.max() <= 1


def test_attainment_counts_learners_by_what_they_hold_meanwhile() -> None:
    share = NOTHING.measure("attainment").values
    assert share is not None
    qualified = 12 + 20 + 3 + 27 + 50 + 19 + 1000 + 704
    assert share[0] == pytest.approx(qualified / TRUST.support)
    count = NOTHING.measure("support-qualifications").values
    assert count is not None
    assert count[0] == qualified


def test_more_apprenticeships_now_mean_more_candidates_for_pathways_later() -> None:
    """A choice under one intention shows under another."""
    wanted = LeverSetting("registered-pathway-places", 150.0)
    few = replace(TRUST, support_young_level_3=0.0, support_older_level_3=20.0)
    alone = Pipeline().run(few, rates(), [wanted])
    together = Pipeline().run(few, rates(), [wanted, LeverSetting("apprenticeship-starts", 200.0)])
    assert alone.limits["registered pathway places"].short[-1] > 0
    without, with_more = (one.measure("support-to-registered").values for one in (alone, together))
    assert without is not None
    assert with_more is not None
    assert with_more[60] > without[60]
