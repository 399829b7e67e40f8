"""A reverse proxy that shows a server below a path, as nginx would: what lies beside it isn't the workbook's."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable
from typing import Any
from urllib.parse import urlsplit

from tornado import httpserver, netutil, web, websocket
from tornado.httpclient import AsyncHTTPClient, HTTPRequest

from tests.served import PATIENCE, Served

ITS_OWN = {"connection", "transfer-encoding", "content-length", "content-encoding", "keep-alive", "upgrade"}


class Proxy:
    """Runs in a thread of its own until it is closed.

    Args:
        server: what it shows.
        base: the path below which it does, as in "/t4c/".
        keeps_path: whether the server is asked with the path; otherwise it is taken off.

    Attributes:
        address: where browsers find the pages.
        strays: what was asked of it that lies beside the path.
    """

    def __init__(self, server: Served, base: str, *, keeps_path: bool) -> None:
        (socket,) = netutil.bind_sockets(0, "127.0.0.1")
        self.port = socket.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}{base}"
        self.strays: list[str] = []
        self.base, self.keeps_path = base, keeps_path
        self.inner = f"127.0.0.1:{urlsplit(server.address).port}"
        self._loop = asyncio.new_event_loop()
        ready = threading.Event()

        async def begin() -> None:
            routes = [(rf"{base}api/.*/channels", _Line, {"proxy": self}), (r"/.*", _Request, {"proxy": self})]
            httpserver.HTTPServer(web.Application(routes)).add_sockets([socket])
            ready.set()

        def run() -> None:
            asyncio.set_event_loop(self._loop)
            self._loop.run_until_complete(begin())
            self._loop.run_forever()

        self._thread = threading.Thread(target=run, daemon=True)
        self._thread.start()
        assert ready.wait(PATIENCE)

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(PATIENCE)

    def inside(self, scheme: str, uri: str) -> str:
        """Where the server has what was asked for."""
        return f"{scheme}://{self.inner}{uri if self.keeps_path else uri[len(self.base) - 1 :]}"


class _Request(web.RequestHandler):
    """One request passed on, and its answer as it comes."""

    def initialize(self, proxy: Proxy) -> None:
        self.proxy = proxy

    async def pass_on(self) -> None:
        if not self.request.path.startswith(self.proxy.base):
            self.proxy.strays.append(self.request.path)
            raise web.HTTPError(404)
        self.clear()
        self.clear_header("Content-Type")
        asked = self.request
        answer = await AsyncHTTPClient().fetch(
            HTTPRequest(
                self.proxy.inside("http", str(asked.uri)),
                method=str(asked.method),
                headers=asked.headers,
                body=asked.body if asked.method == "POST" else None,
                follow_redirects=False,
                request_timeout=PATIENCE,
                decompress_response=False,
            ),
            raise_error=False,
        )
        self.set_status(answer.code)
        for name, value in answer.headers.get_all():
            if name.casefold() not in ITS_OWN - {"content-encoding"}:
                self.add_header(name, value)
        if answer.code not in {204, 304}:
            self.write(answer.body)

    async def get(self) -> None:
        await self.pass_on()

    async def post(self) -> None:
        await self.pass_on()

    def compute_etag(self) -> None:
        return None  # the server's own are passed on


class _Line(websocket.WebSocketHandler):
    """A websocket passed on in both directions."""

    def initialize(self, proxy: Proxy) -> None:
        self.proxy = proxy

    async def get(self, *args: Any, **kwargs: Any) -> None:
        kept = {"Host", "Origin", "Cookie"}
        headers = {name: value for name, value in self.request.headers.get_all() if name in kept}
        asked = self.request.headers.get("Sec-WebSocket-Protocol", "")
        self.inner = await websocket.websocket_connect(
            HTTPRequest(self.proxy.inside("ws", str(self.request.uri)), headers=headers),
            subprotocols=[one.strip() for one in asked.split(",") if one.strip()],
            max_message_size=64_000_000,
        )
        await super().get(*args, **kwargs)

    def select_subprotocol(self, subprotocols: list[str]) -> str | None:
        return self.inner.selected_subprotocol if self.inner.selected_subprotocol in subprotocols else None

    def open(self, *_args: str, **_kwargs: str) -> Awaitable[None] | None:
        async def bring() -> None:
            while (said := await self.inner.read_message()) is not None:
                await self.write_message(said, binary=isinstance(said, bytes))
            self.close()

        self._bringing = asyncio.ensure_future(bring())
        return None

    async def on_message(self, message: str | bytes) -> None:
        await self.inner.write_message(message, binary=isinstance(message, bytes))

    def on_close(self) -> None:
        self.inner.close()
