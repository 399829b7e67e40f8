"""What every widget of a page rests on: files that come as bytes, messages that are none of ours, one program."""

from __future__ import annotations

from typing import Any

import pytest

from t4c_lib.panels import frame
from t4c_lib.panels.controls.form_controls import FileRefusedError, UploadedFile

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("name", "size", "words"),
    [
        ("staff.csv", 50_000_000, "staff.csv has 50.0 MB; at most 20.0 MB can be uploaded here."),
        ("staff.exe", 1, "staff.exe is of another kind: only .csv, .xlsx can be read here."),
        ("staff.csv", 0, "staff.csv is empty."),
        ("", 0, "the file is of another kind: only .csv, .xlsx can be read here."),
    ],
)
def test_a_file_that_cannot_be_taken_is_refused_in_words(name: str, size: int, words: str) -> None:
    with pytest.raises(FileRefusedError) as refused:
        UploadedFile.of({"name": name, "size": size}, [".csv", ".xlsx"])
    assert str(refused.value) == words


def test_what_came_is_measured_whatever_the_browser_says() -> None:
    with pytest.raises(FileRefusedError, match=r"staff\.csv has 20\.0 MB; at most"):
        UploadedFile.of({"name": "staff.csv", "size": 1, "file": b"x" * 20_000_001}, [".csv"])


def test_a_file_comes_as_bytes_and_without_its_folder() -> None:
    file = UploadedFile.of({"name": "..\\..\\secret/staff.CSV", "size": 4, "file": b"a,b\n"}, [".csv"])
    assert file == UploadedFile("staff.CSV", b"a,b\n")
    assert file.size == "4 bytes"


@pytest.mark.parametrize("content", [None, [], {}, {"kind": "else"}, {"kind": "undo"}])
def test_messages_that_are_none_of_ours_do_nothing(content: Any) -> None:
    top, said = frame("home"), []
    top.take_back = lambda: said.append(1)
    top._handle_custom_msg(content, [])
    assert said == []
    top.can_undo = True
    top._handle_custom_msg({"kind": "undo"}, [])
    assert said == [1]


def test_all_widgets_share_one_program_which_is_sent_once() -> None:
    one, other = frame("home"), frame("forum")
    assert one.shared is other.shared
    assert "controls.home" in one.shared.program
    assert "controls.forum" in one.shared.program
