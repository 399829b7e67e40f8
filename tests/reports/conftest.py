"""Reports of the demonstration, from figures that are gathered once for all that nothing was saved for."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.figures_once import FiguresOnce


@pytest.fixture
def store_file(store_file: Path, figures_once: FiguresOnce, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The copy of the demonstration for one test, of which figures are known."""
    figures_once.take_over(store_file, monkeypatch)
    return store_file
