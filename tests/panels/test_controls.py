"""Controls as the kernel sees them: typed values, and refusals in words."""

from __future__ import annotations

from typing import Any

import pytest
import traitlets
from hypothesis import given
from hypothesis import strategies as st

from t4c_lib.errors import InputError, Problem
from t4c_lib.panels.controls import Button, Download, Message, Select, Text, Upload, UploadedFile

pytestmark = pytest.mark.unit


def from_browser(control: Any, content: dict[str, Any], *buffers: bytes) -> None:
    """As if the browser had sent this message."""
    control._handle_custom_msg(content, [memoryview(one) for one in buffers])


def test_a_choice_stands_for_a_value_and_the_browser_sees_labels_only() -> None:
    side = Select("Side", [("Management", object()), ("Staff", "staff")])
    assert side.index == 0
    side.index = 1
    assert side.value == "staff"
    assert "staff" not in str(side.get_state(side.keys))
    assert side.get_state("labels")["labels"] == ["Management", "Staff"]
    assert all(f">{label}</option>" in side.element for label in ("Management", "Staff"))


@given(place=st.integers())
def test_a_place_that_is_not_offered_changes_nothing(place: int) -> None:
    side = Select("Side", [("Management", 1), ("Staff", 2)])
    side.index = place
    assert side.value == {0: 1, 1: 2}.get(place, 1)
    with pytest.raises(traitlets.TraitError):
        side.index = None  # type: ignore[assignment]
    assert side.value == {0: 1, 1: 2}.get(place, 1)


def test_a_value_that_is_not_offered_is_a_mistake_of_ours() -> None:
    side = Select("Side", [("Management", 1)])
    with pytest.raises(ValueError, match="3 is not in list"):
        side.value = 3


def test_words_are_cut_off_where_no_more_are_taken_and_another_answer_ends_an_error() -> None:
    name = Text("Name", error="Fill this in.")
    assert name.error == "Fill this in."
    name.value = "A" * 2_001
    assert name.value == "A" * 2_000
    assert name.error == ""


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

    def handed_over() -> tuple[str, bytes]:
        said.append(3)
        return "note.txt", b""

    controls = (
        Upload("Extract", said.append),
        Button("Keep", lambda: said.append(2), Message()),
        Download("Download", handed_over),
    )
    for control in controls:
        from_browser(control, content)
    assert said == []


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


def test_all_controls_share_one_program_which_is_sent_once() -> None:
    one, other = Select("One", [("a", 1)]), Text("Other")
    assert one.shared is other.shared
    assert "controls.select" in one.shared.program
    assert "controls.text" in one.shared.program
    assert len(str(one.get_state())) < 3_000
