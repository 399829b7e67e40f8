"""The pledge at a glance, its actions by date, and what is due next."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence

import pandas as pd

from t4c_lib.charts import Line, Planned, Tile, overview, timeline
from t4c_lib.framework import catalogue
from t4c_lib.periods import Day
from t4c_lib.plan import ActionRow, MeasureRow, Plan
from t4c_lib.plan.partnership import PartnershipRecord
from t4c_lib.progress import NOTHING_ON_RECORD, RowProgress, StatusWord, reminders
from t4c_lib.sections.section import Section

NO_PLAN = "There is no plan yet."


def pledge_overview(rows: Sequence[RowProgress], organisation: str, as_of: dt.date) -> Section:
    """The ten intentions, each with the status of its measures.

    Args:
        rows: as `t4c_lib.progress.statuses` gives them.
        organisation: its name.
        as_of: the day on which they stand so.
    """
    heading = "The pledge at a glance"
    if not rows:
        return Section(heading, (NO_PLAN,))
    measures = [one for one in rows if isinstance(one.row, MeasureRow)]
    lines = [
        Line(intention.number, intention.title, tuple(_tile(one) for one in measures if _is_of(one, intention.number)))
        for intention in catalogue().intentions
    ]
    counts = Counter(one.status.word for one in measures)
    tally = ", ".join(f"{count} {word}" for word, count in counts.most_common())
    title, measured = f"{len(measures)} measures: {tally}", f"{organisation}, {Day(as_of).label}"
    picture = overview(lines, title=title, measured=measured)
    sentence = "The table below the chart gives the reason for each status."
    return Section(heading, (sentence,), picture=picture)


def _is_of(one: RowProgress, number: int) -> bool:
    return one.intention_number == number


def _tile(one: RowProgress) -> Tile:
    row = one.row
    assert isinstance(row, MeasureRow)  # noqa: S101
    group = f" ({row.group})" if row.group else ""
    reference = "own" if row.definition else row.what.reference
    return Tile(reference, f"{row.wording}{group}", str(one.status.word), one.status.reason)


def action_timeline(rows: Iterable[RowProgress], as_of: dt.date) -> Section:
    """The plan's actions by date: from when to when, how far, and what is late. Those left out don't stand in it."""
    heading = "Actions by date"
    shown = [one for one in rows if one.status.word is not StatusWord.LEFT_OUT]
    actions = [_planned(one, one.row) for one in shown if isinstance(one.row, ActionRow)]
    if not actions:
        return Section(heading, ("The plan has no action.",))
    dated = [one for one in actions if one.due or one.start]
    late = sum(one.status == "late" for one in actions)
    said = f"{late} of {len(actions)} actions {'is' if late == 1 else 'are'} late" if late else "No action is late"
    picture = timeline(actions, today=as_of, title=said)
    if not dated:
        sentence = f"None of the plan's {len(actions)} actions has a date yet."
        return Section(heading, (sentence,), table=picture.table, table_caption="Actions of the plan")
    return Section(heading, picture=picture)


def _planned(one: RowProgress, row: ActionRow) -> Planned:
    words = f"{row.suggestion.ref if row.suggestion else 'own'} {row.wording}"
    start = None if row.start is None else row.start.first_day
    due = None if row.due is None else row.due.last_day
    return Planned(words, str(one.status.word), start, due, row.post, one.status.reason)


def what_comes_next(
    plan: Plan | None, as_of: dt.date, record: PartnershipRecord = NOTHING_ON_RECORD, weeks: int = 6
) -> Section:
    """What is due in the coming weeks, and what was due before and isn't done, by date and owner."""
    heading = "What comes next"
    if plan is None:
        return Section(heading, (NO_PLAN,))
    found = reminders(plan, as_of, weeks, record)
    until = Day(as_of + dt.timedelta(weeks=weeks)).label
    if not found:
        return Section(heading, (f"Nothing of the plan is due by {until}, and nothing is overdue.",))
    overdue = sum(one.overdue_days > 0 for one in found)
    sentence = f"By {until}: {len(found) - overdue} still to come, {overdue} overdue."
    table = pd.DataFrame(
        {
            "Due": [one.when for one in found],
            "Who": [one.who for one in found],
            "Intention": [str(one.intention) for one in found],
            "What": [f"{one.what[0].upper()}{one.what[1:]}" for one in found],
        }
    )
    return Section(heading, (sentence,), table=table, table_caption=f"Due by {until}, by date")
