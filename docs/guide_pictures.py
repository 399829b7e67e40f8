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

from playwright.sync_api import Browser, Page

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
        query: what of the organisation's forum page is opened.
        act: what is done there before the picture is taken; gives the part to show, or nothing for the window.
        width, height: of the window, in pixels.
    """

    name: str
    query: str
    act: Callable[[Page], str | None]
    width: int = 1280
    height: int = 800


def _opened(page: Page) -> str | None:
    page.locator("svg.marks").wait_for()
    page.locator(f"tr[id='{ROW}']").evaluate("(row) => window.scrollTo(0, row.offsetTop - 60)")
    return None


PICTURES: tuple[Picture, ...] = (Picture("forum", "&measure=young-share", _opened, height=900),)


def take(pictures: Sequence[Picture]) -> None:
    """Take these pictures and put them into docs/guide."""
    with ExitStack() as stack:
        stack.enter_context(demonstration())
        browser: Browser = stack.enter_context(chromium())
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server = urljoin(stack.enter_context(ours_served(folder)).address, "/")
        for one in pictures:
            page = browser.new_page(viewport={"width": one.width, "height": one.height})
            page.goto(f"{server}forum?organisation={TRUST}{one.query}")
            part = one.act(alive(page))
            page.evaluate("document.activeElement?.blur()")
            file = str(GUIDE / f"{one.name}.png")
            page.screenshot(path=file) if part is None else page.locator(part).screenshot(path=file)
            page.close()
            sys.stdout.write(f"docs/guide/{one.name}.png\n")


if __name__ == "__main__":
    wanted = set(sys.argv[1:])
    take([one for one in PICTURES if not wanted or one.name in wanted])
