"""A server of ours, started as a person starts it, and what can be asked about it."""

from __future__ import annotations

import atexit
import json
import os
import queue
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import ExitStack
from functools import cache
from pathlib import Path

import psutil  # type: ignore[import-untyped]

from t4c_lib.charts.renderer import shared_renderer

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 60  # seconds; a busy machine is no defect
PATIENCE_AT_START = 180
READY = re.compile(r"Ready after [\d.]+ s: (http://[\w.\[\]:]+:\d+/(?:[\w.~-]+/)*)(?:\?token=(\S+))?")


def write_page(file: Path, title: str, text: str, code: str = "") -> None:
    """A notebook that is a page: a cell of text and one of code."""
    cells = [
        {"id": "text", "cell_type": "markdown", "metadata": {}, "source": text},
        {"id": "code", "cell_type": "code", "metadata": {}, "source": code, "outputs": [], "execution_count": None},
    ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = {"cells": cells, "metadata": {"title": title, "kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
    file.write_text(json.dumps(notebook), encoding="utf-8")


def places_of_this_machine(*more: Path) -> set[str]:
    """Folders that nobody else needs to know of: of the project, of the person, of Python, and more."""
    return {str(place) for place in (ROOT, Path.home(), Path(sys.prefix), *more)}


def is_kernel(process: psutil.Process) -> bool:
    """Whether a process works for a page; the spare kernel does not yet."""
    try:
        return process.name() == "t4c-kernel" or "ipykernel_launcher" in process.cmdline()
    except psutil.NoSuchProcess:
        return False


@cache
def share_a_renderer() -> None:
    """Have all servers of this run draw in one process, which each would start for itself."""
    shared = ExitStack()
    shared.enter_context(shared_renderer())
    atexit.register(shared.close)


class Served:
    """A running server: its address, what it said, and the kernels it keeps.

    Args:
        folder: the notebooks to serve; the project's own workbooks when none is given.
        database: the URL of the store that the pages use.
        port: 0 for any that is free.
        settings: further environment variables.
        host: the address to listen on.
        before: a statement that is run before the server starts; only with `folder`.
        options: further ones of the command; only without `folder`.
    """

    def __init__(
        self,
        folder: Path | None = None,
        database: str = "",
        port: int = 0,
        settings: dict[str, str] | None = None,
        host: str = "127.0.0.1",
        *,
        before: str = "pass",
        options: Sequence[str] = (),
    ) -> None:
        share_a_renderer()
        self.token, self.folder = "", folder or ROOT / "workbooks"
        if folder is None:
            command = ["-m", "t4c_lib", "serve", "--port", str(port), "--host", host, *options]
        else:
            call = f"serve(Path({str(folder)!r}), port={port}, access=Access.to({host!r}))"
            command = ["-c", f"from pathlib import Path; from t4c_lib.serving import Access, serve; {before}; {call}"]
        quiet = {"PYTHONUNBUFFERED": "1", "T4C_PAINT_AHEAD": "0"}  # nothing goes on but what a test asks for
        environment = {**os.environ, **quiet, **(settings or {})}
        self.log = Path(environment.get("T4C_LOG", os.devnull))
        if database:
            environment["T4C_DATABASE_URL"] = database
        self.process = subprocess.Popen(
            [sys.executable, *command],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.lines: list[str] = []
        self._queue: queue.Queue[str | None] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()
        self.address = self._wait_for_address()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._queue.put(line.rstrip())
        self._queue.put(None)

    def _wait_for_address(self) -> str:
        while (line := self._queue.get(timeout=PATIENCE_AT_START)) is not None:
            self.lines.append(line)
            if found := READY.fullmatch(line):
                self.token = found[2] or ""
                return found[1]
        raise AssertionError("the server ended before it was ready:\n" + "\n".join(self.lines))

    def kernels(self) -> list[psutil.Process]:
        """The kernels that the server has running: forked ones by their name, plain ones by their command."""
        children = psutil.Process(self.process.pid).children(recursive=True)
        return [child for child in children if is_kernel(child)]

    def warm_parent(self) -> psutil.Process:
        """The process that kernels are forked from, once it has taken its name."""
        until = time.monotonic() + PATIENCE
        while True:
            for one in psutil.Process(self.process.pid).children():
                if one.name() == "t4c-warm-parent":
                    return one
            assert time.monotonic() < until, "there is no process that kernels are forked from"
            time.sleep(0.02)

    def wait_for_line(self, part: str) -> str:
        """The next line it says that has this in it."""
        while (line := self._queue.get(timeout=PATIENCE)) is not None:
            self.lines.append(line)
            if part in line:
                return line
        raise AssertionError(f"the server ended and never said {part!r}:\n" + "\n".join(self.lines))

    def interrupt(self) -> int:
        """Press Ctrl-C, wait for the end, and give the exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=PATIENCE)

    def last_words(self) -> list[str]:
        """Everything it said, to its end."""
        while (line := self._queue.get(timeout=PATIENCE)) is not None:
            self.lines.append(line)
        return self.lines

    def stop(self) -> None:
        """End it whatever state it is in, and its kernels with it."""
        if self.process.poll() is None:
            left = self.kernels()
            self.process.terminate()
            try:
                self.process.wait(timeout=PATIENCE)
            except subprocess.TimeoutExpired:
                self.process.kill()
            for kernel in psutil.wait_procs(left, timeout=5)[1]:
                kernel.kill()
