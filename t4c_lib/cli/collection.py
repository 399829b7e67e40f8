"""`t4c evidence template`, and the marked copy that comes of a collection workbook with mistakes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from t4c_lib.cli.console import complain, say
from t4c_lib.errors import InputError, RefusedInputsError
from t4c_lib.evidence.collection_workbook import MeasureRequest, Rhythm, collect
from t4c_lib.periods import Month

if TYPE_CHECKING:
    from t4c_lib.plan import Plan


def template(
    code: Annotated[str, typer.Argument(help="Code of the organisation.")],
    out: Annotated[Path, typer.Option(help="Workbook to write, a new file that ends in .xlsx.")],
    to: Annotated[
        str | None, typer.Option(help="Latest month of which figures are wanted (2026-03); last month if not given.")
    ] = None,
    every: Annotated[
        Rhythm | None, typer.Option(help="How often figures are wanted; as each measure is counted if not given.")
    ] = None,
    unlocked: Annotated[bool, typer.Option("--unlocked", help="Leave every cell unlocked.")] = False,
) -> None:
    """Write an Excel workbook that asks for the figures of an organisation's plan, to be filled in and added.

    It asks for the measures of the plan that are open and have an amount; without a plan for all of the framework's.
    """
    from t4c_lib.evidence.collection_workbook.template import write_template
    from t4c_lib.store import Store

    last = Month.parse(to) if to else Month.of(dt.datetime.now(tz=dt.UTC).date()) + -1
    with Store.open() as store:
        trust = store.organisation(code)
        revision = store.latest_plan(trust.code)
    asked = _asked(revision.plan if revision else None)
    collection = collect(trust.code, trust.name, asked, last, every=every, demonstration=trust.demonstration)
    write_template(collection, out, locked=not unlocked)
    rows = sum(len(rows) for rows in collection.sheets.values())
    names, count = list(collection.sheets), len(collection.items)
    whose = f"plan, {revision}" if revision else "framework: there is no plan yet"
    figures, sheets = (f"{n} {noun}{'' if n == 1 else 's'}" for n, noun in ((count, "figure"), (len(names), "sheet")))
    say(f"{out}: {figures} of the {whose}")
    say(f"  {rows} rows on {sheets}: {', '.join(names)}")
    say(f"When it is filled in: t4c evidence add {out.name}")


@contextmanager
def marked_copies(files: Sequence[Path]) -> Iterator[None]:
    """Where reading these files ends in their refusal, write marked copies of the collection workbooks among them."""
    try:
        yield
    except RefusedInputsError as error:
        from t4c_lib.evidence.collection_workbook.annotated_copy import mark_refused

        try:
            for original, copy in mark_refused(files, error.errors):
                say(f"{original.name}: every problem is marked in {copy}")
        except InputError as another:  # no room for a copy, or no right to write: the problems are told all the same
            complain(f"No marked copy: {another}")
        raise


def _asked(plan: Plan | None) -> list[MeasureRequest]:
    from t4c_lib.framework import catalogue

    if plan is None:
        return [MeasureRequest(measure) for measure in catalogue().measures if measure.baseline_unit is not None]
    rows = [row for row in plan.measures if row.is_open and row.has_amount]
    return [
        MeasureRequest(row.what.model_copy(update={"name": row.wording}), row.population, row.group) for row in rows
    ]
