"""Numbers and dates in a trust's own words: read as suggestions, both readings where there are two, the text kept."""

from __future__ import annotations

import pytest

from t4c_lib.framework import catalogue
from t4c_lib.plan.word.amounts_and_dates import Suggestion, Timing, read_timing, suggestions_for
from t4c_lib.quantities import Change, ChangeKind

pytestmark = pytest.mark.unit

POINTS, RELATIVE, LEVEL = ChangeKind.POINTS, ChangeKind.RELATIVE, ChangeKind.LEVEL
COUNT, MULTIPLE = ChangeKind.COUNT, ChangeKind.MULTIPLE


def of(text: str, *measures: str) -> tuple[Suggestion, ...]:
    return suggestions_for(text, [catalogue().measure(key) for key in measures])


@pytest.mark.parametrize(
    ("measure", "text", "readings"),
    [
        ("young-share", "The share of 16-24 year olds rises by 2%", [(POINTS, 0.02), (RELATIVE, 0.02)]),
        ("young-share", "up 2 percentage points by 2027", [(POINTS, 0.02)]),
        ("young-share", "aged 16 to 24: 10% more than now", [(RELATIVE, 0.1)]),
        ("young-share", "the share of under 25s rises to 8%", [(LEVEL, 0.08)]),
        ("young-share", "from 5.7% to 7.7%", [(LEVEL, 0.077)]),
        ("young-share", "20 more young people", [(COUNT, 20)]),
        ("young-share", "rises by 150%", [(RELATIVE, 1.5)]),
        ("sickness", "Sickness falls by 1%", [(POINTS, -0.01), (RELATIVE, -0.01)]),
        ("sickness", "Sickness below 4%", [(LEVEL, 0.04)]),
        ("turnover", "1 point off turnover", [(POINTS, -0.01)]),
        ("local-diversity", "the gap falls by 2%", [(POINTS, -0.02)]),
        ("work-experience-placements", "30 work experience placements", [(LEVEL, 30)]),
        ("work-experience-placements", "1,200 places", [(LEVEL, 1200)]),
        ("nhs-as-career-choice", "20 more young people", [(COUNT, 20)]),
        ("nhs-as-career-choice", "rises by 10%", [(RELATIVE, 0.1)]),
        ("union-learning-reps", "25 reps in place by March 2027", [(LEVEL, 25), (COUNT, 25)]),
        ("union-learning-reps", "5 additional reps", [(COUNT, 5)]),
        ("union-learning-reps", "from 20 to 30 reps", [(LEVEL, 30)]),
        ("apprenticeship-starts", "Twice as many people start", [(MULTIPLE, 2)]),
        ("apprenticeship-starts", "We double the starts", [(MULTIPLE, 2)]),
        ("certificate-in-12-weeks", "90% within 12 weeks", [(LEVEL, 0.9)]),
    ],
)
def test_a_number_in_the_text_is_offered_in_every_way_it_can_be_meant(
    measure: str, text: str, readings: list[tuple[ChangeKind, float]]
) -> None:
    (suggestion,) = of(text, measure)
    found = [(change.kind, round(change.amount, 12)) for change in suggestion.readings]
    assert found == readings
    assert suggestion.is_ambiguous is (len(readings) > 1)
    assert all(kind in catalogue().measure(measure).changes for kind, _ in found)


@pytest.mark.parametrize(
    ("measure", "text"),
    [
        ("young-share", "rises by X%"),
        ("nhs-as-career-choice", "More (target?) young people"),
        ("work-experience-placements", "X number of placements, 2 a month"),
        ("young-share", "more people aged 16-24 within 12 months, by 30/09/2027, bands 1-4"),
        ("work-experience-placements", "see notes 3 and 4"),
        ("pledge-published", "3 copies"),
        ("young-share", "young people in all 12 teams"),
        ("work-experience-placements", "rises to 85%"),
    ],
)
def test_a_blank_and_a_number_that_is_no_amount_give_no_suggestion(measure: str, text: str) -> None:
    assert of(text, measure) == ()


def test_a_bare_percentage_is_spelled_out_in_both_readings() -> None:
    (suggestion,) = of("rises by 2%", "young-share")
    assert suggestion.offer == "a) 2 percentage points up, or b) 2% more than the baseline"
    assert suggestion.text == "2 percentage points up, or 2% more than the baseline"
    assert suggestion.found == "rises by 2%"


def test_two_numbers_for_two_measures_go_one_to_each() -> None:
    text = "at least 5% more have had an appraisal and at least 80% of them call it useful (2 questions)"
    received, meaningful = of(text, "appraisal-received", "appraisal-meaningful")
    assert received.readings == (Change(RELATIVE, 0.05),)
    assert meaningful.readings == (Change(LEVEL, 0.8),)
    assert meaningful.text == "to 80%"


def test_the_number_of_an_action_with_a_blank_is_offered() -> None:
    (suggestion,) = suggestions_for("Train 30 ambassadors", [catalogue().action("train-ambassadors")])
    assert suggestion.readings == (Change(COUNT, 30),)
    assert suggestions_for("Recruit x number of staff", [catalogue().action("train-ambassadors")]) == ()
    assert suggestions_for("Visit 30 schools", [catalogue().action("outreach-programme")]) == ()


@pytest.mark.parametrize(
    ("text", "months", "starting"),
    [
        ("April 2016 then annually", ["2016-04"], False),
        ("From September 2015", ["2015-09"], True),
        ("Feb 2016", ["2016-02"], False),
        ("Starts Sept. 2015 if not running", ["2015-09"], True),
        ("June each year", [], False),
        ("by end of March '27", ["2027-03"], False),
        ("30/09/2026", ["2026-09"], False),
        ("31.3.27", ["2027-03"], False),
        ("09/2026", ["2026-09"], False),
        ("2026-09", ["2026-09"], False),
        ("Q2 2026/27", ["2026-09"], False),
        ("quarter 4 of 2026/27", ["2027-03"], False),
        ("2026/27", ["2027-03"], False),
        ("April to June 2026", ["2026-04", "2026-06"], False),
        ("30 September 2026, then every quarter", ["2026-09"], False),
        ("monthly from Jan 2026", ["2026-01"], True),
        ("13/2026", [], False),
        ("2026/30", [], False),
        ("to be agreed", [], False),
    ],
)
def test_dates_are_read_to_months_and_the_text_is_kept(text: str, months: list[str], *, starting: bool) -> None:
    timing = read_timing(text)
    assert timing is not None
    assert timing == Timing(text, timing.months, starting)
    assert [str(month) for month in timing.months] == months
    assert (timing.month is None) is (len(months) != 1)


def test_an_empty_cell_has_no_timing() -> None:
    assert read_timing(" ") is None


def test_an_offer_says_where_it_is_to_go_and_of_an_action_the_number_in_its_blank() -> None:
    assert of("25 reps in place", "union-learning-reps")[0].offer == "a) to 25, or b) 25 more"
    assert of("rises to 8%", "young-share")[0].offer == "to 8%"
    assert of("rises to 8.25%", "young-share")[0].offer == "to 8.25%"
    assert of("rises to 150%", "young-share") == ()
    assert of("up 1,5 points", "young-share")[0].offer == "a) 1.5 percentage points up, or b) 15 percentage points up"
    assert of("rises to 1,2,3%", "young-share") == ()
    assert of(f"rises by {'9' * 400}%", "young-share") == of(f"{'9' * 400} more", "young-share") == ()
    (trained,) = suggestions_for("Train 1,200 ambassadors", [catalogue().action("train-ambassadors")])
    assert trained.offer == "1,200"
