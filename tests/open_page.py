"""A page as a browser has it, without a browser: loaded, its widgets handled over the websocket, and closed again."""

from __future__ import annotations

import asyncio
import json
import re
import struct
import uuid
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from tornado.httpclient import AsyncHTTPClient, HTTPRequest
from tornado.websocket import WebSocketClientConnection, websocket_connect

from t4c_lib.serving.kernel_websocket import KERNEL_PROTOCOL
from tests.served import PATIENCE

WIDGETS = re.compile(r'<script type="application/json" id="t4c-widgets">(.*?)</script>', re.S)
KERNEL = re.compile(r'data-kernel="([0-9a-f-]{36})"')
PAINTED = 'data-kernel=""'


class OpenPage:
    """One page in one browser: the widgets' state, and the line to its kernel."""

    def __init__(self, address: str, name: str = "forum", headers: Mapping[str, str] | None = None) -> None:
        self._address, self._name, self._headers = address, name, dict(headers or {})
        self._cookies: dict[str, str] = {}
        self._idle: dict[str, asyncio.Event] = {}
        self._line: WebSocketClientConnection | None = None
        self._listening: asyncio.Task[None] | None = None
        self.kernel = ""
        self.widgets: dict[str, dict[str, Any]] = {}
        self.told: list[dict[str, Any]] = []  # what widgets said besides their state: files, for one
        self._failed = ""  # what went wrong in the kernel, as a page learns it

    async def load(self, query: str) -> None:
        address = f"{self._address}{self._name}{query}"
        request = HTTPRequest(address, headers=self._headers, request_timeout=PATIENCE, follow_redirects=False)
        answer = await AsyncHTTPClient().fetch(request)
        page = answer.body.decode()
        for cookie in answer.headers.get_list("Set-Cookie"):
            name, _, value = cookie.partition(";")[0].partition("=")
            self._cookies[name] = value
        kernel, widgets = KERNEL.search(page), WIDGETS.search(page)
        if kernel is not None and widgets is not None:
            self.kernel, made = kernel[1], json.loads(widgets[1])
        elif PAINTED in page:  # kept from another visitor: what is alive of it is asked for
            headers = {**self._headers, "Cookie": self._cookie(), "X-XSRFToken": self._cookies.get("_xsrf", "")}
            asked = HTTPRequest(request.url, method="POST", body=b"", headers=headers, request_timeout=PATIENCE)
            live = json.loads((await AsyncHTTPClient().fetch(asked)).body)
            self.kernel, made = live["kernel"], live["widgets"]
        else:
            raise ValueError("the page came without its kernel or its widgets")
        self.widgets = {one: model["state"] for one, model in made["state"].items()}
        place = urlsplit(self._address)
        headers = {**self._headers, "Origin": self._address.rstrip("/"), "Cookie": self._cookie()}
        line = f"ws://{place.netloc}/api/kernels/{self.kernel}/channels?session_id={uuid.uuid4()}"
        self._line = await websocket_connect(HTTPRequest(line, headers=headers), subprotocols=[KERNEL_PROTOCOL])
        self._listening = asyncio.ensure_future(self._listen())

    def _cookie(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self._cookies.items())

    def find(self, name: str, value: str) -> str:
        """The widget whose state has this value under this name."""
        for widget, state in self.widgets.items():
            if state.get(name) == value:
                return widget
        raise LookupError(f"no widget with {name} {value!r}")

    async def set(self, widget: str, **state: Any) -> None:
        """As if a person had done it; returns when the kernel has done all that follows from it."""
        self.widgets[widget] |= state
        await self._say(widget, {"method": "update", "state": state, "buffer_paths": []})

    async def send(self, widget: str, *buffers: bytes, **content: Any) -> None:
        """Tell a widget what a person did, as its program does; returns when the kernel has done what follows."""
        await self._say(widget, {"method": "custom", "content": content}, *buffers)

    async def _say(self, widget: str, data: dict[str, Any], *buffers: bytes) -> None:
        assert self._line is not None
        number = uuid.uuid4().hex
        header = {"msg_id": number, "msg_type": "comm_msg", "session": "load", "username": "", "version": "5.3"}
        parts = [b"shell"]
        parts += [json.dumps(one).encode() for one in (header, {}, {}, {"comm_id": widget, "data": data})]
        parts += buffers
        offsets = [8 * (len(parts) + 2)]
        for part in parts:
            offsets.append(offsets[-1] + len(part))
        self._idle[number] = asyncio.Event()
        await self._line.write_message(
            struct.pack(f"<{len(offsets) + 1}Q", len(offsets), *offsets) + b"".join(parts), binary=True
        )
        await asyncio.wait_for(self._idle[number].wait(), PATIENCE)
        del self._idle[number]
        if failed := self._failed:
            self._failed = ""
            raise RuntimeError(failed)

    async def _listen(self) -> None:
        assert self._line is not None
        while (message := await self._line.read_message()) is not None:
            if not isinstance(message, bytes):
                continue
            count = struct.unpack_from("<Q", message)[0]
            offsets = struct.unpack_from(f"<{count}Q", message, 8)
            header, parent, _, content = (json.loads(message[offsets[n] : offsets[n + 1]]) for n in range(1, 5))
            if header["msg_type"] == "comm_msg" and content["data"].get("method") == "update":
                self.widgets.get(content["comm_id"], {}).update(content["data"]["state"])
            elif header["msg_type"] == "comm_msg" and content["data"].get("method") == "custom":
                self.told.append(content["data"]["content"])
            elif header["msg_type"] == "comm_open":
                self.widgets[content["comm_id"]] = content["data"]["state"]
            elif header["msg_type"] == "status" and content["execution_state"] == "idle":
                if (event := self._idle.get(parent.get("msg_id", ""))) is not None:
                    event.set()
            elif header["msg_type"] == "error":
                self._failed = f"{content['ename']}: {content['evalue']}"

    async def leave(self) -> None:
        """Close the tab."""
        if self._listening is not None:
            self._listening.cancel()
        if self._line is not None:
            self._line.close()
        headers = {**self._headers, "Origin": self._address.rstrip("/"), "Cookie": self._cookie()}
        headers["X-XSRFToken"] = self._cookies.get("_xsrf", "")
        goodbye = HTTPRequest(f"{self._address}voila/api/shutdown/{self.kernel}", "POST", headers, body=b"")
        await AsyncHTTPClient().fetch(goodbye)
