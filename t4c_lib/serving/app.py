"""Voila's server, narrowed to our pages: their list at the root, each page at its own address, and nothing else."""

from __future__ import annotations

import logging
import os
import signal
import socket
from collections.abc import Callable
from typing import Any

from jupyter_server.utils import url_path_join
from tornado import netutil, web
from tornado.httpserver import HTTPServer
from tornado.ioloop import IOLoop, PeriodicCallback
from voila.app import Voila
from voila.handler import BaseVoilaHandler
from voila.static_file_handler import TemplateStaticFileHandler
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler
from voila.utils import create_include_assets_functions

from t4c_lib.errors import T4CError
from t4c_lib.serving.assets import TEMPLATE, light_front_end
from t4c_lib.serving.caps import Caps
from t4c_lib.serving.config import LOOPBACK
from t4c_lib.serving.kernels import WarmParent
from t4c_lib.serving.page_handler import page_addresses
from t4c_lib.serving.pages import Page

PORTS_TRIED = 20
KERNEL_PROTOCOL = "v1.kernel.websocket.jupyter.org"


class PagesHandler(BaseVoilaHandler):  # type: ignore[misc]
    """The list of pages, or, where there is one page only, straight to it."""

    def initialize(self, **kwargs: Any) -> None:
        super().initialize(**kwargs)
        self.pages: tuple[Page, ...] = kwargs["pages"]

    def get(self) -> None:
        if len(self.pages) == 1:
            self.redirect(url_path_join(self.base_url, self.pages[0].name))
            return
        stylesheet = create_include_assets_functions(TEMPLATE, self.base_url)["include_url"]("static/t4c.css")
        self.finish(
            self.render_template("pages.html.j2", pages=self.pages, stylesheet=stylesheet, base_url=self.base_url)
        )


class NotFoundHandler(BaseVoilaHandler):  # type: ignore[misc]
    """Whatever has no address of its own."""

    async def prepare(self) -> None:
        await super().prepare()
        raise web.HTTPError(404)


class TemplateFileHandler(TemplateStaticFileHandler):  # type: ignore[misc]
    """The template's files; an address that is shaped otherwise is not found, rather than a failure of the server."""

    def parse_url_path(self, url_path: str) -> str:
        parts = url_path.split("/")
        if len(parts) < 3 or parts[1] != "static" or ".." in parts:
            raise web.HTTPError(404)
        return str(super().parse_url_path(url_path))


class KernelHandler(VoilaKernelWebsocketHandler):  # type: ignore[misc]
    """A page's line to its kernel, in the current message format only.

    In the older binary format Voila's filter of messages reads the wrong bytes as lengths and keeps the whole server
    busy, for every page.
    """

    async def get(self, *args: Any, **kwargs: Any) -> None:
        offered = self.request.headers.get("Sec-WebSocket-Protocol", "")
        if KERNEL_PROTOCOL not in [name.strip() for name in offered.split(",")]:
            raise web.HTTPError(400, f"Only the message format {KERNEL_PROTOCOL} is spoken here.")
        await super().get(*args, **kwargs)


class WorkbookServer(Voila):  # type: ignore[misc]
    """Voila with our pages at addresses of their own. No notebook but the given ones can be opened through it."""

    port: int
    pages: tuple[Page, ...] = ()
    caps: Caps = Caps()
    # Called once when the server accepts connections, with the address to open.
    on_ready: Callable[[str], None] = staticmethod(lambda _address: None)
    # Called for what a person should know (a taken port).
    say: Callable[[str], None] = staticmethod(lambda _text: None)

    def init_handlers(self) -> list[Any]:
        """Voila's own handlers for assets and kernels; instead of its list of files and its renderer, our pages."""
        self.notebook_path = ""
        unwanted = ("/voila/tree", "/voila/render", "/voila/api/contents", "/voila/files", "/login", "/logout")
        handlers = [
            handler
            for handler in super().init_handlers()
            if handler[0] != self.server_url and not any(part in handler[0] for part in unwanted)
        ]
        ours = {VoilaKernelWebsocketHandler: KernelHandler, TemplateStaticFileHandler: TemplateFileHandler}
        handlers = [(handler[0], ours.get(handler[1], handler[1]), *handler[2:]) for handler in handlers]
        common = {"voila_configuration": self.voila_configuration}
        handlers += page_addresses(
            self.pages,
            self.server_url,
            caps=self.caps,
            light=light_front_end(),
            template_paths=self.template_paths,
            config=self.config,
            **common,
        )
        handlers.append((self.server_url, PagesHandler, {**common, "pages": self.pages}))
        handlers.append((r"/.*", NotFoundHandler, common))
        return handlers

    def listen(self) -> None:
        """Take the port, or the next free one, and serve until the person or the system ends it."""
        sockets = self._take_port()
        HTTPServer(self.app).add_sockets(sockets)
        self.ioloop = IOLoop.current()
        self.ioloop.add_callback(self.on_ready, f"http://{LOOPBACK}:{self.port}{self.base_url}")
        signal.signal(signal.SIGINT, self._handle_signal_stop)
        # On Windows a loop that waits for the network doesn't notice Ctrl-C until something else wakes it.
        PeriodicCallback(lambda: None, 500).start()
        try:
            self.ioloop.start()
        finally:
            self.stop()

    def stop(self) -> None:
        """End every kernel, and the process that they were forked from."""
        super().stop()
        WarmParent.end()

    def _take_port(self) -> list[socket.socket]:
        wanted = int(self.port)
        for port in range(wanted, wanted + PORTS_TRIED):
            try:
                sockets = netutil.bind_sockets(port, LOOPBACK)
            except OSError:
                continue
            self.port = sockets[0].getsockname()[1]
            if wanted not in (0, self.port):
                self.say(f"Port {wanted} is taken by another program, perhaps by a second workbook; using {self.port}.")
            return sockets
        last = wanted + PORTS_TRIED - 1
        raise T4CError(f"Ports {wanted} to {last} are all taken. Give another one with --port, such as --port 9000.")


def be_quiet() -> None:
    """Keep out of the server's window what no person can use.

    That is every address that was not found, and each kernel's remark that frozen modules hinder a debugger.
    """
    logging.getLogger("tornado.access").setLevel(logging.ERROR)
    os.environ.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")
