"""`t4c plan import`: a plan from its YAML file, or from the pledge's table in a Word document."""

from __future__ import annotations

import datetime as dt
import sys
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from t4c_lib.cli import saving
from t4c_lib.cli.screen import say
from t4c_lib.cli.texts import read_text
from t4c_lib.errors import InputError, Problem, UnknownNameError
from t4c_lib.periods import FinancialYear, Month

WORD_ENDINGS = {".docx", ".doc", ".docm", ".dotx", ".odt", ".rtf"}


def import_plan(
    file: Annotated[Path, typer.Argument(help="A plan file (YAML), or a Word document with the pledge's table.")],
    organisation: Annotated[
        str | None, typer.Option(help="Code of the organisation; needed for a Word document, which names none.")
    ] = None,
    year: Annotated[
        str | None,
        typer.Option(help="Financial year of a plan from Word, such as 2026/27; the present one if not given."),
    ] = None,
    own: Annotated[
        str | None, typer.Option(help="Word: numbers of rows that are your own and none of the framework's (3,17).")
    ] = None,
    by: saving.By = None,
    side: saving.For = None,
    note: saving.Note = "",
    yes: saving.Yes = False,
) -> None:
    """Show what a file would change in an organisation's plan, ask, and save it as the next revision."""
    if file.suffix.casefold() in WORD_ENDINGS:
        _from_word(file, organisation, year, own, by=by, side=side, note=note, yes=yes)
    else:
        _from_yaml(file, by=by, side=side, note=note, yes=yes)


def _from_yaml(file: Path, **saver: object) -> None:
    from t4c_lib.plan import Plan
    from t4c_lib.store import Store

    text = read_text(file)
    plan = Plan.from_yaml(text, file.name)
    with Store.open() as store:
        current = store.latest_plan(plan.organisation)
        if current is None:
            with suppress(UnknownNameError):  # a plan may come before any evidence
                store.employer(plan.organisation)
        if current is not None and current.document == text:
            say(f"Nothing new: this is {current}.")
            return
        if saving.preview(current.plan if current else None, plan) == 0:
            say("  only comments or the layout of the file")
        saving.save(store, plan, parent=current, document=text, **saver)  # type: ignore[arg-type]


def _from_word(
    file: Path, organisation: str | None, year: str | None, own: str | None, *, yes: bool, **saver: object
) -> None:
    from t4c_lib.plan.word import propose_from_word
    from t4c_lib.plan.word.accepting import document_of, plan_from
    from t4c_lib.store import Store

    if organisation is None:
        raise InputError(file.name, [Problem("", "A Word document names no organisation: give --organisation CODE.")])
    years = [FinancialYear.parse(year) if year else Month.of(dt.datetime.now(tz=dt.UTC).date()).financial_year]
    with Store.open() as store:
        current = store.latest_plan(organisation)
        trust = store.organisation(organisation) if current else store.employer(organisation)
        proposal = propose_from_word(file)
        say(proposal.to_text())
        rows = _numbers(own, len(proposal.rows)) if own or yes or not sys.stdin.isatty() else _ask(len(proposal.rows))
        plan = plan_from(proposal, trust.code, trust.name, years, own=rows)
        say("")
        saving.preview(current.plan if current else None, plan)
        saving.save(
            store,
            plan,
            parent=current,
            document=document_of(plan, proposal),
            yes=yes,
            **saver,  # type: ignore[arg-type]
        )


def _ask(count: int) -> set[int]:
    answer = typer.prompt(
        "Which rows are your own and none of the framework's? Numbers, or nothing if every match is right",
        default="",
        show_default=False,
    )
    return _numbers(answer, count)


def _numbers(text: str | None, count: int) -> set[int]:
    words = (text or "").replace(",", " ").split()
    wrong = [word for word in words if not (word.isdigit() and 1 <= int(word) <= count)]
    if wrong:
        raise InputError("rows", [Problem("", f"{', '.join(wrong)}: rows have numbers from 1 to {count}.")])
    return {int(word) for word in words}
