"""Pages of the demonstration open here as in a kernel that is kept ready: what no test has changed is made once."""

from __future__ import annotations

from pathlib import Path

import pytest

from t4c_lib.panels.what_if import WhatIfPanel
from t4c_lib.store import Store
from tests.figures_once import FiguresOnce


@pytest.fixture
def store_file(store_file: Path, figures_once: FiguresOnce, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The copy of the demonstration for one test, with a kernel that had it open before."""
    figures_once.take_over(store_file, monkeypatch)
    return store_file


@pytest.fixture
def store(store_file: Path) -> Store:
    """That copy, opened."""
    return Store.open()


@pytest.fixture
def without_needs_at_a_chance(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out what each lever has to be with a chance: seconds a question, tried in tests/browser."""

    async def nothing(_panel: object) -> None:
        pass

    monkeypatch.setattr(WhatIfPanel, "needs_at_chance", nothing)
