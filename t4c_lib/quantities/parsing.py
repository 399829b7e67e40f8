"""Reads a change as a person types it, and asks back where what was typed has more than one reading.

A number is taken out of the text first; what stands around it then says direction, unit and kind. Every way of writing
that a message advises is read again before it is advised, so that it can be typed as it stands there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from t4c_lib.quantities.baseline import Baseline
from t4c_lib.quantities.change import AmbiguousChange, Change, ChangeError, ChangeKind
from t4c_lib.quantities.wording import number, percent_pair, points

WAYS_TO_WRITE: Final = "2 points, 10% relative, to 8%, to 40, 12 more, 12 fewer, double, x 2"
EXAMPLE_BASELINE: Final = Baseline(0.06)
MOST_SPELLED_OUT: Final = 4  # readings; more of them are only listed

_NUMBER: Final = re.compile(r"(?<![\d.,])(?:[+-] ?)?(?:\d{1,3}(?: \d{3})+(?![\d.,])|\.?\d(?:[\d.,]*\d)?)")
_PLAIN: Final = re.compile(r"(?:\d+|\d{1,3}(?:[, ]\d{3})+)(?:\.\d+)?|\.\d+")
_THOUSAND_OR_DECIMAL: Final = re.compile(r"[1-9]\d{0,2}\.\d{3}")  # 1.500 more: of people 1,500 is as likely as 1.5
_UP: Final = r"ris(?:es?|ing)|rais(?:es?|ing)|increas(?:es?|ing)|grow(?:s|ing|th)?|up|plus|add"
_DOWN: Final = r"falls?|falling|reduc(?:es?|ing|tion)|decreas(?:es?|ing)|drops?|lower(?:s|ing)?|cuts?|down|minus"
_BOUND: Final = r"at least|at most|no (?:more|less|fewer) than|above|below|under|a? ?(?:minimum|maximum) of"
# The text with N in the place of its number. A second N is where it starts from.
_FORM: Final = re.compile(
    rf"(?:from N%? )?(?:an? )?(?:go(?:es)? )?(?:(?P<up>{_UP})|(?P<down>{_DOWN}))? ?(?:from N%? )?"
    rf"(?:(?P<to>to|level(?: of)?|reach(?:es|ing)?)|(?P<by>by|of))? ?(?P<bound>{_BOUND})? ?"
    rf"N ?(?:(?P<points>(?:% ?)?(?:-?points?|pts?)|p\.?p\.?)|(?P<percent>%))?"
    rf"(?P<heads> (?:people|staff))?(?: (?:(?P<more>more|extra|additional|higher)|(?P<less>fewer|less|lower)"
    rf"|(?P<up_after>{_UP})|(?P<down_after>{_DOWN})))?(?P<thing> (?!.*\b(?:times|more|fewer|less)\b)[a-z][a-z -]*)?"
)
_MULTIPLE: Final = re.compile(r"(?:by )?(?:(?:x|×|times) ?N|N ?(?:x|×|times))")
_WORDS: Final = {
    **dict.fromkeys(("double", "doubles", "doubled", "twice"), 2.0),
    **dict.fromkeys(("treble", "trebles", "triple", "triples"), 3.0),
    **dict.fromkeys(("halve", "halves", "half"), 0.5),
}


def parse_change(text: str, baseline: Baseline | None) -> tuple[ChangeKind, float]:
    """Kind and amount of a typed change. Raises AmbiguousChange or ChangeError as `Change.parse` says."""
    typed = re.sub(r"(?<!\w)[\u2212\u2013](?= ?[\d.])", "-", re.sub(r"\s+", " ", text.strip().lower()))
    typed = re.sub(r" ?per ?cent(?:age)?(?![a-z])", "%", typed)
    if typed in _WORDS:
        return ChangeKind.MULTIPLE, _WORDS[typed]
    form = re.sub(r"(^| )relative(?:ly)?(?= |$)", "", _NUMBER.sub("N", typed)).strip()
    numbers = list(_NUMBER.finditer(typed))
    parts = _FORM.fullmatch(form)
    is_multiple = bool(_MULTIPLE.fullmatch(form))
    if not numbers or not (parts or is_multiple):
        raise _unreadable(text)
    for found in numbers:
        _check_number(text, typed, found, baseline, whole=bool(parts and not (parts["points"] or parts["percent"])))
    *start, last = (found[0].replace(" ", "") for found in numbers)
    if is_multiple or parts is None:
        return ChangeKind.MULTIPLE, _value(last)
    return _Typed(text.strip(), last, parts, baseline, is_relative="relative" in typed).read(start[0] if start else "")


class _Typed:
    """One typed change, taken apart: its number with a sign, the words around it, the baseline if there is one."""

    def __init__(
        self, text: str, digits: str, parts: re.Match[str], baseline: Baseline | None, *, is_relative: bool
    ) -> None:
        self.text, self.digits, self.parts, self.baseline = text, digits.lstrip("+-"), parts, baseline
        self.is_relative = is_relative
        self.is_fraction = baseline is not None and baseline.is_fraction
        up = parts["up"] or parts["more"] or parts["up_after"]
        down = parts["down"] or parts["less"] or parts["down_after"]
        self.is_twofold = bool(up and down) or bool(digits[0] in "+-" and (down or (digits[0] == "-" and up)))
        self.falls = bool(down) or digits[0] == "-"
        self.says_how = bool(up or down or parts["by"]) or digits[0] in "+-"
        self.sign = "-" if self.falls else ""

    def read(self, start: str) -> tuple[ChangeKind, float]:
        """Kind and amount; `start` is the figure that is said to be today's."""
        parts, amount = self.parts, _value(self.digits) * (-1 if self.falls else 1)
        unit = "points" if parts["points"] else parts["percent"] or ""
        in_comparison = bool(parts["more"] or parts["less"])
        is_level = parts["to"] or start or (parts["bound"] and not (self.says_how or unit == "points"))
        if (unit and parts["thing"]) or (self.is_relative and (unit != "%" or is_level)):
            raise _unreadable(self.text)
        if is_level:
            return self._level(start, unit)
        if self.is_twofold:
            unit = "% relative" if unit and (self.is_relative or in_comparison) else f" {unit}".replace(" %", "%")
            both = [f"{sign}{self.digits}{unit}" for sign in "-+"]
            both = both if unit.strip() else [f"{self.digits} fewer", f"{self.digits} more"]
            raise _question(self.text, both, self.baseline)
        if unit == "points":
            return ChangeKind.POINTS, amount / 100
        if unit:
            if self.is_relative or in_comparison:
                return ChangeKind.RELATIVE, amount / 100
            as_people = [] if self.is_fraction or self.baseline is None else [self._counted()]
            raise _question(
                self.text, [*self._by("points" if not as_people else ""), *as_people, *self._to()], self.baseline
            )
        if in_comparison or (self.says_how and not self.is_fraction):
            return ChangeKind.COUNT, amount
        if self.baseline is None:
            raise _unreadable(self.text)
        if self.is_fraction:
            raise _question(self.text, [*self._by("points"), *self._to(), self._counted()], self.baseline)
        raise _question(self.text, [f"to {self.digits}", self._counted()], self.baseline)

    def _by(self, with_points: str) -> list[str]:
        relative = f"{self.sign}{self.digits}% relative"
        return [f"{self.sign}{self.digits} points", relative] if with_points else [relative]

    def _to(self) -> list[str]:
        is_count = self.baseline is not None and not self.is_fraction
        return [] if self.says_how or is_count else [f"to {self.digits}%"]

    def _counted(self) -> str:
        return f"{self.digits} {'fewer' if self.falls else 'more'}"

    def _level(self, start: str, unit: str) -> tuple[ChangeKind, float]:
        if unit == "points" or self.parts["by"] or self.parts["more"] or self.parts["less"]:
            raise _unreadable(self.text)
        amount = _value(self.digits)
        if self.is_fraction and not unit:
            if self.parts["heads"] or self.parts["thing"]:
                raise _unreadable(self.text)
            since = f"from {start}% " if start else ""
            hundredfold = [f"to {number(amount * 100, 10)}%"] if amount <= 1 and not start else []
            raise _question(self.text, [f"{since}to {self.digits}%", *hundredfold], self.baseline)
        if unit and self.baseline is not None and not self.is_fraction:
            raise _question(self.text, [f"to {self.digits}", f"{self.sign}{self.digits}% relative"], self.baseline)
        amount = amount / 100 if unit else amount
        if self.baseline is not None:
            self._check_start(start, unit, amount)
        return ChangeKind.LEVEL, amount if self.parts["down"] or not self.falls else -amount

    def _check_start(self, start: str, unit: str, level: float) -> None:
        """What is said of today's figure, or of the direction, must be true of the baseline."""
        assert self.baseline is not None  # noqa: S101  (asked before)
        today = self.baseline.value * 100 if self.is_fraction else self.baseline.value
        advice = _obstacle(Change(ChangeKind.LEVEL, level), self.baseline)
        advice = advice or f"Write 'to {self.digits}{unit}' if that level is meant."
        decimals = len(start.partition(".")[2])
        if start and abs(today - _value(start)) > 0.5 * 10**-decimals + 1e-9:
            raise ChangeError(
                f"'{self.text}' does not start from the baseline, which is {self.baseline.text}. {advice}"
            )
        rises = level >= self.baseline.value
        if (self.parts["up"] and level < self.baseline.value) or (self.parts["down"] and rises):
            was = "a rise" if rises else "a fall"
            raise ChangeError(f"'{self.text}' would be {was} from the baseline, {self.baseline.text}. {advice}")


def _value(digits: str) -> float:
    return float(re.sub(r"[, +]", "", digits))


def _unreadable(text: str) -> ChangeError:
    return ChangeError(f"'{text}' can't be read as a change. Write it in one of these ways: {WAYS_TO_WRITE}.")


def _check_number(text: str, typed: str, found: re.Match[str], baseline: Baseline | None, *, whole: bool) -> None:
    """A comma stands before exactly three digits; anything else is asked about, with the number written both ways."""
    digits = found[0].lstrip("+- ")
    doubtful = whole and _THOUSAND_OR_DECIMAL.fullmatch(digits)
    if _PLAIN.fullmatch(digits) and not doubtful:
        return
    head, _, tail = digits.replace(",", ".").rpartition(".")
    if not re.fullmatch(r"\d+|\d{1,3}(?:\.\d{3})+", head):
        raise _unreadable(text)
    whole_part = head.replace(".", "")
    as_decimal = f"{int(whole_part):,}.{tail.rstrip('0') if doubtful else tail}".rstrip(".")
    ways = [f"{int(whole_part + tail):,}"] if doubtful and as_decimal == digits else []
    ways = ways or [as_decimal, f"{int(whole_part + tail):,}"]
    raise _question(
        text.strip(), [typed[: found.end() - len(digits)] + way + typed[found.end() :] for way in ways], baseline
    )


def _question(text: str, ways: Iterable[str], baseline: Baseline | None) -> ChangeError:
    """The refusal with every way of writing it that can be: on the baseline, or anywhere if none is given."""
    offered: dict[str, Change] = {}
    reason = ""
    for way in ways:
        try:
            readable = {way: Change(*parse_change(way, baseline))}
        except AmbiguousChange as again:
            readable = {one: Change(*parse_change(one, baseline)) for one in again.ways}
        except ChangeError as wrong:
            readable, reason = {}, str(wrong)
        for one, change in readable.items():
            obstacle = _obstacle(change, baseline) if baseline is not None else ""
            offered |= {} if obstacle else {one: change}
            reason = obstacle or reason
    said = [_meaning(change, baseline or EXAMPLE_BASELINE) for change in offered.values()]
    ways = [f"'{way}'" for way in offered]
    if not offered:
        return ChangeError(f"'{text}' can't be, however it is meant. {reason}")
    if len(offered) == 1:
        return AmbiguousChange(
            f"'{text}' is not clear as it stands. It can only be {said[0]}. Write {ways[0]}.", offered
        )
    count = {2: "two", 3: "three", 4: "four"}.get(len(said), "several")
    meanings = f": {'; '.join(said[:-1])}; or {said[-1]}" if len(said) <= MOST_SPELLED_OUT else ""
    message = f"'{text}' can be read in {count} ways{meanings}. Write {', '.join(ways[:-1])} or {ways[-1]}."
    return AmbiguousChange(message, offered)


def _obstacle(change: Change, baseline: Baseline) -> str:
    """Why a change can't be on a baseline; empty where it can."""
    try:
        change.goal(baseline)
    except ChangeError as impossible:
        return str(impossible)
    return ""


def _meaning(change: Change, baseline: Baseline) -> str:
    """One reading in words, with what it makes of the baseline where that can be."""
    size, falls = abs(change.amount), change.amount < 0
    match change.kind:
        case ChangeKind.POINTS:
            words = points(size, 6) + (" down" if falls else "")
        case ChangeKind.RELATIVE:
            words = f"relative: {number(size * 100, 6)}% {'less' if falls else 'more'} than today's figure"
        case ChangeKind.COUNT:
            words = f"{number(size, 6)} {'fewer' if falls else 'more'} {baseline.counted}"
        case ChangeKind.LEVEL:
            words = "the level itself"
        case ChangeKind.MULTIPLE:
            words = f"{number(size, 6)} times today's figure"
    if _obstacle(change, baseline):
        return words
    goal = change.goal(baseline)
    start, end = percent_pair(baseline.value, goal) if baseline.is_fraction else (baseline.text, number(goal))
    return f"{words}, so that {start} becomes {end}"
