from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import create_engine, select

from t4c_lib.errors import InputError, UnknownNameError
from t4c_lib.plan import Plan, Side
from t4c_lib.plan import plan as plan_text
from t4c_lib.plan.partnership.agreement_status import AgreementStatus, rows_to_agree
from t4c_lib.plan.partnership.authorised_signatories import (
    AuthorisedSignatories,
    AuthorisedSignatory,
    NotAuthorisedError,
)
from t4c_lib.plan.partnership.decisions import Act, PledgeWording
from t4c_lib.plan.partnership.pledge import PledgeError
from t4c_lib.plan.partnership.rounds import RoundError
from t4c_lib.quantities import ChangeKind
from t4c_lib.store import IncompleteRowError, MergeClashError, StaleActError, Store
from t4c_lib.store.schema import round_entry

from .store_making import name_signatories, plan, target

CODE = "X01"
SPEAKERS = AuthorisedSignatories.from_parameters(
    {
        "speakers": [
            {"side": "management", "name": "M. Chief", "role": "director of workforce"},
            {"side": "staff", "name": "U. Nison", "role": "branch secretary of UNISON"},
        ]
    }
)


@pytest.fixture
def forum(store: Store) -> Store:
    """A store with a plan of two rows, and people who may speak."""
    store.save_plan(plan(target(), target("attainment")), by="Facilitator", side="both")
    name_signatories(store, CODE, SPEAKERS)
    return store


def now_of(store: Store) -> Plan:
    latest = store.latest_plan(CODE)
    assert latest is not None
    return latest.plan


def agree(store: Store, side: str, name: str, decision: str = "agreed", **other: str) -> tuple[Act, ...]:
    return store.agreements.record(CODE, [Act.on(now_of(store).measures[0], decision, side=side, name=name, **other)])  # type: ignore[arg-type]


def edit(store: Store, **fields: object) -> None:
    latest = store.latest_plan(CODE)
    assert latest is not None
    row = latest.plan.measures[0].changed(**fields)
    store.save_plan(latest.plan.with_row(row), by="Editor", side="both", parent_revision=latest.revision)


def standings(forum: Store) -> tuple[AgreementStatus, ...]:
    return forum.partnership(CODE, dt.datetime.now(dt.UTC).date()).standings


# Rounds


@pytest.mark.law
@pytest.mark.parametrize("named", [True, False])
def test_nobody_is_told_what_was_entered_while_a_round_is_open(forum: Store, named: bool) -> None:
    forum.rounds.open(CODE, "young-share", by="Facilitator", named=named)
    marked = "731973197"  # longer than the fraction of any moment, which could hold a shorter one by chance
    for number, name in enumerate(("Ann", "Bob", "Cy", "Di", "Ed")):
        forum.rounds.enter(CODE, 1, partner=name, side="staff", change=f"{number}.{marked} points")
    today = dt.datetime.now(dt.UTC).date()
    (row,) = forum.rounds.of(CODE)
    seen: list[Callable[[], object]] = [
        lambda: forum.rounds.status(CODE, 1),
        lambda: forum.rounds.of(CODE),
        lambda: forum.rounds.on_row(CODE, row.key),
        lambda: forum.events(CODE),
        lambda: forum.minutes(CODE, today - dt.timedelta(days=1), today),
        lambda: forum.minutes(CODE, today - dt.timedelta(days=1), today).paper.text,
        lambda: forum.changes_since(0),
        lambda: forum.partnership(CODE, today).standings,
        lambda: forum.plan_history(CODE),
    ]
    assert not any(marked in repr(ask()) for ask in seen)
    assert forum.rounds.status(CODE, 1).entered == 5
    assert ("Ann" in repr([ask() for ask in seen])) == named
    with pytest.raises(RoundError, match="is open: what was entered is shown when it is closed"):
        forum.rounds.result(CODE, 1)
    public = {name for name in dir(forum.rounds) if not name.startswith("_")}
    assert public == {"open", "enter", "status", "close", "result", "settle", "of", "on_row"}


@pytest.mark.unit
def test_an_anonymous_round_keeps_no_name_and_no_time_and_still_counts_who_moved(url: str, forum: Store) -> None:
    for number, shift in ((1, 0), (2, 1)):
        forum.rounds.open(CODE, "young-share", by="Facilitator", named=False)
        for place, name in enumerate(("Ann", "Bob", "Cy", "Di")):
            moved = shift if name in {"Ann", "Bob"} else 0
            forum.rounds.enter(CODE, number, partner=name, side="staff", change=f"{place + moved} points")
        result = forum.rounds.close(CODE, number, by="Facilitator")
    assert result.movement is not None
    assert (result.movement.up, result.movement.down, result.movement.stayed) == (2, 0, 2)
    assert result.entries == ()
    engine = create_engine(url)
    with engine.connect() as connection:
        rows = connection.execute(select(round_entry)).all()
    engine.dispose()
    assert len({row.partner for row in rows}) == 4
    assert all(len(row.partner) == 32 and row.at is None for row in rows)
    assert not any(change.by in {"Ann", "Bob", "Cy", "Di"} for change in forum.changes_since(0))


@pytest.mark.law
def test_twenty_people_enter_at_once_from_their_own_devices_and_each_counts_once(url: str, forum: Store) -> None:
    forum.rounds.open(CODE, "young-share", by="Facilitator", named=True)

    def person(number: int) -> None:
        with Store.open(url) as own:
            for change in ("1 point", f"{number} points"):
                side = "staff" if number % 2 else "management"
                own.rounds.enter(CODE, 1, partner=f"Person {number}", side=side, change=change)

    with ThreadPoolExecutor(5) as people:
        list(people.map(person, range(20)))
    result = forum.rounds.close(CODE, 1, by="Facilitator")
    assert sorted(round(one.change.amount * 100) for one in result.entries) == list(range(20))
    assert [spread.entries for _, spread in result.sides] == [10, 10]


@pytest.mark.unit
def test_a_round_runs_from_opening_to_the_x_in_the_plan_and_its_slips_are_told(forum: Store) -> None:
    with pytest.raises(UnknownNameError, match="no measure in this plan called 'sickness'"):
        forum.rounds.open(CODE, "sickness", by="F", named=True)
    with pytest.raises(RoundError, match="X02 has no plan yet"):
        forum.rounds.open("X02", "young-share", by="F", named=True)
    opened = forum.rounds.open(CODE, "1m1", by="F", named=True, note="first guess")
    assert forum.rounds.of(CODE) == (opened,)
    with pytest.raises(RoundError, match="Round 1 on 1m1 Staff aged 16 to 24 is still open: close it first"):
        forum.rounds.open(CODE, "young-share", by="F", named=False)
    with pytest.raises(RoundError, match="close it before the X is set"):
        forum.rounds.settle(CODE, 1, "3 points", by="F")
    forum.rounds.enter(CODE, 1, partner="Ann", side="staff", change="3 points")
    forum.rounds.close(CODE, 1, by="F")
    with pytest.raises(RoundError, match="was closed before, by F"):
        forum.rounds.close(CODE, 1, by="F")
    with pytest.raises(RoundError, match="no more entries can be made"):
        forum.rounds.enter(CODE, 1, partner="Bob", side="staff", change="3 points")
    with pytest.raises(InputError, match="the X after round 1"):
        forum.rounds.settle(CODE, 1, "to 130%", by="F")
    settled = forum.rounds.settle(CODE, 1, "3 points", by="F", note="the middle")
    assert settled.settled is not None
    assert (settled.settled.change.kind, settled.settled.change.amount) == (ChangeKind.POINTS, 0.03)
    with pytest.raises(UnknownNameError, match="no round of X01 called '7'"):
        forum.rounds.result(CODE, 7)
    assert forum.rounds.open(CODE, "young-share", by="F", named=True).number == 2


# Agreement


@pytest.mark.unit
def test_an_act_by_somebody_not_entitled_is_refused_and_nothing_recorded(forum: Store) -> None:
    with pytest.raises(NotAuthorisedError, match=r"X\. Nobody can't speak or sign for staff side"):
        agree(forum, "staff", "X. Nobody")
    with pytest.raises(NotAuthorisedError, match="the list of signatories names them for management side"):
        agree(forum, "staff", "M. Chief")
    with pytest.raises(NotAuthorisedError):
        agree(forum, "both", "X. Nobody", "parked", reason="no figures yet")
    assert forum.agreements.acts(CODE) == ()
    (parked,) = agree(forum, "both", "U. Nison", "parked", reason="no figures yet")
    assert parked.role == "branch secretary of UNISON"
    assert str(standings(forum)[0]) == ("1m1 Staff aged 16 to 24: parked (reason: no figures yet)")


@pytest.mark.unit
def test_several_acts_are_recorded_together_or_not_at_all(forum: Store) -> None:
    rows = now_of(forum).measures
    good = Act.on(rows[0], "agreed", side="staff", name="U. Nison")
    bad = Act.on(rows[1], "agreed", side="management", name="U. Nison")
    with pytest.raises(NotAuthorisedError):
        forum.agreements.record(CODE, [good, bad])
    assert forum.agreements.acts(CODE) == ()


@pytest.mark.unit
def test_nobody_agrees_to_a_row_that_changed_while_they_looked_at_it(forum: Store) -> None:
    seen = now_of(forum).measures[0]
    edit(forum, due="2028-03")
    with pytest.raises(StaleActError, match=r"has changed since you looked at it: due March 2027 → March 2028\."):
        forum.agreements.record(CODE, [Act.on(seen, "agreed", side="staff", name="U. Nison")])
    gone = Act.on(plan(target("turnover", amount=-0.01)).measures[0], "agreed", side="staff", name="U. Nison")
    with pytest.raises(StaleActError, match="There is no 1m4-turnover Turnover of support staff to agree to"):
        forum.agreements.record(CODE, [gone])
    assert forum.agreements.acts(CODE) == ()


@pytest.mark.unit
def test_acts_come_back_as_they_were_said_and_an_edit_opens_the_row(forum: Store) -> None:
    said = (
        *agree(forum, "management", "M. Chief"),
        *agree(forum, "staff", "U. Nison", role="Branch secretary of UNISON"),
    )
    assert forum.agreements.acts(CODE) == said
    assert [one.state for one in standings(forum)] == ["agreed", "proposed"]
    edit(forum, note="no matter")
    assert standings(forum)[0].state == "agreed"
    edit(forum, post="head of learning")
    assert standings(forum)[0].changed == ("responsible post 'head of people' → 'head of learning'",)


@pytest.mark.unit
def test_a_list_of_signatories_holds_once_both_sides_put_their_name_to_it(forum: Store) -> None:
    agree(forum, "staff", "U. Nison")
    rows = [{"side": "staff", "name": "R. Nurse"}, {"side": "management", "name": "M. Chief"}]
    others = AuthorisedSignatories.from_parameters({"speakers": rows})
    name = forum.agreements.name_signatories
    with pytest.raises(NotAuthorisedError, match=r"R\. Nurse can't speak or sign for staff side"):
        name(CODE, others, by="R. Nurse", side="staff")
    with pytest.raises(InputError, match="names nobody for management side"):
        name(CODE, AuthorisedSignatories.from_parameters({"speakers": rows[:1]}), by="U. Nison", side="staff")
    with pytest.raises(InputError, match="each side confirms the list for itself"):
        name(CODE, others, by="U. Nison", side="both")
    proposed = name(CODE, others, by="U. Nison", side="staff")
    assert proposed.now == SPEAKERS
    assert proposed.proposed is not None
    assert name(CODE, others, by="U. Nison", side="staff") == proposed  # once more from one side changes nothing
    agree(forum, "staff", "U. Nison", "withdrawn")
    assert name(CODE, others, by="M. Chief", side="management").now == others
    assert forum.agreements.signatories(CODE).proposed is None
    with pytest.raises(NotAuthorisedError, match=r"Those who can: R\. Nurse"):
        agree(forum, "staff", "U. Nison")
    assert forum.agreements.signatories("X02").now == AuthorisedSignatories()
    told = [one.sentence for one in forum.events(CODE) if one.kind == "speakers"]
    assert told[-2].startswith("U. Nison proposed the list of signatories for staff side (management side: M. Chief;")
    assert told[-1].startswith("M. Chief confirmed the list of signatories for management side")


@pytest.mark.unit
def test_a_list_that_waits_is_overtaken_by_another_one(forum: Store) -> None:
    rows = [{"side": "staff", "name": "U. Nison"}, {"side": "management", "name": "D. Eputy"}]
    first = AuthorisedSignatories.from_parameters({"speakers": rows})
    second = AuthorisedSignatories.from_parameters({"speakers": [*rows, {"side": "management", "name": "M. Chief"}]})
    forum.agreements.name_signatories(CODE, first, by="M. Chief", side="management")
    after = forum.agreements.name_signatories(CODE, second, by="U. Nison", side="staff")
    assert after.now == SPEAKERS
    assert after.proposed is not None
    assert after.proposed.signatories == second
    assert forum.agreements.name_signatories(CODE, SPEAKERS, by="M. Chief", side="management").proposed is None


@pytest.mark.unit
def test_a_row_that_is_incomplete_or_contradicts_itself_cannot_be_agreed_and_lateness_never_blocks(
    forum: Store,
) -> None:
    edit(forum, post="")
    with pytest.raises(IncompleteRowError) as told:
        agree(forum, "staff", "U. Nison")
    assert str(told.value) == (
        "This row can't be agreed as it stands:\n"
        "  - 1m1 Staff aged 16 to 24: No responsible post named.\n"
        "Nothing was recorded. Complete what is missing, or agree to the other rows."
    )
    agree(forum, "staff", "U. Nison", "not agreed", reason="nobody answers for it")
    edit(forum, post="head of people", start="2027-04")
    with pytest.raises(IncompleteRowError, match=r"It is due in March 2027, before it starts in April 2027\."):
        agree(forum, "staff", "U. Nison")
    edit(forum, start=None, due="2026-05", review={"every": 1, "last": "2026-04-01"})
    assert agree(forum, "staff", "U. Nison")


@pytest.mark.law
def test_what_agrees_to_everything_overturns_no_word_of_anybody(forum: Store) -> None:
    agree(forum, "staff", "U. Nison", "not agreed", reason="too high")
    acts = forum.agreements.acts(CODE)
    for side in (Side.management, Side.staff):
        rows = rows_to_agree(now_of(forum), acts, side)
        assert [row.reference for row in rows.ready] == ["1m4-attainment"]
        ((row, why),) = rows.left
        assert (row.reference, why) == ("1m1", "It is not agreed by staff side (reason: too high).")
    agree(forum, "management", "M. Chief", "parked", reason="until May")
    assert [why for _, why in rows_to_agree(now_of(forum), forum.agreements.acts(CODE), Side.staff).left] == [
        "It is parked (reason: until May)."
    ]
    agree(forum, "staff", "U. Nison")
    assert [row.reference for row in rows_to_agree(now_of(forum), forum.agreements.acts(CODE), Side.staff).ready] == [
        "1m4-attainment"
    ]


# Pledge


@pytest.mark.unit
def test_a_wording_is_saved_once_edited_from_the_newest_and_agreed_like_a_row(forum: Store) -> None:
    suggested = PledgeWording.suggested(CODE, "Example Trust")
    first = forum.pledges.save(suggested, by="Facilitator", side="both")
    assert forum.pledges.save(first, by="Facilitator", side="both", parent_revision=1) == first
    acts = [
        Act.on(first, "agreed", side=side, name=name)
        for side, name in (("management", "M. Chief"), ("staff", "U. Nison"))
    ]
    forum.agreements.record(CODE, acts)
    standing = forum.pledges.standing(CODE)
    assert standing is not None
    assert standing.state == "agreed"
    day = dt.date(2026, 6, 1)
    forum.pledges.record(CODE, "board-approved", by="Facilitator", date=day, where="board of 1 June")
    forum.pledges.record(CODE, "signed", by="Facilitator", date=day, side="staff", name="U. Nison")
    edited = PledgeWording(CODE, "Example Trust", first.wording + " We mean it.")
    forum.pledges.save(edited, by="U. Nison", side="staff", parent_revision=1, note="stronger")
    standing = forum.pledges.standing(CODE)
    assert standing is not None
    assert (standing.state, len(standing.earlier), standing.wording.revision) == ("a draft", 2, 2)
    with pytest.raises(StaleActError, match="The pledge has changed since you looked at it: wording "):
        forum.agreements.record(CODE, acts)
    with pytest.raises(PledgeError, match=r"meanwhile U\. Nison saved revision 2 for staff side"):
        forum.pledges.save(suggested, by="A", side="management", parent_revision=1)
    with pytest.raises(PledgeError, match="X02 has no pledge yet"):
        forum.pledges.record("X02", "published", by="A", date=day, where="x")
    with pytest.raises(InputError, match="a pledge has a text"):
        forum.pledges.save(PledgeWording(CODE, "Example Trust", " "), by="A", side="both")


# Saving together


@pytest.mark.unit
def test_the_second_of_two_savers_gets_the_others_changes_row_by_row(forum: Store) -> None:
    mine = now_of(forum)
    edit(forum, due="2028-03")
    mine = mine.with_row(mine.measures[1].changed(post="matron"))
    saved = forum.save_merged(mine, by="Second", side="staff", parent_revision=1)
    assert (str(saved.revision.plan.measures[0].due), saved.revision.plan.measures[1].post) == ("2028-03", "matron")
    assert "put together with revision 2 by Editor" in str(saved)


@pytest.mark.unit
def test_what_clashes_is_shown_with_both_versions_and_nothing_is_saved(forum: Store) -> None:
    base = now_of(forum)
    edit(forum, due="2028-03")
    mine = base.with_row(base.measures[0].changed(due="2029-03")).with_row(base.measures[1].changed(note="n"))
    with pytest.raises(MergeClashError) as caught:
        forum.save_merged(mine, by="Second", side="staff", parent_revision=1)
    assert "1m1 Staff aged 16 to 24: due yours March 2029, theirs March 2028" in str(caught.value)
    assert len(forum.plan_history(CODE)) == 2


# Others' work


@pytest.mark.unit
def test_every_save_is_another_version_and_is_told_to_whoever_asks(url: str, forum: Store) -> None:
    others = AuthorisedSignatories(speakers=(*SPEAKERS.speakers, AuthorisedSignatory.of(side="staff", name="R. Nurse")))
    with Store.open(url) as other:
        mark, versions = other.mark(), [other.version()]
        steps: list[Callable[[], object]] = [
            lambda: edit(forum, note="x"),
            lambda: agree(forum, "staff", "U. Nison"),
            lambda: forum.rounds.open(CODE, "young-share", by="F", named=False),
            lambda: forum.rounds.enter(CODE, 1, partner="Ann", side="staff", change="2 points"),
            lambda: forum.rounds.close(CODE, 1, by="F"),
            lambda: forum.pledges.save(PledgeWording.suggested(CODE, "Example"), by="F", side="both"),
            lambda: forum.agreements.name_signatories(CODE, others, by="M. Chief", side="management"),
        ]
        for step in steps:
            step()
            versions.append(other.version())
        assert len(set(versions)) == len(steps) + 1
        told = other.changes_since(mark)
    whats = ["plan", "agreement", "round", "entry", "round", "pledge", "speakers"]
    assert [one.what for one in told] == whats
    assert [one.by for one in told] == ["Editor", "U. Nison", "F", "", "F", "F", "M. Chief"]
    assert {one.organisation for one in told} == {CODE}
    assert forum.changes_since(told[-1].mark) == ()


@pytest.mark.unit
def test_minutes_of_a_day_are_the_same_whatever_happens_later(forum: Store) -> None:
    agree(forum, "staff", "U. Nison")
    today = dt.datetime.now(dt.UTC).date()
    (act,) = forum.agreements.acts(CODE)
    minutes = forum.minutes(CODE, act.at.date())
    assert [one.sentence for one in minutes.decisions][-1] == (
        "U. Nison (branch secretary of UNISON) agreed to 1m1 Staff aged 16 to 24 for staff side"
    )
    assert [str(one) for one in minutes.record.open] == [
        "1m1 Staff aged 16 to 24: agreed by staff side only",
        "1m4-attainment Support staff with a recorded qualification: not agreed by either side yet",
    ]
    assert forum.minutes(CODE, dt.date(2026, 1, 1)).decisions == ()
    with pytest.raises(InputError, match="is before the first"):
        forum.minutes(CODE, today, today - dt.timedelta(days=1))


@pytest.mark.law
@pytest.mark.parametrize("order", [("staff", "management"), ("management", "staff")])
def test_a_row_that_one_side_agreed_to_and_the_other_refused_is_open_in_the_minutes_and_nowhere_agreed(
    forum: Store, order: tuple[str, str]
) -> None:
    names = {"staff": "U. Nison", "management": "M. Chief"}
    decisions = {"staff": ("agreed", {}), "management": ("not agreed", {"reason": "there is no money"})}
    for side in order:
        decision, because = decisions[side]
        agree(forum, side, names[side], decision, **because)
    (act, _) = forum.agreements.acts(CODE)
    minutes = forum.minutes(CODE, act.at.date())
    assert minutes.agreed == ()
    assert str(minutes.record.open[0]) == (
        "1m1 Staff aged 16 to 24: not agreed by management side (reason: there is no money)"
    )
    decided = [one.sentence for one in minutes.decisions]
    assert sum("agreed to 1m1 Staff aged 16 to 24 for staff side" in one for one in decided) == 1


@pytest.mark.flow
def test_the_record_of_a_partnership_reads_no_revision_but_the_current_one(forum: Store) -> None:
    """A page asks for it each time that it is opened and after each save; reading a plan takes a tenth of a second."""
    for number in range(1, 13):
        edit(forum, note=f"change {number}")
    plan_text._read.cache_clear()
    forum.partnership(CODE, dt.datetime.now(dt.UTC).date())
    assert plan_text._read.cache_info().misses == 1
    assert len([one for one in forum.events(CODE) if one.kind == "plan"]) == 13
