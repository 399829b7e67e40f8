"""A kernel whose page never came, or is gone without a word, ends by itself; one whose page is open stays."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psutil  # type: ignore[import-untyped]
import pytest

from t4c_lib.serving.kernel_websocket import GOING_AWAY
from tests.served import PATIENCE, Served
from tests.serving.asking import a_kernel, open_line

pytestmark = pytest.mark.flow

HURRY = "import t4c_lib.serving.kernels as c; c.IDLE.update(cull_idle_timeout=2, cull_interval=2)"


@pytest.mark.detail
def test_only_kernels_without_a_page_are_culled(hurried: Served) -> None:
    line = open_line(hurried, a_kernel(hurried))
    (kept,) = hurried.kernels()
    a_kernel(hurried)  # the page is sent, and nobody connects to its kernel
    (left,) = set(hurried.kernels()) - {kept}
    assert psutil.wait_procs([left], timeout=PATIENCE)[1] == []
    assert hurried.kernels() == [kept]
    line.close()
    assert psutil.wait_procs([kept], timeout=PATIENCE)[1] == []


@pytest.fixture(scope="module")
def leaving(hostile_folder: Path) -> Iterator[Served]:
    """A server that soon gives up a kernel whose page was left, and one whose page never came."""
    hurry = "import t4c_lib.serving.kernel_websocket as k; k.AWAY_SECONDS = 1"
    hurry += "; import t4c_lib.serving.pages as p; p.UNCONNECTED_SECONDS = 2"
    server = Served(hostile_folder, before=hurry)
    yield server
    server.stop()


def new_kernel(server: Served, before: set[psutil.Process]) -> psutil.Process:
    (new,) = set(server.kernels()) - before
    return new


@pytest.mark.detail
def test_a_page_that_was_left_takes_its_kernel_along_though_it_could_not_say_so(leaving: Served) -> None:
    """A browser ends its line with the code for that; a line that only drops has another, and its kernel stays."""
    before = set(leaving.kernels())
    dropped = open_line(leaving, a_kernel(leaving))
    kept = new_kernel(leaving, before)
    left = open_line(leaving, a_kernel(leaving))
    gone = new_kernel(leaving, before | {kept})
    dropped.close()
    left.close(status=GOING_AWAY)
    assert psutil.wait_procs([gone], timeout=PATIENCE)[1] == []
    assert set(leaving.kernels()) == before | {kept}


def test_a_page_that_never_came_back_for_its_kernel_loses_it_and_one_that_did_keeps_it(leaving: Served) -> None:
    before = set(leaving.kernels())
    line = open_line(leaving, a_kernel(leaving))
    kept = new_kernel(leaving, before)
    line.close()  # it came, and may come back: a browser's line can drop
    a_kernel(leaving)
    left = new_kernel(leaving, before | {kept})
    assert psutil.wait_procs([left], timeout=PATIENCE)[1] == []
    assert set(leaving.kernels()) == before | {kept}
