"""Every control on one page: nothing that axe finds, everything by keyboard alone, at any width."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import SPILL, Readable, alive, watched_page
from tests.served import Served

pytestmark = pytest.mark.browser

EVERY_CONTROL = """
import ipywidgets as w
from t4c_lib.panels.controls import Button, Download, Message, Select, Text, Upload

said = Message(text="Nothing was done yet.", tone="plain")
year = Select("By the end of", [(f"March {y}", y) for y in range(2027, 2033)], help="Financial years end in March.")
name = Text("Your name", value="Ada Example", help="It stands beside what you keep.")
name.on_value(lambda: name.set_trait("error", "" if name.value else "Fill this in."))
note = Text("Note")
for field in (year, name, note):
    field.on_value(lambda field=field: said.say(f"{field.label}: {field.value}", tone="plain"))
upload = Upload("Staff extract", lambda file: said.say(f"{file.name}: {file.content.decode()}"), endings=[".csv"],
                largest=1000, help="A CSV file of at most 1,000 bytes.")
kept = Message()

def told():
    kept.say(f"{name.value}, by the end of {year.value}: {note.value}", lead="Kept.", tone="done")

keep = Button("Keep", told, kept, [year, name, note])
fetched = Download("Download the name", lambda: ("name.txt", name.value.encode()))
warned = Message(lead="Not saved.", text="Somebody saved first.", tone="refused")
EVERY = [said, year, name, w.VBox([w.HTML("<p>Some words.</p>"), note]), upload, keep, kept, fetched, warned]
w.VBox(EVERY)
"""


PAGES = {"controls": ("Every control", "# Every control", EVERY_CONTROL)}


@pytest.fixture(scope="module")
def address(notebooks: Served) -> str:
    return notebooks.address + "controls"


@pytest.fixture(scope="module")
def controls(chromium: Browser, address: str) -> Iterator[Page]:
    with watched_page(chromium) as page:
        page.goto(address)
        alive(page)
        yield page


def tab_to(page: Page, name: str, presses: int = 40) -> None:
    """Press Tab until what is called so has the focus, as a person would who has no mouse."""
    for _ in range(presses):
        page.keyboard.press("Tab")
        focused = page.evaluate(
            """() => { const e = document.activeElement;
                const by = document.getElementById(e.getAttribute('aria-labelledby'));
                return [by?.textContent, e.labels?.[0]?.textContent, e.textContent].find(Boolean) ?? ''; }"""
        )
        if name in focused:
            return
    raise AssertionError(f"Tab does not lead to {name!r}")


@pytest.fixture
def keyboard(controls: Page) -> Page:
    """The page with the focus at its top."""
    controls.evaluate("document.activeElement.blur(); document.getElementById('rendered_cells').focus()")
    return controls


def test_axe_finds_nothing_at_any_width(controls: Page, readable: Readable) -> None:
    readable(controls)


def test_text_twice_as_large_needs_no_sideways_scrolling(controls: Page) -> None:
    controls.set_viewport_size({"width": 683, "height": 450})  # what 200% zoom leaves of 1366 by 900
    controls.add_style_tag(content="html.larger { font-size: 200% }")
    controls.evaluate("document.documentElement.classList.add('larger')")
    assert controls.evaluate(SPILL) <= 0
    controls.evaluate("document.documentElement.classList.remove('larger')")
    controls.set_viewport_size({"width": 1366, "height": 900})


def test_whatever_is_pressed_is_large_enough(controls: Page) -> None:
    found = controls.evaluate(
        """() => [...document.querySelectorAll('.t4c-control :is(button, input, select, textarea)')]
            .filter(e => e.checkVisibility())
            .map(e => [e.textContent || e.type, e.getBoundingClientRect().height, e.getBoundingClientRect().width])"""
    )
    assert len(found) == 6
    assert [one for one in found if one[1] < 36 or one[2] < 24] == []  # 44 on a telephone: test_page_shell


def test_each_field_says_its_help_and_its_error_with_its_name(controls: Page) -> None:
    name = controls.get_by_role("textbox", name="Your name", exact=True)
    expect(name).to_have_accessible_description("It stands beside what you keep.")
    name.fill("")
    expect(controls.get_by_text("Fill this in.")).to_be_visible()
    expect(name).to_have_accessible_description("It stands beside what you keep. Fill this in.")
    expect(name).to_have_attribute("aria-invalid", "true")
    name.fill("Ada Example")
    expect(name).to_have_attribute("aria-invalid", "false")
    expect(name).to_have_accessible_description("It stands beside what you keep.")


def test_one_of_a_list_is_chosen(keyboard: Page) -> None:
    tab_to(keyboard, "By the end of")
    keyboard.keyboard.press("ArrowDown")
    expect(keyboard.get_by_text("By the end of: 2028")).to_be_visible()


def test_words_are_typed_and_an_error_goes_with_the_next_answer(keyboard: Page) -> None:
    tab_to(keyboard, "Your name")
    keyboard.keyboard.press("Control+a")
    keyboard.keyboard.press("Delete")
    expect(keyboard.get_by_text("Fill this in.")).to_be_visible()
    keyboard.keyboard.type("<b>Ada</b>")
    expect(keyboard.get_by_text("Your name: <b>Ada</b>")).to_be_visible()
    expect(keyboard.get_by_text("Fill this in.")).to_have_count(0)
    tab_to(keyboard, "Note")
    keyboard.keyboard.type("one two")
    expect(keyboard.get_by_text("Note: one two")).to_be_visible()


def test_a_button_is_pressed_and_its_answer_read_out(keyboard: Page) -> None:
    keyboard.get_by_label("Your name").fill("Grace")
    keyboard.get_by_label("By the end of").select_option("March 2029")
    keyboard.get_by_label("Note").fill("as agreed")
    tab_to(keyboard, "Keep")
    keyboard.keyboard.press("Enter")
    answer = keyboard.get_by_role("status").filter(has_text="Kept.")
    expect(answer).to_have_text("Kept. Grace, by the end of 2029: as agreed")
    expect(keyboard.get_by_role("button", name="Keep")).to_be_focused()
    expect(keyboard.get_by_role("button", name="Keep")).not_to_have_attribute("aria-busy", "true")


def test_a_file_is_downloaded_by_keyboard(keyboard: Page) -> None:
    keyboard.get_by_label("Your name").fill("Grace")
    tab_to(keyboard, "Download the name")
    with keyboard.expect_download() as download:
        keyboard.keyboard.press("Enter")
    assert download.value.suggested_filename == "name.txt"
    assert download.value.path().read_text(encoding="utf-8") == "Grace"
    expect(keyboard.get_by_role("status").filter(has_text="Downloaded: name.txt")).to_be_visible()


def test_a_file_is_handed_in_as_bytes(controls: Page, tmp_path: Path) -> None:
    (tmp_path / "staff.csv").write_text("month,people")
    controls.get_by_label("Staff extract").set_input_files(tmp_path / "staff.csv")
    expect(controls.get_by_text("staff.csv: month,people")).to_be_visible()
    expect(controls.get_by_text("staff.csv, 12 bytes, was uploaded.")).to_be_visible()


def test_the_file_field_is_opened_by_keyboard(keyboard: Page) -> None:
    tab_to(keyboard, "Staff extract")
    with keyboard.expect_file_chooser() as chooser:
        keyboard.evaluate("0")  # an answer of the browser's: from now on it hands choosers to the test
        keyboard.keyboard.press("Enter")
    chooser.value.set_files([])


@pytest.mark.parametrize(
    ("name", "size", "words"),
    [
        ("large.csv", 50_000_000, "large.csv has 50.0 MB; at most 1.0 kB can be uploaded here."),
        ("staff.exe", 10, "staff.exe is of another kind: only .csv can be read here."),
    ],
)
def test_a_file_that_is_too_large_or_of_another_kind_is_never_sent(
    controls: Page, tmp_path: Path, name: str, size: int, words: str
) -> None:
    file = tmp_path / name
    file.write_bytes(b"x" * size)
    field = controls.get_by_label("Staff extract")
    field.set_input_files(file)
    expect(controls.get_by_text(words)).to_be_visible()
    expect(field).to_have_accessible_description(f"A CSV file of at most 1,000 bytes. {words}")
    assert field.evaluate("input => input.files.length") == 0


def test_a_message_is_there_to_be_read_out_before_it_says_anything(controls: Page) -> None:
    said = controls.get_by_role("status").filter(has_text="Somebody saved first.")
    expect(said).to_have_text("Not saved. Somebody saved first.")


def test_the_focus_is_seen(controls: Page) -> None:
    for control in (controls.get_by_label("Note"), controls.get_by_role("button", name="Keep")):
        control.focus()
        controls.keyboard.press("Shift")  # so that the browser knows that a keyboard is at work
        assert control.evaluate("e => parseFloat(getComputedStyle(e).outlineWidth)") >= 3


def test_nothing_moves_for_those_who_want_no_motion(controls: Page) -> None:
    controls.emulate_media(reduced_motion="reduce")
    all_of_them = "[...document.querySelectorAll('.t4c-control *')]"
    moves = "e => parseFloat(getComputedStyle(e).transitionDuration) > 0"
    assert not controls.evaluate(f"{all_of_them}.some({moves})")
    controls.emulate_media(reduced_motion=None)


def test_on_paper_nothing_is_shown_that_can_only_be_pressed(controls: Page) -> None:
    controls.emulate_media(media="print")
    expect(controls.get_by_role("button", name="Keep")).to_be_hidden()
    expect(controls.get_by_label("Staff extract")).to_be_hidden()
    expect(controls.get_by_label("Your name")).to_be_visible()
    expect(controls.get_by_text("Somebody saved first.")).to_be_visible()
    controls.emulate_media(media=None)
