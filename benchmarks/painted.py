"""How soon a painted page can be read, and comes alive, with the official list of employers in the store.

Times are the page's own, from the start of the navigation. "Painted" is an address that was asked for before; "never
painted" one that was not. A figure is on the screen once its element is laid out and a frame has been drawn after it.
"""

import json
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page

from benchmarks.demo_store import demonstration
from benchmarks.table import Row

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
OFFICIAL = ("ods/etr_2025-07.csv", "sickness/*.csv")
VISITS = 7
AT_ONCE, TIMES = 30, 10
AMOUNTS = 40
FORUM = "forum?organisation=DEMO-AC&measure=young-share"
# What is looked for on each page: a figure and, where there is one, a chart; and the page from which one comes by link.
VIEWS = {
    "forum of DEMO-AC": (FORUM, "[data-part=sentence]", ".t4c-chart svg", "home?organisation=DEMO-AC"),
    "Home of DEMO-AC": ("home?organisation=DEMO-AC", ".t4c-figure", ".t4c-gaps", FORUM),
    "what-if of DEMO-AC": ("what_if?organisation=DEMO-AC", ".w-answer", ".t4c-chart svg", FORUM),
    "Board of DEMO-AC": ("board?organisation=DEMO-AC", ".b-ten", ".f-spark svg", FORUM),
    "Board of RWP": ("board?organisation=RWP", ".b-cards td", ".t4c-picture svg", "forum?organisation=RWP"),
    "Compare of RWP": ("compare?organisation=RWP", ".c-table td", ".t4c-picture svg", "forum?organisation=RWP"),
    "Work experience of DEMO-MH, ten thousand placements": (
        "work_experience?organisation=DEMO-MH",
        "h1",
        "[data-form=add-placement]",
        "home?organisation=DEMO-MH",
    ),
    "Home of RWP": ("home?organisation=RWP", ".t4c-figure", ".t4c-gaps", "forum?organisation=RWP"),
}
# How a page is come to: in a browser with an empty window that holds nothing, in another such tab of it, and by a link
# of the open page, as people go from page to page.
KINDS = {"cold": "aim 0.20 s", "new tab": "warm; for a link the aim is 0.10 s", "by link": "aim 0.10 s"}
PLACED, PLACEMENTS, BY = "DEMO-MH", 10_000, "Rowan Placeholder"
NEVER = ("DEMO-AM", "DEMO-CO", "DEMO-MH", "DEMO-SC", "DEMO-SP")
CHARTED = ("DEMO-AM", "DEMO-MH", "DEMO-SP")  # those whose Board has a chart
ANY_FIGURE = "[data-label=Latest], .t4c-figure"  # not all of them have an X yet
YEARS = ("2023/24", "2024/25", "2025/26")
# Views that no server paints by itself, what is looked for on them, and of what: another row, another measure, another
# intention, another year; and trusts with official figures and no plan.
NEVER_PAINTED = {
    "forum, another row": ("forum?organisation={}&measure=sickness", ANY_FIGURE, ".t4c-chart svg", NEVER),
    "What-if, another measure": ("what_if?organisation={}&measure=sickness", ".w-answer", ".t4c-chart svg", NEVER),
    "Board, one intention": ("board?organisation={}&intention=1", ".b-ten", ".f-spark svg", CHARTED),
    "Work experience, 10,000 placements, register of another year": (
        f"work_experience?organisation={PLACED}&cohort={{}}",
        "h1",
        "[data-form=add-placement]",
        YEARS,
    ),
    "Work experience, 10,000 placements, evaluation of another year": (
        f"work_experience?organisation={PLACED}&tab=evaluation&cohort={{}}",
        ".w-evaluation",
        ".w-bar svg",
        YEARS,
    ),
    "Home of a trust without a plan": (
        "home?organisation={}",
        ".t4c-figure",
        ".t4c-gaps",
        ("R1A", "RJ1", "RW1", "RYX"),
    ),
}
WATCH = """
(wanted) => {
  const seen = window.t4cTimes = { shift: 0 };
  const moved = (list) => { for (const one of list.getEntries()) if (!one.hadRecentInput) seen.shift += one.value; };
  new PerformanceObserver(moved).observe({ type: 'layout-shift', buffered: true });
  const isThere = (one) => [...document.querySelectorAll(one)].some((node) => node.getBoundingClientRect().height > 0);
  const look = () => {
    const [figure, chart] = wanted;
    if (!seen.figure && isThere(figure)) seen.figure = performance.now();
    if (!seen.chart && isThere(chart)) seen.chart = performance.now();
    if (!seen.live && seen.figure && !document.getElementById('t4c-boot')) seen.live = performance.now();
    requestAnimationFrame(look);
  };
  look();
}
"""
MOVE = """async (amounts) => {
  const input = document.querySelector('[name=x_amount]');
  const goal = () => document.querySelector('[data-part=sentence]').textContent;
  const paths = () => [...document.querySelectorAll('svg.marks path')];
  const mark = () => paths().map((one) => one.getAttribute('d') + one.getAttribute('transform')).join();
  const found = [];
  for (const amount of amounts) {
    const [words, place] = [goal(), mark()];
    await new Promise(requestAnimationFrame);
    const begun = performance.now();
    input.value = amount;
    input.dispatchEvent(new InputEvent('input', { bubbles: true }));
    document.body.getBoundingClientRect();
    const worded = goal() === words ? NaN : performance.now() - begun;
    while (mark() === place && performance.now() - begun < 1000) await new Promise((resolve) => setTimeout(resolve, 1));
    const moved = performance.now() - begun;
    while (document.querySelector('.f-waiting')) await new Promise((resolve) => setTimeout(resolve, 1));
    found.push([worded, moved, performance.now() - begun]);
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
  return found;
}"""


CHANGE = """async () => {
  const heading = () => document.querySelector('h1').textContent;
  const found = [];
  for (const name of ['type', 'region', 'date']) {
    const select = document.getElementById(`c-${name}`);
    for (const option of [...select.options].slice(0, 5)) {
      if (option.value === select.value) continue;
      const before = heading() + document.querySelector('.c-table').textContent;
      const begun = performance.now();
      select.value = option.value;
      select.dispatchEvent(new Event('change', { bubbles: true }));
      const isSame = () => heading() + document.querySelector('.c-table').textContent === before;
      while (isSame() && performance.now() - begun < 3000) await new Promise((resolve) => setTimeout(resolve, 1));
      found.push(performance.now() - begun);
      await new Promise((resolve) => setTimeout(resolve, 150));
    }
  }
  return found;
}"""


def trial() -> Iterator[Row]:
    """The rows of painted pages alone, a quarter of an hour; `pages` has them beside those of its peers, in one run."""
    from benchmarks.pages import SETTLED, chromium, ours_served

    with ExitStack() as stack:
        stack.enter_context(demonstration())
        held = add_official_files()
        add_placements()
        browser = stack.enter_context(chromium())
        server = stack.enter_context(ours_served(Path(stack.enter_context(tempfile.TemporaryDirectory()))))
        yield Row("store", held)
        yield from painted_rows(browser, server.address.removesuffix(FORUM), SETTLED)


def add_official_files() -> str:
    """Add the official list and sickness absence to the default store; gives a remark on what the store holds."""
    files = [str(file) for pattern in OFFICIAL for file in sorted(DATA.glob(pattern))]
    if not files:
        return "without the official files: ../shared/data is not here"
    subprocess.run([sys.executable, "-m", "t4c_lib", "evidence", "add", *files], check=True, capture_output=True)
    from t4c_lib.store import Store

    with Store.open() as store:
        return f"{len(store.employers())} organisations loaded"


def add_placements() -> None:
    """Enter the demonstration's placements and outcomes again and again, until there are ten thousand."""
    from t4c_lib.store import Store

    with Store.open() as store:
        programme = store.programme
        register = programme.register(PLACED)
        placements, outcomes = register.of("placement"), register.of("outcome")
        for _ in range(PLACEMENTS // len(placements) - 1):
            added = programme.add(PLACED, "placement", [one.content for one in placements], by=BY)
            refs = {one.ref: new.ref for one, new in zip(placements, added, strict=True)}
            again = [{**one.content, "placement": refs[one.content["placement"]]} for one in outcomes]
            programme.add(PLACED, "outcome", again, by=BY)


def painted_rows(browser: Browser, server: str, settled: float) -> Iterator[Row]:
    """The rows of painted pages.

    Args:
        browser: to visit with.
        server: the address of the server, up to the pages' names.
        settled: seconds between two visits, in which kernels end.
    """
    for name, (view, figure, chart, before) in VIEWS.items():
        found: dict[str, list[float]] = defaultdict(list)
        _until_painted(server + view)
        for _ in range(VISITS):
            context = browser.new_context(viewport={"width": 1366, "height": 768})
            for kind, start in zip(KINDS, ("", "", server + before), strict=True):
                for what, took in _visit(context, server + view, (figure, chart), start).items():
                    found[f"{kind} {what}"].append(took)
                time.sleep(settled)
            context.close()
        for what, words in (("figure", "figures"), ("chart", "chart or picture")):
            for kind, aim in KINDS.items():
                yield Row(f"{name}, painted: {words}, {kind}", _seconds(found[f"{kind} {what}"]), aim)
        for kind in KINDS:
            yield Row(f"{name}, painted: alive, {kind}", _seconds(found[f"{kind} live"]), "aim 0.50 s")
        shift = max(max(found[f"{kind} shift"]) for kind in KINDS)
        yield Row(f"{name}, painted: layout shift", f"{shift:.4f}", "aim 0")
        yield Row(f"{name}: bytes of the paint", f"{_size(server + view) / 1000:.0f} kB")
    yield from _never_painted(browser, server, settled)
    yield from _small_moves(browser, server)
    yield from _other_groups(browser, server)
    yield from _many_at_once(server)


def _visit(context: BrowserContext, address: str, wanted: tuple[str, str], start: str = "") -> dict[str, float]:
    page = _watched(context, wanted)
    if start:
        page.goto(start)
        page.locator("#t4c-boot").wait_for(state="detached")
        page.wait_for_timeout(1500)  # somebody reads it, and the next kernel is made ready
        page.evaluate("(address) => location.assign(address)", address)
    else:
        page.wait_for_timeout(1500)  # the empty window is open: starting its process is no part of a page
        page.goto(address, wait_until="commit")
    page.wait_for_function("() => t4cTimes.figure && t4cTimes.chart && t4cTimes.live")
    page.wait_for_timeout(300)  # in which it could still move
    seen: dict[str, float] = page.evaluate("t4cTimes")
    page.close(run_before_unload=True)
    return seen


def _watched(context: BrowserContext, wanted: tuple[str, str]) -> Page:
    page = context.new_page()
    page.add_init_script(f"({WATCH})({json.dumps(wanted)})")
    return page


def _never_painted(browser: Browser, server: str, settled: float) -> Iterator[Row]:
    for name, (address, figure, chart, codes) in NEVER_PAINTED.items():
        seen = defaultdict(list)
        for code in codes:
            context = browser.new_context(viewport={"width": 1366, "height": 768})
            for what, took in _visit(context, server + address.format(code), (figure, chart)).items():
                seen[what].append(took)
            context.close()
            time.sleep(settled)
        yield Row(f"{name}, never painted: figures", _seconds(seen["figure"]), "aim 0.50 s")
        yield Row(f"{name}, never painted: chart or picture", _seconds(seen["chart"]), "aim 0.50 s")


def _small_moves(browser: Browser, server: str) -> Iterator[Row]:
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    page = context.new_page()
    page.goto(server + VIEWS["forum of DEMO-AC"][0])
    page.locator("#t4c-boot").wait_for(state="detached")
    page.locator("svg.marks").first.wait_for()
    page.wait_for_timeout(1500)
    moves = page.evaluate(MOVE, [f"{0.3 + 0.1 * step:.1f}" for step in range(1, AMOUNTS + 1)])
    context.close()
    for at, what, aim in ((0, "words", 16), (1, "mark on the chart", 16), (2, "the model's answer", 50)):
        times = [one[at] for one in moves]
        figure = f"{statistics.median(times):.1f} ms, at most {max(times):.0f} ms"
        yield Row(f"a typed X to {what}", figure, f"aim {aim} ms")


def _other_groups(browser: Browser, server: str) -> Iterator[Row]:
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    page = context.new_page()
    page.goto(server + VIEWS["Compare of RWP"][0])
    page.locator("#t4c-boot").wait_for(state="detached")
    page.wait_for_timeout(1500)
    times = page.evaluate(CHANGE)
    context.close()
    figure = f"{statistics.median(times):.0f} ms, at most {max(times):.0f} ms"
    yield Row("Compare of RWP: another type, region or date", figure, "aim 100 ms")


def _many_at_once(server: str) -> Iterator[Row]:
    address = server + VIEWS["forum of DEMO-AC"][0]

    def one(_: int) -> float:
        begun = time.perf_counter()
        urllib.request.urlopen(address).read()
        return time.perf_counter() - begun

    with ThreadPoolExecutor(AT_ONCE) as pool:
        times = sorted(pool.map(one, range(AT_ONCE * TIMES)))
    yield Row(f"{AT_ONCE} at once: whole page, 95%", f"{times[int(0.95 * len(times))]:.3f} s", "aim 0.50 s")


def _size(address: str) -> int:
    return len(urllib.request.urlopen(address).read())


def _until_painted(address: str) -> None:
    _wait(lambda: b' data-kernel=""' in urllib.request.urlopen(address).read())


def _wait(holds: Callable[[], bool]) -> None:
    until = time.monotonic() + 60
    while not holds():
        if time.monotonic() > until:
            raise SystemExit("The page was not painted within a minute.")
        time.sleep(0.2)


def _seconds(milliseconds: list[float]) -> str:
    times = [one / 1000 for one in milliseconds]
    return f"{statistics.median(times):.2f} s ({min(times):.2f} to {max(times):.2f})"
