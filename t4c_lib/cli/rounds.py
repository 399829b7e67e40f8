"""`t4c round`: each partner's own X in private, then the spread, then the agreed X."""

from typing import Annotated

import typer

from t4c_lib.cli.console import Explained, GivenText, complain, say, say_each
from t4c_lib.cli.saving import somebody_is_there, store_of
from t4c_lib.errors import InputError, T4CError
from t4c_lib.plan import Side
from t4c_lib.plan.partnership.rounds import with_agreed_x
from t4c_lib.store import Store

app = typer.Typer(help="Rounds: each partner's X in private, then the spread, then the agreed X.", no_args_is_help=True)


@app.command("open", cls=Explained)
def open_round(
    code: str,
    measure: str,
    by: GivenText,
    named: Annotated[bool, typer.Option("--named/--anonymous")] = False,
    population: str | None = None,
    group: str | None = None,
    note: str = "",
) -> None:
    """Open a round on a measure of the plan."""
    with store_of(code) as (store, known):
        new = store.rounds.open(known.code, measure, by=by, named=named, population=population, group=group, note=note)
    say(f"Open: {new}. Enter: t4c round enter {code} {new.number}")


@app.command(cls=Explained)
def enter(code: str, number: int, partner: str | None = None, side: Side | None = None, x: str | None = None) -> None:
    """Enter your X. Nobody sees it before the round is closed; a later entry replaces an earlier one.

    Without options the computer is passed round: each partner types name, side and X, and the X is not shown.
    """
    given = [value is not None for value in (partner, side, x)]
    with Store.open() as store:
        if partner is not None and side is not None and x is not None:
            store.rounds.enter(code, number, partner=partner, side=side, change=x)
            say("Entered.")
        elif any(given):
            raise InputError.of("command line", "Give --partner, --side and --x together, or none of them.")
        else:
            _pass_round(store, code, number)
        status = store.rounds.status(code, number)
    say(f"{status.entered} {'has' if status.entered == 1 else 'have'} entered an X.")


def _pass_round(store: Store, code: str, number: int) -> None:
    somebody_is_there("--partner, --side and --x")
    say("Pass the computer round. What you type as your X is not shown. An empty name ends it.")
    while name := typer.prompt("\nYour name", default="", show_default=False).strip():
        try:
            side = Side(typer.prompt("Your side (management or staff)").strip())
            typed = typer.prompt("Your X (2 points, 10% relative, to 8%, 12 more)", hide_input=True)
            store.rounds.enter(code, number, partner=name, side=side, change=typed)
            say("Entered. Pass it on.")
        except ValueError:
            complain("A side is management or staff. Nothing was entered; try again.")
        except T4CError as error:
            complain(f"{error}\nNothing was entered; try again.")


@app.command(cls=Explained)
def status(code: str, number: int) -> None:
    """Show how many have entered an X; in a named round also who, and never what."""
    with Store.open() as store:
        now = store.rounds.status(code, number)
    say(f"{now.round}: {now.entered} entered{': ' + ', '.join(now.names) if now.names else ''}.")


@app.command(cls=Explained)
def close(code: str, number: int, by: GivenText) -> None:
    """Close a round, and show lowest, median and highest, and how many moved."""
    with Store.open() as store:
        say(str(store.rounds.close(code, number, by=by)))


@app.command(cls=Explained)
def result(code: str, number: int) -> None:
    """Show the result of a closed round."""
    with Store.open() as store:
        say(str(store.rounds.result(code, number)))


@app.command(cls=Explained)
def settle(code: str, number: int, x: str, by: GivenText, note: str = "") -> None:
    """Set the agreed X after a round, in the plan too."""
    with Store.open() as store:
        settled = store.rounds.settle(code, number, x, by=by, note=note)
        revision = store.latest_plan(code)
        assert revision is not None  # noqa: S101  (there was a plan to hold the round on)
        plan, said = with_agreed_x(revision.plan, settled), note or f"round {number}"
        saved = store.save_merged(plan, by=by, side=Side.both, note=said, parent_revision=revision.revision)
    say(f"{settled}\nSaved as {saved}")


@app.command("list", cls=Explained)
def list_rounds(code: str) -> None:
    """List the rounds of an organisation, oldest first."""
    with store_of(code) as (store, known):
        say_each(store.rounds.of(known.code), none="No round has been held yet.")
