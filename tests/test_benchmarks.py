"""Trials bring the demonstration organisations along: a fresh checkout has no store."""

from __future__ import annotations

import importlib
import os
import shutil
from functools import partial
from pathlib import Path

import pytest

from benchmarks import demo_store, disclosure, hostile, pages
from benchmarks.__main__ import trials
from t4c_lib.store import Store
from t4c_lib.store.engine import DATABASE_URL


def copied(demonstration: Path, file: Path) -> str:
    """A store with the demonstrations at that place: loading takes long, and the fixture has just done it."""
    shutil.copy(demonstration, file)
    return f"sqlite:///{file}"


@pytest.mark.flow
def test_a_trial_finds_the_demonstration_where_no_store_is(
    demonstration: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nowhere = tmp_path / "nowhere.sqlite"
    monkeypatch.setenv(DATABASE_URL, f"sqlite:///{nowhere}")
    monkeypatch.setattr(demo_store, "load_demonstration", partial(copied, demonstration))
    with demo_store.demonstration() as file:
        with Store.open() as store:
            assert len(store.organisations()) == 6
        assert pages.what_the_page_holds()["chart"]
    assert not file.exists()
    assert not nowhere.exists()
    assert os.environ[DATABASE_URL] == f"sqlite:///{nowhere}"


@pytest.mark.unit
@pytest.mark.parametrize("name", trials())
def test_each_trial_can_be_begun(name: str) -> None:
    """Most are run by hand alone; mypy looks into them, and they go with whatever is renamed."""
    assert callable(importlib.import_module(f"benchmarks.{name}").trial)


@pytest.mark.unit
def test_the_page_of_what_was_tried_has_every_attempt_of_the_tests_and_no_other() -> None:
    text = hostile.PAGE.read_text(encoding="utf-8")
    told = [line.split(" | ")[0].removeprefix("| ") for line in text.splitlines() if line.startswith("| ")]
    known = [hostile.in_words(one) for _, some in hostile.attempts() for one in some]
    assert [one for one in told if one != "Attempt" and "---" not in one] == known, (
        "python -m benchmarks.hostile --write"
    )


@pytest.mark.detail
@pytest.mark.flow
def test_the_page_of_what_small_numbers_cost_is_up_to_date(
    demonstration: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo_store, "load_demonstration", partial(copied, demonstration))
    monkeypatch.setenv(DATABASE_URL, f"sqlite:///{tmp_path / 'nowhere.sqlite'}")
    assert disclosure.PAGE.read_text(encoding="utf-8") == disclosure.page(), "python -m benchmarks.disclosure --write"
