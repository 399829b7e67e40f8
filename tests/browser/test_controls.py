"""Every control on one page: nothing that axe finds, everything by keyboard alone, at any width."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import watched_page
from tests.served import Served

pytestmark = pytest.mark.browser

EVERY_CONTROL = """
import ipywidgets as w
import pandas as pd
from t4c_lib.panels.controls import Check, Dialog, Message, Number, Radio, Select, Table, Tabs, Text, Undo, Upload

said = Message(text="Nothing was done yet.", tone="plain")
share = Number("Share", unit="per cent", lowest=0, highest=100, step=0.5, slider=True, value=5,
               help="Of all staff, on the last day of the month.")
heads = Number("People", lowest=1, value=12)
side = Radio("You speak for", [("Management", "m"), ("Staff", "s"), ("Both", "b")])
year = Select("By the end of", [(f"March {y}", y) for y in range(2027, 2033)], help="Financial years end in March.")
name = Text("Your name", needed=True, value="Ada Example")
note = Text("Note", lines=3)
agreed = Check("Our side agrees", help="It can be taken back.")
fields = {"the share": share, "the people": heads, "the side": side, "the year": year, "the name": name}
undo = Undo(fields)
for field in [*fields.values(), note, agreed]:
    field.on_value(lambda field=field: said.say(f"{field.label}: {field.value}", tone="plain"))
upload = Upload("Staff extract", lambda file: said.say(f"{file.name}: {file.content.decode()}"), endings=[".csv"],
                largest=1000, help="A CSV file of at most 1,000 bytes.")
sure = Dialog("Throw the draft away?", lambda yes: said.say("Thrown away." if yes else "Kept."), label="Throw away",
              text="What was saved stays.", confirm="Throw it away", cancel="Keep it")
warned = Message(lead="Not saved.", text="Somebody saved first.", tone="refused", button="Show it")
frame = pd.DataFrame({"Trust": ["Brackmere", "Aldham", "Coldwater"], "Staff": [4803, 12000, 950],
                      "Share aged 16 to 24 at the last month's end": [0.055, None, 0.07],
                      "Region": ["Midlands", "Yorkshire", "Northumberland"],
                      "Kind": ["Acute", "Ambulance", "Community"]})
texts = {frame.columns[2]: lambda share: f"{share:.1%}"}
table = Table(frame, "Trusts by staff", texts)
more = Text("Something in the second part", value="here")
tabs = Tabs("Ways to look at it", [("Table", table), ("Words", w.VBox([more, w.HTML("<p>Some words.</p>")])),
                                   ("Last", w.HTML("<p>The end.</p>"))])
w.VBox([said, share, heads, side, year, name, note, agreed, undo, upload, sure, warned, tabs])
"""


PAGES = {"controls": ("Every control", "# Every control", EVERY_CONTROL)}


@pytest.fixture(scope="module")
def address(notebooks: Served) -> str:
    return notebooks.address + "controls"


@pytest.fixture(scope="module")
def controls(chromium: Browser, address: str) -> Iterator[Page]:
    with watched_page(chromium) as page:
        page.goto(address)
        expect(page.get_by_role("table", name="Trusts by staff")).to_be_visible()
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


def test_axe_finds_nothing_at_any_width(controls: Page, axe: Callable[[Page], list[str]]) -> None:
    for place, part in enumerate(("Table", "Words", "Last")):
        controls.get_by_role("tab", name=part).click()
        expect(controls.get_by_role("tabpanel", name=part)).to_be_visible()
        for width in (1366, 400, 320) if place == 0 else (1366,):
            controls.set_viewport_size({"width": width, "height": 900})
            assert axe(controls) == [], (part, width)
            spill = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            assert controls.evaluate(spill) <= 0, width
    controls.get_by_role("tab", name="Table").click()
    controls.get_by_role("button", name="Throw away").click()
    expect(controls.get_by_role("dialog", name="Throw the draft away?")).to_be_visible()
    assert axe(controls) == []
    controls.keyboard.press("Escape")
    controls.set_viewport_size({"width": 1366, "height": 900})


def test_text_twice_as_large_needs_no_sideways_scrolling(controls: Page) -> None:
    controls.set_viewport_size({"width": 683, "height": 450})  # what 200% zoom leaves of 1366 by 900
    controls.add_style_tag(content="html.larger { font-size: 200% }")
    controls.evaluate("document.documentElement.classList.add('larger')")
    assert controls.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    controls.evaluate("document.documentElement.classList.remove('larger')")
    controls.set_viewport_size({"width": 1366, "height": 900})


def test_whatever_is_pressed_is_large_enough(controls: Page) -> None:
    found = controls.evaluate(
        """() => [...document.querySelectorAll('.t4c-control :is(button, input, select, textarea)')]
            .filter(e => e.checkVisibility()).map(e => e.closest('.t4c-choice') ?? e)
            .map(e => [e.textContent || e.type, e.getBoundingClientRect().height, e.getBoundingClientRect().width])"""
    )
    assert len(found) > 12
    assert [one for one in found if one[1] < 36 or one[2] < 24] == []  # 44 on a telephone: test_page_shell


def test_each_field_says_its_unit_its_help_and_its_error_with_its_name(controls: Page) -> None:
    share = controls.get_by_role("spinbutton", name="Share, per cent")
    expect(share).to_have_accessible_description("Of all staff, on the last day of the month.")
    share.fill("140")
    error = "140 is too large: give a number from 0 to 100 per cent."
    expect(controls.get_by_text(error)).to_be_visible()
    expect(share).to_have_accessible_description(f"Of all staff, on the last day of the month. {error}")
    expect(share).to_have_attribute("aria-invalid", "true")
    share.fill("5")
    expect(share).to_have_attribute("aria-invalid", "false")


def test_a_number_and_its_slider_show_the_same(keyboard: Page) -> None:
    tab_to(keyboard, "Share")
    expect(keyboard.get_by_role("slider", name="Share, per cent")).to_be_focused()
    keyboard.keyboard.press("ArrowRight")
    expect(keyboard.get_by_text("Share: 5.5")).to_be_visible()
    number = keyboard.get_by_role("spinbutton", name="Share, per cent")
    expect(number).to_have_value("5.5")
    keyboard.keyboard.press("Tab")
    expect(number).to_be_focused()
    keyboard.keyboard.press("ArrowUp")
    expect(keyboard.get_by_role("slider", name="Share, per cent")).to_have_value("6")
    expect(keyboard.get_by_text("Share: 6.0")).to_be_visible()


def test_a_number_is_typed(keyboard: Page) -> None:
    tab_to(keyboard, "People")
    keyboard.keyboard.press("Control+a")
    keyboard.keyboard.type("17.5")
    expect(keyboard.get_by_text("People: 17.5")).to_be_visible()
    expect(keyboard.get_by_label("People")).to_have_value("17.5")


@pytest.mark.parametrize(("typed", "again"), [("1,5", "1.5"), (",5", "0.5"), ("1,500", "1500")])
def test_a_comma_that_the_browser_leaves_out_makes_no_number_ten_times_as_large(
    keyboard: Page, typed: str, again: str
) -> None:
    keyboard.get_by_label("People").focus()
    keyboard.keyboard.press("Control+a")
    keyboard.keyboard.type(typed)
    error = "A comma can't be read here: type it again, such as 1.5 or 1500."
    expect(keyboard.get_by_text(error)).to_be_visible()
    expect(keyboard.get_by_text("People: None")).to_be_visible()
    keyboard.keyboard.press("Control+a")
    keyboard.keyboard.type(again)
    expect(keyboard.get_by_text(error)).not_to_be_visible()
    expect(keyboard.get_by_text(f"People: {float(again)}")).to_be_visible()


def test_radio_buttons_are_one_stop_and_arrows_move_within(keyboard: Page) -> None:
    expect(keyboard.get_by_role("radiogroup", name="You speak for")).to_be_visible()
    tab_to(keyboard, "Management")
    keyboard.keyboard.press("ArrowDown")
    expect(keyboard.get_by_label("Staff", exact=True)).to_be_checked()
    expect(keyboard.get_by_text("You speak for: s")).to_be_visible()
    keyboard.keyboard.press("Tab")
    expect(keyboard.get_by_label("By the end of")).to_be_focused()


def test_one_of_a_list_is_chosen(keyboard: Page) -> None:
    tab_to(keyboard, "By the end of")
    keyboard.keyboard.press("ArrowDown")
    expect(keyboard.get_by_text("By the end of: 2028")).to_be_visible()


def test_words_are_typed_in_one_line_and_in_several(keyboard: Page) -> None:
    tab_to(keyboard, "Your name")
    keyboard.keyboard.press("Control+a")
    keyboard.keyboard.press("Delete")
    expect(keyboard.get_by_text("Fill this in.")).to_be_visible()
    keyboard.keyboard.type("<b>Ada</b>")
    expect(keyboard.get_by_text("Your name: <b>Ada</b>")).to_be_visible()
    expect(keyboard.get_by_text("Fill this in.")).to_have_count(0)
    tab_to(keyboard, "Note")
    keyboard.keyboard.type("one")
    keyboard.keyboard.press("Enter")
    keyboard.keyboard.type("two")
    expect(keyboard.get_by_label("Note")).to_have_value("one\ntwo")


def test_a_box_is_ticked(keyboard: Page) -> None:
    tab_to(keyboard, "Our side agrees")
    keyboard.keyboard.press("Space")
    expect(keyboard.get_by_text("Our side agrees: True")).to_be_visible()
    expect(keyboard.get_by_label("Our side agrees")).to_have_accessible_description("It can be taken back.")


def test_the_last_change_is_taken_back(keyboard: Page) -> None:
    people = keyboard.get_by_label("People")
    people.fill("30")
    # Tab must not run past the button while it still names the change before.
    expect(keyboard.locator("button", has_text="Undo: the people")).to_be_visible()
    tab_to(keyboard, "Undo: the people")
    keyboard.keyboard.press("Enter")
    expect(keyboard.get_by_role("status").filter(has_text="Undone: the people.")).to_have_count(1)
    expect(people).not_to_have_value("30")
    expect(
        keyboard.locator("button", has_text="undo").or_(keyboard.locator("button", has_text="Undo:"))
    ).to_be_focused()


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


@pytest.mark.parametrize(
    ("keys", "answer"), [(["Enter"], "Kept."), (["Escape"], "Kept."), (["Shift+Tab", "Enter"], "Thrown away.")]
)
def test_a_question_is_answered_and_gives_the_focus_back(keyboard: Page, keys: list[str], answer: str) -> None:
    tab_to(keyboard, "Throw away")
    keyboard.keyboard.press("Enter")
    dialog = keyboard.get_by_role("dialog", name="Throw the draft away?")
    expect(dialog).to_be_visible()
    expect(dialog.get_by_role("button", name="Keep it")).to_be_focused()
    for key in keys:
        keyboard.keyboard.press(key)
    expect(dialog).to_be_hidden()
    expect(keyboard.get_by_text(answer)).to_be_visible()
    expect(keyboard.get_by_role("button", name="Throw away")).to_be_focused()


def test_a_message_is_there_to_be_read_out_before_it_says_anything(controls: Page) -> None:
    said = controls.get_by_role("status").filter(has_text="Somebody saved first.")
    expect(said).to_have_text("Not saved. Somebody saved first.")
    expect(controls.get_by_role("button", name="Show it")).to_be_visible()


def test_arrows_move_between_tabs_and_tab_leads_into_the_part(keyboard: Page) -> None:
    expect(keyboard.get_by_role("tablist", name="Ways to look at it")).to_be_visible()
    tab_to(keyboard, "Table")
    keyboard.keyboard.press("ArrowRight")
    expect(keyboard.get_by_role("tab", name="Words")).to_be_focused()
    expect(keyboard.get_by_role("tab", name="Words")).to_have_attribute("aria-selected", "true")
    expect(keyboard.get_by_label("Something in the second part")).to_be_visible()
    expect(keyboard.get_by_role("table", name="Trusts by staff")).to_be_hidden()
    keyboard.keyboard.press("End")
    expect(keyboard.get_by_text("The end.")).to_be_visible()
    keyboard.keyboard.press("ArrowRight")
    expect(keyboard.get_by_role("tab", name="Table")).to_be_focused()
    keyboard.keyboard.press("Tab")
    expect(keyboard.get_by_role("tabpanel", name="Table")).to_be_focused()


def test_a_table_is_sorted_and_says_so(keyboard: Page) -> None:
    table = keyboard.get_by_role("table", name="Trusts by staff")

    def firsts() -> list[str]:
        return table.locator("tbody th").all_text_contents()

    assert firsts() == ["Brackmere", "Aldham", "Coldwater"]
    tab_to(keyboard, "Staff", presses=60)
    while keyboard.evaluate("document.activeElement.closest('table') === null"):
        tab_to(keyboard, "Staff")
    keyboard.keyboard.press("Enter")
    assert firsts() == ["Coldwater", "Brackmere", "Aldham"]
    expect(table.get_by_role("columnheader", name="Staff")).to_have_attribute("aria-sort", "ascending")
    expect(keyboard.get_by_text("Sorted by Staff, smallest or first at the top.")).to_be_attached()
    keyboard.keyboard.press("Enter")
    assert firsts() == ["Aldham", "Brackmere", "Coldwater"]
    keyboard.keyboard.press("Tab")
    keyboard.keyboard.press("Enter")
    assert firsts() == ["Brackmere", "Coldwater", "Aldham"]  # what is not known stands last, either way
    keyboard.keyboard.press("Enter")
    assert firsts() == ["Coldwater", "Brackmere", "Aldham"]


def test_a_table_wider_than_the_window_scrolls_by_keyboard(controls: Page) -> None:
    controls.set_viewport_size({"width": 320, "height": 640})
    region = controls.get_by_role("region", name="Trusts by staff")
    region.focus()
    assert region.evaluate("e => e.scrollWidth > e.clientWidth")
    controls.keyboard.press("ArrowRight")
    scrolled = "e => new Promise(done => e.scrollLeft ? done(true) : e.addEventListener('scroll', () => done(true)))"
    assert region.evaluate(scrolled)
    controls.set_viewport_size({"width": 1366, "height": 900})


def test_the_focus_is_seen(controls: Page) -> None:
    for control in (controls.get_by_label("People"), controls.get_by_role("tab", name="Table")):
        control.focus()
        controls.keyboard.press("Shift")  # so that the browser knows that a keyboard is at work
        assert control.evaluate("e => parseFloat(getComputedStyle(e).outlineWidth)") >= 3


def test_nothing_moves_for_those_who_want_no_motion(controls: Page) -> None:
    controls.emulate_media(reduced_motion="reduce")
    all_of_them = "[...document.querySelectorAll('.t4c-control *')]"
    moves = "e => parseFloat(getComputedStyle(e).transitionDuration) > 0"
    assert not controls.evaluate(f"{all_of_them}.some({moves})")
    controls.emulate_media(reduced_motion=None)


def test_on_paper_every_part_is_shown_and_nothing_that_can_only_be_pressed(controls: Page) -> None:
    controls.emulate_media(media="print")
    expect(controls.get_by_text("The end.")).to_be_visible()
    expect(controls.get_by_role("button", name="Throw away")).to_be_hidden()
    expect(controls.get_by_label("People")).to_be_visible()
    controls.emulate_media(media=None)
