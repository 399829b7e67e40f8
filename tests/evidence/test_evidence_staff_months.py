"""Known answers: small staff extracts, and the observations that they must give."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from t4c_lib.evidence import Loaded

from .evidence_files import figures, read_text, staff, staff_table, value

pytestmark = pytest.mark.unit

SPRING = """
period_end | person_number | age | band         | start_date | leaving_date | fte_days_lost | fte_days_available
2026-03-31 | P1            | 22  | Band 2       | 2020-05-04 |              | 3             | 31
2026-03-31 | P2            | 24  | Band 6       | 2020-05-04 |              | 0             | 31
2026-03-31 | P3            | 47  | Band 4       | 2020-05-04 |              | 0             | 31
2026-03-31 | P4            | 60  | Non-AfC      | 2026-03-02 |              | 1             | 29
2026-03-31 | P5            | 19  | Equivalent 2 | 2025-05-04 | 2026-03-31   | 2             | 31
2026-04-30 | P1            | 22  | Band 2       | 2020-05-04 | 2026-04-12   | 6             | 12
2026-04-30 | P2            | 25  | Band 6       | 2020-05-04 |              | 0             | 30
2026-04-30 | P3            | 47  | Band 5       | 2020-05-04 |              | 0             | 30
2026-04-30 | P4            | 60  | Non-AfC      | 2026-03-02 | 2026-05-31   | 0             | 30
2026-04-30 | P6            | 17  | Band 3       | 2026-04-30 |              | 0             | 1
"""

EXPECTED = """
series      | population      | breakdown | 2026-03 | 2026-04
headcount   | trust workforce | all       | 4       | 4
headcount   | trust workforce | age=16-24 | 2       | 1
headcount   | trust workforce | age=24    | 1       | 0
headcount   | trust workforce | age=25+   | 2       | 3
headcount   | support staff   | all       | 2       | 1
headcount   | support staff   | age=16-24 | 1       | 1
headcount   | support staff   | age=24    | 0       | 0
headcount   | support staff   | age=25+   | 1       | 0
joiners     | trust workforce | all       | 1       | 1
joiners     | trust workforce | age=16-24 | 0       | 1
joiners     | trust workforce | age=25+   | 1       | 0
joiners     | support staff   | all       | 0       | 1
joiners     | support staff   | age=16-24 | 0       | 1
joiners     | support staff   | age=25+   | 0       | 0
leavers     | trust workforce | all       | 1       | 1
leavers     | trust workforce | age=16-24 | 1       | 1
leavers     | trust workforce | age=25+   | 0       | 0
leavers     | support staff   | all       | 1       | 1
leavers     | support staff   | age=16-24 | 1       | 1
leavers     | support staff   | age=25+   | 0       | 0
young-share | trust workforce | all       | 2/4     | 1/4
young-share | support staff   | all       | 1/2     | 1/1
sickness    | trust workforce | all       | 6/153   | 6/103
sickness    | support staff   | all       | 5/93    | 6/13
"""


MONTHLY = ("headcount", "joiners", "leavers", "young-share", "sickness")


def as_table(loaded: Loaded) -> set[tuple[str, ...]]:
    """Every observation as texts: counts as they are, shares as numerator/denominator."""
    rows: set[tuple[str, ...]] = set()
    for one in loaded.observations.to_dict("records"):
        whole = "" if math.isnan(one["denominator"]) else f"/{one['denominator']:g}"
        names = [one[name] for name in ("series", "population", "breakdown", "period")]
        rows.add((*names, f"{one['numerator']:g}{whole}"))
    return rows


def test_two_months_of_six_people_give_these_observations_and_no_others(tmp_path: Path) -> None:
    lines = [[cell.strip() for cell in line.split("|")] for line in EXPECTED.strip().splitlines()]
    expected = {(*line[:3], month, line[3 + at]) for line in lines[1:] for at, month in enumerate(lines[0][3:])}
    loaded = read_text(tmp_path, staff_table(SPRING))
    made = as_table(loaded)
    assert {row for row in made if row[0] in MONTHLY and row[2].startswith(("all", "age="))} == expected
    # Two months make nothing that takes a year, and columns that are not there make nothing at all.
    assert {row[0] for row in made} == {*MONTHLY, "local-diversity"}
    assert {row[2].partition("=")[0] for row in made} == {"all", "age", "band"}
    assert [note[:17] for note in loaded.notes] == ["columns not in th", "DEMO1: turnover a"]


def test_a_count_of_nobody_is_zero_and_a_share_is_a_fraction(tmp_path: Path) -> None:
    loaded = read_text(tmp_path, staff_table(SPRING))
    nobody = figures(loaded, series="headcount", breakdown="age=24", population="support staff", period="2026-03")
    assert nobody["state"].item() == "zero"
    assert nobody["value"].item() == 0
    assert nobody["unit"].item() == "people"
    assert value(loaded, series="young-share", population="trust workforce", period="2026-03", breakdown="all") == 0.5
    assert set(figures(loaded, series="sickness")["unit"]) == {"share"}


def test_a_person_with_two_assignments_is_one_person_under_the_larger(tmp_path: Path) -> None:
    small = {
        "assignment": "1",
        "band": "Band 2",
        "contracted_fte": "0.4",
        "fte_days_lost": "0",
        "fte_days_available": "12",
    }
    large = {
        "assignment": "2",
        "band": "Band 5",
        "contracted_fte": "0.6",
        "fte_days_lost": "1",
        "fte_days_available": "19",
    }
    loaded = read_text(tmp_path, staff(small, large))
    assert value(loaded, series="headcount", breakdown="all", population="trust workforce") == 1
    assert value(loaded, series="headcount", breakdown="all", population="support staff") == 0
    everyone = figures(loaded, series="sickness", population="trust workforce", breakdown="all")
    assert (everyone["numerator"].item(), everyone["denominator"].item()) == (1, 31)
    assert figures(loaded, series="sickness", population="support staff")["denominator"].item() == 12


def test_of_equal_assignments_the_one_that_sorts_first_counts(tmp_path: Path) -> None:
    rows = [
        {"assignment": "A", "band": "Band 5", "contracted_fte": "0.5"},
        {"assignment": "B", "band": "Band 2", "contracted_fte": "0.5"},
    ]
    for order in (rows, rows[::-1]):
        loaded = read_text(tmp_path, staff(*order))
        assert value(loaded, series="headcount", breakdown="all", population="support staff") == 0


def test_who_leaves_and_comes_back_within_a_month_is_a_leaver_a_joiner_and_in_post(tmp_path: Path) -> None:
    loaded = read_text(tmp_path, staff({"leaving_date": "2026-03-08"}, {"start_date": "2026-03-16"}))
    everyone = {"population": "trust workforce", "breakdown": "all"}
    assert [value(loaded, series=series, **everyone) for series in ("headcount", "joiners", "leavers")] == [1, 1, 1]


def test_people_without_an_age_are_in_no_age_group_and_the_note_says_how_many(tmp_path: Path) -> None:
    loaded = read_text(
        tmp_path,
        staff(
            {"age": "20"},
            {"person_number": "P2", "age": ""},
            {"person_number": "P3"},
            {"person_number": "P4", "age": "15"},
        ),
    )
    share = figures(loaded, series="young-share", population="trust workforce", breakdown="all")
    assert (share["numerator"].item(), share["denominator"].item()) == (1, 3)
    assert value(loaded, series="headcount", breakdown="all", population="trust workforce") == 4
    assert value(loaded, series="headcount", breakdown="age=25+", population="trust workforce") == 1
    assert any("1 of 4 people in post at the end have no age" in note for note in loaded.notes)
    assert any("1 people in post at the end are under 16" in note for note in loaded.notes)


def test_ages_that_nobody_has_are_missing_and_not_zero(tmp_path: Path) -> None:
    loaded = read_text(tmp_path, staff({"age": ""}))
    assert set(figures(loaded, series="young-share", population="trust workforce")["state"]) == {"missing"}
    assert set(figures(loaded, series="headcount", breakdown="age=16-24", population="trust workforce")["state"]) == {
        "missing"
    }
    assert value(loaded, series="headcount", breakdown="all", population="trust workforce") == 1


def test_a_year_of_birth_stands_for_the_age_reached_that_year_and_the_note_says_so(tmp_path: Path) -> None:
    loaded = read_text(tmp_path, staff({"birth_year": "2002"}, without=["age"]))
    assert value(loaded, series="headcount", breakdown="age=24", population="trust workforce") == 1
    assert any("1 of 1 rows give only a year of birth" in note for note in loaded.notes)


def test_a_given_age_goes_before_the_year_of_birth(tmp_path: Path) -> None:
    loaded = read_text(tmp_path, staff({"age": "24", "birth_year": "2001"}))
    assert value(loaded, series="headcount", breakdown="age=24", population="trust workforce") == 1
    assert not any("year of birth" in note for note in loaded.notes)


def test_no_support_staff_makes_their_shares_not_applicable(tmp_path: Path) -> None:
    loaded = read_text(tmp_path, staff({"band": "Band 7"}))
    for series in ("young-share", "sickness"):
        assert set(figures(loaded, series=series, population="support staff")["state"]) == {"not applicable"}


def test_an_extract_without_sickness_columns_says_nothing_of_sickness_and_takes_away_nothing_known(
    tmp_path: Path,
) -> None:
    loaded = read_text(tmp_path, staff({}, without=["fte_days_lost", "fte_days_available"]))
    assert figures(loaded, series="sickness").empty
    assert any("left out: fte_days_lost (sickness)" in note for note in loaded.notes)
    recorded_nowhere = read_text(tmp_path, staff({"fte_days_lost": "", "fte_days_available": ""}))
    assert set(figures(recorded_nowhere, series="sickness", breakdown="all")["state"]) == {"missing"}


def test_months_that_do_not_add_up_are_told_with_how_many_people(tmp_path: Path) -> None:
    loaded = read_text(
        tmp_path,
        staff_table(
            """
            period_end | person_number | start_date
            2026-03-31 | P1            | 2020-01-06
            2026-03-31 | P2            | 2020-01-06
            2026-03-31 | P3            | 2020-01-06
            2026-04-30 | P1            | 2020-01-06
            2026-04-30 | P4            | 2020-01-06
            2026-06-30 | P4            | 2020-01-06
            """
        ),
    )
    assert any(
        "DEMO1, April 2026: 2 people in post, but 3 + 0 joiners - 0 leavers = 3; "
        "2 no longer in the extract without a leaving date, 1 new in it" in note
        for note in loaded.notes
    )
    assert "DEMO1: no rows between April 2026 and June 2026." in loaded.notes


def test_who_is_taken_on_again_without_having_left_breaks_the_sum_and_is_told(tmp_path: Path) -> None:
    again = {"period_end": "2026-04-30", "start_date": "2026-04-01"}
    loaded = read_text(tmp_path, staff({}, again))
    assert any("1 people in post, but 1 + 1 joiners - 0 leavers = 2" in note for note in loaded.notes)


def test_a_long_list_of_months_that_do_not_add_up_is_cut(tmp_path: Path) -> None:
    rows = [
        {"organisation_code": f"ORG{n}", "person_number": f"P{n}{end}", "period_end": end}
        for n in range(30)
        for end in ("2026-03-31", "2026-04-30")
    ]
    loaded = read_text(tmp_path, staff(*rows))
    assert sum("people in post, but" in note for note in loaded.notes) == 20
    assert loaded.notes[-1] == "and 10 more months like these."


def test_a_file_may_hold_several_organisations_and_keeps_their_people_apart(tmp_path: Path) -> None:
    loaded = read_text(
        tmp_path,
        staff(
            {
                "organisation_name": "First trust",
                "demonstration": "Yes",
                "sector": "NHS",
                "organisation_type": "NHS trust",
            },
            {
                "organisation_code": "HOME-7",
                "organisation_name": "A care home",
                "demonstration": "no",
                "sector": "Adult Social Care",
                "band": "Equivalent 2",
                "staff_group": "Direct care",
            },
        ),
    )
    first, second = loaded.organisations
    assert (first.code, first.name, first.type, first.sector, first.demonstration) == (
        "DEMO1", "First trust", "NHS trust", "NHS", True,
    )  # fmt: skip
    assert (second.code, second.sector, second.demonstration) == ("HOME-7", "adult social care", False)
    for code in ("DEMO1", "HOME-7"):
        assert value(loaded, organisation=code, series="headcount", breakdown="all", population="support staff") == 1


def test_an_organisation_without_a_name_is_shown_by_its_code(tmp_path: Path) -> None:
    assert read_text(tmp_path, staff({})).organisations[0].name == "DEMO1"


@pytest.mark.parametrize(
    ("end", "start"),
    [
        ("2026-03-31", "2020-05-04"),
        ("31/03/2026", "04/05/2020"),
        ("31-MAR-2026", "04-May-2020"),
        ("2026-03-31 00:00:00", "2020-05-04T00:00"),
        ("31/03/2026", "4/5/2020"),
    ],
)
def test_dates_are_read_as_spreadsheets_and_staff_records_write_them(end: str, start: str, tmp_path: Path) -> None:
    loaded = read_text(tmp_path, staff({"period_end": end, "start_date": start}))
    assert set(loaded.observations["period"]) == {"2026-03"}
    assert value(loaded, series="joiners", breakdown="all", population="trust workforce") == 0


def test_answers_in_other_capitals_and_with_spaces_around_them_are_taken(tmp_path: Path) -> None:
    loaded = read_text(tmp_path, staff({"band": " band 2 ", "staff_group": "ADDITIONAL CLINICAL SERVICES"}))
    assert value(loaded, series="headcount", breakdown="all", population="support staff") == 1


def test_no_person_number_leaves_the_reader(tmp_path: Path) -> None:
    loaded = read_text(tmp_path, staff({"person_number": "SECRET77"}, {"person_number": "SECRET78", "age": ""}))
    assert "SECRET7" not in loaded.observations.to_csv() + repr(loaded.organisations) + repr(loaded.notes)
