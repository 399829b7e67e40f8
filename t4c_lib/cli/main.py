"""Puts the commands together, those of the demonstration and single ones among them; turns errors into messages."""

import datetime as dt
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Annotated

import typer

from t4c_lib.address import Address
from t4c_lib.cli import agreement, audit, evidence, plan, pledge, progress, rounds
from t4c_lib.cli.console import Explained, GivenFile, check_ending, complain, progress_bar, say, say_each, say_from
from t4c_lib.cli.report import report
from t4c_lib.cli.saving import confirm, store_of
from t4c_lib.cli.whatif import whatif
from t4c_lib.disclosure import Audience
from t4c_lib.errors import T4CError
from t4c_lib.evidence import read_files
from t4c_lib.filesystem import project_root, write_whole
from t4c_lib.store import Store
from t4c_lib.store.backup import read_key
from t4c_lib.store.people import SIGNED_IN

app = typer.Typer(
    name="t4c",
    help="The Talent for Care planning workbook: evidence in, plans and reports out.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for group, its_name in ((evidence, "evidence"), (plan, "plan"), (rounds, "round"), (agreement, "agreement")):
    app.add_typer(group.app, name=its_name)
for group, its_name in ((pledge, "pledge"), (progress, "progress"), (audit, "audit")):
    app.add_typer(group.app, name=its_name)
app.add_typer(audit.people, name="people")
disclosure = typer.Typer(help="Small numbers: check files before they are published.", no_args_is_help=True)
disclosure.callback()(lambda: None)  # else its only command would go without a name
app.add_typer(disclosure, name="disclosure")
demo = typer.Typer(help="The fictional organisations to try the workbook on.", no_args_is_help=True)
app.add_typer(demo, name="demo")
app.command("minutes", cls=Explained)(agreement.minutes)
app.command("pre-read", cls=Explained)(agreement.pre_read)
app.command("whatif", cls=Explained)(whatif)
app.command("report", cls=Explained)(report)


@app.command(cls=Explained)
def snapshot(
    page: Annotated[str, typer.Argument(metavar="PAGE")],
    code: Annotated[str, typer.Argument(metavar="CODE")],
    out: GivenFile,
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
    with progress_bar() as step:
        html = save_page(page_named(page, WORKBOOKS), address, dt.datetime.now().astimezone(), step).encode()
    write_whole(out, html)
    say(f"{out}: {len(html) / 1000:,.0f} kB, {audience.marking} ({time.perf_counter() - started:.1f} s)")


@app.command(cls=Explained)
def backup(file: Path, key_file: Path | None = None) -> None:
    """Back up the whole store to one file; others can go on working."""
    check_ending(file, "a backup of the whole store", instead="Only t4c restore reads it.")
    key = read_key(key_file) if key_file else None
    with Store.open() as store:
        if store.people() is not None:
            store.audit.record("exported", detail="backup")
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
        made, held = store.restore(file, keep, key), store.people()
    unchecked = "seal not checked (--key-file)" if made.sealed else "no seal, so no proof of who made it"
    say(f"Restored from {file}: {made}; {'its seal holds' if key else unchecked}")
    if held is not None and not made.rows.get("people"):
        say("The backup has no list of people. The one that this store had holds on: t4c people show")


@app.command(cls=Explained)
def serve(
    port: Annotated[int, typer.Option(min=0, max=65_535)] = 8866,
    host: str = "127.0.0.1",
    name: list[str] | None = None,
    behind_proxy: bool = False,
    new_token: bool = False,
    base_url: str = "/",
    sign_in: str = "",
    proxy: list[str] | None = None,
    open_browser: Annotated[bool, typer.Option("--open/--no-open")] = False,
) -> None:
    """Serve the pages until Ctrl-C: to this machine only, unless --host says otherwise.

    Beyond this machine the pages ask for a token, which is printed with the address; T4C_TOKEN sets one of your own.
    On a machine that others sign in to, T4C_TOKEN_ON_LOOPBACK=1 has it asked for on this machine too.
    """
    from t4c_lib.serving import Access
    from t4c_lib.serving import serve as serve_pages
    from t4c_lib.serving.sign_in import SignIn, hub_place

    known = SignIn.by(sign_in, proxy or ()) if sign_in else None
    if known and not known.header:
        host, port, base_url = hub_place(host, port, base_url)
    access = Access.to(host, names=name or (), behind_proxy=behind_proxy, new_token=new_token, sign_in=known)
    serve_pages(port=port, access=access, base_url=base_url, open_browser=open_browser)


@disclosure.command(cls=Explained)
def check(folder: Annotated[Path, typer.Argument(metavar="FOLDER")], before: Path | None = None) -> None:
    """Read the files back as a reader would, and say which hidden counts can be worked out from them.

    Reads tables of figures (CSV), pages (HTML), notebooks and papers (Word). Ends with 1 if anything is found.
    """
    from t4c_lib.disclosure.check import check_folder
    from t4c_lib.disclosure.suppression_policy import policy
    from t4c_lib.progress.provenance import PROVENANCE_COLUMNS, series_of_time, series_sums
    from t4c_lib.quantities import count_of

    held = policy()
    checked = check_folder(
        folder, held, of_time=series_of_time(), sums=series_sums(), columns=PROVENANCE_COLUMNS, before=before
    )
    for finding in checked.findings:
        complain(str(finding))
    say_from("disclosure", checked=checked, held=held, before=before, count_of=count_of)
    if checked.findings:
        raise typer.Exit(1)


@demo.command(cls=Explained)
def load() -> None:
    """Add the demonstration organisations' extracts, and plans, agreements and a programme where none was saved."""
    folder = project_root() / "data" / "demo"
    with Store.open() as store:
        if store.people() is not None:
            hint = "It speaks in made-up names, which nobody's list has. Load it into another store (T4C_DATABASE_URL)."
            raise T4CError(f"This store has a list of people, so the demonstration can't be loaded into it. {hint}")
    if not any((folder / "extracts").glob("*.csv*")):
        say("Making the demonstration's extracts ...")
        _run_script(folder / "generate.py")
    with progress_bar() as step:
        loaded = read_files(sorted((folder / "extracts").glob("*.csv*")), step)
        with Store.open() as store:
            say_each(store.add_evidence(loaded))
    _run_script(folder / "partnership.py")
    _run_script(folder / "programme.py")


def _run_script(script: Path) -> None:
    """Run a script of the demonstration's own, which is no part of the library."""
    subprocess.run([sys.executable, script], check=True)  # noqa: S603


@demo.command(cls=Explained)
def remove(yes: bool = False) -> None:
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
        say_from("demo_rows", rows=there.rows)
        confirm("Remove all of this? It can't be undone.", yes=yes)
        store.remove_demonstrations()
    say("Removed.")


def main() -> None:
    """The entry point. Exit code 1 for what a person can mend, 2 for a command typed wrong, 130 for Ctrl-C."""
    # That is for a server to say to its kernels; here the account of this machine counts.
    os.environ.pop(SIGNED_IN, None)
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
