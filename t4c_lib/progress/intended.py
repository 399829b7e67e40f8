"""What a plan sets outright, as levers of the what-if: so many placements, courses, apprenticeship starts a year.

These are decided, and not foretold: whoever runs the placements says how many. All other targets are hoped for, and a
plan says of no lever how far it is to move for them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from t4c_lib.periods import Month
from t4c_lib.plan import MeasureRow
from t4c_lib.progress.figures import Figure
from t4c_lib.progress.statuses import RowKey
from t4c_lib.whatif import DOING_NOTHING, LEVERS, Scenario, Setting, amount_told

# Measures whose figure is the amount of a lever.
DECIDED = {
    "work-experience-placements": "placements",
    "pre-employment-partners": "pre-employment-courses",
    "apprenticeship-starts": "apprenticeship-starts",
}
NAME = "What the plan sets"


def intended(rows: Iterable[MeasureRow], latest: Mapping[RowKey, Figure | None], now: Month) -> Scenario:
    """A scenario of what a plan sets; doing nothing where it sets nothing.

    A lever goes from today's figure to the target in equal steps, from the month after `now`, or the one in which the
    row starts, to the one in which it is due. What was due already, and what is there already, moves nothing.

    Args:
        rows: the measures of the plan.
        latest: the newest figure of each, by its key; the baseline is taken where there is none.
        now: month 0 of the what-if.
    """
    settings = {}
    for row in rows:
        name = DECIDED.get(row.measure)
        if name is None or row.definition is not None or not row.is_open or row.target is None:
            continue
        figure = latest.get(row.key)
        before = row.target.baseline.value
        more = row.target.goal - (before if figure is None else figure.value)
        is_there = more * (row.target.goal - before) <= 0  # or beyond: nobody sets out to go back
        first = 1 if row.start is None else max(now.months_until(row.start), 1)
        last = now.months_until(row.target.due)
        amount = min(max(more, LEVERS[name].low), LEVERS[name].high)
        if not is_there and last >= first:
            settings[name] = Setting(name, amount, first, last - first + 1)
    if not settings:
        return DOING_NOTHING
    return Scenario(NAME, "Targets that are decided outright are reached; all else goes on.", tuple(settings.values()))


def intended_told(scenario: Scenario, now: Month) -> str:
    """What is done, as the end of a sentence."""
    if not scenario.settings:
        return "with nothing done beyond today"
    parts = []
    for one in scenario.settings:
        when = now + (one.start_month + one.ramp_months - 1)
        parts.append(f"{LEVERS[one.lever].label.lower()}, {amount_told(one.lever, float(one.amount))} by {when.label}")
    return f"with what the plan sets ({'; '.join(parts)}) and nothing else beyond today"
