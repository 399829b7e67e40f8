"""What is told of the server: its log, what people see when something is wrong, and what a monitor asks for.

The log is one JSON object a line, saying what was done, never by whom or what was typed. It holds no address of a
visitor, no query, no name, no text of a page or message: only which of our pages or files was asked for, what came of
it and how long it took. An error is logged by its kind and the places in the code it went through; its message stays
out, because a message may quote what somebody typed.

Of a defect of ours people see our own page and a reference number; the log has the rest under that number. `/health`
tells a monitor in one look whether the pages are being served, and whether what they save is kept.
"""

import asyncio
import datetime as dt
import json
import logging
import os
import re
import secrets
import sys
import traceback
from collections.abc import Callable
from functools import cache, partial
from html import escape
from importlib.metadata import PackageNotFoundError, version
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

from nbclient.exceptions import CellExecutionError
from tornado.web import HTTPError, RequestHandler

from t4c_lib.filesystem import keep_to_oneself, own_folder, project_root
from t4c_lib.store.engine import trouble_with_store

LOG = "T4C_LOG"
LARGEST_FILE = 1_000_000  # bytes; then it is put aside under a number
FILES_KEPT = 5
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_ANSI = re.compile(r"\x1b\[[0-9;]*m")
# IPython names a place "File ~/folder/module.py:12, in function(arguments)" and a cell "Cell In[3], line 2".
_PLACE = re.compile(r"^(?:File |Cell )(?P<file>\S[^\n]*?)(?::|, line )(?P<line>\d+)(?:, in (?P<function>\w+))?", re.M)

Value = str | int | float | bool | list[str] | None


def default_log() -> Path:
    """Where the log is kept: what T4C_LOG names, else beside the store's folder."""
    named = os.environ.get(LOG, "").strip()
    return Path(named).expanduser() if named else project_root() / "data" / "log" / "serve.jsonl"


class _OwnFile(RotatingFileHandler):
    """A file of the server's account only. That it can't be written is said once, and the server goes on."""

    _said = False

    def _open(self) -> TextIOWrapper:
        file = Path(self.baseFilename)
        own_folder(file.parent)
        keep_to_oneself(file)
        return open(file, "a", encoding="utf-8", opener=partial(os.open, mode=0o600))

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: ARG002, N802
        why = sys.exception()
        if not self._said:
            to_window(f"The log {self.baseFilename} can't be written: {getattr(why, 'strerror', None) or why}.")
        self._said = True


class ServerLog:
    """Lines of JSON in a `file`, put aside at a million bytes; the five newest are kept. None: they go nowhere."""

    def __init__(self, file: Path | None) -> None:
        self.file = file
        self._handler: logging.Handler = logging.NullHandler()
        if file is not None:
            aside = FILES_KEPT - 1
            self._handler = _OwnFile(file, maxBytes=LARGEST_FILE, backupCount=aside, encoding="utf-8", delay=True)

    def write(self, event: str, **fields: Value) -> None:
        """Add one line: the moment (UTC), what happened, and its fields."""
        line = {"at": dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds"), "event": event, "pid": os.getpid()}
        text = json.dumps({**line, **fields}, ensure_ascii=False, separators=(",", ":"))
        self._handler.emit(logging.LogRecord("t4c.serving", logging.INFO, "", 0, text, None, None))

    def close(self) -> None:
        self._handler.close()


def route(path: str, known: frozenset[str] = frozenset()) -> str:
    """An address as the log may hold it: by name if it is ours, without a kernel's number or a link's words.

    `path`: of the request, without the query. `known`: the addresses of pages.
    """
    if path in known or re.fullmatch(r"/voila/templates/[\w./-]*", path):
        return path
    if path.startswith("/join/"):
        return "/join/WORDS"
    shortened = _ID.sub("ID", path)
    is_ours = re.fullmatch(r"/(api/kernels/ID/channels|voila/api/shutdown/ID|here/ID)", shortened)
    return shortened if is_ours else "(other)"


def places(error: BaseException) -> list[str]:
    """Where an error came from, innermost last: file, line and function, without any value."""
    text = getattr(error, "traceback", None)  # nbclient keeps a failed cell's traceback as text
    if isinstance(text, str):
        found = _PLACE.finditer(_ANSI.sub("", text))
        return [f"{Path(one['file']).name}:{one['line']} {one['function'] or ''}".rstrip() for one in found]
    return [f"{Path(one.filename).name}:{one.lineno} {one.name}" for one in traceback.extract_tb(error.__traceback__)]


def to_window(text: str) -> None:
    """A line for whoever runs the server, in the server's window; it is kept nowhere."""
    sys.stderr.write(text.rstrip() + "\n")
    sys.stderr.flush()


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
