"""A test takes its day here: what is known of one day doesn't hold for ever."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from unittest.mock import patch

# The day for which tests know what the demonstration's pages say: figures, chances, what is on course and what is over.
KNOWN_DAY = dt.date(2026, 12, 1)


@contextmanager
def on_day(day: dt.date) -> Iterator[None]:
    """Whoever asks for `periods.today()` is told this day, whatever name they imported it by; saves keep their time."""

    class Clock(dt.datetime):
        @classmethod
        def now(cls, tz: dt.tzinfo | None = None) -> Clock:
            return cls.combine(day, dt.time(12), tz)

    with patch("t4c_lib.periods.dt", SimpleNamespace(**{**vars(dt), "datetime": Clock})):
        yield
