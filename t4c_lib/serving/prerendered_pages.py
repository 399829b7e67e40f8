"""Pages as they were painted: finished HTML that is sent before any kernel is there.

What a page shows is kept from the run of its own notebook: the same HTML without its programs' data, and with its
charts drawn. It is kept for the address that was asked for, the day, and what the store held of that organisation.
Why so: docs/decisions/0022-paint-first.md.
"""

import asyncio
import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from multiprocessing import active_children, get_context
from pathlib import Path
from typing import Any

from t4c_lib.address import Address
from t4c_lib.charts.picture import WIDTH_ON_A_PHONE, WIDTH_ON_PAPER, Drawing, svg_of
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


async def with_charts(
    html: str, widgets: Mapping[str, Mapping[str, Any]], draw: Callable[[dict[str, Any]], Awaitable[str]]
) -> str:
    """A page with its charts drawn in their places, for two widths.

    Args:
        html: the page as its widgets painted it.
        widgets: the state of its widgets, by the number of their models.
        draw: a specification as SVG.
    """
    for before, model, after in CHART.findall(html):
        state = widgets.get(model)
        if state and "height" in state.get("values", {}):
            drawing = Drawing(state["spec"], state["tables"], state["values"], state["description"])
            drawn = [await draw(drawing.specification(width)) for width in (WIDTH_ON_PAPER, WIDTH_ON_A_PHONE)]
            html = html.replace(f"{before}{after}", f"{before}{drawn_twice(*drawn)}{after}", 1)
    return html


class Paints:
    """The pages that are kept; the one that nobody asked for longest goes first.

    `notebooks`: of the pages, by their names.
    """

    def __init__(self, notebooks: Mapping[str, Path]) -> None:
        self._notebooks = notebooks
        self._kept: OrderedDict[Key, bytes] = OrderedDict()
        self._store: Store | None = None
        self._drawing: ProcessPoolExecutor | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def key_of(self, page: str, query: str) -> Key | None:
        """What a page is kept by; None for one that isn't kept: its address has faults, or the store doesn't answer.

        `page`: its name. `query`: of the address, after the question mark.
        """
        notebook = self._notebooks[page]
        address = Address.from_query(query)
        if address.problems:
            return None  # the page says them; nobody asks for that twice
        try:
            mark = await asyncio.to_thread(self._mark, address.organisation)
            return notebook.name, notebook.stat().st_mtime_ns, address.allowed(), today(), mark
        except (T4CError, OSError):
            return None

    def _mark(self, organisation: str) -> object:
        self._store = self._store or Store.open()
        return self._store.state(organisation)

    def get(self, key: Key | None) -> bytes | None:
        """The page of that key, if it is kept."""
        paint = self._kept.get(key) if key is not None else None
        if paint is not None and key is not None:
            self._kept.move_to_end(key)
        return paint

    def keep(self, key: Key | None, html: str, widgets: Mapping[str, Mapping[str, Any]]) -> None:
        """Keep a page that was made whole, once its charts are drawn. What goes wrong with them only leaves it out.

        Args:
            key: None for a page that is not to be kept.
            html: the page as it was sent to its first reader.
            widgets: the state of its widgets, by the number of their models.
        """
        if key is None or key in self._kept:
            return
        task = asyncio.ensure_future(self._draw_and_keep(key, html, widgets))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _draw_and_keep(self, key: Key, html: str, widgets: Mapping[str, Mapping[str, Any]]) -> None:
        bare = KERNEL.sub(f' data-kernel="" data-state="{state_of(key)}"', DATA.sub("", html), count=1)
        bare = bare.replace("<head>", f"<head>\n{SHOWN_WHOLE}", 1)
        self._kept[key] = (await self.drawn(bare, widgets)).encode()
        while len(self._kept) > MOST_KEPT or sum(map(len, self._kept.values())) > LARGEST_KEPT:
            self._kept.popitem(last=False)

    async def _draw(self, specification: dict[str, Any]) -> str:
        """A drawing, in a process of its own: the renderer keeps threads, and this one starts others by forking."""
        self._drawing = self._drawing or ProcessPoolExecutor(1, mp_context=get_context("spawn"))
        return await asyncio.get_running_loop().run_in_executor(self._drawing, svg_of, specification)

    async def drawn(self, html: str, widgets: Mapping[str, Mapping[str, Any]]) -> str:
        """A page with its charts drawn."""
        return await with_charts(html, widgets, self._draw)

    def close(self) -> None:
        """Keep nothing any more."""
        for task in self._tasks:
            task.cancel()
        if self._drawing is not None:
            self._drawing.shutdown(wait=False, cancel_futures=True)
            for drawer in active_children():
                drawer.terminate()  # else the end would wait for a drawing that nobody sees
        if self._store is not None:
            with suppress(T4CError):
                self._store.close()
