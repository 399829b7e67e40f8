"""`t4c plan`: an organisation's plan in and out; fields of many rows set at once; checked, compared, carried on."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Unpack

import typer

from t4c_lib.cli import saving
from t4c_lib.cli.console import Explained, GivenText, GivenTexts, check_ending, say, say_each, say_from
from t4c_lib.cli.saving import NoPlanError, current_revision, preview, save, save_changes, titled
from t4c_lib.errors import InputError, UnknownNameError
from t4c_lib.evidence import Organisation
from t4c_lib.filesystem import read_text, write_whole
from t4c_lib.periods import FinancialYear, Month, today
from t4c_lib.plan import MeasureRow, Plan, Side, changes_between, grouped
from t4c_lib.plan.edits import Edit, assessed, edited, with_baselines
from t4c_lib.plan.edits import roll as carry
from t4c_lib.store import Revision, Store

if TYPE_CHECKING:
    from t4c_lib.plan.word import Proposal
    from t4c_lib.progress import RowFigures

app = typer.Typer(help="The plan: import, export, check, compare, roll forward.", no_args_is_help=True)


@app.command("set", cls=Explained)
def set_fields(
    code: str,
    what: Annotated[list[str], typer.Argument(metavar="ROW|ROW.FIELD=VALUE...")],
    post: str | None = None,
    holder: str | None = None,
    start: str | None = None,
    due: str | None = None,
    status: str | None = None,
    x: str | None = None,
    state: str | None = None,
    because: str | None = None,
    note: str | None = None,
    evidence: str | None = None,
    population: str | None = None,
    group: str | None = None,
    by: str | None = None,
    side: Side | None = None,
    yes: bool = False,
) -> None:
    """Set fields of one row, of several or of all in one save; an empty value clears a field.

    Besides the options' own names the fields are: baseline ('120 of 2,842 in 2025-03 (staff extract)'), comparison
    ('12.4% in 2021-03 (census)'), text and name (own words), number, cost, backfill_hours, way, of a document
    evidence_date, link and approved_by, of a review every (months), last (day) and next (month).
    """
    options = {
        "post": post, "holder": holder, "start": start, "due": due, "status": status, "x": x, "state": state,
        "because": because, "note": note, "evidence": evidence, "population": population, "group": group,
    }  # fmt: skip
    said = [(field, value) for field, value in options.items() if value is not None]
    rows = [one for one in what if "=" not in one]
    if bool(rows) != bool(said):
        words = "Rows go with options (--post, --x ...), and options with rows; else write ROW.FIELD=VALUE."
        raise InputError.of("command line", words)
    edits = [Edit(row, field, value) for row in rows for field, value in said]
    edits += [Edit.parse(one) for one in what if "=" in one]
    with Store.open() as store:
        current = current_revision(store, code)
        save_changes(store, current, edited(current.plan, edits, today()), by=by, side=side, yes=yes, note="fields set")


@app.command(cls=Explained)
def baseline(
    code: str,
    rows: Annotated[list[str] | None, typer.Argument(metavar="ROW...")] = None,
    from_evidence: bool = False,
    as_of: str | None = None,
    every: Annotated[bool, typer.Option("--all")] = False,
    value: str | None = None,
    numerator: str | None = None,
    denominator: str | None = None,
    period: str | None = None,
    source: str = "",
    group: str | None = None,
    comparison: str | None = None,
    by: str | None = None,
    side: Side | None = None,
    yes: bool = False,
) -> None:
    """Set baselines: from the evidence, of the rows that have none or of those named; or one that is typed.

    Where groups are compared, the group comes first; the share it is compared with is typed, for evidence says nothing
    of whom the partners choose.
    """
    typed = f"{numerator} of {denominator}" if numerator and denominator else value
    if from_evidence == (typed is not None) or (typed is not None and (not rows or not period)):
        words = "Give --from-evidence, or a row with --value (or --numerator and --denominator) and --period."
        raise InputError.of("command line", words)
    edits: list[Edit] = []
    for row in rows or ():
        for field, text in (("group", group), ("comparison", comparison)):
            edits += [Edit(row, field, text)] if text is not None else []
        if typed is not None:
            edits.append(Edit(row, "baseline", f"{typed} in {period}" + (f" ({source})" if source else "")))
    with Store.open() as store:
        current = current_revision(store, code)
        plan = edited(current.plan, edits, today())
        if from_evidence:
            from t4c_lib.progress import RowFigures

            called = dict.fromkeys(one for name in rows or ["measures"] for one in plan.rows(name))
            wanted = [one for one in called if isinstance(one, MeasureRow) and one.can_have_x]
            wanted = [one for one in wanted if rows or every or one.baseline is None]
            figures = RowFigures(store.observations(code), Month.parse(as_of) if as_of else None)
            plan, without = with_baselines(plan, wanted, figures.newest)
            _say_without(without, figures)
        save_changes(store, current, plan, by=by, side=side, yes=yes, note="baselines set")


@app.command(cls=Explained)
def equality(
    code: str,
    assessor: str = "",
    date: str = "",
    group: list[str] | None = None,
    others: str = "",
    mitigation: list[str] | None = None,
    by: str | None = None,
    side: Side | None = None,
    yes: bool = False,
) -> None:
    """Write the equality impact assessment: the plan's effect on each group of people."""
    with Store.open() as store:
        current = current_revision(store, code)
        made = assessed(
            current.plan.equality, group or (), by=assessor, date=date, rest=others, mitigations=mitigation or ()
        )
        plan = current.plan.changed(equality=made)
        save_changes(store, current, plan, by=by, side=side, yes=yes, note="equality impact assessment")


def _say_without(rows: Iterable[MeasureRow], figures: RowFigures) -> None:
    from t4c_lib.progress import measure_baseline

    reasons: dict[str, list[str]] = {}
    for row in rows:
        reason = f"No figure in the evidence, {row.what.kind}s"
        if row.is_closer and not row.group:
            reason = "Compared group by group: name one (--group)"
        elif row.definition is None and (found := measure_baseline(figures, row.measure)) and found.is_proxy:
            known = f"only a figure for {found.population} is known, a proxy"
            reason = f"Not taken: {known}. Give one of your own (--value)"
        reasons.setdefault(reason, []).append(row.reference)
    for reason, references in reasons.items():
        say(f"{reason}: {', '.join(references)}")


@app.command(cls=Explained)
def check(code: str) -> None:
    """List what is missing or can't be right, each in one sentence, with where to fix it.

    The exit code is 1 when something is to be fixed before the plan can be agreed.
    """
    from t4c_lib.progress import RowFigures, plan_findings

    with Store.open() as store:
        revision = current_revision(store, code)
        title = titled(store, revision.plan)
        record = store.partnership(revision.organisation, today())
        acts = store.agreements.acts(code)
        findings = plan_findings(revision.plan, RowFigures(store.observations(code)), record, acts, today())
    blocking = [finding for finding in findings if finding.blocks_agreement]
    others = [finding for finding in findings if not finding.blocks_agreement]
    say_from("plan_check", title=title, revision=revision, blocking=blocking, others=others, grouped=grouped)
    if blocking:
        raise typer.Exit(1)


@app.command(cls=Explained)
def export(code: str, out: Path | None = None, revision: int | None = None) -> None:
    """Write the plan as it was saved, comments and all (.yaml), as the pledge's table in Word (.docx) or for Excel."""
    ending = "" if out is None else out.suffix.casefold()
    if out is not None and ending not in OFFICE:
        to_print = "Or .docx, for the pledge's table, or .xlsx. "
        to_print += f"A page to read or to print: t4c report {code} --out FOLDER."
        check_ending(out, "the plan as YAML", ".yaml", to_print)
    with Store.open() as store:
        found = current_revision(store, code) if revision is None else _revision(store, code, revision)
        title = titled(store, found.plan)
    if out is None:
        typer.echo(found.document, nl=False)
        return
    content = found.document.encode()
    if ending in OFFICE:
        from t4c_lib.documents.plan_in_word_and_excel import plan_file

        content = plan_file(ending, found, title)
    write_whole(out, content)
    say(f"{out}: {title}, {found}")


@app.command(cls=Explained)
def new(code: str, year: GivenTexts, by: str | None = None, side: Side | None = None, yes: bool = False) -> None:
    """Start a plan: every action of the framework as suggested, every X to be set."""
    with Store.open() as store:
        trust = store.employer(code)
        if store.latest_plan(code) is not None:
            raise NoPlanError(f"{trust.title} has a plan already: t4c plan history {code}")
        plan = Plan.suggested(trust.code, trust.name, year, since=Month.of(today()))
        preview(None, plan, titled(store, plan))
        say("The framework's dates are carried to the plan's years; one that is before this month is left to you.")
        save(store, plan, parent=None, by=by, side=side, note="as suggested", yes=yes)


@app.command(cls=Explained)
def history(code: str) -> None:
    """List who saved what and when, oldest first."""
    with Store.open() as store:
        say(titled(store, current_revision(store, code).plan))
        before: Plan | None = None
        for revision in store.plan_history(code):
            say(str(revision))
            say_each(changes_between(before, revision.plan) if before else (), indent="    ")
            before = revision.plan


@app.command(cls=Explained)
def diff(code: str, earlier: int, later: int) -> None:
    """Show what differs between two revisions, row by row."""
    with Store.open() as store:
        one, other = (_revision(store, code, number) for number in (earlier, later))
    say_each(changes_between(one.plan, other.plan), none="No row differs; comments may.")


@app.command(cls=Explained)
def roll(code: str, to: GivenText, by: str | None = None, side: Side | None = None, yes: bool = False) -> None:
    """Roll the plan forward a year: rows that are done are closed, open ones carried forward, baselines renewed."""
    from t4c_lib.progress import RowFigures

    with Store.open() as store:
        current = current_revision(store, code)
        with suppress(UnknownNameError):  # a plan may be there of an organisation of which no file told
            store.employer(code)
        plan = carry(current.plan, to, RowFigures(store.observations(code)).newest)
        nothing, note = "Nothing to carry forward: the plan is for that year already.", f"carried to {to}"
        save_changes(store, current, plan, nothing=nothing, by=by, side=side, note=note, yes=yes)


def _revision(store: Store, code: str, number: int) -> Revision:
    history = {one.revision: one for one in store.plan_history(code)}
    if not history:
        return current_revision(store, code)  # which says that there is no plan
    if number not in history:
        raise NoPlanError(f"The plan of {code} has no revision {number}; its revisions are 1 to {max(history)}.")
    return history[number]


TEXT_ENDINGS = {".yaml", ".yml", ""}
OFFICE = {".docx", ".xlsx"}
WHICH_OWN = "Which rows are our own and none of the framework's? Numbers, or nothing if every match is right"
WHICH_X = "Which of the X's hold? Numbers with the letter of a reading (1,4b), all, or nothing"


@app.command("import", cls=Explained)
def import_plan(
    file: Path,
    organisation: str | None = None,
    year: str | None = None,
    own: str | None = None,
    accept_x: str | None = None,
    named_otherwise: bool = False,
    by: str | None = None,
    side: Side | None = None,
    note: str = "",
    yes: bool = False,
) -> None:
    """Show what a file would change in an organisation's plan, ask, and save it as the next revision."""
    saver: saving.Saver = {"by": by, "side": side, "note": note, "yes": yes}
    if file.suffix.casefold() in TEXT_ENDINGS:
        _from_yaml(file, **saver)
        return
    from t4c_lib.documents.plan_in_word_and_excel import changed_outside, made_here
    from t4c_lib.plan.word import propose_from_word

    if (made := made_here(file)) is not None:  # a table that `t4c plan export` wrote
        code, number = made
        with Store.open() as store:
            current, before = current_revision(store, code), _revision(store, code, number)
            plan, remarks = changed_outside(file.read_bytes(), file.name, before.plan, current.plan)
            say_each(remarks, indent="  ")
            nothing = f"Nothing {'else ' if remarks else ''}was changed in the table; {current} stays as it is."
            saving.save_changes(store, current, plan, nothing=nothing, **saver)
        return
    if file.suffix.casefold() == ".xlsx":
        words = "this workbook was not written by t4c plan export."
        raise InputError.of(file.name, words, "Export the plan as .xlsx, and change that.")
    proposal = propose_from_word(file)
    if organisation is None:
        raise InputError.of(file.name, "A Word document names no organisation: give --organisation CODE.")
    _from_word(proposal, organisation, year, (own, accept_x), named_otherwise=named_otherwise, **saver)


def _from_yaml(file: Path, **saver: Unpack[saving.Saver]) -> None:
    text = read_text(file, newline="")  # so that a plan comes back byte for byte
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
        say_from("from_word", proposal=proposal, accepted=accepted)
        saving.save(store, plan, parent=current, document=document_of(plan, proposal), **saver)


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
