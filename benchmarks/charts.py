"""Charts: what making one takes, and what drawing it as SVG takes."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import count

from benchmarks.table import Row
from t4c_lib.charts import Picture
from tests.charts.drawn import PICTURES


def milliseconds(work: Callable[[], object], times: int) -> str:
    """Median and range in milliseconds, after one run that is not counted."""
    work()
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        work()
        taken.append((time.perf_counter() - started) * 1000)
    return f"{statistics.median(taken):.1f} ms ({min(taken):.1f} to {max(taken):.1f})"


def _draw(picture: Picture, widths: Iterator[int]) -> None:
    picture.svg(next(widths))


def trial() -> list[Row]:
    """Time each kind of chart, warm: description, table and specification; then the drawing."""
    rows = [Row(f"{name}: made", milliseconds(make, 30), "aim: 8 ms at most") for name, make in PICTURES.items()]
    for name, make in PICTURES.items():
        picture, widths = make(), count(800)  # a picture of the same width would not be drawn again
        figure = milliseconds(partial(_draw, picture, widths), 5)
        rows.append(Row(f"{name}: drawn as SVG", figure, f"{len(picture.svg()) / 1000:.0f} kB"))
    return rows
