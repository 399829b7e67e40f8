"""How Voila is set for the workbook: this machine only, our template only, nothing fetched, nothing left behind."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from traitlets.config import Config

from t4c_lib.sections.html import style_sheet
from t4c_lib.serving.assets import TEMPLATE

LOOPBACK = "127.0.0.1"

# The browser itself refuses whatever a page might ask of another machine. Inline and evaluated scripts are how
# JupyterLab's front end and Vega's expressions work; blob: is how anywidget loads a widget's program.
CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self' ws://127.0.0.1:* ws://localhost:* blob: data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    ]
)

# A kernel whose page is open is never ended, however long the forum talks. One whose page is gone without a goodbye
# (the browser crashed) is ended once it has been idle for this long. Seconds.
IDLE_SECONDS = 300
IDLE_CHECK_SECONDS = 30


def voila_config(folder: Path) -> Config:
    """Voila's settings for a folder of notebooks. None of the person's own Jupyter settings are mixed in."""
    config = Config()
    config.Voila.ip = LOOPBACK
    config.Voila.root_dir = str(folder)
    config.Voila.config_file_paths = []
    config.Voila.open_browser = False
    config.Voila.log_level = "ERROR"
    config.Voila.tornado_settings = {
        # Voila answers to any host name; a page elsewhere could then reach it under a name of its own that leads here.
        "allow_remote_access": False,
        # The default of three times the interval is more than tornado takes, and it says so each time. Milliseconds.
        "ws_ping_timeout": 30_000,
        "headers": {
            "Content-Security-Policy": CONTENT_SECURITY_POLICY,
            "Referrer-Policy": "no-referrer",
        },
    }
    config.VoilaConfiguration.template = TEMPLATE
    config.VoilaConfiguration.theme = "light"
    config.VoilaConfiguration.allow_template_override = "NO"
    config.VoilaConfiguration.allow_theme_override = "NO"
    config.VoilaConfiguration.strip_sources = True
    config.VoilaConfiguration.show_tracebacks = False
    config.VoilaConfiguration.resources = {"sections_style": style_sheet()}
    config.VoilaConfiguration.file_allowlist = []  # no file of the folder is served as a file
    config.VoilaConfiguration.extension_allowlist = [
        "@voila-dashboards/widgets-manager8",
        "@jupyter-widgets/jupyterlab-manager",
        "anywidget",
    ]
    config.VoilaConfiguration.prelaunch_hook = set_cookie
    # Pages and kernels talk through ports of this machine, which others signed in to it can reach too.
    config.KernelManager.transport_encryption = "auto"
    config.MappingKernelManager.cull_idle_timeout = IDLE_SECONDS
    config.MappingKernelManager.cull_interval = IDLE_CHECK_SECONDS
    config.MappingKernelManager.cull_connected = False
    return config


def set_cookie(request: Any, notebook: object, cwd: str) -> None:  # noqa: ARG001  (Voila names the arguments)
    """Give the page the cookie with which it may end its kernel when it is closed.

    Voila 0.5.13 asks for the cookie but never sets it, so every closed tab left its kernel behind. Reading the
    property sets it; returning anything would replace the notebook.
    """
    _ = request.xsrf_token
