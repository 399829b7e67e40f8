"""How Jupyter gets a forked kernel: under the name `PROVISIONER`, registered in pyproject.toml."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
import sys
from typing import Any, cast

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from jupyter_client.provisioning.provisioner_base import KernelProvisionerBase

from t4c_lib.serving.kernels.warm import Kernel, WarmParent, WarmParentError, can_fork

PROVISIONER = "t4c-warm"
POLL_SECONDS = 0.02
# A bare name stands for the Python that Jupyter itself runs on.
OUR_PYTHON = {"python", "python3", sys.executable}


class WarmProvisioner(LocalProvisioner):
    """Kernels of this Python are forked from the warm parent; every other kernel starts as Jupyter starts it.

    A kernel that can't be forked (no fork here, the parent crashed) starts plainly too.
    """

    _kernel: Kernel | None = None
    _connection: dict[str, Any] | None = None

    @property
    def has_process(self) -> bool:
        return self._kernel is not None or super().has_process

    def _is_ours(self) -> bool:
        """Whether the warm parent's Python is the one that the kernel's specification asks for."""
        command = self.kernel_spec.argv
        return can_fork() and "ipykernel_launcher" in command and command[0] in OUR_PYTHON

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """What the kernel is launched with. A forked one chooses its channels itself."""
        if not self._is_ours():
            return await super().pre_launch(**kwargs)
        prepared = await KernelProvisionerBase.pre_launch(self, **kwargs)
        return {**prepared, "cmd": []}

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Fork it. One that is restarted gets the channels of the old one, to which its pages are connected."""
        if not self._is_ours():
            return await super().launch_kernel(cmd, **kwargs)
        environment = {name: value for name, value in kwargs["env"].items() if isinstance(value, str)}
        before: dict[str, Any] | None = None
        if self._connection:
            before = {**self._connection, "key": self._connection["key"].decode()}
        try:
            self._kernel = await WarmParent.instance().ask(environment, kwargs.get("cwd"), before)
        except WarmParentError as error:
            logging.getLogger(__name__).warning("%s A plain kernel takes its place.", error)
            plain = await super().pre_launch(**kwargs)
            return await super().launch_kernel(plain.pop("cmd"), **plain)
        self.cwd = kwargs.get("cwd")
        self.pid = self.pgid = self._kernel.pid
        self._connection = {**self._kernel.connection, "key": self._kernel.connection["key"].encode()}
        self.connection_info = cast(KernelConnectionInfo, self._connection)
        return self.connection_info

    async def poll(self) -> int | None:
        """None while it lives. The kernel isn't our child, so how it ended stays unknown: any end is a 1."""
        if self._kernel is None:
            return await super().poll()
        try:
            heard = self._kernel.line.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
        except BlockingIOError:
            return None
        except OSError:
            return 1
        return None if heard else 1

    async def wait(self) -> int | None:
        """Until it has ended."""
        if self._kernel is None:
            return await super().wait()
        while await self.poll() is None:
            await asyncio.sleep(POLL_SECONDS)
        self._kernel.line.close()
        self._kernel = None
        return 1

    async def send_signal(self, signum: int) -> None:
        """To the kernel and whatever it has started."""
        if self._kernel is None:
            await super().send_signal(signum)
        elif await self.poll() is None:  # a number that is free again may be another process by now
            try:
                os.killpg(self._kernel.pid, signum)
            except ProcessLookupError:
                return

    async def kill(self, restart: bool = False) -> None:
        """End it at once."""
        if self._kernel is None:
            await super().kill(restart=restart)
        else:
            await self.send_signal(signal.SIGKILL)

    async def terminate(self, restart: bool = False) -> None:
        """Ask it to end."""
        if self._kernel is None:
            await super().terminate(restart=restart)
        else:
            await self.send_signal(signal.SIGTERM)
