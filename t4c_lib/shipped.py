"""Where the folders are that people edit, and the project's own."""

from pathlib import Path

KEPT = "T4C_KEPT"  # a variable: a folder of the server's own, until it ends, for what its kernels keep for each other


def shipped(folder: str) -> Path:
    """A folder that lies beside the package in a checkout, and inside it where a wheel was installed."""
    inside = Path(__file__).with_name("_shipped") / folder
    return inside if inside.is_dir() else Path(__file__).resolve().parents[1] / folder


def project_root() -> Path:
    """The folder with pyproject.toml beside the package, or the working directory where the package is installed."""
    beside = Path(__file__).resolve().parents[1]
    return beside if (beside / "pyproject.toml").is_file() else Path.cwd()
