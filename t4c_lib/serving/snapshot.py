"""A page saved as one file, opened without network or program: what is painted, less what only a live page can do."""

import asyncio
import datetime as dt
import os
from collections.abc import AsyncIterator, Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import quote

from bs4 import BeautifulSoup, Comment
from tornado import web
from traitlets.config import Config

from t4c_lib.address import Address
from t4c_lib.disclosure import DIGEST, INSIDE, Audience, with_digest
from t4c_lib.errors import T4CError, find_named
from t4c_lib.html_templates import from_template
from t4c_lib.periods import Day
from t4c_lib.sections.section import style_sheet
from t4c_lib.serving.pages import Page, PageHandler, PageRenderer, find_pages
from t4c_lib.serving.prerendered_pages import with_charts

# What stands on a page for the sake of a live one: programs, links to other views, and what can be pressed.
LIVE_ONLY = (
    "script, link, noscript, button:not(.t4c-kept), .t4c-live-only, .anchor-link, .t4c-go, .t4c-skip, .t4c-band, "
    ".t4c-menu, .t4c-pick, .t4c-field, .t4c-strip li:has(a), .t4c-strip .t4c-push, .t4c-state, .t4c-boot, #t4c-lost, "
    "[hidden], [style*='display: none'], [role=status]:empty"
)
TEMPLATE = "serving/saved.html.j2"
_REFERENCES = ("aria-describedby", "aria-labelledby", "aria-controls")


class SnapshotError(T4CError):
    """A page that couldn't be saved."""


def file_name(page: str, address: Address, snapshot: str, day: dt.date) -> str:
    """What a saved page is called: "forum-DEMO-AC-2-2026-11-26.html"; it says so if it is for inside the forum."""
    inside = "" if Audience.PUBLISHED.marking in snapshot else INSIDE
    intention = str(address.intention or "")
    return "-".join(filter(None, (page, address.organisation, intention, day.isoformat()))) + f"{inside}.html"


def snapshot_of(page: str, saved: dt.datetime) -> str:
    """A painted page, its charts drawn, as one file. `saved`: when, with its time zone; the file says so."""
    soup = BeautifulSoup(page, "html.parser")
    body = soup.body
    assert body is not None  # noqa: S101  (every page has one)
    organisation = soup.select_one(".t4c-organisation summary > span:last-of-type")
    of_whom = organisation.get_text(strip=True) if organisation else ""
    for comment in body.find_all(string=lambda text: isinstance(text, Comment)):
        comment.extract()
    for one in soup.select(LIVE_ONLY):
        one.decompose()
    for one in soup.select(".t4c-kept"):  # what such a button says is said without it
        one.name, one.attrs = "span", {name: value for name, value in one.attrs.items() if name == "class"}
    for one in soup.select(".t4c-organisation"):
        one.replace_with(*BeautifulSoup(from_template(TEMPLATE, "of_whom", of_whom), "html.parser").contents)
    for link in soup.select("a[href]"):
        where = str(link["href"])
        if not (where.startswith("#") and soup.find(id=where[1:])):
            link.name = "span"
            del link["href"]
    for item in soup.select(".t4c-strip li"):
        if not item.get_text(strip=True):
            item.decompose()
    for strip in soup.select(".t4c-strip ul"):
        strip.append(item := soup.new_tag("li"))
        item.string = f"Copy saved on {Day(saved.date()).label} at {saved:%H:%M}"
    there = {one["id"] for one in soup.select("[id]")}
    for one in soup.select(", ".join(f"[{name}]" for name in _REFERENCES)):
        for name in _REFERENCES:
            if one.has_attr(name) and not there.issuperset(str(one[name]).split()):
                del one[name]
    title = ", ".join(filter(None, (soup.title.get_text() if soup.title else "", of_whom)))
    looks = control_styles([name for name, there in OWN_LOOKS.items() if soup.select_one(there) is None])
    static = files("t4c_lib.serving").joinpath("share", "voila", "templates", "t4c", "static")
    style = static.joinpath("t4c.css").read_text(encoding="utf-8") + style_sheet() + looks
    return with_digest(from_template(TEMPLATE, "page", title, style, body.decode_contents(), DIGEST))


# Looks of one page alone, by what stands on it.
OWN_LOOKS = {f"{name}.css": f".t4c-{name}" for name in ("home", "board", "compare")}
OWN_LOOKS |= {"what_if.css": ".t4c-what-if", "work_experience.css": ".t4c-work"}


def control_styles(left_out: Collection[str] = ()) -> str:
    """The look of controls: they are painted before the program that brings it along."""
    controls = files("t4c_lib").joinpath("panels", "controls")
    looks = controls.joinpath("looks.txt").read_text(encoding="utf-8").split()
    return "".join(controls.joinpath(name).read_text(encoding="utf-8") for name in looks if name not in left_out)


def save_page(page: Page, address: Address, saved: dt.datetime, step: Callable[[str, float], None]) -> str:
    """Run a page's notebook for an address, without any server, and give what it shows as one file.

    `step` is told what is worked out, and which share of the notebook (0-1) is behind us. Raises SnapshotError: it has
    no figures for this audience, or a cell of it failed.
    """
    if address.audience not in page.audiences:
        exact = "has exact figures only: add --audience forum to save it for the forum."
        words = exact if address.audience is Audience.PUBLISHED else "has published figures only: leave --audience out."
        raise SnapshotError(f"The page {page.name} {words}")
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, DeadKernelError
    from nbconvert.filters import markdown2html

    notebook: Any = nbformat.read(page.notebook, as_version=4)  # type: ignore[no-untyped-call]
    folder = {"metadata": {"path": str(page.notebook.parent)}}
    # The notebook and its kernel talk through ports of this machine, which others signed in to it can reach too.
    hidden = Config({"KernelManager": {"transport_encryption": "auto"}})
    client = NotebookClient(notebook, resources=folder, kernel_name="python3", config=hidden)
    step(doing := f"The page {page.name} of {address.organisation}", 0.0)
    client.on_cell_start = lambda cell_index, **_: step(doing, cell_index / len(notebook.cells))
    served = {"SCRIPT_NAME": f"/{page.name}", "QUERY_STRING": address.query}
    try:
        client.execute(env={**os.environ, **served})
    except (CellExecutionError, DeadKernelError) as error:
        last = str(error).strip().splitlines()[-1]
        raise SnapshotError(f"The page {page.name} of {address.organisation} stopped: {last}") from None
    frames: list[str] = []
    content: list[str] = []
    for cell in notebook.cells:
        shown = frames if "frame" in cell.metadata.get("tags", ()) else content
        if cell.cell_type == "markdown":
            shown.append(f'<div class="t4c-text">{markdown2html(cell.source)}</div>')
        shown += [output.get("data", {}).get("text/html", "") for output in cell.get("outputs", ())]
    main = f'<div id="rendered_cells" class="t4c-main" role="main">{"".join(content)}</div>'
    html = f"<html><head><title>{page.title}</title></head><body>{''.join(frames)}{main}</body></html>"
    with ThreadPoolExecutor(1) as apart:  # who calls may have a loop of events of their own
        return snapshot_of(apart.submit(asyncio.run, with_charts(html, client.widget_state)).result(), saved)


def page_named(name: str, folder: Path) -> Page:
    """A page by its notebook's name. Raises UnknownNameError with those that there are."""
    return find_named("page", name, {one.name: one for one in find_pages(folder)})


class SavedPageHandler(PageHandler):
    """A page as one file, which a browser keeps: the page as it was painted, or painted for this."""

    @web.authenticated
    async def get(self) -> None:
        self.settings["t4c_doorkeeper"].note(self.request, "exported", self.page.name)
        self.key = await self._key()
        if (paint := self.paints.get(self.key)) is None:
            await self._run(self._paint)
        else:
            await self._send(paint.decode())

    async def _paint(self, renderer: PageRenderer, pieces: AsyncIterator[tuple[str, Any]]) -> None:
        html = "".join([piece async for piece, _ in pieces])
        html = await with_charts(html, renderer.executor.widget_state)
        await self._keep(renderer, html)
        await self.kernel_manager.end(renderer.kernel_id)
        if renderer.has_failed:
            raise web.HTTPError(500)
        await self._send(html)

    async def _send(self, html: str) -> None:
        now = dt.datetime.now().astimezone()
        saved = await asyncio.to_thread(snapshot_of, html, now)
        name = file_name(self.page.name, Address.from_query(self.request.query), saved, now.date())
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header("Cache-Control", "no-store")
        self.set_header("Content-Disposition", f'attachment; filename="{quote(name)}"')
        self.finish(saved)
