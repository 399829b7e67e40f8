"""Which notebooks are pages, how one is run and sent cell by cell, and what pages load (template and front end)."""

import asyncio
import contextlib
import datetime as dt
import json
import math
import os
import re
import runpy
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any, NamedTuple

from jinja2.bccache import Bucket, BytecodeCache
from nbclient.exceptions import CellExecutionError, DeadKernelError
from nbformat import NotebookNode, from_dict
from tornado import gen, web
from tornado.httputil import split_host_and_port
from tornado.ioloop import IOLoop
from tornado.iostream import StreamClosedError
from tornado.util import TimeoutError as FlushTimeoutError
from voila.execute import VoilaExecutor
from voila.handler import BaseVoilaHandler
from voila.notebook_renderer import NotebookRenderer

from t4c_lib.disclosure import Audience
from t4c_lib.errors import InputError, Problem, T4CError, refuse
from t4c_lib.serving.access import REFUSALS
from t4c_lib.serving.capacity import OpenPages, Turns
from t4c_lib.serving.monitoring import notice_html, record_failure
from t4c_lib.serving.prerendered_pages import Key, Paints, state_of
from t4c_lib.store.people import SIGNED_IN, NotAllowedError

SERVING = Path(__file__).parent
TEMPLATE = "t4c"
SHARE = SERVING / "share"
BUILT = SERVING / "built"
STATIC = Path("voila", "templates", TEMPLATE, "static")
CHART_PROGRAM = STATIC / "vegachart.js"
LIGHT_PROGRAM = STATIC / "light.js"
BUILDER = SERVING.parents[1] / "scripts" / "front_end.py"


def renew_assets(say: Callable[[str], None]) -> None:
    """In a checkout, make anew what is stale (a wheel has it all); `say` takes why the front end can't be built.

    Raises T4CError: it never was built, so there is nothing to show pages with.
    """
    if BUILDER.is_file():
        runpy.run_path(str(BUILDER))["build_assets"](say=say)
    if not (BUILT / LIGHT_PROGRAM).is_file():
        raise T4CError(
            "The program that shows pages has not been built, so none can be served. `make workbook` builds it."
        )


NAME = re.compile(r"[a-z0-9_]+")


class Page(NamedTuple):
    """A notebook that is served."""

    name: str  #: the file's name without its ending, which is also its address: `forum` for `/forum`
    title: str  #: from the notebook's metadata (`title`)
    summary: str  #: one sentence for the list of pages (`t4c.summary` of the metadata), or empty
    #: its place in that list (`t4c.order` of the metadata, a number); pages without one come last, by name.
    order: float
    notebook: Path  #: the file
    audiences: tuple[Audience, ...] = (Audience.FORUM,)  #: for whom it can be shown (`t4c.audiences` of the metadata)


def find_pages(folder: Path) -> tuple[Page, ...]:
    """The pages among a folder's notebooks, in the order in which they are listed. Folders inside it are not searched.

    Raises InputError: the folder is not there, or a notebook can't be read or has a name no address can have.
    """
    if not folder.is_dir():
        raise InputError.of(str(folder), "There is no such folder of notebooks.")
    problems: list[Problem] = []
    pages = [page for file in sorted(folder.glob("*.ipynb")) if (page := _read(file, problems)) is not None]
    refuse(str(folder), problems)
    return tuple(sorted(pages, key=lambda page: (page.order, page.name)))


def _read(file: Path, problems: list[Problem]) -> Page | None:
    try:
        notebook = json.loads(file.read_text(encoding="utf-8"))
        metadata, cells = dict(notebook["metadata"]), list(notebook["cells"])
        is_report = any("parameters" in cell["metadata"].get("tags", []) for cell in cells)
    except (ValueError, KeyError, TypeError, AttributeError):
        problems.append(Problem(file.name, "This is not a notebook, or it was damaged when it was saved."))
        return None
    if is_report or not metadata.get("title"):
        return None
    if not NAME.fullmatch(file.stem):
        message = "A page's name may have small letters, digits and underscores only: it is an address."
        problems.append(Problem(file.name, message))
        return None
    ours = metadata.get("t4c", {})
    order = ours.get("order", math.inf)
    if not isinstance(order, int | float):
        message = f"The page's place in the list (t4c.order) is '{order}'; it must be a number."
        problems.append(Problem(file.name, message))
        return None
    return Page(
        name=file.stem,
        title=str(metadata["title"]),
        summary=str(ours.get("summary", "")),
        order=order,
        notebook=file,
        audiences=tuple(one for one in Audience if one in ours.get("audiences", (Audience.FORUM,))),
    )


RETRY_SECONDS = 10
UNCONNECTED_SECONDS = 20.0  # until a page that was sent and never came back for its kernel loses it
UNREAD = dt.timedelta(seconds=60)  # until a part of a page that nobody takes ends it
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
WIDGET_STATE = "application/vnd.jupyter.widget-state+json"
# What a browser reads over, sent while a cell works for long so that nothing between us takes the line for dead.
SIGN_OF_LIFE = "<!-- still working -->\n"
SIGN_OF_LIFE_SECONDS = 10


class CompiledTemplates(BytecodeCache):
    """Templates as they were compiled for the first reader; each has an environment of their own to run them in."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if (bucket.key, bucket.checksum) in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key, bucket.checksum])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key, bucket.checksum] = bucket.bytecode_to_string()


COMPILED = CompiledTemplates()


class PageRenderer(NotebookRenderer):  # type: ignore[misc]
    """Voila's renderer of one notebook for one reader, which also carries the widgets' state into the page."""

    executor: VoilaExecutor
    kernel_id: str
    has_failed = False  # whether a cell has
    # Logs what a cell (counted from 1) failed of, and gives the paragraph that the page has in its place.
    failed: Callable[[BaseException, int], str]

    async def initialize(self, **kwargs: Any) -> None:
        await super().initialize(**kwargs)
        self.exporter.environment.bytecode_cache = COMPILED
        # A function of its own, not a method: what is bound would be copied, kernel and all, for the template.
        self.resources |= {
            "kernel_id": self.kernel_id,
            "instance": self.request_handler.settings["t4c_instance"],
            "widget_state": lambda: _widget_state(self.executor),
            "marking": _audience(self.notebook, self.request_handler).marking,
        }

    async def _jinja_kernel_start(self, nb: NotebookNode, kernel_id: str, kernel_future: asyncio.Future[Any]) -> str:
        # As Voila does it, but for the cell with which it tells the kernel its name: the environment says that.
        self.executor = VoilaExecutor(nb, km=await kernel_future, config=self.traitlet_config)
        self.executor.kc = await self.executor.async_start_new_kernel_client()
        self.kernel_started = True
        return kernel_id

    async def _jinja_cell_generator(self, nb: NotebookNode, kernel_id: str) -> AsyncIterator[NotebookNode]:  # noqa: ARG002
        # As Voila does it, but a cell that fails gives a number to quote in place of Voila's own words.
        for number, cell in enumerate(nb.cells, start=1):
            if cell.cell_type == "code":
                cell.outputs = []
            try:
                await self.executor.execute_cell(cell, None, number - 1, store_history=False)
            except (CellExecutionError, DeadKernelError, TimeoutError) as error:
                shown = [output for output in cell.outputs if output.output_type in {"display_data", "execute_result"}]
                self.has_failed = True
                failed = from_dict({"output_type": "error", "notice": self.failed(error, number)})  # type: ignore[no-untyped-call]
                cell.outputs = [*shown, failed]
                yield cell
                break
            for output in cell.get("outputs", ()):
                _paint(output)
            yield cell
        self.executor.kc.stop_channels()


def _paint(output: NotebookNode) -> None:
    """Take what a widget looks like out of an output: it stands on the page itself, and the widget takes it over."""
    data = output.get("data", {})
    output.painted = data.pop("text/html", "") if WIDGET_VIEW in data else ""


def _audience(notebook: NotebookNode, handler: web.RequestHandler) -> Audience:
    """For whom a page is: what its address says, if the notebook says that it heeds it (`t4c.audiences`)."""
    asked, there = handler.get_argument("audience", ""), notebook.metadata.get("t4c", {}).get("audiences", ())
    return Audience(asked if asked in there else next(iter(there), Audience.FORUM))


def _widget_state(executor: VoilaExecutor) -> dict[str, Any]:
    executor.set_widgets_metadata()
    state: dict[str, Any] = executor.nb.metadata.get("widgets", {}).get(WIDGET_STATE, {})
    return state


Send = Callable[[PageRenderer, AsyncIterator[tuple[str, Any]]], Awaitable[None]]  # a page's pieces, as they come about


class PageHandler(BaseVoilaHandler):  # type: ignore[misc]
    """One of our pages, at an address of its own. Each reader gets a kernel of their own."""

    def initialize(self, **kwargs: Any) -> None:
        super().initialize(**kwargs)
        self.page: Page = kwargs["page"]
        self.open_pages: OpenPages = kwargs["open_pages"]
        self.turns: Turns = kwargs["turns"]
        self.paints: Paints = kwargs["paints"]
        self.key: Key | None = None  # by which the page is kept
        self.end_turn: Callable[[], None] | None = None  # None until the page's turn has come
        self.template_paths: list[str] = kwargs["template_paths"]
        self.voila_config = kwargs["config"]

    async def prepare(self) -> None:
        """Answer whoever may not open this page, or not of this organisation."""
        await super().prepare()
        try:
            await self.settings["t4c_doorkeeper"].check(self.request, self.page.name)
        except NotAllowedError as error:
            refusal = REFUSALS.not_allowed.model_copy(update={"text": str(error)})
            self.set_status(refusal.status)
            self.settings["t4c_log"].write("refused", why=refusal.why, status=refusal.status, method="GET")
            self.finish(self.settings["t4c_plain_page"]("refused.html.j2", refusal=refusal, next=""))

    @web.authenticated
    async def get(self) -> None:
        """The page as it was painted before, or, where it was not, as it comes about."""
        self.settings["t4c_renewal"].asked(self.page.name, self.request.query)
        self.settings["t4c_doorkeeper"].note(self.request, "opened", self.page.name)
        self.key = await self._key()
        if (paint := self.paints.get(self.key)) is None:
            await self._run(self._stream)
            return
        _ = self.xsrf_token
        self.set_header("Content-Type", "text/html; charset=utf-8")
        # Nothing of it stays on a computer that others use: there a token is asked for (decision 22).
        self.set_header("Cache-Control", "no-store" if self.settings["t4c_asks_token"] else "private, no-cache")
        self.finish(paint)  # tornado adds the ETag, and says 304 to a browser that has it

    @web.authenticated
    async def post(self) -> None:
        """What brings a painted page alive: its kernel, its outputs and the state of its widgets, as JSON."""
        self.settings["t4c_renewal"].asked(self.page.name, self.request.query)
        self.key = await self._key()
        await self._run(self._answer)

    async def _run(self, send: Send) -> None:
        kernel_id = str(uuid.uuid4())
        if reason := self.open_pages.begin(kernel_id, self.settings["t4c_visitor"](self.request)):
            self.set_status(503)
            self.set_header("Retry-After", str(RETRY_SECONDS))
            self.finish(self.settings["t4c_plain_page"]("wait.html.j2", reason=reason, seconds=RETRY_SECONDS))
            return
        try:
            await self._make(kernel_id, send)
        finally:
            self.open_pages.made(kernel_id)
        IOLoop.current().call_later(UNCONNECTED_SECONDS, self.kernel_manager.end_unconnected, kernel_id)

    async def _make(self, kernel_id: str, send: Send) -> None:
        _ = self.xsrf_token  # sets the cookie with which the page may end its kernel when it is closed
        self.set_header("Cache-Control", "no-store")
        renderer = PageRenderer(
            request_handler=self,
            traitlet_config=self.voila_config,
            notebook_path=self.page.notebook.name,
            template_paths=self.template_paths,
            config_manager=self.config_manager,
            contents_manager=self.contents_manager,
            kernel_spec_manager=self.kernel_spec_manager,
            base_url=self.base_url,
            voila_configuration=self.voila_configuration,
            page_config={},
        )
        renderer.kernel_id = kernel_id
        log, name = self.settings["t4c_log"], self.page.name
        renderer.failed = lambda error, cell: notice_html(record_failure(log, error, where=f"{name}, cell {cell}"))
        await renderer.initialize()
        kernel = asyncio.ensure_future(self._start_kernel(kernel_id, renderer.notebook))
        try:
            await send(renderer, renderer.generate_content_generator(kernel_id, kernel))
        except BaseException as error:
            await self._end_kernel(kernel_id, kernel)
            # A reader who left before the page was whole needs nothing further.
            if not isinstance(error, StreamClosedError | FlushTimeoutError):
                raise
            self.request.connection.close()
        finally:
            if self.end_turn:
                self.end_turn()

    async def _stream(self, renderer: PageRenderer, pieces: AsyncIterator[tuple[str, Any]]) -> None:
        self.set_header("Content-Type", "text/html; charset=utf-8")
        sent = []
        async for html in _as_it_comes(pieces):
            sent.append(html)
            self.write(html)
            await gen.with_timeout(UNREAD, self.flush(), quiet_exceptions=StreamClosedError)
        await self._keep(renderer, "".join(sent))

    async def _answer(self, renderer: PageRenderer, pieces: AsyncIterator[tuple[str, Any]]) -> None:
        await self._keep(renderer, "".join([piece async for piece, _ in pieces]))
        outputs = [output for cell in renderer.executor.nb.cells for output in cell.get("outputs", ())]
        state = renderer.resources["widget_state"]()
        answer = {"kernel": renderer.kernel_id, "state": state_of(self.key), "outputs": outputs, "widgets": state}
        self.finish({**answer, "server": self.settings["t4c_instance"]})

    async def _keep(self, renderer: PageRenderer, html: str) -> None:
        """Keep a page that was made without a failure, unless something was saved in the meantime."""
        if not renderer.has_failed and self.key == await self._key():
            self.paints.keep(self.key, html.replace(SIGN_OF_LIFE, ""), renderer.executor.widget_state)

    async def _key(self) -> Key | None:
        if (key := await self.paints.key_of(self.page.name, self.request.query)) is None:
            return None
        return (*key, self.settings["t4c_doorkeeper"].known(self.request))  # a page has its reader's name in it

    async def _start_kernel(self, kernel_id: str, notebook: NotebookNode) -> Any:
        self.end_turn = await self.turns.begin()
        host, port = split_host_and_port(self.request.host.lower())
        environment = {
            **os.environ,
            "SCRIPT_NAME": self.base_url[:-1] + self.request.path,
            "QUERY_STRING": self.request.query,
            "SERVER_NAME": host,
            "SERVER_PORT": str(port or ""),
            "VOILA_KERNEL_ID": kernel_id,
        }
        if (who := self.settings["t4c_doorkeeper"].known(self.request)) is not None:
            environment[SIGNED_IN] = who.as_text
        await self.kernel_manager.start_kernel(
            kernel_id=kernel_id, kernel_name=notebook.metadata.kernelspec.name, path="", env=environment
        )
        return self.kernel_manager.get_kernel(kernel_id)

    async def _end_kernel(self, kernel_id: str, started: asyncio.Future[Any]) -> None:
        if self.end_turn is None:
            started.cancel()
            return
        with contextlib.suppress(Exception):
            await started
        await self.kernel_manager.end(kernel_id)


async def _as_it_comes(pieces: AsyncIterator[tuple[str, Any]]) -> AsyncIterator[str]:
    """What is ready, in as few parts as may be, with signs of life in between."""
    queue: asyncio.Queue[str | None] = asyncio.Queue()

    async def fill() -> None:
        try:
            async for piece, _ in pieces:
                queue.put_nowait(piece)
        finally:
            queue.put_nowait(None)

    filling = asyncio.ensure_future(fill())
    try:
        ended = False
        while not ended:
            try:
                ready = [await asyncio.wait_for(queue.get(), SIGN_OF_LIFE_SECONDS)]
            except TimeoutError:
                yield SIGN_OF_LIFE
                continue
            while not queue.empty():
                ready.append(queue.get_nowait())
            ended = None in ready
            yield "".join(piece for piece in ready if piece is not None)
        await filling
    finally:
        filling.cancel()
