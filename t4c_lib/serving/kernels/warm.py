"""The server's side of the warm parent: start it, ask it for kernels, start it anew when it has gone."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

# How long a kernel may take to answer. The first one waits until everything is imported. Seconds.
PATIENCE = 60
BACKLOG = 128
MOST_BYTES = 64 * 1024


def can_fork() -> bool:
    """Whether kernels can be forked here, and nobody has asked for plain ones (T4C_KERNELS=plain).

    Linux only. Windows can't fork at all; on macOS the system's own libraries, on which NumPy rests, don't bear it.
    """
    return sys.platform == "linux" and os.environ.get("T4C_KERNELS") != "plain"


class WarmParentError(Exception):
    """No kernel was to be had of the warm parent; a plain one has to do."""


@dataclass(frozen=True)
class Kernel:
    """A kernel that was forked.

    Attributes:
        line: open for as long as both sides live. The kernel ends when the server closes it or is gone, and it reads
            as closed once the kernel is gone.
        pid: of its process, which leads a process group of its own.
        connection: where its channels are, in Jupyter's words.
    """

    line: socket.socket
    pid: int
    connection: dict[str, Any]


class WarmParent:
    """The process that kernels are forked from, reached by a socket that only this server's user can open.

    The socket is the server's own and is handed down, so requests made while the parent still imports, or while a new
    one takes the place of one that crashed, wait in line.
    """

    _instance: ClassVar[WarmParent | None] = None

    def __init__(self) -> None:
        # Short: a socket's path may have about a hundred characters.
        self.folder = Path(tempfile.mkdtemp(prefix="t4c-"))
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(self.folder / "parent"))
        self._listener.listen(BACKLOG)
        self.process = self._launch()

    @classmethod
    def instance(cls) -> WarmParent:
        """The one of this server, started when first asked for."""
        if cls._instance is None:
            cls._instance = cls()
        return cls._instance

    @classmethod
    def end(cls) -> None:
        """End it, if there is one, and wait until it is gone. Its kernels go on until their lines are closed."""
        parent, cls._instance = cls._instance, None
        if parent is not None:
            parent._listener.close()
            assert parent.process.stdin is not None  # noqa: S101  (it was asked for)
            parent.process.stdin.close()
            parent.process.wait()
            shutil.rmtree(parent.folder, ignore_errors=True)

    def _launch(self) -> subprocess.Popen[bytes]:
        # One thread for arrays: a fork doesn't take threads along, and a forum's arrays are small.
        environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
        command = [sys.executable, "-m", "t4c_lib.serving.kernels.parent"]
        handed_down = self._listener.fileno()
        return subprocess.Popen(  # noqa: S603  (our own module)
            [*command, str(handed_down), str(self.folder)],
            env=environment,
            stdin=subprocess.PIPE,  # closed when the server ends, however it ends; then the parent ends too
            pass_fds=[handed_down],
            start_new_session=True,  # Ctrl-C is for the server, which ends its kernels in good order
        )

    async def ask(self, environment: dict[str, str], folder: str | None, connection: dict[str, Any] | None) -> Kernel:
        """A kernel.

        Args:
            environment: its environment variables, all of them.
            folder: where it works.
            connection: where its channels are to be, for one that takes another's place; None for anywhere.

        Raises:
            WarmParentError: there was none to be had. The next request finds a new parent.
        """
        if self.process.poll() is not None:
            self.process = self._launch()
        request = {"environment": environment, "folder": folder, "connection": connection}
        line = socket.socket(socket.AF_UNIX)
        line.setblocking(False)
        try:
            reply = await asyncio.wait_for(self._exchange(line, json.dumps(request)), PATIENCE)
            return Kernel(line, reply["pid"], reply["connection"])
        except (OSError, TimeoutError, ValueError) as error:
            line.close()
            with contextlib.suppress(ProcessLookupError):
                self.process.kill()
            raise WarmParentError(f"The warm parent gave no kernel: {error!r}") from error

    async def _exchange(self, line: socket.socket, request: str) -> dict[str, Any]:
        loop = asyncio.get_running_loop()
        await loop.sock_connect(line, str(self.folder / "parent"))
        await loop.sock_sendall(line, request.encode() + b"\n")
        received = b""
        while not received.endswith(b"\n"):
            if not (more := await loop.sock_recv(line, MOST_BYTES)):
                raise ConnectionResetError("it ended before it answered")
            received += more
        reply: dict[str, Any] = json.loads(received)
        return reply
