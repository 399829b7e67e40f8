"""Where rows stand that somebody sees to and nobody counts: actions, evidence, reviews."""

from __future__ import annotations

import datetime as dt

from t4c_lib.framework import MeasureKind
from t4c_lib.periods import Day, Month
from t4c_lib.plan import ActionRow, Evidence, MeasureRow, Review, RowState, Status
from t4c_lib.progress.vocabulary import RowStatus, StatusWord


def tended(row: MeasureRow | ActionRow, as_of: dt.date) -> RowStatus:
    """The word of an action, of evidence or of a review that is not left out, as on a day."""
    if isinstance(row, ActionRow):
        return _action(row, as_of)
    return _evidence(row, as_of) if row.what.kind is MeasureKind.EVIDENCE else _review(row, as_of)


def _action(row: ActionRow, as_of: dt.date) -> RowStatus:
    if row.state is RowState.IN_PLACE:
        return RowStatus(StatusWord.ALREADY_IN_PLACE, "It was done before the plan began.")
    if row.closed is not None or row.status is Status.DONE:
        said = (
            f"Closed as done at the end of {row.closed}" if row.closed is not None else "The plan says that it is done"
        )
        return RowStatus(StatusWord.DONE, f"{said}.")
    if row.due is not None and row.due.last_day < as_of:
        days = (as_of - row.due.last_day).days
        started = "is under way" if row.status is Status.UNDER_WAY else "has not been started"
        return RowStatus(StatusWord.LATE, f"It was due by the end of {row.due.label} and {started}.", days=days)
    by = f", due by the end of {row.due.label}" if row.due is not None else "; no date is set for its end"
    if row.status is Status.UNDER_WAY:
        return RowStatus(StatusWord.UNDER_WAY, f"It is under way{by}.")
    if row.start is not None and row.start.first_day <= as_of:
        return RowStatus(StatusWord.NOT_STARTED, f"It was to start in {row.start.label} and has not{by}.")
    return RowStatus(StatusWord.NOT_STARTED, f"It has not been started{by}.")


def signs(row: MeasureRow | ActionRow, as_of: dt.date) -> tuple[Evidence, ...]:
    """The evidence of a row that is there on a day, newest last; what has no date counts as there."""
    there = [one for one in row.evidence if one.date is None or one.date <= as_of]
    return tuple(sorted(there, key=lambda one: one.date or dt.date.min))


def _evidence(row: MeasureRow, as_of: dt.date) -> RowStatus:
    there = signs(row, as_of)
    if there:
        newest = there[-1]
        day = f", {Day(newest.date).label}" if newest.date is not None else ""
        lacks = f"; it lacks {' and '.join(newest.missing)}" if newest.missing else ""
        return RowStatus(StatusWord.IN_PLACE, f"There is {_quoted(newest.what)}{day}{lacks}.")
    if row.state is RowState.IN_PLACE:
        return RowStatus(StatusWord.IN_PLACE, "It was there before the plan began; no document is named.")
    said = "Said to be done, but nothing shows it" if _is_said_done(row) else "Nothing shows yet that it is there"
    return _owed(row.due, as_of, said)


def _is_said_done(row: MeasureRow) -> bool:
    return row.status is Status.DONE or row.closed is not None


def next_review(row: MeasureRow) -> Month | None:
    """The month in which a review is next due, or in which a row is next looked at; None where nothing says so.

    A review without a rhythm of its own has the framework's.
    """
    review = row.review or Review()
    if review.every is None and row.what.every is not None:
        review = review.changed(every=row.what.every)
    own = row.due if row.what.kind is MeasureKind.REVIEW and review.last is None else None
    return review.due or own


def _review(row: MeasureRow, as_of: dt.date) -> RowStatus:
    if row.closed is not None:
        return RowStatus(StatusWord.IN_PLACE, f"Closed as done at the end of {row.closed}.")
    following = next_review(row)
    last = row.review.last if row.review is not None else None
    if last is None or last > as_of:
        if row.state is RowState.IN_PLACE:
            return RowStatus(StatusWord.IN_PLACE, "It was held before the plan began; no day is named.")
        return _owed(following, as_of, "It has not been held yet")
    held = f"It was last held on {Day(last).label}"
    if following is None:
        return RowStatus(StatusWord.IN_PLACE, f"{held}; nothing says when it is next due.")
    if as_of < following.first_day:
        return RowStatus(StatusWord.IN_PLACE, f"{held} and is next due in {following.label}.")
    return _owed(following, as_of, held)


def _owed(due: Month | None, as_of: dt.date, said: str) -> RowStatus:
    if due is None:
        return RowStatus(StatusWord.DUE, f"{said}, and no date is set.")
    if due.last_day < as_of:
        days = (as_of - due.last_day).days
        return RowStatus(StatusWord.OVERDUE, f"{said}; it was due by the end of {due.label}.", days=days)
    return RowStatus(StatusWord.DUE, f"{said}; it is due by the end of {due.label}.")


def _quoted(text: str) -> str:
    return f"'{text.rstrip('.')}'"
