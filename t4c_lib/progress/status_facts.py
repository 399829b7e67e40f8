"""The words for the status of a row, and what it is judged by: the row, the day, and the numbers known of it."""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple, TypedDict

from t4c_lib.framework import MeasureKind
from t4c_lib.periods import Month, parse_period
from t4c_lib.plan import ActionRow, Evidence, MeasureRow, Review, RowState
from t4c_lib.plan.partnership.partnership_record import RowRecord
from t4c_lib.progress.figures import Figure
from t4c_lib.progress.trajectory import Trajectory, is_at_or_past
from t4c_lib.quantities import count_of


class StatusWord(StrEnum):
    """Every status there is."""

    TARGET_UNSET = "target not set"
    BASELINE_MISSING = "baseline missing"
    DATE_MISSING = "date missing"
    NOT_POSSIBLE = "target not possible"
    NOT_JUDGED = "not judged"  # its baseline or all its figures are small numbers that are not shown
    NO_FIGURE = "no figure yet"  # of a target
    NEVER_COUNTED = "no figure yet, no target"
    BASELINE_ONLY = "baseline only"
    REPORTED = "reported, no target"
    ABOVE_COMPARISON = "above the comparison, no target"
    MET = "met"
    AHEAD = "ahead"
    ON_COURSE = "on course"
    BEHIND = "behind"
    OFF_COURSE = "off course"
    IN_PLACE = "in place"  # evidence and reviews
    DUE = "due"
    OVERDUE = "overdue"
    ALREADY_IN_PLACE = "already in place"  # before the plan began
    NOT_STARTED = "not started"  # actions
    UNDER_WAY = "under way"
    DONE = "done"
    LEFT_OUT = "left out"


NOT_ON_RECORD = RowRecord()
_DRAFT = re.compile(r"\bdraft\b", re.IGNORECASE)


class KnownFacts(TypedDict, total=False):
    """What may be known of a row beside its day, its trajectory and its chance, as `Facts` explains it."""

    figure: Figure | None
    pair: str
    record: RowRecord
    is_baseline_hidden: bool
    has_hidden_figures: bool


@dataclass(frozen=True, eq=False)
class Facts:
    """One row on one day, in numbers and dates; words come after."""

    row: MeasureRow | ActionRow  #: of the plan
    as_of: dt.date  #: the day
    figure: Figure | None = None  #: the newest figure of a measure with an amount
    trajectory: Trajectory | None = None  #: the planned trajectory; None without a target
    #: of meeting the target from the latest figures, 0 to 1; None where the model gives none, where nothing is still to
    #: do, and once the target's date has come.
    chance: float | None = None
    pair: str = ""  #: name of the measure that belongs to this one and is not met
    record: RowRecord = NOT_ON_RECORD  #: what the partnership has on record of the row
    #: whether its baseline is a small number, and left out of what is published for that.
    is_baseline_hidden: bool = False
    has_hidden_figures: bool = False  #: whether there are figures that are not shown, being small numbers

    @property
    def measure(self) -> MeasureRow:
        """The row, where it is a measure. Raises TypeError for an action."""
        if not isinstance(self.row, MeasureRow):
            raise TypeError(f"{self.row.label} is no measure.")
        return self.row

    @property
    def gap(self) -> float | None:
        """Where closer is better: by how much the group is below the comparison, by the newest figure there is."""
        if not self.measure.is_closer:
            return None
        return self.measure.gap if self.figure is None else self.figure.value

    @property
    def is_newer_than_baseline(self) -> bool:
        """Whether the newest figure tells what wasn't known when the baseline was taken."""
        taken = self.baseline_taken
        return self.figure is not None and (taken is None or self.figure.day > taken)

    @property
    def baseline_taken(self) -> dt.date | None:
        """The last day of the baseline's period; None where that isn't known."""
        baseline = self.measure.baseline
        return parse_period(baseline.period).last_day if baseline is not None and baseline.period else None

    @property
    def is_met(self) -> bool:
        return self.figure is not None and self.trajectory is not None and self.trajectory.is_met(self.figure.value)

    @property
    def in_force(self) -> bool:
        """Whether the target is one for today: its date has come, or the level of the baseline is to be held."""
        trajectory = self.trajectory
        return trajectory is not None and (trajectory.due <= self.as_of or trajectory.target == trajectory.baseline)

    @cached_property
    def planned(self) -> float | None:
        """What the trajectory has for the day of the newest figure; of a count on its way a whole number, as shown."""
        if self.trajectory is None or self.figure is None:
            return None
        exact, is_due = self.trajectory.at(self.figure.day), self.figure.day >= self.trajectory.due
        return exact if is_due or self.measure.what.kind is not MeasureKind.COUNT else float(round(exact))

    @property
    def side(self) -> int:
        """1 if the whole interval of the figure is better than planned, -1 if all of it is worse, else 0."""
        if self.figure is None or self.figure.interval is None or self.planned is None or self.trajectory is None:
            return 0
        sign = 1.0 if self.trajectory.better == "higher" else -1.0
        worst, best = sorted((sign * self.figure.interval.low, sign * self.figure.interval.high))
        return 1 if worst > sign * self.planned else -1 if best < sign * self.planned else 0

    @property
    def is_as_planned(self) -> bool:
        """Whether the figure itself is as good as planned, or better."""
        if self.figure is None or self.planned is None or self.trajectory is None:
            return False
        return is_at_or_past(self.figure.value, self.planned, self.trajectory.better)

    @property
    def shown_by(self) -> tuple[Evidence, ...]:
        """The evidence of the row that shows it on the day, newest last."""
        return shown_by(self.row, self.as_of)

    @property
    def drafts(self) -> tuple[Evidence, ...]:
        """The evidence that is named and doesn't show it yet: a draft, or something that isn't dated and approved."""
        return tuple(one for one in self.row.evidence if not shows(one, self.as_of))

    @property
    def last_held(self) -> dt.date | None:
        """The day on which a review was last held."""
        last = self.measure.review.last if self.measure.review is not None else None
        return None if last is None or last > self.as_of else last

    @property
    def owed_by(self) -> Month | None:
        """The month by whose end a document is to be there, or a review to be held again."""
        return next_review(self.measure) if self.measure.what.kind is MeasureKind.REVIEW else self.row.due

    @property
    def days_late(self) -> int:
        """For how many days what is owed has been late; 0 while there is time or no date."""
        due = self.row.due if isinstance(self.row, ActionRow) else self.owed_by
        return 0 if due is None else max((self.as_of - due.last_day).days, 0)


def shows(one: Evidence, as_of: dt.date) -> bool:
    """Whether a document shows on a day that something is in place: it is dated by then, linked, approved, no draft."""
    return not one.missing and one.date is not None and one.date <= as_of and not _DRAFT.search(one.what)


def shown_by(row: MeasureRow | ActionRow, as_of: dt.date) -> tuple[Evidence, ...]:
    """The evidence of a row that shows it on a day, newest last."""
    return tuple(sorted((one for one in row.evidence if shows(one, as_of)), key=lambda one: one.date or dt.date.min))


def next_review(row: MeasureRow) -> Month | None:
    """When a review is next due, by the framework's rhythm without its own, or a row next looked at; None if unsaid."""
    review = row.review or Review()
    if review.every is None and row.what.every is not None:
        review = review.changed(every=row.what.every)
    return review.due or (row.due if row.what.kind is MeasureKind.REVIEW and review.last is None else None)


class Rule(NamedTuple):
    """One line of the order of precedence."""

    word: StatusWord  #: what a row is called for which it is the first to hold
    when: str  #: what it asks, for people to read
    holds: Callable[[Facts], bool]  #: the same as code
    reason: Callable[[Facts], str]  #: why a row has the word, one sentence with the row's numbers


class RowStatus(NamedTuple):
    """Where a row stands: the rule that gave its word, and the numbers that it rests on."""

    rule: Rule  #: the first that holds
    facts: Facts  #: what it was judged by

    @property
    def word(self) -> StatusWord:
        return self.rule.word

    @property
    def reason(self) -> str:
        return self.rule.reason(self.facts)

    @property
    def chance(self) -> float | None:
        """Of meeting the target from the latest figures, where the model gives one (0 to 1)."""
        return self.facts.chance

    @property
    def days(self) -> int | None:
        """By how many days it is overdue; None for other words."""
        return self.facts.days_late if self.word is StatusWord.OVERDUE else None

    @property
    def text(self) -> str:
        """The word, with the days where there are some: "overdue by 12 days"."""
        return str(self.word) if self.days is None else f"{self.word} by {count_of(self.days, 'days')}"


LEFT_OUT = Rule(
    StatusWord.LEFT_OUT,
    "the plan leaves the row out",
    lambda facts: facts.row.state is RowState.LEFT_OUT,
    lambda facts: f"Left out: {facts.row.reason.rstrip('.')}.",
)
