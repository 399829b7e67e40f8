"""Pages as they were painted: finished HTML that is sent before any kernel is there.

What a page shows is kept from the run of its own notebook: the same HTML without its programs' data, and with its
charts drawn. It is kept for the address that was asked for, the day, and what the store held of that organisation.
Why so: docs/decisions/0022-paint-first.md.
"""

import asyncio
import re
import time
from collections import OrderedDict
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from tornado.httpclient import AsyncHTTPClient, HTTPError

from t4c_lib.address import Address
from t4c_lib.charts.picture import WIDTH_ON_A_PHONE, WIDTH_ON_PAPER, Drawing
from t4c_lib.charts.renderer import svg_of
from t4c_lib.errors import T4CError
from t4c_lib.periods import today
from t4c_lib.sections.section import drawn_twice
from t4c_lib.store import Store

MOST_KEPT, LARGEST_KEPT = 300, 60_000_000  # pages, and their bytes together
DATA = re.compile(r'<script type="application/json".*?</script>', re.DOTALL)
KERNEL = re.compile(r' data-kernel="[^"]*"', re.DOTALL)
CHART = re.compile(r'( data-chart="(\w+)"[^>]*><div class="t4c-drawn" aria-hidden="true">)(</div>)')
# A browser shows the page once all of it was read, not in parts that push each other about.
SHOWN_WHOLE = '<link rel="expect" href="#t4c-whole" blocking="render">'
Key = tuple[object, ...]


def state_of(key: Key | None) -> str:
    """What a page tells its server by which state it shows; another one after something was saved."""
    return f"{hash(key):x}"


async def with_charts(html: str, widgets: Mapping[str, Mapping[str, Any]]) -> str:
    """A page with its charts drawn in their places, for two widths. `widgets`: states by number."""
    for before, model, after in CHART.findall(html):
        state = widgets.get(model)
        if state and "height" in state.get("values", {}):
            drawing = Drawing(state["spec"], state["tables"], state["values"], state["description"])
            whole = (drawing.specification(width) for width in (WIDTH_ON_PAPER, WIDTH_ON_A_PHONE))
            drawn = [await asyncio.to_thread(svg_of, one) for one in whole]
            html = html.replace(f"{before}{after}", f"{before}{drawn_twice(*drawn)}{after}", 1)
    return html


class Paints:
    """The pages that are kept; the one that nobody asked for longest goes first. `notebooks`: of pages, by name."""

    def __init__(self, notebooks: Mapping[str, Path]) -> None:
        self._notebooks = notebooks
        self._kept: OrderedDict[Key, bytes] = OrderedDict()
        self._store: Store | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def key_of(self, page: str, query: str) -> Key | None:
        """What a page is kept by; None for one that isn't: its address has faults, or the store doesn't answer."""
        notebook = self._notebooks[page]
        address = Address.from_query(query)
        if address.problems:
            return None  # the page says them; nobody asks for that twice
        try:
            mark = await asyncio.to_thread(self._mark, address.organisation)
            return notebook.name, notebook.stat().st_mtime_ns, address.allowed(), today(), mark
        except (T4CError, OSError):
            return None

    def _opened(self) -> Store:
        self._store = self._store or Store.open()
        return self._store

    def _mark(self, organisation: str) -> object:
        return self._opened().state(organisation)

    def with_plans(self) -> list[str]:
        """The organisations that have a plan; none while the store doesn't answer."""
        with suppress(T4CError, OSError):
            return sorted(self._opened().organisations_with_plans())
        return []

    def get(self, key: Key | None) -> bytes | None:
        paint = self._kept.get(key) if key is not None else None
        if paint is not None and key is not None:
            self._kept.move_to_end(key)
        return paint

    def keep(self, key: Key | None, html: str, widgets: Mapping[str, Mapping[str, Any]]) -> None:
        """Keep a page as first sent, once its charts are drawn; not if that fails, or where there is no key."""
        if key is None or key in self._kept:
            return
        task = asyncio.ensure_future(self._draw_and_keep(key, html, widgets))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _draw_and_keep(self, key: Key, html: str, widgets: Mapping[str, Mapping[str, Any]]) -> None:
        bare = KERNEL.sub(f' data-kernel="" data-state="{state_of(key)}"', DATA.sub("", html), count=1)
        bare = bare.replace("<head>", f"<head>\n{SHOWN_WHOLE}", 1)
        self._kept[key] = (await with_charts(bare, widgets)).encode()
        while len(self._kept) > MOST_KEPT or sum(map(len, self._kept.values())) > LARGEST_KEPT:
            self._kept.popitem(last=False)

    def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        if self._store is not None:
            with suppress(T4CError):
                self._store.close()


# Pages are painted before anybody asks: when the server starts each page, and those of a meeting for every organisation
# with a plan, as far as they are to be held; and those in use anew after a save.
OF_A_MEETING = ("home", "forum", "board", "what_if")
RENEWED_EVERY = 1.0
QUIET_SECONDS = 2.0  # after a page was asked for: who comes has the machine to themselves
IN_USE_SECONDS = 900.0  # a page that nobody asked for in so long is not painted anew

View = tuple[str, str]  # a page's name, and what stands after the question mark


class Renewal:
    """Asks this server for the pages whose paint is out of date, one after the other, as a visitor would.

    `address`: up to the pages' names. `headers`: the pass, where one is needed. `most`: views looked after.
    """

    def __init__(self, paints: Paints, address: str, headers: dict[str, str], most: int) -> None:
        self._paints, self._address, self._headers, self._most = paints, address, headers, most
        self._in_use: OrderedDict[View, float] = OrderedDict()
        self._tried: dict[View, Key] = {}
        self._begun = 0.0
        self._is_busy = False

    def asked(self, page: str, query: str) -> None:
        """Somebody asked for this view: it is looked after from now on."""
        self._begun = time.monotonic()
        self._in_use[page, query] = self._begun
        self._in_use.move_to_end((page, query))
        while len(self._in_use) > self._most:
            self._tried.pop(self._in_use.popitem(last=False)[0], None)

    async def look(self) -> None:
        """Paint anew what is out of date; each state of a view is tried once."""
        if self._is_busy or time.monotonic() - self._begun < QUIET_SECONDS:
            return
        self._is_busy = True
        try:
            for view, at in reversed(list(self._in_use.items())):
                if time.monotonic() - at < IN_USE_SECONDS:
                    await self._renew(view)
        finally:
            self._is_busy = False

    async def _renew(self, view: View) -> None:
        page, query = view
        key = await self._paints.key_of(page, query)
        if key is None or self._paints.get(key) is not None or self._tried.get(view) == key:
            return
        self._tried[view] = key
        # A page that can't be painted now is told to whoever asks for it, and written to the log.
        with suppress(HTTPError, OSError, asyncio.TimeoutError):
            await AsyncHTTPClient().fetch(f"{self._address}{page}.html?{query}", headers=self._headers)
