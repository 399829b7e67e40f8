"""`t4c plan import`: a plan from its YAML file, or from the pledge's table in a Word document."""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Unpack

import typer

from t4c_lib.cli import saving
from t4c_lib.cli.console import read_text, say
from t4c_lib.errors import InputError, UnknownNameError
from t4c_lib.evidence import Organisation
from t4c_lib.periods import FinancialYear, Month, today
from t4c_lib.plan import Plan
from t4c_lib.store import Store

if TYPE_CHECKING:
    from t4c_lib.plan.word import Proposal

TEXT_ENDINGS = {".yaml", ".yml", ""}
WHICH_OWN = "Which rows are your own and none of the framework's? Numbers, or nothing if every match is right"
WHICH_X = "Which of the X's hold? Numbers with the letter of a reading (1,4b), all, or nothing"


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
    accept_x: Annotated[
        str | None,
        typer.Option(
            "--accept-x",
            help="Word: numbers of the X's that hold, with a letter where one has several readings (1,4b); or all, "
            "for every X with one reading.",
        ),
    ] = None,
    named_otherwise: Annotated[
        bool, typer.Option("--named-otherwise", help="Word: take it although the document names another organisation.")
    ] = False,
    by: saving.By = None,
    side: saving.For = None,
    note: saving.Note = "",
    yes: saving.Yes = False,
) -> None:
    """Show what a file would change in an organisation's plan, ask, and save it as the next revision."""
    saver: saving.Saver = {"by": by, "side": side, "note": note, "yes": yes}
    if file.suffix.casefold() in TEXT_ENDINGS:
        _from_yaml(file, **saver)
        return
    from t4c_lib.plan.word import propose_from_word

    proposal = propose_from_word(file)
    if organisation is None:
        raise InputError.of(file.name, "A Word document names no organisation: give --organisation CODE.")
    _from_word(proposal, organisation, year, (own, accept_x), named_otherwise=named_otherwise, **saver)


def _from_yaml(file: Path, **saver: Unpack[saving.Saver]) -> None:
    text = read_text(file)
    plan = Plan.from_yaml(text, file.name)
    with Store.open() as store:
        if (current := store.latest_plan(plan.organisation)) is None:
            with suppress(UnknownNameError):  # a plan may come before any evidence
                store.employer(plan.organisation)
        if current is not None and current.document == text:
            say(f"Nothing new: this is {current}.")
            return
        if saving.preview(current.plan if current else None, plan) == 0:
            say("  only comments or the layout of the file")
        saving.save(store, plan, parent=current, document=text, **saver)


def _from_word(
    proposal: Proposal,
    organisation: str,
    year: str | None,
    chosen: tuple[str | None, str | None],
    *,
    named_otherwise: bool,
    **saver: Unpack[saving.Saver],
) -> None:
    from t4c_lib.plan.word.proposal_to_plan import accepted_amounts, document_of, plan_from, row_numbers

    years = [FinancialYear.parse(year) if year else Month.of(today()).financial_year]
    can_ask = not saver["yes"] and sys.stdin.isatty()
    with Store.open() as store:
        current = store.latest_plan(organisation)
        trust = store.organisation(organisation) if current else store.employer(organisation)
        if not named_otherwise:
            known = [one.name for one in store.organisations() if one.is_employer]
            _check_name(proposal, trust, known, can_ask=can_ask)
        say(proposal.to_text())
        own = _asked(chosen[0], WHICH_OWN, can_ask=can_ask)
        amounts = _asked(chosen[1], WHICH_X, can_ask=can_ask and bool(proposal.amounts))
        rows = row_numbers(own, len(proposal.rows))
        accepted = accepted_amounts(proposal, amounts, rows)
        plan = plan_from(proposal, trust.code, trust.name, years, own=rows, accepted=accepted)
        say("")
        saving.preview(current.plan if current else None, plan)
        left = len(proposal.amounts) - len(accepted)
        if proposal.absent:
            absent = f"{len(proposal.absent)} rows of the framework are not in the document"
            say(f"{absent}, and are left out with that reason.")
        if left:
            say(f"X's set: {len(accepted)}. Kept in the notes of their rows: {left}; --accept-x takes their numbers.")
        document = document_of(plan, proposal)
        saving.save(store, plan, parent=current, document=document, **saver)


def _check_name(proposal: Proposal, trust: Organisation, known: list[str], *, can_ask: bool) -> None:
    """Ask whether the right document was given where it names another organisation."""
    from t4c_lib.plan.word.proposal_to_plan import other_organisation

    if (other := other_organisation(proposal, trust.name, known)) is None:
        return
    place, name = other
    words = f"it names {name}, and the plan is for {trust.name} ({trust.code})."
    if not can_ask:
        hint = "Give --named-otherwise if it is the right document all the same."
        raise InputError.of(proposal.source, words, hint, place=place)
    if not typer.confirm(f"{proposal.source}, {place}: {words} Is it the right document?"):
        raise saving.NotSavedError("Nothing was saved.")


def _asked(given: str | None, question: str, *, can_ask: bool) -> str:
    """What an option gives, or else the answer of whoever is there to be asked; nothing where nobody is."""
    if given is not None or not can_ask:
        return given or ""
    return str(typer.prompt(question, default="", show_default=False))
