"""The forum page's panel without a browser: falls are called falls, others' saves are told, nothing typed is lost."""

from __future__ import annotations

import asyncio
import datetime as dt
import re
from dataclasses import replace
from pathlib import Path

import pytest

from t4c_lib.address import Address
from t4c_lib.panels import ForumPanel, Frame, forum
from t4c_lib.panels.forum import ONE_MEASURE, published_sections
from t4c_lib.periods import Month
from t4c_lib.plan import Plan, Side
from t4c_lib.progress import published_figures
from t4c_lib.quantities import Change, ChangeKind
from t4c_lib.store import Store, StoreError
from tests.event_loops import run_apart
from tests.served import PATIENCE

pytestmark = pytest.mark.flow
CODE = "DEMO-AC"


@pytest.fixture
def panel(store_file: Path) -> ForumPanel:
    return panel_for(CODE)


def panel_for(code: str) -> ForumPanel:
    return ForumPanel(Frame("forum", Store.open(), Address(organisation=code)))


@pytest.mark.parametrize(
    ("intention", "measure", "is_said"), [(None, "", False), (1, "young-share", False), (4, "", True)]
)
def test_a_page_that_is_asked_for_another_row_says_which_it_has(
    store_file: Path, intention: int | None, measure: str, is_said: bool
) -> None:
    top = Frame("forum", Store.open(), Address(organisation=CODE, intention=intention, measure=measure))
    forum(top)
    assert (ONE_MEASURE in top.said) is is_said


def plan_in(store: Store) -> Plan:
    revision = store.latest_plan(CODE)
    assert revision is not None
    return revision.plan


@pytest.mark.parametrize(
    ("kind", "amount", "words"),
    [
        (ChangeKind.POINTS, -1.0, "This is a fall, from 5.5% to 4.5%: 1 percentage point, 49 fewer people"),
        (ChangeKind.LEVEL, 4.0, "This is a fall, from 5.5% to 4.0%"),
        (ChangeKind.POINTS, -99.0, "This is a fall."),
    ],
)
def test_a_fall_is_called_one(panel: ForumPanel, kind: ChangeKind, amount: float, words: str) -> None:
    panel.target_form.kind.value = kind
    assert "This is a fall" not in panel.target_form.amount.help
    panel.target_form.amount.value = amount
    assert panel.target_form.amount.help.startswith(words)
    panel.target_form.undo.undo()
    assert "This is a fall" not in panel.target_form.amount.help


def test_another_kind_of_x_is_taken_back_with_its_number(panel: ForumPanel) -> None:
    form = panel.target_form
    form.amount.value = 3
    form.kind.value = ChangeKind.LEVEL
    assert (form.amount.value, form.amount.unit) == (8, "per cent")
    form.undo.undo()
    assert (form.kind.value, form.amount.value, form.amount.unit) == (ChangeKind.POINTS, 3, "")


def test_an_empty_number_is_asked_for_and_not_saved(panel: ForumPanel) -> None:
    panel.save_form.by.value, panel.save_form.side.value = "Ada Example", Side.both
    panel.target_form.amount.value = None
    assert panel.target_form.amount.error == "Give a number."
    panel.save_form.button.press()
    assert panel.save_form._result.lead == "Not saved."


def test_a_date_that_has_passed_is_not_saved(panel: ForumPanel) -> None:
    form = panel.target_form
    form.show(form.baseline, Change(ChangeKind.POINTS, 0.02), Month(2026, 4))
    panel.save_form.by.value, panel.save_form.side.value = "Ada Example", Side.both
    panel.save_form.button.press()
    assert panel.save_form._result.lead == "Not saved."
    assert "April 2026 has passed. Set a date that is still to come" in panel.save_form._result.text


@pytest.mark.parametrize(
    ("name", "words"),
    [
        (" ", "Enter your name."),
        ("A" * 300, "Your name: a name has up to 100 characters, not 300. Shorten it."),
        (
            "Eve\a",
            "Your name: the invisible character U+0007 can't stand in a text. Type it again instead of pasting it.",
        ),
    ],
)
def test_a_name_that_cannot_be_is_refused_in_a_sentence(panel: ForumPanel, name: str, words: str) -> None:
    panel.save_form.by.value, panel.save_form.side.value = name, Side.both
    panel.save_form.button.press()
    assert (panel.save_form._result.lead, panel.save_form._result.text) == ("Not saved.", words)


def test_a_store_that_fails_is_told_without_its_place(panel: ForumPanel, store_file: Path) -> None:
    panel.save_form.by.value, panel.save_form.side.value = "Ada Example", Side.both
    panel.target_form.amount.value = 3
    store_file.write_bytes(b"")
    with pytest.raises(StoreError, match=str(store_file.parent)):
        panel.save_form.button.press()
    assert panel.save_form._result.text.startswith("The store can't be used: ")
    assert str(store_file.parent) not in panel.save_form._result.text


def test_a_store_that_is_moved_away_is_told_at_once_and_until_it_is_back(panel: ForumPanel, store_file: Path) -> None:
    store_file.rename(store_file.with_suffix(".away"))
    panel._watch.look()
    assert panel._trouble.text.startswith("The store can't be used: the file can't be opened.")
    store_file.with_suffix(".away").rename(store_file)
    panel._watch.look()
    assert panel._trouble.text == ""


def test_a_store_that_is_replaced_is_looked_at_anew(panel: ForumPanel, store_file: Path) -> None:
    other = store_file.with_suffix(".other")
    other.write_bytes(store_file.read_bytes())
    other.replace(store_file)
    panel._watch.look()
    maria_saves()
    panel._watch.look()
    assert panel._news.text == "Maria saved a newer X."


def test_what_is_saved_already_is_not_called_a_new_save(panel: ForumPanel) -> None:
    panel.save_form.by.value, panel.save_form.side.value = "Ada Example", Side.both
    panel.save_form.button.press()
    assert panel.save_form._result.lead == "Nothing new, saved already:"


def maria_saves() -> None:
    with Store.open() as store:
        plan = plan_in(store)
        new = replace(plan.targets[0], change=Change(ChangeKind.POINTS, 0.02))
        store.save_merged(plan.with_target(new), by="Maria", side="staff", note="", parent_revision=1)


def test_what_somebody_else_saved_is_told_by_name_and_shown_when_asked_for(panel: ForumPanel) -> None:
    panel.target_form.amount.value = 3
    maria_saves()
    panel._watch.look()
    assert (panel._news.text, panel._news.button) == ("Maria saved a newer X.", "Show it")
    assert panel.target_form.amount.value == 3
    panel._news._handle_custom_msg({"kind": "pressed"}, [])
    assert (panel.target_form.amount.value, panel._news.text) == (2, "")


def test_ones_own_save_is_no_news(panel: ForumPanel) -> None:
    panel.save_form.by.value, panel.save_form.side.value = "Ada Example", Side.both
    panel.target_form.amount.value = 2
    panel.save_form.button.press()
    panel._watch.look()
    assert panel.save_form._result.lead == "Saved:"
    assert panel._news.text == ""
    assert re.fullmatch(r"Revision 2, saved \d\d:\d\d by Ada Example", panel._top.revision)


def test_a_page_looks_by_itself_while_it_is_open(store_file: Path) -> None:
    async def page() -> str:
        panel, told = panel_for(CODE), asyncio.Event()
        panel._news.observe(lambda _change: told.set(), names="text")
        maria_saves()
        await asyncio.wait_for(told.wait(), PATIENCE)
        panel._watch.stop()
        return str(panel._news.text)

    assert run_apart(page()) == "Maria saved a newer X."


def test_an_x_that_was_agreed_says_that_another_one_opens_it_again(store_file: Path) -> None:
    panel = panel_for("DEMO-MH")
    assert "This X: agreed by Aster Invented and Hazel Unreal, 19 June 2025." in panel._agreed.value
    assert panel.save_form._warning.text == ""
    panel.target_form.amount.value = 2.9
    assert panel.save_form._warning.text == "This X has been agreed. Saving another re-opens it for both sides."
    panel.target_form.amount.value = 1
    assert panel.save_form._warning.text == ""
    panel.target_form.amount.value = 2.9
    panel.save_form.by.value, panel.save_form.side.value = "Ada Example", Side.both
    panel.save_form.button.press()
    assert panel.save_form._result.lead == "Saved:"
    assert panel.save_form._warning.text == ""
    assert "This X: re-opened, since changed: X 1 percentage point up → 2.9 percentage" in panel._agreed.value
    assert "Agreed by both sides: 75 of 78 rows; 3 re-opened." in panel._agreed.value


def test_exact_figures_are_refused_where_published_ones_are_asked_for(store_file: Path) -> None:
    """By mypy too: it complains of a `type: ignore` that it does not need (`warn_unused_ignores`)."""
    day = dt.date(2026, 3, 31)
    with Store.open() as store:
        organisation, exact, sources = store.organisation(CODE), store.observations(CODE), store.sources(CODE)
    with pytest.raises(AttributeError, match="table"):
        published_sections(organisation, exact, None, day)  # type: ignore[arg-type]
    assert published_sections(organisation, published_figures(exact, sources), None, day)
