"""The library as a house: rooms without circles of imports, and no more lines than are allowed."""

from __future__ import annotations

import pytest
from size import ROOT, circles, count

MOST_LINES = 45_000  # decision 32, "Lines"

pytestmark = pytest.mark.unit


def test_no_modules_of_a_room_import_each_other_round_about() -> None:
    rooms = count(ROOT)
    inside = {
        name: circles({one: others & room.imports.keys() for one, others in room.imports.items()})
        for name, room in rooms.items()
    }
    assert {name: found for name, found in inside.items() if found} == {}


def test_a_circle_is_found() -> None:
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}) == [{"a", "b", "c"}]


def test_the_library_has_no_more_lines_than_it_may() -> None:
    assert sum(room.lines for room in count(ROOT).values()) < MOST_LINES
