"""The server's log: one JSON object a line, saying what was done, never by whom or what was typed.

It holds no address of a visitor, no query, no name, no text of a page or message: only which of our pages or files was
asked for, what came of it and how long it took. An error is logged by its kind and the places in the code it went
through; its message stays out, because a message may quote what somebody typed.
"""

import datetime as dt
import json
import logging
import os
import re
import sys
import traceback
from functools import partial
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path

from t4c_lib.atomic_writes import keep_to_oneself, own_folder
from t4c_lib.shipped import project_root

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
    """Lines of JSON in a file that is put aside at a million bytes; the five newest such files are kept.

    `file`: where it goes; nowhere when None.
    """

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
        """Let go of the file."""
        self._handler.close()


def route(path: str, known: frozenset[str] = frozenset()) -> str:
    """An address as the log may hold it: by name if it is ours, without a kernel's number or a link's words.

    `path`: of the request, without the query. `known`: the addresses of pages.
    """
    if path in known or re.fullmatch(r"/voila/(static|templates|themes)/[\w./-]*", path):
        return path
    if path.startswith("/join/"):
        return "/join/WORDS"
    shortened = _ID.sub("ID", path)
    is_ours = re.fullmatch(r"/(api/kernels/ID(/channels)?|voila/api/shutdown/ID|here/ID)", shortened)
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
