"""How likely targets are met: known answers, what a chance starts from, and when there is none."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd
import pytest

from t4c_lib.parameters import Assumptions, assumptions
from t4c_lib.periods import Month
from t4c_lib.plan import MeasureRow, Plan
from t4c_lib.progress import plan_progress, starting_state, target_chances
from t4c_lib.progress.what_if import open_what_if
from t4c_lib.whatif import DOING_NOTHING, OutcomeTarget, Pipeline, central_rates
from tests.counted import SUPPORT, WHOLE, both, observation, steady_trust, table

DAY = dt.date(2026, 4, 30)
YOUNG = ("young-share", WHOLE, "")
TURNOVER = ("turnover", SUPPORT, "")
PLACEMENTS = "work-experience-placements"


def young(goal: float, **fields: Any) -> MeasureRow:
    """5.0% in March 2025 to a goal by March 2028."""
    base = {"numerator": 200, "denominator": 4000, "period": "2025-03", "source": "extract"}
    plain = {"measure": "young-share", "baseline": base, "change": {"kind": "level", "amount": goal}, "due": "2028-03"}
    return MeasureRow.of(**{**plain, **fields})


def turnover(goal: float) -> MeasureRow:
    return young(goal, measure="turnover", baseline={"value": 0.14, "period": "2025-03", "source": "extract"})


def count(measure: str, baseline: float, goal: float, **fields: Any) -> MeasureRow:
    base = {"value": baseline, "period": "2025-03", "source": "register"}
    return young(goal, measure=measure, baseline=base, change={"kind": "level", "amount": goal}, **fields)


def plan_of(*rows: MeasureRow) -> Plan:
    made = Plan.of(organisation="DEMO-XX", organisation_name="Example Trust", years=("2026/27",))
    return made.changed(measures=rows)


@pytest.fixture(scope="module")
def certain() -> Assumptions:
    """Every figure as if nobody doubted it."""
    known = assumptions()
    return Assumptions("certain", {one.name: one.with_values(low=one.central, high=one.central) for one in known})


# Known answers


@pytest.mark.law
def test_where_nothing_is_doubted_luck_alone_stands_between_a_target_and_being_met(certain: Assumptions) -> None:
    start = starting_state(both())
    figures = start.assumptions(own=certain)
    run = Pipeline().run(start.state, central_rates(figures), months=24)
    (share, leaving) = (float(run.measure(name).values[24]) for name in ("young-share", "turnover"))  # type: ignore[index]
    for off, low, high in ((-0.02, 0.99, 1.0), (0.0, 0.42, 0.58), (0.02, 0.0, 0.01)):
        plan = plan_of(young(share + off, due="2028-03"), turnover(leaving - 2 * off))
        found = target_chances(plan, both(), DAY, own=certain, draws=2000)
        assert set(found) == {YOUNG, TURNOVER}
        assert all(low <= chance <= high for chance in found.values())


@pytest.mark.law
def test_a_target_below_where_doing_nothing_leads_is_all_but_sure_and_one_far_above_all_but_hopeless() -> None:
    for goal, low, high in ((0.02, 0.99, 1.0), (0.15, 0.0, 0.01)):
        found = target_chances(plan_of(young(goal)), both(), DAY)
        assert low <= found[YOUNG] <= high


@pytest.mark.law
def test_a_goal_that_is_harder_is_never_likelier() -> None:
    found = [target_chances(plan_of(young(goal), turnover(0.2 - goal)), both(), DAY) for goal in (0.03, 0.04, 0.06)]
    for key in (YOUNG, TURNOVER):
        assert sorted((one[key] for one in found), reverse=True) == [one[key] for one in found]


@pytest.mark.law
def test_a_seed_gives_its_chances_again_and_another_gives_nearly_the_same() -> None:
    plan = plan_of(young(0.04), turnover(0.14))
    first, again, other = (target_chances(plan, both(), DAY, seed=seed) for seed in (1, 1, 2))
    assert dict(first) == dict(again)
    assert dict(first) != dict(other)
    for key, chance in first.items():
        assert 0.05 < chance < 0.95
        assert other[key] == pytest.approx(chance, abs=0.06)


@pytest.mark.law
def test_a_chance_is_that_of_the_one_what_if_that_everybody_opens() -> None:
    plan = plan_of(young(0.039), turnover(0.135))
    opened = open_what_if(plan, both(), DAY)
    targets = (
        OutcomeTarget("trust_young_share", 0.039, 24),
        OutcomeTarget("turnover", 0.135, 24, lower_is_better=True),
    )
    simulated = opened.odds(targets, scenario=opened.plan_scenario, months=24)
    found = target_chances(plan, both(), DAY)
    for key, target in zip((YOUNG, TURNOVER), targets, strict=True):
        assert found[key] == simulated.chance(target)


# What is done, and from when


@pytest.mark.unit
def test_what_the_plan_sets_outright_is_done_and_told() -> None:
    rows = (young(0.04), count(PLACEMENTS, 40, 400, start="2026-07", due="2027-03"), count("turnover", 0.1, 0.09))
    found = target_chances(plan_of(*rows), both(), DAY)
    (setting,) = open_what_if(plan_of(*rows), both(), DAY).plan_scenario.settings
    assert (setting.lever, setting.amount, setting.start_month, setting.ramp_months) == ("placements", 360, 4, 9)
    assert found.basis == (
        "Chances are worked out from the counts of March 2026, with the activity planned (work "
        "experience placements, 360 more a year by March 2027) and no other change."
    )
    alone = target_chances(plan_of(young(0.04)), both(), DAY)
    assert alone.basis == "Chances are worked out from the counts of March 2026, with no change from today."
    assert found[YOUNG] > alone[YOUNG] + 0.01


@pytest.mark.unit
def test_what_is_there_already_or_was_due_sets_nothing_and_the_newest_figure_counts() -> None:
    newest = observation(PLACEMENTS, "2025/26", 60, population="")
    for goal, due, expected in ((100, "2027-03", 40.0), (50, "2027-03", None), (100, "2026-03", None)):
        plan = plan_of(young(0.05), count(PLACEMENTS, 40, goal, due=due))
        setting = open_what_if(plan, both(13, newest), DAY).plan_scenario.setting("placements")
        assert (setting.amount if setting else None) == expected
    left_out = plan_of(young(0.05), count(PLACEMENTS, 40, 100, state="left out", reason="no room"))
    assert open_what_if(left_out, both(), DAY).plan_scenario is DOING_NOTHING


@pytest.mark.unit
def test_counts_after_the_day_are_not_known_yet() -> None:
    plan = plan_of(young(0.04))
    early = target_chances(plan, both(19), dt.date(2026, 4, 29))
    assert "from the counts of March 2026," in early.basis
    assert dict(early) == dict(target_chances(plan, both(), DAY))
    assert "from the counts of April 2026," in target_chances(plan, both(19), DAY).basis
    assert "from the counts of September 2026," in target_chances(plan, both(19), dt.date(2027, 4, 30)).basis


@pytest.mark.unit
def test_what_the_organisation_wrote_down_counts_for_more_than_the_national_figure() -> None:
    national = assumptions()
    stays = national.get("leavers-support-under-25").with_values(low=0.01, central=0.02, high=0.03)
    own = Assumptions("own", {stays.name: stays})
    plan = plan_of(young(0.05))
    assert target_chances(plan, both(), DAY, own=own)[YOUNG] > target_chances(plan, both(), DAY)[YOUNG] + 0.05


# Where there is none


@pytest.mark.unit
def test_a_measure_that_the_whatif_does_not_follow_gets_no_chance_and_a_reason() -> None:
    own = {"intention": 4, "name": "Bursaries", "kind": "count", "unit": "bursaries a year"}
    group = {"comparison": {"share": 0.09, "source": "census"}, "change": {"kind": "points", "amount": -0.01}}
    rows = {
        "decide this number themselves": count(PLACEMENTS, 40, 60),
        "not which of them are local": count("local-applications", 300, 400),
        "the choices of a whole area": count("nhs-as-career-choice", 9, 15),
        "not the other groups": young(0.05, measure="local-diversity", group="disability", **group),
        "absence is left as it is": young(0.04, measure="sickness", baseline=turnover(0.1).baseline),
        "no forecast of an own measure": count("bursaries", 3, 6, definition=own, state="added"),
        "does not forecast this measure for front-line care staff": young(0.05, population="front-line care staff"),
        "does not forecast this measure for level: 3": young(0.5, measure="attainment", group="level: 3"),
        "no later than the newest counts (March 2026)": young(0.05, population=SUPPORT, due="2026-03"),
        "more than 10 years after": young(0.05, due="2037-03"),
        "There is no local record of the qualifications of support staff and of": young(0.7, measure="attainment"),
        "were not reliable": count("support-qualifications", 900, 960),
        "There is no local record of who has the Care Certificate within 12 weeks": young(
            1.0, measure="certificate-in-12-weeks"
        ),
        "There is no local record of the share of support staff with an appraisal": young(
            0.9, measure="appraisal-received"
        ),
    }
    found = target_chances(plan_of(*rows.values()), both(), DAY)
    assert dict(found) == {}
    assert found.basis == ""
    for words, row in rows.items():
        assert words in found.reasons[row.key]
        assert found.reasons[row.key].endswith(".")


@pytest.mark.unit
def test_figures_of_others_or_too_few_or_of_something_else_give_no_chance() -> None:
    qualified = young(0.7, measure="attainment")
    level = observation("attainment", "2026-03", 960, out_of=1600, population=SUPPORT, breakdown="level=2+")
    whole = observation("attainment", "2026-03", 1100, out_of=1600, population=SUPPORT)
    proxy = observation("attainment", "2026-03", 2400, out_of=4000)
    moved = count("support-to-registered", 2, 20)
    joined = [
        observation("joiners", f"2025-{month:02}", people, population=SUPPORT, breakdown=breakdown)
        for month in range(4, 13)
        for breakdown, people in (("level=2+", 15), ("level=3+", 6))
    ]
    for row, counted, words in (
        (
            qualified,
            (level, whole, *joined),
            "would start at 60.0%, but the newest figure is 68.8% (March 2026), so no forecast is made.",
        ),
        (qualified, (level, proxy), "The newest figure is a proxy, for trust workforce"),
    ):
        found = target_chances(plan_of(row), both(13, *counted), DAY)
        assert words in found.reasons[row.key]
        assert row.key not in found
    small = both(13)
    small.loc[small["series"].isin(["headcount", "joiners", "leavers"]), "value"] /= 4
    few = target_chances(
        plan_of(moved), pd.concat([small, table([observation(moved.measure, "2026-03", 4, population=SUPPORT)])]), DAY
    )
    assert "With fewer than 500 support staff, too few move" in few.reasons[moved.key]


@pytest.mark.unit
def test_where_a_national_figure_stands_in_the_model_must_have_forecast_the_last_year() -> None:
    """How many apprentices achieve is a national figure here."""
    row = young(0.7, measure="attainment")

    def attained(now: float, before: float) -> pd.DataFrame:
        figures = [
            observation("attainment", period, value, out_of=1600, population=SUPPORT, breakdown=level)
            for period, value in (("2026-03", now), ("2025-03", before))
            for level in ("level=2+", "all")
        ]
        start = Month.parse("2024-04")
        joined = [
            observation("joiners", str(start + step), 12, population=SUPPORT, breakdown="level=2+")
            for step in range(24)
        ]
        return both(25, *figures, *joined, first="2024-03")

    fits = target_chances(plan_of(row), attained(960, 960), DAY)
    assert row.key in fits
    rises = target_chances(plan_of(row), attained(1200, 800), DAY)
    assert row.key not in rises
    assert rises.reasons[row.key].startswith(
        "A national figure is used because there is no local one (apprentices who achieve their "
        "apprenticeship), and it does not fit local figures: from the counts of March 2025 the forecast would "
        "have been "
    )
    assert rises.reasons[row.key].endswith(" in March 2026, but the figure was 75.0%.")
    now = attained(960, 960)
    short = target_chances(plan_of(row), now[now["period"] > "2025-03"], DAY)
    assert "there are no counts from a year ago to check it against" in short.reasons[row.key]


@pytest.mark.unit
def test_rows_that_are_closed_or_have_no_target_are_not_asked_for() -> None:
    rows = (young(0.05, closed="2025/26"), young(0.05, population=SUPPORT, change=None))
    found = target_chances(plan_of(*rows), both(), DAY)
    assert (dict(found), dict(found.reasons)) == ({}, {})


@pytest.mark.unit
def test_without_support_staff_counted_by_age_there_is_no_chance() -> None:
    plan = plan_of(young(0.05), turnover(0.1))
    only_trust = target_chances(plan, steady_trust(), DAY)
    assert dict(only_trust) == {}
    assert set(only_trust.reasons) == {YOUNG, TURNOVER}
    nobody = target_chances(plan, table([]), DAY)
    assert nobody.basis == ""
    assert "There is no headcount by age yet." in nobody.reasons[YOUNG]


# With the status


@pytest.mark.unit
def test_a_figure_beside_its_way_is_off_course_where_the_chance_is_under_a_fifth() -> None:
    plan = plan_of(young(0.06))
    (alone,) = plan_progress(plan, both(), DAY)
    assert alone.status.text == "behind"
    found = target_chances(plan, both(), DAY)
    assert found[YOUNG] < 0.2
    (likely,) = plan_progress(plan, both(), DAY, found)
    assert likely.status.text == "off course"
    assert likely.status.chance == found[YOUNG]
    assert likely.status.reason.startswith(
        "At 5.0% (200 of 4,000) in March 2026 the chance of reaching 6.0% by 31 March 2028 is "
    )
