"""`t4c report`: reports of one or many organisations, in the formats that people want, and whether they hold."""

import os
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from t4c_lib.cli.console import check_ending, complain, progress_bar, say
from t4c_lib.disclosure import Audience
from t4c_lib.errors import InputError, refuse, unknown_choice
from t4c_lib.evidence import Organisation
from t4c_lib.quantities import count_of
from t4c_lib.store import Store


def report(
    codes: Annotated[list[str] | None, typer.Argument(metavar="CODE...")] = None,
    out: Annotated[Path | None, typer.Option()] = None,
    audience: Audience = Audience.PUBLISHED,
    formats: str = "html",
    every: Annotated[bool, typer.Option("--all")] = False,
    where: list[str] | None = None,
    as_of: str = "",
    since: str = "",
    scenario: str = "",
    workers: int = 0,
    scheduler: str = "",
    anew: bool = False,
) -> None:
    """Write reports: OUT/CODE/report.html to read, report.ipynb to check, and with --formats papers and tables.

    For the forum, with exact figures, names end in -inside-the-forum. `t4c report verify OUT/CODE` makes the reports of
    a folder again from the inputs kept there, and says what differs.
    """
    if codes and codes[0] == "verify":
        from t4c_lib.reports.run import verify

        again = dict(verify(Path(*codes[1:])))
        for page, differences in again.items():
            say(f"{page}: {'differs' if differences else 'every figure is as it was'}")
            for line in differences:
                complain(f"  {line}")
        raise typer.Exit(1 if any(again.values()) else 0)
    if out is None:
        raise typer.BadParameter("Give --out FOLDER.", param_hint="--out")
    check_ending(out, "a folder with a page for each organisation", instead="--formats pdf writes the board paper.")
    from t4c_lib.reports.batch import ReportDone, run_and_tell
    from t4c_lib.reports.run import Format, ReportAsked

    chosen = list(Format) if formats == "all" else [one.strip() for one in formats.split(",")]
    if problems := [found for one in chosen for found in unknown_choice("format", one, [*Format, "all"])]:
        raise InputError("--formats", problems)
    with Store.open() as store:
        found = _organisations(store, codes or [], where or [], every=every)
    if not codes:
        say(f"{', '.join(where or ['all'])}: {count_of(len(found), 'organisations')}")
    asked = [ReportAsked(one, audience, tuple(map(Format, chosen)), as_of, since, scenario) for one in found]

    def told(one: ReportDone) -> None:
        name = one.asked.organisation.code
        if one.state == "failed":
            complain(f"{name}: {one.why}")
        else:
            page = out / name / one.asked.name_of("report.html")
            say(f"{name}: {page} ({f'{one.seconds:.1f} s' if one.state == 'made' else 'unchanged'})")

    with progress_bar() as step:
        how = {"workers": workers or os.cpu_count() or 1, "scheduler": scheduler, "anew": anew}
        done = run_and_tell(asked, out, step, told, **how)
    states = Counter(one.state for one in done)
    say(f"{out / 'index.html'}: {', '.join(f'{count} {state}' for state, count in states.items())}")
    if states["failed"]:
        raise typer.Exit(1)


def _organisations(store: Store, codes: list[str], where: list[str], *, every: bool) -> list[Organisation]:
    """Those that are named, in their order; else all employers, or those that are as asked for."""
    from t4c_lib.sections.comparison import REGIONS

    if not (codes or where or every):
        raise typer.BadParameter("Give a CODE, or --where region=..., or --all.", param_hint="CODE")
    if codes:
        return [store.organisation(code) for code in dict.fromkeys(codes)]
    found = [one for one in store.organisations() if one.is_employer]
    for condition in where:
        name, _, value = condition.partition("=")
        refuse("--where", unknown_choice("field", name, ["region", "type"]))
        said = {one.code: REGIONS.get(one.region, "") if name == "region" else one.type for one in found}
        kept = [one for one in found if said[one.code].casefold() == value.casefold()]
        refuse("--where", [] if kept else unknown_choice(name, value, sorted(set(said.values()) - {""})))
        found = kept
    return found
