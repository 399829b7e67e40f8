"""`t4c round`: each partner's own X in private, then the spread, then the agreed X.

`t4c pledge`: the pledge's wording, and how far it is: draft, agreed, board-approved, signed, published.
"""

import hashlib
from pathlib import Path
from typing import Annotated

import typer

from t4c_lib.cli.common import (
    Explained,
    complain,
    confirm,
    day_of,
    read_text,
    say,
    say_each,
    somebody_is_there,
    store_of,
)
from t4c_lib.errors import InputError, T4CError
from t4c_lib.periods import Day, today
from t4c_lib.plan import Side
from t4c_lib.plan.partnership.pledge import PledgeError, PledgeStatus, PledgeWording, Step, signature_page
from t4c_lib.plan.partnership.rounds import with_agreed_x
from t4c_lib.store import Store

pledge_app = typer.Typer(
    help="The partnership's pledge: wording, agreement, signatures, publication.", no_args_is_help=True
)


@pledge_app.command(cls=Explained)
def show(code: str) -> None:
    """Show the state of the pledge, and its wording."""
    standing = _standing(code)
    say(str(standing))
    say(f"\n{standing.wording.wording}")


@pledge_app.command(cls=Explained)
def save(
    code: str,
    by: Annotated[str, typer.Option()],
    side: Annotated[Side, typer.Option()],
    file: Path | None = None,
    note: str = "",
    yes: bool = False,
) -> None:
    """Save a wording. A different wording re-opens the pledge for both sides; you are asked first."""
    with store_of(code) as (store, trust):
        wording = PledgeWording.suggested(trust.code, trust.name)
        if file is not None:
            wording = PledgeWording(trust.code, trust.name, read_text(file))
        standing = store.pledges.standing(trust.code)
        if standing is not None and standing.wording.digest != wording.digest and standing.agreement.agreed_by:
            say(f"This re-opens the pledge, which is {standing.state}: it has to be agreed and signed again.")
            confirm("Save it?", yes=yes)
        parent = standing.wording.revision if standing is not None else None
        saved = store.pledges.save(wording, by=by, side=side, note=note, parent_revision=parent)
    say(f"Saved as wording {saved.revision}:\n\n{saved.wording}")


@pledge_app.command(cls=Explained)
def record(
    code: str,
    step: Step,
    by: Annotated[str, typer.Option()],
    date: str | None = None,
    where: str = "",
    side: Side | None = None,
    name: str = "",
    role: str = "",
    scan: Path | None = None,
) -> None:
    """Record what was done with the agreed pledge. A typed name is a record, not a signature."""
    if scan is not None and not scan.is_file():
        raise InputError.of(str(scan), "There is no such file.")
    sha256 = hashlib.sha256(scan.read_bytes()).hexdigest() if scan is not None else ""
    with Store.open() as store:
        day, place = day_of(date) or today(), where or (str(scan) if scan else "")
        who = {"side": side, "name": name, "role": role}
        done = store.pledges.record(code, step, by=by, date=day, where=place, sha256=sha256, **who)
        standing = store.pledges.standing(code)
    say(str(done))
    agreed = [slot.act.at.date() for slot in standing.agreement.slots if slot.act] if standing else []
    if agreed and done.date < max(agreed):
        say(f"That is before both sides agreed to this wording here ({Day(max(agreed)).label}).")
        say(f"If the day is wrong: t4c pledge withdraw {code} {step} --by NAME --because WHY, and record it again.")


@pledge_app.command(cls=Explained)
def withdraw(
    code: str, step: Step, by: Annotated[str, typer.Option()], because: Annotated[str, typer.Option()], name: str = ""
) -> None:
    """Withdraw a step of the pledge, with the reason. Nothing is erased: the step stays on record as withdrawn."""
    with Store.open() as store:
        done = store.pledges.record(code, Step.WITHDRAWN, by=by, date=today(), where=because, name=name, withdraws=step)
    say(str(done))


@pledge_app.command(cls=Explained)
def page(code: str) -> None:
    """Write the page to be signed by hand; it carries the fingerprint of the wording."""
    with store_of(code) as (_, trust):
        mark = "Demonstration: this organisation is made up\n\n" if trust.demonstration else ""
    typer.echo(f"{mark}{signature_page(_standing(code).wording)}", nl=False)


def _standing(code: str) -> PledgeStatus:
    """How far the pledge is. Raises PledgeError, with the command that starts one, if there is none."""
    with store_of(code) as (store, known):
        standing = store.pledges.standing(known.code)
    if standing is None:
        raise PledgeError(f"{code} has no pledge yet. Start it: t4c pledge save {code} --by NAME --side SIDE")
    return standing


rounds_app = typer.Typer(
    help="Rounds: each partner's X in private, then the spread, then the agreed X.", no_args_is_help=True
)


@rounds_app.command("open", cls=Explained)
def open_round(
    code: str,
    measure: str,
    by: Annotated[str, typer.Option()],
    named: Annotated[bool, typer.Option("--named/--anonymous")] = False,
    population: str | None = None,
    group: str | None = None,
    note: str = "",
) -> None:
    """Open a round on a measure of the plan."""
    with store_of(code) as (store, known):
        new = store.rounds.open(known.code, measure, by=by, named=named, population=population, group=group, note=note)
    say(f"Open: {new}. Enter: t4c round enter {code} {new.number}")


@rounds_app.command(cls=Explained)
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


@rounds_app.command(cls=Explained)
def status(code: str, number: int) -> None:
    """Show how many have entered an X; in a named round also who, and never what."""
    with Store.open() as store:
        now = store.rounds.status(code, number)
    say(f"{now.round}: {now.entered} entered{': ' + ', '.join(now.names) if now.names else ''}.")


@rounds_app.command(cls=Explained)
def close(code: str, number: int, by: Annotated[str, typer.Option()]) -> None:
    """Close a round, and show lowest, median and highest, and how many moved."""
    with Store.open() as store:
        say(str(store.rounds.close(code, number, by=by)))


@rounds_app.command(cls=Explained)
def result(code: str, number: int) -> None:
    """Show the result of a closed round."""
    with Store.open() as store:
        say(str(store.rounds.result(code, number)))


@rounds_app.command(cls=Explained)
def settle(code: str, number: int, x: str, by: Annotated[str, typer.Option()], note: str = "") -> None:
    """Set the agreed X after a round, in the plan too."""
    with Store.open() as store:
        settled = store.rounds.settle(code, number, x, by=by, note=note)
        revision = store.latest_plan(code)
        assert revision is not None  # noqa: S101  (there was a plan to hold the round on)
        plan, said = with_agreed_x(revision.plan, settled), note or f"round {number}"
        saved = store.save_merged(plan, by=by, side=Side.both, note=said, parent_revision=revision.revision)
    say(f"{settled}\nSaved as {saved}")


@rounds_app.command("list", cls=Explained)
def list_rounds(code: str) -> None:
    """List the rounds of an organisation, oldest first."""
    with store_of(code) as (store, known):
        say_each(store.rounds.of(known.code), none="No round has been held yet.")
