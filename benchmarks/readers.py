"""Reading official publications where they lie beside the checkout; files of that size made on the spot, where not."""

from __future__ import annotations

import csv
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.table import Row, seconds
from t4c_lib.evidence import read_files
from t4c_lib.evidence.ingest import known_tables

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
ORGANISATIONS, GRADES = 230, [*(f"Band {band}" for band in range(1, 8)), "Band 8a", "Non AfC Grade"]
CELLS = 110  # combinations of staff group, care setting and level with staff in an organisation


def trial() -> list[Row]:
    """Time each of the larger publications."""
    rows = [row for name, pattern, aim in PUBLICATIONS if (row := _official(name, pattern, aim))]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "core 5.csv"
        count = _core_5(path)
        rows.append(
            Row("Core 5, made up", seconds(_reading([path]), 3), f"{count:,} rows, {path.stat().st_size:,} bytes")
        )
        rows += _million(Path(folder) / "DEMO-AC staff.csv")
    return rows


PUBLICATIONS = (
    ("staff by nationality, 81,603 rows", "workforce/hchs-staff-*.xlsx", "aim: at most 4 s"),
    ("nine sickness files", "sickness/*.csv", "aim: at most 1 s"),
    ("residents by age", "population/population20_ltla21.csv", "331 authorities, 91 ages"),
    ("residents by ethnic group", "population/ethnicity21_ltla21.csv.gz", "12,578 rows"),
    ("turnover by age and band", "turnover/turnover2_*.csv", "55 rows"),
    ("both ODS lists", "ods/*.csv", "428 rows"),
)


def _official(name: str, pattern: str, remark: str) -> Row | None:
    paths = sorted(DATA.glob(pattern))
    return Row(name, seconds(_reading(paths)), remark) if paths else None


def _reading(paths: list[Path]) -> Callable[[], object]:
    return lambda: read_files(paths)


def _core_5(path: Path) -> int:
    """A file of Core 5's size: every organisation, some thousand cells each."""
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(next(one.columns for one in known_tables() if one.key == "workforce-core-5"))
        for organisation in range(ORGANISATIONS):
            code = f"R{organisation:03d}"
            place = ["2025-10-31", "Organisation", "Y56", "London", "QKK", "South East London", code, f"Trust {code}"]
            for cell in range(CELLS):
                main = "002_Support to clinical staff" if cell % 2 else "001_Professionally qualified clinical staff"
                group = ["003_Managers", "004_Support to doctors, nurses & midwives", "006_Support to ST&T staff"][
                    cell % 3
                ]
                for grade in GRADES:
                    writer.writerow([*place, main, group, f"{cell:03d}_Job", "001_Adult", "001_Level", grade, 1.5, 2])
                    count += 1
    return count


def _million(path: Path) -> list[Row]:
    """A demonstration trust grown to 27,000 people, over 36 months; read by a process that does nothing else."""
    subprocess.run([sys.executable, "-c", _GROW, str(STAFF), str(path)], cwd=DEMONSTRATION, env=_here(), check=True)
    told = [_told_of_reading(path) for _ in range(3)]
    taken = statistics.median(one["seconds"] for one in told)
    worked = statistics.median(one["worked"] for one in told)
    size, first = path.stat().st_size / 1e6, told[0]
    return [
        Row(
            f"staff extract, {first['rows']:,} rows",
            f"{taken:.2f} s ({worked:.2f} s of processor time)",
            f"aim: at most 6 s; {size:.0f} MB; {first['figures']:,} figures, {first['steps']} steps told",
        ),
        Row(
            "most memory while reading it", f"{max(one['memory'] for one in told) / 1e9:.2f} GB", "aim: at most 1.5 GB"
        ),
    ]


def _told_of_reading(path: Path) -> dict[str, Any]:
    done = subprocess.run([sys.executable, "-c", _READ, str(path)], env=_here(), check=True, capture_output=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _here() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(DEMONSTRATION.parents[1])}


DEMONSTRATION = Path(__file__).resolve().parents[1] / "data" / "demo"
STAFF = 27_000
_GROW = """
import sys
from pathlib import Path
from extract import as_csv, extract_of
from people import Simulation
from settings import read_settings

settings = read_settings()
grown = settings.organisations["DEMO-AC"].model_copy(update={"staff": int(sys.argv[1])})
settings = settings.model_copy(update={"organisations": {**settings.organisations, "DEMO-AC": grown}})
Path(sys.argv[2]).write_bytes(as_csv(extract_of(settings, "DEMO-AC", Simulation(settings, "DEMO-AC").run())))
"""
_READ = """
import json, resource, sys, time
from t4c_lib.evidence import read_files

steps = []
started = time.perf_counter()
(loaded,) = read_files([sys.argv[1]], lambda text, share: steps.append(share))
usage = resource.getrusage(resource.RUSAGE_SELF)
told = {"seconds": time.perf_counter() - started, "worked": usage.ru_utime + usage.ru_stime, "steps": len(steps),
        "memory": usage.ru_maxrss * 1024, "rows": loaded.source.rows, "figures": len(loaded.observations)}
print(json.dumps(told))
"""
