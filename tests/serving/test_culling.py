"""A kernel whose page never came, or is gone without a word, ends by itself; one whose page is open stays."""

from __future__ import annotations

import psutil  # type: ignore[import-untyped]
import pytest

from tests.served import PATIENCE, Served
from tests.serving.asking import a_kernel, open_line

pytestmark = pytest.mark.flow

HURRY = "import t4c_lib.serving.config as c; c.IDLE_SECONDS = c.IDLE_CHECK_SECONDS = 2"


def test_only_kernels_without_a_page_are_culled(hurried: Served) -> None:
    line = open_line(hurried, a_kernel(hurried))
    (kept,) = hurried.kernels()
    a_kernel(hurried)  # the page is sent, and nobody connects to its kernel
    (left,) = set(hurried.kernels()) - {kept}
    assert psutil.wait_procs([left], timeout=PATIENCE)[1] == []
    assert hurried.kernels() == [kept]
    line.close()
    assert psutil.wait_procs([kept], timeout=PATIENCE)[1] == []
