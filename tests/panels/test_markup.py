"""The HTML that a widget gives of itself: whatever was typed is text in it, and its ids are its own."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from t4c_lib.html_templates import attributes_html, from_template
from t4c_lib.panels.controls.form_controls import Control
from t4c_lib.panels.files import Said
from t4c_lib.panels.markup import Chart, Html, Marked

SPEC = {"description": "A bar", "mark": "bar", "data": {"values": []}, "encoding": {}}


class Read(HTMLParser):
    """Elements that are open, names of all, text, and ids."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.names: list[str] = []
        self.open: list[str] = []
        self.words: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        self.attributes += attrs
        if tag != "input":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


class Told(Control):
    """A message of Home's as a widget of its own."""

    def __init__(self, words: str) -> None:
        self.words = words
        super().__init__()

    def inside(self) -> str:
        return from_template("panels/controls/home.html.j2", "message", Said(self.words, self.words))


def every_one(words: str) -> list[Marked]:
    """One of each, with these words wherever words go."""
    return [Told(words), Chart({**SPEC, "description": f"A bar {words}"})]


@pytest.mark.law
@given(words=st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20))
def test_what_was_typed_makes_no_element(words: str) -> None:
    plain = [Read(one.markup()).names for one in every_one("words")]
    for one, names in zip(every_one(f"<script>{words}</script>\"'<b x="), plain, strict=True):
        read = Read(one.markup())
        assert read.names == names, type(one).__name__
        assert read.open == []


@pytest.mark.unit
def test_what_the_browser_fills_a_place_with_is_what_the_page_is_painted_with() -> None:
    one = Told("words")
    assert one.element == one.markup()


@pytest.mark.unit
def test_an_output_has_the_markup_beside_the_widget() -> None:
    for one in (Html("<p>x</p>"), Told("Word")):
        found = one._repr_mimebundle_()
        data = found[0] if isinstance(found, tuple) else found
        assert data["text/html"] == one.markup()
        assert "application/vnd.jupyter.widget-view+json" in data


@pytest.mark.unit
def test_attributes_are_escaped() -> None:
    found = attributes_html({"title": '"', "hidden": True, "id": None, "class": "", "disabled": False, "tabindex": 0})
    assert found == ' title="&#34;" hidden tabindex="0"'
