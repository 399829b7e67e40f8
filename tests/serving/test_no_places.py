"""What goes to a browser names no folder of this machine: pages, messages, and what a kernel answers."""

from __future__ import annotations

import json
import re

import pytest
import websocket

from tests.served import Served, places_of_this_machine
from tests.serving.asking import FRESH, ask, message, open_line, own_origin

pytestmark = pytest.mark.flow
CLICK = """
import ipywidgets
from t4c_lib.plan import Plan
button = ipywidgets.Button(description="Fail")
button.on_click(lambda _: Plan.from_yaml(len))
button
"""


PAGES = {
    "works": ("Works", "# Works", CLICK),
    "fails": ("Fails", "# Fails", "from t4c_lib.plan import Plan\nPlan.from_yaml(len)"),
}


@pytest.mark.parametrize("path", ["/", "/works", "/fails", "/nothing", "/health", "/voila/static/none.js"])
def test_no_page_and_no_message_names_a_folder(notebooks: Served, path: str) -> None:
    for headers in ({"Accept": "text/html"}, {}, {"Host": "elsewhere.example", "Accept": "text/html"}):
        answer = ask(notebooks, path, headers=headers)
        for place in places_of_this_machine(notebooks.folder):
            assert place not in answer.text
            assert place not in str(answer.headers)


def test_no_answer_of_a_kernel_names_a_folder(notebooks: Served) -> None:
    page = ask(notebooks, f"/works{FRESH}").text
    kernel = re.search(r'(?:data-kernel="|"kernelId": ")([0-9a-f-]{36})', page)
    button = re.search(r'"([0-9a-f]{32})": \{[^{}]*?"model_name": "ButtonModel"', page)
    assert kernel is not None
    assert button is not None
    line = open_line(notebooks, kernel[1], origin=own_origin(notebooks))
    line.send_binary(message("kernel_info_request", {}))
    line.send_binary(
        message("comm_msg", {"comm_id": button[1], "data": {"method": "custom", "content": {"event": "click"}}})
    )
    heard: list[bytes] = []
    while not _was_answered(heard):
        kind, data = line.recv_data()
        assert kind != websocket.ABNF.OPCODE_CLOSE
        heard.append(data)
    for place in places_of_this_machine(notebooks.folder):
        assert json.dumps(place)[1:-1].encode() not in b"".join(heard)


def _was_answered(heard: list[bytes]) -> bool:
    """Whether the kernel told of itself and is done with the click."""
    told = any(b"kernel_info_reply" in one for one in heard)
    return told and any(b'"idle"' in one and b'"comm_msg"' in one for one in heard)
