"""Timeline of actions: from when to when each runs, how far it is, and where today stands."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import Any

import pandas as pd

from t4c_lib.charts.header import HEADER, Stroke, header_rows
from t4c_lib.charts.picture import Picture, Template
from t4c_lib.charts.scale import BAR, NOTE, WORDS, fit_text, note_rows, row_top
from t4c_lib.charts.symbols import STATUS_SYMBOLS
from t4c_lib.charts.theme import ROW, TARGET
from t4c_lib.periods import Day

TODAY = Stroke(TARGET, (5, 3), 2)
_MARGIN = dt.timedelta(days=20)


@dataclass(frozen=True)
class ActionSpan:
    """One action."""

    words: str  #: what is to be done
    status: str  #: the word of its status
    start: dt.date | None  #: first day; None where it isn't said
    due: dt.date | None  #: last day; None where it isn't said
    post: str = ""  #: who answers for it
    reason: str = ""  #: the status in one sentence


_TEMPLATE = Template("timeline", ("rows", "today", NOTE, HEADER))


def timeline(actions: list[ActionSpan], *, today: dt.date, title: str) -> Picture:
    """Draw it: those with a date in the order of their dates; the others are counted below and stand in the table.

    Args:
        actions: in any order.
        today: where the line stands.
        title: the finding.
    """
    by_date = [(one.due or one.start, one) for one in actions]
    dated = sorted(((day, one) for day, one in by_date if day is not None), key=lambda both: (both[0], both[1].words))
    undated = [one for day, one in by_date if day is None]
    shown = [day for _, one in dated for day in (one.start, one.due) if day is not None]
    first, last = min([today, *shown]) - _MARGIN, max([today, *shown]) + _MARGIN
    rows = [_row(place, one, end, first, last) for place, (end, one) in enumerate(dated)]
    few = "1 action has" if len(undated) == 1 else f"{len(undated)} actions have"
    note = f"{few} no date yet; the table names {'it' if len(undated) == 1 else 'them'}." if undated else ""
    description = _description(actions, len(undated), today)
    drawing = _TEMPLATE.filled(
        {
            "rows": rows,
            "today": [{"when": _day_text(today)}],
            NOTE: note_rows(note),
            HEADER: header_rows((), [(f"Today, {Day(today).label}", TODAY)], lift=26),
        },
        measured="Actions by date",
        description=description,
        height=ROW * max(1, len(rows)),
        parameters={"first": _day_text(first), "last": _day_text(last)},
    )
    return Picture(title, description, _table([*(one for _, one in dated), *undated]), drawing)


def _day_text(day: dt.date) -> str:
    """A day as Vega reads it in the reader's own time zone; a date without a time it would take for midnight in UTC."""
    return f"{day.year:04d}-{day.month:02d}-{day.day:02d}T00:00:00"


def _row(place: int, one: ActionSpan, end: dt.date, first: dt.date, last: dt.date) -> dict[str, Any]:
    symbol = STATUS_SYMBOLS[one.status]
    return {
        **fit_text(one.words),
        "status": one.status,
        "from": _day_text(one.start or end),
        "to": _day_text(end),
        "leans_left": (end - first) / (last - first) > 0.55,
        "path": symbol.path,
        "fill": symbol.colour if symbol.filled else "white",
        "colour": symbol.colour,
        "words_y": row_top(place) + WORDS,
        "bar_y": row_top(place) + BAR,
    }


def _description(actions: list[ActionSpan], undated: int, today: dt.date) -> str:
    counts = Counter(one.status for one in actions)
    said = ", ".join(f"{count} {status}" for status, count in counts.items())
    late = [f"{one.words} (due {Day(one.due).label})" for one in actions if one.status == "overdue" and one.due]
    parts = [
        f"Timeline of {len(actions)} action{'' if len(actions) == 1 else 's'} on {Day(today).label}: {said}.",
        f"Overdue: {'; '.join(late)}." if late else "",
        f"{undated} without a date." if undated else "",
    ]
    return " ".join(part for part in parts if part)


def _table(actions: list[ActionSpan]) -> pd.DataFrame:
    rows = []
    for one in actions:
        start, due = ("" if day is None else Day(day).label for day in (one.start, one.due))
        rows.append((one.words, one.post, start, due, one.status, one.reason))
    return pd.DataFrame(rows, columns=["Action", "Who", "From", "By", "Status", "Why"])
