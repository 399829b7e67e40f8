"""A stranger's hour: docs/guide/first-hour.md is followed word by word in a clean folder, and ends where it says."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from t4c_lib.store import Store
from tests.followed import commands, first_missing
from tests.served import ROOT

GUIDE = "docs/guide/first-hour.md"
END = "=== ended with "
# As scripts/setup.sh writes it: this environment is set up, so that nothing is fetched and nothing installed.
IS_SET_UP = "{ echo test; cat requirements/uv.txt requirements/test.txt pyproject.toml | cksum; } > .venv/t4c-setup"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """What a clone would have, set up: this environment's packages, and nothing that was made but what pages load."""
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for name in {file.partition("/")[0] for file in tracked.split("\0")} - {"", "data"}:
        (tmp_path / name).symlink_to(ROOT / name)
    for file in (file for file in tracked.split("\0") if file.startswith("data/")):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / file, tmp_path / file)
    (tmp_path / ".venv").mkdir()
    for name in ("bin", "lib", "pyvenv.cfg"):
        (tmp_path / ".venv" / name).symlink_to(Path(sys.prefix) / name)
    subprocess.run(["sh", "-c", IS_SET_UP], cwd=tmp_path, check=True)
    return tmp_path


@pytest.mark.flow
def test_the_first_hour_ends_where_it_says(folder: Path) -> None:
    guide = commands((folder / GUIDE).read_text(encoding="utf-8"))
    # One shell, as a reader has one: what a line exports holds for the next.
    script = "\n".join(f"{command}\nprintf '\\n{END}%s\\n' \"$?\"" for command, _ in guide)
    environment = {**os.environ, "PYTHONPATH": str(folder), "COLUMNS": "80"}
    environment.pop("T4C_DATABASE_URL", None)
    done = subprocess.run(
        ["bash", "-c", f"exec 2>&1\n{script}"], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    ends = re.findall(rf"(.*?)\n{END}(\d+)\n", done.stdout, re.DOTALL)
    assert len(ends) == len(guide), done.stdout
    for (command, shown), (out, code) in zip(guide, ends, strict=True):
        is_refused = any("nothing was changed" in line for line in shown)
        assert code == ("1" if is_refused else "0"), f"{command}\n{out}"
        assert first_missing(shown, out) is None, f"{command}\nnot shown: {first_missing(shown, out)}\n{out}"
    with Store.open(folder / "trial.sqlite") as store:
        revision = store.latest_plan("DEMO-SP")
    assert revision is not None
    target = revision.plan.measure("turnover").target
    assert target is not None
    assert (revision.revision, round(target.goal, 3), str(target.due)) == (3, 0.086, "2029-03")
    assert (folder / "reports" / "DEMO-SP" / "report.html").is_file()
