"""Looks out for what others save while a page is open."""

from __future__ import annotations

import asyncio
import weakref
from collections.abc import Callable, Sequence

from t4c_lib.errors import T4CError
from t4c_lib.store import Store, StoreChange

EVERY_SECONDS = 0.3  # soon enough that nobody in the room wonders, and next to no work


class Watch:
    """Asks the store a few times a second whether anything was saved, and tells what.

    The asking goes on in the kernel between what people do; without a running event loop (a script, a report) nobody
    is told by himself, and `look` is there to be called.

    Args:
        store: where others save.
        tell: a bound method, called with what is new, oldest first; asking ends when its owner is gone.
    """

    def __init__(self, store: Store, tell: Callable[[Sequence[StoreChange]], None]) -> None:
        self._store = store
        self._tell = weakref.WeakMethod(tell)
        self._version = store.version()
        self._mark = store.mark()
        self._task: asyncio.Task[None] | None = None
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return
        self._task = loop.create_task(self._go_on())

    def look(self) -> None:
        """Ask once. A store that can't be read just now is asked again the next time."""
        try:
            version = self._store.version()
            if version == self._version:
                return
            new = self._store.changes_since(self._mark)
        except T4CError:
            return
        self._version = version
        tell = self._tell()
        if new and tell is not None:
            self._mark = new[-1].mark
            tell(new)

    def stop(self) -> None:
        """Ask no more."""
        if self._task is not None:
            self._task.cancel()

    async def _go_on(self) -> None:
        while self._tell() is not None:
            await asyncio.sleep(EVERY_SECONDS)
            self.look()
