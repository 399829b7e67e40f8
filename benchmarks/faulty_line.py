"""Two hundred people who type and save while the line stalls, breaks and delivers out of turn."""

from __future__ import annotations

import shutil
import sys

from playwright.sync_api import expect, sync_playwright

from benchmarks.demo_store import demonstration
from benchmarks.table import Row
from t4c_lib.store import Store
from tests.faulty_line import Ended, FaultyLine, save_over_it
from tests.samples import LINE_SEQUENCES
from tests.served import PATIENCE, Served


def trial() -> list[Row]:
    """How often field, words and store were equal at the end."""
    expect.set_options(timeout=PATIENCE * 1000)
    with demonstration() as file, sync_playwright() as playwright, Store.open(file) as store:
        server = Served(database=f"sqlite:///{file}")
        line = FaultyLine(server.address)
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--headless", "--no-sandbox"]
        )
        ended: list[Ended] = []
        try:
            for seed in range(LINE_SEQUENCES.whole):
                page = browser.new_page()
                ended.append(save_over_it(page, line, store, seed))
                page.close()
                sys.stderr.write(f"\r{len(ended)} of {LINE_SEQUENCES.whole}")
        finally:
            browser.close()
            line.close()
            server.stop()
    unequal = [str(seed) for seed, one in enumerate(ended) if not one.equal]
    return [
        Row("Sequences of typing, saving, stalls, breaks and frames out of turn", str(len(ended))),
        Row(
            "In which field, words and store were equal at the end",
            str(len(ended) - len(unequal)),
            f"not in {', '.join(unequal)}" if unequal else "all of them is the aim",
        ),
        Row("In which the page first said that they differed", str(sum(one.refused > 0 for one in ended))),
    ]
