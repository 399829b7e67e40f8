"""Builds the documentation as a site, into build/docs: `make docs`.

    python docs/site/build.py              loads the demonstration into a store of its own and runs the notebook on it
    python docs/site/build.py --out DIR    builds elsewhere
    python docs/site/build.py --store FILE runs the notebook on an SQLite store that has the demonstration

Every warning is an error: a link or an anchor that leads nowhere, a page that no list holds, a cell that fails.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from unittest.mock import patch

from sphinx.cmd.build import build_main

SITE = Path(__file__).resolve().parent
ROOT = SITE.parents[1]
FIRST = "docs/site/index.html"
# A folder opens on its index.html; the pages keep the places that they have in the repository.
OPENING = f"""\
<!doctype html>
<html lang="en-GB"><head><meta charset="utf-8"><title>Talent for Care planning workbook</title>
<meta http-equiv="refresh" content="0; url={FIRST}"></head>
<body><main><h1>Talent for Care planning workbook</h1><p><a href="{FIRST}">The documentation</a></p></main></body>
</html>
"""


def build(out: Path, *, fresh: bool = False) -> int:
    """Build the site into a folder with the store that is the default; Sphinx's exit code."""
    again = ["--fresh-env", "--write-all"] if fresh else []
    said = ["--quiet", "--fail-on-warning", "--keep-going", "--nitpicky", "--jobs", "1", *again]
    places = ["--conf-dir", str(SITE), "--doctree-dir", str(out.with_name(f"{out.name}-doctrees"))]
    code = build_main([*said, *places, "--builder", "html", str(ROOT), str(out)])
    if code == 0:
        (out / "index.html").write_text(OPENING, encoding="utf-8")
    return code


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; its exit code."""
    parser = argparse.ArgumentParser(description="Build the documentation as a site.")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "docs")
    parser.add_argument("--store", type=Path)
    options = parser.parse_args(arguments)
    sys.path.insert(0, str(ROOT))
    from benchmarks.demo_store import DATABASE_URL, demonstration

    given = {DATABASE_URL: f"sqlite:///{options.store.resolve()}"} if options.store else {}
    if not options.store:
        _say("Loading the demonstration into a store of its own ...")
    with patch.dict(os.environ, given), nullcontext() if options.store else demonstration():
        _say("Running the notebook and building the site; this can take some minutes ...")
        code = build(options.out.resolve())
    if code == 0:
        _say(f"The site: {options.out / 'index.html'}")
    return code


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()  # it is to be read now, also where it goes into a file


if __name__ == "__main__":
    sys.exit(main())
