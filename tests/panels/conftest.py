"""Pages of the demonstration open here as in a kernel that is kept ready: what no test has changed is made once."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from t4c_lib.panels import store_polling
from t4c_lib.panels.what_if import WhatIfPanel
from t4c_lib.periods import today
from t4c_lib.sections.home_figures import HomeFigures
from t4c_lib.store import Store

CODE = "DEMO-AC"  # of which most tests open a page; pages of the others are made from nothing


@pytest.fixture(scope="session")
def figures(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> HomeFigures:
    """What the pages say of that organisation, as it is before anything was saved."""
    with Store.open(shutil.copy(demonstration, tmp_path_factory.mktemp("ready") / "store.sqlite")) as store:
        (organisation,) = (one for one in store.organisations() if one.code == CODE)
        return HomeFigures.of(store, organisation, today())


@pytest.fixture
def store_file(store_file: Path, figures: HomeFigures, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The copy of the demonstration for one test, with a kernel that had it open before."""
    with Store.open(store_file) as store:
        state = (CODE, figures.day, store.state(CODE))
    monkeypatch.setattr(store_polling, "_made", {"home": (state, figures)})
    return store_file


@pytest.fixture
def without_needs_at_a_chance(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out what each lever has to be with a chance: seconds a question, tried in tests/browser."""

    async def nothing(_panel: object) -> None:
        pass

    monkeypatch.setattr(WhatIfPanel, "needs_at_chance", nothing)
