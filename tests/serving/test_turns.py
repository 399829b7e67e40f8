"""Pages that cost seconds of a processor are made in turns."""

from __future__ import annotations

import asyncio
import os
import shutil
from pathlib import Path

import pytest

from t4c_lib.serving.capacity import Turns
from t4c_lib.serving.pages import SIGN_OF_LIFE
from tests.event_loops import run_apart
from tests.served import Served, write_page
from tests.serving.asking import SECRET, connect

LONG = 600.0
# One processor; whoever has left is noticed soon.
HURRY = "import os; os.cpu_count = lambda: 1; import t4c_lib.serving.capacity as t; t.LONGEST_SECONDS = 600; "
HURRY += "import t4c_lib.serving.pages as p; p.SIGN_OF_LIFE_SECONDS = 0.2"
WAITS = """
import time
from pathlib import Path
while not Path({file!r}).exists():
    time.sleep(0.05)
print("made at last")
"""


@pytest.mark.flow
def test_a_page_waits_for_its_turn_and_one_that_nobody_waits_for_is_not_made(
    hostile_folder: Path, tmp_path: Path
) -> None:
    for page in hostile_folder.glob("*.ipynb"):
        shutil.copy(page, tmp_path)
    go = tmp_path / "go"
    write_page(tmp_path / "waits.ipynb", "Waits", "# Waits", WAITS.format(file=str(go)))
    server = Served(tmp_path, before=HURRY, settings={"T4C_KERNELS": "plain"})
    try:
        first, leaves, stays = (connect(server) for _ in range(3))
        first.request("GET", "/waits")
        begun = first.getresponse()
        leaves.request("GET", "/hello")
        leaves.getresponse().read(100)  # its head is there: it waits for the rest
        stays.request("GET", "/hello")
        waits = stays.getresponse()
        leaves.close()
        signs = 0
        while signs < 3:  # by then it is noticed that one has left
            line = waits.readline()
            assert line
            signs += line.startswith(SIGN_OF_LIFE.encode()[:10])
        assert len(server.kernels()) == 1
        go.touch()
        assert "made at last" in begun.read().decode()
        assert SECRET in waits.read().decode()
        assert len(server.kernels()) == 2
    finally:
        server.stop()


@pytest.mark.unit
def test_no_more_than_so_many_at_once_and_the_first_who_came_goes_first() -> None:
    async def run() -> tuple[list[int], int]:
        turns, going, most, order = Turns(2, LONG), 0, 0, []

        async def one(number: int) -> None:
            nonlocal going, most
            end = await turns.begin()
            order.append(number)
            going += 1
            most = max(most, going)
            await asyncio.sleep(0)
            going -= 1
            end()
            end()  # said twice, it frees one place only

        await asyncio.gather(*(one(number) for number in range(7)))
        return order, most

    assert run_apart(run()) == ([0, 1, 2, 3, 4, 5, 6], 2)


@pytest.mark.unit
def test_a_page_that_takes_long_lets_the_next_begin() -> None:
    async def run() -> int:
        turns = Turns(1, longest=0.01)
        ends = [await turns.begin() for _ in range(3)]  # none of them ends by itself
        for end in ends:
            end()
        one = await turns.begin()
        second = asyncio.ensure_future(turns.begin())
        await asyncio.sleep(0)
        waiting = not second.done()
        one()
        await second
        return waiting

    assert run_apart(run())


@pytest.mark.unit
def test_who_leaves_while_waiting_takes_no_turn() -> None:
    async def run() -> bool:
        turns = Turns(1, LONG)
        end = await turns.begin()
        gone = asyncio.ensure_future(turns.begin())
        stays = asyncio.ensure_future(turns.begin())
        await asyncio.sleep(0)
        gone.cancel()
        end()
        (await stays)()
        return gone.cancelled()

    assert run_apart(run())


@pytest.mark.unit
def test_forked_kernels_need_no_turns_and_plain_ones_have_one_for_each_processor(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def at_once() -> int:
        turns, begun = Turns.of_this_machine(), 0
        for _ in range(50):
            turn = asyncio.ensure_future(turns.begin())
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            begun += turn.done()
            turn.cancel()
        return begun

    monkeypatch.setenv("T4C_KERNELS", "plain")
    assert run_apart(at_once()) == (os.cpu_count() or 1)
    monkeypatch.delenv("T4C_KERNELS")
    monkeypatch.setattr("sys.platform", "linux")
    assert run_apart(at_once()) == 50
