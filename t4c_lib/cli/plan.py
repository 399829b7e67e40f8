"""`t4c plan`: an organisation's plan in and out, checked, compared, carried to the next year."""

from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from t4c_lib.atomic_writes import write_whole
from t4c_lib.cli.console import check_ending, say, say_each
from t4c_lib.cli.plan_edit import baseline, equality, set_fields
from t4c_lib.cli.plan_import import import_plan
from t4c_lib.cli.saving import By, Code, For, NoPlanError, Yes, current_revision, preview, save, save_changes, titled
from t4c_lib.errors import UnknownNameError
from t4c_lib.periods import Month, today
from t4c_lib.plan import Plan, changes_between, grouped
from t4c_lib.plan.edits import roll as carry
from t4c_lib.store import Revision, Store

app = typer.Typer(help="The plan: import, export, check, compare, roll forward.", no_args_is_help=True)
app.command("import")(import_plan)
app.command("set")(set_fields)
app.command()(baseline)
app.command()(equality)


@app.command()
def check(code: Code) -> None:
    """List what is missing or can't be right, each in one sentence, with where to fix it.

    The exit code is 1 when something is to be fixed before the plan can be agreed.
    """
    from t4c_lib.progress import RowFigures, plan_findings

    with Store.open() as store:
        revision = current_revision(store, code)
        title = titled(store, revision.plan)
        record = store.partnership(revision.organisation, today())
        acts = store.agreements.acts(code)
        findings = plan_findings(revision.plan, RowFigures(store.observations(code)), record, acts, today())
    blocking = [finding for finding in findings if finding.blocks_agreement]
    others = [finding for finding in findings if not finding.blocks_agreement]
    say(f"{title}, {revision}")
    for heading, some in (("To fix before agreement", blocking), ("Worth checking", others)):
        if some:
            say(f"\n{heading} ({len(some)}):")
            say_each(grouped(some), indent="  - ")
    if not findings:
        say("Nothing is missing.")
    if blocking:
        raise typer.Exit(1)


@app.command()
def export(
    code: Code,
    out: Annotated[Path | None, typer.Option(help="File to write, .yaml; the screen if not given.")] = None,
    revision: Annotated[int | None, typer.Option(help="An earlier revision; the current one if not given.")] = None,
) -> None:
    """Write the plan as a YAML file, comments and all, as it was saved."""
    if out is not None:
        check_ending(out, "the plan as YAML", ".yaml", f"A page to read or to print: t4c report {code} --out FOLDER.")
    with Store.open() as store:
        found = current_revision(store, code) if revision is None else _revision(store, code, revision)
        title = titled(store, found.plan)
    if out is None:
        typer.echo(found.document, nl=False)
    else:
        write_whole(out, found.document.encode())
        say(f"{out}: {title}, {found}")


@app.command()
def new(
    code: Code,
    year: Annotated[list[str], typer.Option(help="Financial year of the plan (2026/27); several for several years.")],
    by: By = None,
    side: For = None,
    yes: Yes = False,
) -> None:
    """Start a plan: every action of the framework as suggested, every X to be set."""
    with Store.open() as store:
        trust = store.employer(code)
        if store.latest_plan(code) is not None:
            raise NoPlanError(f"{trust.title} has a plan already: t4c plan history {code}")
        plan = Plan.suggested(trust.code, trust.name, year, since=Month.of(today()))
        preview(None, plan, titled(store, plan))
        say("The framework's dates are carried to the plan's years; one that is before this month is left to you.")
        save(store, plan, parent=None, by=by, side=side, note="as suggested", yes=yes)


@app.command()
def history(code: Code) -> None:
    """List who saved what and when, oldest first."""
    with Store.open() as store:
        say(titled(store, current_revision(store, code).plan))
        before: Plan | None = None
        for revision in store.plan_history(code):
            say(str(revision))
            say_each(changes_between(before, revision.plan) if before else (), indent="    ")
            before = revision.plan


@app.command()
def diff(
    code: Code,
    earlier: Annotated[int, typer.Argument(help="Number of a revision.")],
    later: Annotated[int, typer.Argument(help="Number of another.")],
) -> None:
    """Show what differs between two revisions, row by row."""
    with Store.open() as store:
        one, other = (_revision(store, code, number) for number in (earlier, later))
    say_each(changes_between(one.plan, other.plan), none="No row differs; comments may.")


@app.command()
def roll(
    code: Code,
    to: Annotated[str, typer.Option(help="Financial year to carry the plan to, such as 2027/28.")],
    by: By = None,
    side: For = None,
    yes: Yes = False,
) -> None:
    """Roll the plan forward a year: rows that are done are closed, open ones carried forward, baselines renewed."""
    from t4c_lib.progress import RowFigures

    with Store.open() as store:
        current = current_revision(store, code)
        with suppress(UnknownNameError):  # a plan may be there of an organisation of which no file told
            store.employer(code)
        plan = carry(current.plan, to, RowFigures(store.observations(code)).newest)
        nothing, note = "Nothing to carry forward: the plan is for that year already.", f"carried to {to}"
        save_changes(store, current, plan, nothing=nothing, by=by, side=side, note=note, yes=yes)


def _revision(store: Store, code: str, number: int) -> Revision:
    history = {one.revision: one for one in store.plan_history(code)}
    if not history:
        return current_revision(store, code)  # which says that there is no plan
    if number not in history:
        raise NoPlanError(f"The plan of {code} has no revision {number}; its revisions are 1 to {max(history)}.")
    return history[number]
