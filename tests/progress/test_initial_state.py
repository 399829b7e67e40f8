"""Where the connected what-if starts: what was counted here, and what stands in where nobody counted."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from t4c_lib.errors import SettingError
from t4c_lib.parameters import Assumption, Layer
from t4c_lib.periods import Month
from t4c_lib.progress import starting_state
from t4c_lib.progress.initial_state import NoStartError
from t4c_lib.whatif import MODEL_PARAMETERS, Pipeline, central_rates
from tests.counted import SUPPORT, WHOLE, both, observation, steady_trust, table


@pytest.mark.law
def test_stocks_add_up_to_the_people_who_were_counted() -> None:
    state = starting_state(both()).state
    assert state.support == pytest.approx(1600)
    assert state.total("support_young") == pytest.approx(120)
    assert (state.rest_young, state.rest_older) == (200 - 120, 3800 - 1480)
    assert state.total("trust") == pytest.approx(4000)
    assert (state.join_support_young, state.join_support_older) == (5, 14)
    assert (state.join_rest_young, state.join_rest_older) == (6 - 5, 40 - 14)


@pytest.mark.law
def test_rates_are_those_of_the_people_who_were_counted() -> None:
    figures = starting_state(both()).assumptions()
    assert figures.get("leavers-support-under-25").central == pytest.approx(36 / 120)
    assert figures.get("leavers-support-25-and-over").central == pytest.approx(16 * 12 / 1480)
    assert figures.get("ageing-out").central == pytest.approx(24 / 120 / 12)


@pytest.mark.law
def test_without_single_years_who_turned_25_is_what_the_others_leave() -> None:
    """Of 120 a month 3 leave and 5 join, and there are as many as before: 2 have turned 25."""
    without = both()
    figures = starting_state(without[without["breakdown"] != "age=24"])
    assert figures.counted["ageing-out"].central == pytest.approx(2 / 117)
    assert figures.counted["ageing-out"].low < 2 / 117 < figures.counted["ageing-out"].high
    assert "24 turned 25" in figures.counted["ageing-out"].source


@pytest.mark.law
def test_what_was_counted_here_is_an_interval_around_the_count() -> None:
    counted = starting_state(both()).counted
    assert set(counted) == {
        *("leavers-support-under-25", "leavers-support-25-and-over", "ageing-out"),
        *("leavers-rest-under-25", "leavers-rest-25-and-over", "ageing-out-rest"),
        *("joiners-support", "joiners-support-under-25", "joiners-rest", "joiners-rest-under-25"),
        "leavers-against-last-year",
    }
    young, older = counted["leavers-support-under-25"], counted["leavers-support-25-and-over"]
    assert young.central == pytest.approx(36 / 120)
    assert "36 leavers in 120 person-years" in young.source
    for one in counted.values():
        assert one.low < one.central < one.high
    # The fewer leavers were counted, the wider the interval, as a part of the figure.
    assert (young.high - young.low) / young.central > (older.high - older.low) / older.central


@pytest.mark.unit
def test_the_layers_say_which_figures_are_the_organisations_own() -> None:
    figures = starting_state(both()).assumptions().under({"ageing-out": 0.01})
    assert figures.layer("leavers-support-under-25") is Layer.counted
    assert figures.layer("ageing-out") is Layer.scenario
    assert figures.layer("pathway-months") is Layer.national
    assert all(figures.get(name) for name in MODEL_PARAMETERS)


@pytest.mark.unit
def test_what_nobody_counted_is_told_as_a_default() -> None:
    start = starting_state(both())
    assert {part.name for part in start.defaults} >= {
        *("apprenticeship_starts", "apprentices", "apprentice_joiner_share", "support_to_registered", "pathway"),
        *("level_2", "level_3", "placements", "pre_employment_courses", "ambassadors"),
    }
    assert "support_young" not in {part.name for part in start.defaults}


@pytest.mark.unit
def test_registers_and_qualifications_are_taken_where_they_are_counted() -> None:
    more = (
        observation("attainment", "2026-03", 960, out_of=1600, population=SUPPORT, breakdown="level=2+"),
        observation("attainment", "2026-03", 400, out_of=1600, population=SUPPORT, breakdown="level=3+"),
        observation("apprenticeship-starts", "2026-03", 48, population=SUPPORT),
        observation("apprentices", "2026-03", 50, population=SUPPORT),
        observation("support-to-registered", "2026-03", 8, population=SUPPORT),
        observation("work-experience-placements", "2025/26", 42, population="local young people"),
    )
    start = starting_state(both(13, *more))
    state = start.state
    assert state.apprenticeship_starts == 4
    assert state.placements == 42
    learning = state.apprentices_young_none + state.apprentices_young_level_2
    learning = learning + state.apprentices_older_none + state.apprentices_older_level_2
    assert learning == pytest.approx(50)
    at_3 = state.support_young_level_3 + state.support_older_level_3 + state.pathway_young + state.pathway_older
    assert at_3 == pytest.approx(400)
    assert state.support == pytest.approx(1600)
    assert {part.name for part in start.defaults} == {
        *("apprentice_joiner_share", "pathway", "pre_employment_courses", "ambassadors")
    }


@pytest.mark.law
@pytest.mark.parametrize("on_the_way", [None, 30.0])
def test_registrations_begin_and_go_on_as_they_were_counted(on_the_way: float | None) -> None:
    """Whether the people on a pathway were counted too, or follow from those who arrive."""
    more = [observation("support-to-registered", "2026-03", 8, population=SUPPORT)]
    if on_the_way:
        more.append(observation("staff-on-new-pathways", "2026-03", on_the_way, population=SUPPORT))
    start = starting_state(both(13, *more))
    run = Pipeline().run(start.state, central_rates(start.assumptions()), months=60)
    moves, learners = run.measure("support-to-registered").values, run.measure("staff-on-new-pathways").values
    assert moves is not None
    assert learners is not None
    assert moves[0] == pytest.approx(8, rel=1e-12)
    assert moves[12:] == pytest.approx(np.full(49, 8), rel=0.03)
    assert learners == pytest.approx(np.full(61, on_the_way or learners[0]), rel=0.02)


@pytest.mark.law
def test_apprentices_whom_nobody_counted_are_as_many_as_their_starts_leave() -> None:
    start = starting_state(both(13, observation("apprenticeship-starts", "2026-03", 48, population=SUPPORT)))
    figures = start.assumptions()
    run = Pipeline().run(start.state, central_rates(figures), months=60)
    assert run.stock("apprentices") == pytest.approx(np.full(61, run.stock("apprentices")[0]), rel=0.02)
    stay = 1 - figures.get("leavers-support-25-and-over").central / 12
    months = round(figures.get("apprenticeship-months").central)
    expected = sum(4 * stay**month for month in range(months))
    assert run.stock("apprentices")[0] == pytest.approx(expected, rel=0.05)
    assert run.stock("support")[0] == pytest.approx(1600)


@pytest.mark.law
@pytest.mark.parametrize(("left", "whole"), [(228, 1600.0), (150, 1575.5)])
def test_turnover_begins_at_the_figure_that_was_counted(left: float, whole: float) -> None:
    counted = observation("turnover", "2026-03", left, out_of=whole, population=SUPPORT)
    start = starting_state(both(13, counted))
    values = Pipeline().run(start.state, central_rates(start.assumptions()), months=24).measure("turnover").values
    assert values is not None
    assert values[0] == pytest.approx(left / whole, rel=1e-12)
    # After a year it is what the rates make of it, whatever was counted before.
    assert values[12] == pytest.approx(228 / 1600, rel=0.02)


@pytest.mark.law
def test_newcomers_and_appraisals_begin_at_the_shares_that_were_counted() -> None:
    months = [f"2025-{month:02}" for month in range(4, 13)] + ["2026-01", "2026-02", "2026-03"]
    certified = [
        observation("certificate-in-12-weeks", month, 5 + index % 2, out_of=9, population="clinical support starters")
        for index, month in enumerate(months)
    ]
    appraised = observation("appraisal-received", "2026-03", 450, out_of=500, population=SUPPORT)
    start = starting_state(both(13, *certified, appraised))
    run = Pipeline().run(start.state, central_rates(start.assumptions()), months=12)
    in_time, received = (run.measure(name).values for name in ("certificate-in-12-weeks", "appraisal-received"))
    assert in_time is not None
    assert received is not None
    assert in_time[0] == pytest.approx(66 / 108, rel=1e-6)
    assert received[0] == pytest.approx(0.9)
    assert start.counted["care-certificate-in-time"].source == "66 of 108, 12 months to March 2026"


@pytest.mark.law
def test_joiners_bring_the_qualifications_that_they_were_seen_to_bring() -> None:
    months = [f"2025-{month:02}" for month in range(4, 13)] + ["2026-01", "2026-02", "2026-03"]
    qualified = [
        observation("joiners", month, people, population=SUPPORT, breakdown=level)
        for month in months
        for level, people in (("level=2+", 15), ("level=3+", 6))
    ]
    figures = starting_state(both(13, *qualified)).assumptions()
    assert figures.get("joiners-qualified").central == pytest.approx(15 / 19)
    assert figures.get("qualified-at-level-3").central == pytest.approx(6 / 15)
    assert figures.layer("joiners-qualified") is Layer.counted


@pytest.mark.law
def test_years_that_differ_more_make_joiners_less_sure() -> None:
    def start_of(spread: float) -> Assumption:
        found = both(49, first="2022-03")
        joins = (found["series"] == "joiners") & (found["population"] == SUPPORT)
        years = pd.to_datetime(found.loc[joins, "period"]).sub(pd.Timestamp("2022-04-01")).dt.days // 365
        found.loc[joins, "value"] *= np.where(years % 2, 1 + spread, 1 - spread)
        return starting_state(found).counted["joiners-support"]

    steady, lively = start_of(0.0), start_of(0.6)
    assert steady.central == lively.central == 1.0
    assert lively.high - lively.low > 1.5 * (steady.high - steady.low)
    assert "variation of 20% between years" in steady.interval


@pytest.mark.unit
def test_what_partners_know_counts_for_more_than_a_series() -> None:
    more = observation("work-experience-placements", "2025/26", 42, population="local young people")
    start = starting_state(both(13, more), known={"placements": 60})
    assert start.state.placements == 60
    assert next(part for part in start.numbers if part.name == "placements").source == "entered by the partners"


@pytest.mark.unit
def test_with_all_staff_counted_only_support_staff_are_a_national_share() -> None:
    start = starting_state(steady_trust())
    assert start.state.total("trust") == pytest.approx(4000)
    assert start.state.support == pytest.approx(1600)
    assert start.state.total("support_young") / start.state.support == pytest.approx(0.057)
    assert start.counted == {}
    assert {"support_young", "rest_young"} <= {part.name for part in start.defaults}


@pytest.mark.unit
def test_with_support_staff_counted_only_nobody_else_is_there_and_it_says_so() -> None:
    observations = both()
    start = starting_state(observations[observations["population"] == SUPPORT])
    assert (start.state.rest_young, start.state.rest_older) == (0, 0)
    assert {"rest_young", "rest_older"} <= {part.name for part in start.defaults}
    assert "leavers-rest-under-25" not in start.counted


@pytest.mark.unit
def test_few_people_or_few_months_leave_the_chances_to_national_figures() -> None:
    assert starting_state(both(4)).counted == {}
    small = both()
    small.loc[small["breakdown"].isin(["age=16-24", "age=24"]), "value"] /= 10
    found = starting_state(small).counted
    assert "leavers-support-under-25" not in found
    assert "ageing-out" not in found
    assert "leavers-support-25-and-over" in found


@pytest.mark.unit
def test_a_start_in_the_past_sees_nothing_newer() -> None:
    newer = observation("apprenticeship-starts", "2026-03", 48, population=SUPPORT)
    start = starting_state(both(13, newer), as_of=Month(2025, 12))
    assert start.month == Month(2025, 12)
    assert start.state.apprenticeship_starts == 0


@pytest.mark.unit
def test_what_can_not_be_started_from_is_told() -> None:
    with pytest.raises(NoStartError, match="t4c evidence add FILE"):
        starting_state(table([observation("headcount", "2026-03", 4000, population=WHOLE)]))
    with pytest.raises(
        SettingError, match=r"'placement' is not a current activity\. Choose from: placements, pre_employment"
    ):
        starting_state(both(), known={"placement": 4})
    with pytest.raises(SettingError, match="placements is a number, 0 or more, not -1"):
        starting_state(both(), known={"placements": -1})
