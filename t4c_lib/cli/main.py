"""Puts the commands together and turns errors into messages."""

from __future__ import annotations

import sys

import typer

from t4c_lib.cli import agreement, demo, evidence, plan, pledge, progress, rounds
from t4c_lib.cli.backup import backup, restore
from t4c_lib.cli.console import complain
from t4c_lib.cli.report import report
from t4c_lib.cli.serve import serve
from t4c_lib.cli.whatif import whatif
from t4c_lib.errors import T4CError

app = typer.Typer(
    name="t4c",
    help="The Talent for Care planning workbook: evidence in, plans and reports out.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(evidence.app, name="evidence")
app.add_typer(plan.app, name="plan")
app.add_typer(rounds.app, name="round")
app.add_typer(agreement.app, name="agreement")
app.add_typer(pledge.app, name="pledge")
app.add_typer(progress.app, name="progress")
app.add_typer(demo.app, name="demo")
app.command("minutes")(agreement.minutes)
app.command("report")(report)
app.command("whatif")(whatif)
app.command("serve")(serve)
app.command("backup")(backup)
app.command("restore")(restore)


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
