from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from t4c_lib.errors import InputError, UnknownNameError
from t4c_lib.plan import Plan, Side
from t4c_lib.store import Revision, RevisionConflictError, Store

from .store_making import plan, target


@pytest.mark.unit
def test_a_saved_plan_comes_back_with_who_saved_it_when_and_why(store: Store) -> None:
    before = dt.datetime.now(dt.UTC)
    saved = store.save_plan(plan(target()), by=" A. Khan ", side="staff", note="first draft")
    found = store.latest_plan("X01")
    assert found is not None
    assert found == saved
    assert found.plan == plan(target())
    assert (found.revision, found.by, found.side, found.note) == (1, "A. Khan", Side.staff, "first draft")
    assert found.digest == plan(target()).digest
    assert before <= found.at <= dt.datetime.now(dt.UTC)
    assert store.latest_plan("X02") is None
    assert store.plan_history("X02") == ()


@pytest.mark.unit
def test_the_history_holds_every_revision_in_order(store: Store) -> None:
    for number, amount in enumerate((0.01, 0.02, 0.03)):
        store.save_plan(plan(target(amount=amount)), by="A", side=Side.both, parent_revision=number or None)
    history = store.plan_history("X01")
    assert [one.revision for one in history] == [1, 2, 3]
    assert [one.plan.targets[0].change.amount for one in history] == [0.01, 0.02, 0.03]
    assert store.latest_plan("X01") == history[-1]


@pytest.mark.unit
def test_a_save_that_changes_nothing_makes_no_revision(store: Store) -> None:
    first = store.save_plan(plan(target()), by="A", side="staff")
    assert store.save_plan(plan(target()), by="B", side="management", parent_revision=1) == first
    assert len(store.plan_history("X01")) == 1


@pytest.mark.unit
def test_plans_of_different_organisations_do_not_touch(store: Store) -> None:
    store.save_plan(plan(target()), by="A", side="staff")
    store.save_plan(plan(target(), organisation="X02"), by="B", side="staff")
    assert [one.by for one in store.plan_history("X01")] == ["A"]
    assert [one.by for one in store.plan_history("X02")] == ["B"]


@pytest.mark.unit
def test_the_text_a_person_wrote_is_kept_and_its_comments_outlive_a_change_made_on_a_page(store: Store) -> None:
    text = plan(target()).to_yaml().replace("measures:", "measures:  # agreed at the away day")
    store.save_plan(Plan.from_yaml(text), by="A", side="both", document=text)
    saved = store.save_plan(plan(target(amount=0.03)), by="B", side="both", parent_revision=1)
    history = store.plan_history("X01")
    assert history[0].document == text
    assert "# agreed at the away day" in saved.document
    assert saved.plan == plan(target(amount=0.03))


@pytest.mark.unit
def test_a_save_from_a_stale_revision_is_refused_and_told_who_saved_what(store: Store) -> None:
    store.save_plan(plan(target()), by="A. Khan", side="staff")
    store.save_plan(
        plan(target(amount=0.03)), by="B. Moss", side="management", note="after the vote", parent_revision=1
    )
    with pytest.raises(RevisionConflictError) as caught:
        store.save_plan(plan(target(due="2028-03")), by="A. Khan", side="staff", parent_revision=1)
    message = str(caught.value)
    assert "The plan of X01 was not saved: it was made from revision 1" in message
    assert "revision 2 by B. Moss (management side) on " in message
    assert '"after the vote"; 1m1 Staff aged 16 to 24: X 2 percentage points up → 3 percentage points up' in message
    assert [one.revision for one in caught.value.meanwhile] == [2]
    assert caught.value.parent_revision == 1
    assert len(store.plan_history("X01")) == 2


@pytest.mark.unit
def test_a_first_plan_is_refused_where_there_is_one(store: Store) -> None:
    store.save_plan(plan(target()), by="A", side="staff")
    with pytest.raises(RevisionConflictError, match=r"made from an empty plan(.|\n)*1m1 Staff aged 16 to 24 added"):
        store.save_plan(plan(), by="B", side="staff")


@pytest.mark.unit
def test_a_save_from_a_revision_that_never_was_is_refused(store: Store) -> None:
    store.save_plan(plan(target()), by="A", side="staff")
    with pytest.raises(UnknownNameError, match="no revision of the plan of X01 called '7'"):
        store.save_plan(plan(), by="B", side="staff", parent_revision=7)


@pytest.mark.unit
def test_a_save_without_name_for_no_known_side_and_with_another_text_is_told_all_of_it(store: Store) -> None:
    with pytest.raises(InputError) as caught:
        store.save_plan(plan(target()), by=" ", side="boss", document=plan().to_yaml())
    assert len(caught.value.problems) == 3
    assert "'boss' is not a side. Allowed: management, staff, both." in str(caught.value)
    assert store.latest_plan("X01") is None


@pytest.mark.law
def test_of_savers_of_the_same_revision_exactly_one_wins(url: str) -> None:
    with Store.open(url) as store:
        store.save_plan(plan(target()), by="facilitator", side="both")
        for revision in range(1, 5):
            outcomes = _save_at_once(url, revision)
            won = [one for one in outcomes if isinstance(one, Revision)]
            lost = [one for one in outcomes if isinstance(one, RevisionConflictError)]
            assert (len(won), len(lost)) == (1, 3)
            assert store.latest_plan("X01") == won[0]
            assert all(won[0] in one.meanwhile for one in lost)
        assert [one.revision for one in store.plan_history("X01")] == [1, 2, 3, 4, 5]


def _save_at_once(url: str, revision: int) -> list[Revision | RevisionConflictError]:
    together = Barrier(4)

    def save(person: int) -> Revision | RevisionConflictError:
        with Store.open(url) as own:
            theirs = plan(target(amount=revision / 100 + person / 1000 + 0.0001))
            together.wait()
            try:
                return own.save_plan(theirs, by=f"person {person}", side="staff", parent_revision=revision)
            except RevisionConflictError as conflict:
                return conflict

    with ThreadPoolExecutor(4) as people:
        return list(people.map(save, range(4)))
