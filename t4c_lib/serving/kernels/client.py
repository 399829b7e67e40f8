"""A kernel's client that is ready as soon as the kernel is."""

from __future__ import annotations

import time
from queue import Empty

from jupyter_client.asynchronous.client import AsyncKernelClient

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
