"""Where a row of a plan stands: one word of one vocabulary, by rules of which the first that holds wins.

The rules are data: `RULES` has them in their order, and docs/reference/statuses.md shows it as a table.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from t4c_lib.framework import MeasureKind
from t4c_lib.plan import ActionRow, MeasureRow, RowState, Status
from t4c_lib.plan.partnership import RowRecord
from t4c_lib.progress.figures import Figure
from t4c_lib.progress.status_facts import NOT_ON_RECORD, Because, Facts, StatusWord
from t4c_lib.progress.status_wording import LEAST_CHANCE, sentence
from t4c_lib.progress.trajectory import Trajectory, trajectory_of
from t4c_lib.quantities import percent


@dataclass(frozen=True, eq=False)
class RowStatus:
    """Where a row stands: a word, the rule that gave it, and the numbers that it rests on. Sentences are made of them.

    Attributes:
        word: of the vocabulary.
        because: which reason it has.
        facts: what it was judged by.
    """

    word: StatusWord
    because: Because
    facts: Facts

    @property
    def reason(self) -> str:
        """Why, one sentence."""
        return sentence(self.because, self.facts)

    @property
    def chance(self) -> float | None:
        """Of meeting the target from the latest figures, where the model gives one (0 to 1)."""
        return self.facts.chance

    @property
    def days(self) -> int | None:
        """By how many days it is overdue or late; None for other words."""
        return self.facts.days_late if self.word in (StatusWord.OVERDUE, StatusWord.LATE) else None

    @property
    def text(self) -> str:
        """The word, with the days where there are some: "overdue by 12 days"."""
        if self.days is None:
            return str(self.word)
        return f"{self.word} by {self.days:,} day{'' if self.days == 1 else 's'}"


@dataclass(frozen=True)
class Rule:
    """One line of the order of precedence.

    Attributes:
        because: its reason.
        word: what a row is called for which it is the first to hold.
        when: what it asks, for people to read.
        holds: the same as code.
    """

    because: Because
    word: StatusWord
    when: str
    holds: Callable[[Facts], bool]


def _has_no_target(facts: Facts) -> bool:
    return facts.trajectory is None


def _is_above_comparison(facts: Facts) -> bool:
    return _has_no_target(facts) and facts.gap is not None and facts.gap <= 0


def _is_wanted(facts: Facts) -> bool:
    return _has_no_target(facts) and facts.measure.change is not None


def _lacks_a_baseline(facts: Facts) -> bool:
    row = facts.measure
    return _is_wanted(facts) and (row.baseline is None or (row.is_closer and row.comparison is None))


def _is_blank(facts: Facts) -> bool:
    what = facts.measure.what
    return _has_no_target(facts) and (what.x is not None or what.target is not None)


def _has_low_chance(facts: Facts) -> bool:
    has_interval = facts.figure is not None and facts.figure.interval is not None
    return facts.chance is not None and facts.chance < LEAST_CHANCE and has_interval


def _follows_record(facts: Facts) -> bool:
    return facts.record.follows is not None


def _is_held(facts: Facts) -> bool:
    due = facts.owed_by
    return facts.last_held is not None and (due is None or facts.as_of < due.first_day)


_ALWAYS = Rule(
    Because.LEFT_OUT,
    StatusWord.LEFT_OUT,
    "the plan leaves the row out",
    lambda facts: facts.row.state is RowState.LEFT_OUT,
)
_OWED = (
    Rule(Because.OWED_LATE, StatusWord.OVERDUE, "its date has passed", lambda facts: facts.days_late > 0),
    Rule(Because.OWED, StatusWord.DUE, "otherwise", lambda _: True),
)
_FIFTH = percent(LEAST_CHANCE, 0)

MEASURE_RULES = (
    _ALWAYS,
    Rule(
        Because.CLOSED, StatusWord.DONE, "the plan closed the row as done", lambda facts: facts.row.closed is not None
    ),
    Rule(
        Because.THERE_BEFORE,
        StatusWord.ALREADY_IN_PLACE,
        "the plan says that it was already in place",
        lambda facts: facts.row.state is RowState.IN_PLACE,
    ),
    Rule(
        Because.ABOVE_COMPARISON,
        StatusWord.ABOVE_COMPARISON,
        "closer is better, there is no target, and the group is at or above its comparison",
        _is_above_comparison,
    ),
    Rule(
        Because.NO_BASELINE,
        StatusWord.BASELINE_MISSING,
        "a change is set, but there is no baseline (or nothing to compare with) to measure it from",
        _lacks_a_baseline,
    ),
    Rule(
        Because.NO_DATE,
        StatusWord.TARGET_UNSET,
        "a change is set, but no date",
        lambda facts: _is_wanted(facts) and facts.measure.due is None,
    ),
    Rule(Because.IMPOSSIBLE, StatusWord.TARGET_UNSET, "the change set is not possible", _is_wanted),
    Rule(
        Because.BLANK_UNSET,
        StatusWord.TARGET_UNSET,
        "no change is set, and the framework leaves a blank for it or states a target",
        _is_blank,
    ),
    Rule(
        Because.NEVER_COUNTED,
        StatusWord.NO_FIGURE,
        "there is no target, none is required, and there is no figure",
        lambda facts: _has_no_target(facts) and facts.figure is None,
    ),
    Rule(
        Because.FOLLOWED,
        StatusWord.REPORTED,
        "there is no target and none is required: it is reported without one",
        _has_no_target,
    ),
    Rule(
        Because.NO_FIGURE,
        StatusWord.NO_FIGURE,
        "there is a target, but no figure yet, whatever the baseline",
        lambda facts: facts.figure is None,
    ),
    Rule(
        Because.BASELINE_ONLY,
        StatusWord.BASELINE_ONLY,
        "no figure is newer than the baseline; if it meets the target already, the reason says so",
        lambda facts: not facts.is_newer_than_baseline,
    ),
    Rule(
        Because.MET,
        StatusWord.MET,
        "the newest figure is at or past the target (for a pair of measures, both are); the reason gives the chance of "
        "still meeting it on its date if that is less than 50%",
        lambda facts: facts.is_met and not facts.pair,
    ),
    Rule(
        Because.LOW_CHANCE,
        StatusWord.OFF_COURSE,
        f"the figure has an interval, and the model gives the target a chance of less than {_FIFTH}",
        _has_low_chance,
    ),
    Rule(
        Because.INTERVAL_AHEAD,
        StatusWord.AHEAD,
        "the figure's whole interval is better than planned for its date",
        lambda facts: facts.side > 0,
    ),
    Rule(
        Because.INTERVAL_SHORT,
        StatusWord.OFF_COURSE,
        "the figure's whole interval is worse than planned for its date",
        lambda facts: facts.side < 0,
    ),
    Rule(
        Because.AS_PLANNED,
        StatusWord.ON_COURSE,
        "the figure itself is as planned, or better",
        lambda facts: facts.is_as_planned,
    ),
    Rule(Because.SHORT, StatusWord.BEHIND, "otherwise", lambda _: True),
)
EVIDENCE_RULES = (
    _ALWAYS,
    Rule(
        Because.RECORDED,
        StatusWord.IN_PLACE,
        "it follows from the pledge, and the record of the pledge has it",
        lambda facts: facts.record.is_done,
    ),
    Rule(
        Because.SHOWN,
        StatusWord.IN_PLACE,
        "a document shows it: dated, linked, approved and not a draft (not used where it follows from the pledge)",
        lambda facts: bool(facts.signs) and not _follows_record(facts),
    ),
    Rule(
        Because.THERE_BEFORE,
        StatusWord.IN_PLACE,
        "the plan says that it was already in place",
        lambda facts: facts.row.state is RowState.IN_PLACE,
    ),
    *_OWED,
)
REVIEW_RULES = (
    _ALWAYS,
    Rule(
        Because.CLOSED,
        StatusWord.IN_PLACE,
        "the plan closed the row as done",
        lambda facts: facts.row.closed is not None,
    ),
    Rule(
        Because.THERE_BEFORE,
        StatusWord.IN_PLACE,
        "the plan says that it was held before, but gives no date",
        lambda facts: facts.last_held is None and facts.row.state is RowState.IN_PLACE,
    ),
    Rule(
        Because.HELD,
        StatusWord.IN_PLACE,
        "the plan or a review note says that it was held, and it is not due again yet",
        _is_held,
    ),
    *_OWED,
)
ACTION_RULES = (
    _ALWAYS,
    Rule(
        Because.THERE_BEFORE,
        StatusWord.ALREADY_IN_PLACE,
        "the plan says that it was already done",
        lambda facts: facts.row.state is RowState.IN_PLACE,
    ),
    Rule(
        Because.RECORDED,
        StatusWord.DONE,
        "it follows from the pledge, and the record of the pledge has it",
        lambda facts: facts.record.is_done,
    ),
    Rule(
        Because.SAID_DONE,
        StatusWord.DONE,
        "the plan says that it is done, or closed it as done (not used where it follows from the pledge)",
        lambda facts: not _follows_record(facts) and facts.row.is_done,
    ),
    Rule(Because.PAST_DUE, StatusWord.LATE, "its date has passed", lambda facts: facts.days_late > 0),
    Rule(
        Because.BEGUN_ON_RECORD,
        StatusWord.UNDER_WAY,
        "it follows from the pledge, and part of it is on record",
        lambda facts: facts.record.is_begun,
    ),
    Rule(
        Because.UNDER_WAY,
        StatusWord.UNDER_WAY,
        "the plan says that it is under way (not used where it follows from the pledge)",
        lambda facts: not _follows_record(facts) and facts.row.status is Status.UNDER_WAY,
    ),
    Rule(Because.NOT_STARTED, StatusWord.NOT_STARTED, "otherwise", lambda _: True),
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
    figure: Figure | None = None,
    trajectory: Trajectory | None = None,
    chance: float | None = None,
    pair: str = "",
    record: RowRecord = NOT_ON_RECORD,
) -> RowStatus:
    """Where a row stands on a day.

    Args:
        row: of the plan.
        as_of: the day.
        figure: the newest figure of a measure with an amount, known on that day.
        trajectory: the planned one; by default the row's own.
        chance: of meeting the target from the latest figures, 0-1; None where the model gives none. It is not kept
            where nothing is still to do, or the target's date has come.
        pair: name of the measure that belongs to this one and is not met; with it this one isn't met either.
        record: what the partnership has on record of the row.

    Raises:
        ValueError: a chance outside of 0 to 1.
    """
    if chance is not None and not 0 <= chance <= 1:
        raise ValueError(f"A chance must be between 0 and 1, not {chance}.")
    if trajectory is None and isinstance(row, MeasureRow):
        trajectory = trajectory_of(row)
    likely = chance if row.is_open and trajectory is not None and trajectory.due > as_of else None
    facts = Facts(row, as_of, figure, trajectory, likely, pair, record)
    rule = next(rule for rule in _rules_for(row) if rule.holds(facts))
    return RowStatus(rule.word, rule.because, facts)


def _rules_for(row: MeasureRow | ActionRow) -> tuple[Rule, ...]:
    if isinstance(row, ActionRow):
        return ACTION_RULES
    return {MeasureKind.EVIDENCE: EVIDENCE_RULES, MeasureKind.REVIEW: REVIEW_RULES}.get(row.what.kind, MEASURE_RULES)
