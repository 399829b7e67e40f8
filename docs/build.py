"""Writes the pages of docs/ that are made from definitions, or checks that they are fresh.

    python docs/build.py            write every page
    python docs/build.py --check    write nothing; exit 1 and name the pages that are stale

A further page is one more row of `PAGES`: where it goes, and the function that renders it.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from t4c_lib.framework import measures_page
from t4c_lib.plan import plan_schema_page

ROOT = Path(__file__).resolve().parents[1]

PAGES: tuple[tuple[str, Callable[[], str]], ...] = (
    ("docs/reference/measures.md", measures_page),
    ("docs/reference/plan.schema.json", plan_schema_page),
)


def stale_pages(root: Path) -> list[str]:
    """The pages under `root` that are missing or differ from what the definitions give, by their path."""
    return [path for path, render in PAGES if _read(root / path) != _ended(render())]


def write_pages(root: Path) -> list[str]:
    """Write the pages that are stale; their paths."""
    stale = stale_pages(root)
    for path, render in PAGES:
        if path in stale:
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(_ended(render()), encoding="utf-8", newline="\n")
    return stale


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; its exit code."""
    parser = argparse.ArgumentParser(description="Write the pages of docs/ that are made from definitions.")
    parser.add_argument("--check", action="store_true", help="write nothing, exit 1 if a page is stale")
    parser.add_argument(
        "--root", type=Path, default=ROOT, help="the folder that holds docs/ (default: this repository)"
    )
    options = parser.parse_args(arguments)
    if options.check:
        stale = stale_pages(options.root)
        for path in stale:
            sys.stderr.write(f"{path} is stale: its definitions have changed since. Run `make docs` and commit it.\n")
        return 1 if stale else 0
    for path in write_pages(options.root):
        sys.stdout.write(f"{path} written\n")
    return 0


def _read(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None


def _ended(text: str) -> str:
    return text.rstrip("\n") + "\n"


if __name__ == "__main__":
    sys.exit(main())
