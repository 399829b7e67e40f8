"""Rounds on the forum page: nobody sees an entry before a round is closed, and a settled X is saved like any other."""

from __future__ import annotations

import pytest

from t4c_lib.plan import Side
from t4c_lib.quantities import Change, ChangeKind
from t4c_lib.store import Store
from tests.panels.test_forum_panel import CODE, YOUNG, Visit, measure_of, visit

pytestmark = pytest.mark.flow


def open_round(page: Visit, named: str = "no", by: str = "Fern Example") -> None:
    page.send("new-round")
    page.send("open-round", named=named, facilitator=by)


def enter(page: Visit, amount: str, side: str = "staff", kind: str = "level", **name: str) -> None:
    page.send("round-entry", entry_amount=amount, entry_kind=kind, **{"for": side}, **name)
    page.send("round-confirm")


def words(page: Visit) -> str:
    return " ".join(page.texts(".f-round"))


def test_four_partners_on_one_laptop_and_the_median_is_saved_in_the_row(store_file: object) -> None:
    page = visit()
    open_round(page)
    assert "0 have entered" in words(page)
    page.send("pass-laptop")
    for count, amount in enumerate(("7", "7.5", "8.5", "12"), 1):
        form = str(page.page.select_one(".f-entry")["id"])  # type: ignore[index]
        enter(page, amount, "management" if count > 2 else "staff")
        assert "Hand the laptop to the next partner" in words(page)
        assert form != str(page.page.select_one(".f-entry")["id"])  # type: ignore[index]
        assert amount not in page.texts(".f-round")[0].replace(str(count), "", 1)
    page.send("close-round")
    assert "4 entries, lowest 7.0%, median 8.0%, highest 12.0%" in words(page)
    assert "because on at least one of them fewer than 4 people entered an X" in words(page)
    page.send("settle-round", revision=page.panel.view.home.revision.revision)  # type: ignore[union-attr]
    assert measure_of(CODE, "young-share").change == Change(ChangeKind.LEVEL, 0.08)
    assert "Settled: from" in words(page)
    with Store.open() as store:
        settled = store.rounds.of(CODE)[-1].settled
    assert settled is not None
    assert (settled.change, settled.by) == (Change(ChangeKind.LEVEL, 0.08), "Ada Example")


def test_what_is_entered_is_looked_at_before_it_counts(store_file: object) -> None:
    page = visit()
    open_round(page, named="yes")
    page.send("pass-laptop")
    page.send("round-entry", entry_amount="7", entry_kind="level", entry_name="", **{"for": ""})
    assert page.texts(".f-entry .f-error") == ["Enter the name of the partner.", "Choose the side for which you enter."]
    page.send("round-entry", entry_amount="much", entry_kind="level", entry_name="Bo", **{"for": "staff"})
    assert page.texts(".f-entry .f-error") == ["A number belongs here, not 'much'."]
    page.send("round-entry", entry_amount="7", entry_kind="level", entry_name="Bo", **{"for": "staff"})
    assert "You enter for staff side, as Bo: From" in words(page)
    page.send("round-confirm", back="yes")
    assert "0 have entered" in words(page)
    enter(page, "8", entry_name="Bo")
    assert "1 has entered: Bo." in words(page)
    page.send("close-round")
    assert "Bo (staff side): from" in words(page)


def test_a_round_says_of_three_people_nothing_and_another_one_keeps_it(store_file: object) -> None:
    page = visit()
    open_round(page)
    assert "With fewer than 4 people no anonymity is promised" in words(page)
    page.send("pass-laptop")
    for amount in ("7", "8", "9"):
        enter(page, amount)
    page.send("close-round")
    assert "Fewer than 4 people entered an X, too few to stay anonymous" in words(page)
    assert page.page.select_one("[data-do=settle-round]") is None  # there is no median to use
    open_round(page)
    assert "Earlier rounds on this row (" in words(page)


def test_entries_from_elsewhere_are_counted_at_once(store_file: object) -> None:
    page = visit()
    open_round(page)
    with Store.open() as store:
        number = store.rounds.of(CODE)[-1].number
        store.rounds.enter(CODE, number, partner="device", side=Side.staff, change="to 7%")
    page.panel._watch.look()
    assert "1 has entered." in words(page)
    with Store.open() as store:
        store.rounds.close(CODE, number, by="Somebody Else")
    page.send("pass-laptop")
    enter(page, "9")
    with Store.open() as store:
        assert store.rounds.status(CODE, number).entered == 1
    assert page.page.select_one(".f-entry") is None


def test_a_round_is_opened_and_closed_by_somebody(store_file: object) -> None:
    page = visit()
    page.who["by"] = ""
    open_round(page, by="")
    assert page.texts(".f-round .f-error") == ["Enter your name."]
    open_round(page)
    page.send("close-round")
    assert page.notice == "Not closed. Enter your name at the left."
    assert page.panel.opened == YOUNG
