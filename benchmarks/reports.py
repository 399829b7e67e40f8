"""Reports, one after another, as an analyst runs them."""

from __future__ import annotations

import tempfile
from pathlib import Path

from benchmarks.demo_store import demonstration
from benchmarks.table import Row, seconds
from t4c_lib.reports import run_report
from t4c_lib.store import Store


def trial() -> list[Row]:
    """Time the report of one demonstration trust."""
    with demonstration(), tempfile.TemporaryDirectory() as folder:
        with Store.open() as store:
            trust = store.organisation("DEMO-AC")
        figure = seconds(lambda: run_report(trust, Path(folder)), 3)
    return [
        Row(
            "report of one trust, plain papermill",
            figure,
            "every chart drawn for two widths, notebook and page written",
        )
    ]
