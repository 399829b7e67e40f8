"""A page's line stays open as long as the page gives signs of life, and no longer."""

from __future__ import annotations

import os
import signal
import threading
from unittest.mock import Mock

import pytest
import websocket
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler

from t4c_lib.serving.kernel_websocket import KernelHandler
from tests.event_loops import run_apart
from tests.served import Served
from tests.serving.asking import a_kernel, message, open_line

pytestmark = pytest.mark.flow

HURRY = "from t4c_lib.serving.kernel_websocket import KernelHandler as K; K.ping_interval = K.ping_timeout = 0.2"


@pytest.mark.detail
def test_a_page_that_answers_keeps_its_line(hurried: Served) -> None:
    line = open_line(hurried, a_kernel(hurried))
    pings = 0
    while pings < 10:
        kind, _ = line.recv_data(control_frame=True)  # answers a ping by itself
        assert kind != websocket.ABNF.OPCODE_CLOSE
        pings += kind == websocket.ABNF.OPCODE_PING
    line.send_binary(message("kernel_info_request", {}))
    heard = b""
    while b"kernel_info_reply" not in heard:
        kind, heard = line.recv_data(control_frame=True)
        assert kind != websocket.ABNF.OPCODE_CLOSE
    line.close()


@pytest.mark.detail
def test_a_page_that_gives_no_sign_of_life_is_let_go_of(hurried: Served) -> None:
    line = open_line(hurried, a_kernel(hurried))
    seen = []
    while websocket.ABNF.OPCODE_CLOSE not in seen:
        frame = line.recv_frame()  # type: ignore[no-untyped-call]  # as it is: nothing is answered
        seen.append(frame.opcode)
    assert websocket.ABNF.OPCODE_PING in seen


def test_a_line_to_a_kernel_that_ends_meanwhile_is_refused_and_not_left_waiting(hurried: Served) -> None:
    before = set(hurried.kernels())
    kernel = a_kernel(hurried)
    (process,) = set(hurried.kernels()) - before
    os.kill(process.pid, signal.SIGSTOP)  # it is there, and says nothing, when the line is asked for
    end = threading.Timer(1, os.kill, (process.pid, signal.SIGKILL))
    end.start()
    with pytest.raises(websocket.WebSocketBadStatusException) as refused:
        open_line(hurried, kernel)
    end.join()
    assert refused.value.status_code == 404


def test_what_a_kernel_says_does_not_wait_for_the_page_to_confirm_what_it_said_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def opened(*_args: object, **_kwargs: object) -> None:
        pass

    monkeypatch.setattr(VoilaKernelWebsocketHandler, "open", opened)
    handler = KernelHandler.__new__(KernelHandler)
    handler.ws_connection, handler.ping_callback = Mock(), Mock()
    run_apart(handler.open("kernel"))
    handler.ws_connection.set_nodelay.assert_called_once_with(True)  # Nagle's algorithm held small frames for 40 ms
