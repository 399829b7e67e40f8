"""Figures of twelve months: turnover, moves into registered posts, apprenticeship starts."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from t4c_lib.evidence import Loaded
from t4c_lib.periods import Month

from .evidence_files import figures, read_text, staff

pytestmark = pytest.mark.unit

FIRST = Month(2025, 3)
Row = dict[str, str]


def employed(
    person: str, first: int = 0, last: int = 12, cells: Row | None = None, *, joins: bool = False, leaves: bool = False
) -> list[Row]:
    """A row a month, from the first to the last, for somebody who may come in the first and go in the last."""
    start = (FIRST + first).first_day.isoformat() if joins else "2020-01-06"
    rows = [
        {
            "period_end": (FIRST + step).last_day.isoformat(),
            "person_number": person,
            "start_date": start,
            **(cells or {}),
        }
        for step in range(first, last + 1)
    ]
    if leaves:
        rows[-1]["leaving_date"] = (FIRST + last).last_day.isoformat()
    return rows


def read(folder: Path, *people: list[Row]) -> Loaded:
    return read_text(folder, staff(*(row for rows in people for row in rows)))


def yearly(loaded: Loaded, series: str, population: str = "support staff") -> dict[str, tuple[float, float]]:
    """For each month numerator and denominator."""
    found = figures(loaded, series=series, population=population, breakdown="all")
    return {
        period: (part, whole)
        for period, part, whole in zip(found["period"], found["numerator"], found["denominator"], strict=True)
    }


def test_turnover_is_leavers_of_twelve_months_over_the_mean_of_start_and_end(tmp_path: Path) -> None:
    loaded = read(
        tmp_path,
        employed("P1"),
        employed("P2"),
        employed("P3", last=4, leaves=True),
        employed("P4", first=6, last=9, joins=True, leaves=True),
        employed("P5", 7, 12, {"band": "Band 6"}, joins=True),
    )
    # March 2025 to February 2026: 3 at the start, 2 at the end. A year of turnover needs a year of rows.
    assert yearly(loaded, "turnover") == {"2026-02": (2, 2.5), "2026-03": (2, 2.5)}
    assert yearly(loaded, "turnover", "trust workforce") == {"2026-02": (2, 3), "2026-03": (2, 3)}
    one = figures(loaded, series="turnover", population="support staff", breakdown="all", period="2026-03")
    assert (one["value"].item(), one["unit"].item(), one["state"].item()) == (
        0.8, "leavers per person a year", "counted",
    )  # fmt: skip


def test_who_leaves_in_the_month_before_the_twelve_is_not_in_turnover(tmp_path: Path) -> None:
    loaded = read(tmp_path, employed("P1"), employed("P2", last=0, leaves=True))
    assert yearly(loaded, "turnover") == {"2026-02": (1, 1.5), "2026-03": (0, 1)}
    assert figures(loaded, series="turnover", period="2026-03", breakdown="all")["state"].tolist() == ["zero"] * 2


def test_a_short_extract_or_a_gap_makes_no_figure_and_the_note_says_why(tmp_path: Path) -> None:
    whole = employed("P1", last=13)
    for rows in (whole[:11], [*whole[:6], *whole[7:]]):
        loaded = read(tmp_path, rows)
        for series in ("turnover", "support-to-registered", "apprenticeship-starts"):
            assert figures(loaded, series=series).empty
        assert any(
            note.startswith("DEMO1: turnover and apprenticeship starts need 12 consecutive") for note in loaded.notes
        )
    assert not any("need 12 consecutive" in note for note in read(tmp_path, whole).notes)


def test_years_of_one_organisation_are_not_completed_by_the_next(tmp_path: Path) -> None:
    early = employed("P1", 0, 5, {"organisation_code": "AAA"})
    late = employed("P1", 6, 11, {"organisation_code": "AAB"})
    assert figures(read(tmp_path, early, late), series="turnover").empty


def test_a_department_that_closed_keeps_its_leavers(tmp_path: Path) -> None:
    loaded = read(
        tmp_path,
        employed("P1", 0, 11, {"department": "Ward 1"}),
        employed("P2", 0, 3, {"department": "Ward 2"}, leaves=True),
        employed("P3", last=11),
    )
    found = figures(loaded, series="turnover", population="support staff", period="2026-02").set_index("breakdown")
    assert found["numerator"].to_dict() == {
        "all": 1, "department=Ward 1": 0, "department=Ward 2": 1, "department=not recorded": 0,
    }  # fmt: skip
    assert found["denominator"].to_dict() == {
        "all": 2.5, "department=Ward 1": 1, "department=Ward 2": 0.5, "department=not recorded": 1,
    }  # fmt: skip


def test_a_support_worker_who_takes_up_a_registered_post_counts_for_a_year(tmp_path: Path) -> None:
    nurse = {"band": "Band 5", "staff_group": "Nursing and Midwifery Registered", "role_registered": "Yes"}
    loaded = read(
        tmp_path,
        [*employed("P1", last=3), *employed("P1", first=4, last=17, cells=nurse)],
        [*employed("P2", 0, 3, {"band": "Band 5"}), *employed("P2", first=4, last=17, cells=nurse)],
    )
    moved = {period: count for period, (count, _) in yearly(loaded, "support-to-registered").items()}
    assert moved == {"2026-03": 1, "2026-04": 1, "2026-05": 1, "2026-06": 1, "2026-07": 0, "2026-08": 0}


@pytest.mark.parametrize(
    ("cells", "moves"),
    [
        ({"band": "Band 5", "staff_group": "Nursing and Midwifery Registered"}, 1),
        ({"band": "Band 5", "staff_group": "Administrative and Clerical"}, 0),
        ({"band": "Band 4", "role_registered": "Yes"}, 1),  # nursing associates are registered
        ({"band": "Band 5", "staff_group": "Nursing and Midwifery Registered", "role_registered": "No"}, 0),
    ],
)
def test_a_post_is_registered_if_it_says_so_and_by_its_group_if_it_says_nothing(
    cells: Row, moves: int, tmp_path: Path
) -> None:
    loaded = read(tmp_path, [*employed("P1", last=5), *employed("P1", first=6, cells=cells)])
    assert yearly(loaded, "support-to-registered")["2026-03"][0] == moves


def test_a_record_that_goes_to_and_fro_is_one_move_in_a_year(tmp_path: Path) -> None:
    nurse = {"band": "Band 5", "role_registered": "Yes"}
    rows = [row for step in range(13) for row in employed("P1", step, step, nurse if step % 2 else None)]
    assert yearly(read(tmp_path, rows), "support-to-registered")["2026-03"][0] == 1


def test_every_twelve_months_count_the_people_who_moved_in_them_once(tmp_path: Path) -> None:
    nurse, months = {"band": "Band 5", "role_registered": "Yes"}, 30
    draw = random.Random(7)
    registered = [[draw.random() < 0.15 for _ in range(months)] for _ in range(6)]
    people = [
        [row for step, is_one in enumerate(of) for row in employed(f"P{number}", step, step, nurse if is_one else None)]
        for number, of in enumerate(registered)
    ]
    moved = yearly(read(tmp_path, *people), "support-to-registered")
    expected = {
        str(FIRST + end): sum(
            any(of[step] and not of[step - 1] for step in range(end - 11, end + 1)) for of in registered
        )
        for end in range(12, months)
    }
    assert {period: count for period, (count, _) in moved.items()} == expected
    assert len(set(expected.values())) > 2


def test_apprenticeships_count_in_the_month_in_which_they_begin(tmp_path: Path) -> None:
    begun = {"apprenticeship": "Healthcare Support Worker", "apprenticeship_start": "2025-09-08"}
    loaded = read(tmp_path, employed("P1", cells=begun), employed("P2", cells={"apprenticeship_start": "2019-09-02"}))
    assert yearly(loaded, "apprenticeship-starts")["2026-03"][0] == 1
    assert set(figures(loaded, series="apprenticeship-starts")["unit"]) == {"starts a year"}


def test_leavers_by_month_of_service_count_late_entrants_from_where_they_were(tmp_path: Path) -> None:
    def since(person: str, start: str, last: int = 12, *, leaves: bool = False) -> list[Row]:
        return employed(person, 1, last, {"start_date": start}, leaves=leaves)

    loaded = read(
        tmp_path,
        employed("Old hand"),
        since("Late entrant", "2024-08-20", last=4, leaves=True),  # in month 9 of service when the twelve months begin
        employed("Newcomer", 6, 8, joins=True, leaves=True),
    )
    found = figures(loaded, series="leavers-by-month-of-service", population="support staff", period="2026-03")
    table = {
        group.removeprefix("month of service="): (left, at_risk)
        for group, left, at_risk in zip(found["breakdown"], found["numerator"], found["denominator"], strict=True)
    }
    assert table["1"] == table["2"] == (0, 1)
    assert table["3"] == (1, 1)  # the newcomer, in the third month
    assert table["8"] == (0, 0)  # the late entrant had passed it before the extract's twelve months
    assert table["9"] == (0, 1)
    assert table["12"] == (1, 1)
    assert table["13+"] == (0, 12)
