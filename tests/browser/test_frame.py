"""The frame in a browser: an organisation found by name or code, by mouse, keyboard and without any program."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, Page, WebSocketRoute, expect

from t4c_lib.address import Address
from t4c_lib.evidence import Organisation, read_files
from t4c_lib.panels import Frame
from t4c_lib.store import Store
from tests.browser.conftest import SICKNESS_ALONE, SPILL, WIDTHS, Axe, watched_page
from tests.browser.forum_row import press_save, sign, visit, x_of
from tests.samples import DETAILS
from tests.served import ROOT, Served

pytestmark = pytest.mark.browser
TRUSTS = ROOT.parent / "shared" / "data" / "ods" / "etr_2025-07.csv"
CHOICE = ".t4c-organisation > summary"
FIND = "Find an organisation by name or code"


class Country(NamedTuple):
    address: str
    employers: tuple[Organisation, ...]
    store: Path


@pytest.fixture(scope="module")
def country(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Country]:
    """The forum page where all trusts of England are loaded beside the demonstrations."""
    if not TRUSTS.is_file():
        pytest.skip("the official list of trusts is not beside this checkout (../shared/data/ods)")
    file = tmp_path_factory.mktemp("country") / "store.sqlite"
    shutil.copy(demonstration, file)
    with Store.open(file) as store:
        store.add_evidence(read_files([TRUSTS]))
        employers = store.employers()
    server = Served(database=f"sqlite:///{file}")
    yield Country(server.address + "forum", employers, file)
    server.stop()


def open_choice(page: Page, address: str) -> None:
    page.goto(address)
    page.locator(CHOICE).click()
    expect(page.get_by_label(FIND)).to_be_focused()


@pytest.mark.detail
def test_every_trust_is_found_by_its_code_and_by_its_name(page: Page, country: Country) -> None:
    assert len(country.employers) > 205
    open_choice(page, country.address)
    found = page.evaluate(
        """typed => typed.map((text) => {
            const find = document.querySelector('.t4c-find input');
            find.value = text;
            find.dispatchEvent(new Event('input', {bubbles: true}));
            const best = document.querySelector('.t4c-best');
            return best && !best.hidden ? best.querySelector('small').textContent : null;
        })""",
        [text for one in country.employers for text in (one.code.lower(), one.name.upper().replace("'", "’"))],
    )
    assert found == [one.code for one in country.employers for _ in range(2)]


@pytest.mark.detail
def test_an_organisation_is_chosen_by_keyboard_alone(page: Page, country: Country) -> None:
    page.goto(f"{country.address}?intention=1&measure=young-share")
    expect(page.locator(CHOICE)).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the page's content")).to_be_focused()
    while not page.evaluate("document.activeElement.matches('.t4c-organisation summary')"):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_label(FIND)).to_be_focused()
    page.keyboard.type("camb pet")
    status = page.locator(".t4c-find [role=status]")
    expect(status).to_contain_text("Enter opens Cambridgeshire and Peterborough NHS Foundation Trust.")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.textContent").endswith("RT1")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.matches('.t4c-organisation summary')")
    page.keyboard.press("Enter")
    expect(page.get_by_label(FIND)).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.type("rwp")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"\?organisation=RWP&intention=1&measure=young-share$"))
    expect(page.locator(".t4c-organisation summary")).to_contain_text("Worcestershire Acute Hospitals NHS Trust")


@pytest.mark.detail
def test_what_no_organisation_is_called_is_said(page: Page, country: Country) -> None:
    open_choice(page, country.address)
    page.keyboard.type("xyz")
    expect(page.get_by_role("status").filter(has_text="No name and no code begins like this.")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_label(FIND)).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_label(FIND)).to_have_value("")
    page.get_by_role("main").click()
    expect(page.get_by_label(FIND)).to_be_hidden()


@pytest.mark.detail
def test_what_was_brought_in_meanwhile_is_found_when_it_is_looked_for_again(
    page: Page, country: Country, tmp_path: Path, axe: Axe
) -> None:
    open_choice(page, country.address)
    page.keyboard.type("yonder")
    again = page.get_by_role("button", name="Look again")
    expect(again).to_be_visible()
    assert axe(page) == []
    again.click()
    expect(page.get_by_label(FIND)).to_have_value("yonder")
    expect(again).to_be_visible()
    sickness = tmp_path / "nhs_sickness_absence_2024-04.csv"
    sickness.write_text(SICKNESS_ALONE, encoding="utf-8")
    with Store.open(country.store) as store:
        store.add_evidence(read_files([sickness]))
    again.click()
    expect(page.get_by_role("status").filter(has_text="Enter opens Yonder Trust")).to_be_visible()
    page.reload()
    expect(page.get_by_label(FIND)).to_be_hidden()


@pytest.mark.detail
def test_axe_finds_nothing_open_or_closed_at_any_width(page: Page, country: Country, axe: Axe) -> None:
    page.goto(f"{country.address}?organisation=DEMO-SC&measur=x")
    expect(page.get_by_text("Did you mean 'measure'?")).to_be_visible()
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        for closed in (True, False):
            if not closed:
                page.locator(CHOICE).click()
                expect(page.get_by_label(FIND)).to_be_visible()
            at_the_edge = width in {min(WIDTHS), max(WIDTHS)}
            if at_the_edge or DETAILS:
                assert axe(page, contrast=at_the_edge) == [], (width, closed)
            assert page.evaluate(SPILL) <= 0, (width, closed)
        page.keyboard.press("Escape")
        expect(page.get_by_label(FIND)).to_be_hidden()
        if width < 768:
            expect(page.get_by_role("link", name="Forum")).to_be_hidden()
            page.get_by_text("Menu").click()
            assert axe(page, contrast=width == 320) == [], (width, "menu")
        expect(page.get_by_role("link", name="Forum")).to_be_visible()
        if width < 768:
            page.get_by_text("Menu").click()


@pytest.mark.detail
def test_the_strip_stays_in_sight_and_tells_what_happened(page: Page, country: Country) -> None:
    page.set_viewport_size({"width": 1366, "height": 768})
    visit(page, country.address, "DEMO-CO")
    x_of(page).fill("2")
    sign(page)
    press_save(page)
    strip = page.get_by_role("region", name="About these figures")
    expect(strip.get_by_role("status").filter(has_text="by Ada Example")).to_contain_text("Revision 2, saved ")
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    expect(strip).to_be_in_viewport(ratio=1)
    expect(strip.get_by_text("Saved: 1m1 Staff aged 16 to 24")).to_be_visible()
    strip.get_by_role("button", name="Undo").click()
    expect(strip.get_by_text("Saved: 1m1 Staff aged 16 to 24, undone")).to_be_visible()
    expect(x_of(page)).not_to_have_value("2")


@pytest.mark.detail
def test_the_strip_says_who_else_is_here(page: Page, chromium: Browser, country: Country, axe: Axe) -> None:
    here = page.locator(".t4c-here summary")
    visit(page, country.address, "DEMO-AC")
    page.get_by_label("Your name").fill("Grace Example")
    with watched_page(chromium) as second, watched_page(chromium) as third, watched_page(chromium) as elsewhere:
        visit(elsewhere, country.address, "DEMO-CO").get_by_label("Your name").fill("Somewhere Else")
        assert here.is_hidden()
        visit(second, country.address, "DEMO-AC").get_by_label("Your name").fill("Ada Example")
        visit(third, country.address, "DEMO-AC")
        expect(third.locator(".t4c-here summary")).to_have_text("3 people here")
        expect(here).to_have_text("3 people here")
        here.click()
        names = page.locator(".t4c-here p")
        expect(names).to_have_text("You, Ada Example and 1 without a name.")
        assert axe(page) == []
        page.keyboard.press("Escape")
        expect(names).to_be_hidden()
    expect(here).to_be_hidden()
    page.goto(f"{country.address}?organisation=DEMO-AC&audience=published")
    assert page.locator(".t4c-here").count() == 0


@pytest.mark.detail
def test_the_strip_says_since_when_nothing_is_heard(page: Page, country: Country) -> None:
    lines: list[WebSocketRoute] = []

    def pass_on_the_first(line: WebSocketRoute) -> None:
        if not lines:
            line.connect_to_server()
            lines.append(line)
        else:
            line.close()

    page.route_web_socket(re.compile("/channels"), pass_on_the_first)
    page.goto(f"{country.address}?organisation=DEMO-SP&measure=young-share")
    expect(page.get_by_role("button", name="Save measure")).to_be_visible()
    strip = page.get_by_role("region", name="About these figures")
    assert strip.get_by_text("Not connected").count() == 0
    lines[0].close()
    expect(strip.get_by_role("status").filter(has_text="Not connected: figures as at ")).to_be_visible()
    expect(page.get_by_role("button", name="Staff aged 16 to 24", exact=True)).to_be_visible()


def test_without_any_program_the_links_are_there(chromium: Browser, country: Country) -> None:
    with Store.open(country.store) as store:
        whole = Frame("forum", store, Address("RWP")).markup()
    context = chromium.new_context(java_script_enabled=False, viewport={"width": 1366, "height": 768})
    page = context.new_page()
    page.set_content(whole)
    expect(page.get_by_label(FIND)).to_be_hidden()
    page.locator(CHOICE).click()
    link = page.get_by_role("link", name="Quillhaven")
    expect(link).to_be_visible()
    expect(link).to_have_attribute("href", "?organisation=DEMO-MH")
    context.close()
    assert len(whole) < 45_000
