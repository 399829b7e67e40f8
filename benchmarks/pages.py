"""How long a page takes, cold and warm, and what it costs: the forum page, the same on stock Voila, Panel's likeness.

In each round every server is visited once with an empty browser cache and once more with what it then holds, so that
a busy machine slows all alike. Times are the page's own, from the start of the navigation.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import psutil  # type: ignore[import-untyped]
from playwright.sync_api import Browser, BrowserContext, Page, Request, sync_playwright

from benchmarks.demo_store import demonstration
from benchmarks.painted import FORUM, add_official_files, add_placements, painted_rows
from benchmarks.peers import environment
from benchmarks.table import Row
from tests.browser.conftest import BROWSERS

ROOT = Path(__file__).resolve().parents[1]
OPENED = FORUM.removeprefix("forum")  # the row with the chart
ROUNDS = 7
STOCK_ROUNDS = 3  # each takes some ten seconds
PRESSES = 40
SESSIONS = 4
PATIENCE = 60
SETTLED = 1.5  # seconds in which kernels end and the next is made ready: none of it is the next visitor's
PORT = re.compile(r"http://(?:127\.0\.0\.1|localhost):(\d+)")
# Looks into shadow roots too, in which Panel keeps everything.
WATCH = """
(() => {
  const seen = window.t4cSeen = {};
  const roots = [document];
  const { attachShadow } = Element.prototype;
  Element.prototype.attachShadow = function attach(options) {
    const root = attachShadow.call(this, options);
    roots.push(root);
    return root;
  };
  const all = (wanted) => roots.flatMap((root) => [...root.querySelectorAll(wanted)]);
  const shown = (one) => one.checkVisibility() && one.getBoundingClientRect().height > 0;
  window.t4cFind = (wanted) => all(wanted).find(shown);
  window.t4cLook = () => {
    const mark = t4cFind('.mark-symbol path, .mark-line path') && t4cFind('svg.marks');
    const paths = mark ? [...mark.querySelectorAll('path')] : [];
    return paths.map((one) => one.getAttribute('d') + one.getAttribute('transform')).join();
  };
  const look = () => {
    if (!document.body) return;
    if (!seen.control && t4cFind('select, input')) seen.control = performance.now();
    if (!seen.chart && t4cLook()) seen.chart = performance.now();
  };
  window.t4cReady = new Promise((resolve) => {
    const timer = setInterval(() => {
      look();
      if (!seen.control || !seen.chart) return;
      clearInterval(timer);
      resolve(seen);
    }, 10);
  });
  window.t4cPressed = () => {
    const before = t4cLook();
    window.t4cAnswer = new Promise((resolve) => addEventListener('keydown', (event) => {
      const wait = () => (t4cLook() === before ? requestAnimationFrame(wait)
        : resolve([performance.now() - event.timeStamp, performance.now()]));
      requestAnimationFrame(wait);
    }, { capture: true, once: true }));
  };
})();
"""
# Goes to the field of the number; gives the key that makes another one of it: ours is plain text, Panel's steps.
TYPED = """() => {
  const input = t4cFind('[name=x_amount], .bk-input[type=text]');
  input.focus();
  if (input.name !== 'x_amount') return 'ArrowUp';
  input.select();
  return input.value === '2' ? '3' : '2';
}"""


@dataclass
class Server:
    """A server that is measured.

    Attributes:
        name: as the table calls it.
        address: of the page.
        process: the server, whose children count as its own.
        found: what was measured, by what it is.
    """

    name: str
    address: str
    process: subprocess.Popen[str]
    found: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def memory(self) -> float:
        """Proportional memory of the server and all that it started, in megabytes."""
        processes = [psutil.Process(self.process.pid), *psutil.Process(self.process.pid).children(recursive=True)]
        pages: float = sum(one.memory_full_info().pss for one in processes)
        return pages / 2**20


def trial() -> Iterator[Row]:
    """Time, requests, bytes and memory of a page; and from a key press to the repainted chart."""
    with ExitStack() as stack:
        stack.enter_context(demonstration())
        held = add_official_files()
        add_placements()
        browser = stack.enter_context(chromium())
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        servers: list[Server] = [
            stack.enter_context(server) for server in (ours_served(folder), _stock(folder), _panel(folder))
        ]
        for server in servers:
            _visit(browser, server, count=False)
        for turn in range(ROUNDS):
            for server in servers:
                if "stock" not in server.name or turn < STOCK_ROUNDS:
                    _visit(browser, server)
        for server in servers:
            _press(browser, server)
            _fill(browser, server)
        yield Row("store", held)
        for server in servers:
            yield from _rows(server)
        yield from painted_rows(browser, servers[0].address.removesuffix(FORUM), SETTLED)


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser to visit with."""
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        raise SystemExit("The trial of pages needs Chromium (Debian: apt-get install chromium).")
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=options)
        yield browser
        browser.close()


@contextmanager
def _served(name: str, command: list[str], path: str, said: str, **settings: str) -> Iterator[Server]:
    """A server, once it has said so in a line."""
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, "PYTHONUNBUFFERED": "1", **settings},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    for line in process.stdout:
        if said in line and (port := PORT.search(line)):
            break
    else:
        raise RuntimeError(f"{name} did not start: {' '.join(command)}")
    threading.Thread(target=lambda: [None for _ in process.stdout or ()], daemon=True).start()
    try:
        yield Server(name, f"http://127.0.0.1:{port[1]}{path}", process)
    finally:
        process.terminate()
        process.wait()


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def ours_served(_folder: Path) -> AbstractContextManager[Server]:
    """The server of this project, on the default store."""
    command = [sys.executable, "-m", "t4c_lib", "serve", "--port", "0"]
    return _served("ours", command, f"/{FORUM}", "Ready after")


def _stock(folder: Path) -> AbstractContextManager[Server]:
    # Its charts bring their program along from the kernel, as Altair's do after enable_offline().
    notebook = str(shutil.copy(ROOT / "workbooks" / "forum.ipynb", folder))
    command = [sys.executable, "-m", "voila", notebook, "--no-browser", f"--port={_free_port()}"]
    return _served("stock Voila", command, f"/{OPENED}", "http://")


def _panel(folder: Path) -> AbstractContextManager[Server]:
    file = folder / "forum.json"
    file.write_text(json.dumps(what_the_page_holds()), encoding="utf-8")
    app = str(ROOT / "benchmarks" / "peers" / "panel_page.py")
    command = [str(environment.python()), "-m", "panel", "serve", app, "--port", str(_free_port())]
    return _served("Panel", command, "/panel_page", "panel_page", FORUM_PAGE=str(file), BOKEH_RESOURCES="server")


def what_the_page_holds() -> dict[str, object]:
    """What the forum page of one organisation in the default store offers and draws, for a likeness of it."""
    sys.path.insert(0, str(ROOT / "docs"))
    from chart_builders import built as chart_built

    from t4c_lib.address import Address
    from t4c_lib.charts.picture import TEMPLATES
    from t4c_lib.panels import ForumPanel, Frame
    from t4c_lib.store import Store

    with Store.open() as store:
        forum = ForumPanel(Frame("forum", store, Address(organisation="DEMO-AC", measure="young-share")))
        organisations = [f"{one.name} ({one.code})" for one in store.employers()]
    form, chart = forum.form, forum.chart
    assert form is not None
    assert chart is not None
    fields = {one.name: [words for _, words in one.options] for one in form.fields}
    offered = {"kinds": fields["x_kind"], "months": fields["due"], "bases": fields["base"]}
    built = chart_built(next(one.name for one in TEMPLATES.values() if one.frame is chart.spec))
    parameters = [{**one, "value": chart.values[one["name"]]} for one in built["params"]]
    drawn = {**built, "params": parameters, "datasets": chart.tables, "description": chart.description}
    return {**offered, "organisations": organisations, "sides": list(forum.top.sides.values()), "chart": drawn}


def _visit(browser: Browser, server: Server, *, count: bool = True) -> None:
    """Open the page with an empty cache, press a key, and open it again in the same browser."""
    context = browser.new_context(viewport={"width": 1366, "height": 900})
    context.add_init_script(WATCH)
    for kind in ("cold", "warm"):
        page = context.new_page()
        time.sleep(SETTLED)  # an empty window, as people have it before them
        sent: list[float] = []
        asked: list[str] = []
        devtools = context.new_cdp_session(page)
        devtools.send("Network.enable")
        devtools.on("Network.loadingFinished", lambda event, sent=sent: sent.append(event["encodedDataLength"]))
        page.on("request", partial(_note, asked))
        seen = _open(page, server)
        _type_once(page)
        answered = page.evaluate("t4cAnswer")[1]
        if count:
            for what, figure in (*seen.items(), ("key", answered)):
                server.found[f"{kind} {what}"].append(figure)
            fetched = [url for url in asked if not url.startswith(("blob:", "data:"))]
            server.found[f"{kind} requests"].append(len(fetched))
            server.found[f"{kind} bytes"].append(sum(sent))
            outside = [url for url in fetched if urlsplit(url).hostname not in {"127.0.0.1", "localhost"}]
            server.found["outside"].append(len(outside))
        page.close(run_before_unload=True)
        time.sleep(SETTLED)
    context.close()


def _note(asked: list[str], request: Request) -> None:
    asked.append(request.url)


def _open(page: Page, server: Server) -> dict[str, float]:
    page.goto(server.address, wait_until="commit", timeout=PATIENCE * 1000)
    seen: dict[str, float] = page.evaluate("t4cReady")
    return seen


def _type_once(page: Page) -> None:
    key = page.evaluate(TYPED)
    page.evaluate("t4cPressed()")
    page.keyboard.press(key)


def _quieten(context: BrowserContext) -> None:
    context.close()
    time.sleep(SETTLED)


def _press(browser: Browser, server: Server) -> None:
    context = browser.new_context(viewport={"width": 1366, "height": 900})
    context.add_init_script(WATCH)
    page = context.new_page()
    _open(page, server)
    for _ in range(PRESSES):
        _type_once(page)
        server.found["lever"].append(page.evaluate("t4cAnswer")[0])
        time.sleep(0.1)
    _quieten(context)


def _fill(browser: Browser, server: Server) -> None:
    before = server.memory()
    contexts = []
    for _ in range(SESSIONS):
        contexts.append(browser.new_context())
        contexts[-1].add_init_script(WATCH)
        _open(contexts[-1].new_page(), server)
    time.sleep(2)
    server.found["memory"].append((server.memory() - before) / SESSIONS)
    for context in contexts:
        context.close()


def _rows(server: Server) -> Iterator[Row]:
    aims = {"control": ("1.0", "0.5"), "chart": ("1.3", "0.5"), "key": ("", "")}
    words = {"control": "first control", "chart": "first chart", "key": "first answer to a key press"}
    ours = server.name == "ours"
    for what, (cold, warm) in aims.items():
        for kind, aim in (("cold", cold), ("warm", warm)):
            times = [one / 1000 for one in server.found[f"{kind} {what}"]]
            figure = f"{statistics.median(times):.2f} s ({min(times):.2f} to {max(times):.2f})"
            yield Row(f"{server.name}: {words[what]}, {kind}", figure, f"aim {aim} s" if ours and aim else "")
    for kind in ("cold", "warm"):
        size = statistics.median(server.found[f"{kind} bytes"]) / 1e6
        yield Row(
            f"{server.name}: {kind}",
            f"{statistics.median(server.found[f'{kind} requests']):.0f} requests, {size:.2f} MB",
        )
    lever = sorted(server.found["lever"])
    worst = lever[int(0.95 * len(lever))]
    aim = "aim 50 ms, 100 ms" if ours else ""
    yield Row(f"{server.name}: lever to chart", f"{statistics.median(lever):.0f} ms, 95% {worst:.0f} ms", aim)
    yield Row(f"{server.name}: memory a session", f"{server.found['memory'][0]:.0f} MB", "aim 80 MB" if ours else "PSS")
    yield Row(f"{server.name}: requests outside", f"{sum(server.found['outside']):.0f}", "aim 0" if ours else "")
