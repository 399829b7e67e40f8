"""The small parts: readable names, the ODS and sickness readers on little files, the dictionary."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest

from t4c_lib.errors import UnknownNameError
from t4c_lib.evidence import Organisation, dictionary, dictionary_column
from t4c_lib.evidence.publications.ods_trusts import readable_name
from t4c_lib.framework import populations, series
from t4c_lib.periods import Month

from .evidence_files import STAFF, figures, ods, read_text, sickness, staff

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("capitals", "readable"),
    [
        ("NORTH LONDON NHS FOUNDATION TRUST", "North London NHS Foundation Trust"),
        ("GUY'S AND ST THOMAS' NHS FOUNDATION TRUST", "Guy's and St Thomas' NHS Foundation Trust"),
        (
            "THE QUEEN ELIZABETH HOSPITAL, KING'S LYNN, NHS TRUST",
            "The Queen Elizabeth Hospital, King's Lynn, NHS Trust",
        ),
        ("ROYAL BROMPTON & HAREFIELD NHS TRUST", "Royal Brompton & Harefield NHS Trust"),
        ("ISLE OF WIGHT NHS TRUST", "Isle of Wight NHS Trust"),
        ("THE NEWCASTLE UPON TYNE HOSPITALS", "The Newcastle upon Tyne Hospitals"),
        ("GREAT ORMOND STREET HOSPITAL FOR CHILDREN", "Great Ormond Street Hospital for Children"),
        ("BATH  AND  WEST-COUNTRY (EAST)", "Bath and West-Country (East)"),
        ("O'BRIEN HOUSE", "O'Brien House"),
        ("LOCALA CIC", "Locala CIC"),
        ("NAViGO Health and Social Care CIC", "NAViGO Health and Social Care CIC"),
        ("", ""),
    ],
)
def test_names_in_capitals_become_readable(capitals: str, readable: str) -> None:
    assert readable_name(capitals) == readable


def test_a_trust_has_region_ics_and_days_and_a_welsh_one_no_english_ics(tmp_path: Path) -> None:
    loaded = read_text(
        tmp_path,
        ods(
            ("RAA", "A NHS TRUST", "Y56", "QMJ", "20010401", "20241231"),
            ("RYT", "PUBLIC HEALTH WALES NHS TRUST", "W00", "Q99", "20091001", ""),
        ),
    )
    english, welsh = loaded.organisations
    assert english == Organisation(
        "RAA", "A NHS Trust", "NHS trust", "Y56", "QMJ", dt.date(2001, 4, 1), dt.date(2024, 12, 31), sector="NHS"
    )
    assert (welsh.type, welsh.region, welsh.ics, welsh.closed) == ("NHS trust (Wales)", "W00", "", None)
    assert english.is_open_on(dt.date(2024, 12, 31))
    assert not english.is_open_on(dt.date(2025, 1, 1))
    assert not english.is_open_on(dt.date(2001, 3, 31))


def test_nothing_available_is_not_applicable_nothing_given_is_missing_nothing_lost_is_zero(tmp_path: Path) -> None:
    loaded = read_text(
        tmp_path,
        sickness(
            "30/04/2024 | RAA | Acute | 0 | 0 | ",
            "30/04/2024 | RAB | Acute | | | ",
            "30/04/2024 | RAC | Acute | 0 | 900 | 0.00",
            "30/04/2024 | RAD | Acute | 9 | 900 | 1.00",
        ),
    )
    states = dict(zip(loaded.observations["organisation"], loaded.observations["state"], strict=True))
    assert states == {"RAA": "not applicable", "RAB": "missing", "RAC": "zero", "RAD": "counted"}
    counted = figures(loaded, organisation="RAD")
    assert (counted["numerator"].item(), counted["denominator"].item(), counted["value"].item()) == (9, 900, 0.01)


def test_all_staff_figures_say_that_they_are_a_proxy_for_support_staff(tmp_path: Path) -> None:
    loaded = read_text(tmp_path, sickness("30/04/2024 | RAA | Acute | 50 | 1000 | 5.00"))
    assert any("proxy" in note for note in loaded.notes)


def test_an_organisation_keeps_the_type_its_file_gives(tmp_path: Path) -> None:
    loaded = read_text(tmp_path, sickness("30/04/2024 | QMJ | Integrated Care Board | 50 | 1000 | 5.00"))
    assert loaded.organisations == (Organisation("QMJ", "Trust QMJ", "Integrated Care Board", "Y56", "QMJ"),)


def test_series_that_readers_make_are_series_of_the_framework(tmp_path: Path) -> None:
    known = {one.key: one.unit for one in series()}
    cells = {column.column: "" for column in dictionary() if column.column not in STAFF} | {"sex": "Female"}
    ends = [(Month(2025, 1) + step).last_day.isoformat() for step in range(13)]
    made = read_text(tmp_path, staff(*({**cells, "period_end": end} for end in ends))).observations
    assert set(made["series"]) == {
        "headcount", "joiners", "leavers", "young-share", "sickness", "turnover", "attainment",
        "support-qualifications", "local-diversity", "qualification-diversity", "support-to-registered",
        "apprenticeship-starts", "certificate-in-12-weeks", "certificate-waiting", "certificate-left-early",
        "certificate-by-week", "leavers-by-month-of-service",
        "band-3-progression", "band-3-re-banding", "band-3-not-told-apart",
    }  # fmt: skip
    assert all(known[one] == unit for one, unit in zip(made["series"], made["unit"], strict=True))
    assert set(made["population"]) == {"trust workforce", "support staff", "clinical support starters"}
    assert set(made["population"]) <= {one.name for one in populations()}


def test_the_dictionary_is_complete_in_itself() -> None:
    names = [column.column for column in dictionary()]
    assert len(set(names)) == len(names)
    for column in dictionary():
        assert re.fullmatch(r"[a-z][a-z_]*", column.column)
        assert column.type in {"date", "text", "choice", "number", "whole number"}
        assert column.description
        assert column.used_by
        assert column.blank_means
        assert (
            column.blank_means == "refused"
            or column.required != "yes"
            or column.column in {"contracted_fte", "leaving_date"}
        )
        if "number" in column.type:
            low, high = column.bounds
            assert low < high
        assert (column.type == "choice") == bool(column.choices)


def test_the_dictionary_holds_what_later_measures_need() -> None:
    names = {column.column for column in dictionary()}
    needed = (
        "period_end person_number department staff_group band age birth_year contracted_fte start_date leaving_date "
    )
    needed += "fte_days_lost fte_days_available highest_qualification_level apprenticeship care_certificate_date sex "
    needed += "ethnicity disability religion_or_belief sexual_orientation"
    assert set(needed.split()) <= names


def test_what_the_dictionary_says_a_column_is_used_by_is_a_series_of_the_framework() -> None:
    known = {one.key for one in series()}
    for column in dictionary():
        if not re.search("every series", column.used_by):
            assert set(column.used_by.split()) <= known, column.column


def test_an_unknown_column_is_told_with_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="start_date"):
        dictionary_column("startdate")


def test_a_place_is_no_employer_whatever_file_names_it() -> None:
    from t4c_lib.evidence import Organisation
    from t4c_lib.evidence.observation_frames import AREA_TYPE, ENGLAND, REGION_TYPE
    from t4c_lib.evidence.observations import AUTHORITY, PLACES

    assert {AREA_TYPE, AUTHORITY, ENGLAND.type, REGION_TYPE} == PLACES
    assert not ENGLAND.is_employer
    assert not Organisation("00L", "NHS Nowhere CCG", "Clinical commissioning group").is_employer
    assert Organisation("RWP", "Nowhere Trust", "Acute").is_employer
    assert Organisation("DEMO-AC", "Brackmere").is_employer
