"""A page's line to its kernel: the current message format only, and widgets' messages only."""

from __future__ import annotations

from typing import Any

from tornado import web
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler

from t4c_lib.serving.frames import PacedLine, message_type

KERNEL_PROTOCOL = "v1.kernel.websocket.jupyter.org"
# What pages say. Nothing here runs code: that is what the notebook did before the page was shown.
ALLOWED = frozenset({"comm_open", "comm_msg", "comm_close", "comm_info_request", "kernel_info_request"})
# One message, files that somebody hands in included. Bytes; settings `websocket_max_message_size`.
LARGEST_MESSAGE = 32_000_000
POLICY_VIOLATION = 1008
PING_SECONDS = 30.0  # between two signs of life that a page is asked for; one that gives none is let go of


class KernelHandler(PacedLine, VoilaKernelWebsocketHandler):  # type: ignore[misc]
    """The websocket between a page and its kernel.

    In the older binary format Voila's filter of messages reads the wrong bytes as lengths and keeps the whole server
    busy, for every page.
    """

    # Tornado's own pings, in seconds. Jupyter's stay off: with a patience as long as their interval they close every
    # line at the first ping, and a longer one tornado doesn't take.
    ping_interval = PING_SECONDS
    ping_timeout = PING_SECONDS

    async def open(self, *args: Any, **kwargs: Any) -> None:
        await super().open(*args, **kwargs)  # type: ignore[misc]  # always a coroutine here
        self.ping_callback.stop()

    def send_ping(self) -> None:
        """Jupyter's ping: none."""

    async def get(self, *args: Any, **kwargs: Any) -> None:
        offered = self.request.headers.get("Sec-WebSocket-Protocol", "")
        if KERNEL_PROTOCOL not in [name.strip() for name in offered.split(",")]:
            raise web.HTTPError(400, f"Only the message format {KERNEL_PROTOCOL} is spoken here.")
        await super().get(*args, **kwargs)

    def on_message(self, ws_message: str | bytes) -> None:
        kind = message_type(ws_message)
        if kind in ALLOWED:
            super().on_message(ws_message)
            return
        if log := self.settings.get("t4c_log"):
            log.write("refused", why="message", status=POLICY_VIOLATION, method="websocket")
        self.close(POLICY_VIOLATION, "Pages may send widgets' messages only.")
