"""How Voila is set for the workbook: this machine only, our template only, nothing fetched, nothing left behind."""

from importlib.resources import files
from pathlib import Path

from traitlets.config import Config

from t4c_lib.sections.section import style_sheet
from t4c_lib.serving.access import LOOPBACK
from t4c_lib.serving.assets import TEMPLATE
from t4c_lib.serving.kernels import PROVISIONER, PageKernels, PromptClient, can_fork
from t4c_lib.serving.request_checks import ENTER, JOIN

# The browser itself refuses whatever a page might ask of another machine. blob: is how anywidget loads a widget's
# program; style attributes are how charts and widgets are laid out.
_POLICY = {
    "default-src": "'self'",
    "script-src": "'self' blob:",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "connect-src": "'self' blob: data:",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
}
# JupyterLab's front end is started by scripts in the page, and puts scripts together itself.
_STOCK_SCRIPTS = "'self' 'unsafe-inline' 'unsafe-eval' blob:"

# A kernel whose page is open is never ended, however long the forum talks. One whose page is gone without a goodbye
# (the browser crashed) is ended once it has been idle for this long. Seconds.
IDLE_SECONDS = 300
IDLE_CHECK_SECONDS = 30
WATCH_SECONDS = 1.0  # how soon a kernel that died is noticed


def content_security_policy(path: str, *, light: bool) -> str:
    """What the page at an address may load and do. On the light front end no script runs but our files."""
    policy = _POLICY if light else {**_POLICY, "script-src": _STOCK_SCRIPTS}
    if path == ENTER or path.startswith(JOIN):
        policy = {**policy, "form-action": "'self'"}
    return "; ".join(f"{what} {allowed}" for what, allowed in policy.items())


def voila_config(folder: Path, *, light: bool) -> Config:
    """Voila's settings for a folder of notebooks. None of the person's own Jupyter settings are mixed in.

    `folder`: the notebooks. `light`: whether pages have our light front end; otherwise Voila's own.
    """
    config = Config()
    config.Voila.ip = LOOPBACK
    config.Voila.root_dir = str(folder)
    config.Voila.config_file_paths = []
    config.Voila.open_browser = False
    config.Voila.log_level = "ERROR"
    config.Voila.tornado_settings = {
        # Under which names the pages may be asked for is judged at the door, for every address alike.
        "allow_remote_access": True
    }
    config.VoilaConfiguration.template = TEMPLATE
    config.VoilaConfiguration.theme = "light"
    config.VoilaConfiguration.allow_template_override = "NO"
    config.VoilaConfiguration.allow_theme_override = "NO"
    config.VoilaConfiguration.strip_sources = True
    config.VoilaConfiguration.show_tracebacks = False
    config.VoilaConfiguration.resources = {"sections_style": style_sheet(), "controls_style": control_styles()}
    config.VoilaConfiguration.file_allowlist = []  # no file of the folder is served as a file
    config.VoilaConfiguration.extension_allowlist = [
        "@voila-dashboards/widgets-manager8",
        "@jupyter-widgets/jupyterlab-manager",
        "anywidget",
    ]
    config.VoilaExporter.template_file = "light.html.j2" if light else "index.html.j2"
    # Pages and kernels talk through ports of this machine, which others signed in to it can reach too.
    config.KernelManager.transport_encryption = "auto"
    config.VoilaConfiguration.multi_kernel_manager_class = PageKernels
    config.KernelManager.client_factory = PromptClient
    if can_fork():
        config.KernelProvisionerFactory.default_provisioner_name = PROVISIONER
    # A kernel that died isn't replaced by one that knows nothing of the page; its page is told.
    config.KernelRestarter.restart_limit = 0
    config.KernelRestarter.time_to_dead = WATCH_SECONDS
    config.MappingKernelManager.cull_idle_timeout = IDLE_SECONDS
    config.MappingKernelManager.cull_interval = IDLE_CHECK_SECONDS
    config.MappingKernelManager.cull_connected = False
    return config


LOOKS = ("controls.css", "frame.css", "forum.css", "round.css", "what_if.css")


def control_styles() -> str:
    """The look of controls: they are painted before the program that brings it along."""
    controls = files("t4c_lib").joinpath("panels", "controls")
    return "".join(controls.joinpath(name).read_text(encoding="utf-8") for name in LOOKS)
