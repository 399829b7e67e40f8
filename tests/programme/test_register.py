"""The register: what stands now, what stood before, who is to be asked, and what is free."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from t4c_lib.programme.register import (
    Register,
    contradictions,
    months_after,
    recorded_evidence,
    recorded_reviews,
    said_in_words,
)

from .programme_making import DAY, outcome, placement, register

pytestmark = pytest.mark.unit


def test_a_correction_stands_and_what_it_corrects_is_kept() -> None:
    made = register(placement("P-0001", stage="planned"), placement("P-0001", stage="hosted", setting="S-0001"))
    assert [one.content["stage"] for one in made.of("placement")] == ["hosted"]
    before, after = made.history("P-0001")
    assert said_in_words(before, after, {"S-0001": "Older People"}) == (
        "Stage: hosted, before: planned; Setting: Older People, before: nothing"
    )


def test_what_was_entered_by_mistake_counts_no_more() -> None:
    made = register(
        placement("P-0001"), outcome("O-0001", "P-0001", "NHS job"), ("placement", "P-0001", {"withdrawn": "twice"})
    )
    assert made.of("placement") == []
    assert len(made.outcomes) == 0
    before, after = made.history("P-0001")
    assert said_in_words(before, after, {}) == "withdrawn: twice"


def test_last_days_are_working_days() -> None:
    made = register(placement("P-0001", "2026-11-27", days=2), placement("P-0002", "2026-11-23", days=5))
    assert [str(day)[:10] for day in made.placements["last"]] == ["2026-11-30", "2026-11-27"]


@pytest.mark.parametrize(
    ("starts", "asked", "due", "state"),
    [
        ("2026-10-05", (), "2027-01-09", None),  # in more than a month
        ("2026-08-24", (), "2026-11-28", "due"),
        ("2026-08-17", (), "2026-11-21", "overdue"),
        ("2026-05-04", (), "2026-11-08", "overdue"),
        ("2026-05-04", ("6 months",), "", None),
        ("2026-05-04", ("3 months",), "2026-11-08", "overdue"),
        ("2025-01-06", (), "2026-01-10", "missed"),
    ],
)
def test_follow_ups(starts: str, asked: tuple[str, ...], due: str, state: str | None) -> None:
    told = [outcome(f"O-{place:04}", "P-0001", "none yet", asked_at=one) for place, one in enumerate(asked, 1)]
    found = register(placement("P-0001", starts), *told).all_follow_ups
    (made,) = [one for one in found if one.state != "to come"] or (None,)
    assert (made.state if made else None) == state
    if made:
        assert made.due.isoformat() == due


def test_every_follow_up_to_come_is_known_ahead_and_none_that_was_asked() -> None:
    made = register(
        placement("P-0001", "2026-08-24"),
        outcome("O-0001", "P-0001", "none yet", asked_at="6 months"),
        placement("P-0002", "2026-11-02"),
    )
    assert [(one.placement.ref, one.asked_at, one.state) for one in made.all_follow_ups] == [
        ("P-0002", "3 months", "to come"),
        ("P-0002", "6 months", "to come"),
        ("P-0001", "12 months", "to come"),
        ("P-0002", "12 months", "to come"),
    ]
    assert made.follow_ups == {"overdue": [], "due": [], "missed": [], "to come": made.all_follow_ups}


def test_only_who_completed_is_followed_up() -> None:
    made = register(
        *(placement(f"P-000{n}", "2026-08-17", stage) for n, stage in enumerate(("planned", "hosted", "left")))
    )
    assert made.all_follow_ups == []


def test_places_are_free_that_nobody_has() -> None:
    ward = ("setting", "S-0001", {"name": "Older People", "places": 2})
    taken = [placement(f"P-000{n}", "2026-11-30", "planned", setting="S-0001", days=5) for n in range(3)]
    free = register(ward, *taken).free_places()
    assert free == {"S-0001": [(2, 2), (-1, 2), *[(2, 2)] * 10]}, "three are booked for two"


def test_a_person_is_forgotten_after_the_retention_period() -> None:
    made = register(placement("P-0001", "2024-11-18", days=5), placement("P-0002", "2024-11-25", days=5))
    assert [one.ref for one in made.past_retention()] == ["P-0001"]
    longer = Register([*made.entries, *register(("settings", "settings", {"months": 36})).entries], DAY)
    assert longer.past_retention() == []


@given(st.dates(dt.date(2020, 1, 1), dt.date(2030, 1, 1)), st.integers(0, 36))
def test_months_after_a_day_stay_in_the_month(day: dt.date, months: int) -> None:
    later = months_after(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later + dt.timedelta(days=1)).day == 1


def test_two_of_one_name_can_be_told_apart() -> None:
    post = {"post": "Ward clerk", "employer": "Ours"}
    made = register(
        ("ambassador", "A-0001", post),
        ("ambassador", "A-0002", {**post, "post": "Porter"}),
        ("ambassador", "A-0003", post),
    )
    assert made.known["ambassador"] == {
        "A-0001": "Ward clerk (A-0001)",
        "A-0002": "Porter",
        "A-0003": "Ward clerk (A-0003)",
    }


def test_a_document_in_force_shows_what_it_says() -> None:
    policy = {"title": "Policy", "status": "in force", "shows": "work-experience-in-place", "approved_on": "2025-10-14"}
    full = {**policy, "approved_by": "Board", "link": "intranet"}
    shown = recorded_evidence(register(("policy", "D-0001", full)))["work-experience-in-place"]
    assert [(one.what, one.missing) for one in shown] == [("Policy", ())]
    assert recorded_evidence(register(("policy", "D-0001", {**full, "status": "draft"}))) == {}


def test_an_event_that_was_held_is_a_review() -> None:
    event = {"title": "Celebration", "on": "2025-10", "shows": "celebration"}
    held = [("recognition", f"W-000{n}", {**event, "held": day}) for n, day in enumerate(("2025-10-09", "2024-10-01"))]
    assert recorded_reviews(register(*held)) == {"celebration": dt.date(2025, 10, 9)}


@pytest.mark.parametrize(
    ("kind", "content", "place", "words"),
    [
        ("placement", {"stage": "completed", "starts": "2026-12-07"}, "Stage", "it begins on 7 December 2026"),
        ("outcome", {"placement": "P-0001", "on": "2026-05-03"}, "Date", "the placement began on 4 May 2026."),
        ("outcome", {"placement": "P-0001", "on": "2026-11-27"}, "Date", "this day is still to come."),
        ("partner", {"name": "quillford COLLEGE"}, "Name", "there is one of this name: PA-0001."),
        (
            "reflection",
            {"quarter": "Autumn 2026"},
            "Quarter",
            "choose a quarter of a financial year, such as quarter 3",
        ),
    ],
)
def test_what_cannot_be_so_is_told(kind: str, content: dict[str, str], place: str, words: str) -> None:
    made = register(placement("P-0001", "2026-05-04"), ("partner", "PA-0001", {"name": "Quillford College"}))
    (problem,) = contradictions(kind, content, made)
    assert (problem.place, problem.message.startswith(words)) == (place, True)


def test_what_can_be_so_is_taken() -> None:
    made = register(placement("P-0001", "2026-05-04"), ("partner", "PA-0001", {"name": "Quillford College"}))
    planned = {"stage": "planned", "starts": "2026-12-07"}
    assert [*contradictions("placement", planned, made)] == []
    assert [*contradictions("placement", {"stage": "hosted", "starts": "2026-11-26"}, made)] == []
    assert [*contradictions("outcome", {"placement": "P-0001", "on": "2026-11-26"}, made)] == []
    assert [*contradictions("partner", {"name": "Quillford College"}, made, "PA-0001")] == [], "a correction of itself"
    for quarter in ("quarter 3 of 2026/27", "October to December 2026"):
        assert [*contradictions("reflection", {"quarter": quarter}, made)] == []
