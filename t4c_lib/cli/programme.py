"""`t4c programme`: the register of the work experience programme by files, and kept no longer than it may be."""

from pathlib import Path
from typing import Annotated

import typer

from t4c_lib.cli.console import check_ending, say, say_each
from t4c_lib.cli.options import Explained
from t4c_lib.cli.saving import confirm, store_of
from t4c_lib.errors import InputError, Problem
from t4c_lib.programme.records import read_rows
from t4c_lib.quantities import count_of

app = typer.Typer(help="The work experience programme: its register of placements.", no_args_is_help=True)


@app.command(cls=Explained)
def template(code: str, out: Annotated[Path, typer.Option()]) -> None:
    """Write a workbook for placements, with the partners and settings that are known."""
    from t4c_lib.local_files import write_whole
    from t4c_lib.programme.workbook import placements_workbook

    check_ending(out, "a workbook for placements", ".xlsx")
    with store_of(code) as (store, organisation):
        write_whole(out, placements_workbook(store.programme.register(organisation.code)))
    say(f"{out}: a row for each placement; t4c programme add {code} {out} --by NAME")


@app.command(cls=Explained)
def add(code: str, file: Path, by: Annotated[str, typer.Option()], kind: str = "placement") -> None:
    """Add the rows of a workbook or CSV file to the register: all of them, or none while one is wrong."""
    from t4c_lib.programme.workbook import rows_of_file

    try:
        content = file.read_bytes()
    except OSError as error:
        raise InputError.of(str(file), f"it can't be read: {error.strerror}.") from None
    with store_of(code) as (store, organisation):
        known = store.programme.register(organisation.code).known
        rows = read_rows(kind, rows_of_file(file.name, content), known)
        if rows.problems:
            wrong = [(f"row {one.row}, {one.column}".removesuffix(", "), one) for one in rows.problems]
            raise InputError(
                file.name,
                [Problem(place, _found(one.found, one.problem.message), one.problem.hint) for place, one in wrong],
            )
        kept = store.programme.add(organisation.code, kind, rows.ready, by=by)
    say(f"Added: {len(kept)} ({kept[0].ref} to {kept[-1].ref})")


def _found(text: str, message: str) -> str:
    return f"'{text}': {message}" if text and text not in message else message


@app.command(cls=Explained)
def show(code: str) -> None:
    """Show how many placements are on record, which follow-ups are due, and what the register says of measures."""
    from t4c_lib.programme.feeds import fed_figures

    with store_of(code) as (store, organisation):
        register = store.programme.register(organisation.code)
        say(f"{organisation.title}: {count_of(len(register.of('placement')), 'placements')} on record")
        say_each(
            f"follow-up {one.state}: {one.placement.ref}, {one.asked_at}, {one.due}" for one in register.follow_ups[:20]
        )
        figures = fed_figures(register, organisation.code)
        say_each(f"{row.series}, {row.period}: {row.value:g}" for row in figures.itertuples())


@app.command(cls=Explained)
def purge(code: str, by: Annotated[str, typer.Option()], yes: bool = False) -> None:
    """Delete what is known of every person whose retention period is over; the totals stay what they were."""
    with store_of(code) as (store, organisation):
        register = store.programme.register(organisation.code)
        if not (gone := len(register.past_retention())):
            say(f"Nobody's time is over: what is known of a person is kept for {register.retention_months} months.")
            return
        say(f"The time of {count_of(gone, 'people')} is over ({register.retention_months} months after the placement).")
        confirm("Delete what is known of them? It can't be undone, and backups made before still hold it.", yes=yes)
        say(f"Forgotten: {store.programme.purge(organisation.code, by=by)}.")
