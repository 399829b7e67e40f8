"""The X of the pledge: one change, five ways to mean it.

The source says "rises by X%". From 6.0%, "rises by 2%" is 8.0% to one reader (percentage points) and 6.12% to another
(relative). So a change always carries its kind, a bare percentage is refused, and every change can say what its
twin, the reading it is most easily mistaken for, would have come to. Definitions of the two readings: Office for
National Statistics, service manual, "Percentages".
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from t4c_lib.errors import T4CError
from t4c_lib.periods import parse_period
from t4c_lib.quantities.baseline import Baseline, Unit, count_of, number, percent, percent_pair, points

# Heads are whole people; what floating point adds to an exact whole number must not become a person.
HEADS_TOLERANCE = 1e-9


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
        more = "more" if self.amount >= 0 else "less"
        match self.kind:
            case ChangeKind.POINTS:
                return f"{points(self.amount)} {'up' if self.amount >= 0 else 'down'}"
            case ChangeKind.RELATIVE:
                return f"{number(abs(self.amount) * 100, 2)}% {more} than the baseline"
            case ChangeKind.LEVEL:
                return f"a level of {number(self.amount, 4)}"
            case ChangeKind.COUNT:
                return f"{number(abs(self.amount))} {more if self.amount >= 0 else 'fewer'}"
            case ChangeKind.MULTIPLE:
                return f"{number(self.amount, 2)} times"

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
        return Reading(self.kind, goal, heads, _sentence(self, baseline, goal, (heads, now)))

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


def _sentence(change: Change, baseline: Baseline, goal: float, people: tuple[int | None, Baseline | None]) -> str:
    direction = "more" if goal >= baseline.value else "fewer"
    if not baseline.is_fraction:
        gap = abs(goal - baseline.value)
        relative = f" ({number(gap / baseline.value * 100)}%)" if baseline.value else ""
        start = f"from {number(baseline.value)} to {count_of(goal, baseline.counted)}"
        return f"{start}: {number(gap)} {direction}{relative}"
    start, end = percent_pair(baseline.value, goal)
    gap = goal - baseline.value
    parts = [points(gap)]
    if change.kind is ChangeKind.RELATIVE:
        direction = "more" if gap >= 0 else "less"
        parts = [f"{number(abs(change.amount) * 100, 2)}% {direction} than the baseline share, {points(gap)}"]
    if change.kind is ChangeKind.MULTIPLE:
        times = "twice" if change.amount == 2 else f"{number(change.amount, 2)} times"
        parts = [f"{times} the baseline share, {points(gap)}"]
    parts += _in_people(baseline, goal, *people)
    return f"from {start} to {end}: {', '.join(parts)}"


def _in_people(baseline: Baseline, goal: float, heads: int | None, now: Baseline | None) -> Iterator[str]:
    """How many people that is, and of how many: of today's where they are known, else of the baseline's."""
    numbers = baseline.numerator, baseline.denominator
    is_today = now is not None and bool(now.denominator) and (now.numerator, now.denominator) != numbers
    counted = now if now is not None and is_today else baseline
    if heads is None or counted.denominator is None:
        return
    rising, size = goal >= baseline.value, number(counted.denominator)
    if is_today and (heads <= 0 if rising else heads >= 0):
        yield f"which today's {number(counted.numerator or 0)} of {size} are already"
        return
    direction = "more" if rising else "fewer"
    one = f"1 {direction} {count_of(1, baseline.counted).removeprefix('1 ')}"
    extra = one if abs(heads) == 1 else count_of(abs(heads), f"{direction} {baseline.counted}")
    when = f" ({parse_period(baseline.period).label})" if baseline.period else ""
    stays = f"if the {baseline.base} stays at"
    yield f"{extra} than now {stays} today's {size}" if is_today else f"{extra} {stays} {size}{when}"
