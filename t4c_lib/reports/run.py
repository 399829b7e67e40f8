"""Runs the report notebook for one organisation and makes its page. A report is there whole, or not at all."""

import json
import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from traitlets.config import Config

from t4c_lib.atomic_writes import keep_to_oneself, own_folder
from t4c_lib.disclosure import INSIDE, Audience
from t4c_lib.disclosure.check import digest_of_notebook
from t4c_lib.errors import T4CError
from t4c_lib.evidence import Organisation
from t4c_lib.sections import page_of
from t4c_lib.shipped import shipped
from t4c_lib.typed_text import check_organisation_code

NOTEBOOK = shipped("workbooks") / "trust_report.ipynb"
# What a report is called in its organisation's folder: the exact one can't be taken for the other, nor replaces it.
NAMES = {Audience.PUBLISHED: "report", Audience.FORUM: f"report{INSIDE}"}
LEFT_BEHIND_SECONDS = 3600  # a report takes seconds

# The report and its kernel talk through ports of this machine, which others signed in to it can reach too.
_KERNELS = Config({"KernelManager": {"transport_encryption": "auto"}})


class ReportError(T4CError):
    """A report that could not be made; the message says in which cell it stopped."""


@dataclass(frozen=True)
class ReportFiles:
    """Where one report was put: the executed notebook and its page."""

    notebook: Path
    page: Path


def run_report(
    organisation: Organisation, out: Path, *, audience: Audience = Audience.PUBLISHED, notebook: Path = NOTEBOOK
) -> ReportFiles:
    """Run the notebook for one organisation into `out/CODE/report.ipynb` and `out/CODE/report.html`.

    With exact figures, for the forum, they are called report-inside-the-forum. An earlier report of the same
    organisation and audience stays until the new one is whole, and is then replaced.

    Raises:
        InputError: the organisation's code can't be the name of a folder.
        ReportError: a cell failed, or the folder can't be written to.
    """
    import papermill

    check_organisation_code(organisation.code)
    made = None
    try:
        _clear_away(own_folder(out), organisation.code)
        made = Path(tempfile.mkdtemp(prefix=f".{organisation.code}-", dir=out))
        executed = papermill.execute_notebook(
            str(notebook),
            str(made / "report.ipynb"),
            parameters={"organisation": organisation.code, "audience": str(audience)},
            kernel_name="python3",
            progress_bar=False,
            log_output=False,
            config=_KERNELS,
        )
        _finished(executed, made / "report.ipynb")
        title = f"{organisation.name}: where the pledge stands"
        page = page_of(_body(executed), title=title, demonstration=organisation.demonstration, audience=audience)
        (made / "report.html").write_text(page, encoding="utf-8")
        return _put_in_place(made, out / organisation.code, NAMES[audience])
    except papermill.PapermillExecutionError as failed:
        where = f"The report of {organisation.code} stopped in cell {failed.exec_count}"
        raise ReportError(f"{where}: {failed.ename}: {failed.evalue}") from None
    except OSError as error:
        why = f"{error.strerror or error}{f' ({error.filename})' if error.filename else ''}"
        raise ReportError(f"The report of {organisation.code} can't be written to {out}: {why}.") from None
    finally:
        if made is not None:
            shutil.rmtree(made, ignore_errors=True)


def _clear_away(out: Path, code: str) -> None:
    """Remove what a run left half made that was killed; one that is under way is younger."""
    for left in out.glob(f".{code}-*"):
        if time.time() - left.stat().st_mtime > LEFT_BEHIND_SECONDS:
            shutil.rmtree(left, ignore_errors=True)


def _finished(executed: Any, file: Path) -> None:
    """Write the notebook anew: with its digest, and without the folders of this machine."""
    import nbformat

    for name in ("input_path", "output_path"):
        executed.metadata.papermill[name] = Path(executed.metadata.papermill[name]).name
    as_in_a_file = json.loads(nbformat.writes(executed))  # type: ignore[no-untyped-call]
    executed.metadata["t4c"] = {**executed.metadata.get("t4c", {}), "digest": digest_of_notebook(as_in_a_file)}
    file.write_text(nbformat.writes(executed), encoding="utf-8")  # type: ignore[no-untyped-call]


def _body(executed: Any) -> str:
    """What the cells showed, as HTML, without the code."""
    from nbconvert import HTMLExporter

    exporter: Any = HTMLExporter(  # type: ignore[no-untyped-call]
        template_name="basic", exclude_input=True, exclude_output_prompt=True
    )
    body, _ = exporter.from_notebook_node(executed)
    return str(body)


def _put_in_place(made: Path, folder: Path, name: str) -> ReportFiles:
    keep_to_oneself(own_folder(folder))
    files = ReportFiles(folder / f"{name}.ipynb", folder / f"{name}.html")
    for file, place in (("report.ipynb", files.notebook), ("report.html", files.page)):
        keep_to_oneself(made / file)
        (made / file).replace(place)
    return files
