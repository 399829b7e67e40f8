"""The documentation as a site: it builds without a warning, loads nothing from elsewhere, and is readable by everybody.

Sphinx refuses links and anchors that lead nowhere (every warning is an error), and a notebook whose cell fails.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Readable
from tests.served import ROOT

FIRST = "docs/site/index.html"
NOTEBOOK, LIBRARY = "workbooks/analysis.html", "docs/site/library.html"
KINDS_OF_PAGE = (FIRST, "docs/guide/first-hour.html", "docs/reference/levers.html", LIBRARY, NOTEBOOK)
AWAY = re.compile(r"^\s*(?:https?:)?//", re.IGNORECASE)
# A link is followed when somebody asks for it; all else with an address is loaded with the page.
FOLLOWED = {("a", "href"), ("area", "href")}
LOADING = {"src", "srcset", "href", "xlink:href", "data", "poster", "action", "formaction", "ping", "background"}
IN_STYLE = re.compile(r"""(?:url\(|@import)\s*["']?\s*((?:https?:)?//[^"')\s]+)""", re.IGNORECASE)
IN_PROGRAM = re.compile(
    r"""(?:\.src|\.href|import|fetch|open|sendBeacon|WebSocket|Worker|EventSource|importScripts)\s*(?:=|\()\s*\(?"""
    r"""(?:["']\w+["'],\s*)?["'`]\s*((?:https?:|wss?:)?//[^"'`\s]+)""",
    re.IGNORECASE,
)


class Loads(HTMLParser):
    """Gathers what a page loads from another machine."""

    def __init__(self) -> None:
        super().__init__()
        self.away: list[str] = []
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = tag
        # These say where a page belongs; what a link element of another kind names is loaded.
        quiet = tag == "link" and dict(attrs).get("rel") in {"index", "search", "next", "prev", "canonical", "author"}
        for name, value in attrs:
            if value and name in LOADING and (tag, name) not in FOLLOWED and not quiet:
                self.away += [one for one in re.split(r",\s+", value) if AWAY.match(one)]
            if value and name == "style":
                self.away += IN_STYLE.findall(value)

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside in {"style", "script"}:
            self.away += loads(data, ".css" if self._inside == "style" else ".js")


def loads(text: str, kind: str) -> list[str]:
    """The addresses on other machines from which a file of a kind (".html") loads something."""
    if kind == ".html":
        page = Loads()
        page.feed(text)
        return page.away
    found = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    return IN_STYLE.findall(found) if kind == ".css" else IN_PROGRAM.findall(found)


@pytest.fixture(scope="module")
def site(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built as `make docs` builds it."""
    folder = tmp_path_factory.mktemp("docs")
    store = shutil.copy(demonstration, folder / "store.sqlite")
    command = [sys.executable, "docs/site/build.py", "--out", str(folder / "site"), "--store", str(store)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder / "site"


@pytest.mark.flow
def test_no_file_of_the_site_loads_anything_from_another_machine(site: Path) -> None:
    files = [file for file in site.rglob("*") if file.suffix in {".html", ".css", ".js"}]
    assert len(files) > 80
    found = {str(one.relative_to(site)): loads(one.read_text(encoding="utf-8"), one.suffix) for one in files}
    assert {name: away for name, away in found.items() if away} == {}


@pytest.mark.unit
@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (".html", '<script src="https://cdn.example/require.js"></script>'),
        (".html", '<link rel="stylesheet" href="//fonts.example/css">'),
        (".html", '<link rel="preconnect" href="https://fonts.example">'),
        (".html", '<img srcset="a.png 1x, https://images.example/b.png 2x">'),
        (".html", '<p style="background: url(http://images.example/dot.gif)">'),
        (".html", "<style>@import 'https://fonts.example/css';</style>"),
        (".html", '<script>s.src = "https://telemetry.example/t.js"</script>'),
        (".html", '<form action="https://search.example"></form>'),
        (".css", "@font-face { src: url('https://fonts.example/a.woff2') }"),
        (".js", 'await fetch("https://telemetry.example/hit")'),
        (".js", "navigator.sendBeacon('//telemetry.example')"),
        (".js", 'request.open("GET", "https://telemetry.example")'),
        (".js", 'import("https://cdn.example/mathjax.js")'),
    ],
)
def test_what_loads_from_another_machine_is_found(kind: str, text: str) -> None:
    assert len(loads(text, kind)) == 1


@pytest.mark.unit
def test_a_link_that_somebody_may_follow_loads_nothing() -> None:
    assert loads('<a href="https://www.example.org/">elsewhere</a><img src="a.png">', ".html") == []


@pytest.mark.flow
def test_pages_of_the_repository_stand_in_the_site_each_once(site: Path) -> None:
    pages = {str(file.relative_to(site).with_suffix(".md")) for file in site.rglob("*.html")}
    listed = ("docs/guide/*.md", "docs/reference/*.md", "docs/decisions/*.md")
    missing = {str(file.relative_to(ROOT)) for one in listed for file in ROOT.glob(one)} - pages
    assert missing == set()
    assert (site / NOTEBOOK).is_file()
    assert "More ways in" in (site / NOTEBOOK).read_text(encoding="utf-8")  # what a cell printed


@pytest.mark.browser
def test_the_folder_opens_on_the_first_page_and_is_searched_without_a_server(site: Path, page: Page) -> None:
    page.goto((site / "index.html").as_uri())
    expect(page.get_by_role("link", name="A first hour").first).to_be_visible()
    page.goto(f"{(site / 'search.html').as_uri()}?q=turnover")
    expect(page.locator("ul.search li").first).to_be_visible()


@pytest.mark.detail
@pytest.mark.browser
@pytest.mark.parametrize("name", KINDS_OF_PAGE)
def test_axe_finds_nothing_and_nothing_is_cut_off(site: Path, page: Page, readable: Readable, name: str) -> None:
    page.goto((site / name).as_uri())
    readable(page, (320,) if name == LIBRARY else (1366, 320))  # axe takes five seconds for each look at the library
