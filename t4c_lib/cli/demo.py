"""`t4c demo`: the demonstration trusts."""

import subprocess
import sys
from pathlib import Path

import typer

from t4c_lib.cli.console import Explained, progress_bar, say, say_each
from t4c_lib.cli.saving import confirm
from t4c_lib.evidence import read_files
from t4c_lib.local_files import project_root
from t4c_lib.store import Store

app = typer.Typer(help="The fictional organisations to try the workbook on.", no_args_is_help=True)

# What people call the rows of the store's tables.
ROWS = {
    "observation": "figures", "source_file": "files of evidence", "plan_revision": "revisions of plans",
    "agreement_act": "decisions on rows", "speakers": "lists of signatories", "forum_round": "rounds",
    "pledge_revision": "wordings of pledges", "pledge_step": "steps of pledges", "progress_note": "notes",
    "programme_entry": "records of work experience",
}  # fmt: skip


@app.command(cls=Explained)
def load() -> None:
    """Add the demonstration organisations' extracts, and plans, agreements and a programme where none was saved."""
    folder = project_root() / "data" / "demo"
    if not any((folder / "extracts").glob("*.csv*")):
        say("Making the demonstration's extracts ...")
        _run(folder / "generate.py")
    with progress_bar() as step:
        loaded = read_files(sorted((folder / "extracts").glob("*.csv*")), step)
        with Store.open() as store:
            say_each(store.add_evidence(loaded))
    _run(folder / "partnership.py")
    _run(folder / "programme.py")


def _run(script: Path) -> None:
    """Run a script of the demonstration's own, which is no part of the library."""
    subprocess.run([sys.executable, script], check=True)  # noqa: S603


@app.command(cls=Explained)
def remove(yes: bool = False) -> None:
    """Remove the demonstration organisations with all that was saved of them, before a trust goes live.

    Nothing of other organisations is touched. Written reports and backups stay; delete those by hand.
    """
    with Store.open() as store:
        there = store.demonstrations()
        if not there.organisations:
            say("There is no demonstration organisation here.")
            return
        say("Demonstration organisations that go, with all that was saved of them:")
        say_each((f"{one.title} ({one.code})" for one in there.organisations), indent="  ")
        say(f"  {', '.join(f'{count:,} {noun}' for name, noun in ROWS.items() if (count := there.rows.get(name)))}")
        confirm("Remove all of this? It can't be undone.", yes=yes)
        store.remove_demonstrations()
    say("Removed.")
