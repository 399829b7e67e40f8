"""Reference pages that are made from what the program declares: nothing that it declares is missing from them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import typer
from command_pages import commands_page, file_formats_page, levers_page, workbook_pages_page

from t4c_lib.cli import app
from t4c_lib.evidence import dictionary
from t4c_lib.framework import catalogue
from t4c_lib.whatif import LEVERS
from tests.served import ROOT

pytestmark = pytest.mark.unit


def commands(of: Any, name: str) -> Iterator[tuple[str, Any]]:
    """Every command, with its whole name."""
    for inner in of.commands.values():
        if hasattr(inner, "commands"):
            yield from commands(inner, f"{name} {inner.name}")
        else:
            yield f"{name} {inner.name}", inner


def test_every_command_and_option_is_on_the_page_with_what_it_is_for() -> None:
    page = commands_page()
    every = dict(commands(typer.main.get_command(app), "t4c"))
    assert len(every) > 30
    for name, command in every.items():
        section = page.partition(f"# {name}\n")[2].partition("\n#")[0]
        assert section.count(f"    {name}") == 1, name
        for option in (one for one in command.params if one.param_type_name == "option"):
            assert f"`{option.opts[0]}`" in section, (name, option.name)
            assert option.help.strip()[:40].replace("|", r"\|") in section, (name, option.name)


def test_every_lever_is_on_the_page_with_the_measures_that_it_moves() -> None:
    rows = {line.split(" | ")[1]: line for line in levers_page().splitlines() if line.startswith("| ")}
    for name, lever in LEVERS.items():
        assert lever.label in rows[f"`{name}`"]
    moved = {one.key: one.what_if.moved_by for one in catalogue().measures if one.what_if is not None}
    assert any(moved.values())
    for key, names in moved.items():
        assert [name for name in names if f"`{key}`" not in rows[f"`{name}`"]] == []


def test_every_column_of_a_staff_extract_is_on_the_page() -> None:
    page = file_formats_page()
    assert [one.column for one in dictionary() if f"\n| `{one.column}` |" not in page] == []


def test_every_notebook_is_on_the_page() -> None:
    page = workbook_pages_page()
    assert [file.name for file in (ROOT / "workbooks").glob("*.ipynb") if f"workbooks/{file.name}" not in page] == []


@pytest.mark.parametrize("make", [commands_page, levers_page, file_formats_page])
def test_every_row_of_a_table_has_as_many_cells_as_its_head(make: Callable[[], str]) -> None:
    head = 0
    for line in make().splitlines():
        cells = line.replace(r"\|", "").count("|") if line.startswith("| ") or line.startswith("|-") else 0
        assert not (head and cells) or cells == head, line
        head = cells


def test_what_the_accessibility_statement_rests_on_is_there() -> None:
    statement = (ROOT / "docs" / "guide" / "accessibility.md").read_text(encoding="utf-8")
    named = re.findall(r"\| `([\w/.]+)` \|$", statement, re.MULTILINE)
    assert len(named) > 5
    assert [name for name in named if not (ROOT / "tests" / name).exists()] == []
    assert statement.count(": *to be filled in by the employer") == 4
    assert "Four places below" in statement
