"""`t4c backup` and `t4c restore`: the whole store, out and in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from t4c_lib.cli.console import say
from t4c_lib.cli.text_files import check_ending
from t4c_lib.store import Store
from t4c_lib.store.backup import read_key

KeyFile = Annotated[Path | None, typer.Option("--key-file", help="File with the key of the seal: 32 bytes or more.")]


def backup(file: Annotated[Path, typer.Argument(help="File to write.")], key_file: KeyFile = None) -> None:
    """Back up the whole store to one file; others can go on working."""
    check_ending(file, "a backup of the whole store", instead="Only t4c restore reads it.")
    key = read_key(key_file) if key_file else None
    with Store.open() as store:
        say(f"{file}: {store.backup(file, key)}{', sealed' if key else ''}")
        made_up = len(store.demonstrations().organisations)
        if made_up:
            say(f"  with {made_up} demonstration organisation{'' if made_up == 1 else 's'}")


def restore(
    file: Annotated[Path, typer.Argument(help="A file that `t4c backup` wrote.")],
    keep: Annotated[
        Path | None,
        typer.Option(help="File for a backup of what is in the store now; without it only an empty store is filled."),
    ] = None,
    key_file: KeyFile = None,
) -> None:
    """Restore the whole store from a backup, or nothing; refused while somebody else is using it."""
    if keep is not None:
        check_ending(keep, "a backup of the whole store")
    key = read_key(key_file) if key_file else None
    with Store.open() as store:
        made = store.restore(file, keep, key)
    if key:
        seal = "its seal holds"
    else:
        seal = "seal not checked (--key-file)" if made.sealed else "no seal, so no proof of who made it"
    say(f"Restored from {file}: {made}; {seal}")
