"""The log of progress: appended, never altered, told to others, with every slip in words."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest

from t4c_lib.errors import InputError, UnknownNameError
from t4c_lib.plan import MeasureRow, Plan, Side
from t4c_lib.plan.partnership.event_log import NoteKind
from t4c_lib.store import Store

CODE = "X01"
AT = dt.datetime(2026, 6, 2, 14, 30, tzinfo=dt.UTC)


@pytest.mark.unit
def test_a_note_comes_back_with_its_author_side_and_day_in_the_order_of_writing(store: Store) -> None:
    first = store.progress_notes.add(
        CODE, 1, " Two colleges\njoined. ", by=" Ann ", side="staff", on=dt.date(2026, 5, 28), at=AT
    )
    second = store.progress_notes.add(CODE, 4, "Study days clash.", by="Bo", side="both", kind="reflection", at=AT)
    assert store.progress_notes.all(CODE) == (first, second)
    assert (first.number, first.text, first.by, first.side) == (1, "Two colleges\njoined.", "Ann", Side.staff)
    assert (second.number, second.kind, second.on) == (2, NoteKind.REFLECTION, AT.date())
    assert second.at == AT
    assert store.progress_notes.all(CODE, 4) == store.progress_notes.all(CODE, "4") == (second,)
    assert store.progress_notes.all("X02") == ()


@pytest.mark.unit
def test_every_slip_of_a_note_is_told_at_once_and_nothing_is_saved(store: Store) -> None:
    with pytest.raises(InputError) as told:
        store.progress_notes.add(
            CODE, 1, "  ", by=" ", side="staf", kind="notes", on=AT.date() + dt.timedelta(days=1), at=AT
        )
    message = str(told.value)
    assert "a note on intention 1 of X01: 5 problems" in message
    assert "text: enter the text of the note." in message
    assert "by: enter your name." in message
    assert "side: 'staf' is not a side. Allowed: management, staff, both. Did you mean 'staff'?" in message
    assert "kind: 'notes' is not a kind. Allowed: note, reflection, review. Did you mean 'note'?" in message
    assert "on: 3 June 2026 is in the future; a note is about today or an earlier day." in message
    with pytest.raises(InputError, match=r"up to 2,000 characters, not 10,001\. Keep the document elsewhere"):
        store.progress_notes.add(CODE, 1, "x" * 10_001, by="Ann", side="staff")
    with pytest.raises(InputError, match=r"4 May 202 is before 1948\. Is the year right\?"):
        store.progress_notes.add(CODE, 1, "x", by="Ann", side="staff", on=dt.date(202, 5, 4))
    with pytest.raises(UnknownNameError, match="no intention called '11'"):
        store.progress_notes.add(CODE, 11, "x", by="Ann", side="staff")
    with pytest.raises(UnknownNameError, match="no intention called '0'"):
        store.progress_notes.all(CODE, 0)
    assert store.progress_notes.all(CODE) == ()


@pytest.mark.law
def test_notes_written_at_once_are_all_kept_each_with_a_number_of_its_own(url: str) -> None:
    Store.open(url).close()

    def write(number: int) -> int:
        with Store.open(url) as own:
            return own.progress_notes.add(CODE, 2, f"note {number}", by=f"P{number}", side="both").number

    with ThreadPoolExecutor(4) as people:
        numbers = list(people.map(write, range(12)))
    assert sorted(numbers) == list(range(1, 13))
    with Store.open(url) as store:
        kept = store.progress_notes.all(CODE)
        assert {one.text for one in kept} == {f"note {number}" for number in range(12)}
        assert [one.number for one in kept] == list(range(1, 13))


@pytest.mark.unit
def test_a_note_is_told_to_other_sessions_and_stands_in_the_story(store: Store) -> None:
    mark, version = store.mark(), store.version()
    store.progress_notes.add(CODE, 1, "Two colleges joined.", by="Ann", side="staff", on=dt.date(2026, 5, 28), at=AT)
    (change,) = store.changes_since(mark)
    assert (change.what, change.number, change.organisation, change.by) == ("note", 1, CODE, "Ann")
    assert store.version() != version
    (happened,) = store.events(CODE)
    assert not happened.is_decision
    assert happened.sentence == 'Ann wrote a note of 28 May 2026 on intention 1: "Two colleges joined."'


@pytest.mark.unit
def test_a_note_that_a_review_was_held_is_of_a_row_that_asks_for_one(store: Store) -> None:
    reviews = Plan.of(
        organisation=CODE,
        organisation_name="Example Trust",
        years=("2026/27",),
        measures=[MeasureRow(measure="programme-review"), MeasureRow(measure="turnover")],
    )
    store.save_plan(reviews, by="Ann", side="both")
    held = store.progress_notes.add(CODE, "10m4", "All ten.", by="Ann", side="both", kind="review", at=AT)
    assert (held.intention, held.kind) == (10, NoteKind.REVIEW)
    assert store.progress_notes.all(CODE) == (held,)
    (review, _) = store.partnership(CODE, AT.date()).with_recorded(reviews).measures
    assert review.review is not None
    assert review.review.last == AT.date()
    assert store.partnership(CODE, AT.date() - dt.timedelta(days=1)).notes == ()
    with pytest.raises(InputError, match=r"Turnover of support staff is not a review\. Give the measure that asks"):
        store.progress_notes.add(CODE, "1m4", "x", by="Ann", side="both", kind="review")
    with pytest.raises(InputError, match="kind: a whole intention is not a review"):
        store.progress_notes.add(CODE, 10, "x", by="Ann", side="both", kind="review")
    with pytest.raises(UnknownNameError, match="10m5"):
        store.progress_notes.add(CODE, "10m5", "x", by="Ann", side="both")


@pytest.mark.law
def test_the_log_can_only_be_added_to(store: Store) -> None:
    assert {name for name in dir(store.progress_notes) if not name.startswith("_")} == {"add", "all"}
