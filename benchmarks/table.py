"""What a trial gives, and how it is shown."""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True)
class Row:
    """One figure of a trial.

    Attributes:
        what: was measured.
        figure: with its unit.
        remark: the aim it is held against, or how it was measured.
    """

    what: str
    figure: str
    remark: str = ""


def seconds(work: Callable[[], object], times: int = 5) -> str:
    """Median and range of a piece of work, after one run that is not counted."""
    work()
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return f"{statistics.median(taken):.3f} s ({min(taken):.3f} to {max(taken):.3f})"


def print_table(title: str, rows: Iterable[Row]) -> None:
    """Show the rows of one trial; on the error output each as soon as it is there, for some trials are long."""
    table = Table(title=title, title_justify="left", show_edge=False)
    for heading in ("What", "Figure", "Remark"):
        table.add_column(heading)
    for row in rows:
        print(f"{title}: {row.what}: {row.figure}", file=sys.stderr, flush=True)
        table.add_row(row.what, row.figure, row.remark)
    Console(width=140).print(table)
