"""One visitor who means ill: what they send over their page's line.

Run as `python -m tests.serving.worst_frames ADDRESS SECONDS KIND ...`, so that their work is not the listener's.
"""

from __future__ import annotations

import contextlib
import json
import struct
import sys
import time
from collections.abc import Callable
from http.client import HTTPConnection
from urllib.parse import urlsplit
from uuid import uuid4

import websocket

from t4c_lib.serving.kernel_websocket import KERNEL_PROTOCOL, LARGEST_MESSAGE, TEXTS
from tests.open_page import KERNEL
from tests.serving.asking import message

MASK = bytes(4)  # a frame under it reads the same


def frame(opcode: int, data: bytes = b"", *, final: bool = True) -> bytes:
    """A frame as a browser sends it."""
    length = len(data)
    if length < 126:
        size = struct.pack("!B", 0x80 | length)
    elif length < 2**16:
        size = struct.pack("!BH", 0x80 | 126, length)
    else:
        size = struct.pack("!BQ", 0x80 | 127, length)
    return bytes([opcode | (0x80 if final else 0)]) + size + MASK + data


def copied_a_million_times() -> bytes:
    """A message whose places go to and fro, so that each of a million parts is the whole message."""
    count = 1_000_000
    return struct.pack("<Q", count) + struct.pack("<2Q", 8, LARGEST_MESSAGE - 1) * (count // 2) + bytes(8_000_000)


def with_places(*places: int, length: int = 400) -> bytes:
    return struct.pack(f"<{len(places) + 1}Q", len(places), *places).ljust(length, b"{")


BEGIN = 8 * (TEXTS + 2)
UNSOUND = {
    "no places": with_places(),
    "too few parts": with_places(*range(48, 88, 8)),
    "places go back": with_places(BEGIN, BEGIN + 5, 300, 200, 350, 400),
    "beyond the end": with_places(BEGIN, BEGIN + 5, 100, 200, 300, 2**63),
    "short of the end": with_places(BEGIN, BEGIN + 5, 100, 200, 300, 399),
    "into the places": with_places(0, 5, 100, 200, 300, 400),
    "a count past every bound": struct.pack("<Q", 2**64 - 1) * 50,
    "17 buffers": message("comm_msg", {}, buffers=[b""] * 17),
    "a channel that pages don't use": message("comm_msg", {}, channel="control"),
    "a header of 5 kB": message("comm_msg" + " " * 5_000, {}),
    "a header that goes deep": message("comm_msg", {}, header=b"[" * 4_000),
    "a million places": copied_a_million_times(),
}

# What may be sent again and again.
ENDLESS: dict[str, Callable[[], bytes]] = {
    "pings": lambda: frame(0x9) * 10_000,
    "pongs": lambda: frame(0xA) * 10_000,
    "empty parts of one message": lambda: frame(0x0, final=False) * 10_000,
    "small messages": lambda: b"".join(frame(0x2, message("comm_info_request", {})) for _ in range(300)),
    "the largest messages": lambda: frame(0x2, message("comm_msg", {"x": "x" * (LARGEST_MESSAGE - 1_000)})),
    "unsound messages, on a new line each": lambda: frame(0x2, copied_a_million_times()),
}


def flood(address: str, kind: str, seconds: float) -> int:
    """Send one kind for so long, on a new line whenever one is ended; gives the number of lines that it took."""
    place = urlsplit(address)
    connection = HTTPConnection(place.hostname or "", place.port)
    connection.request("GET", f"{place.path}?fresh=1")  # so that it brings a kernel along
    found = KERNEL.search(connection.getresponse().read().decode())
    assert found is not None
    frames = ENDLESS[kind]()  # made once: making them isn't what the listener is tried by
    until, lines = time.monotonic() + seconds, 0
    while time.monotonic() < until:
        with contextlib.suppress(OSError, websocket.WebSocketException):
            line = websocket.create_connection(
                f"ws://{place.netloc}/api/kernels/{found[1]}/channels?session_id={uuid4()}",
                subprotocols=[KERNEL_PROTOCOL],
                origin=f"http://{place.netloc}",
                timeout=1,
            )
            lines += 1
            assert line.sock is not None
            if "empty" in kind:
                line.sock.sendall(frame(0x2, final=False))
            while time.monotonic() < until:
                line.sock.sendall(frames)
    return lines


if __name__ == "__main__":
    place, each, *kinds = sys.argv[1:]
    sys.stdout.write(f"{json.dumps([flood(place, one, float(each)) for one in kinds])}\n")
