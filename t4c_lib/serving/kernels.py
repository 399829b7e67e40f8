"""Kernels as Jupyter has them, by `PROVISIONER` in pyproject.toml: forked, kept for an open page, promptly asked."""

import asyncio
import contextlib
import datetime as dt
import json
import logging
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from queue import Empty
from typing import Any, ClassVar, cast

from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from jupyter_client.provisioning.provisioner_base import KernelProvisionerBase
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from tornado.web import HTTPError

from t4c_lib.filesystem import KEPT, clear_away

# A kernel whose page is open is never ended, however long the forum talks. One whose page is gone without a goodbye
# (the browser crashed) is ended once it has been idle for this long. Seconds.
IDLE = {"cull_idle_timeout": 300, "cull_interval": 30}  # the latter: between two looks at all of them


class PageKernels(AsyncMappingKernelManager):
    """Jupyter's keeper of kernels, to whom a kernel is in use while a page is connected to it.

    Jupyter's own reads all that kernels say, to know when they last worked; here that counts since a page is gone.
    """

    def start_watching_activity(self, kernel_id: str) -> None:
        """It has answered before its page is sent, so it works; who connects to it waits for no more than that."""
        kernel: Any = self.get_kernel(kernel_id)
        kernel.execution_state, kernel.t4c_ended = "idle", asyncio.Event()

    def _handle_kernel_died(self, kernel_id: str) -> None:
        self.get_kernel(kernel_id).t4c_ended.set()  # type: ignore[attr-defined]
        super()._handle_kernel_died(kernel_id)  # type: ignore[no-untyped-call]

    async def end(self, kernel_id: str) -> None:
        """End a kernel at once, if its page has not ended it already, on being closed."""
        with contextlib.suppress(KeyError, HTTPError):
            await self.shutdown_kernel(kernel_id, now=True)  # type: ignore[no-untyped-call]

    async def end_unconnected(self, kernel_id: str) -> None:
        """End a kernel to which no page has ever been connected."""
        if kernel_id in self and not hasattr(self.get_kernel(kernel_id), "t4c_connected"):
            await self.end(kernel_id)

    async def end_left(self, kernel_id: str) -> None:
        """End a kernel to which no page is connected any more."""
        if not self._kernel_connections.get(kernel_id):
            await self.end(kernel_id)

    def notify_connect(self, kernel_id: str) -> None:
        if kernel_id in self:
            self.get_kernel(kernel_id).t4c_connected = True  # type: ignore[attr-defined]
        super().notify_connect(kernel_id)  # type: ignore[no-untyped-call]
        self._in_use(kernel_id)

    def notify_disconnect(self, kernel_id: str) -> None:
        super().notify_disconnect(kernel_id)  # type: ignore[no-untyped-call]
        self._in_use(kernel_id)

    def _in_use(self, kernel_id: str) -> None:
        if kernel_id in self:
            self.get_kernel(kernel_id).last_activity = dt.datetime.now(dt.UTC)  # type: ignore[attr-defined]


ATTEMPT_SECONDS = 1.0


class PromptClient(AsyncKernelClient):
    """Ready when the kernel has answered and its outputs arrive.

    Jupyter's own client takes 0.2 s of silence for that; here it is the end of the very request that was sent.
    """

    async def _async_wait_for_ready(self, timeout: float | None = None) -> None:
        """Wait for the kernel. Raises RuntimeError when it ends first, or after `timeout` seconds."""
        until = time.monotonic() + (timeout or float("inf"))
        while time.monotonic() < until:
            request = self.kernel_info()
            try:
                reply = await self.get_shell_msg(timeout=ATTEMPT_SECONDS)
                if reply["msg_type"] == "kernel_info_reply":
                    self._handle_kernel_info_reply(reply)
                while not await self._has_ended(request):
                    pass
            except Empty:
                # Outputs that were sent before their channel was through are gone: ask again.
                if not await self._async_is_alive():
                    raise RuntimeError("The kernel ended before it answered.") from None
            else:
                return
        raise RuntimeError(f"The kernel has not answered for {timeout} seconds.")

    async def _has_ended(self, request: str) -> bool:
        message = await self.get_iopub_msg(timeout=ATTEMPT_SECONDS)
        is_end: bool = message["msg_type"] == "status" and message["content"]["execution_state"] == "idle"
        return is_end and bool(message["parent_header"].get("msg_id") == request)

    wait_for_ready = _async_wait_for_ready


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
    """A kernel that was forked, as Jupyter has a process that it started."""

    #: the line to it, open for as long as both sides live. The kernel ends when the server closes it or is gone, and it
    #: reads as closed once the kernel is gone.
    stdin: socket.socket
    pid: int  #: of its process, which leads a process group of its own
    connection: dict[str, Any]  #: where its channels are, in Jupyter's words
    stdout = stderr = None

    def poll(self) -> int | None:
        """None while it lives. The kernel isn't our child, so how it ended stays unknown: any end is a 1."""
        try:
            heard = self.stdin.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
        except BlockingIOError:
            return None
        except OSError:
            return 1
        return None if heard else 1

    wait = poll  # which Jupyter asks once it has ended

    def send_signal(self, number: int) -> None:
        """To its process alone, where its group can't be reached."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, number)


class WarmParent:
    """The process that kernels are forked from, reached by a socket that only this server's user can open.

    The socket is the server's own and is handed down, so requests made while the parent still imports, or while a new
    one takes the place of one that crashed, wait in line.
    """

    _instance: "ClassVar[WarmParent | None]" = None

    def __init__(self) -> None:
        # Short: a socket's path may have about a hundred characters.
        clear_away(Path(tempfile.gettempdir()), "t4c-*-*")
        self.folder = Path(tempfile.mkdtemp(prefix=f"t4c-{os.getpid()}-"))
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(self.folder / "parent"))
        self._listener.listen(BACKLOG)
        self.process = self._launch()

    @classmethod
    def instance(cls) -> "WarmParent":
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
            parent.process.terminate()  # heeded only while it imports, for which nobody need wait any more
            parent.process.wait()
            shutil.rmtree(parent.folder, ignore_errors=True)

    def _launch(self) -> subprocess.Popen[bytes]:
        # One thread for arrays: a fork doesn't take threads along, and a forum's arrays are small.
        # What a model's draws took goes back to the system at once; glibc would keep it, up to 30 MB in each kernel.
        memory = dict.fromkeys(("MALLOC_MMAP_THRESHOLD_", "MALLOC_TRIM_THRESHOLD_"), str(2**20))
        environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", **memory}
        command = [sys.executable, "-m", "t4c_lib.serving.forkserver"]
        handed_down = self._listener.fileno()
        return subprocess.Popen(  # noqa: S603  (our own module)
            [*command, str(handed_down), str(self.folder)],
            env=environment,
            stdin=subprocess.PIPE,  # closed when the server ends, however it ends; then the parent ends too
            pass_fds=[handed_down],
            start_new_session=True,  # Ctrl-C is for the server, which ends its kernels in good order
        )

    async def ask(self, environment: dict[str, str], folder: str | None, connection: dict[str, Any] | None) -> Kernel:
        """A kernel. Raises WarmParentError: there was none to be had. The next request finds a new parent.

        `environment`: whole. `folder`: where it works. `connection`: channels of one whose place it takes, or anywhere.
        """
        if self.process.poll() is not None:
            self.process = self._launch()
        request = {"environment": {**environment, KEPT: str(self.folder)}, "folder": folder, "connection": connection}
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


PROVISIONER = "t4c-warm"
# A bare name stands for the Python that Jupyter itself runs on.
OUR_PYTHON = {"python", "python3", sys.executable}


class WarmProvisioner(LocalProvisioner):
    """Kernels of this Python are forked from the warm parent; every other kernel starts as Jupyter starts it.

    A kernel that can't be forked (no fork here, the parent crashed) starts plainly too.
    """

    process: Any = None
    _connection: dict[str, Any] | None = None

    def _is_ours(self) -> bool:
        """Whether the warm parent's Python is the one that the kernel's specification asks for."""
        command = self.kernel_spec.argv
        return can_fork() and "ipykernel_launcher" in command and command[0] in OUR_PYTHON

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """What the kernel is launched with. A forked one chooses its channels itself."""
        if not self._is_ours():
            return await super().pre_launch(**kwargs)
        return {**await KernelProvisionerBase.pre_launch(self, **kwargs), "cmd": []}

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Fork it. One that is restarted gets the channels of the old one, to which its pages are connected."""
        if not self._is_ours():
            return await super().launch_kernel(cmd, **kwargs)
        environment = {name: value for name, value in kwargs["env"].items() if isinstance(value, str)}
        before = {**self._connection, "key": self._connection["key"].decode()} if self._connection else None
        try:
            kernel = await WarmParent.instance().ask(environment, kwargs.get("cwd"), before)
        except WarmParentError as error:
            logging.getLogger(__name__).warning("%s A plain kernel takes its place.", error)
            plain = await super().pre_launch(**kwargs)
            return await super().launch_kernel(plain.pop("cmd"), **plain)
        self.process, self.cwd = kernel, kwargs.get("cwd")
        self.pid = self.pgid = kernel.pid
        self._connection = {**kernel.connection, "key": kernel.connection["key"].encode()}
        self.connection_info = cast(KernelConnectionInfo, self._connection)
        return self.connection_info

    async def send_signal(self, signum: int) -> None:
        """To the kernel and whatever it has started, if it lives: a number that is free again may be another's."""
        if await self.poll() is None:
            await super().send_signal(signum)
