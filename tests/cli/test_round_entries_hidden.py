"""What somebody entered in a round that is open stands in nothing that the workbook gives out."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest

from t4c_lib.plan import Plan, Side
from t4c_lib.quantities import Baseline, Change, ChangeKind
from t4c_lib.store import Store
from tests.cli.conftest import Run
from tests.samples import some_of

pytestmark = pytest.mark.flow
AMOUNT = 0.0643219  # a level that nothing else has
# In any writing of it; the end of a longer number (46.4%, or the seconds of a time) is another one.
TRACES = (r"6\.?43219", r"(?<![\d.:])6\.4\d* ?%", r"Marked Person")
COMMANDS = (
    ("round", "status", "ZZ9", "{number}"),
    ("round", "result", "ZZ9", "{number}"),
    ("round", "list", "ZZ9"),
    ("plan", "check", "ZZ9"),
    ("plan", "history", "ZZ9"),
    ("plan", "export", "ZZ9"),
    ("agreement", "show", "ZZ9"),
    ("progress", "status", "ZZ9"),
    ("progress", "show", "ZZ9"),
    ("progress", "reminders", "ZZ9"),
    ("minutes", "ZZ9", "--word", "{out}/minutes.docx"),
    ("report", "ZZ9", "--out", "{out}"),
    ("snapshot", "forum", "ZZ9", "--out", "{out}/forum.html"),
    ("backup", "{out}/store.gz"),
)


@pytest.mark.parametrize("named", some_of([False, True], 1), ids=some_of(["anonymous", "named"], 1))
def test_no_command_report_or_backup_shows_an_entry_before_closing(known: Run, tmp_path: Path, *, named: bool) -> None:
    plan = Plan.suggested("ZZ9", "Nowhere Trust", ["2026/27"])
    row = plan.measure("1m1").changed(baseline=Baseline.of(200, 4000, period="2026-03", source="extract"))
    with Store.open() as store:
        store.save_plan(plan.with_row(row), by="Ada Example", side="both")
        number = store.rounds.open("ZZ9", "1m1", by="Ada Example", named=named).number
        partner = "Ada Partner" if named else "Marked Person"
        change = Change(ChangeKind.LEVEL, AMOUNT)
        store.rounds.enter("ZZ9", number, partner=partner, side=Side.staff, change=change)
    out = tmp_path / "out"
    out.mkdir()
    given_out = []
    for command in COMMANDS:
        words = [one.format(number=number, out=out) for one in command]
        code, said, refused = known(*words)
        assert "Traceback" not in refused, words
        assert code == 0 or words[1] in {"result", "check"}, (words, refused)
        given_out.append(f"{words}: {said}{refused}")
    for file in (one for one in out.rglob("*") if one.is_file()):
        content = file.read_bytes()
        content = gzip.decompress(content) if file.suffix == ".gz" else content
        given_out.append(f"{file.name}: {content.decode('utf-8', 'replace')}")
    for trace in TRACES:
        found = ((text, re.search(trace, text)) for text in given_out)
        shown = [text[max(0, match.start() - 60) :][:120] for text, match in found if match]
        assert not shown, trace
    with Store.open() as store:  # the entry was there all the time
        assert store.rounds.status("ZZ9", number).entered == 1
        store.rounds.close("ZZ9", number, by="Ada Example")
    assert known("backup", str(out / "after.gz"))[0] == 0
    assert "0.0643219" in gzip.decompress((out / "after.gz").read_bytes()).decode()
