"""`t4c report`: the same report for one organisation or many."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

from t4c_lib.cli.console import complain, progress, say
from t4c_lib.cli.text_files import check_ending


def report(
    codes: Annotated[list[str], typer.Argument(metavar="CODE...", help="Codes of organisations.")],
    out: Annotated[Path, typer.Option(help="Folder to write to; each organisation gets a folder of its own.")],
) -> None:
    """Write each organisation's report: OUT/CODE/report.html to read, OUT/CODE/report.ipynb to check."""
    check_ending(out, "a folder with a page for each organisation", instead="A browser prints the page, as PDF too.")
    from t4c_lib.reports import run_report
    from t4c_lib.reports.run import ReportError
    from t4c_lib.store import Store

    with Store.open() as store:
        organisations = [store.organisation(code) for code in dict.fromkeys(codes)]
    failed = 0
    with progress() as step:
        for number, organisation in enumerate(organisations):
            step(f"{organisation.code} {organisation.name}", number / len(organisations))
            started = time.perf_counter()
            try:
                files = run_report(organisation, out)
            except ReportError as error:
                failed += 1
                complain(str(error))
            else:
                say(f"{organisation.code}: {files.page} ({time.perf_counter() - started:.1f} s)")
    if failed:
        raise typer.Exit(1)
