"""A line between browser and server that stalls, breaks and delivers out of turn; and people who save over it."""

from __future__ import annotations

import asyncio
import random
import re
import threading
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

from t4c_lib.store import Store
from tests.served import PATIENCE

CONTROL = 0x8  # opcodes from here on are WebSocket's own: they keep their place


@dataclass(eq=False)
class _Way:
    """The frames of one direction of one websocket."""

    writer: asyncio.StreamWriter
    held: list[bytes] = field(default_factory=list)


class FaultyLine:
    """A proxy before a server. Pages pass as they are; of websockets every frame is looked at.

    Args:
        address: of the server.

    Attributes:
        address: of the proxy.
        held: how many frames were ever held back.
    """

    def __init__(self, address: str) -> None:
        self._port = urlsplit(address).port
        self._stalled = False
        self._ways: list[_Way] = []
        self.held = 0
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, daemon=True).start()
        self._server = self._do(asyncio.start_server(self._connected, "127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/"

    def _do(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(PATIENCE)

    def stall(self) -> None:
        """Hold back every frame from now on."""
        self._do(self._set(stalled=True))

    def go_on(self, chance: random.Random | None = None) -> None:
        """Deliver what was held back, in another order if there is chance, and all else as it comes."""
        self._do(self._release(chance))

    def drop(self) -> None:
        """Break every websocket; what was held back is gone."""
        self._do(self._break())

    def close(self) -> None:
        """End it."""
        self._do(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)

    async def _set(self, *, stalled: bool) -> None:
        self._stalled = stalled

    async def _release(self, chance: random.Random | None) -> None:
        self._stalled = False
        for way in self._ways:
            frames, way.held = way.held, []
            if chance is not None and not any(frame[0] & CONTROL for frame in frames):
                chance.shuffle(frames)
            for frame in frames:
                way.writer.write(frame)

    async def _end(self) -> None:
        await self._break()
        self._server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for one in others:
            one.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _break(self) -> None:
        self._stalled = False
        for way in self._ways:
            way.writer.close()
        self._ways.clear()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", self._port)
        head = await _head(reader)
        back.write(head)
        if b"/channels?" not in head.partition(b"\r\n")[0]:
            await asyncio.gather(_pass(reader, back), _pass(there, writer))
            return
        writer.write(await _head(there))
        await asyncio.gather(self._frames(reader, back), self._frames(there, writer))

    async def _frames(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        way = _Way(writer)
        self._ways.append(way)
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                frame = await _frame(reader)
                if self._stalled:
                    way.held.append(frame)
                    self.held += 1
                else:
                    writer.write(frame)
        writer.close()
        if way in self._ways:
            self._ways.remove(way)


async def _head(reader: asyncio.StreamReader) -> bytes:
    with suppress(asyncio.IncompleteReadError, ConnectionError):
        return await reader.readuntil(b"\r\n\r\n")
    return b""


async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while part := await reader.read(65536):
            writer.write(part)
    writer.close()


async def _frame(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readexactly(2)
    length, masked = head[1] & 0x7F, head[1] & 0x80
    further = {126: 2, 127: 8}.get(length, 0)
    longer = await reader.readexactly(further)
    size = int.from_bytes(longer, "big") if further else length
    return head + longer + await reader.readexactly(size + (4 if masked else 0))


@dataclass
class Ended:
    """What one sequence came to.

    Attributes:
        steps: what was done, in order.
        shown: in the field.
        told: in the words of the page.
        stored: in the store, in percentage points.
        refused: how often the page said that nothing was done, because what it showed had changed.
    """

    steps: list[str]
    shown: float
    told: float
    stored: float
    refused: int

    @property
    def equal(self) -> bool:
        return self.shown == self.told == self.stored


def save_over_it(page: Page, line: FaultyLine, store: Store, seed: int, code: str = "DEMO-AC") -> Ended:
    """Type and save while the line stalls, breaks and delivers out of turn, as the seed has it; then save once more.

    On the way, whatever the page calls saved must be what the store has under that revision.
    """
    chance = random.Random(seed)
    page.goto(f"{line.address}forum?organisation={code}&measure=young-share")
    amount = page.get_by_label("X", exact=True)
    expect(amount).to_be_visible()
    page.get_by_label("Your name").fill(f"Visitor {seed}")
    page.get_by_label("You speak for").select_option("Both sides together")
    page.get_by_label("Counted as").select_option("points")
    button = page.locator("form[data-form=save] .f-primary")
    steps: list[str] = []
    for _ in range(chance.randint(4, 10)):
        step = chance.choice(["type", "type", "type", "press", "stall", "drop", "go on", "shuffle"])
        steps.append(step)
        match step:
            case "type":
                amount.press_sequentially(f"{chance.randint(1, 9)}")
                amount.fill(f"{chance.randint(5, 60) / 10}")
            case "press":
                button.click()
            case "stall":
                line.stall()
            case "drop":
                line.drop()
            case "go on":
                line.go_on()
            case "shuffle":
                line.go_on(chance)
        _check_words(page, store, code)
    last = f"{chance.randint(61, 90) / 10}"
    amount.fill(last)
    end = chance.choice(["drop", "go on", "shuffle"])
    steps.append(end)
    if end == "drop":
        line.drop()
    else:
        line.go_on(chance if end == "shuffle" else None)
    refused = -1
    while True:
        refused += 1
        button.click()
        expect(button).not_to_have_attribute("aria-busy", "true")
        words = page.locator(".f-opened [role=alert]").all_inner_texts()
        if not words or words[0].startswith("Nothing new") or refused > 3:
            break
    shown, told = float(amount.input_value()), _told(page)[0]
    return Ended(steps, shown, told, _stored(store, code), refused)


def _told(page: Page) -> tuple[float, int]:
    """The X that the row shows as saved, and the revision of the plan that it is of: both are in one element."""
    text, revision = page.evaluate(
        "[document.querySelector('.f-is-open [data-label=X]').innerText,"
        " document.querySelector('.f-grid').dataset.revision]"
    )
    found = re.match(r"\+([\d.]+) points?|\+([\d.]+)%|to ([\d.]+)%", text)
    return float(next(filter(None, found.groups()))) if found else float("nan"), int(revision)


def _stored(store: Store, code: str, revision: int | None = None) -> float:
    plan = (
        store.latest_plan(code)
        if revision is None
        else next(one for one in store.plan_history(code) if one.revision == revision)
    )
    assert plan is not None
    return round(plan.plan.targets[0].change.amount * 100, 6)


def _check_words(page: Page, store: Store, code: str) -> None:
    told, revision = _told(page)
    assert told == _stored(store, code, revision), revision
