"""The guide to a workshop on the command line, run word by word: every command, and every line that it shows."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from t4c_lib.plan import RowState
from t4c_lib.store import Store
from tests.cli.conftest import Run

ROOT = Path(__file__).resolve().parents[2]
GUIDE = ROOT / "docs" / "guide" / "workshop-on-the-command-line.md"
MOST_COMMANDS = 25


def commands(text: str) -> list[tuple[str, list[str]]]:
    """Each command of the guide, its lines put together, and the lines that are shown below it."""
    found: list[tuple[str, list[str]]] = []
    for block in re.findall(r"```console\n(.*?)```", text, re.DOTALL):
        for line in block.replace("\\\n", " ").splitlines():
            if line.startswith("$ "):
                found.append((line.removeprefix("$ "), []))
            else:
                found[-1][1].append(line)
    return found


def first_missing(shown: list[str], out: str) -> str | None:
    """The first line of the guide that the output hasn't, in that order; `…` stands for anything."""
    lines = iter(out.splitlines())
    for line in shown:
        if line == "…":
            continue
        pattern = ".*".join(re.escape(part) for part in line.rstrip().split("…"))
        if not any(re.fullmatch(pattern, printed.rstrip()) for printed in lines):
            return line
    return None


@pytest.mark.flow
def test_a_plan_comes_to_a_published_pledge_as_the_guide_says(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "data").symlink_to(ROOT / "data", target_is_directory=True)
    monkeypatch.chdir(tmp_path)
    guide = commands(GUIDE.read_text(encoding="utf-8"))
    assert len(guide) <= MOST_COMMANDS
    assert not any(".yaml" in command for command, _ in guide)
    for command, shown in guide:
        program, *words = shlex.split(command)
        assert program == "t4c"
        code, out, err = run(*words)
        assert code == 0, f"{command}\n{out}\n{err}"
        assert first_missing(shown, out) is None, f"{command}\nnot shown: {first_missing(shown, out)}\n{out}"
    assert (tmp_path / "reports" / "DEMO-AC" / "report.html").is_file()
    with Store.open() as store:
        revision, pledge = store.latest_plan("DEMO-AC"), store.pledges.standing("DEMO-AC")
    assert revision is not None
    assert pledge is not None
    assert pledge.state == "published"
    rows = (*revision.plan.actions, *revision.plan.measures)
    assert all(row.reason for row in rows if row.state is RowState.LEFT_OUT)
    assert {row.state for row in rows} == {RowState.ADOPTED, RowState.LEFT_OUT}


@pytest.mark.unit
def test_a_line_that_is_not_printed_is_found() -> None:
    out = "one\n  two: 2 of 3\nthree\n"
    assert first_missing(["one", "…", "three"], out) is None
    assert first_missing(["  two: … of 3"], out) is None
    assert first_missing(["three", "one"], out) == "one"
    assert first_missing(["four"], out) == "four"
