"""`t4c pledge`: the pledge's wording, and how far it is: draft, agreed, board-approved, signed, published."""

import hashlib
from pathlib import Path

import typer

from t4c_lib.cli.console import Explained, GivenSide, GivenText, say
from t4c_lib.cli.saving import confirm, store_of
from t4c_lib.errors import InputError
from t4c_lib.filesystem import read_text
from t4c_lib.periods import Day, today
from t4c_lib.plan import Side
from t4c_lib.plan.partnership.decisions import PledgeWording
from t4c_lib.plan.partnership.pledge import PledgeError, PledgeStatus, Step, signature_page
from t4c_lib.store import Store

app = typer.Typer(help="The partnership's pledge: wording, agreement, signatures, publication.", no_args_is_help=True)


@app.command(cls=Explained)
def show(code: str) -> None:
    """Show the state of the pledge, and its wording."""
    standing = _standing(code)
    say(str(standing))
    say(f"\n{standing.wording.wording}")


@app.command(cls=Explained)
def save(
    code: str, by: GivenText, side: GivenSide, file: Path | None = None, note: str = "", yes: bool = False
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


@app.command(cls=Explained)
def record(
    code: str,
    step: Step,
    by: GivenText,
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
        day, place = Day.parse(date).date if date is not None else today(), where or (str(scan) if scan else "")
        who = {"side": side, "name": name, "role": role}
        done = store.pledges.record(code, step, by=by, date=day, where=place, sha256=sha256, **who)
        standing = store.pledges.standing(code)
    say(str(done))
    agreed = [slot.act.at.date() for slot in standing.agreement.slots if slot.act] if standing else []
    if agreed and done.date < max(agreed):
        say(f"That is before both sides agreed to this wording here ({Day(max(agreed)).label}).")
        say(f"If the day is wrong: t4c pledge withdraw {code} {step} --by NAME --because WHY, and record it again.")


@app.command(cls=Explained)
def withdraw(code: str, step: Step, by: GivenText, because: GivenText, name: str = "") -> None:
    """Withdraw a step of the pledge, with the reason. Nothing is erased: the step stays on record as withdrawn."""
    with Store.open() as store:
        done = store.pledges.record(code, Step.WITHDRAWN, by=by, date=today(), where=because, name=name, withdraws=step)
    say(str(done))


@app.command(cls=Explained)
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
