"""How many pages may be open at once, and what is said when that is not to be read."""

from __future__ import annotations

import pytest

from t4c_lib.errors import T4CError
from t4c_lib.serving.capacity import Caps, OpenPages

pytestmark = pytest.mark.unit


def test_a_page_opens_while_there_is_room() -> None:
    assert Caps(most_kernels=2, free_memory=0).refusal(1) is None


def test_no_more_pages_than_the_machine_is_set_to_hold() -> None:
    told = Caps(most_kernels=2, free_memory=0).refusal(2)
    assert told == "As many pages of the workbook are open as this machine is set to hold (2)."


def test_no_page_opens_when_memory_is_short() -> None:
    assert Caps(free_memory=10**9).refusal(0) == "The machine that the workbook runs on is short of memory."


def test_caps_are_set_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("T4C_MOST_PAGES", "7")
    monkeypatch.setenv("T4C_FREE_MEMORY", "")
    assert Caps.from_environment() == Caps(most_kernels=7)


@pytest.mark.parametrize("text", ["many", "-1", "1.5", "٧"])
def test_a_cap_that_is_no_whole_number_is_refused_by_name(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("T4C_MOST_PAGES", text)
    with pytest.raises(T4CError, match=f"T4C_MOST_PAGES is '{text}'; it must be a whole number, such as 100"):
        Caps.from_environment()


def test_who_else_is_here_are_the_open_pages_of_an_organisation() -> None:
    open_now = {"a", "b", "c", "d", "e"}
    pages = OpenPages(Caps(), open_now)
    assert pages.others("a", "RWP", "Ann") == []
    pages.others("b", "RWP", "Zoe")
    pages.others("c", "RWP", "")
    pages.others("d", "RXX", "Elsewhere")
    pages.others("e", "RWP", "Ann")  # a second window of hers
    assert pages.others("b", "RWP", "Zoe") == ["Ann", ""]
    assert pages.others("a", "RWP", "Ann") == ["Zoe", ""]
    open_now -= {"b", "c"}
    assert pages.others("a", "RWP", "Ann") == []
    pages.others("a", "RXX", "Ann")
    assert pages.others("d", "RXX", "Elsewhere") == ["Ann"]
    assert pages.others("e", "RWP", "Ann") == []
