"""The warm parent: a process that has imported what pages need, and forks itself into kernels.

Run as `python -m t4c_lib.serving.forkserver SOCKET FOLDER`: SOCKET is the number of the listening socket that
was handed down, FOLDER where the kernels' own sockets go. It has no threads and no event loop of its own, never draws a
chart (a drawing engine's threads don't survive a fork), and it ends when its standard input is closed.

Each request is one line of JSON on a connection of its own (`kernels.WarmParent.ask`). The connection is passed on to a
kernel, which answers with a line and keeps it for as long as it lives. One kernel is kept ready: forked, its channels
open, waiting for a connection.
"""

import contextlib
import fcntl
import gc
import importlib
import itertools
import json
import logging
import os
import random
import selectors
import shutil
import signal
import socket
import sys
import time
import warnings
from pathlib import Path
from typing import Any, NoReturn

from t4c_lib.filesystem import KEPT

# What pages use, named and not imported here: rooms of one floor don't know each other. Importing it also does, once,
# what would otherwise be done anew in every kernel.
WARM_UP = "t4c_lib.panels.home"
# Making the next kernel ready costs a processor for a moment, in which the page that took the last one is being made.
REFILL_SECONDS = 1.0


class Parent:
    """The loop that forks. `listener`: where requests come in. `folder`: where the kernels' sockets go."""

    def __init__(self, listener: socket.socket, folder: Path) -> None:
        self._listener, self._folder = listener, folder
        self._spare: socket.socket | None = None
        self._spare_process = 0  # its number, while there is a spare
        self._query = ""  # of the address that was asked for last
        self._due = 0.0  # when the next spare kernel is to be made
        self._numbers = itertools.count(1)
        self._selector = selectors.DefaultSelector()
        self._selector.register(listener, selectors.EVENT_READ)
        self._selector.register(sys.stdin, selectors.EVENT_READ)

    def run(self) -> NoReturn:
        """Fork kernels until the standard input is closed, then end."""
        while True:
            # Nobody waits while a spare is made ready: the first page of a server is asked for before there is one.
            is_time = self._spare is None and time.monotonic() >= self._due and not self._selector.select(0)
            if is_time:
                self._make_spare()
            patience = None if self._spare else max(0.0, self._due - time.monotonic())
            ready = {key.fileobj for key, _ in self._selector.select(patience)}
            if sys.stdin in ready:
                if self._spare is not None:  # it may be opening its channels in the folder right now
                    os.kill(self._spare_process, signal.SIGKILL)
                shutil.rmtree(self._folder, ignore_errors=True)
                os._exit(0)  # at once: there is nothing to be kept, and taking all modules apart takes a second
            if self._spare in ready:  # it says nothing of its own accord: it has died
                self._let_go_of_spare()
            if self._listener in ready:
                self._answer()

    def _make_spare(self) -> None:
        _warm_up(self._query, "take_over")
        place = self._next_place()
        self._spare, child = socket.socketpair()
        self._spare_process = os.fork()
        if self._spare_process == 0:
            gc.freeze()  # what is taken over is shared for as long as nothing touches it
            self._close_all()
            wait_as_spare(child, place, self._query)
        child.close()
        self._selector.register(self._spare, selectors.EVENT_READ)

    def _answer(self) -> None:
        line, _ = self._listener.accept()
        if (request := _read_line(line)) is None:
            line.close()
            return
        if os.environ.get("T4C_PAINT_AHEAD") != "0":  # where nothing is made ready for anybody in particular
            self._query = request["environment"].get("QUERY_STRING", "")
        if self._spare is not None and request["connection"] is None:
            socket.send_fds(self._spare, [b"!"], [line.fileno()])
            self._spare.sendall(json.dumps(request).encode() + b"\n")
            self._let_go_of_spare()
            line.close()
        else:
            place = self._next_place()
            if os.fork() == 0:
                self._close_all()
                # Nobody had prepared for it: the spare one was just taken, or it must have another's channels.
                _serve(_new_kernel(place, request["connection"]), line, request)
            line.close()
            self._due = time.monotonic() + REFILL_SECONDS

    def _let_go_of_spare(self) -> None:
        assert self._spare is not None  # noqa: S101  (asked before)
        self._selector.unregister(self._spare)
        self._spare.close()
        self._spare, self._due = None, time.monotonic() + REFILL_SECONDS

    def _next_place(self) -> Path:
        return self._folder / str(next(self._numbers))

    def _close_all(self) -> None:
        """In a kernel: what is the parent's."""
        self._selector.close()
        self._listener.close()
        if self._spare is not None:
            self._spare.close()


def _call_oneself(name: str) -> None:
    """What lists of processes show; at most 15 letters."""
    with contextlib.suppress(OSError):
        Path("/proc/self/comm").write_text(name, encoding="ascii")


def _warm_up(query: str = "", how: str = "warm_up") -> None:
    try:
        getattr(importlib.import_module(WARM_UP), how)(query)
    except Exception:  # a kernel that is merely cold still serves its page
        logging.getLogger(__name__).exception("Kernels could not be warmed up; pages open more slowly.")


def _settle() -> None:
    """What is here now is never looked through for garbage again, so kernels go on sharing its memory."""
    gc.collect()
    gc.freeze()
    gc.enable()


def _read_line(line: socket.socket) -> dict[str, Any] | None:
    """The request, or None when whoever asked is gone."""
    line.settimeout(5)
    try:
        with line.makefile("rb") as received:
            request: dict[str, Any] = json.loads(received.readline())
        line.settimeout(None)
    except (OSError, ValueError):
        return None
    return request


def wait_as_spare(parent: socket.socket, place: Path, query: str) -> NoReturn:
    """A kernel, ready for a page, best for one whose address has that query. Ends unused when the parent ends."""
    app = _new_kernel(place, None)
    # Once more, here: what a fork does for the first time is slow, because it is then that memory is made its own.
    _warm_up(query)
    _settle()
    _, handed, _, _ = socket.recv_fds(parent, 1, 1)
    request = _read_line(parent) if handed else None
    if request is None:
        os._exit(0)
    line = socket.socket(fileno=handed[0])
    parent.close()
    _serve(app, line, request)


def _new_kernel(place: Path, connection: dict[str, Any] | None) -> Any:
    """The kernel with its channels open. They are sockets in a folder of this user's, never ports of the machine."""
    _call_oneself("t4c-spare")
    os.setsid()
    for number in (signal.SIGCHLD, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    random.seed()
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()
    from ipykernel.kernelapp import IPKernelApp

    file = place.with_suffix(".json")
    # A parent of 1 is one that isn't watched: the line to the server takes care of the end.
    options = {"connection_file": str(file), "transport": "ipc", "log_level": logging.ERROR, "parent_handle": 1}
    app = IPKernelApp.instance(**options)
    if connection is not None:
        file.write_text(json.dumps(connection), encoding="utf-8")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            app.initialize([])  # type: ignore[no-untyped-call]
    except Exception:
        if place.parent.exists():  # else the parent has ended meanwhile and taken the folder along
            logging.getLogger(__name__).exception("A kernel could not be made ready.")
        # At once: ending in good order waits for ever for channels that were half opened.
        os._exit(1)
    file.unlink(missing_ok=True)
    return app


def _serve(app: Any, line: socket.socket, request: dict[str, Any]) -> NoReturn:
    _call_oneself("t4c-kernel")
    os.environ.clear()
    os.environ.update(request["environment"])
    if request["folder"]:
        os.chdir(request["folder"])
    connection = {**app.get_connection_info(), "key": app.session.key.decode()}
    if "ipywidgets" in sys.modules:  # imported before there was a shell, it has told none of its messages yet
        sys.modules["ipywidgets"].load_ipython_extension(app.shell)
    _end_with(line)
    line.sendall(json.dumps({"pid": os.getpid(), "connection": connection}).encode() + b"\n")
    app.start()
    # At once: the interpreter's own end waits ten seconds for a thread that it has stopped, and complains of it.
    os._exit(0)


def _end_with(line: socket.socket) -> None:
    """Have the system end this kernel when the server lets go of it or is gone, whatever the kernel is doing then.

    The line's end comes as a signal, which by default ends a process. A thread that waited for it would be gone when a
    kernel hangs while it ends, and wait for its turn while a library computes.
    """
    signal.signal(signal.SIGIO, signal.SIG_DFL)
    fcntl.fcntl(line, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(line, fcntl.F_SETFL, fcntl.fcntl(line, fcntl.F_GETFL) | os.O_ASYNC)
    with contextlib.suppress(BlockingIOError):
        if not line.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT):  # gone already
            os._exit(0)


def main() -> None:
    """Import what pages need, then fork."""
    _call_oneself("t4c-warm-parent")
    os.environ[KEPT] = sys.argv[2]  # what is made ready rests on what pages have kept
    gc.disable()  # until all is warm: nothing of this is garbage
    # Levers are solved by scipy.optimize, on pages that the warm-up may not open: 0.1 s in each kernel otherwise.
    # The others no page needs, but every kernel imports them: 30 MB each, unless they share it.
    kernel = ("ipykernel.kernelapp", "ipykernel.ipkernel", "IPython.core.debugger", "ipykernel.debugger")
    late = ("tornado.platform.asyncio", "IPython.core.completerlib", "IPython.extensions.storemagic")
    for module in ("scipy.optimize", *kernel, *late):
        importlib.import_module(module)
    _warm_up()
    _settle()
    # Nobody waits for the kernels here: their lines tell the server of their end.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # from here on it ends in good order, by its standard input
    Parent(socket.socket(fileno=int(sys.argv[1])), Path(sys.argv[2])).run()


if __name__ == "__main__":
    main()
