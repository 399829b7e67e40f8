"""The light front end: what it lets run, what it says when its kernel is gone, and what it keeps of what was typed."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import alive, watched_page
from tests.served import Served, write_page

pytestmark = pytest.mark.browser

FORM = """
import ipywidgets as w
said = w.HTML("Nothing yet")
kind = w.Dropdown(options=["by points", "to a level"], description="Kind")
amount = w.BoundedFloatText(value=1, max=50, description="Amount")
side = w.RadioButtons(options=["Management", "Staff"], description="Side")
name = w.Text(description="Name")
save = w.Button(description="Save")
def changed(_):
    amount.value = 8 if kind.value == "to a level" else 1
def saved(_):
    said.value = f"<p data-t4c-saved>Saved {kind.value}, {amount.value:g}, {side.value}, {name.value}</p>"
kind.observe(changed, "value")
save.on_click(saved)
w.VBox([kind, amount, side, name, save, said])
"""
OUTPUTS = """
import sys
import ipywidgets as w
from IPython.display import HTML, SVG, Markdown, display
print("printed")
print("complained", file=sys.stderr)
display(HTML("<b id='bold'>bold</b><img src=x onerror='window.hacked=1'><script>window.hacked=2</script>"))
display(SVG("<svg xmlns='http://www.w3.org/2000/svg'><circle r='4' onload='window.hacked=3'/></svg>"))
out = w.Output()
button = w.Button(description="Show more")
def more(_):
    with out:
        print("printed later")
        display(w.HTML("<i>a widget inside</i><a href='javascript:window.hacked=4'>link</a>"))
button.on_click(more)
box = w.VBox([button])
add = w.Button(description="Add one")
add.on_click(lambda _: setattr(box, "children", (*box.children, w.Label(f"child {len(box.children)}"))))
display(box, add, out)
"""
# Every control of ipywidgets that stands on a page of its own.
ALL = """
import ipywidgets as w
elsewhere = {"DOMWidget", "interactive", "Output", "Controller", "Image", "Audio", "Video"}
elsewhere |= {"GridspecLayout", "TwoByTwoLayout", "AppLayout"}
chosen = {"Dropdown", "RadioButtons", "ToggleButtons", "Select", "SelectMultiple", "SelectionSlider"}
chosen.add("SelectionRangeSlider")
kinds = [one for name, one in vars(w).items() if isinstance(one, type) and issubclass(one, w.DOMWidget)]
kinds = [one for one in kinds if one.__name__ not in elsewhere]
made = [one(options=["a", "b"]) if one.__name__ in chosen else one() for one in kinds]
w.VBox([*made, w.Label(f"all {len(made)} are here")])
"""


PAGES = {
    "form": ("A form", "# A form", FORM),
    "outputs": ("Outputs", "# Outputs", OUTPUTS),
    "everything": ("Everything", "# Everything", ALL),
}


def open_form(page: Page, server: Served) -> None:
    page.goto(server.address + "form")
    expect(alive(page).get_by_role("button", name="Save")).to_be_visible()


def fill_form(page: Page) -> None:
    page.get_by_label("Kind").focus()
    page.keyboard.press("ArrowDown")  # as a person does it; what a test's own tool chooses doesn't count as typed
    expect(page.get_by_label("Amount")).to_have_value("8")
    page.get_by_label("Amount").fill("6.5")
    page.get_by_label("Staff").check()
    page.get_by_label("Name").fill("Ada Example")


def test_no_script_stands_in_the_page_and_none_may_be_put_together(page: Page, notebooks: Served) -> None:
    answer = page.goto(notebooks.address + "form")
    assert answer is not None
    policy = answer.headers["content-security-policy"]
    scripts = next(part for part in policy.split(";") if part.strip().startswith("script-src"))
    assert "unsafe" not in scripts
    expect(page.get_by_role("button", name="Save")).to_be_visible()
    inline = "[...document.scripts].filter(one => !one.src && one.type !== 'application/json').length"
    assert page.evaluate(inline) == 0


def test_what_cells_show_is_shown_and_nothing_in_it_runs(page: Page, notebooks: Served) -> None:
    page.goto(notebooks.address + "outputs")
    expect(page.get_by_text("printed", exact=True)).to_be_visible()
    expect(page.locator("#bold")).to_be_visible()
    expect(page.locator("svg circle")).to_be_visible()
    assert page.get_by_text("complained").count() == 0
    page.get_by_role("button", name="Show more").click()
    expect(page.get_by_text("printed later")).to_be_visible()
    expect(page.get_by_text("a widget inside")).to_be_visible()
    page.get_by_role("button", name="Add one").click()
    expect(page.get_by_text("child 1")).to_be_visible()
    assert page.locator("a[href^='javascript']").count() == 0
    assert page.evaluate("window.hacked") is None


def test_every_control_of_ipywidgets_is_drawn(page: Page, notebooks: Served) -> None:
    page.goto(notebooks.address + "everything")
    expect(page.get_by_text("are here")).to_be_visible()
    assert page.locator(".jupyter-widgets-error-widget").count() == 0
    assert page.locator(".jupyter-widgets").count() > 40


@pytest.mark.detail
def test_what_was_typed_is_offered_again_and_put_back_in_its_order(page: Page, notebooks: Served) -> None:
    open_form(page, notebooks)
    fill_form(page)
    page.reload()
    expect(page.get_by_label("Name")).to_have_value("")
    offer = page.get_by_role("status").filter(has_text="You had typed something here that was not saved")
    offer.get_by_role("button", name="Put it back").click()
    expect(page.get_by_text("What you had typed is back.")).to_be_visible()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved to a level, 6.5, Staff, Ada Example")).to_be_visible()
    page.reload()
    expect(page.get_by_text("Nothing yet")).to_be_visible()
    assert page.get_by_text("You had typed something here").count() == 0


@pytest.mark.detail
def test_what_was_typed_can_be_forgotten_and_is_no_other_pages(page: Page, notebooks: Served) -> None:
    open_form(page, notebooks)
    page.get_by_label("Name").fill("Ada Example")
    page.goto(notebooks.address + "outputs")
    expect(page.get_by_role("button", name="Show more")).to_be_visible()
    assert page.get_by_text("You had typed something here").count() == 0
    open_form(page, notebooks)
    page.get_by_role("button", name="Forget it").click()
    page.reload()
    expect(page.get_by_role("button", name="Save")).to_be_visible()
    assert page.get_by_text("You had typed something here").count() == 0


def test_a_kernel_that_died_is_said_and_the_page_works_again_once_loaded_anew(page: Page, notebooks: Served) -> None:
    before = set(notebooks.kernels())
    open_form(page, notebooks)
    page.get_by_label("Name").fill("Ada Example")
    (kernel,) = set(notebooks.kernels()) - before
    os.kill(kernel.pid, signal.SIGKILL)
    notice = page.get_by_role("alert").filter(has_text="The program behind this page has ended.")
    expect(notice).to_contain_text("What was saved is safe")
    notice.get_by_role("button", name="Reload the page").click()
    page.get_by_role("button", name="Put it back").click()
    expect(page.get_by_label("Name")).to_have_value("Ada Example")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved by points, 1, Management, Ada Example")).to_be_visible()


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server with plain kernels that lets one page in, and asks others to come again soon."""
    folder = tmp_path_factory.mktemp("plain")
    write_page(folder / "form.ipynb", *PAGES["form"])
    hurry = "import t4c_lib.serving.pages as p; p.RETRY_SECONDS = 3"
    server = Served(folder, settings={"T4C_MOST_PAGES": "1", "T4C_KERNELS": "plain"}, before=hurry)
    yield server
    server.stop()


def save_form(page: Page, server: Served) -> None:
    open_form(page, server)
    fill_form(page)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved to a level, 6.5, Staff, Ada Example")).to_be_visible()


@pytest.mark.detail
def test_the_same_page_works_with_plain_kernels(page: Page, plain: Served) -> None:
    save_form(page, plain)
    page.goto("about:blank")


@pytest.mark.detail
def test_a_server_that_is_full_asks_to_wait_and_lets_in_when_there_is_room(chromium: Browser, plain: Served) -> None:
    with watched_page(chromium) as first, watched_page(chromium) as second:
        open_form(first, plain)
        answer = second.goto(plain.address + "form?fresh=1")  # an address that is not kept
        assert answer is not None
        assert (answer.status, answer.headers["retry-after"]) == (503, "3")
        expect(second.get_by_role("heading", name="Please wait a moment")).to_be_visible()
        first.goto("about:blank")
        expect(second.get_by_role("button", name="Save")).to_be_visible()
