"""The pictures of the guides, taken of the pages at work on a made-up organisation.

    python -m docs.guide_pictures           take every picture anew, about two minutes
    python -m docs.guide_pictures NAME ...  take some of them

Each is of the demonstration as it is loaded, in a store of its own: a picture shows what a reader sees who tries it.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin

from playwright.sync_api import Browser, Page, expect

from benchmarks.demo_store import demonstration
from benchmarks.pages import chromium, ours_served
from tests.browser.conftest import alive

GUIDE = Path(__file__).resolve().parent / "guide"
TRUST = "DEMO-AC"
ROW = "measure-young-share-trust-workforce"


@dataclass(frozen=True)
class Picture:
    """A picture of a page.

    Attributes:
        name: of its file in docs/guide, without its ending.
        query: what of the organisation's page is opened.
        act: what is done there before the picture is taken; gives the part to show, or nothing for the window.
        width, height: of the window, in pixels.
        of: the page.
        whose: code of the organisation.
    """

    name: str
    query: str
    act: Callable[[Page], str | None]
    width: int = 1280
    height: int = 800
    of: str = "forum"
    whose: str = TRUST


def _opened(page: Page) -> str | None:
    page.locator("svg.marks").wait_for()
    expect(page.get_by_text("Chance with our plan")).to_be_visible()
    page.locator(f"tr[id='{ROW}']").evaluate("(row) => scrollBy(0, row.getBoundingClientRect().top - 134)")
    return None


def _listed(page: Page) -> str | None:
    page.get_by_role("button", name="Agree all shown").click()
    expect(page.get_by_role("heading", name="Agree all shown")).to_be_visible()
    return ".f-offered"


def _read(page: Page) -> str | None:
    expect(page.get_by_text("Read-only: nothing can be changed on this page.")).to_be_visible()
    return None


def _asked(page: Page) -> str | None:
    expect(page.get_by_text("Working out the chance:")).to_have_count(0)
    return None


ENTRIES = (("1", "management"), ("2", "management"), ("2.5", "staff"), ("3", "staff"), ("4", "staff"))


def _result_of_round(page: Page) -> str | None:
    page.get_by_role("button", name="New round").click()
    page.get_by_label("Who facilitates").fill("Fern Example")
    page.get_by_role("button", name="Open the round").click()
    page.get_by_role("button", name="Pass this laptop round").click()
    for number, (amount, side) in enumerate(ENTRIES, 1):
        page.get_by_label("Speaks for", exact=True).select_option(side)
        page.get_by_label("Your own X", exact=True).fill(amount)
        page.get_by_role("button", name="Look at it").click()
        page.get_by_role("button", name="Confirm", exact=True).click()
        expect(page.locator(".f-round")).to_contain_text(f"{number} ha")  # has, have entered
    page.get_by_role("button", name="Everybody here has entered").click()
    page.get_by_role("button", name="Close the round").click()
    expect(page.get_by_role("button", name="Use the median")).to_be_visible()
    return ".f-round"


PICTURES: tuple[Picture, ...] = (
    Picture("forum", "&measure=young-share", _opened, height=900),
    Picture("round-result", "&measure=young-share", _result_of_round),
    Picture("agree-all", "&intention=3", _listed),
    Picture("what-if-page", "&measure=young-share&scenario=Every%20door", _asked, height=900, of="what_if"),
    Picture("home", "", lambda _page: None, height=900, of="home"),
    Picture("board", "", _read, height=900, of="board"),
    Picture("compare", "&measure=young-share", lambda _page: None, height=900, of="compare"),
    Picture("work-experience", "", lambda _page: None, height=900, of="work_experience", whose="DEMO-MH"),
    Picture(
        "work-experience-evaluation",
        "&tab=evaluation",
        lambda _page: None,
        height=900,
        of="work_experience",
        whose="DEMO-MH",
    ),
)


def take(pictures: Sequence[Picture]) -> None:
    """Take these pictures and put them into docs/guide."""
    with ExitStack() as stack:
        stack.enter_context(demonstration())
        browser: Browser = stack.enter_context(chromium())
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server = urljoin(stack.enter_context(ours_served(folder)).address, "/")
        for one in pictures:
            page = browser.new_page(viewport={"width": one.width, "height": one.height})
            page.goto(f"{server}{one.of}?organisation={one.whose}{one.query}")
            part = one.act(alive(page))
            page.evaluate("document.activeElement?.blur()")
            file = str(GUIDE / f"{one.name}.png")
            if part is None:
                page.screenshot(path=file)
            else:
                page.locator(part).evaluate("(part) => { part.style.padding = '1rem'; }")
                page.locator(part).screenshot(path=file)
            page.close()
            sys.stdout.write(f"docs/guide/{one.name}.png\n")


if __name__ == "__main__":
    wanted = set(sys.argv[1:])
    take([one for one in PICTURES if not wanted or one.name in wanted])
