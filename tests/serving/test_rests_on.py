"""What the server rests on inside other programs (docs/decisions/0011-serving-safely.md): each fails with a change."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.services.kernels.handlers import _kernel_id_regex
from jupyter_server.services.kernels.kernelmanager import MappingKernelManager
from jupyter_server.services.kernels.websocket import KernelWebsocketHandler
from jupyterhub.services.auth import HubOAuthenticated
from tornado import httputil
from tornado.http1connection import HTTP1Connection
from tornado.httpserver import HTTPServer, _HTTPRequestContext
from tornado.routing import Router
from tornado.web import Application, RequestHandler
from tornado.websocket import WebSocketHandler, WebSocketProtocol13
from voila.app import Voila
from voila.notebook_renderer import NotebookRenderer

from t4c_lib.serving.app import ROUTES

pytestmark = pytest.mark.unit


def source(what: Callable[..., Any]) -> str:
    return inspect.getsource(what)


def parameters(what: Callable[..., Any]) -> list[str]:
    return list(inspect.signature(what).parameters)


def test_tornado_lets_a_router_stand_before_an_application_and_a_connection_be_wrapped() -> None:
    assert issubclass(Application, httputil.HTTPServerConnectionDelegate)
    assert parameters(Router.start_request) == ["self", "server_conn", "request_conn"]
    assert "request_callback.start_request(" in source(HTTPServer.start_request)
    assert parameters(Router.find_handler) == parameters(Application.find_handler) == ["self", "request", "kwargs"]
    assert "self.request_conn" in source(Router.start_request) + source(
        type(Router.start_request(Application(), object(), httputil.HTTPConnection()))
    )


def test_tornado_lets_a_bodys_limit_be_set_for_one_request_and_makes_servers_through_initialize() -> None:
    assert parameters(HTTP1Connection.set_max_body_size) == ["self", "max_body_size"]
    wanted = {"xheaders", "idle_connection_timeout", "body_timeout", "max_header_size", "max_body_size"}
    assert wanted <= set(parameters(HTTPServer.initialize))
    assert parameters(HTTPServer.handle_stream) == ["self", "stream", "address"]


def test_tornado_takes_a_lines_frames_one_by_one_and_counts_their_bytes() -> None:
    assert "await self._receive_frame()" in source(WebSocketProtocol13._receive_frame_loop)
    assert source(WebSocketProtocol13._receive_frame).count("_read_bytes(") == 5
    assert "self._wire_bytes_in += n" in source(WebSocketProtocol13._read_bytes)
    for writes in (WebSocketProtocol13.write_message, WebSocketProtocol13._send_pong):
        assert "_write_frame(" in source(writes)
        assert "except StreamClosedError" in source(writes)
    assert "self.stream.write(" in source(WebSocketProtocol13._write_frame)
    assert "WebSocketProtocol13(self, False, params)" in source(WebSocketHandler.get_websocket_protocol)


def test_voila_has_the_handlers_that_pages_need_under_these_patterns() -> None:
    text = source(Voila.init_handlers)
    assert len(ROUTES) == 3
    for handler in ROUTES:
        assert f"{handler.__name__}," in text, handler
    for pattern in ("/channels", "/voila/templates/(.*)", "/voila/api/shutdown/(.*)"):
        assert pattern in text
    assert "self.init_handlers()" in source(Voila.start)


def test_voila_makes_a_page_with_the_two_functions_that_are_ours() -> None:
    for name in ("_jinja_kernel_start", "_jinja_cell_generator"):
        assert hasattr(NotebookRenderer, name)
        assert f"self.{name}" in source(NotebookRenderer)


def test_jupyter_names_a_kernel_in_its_path_and_prepares_before_it_answers() -> None:
    assert "(?P<kernel_id>" in _kernel_id_regex
    assert inspect.iscoroutinefunction(JupyterHandler.prepare)
    execute = source(RequestHandler._execute)
    assert execute.index("self.path_kwargs = ") < execute.index("self.prepare()") < execute.index("method(")
    assert "prepare" not in vars(KernelWebsocketHandler)


def test_jupyter_tells_of_pages_that_connect_and_leave() -> None:
    for name in ("notify_connect", "notify_disconnect", "start_watching_activity"):
        assert parameters(getattr(MappingKernelManager, name)) == ["self", "kernel_id"]


def test_tornado_keeps_the_other_ends_own_address_whatever_it_says_of_whom_it_asks_for() -> None:
    context = _HTTPRequestContext(SimpleNamespace(socket=None), ("10.0.0.7", 1), "http")  # type: ignore[arg-type]
    context._apply_xheaders(httputil.HTTPHeaders({"X-Forwarded-For": "192.0.2.1"}))
    assert (context.remote_ip, context.address) == ("192.0.2.1", ("10.0.0.7", 1))


def test_jupyterhub_finds_in_the_uri_where_people_go_back_to() -> None:
    assert "next_url=self.request.uri" in source(HubOAuthenticated.get_login_url)
