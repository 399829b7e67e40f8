"""Two servers to try things on: one for this machine, one that others can reach. Both must still answer afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.served import Served, write_page
from tests.serving.asking import SECRET, ask


@pytest.fixture(scope="session")
def hostile_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("notebooks")
    write_page(folder / "hello.ipynb", "Hello", "# Hello", f"print({SECRET!r})")
    (folder / "picture.svg").write_text("<svg/>")
    return folder


@pytest.fixture(scope="session")
def log_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("log") / "serve.jsonl"


@pytest.fixture(scope="session")
def attacked(hostile_folder: Path, log_file: Path) -> Iterator[Served]:
    server = Served(hostile_folder, settings={"T4C_LOG": str(log_file)})
    yield server
    server.stop()


@pytest.fixture(scope="session")
def room(hostile_folder: Path, log_file: Path) -> Iterator[Served]:
    """A server that others in the network can reach."""
    server = Served(hostile_folder, host="0.0.0.0", settings={"T4C_LOG": str(log_file.with_name("room.jsonl"))})
    yield server
    server.stop()


@pytest.fixture(autouse=True)
def _still_answers(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    for name in ("attacked", "room"):
        if name in request.fixturenames:
            # 503 is an answer too: on a busy machine the store may take longer than /health waits for it.
            assert ask(request.getfixturevalue(name), "/health").status in {200, 503}


@pytest.fixture(scope="module")
def hurried(request: pytest.FixtureRequest, hostile_folder: Path) -> Iterator[Served]:
    """A server that does in moments what else takes minutes: the test module's statement HURRY says what."""
    server = Served(hostile_folder, before=request.module.HURRY)
    yield server
    server.stop()
