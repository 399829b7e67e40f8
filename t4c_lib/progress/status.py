"""Where a row of a plan stands: one word of one vocabulary, by rules of which the first that holds wins.

The rules are data: `RULES` has them in their order, and docs/reference/statuses.md shows it as a table. Those of
measures with an amount are in `measure_status`.
"""

import datetime as dt
from typing import Unpack

from t4c_lib.framework import MeasureKind
from t4c_lib.plan import ActionRow, MeasureRow, RowState, Status
from t4c_lib.progress.measure_status import MEASURE_RULES, rule
from t4c_lib.progress.status_facts import LEFT_OUT, Facts, KnownFacts, RowStatus, Rule, StatusWord
from t4c_lib.progress.trajectory import Trajectory, trajectory_of


def _follows_record(facts: Facts) -> bool:
    return facts.record.follows is not None


def _is_in_place(facts: Facts) -> bool:
    return facts.row.state is RowState.IN_PLACE


def _is_shown(facts: Facts) -> bool:
    return bool(facts.shown_by) and not _follows_record(facts)


def _is_held(facts: Facts) -> bool:
    due = facts.owed_by
    return facts.last_held is not None and (due is None or facts.as_of < due.first_day)


def _is_under_way(facts: Facts) -> bool:
    return facts.row.status is Status.UNDER_WAY and not _follows_record(facts)


_OWED = (
    rule(StatusWord.OVERDUE, "owed_late", lambda facts: facts.days_late > 0),
    rule(StatusWord.DUE, "owed", lambda _: True),
)
EVIDENCE_RULES: tuple[Rule, ...] = (
    LEFT_OUT,
    rule(StatusWord.IN_PLACE, "evidence_on_record", lambda facts: facts.record.is_done),
    rule(StatusWord.IN_PLACE, "evidence_shown", _is_shown),
    rule(StatusWord.IN_PLACE, "evidence_in_place", _is_in_place),
    *_OWED,
)
REVIEW_RULES: tuple[Rule, ...] = (
    LEFT_OUT,
    rule(StatusWord.IN_PLACE, "closed", lambda facts: facts.row.closed is not None),
    rule(StatusWord.IN_PLACE, "review_in_place", lambda facts: facts.last_held is None and _is_in_place(facts)),
    rule(StatusWord.IN_PLACE, "review_held", _is_held),
    *_OWED,
)
ACTION_RULES: tuple[Rule, ...] = (
    LEFT_OUT,
    rule(StatusWord.ALREADY_IN_PLACE, "action_in_place", _is_in_place),
    rule(StatusWord.DONE, "action_on_record", lambda facts: facts.record.is_done),
    rule(StatusWord.DONE, "action_done", lambda facts: facts.row.is_done and not _follows_record(facts)),
    rule(StatusWord.OVERDUE, "action_late", lambda facts: facts.days_late > 0),
    rule(StatusWord.UNDER_WAY, "action_begun", lambda facts: facts.record.is_begun),
    rule(StatusWord.UNDER_WAY, "action_under_way", _is_under_way),
    rule(StatusWord.NOT_STARTED, "not_started", lambda _: True),
)
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
    return RowStatus(next(one for one in rules if one.holds(facts)), facts)
