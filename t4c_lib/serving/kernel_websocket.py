"""The websocket between a page and its kernel: frames read within bounds, and widgets' messages only."""

import asyncio
import json
import struct
import time
from contextlib import suppress
from typing import Any, ClassVar
from weakref import WeakValueDictionary

from jupyter_server.services.kernels.connection.base import deserialize_msg_from_ws_v1, serialize_msg_to_ws_v1
from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection
from tornado import web
from tornado.ioloop import IOLoop
from tornado.iostream import StreamBufferFullError, StreamClosedError
from tornado.websocket import WebSocketClosedError, WebSocketHandler, WebSocketProtocol13
from voila.handler import BaseVoilaHandler
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler

from t4c_lib.serving.monitoring import callback_failed
from t4c_lib.store.people import NotAllowedError

TEXTS = 5  # of a message: channel, header, parent's header, metadata, content; then buffers
MOST_BUFFERS = 16
CHANNEL = b"shell"  # on which pages speak
LARGEST_HEADER = 4_096  # bytes
# What frames cost a visitor in seconds, of which one comes back each second, and as many may be spent at once.
FRAME_SECONDS = 0.01
BYTE_SECONDS = 1 / 4_000_000
SECONDS_AT_ONCE = 8.0  # a file of 20 MB goes through without a pause
LONGEST_NAME = 80  # of a person who is shown to others as being here
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
        kind = json.loads(message[offsets[1] : min(offsets[2], offsets[1] + LARGEST_HEADER)])["msg_type"]
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


class PresenceHandler(OwnKernel, BaseVoilaHandler):  # type: ignore[misc]
    """A page says whose it is and what it shows, and is told who else has a page of that organisation open."""

    async def post(self, kernel_id: str) -> None:
        """Take `{"organisation", "name"}`, texts, and answer `{"others"}`, names (capacity.OpenPages.others).

        Of somebody who has signed in the name is the list's, and the organisation one that they work on.
        """
        try:
            told = json.loads(self.request.body)
            organisation, name = (told[part][:LONGEST_NAME].strip() for part in ("organisation", "name"))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise web.HTTPError(400) from None
        try:
            if person := await self.settings["t4c_doorkeeper"].person(self.request):
                person.check_organisation(organisation)
                name = person.name
        except NotAllowedError:
            raise web.HTTPError(403) from None
        self.set_header("Cache-Control", "no-store")
        self.finish({"others": self.settings["t4c_open_pages"].others(kernel_id, organisation, name)})


class PacedFrames(OwnKernel, WebSocketHandler):
    """Mixed into the handler of pages' lines: one pace for all lines of a visitor who has a pass."""

    _paces: ClassVar[WeakValueDictionary[str, Pace]] = WeakValueDictionary()

    def get_websocket_protocol(self) -> PacedProtocol | None:
        usual: Any = super().get_websocket_protocol()
        visitor = self.settings["t4c_visitor"](self.request)
        pace = self._paces.setdefault(visitor, Pace()) if visitor else Pace()
        return usual and PacedProtocol(self, pace, usual.params)


KERNEL_PROTOCOL = "v1.kernel.websocket.jupyter.org"
# What pages say. Nothing here runs code: that is what the notebook did before the page was shown.
ALLOWED = frozenset({"comm_open", "comm_msg", "comm_close", "comm_info_request", "kernel_info_request"})
# One message, files that somebody hands in included. Bytes; settings `websocket_max_message_size`.
LARGEST_MESSAGE = 32_000_000
POLICY_VIOLATION = 1008
GOING_AWAY, AWAY_SECONDS = 1001, 5.0  # what a browser says when a page is left, and until its kernel is ended for it
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


class NumberedFrames:
    """What of a page's line outlives a websocket.

    Each frame has its number before it (64 bits, little-endian), from 1 in each direction, and is kept until the other
    side has it; after a break it is sent again. So none is lost, taken twice or taken out of turn. What the page says
    of that is text, {"have": its last, "again": whether it wants the rest}, and is answered by {"have": our last}.
    """

    def __init__(self) -> None:
        self.heard = self.sent = 0
        self.kept: dict[int, bytes] = {}
        self.handler: KernelHandler | None = None


class KernelHandler(PacedFrames, VoilaKernelWebsocketHandler):  # type: ignore[misc]
    """The websocket between a page and its kernel.

    In the older binary format Voila's filter reads wrong bytes as lengths and keeps the server busy for all.
    """

    kernel_websocket_connection_class = Channels
    _lines: ClassVar[dict[tuple[str, str], NumberedFrames]] = {}
    _line: NumberedFrames | None = None  # a program that asks for no numbers has none
    connection = None

    # Tornado's own pings, in seconds. Jupyter's stay off: with a patience as long as their interval they close every
    # line at the first ping, and a longer one tornado doesn't take.
    ping_interval = PING_SECONDS
    ping_timeout = PING_SECONDS

    async def open(self, *args: Any, **kwargs: Any) -> None:
        self.set_nodelay(True)  # else the second of two small frames waits 40 ms for a sign that the first has come
        await super().open(*args, **kwargs)  # type: ignore[misc]  # always a coroutine here
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
            self._line = self._lines.setdefault((self.kernel_id, self.get_argument("session_id", "")), NumberedFrames())
            if (before := self._line.handler) is not None:
                # It may look open here while the page has lost it; its channels go on with this one.
                before.on_close()
                before.close()
            self._line.handler = self
        await self._connect_unless_ended()

    async def _connect_unless_ended(self) -> None:
        """Jupyter waits a minute for the answer of a kernel that ends meanwhile, and its page would say nothing."""
        kernel = self.kernel_manager.get_kernel(self.kernel_id)
        connected = asyncio.ensure_future(super().pre_get())
        ended = asyncio.ensure_future(kernel.t4c_ended.wait())
        await asyncio.wait({connected, ended}, return_when=asyncio.FIRST_COMPLETED)
        ended.cancel()
        if not connected.done():
            connected.cancel()
            raise web.HTTPError(404)
        await connected

    def on_close(self) -> None:
        if self.connection is not None:
            super().on_close()
        # A page that is left ends its kernel by itself, but what it says last can get lost. A line that only broke has
        # no such code, and comes back.
        if self.close_code == GOING_AWAY:
            IOLoop.current().call_later(AWAY_SECONDS, self.kernel_manager.end_left, self.kernel_id)

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

    def _send_again(self, line: NumberedFrames, said: str) -> None:
        try:
            message = json.loads(said)
            line.kept = {number: frame for number, frame in line.kept.items() if number > message["have"]}
        except (ValueError, KeyError, TypeError):
            self._refuse()
            return
        with suppress(WebSocketClosedError):
            self._send(json.dumps({"have": line.heard}))
            for frame in line.kept.values() if message.get("again") else ():
                self._send(frame, binary=True)

    def write_message(self, message: Any, binary: bool = False) -> Any:
        """Send what the kernel says. Of what failed in it the page learns the number in the log, and no more."""
        kind = message_type(message, from_kernel=True)
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
