from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from t4c_lib.errors import InputError
from t4c_lib.plan import Plan
from t4c_lib.plan.partnership.authorised_signatories import AuthorisedSignatories, NotAuthorisedError
from t4c_lib.plan.partnership.decisions import Act, PledgeWording, wording_changes
from t4c_lib.plan.partnership.pledge import (
    PledgeError,
    PledgeStep,
    needs_board,
    next_step,
    pledge_status,
    signature_page,
)

from .partnership_making import START, act

pytestmark = pytest.mark.unit

WORDING = PledgeWording.suggested("X01", "Example Trust")
DAY = dt.date(2026, 6, 1)
SCAN = "ab" * 32
LATER = START + dt.timedelta(days=60)


def both(wording: PledgeWording = WORDING) -> list[Act]:
    return [act(wording, "agreed", "management"), act(wording, "agreed", "staff", 1)]


SIGNATORIES = AuthorisedSignatories.from_parameters(
    {
        "speakers": [
            {"side": "management", "name": "C. Hair", "role": "chair"},
            {"side": "staff", "name": "S. Chair", "role": "chair of staff side"},
            {"side": "staff", "name": "D. Eputy", "until": "2026-05-31"},
        ]
    }
)


def step(what: str, done: list[PledgeStep], **fields: str) -> PledgeStep:
    standing = pledge_status(WORDING, both(), done)
    return next_step(standing, what, by="Facilitator", date=DAY, signatories=SIGNATORIES, at=LATER, **fields)


def test_the_suggested_wording_is_the_frameworks_with_the_organisations_name() -> None:
    assert "Example Trust" in WORDING.wording
    assert "{organisation}" not in WORDING.wording


def test_a_pledge_goes_from_draft_to_published_step_by_step() -> None:
    done: list[PledgeStep] = []
    assert pledge_status(WORDING, [], done).state == "a draft"
    assert pledge_status(WORDING, both()[:1], done).state == "a draft"
    assert pledge_status(WORDING, both(), done).state == "agreed"
    done.append(step("board-approved", done, where="meeting of 1 June 2026"))
    assert pledge_status(WORDING, both(), done).state == "approved by the Board"
    done.append(step("signed", done, side="management", name="C. Hair"))
    assert pledge_status(WORDING, both(), done).state == "approved by the Board"
    done.append(step("signed", done, side="staff", name="S. Chair", role="chair of staff side"))
    assert pledge_status(WORDING, both(), done).state == "signed by both sides"
    done.append(step("scan linked", done, where="minutes/pledge.pdf", sha256=SCAN.upper()))
    done.append(step("published", done, where="the intranet"))
    standing = pledge_status(WORDING, both(), done)
    assert standing.state == "published"
    assert [one.name for one in standing.signatures] == ["C. Hair", "S. Chair"]
    assert standing.steps[-2].sha256 == SCAN
    assert str(standing).splitlines()[3:] == [
        "1 June 2026: the board approved the pledge (meeting of 1 June 2026)",
        "1 June 2026: C. Hair (chair) signed the pledge for management side",
        "1 June 2026: S. Chair (chair of staff side) signed the pledge for staff side",
        f"1 June 2026: the scan of the signed page is at minutes/pledge.pdf (SHA-256 {SCAN})",
        "1 June 2026: the pledge was published: the intranet",
    ]


def test_an_edit_of_the_wording_makes_it_a_draft_again_and_what_was_done_stays_on_record() -> None:
    done = [step("board-approved", [], where="meeting of 1 June 2026")]
    edited = replace(WORDING, wording=WORDING.wording + " We mean it.")
    standing = pledge_status(edited, both(), done)
    assert standing.state == "a draft"
    assert standing.agreement.agreed_before
    assert (standing.steps, standing.earlier) == ((), tuple(done))
    assert str(standing).splitlines()[-1].endswith("(meeting of 1 June 2026), with an earlier wording")
    assert pledge_status(WORDING, both(), done).state == "approved by the Board"


def test_an_agreement_that_is_withdrawn_takes_the_pledge_back_to_a_draft() -> None:
    done = [step("board-approved", [], where="meeting of 1 June 2026")]
    acts = [*both(), act(WORDING, "withdrawn", "staff", 9)]
    assert pledge_status(WORDING, acts, done).state == "a draft"


@pytest.mark.parametrize(
    ("what", "fields", "acts", "words"),
    [
        ("board-approved", {"where": "x"}, [], "can't be approved by the board yet: neither side has agreed"),
        ("signed", {"side": "staff", "name": "A"}, both()[:1], "can't be signed yet: staff side has not agreed"),
        ("published", {"where": "x"}, both(), "yet: the board has not approved it; neither side has signed"),
        ("scan linked", {"where": "x", "sha256": SCAN}, both(), "neither side has signed"),
    ],
)
def test_a_step_out_of_turn_is_refused(what: str, fields: dict[str, Any], acts: list[Act], words: str) -> None:
    with pytest.raises(PledgeError, match=words):
        next_step(pledge_status(WORDING, acts, []), what, by="F", date=DAY, signatories=SIGNATORIES, **fields)


@pytest.mark.parametrize(
    ("what", "fields", "words"),
    [
        ("board-approved", {}, "where: give the meeting of the board."),
        ("published", {}, "where: give the place where it was published."),
        ("signed", {}, "name: give the name of the person who signed.\n  - side: give the side: management or staff."),
        ("scan linked", {"sha256": "abc"}, "sha256: the SHA-256 of the scan is 64 digits from 0 to f."),
        ("posted", {}, "step: 'posted' is not a step of the pledge. Allowed: board-approved, signed, scan linked"),
    ],
)
def test_what_a_step_lacks_is_named(what: str, fields: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError) as caught:
        next_step(pledge_status(WORDING, both(), []), what, by="F", date=DAY, signatories=SIGNATORIES, **fields)
    assert words in str(caught.value)


def test_only_listed_signatories_sign_not_in_days_to_come_and_nothing_is_done_twice() -> None:
    with pytest.raises(NotAuthorisedError, match=r"X\. Nobody can't speak or sign for staff side on 1 June 2026"):
        step("signed", [], side="staff", name="X. Nobody")
    with pytest.raises(NotAuthorisedError, match=r"C\. Hair can't speak or sign for staff side"):
        step("signed", [], side="staff", name="C. Hair")
    with pytest.raises(NotAuthorisedError, match=r"D\. Eputy until 31 May 2026"):
        step("signed", [], side="staff", name="D. Eputy")
    signed = step("signed", [], side="staff", name="S. Chair")
    approved = step("board-approved", [], where="board")
    for again in (
        {"what": "signed", "side": "staff", "name": "s.  chair"},
        {"what": "board-approved", "where": "another board"},
    ):
        with pytest.raises(PledgeError, match=r"This is already on record\. 1 June 2026: "):
            step(done=[signed, approved], **again)
    standing = pledge_status(WORDING, both(), [])
    with pytest.raises(InputError, match="date: 1 June 2026 is in the future; record it when it is done"):
        next_step(standing, "board-approved", by="F", date=DAY, signatories=SIGNATORIES, at=START, where="board")


def test_a_step_is_withdrawn_with_a_reason_and_stays_on_record_as_withdrawn() -> None:
    done = [step("board-approved", [], where="board")]
    done += [step("signed", done, side="management", name="C. Hair")]
    done += [step("signed", done, side="staff", name="S. Chair")]
    done += [step("withdrawn", done, withdraws="signed", name="s. chair", where="the wrong day")]
    standing = pledge_status(WORDING, both(), done)
    assert (standing.state, standing.unsigned) == ("approved by the Board", ("staff",))
    assert str(standing).splitlines()[-2:] == [
        "1 June 2026: S. Chair (chair of staff side) signed the pledge for staff side (withdrawn since)",
        "1 June 2026: Facilitator withdrew 'signed' of s. chair (reason: the wrong day)",
    ]
    done += [step("signed", done, side="staff", name="S. Chair")]
    assert pledge_status(WORDING, both(), done).state == "signed by both sides"
    with pytest.raises(PledgeError, match="There is no 'published' on record to withdraw"):
        step("withdrawn", done, withdraws="published", where="x")
    with pytest.raises(PledgeError, match=r"There is no 'signed' of X\. Nobody on record"):
        step("withdrawn", done, withdraws="signed", name="X. Nobody", where="x")
    with pytest.raises(
        InputError,
        match=r"withdraws: give the step that is withdrawn\. Allowed: board-approved, "
        "signed",
    ):
        step("withdrawn", done, where="x")
    with pytest.raises(InputError, match=r"where: give the reason why it is withdrawn\."):
        step("withdrawn", done, withdraws="board-approved")


def test_where_there_is_no_board_the_pledge_is_published_without_one() -> None:
    plan = Plan.of(
        organisation="X01",
        organisation_name="Example Care",
        years=("2026/27",),
        actions=[{"action": "board-approval", "state": "left out", "reason": "there is no board"}],
    )
    assert not needs_board(plan)
    assert needs_board(None)
    done = [step("signed", [], side="management", name="C. Hair"), step("signed", [], side="staff", name="S. Chair")]
    assert pledge_status(WORDING, both(), done).missing == ("the board has not approved it",)
    standing = pledge_status(WORDING, both(), done, needs_board=False)
    assert (standing.state, standing.missing) == ("signed by both sides", ())


def test_the_signature_page_carries_wording_places_to_sign_and_the_digest() -> None:
    page = signature_page(WORDING)
    assert WORDING.wording in page
    assert WORDING.digest in page
    assert page.count("Signature ____") == 2
    assert "For management side: " in page
    assert "For staff side: " in page


def test_two_wordings_are_compared_sentence_by_sentence() -> None:
    assert wording_changes("We care. We learn. We stay.", "We care. We teach. We stay.") == (
        "removed: We learn.",
        "added: We teach.",
    )
