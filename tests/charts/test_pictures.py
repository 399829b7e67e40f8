"""What a picture says in words is what it draws, and it asks for nothing from outside."""

from __future__ import annotations

import pytest

from tests.charts.drawn import a_course

pytestmark = pytest.mark.unit


def test_the_specification_asks_for_nothing_from_outside() -> None:
    picture = a_course()
    assert picture.drawing is not None
    specification = picture.drawing.specification(600)
    text = str({key: value for key, value in specification.items() if key != "$schema"})
    assert "http" not in text
    assert specification["description"] == picture.drawing.description == picture.description


def test_a_picture_is_drawn_as_svg_with_its_text_as_text() -> None:
    picture = a_course()
    assert picture.drawing is not None
    (goal,) = picture.drawing.tables["goal"]
    svg = picture.svg(600)
    assert svg.startswith("<svg")
    assert str(goal["words"]) in svg
