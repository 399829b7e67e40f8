"""`python -m benchmarks [NAME...]`: run the trials, or those named, and print what each found."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from collections.abc import Iterable
from pathlib import Path

from benchmarks.table import Row, print_table


def trials() -> list[str]:
    """Each module here with a function `trial()` is one; it gives rows of what, figure and remark."""
    names = [one.name for one in pkgutil.iter_modules([str(Path(__file__).parent)])]
    return [name for name in names if name not in {"__main__", "table", "demo_store"}]


def main() -> None:
    """Run them."""
    known = trials()
    wanted = sys.argv[1:] or known
    unknown = sorted(set(wanted) - set(known))
    if unknown:
        raise SystemExit(f"No trial called {', '.join(unknown)}. There are: {', '.join(known)}.")
    for name in wanted:
        rows: Iterable[Row] = importlib.import_module(f"benchmarks.{name}").trial()
        print_table(name, rows)


if __name__ == "__main__":
    main()
