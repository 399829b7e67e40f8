"""The forum page of somebody who has signed in: their name and side are theirs, whatever a page is made to send."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from t4c_lib.store import Store
from tests.browser.conftest import Axe, watched_page
from tests.browser.forum_row import press_save, refused, revision, saved_x, visit, x_of
from tests.served import Served
from tests.signed import everybody

pytestmark = pytest.mark.browser
HEADER, CODE = "X-Remote-User", "DEMO-SC"


@pytest.fixture(scope="module")
def signed_file(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = Path(shutil.copy(demonstration, tmp_path_factory.mktemp("signed") / "store.sqlite"))
    with Store.open(file) as store:
        store.set_people(everybody(), "people.yaml")
    return file


@pytest.fixture(scope="module")
def signing(signed_file: Path) -> Iterator[Served]:
    server = Served(database=f"sqlite:///{signed_file}", options=("--sign-in", HEADER, "--proxy", "127.0.0.1"))
    yield server
    server.stop()


@contextmanager
def page_of(chromium: Browser, login: str) -> Iterator[Page]:
    """A window that comes through a proxy which names somebody."""
    with watched_page(chromium) as page:
        page.set_extra_http_headers({HEADER: login})
        yield page


def test_a_partner_speaks_for_their_own_side_in_their_own_name_only(
    chromium: Browser, signing: Served, signed_file: Path, axe: Axe
) -> None:
    with page_of(chromium, "partner") as page, Store.open(signed_file) as store:
        visit(page, f"{signing.address}forum", CODE)
        expect(page.get_by_text("Signed in as Pat Partner, partner, staff side")).to_be_visible()
        name, side = page.get_by_label("Your name"), page.get_by_label("You speak for")
        expect(name).to_have_value("Pat Partner")
        expect(name).not_to_be_editable()
        assert side.locator("option").all_inner_texts() == ["Staff side"]
        assert axe(page) == []

        x_of(page).fill("3.4")
        press_save(page)
        expect(saved_x(page)).to_contain_text("+3.4 points")
        expect(revision(page)).to_contain_text("by Pat Partner")  # then the page is as it was saved, and stays so
        kept = store.latest_plan(CODE)
        assert kept is not None
        assert (kept.by, kept.side) == ("Pat Partner", "staff")

        # What a page can be made to send: another name, the other side.
        name.evaluate("field => { field.removeAttribute('readonly'); field.value = 'Mo Manager'; }")
        side.evaluate("field => { field.options[0].value = 'management'; field.value = 'management'; }")
        x_of(page).fill("4.4")
        press_save(page)
        expect(refused(page)).to_contain_text(
            "You are signed in as Pat Partner (partner, staff side), so nothing can be said for management side."
        )
        assert store.latest_plan(CODE) == kept
        assert store.audit.verify().faults == ()


def test_who_only_reads_has_pages_on_which_nothing_can_be_saved(chromium: Browser, signing: Served, axe: Axe) -> None:
    with page_of(chromium, "board-reader") as page:
        page.goto(signing.address)
        expect(page.get_by_text("Signed in as Bo Reader, board reader")).to_be_visible()
        assert page.get_by_role("navigation").first.get_by_role("link").all_inner_texts() == ["Board", "Compare"]
        page.goto(f"{signing.address}forum")
        expect(page.get_by_role("heading", name="This is not open to you")).to_be_visible()
        assert axe(page) == []
    with page_of(chromium, "auditor") as page:
        page.goto(f"{signing.address}?organisation={CODE}")
        expect(page.get_by_text("none altered and none missing")).to_be_visible()
        assert "/audit?" in page.url, "the first page of somebody who has no home page"
        assert page.get_by_role("navigation").first.get_by_role("link").all_inner_texts() == [
            "Audit",
            "Board",
            "Compare",
        ]
        expect(page.get_by_role("table").first).to_contain_text("Pat Partner (partner)saved the plan, number 2")
        expect(page.get_by_role("table").last).to_contain_text("Bo Reader (board-reader)opened: board")
        assert axe(page) == []
        # By person, by what was done and by day: in the address, by the keyboard alone.
        page.get_by_label("Person: name or login, or part of it").fill("pat")
        page.keyboard.press("Enter")
        page.wait_for_url("**/audit?*by=pat*")
        expect(page.get_by_role("heading", name="All organisations: no such entry")).to_be_visible()
        whose = page.get_by_role("table").first.locator("tbody td:nth-child(2)")
        assert set(whose.all_inner_texts()) == {"Pat Partner (partner)"}
        assert axe(page) == []
        page.get_by_label("What was done").select_option("Wrote a note")
        page.get_by_role("button", name="Show these").click()
        page.wait_for_url("**/audit?*action=note*")
        expect(page.get_by_role("heading", name="This organisation: no such entry")).to_be_visible()
        page.get_by_role("link", name="Show all again").click()
        expect(page.get_by_role("heading", name="This organisation", exact=True)).to_be_visible()
        page.get_by_label("Day").fill("2001-01-01")
        page.get_by_label("Day").press("Enter")
        page.wait_for_url("**/audit?*day=2001-01-01*")
        expect(page.get_by_role("heading", name="This organisation: no such entry")).to_be_visible()


def test_a_role_that_does_not_save_the_plan_is_told_so_where_the_others_have_a_form(
    chromium: Browser, signing: Served, axe: Axe
) -> None:
    why = "You are signed in as Ann Analyst (analyst): that role does not save"
    with page_of(chromium, "analyst") as page:
        for name, forms in {
            "forum": page.get_by_label("You speak for"),
            "what_if": page.get_by_role("button", name="Put these into the plan"),
            "home": page.get_by_label("Bring back a changed plan"),
        }.items():
            scenario = "&scenario=Open+the+doors" if name == "what_if" else ""
            page.goto(f"{signing.address}{name}?organisation={CODE}{scenario}")
            expect(page.get_by_text(why).first).to_be_visible()
            expect(forms).to_have_count(0)
            assert axe(page) == [], name
        expect(page.get_by_label("Publication, staff extract or collection workbook")).to_be_visible()
    with page_of(chromium, "partner") as page:
        page.goto(f"{signing.address}home?organisation={CODE}")
        expect(page.get_by_text("that role does not save figures")).to_be_visible()
        expect(page.get_by_label("Bring back a changed plan")).to_be_visible()
