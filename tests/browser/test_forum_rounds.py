"""Rounds in browsers: on own devices by a join link, on one laptop passed round; and the X that comes of it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from t4c_lib.store import Store
from tests.browser.conftest import Readable, alive, watched_page
from tests.browser.forum_row import YOUNG, revision, said, saved_x, sign
from tests.samples import AT_ONE_LAPTOP, LONG
from tests.served import Served

pytestmark = pytest.mark.browser
ENDS = (1366, 320)
PARTNERS = AT_ONE_LAPTOP.whole if LONG else AT_ONE_LAPTOP.sample


@pytest.fixture(scope="module")
def own_store(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copy(demonstration, tmp_path_factory.mktemp("rounds") / "store.sqlite"))


@pytest.fixture(scope="module")
def reached(own_store: Path) -> Iterator[Served]:
    """A server that others can reach, at an address that the tests' browsers may ask."""
    server = Served(database=f"sqlite:///{own_store}", options=["--behind-proxy"])
    yield server
    server.stop()


@pytest.fixture
def open_row(page: Page, reached: Served) -> Callable[[str], Locator]:
    """The page of an organisation with its share of staff aged 16 to 24 opened; gives what it shows of rounds."""

    def visit(code: str) -> Locator:
        page.goto(f"{reached.address}forum?organisation={code}&measure=young-share&token={reached.token}")
        alive(page)
        sign(page, "Fern Example")
        return page.locator(".f-round")

    return visit


def open_round(page: Page, *, names: bool) -> None:
    page.get_by_role("button", name="round…").click()
    expect(page.get_by_label("Who facilitates")).to_be_focused()
    expect(page.get_by_label("Who facilitates")).to_have_value("Fern Example")
    if names:
        page.get_by_label("show who entered what").check()
    page.get_by_role("button", name="Open the round").click()
    expect(page.get_by_role("heading", name="Open round")).to_be_focused()


@contextmanager
def device(chromium: Browser, address: str, words: str = "") -> Iterator[Page]:
    """A phone of somebody who joins: by the address in the code, or by typing the words."""
    with watched_page(chromium) as phone:
        phone.set_viewport_size({"width": 320, "height": 700})
        phone.goto(address)
        if words:
            phone.get_by_label("The six words").fill(words)
            phone.get_by_role("button", name="Join").click()
        expect(phone.get_by_role("heading", name="Staff aged 16 to 24")).to_be_visible()
        yield phone


def joined_by(page: Page) -> tuple[str, list[str]]:
    """What the facilitator's screen shows: the address and the words."""
    page.get_by_role("button", name="Own devices: show the link").click()
    expect(page.get_by_role("img", name="QR code")).to_be_visible()
    words = page.locator(".f-join-words span").all_inner_texts()
    return page.locator(".f-join-place").inner_text(), words


def enter(phone: Page, side: str, amount: str, name: str = "") -> None:
    if name:
        phone.get_by_label("Your name").fill(name)
    phone.get_by_label(side).check()
    phone.get_by_label("Your X", exact=True).fill(amount)
    phone.get_by_label("Your X is").select_option("level")
    phone.get_by_role("button", name="Enter", exact=True).click()


def test_two_devices_join_and_the_settled_x_is_saved_in_the_row(
    chromium: Browser, page: Page, open_row: Callable[[str], Locator], readable: Readable
) -> None:
    shown = open_row("DEMO-AC")
    before = revision(page).inner_text()
    open_round(page, names=True)
    readable(page, ENDS)
    place, words = joined_by(page)
    readable(page, ENDS)
    typed = f"  {' '.join(words[:3]).upper()} - {', '.join(word[:4] for word in words[3:])}"
    with device(chromium, place, typed) as first, device(chromium, place + "-".join(words)) as second:
        readable(first, (320,))
        enter(first, "Staff side", "9", "Bo Unreal")
        expect(first.locator(".j-mine")).to_contain_text("Your entry for staff side, Bo Unreal:")
        readable(first, (320,))
        expect(shown).to_contain_text("1 has entered: Bo Unreal.")
        enter(second, "Management side", "much", "Di Example")
        expect(second.get_by_text("A number belongs here, not 'much'.")).to_be_visible()
        readable(second, (320,))
        enter(second, "Management side", "7", "Di Example")
        expect(shown).to_contain_text("2 have entered: Bo Unreal, Di Example.")
        expect(first.locator("#j-entered")).to_have_text("2")
        assert "9%" not in shown.inner_text()
        assert "lowest" not in first.locator("main").inner_text()
        page.get_by_role("button", name="Close the round").click()
        expect(shown).to_contain_text("2 entries, lowest 7.0%, median 8.0%, highest 9.0%.")
        expect(page.get_by_role("img", name="Where the entries lie")).to_be_visible()
        readable(page, ENDS)
        for phone in (first, second):
            expect(phone.get_by_text("The round is closed.", exact=True)).to_be_visible()
            expect(phone.get_by_text("2 entries, lowest 7.0%, median 8.0%, highest 9.0%.")).to_be_visible()
            readable(phone, (320,))
    page.get_by_role("button", name="Use the median: 8.0%").click()
    expect(said(page)).to_contain_text("Saved: 1m1 Staff aged 16 to 24")
    expect(saved_x(page)).to_contain_text("to 8.0%")
    expect(shown).to_contain_text("Settled: from")
    assert revision(page).inner_text() != before
    open_round(page, names=True)
    expect(page.get_by_text("Earlier rounds on this row (1)")).to_be_visible()


@pytest.mark.detail
def test_partners_enter_one_after_the_other_on_one_laptop(
    page: Page, own_store: Path, open_row: Callable[[str], Locator], readable: Readable
) -> None:
    shown = open_row("DEMO-SP")
    open_round(page, names=False)
    page.get_by_role("button", name="Pass this laptop round").click()
    side = page.get_by_label("Speaks for", exact=True)
    expect(side).to_be_focused()
    to_press = page.locator(":is(button, a, summary):visible").all_inner_texts()
    assert to_press == ["Look at it", "Everybody here has entered"]
    readable(page, ENDS)
    amount = page.get_by_label("Your own X", exact=True)
    for partner in range(PARTNERS):
        expect(side).to_be_focused()
        expect(side).to_have_value("")
        expect(amount).to_have_value("")
        side.select_option("Staff side" if partner % 2 else "Management side")
        amount.fill(str(20 + partner))
        page.get_by_label("Your own X is").select_option("level")
        page.get_by_role("button", name="Look at it").click()
        confirm = page.get_by_role("button", name="Confirm")
        expect(confirm).to_be_focused()
        if not partner:
            readable(page, ENDS)
        confirm.click()
        expect(shown).to_contain_text(f"{partner + 1} {'have' if partner else 'has'} entered")
        expect(shown).to_contain_text("Entered. Hand the laptop to the next partner.")
        assert f"to {20 + partner}%" not in shown.inner_text()
    stored = page.evaluate("JSON.stringify({...sessionStorage, ...localStorage})")
    assert all(f'"{20 + partner}' not in stored.replace("\\", "") for partner in range(PARTNERS))
    page.reload()  # what a reload offers to put back is nobody's entry
    alive(page)
    expect(page.get_by_text("You had typed something here")).to_have_count(0)
    page.get_by_role("button", name="Close the round").click()
    median = 20 + (PARTNERS - 1) / 2
    expect(shown).to_contain_text(
        f"{PARTNERS} entries, lowest 20.0%, median {median:.1f}%, highest {19 + PARTNERS}.0%."
    )
    with Store.open(own_store) as store:
        assert store.rounds.status("DEMO-SP", store.rounds.of("DEMO-SP")[-1].number).entered == PARTNERS


@pytest.mark.detail
def test_a_device_that_drops_out_finds_its_entry_again_and_none_is_doubled(
    chromium: Browser, page: Page, open_row: Callable[[str], Locator]
) -> None:
    shown = open_row("DEMO-MH")
    open_round(page, names=False)
    place, words = joined_by(page)
    with device(chromium, place + "-".join(words)) as phone:
        phone.context.set_offline(True)
        enter(phone, "Staff side", "7")
        expect(phone.locator("#j-line")).to_contain_text("Your entry is kept on this page and sent as soon as")
        expect(shown).to_contain_text("0 have entered")
        phone.context.set_offline(False)
        expect(phone.locator(".j-mine")).to_be_visible()
        expect(shown).to_contain_text("1 has entered")
        phone.context.set_offline(True)
        expect(phone.locator("#j-line")).to_have_text("No connection. What you entered before is safe.")
        phone.context.set_offline(False)
        phone.goto(place + "-".join(words))  # as by the code, scanned once more
        expect(phone.get_by_label("Your X", exact=True)).to_have_value("7")
        phone.get_by_label("Your X", exact=True).fill("8")
        phone.get_by_role("button", name="Replace my entry").click()
        expect(phone.locator(".j-mine")).to_contain_text("to 8")
        expect(shown).to_contain_text("1 has entered")


@pytest.mark.detail
def test_a_round_is_opened_entered_and_closed_by_keyboard_alone(page: Page, open_row: Callable[[str], Locator]) -> None:
    shown = open_row("DEMO-AM")
    page.get_by_role("button", name="round…").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Who facilitates")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_label("show who entered what")).to_be_checked()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Open round")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Pass this laptop round")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Name of the partner")).to_be_focused()
    page.keyboard.type("Bo Unreal")
    page.keyboard.press("Tab")
    page.keyboard.press("s")
    page.keyboard.press("Tab")
    page.keyboard.type("1")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Confirm")).to_be_focused()
    page.keyboard.press("Enter")
    expect(shown).to_contain_text("1 has entered: Bo Unreal.")
    expect(page.get_by_label("Name of the partner")).to_be_focused()
    page.get_by_role("button", name="Everybody here has entered").press("Enter")
    page.get_by_role("button", name="Close the round").press("Enter")
    expect(shown).to_contain_text("Bo Unreal (staff side): from")
    expect(page.locator(f"#{YOUNG}")).to_be_visible()


@pytest.mark.detail
def test_the_page_of_a_link_works_without_any_script(
    chromium: Browser, page: Page, open_row: Callable[[str], Locator]
) -> None:
    open_row("DEMO-SC")
    open_round(page, names=False)
    place, words = joined_by(page)
    context = chromium.new_context(java_script_enabled=False)
    phone = context.new_page()
    phone.goto(place)
    phone.get_by_label("The six words").fill(" ".join(words))
    phone.get_by_role("button", name="Join").click()
    enter(phone, "Staff side", "12")
    expect(phone.locator(".j-mine")).to_contain_text("Your entry for staff side")
    expect(page.locator(".f-round")).to_contain_text("1 has entered")
    context.close()
