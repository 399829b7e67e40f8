"""What is checked of each row, and of an action."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from t4c_lib.periods import Day
from t4c_lib.plan.actions import ActionRow
from t4c_lib.plan.findings import Finding, must, should
from t4c_lib.plan.parts import RowState, Status
from t4c_lib.plan.planned import PlannedRow


def check_action(row: ActionRow, today: dt.date) -> Iterator[Finding]:
    """What an action lacks."""
    if row.state is RowState.LEFT_OUT or row.closed is not None or row.on_record is not None:
        return  # what follows from the record of the pledge has nothing to fill in
    if row.has_blank and row.number is None:
        yield must(row, "number", f"The number is not set: {row.wording}.")
    if row.state is RowState.IN_PLACE:
        if not row.evidence:
            yield should(row, "evidence", "It is said to be in place, and nothing is linked that shows it.")
        return
    if not row.post:
        yield must(row, "post", "No responsible post named.")
    if row.due is None:
        yield should(row, "due", "It has no date by which it is to be done.")
    elif row.due.last_day < today and row.status is not Status.DONE:
        yield should(row, "due", f"It was due in {row.due.label} and is not done.")
    yield from check_dates(row)


def check_dates(row: PlannedRow) -> Iterator[Finding]:
    """Whether it ends before it begins."""
    if row.start is not None and row.due is not None and row.due < row.start:
        yield must(row, "due", f"It is due in {row.due.label}, before it starts in {row.start.label}.")


def check_evidence(row: PlannedRow) -> Iterator[Finding]:
    """Whether a row of evidence shows what it has to: something that exists, is dated, linked and approved."""
    for one in row.evidence:
        if one.missing:
            yield must(row, "evidence", f"'{one.what}' lacks {_listed(one.missing)}.")
    if not row.evidence:
        if row.status is Status.DONE or row.state is RowState.IN_PLACE:
            yield must(row, "evidence", "It is said to be there, and nothing is named that shows it.")
        else:
            yield should(row, "evidence", "Nothing shows yet that it exists.")


def day_words(day: dt.date) -> str:
    """A day as people say it."""
    return Day(day).label


def _listed(names: tuple[str, ...]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
