"""Puts the commands together, and turns errors into messages. Here stand those about the workbook as a whole.

`t4c report`: reports of one or many organisations, in the formats that people want, and whether they hold.
`t4c disclosure`: what files give away of a few people, before they are published. `t4c demo`: the demonstration trusts.
"""

import datetime as dt
import os
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from t4c_lib.address import Address
from t4c_lib.cli import agreement, evidence, plan, progress
from t4c_lib.cli.common import Explained, check_ending, complain, confirm, progress_bar, say, say_each, store_of
from t4c_lib.cli.rounds_and_pledge import pledge_app, rounds_app
from t4c_lib.cli.whatif import whatif
from t4c_lib.disclosure import Audience
from t4c_lib.errors import InputError, T4CError, refuse, unknown_choice
from t4c_lib.evidence import Organisation, read_files
from t4c_lib.html_templates import text_from
from t4c_lib.local_files import project_root, write_whole
from t4c_lib.quantities import count_of
from t4c_lib.store import Store
from t4c_lib.store.backup import read_key


def report(
    codes: Annotated[list[str] | None, typer.Argument(metavar="CODE...")] = None,
    out: Annotated[Path | None, typer.Option()] = None,
    audience: Audience = Audience.PUBLISHED,
    formats: str = "html",
    every: Annotated[bool, typer.Option("--all")] = False,
    where: list[str] | None = None,
    as_of: str = "",
    since: str = "",
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
    asked = [ReportAsked(one, audience, tuple(map(Format, chosen)), as_of, since) for one in found]

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


disclosure_app = typer.Typer(help="Small numbers: check files before they are published.", no_args_is_help=True)

disclosure_app.callback()(lambda: None)  # else its only command would go without a name


@disclosure_app.command("check", cls=Explained)
def check_disclosure(folder: Annotated[Path, typer.Argument(metavar="FOLDER")], before: Path | None = None) -> None:
    """Read the files back as a reader would, and say which hidden counts can be worked out from them.

    Reads tables of figures (CSV), pages (HTML), notebooks and papers (Word). Ends with 1 if anything is found.
    """
    from t4c_lib.disclosure.check import check_folder
    from t4c_lib.disclosure.suppression_policy import policy
    from t4c_lib.progress.provenance import PROVENANCE_COLUMNS
    from t4c_lib.progress.published_figures import series_of_time, series_sums
    from t4c_lib.quantities import count_of
    from t4c_lib.typed_text import listed

    held = policy()
    checked = check_folder(
        folder, held, of_time=series_of_time(), sums=series_sums(), columns=PROVENANCE_COLUMNS, before=before
    )
    for finding in checked.findings:
        complain(str(finding))
    shown = {"checked": checked, "held": held, "before": before, "count_of": count_of, "listed": listed}
    say(text_from("cli/disclosure.txt.j2", **shown).rstrip())
    if checked.findings:
        raise typer.Exit(1)


demo_app = typer.Typer(help="The fictional organisations to try the workbook on.", no_args_is_help=True)

# What people call the rows of the store's tables.
ROWS = {
    "observation": "figures", "source_file": "files of evidence", "plan_revision": "revisions of plans",
    "agreement_act": "decisions on rows", "speakers": "lists of signatories", "forum_round": "rounds",
    "pledge_revision": "wordings of pledges", "pledge_step": "steps of pledges", "progress_note": "notes",
}  # fmt: skip


@demo_app.command("load", cls=Explained)
def load_demo() -> None:
    """Add the demonstration organisations' extracts, and where no plan was saved yet their plans and agreements."""
    folder = project_root() / "data" / "demo"
    if not any((folder / "extracts").glob("*.csv*")):
        say("Making the demonstration's extracts ...")
        _run_script(folder / "generate.py")
    with progress_bar() as step:
        loaded = read_files(sorted((folder / "extracts").glob("*.csv*")), step)
        with Store.open() as store:
            say_each(store.add_evidence(loaded))
    _run_script(folder / "partnership.py")


def _run_script(script: Path) -> None:
    """Run a script of the demonstration's own, which is no part of the library."""
    subprocess.run([sys.executable, script], check=True)  # noqa: S603


@demo_app.command("remove", cls=Explained)
def remove_demo(yes: bool = False) -> None:
    """Remove the demonstration organisations with all that was saved of them, before a trust goes live.

    Nothing of other organisations is touched. Written reports and backups stay; delete those by hand.
    """
    with Store.open() as store:
        there = store.demonstrations()
        if not there.organisations:
            say("There is no demonstration organisation here.")
            return
        say("Demonstration organisations that go, with all that was saved of them:")
        say_each((f"{one.title} ({one.code})" for one in there.organisations), indent="  ")
        say(f"  {', '.join(f'{count:,} {noun}' for name, noun in ROWS.items() if (count := there.rows.get(name)))}")
        confirm("Remove all of this? It can't be undone.", yes=yes)
        store.remove_demonstrations()
    say("Removed.")


app = typer.Typer(
    name="t4c",
    help="The Talent for Care planning workbook: evidence in, plans and reports out.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
GROUPS = {
    "evidence": evidence.app, "plan": plan.app, "round": rounds_app, "agreement": agreement.app,
    "pledge": pledge_app, "progress": progress.app, "disclosure": disclosure_app, "demo": demo_app,
}  # fmt: skip
for its_name, group in GROUPS.items():
    app.add_typer(group, name=its_name)
app.command("minutes", cls=Explained)(agreement.minutes)
app.command("pre-read", cls=Explained)(agreement.pre_read)
app.command("whatif", cls=Explained)(whatif)
app.command(cls=Explained)(report)


@app.command(cls=Explained)
def snapshot(
    page: Annotated[str, typer.Argument(metavar="PAGE")],
    code: Annotated[str, typer.Argument(metavar="CODE")],
    out: Annotated[Path, typer.Option()],
    intention: str | None = None,
    measure: str | None = None,
    audience: Audience = Audience.PUBLISHED,
) -> None:
    """Save a page as one file that opens by double-click, without network."""
    check_ending(out, "a page as one file", ".html", "A browser prints it, as PDF too.")
    from t4c_lib.serving.run import WORKBOOKS
    from t4c_lib.serving.snapshot import page_named, save_page

    started = time.perf_counter()
    given = {name: one for name, one in (("intention", intention), ("measure", measure)) if one is not None}
    with store_of(code) as (_, organisation):
        address = Address().with_parts(organisation=organisation.code, audience=audience, **given)
    html = save_page(page_named(page, WORKBOOKS), address, dt.datetime.now().astimezone()).encode()
    write_whole(out, html)
    say(f"{out}: {len(html) / 1000:,.0f} kB, {audience.marking} ({time.perf_counter() - started:.1f} s)")


@app.command(cls=Explained)
def backup(file: Path, key_file: Path | None = None) -> None:
    """Back up the whole store to one file; others can go on working."""
    check_ending(file, "a backup of the whole store", instead="Only t4c restore reads it.")
    key = read_key(key_file) if key_file else None
    with Store.open() as store:
        say(f"{file}: {store.backup(file, key)}{', sealed' if key else ''}")
        if made_up := len(store.demonstrations().organisations):
            say(f"  with {made_up} demonstration organisation{'' if made_up == 1 else 's'}")


@app.command(cls=Explained)
def restore(file: Path, keep: Path | None = None, key_file: Path | None = None) -> None:
    """Restore the whole store from a backup, or nothing; refused while somebody else is using it."""
    if keep is not None:
        check_ending(keep, "a backup of the whole store")
    key = read_key(key_file) if key_file else None
    with Store.open() as store:
        made = store.restore(file, keep, key)
    unchecked = "seal not checked (--key-file)" if made.sealed else "no seal, so no proof of who made it"
    say(f"Restored from {file}: {made}; {'its seal holds' if key else unchecked}")


@app.command(cls=Explained)
def serve(
    port: int = 8866,
    host: str = "127.0.0.1",
    name: list[str] | None = None,
    behind_proxy: bool = False,
    new_token: bool = False,
    base_url: str = "/",
    open_browser: Annotated[bool, typer.Option("--open/--no-open")] = False,
) -> None:
    """Serve the pages until Ctrl-C: to this machine only, unless --host says otherwise.

    Beyond this machine the pages ask for a token, which is printed with the address; T4C_TOKEN sets one of your own.
    On a machine that others sign in to, T4C_TOKEN_ON_LOOPBACK=1 has it asked for on this machine too.
    """
    from t4c_lib.serving import Access
    from t4c_lib.serving import serve as serve_pages

    access = Access.to(host, names=name or (), behind_proxy=behind_proxy, new_token=new_token)
    serve_pages(port=port, access=access, base_url=base_url, open_browser=open_browser)


def main() -> None:
    """The entry point. Exit code 1 for what a person can mend, 2 for a command typed wrong, 130 for Ctrl-C."""
    try:
        app()
    except T4CError as error:
        complain(str(error))
        sys.exit(1)
    except OSError as error:
        complain(f"Stopped: {error.strerror or error}{f' ({error.filename})' if error.filename else ''}.")
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
