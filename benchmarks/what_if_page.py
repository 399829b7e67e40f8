"""The what-if page at work: how soon a moved lever is answered, and what each lever has to be for a chosen chance.

python -m benchmarks what_if_page     about a minute
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urljoin

from playwright.sync_api import expect

from benchmarks.demo_store import demonstration
from benchmarks.table import Row

CODE = "DEMO-MH"
# A lever is moved step by step, each after all of the step before was answered; milliseconds of the page.
MOVE = """async (amounts) => {
  const text = (one) => document.querySelector(one).textContent;
  const slider = document.querySelector('input[type=range][data-lever=pre-employment-courses]');
  const pause = (time) => new Promise((resolve) => setTimeout(resolve, time));
  const found = [];
  for (const amount of amounts) {
    const [expected, begun] = [text('#w-chart'), performance.now()];
    slider.value = amount;
    slider.dispatchEvent(new Event('input', { bubbles: true }));
    while (text('#w-chart') === expected && performance.now() - begun < 10000) await pause(1);
    const moved = performance.now() - begun;
    while (text('#w-answer').includes('…') && performance.now() - begun < 10000) await pause(1);
    const odds = performance.now() - begun;
    const awaited = () => (document.querySelector('.w-needs')?.textContent ?? '').includes('…');
    while (!awaited() && performance.now() - begun < 20000) await pause(5);
    while (awaited() && performance.now() - begun < 20000) await pause(5);
    found.push([moved, odds, performance.now() - begun]);
    await pause(300);
  }
  return found;
}"""
# A lever dragged from one end of an interval to the other, a step each 30 ms: from the last step, which is large enough
# to be another sentence, to its expected path.
DRAG = """async ([from, to]) => {
  const slider = document.querySelector('input[type=range][data-lever=pre-employment-courses]');
  const pause = (time) => new Promise((resolve) => setTimeout(resolve, time));
  const shown = [];
  const watch = new MutationObserver(() => {
    const words = document.querySelector('#w-chart').textContent;
    if (words !== shown.at(-1)?.words) shown.push({ words, at: performance.now() });
  });
  watch.observe(document.body, { subtree: true, childList: true, characterData: true });
  let last = 0;
  for (let amount = from; amount <= to + 0.5; amount += 0.5) {
    slider.value = amount > to ? to + 4 : amount;
    last = performance.now();
    slider.dispatchEvent(new Event('input', { bubbles: true }));
    await pause(30);
  }
  await pause(2000);
  watch.disconnect();
  return shown.filter(({ words }) => words.includes('…')).at(-1).at - last;
}"""
AMOUNTS = (4, 6, 8, 10, 12, 14, 16, 18)


def trial() -> list[Row]:
    """Times on DEMO-MH, whose plan is full: in the browser, and of the model alone."""
    from benchmarks.pages import chromium, ours_served

    with ExitStack() as stack:
        stack.enter_context(demonstration())
        browser = stack.enter_context(chromium())
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server = urljoin(stack.enter_context(ours_served(folder)).address, "/")
        page = browser.new_page(viewport={"width": 1366, "height": 900})
        page.goto(f"{server}what_if?organisation={CODE}")
        page.wait_for_selector("#t4c-boot", state="detached")
        expect(page.get_by_text("Working out the chance:")).to_have_count(0, timeout=60_000)
        moved, odds, sure = zip(*page.evaluate(MOVE, AMOUNTS), strict=True)
        dragged = [page.evaluate(DRAG, ends) for ends in ((1, 6), (2, 8), (3, 10), (4, 12), (5, 14))]
        rows = [
            Row("a lever moved to the expected path", _median(moved), "aim 50 ms"),
            Row("a lever dragged, its last step to the expected path", _median(dragged), "aim 50 ms"),
            Row("a lever moved to the odds", _median(odds), "aim 300 ms"),
            Row("a lever moved to all that it would take at a chance", _median(sure), "aim 5,000 ms"),
        ]
        return [*rows, *_model()]


def _model() -> list[Row]:
    """Every measure that can be forecast, with odds; and twelve levers for a chosen chance."""
    from t4c_lib.periods import today
    from t4c_lib.progress.what_if import open_what_if
    from t4c_lib.progress.what_if_answers import WhatIfQuestion
    from t4c_lib.store import Store
    from t4c_lib.whatif import DOING_NOTHING, LEVERS

    with Store.open() as store:
        revision = store.latest_plan(CODE)
        assert revision is not None
        opened = open_what_if(revision.plan, store.observations(CODE), today())
    asked = [
        WhatIfQuestion(opened, row, row.target.due, row.target.goal)
        for row in revision.plan.measures
        if row.target is not None and not row.group and row.definition is None
    ]
    followed = [one for one in asked if not one.why_none]
    begun = time.perf_counter()
    for one in followed:
        one.odds(opened.plan_scenario)
    each = (time.perf_counter() - begun) / len(followed)
    share = next(one for one in followed if one.row.measure == "young-share")
    begun = time.perf_counter()
    for name in list(LEVERS)[:12]:
        share.need(DOING_NOTHING, name, 0.8)
    return [
        Row(f"odds of each of {len(followed)} measures, the model alone", f"{each * 1000:.0f} ms"),
        Row("twelve levers for a chance of 80%, the model alone", f"{time.perf_counter() - begun:.1f} s", "aim 5 s"),
    ]


def _median(times: Sequence[float]) -> str:
    return f"{statistics.median(times):.0f} ms ({min(times):.0f} to {max(times):.0f})"
