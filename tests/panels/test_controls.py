"""Controls as the kernel sees them: typed values, refusals in words, changes taken back."""

from __future__ import annotations

from typing import Any

import ipywidgets as widgets
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from t4c_lib.errors import InputError, Problem
from t4c_lib.panels.controls import (
    Check,
    Dialog,
    Message,
    Number,
    Radio,
    Select,
    Table,
    Tabs,
    Text,
    Undo,
    Upload,
    UploadedFile,
)

pytestmark = pytest.mark.unit


def from_browser(control: Any, content: dict[str, Any], *buffers: bytes) -> None:
    """As if the browser had sent this message."""
    control._handle_custom_msg(content, [memoryview(one) for one in buffers])


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "Give a number from 0 to 100 per cent."),
        (-1, "-1 is too small: give a number from 0 to 100 per cent."),
        (140, "140 is too large: give a number from 0 to 100 per cent."),
        (float("nan"), "Give a number from 0 to 100 per cent."),
    ],
)
def test_a_number_that_cannot_be_is_refused_in_words(value: float | None, words: str) -> None:
    number = Number("Share", unit="per cent", lowest=0, highest=100, value=3)
    number.value = value
    assert number.error == words
    number.value = 4
    assert number.error == ""


def test_a_number_with_a_comma_is_asked_for_again() -> None:
    number = Number("Share", value=3)
    number.comma, number.value = True, None
    assert number.error == "A comma can't be read here: type it again, such as 1.5 or 1500."
    number.comma, number.value = False, 1.5
    assert number.error == ""


def test_what_is_allowed_is_said_when_only_one_end_is_known() -> None:
    assert Number("Staff", lowest=1, value=2).error == ""
    staff, most = Number("Staff", lowest=1, value=2), Number("Rate", highest=5, value=2)
    staff.value, most.value = 0, 6
    assert staff.error == "0 is too small: give a number of at least 1."
    assert most.error == "6 is too large: give a number of at most 5."


def test_a_slider_without_ends_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="A slider needs a lowest and a highest number"):
        Number("Share", slider=True)


@pytest.mark.parametrize("kind", [Select, Radio])
def test_a_choice_stands_for_a_value_and_the_browser_sees_labels_only(kind: type[Select] | type[Radio]) -> None:
    side = kind("Side", [("Management", object()), ("Staff", "staff")])
    assert side.index == 0
    side.index = 1
    assert side.value == "staff"
    assert "staff" not in str(side.get_state(side.keys))
    assert side.get_state("labels")["labels"] == ["Management", "Staff"]


@given(place=st.one_of(st.none(), st.integers()))
def test_a_place_that_is_not_offered_changes_nothing(place: int | None) -> None:
    side = Select("Side", [("Management", 1), ("Staff", 2)])
    side.index = place
    assert side.value == {None: None, 0: 1, 1: 2}.get(place, 1)


def test_new_offers_keep_what_is_chosen_only_when_named_and_tell_once() -> None:
    told: list[int] = []
    year = Select("Year", [("2026", 2026), ("2027", 2027)], value=2027)
    year.on_value(lambda: told.append(year.value))
    year.offer([("2027", 2027), ("2028", 2028)], 2028)
    assert (year.value, year.index, told) == (2028, 1, [2028])
    year.offer([("2030", 2030)])
    assert (year.value, year.index) == (2030, 0)


def test_a_value_that_is_not_offered_is_a_mistake_of_ours() -> None:
    side = Select("Side", [("Management", 1)])
    with pytest.raises(Exception, match="is not among what is offered"):
        side.value = 3


def test_words_are_cut_off_where_no_more_are_taken_and_needed_ones_are_asked_for() -> None:
    name = Text("Name", longest=5, needed=True)
    name.value = "Ada Example"
    assert name.value == "Ada E"
    name.value = " "
    assert name.error == "Fill this in."


def test_a_tick_is_yes_or_no() -> None:
    agreed = Check("We agree")
    agreed.value = True
    assert agreed.value is True


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("staff.csv", b"x" * 11, "staff.csv has 11 bytes; at most 10 bytes can be uploaded here."),
        ("staff.exe", b"x", "staff.exe is of another kind: only .csv, .xlsx can be read here."),
        ("staff.csv", b"", "staff.csv is empty."),
    ],
)
def test_a_file_that_cannot_be_taken_is_refused_here_too(name: str, content: bytes, words: str) -> None:
    taken: list[UploadedFile] = []
    upload = Upload("Extract", taken.append, endings=[".csv", ".XLSX"], largest=10)
    from_browser(upload, {"kind": "file", "name": name}, content)
    assert (upload.error, upload.value, taken) == (words, None, [])


def test_a_file_comes_as_bytes_and_without_its_folder() -> None:
    taken: list[UploadedFile] = []
    upload = Upload("Extract", taken.append, endings=[".csv"])
    from_browser(upload, {"kind": "file", "name": "..\\..\\secret/staff.CSV"}, b"a,b\n")
    assert taken == [UploadedFile("staff.CSV", b"a,b\n")]
    assert upload.value == taken[0]
    assert upload.state == "staff.CSV, 4 bytes, was uploaded."


def test_what_is_wrong_inside_a_file_is_said_at_the_field() -> None:
    def refuse(file: UploadedFile) -> None:
        raise InputError(file.name, [Problem("row 2", "The month is missing.")])

    upload = Upload("Extract", refuse)
    upload.take(UploadedFile("staff.csv", b"x"))
    assert "row 2: The month is missing." in upload.error
    assert upload.value is None


@pytest.mark.parametrize("content", [None, [], {}, {"kind": "else"}, {"kind": "file"}])
def test_messages_that_are_none_of_ours_do_nothing(content: Any) -> None:
    said: list[object] = []
    controls = (
        Upload("Extract", said.append),
        Dialog("Sure?", said.append),
        Message(lambda: said.append(1), text="x", button="Show it"),
        Undo({"it": Number("It", value=1)}),
    )
    for control in controls:
        from_browser(control, content)
    assert said == []


def test_a_question_is_answered_with_yes_or_no_and_nothing_else_counts_as_yes() -> None:
    said: list[bool] = []
    dialog = Dialog("Throw it away?", said.append)
    for yes in (True, False, "true", None):
        from_browser(dialog, {"kind": "answer", "yes": yes})
    assert said == [True, False, False, False]


def test_a_message_shows_what_was_typed_as_it_was_typed() -> None:
    message = Message()
    message.say("<script>alert(1)</script>", lead="Not saved.", tone="refused")
    assert message.get_state("text")["text"] == "<script>alert(1)</script>"


def test_names_that_were_stored_before_texts_were_checked_are_shown_safely() -> None:
    old = "Ann\x1b[31m\u202egnp.exe"
    message, choice = Message(), Select("Whose", [(old, old)])
    message.say(old)
    assert message.text == choice.shown == "Ann\ufffd[31m\ufffdgnp.exe"
    assert choice.value == old


def test_tabs_stay_within_what_there_is() -> None:
    tabs = Tabs("Parts", [("One", widgets.HTML("1")), ("Two", widgets.HTML("2"))])
    tabs.index = 7
    assert tabs.index == 1


def test_a_table_sorts_by_values_and_shows_texts_and_leaves_unknown_ones_empty() -> None:
    frame = pd.DataFrame({"Trust": ["B", "A"], "Staff": [1200, 90], "Share": [0.05, None]})
    table = Table(frame, "Staff", texts={"Share": lambda share: f"{share:.1%}"})
    assert table.rows == [["B", "1,200", "5.0%"], ["A", "90", ""]]
    assert table.sorted_by == [["B", 1200.0, 0.05], ["A", 90.0, None]]
    assert [column["number"] for column in table.columns] == [False, True, True]


def test_typing_in_one_field_is_one_change_to_take_back() -> None:
    x, year = Number("X", value=1), Select("Year", [("2027", 2027), ("2028", 2028)])
    undo = Undo({"the number": x, "the year": year})
    x.value, year.value = 2, 2028
    x.value = 30
    x.value = 31
    assert undo.last == "the number"
    undo.undo()
    assert (x.value, year.value, undo.last) == (2, 2028, "the year")
    from_browser(undo, {"kind": "undo"})
    undo.undo()
    assert (x.value, year.value, undo.last) == (1, 2027, "")
    undo.undo()
    assert (x.value, year.value) == (1, 2027)


@given(st.lists(st.tuples(st.booleans(), st.floats(-1e6, 1e6)), max_size=20))
def test_taking_everything_back_leads_to_where_it_began(changes: list[tuple[bool, float]]) -> None:
    one, other = Number("One", value=1), Number("Other", value=2)
    undo = Undo({"one": one, "other": other})
    for first, value in changes:
        (one if first else other).value = value
    while undo.last:
        undo.undo()
    assert (one.value, other.value) == (1, 2)


def test_what_follows_from_a_change_is_taken_back_with_it() -> None:
    kind, x = Select("Kind", [("points", 1), ("level", 2)]), Number("X", value=5)
    undo = Undo({"the kind": kind, "the number": x})

    def follow() -> None:
        with undo.joined():
            x.value = 80

    kind.on_value(follow)
    kind.value = 2
    undo.undo()
    assert (kind.value, x.value, undo.last) == (1, 5, "")


def test_all_controls_share_one_program_which_is_sent_once() -> None:
    one, other = Number("One"), Text("Other")
    assert one.shared is other.shared
    assert "controls.number" in one.shared.program
    assert "controls.text" in one.shared.program
    assert len(str(one.get_state())) < 3_000
