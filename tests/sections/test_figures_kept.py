"""What a run of reports worked out of exact figures is found by the next one, and changes nothing that is said."""

from __future__ import annotations

import datetime as dt
import os
import re
import stat
from pathlib import Path

import pytest

from t4c_lib import whatif
from t4c_lib.charts import renderer
from t4c_lib.disclosure import Audience
from t4c_lib.filesystem import FIGURES
from t4c_lib.periods import today
from t4c_lib.reports.batch import run_reports
from t4c_lib.reports.run import Format, ReportAsked, make_report, verify
from t4c_lib.reports.trust import TrustReport, open_report
from t4c_lib.sections import worked_out
from t4c_lib.store import Store
from t4c_lib.store.engine import figures_folder
from tests.report_making import run_report

pytestmark = pytest.mark.workbook
CODE = "DEMO-SP"


@pytest.fixture
def folder(store_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    place = tmp_path / "figures"
    monkeypatch.setenv(FIGURES, str(place))
    return place


def made(audience: Audience, folder: Path, as_of: str = "") -> str:
    """The page of a report that is made in this process, with nothing drawn so far."""
    renderer.DRAWINGS.clear()
    folder.mkdir()
    with Store.open() as store:
        asked = ReportAsked(store.organisation(CODE), audience, as_of=as_of)
        make_report(asked, store, folder)
    return (folder / asked.name_of("report.html")).read_text(encoding="utf-8")


def nothing_is_worked_out(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(whatif, "odds", lambda *_, **__: pytest.fail("odds were drawn again"))
    patch.setattr(renderer, "_drawn", lambda _: pytest.fail("a chart was drawn again"))


@pytest.mark.parametrize("audience", Audience)
def test_the_second_report_says_the_same_and_works_nothing_out(
    audience: Audience, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(FIGURES, "")
    without = made(audience, tmp_path / "without")
    monkeypatch.setenv(FIGURES, str(folder))
    assert made(audience, tmp_path / "first") == without
    (file,) = folder.iterdir()
    if os.name == "posix":
        assert [stat.S_IMODE(one.stat().st_mode) for one in (folder, file)] == [0o700, 0o600]
    written = file.stat().st_mtime_ns
    nothing_is_worked_out(monkeypatch)
    assert made(audience, tmp_path / "second") == without
    assert file.stat().st_mtime_ns == written


@pytest.mark.usefixtures("folder")
def test_on_another_day_it_says_what_it_would_have_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made(Audience.FORUM, tmp_path / "today")
    day = str(today() + dt.timedelta(days=100))
    found = made(Audience.FORUM, tmp_path / "found", day)
    monkeypatch.setenv(FIGURES, "")
    assert found == made(Audience.FORUM, tmp_path / "without", day)


def opened() -> TrustReport:
    report = open_report(CODE, audience=Audience.FORUM)
    assert report.worked_out is not None
    _ = report.home.rows
    report.worked_out.keep()
    return report


def test_other_figures_and_another_program_find_nothing_and_take_its_place(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened()
    (first,) = folder.iterdir()
    monkeypatch.setattr(worked_out, "program", lambda: b"the next version")
    opened()
    (second,) = folder.iterdir()
    assert second != first
    observations = opened().home.observations
    assert worked_out.WorkedOut.of(observations, today(), CODE).last("chances") is not None
    changed = observations.assign(value=observations["value"].where(observations.index != 0, 7.0))
    assert worked_out.WorkedOut.of(changed, today(), CODE).last("chances") is None


@pytest.mark.parametrize("content", [b"", b"cut off", b"\x80\x05K\x07."])
def test_a_file_that_is_none_is_passed_over(content: bytes, folder: Path) -> None:
    opened()
    (file,) = folder.iterdir()
    file.write_bytes(content)
    report = opened()
    assert report.home.rows
    assert file.read_bytes() != content


@pytest.mark.usefixtures("folder")
def test_a_folder_that_cannot_be_written_costs_nothing_but_time(tmp_path: Path) -> None:
    (tmp_path / "figures").write_text("a file in its place", encoding="utf-8")
    assert re.search("<h1", made(Audience.FORUM, tmp_path / "out"))


def test_a_run_keeps_them_beside_the_store_and_a_backup_that_is_taken_back_takes_them_away(
    store_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(FIGURES, raising=False)
    with Store.open() as store:
        run_report(store.organisation(CODE), tmp_path / "out", audience=Audience.FORUM)
        kept = Path(figures_folder())
        assert kept == store_file.with_name(f"{store_file.name}.figures")
        assert [one.name.rpartition("-")[0] for one in kept.iterdir()] == [CODE]
        store.backup(tmp_path / "all.t4c")
        store.restore(tmp_path / "all.t4c", keep_in=tmp_path / "before.t4c")
    assert not kept.exists()


def test_a_postgresql_store_keeps_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("T4C_DATABASE_URL", "postgresql://somebody@host/t4c")
    assert figures_folder() == ""


def test_verify_makes_it_again_from_its_inputs_alone(folder: Path, tmp_path: Path) -> None:
    with Store.open() as store:
        trust = store.organisation(CODE)
    (done,) = run_reports([ReportAsked(trust, Audience.FORUM, tuple(Format))], tmp_path / "out")
    assert done.state == "made"
    (file,) = folder.iterdir()
    file.write_bytes(b"nobody may read this")
    assert [lines for _, lines in verify(tmp_path / "out" / CODE)] == [[]]
    assert [one.read_bytes() for one in folder.iterdir()] == [b"nobody may read this"]
