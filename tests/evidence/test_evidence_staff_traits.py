"""Qualifications and declared characteristics, by department and band."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from t4c_lib.evidence import Loaded

from .evidence_files import figures, read_text, staff

pytestmark = pytest.mark.unit


def shares(loaded: Loaded, series: str, population: str) -> dict[str, tuple[float, float, str]]:
    """For each breakdown numerator, denominator and state."""
    found = figures(loaded, series=series, population=population)
    columns = (found[name] for name in ("breakdown", "numerator", "denominator", "state"))
    return {breakdown: (part, whole, state) for breakdown, part, whole, state in zip(*columns, strict=True)}


def people(*cells: dict[str, str]) -> str:
    return staff(*({"person_number": f"P{at}", **one} for at, one in enumerate(cells)))


def test_attainment_is_level_2_and_above_of_support_staff_in_post(tmp_path: Path) -> None:
    levels = ["0", "1", "2", "3", "8", ""]
    rows = [{"highest_qualification_level": level} for level in levels]
    gone = {"highest_qualification_level": "4", "leaving_date": "2026-03-31"}
    doctor = {"highest_qualification_level": "7", "band": "Non-AfC"}
    loaded = read_text(tmp_path, people(*rows, gone, doctor))
    found = shares(loaded, "attainment", "support staff")
    assert found["all"] == found["level=2+"] == (3, 6, "counted")
    assert found["level=1+"][:2] == (4, 6)
    assert found["level=4+"][:2] == (1, 6)
    assert shares(loaded, "attainment", "trust workforce")["all"] == (4, 7, "counted")
    number = figures(loaded, series="support-qualifications", breakdown="all")
    assert (number["value"].item(), number["unit"].item(), number["population"].item()) == (
        3,
        "people",
        "support staff",
    )


def test_levels_that_nobody_has_are_zero_and_levels_of_which_nothing_is_recorded_missing(tmp_path: Path) -> None:
    none = read_text(tmp_path, people({"highest_qualification_level": "0"}))
    assert shares(none, "attainment", "support staff")["all"] == (0, 1, "zero")
    unknown = figures(
        read_text(tmp_path, people({"highest_qualification_level": ""})), series="attainment", breakdown="all"
    )
    assert set(unknown["state"]) == {"missing"}
    assert unknown[["numerator", "denominator", "value"]].isna().all(axis=None)
    nobody = read_text(tmp_path, people({"highest_qualification_level": "3", "band": "Band 6"}))
    assert shares(nobody, "attainment", "support staff")["all"] == (0, 0, "not applicable")


def test_an_extract_without_the_columns_makes_no_such_figures_and_says_so(tmp_path: Path) -> None:
    loaded = read_text(tmp_path, staff({}))
    made = set(loaded.observations["series"])
    assert not made & {"attainment", "support-qualifications", "qualification-diversity", "certificate-in-12-weeks"}
    (note,) = [note for note in loaded.notes if note.startswith("columns not in the file")]
    for words in ("department (figures by department)", "highest_qualification_level (qualifications)", "(diversity)"):
        assert words in note


def test_a_group_is_out_of_those_who_answered_and_the_others_are_shown_apart(tmp_path: Path) -> None:
    told = ["Female", "Female", "Male", "Not stated", "Not stated", ""]
    loaded = read_text(tmp_path, people(*({"sex": sex} for sex in told)))
    found = shares(loaded, "local-diversity", "trust workforce")
    assert found["sex=Female"] == (2, 3, "counted")
    assert found["sex=Male"] == (1, 3, "counted")
    assert found["sex=Not stated"] == (2, 6, "counted")
    assert found["sex=Not recorded"] == (1, 6, "counted")


def test_qualified_support_staff_are_a_group_of_their_own(tmp_path: Path) -> None:
    loaded = read_text(
        tmp_path,
        people(
            {"ethnicity": "Black", "highest_qualification_level": "3"},
            {"ethnicity": "White", "highest_qualification_level": "2"},
            {"ethnicity": "Asian", "highest_qualification_level": "1"},
            {"ethnicity": "Asian", "highest_qualification_level": ""},
            {"ethnicity": "Mixed", "highest_qualification_level": "6", "band": "Band 7"},
        ),
    )
    qualified = shares(loaded, "qualification-diversity", "support staff")
    assert qualified["ethnicity=Black"] == (1, 2, "counted")
    assert qualified["ethnicity=Asian"] == (0, 2, "zero")
    compared = shares(loaded, "local-diversity", "support staff")
    assert compared["ethnicity=Asian"] == (2, 4, "counted")
    assert compared["ethnicity=Mixed"] == (0, 4, "zero")


def test_where_nobody_answered_groups_are_missing_and_not_zero(tmp_path: Path) -> None:
    rows = [{"sex": "Not stated"}, {"sex": "Male", "band": "Band 8a"}]
    found = shares(read_text(tmp_path, people(*rows)), "local-diversity", "support staff")
    assert found["sex=Male"][2] == "missing"
    assert math.isnan(found["sex=Male"][0])
    assert found["sex=Not stated"] == (1, 1, "counted")


def test_ages_make_groups_too_and_people_under_16_are_in_none(tmp_path: Path) -> None:
    rows = [{"age": age} for age in ("15", "16", "24", "25", "64", "65", "")]
    found = shares(read_text(tmp_path, people(*rows)), "local-diversity", "trust workforce")
    assert {name: part for name, (part, _, _) in found.items()} == {
        "age=16-24": 2, "age=25-34": 1, "age=35-44": 0, "age=45-54": 0, "age=55-64": 1, "age=65+": 1,
        "age=Not recorded": 1,
    }  # fmt: skip
    assert found["age=16-24"][1] == 6


def test_departments_and_bands_have_figures_in_a_quarters_last_month_and_the_newest(tmp_path: Path) -> None:
    ends = ["2025-11-30", "2025-12-31", "2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"]
    loaded = read_text(tmp_path, staff(*({"period_end": end, "department": "Ward 1"} for end in ends)))
    for breakdown in ("department=Ward 1", "band=Band 2"):
        found = figures(loaded, series="young-share", breakdown=breakdown, population="trust workforce")
        assert found["period"].tolist() == ["2025-12", "2026-03", "2026-04"]


def test_departments_and_bands_add_up_to_everybody(tmp_path: Path) -> None:
    loaded = read_text(
        tmp_path,
        people(
            {"department": "Ward 1", "age": "20", "highest_qualification_level": "3"},
            {"department": "Ward 1", "age": "50", "band": "Band 3"},
            {"department": "Ward 2", "age": "19", "band": "Band 5"},
            {"department": "", "age": "22", "highest_qualification_level": "1"},
            {"department": "not recorded", "leaving_date": "2026-03-31"},
        ),
    )
    for series, population, ways in (
        ("young-share", "trust workforce", ("department=", "band=")),
        ("young-share", "support staff", ("department=",)),
        ("sickness", "trust workforce", ("department=", "band=")),
        ("sickness", "support staff", ("department=",)),
        ("attainment", "support staff", ("department=", "band=")),
    ):
        found = figures(loaded, series=series, population=population).set_index("breakdown")
        for way in ways:
            parts = found[found.index.str.startswith(way)][["numerator", "denominator"]].sum()
            assert parts.to_dict() == found.loc["all", ["numerator", "denominator"]].to_dict()
    names = set(figures(loaded, series="young-share", population="trust workforce")["breakdown"])
    assert {name for name in names if name.startswith("department=")} == {
        "department=Ward 1", "department=Ward 2", "department=not recorded",
    }  # fmt: skip


def test_more_departments_than_a_page_can_show_are_not_made_and_the_note_asks_for_wider_ones(tmp_path: Path) -> None:
    many = [{"department": f"Ward {at}", "organisation_code": "BIG"} for at in range(101)]
    few = [{"department": f"Ward {at}", "organisation_code": "SMALL"} for at in range(2)]
    loaded = read_text(tmp_path, people(*many, *few))
    told = loaded.observations[loaded.observations["breakdown"].str.startswith("department=")]
    assert set(told["organisation"]) == {"SMALL"}
    assert any(note.startswith("BIG: more than 100 departments, so no figures by department") for note in loaded.notes)
    assert not figures(loaded, organisation="BIG", series="young-share", breakdown="band=Band 2").empty
