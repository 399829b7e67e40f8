"""How many pages, each a program that takes memory, may be open, and how many made at once where none are forked."""

import asyncio
import os
from collections.abc import Callable, Container
from functools import cache
from typing import NamedTuple

import psutil  # type: ignore[import-untyped]

from t4c_lib.errors import T4CError
from t4c_lib.serving.kernels import can_fork

MOST_KERNELS = "T4C_MOST_PAGES"
PAGES_EACH = 10  # of one visitor
FREE_MEMORY = "T4C_FREE_MEMORY"
PAINT_AHEAD = "T4C_PAINT_AHEAD"
# In megabytes: a page takes some 60 of its own, and the machine needs the rest for the store and for itself.
DEFAULTS = {MOST_KERNELS: 100, FREE_MEMORY: 500, PAINT_AHEAD: 32}


class Caps(NamedTuple):
    """What must hold for one more page to open."""

    most_kernels: int = DEFAULTS[MOST_KERNELS]  #: as many pages may be open at once
    free_memory: int = DEFAULTS[FREE_MEMORY]  #: megabytes that must be free before a page opens
    paint_ahead: int = DEFAULTS[PAINT_AHEAD]  #: of so many pages in use a paint is kept ready

    @classmethod
    def from_environment(cls) -> "Caps":
        """As T4C_MOST_PAGES, T4C_FREE_MEMORY and T4C_PAINT_AHEAD say. Raises T4CError: no whole number from 0."""
        return cls(*map(_whole_number, (MOST_KERNELS, FREE_MEMORY, PAINT_AHEAD)))

    def refusal(self, kernels: int, by_visitor: int = 0) -> str | None:
        """Why no page may open beside so many `kernels`, some `by_visitor`, in a sentence; None when one may."""
        if by_visitor >= PAGES_EACH:
            return f"You have as many pages of the workbook open as one visitor may have ({PAGES_EACH}). Close some."
        if kernels >= self.most_kernels:
            return f"As many pages of the workbook are open as this machine is set to hold ({self.most_kernels})."
        if psutil.virtual_memory().available < self.free_memory * 1024 * 1024:
            return "The machine that the workbook runs on is short of memory."
        return None


class OpenPages:
    """Whose pages are open, among the kernels that run, or in the making. A kernel is for the visitor of its page."""

    def __init__(self, caps: Caps, kernels: Container[str]) -> None:
        self._caps, self._kernels = caps, kernels
        self._making: set[str] = set()
        self._of: dict[str, str] = {}  # the visitor, by kernel
        self._shows: dict[str, tuple[str, str]] = {}  # the organisation, and the name that somebody gave, by kernel

    def begin(self, kernel: str, visitor: str) -> str | None:
        """Count a page from now on, unless it is refused; gives why, in a sentence. No visitor: nobody has a pass."""
        self._of = {one: whose for one, whose in self._of.items() if one in self._making or one in self._kernels}
        own = sum(whose == visitor for whose in self._of.values()) if visitor else 0
        refusal = self._caps.refusal(len(self._of), own)
        if refusal is None:
            self._of[kernel] = visitor
            self._making.add(kernel)
        return refusal

    def made(self, kernel: str) -> None:
        """The page was made, or won't be; from now on it counts for as long as its kernel runs."""
        self._making.discard(kernel)

    def is_of(self, kernel: str, visitor: str) -> bool:
        return self._of.get(kernel) == visitor

    def others(self, kernel: str, organisation: str, name: str) -> list[str]:
        """Who else has a page of this organisation open: names, each once, then an empty one for each who gave none.

        The page that asks counts as one of the organisation's from now on, under the name that its reader gave.
        """
        self._shows = {one: shown for one, shown in self._shows.items() if one in self._kernels}
        self._shows[kernel] = (organisation, name)
        names = [whose for one, (what, whose) in self._shows.items() if one != kernel and what == organisation]
        return [*sorted(set(names) - {"", name}), *("" for whose in names if not whose)]


def _whole_number(name: str) -> int:
    text = os.environ.get(name, "").strip()
    if not text:
        return DEFAULTS[name]
    if not text.isascii() or not text.isdigit():
        raise T4CError(f"{name} is '{text}'; it must be a whole number, such as {DEFAULTS[name]}.")
    return int(text)


# A page that takes longer works at something of its own, and lets the next begin.
LONGEST_SECONDS = 10.0


class Turns:
    """First come, first served: so many `at_once` (0: any number), each ending by itself after `longest` seconds."""

    def __init__(self, at_once: int, longest: float) -> None:
        self._free = asyncio.Semaphore(at_once) if at_once else None
        self._longest = longest

    @classmethod
    def of_this_machine(cls) -> "Turns":
        """One for each processor, or any number where kernels are forked, which costs next to nothing."""
        return cls(0 if can_fork() else os.cpu_count() or 1, LONGEST_SECONDS)

    async def begin(self) -> Callable[[], None]:
        """Wait for a turn. Gives what ends it once the page is made; harmless when it has ended already."""
        if self._free is None:
            return lambda: None
        await self._free.acquire()
        end = cache(self._free.release)  # a second call does nothing
        asyncio.get_running_loop().call_later(self._longest, end)
        return end
