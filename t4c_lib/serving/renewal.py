"""Pages painted before anybody asks: each page once when the server starts, and those in use anew after a save."""

import asyncio
import contextlib
import time
from collections import OrderedDict

from tornado.httpclient import AsyncHTTPClient, HTTPError

from t4c_lib.serving.prerendered_pages import Key, Paints

EVERY_SECONDS = 1.0
QUIET_SECONDS = 2.0  # after a page was asked for: who comes has the machine to themselves
IN_USE_SECONDS = 900.0  # a page that nobody asked for in so long is not painted anew

View = tuple[str, str]  # a page's name, and what stands after the question mark


class Renewal:
    """Asks this server for the pages whose paint is out of date, one after the other, as a visitor would.

    Args:
        paints: the pages that are kept.
        address: of this server, up to the pages' names.
        headers: with which it is asked: the pass, where one is needed.
        most: as many views are looked after.
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
        with contextlib.suppress(HTTPError, OSError, asyncio.TimeoutError):
            await AsyncHTTPClient().fetch(f"{self._address}{page}.html?{query}", headers=self._headers)
