"""What every test may use: official files, demonstration stores, servers; and that a test says of which kind it is."""

from __future__ import annotations

import fcntl
import gc
import os
import shutil
import sys
import tempfile
from collections.abc import Generator, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

from benchmarks.demo_store import load_demonstration
from t4c_lib.store import Store
from tests.days import KNOWN_DAY, on_day
from tests.figures_once import FiguresOnce
from tests.samples import DEFAULT_EXAMPLES, DETAILS, LONG, examples
from tests.scheduling import scope_of, turn_of
from tests.served import Served, write_page

# The first example of a test pays for imports; a slow machine is no defect. Timings live in benchmarks/.
settings.register_profile("t4c", deadline=None, max_examples=DEFAULT_EXAMPLES)
settings.load_profile("t4c")

ROOT = Path(__file__).resolve().parents[1]
RUN = "T4C_TEST_RUN"
KINDS = {"unit", "law", "flow", "workbook", "browser"}


def pytest_configure(config: pytest.Config) -> None:
    """A folder for what all workers of a run share; the first process makes it, and takes it away at the end."""
    # Else each of the hundred processes that tests start would compile anew what it imports.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False
    if RUN not in os.environ:
        os.environ[RUN] = tempfile.mkdtemp(prefix="t4c-run-")
        config.add_cleanup(_end_run)


def _end_run() -> None:
    shutil.rmtree(os.environ.pop(RUN), ignore_errors=True)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling | None:
    """Files that share a server go to one worker: as `loadfile`, with our own scopes."""
    if config.getoption("dist") != "loadfile":
        return None
    scheduler = LoadScopeScheduling(config, log)
    scheduler._split_scope = scope_of
    return scheduler


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: turn_of(item.nodeid))
    for item in items:
        _ask_for_fitting_examples(item)
    left_out = {mark for mark, is_asked in (("long", LONG), ("detail", DETAILS)) if not is_asked}
    items[:] = [item for item in items if left_out.isdisjoint(mark.name for mark in item.iter_markers())]
    unmarked = [item.nodeid for item in items if len(KINDS & {mark.name for mark in item.iter_markers()}) != 1]
    if unmarked:
        raise pytest.UsageError(f"Each test needs exactly one kind of {sorted(KINDS)}: {unmarked[:5]}")


def pytest_collection_finish() -> None:
    """What tests import stays to the end: looking through it for garbage again and again takes a sixth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def _ask_for_fitting_examples(item: pytest.Item) -> None:
    """A test that asks hypothesis for a number of its own gets what fits this run; once, though it has many cases."""
    test: Any = getattr(item, "obj", None)
    test = getattr(test, "__func__", test)
    own = getattr(test, "_hypothesis_internal_use_settings", None)
    if own is not None and own.max_examples != DEFAULT_EXAMPLES and not hasattr(test, "examples_asked"):
        test.examples_asked = own.max_examples
        test._hypothesis_internal_use_settings = settings(own, max_examples=examples(own.max_examples))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """In CI a test that would be skipped fails: whatever it needs must be there."""
    report = yield
    if os.environ.get("CI") and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        report.outcome, report.longrepr = "failed", f"{item.nodeid}: nothing may be skipped in CI. {reason}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """The same for a whole file that would be skipped."""
    report = yield
    if os.environ.get("CI") and report.skipped:
        report.outcome, report.longrepr = "failed", f"{collector.nodeid}: nothing may be skipped in CI."
    return report


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with official publications, beside the checkout; in CI it must be there."""
    folder = Path(os.environ.get("T4C_SHARED", ROOT.parent / "shared"))
    if not (folder / "data").is_dir():
        if os.environ.get("CI"):
            pytest.fail(f"CI must have the official publications at {folder}")
        pytest.skip(f"official publications are not at {folder}")
    return folder


@pytest.fixture(scope="session")
def demonstration() -> Path:
    """A store, as a SQLite file, with the six demonstration organisations and their plans. Copy it before writing.

    Loading takes long, so the first worker that asks for it does it for all.
    """
    folder = Path(os.environ[RUN])
    file = folder / "demonstration.sqlite"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not file.exists():
            load_demonstration(folder / "loading.sqlite")
            os.utime(folder / "loading.sqlite", (0, 0))
            (folder / "loading.sqlite").rename(file)
    return file


@pytest.fixture(autouse=True)
def demonstration_stays_as_it_is() -> Iterator[None]:
    """A test that saves into the store of all fails here, and not thirty others after it."""
    yield
    file = Path(os.environ[RUN]) / "demonstration.sqlite"
    journal = file.with_name("demonstration.sqlite-wal")
    if file.exists():
        waiting = 0
        with suppress(FileNotFoundError):  # the other worker, which reads it too, has just taken it away
            waiting = journal.stat().st_size
        written = file.stat().st_mtime or waiting
        assert not written, "something was saved into the demonstration of all tests: use a copy"


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store, as a SQLite file, in which nothing is yet. Copied, it saves a test the migrations."""
    file = tmp_path_factory.mktemp("empty") / "store.sqlite"
    Store.open(file).close()
    return file


@pytest.fixture
def store_file(demonstration: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of that store for one test, and the default store while the test runs."""
    file = tmp_path / "store.sqlite"
    shutil.copy(demonstration, file)
    monkeypatch.setenv("T4C_DATABASE_URL", f"sqlite:///{file}")
    return file


@pytest.fixture
def known_day() -> Iterator[None]:
    """It is the day for which tests know what the demonstration's pages say, whatever the calendar says."""
    with on_day(KNOWN_DAY):
        yield


@pytest.fixture(scope="session")
def figures_once(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FiguresOnce]:
    """Figures of the demonstration, for tests that look at them in many ways."""
    once = FiguresOnce(demonstration, tmp_path_factory.mktemp("figures"))
    yield once
    once.end()


@pytest.fixture(scope="module")
def own_file(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of that store for the tests of one file, which may save into it."""
    return Path(shutil.copy(demonstration, tmp_path_factory.mktemp("own") / "store.sqlite"))


@pytest.fixture(scope="session")
def notebooks(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server with the pages of all test modules: what each has in PAGES, title, text and code by name."""
    folder = tmp_path_factory.mktemp("notebooks")
    for module in {item.getparent(pytest.Module).obj for item in request.session.items}:  # type: ignore[union-attr]
        for name, page in getattr(module, "PAGES", {}).items():
            assert not (folder / f"{name}.ipynb").exists(), f"two modules have a page {name}"
            write_page(folder / f"{name}.ipynb", *page)
    server = Served(folder, settings={"T4C_LOG": str(tmp_path_factory.mktemp("log") / "serve.jsonl")})
    yield server
    server.stop()
