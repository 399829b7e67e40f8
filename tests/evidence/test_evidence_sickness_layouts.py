"""Sickness absence in its other layouts: 2009 to 2022, for benchmarking by staff group, and by reason."""

from __future__ import annotations

import calendar
from pathlib import Path

import pytest

from t4c_lib.evidence import Loaded, read_files

from .layouts import SICKNESS_2009, SICKNESS_BENCHMARK, SICKNESS_REASONS
from .publication_files import as_csv, bars, picked, read_bytes, refused, rows_of, states

pytestmark = pytest.mark.unit


def test_the_file_of_2009_to_2022_gives_every_month_and_keeps_four_kinds_of_nothing_apart(tmp_path: Path) -> None:
    loaded = read_bytes(tmp_path, as_csv(bars(SICKNESS_2009)), "ESR_ABSENCE_CSV_NHSE.csv")
    assert loaded.source.publication == "sickness-2009-2022"
    april = picked(loaded, organisation="RAA", period="2009-04")
    assert (april["numerator"], april["denominator"], april["value"], april["state"]) == (50, 1000, 0.05, "counted")
    by_code = {code: picked(loaded, organisation=code, period="2022-03")["state"] for code in ("RAA", "RAB", "RAC")}
    assert by_code == {"RAA": "zero", "RAB": "not applicable", "RAC": "missing"}


def test_the_nine_months_recast_to_the_old_layout_give_the_same_figures(shared: Path, tmp_path: Path) -> None:
    paths = sorted((shared / "data/sickness").glob("*.csv"))
    rows = []
    for path in paths:
        for row in rows_of(path):
            day, month, year = row["DATE"].split("/")
            name = calendar.month_abbr[int(month)].upper()
            assert day == str(calendar.monthrange(int(year), int(month))[1])
            rows.append(
                {
                    "Date": f"{year}-{name}",
                    "Org Type": row["ORG_TYPE"],
                    "Org Code": row["ORG_CODE"],
                    "Org Name": row["ORG_NAME"],
                    "FTE Days Sick": row["FTE_DAYS_LOST"],
                    "FTE Days Available": row["FTE_DAYS_AVAILABLE"],
                    "SA Rate (%)": row["SICKNESS_ABSENCE_RATE_PERCENT"],
                }
            )
    old = read_bytes(tmp_path, as_csv(rows), "old.csv").observations
    key = ["organisation", "period"]
    new = [one.observations for one in read_files(paths)]
    assert len(old) == sum(len(one) for one in new) == len(rows)
    values = {tuple(row) for one in new for row in one[[*key, "value"]].itertuples(index=False, name=None)}
    assert values == {tuple(row) for row in old[[*key, "value"]].itertuples(index=False, name=None)}


def test_a_rate_made_of_unrounded_days_may_differ_by_what_rounding_explains_and_no_more(tmp_path: Path) -> None:
    def old(rate: str) -> str:
        return as_csv(bars(SICKNESS_2009.replace("50            | 1000               | 5.00", f"50 | 1000 | {rate}")))

    assert read_bytes(tmp_path, old("5.04"), "a.csv").source.rows == 4
    assert "5.1 percent is given" in refused(tmp_path, old("5.10"), "b.csv")


def test_benchmarking_gives_staff_groups_and_an_empty_cell_is_hidden(tmp_path: Path) -> None:
    loaded = read_bytes(tmp_path, as_csv(bars(SICKNESS_BENCHMARK)), "benchmarking.csv")
    assert loaded.source.publication == "sickness-benchmarking"
    assert picked(loaded, population="trust workforce", breakdown="all")["value"] == 0.05
    support = picked(loaded, population="support to clinical staff")
    assert (support["value"], support["breakdown"]) == (0.03, "staff group=Support to doctors, nurses & midwives")
    assert states(loaded, "sickness", "staff group=Midwives") == {"RAA": "suppressed"}
    assert states(loaded, "sickness", "staff group=Managers") == {"RAA": "zero"}
    assert any("1 row withheld by the publisher" in note for note in loaded.notes)
    (organisation,) = loaded.organisations
    assert (organisation.type, organisation.region) == ("Acute", "Y56")


def test_benchmarking_of_december_2021_has_other_names_and_the_same_figures(tmp_path: Path) -> None:
    names = {
        "DATE": "Tm End Date",
        "ORG_CODE": "Org code",
        "ORG_NAME": "Org name",
        "STAFF_GROUP": "Staff group",
        "FTE_DAYS_LOST": "FTE days lost",
        "FTE_DAYS_AVAILABLE": "FTE days available",
        "SICKNESS_ABSENCE_RATE_PERCENT": "Sickness absence rate (%)",
    }
    rows = [{names[name]: value for name, value in row.items() if name in names} for row in bars(SICKNESS_BENCHMARK)]
    older = read_bytes(tmp_path, as_csv(rows), "a.csv")
    assert older.source.publication == "sickness-benchmarking-2021"
    assert older.observations.equals(read_bytes(tmp_path, as_csv(bars(SICKNESS_BENCHMARK)), "b.csv").observations)


def test_a_groups_days_that_stand_on_every_reason_are_taken_once(tmp_path: Path) -> None:
    loaded = read_bytes(tmp_path, as_csv(bars(SICKNESS_REASONS)), "reasons.csv")
    assert loaded.source.publication == "sickness-by-reason"
    whole = picked(loaded, organisation="RAA", breakdown="all")
    assert (whole["numerator"], whole["denominator"], whole["value"]) == (60, 1000, 0.06)
    back = picked(loaded, organisation="RAA", breakdown="reason=S11 Back")
    assert (back["numerator"], back["denominator"], back["value"]) == (20, 1000, 0.02)
    assert picked(loaded, organisation="RAA", breakdown="reason=S13 Cold")["state"] == "zero"
    reasons = loaded.observations[loaded.observations["breakdown"].str.startswith("reason=")]
    assert reasons[reasons["organisation"] == "RAA"]["numerator"].sum() == whole["numerator"]


def test_rows_of_all_organisations_are_the_region_or_england(tmp_path: Path) -> None:
    loaded = read_bytes(tmp_path, as_csv(bars(SICKNESS_REASONS)), "reasons.csv")
    assert {one.code: one.type for one in loaded.organisations} == {
        "RAA": "", "Y56": "NHS England region", "E92000001": "Country",
    }  # fmt: skip
    assert picked(loaded, organisation="E92000001", breakdown="all")["denominator"] == 9000


BROKEN: dict[str, tuple[str, tuple[str, str], list[str]]] = {
    "a month that is none": (
        SICKNESS_2009,
        ("2009-APR", "2009-APX"),
        ["row 2, column Date", "'2009-APX' is not a month such as"],
    ),
    "a wrong code": (SICKNESS_2009, ("RAB", "R-B"), ["row 4, column Org Code", "'R-B' is not an ODS code"]),
    "a month twice": (
        SICKNESS_2009,
        ("2009-APR", "2022-MAR"),
        ["row 3, column Org Code", "same organisation and month as in row 2"],
    ),
    "an old rate": (SICKNESS_2009, ("| 5.00", "| 50.0"), ["row 2, column SA Rate (%)", "gives 5.00 percent"]),
    "half hidden": (
        SICKNESS_BENCHMARK,
        ("12           | 400", "             | 400"),
        ["row 3, column FTE_DAYS_LOST", "only one of"],
    ),
    "a rate of hidden days": (
        SICKNESS_BENCHMARK,
        ("Midwives                             |               |                    |", "Midwives | | | 4"),
        ["row 4, column SICKNESS_ABSENCE_RATE_PERCENT", "without its days"],
    ),
    "a group twice": (
        SICKNESS_BENCHMARK,
        ("Managers", "Midwives"),
        ["row 5", "same organisation, staff group and month as in row 4"],
    ),
    "another total on a reason": (
        SICKNESS_REASONS,
        ("S11 Back         | 1000               | 60", "S11 Back | 1000 | 61"),
        ["row 3, column FTE_DAYS_LOST", "61 here, but 60 in row 2 for the same staff group"],
    ),
    "more for a reason than in all": (
        SICKNESS_REASONS,
        ("60            | 40", "60 | 70"),
        ["row 2, column FTE_DAYS_LOST_REASON", "70 days lost for one reason are more than the 60 lost in all"],
    ),
    "a reason twice": (SICKNESS_REASONS, ("S11 Back ", "S10 Anxiety "), ["row 3, column REASON", "as in row 2"]),
    "a code that is none": (SICKNESS_REASONS, ("RAA ", "R A "), ["column ORG_CODE", "'R A' is not a code", "or 'All'"]),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_file_is_refused_in_words_that_help(case: str, tmp_path: Path) -> None:
    table, change, words = BROKEN[case]
    assert change[0] in table
    message = refused(tmp_path, as_csv(bars(table.replace(change[0], change[1], 1))), "file.csv")
    missing = [word for word in words if word not in message]
    assert not missing, f"{missing} not in:\n{message}"


def test_every_layout_of_sickness_is_known_for_itself(tmp_path: Path) -> None:
    found: list[Loaded] = [
        read_bytes(tmp_path, as_csv(bars(table)), "a.csv")
        for table in (SICKNESS_2009, SICKNESS_BENCHMARK, SICKNESS_REASONS)
    ]
    assert len({one.source.publication for one in found}) == 3


def test_two_names_for_one_group_are_not_two_figures(tmp_path: Path) -> None:
    rows = bars(SICKNESS_REASONS)
    rows[1]["STAFF_GROUP"] = "All"
    message = refused(tmp_path, as_csv(rows), "file.csv")
    assert "RAA, sickness, trust workforce, all, 2024-05: two rows of the file give this same figure" in message
    assert "under two names" in message
