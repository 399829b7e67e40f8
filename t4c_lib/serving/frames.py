"""What comes over a page's line: read within bounds before it is copied, and no faster than leaves time for others.

Tornado takes one frame after another for as long as there are any, and lets nobody else have a turn meanwhile.
"""

from __future__ import annotations

import asyncio
import json
import struct
import time
from typing import Any, ClassVar
from weakref import WeakValueDictionary

from tornado import web
from tornado.iostream import StreamBufferFullError, StreamClosedError
from tornado.websocket import WebSocketHandler, WebSocketProtocol13

TEXTS = 5  # of a message: channel, header, parent's header, metadata, content; then buffers
MOST_BUFFERS = 16
CHANNEL = b"shell"  # on which pages speak
LARGEST_HEADER = 4_096  # bytes
# What frames cost a visitor in seconds, of which one comes back each second, and as many may be spent at once.
FRAME_SECONDS = 0.01
BYTE_SECONDS = 1 / 4_000_000
SECONDS_AT_ONCE = 8.0  # a file of 20 MB goes through without a pause
MOST_UNREAD = 64_000_000  # bytes that wait for a page which doesn't read; then its line is ended


def message_type(message: str | bytes, *, from_kernel: bool = False) -> str | None:
    """The type in a message's header, or None when it is no message of the current format.

    What a page says is sound to its end, and within bounds; what a kernel says is taken at its word.
    """
    if not isinstance(message, bytes):
        return None
    try:
        (count,) = struct.unpack_from("<Q", message)
        if not TEXTS < count <= (len(message) // 8 if from_kernel else TEXTS + 1 + MOST_BUFFERS):
            return None
        begin = 8 * (count + 1)
        offsets = struct.unpack_from(f"<{count}Q", message, 8)
        sound = [begin, begin + len(CHANNEL), *offsets[2:-1], len(message)]
        if not from_kernel and (list(offsets) != sorted(sound) or not message.startswith(CHANNEL, begin)):
            return None
        header = message[offsets[1] : min(offsets[2], offsets[1] + LARGEST_HEADER)]
        kind = json.loads(header)["msg_type"]
    except (struct.error, ValueError, KeyError, TypeError, RecursionError):
        return None
    return kind if isinstance(kind, str) else None


class Pace:
    """How long a visitor's next frame has to wait."""

    def __init__(self) -> None:
        self._paid_until = time.monotonic()

    def wait(self, size: int) -> float:
        """Seconds to wait after a frame of so many bytes, 0 while what may come at once isn't used up."""
        now = time.monotonic()
        self._paid_until = max(self._paid_until, now) + FRAME_SECONDS + size * BYTE_SECONDS
        return max(0.0, self._paid_until - now - SECONDS_AT_ONCE)


class PacedProtocol(WebSocketProtocol13):
    """Tornado's side of a line: it waits as the pace says, and ends the line of a page that doesn't read."""

    def __init__(self, handler: WebSocketHandler, pace: Pace, params: Any) -> None:
        super().__init__(handler, mask_outgoing=False, params=params)
        self._pace = pace

    async def _receive_frame(self) -> None:
        before = self._wire_bytes_in
        await super()._receive_frame()
        await asyncio.sleep(self._pace.wait(self._wire_bytes_in - before))  # of 0 seconds, too: others get their turn

    def _write_frame(self, *args: Any, **kwargs: Any) -> asyncio.Future[None]:
        self.stream.max_write_buffer_size = MOST_UNREAD
        try:
            return super()._write_frame(*args, **kwargs)
        except StreamBufferFullError:
            self._abort()
            raise StreamClosedError from None


class OwnKernel(web.RequestHandler):
    """A handler for one kernel, which isn't found by anybody but its own visitor."""

    async def prepare(self) -> None:
        kernel = self.path_kwargs.get("kernel_id") or self.path_args[0]
        if not self.settings["t4c_open_pages"].is_of(kernel, self.settings["t4c_visitor"](self.request)):
            raise web.HTTPError(404)
        await super().prepare()  # type: ignore[misc]  # Jupyter's, a coroutine


class PacedLine(OwnKernel, WebSocketHandler):
    """Mixed into the handler of pages' lines: one pace for all lines of a visitor who has a pass."""

    _paces: ClassVar[WeakValueDictionary[str, Pace]] = WeakValueDictionary()

    def get_websocket_protocol(self) -> PacedProtocol | None:
        usual: Any = super().get_websocket_protocol()
        visitor = self.settings["t4c_visitor"](self.request)
        pace = self._paces.setdefault(visitor, Pace()) if visitor else Pace()
        return usual and PacedProtocol(self, pace, usual.params)
