"""The engine of reports does with a notebook what a kernel of its own does, and nothing of a notebook stays behind."""

from __future__ import annotations

import json
import os
import re
import time
from pathlib import Path
from typing import Any

import nbformat as untyped
import papermill
import pytest

pytestmark = pytest.mark.workbook
nbformat: Any = untyped


AWKWARD = {
    "streams, in order": "import sys\nprint('a')\nprint('b', file=sys.stderr)\nprint('c', end='')\n41 + 1",
    "shown twice by one id": (
        "from IPython.display import HTML, display, update_display\n"
        "display(HTML('<b>1</b>'), display_id='one')\nupdate_display(HTML('<b>2</b>'), display_id='one')"
    ),
    "a rich result": "class Rich:\n    def _repr_html_(self):\n        return '<i>x</i>'\nRich()",
    "async": "import asyncio\nawait asyncio.sleep(0.001)\n'waited'",
    "magic": "%%capture caught\nprint('hidden')",
    "a large output": "print('x' * 2_000_000)",
    "names of cells before": "caught.stdout, _4",
    "nothing": "x = 3;",
}


def made(folder: Path, sources: list[str], **how: Any) -> Any:
    """The notebook with what its cells show; it is written before an error is raised."""
    cells = [nbformat.v4.new_code_cell(one) for one in sources]
    notebook = nbformat.v4.new_notebook(cells=cells)
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    source, out = folder / "in.ipynb", folder / "out.ipynb"
    nbformat.write(notebook, source)
    try:
        papermill.execute_notebook(str(source), str(out), progress_bar=False, **how)
    except papermill.PapermillExecutionError:
        assert any(one.get("ename") for cell in nbformat.read(out, 4).cells for one in cell.get("outputs", ()))
    return nbformat.read(out, 4)


def shown(notebook: Any) -> list[Any]:
    """What every cell shows: its number, what it wrote to each stream, and its other outputs in order.

    A kernel sends its two streams apart; here they stay in the order in which they were written.
    """
    found = []
    for cell in (one for one in notebook.cells if one.cell_type == "code"):
        streams, others = dict[str, str](), []
        for one in cell.outputs:
            if one.output_type == "stream":
                streams[one.name] = streams.get(one.name, "") + one.text
            else:
                data = {kind: re.sub("0x[0-9a-f]+", "0x", str(text)) for kind, text in one.get("data", {}).items()}
                others.append((one.output_type, one.get("ename"), one.get("evalue"), data))
        found.append((cell.execution_count, streams, others))
    return found


def test_awkward_cells_show_what_they_show_in_a_kernel_of_their_own(tmp_path: Path) -> None:
    sources = [*AWKWARD.values(), "raise KeyError('last')"]
    ours, theirs = (shown(made(tmp_path, sources, engine_name=name)) for name in ("t4c", "nbclient"))
    for name, mine, other in zip([*AWKWARD, "an error"], ours, theirs, strict=True):
        assert mine == other, name
    assert ours[-1][2][0][1] == "KeyError"


def test_nothing_of_a_notebook_stays_in_the_process_that_ran_it(tmp_path: Path) -> None:
    made(tmp_path, ["import json, os\nos.environ['T4C_LEFT'] = '1'\njson.LEFT = 1"], engine_name="t4c")
    assert "T4C_LEFT" not in os.environ
    assert not hasattr(json, "LEFT")


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", "DeadKernelError"),
        ("while True: pass", "CellTimeoutError"),
    ],
)
def test_a_cell_that_dies_or_never_ends_is_an_error_of_that_cell(tmp_path: Path, source: str, name: str) -> None:
    started = time.monotonic()
    notebook = made(tmp_path, ["1", source, "2"], engine_name="t4c", execution_timeout=2)
    outputs = [cell.outputs for cell in notebook.cells if cell.cell_type == "code"]
    assert [one.get("ename") for one in outputs[1]] == [name]
    assert outputs[2] == []
    assert time.monotonic() - started < 30
