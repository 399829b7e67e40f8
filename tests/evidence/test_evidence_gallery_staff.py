"""A gallery of broken staff extracts, each with the words that its message must contain."""

from __future__ import annotations

from pathlib import Path

import pytest

from .evidence_files import refusal, staff

pytestmark = pytest.mark.unit

BROKEN: dict[str, tuple[str, list[str]]] = {
    "a misspelt column": (
        staff({}).replace("leaving_date", "leaving_day"),
        ["'leaving_day'", "Did you mean 'leaving_date'?"],
    ),
    "a column we don't want": (
        staff({"surname": "Smith"}),
        ["row 1, column 12", "'surname' is not a column of a staff extract", "it is not used"],
    ),
    "a missing column": (staff({}, without=["contracted_fte"]), ["row 1: column contracted_fte is missing"]),
    "the month missing": (staff({}, without=["period_end"]), ["row 1: column period_end is missing"]),
    "the organisation missing": (staff({}, without=["organisation_code"]), ["column organisation_code is missing"]),
    "the person missing": (staff({}, without=["person_number"]), ["row 1: column person_number is missing"]),
    "the start missing": (staff({}, without=["start_date"]), ["row 1: column start_date is missing"]),
    "neither age nor birth year": (staff({}, without=["age"]), ["no age or birth_year column"]),
    "an unknown band": (
        staff({}, {"person_number": "P2", "band": "Bnad 3"}),
        ["row 3, column band", "'Bnad 3' is not one of: Band 1, Band 2", "Did you mean 'Band 3'?"],
    ),
    "a blank band": (staff({"band": ""}), ["row 2, column band", "is blank"]),
    "an unknown staff group": (staff({"staff_group": "Nursing"}), ["'Nursing' is not one of", "Nursing and Midwifery"]),
    "hours for FTE": (
        staff({"contracted_fte": "37.5"}),
        ["'37.5' is out of range", "from 0 to 1.5 (FTE)", "Hours a week"],
    ),
    "an age out of range": (staff({"age": "12"}), ["row 2, column age", "'12' is out of range", "from 14 to 100"]),
    "half a year of age": (staff({"age": "30.5"}), ["'30.5' is not a whole number"]),
    "age in words": (staff({"age": "thirty"}), ["'thirty' is not a number"]),
    "age against year of birth": (
        staff({"birth_year": "1980"}),
        ["row 2, column birth_year", "gives an age of 45 or 46 in 2026", "age given is 30"],
    ),
    "a birth year that makes nobody": (
        staff({"age": "", "birth_year": "2020"}),
        ["born in 2020 gives an age of 6 in 2026"],
    ),
    "left before the start": (
        staff({"start_date": "2026-03-20", "leaving_date": "2026-03-02"}),
        ["row 2, column leaving_date", "2026-03-02 is before the start date 2026-03-20"],
    ),
    "starts after the month": (
        staff({"start_date": "2026-04-01"}),
        ["row 2, column start_date", "after the row's month"],
    ),
    "left long ago": (staff({"leaving_date": "2026-02-28"}), ["row 2, column leaving_date", "before the row's month"]),
    "not a month's end": (staff({"period_end": "2026-03-30"}), ["row 2, column period_end", "last day of a month"]),
    "more days lost than available": (staff({"fte_days_lost": "32"}), ["32 days lost is more than the 31 available"]),
    "lost without available": (staff({"fte_days_available": ""}), ["row 2, column fte_days_lost", "only one of"]),
    "a column lost without available": (staff({}, without=["fte_days_available"]), ["only one of"]),
    "a person twice": (
        staff({}, {}, {"person_number": "P2"}),
        ["row 3, column person_number", "same person, month and assignment as in row 2", "assignment column"],
    ),
    "two ages of one person": (
        staff({"assignment": "1"}, {"assignment": "2", "age": "31"}),
        ["rows 2 and 3, column age", "differs between two rows for one person"],
    ),
    "a leaving date on one assignment only": (
        staff({"assignment": "1"}, {"assignment": "2", "leaving_date": "2026-03-05"}),
        ["rows 2 and 3, column leaving_date", "employment, not to the assignment"],
    ),
    "two employments at once": (
        staff({}, {"start_date": "2026-03-10"}),
        ["rows 2 and 3, column start_date", "two employments of one person overlap"],
    ),
    "dates that could be either": (
        staff({"start_date": "04/05/2020"}),
        ["row 2, column start_date", "'04/05/2020' could be day/month or month/day", "2026-03-31"],
    ),
    "a number that Excel shortened": (
        staff({"person_number": "1.2E+11"}),
        ["column person_number", "shortened by Excel"],
    ),
    "one name on some rows only": (
        staff({"organisation_name": "North"}, {"person_number": "P2", "organisation_name": "South"}),
        ["row 3, column organisation_name", "'South' here, but 'North' earlier"],
    ),
    "a code with a space": (
        staff({"organisation_code": "DEMO 1"}),
        ["column organisation_code", "'DEMO 1' is not a code"],
    ),
    "a qualification level that is none": (
        staff({"highest_qualification_level": "9"}),
        ["'9' is out of range", "0 to 8"],
    ),
    "an apprenticeship that ends before it begins": (
        staff({"apprenticeship_start": "2026-01-05", "apprenticeship_end": "2025-01-05"}),
        ["column apprenticeship_end", "before it began"],
    ),
    "an answer that is none": (staff({"disability": "Maybe"}), ["'Maybe' is not one of: Yes, No, Not stated"]),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_extract_is_refused_in_words_that_help(case: str, tmp_path: Path) -> None:
    content, words = BROKEN[case]
    message = refusal(tmp_path, content)
    assert message.startswith("file.csv: "), message
    missing = [word for word in words if word not in message]
    assert not missing, f"{missing} not in:\n{message}"


def test_a_staff_extract_named_after_a_month_that_is_not_in_it_is_refused(tmp_path: Path) -> None:
    assert "but its rows are for March 2026" in refusal(tmp_path, staff({}), "extract 2026-04.csv")


def test_a_national_insurance_number_is_refused_and_not_repeated(tmp_path: Path) -> None:
    message = refusal(tmp_path, staff({"person_number": "QQ123456C".replace("QQ", "AB")}))
    assert "National Insurance number" in message
    assert "AB123456C" not in message


def test_all_problems_of_a_file_are_told_at_once(tmp_path: Path) -> None:
    broken = staff(
        {"band": "Band 10", "age": "12", "start_date": "soon"},
        {"person_number": "P2", "contracted_fte": "2"},
        {"person_number": "P3", "extra": "x"},
    )
    message = refusal(tmp_path, broken)
    for words in ("'Band 10'", "'12' is out", "'soon' is not a date", "'2' is out of range", "'extra' is not a column"):
        assert words in message


def test_a_wrong_value_in_many_rows_is_one_problem_that_says_how_many(tmp_path: Path) -> None:
    message = refusal(tmp_path, staff(*({"person_number": f"P{n}", "band": "Two"} for n in range(50))))
    assert "1 problem, nothing was saved" in message
    assert "rows 2, 3, 4 and 47 more, column band" in message


def test_many_wrong_values_in_a_column_are_summed_up(tmp_path: Path) -> None:
    message = refusal(tmp_path, staff(*({"person_number": f"P{n}", "age": f"x{n}"} for n in range(50))))
    assert "column age: and 40 more values like these" in message


def test_more_organisations_and_months_than_can_be_counted_at_once_are_refused(tmp_path: Path) -> None:
    message = refusal(tmp_path, staff(*({"organisation_code": f"ORG{at}"} for at in range(10_001))))
    assert "has 10,001 organisation-months; at most 10,000 can be read from one file." in message
    assert "Split it by month, or by organisation." in message
