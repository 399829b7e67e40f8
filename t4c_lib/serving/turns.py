"""Whose page is made next, where each costs seconds of a processor: as many at once as there are processors.

A plain kernel imports everything anew. When a room of people opens a page at the same moment, all of them made side by
side would be ready late, and together; in turns, half are ready in half the time.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable

from t4c_lib.serving.kernels.warm import can_fork

# A page that takes longer works at something of its own, and lets the next begin.
LONGEST_SECONDS = 10.0


class Turns:
    """First come, first served.

    Args:
        at_once: as many pages may be in the making; 0 for any number.
        longest: a turn ends by itself after so many seconds.
    """

    def __init__(self, at_once: int, longest: float) -> None:
        self._free = asyncio.Semaphore(at_once) if at_once else None
        self._longest = longest

    @classmethod
    def of_this_machine(cls) -> Turns:
        """One for each processor, or any number where kernels are forked, which costs next to nothing."""
        return cls(0 if can_fork() else os.cpu_count() or 1, LONGEST_SECONDS)

    async def begin(self) -> Callable[[], None]:
        """Wait for a turn.

        Returns:
            What ends it; to be called once the page is made, and harmless when the turn has ended already.
        """
        free = self._free
        if free is None:
            return lambda: None
        await free.acquire()
        ended = False

        def end() -> None:
            nonlocal ended
            timer.cancel()
            if not ended:
                ended = True
                free.release()

        timer = asyncio.get_running_loop().call_later(self._longest, end)
        return end
