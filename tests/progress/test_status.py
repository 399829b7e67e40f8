"""One vocabulary, in one order: what each word needs, and the sentence that says why."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from t4c_lib.periods import Month
from t4c_lib.plan import ActionRow, MeasureRow
from t4c_lib.progress import StatusWord, row_figures
from t4c_lib.progress.figures import Figure, Interval, byar, latest_figure, wilson
from t4c_lib.progress.status import RULES, status
from t4c_lib.progress.trajectory import trajectory_of
from t4c_lib.quantities import Baseline, Unit
from tests.counted import SUPPORT, WHOLE, observation, table

DAY = dt.date(2027, 4, 30)
PAGE_OF_RULES = Path(__file__).parents[2] / "docs/reference/statuses.md"
BASELINE = Baseline.of(150, 3000, period="2026-03", source="extract")


def share(**fields: Any) -> MeasureRow:
    """5.0% in March 2026 to 7.0% in March 2028: 6.0% by March 2027."""
    plain = {"measure": "young-share", "baseline": BASELINE, "change": {"kind": "points", "amount": 0.02}}
    return MeasureRow.of(**{**plain, "due": "2028-03", **fields})


def sickness(**fields: Any) -> MeasureRow:
    """6.0% in March 2026 to 5.0% in March 2028: 5.5% by March 2027."""
    base = {"value": 0.06, "period": "2026-03", "source": "extract"}
    plain = {"measure": "sickness", "baseline": base, "change": {"kind": "points", "amount": -0.01}}
    return MeasureRow.of(**{**plain, "due": "2028-03", **fields})


def figure(value: float, low: float | None = None, high: float | None = None, period: str = "2027-03") -> Figure:
    interval = Interval(low, high) if low is not None and high is not None else None
    return Figure(period, dt.date(2027, 3, 31), value, interval=interval)


def word(row: MeasureRow, found: Figure | None, **more: Any) -> str:
    return str(status(row, DAY, figure=found, **more).word)


# Measures with an amount


@pytest.mark.unit
def test_before_there_is_anything_to_hold_a_figure_against_the_status_says_what_lacks() -> None:
    now = figure(0.06)
    assert word(share(change=None), now) == "target not set"  # the framework leaves a blank for it
    assert word(sickness(change=None), now) == "reported, no target"  # and none for this
    assert word(sickness(change=None), None) == "no figure yet, no target"  # which none is judged by
    assert word(share(due=None), now) == "date missing"
    assert word(share(baseline=None), now) == "baseline missing"
    assert word(share(), None) == "no figure yet"
    assert "but no date" in status(share(due=None), DAY).reason
    assert "no baseline" in status(share(baseline=None), DAY).reason
    assert status(share(change=None), DAY).reason == "The partners have not set a target yet."
    certificate = share(measure="certificate-in-12-weeks", change=None)
    assert "(the framework asks for 100%)" in status(certificate, DAY).reason
    assert status(share(), DAY).reason == (
        "No figure has been reported yet; the baseline is 5.0% in March 2026, and the target is 7.0% by 31 March 2028."
    )
    assert "the target of 7.0% was due on 31 March 2028" in status(share(), dt.date(2028, 4, 1)).reason


@pytest.mark.unit
@pytest.mark.parametrize(("found", "said"), [(5, "behind"), (6, "on course"), (7, "on course")])
def test_a_count_on_its_way_is_held_against_the_whole_number_that_is_shown(found: float, said: str) -> None:
    base = Baseline(3, period="2026-03", source="list", unit=Unit.COUNT)
    reps = MeasureRow.of(
        measure="pre-employment-partners", baseline=base, change={"kind": "count", "amount": 6.5}, due="2028-03"
    )
    facts = status(reps, DAY, figure=figure(found)).facts
    assert facts.planned == 6  # exactly, 6.3 or so by then
    assert facts.trajectory is not None
    assert 6 < facts.trajectory.at(dt.date(2027, 3, 31)) < 6.5
    assert word(reps, figure(found)) == said


def of_the_baseline(value: float) -> Figure:
    return Figure("2026-03", dt.date(2026, 3, 31), value, value * 3000, 3000)


@pytest.mark.unit
def test_a_figure_no_newer_than_the_baseline_is_the_baseline_only() -> None:
    found = status(share(), DAY, figure=of_the_baseline(0.05), chance=0.3)
    assert (found.word, found.chance) == (StatusWord.BASELINE_ONLY, 0.3)
    assert found.reason == (
        "The newest figure, 5.0% (150 of 3,000) in March 2026, is for the period of the baseline and equals it; "
        "the target of 7.0% by 31 March "
        "2028 is still to come, and the chance of meeting it from here is 30%."
    )
    older = Figure("2025-03", dt.date(2025, 3, 31), 0.05)
    assert "is older than the baseline of 5.0% in March 2026" in status(share(), DAY, figure=older).reason


@pytest.mark.unit
def test_a_baseline_that_is_past_its_target_is_not_called_met_and_is_said() -> None:
    found = status(share(), DAY, figure=of_the_baseline(0.08))
    assert found.word is StatusWord.BASELINE_ONLY
    assert "which the plan gives as 5.0%; it is already past the target of 7.0%" in found.reason
    assert found.reason.endswith("so the baseline needs checking.")
    held = share(change={"kind": "level", "amount": 0.05})
    assert "the target is to hold it until 31 March 2028" in status(held, DAY, figure=of_the_baseline(0.05)).reason


@pytest.mark.unit
def test_where_word_and_chance_point_different_ways_the_sentence_says_both() -> None:
    met, ahead = figure(0.07, 0.06, 0.08), figure(0.066, 0.061, 0.071)
    short = figure(0.052, 0.046, 0.058)
    assert ", but the chance of still meeting it by 31 March 2028 is 15%, less than one in five" in reason(met, 0.15)
    assert ", but the chance of still meeting it by 31 March 2028 is 48%." in reason(met, 0.48)
    assert "chance" not in reason(met, 0.5)
    assert ", but the chance of meeting the target by 31 March 2028 is 30%" in reason(ahead, 0.3)
    assert "; even so the chance of meeting the target by 31 March 2028 is 70%" in reason(short, 0.7)
    assert ", and the chance of meeting the target by 31 March 2028 is 12%" in (
        status(sickness(), DAY, figure=figure(0.058), chance=0.12).reason
    )


@pytest.mark.unit
def test_once_a_target_s_date_has_passed_it_has_no_chance_and_a_figure_of_that_time_is_missed() -> None:
    after = dt.date(2028, 5, 1)
    for found, word_of_it in ((figure(0.058, 0.052, 0.064), "behind"), (figure(0.08), "met")):
        late = status(share(), after, figure=found, chance=0.4)
        assert (str(late.word), late.chance) == (word_of_it, None)
        assert late.reason.endswith("; the target was due on 31 March 2028, and there is no figure for that date yet.")
    end = Figure("2028-03", dt.date(2028, 3, 31), 0.08)
    assert status(share(), after, figure=end).reason == "At 8.0% in March 2028 it has reached the target of 7.0%."
    baseline = status(share(), after, figure=of_the_baseline(0.05)).reason
    assert baseline.endswith("; the target of 7.0% by 31 March 2028 was to be reached.")


def reason(found: Figure, chance: float) -> str:
    return status(share(), DAY, figure=found, chance=chance).reason


@pytest.mark.unit
@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (figure(0.070, 0.060, 0.080), "met"),
        (figure(0.075, 0.074, 0.080), "met"),
        (figure(0.066, 0.061, 0.071), "ahead"),
        (figure(0.061, 0.055, 0.067), "on course"),
        (figure(0.060, 0.055, 0.065), "on course"),
        (figure(0.058, 0.052, 0.064), "behind"),
        (figure(0.052, 0.046, 0.058), "off course"),
    ],
)
def test_each_word_by_where_the_figure_and_its_interval_lie(found: Figure, expected: str) -> None:
    assert word(share(), found) == expected


@pytest.mark.unit
def test_lower_is_better_turns_everything_round() -> None:
    turnover = share(
        measure="turnover",
        population=SUPPORT,
        baseline={"value": 0.12, "period": "2026-03", "source": "extract"},
        change={"kind": "points", "amount": -0.02},
    )
    found = [figure(0.10), figure(0.105, 0.102, 0.108), figure(0.109, 0.10, 0.12), figure(0.112, 0.10, 0.12)]
    found.append(figure(0.13, 0.12, 0.14))
    assert [word(turnover, one) for one in found] == ["met", "ahead", "on course", "behind", "off course"]


@pytest.mark.unit
def test_a_chance_under_a_fifth_is_off_course_unless_the_target_is_met() -> None:
    good = figure(0.066, 0.061, 0.071)
    assert word(share(), good, chance=0.19) == "off course"
    assert word(share(), good, chance=0.20) == "ahead"
    assert word(share(), figure(0.07, 0.06, 0.08), chance=0.01) == "met"
    found = status(share(), DAY, figure=good, chance=0.12)
    assert found.chance == 0.12
    assert (
        found.reason
        == "At 6.6% in March 2027 the chance of reaching 7.0% by 31 March 2028 is 12%, less than one in five."
    )
    assert status(share(), DAY, figure=good, chance=0.002).reason.endswith("by 31 March 2028 is less than 5%.")
    with pytest.raises(ValueError, match="between 0 and 1, not 12"):
        status(share(), DAY, figure=good, chance=12)


@pytest.mark.law
@given(st.floats(0, 0.2), st.one_of(st.none(), st.floats(0, 1)))
def test_a_measure_without_an_interval_is_met_on_course_or_behind_and_nothing_else(
    value: float, chance: float | None
) -> None:
    expected = "met" if value <= 0.05 else "on course" if value <= 0.055 else "behind"
    if min(abs(value - 0.05), abs(value - 0.055)) > 1e-6:
        found = status(sickness(), DAY, figure=figure(value), chance=chance)
        assert found.word == expected
        assert found.chance == chance


@pytest.mark.law
@given(st.floats(0, 1), st.floats(0, 0.3), st.floats(0, 0.3), st.floats(0, 0.2))
def test_a_better_figure_never_has_a_worse_word(value: float, below: float, above: float, more: float) -> None:
    order = ["off course", "behind", "on course", "ahead", "met"]
    first = word(share(), figure(value, value - below, value + above))
    better = word(share(), figure(value + more, value + more - below, value + more + above))
    assert order.index(better) >= order.index(first)


@pytest.mark.law
@given(st.floats(0, 0.3), st.floats(0, 0.1), st.one_of(st.none(), st.floats(0, 1)))
def test_every_status_has_a_reason_of_one_sentence_and_keeps_its_chance(
    value: float, width: float, chance: float | None
) -> None:
    found = status(share(), DAY, figure=figure(value, value - width, value + width), chance=chance)
    assert found.reason.endswith(".")
    assert found.reason[0].isupper()
    assert ". " not in found.reason
    assert found.chance == chance
    assert not re.search(r"\d\.\d{2,}%", found.reason)


@pytest.mark.unit
def test_the_reason_names_figure_month_way_and_interval() -> None:
    assert status(share(), DAY, figure=figure(0.058, 0.052, 0.064)).reason == (
        "At 5.8% in March 2027 it is worse than the 6.0% planned by then, but the difference could be due to chance "
        "(interval 5.2% to 6.4%)."
    )
    assert (
        status(share(), DAY, figure=figure(0.08)).reason == "At 8.0% in March 2027 it has reached the target of 7.0%."
    )
    late = status(share(due="2027-03"), DAY, figure=figure(0.06, 0.055, 0.062))
    assert late.word is StatusWord.OFF_COURSE
    assert "the 7.0% that was due by then" in late.reason


@pytest.mark.unit
def test_a_pair_is_met_only_with_its_other_half() -> None:
    met = figure(0.08, 0.072, 0.088)
    found = status(share(), DAY, figure=met, pair="Appraisals that help")
    assert found.word is StatusWord.AHEAD
    assert "'Appraisals that help', its paired measure, is not met" in found.reason
    assert word(share(), figure(0.072, 0.05, 0.09), pair="other") == "on course"


@pytest.mark.unit
def test_what_is_left_out_closed_or_was_there_before_is_not_held_against_the_way() -> None:
    left = share(state="left out", reason="Not ours.")
    assert (word(left, figure(0.1)), status(left, DAY).reason) == ("left out", "Left out: Not ours.")
    closed = status(share(closed="2026/27"), DAY, figure=figure(0.01), chance=0.3)
    assert (closed.word, closed.chance) == (StatusWord.DONE, None)
    assert "the newest figure, 1.0% in March 2027, is short of the target of 7.0%" in closed.reason
    assert word(share(state="in place"), None) == "already in place"


@pytest.mark.unit
def test_a_gap_is_measured_in_points_below_the_comparison() -> None:
    closing = share(
        measure="local-diversity",
        group="disability",
        comparison={"share": 0.086},
        baseline=Baseline.of(131, 2544, period="2026-03", source="ESR"),
        change={"kind": "points", "amount": -0.015},
    )
    rows = [
        observation("local-diversity", "2027-03", 190, out_of=2500, breakdown="disability=Yes"),
        observation("local-diversity", "2027-03", 2000, out_of=2500, breakdown="disability=No"),
    ]
    figures = row_figures(closing, table(rows))
    assert figures["value"].tolist() == pytest.approx([0.086 - 0.076])
    assert figures["low"].iloc[0] < 0.01 < figures["high"].iloc[0]
    found = status(closing, DAY, figure=latest_figure(closing, figures))
    assert found.word is StatusWord.MET
    assert found.reason.startswith("At a gap of 1 percentage point (the group is 190 of 2,500) in March 2027")
    over = figure(-0.01)
    assert status(closing, DAY, figure=over).reason.startswith(
        "The gap is closed: the group was 1 percentage point above the comparison in March 2027"
    )
    for change in (closing.change, None):
        above = closing.changed(comparison={"share": 0.02}, change=change)
        assert word(above, None) == "above the comparison, no target"
        assert "is 3.1 percentage points above the 2.0% of its comparison" in status(above, DAY).reason
    assert word(closing.changed(change=None), over) == "above the comparison, no target"
    assert word(closing.changed(change=None), figure(0.01)) == "target not set"


# Figures


@pytest.mark.unit
def test_figures_are_of_the_row_s_own_people_or_of_a_proxy_that_is_called_one() -> None:
    both = [
        observation("turnover", "2027-03", 300, out_of=4000),
        observation("turnover", "2027-03", 90, out_of=1000, population=SUPPORT),
    ]
    row = share(
        measure="turnover", baseline={"value": 0.1, "period": "2026-03"}, change={"kind": "level", "amount": 0.08}
    )
    own, proxy = (latest_figure(row, row_figures(row, table(rows))) for rows in (both, both[:1]))
    assert own is not None
    assert proxy is not None
    assert (own.value, own.is_proxy, own.population) == (0.09, False, SUPPORT)
    assert (proxy.value, proxy.is_proxy, proxy.population) == (0.075, True, WHOLE)
    assert own.interval is not None
    ends = byar(own.numerator or 0, own.denominator or 0)
    assert (own.interval.low, own.interval.high) == pytest.approx([float(end) for end in ends])
    assert "(300 of 4,000; trust workforce, a proxy)" in status(row, DAY, figure=proxy).reason


@pytest.mark.unit
def test_no_interval_is_put_on_days_lost_or_on_plain_counts_and_one_from_a_percentage_says_so() -> None:
    days = row_figures(
        sickness(), table([observation("sickness", "2027-03", 900.5, out_of=20000.0, population=SUPPORT)])
    )
    assert days[["low", "high"]].isna().all(axis=None)
    starts = share(
        measure="apprenticeship-starts",
        baseline={"value": 20, "period": "2025/26"},
        change={"kind": "multiple", "amount": 2},
    )
    counted = latest_figure(starts, row_figures(starts, table([observation("apprenticeship-starts", "2026/27", 24)])))
    assert counted is not None
    assert (counted.value, counted.interval) == (24, None)
    survey = observation("appraisal-received", "2027-03", 80, out_of=100)
    survey["numerator"] = float("nan")
    row = share(measure="appraisal-received", population=WHOLE)
    published = latest_figure(row, row_figures(row, table([survey])))
    assert published is not None
    assert published.interval is not None


@pytest.mark.unit
def test_what_is_not_known_stays_in_the_table_and_is_not_the_latest_figure() -> None:
    hidden = observation("young-share", "2027-03", 1, out_of=3000) | {"state": "suppressed", "value": 0.5}
    rows = table([observation("young-share", "2027-02", 180, out_of=3000), hidden])
    figures = row_figures(share(), rows)
    assert figures["period"].tolist() == ["2027-02", "2027-03"]
    assert figures["value"].isna().tolist() == [False, True]
    latest = latest_figure(share(), figures)
    assert latest is not None
    assert (latest.period, latest.when) == ("2027-02", "February 2027")
    assert row_figures(share(), rows, dt.date(2027, 3, 30))["period"].tolist() == ["2027-02"]
    assert latest_figure(share(), row_figures(share(), rows, dt.date(2020, 1, 1))) is None


@pytest.mark.unit
@pytest.mark.parametrize(
    ("periods", "gaps"),
    [
        (["2026-10", "2026-11", "2027-02"], ["2026-12", "2027-01"]),
        (["2025/26-Q3", "2025/26-Q4", "2026/27-Q2"], ["2026/27-Q1"]),
        (["2022/23", "2023/24", "2025/26"], ["2024/25"]),
        (["2026-03", "2026-06", "2026-12"], ["2026-09"]),  # by the quarter, written as months
        (["2026-03", "2026-06", "2026-09", "2026-12"], []),
        (["2026-03", "2026-05", "2026-08"], ["2026-04", "2026-06", "2026-07"]),
        (["2026-03"], []),
    ],
)
def test_a_period_that_nobody_counted_is_a_gap(periods: list[str], gaps: list[str]) -> None:
    found = row_figures(share(), table([observation("young-share", one, 180, out_of=3000) for one in periods]))
    assert found["period"].tolist() == sorted([*periods, *gaps])
    missing = found["state"] == "missing"
    assert found["period"][missing].tolist() == found["period"][found["value"].isna()].tolist() == gaps
    assert found["day"].is_monotonic_increasing


@pytest.mark.unit
def test_a_chart_never_mixes_months_and_years() -> None:
    rows = [observation("young-share", period, 180, out_of=3000) for period in ("2026-12", "2027-01", "2025/26")]
    assert row_figures(share(), table(rows))["period"].tolist() == ["2026-12", "2027-01"]


# Actions, evidence, reviews


def action(**fields: Any) -> ActionRow:
    return ActionRow.of(action="train-ambassadors", **fields)


@pytest.mark.unit
@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"state": "in place"}, "already in place"),
        ({}, "not started"),
        ({"status": "under way", "due": "2027-04"}, "under way"),
        ({"status": "done", "due": "2026-01"}, "done"),
        ({"closed": "2026/27"}, "done"),
        ({"status": "under way", "due": "2027-03"}, "overdue by 30 days"),
        ({"due": "2027-03"}, "overdue by 30 days"),
        ({"state": "left out", "reason": "no"}, "left out"),
    ],
)
def test_an_action_s_word(fields: dict[str, Any], expected: str) -> None:
    assert status(action(**fields), DAY).text == expected


@pytest.mark.unit
def test_late_begins_the_day_after_the_month_has_ended() -> None:
    row = action(due="2027-04")
    assert status(row, dt.date(2027, 4, 30)).text == "not started"
    assert status(row, dt.date(2027, 5, 1)).text == "overdue by 1 day"
    assert "was due to start in April 2027" in status(action(start="2027-04"), DAY).reason


def evidence(**fields: Any) -> MeasureRow:
    return MeasureRow.of(measure="work-experience-in-place", **fields)


SIGN = {"what": "Policy", "date": "2027-03-01", "link": "intranet", "approved_by": "Board"}


@pytest.mark.unit
def test_evidence_is_in_place_due_or_overdue_by_so_many_days() -> None:
    assert status(evidence(evidence=[SIGN]), DAY).text == "in place"
    assert status(evidence(evidence=[SIGN], due="2027-05"), dt.date(2027, 2, 1)).text == "due"
    assert status(evidence(), DAY).text == "date missing"
    assert status(evidence(due="2027-03"), DAY).text == "overdue by 30 days"
    assert (
        status(evidence(status="done"), DAY).reason
        == "It is said to be done, but there is no evidence of it, and no date is set."
    )
    partly = status(evidence(evidence=[{"what": "Policy"}]), DAY)
    assert partly.text == "date missing"
    assert partly.reason == (
        "'Policy' does not count as evidence yet: it lacks a date and a link and who approved it, and no date is set."
    )
    draft = status(evidence(evidence=[{**SIGN, "what": "Draft policy"}], due="2027-06"), DAY)
    assert (draft.text, draft.reason) == ("due", "'Draft policy' is a draft; it is due by the end of June 2027.")
    ahead = status(evidence(evidence=[{**SIGN, "date": "2027-06-01"}]), DAY)
    assert ahead.reason == "'Policy' is dated 1 June 2027, which is in the future, and no date is set."


def review(**fields: Any) -> MeasureRow:
    return MeasureRow.of(measure="programme-review", **fields)


@pytest.mark.unit
def test_a_review_is_in_place_until_its_month_due_in_it_and_overdue_after_it() -> None:
    row = review(review={"every": 3, "last": "2027-01-14"})
    days = [dt.date(2027, 3, 31), dt.date(2027, 4, 1), dt.date(2027, 4, 30), dt.date(2027, 5, 1)]
    assert [status(row, day).text for day in days] == ["in place", "due", "due", "overdue by 1 day"]
    assert status(review(), DAY).text == "date missing"
    assert status(review(review={"next": "2027-03"}), DAY).text == "overdue by 30 days"
    yearly = MeasureRow.of(measure="celebration", review={"last": "2026-04-14"})
    assert "next due" not in status(yearly, DAY).reason
    assert status(yearly, DAY).text == "due"  # the framework's rhythm, once a year, where the row names none


@pytest.mark.unit
def test_rules_that_seldom_hold_have_their_sentences_too() -> None:
    down = status(share(change={"kind": "points", "amount": -0.3}), DAY)
    assert down.reason == (
        "The target set (30 percentage points down) is not possible: 30 percentage points down from 5.0% is below zero."
    )
    ends = {"2028-03": "the target is 7.0% by 31 March 2028", "2027-03": "the target of 7.0% was due on 31 March 2027"}
    for due, end in ends.items():
        hidden = status(share(due=due), DAY, has_hidden_figures=True)
        assert hidden.reason == f"Its figures are small numbers and are not shown; {end}."
    assert status(review(closed="2026/27"), DAY).reason == "Closed as done at the end of 2026/27."
    assert status(review(state="in place"), DAY).reason == "It was held before the plan began; no date is given."


@pytest.mark.unit
def test_another_shape_of_the_way_is_another_status() -> None:
    from t4c_lib.progress.trajectory import Shape

    found = figure(0.06, 0.055, 0.065)
    straight = trajectory_of(share())
    assert straight is not None
    words = {shape: word(share(), found, trajectory=dataclasses.replace(straight, shape=shape)) for shape in Shape}
    assert words == {
        Shape.STRAIGHT: "on course",
        Shape.FRONT_LOADED: "behind",
        Shape.BACK_LOADED: "on course",
        Shape.STEPPED: "ahead",
    }


# Cohorts of a handful


CERTIFICATE, NEWCOMERS = "certificate-in-12-weeks", "clinical support starters"


def cohorts(*counts: tuple[float, float] | None, first: str = "2026-01") -> Any:
    """Months of newcomers, so many in time out of so many; None for a month of which nothing is known."""
    start = Month.parse(first)
    rows = [
        observation(CERTIFICATE, str(start + step), one[0], out_of=one[1], population=NEWCOMERS)
        for step, one in enumerate(counts)
        if one is not None
    ]
    return row_figures(MeasureRow.of(measure=CERTIFICATE), table(rows))


@pytest.mark.unit
def test_cohorts_of_a_handful_are_judged_on_twelve_months_together() -> None:
    figures = cohorts((0, 4), *[(5, 10)] * 11, (9, 9))
    assert figures["period"].tolist() == ["2026-12", "2027-01"]
    latest = latest_figure(MeasureRow.of(measure=CERTIFICATE), figures)
    assert latest is not None
    assert (latest.numerator, latest.denominator) == (64, 119)
    assert latest.value == pytest.approx(64 / 119)
    assert (latest.label, latest.when) == ("12 months to January 2027", "the 12 months to January 2027")
    assert latest.interval is not None
    assert (latest.interval.low, latest.interval.high) == pytest.approx([float(end) for end in wilson(64, 119)])


@pytest.mark.unit
def test_a_pool_with_a_month_missing_says_so_and_has_no_figure_in_that_month() -> None:
    figures = cohorts(*[(5, 10)] * 11, None, (5, 10))
    assert figures["period"].tolist() == ["2026-12", "2027-01"]
    assert figures["value"].notna().tolist() == [False, True]
    latest = latest_figure(MeasureRow.of(measure=CERTIFICATE), figures)
    assert latest is not None
    assert (latest.denominator, latest.label) == (110, "11 of the 12 months to January 2027")
    short = latest_figure(MeasureRow.of(measure=CERTIFICATE), cohorts((1, 2), (2, 2)))
    assert short is not None
    assert (short.numerator, short.denominator, short.months) == (3, 4, 2)


@pytest.mark.law
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=12, max_size=30))
def test_a_pool_is_the_sum_of_its_months(parts: list[tuple[int, int]]) -> None:
    counts = [(float(some), float(some + rest + 1)) for some, rest in parts]
    figures = cohorts(*counts)
    assert len(figures) == len(counts) - 11
    for place, line in enumerate(figures.itertuples()):
        months = counts[place : place + 12]
        assert (line.numerator, line.denominator) == (sum(one for one, _ in months), sum(all_ for _, all_ in months))


@pytest.mark.law
def test_the_page_of_rules_names_every_word_and_ends_each_list_with_what_always_holds() -> None:
    page = PAGE_OF_RULES.read_text(encoding="utf-8")
    assert all(f"| {word} |" in page for word in StatusWord)
    assert {rule.word for rules in RULES.values() for rule in rules} == set(StatusWord)
    for rules in RULES.values():
        assert rules[-1].when == "otherwise"
