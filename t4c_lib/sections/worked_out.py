"""What is worked out of an organisation's exact figures: once for whoever asks, and kept for later runs of reports."""

import datetime as dt
import hashlib
import os
import pickle
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd

from t4c_lib.filesystem import FIGURES, WriteError, own_folder, write_whole
from t4c_lib.parameters.assumption import FOLDER
from t4c_lib.progress.baselines import RowFigures
from t4c_lib.progress.figures import FigureTables, end_and_kind

T = TypeVar("T")


class WorkedOut:
    """What no save of a plan changes, or seldom: it is kept for as long as the figures stay.

    By row: the newest figures (`counted`), and all of those of periods that had ended on the day (`tables`): so many
    periods (`ended`). `before` is what was worked out of the same observations for another day.
    """

    def __init__(self, observations: pd.DataFrame, day: dt.date, before: "WorkedOut | None" = None) -> None:
        self.day, self.ended = day, sum(end_and_kind(one)[0] <= day for one in observations["period"].unique())
        self.counted: RowFigures = before.counted if before else RowFigures(observations)
        is_same = before is not None and before.ended == self.ended
        self.tables: FigureTables = before.tables if before and is_same else FigureTables(observations, day)
        self._known: dict[str, tuple[object, Any]] = dict(before._known) if before else {}
        self._file: Path | None = None  # in which it is kept, once it is to be
        self._is_kept = False  # whether it stands there as it is

    @classmethod
    def of(cls, observations: pd.DataFrame, day: dt.date, code: str) -> "WorkedOut":
        """Of an organisation's observations, with what an earlier run of reports kept of the very same ones."""
        if not (folder := os.environ.get(FIGURES)):
            return cls(observations, day)
        content = pd.util.hash_pandas_object(observations, index=False).to_numpy().tobytes()
        file, made = Path(folder, f"{code}-{hashlib.sha256(content + program()).hexdigest()[:24]}.figures"), None
        with suppress(OSError, EOFError, ValueError, AttributeError, ImportError, pickle.UnpicklingError):
            made = pickle.loads(file.read_bytes())  # noqa: S301  (in a folder of our own)
        if not isinstance(made, cls) or made.day != day:
            made = cls(observations, day, made if isinstance(made, cls) else None)
        made._file = file
        return made

    def keep(self) -> None:
        """Keep it for later runs, in the place of what was kept of the organisation; where it can't be, it is not."""
        if self._file is not None and not self._is_kept:
            file, self._is_kept = self._file, True
            with suppress(WriteError, OSError, pickle.PicklingError):
                write_whole(own_folder(file.parent) / file.name, pickle.dumps(self))
                for old in file.parent.glob(f"{file.name.rpartition('-')[0]}-*.figures"):
                    old.unlink() if old != file else None

    def on(self, day: dt.date) -> "WorkedOut":
        """The same for a day, with what was worked out so far; that of the other day asked for last is kept."""
        if day == self.day:
            return self
        made = self.once(_OTHER_DAY, day, lambda: WorkedOut(self.counted.observations, day, self))
        made._known.pop(_OTHER_DAY, None)
        return made

    def last(self, name: str, otherwise: Any = None) -> Any:
        """What was made by this name the last time, whatever it rests on."""
        return self._known.get(name, (None, otherwise))[1]

    def once(self, name: str, rests_on: object, make: Callable[[], T]) -> T:
        """What was made by this name the last time, if it rests on the same; else made anew."""
        known = self._known.get(name)
        if known is None or known[0] != rests_on:
            known, self._is_kept = (rests_on, make()), False
            self._known[name] = known
        made: T = known[1]
        return made


_OTHER_DAY = "another day"


@cache
def program() -> bytes:
    """Another one once the program was changed, or what it assumes of all organisations."""
    every = (file for folder in (Path(__file__).parents[1], FOLDER) for file in folder.rglob("*.*"))
    ours = sorted(file for file in every if file.suffix != ".pyc" and file.parent.name != "own")
    return repr([(file, file.stat().st_size, file.stat().st_mtime_ns) for file in ours]).encode()
