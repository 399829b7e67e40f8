"""What a page gathered of an organisation is kept for the others until something is saved; what others save is seen."""

import asyncio
import datetime as dt
import hashlib
import os
import pickle
import time
import weakref
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from IPython import get_ipython

from t4c_lib.errors import T4CError
from t4c_lib.evidence import Organisation
from t4c_lib.filesystem import KEPT, WriteError, write_whole
from t4c_lib.periods import today
from t4c_lib.sections.home import HomeFigures
from t4c_lib.store import Store, StoreChange

MOST_KEPT = 32  # files of what pages have made; a full plan with its figures takes six megabytes

T = TypeVar("T")
_made: dict[str, tuple[Any, Any]] = {}
_kept: dict[str, tuple[object, frozenset[str]]] = {}  # by name, state of what other pages find, and what is in it
_read: dict[str, tuple[Path, int]] = {}  # by name, the file that was read last, and when it was written


def unless_saved(store: Store, code: str, name: str, make: Callable[[], T]) -> T:
    """What was made of an organisation's figures and plan the last time, if nothing was saved since; else made anew.

    A kernel that is kept ready has made it already for the organisation that was last asked for, and what another page
    of the same server made and kept is found, see `keep`. The last of each `name` is kept. `make` makes it from nothing
    but the store and the day; nobody may change it.
    """
    state = (code, today(), store.state(code))  # before it is made: what is saved meanwhile makes it out of date
    find_kept(code, name)
    if not (known := _made.get(name)) or known[0] != state:
        known = _made[name] = (state, make())
    made: T = known[1]
    return made


def kept_between_pages(store: Store, code: str, name: str, make: Callable[[], T]) -> T:
    """As `unless_saved`, for what takes seconds: other pages of the same server find it, too."""
    made = unless_saved(store, code, name, make)
    keep(name)
    return made


def keep(name: str, with_answers: str = "") -> None:
    """Let other pages of the server find what was made by this name, with all that was worked out of it since.

    It lies in a folder of the server's own, readable by nobody else and gone with it. `with_answers`: the page whose
    answers are in it by now; they are kept once.
    """
    if (known := _made.get(name)) is None or (file := _file(name, known[0][0])) is None:
        return
    state, there = _kept.get(name, (None, frozenset()))
    there = there if state == known[0] else frozenset()
    if not there or with_answers not in there:
        kept = known[0], there | {"", with_answers}
        # RuntimeError: a thread of this page works something out meanwhile; the next page that keeps it has it then.
        with suppress(WriteError, OSError, pickle.PicklingError, TypeError, RuntimeError):
            write_whole(file, pickle.dumps((*known, kept)))
            _kept[name], _read[name] = kept, (file, file.stat().st_mtime_ns)
            for old in sorted(file.parent.glob("*.kept"), key=lambda one: one.stat().st_mtime)[:-MOST_KEPT]:
                old.unlink()


def find_kept(code: str, name: str) -> None:
    """Take what a page of the server has kept of an organisation by that name, unless it was taken already."""
    with suppress(OSError, EOFError, ValueError, pickle.UnpicklingError):
        if (file := _file(name, code)) and _read.get(name) != (mark := (file, file.stat().st_mtime_ns)):
            state, made, _kept[name] = pickle.loads(file.read_bytes())  # noqa: S301  (ours)
            _made[name], _read[name] = (state, made), mark


def _file(name: str, code: str) -> Path | None:
    """Where what was made of an organisation lies; None without a server."""
    folder = os.environ.get(KEPT)
    return Path(folder, hashlib.sha256(f"{name} {code}".encode()).hexdigest()[:24] + ".kept") if folder else None


def home_figures(store: Store, trust: Organisation, day: dt.date, before: HomeFigures | None = None) -> HomeFigures:
    """What the pages rest on, as it stands on a day: the first of them gathers it, the others find it."""
    return unless_saved(store, trust.code, home_name(day), partial(HomeFigures.of, store, trust, day, before))


def home_name(day: dt.date) -> str:
    """The name by which that is kept."""
    return "home" if day == today() else f"home {day}"


class WorksAside:
    """What works something out between what people do, instead of what it began before.

    Without a running event loop (a script, a report) it begins nothing. Where it fails, the page and the log say so.
    """

    _task: asyncio.Task[None] | None = None

    def work_on(self, what: Coroutine[Any, Any, None]) -> bool:
        """Whether it was begun."""
        self.stop()
        try:
            self._task = asyncio.get_running_loop().create_task(self._or_say(what))
        except RuntimeError:
            what.close()
            return False
        return True

    def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()

    async def _or_say(self, what: Coroutine[Any, Any, None]) -> None:
        try:
            await what
        except Exception:  # noqa: BLE001  (whatever it is)
            self.failed()
            if (shell := get_ipython()) is not None:
                shell.showtraceback()  # which takes it to the log

    def failed(self) -> None:
        """Say it on the page."""
        raise NotImplementedError


EVERY_SECONDS = 0.3  # soon enough that nobody in the room wonders, and next to no work


class Watch(WorksAside):
    """Asks the store a few times a second whether anything was saved, and tells what.

    Where no event loop runs nobody is told by himself, and `look` is there to be called. `tell`: a bound method, called
    with what is new, oldest first; asking ends when its owner is gone. `trouble`: likewise, with why the store can't be
    asked, and "" once it can.
    """

    def __init__(
        self, store: Store, tell: Callable[[Sequence[StoreChange]], None], trouble: Callable[[str], None]
    ) -> None:
        self._store = store
        self._tell, self._trouble = weakref.WeakMethod(tell), weakref.WeakMethod(trouble)
        self._said = ""
        self._version = store.version()
        self._mark = store.mark()
        self.work_on(self._go_on())

    def look(self) -> None:
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

    def failed(self) -> None:
        self._say("This page no longer shows what others save: reload it.")

    async def _go_on(self) -> None:
        pause = EVERY_SECONDS
        while self._tell() is not None:
            await asyncio.sleep(pause)
            began = time.monotonic()
            self.look()
            # A store that lets its askers wait must not keep them from all else.
            pause = max(EVERY_SECONDS, time.monotonic() - began)
