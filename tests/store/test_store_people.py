"""Roles, as the store holds them: what each may save, in whose name, for which side, of which organisation."""

from __future__ import annotations

import datetime as dt
import itertools
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from t4c_lib.errors import InputError, T4CError
from t4c_lib.evidence import Organisation
from t4c_lib.plan.partnership.authorised_signatories import AuthorisedSignatories
from t4c_lib.plan.partnership.decisions import Act, PledgeWording
from t4c_lib.store import Store, StoreError
from t4c_lib.store.people import SIGNED_IN, NotAllowedError, People, RoleName, SignedIn, roles, signed_in
from tests.signed import LOGINS, SIDED, everybody, signed

from .store_making import Databases, figure, loaded, name_signatories, plan, target

CODE = "X01"


@pytest.fixture
def known(store: Store) -> Store:
    """A store with a plan, a round, an agreed list of signatories, and then its people."""
    trusts = Organisation(CODE, "Example Trust"), Organisation("X02", "Another Trust")
    store.add_evidence([loaded("a", figure(CODE, "2026-03", 5), organisations=trusts)])
    store.save_plan(plan(target()), by="Fay Facilitator", side="both")
    who = [{"side": "staff", "name": "Sam Signatory"}, {"side": "management", "name": "Mo Manager"}]
    name_signatories(store, CODE, AuthorisedSignatories.from_parameters({"speakers": who}))
    store.rounds.open(CODE, "young-share", by="Fay Facilitator", named=False)
    store.pledges.save(PledgeWording.suggested(CODE, "Example Trust"), by="Fay Facilitator", side="both")
    store.set_people(everybody(), "people.yaml")
    return store


def save_plan(store: Store, name: str, side: str) -> object:
    revision = store.latest_plan(CODE)
    assert revision is not None
    amount = 0.021 + revision.revision / 1000
    return store.save_plan(plan(target(amount=amount)), by=name, side=side, parent_revision=revision.revision)


def add_evidence(store: Store, _name: str, _side: str) -> object:
    count = len(store.sources())
    return store.add_evidence([loaded(f"more-{count}", figure(CODE, "2026-04", 6 + count))])


def agree(store: Store, name: str, side: str) -> object:
    revision = store.latest_plan(CODE)
    assert revision is not None
    return store.agreements.record(CODE, [Act.on(revision.plan.measures[0], "agreed", side=side, name=name)])


def enter(store: Store, name: str, side: str) -> object:
    return store.rounds.enter(CODE, 1, partner=name, side=side, change="2 points")


def lead(store: Store, name: str, _side: str) -> object:
    return store.rounds.close(CODE, 1, by=name)


def note(store: Store, name: str, side: str) -> object:
    return store.progress_notes.add(CODE, 1, "Done", by=name, side=side, on=dt.date(2026, 6, 1))


def place(store: Store, name: str, _side: str) -> object:
    return store.programme.add(
        CODE, "partner", [{"name": f"College {len(store.programme.register(CODE).entries)}"}], by=name
    )


def set_people(store: Store, _name: str, _side: str) -> object:
    return store.set_people(f"{everybody()}\n# again\n", "people.yaml")


ACTIONS: dict[str, Callable[[Store, str, str], object]] = {
    "plan": save_plan,
    "evidence": add_evidence,
    "agreement": agree,
    "entry": enter,
    "round": lead,
    "note": note,
    "programme": place,
    "people": set_people,
}
SPEAKS = {"plan", "agreement", "entry", "note"}  # those of a side


def may(role: str, action: str) -> bool:
    """What the guide says, written down a second time."""
    table = {
        "facilitator": {
            "plan",
            "round",
            "evidence",
            "note",
            "programme",
        },  # without a side no X of their own, no agreement
        "partner": {"plan", "entry", "note", "programme"},
        "signatory": {"plan", "entry", "note", "programme", "agreement"},
        "analyst": {"evidence", "programme"},
        "board-reader": set(),
        "auditor": set(),
        "administrator": {"evidence", "programme"},  # and people, but only in a list that keeps them administrator
    }
    return action in table[role]


@pytest.mark.law
@pytest.mark.parametrize("kind", ["sqlite"])
@pytest.mark.parametrize(("role", "action"), list(itertools.product(LOGINS, ACTIONS)))
def test_each_role_saves_what_it_may_and_nothing_else(known: Store, role: str, action: str) -> None:
    side = "staff" if role in SIDED or action in {"entry", "agreement"} else "both"  # an X is always of one side
    before = known.mark()
    with signed(role) as name:
        if may(role, action) or (role, action) == ("administrator", "people"):
            ACTIONS[action](known, name, side)
            assert known.mark() > before
        else:
            with pytest.raises(T4CError, match=r"signed in as|can't speak or sign"):
                ACTIONS[action](known, name, side)
            assert known.mark() == before


BESIDE = {
    "scenario": ("what-if scenarios", {"facilitator", "partner", "signatory", "analyst"}),
    "assumption": ("own figures of the model", {"facilitator", "analyst"}),
}


@pytest.mark.law
@pytest.mark.parametrize("kind", ["sqlite"])
@pytest.mark.parametrize(("role", "what"), list(itertools.product(LOGINS, BESIDE)))
def test_what_is_saved_in_a_file_beside_the_store_is_for_the_roles_that_may_and_on_record(
    known: Store, role: str, what: str
) -> None:
    words, may_save = BESIDE[what]
    before = known.audit.newest()
    with signed(role) as name:
        if role not in may_save:
            with (
                pytest.raises(NotAllowedError, match=f"not .*{words}|look, not save"),
                known.audit.saving(what, CODE, "More courses"),
            ):
                pytest.fail("whoever may not save this gets as far as the file")
            assert known.audit.newest() == before
            return
        with pytest.raises(OSError, match="disk"), known.audit.saving(what, CODE, "More courses"):
            raise OSError("the disk is full")
        assert known.audit.newest() == before  # where the file can't be written nothing was saved
        with known.audit.saving(what, CODE, "More courses"):
            pass
    entry = known.audit.newest()
    assert entry is not None
    assert (entry.action, entry.organisation, entry.by, entry.detail) == (what, CODE, name, "More courses")


@pytest.mark.unit
def test_who_signs_in_is_let_into_no_store_without_a_list(store: Store) -> None:
    assert store.acting() is None  # at a machine of one's own
    with signed("facilitator"), pytest.raises(NotAllowedError, match="no list of people yet, so nobody who signs in"):
        store.acting()


@pytest.mark.unit
def test_two_people_of_one_name_are_refused(store: Store) -> None:
    text = everybody().replace("name: Pat Partner", "name: ann ANALYST")
    with pytest.raises(InputError, match="ann ANALYST and Ann Analyst: two people of one name"):
        store.set_people(text, "people.yaml")
    assert store.people() is None


@pytest.mark.law
@pytest.mark.parametrize("action", sorted(SPEAKS))
def test_nobody_speaks_for_another_side_or_in_another_name(known: Store, action: str) -> None:
    before = known.mark()
    with signed("signatory") as name:
        for said, side, words in (
            (name, "management", "management side|can't speak or sign"),
            ("Mo Manager", "management", "in the name of Mo Manager|management side"),
            ("Pat Partner", "staff", "in the name of Pat Partner|can't speak or sign"),
        ):
            with pytest.raises(T4CError, match=words):
                ACTIONS[action](known, said, side)
        assert known.mark() == before
        ACTIONS[action](known, f"  {name.upper()} ", "staff")  # the same person, as people type
        assert known.mark() > before


@pytest.mark.flow
def test_what_was_entered_in_an_anonymous_round_is_known_to_nobody(known: Store) -> None:
    with signed("partner") as name:
        known.rounds.enter(CODE, 1, partner=name, side="staff", change="2 points")
    entry = known.audit.newest()
    assert entry is not None
    assert (entry.action, entry.login, entry.by, entry.rows) == ("entry", "", "", "{}")


@pytest.mark.flow
def test_a_stranger_is_told_whom_to_ask(known: Store) -> None:
    with (
        signed("nobody"),
        pytest.raises(NotAllowedError, match=r"signed in as 'nobody', who is not on .* Ask The Machine and Ad Min\."),
    ):
        save_plan(known, "Nobody", "both")


@pytest.mark.flow
def test_a_group_stands_for_those_who_are_not_named(known: Store) -> None:
    with signed("somebody", "other", "t4c-board"):
        person = known.acting()
        assert person is not None
        assert (person.name, person.in_words, person.saves) == ("somebody", "board reader", frozenset())
        assert [person.opens(page) for page in ("board", "compare", "forum", "audit")] == [True, True, False, False]


@pytest.mark.flow
def test_a_groups_member_whose_login_is_the_name_of_another_is_a_stranger(known: Store) -> None:
    for login in ("Fay Facilitator", "fay  facilitator"):
        with signed(login, "t4c-board"), pytest.raises(NotAllowedError, match="not on this store's list"):
            known.acting()


@pytest.mark.flow
def test_who_may_work_on_some_organisations_saves_nothing_of_others(known: Store) -> None:
    limited = everybody().replace("roles: [facilitator]", "roles: [facilitator], organisations: [X02]")
    known.set_people(limited, "people.yaml")
    with signed("facilitator") as name, pytest.raises(NotAllowedError, match="work on X02, not on X01"):
        save_plan(known, name, "both")


@pytest.mark.flow
def test_a_kernel_of_somebody_who_saves_nothing_has_a_store_that_refuses(
    known: Store, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(SIGNED_IN, SignedIn("board-reader").as_text)
    with Store.open(url) as opened, pytest.raises(StoreError, match="read"):
        opened.audit.record("opened", CODE, "board")
    monkeypatch.setenv(SIGNED_IN, SignedIn("facilitator").as_text)
    with Store.open(url) as opened:
        opened.audit.record("opened", CODE, "board")


@pytest.mark.flow
def test_a_restored_backup_knows_the_same_people(known: Store, new_database: Databases, tmp_path: Path) -> None:
    known.backup(tmp_path / "all.t4c")
    with Store.open(new_database()) as other:
        other.restore(tmp_path / "all.t4c")
        assert other.people() == known.people()
        with signed("partner") as name, pytest.raises(NotAllowedError, match="signed in as"):
            add_evidence(other, name, "staff")
    with signed("partner"), pytest.raises(NotAllowedError, match="restore"):
        known.restore(tmp_path / "all.t4c", tmp_path / "kept.t4c")


@pytest.mark.flow
def test_a_backup_without_a_list_of_people_leaves_the_one_that_is_there(
    known: Store, new_database: Databases, tmp_path: Path
) -> None:
    with Store.open(new_database()) as other:
        other.add_evidence([loaded("b", figure(CODE, "2026-04", 7), organisations=(Organisation(CODE, "Example"),))])
        other.backup(tmp_path / "nobody.t4c")
    before = known.people()
    known.restore(tmp_path / "nobody.t4c", tmp_path / "kept.t4c")
    assert known.people() == before
    assert "the one that held before holds on" in known.audit.entries(action="restore")[0].detail
    assert known.audit.verify().faults == ()
    with signed("partner") as name, pytest.raises(NotAllowedError, match="signed in as"):
        add_evidence(known, name, "staff")


@pytest.mark.flow
def test_an_organisation_that_is_not_known_is_refused_with_the_closest(known: Store, new_database: Databases) -> None:
    one = everybody().replace("roles: [facilitator]", "roles: [facilitator], organisations: [x02, X03]")
    group = one.replace("t4c-board: {roles: [board-reader]}", "t4c-board: {roles: [board-reader], organisations: [Y9]}")
    with pytest.raises(InputError) as refused:
        known.set_people(group, "people.yaml")
    said = [(each.place, each.message.split("'")[1]) for each in refused.value.problems]
    assert said == [("Fay Facilitator", "X03"), ("group t4c-board", "Y9")]
    assert "Did you mean 'X0" in str(refused.value)
    with Store.open(new_database()) as empty:  # before the first file is in nobody can say which there are
        empty.set_people(group, "people.yaml")


@pytest.mark.unit
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("people: [{login: a, name: A, roles: [partner]}]", "partners and signatories speak for one side"),
        ("people: [{login: a, name: A, roles: [analyst], side: staff}]", "only partners and signatories have a side"),
        ("people: [{login: a, name: A, roles: [chief]}]", "chief"),
        ("people: [{login: a, name: '', roles: [analyst]}]", "a person has a name"),
        ("people: [{login: a, name: A, roles: []}]", "roles"),
        ("people: [{login: a, name: A, roles: [analyst]}]", "nobody is an administrator"),
        ("people: [{login: a, name: A, roles: [administrator]}, {login: A, name: B, roles: [analyst]}]", "once"),
        ("", "It needs the key people"),
    ],
)
def test_a_list_with_faults_is_refused_in_words(text: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        People.from_yaml(text, "people.yaml")


@pytest.mark.flow
def test_nobody_makes_themselves_an_administrator(known: Store) -> None:
    grown = everybody().replace("roles: [partner], side: staff", "roles: [administrator]")
    with signed("partner"), pytest.raises(NotAllowedError, match="does not save the list of people"):
        known.set_people(grown, "people.yaml")
    assert known.people() == People.from_yaml(everybody(), "people.yaml")


@pytest.mark.flow
def test_nobody_locks_themselves_out(store: Store) -> None:
    with pytest.raises(InputError, match="could not change it again"):
        store.set_people("people: [{login: someone-else, name: A, roles: [administrator]}]", "people.yaml")
    assert store.people() is None


@pytest.mark.unit
def test_every_role_has_its_rules_and_without_a_server_the_account_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    assert set(roles()) == set(RoleName) == set(LOGINS)
    monkeypatch.setenv("USER", "somebody-else")
    monkeypatch.setenv("LOGNAME", "somebody-else")
    assert signed_in().login != "somebody-else" or os.name == "nt"
