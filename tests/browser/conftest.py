"""Pages driven in Chromium. No page may ask anything of another machine: every test checks that, by using `page`."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe as AxeProgram
from playwright.sync_api import Browser, Page, expect, sync_playwright

from t4c_lib.evidence import read_files
from t4c_lib.store import Store
from tests.one_truth.extremes import add_extremes
from tests.samples import DETAILS
from tests.served import PATIENCE, Served

# Without these Chromium itself looks for updates and more at every start.
QUIET = [
    "--headless",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# What playwright switches off itself (its list is replaced by a second one), and then what costs half of each window's
# processor time and shows in no page: the address bar's own pages, and a renderer started ahead for each.
WITHOUT = (
    *("AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades", "LensOverlay"),
    *("HttpsFirstBalancedModeAutoEnable", "MediaRouter", "PaintHolding", "ThirdPartyStoragePartitioning"),
    *("AvoidCorsURLLoaderRestartOnRedirect", "TcpPortRandomizationWin", "OptimizationHints"),
    *("NetworkTimeServiceQuerying", "AimEnabled", "PreconnectToSearch"),
    *("InitialWebUI", "WebUIReloadButton", "WebUIToolbar", "PreloadTopChromeWebUI", "WebUIOmniboxPopup"),
    *("WebUIOmniboxFullPopup", "WebUIOmniboxAimPopup", "ContextualTasks", "SpareRendererForSitePerProcess"),
)
# The same engine, first without the browser's own windows: those take a quarter of the time of each page.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
WCAG_AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
expect.set_options(timeout=PATIENCE * 1000)
INSIDE = {None, "", "127.0.0.1"}  # data: and blob: addresses have no host
SPILL = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
WIDTHS = (1366, 768, 400, 320)  # on both sides of each breakpoint


class Axe(Protocol):
    """What axe finds wrong with a page as it stands: one readable line each."""

    def __call__(self, page: Page, *, contrast: bool = True) -> list[str]: ...


class Readable(Protocol):
    """Fails if axe finds something at one of these widths, or if something is cut off there."""

    def __call__(self, page: Page, widths: tuple[int, ...] = WIDTHS, *, contrast: bool = True) -> None: ...


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser. In CI it must be there."""
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        if os.environ.get("CI"):
            pytest.fail("CI must have Chromium")
        pytest.skip("Chromium is not installed (Debian: apt-get install chromium)")
    as_root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=[*QUIET, f"--disable-features={','.join(WITHOUT)}", *as_root]
        )
        yield browser
        browser.close()


def alive(page: Page) -> Page:
    """The page once its program has taken it over: from then on each press is done in its turn."""
    expect(page.locator("#t4c-boot")).to_have_count(0)
    return page


@contextmanager
def watched_page(chromium: Browser) -> Iterator[Page]:
    """A fresh window, as a first visitor has it. Fails at its end if anything outside this machine was asked for."""
    context = chromium.new_context(viewport={"width": 1366, "height": 900})
    context.set_default_timeout(PATIENCE * 1000)
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    yield context.new_page()
    context.close()
    outside = [url for url in asked if urlsplit(url).hostname not in INSIDE]
    assert not outside, f"asked outside this machine: {outside}"


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A fresh window for one test."""
    with watched_page(chromium) as page:
        yield page


@pytest.fixture(scope="session")
def axe() -> Axe:
    """Looks at a page by WCAG 2.0 to 2.2, levels A and AA. Without contrast it takes a quarter of the time."""
    script = AxeProgram().axe_script
    # Only of these results all elements are gathered; on a large page those of the others take as long again.
    # What is told of them is their HTML; a selector for each would take a tenth of the time.
    options = {"runOnly": {"type": "tag", "values": WCAG_AA}, "resultTypes": ["violations"], "selectors": False}

    def violations(page: Page, *, contrast: bool = True) -> list[str]:
        if not page.evaluate("'axe' in globalThis"):
            page.evaluate(script)
        # From the top: what happens to lie half below the strip, which stays in sight, would be too small a target.
        found: list[dict[str, Any]] = page.evaluate(
            """async (options) => {
              const { scrollY } = window;
              window.scrollTo(0, 0);
              const told = await axe.run(options);
              window.scrollTo(0, scrollY);
              return told.violations;
            }""",
            options | {"rules": {"color-contrast": {"enabled": contrast}}},
        )
        return [f"{one['id']} ({one['impact']}): {node['html'][:200]}" for one in found for node in one["nodes"]]

    return violations


@pytest.fixture(scope="session")
def readable(axe: Axe) -> Readable:
    """Colours are looked at where the page is widest and narrowest: what is in between has those of one of the two."""

    def check(page: Page, widths: tuple[int, ...] = WIDTHS, *, contrast: bool = True) -> None:
        before = page.viewport_size
        assert before is not None
        for width in widths:
            page.set_viewport_size({"width": width, "height": before["height"]})
            assert page.evaluate(SPILL) <= 0, width
            at_the_edge = width in {min(widths), max(widths)}
            if at_the_edge or DETAILS:
                assert axe(page, contrast=contrast and at_the_edge) == [], width
        page.set_viewport_size(before)

    return check


SICKNESS_ALONE = """\
DATE,NHSE_REGION_CODE,NHSE_REGION_NAME,ICS_CODE,ICS_NAME,ORG_CODE,ORG_NAME,ORG_TYPE,FTE_DAYS_LOST,\
FTE_DAYS_AVAILABLE,SICKNESS_ABSENCE_RATE_PERCENT
30/04/2024,Y60,Midlands,QGH,Nowhere,ZZ9,Yonder Trust,Acute,100,2000,5.00
"""


@pytest.fixture(scope="session")
def served_file(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration, two organisations at the edge, and ZZ9 of which nothing is known but its sickness."""
    folder = tmp_path_factory.mktemp("served")
    shutil.copy(demonstration, folder / "store.sqlite")
    sickness = folder / "nhs_sickness_absence_2024-04.csv"
    sickness.write_text(SICKNESS_ALONE, encoding="utf-8")
    with Store.open(folder / "store.sqlite") as store:
        store.add_evidence(read_files([sickness]))
        add_extremes(store, folder)
    return folder / "store.sqlite"


@pytest.fixture(scope="session")
def served_store(served_file: Path) -> Iterator[Store]:
    """That store, opened."""
    with Store.open(served_file) as store:
        yield store


@pytest.fixture(scope="session")
def served(served_file: Path) -> Iterator[Served]:
    """The project's own pages on that store. Tests that save share it, each with an organisation of its own."""
    server = Served(database=f"sqlite:///{served_file}")
    yield server
    server.stop()


@pytest.fixture(scope="session")
def forum(served: Served) -> str:
    """Address of the forum page."""
    return served.address + "forum"
