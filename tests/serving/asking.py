"""What is asked of a running server, well or ill meant, and what it answers."""

from __future__ import annotations

import http.client
import json
import re
import struct
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import websocket

from t4c_lib.serving.kernel_websocket import KERNEL_PROTOCOL
from tests.served import PATIENCE, Served

SECRET = "Ann Example typed this"


class Answer:
    def __init__(self, answer: http.client.HTTPResponse) -> None:
        self.status, self.headers = answer.status, answer.headers
        self.text = answer.read().decode("utf-8", "replace")


def connect(server: Served) -> http.client.HTTPConnection:
    return http.client.HTTPConnection("127.0.0.1", urlsplit(server.address).port or 0, timeout=PATIENCE)


def ask(
    server: Served, path: str, method: str = "GET", headers: dict[str, str] | None = None, body: bytes | None = None
) -> Answer:
    connection = connect(server)
    connection.request(method, path, headers=headers or {}, body=body)
    answer = Answer(connection.getresponse())
    connection.close()
    return answer


def lines(file: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def own_origin(server: Served) -> str:
    return f"http://127.0.0.1:{urlsplit(server.address).port}"


def is_paint(answer: Answer) -> bool:
    return answer.status == 200 and ' data-kernel=""' in answer.text


def painted(server: Served, address: str, headers: dict[str, str] | None = None) -> Answer:
    """The paint of a page, made first if need be."""
    until = time.monotonic() + PATIENCE  # it is kept once its charts are drawn, behind its first reader
    while not is_paint(answer := ask(server, address, headers=headers)):
        assert answer.status == 200
        assert time.monotonic() < until
        time.sleep(0.5)  # each asking has a kernel make the whole page, and those that draw wait for it
    return answer


# An address with a part that no page knows: such a page is not kept, so it always brings a kernel along.
FRESH = "?fresh=1"


def a_kernel(server: Served, cookie: str = "") -> str:
    """The number of a kernel, as whoever opens a page learns it."""
    found = re.search(
        r'(?:data-kernel="|"kernelId": ")([0-9a-f-]{36})',
        ask(server, f"/hello{FRESH}", headers={"Cookie": cookie}).text,
    )
    assert found is not None
    return found[1]


def open_line(
    server: Served,
    kernel: str,
    protocols: tuple[str, ...] = (KERNEL_PROTOCOL,),
    origin: str | None = None,
    cookie: str = "",
    *,
    headers: Mapping[str, str] | None = None,
) -> websocket.WebSocket:
    place = urlsplit(server.address)
    return websocket.create_connection(
        f"ws://127.0.0.1:{place.port}/api/kernels/{kernel}/channels?session_id=test",
        subprotocols=list(protocols),
        origin=origin or own_origin(server),
        cookie=cookie,
        header=dict(headers or {}),
        timeout=PATIENCE,
    )


def message(
    kind: str,
    content: dict[str, object],
    channel: str = "shell",
    buffers: Sequence[bytes] = (),
    header: bytes | None = None,
) -> bytes:
    """A message in the current format: how many offsets, the offsets, the parts. A kernel hears each id once."""
    said = {"msg_id": uuid4().hex, "msg_type": kind, "session": "test", "username": "", "version": "5.3", "date": ""}
    texts = [header or json.dumps(said).encode(), *(json.dumps(part).encode() for part in ({}, {}, content))]
    parts = [channel.encode(), *texts, *buffers]
    offsets = [8 * (len(parts) + 2)]
    for part in parts:
        offsets.append(offsets[-1] + len(part))
    return struct.pack(f"<{len(offsets) + 1}Q", len(offsets), *offsets) + b"".join(parts)


def told_to_go(line: websocket.WebSocket) -> int:
    """The reason with which the server closed the line."""
    while True:
        kind, data = line.recv_data()
        if kind == websocket.ABNF.OPCODE_CLOSE:
            return int.from_bytes(data[:2], "big")
