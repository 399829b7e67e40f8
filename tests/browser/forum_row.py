"""An opened row of the forum page as a person has it: its X, what is said of it, who saves, and what is told then."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import alive

YOUNG = "measure-young-share-trust-workforce"


def visit(page: Page, address: str, organisation: str, query: str = "&measure=young-share") -> Page:
    """Open the forum page of an organisation at the share of staff aged 16 to 24, and wait until it is alive."""
    page.goto(f"{address}?organisation={organisation}{query}")
    expect(page.locator(".t4c-pick [aria-current] small")).to_have_text(organisation)
    expect(page.locator(".f-main")).to_be_visible()
    return alive(page)


def x_of(page: Page) -> Locator:
    """The field of the number."""
    return page.get_by_label("X", exact=True)


def sentence(page: Page) -> Locator:
    """What the X comes to, in words."""
    return page.locator("[data-part=sentence]")


def sign(page: Page, name: str = "Ada Example", side: str = "Both sides together") -> None:
    """Say who types."""
    page.get_by_label("Your name").fill(name)
    page.get_by_label("You speak for").select_option(side)


def press_save(page: Page) -> None:
    page.get_by_role("button", name="Save measure").click()


def said(page: Page) -> Locator:
    """What the strip tells."""
    return page.locator(".t4c-strip [data-part=said]")


def revision(page: Page) -> Locator:
    """Which revision is shown, and who saved it."""
    return page.locator(".t4c-strip [data-part=revision]")


def saved_x(page: Page, row: str = YOUNG) -> Locator:
    """The X of a row as the page shows it as saved."""
    return page.locator(f"#{row} [data-label=X]")


def refused(page: Page) -> Locator:
    """Why the row was not saved."""
    return page.locator(".f-opened [role=alert]")
