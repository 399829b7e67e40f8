"""Every attempt on the pages, the kernels and the backups that the tests know, and what came of it.

    python -m benchmarks hostile            some minutes
    python -m benchmarks.hostile --write    likewise, and docs/reference/hostile.md is written

The list is that of the tests: a new test there is a new line here. A table of attempts counts each of its entries.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from benchmarks.table import Row, print_table

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "reference" / "hostile.md"
SERVING = ROOT / "tests" / "serving"
# They try whether things work, and nothing that somebody might do to them.
NOT_HOSTILE = {"test_assets.py", "test_kernels.py", "test_pages.py", "test_server.py", "test_turns.py", "test_wheel.py"}
FURTHER = (ROOT / "tests" / "store" / "test_store_restoring.py",)
Attempt = tuple[str, str]  # file and function


class _Outcomes:
    """A plugin of pytest that counts what came of each function's entries."""

    def __init__(self) -> None:
        self.counts: dict[Attempt, Counter[str]] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count the call, or what kept it from being made or from ending well."""
        if report.when != "call" and report.passed:
            return
        file, _, name = report.nodeid.partition("::")
        self.counts.setdefault((Path(file).name, name.partition("[")[0]), Counter())[report.outcome] += 1


def files() -> tuple[Path, ...]:
    """The files with attempts in them."""
    return (*(one for one in sorted(SERVING.glob("test_*.py")) if one.name not in NOT_HOSTILE), *FURTHER)


def attempts() -> Iterator[tuple[str, list[Attempt]]]:
    """Each file's heading, and the attempts in it in their order, without running any."""
    for file in files():
        tree = ast.parse(file.read_text(encoding="utf-8"))
        names = [one.name for one in tree.body if isinstance(one, ast.FunctionDef) and one.name.startswith("test_")]
        heading = (ast.get_docstring(tree) or file.stem).partition("\n")[0].rstrip(".")
        yield heading, [(file.name, name) for name in names]


def in_words(attempt: Attempt) -> str:
    """The sentence that a test's name is."""
    words = attempt[1].removeprefix("test_").replace("_", " ")
    return f"{words[:1].upper()}{words[1:]}"


def run() -> dict[Attempt, Counter[str]]:
    """Try everything, and give what came of it."""
    outcomes = _Outcomes()
    with contextlib.redirect_stdout(io.StringIO()):
        pytest.main(["-q", "-p", "no:cacheprovider", *map(str, files())], plugins=[outcomes])
    return outcomes.counts


def outcome(counts: Counter[str]) -> str:
    """In a word: whether it holds, or how often not."""
    if counts["failed"]:
        return f"**does not hold** in {counts['failed']} of {counts.total()}"
    return "holds" if counts["passed"] else "not tried on this system"


def page(counts: dict[Attempt, Counter[str]]) -> str:
    """The page, in Markdown."""
    tries = sum((one for one in counts.values()), Counter[str]())
    lines = [
        "# What was tried, and what came of it",
        "",
        "Written by `python -m benchmarks.hostile --write` from a run of the tests; nothing here is typed. Each line",
        "is a test of the file named above it, in its own words: what somebody might try, and what has to come of it.",
        "",
        f"{tries.total():,} attempts in {len(counts):,} tests. As it has to be: {tries['passed']:,}. Otherwise:"
        f" {tries['failed']:,}.",
    ]
    for heading, some in attempts():
        lines += [
            "",
            f"## {heading}",
            "",
            f"`{some[0][0]}`",
            "",
            "| Attempt | Tries | Outcome |",
            "| --- | --: | --- |",
        ]
        for one in some:
            of_one = counts.get(one, Counter())
            lines.append(f"| {in_words(one)} | {of_one.total():,} | {outcome(of_one)} |")
    return "\n".join(lines) + "\n"


def rows(counts: dict[Attempt, Counter[str]]) -> list[Row]:
    """A row for each attempt."""
    return [Row(in_words(one), outcome(of_one), f"{of_one.total():,} tries") for one, of_one in counts.items()]


def trial() -> list[Row]:
    """Each attempt, and what came of it."""
    return rows(run())


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the trial, and write its page if asked to."""
    parser = argparse.ArgumentParser(description="What might be tried against the workbook, and what comes of it.")
    parser.add_argument("--write", action="store_true", help=f"write {PAGE.relative_to(ROOT)}")
    options = parser.parse_args(arguments)
    counts = run()
    print_table("hostile", rows(counts))
    if options.write:
        PAGE.write_text(page(counts), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
