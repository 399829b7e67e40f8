"""Reports of many organisations, as analysts run them overnight, beside a plain loop around papermill.

One run, one machine. T4C_BENCH_REPORTS says how many reports the long run makes (100 unless given; 2,000 takes half an
hour); ../shared/data has the 205 trusts, and without it that part says so.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from unittest.mock import patch

import nbformat
import papermill
import psutil  # type: ignore[import-untyped]

from benchmarks.demo_store import ROOT, demonstration
from benchmarks.peers import environment
from benchmarks.table import Row
from t4c_lib.disclosure import Audience
from t4c_lib.evidence import read_files
from t4c_lib.reports.batch import run_reports
from t4c_lib.reports.run import NOTEBOOK, Format, ReportAsked
from t4c_lib.store import Store
from t4c_lib.store.engine import DATABASE_URL, figures_folder
from tests.evidence.layouts import SURVEY_ORGANISATIONS
from tests.evidence.publication_files import rows_of, survey_workbook
from tests.report_making import small_trusts

SHARED = Path(os.environ.get("T4C_SHARED", ROOT.parent / "shared"))
CORES = os.cpu_count() or 1
MANY_AT_ONCE = 40  # reports, so that starting the run counts as little as it does overnight
MANY = int(os.environ.get("T4C_BENCH_REPORTS", "100"))


def trial() -> list[Row]:
    """The engine alone, a full plan, every trust, very many, and runs that are killed."""
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        return [*_engine(place), *_full_plan(place), *_every_trust(place), *_very_many(place), *_killed(place)]


def _a_minute(work: Callable[[], object], times: int) -> float:
    started = time.perf_counter()
    for _ in range(times):
        work()
    return 60 * times / (time.perf_counter() - started)


def _engine(place: Path) -> list[Row]:
    """A notebook of one cell: through papermill and a kernel, through our engine, and through a neighbour's."""
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("print(6 * 7)")])  # type: ignore[no-untyped-call]
    made.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    file, out = place / "trivial.ipynb", place / "out.ipynb"
    nbformat.write(made, file)  # type: ignore[no-untyped-call]

    def by(engine: str | None) -> Callable[[], object]:
        return lambda: papermill.execute_notebook(str(file), str(out), engine_name=engine, progress_bar=False)

    by("t4c")()
    plain, ours = _a_minute(by(None), 6), _a_minute(by("t4c"), 60)
    rows = [
        Row("trivial notebook, plain papermill loop", f"{plain:.0f} a minute"),
        Row("the same with --engine t4c", f"{ours:.0f} a minute", f"{ours / plain:.0f} times; aim: at least 15"),
    ]
    try:
        command = [str(environment.python()), str(ROOT / "benchmarks/peers/ploomber_runs.py"), str(file), str(out)]
    except environment.NoPeersError as error:
        return [*rows, Row("ploomber-engine, embedded", "not installed", str(error))]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return [
        *rows,
        Row("ploomber-engine, embedded", f"{float(told):.0f} a minute", "nothing kept apart; aim: not ahead"),
    ]


def _run(asked: Sequence[ReportAsked], out: Path) -> tuple[float, list[str]]:
    """Seconds, and why reports failed."""
    started = time.perf_counter()
    done = list(run_reports(asked, out, workers=CORES, anew=True))
    return time.perf_counter() - started, [f"{one.asked.organisation.code}: {one.why}" for one in done if one.why]


def _full_plan(place: Path) -> list[Row]:
    """DEMO-MH: as a page, in all formats, and by a plain papermill loop."""
    with demonstration():
        with Store.open() as store:
            trust = store.organisation("DEMO-MH")
        rows = []
        for formats, aim in (((Format.HTML,), 250), (tuple(Format), 60)):
            what = "page and notebook" if len(formats) == 1 else "all formats"
            asked = [ReportAsked(trust, Audience.FORUM, formats)]
            shutil.rmtree(figures_folder(), ignore_errors=True)
            first, _ = _run(asked, place / "one")
            rows.append(Row(f"DEMO-MH, {what}, the first, from nothing", f"{first:.2f} s"))
            taken = [_run(asked, place / "one") for _ in range(3)]
            two, failed = _run(asked * MANY_AT_ONCE, place / "many")
            assert not failed, failed
            rows.append(
                Row(f"DEMO-MH, {what}, one", f"{min(seconds for seconds, _ in taken):.2f} s", "its figures are known")
            )
            speed = f"{MANY_AT_ONCE * 60 / two:.0f} a minute"
            rows.append(Row(f"DEMO-MH, {what}, {CORES} at once", speed, f"aim: {aim}; its figures are known"))
        given = {"organisation": "DEMO-MH", "audience": "forum"}
        quiet = {"progress_bar": False, "log_output": False}
        plain = _a_minute(
            lambda: papermill.execute_notebook(str(NOTEBOOK), str(place / "p.ipynb"), parameters=given, **quiet), 2
        )
        return [*rows, Row("DEMO-MH, plain papermill loop, no page", f"{plain:.1f} a minute")]


def _every_trust(place: Path) -> list[Row]:
    """Every NHS trust of the published sickness and survey figures, in all formats."""
    files = [*SHARED.glob("data/ods/etr_2025*"), *SHARED.glob("data/sickness/*.csv")]
    if not files:
        return [Row("every trust, all formats", "not run", "../shared/data is not there")]
    # Figures picked out of the survey's workbook; they are put back into its layout.
    files.append(place / "staff_survey_2024.xlsx")
    picked = rows_of(SHARED / "data/staff_survey/nss24_org_selected.csv")
    files[-1].write_bytes(survey_workbook(picked, SURVEY_ORGANISATIONS))
    with patch.dict(os.environ, {DATABASE_URL: f"sqlite:///{place / 'trusts.sqlite'}"}):
        with Store.open() as store:
            store.add_evidence(read_files(files))
            every = [ReportAsked(one, formats=tuple(Format)) for one in store.organisations() if one.is_employer]
        seconds, failed = _run(every, place / "trusts")
        checked = subprocess.run(
            [sys.executable, "-m", "t4c_lib", "disclosure", "check", str(place / "trusts")],
            capture_output=True,
            text=True,
            check=False,
        )
        shutil.rmtree(place / "trusts")
        found = (checked.stdout + checked.stderr).strip().splitlines()[-1]
    return [
        Row(f"{len(every)} organisations, all formats", f"{seconds / 60:.1f} min", "aim: 205 trusts under 4 min"),
        Row("of these failed", str(len(failed)), "; ".join(failed[:3])),
        Row("t4c disclosure check over them", f"exit code {checked.returncode}", found),
    ]


def _very_many(place: Path) -> list[Row]:
    """Time and memory as a run grows."""
    with patch.dict(os.environ, {DATABASE_URL: f"sqlite:///{place / 'many.sqlite'}"}):
        asked, rows, started = small_trusts(place, MANY), [], time.perf_counter()
        marks = {MANY // 20 or 1, MANY // 2, MANY}
        for number, one in enumerate(run_reports(asked, place / "many", workers=CORES), start=1):
            assert one.state == "made", one.why
            if number in marks:
                memory = psutil.Process().memory_info().rss / 2**20
                figure = f"{time.perf_counter() - started:.0f} s, {memory:.0f} MB"
                rows.append(Row(f"{number} of {MANY} small reports", figure, "memory of the command itself"))
        shutil.rmtree(place / "many")
    return rows


def _killed(place: Path, times: int = 10) -> list[Row]:
    """The command killed at seeded moments, and given again: as many reports, none in halves, none made twice."""
    moments, equal = random.Random(24), 0
    with patch.dict(os.environ, {DATABASE_URL: f"sqlite:///{place / 'killed.sqlite'}"}):
        asked = small_trusts(place, 8)
        codes = [one.organisation.code for one in asked]
        whole, _ = place / "whole", list(run_reports(asked, place / "whole", workers=CORES))
        for number in range(times):
            out = place / f"killed-{number}"
            command = [sys.executable, "-m", "t4c_lib", "report", *codes, "--out", str(out)]
            run = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(moments.uniform(2, 12))
            victims = [psutil.Process(run.pid), *psutil.Process(run.pid).children(recursive=True)]
            moments.choice(victims).send_signal(signal.SIGKILL)
            run.wait()
            list(run_reports(asked, out, workers=CORES))
            equal += all(
                (out / one / "report.html").read_bytes() == (whole / one / "report.html").read_bytes() for one in codes
            )
    return [
        Row("runs killed and given again", f"{equal} of {times} equal to an undisturbed one", "a process at random")
    ]
