"""The kernels of all open pages."""

from __future__ import annotations

import datetime as dt

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
