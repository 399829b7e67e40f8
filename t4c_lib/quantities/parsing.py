"""Reads a change as a person types it, and asks back where what was typed has more than one reading.

A number is taken out of the text first; what stands around it then says direction, unit and kind. Every way of writing
that a message advises is read again before it is advised, so that it can be typed as it stands there.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from string import Template
from typing import Final

from pydantic import BaseModel

from t4c_lib.quantities.baseline import Baseline, number
from t4c_lib.quantities.change import AmbiguousChange, Change, ChangeError, ChangeKind, change_words
from t4c_lib.validation_messages import read_shipped

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


@dataclass(frozen=True)
class _Typed:
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
    meanings = [_meaning(change, baseline or EXAMPLE_BASELINE) for change in offered.values()]
    shown = {"text": text, "meanings": meanings, "ways": [f"'{way}'" for way in offered]}
    return AmbiguousChange(change_words("change_question", **shown, most_spelled_out=MOST_SPELLED_OUT), offered)


def _obstacle(change: Change, baseline: Baseline) -> str:
    """Why a change can't be on a baseline; empty where it can."""
    try:
        change.goal(baseline)
    except ChangeError as impossible:
        return str(impossible)
    return ""


def _meaning(change: Change, baseline: Baseline) -> str:
    """One reading in words, with what it makes of the baseline where that can be."""
    goal = None if _obstacle(change, baseline) else change.goal(baseline)
    return change_words("change_meaning", change=change, baseline=baseline, goal=goal)
