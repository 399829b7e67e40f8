"""Writes the pages of docs/ that are made from definitions, or checks that they are fresh.

    python docs/build.py            write every page
    python docs/build.py --check    write nothing; exit 1 and name the pages that are stale

A further page is one more line of `pages`: where it goes, and the function that renders it. Drawings are compared
without the places in them, which another version of the renderer may round otherwise.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial
from pathlib import Path

from chart_builders import BUILDERS, compiled
from command_pages import commands_page, file_formats_page, levers_page, workbook_pages_page
from gallery import gallery_files, without_places
from measures_page import measures_page
from plan_schema_page import plan_schema_page
from publications_page import publications_page
from statuses_page import statuses_page
from what_if import what_if_files

ROOT = Path(__file__).resolve().parents[1]


@cache
def pages() -> tuple[tuple[str, Callable[[], str]], ...]:
    """Every page: its path, and what renders it. Charts' templates come before the pages that are drawn with them."""
    return tuple(_pages())


def _pages() -> Iterator[tuple[str, Callable[[], str]]]:
    yield from ((f"t4c_lib/charts/templates/{name}.json", partial(compiled, name)) for name in BUILDERS)
    yield "docs/reference/commands.md", commands_page
    yield "docs/reference/file-formats.md", file_formats_page
    yield "docs/reference/levers.md", levers_page
    yield "docs/reference/measures.md", measures_page
    yield "docs/reference/plan.schema.json", plan_schema_page
    yield "docs/reference/publications.md", publications_page
    yield "docs/reference/statuses.md", statuses_page
    yield "docs/reference/workbook-pages.md", workbook_pages_page
    yield from gallery_files()
    yield from what_if_files()


def stale_pages(root: Path) -> list[str]:
    """The pages under `root` that are missing or differ from what the definitions give, by their path."""
    return [path for path, render in pages() if not _same(_read(root / path), _rendered(render))]


def write_pages(root: Path) -> list[str]:
    """Write the pages that differ in anything from what is there; their paths."""
    written = []
    for path, render in pages():
        text = _rendered(render)
        if _read(root / path) != text:
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text, encoding="utf-8", newline="\n")
            written.append(path)
    return written


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
    sys.stdout.write("Writing the pages that are made from definitions ...\n")
    sys.stdout.flush()  # it is to be read now, also where it goes into a file
    for path in write_pages(options.root):
        sys.stdout.write(f"{path} written\n")
    return 0


def _read(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None


def _same(found: str | None, made: str) -> bool:
    return found is not None and without_places(found) == without_places(made)


@cache
def _rendered(render: Callable[[], str]) -> str:
    return render().rstrip("\n") + "\n"


if __name__ == "__main__":
    sys.exit(main())
