"""Reports, one after another, as an analyst runs them."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from benchmarks.demo_store import demonstration
from benchmarks.table import Row, seconds
from t4c_lib.disclosure import Audience
from t4c_lib.reports.batch import run_reports
from t4c_lib.reports.run import Format, ReportAsked
from t4c_lib.store import Store
from t4c_lib.store.engine import figures_folder


def trial() -> list[Row]:
    """Time the reports of one demonstration trust, made anew by a process that has imported what they need."""
    with demonstration(), tempfile.TemporaryDirectory() as folder:
        with Store.open() as store:
            trust = store.organisation("DEMO-MH")

        def make(*formats: Format, anew: bool = False) -> None:
            if anew:
                shutil.rmtree(figures_folder(), ignore_errors=True)
            (done,) = run_reports([ReportAsked(trust, Audience.FORUM, formats)], Path(folder), anew=True)
            assert done.state == "made", done.why

        make(Format.HTML)  # the process is started
        first = seconds(lambda: make(Format.HTML, anew=True), 3)
        page = seconds(lambda: make(Format.HTML), 5)
        every_first = seconds(lambda: make(*Format, anew=True), 3)
        every = seconds(lambda: make(*Format), 5)
    return [
        Row("report of one trust, page and notebook, from nothing", first, "odds with luck drawn, and every chart"),
        Row("the same once its figures are known", page, "worked out by an earlier run; aim: 0.35 s"),
        Row("all formats, from nothing", every_first, "page, board paper, plan, pledge, minutes, workbook, inputs"),
        Row("the same once its figures are known", every, "aim: 1.0 s"),
    ]
