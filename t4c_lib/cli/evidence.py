"""`t4c evidence`: figures in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from t4c_lib.cli.collection import marked_copies, template
from t4c_lib.cli.screen import progress, say

app = typer.Typer(help="Bring figures in: official publications and staff extracts.", no_args_is_help=True)
app.command("template")(template)


@app.callback()
def _group() -> None:
    """Bring figures in: official publications and staff extracts."""


@app.command()
def add(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Files as they were downloaded or exported.")],
) -> None:
    """Read files and add what they say to the store: all of them, or none if anything is wrong with one.

    What kind of file it is, is seen from its content. Adding a file twice changes nothing.
    """
    from t4c_lib.evidence import read_files
    from t4c_lib.store import Store

    with marked_copies(files), progress() as step:
        loaded = read_files(files, step)
        with Store.open() as store:
            added = store.add_evidence(loaded)
    for file, result in zip(loaded, added, strict=True):
        say(str(result))
        for note in file.notes:
            say(f"  note: {note}")
