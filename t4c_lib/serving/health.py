"""`/health`: one look that tells a monitor whether the pages are being served, and whether what they save is kept."""

from __future__ import annotations

import asyncio
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from tornado.web import RequestHandler

from t4c_lib.serving.log import ServerLog
from t4c_lib.store.engine import trouble_with_store

PACKAGE = "talent-for-care-workbook"
PATIENCE = 2.0  # seconds that the store has to answer
EVERY_SECONDS = 10.0  # between two looks of the server's own


class StoreHealth:
    """Asks the store whether it can be read and written, one question at a time, and logs when the answer changes."""

    def __init__(self, log: ServerLog) -> None:
        self._log, self._said = log, ""
        self._asking: asyncio.Future[str] | None = None

    async def trouble(self) -> str:
        """Why nothing can be saved, in words; empty when all is well."""
        if self._asking is None or self._asking.done():
            self._asking = asyncio.ensure_future(asyncio.to_thread(trouble_with_store))
        asking = self._asking  # while this look waits, another one may have started the next question
        answered, _ = await asyncio.wait([asking], timeout=PATIENCE)
        if not answered:
            trouble = "it doesn't answer: it may be paused or overloaded."
        elif (error := asking.exception()) is not None:
            trouble = f"it can't be asked: {type(error).__name__}."
        else:
            trouble = asking.result()
        if trouble != self._said:
            self._said = trouble
            self._log.write("store", trouble=trouble or "none any more")
        return trouble


class HealthHandler(RequestHandler):
    """Says that the server answers, which version it is, how many pages are open and how the store is."""

    def initialize(self, kernel_manager: Any, store: StoreHealth) -> None:
        self._kernels, self._store = kernel_manager, store

    async def get(self) -> None:
        """Answer as JSON: status, version, kernels (the pages open now) and store; with 503 when that has trouble."""
        self.set_header("Cache-Control", "no-store")
        trouble = await self._store.trouble()
        self.set_status(503 if trouble else 200)
        told = {"status": "trouble" if trouble else "ok", "version": own_version(), "store": trouble or "ok"}
        self.write({**told, "kernels": len(self._kernels.list_kernel_ids())})


def own_version() -> str:
    """The workbook's version, or "unknown" where it runs without having been installed."""
    try:
        return version(PACKAGE)
    except PackageNotFoundError:
        return "unknown"
