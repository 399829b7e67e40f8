"""Guides with commands, run word by word: every command, and every line that it shows."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from t4c_lib.plan import RowState
from t4c_lib.store import Store
from tests.cli.conftest import Run
from tests.followed import commands, first_missing

ROOT = Path(__file__).resolve().parents[2]
GUIDE = ROOT / "docs" / "guide" / "workshop-on-the-command-line.md"
LOOKING_AFTER = ROOT / "docs" / "guide" / "looking-after.md"
MOST_COMMANDS = 25


def carry_out(guide: list[tuple[str, list[str]]], run: Run) -> None:
    for command, shown in guide:
        program, *words = shlex.split(command)
        assert program == "t4c"
        code, out, err = run(*words)
        assert code == 0, f"{command}\n{out}\n{err}"
        assert first_missing(shown, out) is None, f"{command}\nnot shown: {first_missing(shown, out)}\n{out}"


@pytest.mark.flow
def test_a_plan_comes_to_a_published_pledge_as_the_guide_says(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "data").symlink_to(ROOT / "data", target_is_directory=True)
    monkeypatch.chdir(tmp_path)
    guide = commands(GUIDE.read_text(encoding="utf-8"))
    assert len(guide) <= MOST_COMMANDS
    assert not any(".yaml" in command for command, _ in guide)
    carry_out(guide, run)
    assert (tmp_path / "reports" / "DEMO-AC" / "report.html").is_file()
    with Store.open() as store:
        revision, pledge = store.latest_plan("DEMO-AC"), store.pledges.standing("DEMO-AC")
    assert revision is not None
    assert pledge is not None
    assert pledge.state == "published"
    rows = (*revision.plan.actions, *revision.plan.measures)
    assert all(row.reason for row in rows if row.state is RowState.LEFT_OUT)
    assert {row.state for row in rows} == {RowState.ADOPTED, RowState.LEFT_OUT}


@pytest.mark.detail
@pytest.mark.flow
def test_a_store_is_backed_up_and_restored_as_the_guide_says(
    run: Run, store_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("t4c.key").write_text("0123456789abcdef" * 4, encoding="ascii")
    guide = commands(LOOKING_AFTER.read_text(encoding="utf-8"))
    assert [command.split()[1] for command, _ in guide] == ["backup", "backup", "restore"]
    carry_out(guide, run)
    assert {"2026-11-27.t4c", "before-restoring.t4c"} <= {file.name for file in tmp_path.iterdir()}
    assert store_file.is_file()


@pytest.mark.unit
def test_what_the_guide_says_of_messages_is_what_they_say() -> None:
    files = [file for file in (ROOT / "t4c_lib" / "store").iterdir() if file.suffix in {".py", ".yaml"}]
    code = " ".join(" ".join(file.read_text(encoding="utf-8") for file in files).split())
    rows = re.findall(r"^\| (.+?) \| .+ \|$", LOOKING_AFTER.read_text(encoding="utf-8"), re.MULTILINE)
    told = [words for row in rows[rows.index("It says") :] for words in row.split("; ") if words != "It says"]
    assert len(told) > 12
    assert [words for words in told if words.casefold() not in code.casefold()] == []


@pytest.mark.unit
def test_a_line_that_is_not_printed_is_found() -> None:
    out = "one\n  two: 2 of 3\nthree\n"
    assert first_missing(["one", "…", "three"], out) is None
    assert first_missing(["  two: … of 3"], out) is None
    assert first_missing(["three", "one"], out) == "one"
    assert first_missing(["four"], out) == "four"
