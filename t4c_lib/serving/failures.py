"""What people and monitors see when something is wrong.

Of a defect of ours people see our own page and a reference number; the log has the rest under that number. `/health`
tells a monitor in one look whether the pages are being served, and whether what they save is kept.
"""

import asyncio
import secrets
from collections.abc import Callable
from functools import cache
from html import escape
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from nbclient.exceptions import CellExecutionError
from tornado.web import HTTPError, RequestHandler

from t4c_lib.serving.log import ServerLog, places, route, to_window
from t4c_lib.store.engine import trouble_with_store

# Letters and digits that can't be mistaken for one another when somebody reads them out.
LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
SAFE = "What was saved is safe."


def new_reference() -> str:
    """A number to quote, such as "K7Q2-9MXD"."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(2))


def record_failure(log: ServerLog, error: BaseException, *, where: str) -> str:
    """Log a defect without its message, say the message in the server's window, and give the number to quote.

    `where`: the route, or the page and its cell, counted from 1.
    """
    reference = new_reference()
    kind = getattr(error, "ename", None) or type(error).__name__
    log.write("failure", reference=reference, where=where, kind=str(kind), places=places(error))
    to_window(f"Error {reference} in {where}: {kind}: {getattr(error, 'evalue', None) or error}")
    return reference


def callback_failed(log: ServerLog, reply: dict[str, Any]) -> dict[str, Any]:
    """What a page may know of an error that its kernel told of: the kind, and the number to quote for it."""
    traceback, kind, value = "\n".join(reply.get("traceback", ())), str(reply.get("ename")), str(reply.get("evalue"))
    reference = record_failure(log, CellExecutionError(traceback, kind, value), where="a page in use")
    return {"ename": kind, "evalue": "", "traceback": [], "reference": reference}


def notice_html(reference: str) -> str:
    """The paragraph that a page shows in place of a part that could not be made."""
    return (
        '<p class="t4c-notice" role="alert">This part of the page could not be made. '
        f"{SAFE} Quote reference <strong>{escape(reference)}</strong> to whoever looks after the workbook.</p>"
    )


class OurErrors(RequestHandler):
    """A handler whose defects are shown as our page. Mixed into every handler by `with_our_errors`."""

    t4c_reference = ""

    def log_exception(self, typ: Any, value: BaseException | None, tb: Any) -> None:  # noqa: ARG002
        if isinstance(value, HTTPError) and value.status_code < 500:
            return  # refused, and logged as such
        if value is not None:
            self.t4c_reference = record_failure(self.settings["t4c_log"], value, where=self._where)

    def send_error(self, status_code: int = 500, **kwargs: Any) -> None:
        if not self._headers_written:
            super().send_error(status_code, **kwargs)
            return
        # The head was sent already: all that can be done is to say it at the page's end, and to end the answer.
        if not self._finished:
            if self._headers.get("Content-Type", "").startswith("text/html"):
                self.write(notice_html(self.t4c_reference or new_reference()))
            self.finish()

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        if status_code >= 500 and not self.t4c_reference:
            error = kwargs.get("exc_info", (None, HTTPError(status_code)))[1]
            self.t4c_reference = record_failure(self.settings["t4c_log"], error, where=self._where)
        page: Callable[..., str] = self.settings["t4c_plain_page"]
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.finish(page("error.html", status_code=status_code, reference=self.t4c_reference))

    @property
    def _where(self) -> str:
        return route(self.request.path, self.settings.get("t4c_pages", frozenset()))


def with_our_errors(handlers: list[Any]) -> list[Any]:
    """The same list of an application's handlers, each showing its errors as our page."""
    return [(pattern, _with_our_errors(handler), *rest) for pattern, handler, *rest in handlers]


@cache
def _with_our_errors(handler: type[RequestHandler]) -> type[RequestHandler]:
    return type(handler.__name__, (OurErrors, handler), {})


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
        """Answer as JSON, with 503 when the store has trouble.

        Status, version, kernels (the pages open now), store, and instance: a word of its own for each start.
        """
        self.set_header("Cache-Control", "no-store")
        trouble = await self._store.trouble()
        self.set_status(503 if trouble else 200)
        health = {"status": "trouble" if trouble else "ok", "version": own_version(), "store": trouble or "ok"}
        health["instance"] = self.settings["t4c_instance"]
        self.write({**health, "kernels": len(self._kernels.list_kernel_ids())})


def own_version() -> str:
    """The workbook's version, or "unknown" where it runs without having been installed."""
    try:
        return version(PACKAGE)
    except PackageNotFoundError:
        return "unknown"
