"""The X of the pledge: one change, five ways to mean it.

The source says "rises by X%". From 6.0%, "rises by 2%" is 8.0% to one reader (percentage points) and 6.12% to another
(relative). So a change always carries its kind, a bare percentage is refused, and every change can say what its
twin, the reading it is most easily mistaken for, would have come to. Definitions of the two readings: Office for
National Statistics, service manual, "Percentages".
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from t4c_lib.errors import T4CError
from t4c_lib.html_templates import text_from
from t4c_lib.periods import parse_period
from t4c_lib.quantities.baseline import Baseline, Unit, count_of, number, percent, percent_pair, points

# Heads are whole people; what floating point adds to an exact whole number must not become a person.
HEADS_TOLERANCE = 1e-9

_WAYS_TO_SAY = {"number": number, "points": points, "percent_pair": percent_pair, "count_of": count_of}


def change_words(template: str, **shown: object) -> str:
    """What a template of this room makes of a change."""
    return text_from(f"quantities/{template}.txt.j2", **shown, **_WAYS_TO_SAY, parse_period=parse_period).rstrip()


class ChangeError(T4CError):
    """A change that can't be read, or that does not fit the kind of measure."""


class AmbiguousChange(ChangeError):  # noqa: N818  (named for what it tells; the issue fixes the name)
    """What was typed has more than one reading, and the message spells each out.

    Attributes:
        ways: each reading that can be, written so that `parse_change` reads it, and in one way only.
    """

    def __init__(self, message: str, ways: Iterable[str] = ()) -> None:
        super().__init__(message)
        self.ways = tuple(ways)


class ImpossibleGoalError(ChangeError):
    """A change that leads to a share above 100% or to less than nothing."""


class ChangeKind(StrEnum):
    """How an amount is meant."""

    POINTS = "points"
    RELATIVE = "relative"
    LEVEL = "level"
    COUNT = "count"
    MULTIPLE = "multiple"


@dataclass(frozen=True)
class Reading:
    """What a change comes to on a given baseline."""

    kind: ChangeKind  #: how the amount was read
    goal: float  #: the value to reach, a fraction for shares and rates
    #: whole people (or things) more than were counted, or fewer if negative, with the denominator unchanged; rounded
    #: away from what was counted so that the goal is truly met. Counted today where today's figure was given, else at
    #: the baseline. None where no numbers are known.
    heads: int | None
    sentence: str  #: the same in words, without a full stop


@dataclass(frozen=True)
class Change:
    """By how much a measure is to change.

    Raises ChangeError: an amount that is no finite number, a negative level, or a multiple that is not above 0.
    """

    kind: ChangeKind  #: points, relative, level, count or multiple
    #: for points a fraction (0.02 is 2 percentage points); for relative a fraction of today's value (0.10 is a tenth
    #: more); for level the goal itself (a fraction for shares and rates); for count that many more people or things;
    #: for multiple the factor (2 doubles). Negative points, relative and count amounts mean a fall.
    amount: float

    def __post_init__(self) -> None:
        try:
            object.__setattr__(self, "kind", ChangeKind(self.kind))
        except ValueError:
            known = ", ".join(kind.value for kind in ChangeKind)
            raise ChangeError(f"'{self.kind}' is not a kind of change. The kinds are: {known}.") from None
        if not math.isfinite(self.amount):
            raise ChangeError(f"An amount is a finite number, not {self.amount}.")
        if self.kind is ChangeKind.LEVEL and self.amount < 0:
            raise ChangeError(f"A level is 0 or more, not {number(self.amount, 4)}.")
        if self.kind is ChangeKind.MULTIPLE and self.amount <= 0:
            raise ChangeError(f"A multiple is above 0, not {number(self.amount, 4)}: 2 doubles, 0.5 halves.")

    def goal(self, baseline: Baseline) -> float:
        """The value to reach. Raises ChangeError where the kind doesn't fit, ImpossibleGoalError where none can be."""
        goal = self._raw_goal(baseline)
        if goal < -1e-12:
            raise ImpossibleGoalError(f"{self.text} from {baseline.text} is below zero.")
        if baseline.unit is Unit.SHARE and goal > 1 + 1e-12:
            likely = f" Did you mean {self.amount / 100:g} ({self.amount:g}%)?" if 1 < self.amount <= 100 else ""
            start = f"{self.text} from {baseline.text}"
            raise ImpossibleGoalError(f"{start} comes to {percent(goal)}: more than 100%.{likely}")
        return max(goal, 0.0)

    def _raw_goal(self, baseline: Baseline) -> float:
        match self.kind:
            case ChangeKind.LEVEL:
                return self.amount
            case ChangeKind.MULTIPLE | ChangeKind.RELATIVE if baseline.value == 0:
                instead = "Use a level, points or a number instead."
                raise ChangeError(f"{self.text} of 0 is still 0: the baseline is 0. {instead}")
            case ChangeKind.MULTIPLE:
                return baseline.value * self.amount
            case ChangeKind.RELATIVE:
                return baseline.value * (1 + self.amount)
            case ChangeKind.POINTS:
                if not baseline.is_fraction:
                    instead = "For a count use a number or 'relative'."
                    raise ChangeError(f"Percentage points are for shares and rates. {instead}")
                return baseline.value + self.amount
        if not baseline.is_fraction:
            return baseline.value + self.amount
        if baseline.numerator is None or baseline.denominator is None:
            raise ChangeError("A number of people needs a baseline with numerator and denominator.")
        return (baseline.numerator + self.amount) / baseline.denominator

    @property
    def text(self) -> str:
        """The change as people say it, before any baseline is known."""
        return change_words("change_text", change=self)

    def heads(self, baseline: Baseline, now: Baseline | None = None) -> int | None:
        """Whole people or things more (negative: fewer) that the goal asks for, the denominator unchanged.

        `baseline`: from which the goal is worked out. `now`: today's figure, whose people are counted instead of the
        baseline's if its numbers are known.
        """
        goal = self.goal(baseline)
        if not baseline.is_fraction:
            more = goal - baseline.value  # in whole things, away from zero
            return math.ceil(more - HEADS_TOLERANCE) if more >= 0 else math.floor(more + HEADS_TOLERANCE)
        counted = now if now is not None and now.denominator else baseline
        if counted.numerator is None or counted.denominator is None:
            return None
        # Whole people are counted from the goal's own whole number, not from the difference of two fractions.
        rising = goal >= baseline.value
        reached = goal * counted.denominator
        slack = HEADS_TOLERANCE * max(1, reached)
        whole = math.ceil(reached - slack) if rising else math.floor(reached + HEADS_TOLERANCE)
        return round(whole - counted.numerator)

    def reading(self, baseline: Baseline, now: Baseline | None = None) -> Reading:
        """Goal, heads and sentence on this baseline, the people counted today where `now` has their number."""
        goal, heads = self.goal(baseline), self.heads(baseline, now)
        numbers = baseline.numerator, baseline.denominator
        today = now if now is not None and now.denominator and (now.numerator, now.denominator) != numbers else None
        shown = {"change": self, "baseline": baseline, "goal": goal, "heads": heads, "today": today}
        return Reading(self.kind, goal, heads, change_words("change_sentence", **shown))

    def sentence(self, baseline: Baseline, now: Baseline | None = None) -> str:
        """The change in words: 'from 5.7% to 7.7%: 2 percentage points, 61 more people if ...'."""
        return self.reading(baseline, now).sentence

    def twin(self, baseline: Baseline, now: Baseline | None = None) -> Reading | None:
        """What the same X would come to in the reading it is most easily mistaken for; None where that is impossible.

        Points and relative are each other's twins on shares and rates; "10% more" and "10 more" on counts; "to X" is
        mistaken for "by X"; "twice" for "200% more".
        """
        try:
            return self._twin_change(baseline).reading(baseline, now)
        except ChangeError:
            return None

    def _twin_change(self, baseline: Baseline) -> "Change":
        match self.kind:
            case ChangeKind.POINTS | ChangeKind.MULTIPLE:
                return Change(ChangeKind.RELATIVE, self.amount)
            case ChangeKind.RELATIVE if baseline.is_fraction:
                return Change(ChangeKind.POINTS, self.amount)
            case ChangeKind.RELATIVE:
                return Change(ChangeKind.COUNT, self.amount * 100)
            case ChangeKind.LEVEL:
                return Change(ChangeKind.POINTS if baseline.is_fraction else ChangeKind.COUNT, self.amount)
            case ChangeKind.COUNT:
                return Change(ChangeKind.RELATIVE, self.amount / 100)
