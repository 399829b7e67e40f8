"""What a run takes and gives: names, shapes, tables, refusals."""

from __future__ import annotations

import numpy as np
import pytest

from t4c_lib.errors import SettingError, UnknownNameError
from t4c_lib.whatif import LEVERS, MODEL_PARAMETERS, LeverSetting, Pipeline, Rates, WorkforceState
from t4c_lib.whatif.flows import FLOWS
from t4c_lib.whatif.outcomes_and_odds import outcome
from tests.whatif.pipeline_making import EXAMPLE, TRUST, rates

pytestmark = pytest.mark.unit


def test_organisations_and_draws_make_one_batch() -> None:
    state = WorkforceState(support_young_none=np.array([[100.0], [200.0], [300.0]]), support_older_none=1000.0)
    run = Pipeline().run(state, rates(ageing_out=np.array([0.01, 0.02])), months=6)
    assert run.batch == (3, 2)
    assert run.stock("support").shape == (7, 3, 2)
    assert run.flow("support_leavers").shape == (7, 3, 2)
    assert run.release.available.shape == (7, 3, 2)
    assert outcome(run, "support_young_share")[0, :, 0].tolist() == pytest.approx([1 / 11, 2 / 12, 3 / 13])


def test_amounts_of_levers_may_be_an_array() -> None:
    amounts = np.array([0.0, 0.1, 0.2])
    run = Pipeline().run(TRUST, rates(), [LeverSetting("young-joiners", amounts)], months=12)
    for place, amount in enumerate(amounts):
        alone = Pipeline().run(TRUST, rates(), [LeverSetting("young-joiners", float(amount))], months=12)
        np.testing.assert_allclose(run.path[..., place], alone.path[..., 0], rtol=1e-12)


def test_stocks_and_sums_are_known_by_name() -> None:
    run = Pipeline().run(TRUST, rates(), months=0)
    assert run.stock("support")[0] == TRUST.support == 3050
    assert run.stock("support_young")[0] == TRUST.total("support_young") == 174
    assert run.stock("trust")[0] == TRUST.total("trust") == 7370
    assert outcome(run, "support_young_share")[0] == TRUST.total("support_young") / TRUST.support
    assert (
        outcome(run, "trust_young_share")[0]
        == TRUST.total("trust_young") / TRUST.total("trust")
        == pytest.approx(385 / 7370)
    )
    with pytest.raises(UnknownNameError, match="There is no stock called 'suport'"):
        run.stock("suport")
    with pytest.raises(UnknownNameError, match="There is no flow called 'leavers'"):
        run.flow("leavers")
    assert all(run.flow(name)[0] == 0 for name in FLOWS)


def test_a_lever_grows_evenly_over_its_ramp() -> None:
    setting = LeverSetting("placements", 40.0, start_month=3, ramp_months=4)
    assert setting.in_force(np.arange(9.0)).tolist() == [0, 0, 0, 0.25, 0.5, 0.75, 1, 1, 1]
    assert LeverSetting("placements", 40.0).in_force(np.arange(3.0)).tolist() == [0, 1, 1]


def test_vacancies_offered_as_apprenticeships_bring_apprentices_and_change_the_age_of_joiners() -> None:
    run = Pipeline().run(TRUST, rates(), [LeverSetting("vacancies-as-apprenticeships", 0.2)], months=1)
    share_today = 6 / 28
    assert run.flow("support_joiners")[1] == pytest.approx(28)
    assert run.flow("support_joiners_young")[1] == pytest.approx(6 + 28 * 0.2 * (0.55 - share_today))
    assert run.flow("apprenticeship_starts")[1] == pytest.approx(2.5 + 0.28 * 28)


def test_in_a_constant_establishment_starters_from_feeders_take_posts_that_are_vacant() -> None:
    more = Pipeline("constant establishment").run(TRUST, rates(), [LeverSetting("pre-employment-courses", 24.0)])
    nothing = Pipeline("constant establishment").run(TRUST, rates())
    assert more.stock("support")[60] == pytest.approx(TRUST.support)
    assert outcome(more, "support_young_share")[60] > outcome(nothing, "support_young_share")[60]
    crowd = Pipeline("constant establishment").run(
        TRUST, rates(pre_employment_course_places=100.0), [LeverSetting("pre-employment-courses", 24.0)]
    )
    limit = crowd.limits["starters from placements, courses and ambassadors"]
    assert limit.short[10] == pytest.approx(24 / 12 * 100 * 0.35 - crowd.flow("support_joiners")[10])
    assert any("Starters from placements" in sentence for sentence in crowd.warnings())


def test_months_that_cannot_be_are_refused() -> None:
    for months in (-1, 1.5):
        with pytest.raises(SettingError, match=f"the number of months must be a whole number, 0 or more, not {months}"):
            Pipeline().run(TRUST, rates(), months=months)  # type: ignore[arg-type]


def test_an_unknown_closure_names_those_there_are() -> None:
    with pytest.raises(UnknownNameError, match="All of them: additive, constant establishment"):
        Pipeline("fixed")


def test_an_unknown_lever_names_the_closest() -> None:
    with pytest.raises(UnknownNameError, match=r"no lever called 'placement'\. The closest: placements"):
        Pipeline().run(TRUST, rates(), [LeverSetting("placement", 1.0)])


def test_all_that_is_wrong_with_settings_is_told_at_once() -> None:
    settings = [
        LeverSetting("placements", 900.0, start_month=0),
        LeverSetting("ambassadors", 1.0, ramp_months=-2),
        LeverSetting("ambassadors", 2.0),
    ]
    with pytest.raises(SettingError) as refused:
        Pipeline().run(TRUST, rates(), settings)
    assert refused.value.problems == (
        "'placements' ranges from -100 to 500 (more a year), not 900",
        "'placements' starts in month 1 or later, not 0",
        "'ambassadors' is phased in over 0 or more whole months, not -2",
        "'ambassadors' is set twice; one setting of a lever is allowed",
    )


def test_assumptions_that_are_missing_or_cannot_be_are_told_at_once() -> None:
    values = {name: value for name, value in EXAMPLE.items() if name != "pathway-months"}
    values |= {"pathway-month": 36, "ageing-out": 1.2, "care-certificate-spread": 0.0}
    with pytest.raises(SettingError) as refused:
        Rates(values)
    assert refused.value.problems == (
        "there is no value for 'pathway-months' (months). Did you mean 'pathway-month'?",
        "'ageing-out' is from 0 to 1 (share a month), not 1.2",
        "'care-certificate-spread' is 1e-06 or more (ratio), not 0",
    )


def test_a_state_that_cannot_be_is_told_whole() -> None:
    with pytest.raises(SettingError) as refused:
        WorkforceState(rest_older=-1.0, placements=float("inf"), apprentice_joiner_share=1.5)
    assert refused.value.problems == (
        "rest older is a number, 0 or more, not -1",
        "apprentice joiner share is a fraction from 0 to 1, not 1.5",
        "placements is a number, 0 or more, not inf",
    )


def test_every_lever_has_a_range_around_nothing_and_words() -> None:
    for name, lever in LEVERS.items():
        assert lever.name == name
        assert lever.low < 0 < lever.high
        assert lever.label
        assert lever.unit


def test_every_assumption_has_a_unit_and_a_meaning() -> None:
    assert set(MODEL_PARAMETERS) == set(EXAMPLE)
    assert all(assumed.unit and assumed.meaning for assumed in MODEL_PARAMETERS.values())
