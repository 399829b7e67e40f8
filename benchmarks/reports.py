"""Reports, one after another, as an analyst runs them."""

from __future__ import annotations

import tempfile
from pathlib import Path

from benchmarks.demo_store import demonstration
from benchmarks.table import Row, seconds
from t4c_lib.disclosure import Audience
from t4c_lib.reports.batch import run_reports
from t4c_lib.reports.run import Format, ReportAsked
from t4c_lib.store import Store


def trial() -> list[Row]:
    """Time the reports of one demonstration trust, made anew by a process that has imported what they need."""
    with demonstration(), tempfile.TemporaryDirectory() as folder:
        with Store.open() as store:
            trust = store.organisation("DEMO-MH")

        def make(*formats: Format) -> None:
            (done,) = run_reports([ReportAsked(trust, Audience.FORUM, formats)], Path(folder), anew=True)
            assert done.state == "made", done.why

        make(Format.HTML)  # the process is started
        page = seconds(lambda: make(Format.HTML), 3)
        every = seconds(lambda: make(*Format), 3)
    return [
        Row("report of one trust, page and notebook", page, "full plan, odds with luck, every chart drawn"),
        Row("the same in all formats", every, "page, board paper, plan, pledge, minutes, workbook, inputs"),
    ]
