"""One pool of release hours, over-commitment told, and what each activity costs."""

from __future__ import annotations

import numpy as np
import pytest

from t4c_lib.whatif import LEVERS, LeverSetting, Pipeline
from t4c_lib.whatif.levers import ACTIVITIES
from tests.whatif.pipeline_making import TRUST, costs_over, rates

pytestmark = pytest.mark.unit

NOTHING = Pipeline().run(TRUST, rates())


def test_four_activities_draw_on_one_pool() -> None:
    hours = NOTHING.release
    assert hours.wanted["apprenticeships"][0] == pytest.approx(87 * 6 * 52 / 12)
    assert hours.wanted["pathways"][0] == pytest.approx(30 * 10 * 52 / 12)
    assert hours.wanted["appraisals"][0] == pytest.approx(0.836 * TRUST.support / 12 * 3)
    assert hours.wanted["placements"][0] == pytest.approx(150 / 12 * 10)
    assert hours.wanted["pre-employment courses"][0] == pytest.approx(4 / 12 * 12 * 20)
    assert hours.available[0] == pytest.approx(TRUST.support * 32 * 52 / 12 * 0.03)
    assert hours.total[0] == pytest.approx(sum(float(wanted[0]) for wanted in hours.wanted.values()))


def test_hours_that_are_not_there_are_told_and_nothing_is_cut() -> None:
    settings = [LeverSetting("registered-pathway-places", 150.0, start_month=6)]
    run = Pipeline().run(TRUST, rates(), settings)
    over = np.flatnonzero((run.release.total > run.release.available)[1:]) + 1
    first = int(over[0])
    said = f"Release hours: more needed than available in {len(over)} months, from month {first}; most in month 60:"
    assert any(sentence.startswith(said) for sentence in run.warnings())
    assert run.flow("pathway_starts")[-1] == pytest.approx(1 + 150 / 12)


def test_enough_hours_are_not_worth_a_word() -> None:
    assert Pipeline().run(TRUST, rates(release_allowance=0.2)).warnings() == ()
    assert Pipeline().run(TRUST, rates(release_allowance=0.0), months=0).warnings() == ()


def test_every_lever_belongs_to_an_activity_with_a_cost() -> None:
    named = [lever for levers in ACTIVITIES.values() for lever in levers]
    assert set(named) == set(LEVERS)


@pytest.mark.parametrize(
    ("lever", "amount", "hours", "pounds"),
    [
        ("placements", 12.0, 12 * 10, 12 * 10 * 18),
        ("pre-employment-courses", 1.0, 12 * 20, 12 * 20 * 18 + 8000),
        ("ambassadors", 10.0, 10 * 12, 10 * 12 * 18),
        ("appraisal-capacity", 100.0, 300, 300 * 18),
        ("assessor-capacity", 0.5, 0.5 * 0.65 * 28 * 12 * 10, 0.5 * 0.65 * 28 * 12 * 10 * 18),
        ("young-joiners", 0.1, 0, 0.1 * 28 * 12 * 500),
        ("young-joiners-a-year", 30.0, 0, 30 * 500),
    ],
)
def test_what_a_lever_takes_in_its_first_year(lever: str, amount: float, hours: float, pounds: float) -> None:
    nothing = Pipeline().run(TRUST, rates(), months=12)
    run = Pipeline().run(TRUST, rates(), [LeverSetting(lever, amount)], months=12)
    (activity,) = (name for name, levers in ACTIVITIES.items() if lever in levers)
    extra = costs_over(run, nothing)
    # Joiners from courses come to be appraised and so on; the activity itself is what is asked for.
    assert extra.hours[activity][1:].sum() == pytest.approx(hours, rel=1e-9, abs=1e-6)
    assert extra.pounds[activity][1:].sum() == pytest.approx(pounds, rel=1e-9, abs=1e-6)


def test_apprenticeships_cost_their_release_and_their_start() -> None:
    nothing = Pipeline().run(TRUST, rates(), months=12)
    run = Pipeline().run(TRUST, rates(), [LeverSetting("apprenticeship-starts", 24.0)], months=12)
    extra = costs_over(run, nothing)
    learners = (run.stock("apprentices") - nothing.stock("apprentices"))[1:].sum()
    assert extra.hours["apprenticeships"][1:].sum() == pytest.approx(learners * 6 * 52 / 12)
    assert extra.pounds["apprenticeships"][1:].sum() == pytest.approx(learners * 6 * 52 / 12 * 18 + 24 * 500)


def test_keeping_people_costs_by_those_who_would_have_left() -> None:
    run = Pipeline().run(TRUST, rates(), [LeverSetting("retention-under-25", 0.2)], months=1)
    assert run.costs.pounds["retaining under-25s"][1] == pytest.approx(
        TRUST.total("support_young") * 0.236 / 12 * 0.2 * 1500
    )
    worse = Pipeline().run(TRUST, rates(), [LeverSetting("retention-under-25", -0.2)], months=1)
    assert worse.costs.pounds["retaining under-25s"][1] == 0
