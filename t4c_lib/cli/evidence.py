"""`t4c evidence`: figures in, and the collection workbook that asks for them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from t4c_lib.cli.console import Explained, GivenFile, check_ending, complain, progress_bar, say, say_each, say_from
from t4c_lib.cli.saving import store_of
from t4c_lib.disclosure import INSIDE, Audience
from t4c_lib.errors import InputError, Problem, RefusedInputsError
from t4c_lib.evidence import Organisation, read_files
from t4c_lib.evidence.collection_workbook import Rhythm
from t4c_lib.framework import catalogue
from t4c_lib.periods import Month, today
from t4c_lib.plan.plan import served_authorities
from t4c_lib.quantities import count_of
from t4c_lib.store import Store

app = typer.Typer(help="Add figures: official publications and staff extracts.", no_args_is_help=True)


@app.command(cls=Explained)
def add(files: Annotated[list[Path], typer.Argument(metavar="FILE...")]) -> None:
    """Read files and add what they say to the store: all of them, or none if anything is wrong with one.

    The kind of file is recognised from its content. Adding a file twice changes nothing.
    """
    try:
        with progress_bar() as step:
            loaded = read_files(files, step)
    except RefusedInputsError as error:
        _mark_copies(files, error)
        raise
    with Store.open() as store:
        added = store.add_evidence(loaded)
    for file, result in zip(loaded, added, strict=True):
        say(str(result))
        if any(one.demonstration for one in file.organisations):
            say(f"  {_MADE_UP}")
        say_each(file.notes, indent="  note: ")


@app.command(cls=Explained)
def show(code: str) -> None:
    """Show the latest figure of each measure, with the file, reader and version it came from."""
    from t4c_lib.progress.baselines import RowFigures
    from t4c_lib.progress.provenance import format_baseline, sourced_baselines

    with store_of(code) as (store, organisation):
        found = sourced_baselines(RowFigures(store.observations(organisation.code)), store.sources(organisation.code))
    _say_whose(organisation)
    say_each(map(format_baseline, found), none="No measure has a figure yet. Add evidence: t4c evidence add FILE...")


@app.command(cls=Explained)
def check(code: str, out: Path | None = None, audience: Audience = Audience.PUBLISHED) -> None:
    """Write every figure with numerator, denominator, state and source as CSV, to be checked in a spreadsheet."""
    from t4c_lib.progress import provenance_table
    from t4c_lib.progress.provenance import published_figures, write_provenance

    with store_of(code) as (store, organisation):
        sources = store.sources(organisation.code)
        figures: Any = store.observations(organisation.code)
    is_public = audience is Audience.PUBLISHED
    table = provenance_table(published_figures(figures, sources) if is_public else figures, sources)
    file = out or Path(f"{organisation.code}-figures{'' if is_public else INSIDE}.csv")
    check_ending(file, "the figures as CSV", ".csv", "Every spreadsheet program opens it.")
    write_provenance(table, file)
    _say_whose(organisation)
    say(audience.marking)
    counts = f"{count_of(len(table), 'figures')} from {count_of(len(sources), 'files')}"
    say(f"Written to {file}{'' if out else ' in this folder'}: {counts}")


@app.command(cls=Explained)
def local(
    code: str, authorities: Annotated[list[str] | None, typer.Argument(metavar="AUTHORITY[=WEIGHT]...")] = None
) -> None:
    """Compare the workforce with the local population: each group's share of staff, of residents, and the gap.

    Needs the publications of residents by age or by ethnic group, and a staff extract, to be added first.
    """
    from t4c_lib.progress import representation

    typed = [(name, weight) for name, _, weight in (text.partition("=") for text in authorities or ())]

    with store_of(code) as (store, organisation):
        organisations, revision = store.organisations(), store.latest_plan(code)
        names = representation.authority_names(organisations)
        served = served_authorities(typed, names) or (revision.plan.local_authorities if revision else ())
        if not served:
            words = f"the plan of {code} names none yet." if revision else f"{code} has no plan yet that names any."
            hint = f"Choose them on its Home page, or name them here: t4c evidence local {code} Leeds=3 Bradford=1"
            raise InputError("local authorities", [Problem("", words, hint)])
        residents = store.observations([one.code for one in served], series=representation.RESIDENT_SERIES)
        staff = store.observations(organisation.code, series=catalogue().by_group.series)
    around, found = representation.compare_with_authorities(staff, residents, served, organisations)
    _say_whose(organisation)
    say("Residents of " + ", ".join(f"{names[one]} ({weight:.0%})" for one, weight in around.weights))
    none = "No staff figures by age or ethnicity yet. Add a staff extract: t4c evidence add FILE"
    say_each(map(representation.format_representation, found), none=none)


_MADE_UP = "Demonstration: this organisation and its figures are made up."


def _say_whose(organisation: Organisation) -> None:
    say(f"{organisation.name} ({organisation.code})")
    if organisation.demonstration:
        say(_MADE_UP)


@app.command(cls=Explained)
def template(
    code: str, out: GivenFile, to: str | None = None, every: Rhythm | None = None, unlocked: bool = False
) -> None:
    """Write an Excel workbook that asks for the figures of an organisation's plan, to be filled in and added.

    It asks for the measures of the plan that are open and have an amount; without a plan for all of the framework's.
    """
    from t4c_lib.evidence.collection_workbook.workbook_writer import write_template
    from t4c_lib.progress.baselines import plan_collection

    last = Month.parse(to) if to else Month.of(today()) + -1
    with store_of(code) as (store, trust):
        revision = store.latest_plan(trust.code)
    collection = plan_collection(trust, revision.plan if revision else None, last, every=every)
    write_template(collection, out, locked=not unlocked)
    say_from("evidence_template", out=out, collection=collection, revision=revision, count_of=count_of)


def _mark_copies(files: Sequence[Path], refused: RefusedInputsError) -> None:
    from t4c_lib.evidence.collection_workbook.workbook_writer import mark_refused

    try:
        for original, copy in mark_refused(files, refused.errors):
            say(f"{original.name}: every problem is marked in {copy}")
    except InputError as another:  # no room for a copy, or no right to write: the problems are told all the same
        complain(f"No marked copy: {another}")
