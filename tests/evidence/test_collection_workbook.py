"""The collection workbook: what is in it, what is read of it, and the copy in which mistakes are marked."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from pathlib import Path

import openpyxl
import pytest

from t4c_lib.errors import InputError, Problem
from t4c_lib.evidence import State
from t4c_lib.evidence.collection_workbook import MeasureRequest, Rhythm, collect
from t4c_lib.evidence.collection_workbook.request import rhythm_of
from t4c_lib.evidence.collection_workbook.sheet_layout import place
from t4c_lib.evidence.collection_workbook.workbook_writer import mark_refused, write_marked, write_template
from t4c_lib.framework import catalogue

from .collection_making import MARCH, asked_for, change, fill, formulas, loaded, made, refused, replaced

pytestmark = pytest.mark.unit

RED = "00FBD5D0"


def test_each_source_has_its_sheet_after_the_instructions(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(made(tmp_path))
    assert book.sheetnames == ["Read me", "What to count", "ESR", "Placement register"]


def test_periods_and_units_are_filled_in_and_answers_stand_open(tmp_path: Path) -> None:
    sheet = openpyxl.load_workbook(made(tmp_path))["ESR"]
    assert [cell.value for cell in sheet[6]] == [
        *(1, "Staff aged 16 to 24", "trust workforce", "all", "April 2025", None, None, "share", None, None)
    ]
    assert sheet["E17"].value == "March 2026"
    assert sheet.protection.sheet
    assert not sheet.protection.password
    assert [sheet[f"{letter}6"].protection.locked for letter in "ABCDEFGHIJ"] == [
        *(True, True, True, True, True, False, False, True, False, False)
    ]


def test_a_screen_reader_finds_tables_and_nobody_finds_merged_cells(tmp_path: Path) -> None:
    for sheet in openpyxl.load_workbook(made(tmp_path)).worksheets:
        assert not sheet.merged_cells.ranges
        assert sheet.sheet_view.showGridLines is False
        assert sheet.page_setup.fitToWidth == 1
        assert len(sheet.tables) == (sheet.title != "Read me")
        assert (sheet.freeze_panes is not None) == (sheet.title != "Read me")


def test_states_are_chosen_from_a_list_and_numbers_are_checked_while_they_are_typed(tmp_path: Path) -> None:
    sheet = openpyxl.load_workbook(made(tmp_path))["ESR"]
    rules = {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}
    assert rules["I6:I39"].formula1 == '"counted,zero,suppressed,missing,not applicable"'
    assert (rules["F6:F17"].type, rules["F18:F29"].type) == ("whole", "decimal")
    assert rules["F6:F17"].prompt.startswith("People in post at the end of the period")


def test_no_text_that_looks_like_a_formula_is_written_as_one(tmp_path: Path) -> None:
    nasty = '=HYPERLINK("http://example.org";"x")'
    measure = (
        catalogue()
        .measure("young-share")
        .model_copy(
            update={"name": nasty, "numerator": "+1", "denominator": "@SUM(1)", "source_of_data": "-2", "unit": "share"}
        )
    )
    collection = collect("=A1", "=1+1", [MeasureRequest(measure, population="@x")], MARCH)
    path = write_template(collection, tmp_path / "figures.xlsx")
    assert formulas(path) == []
    fill(path, {"2": {"F6": "=1+1"}})
    copy = write_marked(path, refused(path).problems)
    assert copy is not None
    assert formulas(copy) == []
    assert formulas(path) != []


def test_a_text_that_looks_like_a_formula_stays_a_text_when_somebody_edits_it(tmp_path: Path) -> None:
    measure = catalogue().measure("young-share").model_copy(update={"name": "=1+1"})
    path = write_template(collect("RXX", "Trust", [MeasureRequest(measure)], MARCH), tmp_path / "figures.xlsx")
    assert openpyxl.load_workbook(path)["ESR"]["B6"].quotePrefix


def test_figures_are_read_with_their_states(tmp_path: Path) -> None:
    filled = {
        "ESR": {
            **{"F6": 57, "G6": 1000, "F7": 0, "G7": 1000, "G8": 1000, "I8": "Suppressed", "I9": "missing"},
            **{"I10": "not applicable", "F11": 0, "G11": 0, "F12": "58", "G12": " 1000 ", "F18": 31.5, "G18": 620.25},
            **{"D30": "Race: Asian", "F30": 12, "G30": 800, "J6": "from the March extract"},
        },
        "Placement register": {"F6": 3, "I7": "zero"},
    }
    one = loaded(fill(made(tmp_path), filled))
    rows = {(row.series, row.breakdown, row.period): row for row in one.observations.itertuples()}
    states = {key[2]: row.state for key, row in rows.items() if key[0] == "young-share"}
    assert states == {
        **{"2025-04": State.counted, "2025-05": State.zero, "2025-06": State.suppressed, "2025-07": State.missing},
        **{"2025-08": State.not_applicable, "2025-09": State.not_applicable, "2025-10": State.counted},
    }
    assert rows["young-share", "all", "2025-04"].value == 0.057
    assert rows["young-share", "all", "2025-10"].value == 0.058
    assert rows["sickness", "all", "2025-04"].value == 31.5 / 620.25
    assert rows["local-diversity", "ethnicity=Asian", "2026-03"].value == 12 / 800
    assert rows["pre-employment-partners", "all", "2023/24"].value == 3
    assert rows["pre-employment-partners", "all", "2024/25"].state == State.zero
    assert rows["pre-employment-partners", "all", "2024/25"].population == ""
    assert len(rows) == 11
    assert "remark, sheet 'ESR', row 6: from the March extract" in one.notes
    assert any(note.startswith("17 rows were left empty and treated as missing.") for note in one.notes)
    (organisation,) = one.organisations
    assert (organisation.code, organisation.name, organisation.demonstration) == ("DEMO-X1", "Example Trust", True)
    assert one.source.publication == "collection-workbook"


def test_an_empty_workbook_says_nothing_and_is_no_mistake(tmp_path: Path) -> None:
    one = loaded(made(tmp_path))
    assert one.observations.empty
    assert any("27 rows were left empty" in note for note in one.notes)


def test_the_day_on_which_figures_were_taken_is_read(tmp_path: Path) -> None:
    for number, day in enumerate((dt.date(2026, 4, 30), "30/04/2026", "2026-04-30")):
        path = made(tmp_path, name=f"{number}.xlsx")
        at = next(cell.row for cell in openpyxl.load_workbook(path)["Read me"]["A"] if cell.value == "Figures taken on")
        assert loaded(fill(path, {"Read me": {f"B{at}": day}})).source.extract_date == dt.date(2026, 4, 30)


def test_rows_may_be_sorted_and_deleted_and_sheets_of_workings_added(tmp_path: Path) -> None:
    path = fill(made(tmp_path), {"ESR": {"F6": 57, "G6": 1000, "F7": 58, "G7": 1000}})

    def how(book: openpyxl.Workbook) -> None:
        sheet = book["ESR"]
        for one, other in zip(sheet[6], sheet[7], strict=True):
            one.value, other.value = other.value, one.value
        sheet.delete_rows(10)
        book.create_sheet("Workings")["A1"] = "=1+1"

    one = loaded(change(path, how))
    assert dict(zip(one.observations["period"], one.observations["numerator"], strict=True)) == {
        "2025-04": 57.0,
        "2025-05": 58.0,
    }
    assert any("a row has been deleted" in note for note in one.notes)


def test_a_month_that_excel_made_a_date_of_is_still_that_month(tmp_path: Path) -> None:
    assert len(loaded(fill(made(tmp_path), {"ESR": {"E6": dt.date(2025, 4, 1), "F6": 1, "G6": 9}})).observations) == 1


def test_five_point_seven_of_a_hundred_days_is_doubted_in_a_note(tmp_path: Path) -> None:
    one = loaded(fill(made(tmp_path), {"ESR": {"F18": 5.7, "G18": 100}}))
    assert any(note.startswith("sheet 'ESR', cell F18: 5.7 of 100 looks like a percentage") for note in one.notes)


def test_measures_of_one_series_are_asked_once_and_named_both() -> None:
    (item,) = asked_for("nhs-as-career-choice", "young-people-choosing-nhs").items
    assert (item.series, item.places) == ("nhs-as-career-choice", "2m4, 3m3")


@pytest.mark.parametrize(
    ("key", "every"),
    [
        ("young-share", Rhythm.MONTH),
        ("sickness", Rhythm.MONTH),
        ("application-diversity", Rhythm.QUARTER),
        ("union-learning-reps", Rhythm.QUARTER),
        ("appraisal-received", Rhythm.YEAR),
        ("work-experience-placements", Rhythm.YEAR),
        ("workforce-plan-fit", Rhythm.YEAR),
    ],
)
def test_each_measure_has_its_rhythm(key: str, every: Rhythm) -> None:
    assert rhythm_of(catalogue().measure(key)) is every


@pytest.mark.parametrize(
    ("code", "name", "words"),
    [
        ("../x", "Trust", r"'\.\./x' is not an organisation code: up to 40 letters, digits, hyphens"),
        ("RXX", "\u200b", r"name of RXX: there is nothing to read in it\. It has only invisible characters\."),
        ("RXX", "x" * 201, r"name of RXX: the name of an organisation has up to 200 characters, not 201\."),
    ],
)
def test_an_organisation_that_cannot_be_is_refused(tmp_path: Path, code: str, name: str, words: str) -> None:
    measure = catalogue().measure("young-share")
    path = write_template(collect(code, name, [MeasureRequest(measure)], MARCH), tmp_path / "figures.xlsx")
    fill(path, {"ESR": {"F6": 57, "G6": 1000}})
    assert re.search(words, str(refused(path)))


def test_a_file_that_is_there_is_never_written_over(tmp_path: Path) -> None:
    path = made(tmp_path)
    before = path.read_bytes()
    with pytest.raises(InputError, match=r"is there already.*may have been filled in"):
        made(tmp_path)
    assert path.read_bytes() == before
    with pytest.raises(InputError, match=r"must end in \.xlsx"):
        write_template(asked_for(), tmp_path / "figures.xls")
    with pytest.raises(InputError, match="can't be written"):
        write_template(asked_for(), tmp_path / "nowhere" / "figures.xlsx")


def test_the_marked_copy_has_each_problem_in_its_cell_and_all_on_the_first_sheet(tmp_path: Path) -> None:
    path = fill(made(tmp_path), {"ESR": {"F6": "5.7%", "G7": 3, "J8": "=1+1"}})
    before, error = path.read_bytes(), refused(path)
    copy = write_marked(path, error.problems)
    assert copy == tmp_path / "figures-marked.xlsx"
    assert path.read_bytes() == before
    book = openpyxl.load_workbook(copy)
    assert book.sheetnames[0] == "Problems"
    assert book.active.title == "Problems"
    sheet = book["ESR"]
    for cell, words in (
        ("F6", "Do not enter a percentage"),
        ("F7", "Is empty"),
        ("J8", "a formula with no saved result"),
    ):
        assert sheet[cell].fill.start_color.rgb == RED
        assert words in sheet[cell].comment.text
    assert sheet["F9"].comment is None
    listed = [[cell.value for cell in row] for row in book["Problems"].iter_rows(min_row=5)]
    assert [row[:2] for row in listed] == [["ESR", "F6"], ["ESR", "F7"], ["ESR", "J8"]]
    assert book["Problems"]["B5"].hyperlink.location == "'ESR'!F6"


def test_the_marked_copy_can_be_mended_and_added_and_leaves_no_copy_behind_it(tmp_path: Path) -> None:
    path = fill(made(tmp_path), {"ESR": {"F6": "x", "G6": 9, "F7": "y", "G7": 9}})
    first = write_marked(path, refused(path).problems)
    assert first is not None
    second = write_marked(fill(first, {"ESR": {"F6": 1}}), refused(first).problems)
    assert second is not None
    assert second.name == "figures-marked-2.xlsx"
    sheet = openpyxl.load_workbook(second)["ESR"]
    assert sheet["F6"].comment is None
    assert sheet["F6"].fill.start_color.rgb != RED
    assert sheet["F7"].comment is not None
    fill(second, {"ESR": {"F7": 2}})
    assert loaded(second).observations["numerator"].tolist() == [1.0, 2.0]


def test_a_copy_keeps_what_formulas_gave_and_no_formula(tmp_path: Path) -> None:
    path = fill(made(tmp_path), {"ESR": {"F6": 57, "G6": 900, "F7": "x", "G7": 9}})
    replaced(path, "xl/worksheets/sheet3.xml", "<v>57</v>", "<f>1+1</f><v>57</v>")
    copy = write_marked(path, refused(path).problems)
    assert copy is not None
    assert formulas(copy) == []
    assert openpyxl.load_workbook(copy)["ESR"]["F6"].value == 57


def test_what_has_no_cell_or_can_not_be_opened_gets_no_copy(tmp_path: Path) -> None:
    path = made(tmp_path)
    here = Problem(place("ESR", 6, 6), "is wrong.")
    assert write_marked(path, [Problem("sheet 'ESR'", "is wrong.")]) is None
    assert write_marked(path, [Problem(place("Elsewhere", 1, 1), "is wrong.")]) is None
    (tmp_path / "bad.xlsx").write_bytes(b"PK")
    assert write_marked(tmp_path / "bad.xlsx", [here]) is None
    assert mark_refused([path], [InputError("other.xlsx", [here])]) == []
    assert [name.name for name in tmp_path.iterdir() if "marked" in name.name] == []


def test_the_workbook_holds_nothing_that_acts_or_fetches(tmp_path: Path) -> None:
    with zipfile.ZipFile(made(tmp_path)) as archive:
        names = archive.namelist()
        text = b"".join(archive.read(name) for name in names if name.endswith(".rels"))
    assert not any(word in name for name in names for word in ("vba", "externalLinks", "connections", "embeddings"))
    assert b'TargetMode="External"' not in text


def test_attainment_says_which_level_counts() -> None:
    measure = catalogue().measure("attainment")
    asked = [MeasureRequest(measure), MeasureRequest(measure, group="level: 3")]
    collection = collect("DEMO-X1", "Example Trust", asked, MARCH)
    assert [item.numerator[-15:] for item in collection.items] == ["(here: level 2)", "(here: level 3)"]
