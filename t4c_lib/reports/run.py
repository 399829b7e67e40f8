"""Runs the report notebook for one organisation and makes its page. A report is there whole, or not at all."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from traitlets.config import Config

from t4c_lib.errors import T4CError
from t4c_lib.evidence import Organisation
from t4c_lib.sections import page_of
from t4c_lib.shipped import shipped

NOTEBOOK = shipped("workbooks") / "trust_report.ipynb"


# The report and its kernel talk through ports of this machine, which others signed in to it can reach too.
_KERNELS = Config({"KernelManager": {"transport_encryption": "auto"}})


class ReportError(T4CError):
    """A report that could not be made; the message says in which cell it stopped."""


@dataclass(frozen=True)
class ReportFiles:
    """Where one report was put: the executed notebook and its page."""

    notebook: Path
    page: Path


def run_report(organisation: Organisation, out: Path, *, notebook: Path = NOTEBOOK) -> ReportFiles:
    """Run the notebook for one organisation into `out/CODE/report.ipynb` and `out/CODE/report.html`.

    An earlier report of the same organisation stays until the new one is whole, and is then replaced.

    Raises:
        ReportError: a cell failed.
    """
    import papermill

    out.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=f".{organisation.code}-", dir=out))
    try:
        executed = papermill.execute_notebook(
            str(notebook),
            str(made / "report.ipynb"),
            parameters={"organisation": organisation.code},
            kernel_name="python3",
            progress_bar=False,
            log_output=False,
            config=_KERNELS,
        )
        title = f"{organisation.name}: where the pledge stands"
        page = page_of(_body(executed), title=title, demonstration=organisation.demonstration)
        (made / "report.html").write_text(page, encoding="utf-8")
        return _put_in_place(made, out / organisation.code)
    except papermill.PapermillExecutionError as failed:
        raise ReportError(
            f"The report of {organisation.code} stopped in cell {failed.exec_count}: {failed.ename}: {failed.evalue}"
        ) from None
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _body(executed: Any) -> str:
    """What the cells showed, as HTML, without the code."""
    from nbconvert import HTMLExporter

    exporter: Any = HTMLExporter(  # type: ignore[no-untyped-call]
        template_name="basic", exclude_input=True, exclude_output_prompt=True
    )
    body, _ = exporter.from_notebook_node(executed)
    return str(body)


def _put_in_place(made: Path, folder: Path) -> ReportFiles:
    folder.mkdir(exist_ok=True)
    for name in ("report.ipynb", "report.html"):
        (made / name).replace(folder / name)
    return ReportFiles(folder / "report.ipynb", folder / "report.html")
