"""`t4c agreement`: who agreed to what for which side, row by row; who may speak; the minutes of a meeting."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from t4c_lib.cli.screen import say
from t4c_lib.cli.texts import read_text
from t4c_lib.errors import InputError, Problem, UnknownNameError
from t4c_lib.periods import Day
from t4c_lib.plan import Plan, Side
from t4c_lib.plan.partnership import Act, Agreeable, Decision, Speakers, agreeable_rows, row_history
from t4c_lib.store import Store

Code = Annotated[str, typer.Argument(help="Code of the organisation.")]

app = typer.Typer(help="What the two sides agreed to, row by row.", no_args_is_help=True)


@app.command()
def show(
    code: Code,
    row: Annotated[str | None, typer.Argument(help="One row (1m1, 3a1, pledge) with its history; all if none.")] = None,
) -> None:
    """Say how far the two sides are with each row of the plan."""
    with Store.open() as store:
        if row is None:
            standings = store.agreements.standings(store.organisation(code).code)
            for standing in standings:
                say(str(standing))
            agreed = sum(len(standing.agreed_by) == 2 for standing in standings)
            say(f"Agreed by both sides: {agreed} of {len(standings)} rows.")
            return
        acts = store.agreements.acts(code)
        for one, _ in _rows(store, code, [row]):
            say(f"{one.label}")
            for line in row_history(one, acts):
                say(f"  {line}")


@app.command()
def record(
    code: Code,
    rows: Annotated[list[str], typer.Argument(metavar="ROW...", help="Rows (1m1, 3a1), pledge, or all.")],
    side: Annotated[Side, typer.Option(help="For whom: management or staff.")],
    name: Annotated[str, typer.Option(help="Who speaks.")],
    role: Annotated[str, typer.Option(help="In which office; the setting's if not given.")] = "",
    decision: Annotated[Decision, typer.Option(help="What is said.")] = Decision.AGREED,
    because: Annotated[str, typer.Option(help="Why; needed to disagree, park or escalate.")] = "",
) -> None:
    """Record what somebody said for a side, of one row or several: all of it, or nothing."""
    with Store.open() as store:
        acts = [
            Act.on(row, decision, side=side, name=name, role=role, reason=because, revision=revision)
            for row, revision in _rows(store, code, rows)
        ]
        for act in store.agreements.record(code, acts):
            say(str(act))


def _rows(store: Store, code: str, names: list[str]) -> list[tuple[Agreeable, int]]:
    """The rows of those names, each with the revision it stands in. Raises UnknownNameError for a name of no row."""
    revision = store.latest_plan(store.organisation(code).code)
    wording = store.pledges.latest(code)
    found: list[tuple[Agreeable, int]] = []
    for name in names:
        if name == "pledge" and wording is not None:
            found.append((wording, wording.revision))
        elif revision is not None:
            found += [(row, revision.revision) for row in _plan_rows(revision.plan, name)]
        else:
            raise InputError(code, [Problem(name, "There is nothing saved yet that could be agreed to.")])
    return found


def _plan_rows(plan: Plan, name: str) -> list[Agreeable]:
    if name == "all":
        return [row for row in agreeable_rows(plan) if row.is_open]
    try:
        return [plan.action(name)]
    except UnknownNameError as no_action:
        try:
            key = plan.measure(name).measure
        except UnknownNameError as no_measure:
            raise (no_measure if no_measure.closest else no_action) from None
        return [row for row in plan.measures if row.measure == key]


@app.command()
def speakers(
    code: Code,
    file: Annotated[Path | None, typer.Option(help="A YAML file with the speakers, to set them.")] = None,
    by: Annotated[str, typer.Option(help="Who sets them.")] = "",
) -> None:
    """Say who may speak for each side, or set it from a file."""
    with Store.open() as store:
        known = store.organisation(code).code
        if file is not None:
            setting = Speakers.from_yaml(read_text(file), file.name)
            store.agreements.save_speakers(known, setting, by=by)
        now = store.agreements.speakers(known)
    for speaker in now.speakers:
        say(f"{speaker.side} side: {speaker}")
    if not now.speakers:
        say("Nobody is named yet who may speak for a side.")


def minutes(
    code: Code,
    date: Annotated[str, typer.Argument(help="Day of the meeting (2026-11-21).")],
    until: Annotated[str | None, typer.Option(help="Last day, for several days.")] = None,
) -> None:
    """Write what was decided at a meeting, by whom for which side, and what stays open."""
    first = Day.parse(date).date
    last: dt.date | None = Day.parse(until).date if until else None
    with Store.open() as store:
        typer.echo(store.minutes(store.organisation(code).code, first, last).text, nl=False)
