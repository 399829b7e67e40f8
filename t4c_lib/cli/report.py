"""`t4c report`: reports of one or many organisations, in the formats that people want, and whether they hold."""

import os
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from t4c_lib.cli.console import check_ending, complain, progress_bar, say, say_from
from t4c_lib.disclosure import Audience
from t4c_lib.errors import InputError, Problem, refuse, unknown_choice
from t4c_lib.evidence import Organisation
from t4c_lib.quantities import count_of
from t4c_lib.store import Store

_BARE = re.compile(r"( trusts?| organisations?|s)+ *$")  # what a type is written with or without


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
    workers: Annotated[int | None, typer.Option(min=1)] = None,
    scheduler: str = "",
    anew: bool = False,
    resume: bool = False,
) -> None:
    """Write reports: OUT/CODE/report.html to read, report.ipynb to check, and with --formats papers and tables.

    Exact ones are called ...-inside-the-forum. `t4c report verify OUT` makes them again and says what differs.
    """
    if codes and codes[0] == "verify":
        _verify(Path(*codes[1:]))
    if anew and resume:
        raise typer.BadParameter("It keeps what was made, and --anew makes it again.", param_hint="--resume")
    if out is None:
        raise typer.BadParameter("Give --out FOLDER.", param_hint="--out")
    check_ending(out, "a folder with a page for each organisation", instead="--formats pdf writes the board paper.")
    from t4c_lib.progress.what_if import OUR_PLAN, scenarios
    from t4c_lib.reports.batch import ReportDone, reports_in, run_and_tell
    from t4c_lib.reports.run import Format, ReportAsked
    from t4c_lib.reports.trust import asked_days
    from t4c_lib.whatif.scenarios import fold

    wrong: list[Problem] = []
    asked_days(wrong, as_of, since, audience, scenario)
    refuse("t4c report", [replace(one, place=one.place.replace("parameter ", "--").replace("_", "-")) for one in wrong])
    chosen = list(Format) if formats == "all" else [one.strip() for one in formats.split(",")]
    if problems := [found for one in chosen for found in unknown_choice("format", one, [*Format, "all"])]:
        raise InputError("--formats", problems)
    with Store.open() as store:
        found = _organisations(store, codes or [], where or [], every=every)
    if not codes:
        say(f"{', '.join(where or ['all'])}: {count_of(len(found), 'organisations')}")
    named = [scenarios(one.code) for one in found] if scenario and fold(scenario) != fold(OUR_PLAN) else []
    if named and all(fold(scenario) not in map(fold, one.by_name) for one in named):
        named[0].get(scenario)  # says which there are
    asked = [ReportAsked(one, audience, tuple(map(Format, chosen)), as_of, since, scenario) for one in found]

    states: Counter[str] = Counter()

    def told(one: ReportDone) -> None:
        states[one.state] += 1
        name = one.asked.organisation.code
        if one.state == "failed":
            complain(f"{name}: {one.why}")
        else:
            page = out / name / one.asked.name_of("report.html")
            say(f"{name}: {page} ({f'{one.seconds:.1f} s' if one.state == 'made' else 'unchanged'})")

    try:
        with progress_bar() as step:
            how = {"workers": workers or os.cpu_count() or 1, "scheduler": scheduler, "anew": anew}
            run_and_tell(asked, out, step, told, **how)
    except KeyboardInterrupt:
        made = states["made"] + states["unchanged"]
        complain(f"Stopped: {made} of {len(asked)} made. The same command again makes the rest.")
        raise typer.Exit(130) from None
    mine = {one.code for one in found} if {*chosen} - {Format.HTML} else set()
    there = [one for one in reports_in(out) if one["organisation"] in mine]
    say_from("reports", index=out / "index.html", states=states, reports=there)
    if states["failed"]:
        raise typer.Exit(1)


def _verify(folder: Path) -> NoReturn:
    """Make reports again, tell what differs, and end with 1 if anything does."""
    from t4c_lib.reports.run import verify

    again = dict(verify(folder))
    for line in (f"{page}: {line}" for page, differences in again.items() for line in differences):
        complain(line)
    say_from("verified", again=again, count_of=count_of)
    raise typer.Exit(1 if any(again.values()) else 0)


def _organisations(store: Store, codes: list[str], where: list[str], *, every: bool) -> list[Organisation]:
    """Those that are named, in their order; else all employers, or those that are as asked for."""
    from t4c_lib.sections.comparison import REGIONS, type_words

    if not (codes or where or every):
        raise typer.BadParameter("Give a CODE, or --where region=..., or --all.", param_hint="CODE")
    if codes:
        return [store.organisation(code) for code in dict.fromkeys(codes)]
    found = [one for one in store.organisations() if one.is_employer]
    for condition in where:
        name, _, value = condition.partition("=")
        refuse("--where", unknown_choice("field", name, ["region", "type"]))
        said = {one.code: REGIONS.get(one.region, "") if name == "region" else type_words(one.type, 1) for one in found}
        bare = {code: _BARE.sub("", words.casefold()) for code, words in said.items() if words}
        kept = [one for one in found if bare.get(one.code) == _BARE.sub("", value.casefold())]
        refuse("--where", [] if kept else unknown_choice(name, value, sorted(set(said.values()) - {""})))
        found = kept
    return found
