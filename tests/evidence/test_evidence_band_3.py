"""Moves from band 2 to band 3: progression of people told apart from re-banding of posts."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from t4c_lib.evidence import Loaded
from t4c_lib.periods import Month

from .evidence_files import figures, read_text, refusal, staff

FIRST, MONTHS, MOVE = Month(2025, 3), 13, 6
PROGRESSED, REBANDED, UNKNOWN = "band-3-progression", "band-3-re-banding", "band-3-not-told-apart"
HCA, SENIOR = "Healthcare Assistant", "Senior Healthcare Assistant"
Row = dict[str, str]


def person(name: str, before: Row | None = None, after: Row | None = None, months: int = MONTHS) -> list[Row]:
    """A year and a month of a healthcare assistant on ward 1; from the seventh month on the row is `after`."""
    usual = {"job_role": HCA, "department": "Ward 1", "band": "Band 2", "band_change": "", **(before or {})}
    return [
        {"period_end": (FIRST + step).last_day.isoformat(), "person_number": name, **usual}
        | ((after or {}) if step >= MOVE else {})
        for step in range(months)
    ]


UP: Row = {"band": "Band 3"}
TWELVE = [
    person("stays"),
    person("post re-banded", after=UP),
    person("post re-banded and role in capitals", after={**UP, "job_role": "HEALTHCARE  assistant"}),
    person("post matched to band 3", {"band": "Equivalent 2"}, {"band": "Equivalent 3"}),
    person("new role", after={**UP, "job_role": SENIOR}),
    person("other ward", after={**UP, "department": "Ward 2"}),
    person("left and came back", after={**UP, "start_date": "2025-09-08"}),
    person("new title but said to be re-banded", after={**UP, "job_role": SENIOR, "band_change": "Re-banding"}),
    person("same role but said to be progression", after={**UP, "band_change": "progression"}),
    person("no role recorded", {"job_role": ""}, UP),
    person("two bands up", after={"band": "Band 4", "job_role": SENIOR}),
    person("in band 3 all along", UP, {"job_role": SENIOR}),
]


def counts(loaded: Loaded, period: str = "2026-03") -> dict[str, float]:
    found = figures(loaded, period=period, population="support staff", breakdown="all")
    found = found[found["series"].isin([PROGRESSED, REBANDED, UNKNOWN])]
    assert set(found["unit"]) <= {"people a year"}
    return dict(zip(found["series"], found["value"].tolist(), strict=True))


def read(folder: Path, *people: list[Row], without: tuple[str, ...] = ()) -> Loaded:
    return read_text(folder, staff(*(row for rows in people for row in rows), without=without))


@pytest.mark.unit
def test_of_a_dozen_people_four_progressed_and_four_stayed_in_a_re_banded_post(tmp_path: Path) -> None:
    loaded = read(tmp_path, *TWELVE)
    assert counts(loaded) == {PROGRESSED: 4, REBANDED: 4, UNKNOWN: 1}
    assert (
        "band 2 to band 3 in the last 12 months: 9 people, of whom 4 progressed and 4 stayed in a post that was "
        "re-banded, which is left out of progression; 1 can't be told apart without job_role or band_change."
    ) in loaded.notes


@pytest.mark.unit
def test_without_role_and_reason_nothing_is_told_apart_and_no_progression_is_claimed(tmp_path: Path) -> None:
    loaded = read(tmp_path, *TWELVE, without=("job_role", "band_change"))
    assert counts(loaded) == {UNKNOWN: 9}
    assert any("9 can't be told apart without job_role or band_change." in note for note in loaded.notes)


@pytest.mark.unit
def test_what_the_extract_says_of_a_change_is_enough_without_job_roles(tmp_path: Path) -> None:
    loaded = read(tmp_path, *TWELVE, without=("job_role",))
    assert counts(loaded) == {PROGRESSED: 1, REBANDED: 1, UNKNOWN: 7}


@pytest.mark.unit
def test_a_move_counts_for_twelve_months_and_needs_thirteen_months_of_rows(tmp_path: Path) -> None:
    loaded = read(tmp_path, person("P1", after={**UP, "job_role": SENIOR}, months=20))
    found = figures(loaded, series=PROGRESSED)
    assert dict(zip(found["period"], found["value"], strict=True)) == {
        **{str(Month(2026, 3) + step): 1.0 for step in range(6)},
        **{str(Month(2026, 9) + step): 0.0 for step in range(2)},
    }
    assert counts(read(tmp_path, person("P1", after=UP, months=12)), "2026-02") == {}


@pytest.mark.unit
def test_a_record_that_goes_to_and_fro_has_moved_once(tmp_path: Path) -> None:
    rows = [{**row, **(UP if at % 2 else {})} for at, row in enumerate(person("P1"))]
    assert counts(read(tmp_path, rows)) == {PROGRESSED: 0, REBANDED: 1, UNKNOWN: 0}


@pytest.mark.unit
def test_no_moves_make_zeros_and_no_note(tmp_path: Path) -> None:
    loaded = read(tmp_path, TWELVE[0])
    assert counts(loaded) == {PROGRESSED: 0, REBANDED: 0, UNKNOWN: 0}
    assert not any("re-banded" in note for note in loaded.notes)


@pytest.mark.unit
@pytest.mark.parametrize("said", ["Rebanding", "upgrade"])
def test_another_reason_than_those_two_is_refused_with_what_is_allowed(said: str, tmp_path: Path) -> None:
    message = refusal(tmp_path, staff({"band": "Band 3", "job_role": HCA, "band_change": said}))
    for words in ("row 2", "band_change", f"'{said}'", "Progression", "Re-banding"):
        assert words in message


@st.composite
def records(draw: st.DrawFn) -> list[list[Row]]:
    """People by the month, whose bands, roles, wards and reasons change as they like."""
    months = draw(st.integers(MONTHS, 30))
    return [
        [
            {
                **row,
                "band": draw(st.sampled_from(["Band 2", "Band 2", "Band 3", "Equivalent 2", "Equivalent 3", "Band 5"])),
                "job_role": draw(st.sampled_from(["", HCA, SENIOR])),
                "department": draw(st.sampled_from(["Ward 1", "Ward 2"])),
                "band_change": draw(st.sampled_from(["", "", "", "Progression", "Re-banding"])),
            }
            for row in person(f"P{at}", months=months)
        ]
        for at in range(draw(st.integers(1, 4)))
    ]


@pytest.mark.law
@settings(max_examples=25, deadline=None)
@given(records())
def test_progression_re_banding_and_what_cannot_be_told_make_all_moves(people: list[list[Row]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        loaded = read(Path(folder), *people)
    moves = [
        {at for at in range(1, len(rows)) if rows[at - 1]["band"].endswith("2") and rows[at]["band"].endswith("3")}
        for rows in people
    ]
    for end in range(MONTHS - 1, len(people[0])):
        made = sum(bool(of & set(range(end - 11, end + 1))) for of in moves)  # whoever moved twice counts once
        assert sum(counts(loaded, str(FIRST + end)).values()) == made
