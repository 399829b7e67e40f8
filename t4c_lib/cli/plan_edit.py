"""`t4c plan set`, `baseline`, `equality`: fields of many rows in one command, shown before they are saved."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated

import typer

from t4c_lib.cli.console import say
from t4c_lib.cli.saving import current_revision, save_changes
from t4c_lib.errors import InputError
from t4c_lib.periods import Month, today
from t4c_lib.plan import MeasureRow, Side
from t4c_lib.plan.edits import Edit, assessed, edited, with_baselines
from t4c_lib.store import Store

if TYPE_CHECKING:
    import pandas as pd


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
            observations = store.observations(code)
            figures = RowFigures(observations, Month.parse(as_of) if as_of else None)
            plan, without = with_baselines(plan, wanted, figures.newest)
            _say_without(without, observations)
        save_changes(store, current, plan, by=by, side=side, yes=yes, note="baselines set")


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
