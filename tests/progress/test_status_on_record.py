"""Rows that follow from the record of the partnership: signatures, the board's approval, publication, reviews noted."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from t4c_lib.plan import ActionRow, MeasureRow, Plan, Side
from t4c_lib.plan.partnership.decisions import Act, PledgeWording
from t4c_lib.plan.partnership.event_log import PartnershipHistory, WordingSave, new_note
from t4c_lib.plan.partnership.partnership_record import PartnershipRecord
from t4c_lib.plan.partnership.pledge import PledgeStep, Step
from t4c_lib.progress import plan_progress, reminders
from tests.counted import table

START = dt.datetime(2026, 5, 4, 9, tzinfo=dt.UTC)
DAY = dt.date(2026, 7, 1)
WORDING = PledgeWording("X01", "Example Trust", "We will.", 1)
PLAN = Plan.of(
    organisation="X01",
    organisation_name="Example Trust",
    years=("2026/27",),
    actions=[{"action": "sign-pledge", "due": "2026-06"}, {"action": "board-approval", "status": "done"}],
    measures=[{"measure": "pledge-published", "evidence": [{"what": "Page", "date": "2026-05-01", "link": "x"}]}],
)


def agreed(*sides: str) -> list[Act]:
    return [Act.on(WORDING, "agreed", side=side, name=f"{side} A", at=START) for side in sides]


def step(what: Step, day: int, **fields: Any) -> PledgeStep:
    at = START + dt.timedelta(days=day)
    return PledgeStep(what, WORDING.digest, at.date(), "F", at, **fields)


SIGNED = [
    step(Step.SIGNED, 2, side=Side.management, name="Ann", role="chair"),
    step(Step.SIGNED, 3, side=Side.staff, name="Bo"),
]
APPROVED = step(Step.BOARD_APPROVED, 1, where="board of 5 May")
PUBLISHED = step(Step.PUBLISHED, 4, where="intranet")
SAVED = [WordingSave(WORDING, "F", Side.both, START)]
BOTH = ("management", "staff")


def said(past: PartnershipHistory, as_of: dt.date = DAY) -> dict[str, tuple[str, str]]:
    record = PartnershipRecord.of(PLAN, past, as_of)
    found = plan_progress(PLAN, table([]), as_of, record=record)
    return {one.reference: (one.status.text, one.status.reason) for one in found}


@pytest.mark.unit
def test_what_the_plan_says_of_itself_counts_for_nothing_where_the_record_decides() -> None:
    assert said(PartnershipHistory()) == {
        "10a1": ("overdue by 1 day", "The pledge has no wording yet. It was due by the end of June 2026."),
        "10a2": ("not started", "The pledge has no wording yet."),
        "10m1": ("due", "The pledge has no wording yet."),
    }
    draft = said(PartnershipHistory(wordings=SAVED))
    assert draft["10a1"][1].startswith("Neither side has agreed to the current wording; neither side has signed.")
    assert draft["10a2"] == ("not started", "The board has not approved the pledge.")


@pytest.mark.unit
def test_signatures_approval_and_publication_make_their_rows_done() -> None:
    early = dt.date(2026, 6, 1)
    begun = said(PartnershipHistory(wordings=SAVED, acts=agreed(*BOTH), steps=SIGNED[:1]), early)
    assert begun["10a1"] == (
        "under way",
        "Signed for management side by Ann (chair) on 6 May 2026. Both sides agree to its wording; staff side has "
        "not signed. It is due by the end of June 2026.",
    )
    assert begun["10m1"] == (
        "due",
        "The pledge is not published: the board has not approved it; staff side has not signed.",
    )
    done = said(PartnershipHistory(wordings=SAVED, acts=agreed(*BOTH), steps=[APPROVED, *SIGNED, PUBLISHED]))
    assert done == {
        "10a1": (
            "done",
            "Signed for management side by Ann (chair) on 6 May 2026, for staff side by Bo on 7 May 2026.",
        ),
        "10a2": ("done", "The board approved the pledge (board of 5 May), 5 May 2026."),
        "10m1": ("in place", "The pledge was published: intranet, 8 May 2026."),
    }


@pytest.mark.unit
def test_another_wording_or_an_agreement_withdrawn_opens_all_of_it_again() -> None:
    steps = [APPROVED, *SIGNED, PUBLISHED]
    later = WordingSave(PledgeWording("X01", "Example Trust", "We will, soon.", 2), "F", Side.both, START)
    anew = said(PartnershipHistory(wordings=[*SAVED, later], acts=agreed(*BOTH), steps=steps))
    assert anew["10a1"][0] == "overdue by 1 day"
    assert "An earlier wording was signed on 7 May 2026." in anew["10a1"][1]
    assert anew["10a2"][1].endswith("An earlier wording was approved on 5 May 2026.")
    assert anew["10m1"][1].endswith("An earlier wording was published on 8 May 2026.")
    withdrawn = Act.on(WORDING, "withdrawn", side="staff", name="Bo", at=START + dt.timedelta(days=9))
    assert said(PartnershipHistory(wordings=SAVED, acts=[*agreed(*BOTH), withdrawn], steps=steps))["10m1"][0] == "due"


@pytest.mark.law
def test_a_day_is_told_with_what_was_on_record_then() -> None:
    past = PartnershipHistory(wordings=SAVED, acts=agreed(*BOTH), steps=[APPROVED, *SIGNED, PUBLISHED])
    words = [said(past, START.date() + dt.timedelta(days=day))["10a1"][0] for day in range(-1, 5)]
    assert words == ["not started", "under way", "under way", "under way", "done", "done"]


@pytest.mark.unit
def test_reminders_leave_out_what_is_on_record_and_the_check_says_what_the_plan_claims() -> None:
    full = PartnershipRecord.of(
        PLAN, PartnershipHistory(wordings=SAVED, acts=agreed(*BOTH), steps=[APPROVED, *SIGNED]), DAY
    )
    empty = PartnershipRecord.of(PLAN, PartnershipHistory(), DAY)
    assert [one.row for one in reminders(PLAN, DAY, record=empty)] == ["action sign-pledge"]
    assert reminders(PLAN, DAY, record=full) == ()
    assert [str(one) for one in empty.contradicted(PLAN)] == [
        "10a2 The Board discusses and approves the plans, status: The plan says that it is done. "
        "The pledge has no wording yet.",
        "10m1 Pledge published on the intranet and by the unions, status: The plan says that it is done. "
        "The pledge has no wording yet.",
    ]
    assert [one.reference for one in full.contradicted(PLAN)] == ["10m1"]


@pytest.mark.unit
def test_a_review_that_was_noted_counts_where_it_is_newer_than_what_the_plan_says() -> None:
    row = MeasureRow.of(measure="programme-review", review={"every": 3, "last": "2026-01-14", "next": "2026-06"})
    plan = PLAN.changed(actions=(), measures=(row,))

    def held(day: str) -> PartnershipRecord:
        at = dt.datetime.fromisoformat(f"{day}T12:00+00:00")
        note = new_note("X01", 10, "All ten.", by="Ann", side="both", kind="review", at=at, row=row)
        return PartnershipRecord(notes=(note,))

    def word(record: PartnershipRecord) -> tuple[str, str]:
        (one,) = plan_progress(plan, table([]), DAY, record=record)
        return one.status.text, one.status.reason

    before = ("overdue by 1 day", "It was last held on 14 January 2026; it was due by the end of June 2026.")
    assert word(PartnershipRecord()) == before
    assert word(held("2026-01-10")) == before
    assert word(held("2026-06-20")) == (
        "in place",
        "It was last held on 20 June 2026 and is next due in September 2026.",
    )
    assert reminders(plan, DAY, record=held("2026-06-20")) == ()


@pytest.mark.unit
def test_a_row_of_the_plans_own_never_follows_from_the_pledge() -> None:
    own = ActionRow.of(action="sign-it-too", state="added", intention=10, text="Sign it too")
    assert own.on_record is None
