"""A gallery of spoiled collection workbooks: for each the cell, and the words that its message must contain."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from t4c_lib.errors import InputError
from t4c_lib.evidence.collection_workbook.sheet_layout import HEADER_ROW

from .collection_making import asked_for, change, fill, loaded, made, refused, replaced, with_part

pytestmark = pytest.mark.unit

# ESR: rows 6-17 young-share, 18-29 sickness, 30-39 local-diversity with groups to be named.
# Placement register: rows 6-8, a count of three years.
CELLS: dict[str, tuple[dict[str, object], str, list[str]]] = {
    "words for a number": ({"F6": "about 57", "G6": 900}, "F6", ["'about 57' is not a number", "last column"]),
    "a percentage as text": ({"F6": "5.7%"}, "F6", ["'5.7%' is not a number", "Do not enter a percentage"]),
    "a percentage as number": (
        {"F6": 5.7, "G6": 100},
        "F6",
        ["'5.7' is not a whole number", "percentage (5.7%)", "Enter the count and the denominator"],
    ),
    "a share": (
        {"F6": 0.057, "G6": 1},
        "F6",
        ["'0.057' is not a whole number", "a share (5.7%)", "Enter the count and the denominator"],
    ),
    "a share of days, out of nothing": ({"F18": 0.057}, "G18", ["is empty", "a share (5.7%)"]),
    "more than all": ({"F6": 901, "G6": 900}, "F6", ["901 is more than the denominator, 900", "swapped"]),
    "more days lost than there were": ({"F18": 31.5, "G18": 31}, "F18", ["31.5 is more than the denominator, 31"]),
    "below zero": ({"F6": -1, "G6": 900}, "F6", ["'-1' is out of range", "from 0 to"]),
    "far too many": ({"F6": 1, "G6": 1e12}, "G6", ["out of range", "1,000,000,000"]),
    "thousands with a comma": ({"F6": "1,057"}, "F6", ["is not a number", "without commas"]),
    "a decimal comma": ({"F18": "5,7"}, "F18", ["is not a number", "with a point"]),
    "a dash": ({"F6": "-"}, "F6", ["is not a number", "choose missing"]),
    "a star": ({"F6": "*"}, "F6", ["is not a number", "choose suppressed"]),
    "fewer than five": ({"F6": "<5"}, "F6", ["is not a number", "choose suppressed"]),
    "a date": ({"F6": dt.datetime(2026, 5, 7)}, "F6", ["2026-05-07", "changed it to a date"]),
    "yes": ({"F6": True}, "F6", ["'TRUE' is not a number"]),
    "an error of Excel's": ({"F6": "#DIV/0!"}, "F6", ["'#DIV/0!' is not a number", "this error"]),
    "a formula": ({"F6": "=50+7", "G6": 900}, "F6", ["'=50+7' is not a number", "has no saved result"]),
    "a formula that fetches": ({"J6": '=WEBSERVICE("http://x")'}, "J6", ["a formula with no saved result"]),
    "numerator only": ({"F6": 57}, "G6", ["is empty, but the count is 57", "under State"]),
    "denominator only": ({"G6": 900}, "F6", ["is empty, but the denominator is 900", "under State"]),
    "some of nobody": ({"F19": 2, "G19": 0, "I19": ""}, "F19", ["2 is more than the denominator, 0"]),
    "no such state": ({"I6": "supressed"}, "I6", ["'supressed' is not a state", "Did you mean 'suppressed'?"]),
    "suppressed, and shown": ({"F6": 3, "G6": 900, "I6": "suppressed"}, "I6", ["is suppressed, but", "3"]),
    "missing, and there": ({"F6": 3, "G6": 900, "I6": "missing"}, "I6", ["is missing, but", "3"]),
    "zero, and some": ({"F6": 3, "G6": 900, "I6": "zero"}, "I6", ["is zero, but the count is 3"]),
    "zero of how many": ({"I6": "zero"}, "G6", ["is empty, but the count is 0"]),
    "counted, and no figure": ({"I6": "counted"}, "F6", ["is empty, but the state is counted"]),
    "not applicable, with figures": ({"F6": 3, "G6": 9, "I6": "not applicable"}, "I6", ["is not applicable, but"]),
    "another period": ({"E6": "May 2025"}, "E6", ["'May 2025' should be 'April 2025'"]),
    "another period, as a date": ({"E6": dt.date(2025, 5, 1)}, "E6", ["should be 'April 2025'"]),
    "another measure": ({"B6": "Sickness"}, "B6", ["'Sickness' should be 'Staff aged 16 to 24'"]),
    "another population": ({"C6": "support staff"}, "C6", ["should be 'trust workforce'"]),
    "another group": ({"D6": "sex: women"}, "D6", ["should be 'all'"]),
    "another unit": ({"H6": "%"}, "H6", ["'%' should be 'share'"]),
    "a row twice": ({"A7": 1}, "A7", ["row number 1 appears twice", "row 6"]),
    "a row that was added": ({"A40": 35, "F40": 1}, "A40", ["'35' is not a row number", "1 to 34"]),
    "a row without a number": ({"F40": 1}, "A40", ["the row number is missing"]),
    "a group without what it is about": ({"D30": "women", "F30": 1, "G30": 2}, "D30", ["'women'", "'sex: women'"]),
    "a group that is a formula": ({"D30": "=A1:B2", "F30": 1, "G30": 2}, "D30", ["is not a group"]),
    "a group that isn't named": ({"F30": 1, "G30": 2}, "D30", ["is not named"]),
    "a moved heading": ({"E5": "Unit", "H5": "Period"}, "H5", ["'Period' belongs in column E"]),
    "a renamed heading": ({"F5": "Numerator"}, "F5", ["should be 'Count (numerator)', but is 'Numerator'"]),
    "a doubled heading": ({"K5": "State"}, "K5", ["'State' appears twice"]),
    "another organisation's sheet": (
        {"A2": "Other Trust (RYY)"},
        "A2",
        ["Other Trust (RYY)", "Example Trust (DEMO-X1)"],
    ),
}


@pytest.mark.parametrize("case", CELLS)
def test_a_wrong_cell_is_named_with_what_is_wrong(case: str, tmp_path: Path) -> None:
    typed, cell, words = CELLS[case]
    error = refused(fill(made(tmp_path), {"ESR": typed}))
    told = [str(problem) for problem in error.problems if problem.place == f"sheet 'ESR', cell {cell}"]
    assert len(told) == 1, error
    for word in words:
        assert word in told[0]


def test_a_count_is_out_of_nothing(tmp_path: Path) -> None:
    error = refused(fill(made(tmp_path), {"Placement register": {"F6": 3, "G6": 10, "F7": 2.5}}))
    assert [problem.place for problem in error.problems] == [
        "sheet 'Placement register', cell G6",
        "sheet 'Placement register', cell F7",
    ]
    assert "with no denominator" in str(error)


def test_two_rows_of_one_group_are_told(tmp_path: Path) -> None:
    rows = {"D30": "race: Asian", "F30": 1, "G30": 9, "D33": "Race:  asian", "F33": 2, "G33": 9}
    (problem,) = refused(fill(made(tmp_path), {"ESR": rows})).problems
    assert str(problem).startswith("sheet 'ESR', cell D33: the same group is also in sheet 'ESR', cell D30")


def test_all_problems_of_all_sheets_are_told_at_once(tmp_path: Path) -> None:
    path = fill(made(tmp_path), {"ESR": {"F6": "x", "F7": "y", "I30": "?"}, "Placement register": {"F6": -1}})
    places = [problem.place for problem in refused(path).problems]
    assert places == [
        *(f"sheet 'ESR', cell {cell}" for cell in ("F6", "F7", "I30")),
        "sheet 'Placement register', cell F6",
    ]


def _rename(sheet: str, title: str) -> Callable[[openpyxl.Workbook], object]:
    def how(book: openpyxl.Workbook) -> None:
        book[sheet].title = title

    return how


def _set(sheet: str, label: str, value: object) -> Callable[[openpyxl.Workbook], object]:
    """Change the cell beside a label of column A, or below a column name in the listing."""

    def how(book: openpyxl.Workbook) -> None:
        for row in book[sheet].iter_rows():
            for cell in row:
                if cell.value == label:
                    beside = sheet == "Read me"
                    book[sheet].cell(cell.row + (not beside), cell.column + beside).value = value
                    return

    return how


BOOKS: dict[str, tuple[Callable[[openpyxl.Workbook], object], list[str]]] = {
    "a sheet renamed": (_rename("ESR", "Sheet1"), ["sheet 'Sheet1': should be called 'ESR'"]),
    "a sheet deleted": (lambda book: book.remove(book["ESR"]), ["sheet 'ESR': is missing"]),
    "a sheet too many": (
        lambda book: book.copy_worksheet(book["ESR"]),
        ["sheet 'ESR Copy': looks like a sheet of figures, but does not belong to this workbook"],
    ),
    "no instructions": (lambda book: book.remove(book["Read me"]), ["sheet 'Read me': is missing", "template again"]),
    "no definitions": (lambda book: book.remove(book["What to count"]), ["sheet 'What to count': is missing"]),
    "column names deleted": (lambda book: book["ESR"].delete_rows(HEADER_ROW), ["the column names are missing"]),
    "another organisation's code": (
        _set("Read me", "Organisation code", "RYY"),
        ["sheet 'Read me', cell B", "the code is 'RYY', but the sheets are for DEMO-X1"],
    ),
    "no code": (_set("Read me", "Organisation code", None), ["'Read me', cell B", "'Organisation code' is empty"]),
    "a newer template": (_set("Read me", "Template", "2"), ["made from template 2", "only template 1"]),
    "a changed digest": (_set("Read me", "Layout digest", "0" * 64), ["does not match this workbook"]),
    "no day": (_set("Read me", "Figures taken on", "soon"), ["'soon' is not a date", "30/04/2026"]),
    "an unknown measure": (
        _set("What to count", "Series", "yung-share"),
        ["sheet 'What to count', cell M5: 'yung-share' is not a known measure", "Did you mean 'young-share'?"],
    ),
    "another kind": (
        _set("What to count", "Kind", "ratio"),
        ["cell L5: 'ratio' is not a kind of measure", "share, rate, count"],
    ),
    "other periods": (_set("What to count", "First period", "2024-04"), ["does not match this workbook"]),
    "no periods": (_set("What to count", "First period", "last spring"), ["cell H5: 'last spring' is not a period"]),
    "periods backwards": (_set("What to count", "First period", "2027-04"), ["From 2027-04 to 2026-03"]),
    "endless periods": (_set("What to count", "First period", "0001-01"), ["From 0001-01 to 2026-03"]),
    "another unit": (_set("What to count", "Unit", "people"), ["does not match this workbook"]),
    "a definition's column renamed": (
        lambda book: book["What to count"].cell(4, 13, "Key"),
        ["sheet 'What to count': columns are missing: Series"],
    ),
}


@pytest.mark.parametrize("case", BOOKS)
def test_a_spoiled_workbook_is_refused_in_words(case: str, tmp_path: Path) -> None:
    how, words = BOOKS[case]
    text = str(refused(change(made(tmp_path), how)))
    for word in words:
        assert word in text


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ("xl/vbaProject.bin", "macros"),
        ("xl/macrosheets/sheet1.xml", "macros"),
        ("xl/activeX/activeX1.bin", "macros"),
        ("xl/externalLinks/externalLink1.xml", "linked to other files"),
        ("xl/connections.xml", "linked to other files"),
    ],
)
def test_what_acts_or_fetches_is_refused(part: str, words: str, tmp_path: Path) -> None:
    assert words in str(refused(with_part(made(tmp_path), part)))


def test_a_workbook_for_macros_is_refused_by_its_ending_too(tmp_path: Path) -> None:
    path = made(tmp_path)
    assert "Excel Workbook (.xlsx)" in str(refused(path.rename(tmp_path / "figures.xlsm")))


def test_a_zip_bomb_is_refused(tmp_path: Path) -> None:
    path = with_part(made(tmp_path), "xl/media/image1.bin")
    assert "figures.xlsx" in str(refused(_bomb(path)))


def _bomb(path: Path) -> Path:
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet99.xml", bytes(60_000_000))
    return path


def test_a_formula_is_read_as_the_value_stored_beside_it_and_said(tmp_path: Path) -> None:
    path = fill(made(tmp_path), {"ESR": {"F6": 57, "G6": 900}})
    sheet = "xl/worksheets/sheet3.xml"
    one = loaded(replaced(path, sheet, "<v>57</v>", "<f>1+1</f><v>57</v>"))
    assert one.observations["numerator"].tolist() == [57.0]
    assert any("a cell contains a formula" in note for note in one.notes)


def test_a_measure_without_an_amount_is_not_asked_for() -> None:
    with pytest.raises(InputError, match="pledge-published: is evidence"):
        asked_for("pledge-published", "young-share")
