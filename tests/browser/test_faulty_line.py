"""What the page shows is what the store has, whatever the line between them does."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from t4c_lib.store import Store
from tests.browser.conftest import alive, watched_page
from tests.browser.forum_row import press_save, saved_x, sentence, sign, x_of
from tests.faulty_line import FaultyLine, save_over_it
from tests.one_truth.extremes import REGISTERED
from tests.samples import LINE_SEQUENCES
from tests.served import Served

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def line(served: Served) -> Iterator[FaultyLine]:
    made = FaultyLine(served.address)
    yield made
    made.close()


@pytest.mark.parametrize("seed", range(LINE_SEQUENCES.sample))
def test_field_words_and_store_are_equal(chromium: Browser, line: FaultyLine, served_store: Store, seed: int) -> None:
    with watched_page(chromium) as page:
        ended = save_over_it(page, line, served_store, seed, REGISTERED)
        assert ended.equal, ended


@pytest.mark.detail
def test_the_hour_that_found_it(chromium: Browser, line: FaultyLine, served_store: Store) -> None:
    with watched_page(chromium) as page:
        page.goto(f"{line.address}forum?organisation={REGISTERED}&measure=young-share")
        amount = x_of(page)
        sign(page)
        amount.fill("1.7")
        expect(sentence(page)).to_contain_text("1.7%")
        line.stall()
        amount.fill("1.9")
        line.drop()
        amount.fill("2.9")
        press_save(page)
        expect(saved_x(page)).to_contain_text("+2.9 points")
        latest = served_store.latest_plan(REGISTERED)
        assert latest is not None
        assert latest.plan.targets[0].change.amount == pytest.approx(0.029)


def test_a_program_that_ended_while_the_line_was_down_is_said(
    chromium: Browser, line: FaultyLine, served: Served
) -> None:
    with watched_page(chromium) as page:
        page.clock.install()
        before = set(served.kernels())
        page.goto(f"{line.address}forum?organisation={REGISTERED}&measure=young-share&fresh=1")
        expect(x_of(alive(page))).to_be_visible()
        (kernel,) = set(served.kernels()) - before
        line.stall()
        os.kill(kernel.pid, signal.SIGKILL)
        kernel.wait()
        line.drop()
        notice = page.get_by_role("alert").filter(has_text="The program behind this page has ended.")
        for _ in range(60):  # looks, a second apart
            page.clock.fast_forward(1000)
            page.evaluate("fetch('health').then((answer) => answer.text())")
            if notice.count():
                break
        expect(notice).to_contain_text("What was saved is safe")
