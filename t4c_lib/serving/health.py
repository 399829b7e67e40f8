"""`/health`: one look that tells a monitor whether the pages are being served."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from typing import Any

from tornado.web import RequestHandler

PACKAGE = "talent-for-care-workbook"


class HealthHandler(RequestHandler):
    """Says that the server answers, which version it is and how many pages are open; nothing of what is in them."""

    def initialize(self, kernel_manager: Any) -> None:
        self._kernels = kernel_manager

    def get(self) -> None:
        """Answer as JSON: status, version, kernels (the pages open now)."""
        self.set_header("Cache-Control", "no-store")
        self.write({"status": "ok", "version": own_version(), "kernels": len(self._kernels.list_kernel_ids())})


def own_version() -> str:
    """The workbook's version, or "unknown" where it runs without having been installed."""
    try:
        return version(PACKAGE)
    except PackageNotFoundError:
        return "unknown"
