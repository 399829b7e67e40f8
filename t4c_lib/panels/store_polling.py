"""Looks out for what others save while a page is open."""

import asyncio
import time
import weakref
from collections.abc import Callable, Sequence

from IPython import get_ipython

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
        trouble: likewise, called with why the store can't be asked, and with "" once it can again.
    """

    def __init__(
        self, store: Store, tell: Callable[[Sequence[StoreChange]], None], trouble: Callable[[str], None]
    ) -> None:
        self._store = store
        self._tell, self._trouble = weakref.WeakMethod(tell), weakref.WeakMethod(trouble)
        self._said = ""
        self._version = store.version()
        self._mark = store.mark()
        self._task: asyncio.Task[None] | None = None
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return
        self._task = loop.create_task(self._go_on())

    def look(self) -> None:
        """Ask once."""
        try:
            version = self._store.version()
            new = self._store.changes_since(self._mark) if version != self._version else ()
            self._say("")
            if new and (tell := self._tell()) is not None:
                tell(new)
                self._mark = new[-1].mark
        except T4CError as error:  # what is new is told once the store answers again
            self._say(error.on_page)
            return
        self._version = version

    def _say(self, trouble: str) -> None:
        if trouble != self._said and (say := self._trouble()) is not None:
            self._said = trouble
            say(trouble)

    def stop(self) -> None:
        """Ask no more."""
        if self._task is not None:
            self._task.cancel()

    async def _go_on(self) -> None:
        pause = EVERY_SECONDS
        while self._tell() is not None:
            await asyncio.sleep(pause)
            began = time.monotonic()
            try:
                self.look()
            except Exception:  # noqa: BLE001  (whatever it is, the page and the log say so)
                self._say("This page no longer shows what others save: reload it.")
                if (shell := get_ipython()) is not None:
                    shell.showtraceback()  # which takes it to the log
                return
            # A store that lets its askers wait must not keep them from all else.
            pause = max(EVERY_SECONDS, time.monotonic() - began)
