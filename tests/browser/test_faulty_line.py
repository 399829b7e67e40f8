"""What the page shows is what the store has, whatever the line between them does."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from t4c_lib.store import Store
from tests.browser.conftest import watched_page
from tests.faulty_line import FaultyLine, save_over_it
from tests.samples import LINE_SEQUENCES
from tests.served import Served

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def forum(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[FaultyLine, Store]]:
    file = tmp_path_factory.mktemp("line") / "store.sqlite"
    shutil.copy(demonstration, file)
    server = Served(database=f"sqlite:///{file}")
    line = FaultyLine(server.address)
    with Store.open(file) as store:
        yield line, store
    line.close()
    server.stop()


@pytest.mark.parametrize("seed", range(LINE_SEQUENCES.sample))
def test_field_words_and_store_are_equal(chromium: Browser, forum: tuple[FaultyLine, Store], seed: int) -> None:
    line, store = forum
    with watched_page(chromium) as page:
        ended = save_over_it(page, line, store, seed)
        assert ended.equal, ended


def test_the_hour_that_found_it(chromium: Browser, forum: tuple[FaultyLine, Store]) -> None:
    line, store = forum
    with watched_page(chromium) as page:
        page.goto(f"{line.address}forum?organisation=DEMO-AC")
        amount = page.get_by_label("How many percentage points")
        page.get_by_label("Your name").fill("Ada Example")
        amount.fill("1.7")
        page.locator(".t4c-figure", has_text="7.2%").wait_for()
        line.stall()
        amount.fill("1.9")
        line.drop()
        amount.fill("2.9")
        page.get_by_role("button", name="Save this target").click()
        page.get_by_text("Saved:").filter(has_text="2.9 percentage points").wait_for()
        latest = store.latest_plan("DEMO-AC")
        assert latest is not None
        assert latest.plan.targets[0].change.amount == pytest.approx(0.029)
