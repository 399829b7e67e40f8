"""The forum page at work: how soon a row opens and a save is told, and what all ten intentions take in clicks and keys.

python -m benchmarks forum            some minutes
python -m benchmarks.forum --write    likewise, and docs/reference/forum-steps.md is written
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urljoin

from playwright.sync_api import Page

from benchmarks.demo_store import demonstration
from benchmarks.table import Row, print_table
from tests.forum_tasks import SPEAKERS, Forum, agree_everything, publish_the_pledge, set_everything

PAGE = Path(__file__).resolve().parents[1] / "docs" / "reference" / "forum-steps.md"
TIMES = 7
EMPTY = "ZZ9"
SETTING, AGREEING, PLEDGE = "Every row and X set", "Both sides agree to every row", "The pledge, to its publication"
PARTS = {SETTING: set_everything, AGREEING: agree_everything, PLEDGE: publish_the_pledge}
# A workshop on a simulated clock: seconds for a field, for a decision on a row, and for a signature.
FIELD, DECISION, SIGNATURE = 1, 5, 10
# From a click to the chart of a row, and from one to what the frame tells of a save; milliseconds of the page.
OPEN = """async (row) => {
  const begun = performance.now();
  document.querySelector(`.f-opener[data-row="${row}"]`).click();
  const marks = () => document.querySelector(`tr[id="${row}-open"] [data-keep=chart] svg.marks`);
  const drawn = () => marks() && getComputedStyle(marks()).visibility === 'visible';
  while (!drawn() && performance.now() - begun < 20000) await new Promise(requestAnimationFrame);
  return performance.now() - begun;
}"""
SAVE = """async () => {
  const said = document.querySelector('[data-part=revision]');
  const [before, begun] = [said.textContent, performance.now()];
  document.querySelector('form[data-form=save] button.f-primary').click();
  while (said.textContent === before && performance.now() - begun < 20000) await new Promise(requestAnimationFrame);
  const told = performance.now() - begun;
  const revision = said.textContent.match(/Revision (\\d+)/)[1];
  while (!document.querySelector(`.f-grid[data-revision="${revision}"]`) && performance.now() - begun < 20000) {
    await new Promise(requestAnimationFrame);
  }
  return [told, performance.now() - begun];
}"""


def trial() -> list[Row]:
    """Times on DEMO-MH, whose plan is full, and the steps from no plan to a whole one."""
    return _found()[1]


def _found() -> tuple[list[tuple[str, int, int, float]], list[Row]]:
    from benchmarks.pages import chromium, ours_served
    from t4c_lib.evidence import read_files
    from t4c_lib.store import Store
    from tests.browser.conftest import SICKNESS_ALONE

    with ExitStack() as stack:
        stack.enter_context(demonstration())
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        figures = folder / "nhs_sickness_absence_2024-04.csv"
        figures.write_text(SICKNESS_ALONE, encoding="utf-8")
        with Store.open() as store:
            store.add_evidence(read_files([figures]))
        browser = stack.enter_context(chromium())
        server = urljoin(stack.enter_context(ours_served(folder)).address, "/")
        page = browser.new_page(viewport={"width": 1366, "height": 768})
        times = list(_times(page, server))
        forum = Forum(page)
        forum.open(f"{server}forum?organisation={EMPTY}")
        parts: dict[str, Counter[str]] = {}
        for part, act in PARTS.items():
            before, begun = forum.done.copy(), time.monotonic()
            act(forum)
            parts[part] = forum.done - before
            steps = f"{parts[part]['clicks']} clicks, {parts[part]['keys']} keys"
            times.append(Row(part, steps, f"{time.monotonic() - begun:.0f} s here"))
        with Store.open() as store:
            latest = store.latest_plan(EMPTY)
        assert latest is not None
        rows = len(latest.plan.every_row)
    return _at_a_human_pace(parts, rows), times


def _at_a_human_pace(parts: dict[str, Counter[str]], rows: int) -> list[tuple[str, int, int, float]]:
    """Of each part its clicks and keys, and how many minutes it takes people who decide each row and agree to it."""
    decided = {SETTING: rows * DECISION, AGREEING: rows * DECISION * len(SPEAKERS), PLEDGE: SIGNATURE * len(SPEAKERS)}
    return [
        (part, done["clicks"], done["keys"], (done["clicks"] * FIELD + decided[part]) / 60)
        for part, done in parts.items()
    ]


def _times(page: Page, server: str) -> list[Row]:
    forum = Forum(page)
    forum.open(f"{server}forum?organisation=DEMO-MH&intention=1")
    forum.sign_in()
    rows = [one.get_attribute("data-row") for one in page.locator(".f-of-measures .f-opener").all()]
    drawn = [row for row in rows if row and "pre-employment" not in row]
    opened = [page.evaluate(OPEN, row) for row in drawn for _ in range(2) if _closed(page)]
    forum.open(f"{server}forum?organisation=DEMO-MH&measure=turnover")
    told, shown = [], []
    for number in range(TIMES):
        forum.form.locator("[name=x_amount]").fill(f"-1.{number + 1}")
        page.wait_for_timeout(1500)
        first, second = page.evaluate(SAVE)
        told.append(first)
        shown.append(second)
    return [
        Row("a row opened, to its chart", _median(opened), "aim 100 ms"),
        Row("a row saved, to its being told", _median(told), "aim 300 ms"),
        Row("a row saved, to the page as it is then", _median(shown)),
    ]


def _closed(page: Page) -> bool:
    """Close what is open, and wait until it is."""
    if (opener := page.locator(".f-opener[aria-expanded=true]")).count():
        opener.click()
        page.locator(".f-opener[aria-expanded=true]").wait_for(state="detached")
    page.wait_for_timeout(800)
    return True


def _median(times: list[float]) -> str:
    return f"{statistics.median(times):.0f} ms ({min(times):.0f} to {max(times):.0f})"


TEXT = """# What a forum presses and types

From no plan to a published pledge, as `tests/forum_tasks.py` does it on the forum page: all ten intentions, every row
adopted, reworded, left out or in place, one action and one measure of its own, every X with its baseline and date,
every document and review; then both sides agree to every row, and the pledge is agreed, approved, signed and
published. Written by `python -m benchmarks.forum --write`.

Minutes are those of a simulated clock: a second for a field or a press, five for each decision (one to set a row, one
for each side to agree to it), ten for a signature. What is left of ninety minutes is for talking.

| Part | Clicks | Keys | Minutes |
|---|---:|---:|---:|
{parts}

What was done to lower them:

| Step | Before | Now |
|---|---|---|
| Responsible posts | a field, typed, and a save for each of 71 rows | one field and one press for each intention |
| Rows adopted as suggested | a save each | nothing: a plan starts with all of them |
| Baselines where there are figures | typed | one press for an intention, or one choice in the row |
| Dates | typed | a list with the framework's own date first |
| The next intention | scroll up, find it at the side | one press below the last row, or Alt and Page Down |
| What is still to fix | looked for | a link to its field |
"""


def main() -> None:
    """Print what was found; with --write the page in docs/reference too."""
    parts, rows = _found()
    print_table("forum", rows)
    if "--write" in sys.argv:
        together = sum(one[1] for one in parts), sum(one[2] for one in parts), sum(one[3] for one in parts)
        lines = [
            f"| {part} | {clicks:,} | {keys:,} | {minutes:.0f} |"
            for part, clicks, keys, minutes in [*parts, ("Together", *together)]
        ]
        PAGE.write_text(TEXT.format(parts="\n".join(lines)), encoding="utf-8")


if __name__ == "__main__":
    main()
