"""The organisations themselves: made up beyond doubt, and each with the story its settings tell."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from t4c_lib.evidence import dictionary, read_files
from t4c_lib.periods import today
from t4c_lib.store import Store

Module = Callable[[str], Any]  # tests/demo/conftest.py: gives a module of the generator

CODES = ["DEMO-AC", "DEMO-MH", "DEMO-CO", "DEMO-AM", "DEMO-SP", "DEMO-SC"]


def support_share(staff: pd.DataFrame, code: str, day: str) -> float:
    in_month = (staff["organisation_code"] == code) & (staff["period_end"] == day)
    return float(staff.loc[in_month & staff["in_post"] & staff["support"], "young"].mean())


@pytest.mark.unit
def test_every_row_says_that_it_is_a_demonstration(staff: pd.DataFrame, module: Module) -> None:
    assert list(module("settings").read_settings().organisations) == CODES
    assert set(staff["organisation_code"]) == set(CODES)
    assert (staff["demonstration"] == "Yes").all()
    assert staff["organisation_name"].str.endswith(" (demonstration)").all()


@pytest.mark.law
def test_names_and_codes_are_those_of_no_real_organisation_or_place(module: Module, shared: Path) -> None:
    named: set[str] = set()
    codes: set[str] = set()
    for file in sorted((shared / "data" / "ods").glob("etr_*.csv")):
        with file.open(encoding="utf-8-sig", newline="") as lines:
            for row in csv.reader(lines):
                codes.add(row[0])
                named |= set(re.findall(r"[A-Z]+", " ".join(row[1:10]).upper()))
    places = (shared / "data" / "population" / "population20_ltla21.csv").read_text(encoding="utf-8-sig").upper()
    named |= set(re.findall(r"[A-Z]+", places))
    organisations = module("settings").read_settings().organisations
    for code, organisation in organisations.items():
        invented = organisation.name.split()[0].upper()
        assert invented not in named, organisation.name
        assert code not in codes
        assert "-" in code
    assert not any("-" in code for code in codes), "no official code holds a hyphen"


@pytest.mark.unit
def test_columns_are_those_of_the_dictionary_in_its_order(extracts: Path) -> None:
    known = [column.column for column in dictionary()]
    for file in extracts.glob("*_staff.csv.gz"):
        header = pd.read_csv(file, nrows=0).columns.tolist()
        assert header == [name for name in known if name in header], file.name


@pytest.mark.detail
@pytest.mark.flow
def test_the_readers_a_trust_would_use_take_every_extract(extracts: Path, staff: pd.DataFrame) -> None:
    loaded = read_files(sorted(extracts.glob("*_staff.csv.gz")))
    organisations = [organisation for one in loaded for organisation in one.organisations]
    assert {organisation.code for organisation in organisations} == set(CODES)
    assert all(organisation.demonstration for organisation in organisations)
    for one in loaded:
        (code,) = (organisation.code for organisation in one.organisations)
        seen = one.observations
        seen = seen[(seen["period"] == "2026-03") & (seen["breakdown"] == "all")].set_index(["series", "population"])
        now = staff[(staff["organisation_code"] == code) & (staff["period_end"] == "2026-03-31") & staff["in_post"]]
        assert seen.loc[("headcount", "trust workforce"), "value"] == len(now)
        assert seen.loc[("headcount", "support staff"), "value"] == now["support"].sum()
        assert seen.loc[("young-share", "trust workforce"), "numerator"] == now["young"].sum()
        told_of_a_gap = any("October 2024" in note and "December 2024" in note for note in one.notes)
        assert told_of_a_gap == (code == "DEMO-AM")


@pytest.mark.unit
def test_there_are_36_months_and_one_of_the_ambulance_trust_is_missing(staff: pd.DataFrame) -> None:
    months = staff.groupby("organisation_code")["period_end"].unique().map(set)
    every = set(pd.date_range("2023-04-30", "2026-03-31", freq="ME"))
    for code in CODES:
        missing = {pd.Timestamp("2024-11-30")} if code == "DEMO-AM" else set()
        assert months[code] == every - missing, code


@pytest.mark.unit
def test_the_share_rises_in_one_trust_and_falls_in_another(staff: pd.DataFrame) -> None:
    assert support_share(staff, "DEMO-AM", "2026-03-31") > support_share(staff, "DEMO-AM", "2023-04-30") + 0.005
    assert support_share(staff, "DEMO-CO", "2026-03-31") < support_share(staff, "DEMO-CO", "2023-04-30") - 0.015


@pytest.mark.unit
def test_the_mental_health_trust_takes_on_apprentices_every_september(staff: pd.DataFrame) -> None:
    rows = staff[staff["organisation_code"] == "DEMO-MH"]
    rows = rows[rows["joins"] & rows["support"] & rows["young"]]
    starts = rows.groupby(rows["period_end"].dt.month).size()
    assert starts.idxmax() == 9
    assert starts[9] >= 2 * starts.drop(9).max()


AGREED = {  # rows agreed by both sides, rows in all, re-opened, and how far the pledge is
    "DEMO-AC": (13, 74, 0, None),
    "DEMO-AM": (75, 75, 0, "published"),
    "DEMO-CO": (0, 74, 0, None),
    "DEMO-MH": (76, 78, 2, "published"),
    "DEMO-SC": (77, 77, 0, "signed by both sides"),
    "DEMO-SP": (0, 74, 0, None),
}


@pytest.mark.flow
def test_plans_that_are_said_to_be_agreed_and_signed_are_so_in_the_store(demonstration: Path) -> None:
    with Store.open(demonstration) as store:
        records = {code: store.partnership(code, today()) for code in AGREED}
    found = {
        code: (one.agreed, len(one.standings), len(one.reopened), one.pledge and str(one.pledge.state))
        for code, one in records.items()
    }
    assert found == AGREED
    assert records["DEMO-MH"].pledge_sentence == (
        "The pledge is published. Signed for management side by Aster Invented (Chief Executive) on 26 June 2025, for "
        "staff side by Hazel Unreal (Chair of Staff Side) on 26 June 2025."
    )
