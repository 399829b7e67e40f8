"""A page's line to its kernel: the current message format only, and widgets' messages only."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from typing import Any, ClassVar

from jupyter_server.services.kernels.connection.base import deserialize_msg_from_ws_v1, serialize_msg_to_ws_v1
from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection
from tornado import web
from tornado.websocket import WebSocketClosedError
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler

from t4c_lib.serving.failures import callback_failed

KERNEL_PROTOCOL = "v1.kernel.websocket.jupyter.org"
# What pages say. Nothing here runs code: that is what the notebook did before the page was shown.
ALLOWED = frozenset({"comm_open", "comm_msg", "comm_close", "comm_info_request", "kernel_info_request"})
# One message, files that somebody hands in included. Bytes; settings `websocket_max_message_size`.
LARGEST_MESSAGE = 32_000_000
POLICY_VIOLATION = 1008
MOST_KEPT, GIVEN_UP = 5_000, 4001  # frames for a page that confirms none, and the code with which its line then ends
PING_SECONDS = 30.0  # between two signs of life that a page is asked for; one that gives none is let go of


class Channels(ZMQChannelsWebsocketConnection):
    """A kernel's channels. Nothing that a widget says is left out for being much."""

    limit_rate = False
    _new = False

    def create_stream(self) -> None:
        self._new = True
        super().create_stream()  # type: ignore[no-untyped-call]

    def nudge(self) -> Any:
        """Try new channels out; but what waits in those of before a break would be lost by trying."""
        if self._new:
            return super().nudge()
        (done := asyncio.Future[None]()).set_result(None)
        return done


class SteadyLine:
    """What of a page's line outlives a websocket.

    Each frame has its number before it (64 bits, little-endian), from 1 in each direction, and is kept until the other
    side has it; after a break it is sent again. So none is lost, taken twice or taken out of turn. What the page says
    of that is text, {"have": its last, "again": whether it wants the rest}, and is answered by {"have": our last}.
    """

    def __init__(self) -> None:
        self.heard = self.sent = 0
        self.kept: dict[int, bytes] = {}
        self.handler: KernelHandler | None = None


class KernelHandler(VoilaKernelWebsocketHandler):  # type: ignore[misc]
    """The websocket between a page and its kernel.

    In the older binary format Voila's filter of messages reads the wrong bytes as lengths and keeps the whole server
    busy, for every page.
    """

    kernel_websocket_connection_class = Channels
    _lines: ClassVar[dict[tuple[str, str], SteadyLine]] = {}
    _line: SteadyLine | None = None  # Voila's own front end and JupyterLab have none
    connection = None

    # Tornado's own pings, in seconds. Jupyter's stay off: with a patience as long as their interval they close every
    # line at the first ping, and a longer one tornado doesn't take.
    ping_interval = PING_SECONDS
    ping_timeout = PING_SECONDS

    async def open(self, *args: Any, **kwargs: Any) -> None:
        await super().open(*args, **kwargs)
        self.ping_callback.stop()

    def send_ping(self) -> None:
        """Jupyter's ping: none."""

    async def get(self, *args: Any, **kwargs: Any) -> None:
        offered = self.request.headers.get("Sec-WebSocket-Protocol", "")
        if KERNEL_PROTOCOL not in [name.strip() for name in offered.split(",")]:
            raise web.HTTPError(400, f"Only the message format {KERNEL_PROTOCOL} is spoken here.")
        await super().get(*args, **kwargs)

    async def pre_get(self) -> None:
        if self.get_argument("numbered", ""):
            for gone in [one for one in self._lines if one[0] not in self.kernel_manager]:
                del self._lines[gone]
            self._line = self._lines.setdefault((self.kernel_id, self.get_argument("session_id", "")), SteadyLine())
            if (before := self._line.handler) is not None:
                # It may look open here while the page has lost it; its channels go on with this one.
                before.on_close()
                before.close()
            self._line.handler = self
        await super().pre_get()

    def on_close(self) -> None:
        if self.connection is not None:
            super().on_close()

    def on_message(self, ws_message: str | bytes) -> None:
        if self.connection is None:
            return  # another has taken its place
        if (line := self._line) is not None:
            if isinstance(ws_message, str):
                self._send_again(line, ws_message)
                return
            if int.from_bytes(ws_message[:8], "little") != line.heard + 1:
                return  # it came before, or before its turn: then it comes again
            line.heard, ws_message = line.heard + 1, ws_message[8:]
        if message_type(ws_message) in ALLOWED:
            super().on_message(ws_message)
        else:
            self._refuse()

    def _refuse(self) -> None:
        if log := self.settings.get("t4c_log"):
            log.write("refused", why="message", status=POLICY_VIOLATION, method="websocket")
        self.close(POLICY_VIOLATION, "Pages may send widgets' messages only.")

    def _send_again(self, line: SteadyLine, said: str) -> None:
        try:
            told = json.loads(said)
            line.kept = {number: frame for number, frame in line.kept.items() if number > told["have"]}
        except (ValueError, KeyError, TypeError):
            self._refuse()
            return
        with suppress(WebSocketClosedError):
            self._send(json.dumps({"have": line.heard}))
            for frame in line.kept.values() if told.get("again") else ():
                self._send(frame, binary=True)

    def write_message(self, message: Any, binary: bool = False) -> Any:
        """Send what the kernel says. Of what failed in it the page learns the number in the log, and no more."""
        kind = message_type(message)
        if kind == "execute_input":
            return None
        if kind == "error":
            channel, parts = deserialize_msg_from_ws_v1(message)  # type: ignore[no-untyped-call]
            parts[3] = json.dumps(callback_failed(self.settings["t4c_log"], json.loads(parts[3]))).encode()
            message = serialize_msg_to_ws_v1(parts, channel)  # type: ignore[no-untyped-call]
        if (line := self._line) is None or not isinstance(message, bytes):
            return self._send(message, binary=binary)
        if len(line.kept) == MOST_KEPT:
            self.close(GIVEN_UP, "The page has confirmed nothing for too long.")
            return None
        line.sent += 1
        line.kept[line.sent] = line.sent.to_bytes(8, "little") + message
        with suppress(WebSocketClosedError):  # it is kept, and sent when the page is back
            return self._send(line.kept[line.sent], binary=True)
        return None

    def _send(self, message: Any, *, binary: bool = False) -> Any:
        return super(VoilaKernelWebsocketHandler, self).write_message(message, binary)


def message_type(message: object) -> str | None:
    """The type in a message's header, or None when it is no message of the current format."""
    if not isinstance(message, bytes):
        return None
    try:
        count = int.from_bytes(message[:8], "little")
        if not 5 <= count <= len(message) // 8:
            return None
        first, second = (int.from_bytes(message[8 * place : 8 * (place + 1)], "little") for place in (2, 3))
        header = json.loads(message[first:second])
        kind = header["msg_type"]
    except (ValueError, KeyError, TypeError):
        return None
    return kind if isinstance(kind, str) else None
