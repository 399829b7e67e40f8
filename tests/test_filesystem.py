"""Files that are written: whole or not at all, for their owner only, and a full disk in one sentence."""

from __future__ import annotations

import errno
import json
import os
import resource
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from t4c_lib.errors import InputError
from t4c_lib.evidence import Organisation
from t4c_lib.filesystem import own_folder, write_whole
from t4c_lib.serving.monitoring import ServerLog
from t4c_lib.store import Store
from t4c_lib.store.engine import StoreError
from tests.cli.conftest import Run, known, run
from tests.report_making import ReportFailedError, run_report
from tests.store.store_making import plan, target

__all__ = ["known", "run"]  # fixtures
SAVER = ("--by", "Ann", "--side", "both", "--yes")


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """What a full disk does: a write that would make a file longer ends in the middle of it, with an OSError."""
    before, writes_none = resource.getrlimit(resource.RLIMIT_FSIZE), sys.dont_write_bytecode
    # Python takes no notice when a compiled module is cut off: the next import would fail.
    sys.dont_write_bytecode, os.environ["PYTHONDONTWRITEBYTECODE"] = True, "1"
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        sys.dont_write_bytecode = writes_none
        del os.environ["PYTHONDONTWRITEBYTECODE"]


@contextmanager
def generous_umask() -> Iterator[None]:
    before = os.umask(0)
    try:
        yield
    finally:
        os.umask(before)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder into which everybody on the machine may look."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


# A notebook that shows next to nothing, and has what papers are made of.
SMALL = """
import datetime as dt
from tests.counted import table
from tests.report_making import report_of
report = report_of(None, table([]), dt.date(2026, 8, 1))
"""


def small_notebook(folder: Path) -> Path:
    file = folder / "small.ipynb"
    cell: dict[str, object] = {"cell_type": "code", "execution_count": None, "outputs": [], "source": SMALL}
    cells = [{**cell, "id": "a", "metadata": {"tags": ["parameters"]}}, {**cell, "id": "b", "metadata": {}}]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    file.write_text(json.dumps({"cells": cells, "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}))
    return file


@pytest.mark.law
@given(st.binary(max_size=20_000), st.binary(max_size=100), st.integers(0, 20_000))
def test_a_file_is_whole_or_as_it_was(content: bytes, before: bytes, room: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "plan.yaml"
        file.write_bytes(before)
        with files_of_at_most(room):
            if room < len(content):
                with pytest.raises(InputError, match=r"can't be written: File too large\."):
                    write_whole(file, content)
            else:
                write_whole(file, content)
        assert file.read_bytes() == (before if room < len(content) else content)
        assert list(file.parent.iterdir()) == [file]


@pytest.mark.unit
def test_a_file_that_may_not_be_replaced_stays(tmp_path: Path) -> None:
    file = tmp_path / "filled in.xlsx"
    write_whole(file, b"first", replace=False)
    with pytest.raises(InputError, match="is there already, and may have been filled in"):
        write_whole(file, b"second", replace=False)
    assert file.read_bytes() == b"first"
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.unit
def test_where_files_have_no_second_name_a_new_file_is_written_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    write_whole(tmp_path / "new", b"first", replace=False)
    with pytest.raises(InputError, match="is there already, and may have been filled in"):
        write_whole(tmp_path / "new", b"second", replace=False)
    assert (tmp_path / "new").read_bytes() == b"first"


@pytest.mark.unit
def test_a_plan_that_was_exported_before_survives_a_full_disk(known: Run, tmp_path: Path) -> None:
    assert known("plan", "new", "ZZ9", "--year", "2026/27", *SAVER)[0] == 0
    out = tmp_path / "plan.yaml"
    assert known("plan", "export", "ZZ9", "--out", str(out))[0] == 0
    before = out.read_bytes()
    with Store.open() as store:
        store.version()  # what SQLite needs to read lies there already
        with files_of_at_most(1000):
            code, _, err = known("plan", "export", "ZZ9", "--out", str(out))
    assert code == 1
    assert err == f"{out} can't be written: File too large. Nothing was changed.\n"
    assert out.read_bytes() == before


@pytest.mark.unit
def test_a_save_that_finds_the_disk_full_is_said_and_not_kept(tmp_path: Path) -> None:
    with Store.open(tmp_path / "t4c.sqlite") as store:
        store.save_plan(plan(target()), by="Ann", side="both")
        with files_of_at_most(4096), pytest.raises(StoreError, match=r"can't be used: the disk .* full") as told:
            store.save_plan(plan(target(amount=0.03)), by="Ann", side="both", parent_revision=1)
        assert "\n" not in str(told.value)
        assert [one.revision for one in store.plan_history("X01")] == [1]
        store.save_plan(plan(target(amount=0.03)), by="Ann", side="both", parent_revision=1)


@pytest.mark.unit
def test_a_store_that_a_full_disk_lets_nobody_make_is_said_and_leaves_nothing(tmp_path: Path) -> None:
    with files_of_at_most(100), pytest.raises(StoreError, match=r"t4c\.sqlite\) can't be used: the disk"):
        Store.open(tmp_path / "t4c.sqlite")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.unit
def test_an_empty_file_is_no_store(run: Run, tmp_path: Path) -> None:
    (tmp_path / "cli.sqlite").touch()
    code, _, err = run("plan", "check", "X01")
    assert code == 1
    assert "can't be used: the file is there, but empty, as a full disk leaves it. Move it away" in err
    assert len(err.splitlines()) == 1
    assert (tmp_path / "cli.sqlite").stat().st_size == 0


@pytest.mark.unit
def test_a_log_that_cannot_be_written_is_said_once_and_stops_nobody(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "log").touch()
    log = ServerLog(tmp_path / "log" / "serve.jsonl")
    log.write("started")
    log.write("page")
    log.close()
    assert capsys.readouterr().err == f"The log {tmp_path / 'log' / 'serve.jsonl'} can't be written: File exists.\n"


@pytest.mark.workbook
def test_a_report_that_cannot_be_written_is_said_and_leaves_nothing_half_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("T4C_DATABASE_URL", f"sqlite:///{tmp_path / 't4c.sqlite'}")
    out, trust = tmp_path / "out", Organisation("X01", "Example Trust")
    own_folder(out / ".X01-999999999-killed")
    fresh = own_folder(out / f".X01-{os.getpid()}-running")
    own_folder(out / "X01" / "report.html" / "something")  # in the place of the page
    with pytest.raises(ReportFailedError, match=r"It can't be written: Is a directory\."):
        run_report(trust, out, notebook=small_notebook(tmp_path))
    assert sorted(out.iterdir()) == [fresh, out / "X01"]
    (tmp_path / "file").touch()
    with pytest.raises(FileExistsError):
        run_report(trust, tmp_path / "file", notebook=small_notebook(tmp_path))


def make_everything(folder: Path, monkeypatch: pytest.MonkeyPatch, command: Run) -> None:
    """A store with what SQLite puts beside it, a log, a report and an export, whatever rights files get by default."""
    monkeypatch.setenv("T4C_DATABASE_URL", f"sqlite:///{folder / 'store' / 't4c.sqlite'}")
    with Store.open() as store:
        store.save_plan(plan(target()), by="Ann", side="both")
    log = ServerLog(folder / "log" / "serve.jsonl")
    log.write("started")
    log.close()
    run_report(Organisation("X01", "Example Trust"), folder / "out", notebook=small_notebook(folder / "store"))
    (folder / "plan.yaml").write_text("an earlier export that everybody could read")
    assert command("plan", "export", "X01", "--out", str(folder / "plan.yaml"))[0] == 0


@pytest.mark.workbook
def test_another_account_reads_nothing_of_store_log_report_or_export(
    open_folder: Path, monkeypatch: pytest.MonkeyPatch, known: Run
) -> None:
    with generous_umask():
        make_everything(open_folder, monkeypatch, known)
    (open_folder / "for everybody").touch()
    with Store.open() as store:
        store.version()  # a connection stays open, and with it the write-ahead log and the shared memory
        made = sorted(open_folder.rglob("*"))
        named = {file.name for file in made}
        assert {"t4c.sqlite-wal", "t4c.sqlite-shm", "serve.jsonl", "report.html", "report.ipynb", "plan.yaml"} <= named
        ours = [file for file in made if file.name not in {"for everybody", "small.ipynb"}]
        for file in ours:
            rights = stat.S_IMODE(file.stat().st_mode)
            assert rights == (0o700 if file.is_dir() else 0o600), f"{file}: {rights:o}"
        if os.geteuid() == 0:  # only the administrator can look with another's eyes
            look = "import os, sys; print([name for name in sys.argv[1:] if os.access(name, os.R_OK)])"
            names = [str(file) for file in [*ours, open_folder / "for everybody"]]
            seen = subprocess.run(
                ["/usr/bin/env", "python3", "-c", look, *names],
                user="nobody",
                group="nogroup",
                extra_groups=[],
                capture_output=True,
                text=True,
                check=True,
                cwd="/",
                env={"PATH": "/usr/local/bin:/usr/bin:/bin"},
            )
            assert seen.stdout.strip() == str([str(open_folder / "for everybody")])


@pytest.mark.unit
@pytest.mark.parametrize("make", [lambda file: Store.open(file).close(), lambda file: ServerLog(file).write("started")])
def test_a_store_or_log_of_before_is_taken_from_others_when_it_is_opened(
    tmp_path: Path, make: Callable[[Path], None]
) -> None:
    file = tmp_path / "t4c.sqlite"
    make(file)
    file.chmod(0o644)
    make(file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.unit
def test_a_folder_that_was_there_keeps_its_rights(tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir(mode=0o755)
    own_folder(tmp_path / "shared" / "a" / "b")
    modes = [stat.S_IMODE(one.stat().st_mode) for one in (tmp_path / "shared", tmp_path / "shared" / "a")]
    assert modes == [0o755, 0o700]


@pytest.mark.unit
def test_results_that_find_the_disk_full_end_in_one_sentence(tmp_path: Path) -> None:
    if not Path("/dev/full").exists():
        return
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "t4c_lib", "whatif", "--help"], stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr.decode()
