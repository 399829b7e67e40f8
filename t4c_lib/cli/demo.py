"""`t4c demo`: the demonstration trusts."""

from __future__ import annotations

import typer

from t4c_lib.cli.screen import progress, say
from t4c_lib.errors import InputError, Problem

app = typer.Typer(help="The fictional organisations to try the workbook on.", no_args_is_help=True)


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
