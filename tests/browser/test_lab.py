"""JupyterLab as `make lab` starts it: charts draw there too, and it asks nothing of any other machine."""

from __future__ import annotations

import os
import queue
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.served import PATIENCE, ROOT, write_page

pytestmark = pytest.mark.browser

CHART = """
from t4c_lib.panels import Chart
values = [{"month": 1, "people": 10}, {"month": 2, "people": 12}]
Chart({
    "$schema": "https://vega.github.io/schema/vega-lite/v6.json", "description": "People in post, 10 to 12",
    "width": "container", "mark": "bar", "data": {"values": values},
    "encoding": {"x": {"field": "month", "type": "ordinal"}, "y": {"field": "people", "type": "quantitative"}},
})
"""
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/lab\S*")


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory, own_file: Path) -> Iterator[str]:
    """The address of JupyterLab, for a person who never used it before."""
    tmp_path = tmp_path_factory.mktemp("lab")
    write_page(tmp_path / "chart.ipynb", "A chart", "# A chart", CHART)
    shutil.copy(ROOT / "workbooks" / "forum.ipynb", tmp_path)
    environment = {
        **os.environ,
        "T4C_DATABASE_URL": f"sqlite:///{own_file}",
        "HOME": str(tmp_path),
        "JUPYTER_CONFIG_PATH": str(ROOT / "scripts" / "lab"),
        "PYTHONUNBUFFERED": "1",
    }
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--port=0", f"--notebook-dir={tmp_path}"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    lines: queue.Queue[str] = queue.Queue()
    assert process.stdout is not None
    threading.Thread(target=pass_on, args=(process.stdout, lines), daemon=True).start()
    try:
        while not (found := ADDRESS.search(lines.get(timeout=PATIENCE))):
            pass
        wait_for_answer(found[0])
        yield found[0]
    finally:
        process.terminate()
        process.wait(timeout=PATIENCE)


def wait_for_answer(address: str) -> None:
    """JupyterLab says its address a moment before it answers there."""
    where = urlsplit(address)
    assert where.hostname is not None
    until = time.monotonic() + PATIENCE
    while True:
        try:
            socket.create_connection((where.hostname, where.port or 80), timeout=1).close()
        except OSError:
            assert time.monotonic() < until, f"nothing answers at {address}"
            time.sleep(0.1)
        else:
            return


def pass_on(source: IO[str], lines: queue.Queue[str]) -> None:
    for line in source:
        lines.put(line)


def run_all(page: Page, lab: str, notebook: str) -> None:
    # A workspace each, so that none is shown the tabs of another.
    page.goto(lab.replace("/lab", f"/lab/workspaces/{notebook.partition('.')[0]}/tree/{notebook}", 1))
    expect(page.locator(".jp-Notebook")).to_be_visible()
    expect(page.get_by_text("| Idle")).to_be_visible()
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_text("Run All Cells", exact=True).first.click()


@pytest.mark.detail
def test_a_chart_is_drawn_in_jupyterlab_and_no_news_is_offered(page: Page, lab: str) -> None:
    run_all(page, lab, "chart.ipynb")
    expect(page.get_by_role("img", name="People in post, 10 to 12")).to_be_visible()
    expect(page.locator(".t4c-chart svg")).to_be_visible()
    assert page.get_by_text("Would you like to").count() == 0


@pytest.mark.detail
def test_the_forum_page_stands_in_its_frame_in_jupyterlab_too(page: Page, lab: str) -> None:
    run_all(page, lab, "forum.ipynb")
    strip = page.get_by_role("region", name="About these figures")
    expect(strip.get_by_text("Inside the forum: not for publication")).to_be_visible()
    page.locator(".t4c-organisation > summary").click()
    page.keyboard.type("demo-mh")
    expect(page.locator(".t4c-best")).to_contain_text("Quillhaven Mental Health NHS Trust")
    page.keyboard.press("Escape")
    # The first press in a tall cell only selects the cell, which JupyterLab then scrolls.
    page.get_by_role("heading", name="Routes in").click()
    page.get_by_role("button", name="Staff aged 16 to 24", exact=True).click()
    page.get_by_label("X", exact=True).fill("2")
    expect(page.locator("[data-part=sentence]")).to_contain_text("2 percentage points")
    page.get_by_label("Your name").fill("Ada Example")
    page.get_by_label("You speak for").select_option("Both sides together")
    page.get_by_role("button", name="Save measure").click()
    expect(strip.get_by_text("Saved: 1m1 Staff aged 16 to 24")).to_be_visible()
    expect(strip.get_by_role("button", name="Undo")).to_be_visible()
