"""A partnership forum from the first guess to the published pledge, and what the store remembers of it."""

from __future__ import annotations

import datetime as dt
import random

import pytest

from t4c_lib.plan import Plan
from t4c_lib.plan.partnership.agreement_status import unagreed
from t4c_lib.plan.partnership.authorised_signatories import AuthorisedSignatories
from t4c_lib.plan.partnership.decisions import Act, PledgeWording
from t4c_lib.plan.partnership.rounds import with_agreed_x
from t4c_lib.store import Store

from .store_making import name_signatories, plan, target

CODE = "X01"
MEASURES = ("young-share", "attainment", "appraisal-received", "appraisal-meaningful", "certificate-in-12-weeks")
PARTNERS = {f"Manager {n}": "management" for n in range(6)} | {f"Rep {n}": "staff" for n in range(6)}
SPEAKERS = AuthorisedSignatories.from_parameters(
    {
        "speakers": [
            {"side": "management", "name": "Manager 0", "role": "director of workforce"},
            {"side": "staff", "name": "Rep 0", "role": "branch secretary of UNISON"},
            {"side": "staff", "name": "Rep 1", "role": "RCN steward"},
        ]
    }
)


def now_of(store: Store) -> Plan:
    latest = store.latest_plan(CODE)
    assert latest is not None
    return latest.plan


def save(store: Store, changed: Plan, note: str) -> None:
    latest = store.latest_plan(CODE)
    assert latest is not None
    store.save_merged(changed, by="Facilitator", side="both", note=note, parent_revision=latest.revision)


def agree(store: Store, rows: int = 5) -> None:
    for side, name in (("management", "Manager 0"), ("staff", "Rep 1")):
        seen = now_of(store).measures[:rows]
        store.agreements.record(CODE, [Act.on(row, "agreed", side=side, name=name, revision=7) for row in seen])


def hold_three_rounds(store: Store) -> None:
    """On five measures, twelve people each: two anonymous, in which opinions come closer, and a named one."""
    chance = random.Random(12)
    results = []
    for turn in range(3):
        for measure in MEASURES:
            opened = store.rounds.open(CODE, measure, by="Facilitator", named=turn == 2)
            for partner, side in PARTNERS.items():
                points = 3 + (chance.uniform(-2, 2) if turn == 0 else 0.5 * (len(partner) + turn) % 2)
                store.rounds.enter(CODE, opened.number, partner=partner, side=side, change=f"{points:.2f} points")
            results.append(store.rounds.close(CODE, opened.number, by="Facilitator"))
    first, second, third = results[0], results[5], results[10]
    assert first.spread is not None
    assert second.spread is not None
    assert second.spread.highest - second.spread.lowest < first.spread.highest - first.spread.lowest
    assert second.movement is not None
    assert second.movement.moved + second.movement.stayed == 12
    assert [spread.entries for _, spread in second.sides] == [6, 6]
    assert (second.entries, third.movement) == ((), None)
    assert len(third.entries) == 12


@pytest.mark.flow
def test_a_forum_of_twelve_finds_its_x_agrees_signs_publishes_and_is_told_as_a_story(store: Store) -> None:
    today = dt.datetime.now(dt.UTC).date()
    store.version()  # as a page does; SQLite then needn't tidy up its file after every save
    store.save_plan(plan(*(target(name, 0.001) for name in MEASURES)), by="Facilitator", side="both", note="baselines")
    name_signatories(store, CODE, SPEAKERS)

    hold_three_rounds(store)

    # The forum settles on 3 points each, and both sides agree to all five rows.
    settled = [store.rounds.settle(CODE, number, "3 points", by="Facilitator") for number in range(11, 16)]
    changed = now_of(store)
    for one in settled:
        changed = with_agreed_x(changed, one)
    save(store, changed, "what the rounds came to")
    agree(store)
    assert unagreed(now_of(store).every_row, store.agreements.acts(CODE)) == ()

    # An edit of what two rows say opens these two, and no other.
    rows = now_of(store).measures
    edited = now_of(store).with_row(rows[0].changed(due="2028-03")).with_row(rows[1].changed(post="matron"))
    save(store, edited.with_row(rows[2].changed(note="ask the wards")), "later dates")
    states = [one.state for one in store.partnership(CODE, dt.datetime.now(dt.UTC).date()).standings]
    assert states == ["proposed", "proposed", "agreed", "agreed", "agreed"]
    findings = unagreed(now_of(store).every_row, store.agreements.acts(CODE))
    assert [one.row for one in findings] == [
        "1m1 Staff aged 16 to 24",
        "1m4-attainment Support staff with a recorded qualification",
    ]
    agree(store, rows=2)
    assert {one.state for one in store.partnership(CODE, dt.datetime.now(dt.UTC).date()).standings} == {"agreed"}

    # The pledge: agreed, taken to the board, signed on paper, published.
    wording = store.pledges.save(PledgeWording.suggested(CODE, "Example Trust"), by="Facilitator", side="both")
    for side, name in (("management", "Manager 0"), ("staff", "Rep 0")):
        store.agreements.record(CODE, [Act.on(wording, "agreed", side=side, name=name)])
    store.pledges.record(CODE, "board-approved", by="Facilitator", date=today, where="board of today")
    store.pledges.record(CODE, "signed", by="Facilitator", date=today, side="management", name="Manager 0")
    store.pledges.record(CODE, "signed", by="Facilitator", date=today, side="staff", name="Rep 0")
    store.pledges.record(CODE, "scan linked", by="Facilitator", date=today, where="pledge.pdf", sha256="0" * 64)
    store.pledges.record(CODE, "published", by="Facilitator", date=today, where="the intranet")
    standing = store.pledges.standing(CODE)
    assert standing is not None
    assert standing.state == "published"

    told = [one.sentence for one in store.events(CODE)]
    assert len(told) == 3 + 2 + 15 * 2 + 5 + 10 + 4 + 1 + 2 + 5
    assert in_order(
        told,
        'Facilitator saved revision 1 of the plan for both sides ("baselines"): 1m1 Staff aged 16 to 24 added',
        "Manager 0 proposed the list of signatories for management side (management side: Manager 0 (director of",
        "Rep 0 confirmed the list of signatories for staff side (",
        "Facilitator opened round 1 on 1m1 Staff aged 16 to 24, anonymous",
        "Facilitator closed round 1 on 1m1 Staff aged 16 to 24: 12 entries, lowest ",
        "Facilitator closed round 6 on 1m1 Staff aged 16 to 24: 12 entries, lowest ",
        "Facilitator opened round 11 on 1m1 Staff aged 16 to 24, named",
        "after a round the X of 1m1 Staff aged 16 to 24 was set: from 5.7% to 8.7%: 3 percentage points, 90 "
        "more people",
        'Facilitator saved revision 2 of the plan for both sides ("what the rounds came to"): 1m1 Staff aged 16 ',
        "Manager 0 (director of workforce) agreed to 1m1 Staff aged 16 to 24 for management side",
        "Rep 1 (RCN steward) agreed to 5m1 New starters meeting Care Certificate standards within 12 weeks for staff",
        'Facilitator saved revision 3 of the plan for both sides ("later dates"): 1m1 Staff aged 16 to 24: due March',
        "Manager 0 (director of workforce) agreed to 1m1 Staff aged 16 to 24 for management side, which had "
        "changed since the last decision: due March 2027 → March 2028",
        "Rep 0 (branch secretary of UNISON) agreed to the pledge for staff side",
        "the board approved the pledge (board of today)",
        "Manager 0 (director of workforce) signed the pledge for management side",
        "the pledge was published: the intranet",
    )
    anonymous = [sentence for sentence in told if "closed round" in sentence][:10]
    assert not any(partner in sentence for sentence in anonymous for partner in PARTNERS)

    minutes = store.minutes(CODE, today, today + dt.timedelta(days=1))
    assert minutes.record.open == ()
    # What each person agreed to is told of in one sentence, and every row that was agreed in one line.
    assert len(minutes.decisions) == 5 + 2 + 2 + 5
    assert [group for group, _ in minutes.agreed] == sorted({group for group, _ in minutes.agreed}, key=by_number)
    agreed = [row for _, rows in minutes.agreed for row in rows]
    assert len(agreed) == 5
    assert agreed[0].removesuffix(" (both sides)") == (
        "1m1 Staff aged 16 to 24: from 5.7% in March 2026 to 8.7% by March 2028 (3 percentage points up)"
    )
    headings = [part.heading for part in minutes.paper.parts]
    assert [one for one in headings if not one.startswith("Rows agreed: ")] == [
        "Decisions",
        "The pledge",
        "Still open",
        "Agreed so far",
        "Also recorded",
    ]
    assert all(words[0].isupper() for _, words in minutes.paper.parts[0].points)
    assert "Agreed by both sides: 5 of 5 actions and measures.\n" in minutes.paper.text
    assert "Speaking for staff side: Rep 1 (RCN steward), Rep 0 (branch secretary of UNISON)" in minutes.paper.text
    assert max(map(len, minutes.paper.text.splitlines())) <= 100


def by_number(group: str) -> int:
    """The number of the intention that a heading names."""
    return int(group.split(maxsplit=1)[0])


def in_order(told: list[str], *beginnings: str) -> bool:
    """Each beginning is that of a sentence that comes after the one before."""
    rest = iter(told)
    missing = next((start for start in beginnings if not any(one.startswith(start) for one in rest)), None)
    assert missing is None, f"not told, or not in its turn: {missing}"
    return True
