"""`t4c demo`: the demonstration trusts."""

from __future__ import annotations

from typing import Annotated

import typer

from t4c_lib.cli.screen import progress, say
from t4c_lib.errors import InputError, Problem

app = typer.Typer(help="The fictional organisations to try the workbook on.", no_args_is_help=True)

# What people call the rows of the store's tables.
ROWS = {
    "observation": "figures", "source_file": "files of evidence", "plan_revision": "revisions of plans",
    "agreement_act": "decisions on rows", "speakers": "lists of signatories", "forum_round": "rounds",
    "pledge_revision": "wordings of pledges", "pledge_step": "steps of pledges", "progress_note": "notes",
}  # fmt: skip


@app.callback()
def _group() -> None:
    """The fictional organisations to try the workbook on."""


@app.command()
def load() -> None:
    """Add the demonstration organisations' extracts, and their plans where no plan was saved yet."""
    from t4c_lib.evidence import read_files
    from t4c_lib.plan import Plan
    from t4c_lib.store import Store
    from t4c_lib.store.location import project_root

    extracts = sorted((project_root() / "data" / "demo" / "extracts").glob("*.csv*"))
    if not extracts:
        raise InputError("data/demo/extracts", [Problem("", "Not made yet: run python data/demo/generate.py first.")])
    with progress() as step:
        loaded = read_files(extracts, step)
        with Store.open() as store:
            for result in store.add_evidence(loaded):
                say(str(result))
            for file in sorted((project_root() / "parameters" / "demo").glob("*.yaml")):
                text = file.read_text(encoding="utf-8")
                plan = Plan.from_yaml(text, file.name)
                if store.latest_plan(plan.organisation) is None:
                    saved = store.save_plan(
                        plan, by="Demonstration", side="both", note="made up, to try the workbook on", document=text
                    )
                    say(f"plan of {plan.organisation}: {saved}")


@app.command()
def remove(yes: Annotated[bool, typer.Option("--yes", help="Remove without asking.")] = False) -> None:
    """Remove the demonstration organisations with all that was saved of them, before a trust goes live.

    Nothing of other organisations is touched. Written reports and backups stay; delete those by hand.
    """
    from t4c_lib.cli.saving import somebody_is_there
    from t4c_lib.store import Store

    with Store.open() as store:
        there = store.demonstrations()
        if not there.organisations:
            say("There is no demonstration organisation here.")
            return
        say("Demonstration organisations that go, with all that was saved of them:")
        for one in there.organisations:
            say(f"  {one.title} ({one.code})")
        say(f"  {', '.join(f'{count:,} {noun}' for name, noun in ROWS.items() if (count := there.rows.get(name)))}")
        if not yes:
            somebody_is_there("--yes")
            if not typer.confirm("Remove all of this? It can't be undone."):
                say("Nothing was removed.")
                return
        store.remove_demonstrations()
    say("Removed.")
