"""NHS workforce statistics: Core 1, Core 5, the monthly CSV, and staff by nationality."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from t4c_lib.evidence import read_files
from t4c_lib.evidence.breakdowns import is_whole, plain, whom

from .layouts import CORE_1, CORE_5, MONTHLY, NATIONALITY
from .publication_files import as_csv, as_workbook, bars, picked, read_bytes, refused

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("002_Nurses & health visitors", "Nurses & health visitors"),
        ("Nurses  & health visitors ", "Nurses & health visitors"),
        ("Junior doctors", "resident doctors"),
        ("Band 8a", "Band 8a"),
    ],
)
def test_a_group_is_told_in_one_way_whatever_the_edition(text: str, bare: str) -> None:
    assert plain(text) == bare


def test_whom_a_staff_group_is_about() -> None:
    support = "support to clinical staff"
    assert whom("All staff groups") == ("trust workforce", "all")
    assert whom("000_All staff groups", "002_Support to clinical staff") == (support, "all")
    assert whom("Support to ST&T staff") == (support, "staff group=Support to ST&T staff")
    assert whom("Managers", "x", "band=Band 8a", "all", "") == ("trust workforce", "staff group=Managers; band=Band 8a")
    assert [is_whole(text) for text in ("Total", "All grades", "000_All", "Allied health")] == [True, True, True, False]


def test_core_1_tells_parents_as_printed_and_never_adds_them_to_their_children(tmp_path: Path) -> None:
    loaded = read_bytes(tmp_path, as_csv(bars(CORE_1)), "core 1.csv")
    assert loaded.source.publication == "workforce-core-1"
    guys = loaded.observations[(loaded.observations["organisation"] == "RJ1")]
    fte = guys[guys["series"] == "fte"].set_index(["population", "breakdown"])["value"]
    assert fte["trust workforce", "all"] == 40
    assert fte["support to clinical staff", "all"] == 14
    children = fte["support to clinical staff"].drop("all")
    assert children.sum() == 14
    people = guys[guys["series"] == "headcount"].set_index(["population", "breakdown"])["value"]
    assert people["support to clinical staff", "all"] == 17  # one person works in two groups
    states = guys[guys["series"] == "fte"].set_index("breakdown")["state"]
    assert states["staff group=Support to ambulance staff"] == "zero"
    assert states["staff group=Managers"] == "missing"


def test_core_1_keeps_an_ics_area_apart_from_the_board_of_the_same_code(tmp_path: Path) -> None:
    loaded = read_bytes(tmp_path, as_csv(bars(CORE_1)), "core 1.csv")
    whole = {"series": "headcount", "population": "trust workforce", "breakdown": "all"}
    found = {
        code: picked(loaded, organisation=code, **whole)["value"] for code in ("ICS-QKK", "QKK", "Y56", "E92000001")
    }
    assert found == {"ICS-QKK": 60, "QKK": 6, "Y56": 100, "E92000001": 1000}
    assert {one.code: one.type for one in loaded.organisations}["ICS-QKK"] == "ICS area"


def test_core_5_gives_support_staff_as_bands_1_to_4_and_leaves_parents_out(tmp_path: Path) -> None:
    loaded = read_bytes(tmp_path, as_csv(bars(CORE_5)), "core 5.csv")
    assert loaded.source.publication == "workforce-core-5"
    fte = {"series": "fte", "organisation": "RJ1"}
    assert picked(loaded, population="support staff", breakdown="all", **fte)["value"] == 10.5 + 5 + 3
    assert picked(loaded, population="support to clinical staff", breakdown="all", **fte)["value"] == 17.5
    assert picked(loaded, population="support to clinical staff", breakdown="band=Band 2", **fte)["value"] == 10.5
    assert picked(loaded, population="trust workforce", breakdown="band=Band 4", **fte)["value"] == 3
    assert picked(loaded, population="support staff", series="headcount")["value"] == 20
    assert any("1 total rows" in note for note in loaded.notes)


def test_core_5_has_no_sum_of_which_a_part_is_not_known(tmp_path: Path) -> None:
    loaded = read_bytes(tmp_path, as_csv(bars(CORE_5.replace("| 10.5 |", "|      |"))), "core 5.csv")
    assert picked(loaded, population="support staff", series="fte")["state"] == "missing"
    assert picked(loaded, population="support staff", series="headcount")["value"] == 20


def test_the_excerpt_of_core_5_adds_up(shared: Path) -> None:
    (loaded,) = read_files([shared / "data/workforce/core5_org_oct25_excerpt.csv"])
    assert loaded.source.rows == 4
    nurses = {"breakdown": "staff group=Nurses & health visitors", "period": "2025-10", "organisation": "RJ1"}
    assert picked(loaded, series="fte", **nurses)["value"] == pytest.approx(2.8 + 7 + 1790.07583 + 5)
    assert picked(loaded, series="headcount", **nurses)["value"] == 3 + 7 + 1869 + 5
    assert picked(loaded, series="headcount", population="support staff")["value"] == 7


def test_the_monthly_file_tells_fte_from_people_and_needs_no_ics(tmp_path: Path) -> None:
    loaded = read_bytes(tmp_path, as_csv(bars(MONTHLY)), "monthly.csv")
    assert loaded.source.publication == "workforce-monthly"
    assert picked(loaded, series="fte", breakdown="all")["value"] == 40.25
    assert picked(loaded, series="headcount", breakdown="all", period="2025-08")["value"] == 50
    assert picked(loaded, period="2009-09")["state"] == "zero"
    rows = [{**row, "ICS code": "QKK", "ICS name": "SE"} for row in bars(MONTHLY)]
    with_ics = read_bytes(tmp_path, as_csv(rows), "newer.csv")
    assert with_ics.organisations[0].ics == "QKK"
    assert with_ics.observations.equals(loaded.observations)


def test_nationality_is_added_up_over(tmp_path: Path) -> None:
    loaded = read_bytes(tmp_path, as_workbook({"Notes": [["x"]], "Data": NATIONALITY}))
    assert loaded.source.publication == "staff-by-nationality"
    one = {"organisation": "RAA", "series": "fte"}
    assert picked(loaded, population="trust workforce", breakdown="all", **one)["value"] == 17.5
    assert picked(loaded, population="support to clinical staff", breakdown="all", **one)["value"] == 13.5
    group = "staff group=Support to doctors, nurses & midwives"
    assert picked(loaded, population="support to clinical staff", breakdown=group, **one)["value"] == 12.5
    assert picked(loaded, organisation="00J", breakdown="all")["state"] == "zero"
    assert {one.code: one.type for one in loaded.organisations} == {
        "RAA": "NHS trust", "00J": "Clinical commissioning group",
    }  # fmt: skip


def test_the_workbook_of_81603_rows_is_read_whole(shared: Path) -> None:
    (path,) = (shared / "data/workforce").glob("hchs-staff-*.xlsx")
    (loaded,) = read_files([path])
    assert loaded.source.rows == 81_603
    trusts = [one for one in loaded.organisations if one.type == "NHS trust"]
    assert (len(loaded.organisations), len(trusts)) == (438, 234)
    everyone = loaded.observations[
        (loaded.observations["population"] == "trust workforce") & (loaded.observations["breakdown"] == "all")
    ]
    assert everyone["value"].sum() == pytest.approx(2_114_580.148, abs=0.01)
    groups = loaded.observations[loaded.observations["breakdown"] != "all"]
    assert len(set(groups["breakdown"])) == 13
    assert groups["value"].sum() == pytest.approx(everyone["value"].sum())
    assert set(loaded.observations["period"]) == {"2017-09", "2018-06"}


def test_support_staff_of_a_trust_is_what_another_library_reads(shared: Path) -> None:
    import openpyxl

    (path,) = (shared / "data/workforce").glob("hchs-staff-*.xlsx")
    sheet = openpyxl.load_workbook(path, read_only=True)["Data"]
    total = sum(
        row[5]
        for row in sheet.iter_rows(min_row=2, values_only=True)
        if row[0] == "2018-JUN" and row[1] == "RJ1" and str(row[3]).startswith("Support to ")
    )
    (loaded,) = read_files([path])
    found = picked(
        loaded, organisation="RJ1", period="2018-06", population="support to clinical staff", breakdown="all"
    )
    assert found["value"] == pytest.approx(total)


BROKEN: dict[str, tuple[str, tuple[str, str], list[str]]] = {
    "an unknown level": (CORE_1, ("ICS area", "ICS aera"), ["row 4, column DATA_LEVEL", "Did you mean 'ICS area'?"]),
    "no code": (CORE_1, (" RJ1 ", "     "), ["column ORG_CODE", "is blank on a row with level 'Organisation'"]),
    "half a person": (CORE_1, ("| 1000", "| 1000.5"), ["row 2, column HEADCOUNT", "'1000.5' is not a whole number"]),
    "a group twice": (
        CORE_1,
        ("Support to ST&T staff                ", "Support to doctors, nurses & midwives"),
        ["row 9, column STAFF_GROUP_1", "as in row 8"],
    ),
    "a hidden figure": (CORE_1, ("| 900.5", "| *"), ["row 2, column FTE", "'*' is not a number"]),
    "not a month's end": (CORE_5, ("2025-10-31", "2025-10-01"), ["DATA_MONTH", "not the last day of a month"]),
    "a row twice": (
        CORE_5,
        ("Band 3          ", "Band 2          "),
        ["row 3, column GRADE", "level and grade as in row 2"],
    ),
    "another data type": (
        MONTHLY,
        ("| FTE       | 10", "| WTE | 10"),
        ["row 4, column Data Type", "'WTE' is not one of"],
    ),
    "a broken headcount": (MONTHLY, ("| 50", "| 50.5"), ["row 3, column Total", "50.5 is given as a headcount"]),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_file_is_refused_in_words_that_help(case: str, tmp_path: Path) -> None:
    table, change, words = BROKEN[case]
    assert change[0] in table
    message = refused(tmp_path, as_csv(bars(table.replace(change[0], change[1], 1))), "file.csv")
    missing = [word for word in words if word not in message]
    assert not missing, f"{missing} not in:\n{message}"


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (
            ["2018-JUM", "RAA", "A", "Managers", "Irish", 1],
            ["row 7, column Month", "'2018-JUM' is not a month such as"],
        ),
        (["2018-JUN", "RAA", "A", "Managers", "British", 1], ["row 7, column Nationality", "as in row 5"]),
        (["2018-JUN", "RAA", "A", "Managers", "Irish", None], ["row 7, column FTE", "is blank"]),
        (["2018-JUN", "RAA", "A", "Managers", "Irish", -1], ["row 7, column FTE", "'-1' is out of range"]),
        (["2018-JUN", "RAA", "A", "Managers", "Irish", "*"], ["row 7, column FTE", "'*' is not a number"]),
    ],
)
def test_a_broken_workbook_is_refused_by_sheet_row_and_column(
    row: list[object], words: list[str], tmp_path: Path
) -> None:
    message = refused(tmp_path, as_workbook({"Data": [*NATIONALITY, row]}))
    missing = [word for word in ["sheet 'Data'", *words] if word not in message]
    assert not missing, f"{missing} not in:\n{message}"


def test_a_csv_of_the_workbooks_sheet_is_not_taken_for_another_publication(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    with path.open("w", newline="") as file:
        csv.writer(file).writerows(NATIONALITY)
    message = refused(tmp_path, path.read_text(), "x.csv")
    assert "doesn't match any publication" in message
