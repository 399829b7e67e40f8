"""Turnover of England by age and band, and of organisations, in the layouts that are known."""

from __future__ import annotations

from pathlib import Path

import pytest

from t4c_lib.evidence import read_files

from .layouts import TURNOVER_AGES, TURNOVER_WIDE
from .publication_files import as_csv, bars, picked, read_bytes, refused, rows_of

pytestmark = pytest.mark.unit

SUPPORT = {"population": "support to clinical staff"}
NURSES = "staff group=Support to doctors, nurses & midwives"


def test_turnover_is_leavers_over_the_mean_of_start_and_end(tmp_path: Path) -> None:
    loaded = read_bytes(tmp_path, as_csv(bars(TURNOVER_AGES)), "turnover.csv")
    assert loaded.source.publication == "turnover-by-age"
    rate = picked(loaded, series="turnover", breakdown="all", **SUPPORT)
    assert (rate["numerator"], rate["denominator"], rate["value"]) == (12, 120, 0.1)
    assert picked(loaded, series="leavers-over-end", breakdown="all")["value"] == pytest.approx(12 / 140)
    assert picked(loaded, series="headcount", period="2024-10")["value"] == 100
    assert picked(loaded, series="joiners-12-months")["value"] == 52


def test_people_whose_age_is_unknown_are_not_in_the_share_aged_16_to_24(tmp_path: Path) -> None:
    share = picked(read_bytes(tmp_path, as_csv(bars(TURNOVER_AGES)), "turnover.csv"), series="young-share")
    assert (share["numerator"], share["denominator"]) == (30, 130)


def test_an_absent_row_is_zero_only_where_the_others_make_up_the_total(tmp_path: Path) -> None:
    loaded = read_bytes(tmp_path, as_csv(bars(TURNOVER_AGES)), "turnover.csv")
    oldest = picked(loaded, series="headcount", period="2025-10", breakdown="age=65+")
    assert (oldest["value"], oldest["state"]) == (0, "zero")
    leavers = loaded.observations[loaded.observations["series"] == "leavers-12-months"]
    assert set(leavers["breakdown"]) == {"all", "age=16-24"}  # 5 of 12: who the others were is not known
    assert any("4 age bands without a row are zero" in note for note in loaded.notes)


def test_the_published_figures_of_england_are_reproduced(shared: Path) -> None:
    (loaded,) = read_files([shared / "data/turnover/turnover2_support_to_clinical_202410_202510_excerpt.csv"])
    assert loaded.source.rows == 55
    now = {"period": "2025-10", "organisation": "E92000001"}
    whole = picked(loaded, series="young-share", breakdown="all", **SUPPORT, **now)
    assert (whole["numerator"], whole["denominator"], round(whole["value"], 3)) == (32_836, 467_063, 0.070)
    nurses = picked(loaded, series="young-share", breakdown=NURSES, **now)
    assert (nurses["numerator"], nurses["denominator"], round(nurses["value"], 3)) == (19_430, 338_814, 0.057)
    left = picked(loaded, series="leavers-12-months", breakdown=NURSES, **now)
    assert left["value"] == 35_965
    over_end = {"series": "leavers-over-end", **now}
    assert round(picked(loaded, breakdown=NURSES, **over_end)["value"], 3) == 0.106
    assert round(picked(loaded, breakdown=f"{NURSES}; age=16-24", **over_end)["value"], 3) == 0.236
    assert "turnover" not in set(loaded.observations["series"])  # the excerpt has no headcount at the start


def test_every_figure_of_the_excerpt_is_an_observation(shared: Path) -> None:
    path = shared / "data/turnover/turnover2_support_to_clinical_202410_202510_excerpt.csv"
    (loaded,) = read_files([path])
    observed = loaded.observations
    for kind, series in (("Denominator at end of period", "headcount"), ("Leavers", "leavers-12-months")):
        printed = sum(float(row["HC"]) for row in rows_of(path) if row["TYPE"] == kind)
        assert observed[observed["series"] == series]["value"].sum() == printed


def test_the_month_of_organisations_is_read_as_it_was_reshaped(shared: Path) -> None:
    path = shared / "data/turnover/turnover_org_month_202308_excerpt.csv"
    (loaded,) = read_files([path])
    assert (loaded.source.publication, loaded.source.rows) == ("turnover-by-organisation-wide", 21)
    month = {"organisation": "R0A", "period": "2023-08", "breakdown": NURSES}
    found = {series: picked(loaded, series=series, **month)["value"] for series in ("leavers", "joiners", "headcount")}
    assert found == {"leavers": 77, "joiners": 139, "headcount": 6117}
    assert picked(loaded, organisation="QE1", series="leavers")["state"] == "missing"
    assert "turnover" not in set(loaded.observations["series"])


def test_the_month_recast_to_the_layout_for_benchmarking_gives_the_same_figures(shared: Path, tmp_path: Path) -> None:
    path = shared / "data/turnover/turnover_org_month_202308_excerpt.csv"
    rows = []
    for row in rows_of(path):
        same = {
            name.upper(): row[name] for name in ("org_code", "org_name", "nhse_region_code", "ics_code", "staff_group")
        }
        for kind, people, fte in (
            ("Leavers", row["leavers_hc"], row["leavers_fte"]),
            ("Joiners", row["joiners_hc"], ""),
            ("Denoms", row["denom_end_hc"], row["denom_end_fte"]),
        ):
            if people:
                period = "31/08/2023" if kind == "Denoms" else "202307 to 202308"
                rows.append({"PERIOD": period, "TYPE": kind, **same, "HC": people, "FTE": fte})
    long = read_bytes(tmp_path, as_csv(rows), "monthly turnover.csv")
    assert long.source.publication == "turnover-by-organisation"
    (wide,) = read_files([path])
    known = wide.observations[wide.observations["state"] != "missing"].reset_index(drop=True)
    assert long.observations.equals(known)


def test_the_benchmarking_columns_may_hold_percent_signs_and_rates_above_one(tmp_path: Path) -> None:
    loaded = read_bytes(tmp_path, as_csv(bars(TURNOVER_WIDE)), "benchmark.csv")
    assert loaded.source.publication == "turnover-by-organisation-wide"
    assert picked(loaded, organisation="RAA", series="leavers-over-end")["value"] == 1.1
    assert picked(loaded, organisation="RAA", series="turnover")["value"] == pytest.approx(55 / 75)
    assert picked(loaded, organisation="RAA", series="stability")["value"] == 0.45
    assert picked(loaded, organisation="RAA", series="headcount", period="2024-03")["value"] == 100
    assert picked(loaded, organisation="RAB", series="joiners-12-months")["state"] == "missing"


def test_a_headcount_at_the_start_gives_way_to_the_months_own_row(tmp_path: Path) -> None:
    rows = [
        {"period_end": month, "org_code": "RAA", "org_name": "A", "staff_group": "Managers", "leavers_hc": "1",
         "joiners_hc": "1", "denom_start_hc": start, "denom_end_hc": end}
        for month, start, end in (("202307", "9", "10"), ("202308", "11", "12"))
    ]  # fmt: skip
    loaded = read_bytes(tmp_path, as_csv(rows), "months.csv")
    people = loaded.observations[loaded.observations["series"] == "headcount"].set_index("period")["value"]
    assert people.to_dict() == {"2023-06": 9, "2023-07": 10, "2023-08": 12}


BROKEN: dict[str, tuple[str, tuple[str, str], list[str]]] = {
    "a span of another length": (
        TURNOVER_AGES,
        ("202410 to 202510", "202409 to 202510"),
        ["PERIOD", "is not a 12-month period"],
    ),
    "an unknown type": (TURNOVER_AGES, ("Leavers  ", "Leaver   "), ["row 7, column TYPE", "Did you mean 'Leavers'?"]),
    "an unknown age": (TURNOVER_AGES, ("Under 25", "Under 26"), ["row 4, column AGE_BAND", "Did you mean 'Under 25'?"]),
    "a figure twice": (
        TURNOVER_AGES,
        ("25 to 34", "Under 25"),
        ["row 5, column AGE_BAND", "the same figure as in row 4"],
    ),
    "half a leaver": (TURNOVER_AGES, ("| 12  |", "| 12.5 |"), ["row 7, column HC", "is not a whole number"]),
    "a rate that the figures don't make": (
        TURNOVER_WIDE,
        ("110.0%", "101.0%"),
        ["row 2, column LEAVER_RATE", "1.010000 is given", "give 1.100000"],
    ),
    "percent sign missing": (TURNOVER_WIDE, ("110.0%", "110.0"), ["row 2, column LEAVER_RATE", "percent sign missing"]),
    "a rate in words": (TURNOVER_WIDE, ("110.0%", "high"), ["column LEAVER_RATE", "'high' is not a rate such as"]),
    "a stability above one": (TURNOVER_WIDE, ("45.0%", "145%"), ["column STABILITY_INDEX", "1.45 is above 1"]),
    "a span of five months": (
        TURNOVER_WIDE,
        ("202403 to 202503", "202410 to 202503"),
        ["PERIOD_END", "12-month period"],
    ),
    "an organisation twice": (TURNOVER_WIDE, ("RAB", "RAA"), ["row 3, column ORG_CODE", "as in row 2"]),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_file_is_refused_in_words_that_help(case: str, tmp_path: Path) -> None:
    table, change, words = BROKEN[case]
    assert change[0] in table
    message = refused(tmp_path, as_csv(bars(table.replace(change[0], change[1], 1))), "file.csv")
    missing = [word for word in words if word not in message]
    assert not missing, f"{missing} not in:\n{message}"


def test_a_broken_row_of_the_long_layout_is_refused(tmp_path: Path) -> None:
    row = {
        "PERIOD": "202308",
        "TYPE": "Leaver",
        "ORG_CODE": "RAA",
        "ORG_NAME": "A",
        "STAFF_GROUP": "All",
        "HC": "x",
        "FTE": "",
    }
    message = refused(tmp_path, as_csv([row]), "file.csv")
    assert "Did you mean 'Leavers'?" in message
    assert "row 2, column HC: 'x' is not a number" in message
