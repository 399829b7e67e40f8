"""How Voila is set for the workbook: this machine only, our template only, nothing fetched, nothing left behind."""

from importlib.resources import files
from pathlib import Path

from traitlets.config import Config

from t4c_lib.sections.section import style_sheet
from t4c_lib.serving.kernels import PROVISIONER, PageKernels, PromptClient, can_fork
from t4c_lib.yaml_text import read_yaml

# A kernel whose page is open is never ended, however long the forum talks. One whose page is gone without a goodbye
# (the browser crashed) is ended once it has been idle for this long. Seconds.
IDLE_SECONDS = 300
IDLE_CHECK_SECONDS = 30


def voila_config(folder: Path, *, light: bool) -> Config:
    """Voila's settings for a folder of notebooks. None of the person's own Jupyter settings are mixed in.

    `folder`: the notebooks. `light`: whether pages have our light front end; otherwise Voila's own.
    """
    settings = files(__package__).joinpath("voila.yaml").read_text(encoding="utf-8")
    config = Config(read_yaml(settings, "voila.yaml").content)
    config.Voila.root_dir = str(folder)
    config.VoilaConfiguration.resources = {"sections_style": style_sheet(), "controls_style": control_styles()}
    config.VoilaConfiguration.multi_kernel_manager_class = PageKernels
    config.VoilaExporter.template_file = "light.html.j2" if light else "index.html.j2"
    config.KernelManager.client_factory = PromptClient
    if can_fork():
        config.KernelProvisionerFactory.default_provisioner_name = PROVISIONER
    config.MappingKernelManager.cull_idle_timeout = IDLE_SECONDS
    config.MappingKernelManager.cull_interval = IDLE_CHECK_SECONDS
    return config


LOOKS = ("controls.css", "frame.css", "forum.css", "round.css", "what_if.css")


def control_styles() -> str:
    """The look of controls: they are painted before the program that brings it along."""
    controls = files("t4c_lib").joinpath("panels", "controls")
    return "".join(controls.joinpath(name).read_text(encoding="utf-8") for name in LOOKS)
