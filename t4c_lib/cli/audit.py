"""`t4c people` and `t4c audit`: who may do what in a store, and the record of what they did."""

from pathlib import Path
from typing import Annotated

import typer

from t4c_lib.cli.console import Explained, complain, say, say_each, say_from
from t4c_lib.errors import InputError
from t4c_lib.filesystem import read_text
from t4c_lib.quantities import count_of
from t4c_lib.store import Store
from t4c_lib.store.audit import anchors_in
from t4c_lib.store.people import signed_in

people = typer.Typer(help="Who may do what, where people sign in.", no_args_is_help=True)
app = typer.Typer(help="The record of who did what, and whether it holds.", no_args_is_help=True)


@people.command("show", cls=Explained)
def show_people() -> None:
    """List everybody who may use the store, with their roles."""
    with Store.open() as store:
        say_from("people", known=store.people())


@people.command("load", cls=Explained)
def load_people(file: Path) -> None:
    """Take a list of people (YAML) as the one that holds from now on. You have to be an administrator in it."""
    with Store.open() as store:
        known = store.set_people(read_text(file), file.name)
    counts = f"{count_of(len(known.people), 'people')}, {count_of(len(known.groups), 'groups')}"
    say(f"The list holds from now on: {counts}. You are working as '{signed_in().login}'.")


@app.command(cls=Explained)
def show(organisation: str | None = None, action: str | None = None, by: str | None = None, most: int = 50) -> None:
    """Show the newest entries, the last first."""
    with Store.open() as store:
        entries = store.audit.entries(organisation=organisation, action=action, by=by, most=most)
    say_each(
        ("  ".join(one.in_words) for one in entries), none="There is no such entry. Without options all are shown."
    )


@app.command(cls=Explained)
def verify(
    against: Annotated[list[str] | None, typer.Option()] = None,
    file: Annotated[list[Path] | None, typer.Option()] = None,
) -> None:
    """Check the whole record, and beside what was written down elsewhere. Ends with 1 if it does not hold.

    By itself the record shows what was altered or taken out of it. That its end was cut off, or all of it was written
    anew, shows beside an entry that a backup, a report's manifest or minutes have.
    """
    anchors = list(against or ())
    for one in file or ():
        if (found := anchors_in(one)) is None:
            raise InputError.of(one.name, "No entry of a record is written down in it.")
        anchors += found
    with Store.open() as store:
        checked = store.audit.verify(anchors)
    for fault in checked.faults:
        complain(fault)
    say(checked.in_words)
    if checked.newest is not None:
        beside = f" Compared with {count_of(len(anchors), 'entries')} written down elsewhere." if anchors else ""
        say(f"{checked.newest.written_down}.{beside}")
    if checked.faults:
        raise typer.Exit(1)
