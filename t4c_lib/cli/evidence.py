"""`t4c evidence`: figures in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from t4c_lib.cli.collection import marked_copies, template
from t4c_lib.cli.console import progress, say
from t4c_lib.cli.text_files import check_ending

if TYPE_CHECKING:
    from t4c_lib.evidence import Organisation

app = typer.Typer(help="Add figures: official publications and staff extracts.", no_args_is_help=True)
app.command("template")(template)


@app.callback()
def _group() -> None:
    """Add figures: official publications and staff extracts."""


@app.command()
def add(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Files as they were downloaded or exported.")],
) -> None:
    """Read files and add what they say to the store: all of them, or none if anything is wrong with one.

    The kind of file is recognised from its content. Adding a file twice changes nothing.
    """
    from t4c_lib.evidence import read_files
    from t4c_lib.store import Store

    with marked_copies(files), progress() as step:
        loaded = read_files(files, step)
        with Store.open() as store:
            added = store.add_evidence(loaded)
    for file, result in zip(loaded, added, strict=True):
        say(str(result))
        if any(one.demonstration for one in file.organisations):
            say(f"  {_MADE_UP}")
        for note in file.notes:
            say(f"  note: {note}")


@app.command()
def show(code: Annotated[str, typer.Argument(metavar="CODE", help="Code of the organisation.")]) -> None:
    """Show the latest figure of each measure, with the file, reader and version it came from."""
    from t4c_lib.progress import format_baseline, sourced_baselines
    from t4c_lib.store import Store

    with Store.open() as store:
        organisation = store.organisation(code)
        found = sourced_baselines(store.observations(organisation.code), store.sources(organisation.code))
    _say_whose(organisation)
    for one in found:
        say(format_baseline(one))
    if not found:
        say("No measure has a figure yet. Add evidence: t4c evidence add FILE...")


@app.command()
def check(
    code: Annotated[str, typer.Argument(metavar="CODE", help="Code of the organisation.")],
    out: Annotated[Path | None, typer.Option(help="The file to write [default: CODE-workings.csv here].")] = None,
) -> None:
    """Write every figure with numerator, denominator, state and source as CSV, to be checked in a spreadsheet."""
    from t4c_lib.progress import provenance_table, write_provenance
    from t4c_lib.store import Store

    with Store.open() as store:
        organisation = store.organisation(code)
        sources = store.sources(organisation.code)
        table = provenance_table(store.observations(organisation.code), sources)
    file = out or Path(f"{organisation.code}-workings.csv")
    check_ending(file, "the figures as CSV", ".csv", "Every spreadsheet program opens it.")
    write_provenance(table, file)
    counts = ((len(table), "figure"), (len(sources), "file"))
    _say_whose(organisation)
    say(f"{file}: {' from '.join(f'{n:,} {noun}' + ('' if n == 1 else 's') for n, noun in counts)}")


@app.command()
def local(
    code: Annotated[str, typer.Argument(metavar="CODE", help="Code of the organisation.")],
    authorities: Annotated[
        list[str],
        typer.Argument(
            metavar="AUTHORITY[=WEIGHT]...",
            help="Local authorities, by code or name, and how much each counts: Leeds=3. Without weights each counts "
            "by its residents.",
        ),
    ],
) -> None:
    """Compare the workforce with the local population: each group's share of staff, of residents, and the gap.

    Needs the publications of residents by age or by ethnic group, and a staff extract, to be added first.
    """
    from t4c_lib.evidence import local_population, weights_by_population
    from t4c_lib.evidence.observations import SUPPORT_STAFF, TRUST_WORKFORCE
    from t4c_lib.framework import catalogue
    from t4c_lib.progress import compare_with_residents, format_representation
    from t4c_lib.store import Store

    with Store.open() as store:
        organisation = store.organisation(code)
        organisations = store.organisations()
        codes, weights = _weights(authorities, {one.name.casefold(): one.code for one in organisations})
        residents = store.observations(codes, series=["population", "census-groups"])
        staff = store.observations(organisation.code, series=catalogue().by_group.series)
    around = local_population(residents, weights or weights_by_population(residents, codes), organisations)
    _say_whose(organisation)
    names = {one.code: one.name for one in organisations}
    say("Residents of " + ", ".join(f"{names[one]} ({weight:.0%})" for one, weight in around.weights))
    found = [
        one
        for population in (TRUST_WORKFORCE, SUPPORT_STAFF)
        for one in compare_with_residents(staff, around, population)
    ]
    for one in found:
        say(format_representation(one))
    if not found:
        say("No staff figures by age or ethnicity yet. Add a staff extract: t4c evidence add FILE")


_MADE_UP = "Demonstration: this organisation and its figures are made up."


def _say_whose(organisation: Organisation) -> None:
    say(f"{organisation.name} ({organisation.code})")
    if organisation.demonstration:
        say(_MADE_UP)


def _weights(authorities: list[str], called: dict[str, str]) -> tuple[list[str], dict[str, float]]:
    """Codes, and their weights where they are given: for all of them or for none. Raises InputError.

    Args:
        authorities: as they were typed.
        called: code of each name, in small letters.
    """
    from t4c_lib.errors import InputError, Problem

    problems, weights, codes = [], {}, []
    for text in authorities:
        typed, equals, weight = text.partition("=")
        code = called.get(typed.casefold(), typed)
        if code in codes:
            problems.append(Problem(code, "is given twice.", "Give each local authority once."))
        codes.append(code)
        if equals:
            try:
                weights[code] = float(weight)
            except ValueError:
                problems.append(Problem(code, f"'{weight}' is not a weight.", "Write it like Leeds=3."))
    if weights and len(weights) < len(codes) and not problems:
        without = ", ".join(code for code in codes if code not in weights)
        problems.append(Problem(without, "has no weight, though others have.", "Give a weight to all, or to none."))
    if problems:
        raise InputError("local authorities", problems)
    return codes, weights
