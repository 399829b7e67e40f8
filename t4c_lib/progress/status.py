"""Where a row of a plan stands: one word of one vocabulary, by rules of which the first that holds wins.

The rules are data: `RULES` has them in their order, and docs/reference/statuses.md shows it as a table. Those of
measures with an amount are in `measure_status`.
"""

import datetime as dt
from typing import Unpack

from t4c_lib.framework import MeasureKind
from t4c_lib.periods import Day
from t4c_lib.plan import ActionRow, MeasureRow, RowState, Status
from t4c_lib.progress.measure_status import MEASURE_RULES
from t4c_lib.progress.status_facts import LEFT_OUT, Facts, KnownFacts, RowStatus, Rule, StatusWord
from t4c_lib.progress.trajectory import Trajectory, trajectory_of


def _closed(facts: Facts) -> str:
    return f"Closed as done at the end of {facts.row.closed}."


def _on_record(facts: Facts) -> str:
    """What is on record, or is missing, and until when there is time."""
    due = facts.row.due
    is_ahead = due is not None and not facts.record.is_done and due.last_day >= facts.as_of
    return f"{facts.record.sentence}{f' It is due by the end of {due.label}.' if due and is_ahead else ''}"


def _shown(facts: Facts) -> str:
    newest = facts.shown_by[-1]
    day = f", {Day(newest.date).label}" if newest.date is not None else ""
    return f"Shown by '{newest.what.rstrip('.')}'{day}."


def _draft(facts: Facts) -> str:
    """Why what is named doesn't show it yet."""
    one = facts.drafts[-1]
    what = f"'{one.what.rstrip('.')}'"
    if one.missing:
        return f"{what} does not count as evidence yet: it lacks {' and '.join(one.missing)}"
    if one.date is not None and one.date > facts.as_of:
        return f"{what} is dated {Day(one.date).label}, which is in the future"
    return f"{what} is a draft"


def _last_held(facts: Facts) -> str:
    return f"It was last held on {Day(facts.last_held).label}" if facts.last_held else "It has not been held yet"


def _held(facts: Facts) -> str:
    due = facts.owed_by
    return f"{_last_held(facts)}{'; no next date is set' if due is None else f' and is next due in {due.label}'}."


def _owed(facts: Facts) -> str:
    row, due = facts.measure, facts.owed_by
    if facts.record.follows is not None:
        late = f" It was due by the end of {due.label}." if due is not None and facts.days_late else ""
        return f"{_on_record(facts)}{late}"
    if row.what.kind is MeasureKind.REVIEW:
        said = _last_held(facts)
    elif facts.drafts:
        said = _draft(facts)
    elif row.is_done:
        said = "It is said to be done, but there is no evidence of it"
    else:
        said = "There is no evidence yet that it is in place"
    if due is None:
        return f"{said}, and no date is set."
    return f"{said}; it {'was' if facts.days_late else 'is'} due by the end of {due.label}."


def _past_due(facts: Facts) -> str:
    due = f"It was due by the end of {facts.row.due.label if facts.row.due is not None else 'its month'}"
    if facts.record.follows is not None:
        return f"{facts.record.sentence} {due}."
    return f"{due} and {'is under way' if facts.row.status is Status.UNDER_WAY else 'has not been started'}."


def _by(facts: Facts) -> str:
    due = facts.row.due
    return f", due by the end of {due.label}" if due is not None else "; no end date is set"


def _not_started(facts: Facts) -> str:
    if facts.record.follows is not None:
        return _on_record(facts)
    start = facts.row.start
    if start is not None and start.first_day <= facts.as_of:
        by = _by(facts).replace(", due", "; it is due", 1)
        return f"It was due to start in {start.label} and has not started{by}."
    return f"It has not been started{_by(facts)}."


def _follows_record(facts: Facts) -> bool:
    return facts.record.follows is not None


def _is_in_place(facts: Facts) -> bool:
    return facts.row.state is RowState.IN_PLACE


def _is_held(facts: Facts) -> bool:
    due = facts.owed_by
    return facts.last_held is not None and (due is None or facts.as_of < due.first_day)


_OWED = (
    Rule(StatusWord.OVERDUE, "its date has passed", lambda facts: facts.days_late > 0, _owed),
    Rule(StatusWord.DUE, "otherwise", lambda _: True, _owed),
)
EVIDENCE_RULES: tuple[Rule, ...] = (
    LEFT_OUT,
    Rule(StatusWord.IN_PLACE, "it follows from the pledge, and the record of the pledge has it",
         lambda facts: facts.record.is_done, _on_record),
    Rule(StatusWord.IN_PLACE,
         "a document shows it: dated, linked, approved and not a draft (not used where it follows from the pledge)",
         lambda facts: bool(facts.shown_by) and not _follows_record(facts), _shown),
    Rule(StatusWord.IN_PLACE, "the plan says that it was already in place",
         _is_in_place, lambda _: "It was in place before the plan began; no document is named."),
    *_OWED,
)  # fmt: skip
REVIEW_RULES: tuple[Rule, ...] = (
    LEFT_OUT,
    Rule(StatusWord.IN_PLACE, "the plan closed the row as done", lambda facts: facts.row.closed is not None, _closed),
    Rule(StatusWord.IN_PLACE, "the plan says that it was held before, but gives no date",
         lambda facts: facts.last_held is None and _is_in_place(facts),
         lambda _: "It was held before the plan began; no date is given."),
    Rule(StatusWord.IN_PLACE, "the plan or a review note says that it was held, and it is not due again yet",
         _is_held, _held),
    *_OWED,
)  # fmt: skip
ACTION_RULES: tuple[Rule, ...] = (
    LEFT_OUT,
    Rule(StatusWord.ALREADY_IN_PLACE, "the plan says that it was already done",
         _is_in_place, lambda _: "It was done before the plan began."),
    Rule(StatusWord.DONE, "it follows from the pledge, and the record of the pledge has it",
         lambda facts: facts.record.is_done, _on_record),
    Rule(StatusWord.DONE,
         "the plan says that it is done, or closed it as done (not used where it follows from the pledge)",
         lambda facts: not _follows_record(facts) and facts.row.is_done,
         lambda facts: _closed(facts) if facts.row.closed is not None else "The plan says that it is done."),
    Rule(StatusWord.OVERDUE, "its date has passed", lambda facts: facts.days_late > 0, _past_due),
    Rule(StatusWord.UNDER_WAY, "it follows from the pledge, and part of it is on record",
         lambda facts: facts.record.is_begun, _on_record),
    Rule(StatusWord.UNDER_WAY, "the plan says that it is under way (not used where it follows from the pledge)",
         lambda facts: not _follows_record(facts) and facts.row.status is Status.UNDER_WAY,
         lambda facts: f"It is under way{_by(facts)}."),
    Rule(StatusWord.NOT_STARTED, "otherwise", lambda _: True, _not_started),
)  # fmt: skip
# By the kind of row, in the order in which the page shows them.
RULES: dict[str, tuple[Rule, ...]] = {
    "Measures with an amount": MEASURE_RULES,
    "Measures that something is in place": EVIDENCE_RULES,
    "Measures that something is reviewed": REVIEW_RULES,
    "Actions": ACTION_RULES,
}


def status(
    row: MeasureRow | ActionRow,
    as_of: dt.date,
    *,
    trajectory: Trajectory | None = None,
    chance: float | None = None,
    **known: Unpack[KnownFacts],
) -> RowStatus:
    """Where a row stands on a day, by what is `known` of it besides: the other fields of `Facts`.

    By default the trajectory is the row's own. A `chance` (0 to 1) of meeting the target from the latest figures is not
    kept where nothing is still to do, or the target's date has come. With a `pair` that is not met this one isn't met
    either. Raises ValueError: a chance outside of 0 to 1.
    """
    if chance is not None and not 0 <= chance <= 1:
        raise ValueError(f"A chance must be between 0 and 1, not {chance}.")
    if isinstance(row, MeasureRow):
        trajectory = trajectory or trajectory_of(row)
    is_ahead = row.is_open and trajectory is not None and trajectory.due > as_of
    return status_of(Facts(row, as_of, trajectory=trajectory, chance=chance if is_ahead else None, **known))


def status_of(facts: Facts) -> RowStatus:
    """The status by the first rule that holds."""
    row, rules = facts.row, MEASURE_RULES
    if isinstance(row, ActionRow):
        rules = ACTION_RULES
    elif row.what.kind is MeasureKind.EVIDENCE:
        rules = EVIDENCE_RULES
    elif row.what.kind is MeasureKind.REVIEW:
        rules = REVIEW_RULES
    return RowStatus(next(rule for rule in rules if rule.holds(facts)), facts)
