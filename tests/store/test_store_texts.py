"""No way into the store takes a text that can't be, whatever the page or command before it let through."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import create_engine, text, update

from t4c_lib.cli.console import complain, say
from t4c_lib.errors import InputError
from t4c_lib.evidence import Organisation
from t4c_lib.plan import Plan
from t4c_lib.plan.partnership.authorised_signatories import AuthorisedSignatories, AuthorisedSignatory
from t4c_lib.plan.partnership.decisions import Act, PledgeWording
from t4c_lib.store import Store
from t4c_lib.store.schema import plan_revision

from .store_making import Databases, figure, loaded, name_signatories, plan, target
from .test_store_partnership import CODE, SPEAKERS

pytestmark = pytest.mark.unit

BAD_NAMES = {
    "A\nB": "a name goes on one line",
    "x" * 101: "a name has up to 100 characters, not 101",
    "A\x1b[2J": r"the invisible character U\+001B",
    "\u200b\u00a0\u200b": "says? who|enter (?:your|the) name",
}
BAD_NOTES = {
    "x" * 2_001: "a note has up to 2,000 characters, not 2,001",
    "A\x07": r"the invisible character U\+0007",
    "\u200b": "there is nothing to read in it|enter the text|says something|give a reason",
}


@pytest.fixture
def forum(new_database: Databases) -> Store:
    store = Store.open(new_database())
    store.save_plan(plan(target(), organisation=CODE), by="Ann", side="both")
    name_signatories(store, CODE, SPEAKERS)
    store.pledges.save(PledgeWording(CODE, "Example Trust", "We pledge."), by="Ann", side="both")
    return store


def act(store: Store, **said: Any) -> None:
    latest = store.latest_plan(CODE)
    assert latest is not None
    fields = {"side": "staff", "name": "U. Nison", "decision": "not agreed", "reason": "why", **said}
    decision = fields.pop("decision")
    Act.on(latest.plan.every_row[0], decision, **fields)


def open_round(store: Store, **said: Any) -> None:
    store.rounds.open(CODE, "young-share", named=True, **{"by": "Ann", **said})


def enter(store: Store, partner: str) -> None:
    number = store.rounds.open(CODE, "young-share", named=True, by="Ann").number
    store.rounds.enter(CODE, number, partner=partner, side="staff", change="1 point")


def close(store: Store, by: str) -> None:
    store.rounds.close(CODE, store.rounds.open(CODE, "young-share", named=True, by="Ann").number, by=by)


def settle(store: Store, note: str) -> None:
    number = store.rounds.open(CODE, "young-share", named=True, by="Ann").number
    store.rounds.close(CODE, number, by="Ann")
    store.rounds.settle(CODE, number, "1 point", by="Ann", note=note)


def sign(store: Store, by: str) -> None:
    store.pledges.record(CODE, "published", by=by, date=dt.date(2026, 5, 4), where="here")


def wording(store: Store, **said: Any) -> None:
    words = said.pop("wording", "We pledge more.")
    fields = {"by": "Ann", "side": "both", "parent_revision": 1, **said}
    store.pledges.save(PledgeWording(CODE, "Example Trust", words), **fields)


def signatories(store: Store, **said: Any) -> None:
    fields = {"by": "M. Chief", "side": "management", **said}
    store.agreements.name_signatories(CODE, SPEAKERS, **fields)


def changed_plan(store: Store, **said: Any) -> None:
    store.save_plan(plan(target(amount=0.03), organisation=CODE), side="both", parent_revision=1, **{"by": "A", **said})


NAMES: dict[str, Callable[[Store, str], None]] = {
    "plan": lambda store, name: changed_plan(store, by=name),
    "act": lambda store, name: act(store, name=name),
    "round": lambda store, name: open_round(store, by=name),
    "partner": enter,
    "closing": close,
    "pledge": lambda store, name: wording(store, by=name),
    "step": sign,
    "note": lambda store, name: (store.progress_notes.add(CODE, 1, "Done.", by=name, side="staff"), None)[1],
    "signatories": lambda store, name: signatories(store, by=name),
}
NOTES: dict[str, Callable[[Store, str], None]] = {
    "plan": lambda store, note: changed_plan(store, note=note),
    "act": lambda store, note: act(store, reason=note),
    "round": lambda store, note: open_round(store, note=note),
    "settling": settle,
    "pledge": lambda store, note: wording(store, note=note),
    "note": lambda store, note: (store.progress_notes.add(CODE, 1, note, by="A", side="staff"), None)[1],
    "signatories": lambda store, note: signatories(store, note=note),
}


@pytest.mark.parametrize("way", NAMES)
def test_a_name_that_cannot_be_is_refused_by_every_way_in(forum: Store, way: str) -> None:
    for name, words in BAD_NAMES.items():
        before = forum.mark()
        with pytest.raises(InputError, match=words):
            NAMES[way](forum, name)
        for one in forum.rounds.of(CODE):
            if one.is_open:
                forum.rounds.close(CODE, one.number, by="Ann")
        assert name not in {one.by for one in forum.changes_since(before)}


@pytest.mark.parametrize("way", NOTES)
def test_a_note_that_cannot_be_is_refused_by_every_way_in(forum: Store, way: str) -> None:
    for note, words in BAD_NOTES.items():
        with pytest.raises(InputError, match=words):
            NOTES[way](forum, note)


def test_the_wording_of_a_pledge_has_bounds_of_its_own(forum: Store) -> None:
    with pytest.raises(InputError, match=r"the wording of a pledge has up to 10,000 characters, not 10,001"):
        wording(forum, wording="x" * 10_001)
    wording(forum, wording="x" * 10_000)


def test_a_place_and_a_role_stand_on_one_line(forum: Store) -> None:
    with pytest.raises(InputError, match=r"where: a place or web address goes on one line"):
        forum.pledges.record(CODE, "published", by="Ann", date=dt.date(2026, 5, 4), where="here\nand there")
    with pytest.raises(InputError, match=r"role: a role goes on one line"):
        act(forum, role="a\nb")
    listed = AuthorisedSignatories(speakers=(*SPEAKERS.speakers, AuthorisedSignatory.of(side="staff", name="x" * 101)))
    with pytest.raises(InputError, match=r"signatory 3, name: a name has up to 100 characters"):
        forum.agreements.name_signatories(CODE, listed, by="M. Chief", side="management")


def test_a_text_of_a_plan_that_is_too_long_is_refused_with_its_place_when_it_is_saved(forum: Store) -> None:
    latest = forum.latest_plan(CODE)
    assert latest is not None
    row = latest.plan.measures[0]
    for texts, words in (
        ({"note": "x" * 2_001}, "plan, measures, 1, note: a text of a plan has up to 2,000 characters, not 2,001"),
        ({"note": "\u200b"}, "plan, measures, 1, note: there is nothing to read in it"),
        ({"holder": "A\nB"}, "plan, measures, 1, holder: a name goes on one line"),
    ):
        with pytest.raises(InputError, match=words):
            forum.save_plan(latest.plan.with_row(row.changed(**texts)), by="Ann", side="both", parent_revision=1)


def test_a_code_that_cannot_be_is_refused_by_every_way_in(forum: Store) -> None:
    wrong = "../x"
    for way in (
        lambda: forum.progress_notes.add(wrong, 1, "Done.", by="Ann", side="staff"),
        lambda: forum.agreements.name_signatories(wrong, SPEAKERS, by="M. Chief", side="management"),
        lambda: forum.pledges.save(PledgeWording(wrong, "Example Trust", "We."), by="Ann", side="both"),
        lambda: forum.agreements.record(wrong, ()),
        lambda: Plan.of(organisation=wrong, organisation_name="Example", years=("2026/27",)),
        lambda: forum.add_evidence([loaded("a", figure(wrong, "2026-03", 1))]),
        lambda: forum.add_evidence([loaded("b", organisations=(Organisation(wrong, "Example"),))]),
    ):
        with pytest.raises(InputError, match=r"'\.\./x' is not an organisation code"):
            way()


def test_what_was_stored_before_can_be_read_and_steers_no_terminal(
    forum: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    with create_engine(str(forum._engine.url.render_as_string(hide_password=False))).begin() as connection:
        connection.execute(update(plan_revision).values(by="\x1b]0;owned\x07Ann", note="x" * 5_000))
        assert connection.execute(text("SELECT count(*) FROM plan_revision")).scalar() == 1
    latest = forum.latest_plan(CODE)
    assert latest is not None
    say(str(latest))
    complain(str(replace(latest, note="\u202e")))
    out, err = capsys.readouterr()
    assert "revision 1 by \ufffd]0;owned\ufffdAnn" in out
    assert not set("\x1b\x07\u202e") & set(out + err)
