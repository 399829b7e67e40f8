"""Connections: how many may stand open without asking anything, how long, and how large what they send may be."""

from __future__ import annotations

import contextlib
import sys
from typing import Any

from tornado.httpserver import HTTPServer

from t4c_lib.serving.middleware import Middleware
from t4c_lib.serving.request_checks import LARGEST_BODY

# A browser keeps some six connections open to go on with; a hundred visitors need no more than this. When there are
# more, the one that has said nothing for longest is closed, so that the newest is always served.
MOST_SILENT = 400
SILENT_SECONDS = 75.0  # until a connection that says nothing, or never ends its headers, is closed
BODY_SECONDS = 120.0
LARGEST_HEADERS = 16_384  # bytes
FILES = 65_536  # open files and connections to ask the system for: its default is often 1,024


class PatientServer(HTTPServer):
    """An HTTP server that goes on answering while others hold connections open and say nothing."""

    def initialize(self, middleware: Middleware) -> None:  # type: ignore[override]  # what it needs follows from the middleware
        """Called by tornado in place of a constructor.

        Args:
            middleware: before which it stands.
        """
        super().initialize(
            middleware,
            xheaders=middleware.checks.access.behind_proxy,
            idle_connection_timeout=SILENT_SECONDS,
            body_timeout=BODY_SECONDS,
            max_header_size=LARGEST_HEADERS,
            max_body_size=LARGEST_BODY,
        )
        self._silent: dict[Any, None] = {}  # in the order in which they fell silent
        middleware.on_busy = self._spoke
        middleware.on_idle = self._fell_silent

    def handle_stream(self, stream: Any, address: tuple[Any, ...]) -> None:
        self._fell_silent(stream)
        super().handle_stream(stream, address)

    def _spoke(self, stream: Any) -> None:
        self._silent.pop(stream, None)

    def _fell_silent(self, stream: Any) -> None:
        if stream is None:
            return
        self._silent.pop(stream, None)
        self._silent[stream] = None
        if len(self._silent) <= MOST_SILENT:
            return
        self._silent = {one: None for one in self._silent if not one.closed()}
        while len(self._silent) > MOST_SILENT:
            oldest = next(iter(self._silent))
            del self._silent[oldest]
            oldest.close()


def ask_for_files() -> None:
    """Ask the system for as many open files as it may give: each connection and each kernel takes some."""
    if sys.platform == "win32":
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = FILES if hard == resource.RLIM_INFINITY else min(FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
