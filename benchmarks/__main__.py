"""`python -m benchmarks [NAME...]`: run the trials, or those named, and print what each found."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from pathlib import Path

from benchmarks.table import Row, print_table


def main() -> None:
    """Each module here with a function `trial()` is one trial; it gives rows of what, figure and remark."""
    names = [one.name for one in pkgutil.iter_modules([str(Path(__file__).parent)])]
    trials = [name for name in names if name not in {"__main__", "table", "demo_store"}]
    wanted = sys.argv[1:] or trials
    unknown = sorted(set(wanted) - set(trials))
    if unknown:
        raise SystemExit(f"No trial called {', '.join(unknown)}. There are: {', '.join(trials)}.")
    for name in wanted:
        rows: list[Row] = importlib.import_module(f"benchmarks.{name}").trial()
        print_table(name, rows)


main()
