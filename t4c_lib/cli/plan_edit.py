"""`t4c plan set`, `baseline`, `equality`: fields of many rows in one command, shown before they are saved."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated

import typer

from t4c_lib.cli.console import say
from t4c_lib.cli.saving import By, Code, For, Yes, current_revision, save_changes
from t4c_lib.errors import InputError
from t4c_lib.periods import Month, today
from t4c_lib.plan import MeasureRow
from t4c_lib.plan.edits import Edit, assessed, edited, with_baselines
from t4c_lib.store import Store

if TYPE_CHECKING:
    import pandas as pd

ROWS = "1m1, 1m4 (all of that place), 3 (an intention), 3a, 3m, actions, measures, all, or a row's key"


def set_fields(
    code: Code,
    what: Annotated[
        list[str],
        typer.Argument(
            metavar="ROW|ROW.FIELD=VALUE...",
            help=f"Rows that the options are for: {ROWS}. Or a field of a row outright: 1m1.x='2 points'.",
        ),
    ],
    post: Annotated[str | None, typer.Option(help="The responsible post.")] = None,
    holder: Annotated[str | None, typer.Option(help="Who holds the post at present.")] = None,
    start: Annotated[str | None, typer.Option(help="Month from which it runs (2026-09).")] = None,
    due: Annotated[str | None, typer.Option(help="Month by whose end it is to be done or reached (2028-03).")] = None,
    status: Annotated[str | None, typer.Option(help="not started, under way, or done.")] = None,
    x: Annotated[str | None, typer.Option(help="The X: '2 points', '10% relative', 'to 8%', '12 more'.")] = None,
    state: Annotated[str | None, typer.Option(help="adopted, reworded, in_place, or left_out.")] = None,
    because: Annotated[str | None, typer.Option(help="Why it is left out.")] = None,
    note: Annotated[str | None, typer.Option(help="A note for the partners themselves.")] = None,
    evidence: Annotated[str | None, typer.Option(help="A document that shows that it was done.")] = None,
    population: Annotated[str | None, typer.Option(help="Of whom, in the framework's words.")] = None,
    group: Annotated[str | None, typer.Option(help="The group of people whose gap is to close.")] = None,
    by: By = None,
    side: For = None,
    yes: Yes = False,
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


def baseline(
    code: Code,
    rows: Annotated[list[str] | None, typer.Argument(metavar="ROW...", help=f"Rows: {ROWS}.")] = None,
    from_evidence: Annotated[
        bool, typer.Option("--from-evidence", help="Take the newest figures that were counted.")
    ] = False,
    as_of: Annotated[str | None, typer.Option(help="With --from-evidence: nothing after this month (2026-03).")] = None,
    every: Annotated[bool, typer.Option("--all", help="With --from-evidence: also rows that have a baseline.")] = False,
    value: Annotated[str | None, typer.Option(help="The figure: 5.7%, or 24 for a count.")] = None,
    numerator: Annotated[str | None, typer.Option(help="How many were counted, with --denominator.")] = None,
    denominator: Annotated[str | None, typer.Option(help="Out of how many.")] = None,
    period: Annotated[str | None, typer.Option(help="When: 2026-03, 2025/26-Q4, 2025/26 or 2026-03-31.")] = None,
    source: Annotated[str, typer.Option(help="Where the figure comes from.")] = "",
    group: Annotated[str | None, typer.Option(help="Where groups are compared: of which group of people.")] = None,
    comparison: Annotated[
        str | None, typer.Option(help="Likewise: the share compared with, '12.4% in 2021-03 (census)'.")
    ] = None,
    by: By = None,
    side: For = None,
    yes: Yes = False,
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
            observations = store.observations(code)
            figures = RowFigures(observations, Month.parse(as_of) if as_of else None)
            plan, without = with_baselines(plan, wanted, figures.newest)
            _say_without(without, observations)
        save_changes(store, current, plan, by=by, side=side, yes=yes, note="baselines set")


def equality(
    code: Code,
    assessor: Annotated[str, typer.Option(help="The post responsible for the assessment.")] = "",
    date: Annotated[str, typer.Option(help="The day on which it was made (2026-11-21).")] = "",
    group: Annotated[
        list[str] | None,
        typer.Option(help="The plan's effect on a group: 'disability=positive: what that rests on'; several."),
    ] = None,
    others: Annotated[
        str, typer.Option(help="The same of each group not considered yet: 'neutral: looked at', 'not known'.")
    ] = "",
    mitigation: Annotated[
        list[str] | None, typer.Option(help="Mitigation of a negative effect: 'age=...'; several.")
    ] = None,
    by: By = None,
    side: For = None,
    yes: Yes = False,
) -> None:
    """Write the equality impact assessment: the plan's effect on each group of people."""
    with Store.open() as store:
        current = current_revision(store, code)
        made = assessed(
            current.plan.equality, group or (), by=assessor, date=date, rest=others, mitigations=mitigation or ()
        )
        plan = current.plan.changed(equality=made)
        save_changes(store, current, plan, by=by, side=side, yes=yes, note="equality impact assessment")


def _say_without(rows: Iterable[MeasureRow], observations: pd.DataFrame) -> None:
    from t4c_lib.progress import measure_baseline

    reasons: dict[str, list[str]] = {}
    for row in rows:
        reason = f"No figure in the evidence, {row.what.kind}s"
        if row.is_closer and not row.group:
            reason = "Compared group by group: name one (--group)"
        elif row.definition is None and (found := measure_baseline(observations, row.measure)) and found.is_proxy:
            known = f"only a figure for {found.population} is known, a proxy"
            reason = f"Not taken: {known}. Give one of your own (--value)"
        reasons.setdefault(reason, []).append(row.reference)
    for reason, references in reasons.items():
        say(f"{reason}: {', '.join(references)}")
