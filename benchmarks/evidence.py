"""Reading evidence: official publications, where they lie beside the checkout, and the demonstration extracts."""

from __future__ import annotations

import tempfile
from pathlib import Path

from benchmarks.demo_store import demonstration
from benchmarks.table import Row, seconds
from t4c_lib.evidence import read_files
from t4c_lib.store import Store

ROOT = Path(__file__).resolve().parents[1]


def trial() -> list[Row]:
    """Time reading and storing."""
    rows = []
    sickness = sorted((ROOT.parent / "shared" / "data" / "sickness").glob("*.csv"))
    if sickness:
        rows.append(Row("read nine sickness files", seconds(lambda: read_files(sickness)), "aim: at most 1 s"))
        rows.append(Row("read and store them", seconds(lambda: _store(sickness)), "a new SQLite store each time"))
    with demonstration():  # which makes the extracts where they are not there
        extracts = sorted((ROOT / "data" / "demo" / "extracts").glob("*.csv.gz"))
    rows.append(
        Row("read the six demonstration extracts", seconds(lambda: read_files(extracts), 3), "some 440,000 rows")
    )
    return rows


def _store(files: list[Path]) -> None:
    with tempfile.TemporaryDirectory() as folder, Store.open(Path(folder) / "store.sqlite") as store:
        store.add_evidence(read_files(files))
