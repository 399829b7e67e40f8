"""What fails in a callback is said on the page, with a number that stands in the log; and presses keep their turn."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import alive
from tests.served import Served

pytestmark = pytest.mark.browser

CODE = """
import ipywidgets as w
from comm import get_comm_manager

said, number, word = w.HTML(), w.Text("1", description="Number"), w.Text(description="Word")

def button(label, press):
    made = w.Button(description=label)
    made.on_click(lambda _: press())
    return made

def share():
    1 / (13 - float(number.value))

def press():
    share()
    said.value = f"It is kept. The word is '{word.value}'."

number.observe(lambda _: share(), "value")
closing = button("Close the word", word.close)
losing = button("Lose the word", lambda: get_comm_manager().comms.pop(word.comm.comm_id))
w.VBox([number, word, button("Keep", press), said, closing, losing])
"""


PAGES = {"callbacks": ("Callbacks that fail", "# Callbacks that fail", CODE)}


@pytest.fixture
def page(page: Page, notebooks: Served) -> Page:
    page.goto(notebooks.address + "callbacks")
    return alive(page)


def test_a_failure_has_a_number_in_the_log(page: Page, notebooks: Served) -> None:
    log = notebooks.log
    page.get_by_role("button", name="Keep").click()
    expect(page.get_by_text("It is kept.")).to_be_visible()
    page.get_by_label("Number").fill("13")
    alert = page.get_by_role("alert").filter(has_text="What you did last was not done")
    expect(alert).to_be_visible()
    number = re.search(r"reference (\S{4}-\S{4})", alert.inner_text())
    assert number is not None
    (entry,) = [one for one in map(json.loads, log.read_text().splitlines()) if one.get("reference") == number[1]]
    assert (entry["kind"], entry["places"][-1][-6:]) == ("ZeroDivisionError", " share")
    page.get_by_role("button", name="Keep").click()
    expect(alert).not_to_contain_text(number[1])  # by now it is about the second failure
    assert "Traceback" not in page.content()
    alert.get_by_role("button", name="Close").click()
    expect(alert).to_have_count(0)


def test_a_press_does_not_overtake_what_was_typed_before_it(page: Page) -> None:
    word = page.get_by_label("Word")
    word.fill("a")
    # All at once, so that the kernel is still at the first letter when the button is pressed.
    word.evaluate(
        """(input) => {
            for (const text of ['ab', 'abc', 'abcd']) {
                input.value = text;
                input.dispatchEvent(new Event('input', { bubbles: true }));
            }
            [...document.querySelectorAll('button')].find((one) => one.textContent === 'Keep').click();
        }"""
    )
    expect(page.get_by_text("It is kept. The word is 'abcd'.")).to_be_visible()
    expect(word).to_have_value("abcd")


def test_a_part_that_has_ended_is_said(page: Page) -> None:
    page.get_by_role("button", name="Close the word").click()
    expect(page.get_by_role("alert").filter(has_text="may not be up to date")).to_be_visible()


def test_a_part_that_the_kernel_does_not_know_is_said(page: Page, notebooks: Served) -> None:
    log = notebooks.log
    page.get_by_role("button", name="Lose the word", exact=True).click()
    page.get_by_label("Word").fill("a")
    alert = page.get_by_role("alert").filter(has_text="What you did last was not done")
    expect(alert).to_be_visible()
    number = re.search(r"reference (\S{4}-\S{4})", alert.inner_text())
    assert number is not None
    (entry,) = [one for one in map(json.loads, log.read_text().splitlines()) if one.get("reference") == number[1]]
    assert entry["kind"] == "KeyError"
