"""The kernels of all open pages, and the client that asks one of them."""

from __future__ import annotations

import datetime as dt
import time
from queue import Empty

from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager


class PageKernels(AsyncMappingKernelManager):
    """Jupyter's keeper of kernels, to whom a kernel is in use while a page is connected to it.

    Jupyter's own reads along with everything that every kernel says, to know when it last worked; for us it counts
    only since when its page is gone.
    """

    def start_watching_activity(self, kernel_id: str) -> None:
        """It has answered before its page is sent, so it works; who connects to it waits for no more than that."""
        self.get_kernel(kernel_id).execution_state = "idle"  # type: ignore[attr-defined]

    async def end_unconnected(self, kernel_id: str) -> None:
        """End a kernel to which no page has ever been connected."""
        if kernel_id in self and not hasattr(self.get_kernel(kernel_id), "t4c_connected"):
            await self.shutdown_kernel(kernel_id, now=True)  # type: ignore[no-untyped-call]

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

    Jupyter's own client takes 0.2 s of silence for that; here it is the end of the very request that was sent, which
    comes over the channel of outputs.
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
