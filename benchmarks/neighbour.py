"""Thirty visitors who save, beside one who sends the worst frames: is /health answered, and is every save kept?

`T4C_LOAD_SECONDS` is how long; the neighbour goes from one kind of frames to the next.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import time

from tornado.httpclient import AsyncHTTPClient

from benchmarks.demo_store import demonstration
from benchmarks.load import SECONDS, VISITORS, Told, not_found, visit
from benchmarks.table import Row
from tests.served import Served
from tests.serving.worst_frames import ENDLESS

BETWEEN = 0.1  # seconds between two looks at /health


async def _attack(address: str) -> None:
    for kind in ENDLESS:
        command = ["-m", "tests.serving.worst_frames", f"{address}forum", str(SECONDS / len(ENDLESS)), kind]
        await (await asyncio.create_subprocess_exec(sys.executable, *command)).wait()


async def _room(server: Served, told: Told) -> list[float]:
    AsyncHTTPClient.configure(None, max_clients=2 * VISITORS)
    until = time.perf_counter() + SECONDS
    took: list[float] = []
    busy = asyncio.gather(_attack(server.address), *(visit(server.address, n, until, told) for n in range(VISITORS)))
    while not busy.done():
        since = time.perf_counter()
        await AsyncHTTPClient().fetch(f"{server.address}health")
        took.append(time.perf_counter() - since)
        await asyncio.sleep(BETWEEN)
    await busy
    return took


def trial() -> list[Row]:
    """Rows of what was seen."""
    told = Told()
    with demonstration() as file:
        server = Served()
        try:
            took = sorted(asyncio.run(_room(server, told)))
        finally:
            server.stop()
        lost = not_found(told, file)
    return [
        Row("/health, median", f"{1000 * statistics.median(took):.0f} ms", f"of {len(took)}"),
        Row("/health, 99 of 100 within", f"{1000 * took[int(0.99 * len(took))]:.0f} ms", "100 ms is the aim"),
        Row("Acknowledged saves not found in the store", str(lost), f"of {len(told.saved)}; none is the aim"),
        Row("Errors that visitors met", str(told.errors.total()), "; ".join(told.errors)[:200] or "none is the aim"),
    ]
