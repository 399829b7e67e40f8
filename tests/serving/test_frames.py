"""What comes over a page's line is read within bounds, and no faster than leaves time for others."""

from __future__ import annotations

import json
import statistics
import struct
import subprocess
import sys
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from t4c_lib.serving.kernel_websocket import (
    FRAME_SECONDS,
    LARGEST_MESSAGE,
    MOST_BUFFERS,
    POLICY_VIOLATION,
    SECONDS_AT_ONCE,
    Pace,
    message_type,
)
from tests.served import Served
from tests.serving.asking import a_kernel, ask, message, open_line, told_to_go
from tests.serving.worst_frames import UNSOUND


@pytest.mark.law
@given(st.binary(max_size=300))
def test_no_bytes_from_the_line_make_the_server_stumble(data: bytes) -> None:
    assert message_type(data) is None or isinstance(message_type(data), str)


@pytest.mark.detail
@pytest.mark.law
@given(st.text(min_size=1, max_size=30), st.lists(st.binary(max_size=9), max_size=MOST_BUFFERS))
def test_every_sound_message_has_its_type(kind: str, buffers: list[bytes]) -> None:
    assert message_type(message(kind, {"x": 1}, buffers=buffers)) == kind


@pytest.mark.law
@given(st.integers(0, 6), st.integers(0, 2**64 - 1), st.lists(st.binary(max_size=9), max_size=2))
def test_what_has_a_type_is_in_order_and_within_the_message(place: int, number: int, buffers: list[bytes]) -> None:
    data = bytearray(message("comm_msg", {"x": 1}, buffers=buffers))
    struct.pack_into("<Q", data, 8 * place, number)
    if message_type(bytes(data)) is not None:
        count = struct.unpack_from("<Q", data)[0]
        offsets = struct.unpack_from(f"<{count}Q", data, 8)
        assert list(offsets) == sorted(offsets)
        assert (offsets[0], offsets[-1]) == (8 * (count + 1), len(data))


@pytest.mark.unit
@pytest.mark.parametrize("name", UNSOUND)
def test_an_unsound_message_has_no_type_and_costs_nothing_to_refuse(name: str) -> None:
    def seconds() -> float:
        before = time.process_time()
        assert message_type(UNSOUND[name]) is None
        return time.process_time() - before

    assert min(seconds() for _ in range(3)) < 0.05  # the first may pay for what it wakes up


@pytest.mark.unit
@pytest.mark.parametrize("data", ["text", b"", b"\xff" * 8, (2**62).to_bytes(8, "little") + b"x" * 80])
def test_what_is_no_message_has_no_type(data: str | bytes) -> None:
    assert message_type(data) is None


@pytest.mark.unit
def test_a_file_of_20_mb_goes_through_at_once_and_what_never_ends_has_to_wait() -> None:
    assert Pace().wait(20_000_000) == 0
    assert Pace().wait(LARGEST_MESSAGE) < 0.1
    pace = Pace()
    waits = [pace.wait(0) for _ in range(2 * int(SECONDS_AT_ONCE / FRAME_SECONDS))]
    assert waits[0] == 0
    assert waits == sorted(waits)
    assert SECONDS_AT_ONCE / 2 < waits[-1] <= SECONDS_AT_ONCE


@pytest.mark.flow
@pytest.mark.parametrize("name", UNSOUND)
def test_an_unsound_message_ends_the_line_and_hurts_nobody(attacked: Served, name: str) -> None:
    line = open_line(attacked, a_kernel(attacked))
    line.send_binary(UNSOUND[name])
    assert told_to_go(line) == POLICY_VIOLATION


@pytest.mark.detail
@pytest.mark.flow
def test_others_are_answered_and_heard_beside_one_who_sends_the_worst_frames(attacked: Served) -> None:
    line = open_line(attacked, a_kernel(attacked))
    kinds = ("pings", "small messages", "the largest messages")
    command = [sys.executable, "-m", "tests.serving.worst_frames", f"{attacked.address}hello", "1", *kinds]
    took, answers = [], []
    with subprocess.Popen(command, stdout=subprocess.PIPE) as neighbour:
        while neighbour.poll() is None:
            before = time.perf_counter()
            answers.append(ask(attacked, "/health").status)
            took.append(time.perf_counter() - before)
            time.sleep(0.02)  # the processor is for the neighbour
        assert neighbour.stdout is not None
        assert all(lines >= 1 for lines in json.loads(neighbour.stdout.read()))
    assert set(answers) <= {200, 503}  # 503: the store took its time on a busy machine
    line.send_binary(message("kernel_info_request", {}))
    while b"kernel_info_reply" not in line.recv_data()[1]:
        pass
    line.close()
    assert statistics.median(took) < 0.5  # on a machine that does other things too; benchmarks/neighbour.py is stricter
