"""The X of the pledge: one change, five ways to mean it; and how a person types one.

The source says "rises by X%". From 6.0%, "rises by 2%" is 8.0% to one reader (percentage points) and 6.12% to another
(relative). So a change always carries its kind, a bare percentage is refused, and every change can say what its
twin, the reading it is most easily mistaken for, would have come to. Definitions of the two readings: Office for
National Statistics, service manual, "Percentages".

Of what is typed, a number is taken out first; what stands around it then says direction, unit and kind. Every way of
writing that a message advises is read again before it is advised, so that it can be typed as it stands there.
"""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from string import Template
from typing import Final, NamedTuple

from pydantic import BaseModel

from t4c_lib.errors import T4CError
from t4c_lib.html_templates import text_from
from t4c_lib.periods import parse_period
from t4c_lib.quantities.baseline import Baseline, Unit, count_of, number, percent, percent_pair, points, typed_decimals
from t4c_lib.validation_messages import read_shipped

# Heads are whole people; what floating point adds to an exact whole number must not become a person.
HEADS_TOLERANCE = 1e-9

_WAYS_TO_SAY = {way.__name__: way for way in (number, points, percent, percent_pair, count_of, typed_decimals)}


def change_words(template: str, **shown: object) -> str:
    """What a template of this room makes of a change."""
    return text_from(f"quantities/{template}.txt.j2", **shown, **_WAYS_TO_SAY, parse_period=parse_period).rstrip()


class ChangeError(T4CError):
    """A change that can't be read, or that does not fit the kind of measure."""


class AmbiguousChange(ChangeError):  # noqa: N818  (named for what it tells; the issue fixes the name)
    """What was typed has more than one reading, and the message spells each out."""

    def __init__(self, message: str, ways: Iterable[str] = ()) -> None:
        super().__init__(message)
        self.ways = tuple(ways)  #: each reading that can be, as `parse_change` reads it, and in one way only


class ImpossibleGoalError(ChangeError):
    """A change that leads to a share above 100% or to less than nothing."""


class ChangeKind(StrEnum):
    """How an amount is meant."""

    POINTS = "points"
    RELATIVE = "relative"
    LEVEL = "level"
    COUNT = "count"
    MULTIPLE = "multiple"


class Reading(NamedTuple):
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
    """By how much a measure changes. Raises ChangeError: not finite, a negative level, or a multiple not above 0."""

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

        They are counted from `now`, today's figure, if its numbers are known, else from the baseline.
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


EXAMPLE_BASELINE: Final = Baseline(0.06)
LONGEST_TYPED: Final = 120
MOST_SPELLED_OUT: Final = 4  # readings; more of them are only listed


class _Shipped(BaseModel, frozen=True, extra="forbid"):
    """How people type a change: see parsing.yaml."""

    words: dict[str, str]
    forms: dict[str, tuple[str, ...]]
    multiples: dict[str, float]


_FILE: Final = read_shipped(_Shipped, __package__, "parsing.yaml")
_FORMS: Final = {name: re.compile(Template("".join(one)).substitute(_FILE.words)) for name, one in _FILE.forms.items()}


def parse_change(text: str, baseline: Baseline | None = None) -> Change:
    """Read what a person types: "2 points", "10% relative", "to 8%", "12 more", "falls by 2 points", "double".

    Raises AmbiguousChange where it can be meant in more than one way ("5%", "rises by 10%", "1,5 points", "40" for
    a count), with every reading that can be on the baseline, if one is given; ChangeError for what contradicts the
    baseline ("from 6% to 8%", "down to 8%"), and, naming the ways to write it, for anything else.
    """
    typed = re.sub(r"(?<!\w)[\u2212\u2013](?= ?[\d.])", "-", re.sub(r"\s+", " ", text.strip().lower().rstrip(".")))
    typed = re.sub(r" ?(?:%|(?:per ?cent(?:age)?|pct?)(?![a-z]))", "%", typed)
    if typed in _FILE.multiples:
        return Change(ChangeKind.MULTIPLE, _FILE.multiples[typed])
    form = re.sub(r"(^| )relative(?:ly)?(?= |$)", "", _FORMS["number"].sub("N", typed)).strip()
    numbers = list(_FORMS["number"].finditer(typed))
    parts = _FORMS["change"].fullmatch(form)
    is_multiple = bool(_FORMS["multiple"].fullmatch(form))
    if not numbers or not (parts or is_multiple) or len(typed) > LONGEST_TYPED:
        raise _unreadable(text, baseline)
    for found in numbers:
        _check_number(text, typed, found, baseline, whole=bool(parts and not (parts["points"] or parts["percent"])))
    *start, last = (found[0].replace(" ", "") for found in numbers)
    if is_multiple or parts is None:
        return Change(ChangeKind.MULTIPLE, _value(last))
    return Change(*_Typed(text.strip(), last, parts, baseline, "relative" in typed).read(start[0] if start else ""))


class _Typed(NamedTuple):
    """One typed change, taken apart: its number with a sign, the words around it, the baseline if there is one."""

    text: str
    number: str
    parts: re.Match[str]
    baseline: Baseline | None
    is_relative: bool

    def read(self, start: str) -> tuple[ChangeKind, float]:
        """Kind and amount; `start` is the figure that is said to be today's."""
        parts, digits, signed = self.parts, self.number.lstrip("+-"), self.number[0] in "+-"
        up = parts["up"] or parts["more"] or parts["up_after"]
        down = parts["down"] or parts["less"] or parts["down_after"]
        falls, says_how = bool(down) or self.number[0] == "-", bool(up or down or parts["by"] or signed)
        unit = "points" if parts["points"] else parts["percent"] or ""
        in_comparison = self.is_relative or bool(parts["more"] or parts["less"])
        is_level = parts["to"] or start or (parts["bound"] and not (says_how or unit == "points"))
        if (unit and parts["thing"] and not in_comparison) or (self.is_relative and (unit != "%" or is_level)):
            raise _unreadable(self.text, self.baseline)
        if is_level:
            return self._level(start, unit)
        if (up and down) or (signed and (down or (falls and up))):
            unit = "% relative" if unit == "%" and in_comparison else unit.replace("points", " points")
            both = [f"{sign}{digits}{unit}" for sign in "-+"] if unit else [f"{digits} fewer", f"{digits} more"]
            raise _question(self.text, both, self.baseline)
        amount = _value(digits) * (-1 if falls else 1)
        is_count = self.baseline is not None and not self.baseline.is_fraction
        if unit and (unit == "points" or in_comparison):
            return ChangeKind.POINTS if unit == "points" else ChangeKind.RELATIVE, amount / 100
        of_people = bool(parts["heads"] or parts["thing"])
        if not unit and (in_comparison or (says_how and (of_people or is_count or self.baseline is None))):
            return ChangeKind.COUNT, amount
        if not unit and self.baseline is None:
            raise _unreadable(self.text, self.baseline)
        level = [] if says_how else [f"to {digits}{'' if is_count else '%'}"]
        shares = [f"{'-' * falls}{digits} points"] * (not is_count) + [f"{'-' * falls}{digits}% relative"]
        people = [f"{digits} {'fewer' if falls else 'more'}"]
        if unit:
            raise _question(self.text, shares + (people if is_count else level), self.baseline)
        shares = [] if is_count or of_people else shares
        raise _question(self.text, shares + (level if is_count or shares else []) + people, self.baseline)

    def _level(self, start: str, unit: str) -> tuple[ChangeKind, float]:
        parts, baseline, digits = self.parts, self.baseline, self.number.lstrip("+-")
        amount = _value(digits)
        if unit == "points" or parts["by"] or parts["more"] or parts["less"]:
            raise _unreadable(self.text, self.baseline)
        if baseline is None:
            return ChangeKind.LEVEL, _value(self.number) / (100 if unit else 1)
        if baseline.is_fraction and not unit:
            if parts["heads"] or parts["thing"]:
                raise _unreadable(self.text, self.baseline)
            since = f"from {start}% " if start else ""
            hundredfold = [f"to {number(amount * 100, 10)}%"] if amount <= 1 and not start else []
            raise _question(self.text, [f"{since}to {digits}%", *hundredfold], baseline)
        if unit and not baseline.is_fraction:
            raise _question(self.text, [f"to {digits}", f"{'-' * bool(parts['down'])}{digits}% relative"], baseline)
        level = Change(ChangeKind.LEVEL, _value(self.number) / (100 if unit else 1))
        advice = _obstacle(level, baseline) or f"Write 'to {digits}{unit}' if that level is meant."
        # What is said of today's figure, or of the direction, must be true of the baseline.
        today, half = baseline.value * (100 if unit else 1), 0.5 * 10 ** -len(start.partition(".")[2])
        if start and abs(today - _value(start)) > half + 1e-9:
            raise ChangeError(f"'{self.text}' does not start from the baseline, which is {baseline.text}. {advice}")
        rises = level.amount >= baseline.value
        if (parts["up"] and not rises) or (parts["down"] and rises):
            was = "a rise" if rises else "a fall"
            raise ChangeError(f"'{self.text}' would be {was} from the baseline, {baseline.text}. {advice}")
        return ChangeKind.LEVEL, level.amount


def _value(digits: str) -> float:
    return float(re.sub(r"[, +]", "", digits))


def _unreadable(text: str, baseline: Baseline | None) -> ChangeError:
    ways = "2 points, 10% relative, to 8%, to 40, 12 more, 12 fewer, double, x 2"
    if baseline is not None:
        only_here = "2 points, 10% relative, to 8%" if baseline.is_fraction else "10% relative, to 40"
        ways = f"{only_here}, 12 more, 12 fewer, double"
    return ChangeError(f"'{text}' can't be read as a change. Write it in one of these ways: {ways}.")


def _check_number(text: str, typed: str, found: re.Match[str], baseline: Baseline | None, *, whole: bool) -> None:
    """A comma stands before exactly three digits; anything else is asked about, with the number written both ways."""
    digits = found[0].lstrip("+- ")
    doubtful = whole and _FORMS["thousand or decimal"].fullmatch(digits)
    if _FORMS["plain"].fullmatch(digits) and not doubtful:
        return
    head, _, tail = digits.replace(",", ".").rpartition(".")
    if not re.fullmatch(r"\d+|\d{1,3}(?:\.\d{3})+", head):
        raise _unreadable(text, baseline)
    whole_part = head.replace(".", "")
    as_decimal = f"{int(whole_part):,}.{tail.rstrip('0') if doubtful else tail}".rstrip(".")
    ways = [f"{int(whole_part + tail):,}"] if doubtful and as_decimal == digits else []
    ways = ways or [as_decimal, f"{int(whole_part + tail):,}"]
    before, after = typed[: found.end() - len(digits)], typed[found.end() :]
    raise _question(text.strip(), [before + way + after for way in ways], baseline)


def _question(text: str, ways: Iterable[str], baseline: Baseline | None) -> ChangeError:
    """The refusal with every way of writing it that can be: on the baseline, or anywhere if none is given."""
    offered: dict[str, Change] = {}
    reason = ""
    for way in ways:
        try:
            readable = {way: parse_change(way, baseline)}
        except AmbiguousChange as again:
            readable = {one: parse_change(one, baseline) for one in again.ways}
        except ChangeError as wrong:
            readable, reason = {}, str(wrong)
        for one, change in readable.items():
            obstacle = _obstacle(change, baseline) if baseline is not None else ""
            offered |= {} if obstacle else {one: change}
            reason = obstacle or reason
    if not offered:
        return ChangeError(f"'{text}' is not possible in any reading. {reason}")
    of, meanings = baseline or EXAMPLE_BASELINE, []
    for change in offered.values():
        goal = None if _obstacle(change, of) else change.goal(of)
        meanings.append(change_words("change_meaning", change=change, baseline=of, goal=goal))
    shown = {"text": text, "meanings": meanings, "ways": [f"'{way}'" for way in offered]}
    return AmbiguousChange(change_words("change_question", **shown, most_spelled_out=MOST_SPELLED_OUT), offered)


def _obstacle(change: Change, baseline: Baseline) -> str:
    try:
        change.goal(baseline)
    except ChangeError as impossible:
        return str(impossible)
    return ""
