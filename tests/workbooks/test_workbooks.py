"""Every notebook is thin, committed without outputs, and runs on a demonstration trust."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient
from tests.samples import some_of

WORKBOOKS = sorted((Path(__file__).parents[2] / "workbooks").glob("*.ipynb"))
LONGEST_CELL = 12


def code_cells(notebook: Path) -> list[dict[str, Any]]:
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return [cell for cell in cells if cell["cell_type"] == "code"]


@pytest.mark.unit
@pytest.mark.parametrize("notebook", WORKBOOKS, ids=lambda path: path.stem)
def test_a_cell_tells_calls_or_shows_and_defines_nothing(notebook: Path) -> None:
    for cell in code_cells(notebook):
        source = "".join(cell["source"])
        tree = ast.parse(source)
        definitions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Lambda)]
        assert definitions == [], source
        assert len([line for line in source.splitlines() if line.strip()]) <= LONGEST_CELL, source


@pytest.mark.unit
@pytest.mark.parametrize("notebook", WORKBOOKS, ids=lambda path: path.stem)
def test_notebooks_import_names_of_our_library_only(notebook: Path) -> None:
    for cell in code_cells(notebook):
        for node in ast.walk(ast.parse("".join(cell["source"]))):
            assert not isinstance(node, ast.Import)
            if isinstance(node, ast.ImportFrom):
                assert (node.module or "").split(".")[0] == "t4c_lib"


@pytest.mark.unit
@pytest.mark.parametrize("notebook", WORKBOOKS, ids=lambda path: path.stem)
def test_notebooks_are_committed_without_outputs_and_with_a_title(notebook: Path) -> None:
    whole = json.loads(notebook.read_text(encoding="utf-8"))
    assert whole["metadata"]["title"]
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in code_cells(notebook))


@pytest.mark.workbook
@pytest.mark.parametrize(
    # Those that the server shows are run by the tests of their pages too.
    "notebook", some_of([path for path in WORKBOOKS if path.stem != "trust_report"], 2), ids=lambda path: path.stem
)
def test_pages_run_from_top_to_bottom(notebook: Path, store_file: Path) -> None:
    node = nbformat.read(notebook, as_version=4)  # type: ignore[no-untyped-call]
    NotebookClient(
        node, timeout=120, kernel_name="python3", resources={"metadata": {"path": notebook.parent}}
    ).execute()
    shown = [output for cell in node.cells if cell.cell_type == "code" for output in cell.outputs]
    kinds = {kind for output in shown for kind in output.get("data", {})}
    assert kinds & {"application/vnd.jupyter.widget-view+json", "text/html"}
