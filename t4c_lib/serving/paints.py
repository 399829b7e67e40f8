"""Pages as they were last made, kept to be sent at once: whoever comes next reads while a kernel is started.

A page is kept for the parts of its address that count (`Address.allowed`), the notebook's version, the day, and what
was saved of the organisation. Nothing of a visitor and no kernel's number is in it. It is kept in memory only, so a new
version of the program starts with none.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import threading
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from pathlib import Path

from t4c_lib.address import Address
from t4c_lib.errors import T4CError
from t4c_lib.periods import today
from t4c_lib.store import Store

MOST_BYTES = 64_000_000
PAINT_FIRST = "T4C_PAINT_FIRST"
_DATA = re.compile(
    r'<script type="application/json" (class="t4c-output"|id="t4c-widgets")>(.*?)</script>\n?', re.DOTALL
)
_BOOT = re.compile(r'<p id="t4c-boot".*?</p>\n?', re.DOTALL)
_KERNEL = re.compile(r' data-kernel="([^"]*)"')


@dataclass(frozen=True)
class Made:
    """A page that was made, in two parts.

    Attributes:
        paint: its HTML, which stands by itself: words, figures and controls.
        live: what its program needs to take it over, as JSON: the kernel's number, outputs in turn, widgets' state.
    """

    paint: str
    live: str

    @classmethod
    def of(cls, html: str) -> Made:
        """Take a page apart that carries its outputs and widgets.

        Raises:
            ValueError: it was broken off.
        """
        outputs, widgets = [], ""
        for what, data in _DATA.findall(html):
            if what.startswith("id"):
                widgets = data
            else:
                outputs.append(data)
        kernel = _KERNEL.search(html)
        if not widgets or kernel is None:
            raise ValueError("The page was broken off.")
        # They are JSON already, each by itself.
        live = f'{{"kernel": {json.dumps(kernel[1])}, "outputs": [{", ".join(outputs)}], "widgets": {widgets}}}'
        paint = _BOOT.sub("", _DATA.sub("", html), count=1)
        paint = _KERNEL.sub(' data-kernel=""', paint, count=1).replace(" t4c-booting", "", 1)
        return cls(paint, live)


class Paints:
    """The paints of a server, up to a number of bytes; the one that was asked for longest ago goes first.

    Args:
        most_bytes: so many may be kept; 0 for none.
    """

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most = most_bytes
        self._kept: OrderedDict[Hashable, bytes] = OrderedDict()
        self._bytes = 0
        self._saves = Saves()

    @classmethod
    def from_environment(cls) -> Paints:
        """As T4C_PAINT_FIRST says: with 1 pages are kept, without it none are, and each is made when asked for."""
        return cls(MOST_BYTES if os.environ.get(PAINT_FIRST, "").strip() == "1" else 0)

    async def key(self, page: str, notebook: Path, query: str) -> Hashable | None:
        """Under what a page is kept now; None where it is not to be kept: the address or the store has faults."""
        address = Address.from_query(query)
        if address.problems or not self._most:
            return None
        try:
            version = await asyncio.to_thread(self._saves.version, address.organisation)
            changed = notebook.stat().st_mtime_ns
        except (T4CError, OSError):
            return None  # the page itself says what is wrong
        return (page, address.allowed(), changed, today(), version)

    def get(self, key: Hashable) -> bytes | None:
        """What is kept, if anything is."""
        if key in self._kept:
            self._kept.move_to_end(key)
        return self._kept.get(key)

    def keep(self, key: Hashable, paint: str) -> None:
        """Keep a paint from now on."""
        self.forget(key)
        self._kept[key] = html = paint.encode()
        self._bytes += len(html)
        while self._bytes > self._most:
            self.forget(next(iter(self._kept)))

    def forget(self, key: Hashable) -> None:
        """Keep it no longer."""
        self._bytes -= len(self._kept.pop(key, b""))


class Saves:
    """Tells when anything that pages of an organisation show was saved. The store is opened when first asked."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._store: Store | None = None
        self._seen: tuple[int, ...] = ()
        self._files = self._mark = self._of_all = 0
        self._of: dict[str, int] = {}  # the newest change, by code in small letters

    def version(self, organisation: str) -> tuple[int, ...]:
        """A mark that is another one after something of this organisation was saved, or something that concerns all.

        Args:
            organisation: its code as typed; empty for the one that a page chooses, which any change may change.

        Raises:
            StoreError: the store can't be read.
        """
        with self._lock:
            if self._store is None:
                self._store = Store.open()
                self._seen = self._store.version()
                self._mark = self._of_all = self._store.mark()
            elif (seen := self._store.version()) != self._seen:
                self._look(self._store)
                self._seen = seen
            own = self._of.get(organisation.casefold(), 0) if organisation else self._mark
            return (self._files, self._of_all, own)

    def _look(self, store: Store) -> None:
        changes = store.changes_since(self._mark)
        if not changes:  # the file is another one, or was changed without a word
            self._files, self._mark = self._files + 1, store.mark()
        for one in changes:
            self._mark = one.mark
            # With its first plan an organisation moves to the top of the list that every page has.
            if not one.organisation or (one.what == "plan" and one.number == 1):
                self._of_all = one.mark
            self._of[one.organisation.casefold()] = one.mark
