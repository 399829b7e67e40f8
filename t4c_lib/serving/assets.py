"""What a page loads besides Voila's own files, made once at set-up: the program that draws charts.

Altair's chart widget fetches Vega from a public server, or makes a bundle of it in every kernel (2.5 seconds and some
100 MB each). A bundle written once as a file needs neither. It is made from installed packages and never committed.
"""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).parent
TEMPLATE = "t4c"
SHARE = HERE / "share"
BUILT = HERE / "built"
CHART_PROGRAM = Path("voila", "templates", TEMPLATE, "static", "vegachart.js")


def build_assets(folder: Path | None = None) -> Path:
    """Write the chart program, unless it is there already and made by the versions that are installed.

    Args:
        folder: where the built files go; the package's own place when none is given. Both it and `SHARE` are data
            folders in Jupyter's sense, so that Voila finds the file among the template's static files.

    Returns:
        The file: an ES module whose default export renders an Altair chart widget.
    """
    file = (folder or BUILT) / CHART_PROGRAM
    stamp = f"// Vega, by Altair {version('altair')} and vl-convert {version('vl-convert-python')}\n"
    if file.is_file() and file.open(encoding="utf-8").readline() == stamp:
        return file
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_suffix(".part")
    unfinished.write_text(stamp + _bundle(), encoding="utf-8", newline="\n")
    unfinished.replace(file)
    return file


def _bundle() -> str:
    import altair

    # On a class of its own: enable_offline changes the class, and Altair's own stays as it was.
    class Offline(altair.JupyterChart):
        pass

    Offline.enable_offline()
    return Offline._esm
