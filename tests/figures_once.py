"""Figures of the demonstration as it was loaded: worked out once for all tests that have saved nothing yet."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path
from typing import Any

import pytest

from t4c_lib.disclosure import Audience
from t4c_lib.evidence import Organisation
from t4c_lib.panels import between_pages
from t4c_lib.periods import today
from t4c_lib.sections.board import Board
from t4c_lib.sections.home import HomeFigures
from t4c_lib.store import Store


class FiguresOnce:
    """Stands in for `HomeFigures.of` and `Board.of`: nobody may change what they give, so tests of one state share it.

    Once a test has saved something of an organisation into its own copy of the demonstration, it is gathered anew.
    """

    def __init__(self, demonstration: Path, folder: Path) -> None:
        self._store = Store.open(Path(shutil.copy(demonstration, folder / "store.sqlite")))
        self._gather, self._look = HomeFigures.of, Board.of
        self._known: dict[object, HomeFigures] = {}
        self._boards: dict[object, Board] = {}
        self._copy = Path()

    def take_over(self, copy: Path, patch: pytest.MonkeyPatch) -> None:
        """For one test and its copy of the demonstration, with a kernel that had no page before."""
        self._copy = copy
        patch.setattr(HomeFigures, "of", self.of)
        patch.setattr(Board, "of", self.board_of)
        patch.setattr(between_pages, "_made", {})

    def of(
        self, store: Store, organisation: Organisation, day: dt.date, before: HomeFigures | None = None, **asked: Any
    ) -> HomeFigures:
        """As `HomeFigures.of`."""
        place, *_, mark, assumptions = store.state(organisation.code)
        *_, loaded, _ = self._store.state(organisation.code)
        is_ours = store is self._store or place == f"sqlite:///{self._copy}"
        if before or asked.get("plan") or not is_ours or mark != loaded:
            return self._gather(store, organisation, day, before, **asked)
        key = (organisation.code, day, today(), asked.get("audience", Audience.FORUM), assumptions)
        if key not in self._known:
            self._known[key] = self._gather(store, organisation, day, **asked)
        return self._known[key]

    def board_of(
        self, store: Store, home: HomeFigures, since: dt.date | None = None, strand: str = "", *gather: Any
    ) -> Board:
        """As `Board.of`."""
        if not any(home is one for one in self._known.values()):
            return self._look(store, home, since, strand, *gather)
        key = (id(home), since, strand)
        if key not in self._boards:
            self._boards[key] = self._look(self._store, home, since, strand)
        return self._boards[key]

    def end(self) -> None:
        """Close its store."""
        self._store.close()
