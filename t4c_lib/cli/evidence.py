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


@app.command()
def show(code: Annotated[str, typer.Argument(metavar="CODE", help="Code of the organisation.")]) -> None:
    """Print where each measure stands, and the file, reader and version that say so."""
    from t4c_lib.progress import sourced_baselines, told
    from t4c_lib.store import Store

    with Store.open() as store:
        organisation = store.organisation(code)
        found = sourced_baselines(store.observations(organisation.code), store.sources(organisation.code))
    say(f"{organisation.name} ({organisation.code})")
    for one in found:
        say(told(one))
    if not found:
        say("No measure has a figure yet. Add evidence: t4c evidence add FILE...")


@app.command()
def check(
    code: Annotated[str, typer.Argument(metavar="CODE", help="Code of the organisation.")],
    out: Annotated[Path | None, typer.Option(help="The file to write [default: CODE-workings.csv here].")] = None,
) -> None:
    """Write every figure with numerator, denominator, state and source as CSV, to be checked in a spreadsheet."""
    from t4c_lib.progress import workings, write_workings
    from t4c_lib.store import Store

    with Store.open() as store:
        organisation = store.organisation(code)
        sources = store.sources(organisation.code)
        table = workings(store.observations(organisation.code), sources)
    file = out or Path(f"{organisation.code}-workings.csv")
    write_workings(table, file)
    counts = ((len(table), "figure"), (len(sources), "file"))
    say(f"{file}: {' from '.join(f'{n:,} {noun}' + ('' if n == 1 else 's') for n, noun in counts)}")
