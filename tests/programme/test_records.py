"""What is kept of what people type and paste, and what they are told where it can't be."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from t4c_lib.errors import InputError, Problem
from t4c_lib.programme.records import (
    CellProblem,
    Value,
    cells_of,
    placements_workbook,
    read_rows,
    record_kind,
    record_kinds,
)

pytestmark = pytest.mark.unit

KNOWN = {
    "partner": {"PA-0001": "Oldfold Sixth Form College", "PA-0002": "Quillford College"},
    "setting": {"S-0001": "Older People", "S-0002": "Adult Community"},
    "placement": {"P-0001": "P-0001"},
    "course": {},
}
TEN = """Work experience\tOldfold Sixth Form College\tOlder People\t2027-01-11\t5\t16 to 18
Work experience\tOldfold Sixth Form College\tOlder People\t2027-01-11\t5\t16 to 18
Work experience\tOldfold Sixth Form College\tAdult Community\t2027-01-11\t5\t16 to 18
Work experience\tOldfold Sixth Form College\tOlder Peple\t2027-01-11\t5\t16 to 18
Work experience\tQuillford College\tAdult Community\t2027-01-18\t5\t16 to 18
Work experience\tQuillford College\tAdult Community\t2027-01-18\t5\t16 to 18
Work experience\tQuillford College\tAdult Community\t2027-01-18\t5\t16 to 18
Work experience\tQuillford College\tAdult Community\t2026-11-13\t10\t19 to 24
Work experience\tQuillford College\tAdult Community\t11/13/2026\t10\t19 to 24
Work experience\tQuillford College\tAdult Community\t2026-11-13\t10\t25 and over"""


def test_a_placement_is_kept_as_it_was_typed() -> None:
    typed = {
        "programme": "work EXPERIENCE",
        "stage": "Hosted",
        "partner": "quillford college",
        "starts": "4 January 2027",
    }
    kept = record_kind("placement").take({**typed, "days": "5", "setting": "S-0001"}, KNOWN)
    assert kept == {
        "programme": "Work experience", "stage": "hosted", "partner": "PA-0002", "setting": "S-0001",
        "starts": "2027-01-04", "days": 5,
    }  # fmt: skip


def test_every_problem_of_a_form_is_told_at_its_field() -> None:
    typed = {"programme": "", "stage": "planed", "partner": "Quilford College", "starts": "11/13/2026", "days": "many"}
    with pytest.raises(InputError) as refused:
        record_kind("placement").take({**typed, "rating": "6", "age": "young"}, KNOWN)
    assert {one.place: one.sentence for one in refused.value.problems} == {
        "Programme": "this can't be left empty.",
        "Stage": "'planed' is not one of those allowed. Did you mean 'planned'?",
        "Partner": "No partner of this name. Did you mean 'Quillford College'?",
        "Starts": "No such day: write it as in 13/11/2026, the year in full. Did you mean '13 November 2026'?",
        "Days": "'many' is not a number.",
        "Age": "'young' is not one of those allowed. Allowed: under 16; 16 to 18; 19 to 24; 25 and over.",
        "Rating of the placement": "6 is not between 1 and 5.",
    }


@pytest.mark.parametrize("typed", ["June 2026", "Jun 2026", "jun. 2026", "2026-06", "06/2026", "6.2026"])
def test_a_month_may_be_written_as_people_write_it(typed: str) -> None:
    assert record_kind("campaign").take({"title": "A", "month": typed}, KNOWN)["month"] == "2026-06"


@pytest.mark.parametrize("typed", ["summer", "2026/27", "30 June 2026"])
def test_a_month_that_is_none_is_refused(typed: str) -> None:
    with pytest.raises(InputError, match="No such month: write it as June 2026 or 2026-06"):
        record_kind("campaign").take({"title": "A", "month": typed}, KNOWN)


def test_ten_pasted_rows_with_two_wrong() -> None:
    read = read_rows("placement", cells_of(TEN), KNOWN)
    assert (len(read.read), len(read.ready), read.wrong) == (10, 8, 2)
    assert [(one.row, one.column, one.found, one.meant) for one in read.problems] == [
        (4, "Setting", "Older Peple", "Older People"),
        (9, "Starts", "11/13/2026", "13 November 2026"),
    ]
    assert [one["stage"] for one in read.ready.values()] == ["planned"] * 8, "a stage nobody names is planned"
    assert [row[2] for row in read.left] == ["Older Peple", "Adult Community"]
    assert "Did you mean" not in read.problems[0].message, "the page offers it to press"


def test_columns_may_stand_in_any_order_below_a_heading() -> None:
    text = "Start date,Department,Programme\n2027-01-11,Older People,Work experience\n"
    (kept,) = read_rows("placement", cells_of(text), KNOWN).ready.values()
    assert kept == {"starts": "2027-01-11", "setting": "S-0001", "programme": "Work experience", "stage": "planned"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "there are no rows. Copy the cells in Excel, then paste them here."),
        ("Programme\tStarts\n", "there are no rows."),
        ("Programme\tStarts\tStagee\nx\t2027-01-11\tplanned", "no column is called 'Stagee'. Did you mean 'Stage'?"),
    ],
)
def test_rows_that_can_not_be_read_are_refused_in_words(text: str, said: str) -> None:
    with pytest.raises(InputError) as refused:
        read_rows("placement", cells_of(text), KNOWN)
    assert said in str(refused.value)


def test_a_row_with_more_cells_than_columns_is_told() -> None:
    read = read_rows("partner", [["Name", "Type"], ["A", "charity", "and more"]], KNOWN)
    assert read.problems[0].message == "this row has 3 cells; 2 are read. Delete the others."


def test_what_looks_like_a_name_is_noticed() -> None:
    kind = record_kind("placement")
    assert kind.likely_names({"words": "It went well, said Jane Smith, and Mr Brown agreed."}) == (
        "Jane Smith",
        "Mr Brown",
    )
    assert kind.likely_names({"words": "Jane Smith was lovely, and so was my mentor Ali."}) == ("Jane Smith", "Ali")
    for post in ("Work Experience Coordinator", "Head of Education", "Widening Participation Lead"):
        assert record_kind("policy").likely_names({"owner": post}) == ()
    assert record_kind("policy").likely_names({"owner": "Maria Jones"}) == ("Maria Jones",)
    reached = kind.likely_names({"words": "Write to jane.smith@nhs.net or ring 07700 900123."})
    assert reached == ("jane.smith@nhs.net", "07700 900123")
    short = {"before": "Jane Smith", "area": "M1 4AB", "own": "Smith Jane", "target_group": "care leaver"}
    assert kind.likely_names(short) == ("Jane Smith", "M1 4AB", "Smith Jane")
    plain = {"words": "The ward at Quillford was good in March. Thank you.", "before": "at Sixth Form College"}
    assert kind.likely_names(plain, ["Quillford Youth Trust"]) == ()
    assert record_kind("policy").likely_names({"title": "Equal Opportunities"}) == (), "a policy's title is of nobody"


def test_every_kind_can_be_named_and_kept() -> None:
    kinds = record_kinds()
    prefixes = [one.prefix for one in kinds.values()]
    assert len(set(prefixes)) == len(prefixes), "a reference says what it is of"
    for kind in kinds.values():
        assert not kind.name or kind.name in kind.fields
        assert set(kind.pasted) <= set(kind.fields)
        assert {one.of for one in kind.fields.values() if one.of} <= set(kinds)


@given(st.text(max_size=40), st.sampled_from(sorted(record_kind("placement").fields)))
def test_whatever_is_typed_is_kept_or_refused_in_words(text: str, field: str) -> None:
    good = {"programme": "Work experience", "stage": "planned", "starts": "2027-01-11"}
    problems: tuple[Problem, ...] = ()
    kept: dict[str, Value] = {}
    try:
        kept = record_kind("placement").take({**good, field: text}, KNOWN)
    except InputError as error:
        problems = error.problems
    assert all(one.message for one in problems)
    assert problems or field in kept or not text.strip()


def test_a_cell_knows_what_was_meant() -> None:
    problems = read_rows("placement", [["Programme", "Starts"], ["x", "31/02/2026"]], KNOWN).problems
    assert isinstance(problems[0], CellProblem)
    assert problems[0].meant == ""


@pytest.mark.parametrize(
    ("typed", "band"),
    [("17", "16 to 18"), ("16-18", "16 to 18"), ("25+", "25 and over"), ("40", "25 and over"), ("9", "under 16")],
)
def test_ages_are_taken_as_schools_send_them(typed: str, band: str) -> None:
    made = record_kind("placement").take({"programme": "A", "stage": "planned", "starts": "4/1/2027", "age": typed}, {})
    assert made["age"] == band


def test_a_column_of_names_is_refused_in_words() -> None:
    with pytest.raises(InputError, match="No names are kept: delete that column") as refused:
        read_rows("placement", cells_of("Programme\tStarts\tFirst name\nWork experience\t4/1/2027\tA"), KNOWN)
    assert len(refused.value.problems) == 1


def test_rows_copied_from_the_workbook_without_its_headings_are_read() -> None:
    """Its columns come in the order of pasted rows."""
    made = record_kind("placement")
    book = load_workbook(io.BytesIO(placements_workbook(KNOWN)))
    heads = [cell.value for cell in book["Placements"][1]]
    assert heads[: len(made.pasted)] == [made.fields[key].label for key in made.pasted]
    assert sorted(map(str, heads)) == sorted(one.label for one in made.fields.values())
