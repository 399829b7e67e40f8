"""Many reports in one run: one failure costs one report, none is made twice, and each can be made again."""

from __future__ import annotations

import csv
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import openpyxl
import pytest
from bs4 import BeautifulSoup

from t4c_lib.disclosure import Audience
from t4c_lib.errors import InputError
from t4c_lib.reports import open_report
from t4c_lib.reports.batch import run_and_tell, run_reports
from t4c_lib.reports.run import Format, ReportAsked, _tables, verify
from t4c_lib.store import Store
from tests.report_making import small_trusts

pytestmark = pytest.mark.workbook
FORUM, EVERY = Audience.FORUM, tuple(Format)


def asked(
    code: str, audience: Audience = Audience.PUBLISHED, formats: tuple[Format, ...] = (Format.HTML,)
) -> ReportAsked:
    with Store.open() as store:
        return ReportAsked(store.organisation(code), audience, formats)


def states(out: Path, *those: ReportAsked) -> list[str]:
    return [one.state for one in run_reports(those, out)]


def test_every_format_is_there_named_for_its_readers_and_made_again_from_its_inputs(
    store_file: Path, tmp_path: Path
) -> None:
    assert states(tmp_path, asked("DEMO-SC", FORUM, EVERY)) == ["made"]
    folder = tmp_path / "DEMO-SC"
    names = "report.html report.ipynb board-paper.pdf action-plan.docx pledge.docx minutes.docx plan.xlsx inputs.t4c"
    inside = {one.replace(".", "-inside-the-forum.") for one in (*names.split(), "manifest.json")}
    assert {file.name for file in folder.iterdir()} == inside
    assert (folder / "report-inside-the-forum.html").stat().st_size < 400_000
    assert [found for _, found in verify(folder)] == [[]]
    page = folder / "report-inside-the-forum.html"
    page.write_text(re.sub(r">(\d+) of (\d+)<", r">9\1 of \2<", page.read_text(encoding="utf-8"), count=1))
    differences = [lines for name, lines in verify(folder) if name == page.name][-1]
    assert re.fullmatch(r"it said '9\d+ of \d+', and says '\d+ of \d+'", differences[0])
    (folder / "board-paper-inside-the-forum.pdf").write_bytes(b"another")
    (folder / "minutes-inside-the-forum.docx").unlink()
    found = {name: lines for name, lines in verify(folder) if name != page.name}
    wrong = ["it is not there, or not as it was made"]
    assert found == {"board-paper-inside-the-forum.pdf": wrong, "minutes-inside-the-forum.docx": wrong}


def test_days_that_an_official_publication_gives_are_told_from_exact_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("T4C_DATABASE_URL", f"sqlite:///{tmp_path / 'store.sqlite'}")
    (one,) = small_trusts(tmp_path, 1)
    out = tmp_path / "out"
    assert states(out, one) == ["made"]
    page = (out / one.organisation.code / "report.html").read_text(encoding="utf-8")
    assert "96 of 2,000 published FTE days" in page
    check = [sys.executable, "-m", "t4c_lib", "disclosure", "check", str(out)]
    checked = subprocess.run(check, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
    assert "No exact or small count of people was found" in checked.stdout


def test_numbers_of_the_workbook_are_those_that_the_pages_say(store_file: Path) -> None:
    report = open_report("DEMO-MH", audience="forum")
    table = _tables(report)["Measures"]
    # Those with a target come first; the others have what is known of them.
    assert len(table) == sum(one.counts for one in report.board.table.views) > len(report.board.targets)
    for view, (_, line) in zip(report.board.targets, table.iterrows(), strict=False):
        said = {"Latest": view.latest[0], "Planned by then": view.planned, "Target": view.target[0]}
        for name, text in {**said, "Chance": view.chance}.items():
            found = re.match(r"[\d,.]+", text)
            size = float(found[0].replace(",", "")) if found else None
            if found and text.endswith("%"):
                size = round(float(found[0]) / 100, 5)
            shown = line[name] if isinstance(line[name], float | int) else None
            assert shown == (-size if size and text.endswith("above") else size), (view.name, name, text)


@pytest.mark.parametrize("audience", Audience)
def test_a_plan_in_which_no_x_is_set_yet_has_all_its_papers(
    store_file: Path, tmp_path: Path, audience: Audience
) -> None:
    assert not open_report("DEMO-CO", audience=audience).board.targets
    assert states(tmp_path, asked("DEMO-CO", audience=audience, formats=EVERY)) == ["made"]
    (file,) = (tmp_path / "DEMO-CO").glob("plan*.xlsx")
    head, *rows = openpyxl.load_workbook(file)["Measures"].iter_rows(values_only=True)
    assert "target not set" in {row[head.index("Status")] for row in rows}


@pytest.mark.detail
def test_a_published_report_keeps_no_exact_inputs_and_says_so_when_it_is_to_be_verified(
    store_file: Path, tmp_path: Path
) -> None:
    assert states(tmp_path, asked("DEMO-SC", formats=EVERY)) == ["made"]
    names = {file.name for file in (tmp_path / "DEMO-SC").iterdir()}
    papers = {"board-paper.pdf", "action-plan.docx", "pledge.docx", "plan.xlsx"}
    assert names == {"report.html", "report.ipynb", "manifest.json", *papers}
    book = openpyxl.load_workbook(tmp_path / "DEMO-SC" / "plan.xlsx")
    heads, *rows = book["Measures"].iter_rows()
    columns = {str(head.value): [row[at] for row in rows] for at, head in enumerate(heads)}
    for name in ("Latest", "Planned by then", "Target"):
        assert all(isinstance(one.value, int | float | None) for one in columns[name])
    for unit, one in zip(columns["Unit"], columns["Latest"], strict=True):
        assert (one.number_format == "0.0%") == (unit.value == "per cent" and one.value is not None)
    heads = [one.value for one in book["Evidence"][1]]
    assert heads[:4] == ["Measures", "Of whom", "Group", "Period"]
    assert not {"series", "source_digest", "audience"} & set(heads)
    with pytest.raises(InputError, match="holds no report with its inputs"):
        list(verify(tmp_path / "DEMO-SC"))


@pytest.mark.detail
def test_what_has_not_changed_is_not_made_again_until_something_is_saved_of_it(
    store_file: Path, tmp_path: Path
) -> None:
    both = asked("DEMO-SC"), asked("DEMO-AC")
    assert states(tmp_path, *both) == ["made", "made"]
    assert states(tmp_path, *both) == ["unchanged", "unchanged"]
    with Store.open() as store:
        revision = store.latest_plan("DEMO-AC")
        assert revision is not None
        action = next(one for one in revision.plan.actions if one.is_open)
        store.save_plan(
            revision.plan.with_row(action.changed(note="new")), by="Ann", side="both", parent_revision=revision.revision
        )
    assert sorted(states(tmp_path, *both)) == ["made", "unchanged"]
    (tmp_path / "DEMO-SC" / "report.html").unlink()
    assert sorted(states(tmp_path, *both)) == ["made", "unchanged"]
    assert [one.state for one in run_reports(both[:1], tmp_path, anew=True)] == ["made"]


def test_one_that_fails_costs_itself_alone_and_its_cause_stands_on_the_page_of_the_run(
    store_file: Path, tmp_path: Path
) -> None:
    good, slow = asked("DEMO-SC"), asked("DEMO-AC")
    broken = ReportAsked(asked("DEMO-CO").organisation, notebook=tmp_path / "broken.ipynb")
    source = json.loads(good.notebook.read_text(encoding="utf-8"))
    source["cells"][2]["source"] = ["raise ValueError('halfway')"]
    broken.notebook.write_text(json.dumps(source), encoding="utf-8")
    out, said = tmp_path / "out", list[str]()
    done = run_and_tell([broken, good], out, lambda what, _: said.append(what), lambda _: None, workers=2)
    why = {one.asked.organisation.code: one.why for one in done}
    assert why == {"DEMO-SC": "", "DEMO-CO": "The report of DEMO-CO stopped in cell 4: ValueError: halfway"}
    assert said[-1].startswith("2 of 2 reports")
    page = BeautifulSoup((out / "index.html").read_text(encoding="utf-8"), "html.parser")
    rows = {row.th.small.get_text().split(",")[0]: row for row in page.select("tbody tr") if row.th and row.th.small}
    assert "ValueError: halfway" in rows["DEMO-CO"].get_text()
    links = {str(link["href"]) for link in rows["DEMO-SC"].select("a")}
    assert links == {"DEMO-SC/report.html", "DEMO-SC/report.ipynb"}
    assert all((out / link).is_file() for link in links)
    lines = list(csv.DictReader((out / "reports.csv").read_text(encoding="utf-8-sig").splitlines()))
    assert {line["Code"]: line["Report"] for line in lines} == {"DEMO-SC": "made", "DEMO-CO": "failed"}
    (late,) = run_reports([slow], out, seconds=0.2)
    assert (late.state, late.why) == ("failed", "It took longer than 0.2 seconds.")
    (large,) = run_reports([slow], out, megabytes=130)
    assert large.state == "failed"
    assert "memory" in large.why or "MemoryError" in large.why
    assert {one.name for one in out.iterdir()} == {"DEMO-SC", "index.html", "manifest.json", "reports.csv"}


def test_a_run_that_was_killed_leaves_whole_reports_only_and_the_same_command_finishes_it(
    store_file: Path, tmp_path: Path
) -> None:
    command = [
        sys.executable,
        "-m",
        "t4c_lib",
        "report",
        "DEMO-SC",
        "DEMO-AC",
        "--out",
        str(tmp_path),
        "--workers",
        "1",
    ]
    run = subprocess.Popen(command, env=os.environ | {"T4C_DATABASE_URL": f"sqlite:///{store_file}"}, text=True)
    first = tmp_path / "DEMO-SC" / "manifest.json"
    ends = time.monotonic() + 120
    while not first.is_file() and time.monotonic() < ends:
        time.sleep(0.02)
    run.send_signal(signal.SIGKILL)
    run.wait()
    assert not (tmp_path / "DEMO-AC").exists()
    assert sorted(states(tmp_path, asked("DEMO-SC"), asked("DEMO-AC"))) == ["made", "unchanged"]
    assert {one.name for one in tmp_path.iterdir()} >= {"DEMO-AC", "DEMO-SC"}
    assert not list(tmp_path.glob(".DEMO-*"))
