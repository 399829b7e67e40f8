"""The reference page: it is fresh, it is whole, and the script that writes it says when it is not.

The drawings of docs/, which take long to make, are left to `docs/build.py --check` among the checks (static_checks.sh).
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from t4c_lib.framework import catalogue, populations, series

pytestmark = pytest.mark.unit

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = "docs/reference/"
PAGE = f"{REFERENCE}measures.md"


class Built(NamedTuple):
    returncode: int
    stderr: str


@pytest.fixture(scope="module")
def program() -> Iterator[Any]:
    """docs/build.py, imported once: what it renders it keeps."""
    sys.path.insert(0, str(ROOT / "docs"))
    yield importlib.import_module("build")
    sys.path.remove(str(ROOT / "docs"))


@pytest.fixture
def build(program: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    pages = tuple(one for one in program.pages() if one[0].startswith(REFERENCE) and "/gallery" not in one[0])
    assert len(pages) == 8
    monkeypatch.setattr(program, "pages", lambda: pages)

    def run(*arguments: str) -> Built:
        errors = StringIO()
        with redirect_stderr(errors), redirect_stdout(StringIO()):
            return Built(program.main(arguments), errors.getvalue())

    return run


def test_the_committed_pages_are_fresh(build: Any) -> None:
    result = build("--check")
    assert (result.returncode, result.stderr) == (0, "")


def test_a_stale_page_is_named_and_fails_the_check(build: Any, tmp_path: Path) -> None:
    assert build("--root", str(tmp_path)).returncode == 0
    assert build("--check", "--root", str(tmp_path)).returncode == 0
    with (tmp_path / PAGE).open("a", encoding="utf-8") as page:
        page.write("A line typed by hand.\n")
    result = build("--check", "--root", str(tmp_path))
    assert result.returncode == 1
    assert result.stderr == f"{PAGE} is stale: its definitions have changed since. Run `make docs` and commit it.\n"


def test_a_missing_page_is_stale(build: Any, tmp_path: Path) -> None:
    assert build("--check", "--root", str(tmp_path)).returncode == 1


def test_a_check_writes_nothing(build: Any, tmp_path: Path) -> None:
    build("--check", "--root", str(tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_every_row_of_the_catalogue_is_on_the_page(program: Any) -> None:
    page = program.measures_page()
    for measure in catalogue().measures:
        assert page.count(f"#### {measure.reference}: {measure.name}\n") == 1
        assert f"`{measure.key}`" in page
    for action in catalogue().actions:
        assert f"- **{action.ref}** " in page
    for intention in catalogue().intentions:
        assert f"### Intention {intention.number}: {intention.title}\n" in page


def test_every_series_and_population_is_on_the_page(program: Any) -> None:
    page = program.measures_page()
    assert [row.key for row in series() if f"`{row.key}`" not in page] == []
    assert [row.name for row in populations() if f"| {row.name} |" not in page] == []


def test_the_nine_blanks_have_a_table_in_the_order_of_the_framework(program: Any) -> None:
    page = program.measures_page()
    table = page[page.index("## The 9 blanks") : page.index("## All measures at a glance")]
    refs = [line.split("|")[1].strip() for line in table.splitlines() if line.startswith("| ") and "`" in line]
    assert refs == ["1m1", "1m3", "2m3", "2m4", "3a1", "3m3", "4m1-received", "4m1-meaningful", "6m3"]


def test_every_row_of_a_table_has_as_many_cells_as_its_head(program: Any) -> None:
    head = 0
    for line in program.measures_page().splitlines():
        if not line.startswith("|"):
            head = 0
            continue
        cells = line.replace(r"\|", "").count("|")
        head = head or cells
        assert cells == head, line


def test_no_share_is_shown_as_a_fraction(program: Any) -> None:
    table = program.measures_page().split("#### 5m1: ")[1].split("####")[0]
    assert "| asked by the source | 100% |" in table
