"""Where what pages load is: the template's own files, and those that `scripts/front_end.py` made at set-up."""

import os
import runpy
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).parent
TEMPLATE = "t4c"
SHARE = HERE / "share"
BUILT = HERE / "built"
STATIC = Path("voila", "templates", TEMPLATE, "static")
CHART_PROGRAM = STATIC / "vegachart.js"
LIGHT_PROGRAM = STATIC / "light.js"
BUILDER = HERE.parents[1] / "scripts" / "front_end.py"


def light_front_end(folder: Path | None = None) -> bool:
    """Whether pages are served with the light front end: it was built, and T4C_FRONT_END=voila doesn't forbid it."""
    return os.environ.get("T4C_FRONT_END") != "voila" and ((folder or BUILT) / LIGHT_PROGRAM).is_file()


def renew_assets(say: Callable[[str], None]) -> None:
    """In a checkout, make anew what is stale of it. An installed wheel carries it, and has no place to build in.

    `say`: takes a line when the light front end can't be built.
    """
    if BUILDER.is_file():
        runpy.run_path(str(BUILDER))["build_assets"](say=say)
