"""What pages load: made once, whole, free of addresses to fetch from, and made anew when it is stale."""

from __future__ import annotations

import os
import re
import shutil
import stat
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest

from scripts.front_end import build_assets
from t4c_lib.errors import T4CError
from t4c_lib.serving.pages import BUILT, CHART_PROGRAM, LIGHT_PROGRAM, renew_assets
from t4c_lib.serving.snapshot import control_styles

pytestmark = pytest.mark.unit

SERVERS = 2  # that start at once
FETCHES = re.compile(r"""\bfrom\s*["']https?:|\bimport\s*\(\s*["']https?:|\bimport\s*["']https?:""")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What set-up made, in a folder of the tests' own; made here where there is none."""
    told, folder = list[str](), tmp_path_factory.mktemp("built")
    if BUILT.is_dir():
        shutil.copytree(BUILT, folder, dirs_exist_ok=True)
    assert build_assets(folder, say=told.append) == folder
    assert told == []
    return folder


@pytest.mark.parametrize("program", [CHART_PROGRAM, LIGHT_PROGRAM], ids=["charts", "front end"])
def test_a_program_is_whole_and_fetches_nothing(built: Path, program: Path) -> None:
    text = (built / program).read_text(encoding="utf-8")
    assert len(text) > 400_000
    assert not FETCHES.search(text)


def test_the_front_end_carries_its_style_sheet_and_the_licences_of_what_is_in_it(built: Path) -> None:
    assert ".widget-" in (built / LIGHT_PROGRAM).with_suffix(".css").read_text(encoding="utf-8")
    assert "DOMPurify" in (built / LIGHT_PROGRAM).read_text(encoding="utf-8")


@pytest.mark.detail
@pytest.mark.parametrize("program", [CHART_PROGRAM, LIGHT_PROGRAM], ids=["charts", "front end"])
def test_it_is_not_made_again_while_its_sources_stand_and_is_when_they_do_not(built: Path, program: Path) -> None:
    file = built / program
    whole, made = file.read_text(encoding="utf-8"), file.stat().st_mtime_ns
    build_assets(built)
    assert file.stat().st_mtime_ns == made
    file.write_text("// made of something older\nhalf a fi", encoding="utf-8")
    build_assets(built)
    assert file.read_text(encoding="utf-8") == whole


@pytest.mark.detail
def test_servers_that_start_at_once_all_get_a_whole_front_end(built: Path, tmp_path: Path) -> None:
    shutil.copytree(built, tmp_path, dirs_exist_ok=True)
    static = (tmp_path / LIGHT_PROGRAM).parent
    (tmp_path / LIGHT_PROGRAM).unlink()
    call = "import sys; from pathlib import Path; from scripts.front_end import build_assets; "
    call += "print('here', flush=True); sys.stdin.read(); build_assets(Path(sys.argv[1]), say=print)"
    servers = [
        subprocess.Popen(
            [sys.executable, "-c", call, str(tmp_path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for _ in range(SERVERS)
    ]
    for one in servers:
        assert one.stdout is not None
        assert one.stdout.readline() == "here\n"
    for one in servers:
        assert one.stdin is not None
        one.stdin.close()  # go
        one.stdin = None
    assert [one.communicate()[0] for one in servers] == [""] * SERVERS
    assert [one.returncode for one in servers] == [0] * SERVERS
    for file in (built / LIGHT_PROGRAM).parent.iterdir():
        assert (static / file.name).read_bytes() == file.read_bytes()
    assert len(list(static.iterdir())) == 3


def test_without_node_there_is_no_front_end_and_the_server_says_so_and_stops(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("scripts.front_end.NODE_PACKAGE", tmp_path / "nowhere")
    told: list[str] = []
    folder = build_assets(tmp_path / "built", say=told.append)
    assert (folder / CHART_PROGRAM).is_file()
    assert told == ["The light front end needs Node 18 or newer to be built, and there is none."]
    monkeypatch.setattr("t4c_lib.serving.pages.BUILDER", tmp_path / "nowhere")
    monkeypatch.setattr("t4c_lib.serving.pages.BUILT", folder)
    with pytest.raises(T4CError) as refused:
        renew_assets(told.append)
    assert str(refused.value) == (
        "The program that shows pages has not been built, so none can be served. `make workbook` builds it."
    )


@pytest.mark.detail
@pytest.mark.skipif(os.name == "nt", reason="the stand-in for Node is a shell script")
def test_a_node_that_is_too_old_counts_as_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("node", "npm"):
        (tmp_path / name).write_text("#!/bin/sh\necho v12.22.0\n")
        (tmp_path / name).chmod(stat.S_IRWXU)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("scripts.front_end.NODE_PACKAGE", tmp_path / "nowhere")
    told: list[str] = []
    build_assets(tmp_path / "built", say=told.append)
    assert "needs Node 18 or newer" in told[0]


def test_every_control_is_painted_as_it_will_look() -> None:
    """Before the program of the controls is there, and in saved pages, in which it never is."""
    folder = files("t4c_lib").joinpath("panels", "controls")
    looks = [one.read_text(encoding="utf-8") for one in folder.iterdir() if one.name.endswith(".css")]
    assert len(looks) > 5
    assert [look for look in looks if look not in control_styles()] == []
