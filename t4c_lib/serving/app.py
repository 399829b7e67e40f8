"""Voila's server, narrowed to a list of our pages at the root, each page at its address; limits of connections."""

import contextlib
import errno
import re
import secrets
import signal
import socket
import sys
import zlib
from collections.abc import Callable, Iterable
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import Any

from jupyter_server.utils import url_path_join
from tornado import netutil, web
from tornado.httpserver import HTTPServer
from tornado.ioloop import IOLoop, PeriodicCallback
from tornado.web import Application
from traitlets.config import Config
from voila.app import Voila
from voila.handler import BaseVoilaHandler
from voila.shutdown_kernel_handler import VoilaShutdownKernelHandler
from voila.static_file_handler import TemplateStaticFileHandler
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler
from voila.utils import create_include_assets_functions

from t4c_lib.errors import T4CError
from t4c_lib.sections.section import style_sheet
from t4c_lib.serving import monitoring
from t4c_lib.serving.access import HEALTH, HERE, JOIN, JOIN_LINK, LARGEST_BODY, LOOPBACK, Access, RequestChecks
from t4c_lib.serving.capacity import Caps, OpenPages, Turns
from t4c_lib.serving.join_round import JoinHandler, LinkHandler, RoundDesk
from t4c_lib.serving.kernel_websocket import LARGEST_MESSAGE, KernelHandler, OwnKernel, PresenceHandler
from t4c_lib.serving.kernels import IDLE, PROVISIONER, PageKernels, PromptClient, WarmParent, can_fork
from t4c_lib.serving.middleware import Middleware
from t4c_lib.serving.pages import TEMPLATE, Page, PageHandler
from t4c_lib.serving.prerendered_pages import OF_A_MEETING, RENEWED_EVERY, Paints, Renewal
from t4c_lib.serving.sign_in import Doorkeeper, PagesOnly, VisitorIdentity, hub_handlers
from t4c_lib.serving.snapshot import SavedPageHandler, control_styles
from t4c_lib.store.people import NotAllowedError
from t4c_lib.yaml_text import read_yaml

PORTS_TRIED = 20
TAKEN = {errno.EADDRINUSE, errno.EACCES}  # on Windows, too

HOME = "home"  # the page that is shown first, where there is one


def voila_config(folder: Path, *, signs_in: bool = False) -> Config:
    """Voila's settings for a folder of notebooks. None of the person's own Jupyter settings are mixed in."""
    settings = files(__package__).joinpath("voila.yaml").read_text(encoding="utf-8")
    config = Config(read_yaml(settings, "voila.yaml").content)
    config.Voila.root_dir = str(folder)
    config.VoilaConfiguration.resources = {"sections_style": style_sheet(), "controls_style": control_styles()}
    config.VoilaConfiguration.multi_kernel_manager_class = PageKernels
    config.VoilaExporter.template_file = "light.html.j2"
    config.KernelManager.client_factory = PromptClient
    if can_fork():
        config.KernelProvisionerFactory.default_provisioner_name = PROVISIONER
    config.MappingKernelManager.update(IDLE)
    if signs_in:
        config.Voila.update(identity_provider_class=VisitorIdentity, authorizer_class=PagesOnly)
    return config


class PagesHandler(BaseVoilaHandler):  # type: ignore[misc]
    """Straight to the home page, or to the only page there is; else the list of pages."""

    def initialize(self, **kwargs: Any) -> None:
        super().initialize(**kwargs)
        self.pages: tuple[Page, ...] = kwargs["pages"]

    async def get(self) -> None:
        try:
            person = await self.settings["t4c_doorkeeper"].person(self.request)
        except NotAllowedError:
            person = None  # the page says so
        mine = [page for page in self.pages if person is None or person.opens(page.name)]
        home = [page for page in mine if page.name == HOME]
        if first := home or mine[: person is not None or len(mine) == 1]:
            # What is asked for goes along: /?organisation=CODE is the page of that organisation.
            asked = f"?{self.request.query}" if self.request.query else ""
            self.redirect(f"{url_path_join(self.base_url, first[0].name)}{asked}")
            return
        self.finish(self.settings["t4c_plain_page"]("pages.html.j2", pages=self.pages))


class TemplateFileHandler(TemplateStaticFileHandler):  # type: ignore[misc]
    """Our template's files; any other address is not found: no file of Voila's, and no failure of the server."""

    def parse_url_path(self, url_path: str) -> str:
        parts = url_path.split("/")
        if parts[:2] != [TEMPLATE, "static"] or len(parts) < 3 or ".." in parts or not all(parts):
            raise web.HTTPError(404)
        return str(super().parse_url_path(url_path))


# Of Voila's routes those that pages need, by the handler that Voila has there, with what answers here instead.
ROUTES: dict[type, type] = {
    VoilaKernelWebsocketHandler: KernelHandler,
    TemplateStaticFileHandler: TemplateFileHandler,
    VoilaShutdownKernelHandler: type("ShutdownHandler", (OwnKernel, VoilaShutdownKernelHandler), {}),
}


class WorkbookServer(Voila):  # type: ignore[misc]
    """Voila with our pages at addresses of their own. No notebook but the given ones can be opened through it."""

    port: int
    pages: tuple[Page, ...] = ()
    caps: Caps = Caps()
    access: Access = Access(LOOPBACK)
    server_log: monitoring.ServerLog = monitoring.ServerLog(None)
    # Called once when the server accepts connections, with the address to open.
    on_ready: Callable[[str], None] = staticmethod(lambda _address: None)
    # Called for what a person should know (a taken port).
    say: Callable[[str], None] = staticmethod(lambda _text: None)

    def init_handlers(self) -> list[Any]:
        """Voila's own handlers for assets and kernels; instead of its list of files and its renderer, our pages."""
        self.notebook_path = ""
        self.store_health = monitoring.StoreHealth(self.server_log)
        self.paints = Paints({page.name: page.notebook for page in self.pages})
        kinds = {"": PageHandler, ".html": SavedPageHandler}
        addresses = {
            url_path_join(self.server_url, page.name) + ending: (handler, page)
            for page in self.pages
            for ending, handler in kinds.items()
        }
        open_pages = OpenPages(self.caps, self.kernel_manager)
        self.app.settings.update(
            t4c_log=self.server_log,
            # Of this version and this start, so that a page knows when it was another.
            t4c_instance=f"{mark_of_version(self.pages)}-{secrets.token_hex(8)}",
            t4c_open_pages=open_pages,
            t4c_asks_token=bool(self.access.token),
            t4c_pages=frozenset([self.server_url, HEALTH, *addresses]),
            t4c_plain_page=partial(plain_page, self.app, self.base_url),
            websocket_max_message_size=LARGEST_MESSAGE,
            xsrf_cookie_kwargs={"path": self.base_url},
            cookie_secret=secrets.token_bytes(32),
        )
        routes = super().init_handlers()
        handlers = [(pattern, ROUTES[kind], *rest) for pattern, kind, *rest in routes if kind in ROUTES]
        common = {"voila_configuration": self.voila_configuration}
        of_pages = {
            **common,
            "open_pages": open_pages,
            "turns": Turns.of_this_machine(),
            "paints": self.paints,
            "template_paths": self.template_paths,
            "config": self.config,
        }
        handlers += [(re.escape(at), handler, {**of_pages, "page": page}) for at, (handler, page) in addresses.items()]
        of_health = {"kernel_manager": self.kernel_manager, "store": self.store_health}
        of_rounds = {"desk": RoundDesk(), "base": self.base_url}
        handlers += [
            (self.server_url, PagesHandler, {**common, "pages": self.pages}),
            (HEALTH, monitoring.HealthHandler, of_health),
            (rf"{HERE}/([\w-]+)", PresenceHandler, common),
            (JOIN_LINK, LinkHandler, of_rounds),
            (rf"{JOIN}(.*)", JoinHandler, of_rounds),
        ]
        if (sign_in := self.access.sign_in) is not None and not sign_in.header:
            handlers += hub_handlers(self.base_url)
        handlers.append((r"/.*", web.ErrorHandler, {"status_code": 404}))
        return monitoring.with_our_errors(handlers)

    def listen(self) -> None:
        """Take the port, or the next free one, and serve until the person or the system ends it."""
        sockets = self._take_port()
        ask_for_files()
        checks = RequestChecks(self.access)
        self.app.settings["t4c_visitor"] = checks.visitor
        self.app.settings["t4c_doorkeeper"] = self.doorkeeper = Doorkeeper(checks.known, self.server_log)
        self.app.settings["t4c_join_place"] = partial(self.access.join_place, port=int(self.port), base=self.base_url)
        self.app.settings["t4c_renewal"] = renewal = self._renewal()
        middleware = Middleware(self.app, checks, self.base_url)
        self.app.settings["t4c_admitted"] = middleware.admitted
        PatientServer(middleware).add_sockets(sockets)
        self.server_log.write("started", version=monitoring.own_version(), host=self.access.host, port=int(self.port))
        self.ioloop = IOLoop.current()
        self.ioloop.add_callback(self.on_ready, self.access.address(int(self.port), self.base_url))
        signal.signal(signal.SIGINT, self._handle_signal_stop)
        # On Windows a loop that waits for the network doesn't notice Ctrl-C until something else wakes it.
        PeriodicCallback(lambda: None, 500).start()
        PeriodicCallback(self.store_health.trouble, monitoring.EVERY_SECONDS * 1000).start()
        PeriodicCallback(renewal.look, RENEWED_EVERY * 1000).start()
        try:
            self.ioloop.start()
        finally:
            self.stop()

    def stop(self) -> None:
        """End every kernel, and the process that they were forked from."""
        super().stop()
        self.paints.close()
        self.doorkeeper.close()
        WarmParent.end()
        self.server_log.write("stopped")
        self.server_log.close()

    def _renewal(self) -> Renewal:
        """Which looks after the pages in use, to begin with the newest view of each."""
        address, visitor = self.access.from_here(int(self.port), self.base_url)
        # What is painted ahead is nobody's in particular, and where people sign in there is no such page.
        ahead = self.caps.paint_ahead if not self.access.sign_in else 0
        renewal = Renewal(self.paints, address, visitor, ahead)
        for code in reversed(self.paints.with_plans() if ahead and can_fork() else []):
            for name in reversed(OF_A_MEETING):
                renewal.asked(name, f"organisation={code}")
        for page in reversed(self.pages):
            renewal.asked(page.name, "")
        return renewal

    def _take_port(self) -> list[socket.socket]:
        wanted = int(self.port)
        for port in range(wanted, wanted + PORTS_TRIED):
            try:
                sockets = netutil.bind_sockets(port, self.access.listen_on)
            except OSError as error:
                if error.errno not in TAKEN:
                    words = f"This machine has no address {self.access.host} to listen on: {error.strerror}."
                    raise T4CError(words) from None
                continue
            self.port = sockets[0].getsockname()[1]
            if wanted not in (0, self.port):
                self.say(f"Port {wanted} is taken by another program, perhaps by a second workbook; using {self.port}.")
            return sockets
        last = wanted + PORTS_TRIED - 1
        raise T4CError(f"Ports {wanted} to {last} are all taken. Give another one with --port, such as --port 9000.")


def mark_of_version(pages: Iterable[Page]) -> str:
    """A word for the programs and notebooks as they are: where it is another, a page that is open must come anew."""
    programs = (one for one in Path(__file__).parents[1].rglob("*.*") if one.parent.name != "__pycache__")
    files = [*programs, *(page.notebook for page in pages)]
    return f"{zlib.crc32(repr(sorted((str(file), file.stat().st_mtime_ns) for file in files)).encode()):x}"


def plain_page(app: Application, base_url: str, template: str, **content: Any) -> str:
    """A page of ours that no kernel makes."""
    stylesheet = create_include_assets_functions(TEMPLATE, base_url)["include_url"]("static/t4c.css")
    environment = app.settings["voila_jinja2_env"]
    return str(environment.get_template(template).render(stylesheet=stylesheet, base_url=base_url, **content))


# A browser keeps some six connections open to go on with; a hundred visitors need no more than this. When there are
# more, the one that has said nothing for longest is closed, so that the newest is always served.
MOST_SILENT = 400
SILENT_SECONDS = 75.0  # until a connection that says nothing, or never ends its headers, is closed
BODY_SECONDS = 120.0
LARGEST_HEADERS = 16_384  # bytes
FILES = 65_536  # open files and connections to ask the system for: its default is often 1,024


class PatientServer(HTTPServer):
    """An HTTP server that goes on answering while others hold connections open and say nothing."""

    def initialize(self, middleware: Middleware) -> None:  # type: ignore[override]  # what it needs follows from the middleware
        """Called by tornado in place of a constructor."""
        super().initialize(
            middleware,
            xheaders=middleware.checks.access.behind_proxy,
            idle_connection_timeout=SILENT_SECONDS,
            body_timeout=BODY_SECONDS,
            max_header_size=LARGEST_HEADERS,
            max_body_size=LARGEST_BODY,
        )
        self._silent: dict[Any, None] = {}  # in the order in which they fell silent
        middleware.on_busy = lambda stream: self._silent.pop(stream, None)
        middleware.on_idle = self._fell_silent

    def handle_stream(self, stream: Any, address: tuple[Any, ...]) -> None:
        self._fell_silent(stream)
        super().handle_stream(stream, address)

    def _fell_silent(self, stream: Any) -> None:
        if stream is None:
            return
        self._silent.pop(stream, None)
        self._silent[stream] = None
        if len(self._silent) <= MOST_SILENT:
            return
        self._silent = {one: None for one in self._silent if not one.closed()}
        while len(self._silent) > MOST_SILENT:
            oldest = next(iter(self._silent))
            del self._silent[oldest]
            oldest.close()


def ask_for_files() -> None:
    """Ask the system for as many open files as it may give: each connection and each kernel takes some."""
    if sys.platform == "win32":
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = FILES if hard == resource.RLIM_INFINITY else min(FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
