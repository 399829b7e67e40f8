"""The answers of the what-if page and command: what is solved holds, parts add up, and chances are the forum's own."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest

from t4c_lib.periods import Month
from t4c_lib.progress import scenarios
from t4c_lib.progress.target_chances import target_chances
from t4c_lib.progress.what_if import WhatIf, open_what_if, outcome_of, plan_scenario, proposed_rows
from t4c_lib.progress.what_if_answers import WhatIfQuestion
from t4c_lib.store import Store
from t4c_lib.whatif import DOING_NOTHING, LEVERS, LeverSetting, Scenario, outcome
from tests.whatif.pipeline_making import costs_over

DAY = dt.date(2026, 11, 26)
CODE = "DEMO-MH"
pytestmark = pytest.mark.law


@pytest.fixture(scope="module")
def opened(demonstration: object) -> WhatIf:
    with Store.open(demonstration) as store:  # type: ignore[arg-type]
        revision = store.latest_plan(CODE)
        assert revision is not None
        return open_what_if(revision.plan, store.observations(CODE), DAY)


def question(opened: WhatIf, measure: str = "young-share") -> WhatIfQuestion:
    assert opened.plan is not None
    row = next(one for one in opened.plan.measures if one.measure == measure and not one.group)
    assert row.target is not None
    return WhatIfQuestion(opened, row, row.target.due, row.target.goal)


def scenario(opened: WhatIf, name: str) -> Scenario:
    return opened.from_now(scenarios(CODE).get(name))


def test_the_chance_with_the_plan_is_that_of_forum_and_status(opened: WhatIf) -> None:
    assert opened.plan is not None
    chances = target_chances(opened.plan, opened.observations, DAY, opened=opened)
    assert len(chances) >= 4
    for row in opened.plan.measures:
        if row.key not in chances or row.target is None:
            continue
        asked = WhatIfQuestion(opened, row, row.target.due, row.target.goal)
        assert asked.why_none == ""
        assert asked.odds(opened.plan_scenario).chance(asked.target(asked.month)) == chances[row.key], row.measure


@pytest.mark.parametrize(
    ("measure", "goal"),
    [("young-share", 0.0585), ("turnover", 0.1), ("support-to-registered", 6.0), ("certificate-in-12-weeks", 0.7)],
)
def test_what_is_solved_for_hits_the_target_when_it_is_put_forward_again(
    opened: WhatIf, measure: str, goal: float
) -> None:
    asked = replace(question(opened, measure), due=Month(2030, 3), goal=goal)
    besides = scenario(opened, "Every door")
    reached = 0
    for name in LEVERS:
        need = asked.need(besides, name)
        if need.amount is None:
            continue
        setting = besides.setting(name) or LeverSetting(name, 0.0, opened.acts_from)
        again = besides.with_setting(LeverSetting(name, need.amount, setting.start_month, setting.ramp_months))
        value = float(asked.path(again)[asked.month])
        if need.method == "met already":
            assert asked.target(asked.month).margin(np.array(value)) >= 0
        else:
            assert value == pytest.approx(goal, rel=1e-9)
            reached += 1
    assert reached


def test_a_need_at_a_chance_has_that_chance_when_it_is_run_afresh(opened: WhatIf) -> None:
    asked = question(opened)
    need = asked.need(DOING_NOTHING, "young-joiners", 0.8)
    assert need.amount is not None
    again = DOING_NOTHING.with_setting(LeverSetting("young-joiners", need.amount, opened.acts_from))
    assert asked.odds(again).chance(asked.target(asked.month)) == pytest.approx(0.8, abs=0.02)


def test_parts_add_up_to_the_difference_from_doing_nothing(opened: WhatIf) -> None:
    for measure in ("young-share", "turnover", "attainment"):
        asked, whole = question(opened, measure), scenario(opened, "Every door")
        difference = float(asked.path(whole)[asked.month] - asked.path(DOING_NOTHING)[asked.month])
        assert sum(asked.brought(whole).values()) == pytest.approx(difference, rel=1e-9, abs=1e-12)


def test_two_levers_together_reach_the_target_at_every_pair(opened: WhatIf) -> None:
    asked = question(opened)
    pairs = asked.together(DOING_NOTHING, "young-joiners", "pre-employment-courses")
    assert len(pairs) > 2
    assert asked.goal is not None
    assert [second for _, second in pairs] == sorted((second for _, second in pairs), reverse=True)
    for first, second in pairs:
        both = DOING_NOTHING
        for name, amount in (("young-joiners", first), ("pre-employment-courses", second)):
            both = both.with_setting(LeverSetting(name, amount, opened.acts_from))
        value = float(asked.path(both)[asked.month])
        one_more = outcome(
            opened.run(both.with_setting(LeverSetting("pre-employment-courses", max(second - 1, 0), 9))), asked.outcome
        )
        assert value >= asked.goal - 1e-12
        assert second == 0 or float(one_more[asked.month]) < asked.goal


def test_what_a_scenario_takes_is_nothing_for_nothing_and_lies_within_its_interval(opened: WhatIf) -> None:
    asked = question(opened)
    nothing = asked.takes(DOING_NOTHING)
    assert (nothing.pounds, nothing.hours) == ((0, 0, 0), (0, 0, 0))
    taken = asked.takes(scenario(opened, "Every door"))
    run, still = (opened.run(one, asked.month) for one in (scenario(opened, "Every door"), DOING_NOTHING))
    more = costs_over(run, still)
    assert taken.pounds.middle == pytest.approx(sum(float(one[1:].sum()) for one in more.pounds.values()))
    assert taken.hours.middle == pytest.approx(sum(float(one[1:].sum()) for one in more.hours.values()))
    for span in taken:
        assert span.low <= span.middle <= span.high
        assert span.low < span.high


def test_levers_that_are_said_to_move_nothing_move_nothing(opened: WhatIf) -> None:
    for measure in ("young-share", "turnover", "certificate-in-12-weeks", "support-to-registered"):
        asked = question(opened, measure)
        still = float(asked.path(DOING_NOTHING)[asked.month])
        assert any(asked.effects.values())
        for name, effect in asked.effects.items():
            setting = LeverSetting(name, LEVERS[name].shown.most / 4, opened.acts_from)
            moved = float(asked.path(DOING_NOTHING.with_setting(setting))[asked.month])
            assert moved - still == pytest.approx(effect, rel=1e-9, abs=1e-12), name


def test_the_first_date_has_the_chance_and_the_year_before_it_does_not(opened: WhatIf) -> None:
    asked, every = (
        question(opened),
        scenario(opened, "Every door").with_setting(LeverSetting("young-joiners", 0.2, opened.acts_from)),
    )
    when = asked.first_month(every, 0.8)
    assert when is not None
    month = opened.month.months_until(when)
    odds = opened.odds([asked.target(one) for one in (month - 12, month)], scenario=every, months=month)
    assert odds.chance(asked.target(month)) >= 0.8
    assert month == asked.month or odds.chance(asked.target(month - 12)) < 0.8
    assert asked.first_month(DOING_NOTHING, 0.8) is None


def test_a_figures_own_chance_hangs_on_nothing_else_that_is_asked(opened: WhatIf) -> None:
    """However far the run goes and whatever is asked besides, a target has one chance."""
    for measure in ("appraisal-received", "certificate-in-12-weeks", "turnover"):
        assert opened.plan is not None
        row = next(one for one in opened.plan.measures if one.measure == measure and not one.group)
        name = outcome_of(row.measure, row.population)
        alone = opened.odds(outcomes=[name], months=24, draws=200).bands[name]
        beside = opened.odds(outcomes=["turnover", "appraisal-received", name], months=36, draws=200).bands[name]
        np.testing.assert_array_equal(alone, beside[:, :25])


def test_what_was_drawn_before_answers_as_if_it_were_drawn_anew(opened: WhatIf) -> None:
    """Whether a shorter, a longer or another question about a scenario came first makes no difference."""
    asked = [("turnover", 24), ("appraisal-received", 30), ("turnover", 48), ("turnover", 24)]
    once = replace(opened)
    for name, months in asked:
        found = once.odds(outcomes=[name], scenario=opened.plan_scenario, months=months, draws=200)
        anew = replace(opened).odds(outcomes=[name], scenario=opened.plan_scenario, months=months, draws=200)
        assert (found.months, list(found.drawn)) == (months, [name])
        np.testing.assert_array_equal(found.drawn[name], anew.drawn[name])
        np.testing.assert_array_equal(found.bands[name], anew.bands[name])
    for lost in range(6):
        once.odds(outcomes=["turnover"], months=1, draws=2, seed=lost)
    assert len(once.kept_draws) == 4


def test_a_scenarios_months_are_counted_from_the_one_that_comes(opened: WhatIf) -> None:
    known = scenarios(CODE).get("Every door")
    moved = opened.from_now(known)
    assert opened.acts_from == 9
    assert [one.start_month - 8 for one in moved.settings] == [one.start_month for one in known.settings]


def test_what_is_put_into_the_plan_is_what_the_plan_then_does(opened: WhatIf) -> None:
    """The levers that the plan decides act by as much, and in full by the same month, as in the scenario proposed."""
    proposed = scenario(opened, "Every door")
    rows = list(proposed_rows(opened, proposed))
    assert {after.wording for _, after in rows} == {
        "Work experience placements a year",
        "Pre-employment courses with partners",
        "Recruit and train 20 staff as NHS Ambassadors with other local employers",
    }
    assert opened.plan is not None
    plan = opened.plan
    for before, after in rows:
        plan = plan.with_row(after, before)
    then = plan_scenario(plan, opened.latest, opened.month)
    for setting in then.settings:
        wanted = proposed.setting(setting.lever)
        assert wanted is not None
        assert float(setting.amount) == pytest.approx(float(wanted.amount), abs=0.5), setting.lever
        full = (one.start_month + max(one.ramp_months, 1) for one in (setting, wanted))
        assert len(set(full)) == 1, setting.lever
    assert list(proposed_rows(opened.with_plan(plan, opened.as_of), proposed)) == []
    assert list(proposed_rows(opened, DOING_NOTHING)) == []


def test_what_a_scenario_does_not_move_has_the_chance_that_it_has_without(opened: WhatIf) -> None:
    asked = question(opened, "support-to-registered")
    plain, planned = (asked.odds(one) for one in (DOING_NOTHING, opened.plan_scenario))
    still, moved = (asked.path(one)[asked.month] for one in (DOING_NOTHING, opened.plan_scenario))
    assert moved == pytest.approx(still, rel=1e-12)
    assert planned.chance(asked.target(asked.month)) == plain.chance(asked.target(asked.month))
    # However far a run goes, and whatever else was asked, it is the same; what is moved keeps draws of its own.
    asked.first_month(opened.plan_scenario, 0.9)
    assert replace(asked).odds(opened.plan_scenario).chance(asked.target(asked.month)) == plain.chance(
        asked.target(asked.month)
    )
    young = question(opened)
    assert young.odds(opened.plan_scenario).chance(young.target(young.month)) > young.odds(DOING_NOTHING).chance(
        young.target(young.month)
    )
