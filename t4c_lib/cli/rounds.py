"""`t4c round`: each partner's own X in private, then the spread, then the agreed X."""

from typing import Annotated

import typer

from t4c_lib.cli.console import complain, say, say_each
from t4c_lib.cli.saving import Code, somebody_is_there, store_of
from t4c_lib.errors import InputError, T4CError
from t4c_lib.plan import Side
from t4c_lib.plan.partnership.rounds import with_agreed_x
from t4c_lib.store import Store

Number = Annotated[int, typer.Argument(help="Number of the round.")]
By = Annotated[str, typer.Option(help="Your name.")]

app = typer.Typer(help="Rounds: each partner's X in private, then the spread, then the agreed X.", no_args_is_help=True)


@app.command("open")
def open_round(
    code: Code,
    measure: Annotated[str, typer.Argument(help="Key of the measure, or its place in the framework (1m1).")],
    by: By,
    named: Annotated[
        bool, typer.Option("--named/--anonymous", help="Whether all may see afterwards who entered what.")
    ] = False,
    population: Annotated[str | None, typer.Option(help="Of whom, where the plan has the measure for several.")] = None,
    group: Annotated[str | None, typer.Option(help="Likewise.")] = None,
    note: Annotated[str, typer.Option(help="What it is about.")] = "",
) -> None:
    """Open a round on a measure of the plan."""
    with store_of(code) as (store, known):
        new = store.rounds.open(known.code, measure, by=by, named=named, population=population, group=group, note=note)
    say(f"Open: {new}. Enter: t4c round enter {code} {new.number}")


@app.command()
def enter(
    code: Code,
    number: Number,
    partner: Annotated[str | None, typer.Option(help="Your name; without it, everybody is asked in turn.")] = None,
    side: Annotated[Side | None, typer.Option(help="Your side.")] = None,
    x: Annotated[str | None, typer.Option(help="Your X: 2 points, 10% relative, to 8%, 12 more, double.")] = None,
) -> None:
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


@app.command()
def status(code: Code, number: Number) -> None:
    """Show how many have entered an X; in a named round also who, and never what."""
    with Store.open() as store:
        now = store.rounds.status(code, number)
    say(f"{now.round}: {now.entered} entered{': ' + ', '.join(now.names) if now.names else ''}.")


@app.command()
def close(code: Code, number: Number, by: By) -> None:
    """Close a round, and show lowest, median and highest, and how many moved."""
    with Store.open() as store:
        say(str(store.rounds.close(code, number, by=by)))


@app.command()
def result(code: Code, number: Number) -> None:
    """Show the result of a closed round."""
    with Store.open() as store:
        say(str(store.rounds.result(code, number)))


@app.command()
def settle(
    code: Code,
    number: Number,
    x: Annotated[str, typer.Argument(help="The X that the forum agreed on: 2 points, to 8%, 12 more.")],
    by: By,
    note: Annotated[str, typer.Option(help="What was said.")] = "",
) -> None:
    """Set the agreed X after a round, in the plan too."""
    with Store.open() as store:
        settled = store.rounds.settle(code, number, x, by=by, note=note)
        revision = store.latest_plan(code)
        assert revision is not None  # noqa: S101  (there was a plan to hold the round on)
        plan, said = with_agreed_x(revision.plan, settled), note or f"round {number}"
        saved = store.save_merged(plan, by=by, side=Side.both, note=said, parent_revision=revision.revision)
    say(f"{settled}\nSaved as {saved}")


@app.command("list")
def list_rounds(code: Code) -> None:
    """List the rounds of an organisation, oldest first."""
    with store_of(code) as (store, known):
        say_each(store.rounds.of(known.code), none="No round has been held yet.")
