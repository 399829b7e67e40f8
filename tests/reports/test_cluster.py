"""Reports made by the workers of a Dask cluster: a real scheduler, workers in processes of their own, one is lost."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from distributed import Client

from t4c_lib.errors import InputError
from t4c_lib.reports import batch
from t4c_lib.reports.batch import make_from_inputs, run_reports
from t4c_lib.reports.run import ReportAsked
from t4c_lib.store.engine import DATABASE_URL
from tests.report_making import small_trusts

pytestmark = pytest.mark.workbook
PATIENCE = 120


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[ReportAsked]:
    """Reports of four trusts of which sickness is known, in the store that is opened unless another is named."""
    monkeypatch.setenv(DATABASE_URL, f"sqlite:///{tmp_path / 'store.sqlite'}")
    return small_trusts(tmp_path, 4)


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """The address of a scheduler, and its two workers. They share nothing with this process but the program."""
    dask, place, log = Path(sys.executable).with_name("dask"), tmp_path / "scheduler.json", tmp_path / "dask.log"
    quiet = {name: value for name, value in os.environ.items() if name != DATABASE_URL}
    local = ("--host", "127.0.0.1", "--no-dashboard")
    with log.open("wb") as said:

        def started(*words: str) -> subprocess.Popen[bytes]:
            folder = tmp_path / f"place-{len(running)}"
            folder.mkdir()
            return subprocess.Popen([dask, *words, *local], env=quiet, cwd=folder, stdout=said, stderr=said)

        running: list[subprocess.Popen[bytes]] = []
        running.append(started("scheduler", "--port", "0", "--scheduler-file", str(place)))
        for _ in range(2):
            running.append(started("worker", "--scheduler-file", str(place), "--no-nanny", "--nthreads", "1"))
        try:
            with Client(scheduler_file=str(place), timeout=PATIENCE) as client:  # type: ignore[no-untyped-call]
                client.wait_for_workers(2, timeout=PATIENCE)
                address = str(client.scheduler.address)
            yield address, running[1:]
        finally:
            for one in running:
                one.kill()
                one.wait()


@pytest.mark.detail
def test_reports_come_back_whole_though_a_worker_is_lost_and_are_those_that_are_made_here(
    cluster: tuple[str, list[subprocess.Popen[bytes]]], asked: list[ReportAsked], tmp_path: Path
) -> None:
    address, workers = cluster
    here, there = tmp_path / "here", tmp_path / "there"
    run = run_reports(asked, there, scheduler=address)
    done = [next(run)]
    workers[0].kill()
    done += run
    codes = [one.organisation.code for one in asked]
    assert [one.why for one in done] == [""] * len(codes)
    assert sorted(one.asked.organisation.code for one in done) == sorted(codes)
    assert {one.state for one in run_reports(asked, here)} == {"made"}
    for code in codes:
        names = {file.name for file in (here / code).iterdir()}
        assert {file.name for file in (there / code).iterdir()} == names
        assert (there / code / "report.html").read_bytes() == (here / code / "report.html").read_bytes()
    # They are known for those that would be made here.
    assert {one.state for one in run_reports(asked, there)} == {"unchanged"}
    assert not list(there.glob(".*"))


def test_what_keeps_a_cluster_from_making_reports_is_said(
    asked: list[ReportAsked], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "PATIENCE", 1)
    with pytest.raises(InputError, match=r"'tcp://127\.0\.0\.1:9' can't be reached: .* Start it with 'dask scheduler'"):
        list(run_reports(asked, tmp_path / "out", scheduler="tcp://127.0.0.1:9"))
    with pytest.raises(InputError, match="'nowhere' can't be reached"):
        list(run_reports(asked, tmp_path / "out", scheduler="nowhere"))
    why, _, files = make_from_inputs(asked[0], {}, "0.1")
    assert why.endswith("of the program, and this machine 0.1.")
    assert not files
