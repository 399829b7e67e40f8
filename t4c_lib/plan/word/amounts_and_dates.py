"""Numbers and dates in a row's text: what may have been written into the blank (X), and by when.

Only ever a suggestion. "Rises by 2%" has two readings, and both are offered; a text that still has its blank gets no
suggestion. Nothing here becomes a target before a person has chosen. Dates are read to months where they can be, and
the text is kept in any case.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from string import Template
from typing import Annotated, Final, NamedTuple

from pydantic import BaseModel, BeforeValidator

from t4c_lib.framework import Action, Better, Measure
from t4c_lib.periods import FinancialYear, Month, PeriodError, Quarter
from t4c_lib.quantities import Change, ChangeKind, Unit, number
from t4c_lib.validation_messages import read_shipped

FRACTIONS: Final = (Unit.SHARE, Unit.RATE)
_BEFORE, _AFTER = 40, 25  # characters that belong to a number
_MOST_DIGITS: Final = 15
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

# The ways to write one thing, one by one; the first that fits at a place counts.
_Ways = Annotated[re.Pattern[str], BeforeValidator(lambda ways: re.compile("|".join(ways), re.IGNORECASE))]


class _Wordings(BaseModel, frozen=True, extra="forbid"):
    ways: dict[str, _Ways]
    factors: dict[str, float]
    parts: dict[str, str]
    dates: tuple[str, ...]
    span: str

    def written(self, way: str) -> re.Pattern[str]:
        """A way to write dates, with what it has in common with others in the place of $name and $year."""
        return re.compile(Template(way).substitute(self.parts), re.IGNORECASE)


_shipped = read_shipped(_Wordings, __package__, "amounts_and_dates.yaml")
_WAYS: Final = _shipped.ways
_DATE: Final = _shipped.written("|".join(_shipped.dates))
_SPAN: Final = _shipped.written(_shipped.span)


class Suggestion(NamedTuple):
    """What a number in the text may mean for one measure, or one action with a blank."""

    key: str  #: of the measure or action
    found: str  #: the words it was read from
    readings: tuple[Change, ...]  #: the changes it can mean, likeliest first
    words: tuple[str, ...]  #: the same in words, one by one: "2 percentage points up", "2% more than the baseline"

    @property
    def is_ambiguous(self) -> bool:
        return len(self.readings) > 1

    @property
    def text(self) -> str:
        """What it may mean, in words."""
        return ", or ".join(self.words)

    @property
    def offer(self) -> str:
        """The same to choose from: where there are several readings, each with a letter."""
        lettered = [f"{letter}) {words}" for letter, words in zip("abcdef", self.words, strict=False)]
        return ", or ".join(lettered) if self.is_ambiguous else self.text


def suggestions_for(text: str, rows: Sequence[Measure | Action]) -> tuple[Suggestion, ...]:
    """What the numbers in a row's text may mean for the measures (or the action) it was matched to.

    With as many numbers as measures, each goes with its own; otherwise the first number goes with the first measure.
    """
    fit = [row for row in rows if _kinds(row)]
    if not fit or _WAYS["blank"].search(text):
        return ()
    if (multiple := _WAYS["multiple"].search(text)) is not None:
        word = multiple["word"].casefold()
        factor = next(value for start, value in _shipped.factors.items() if word.startswith(start))
        row = next((row for row in fit if ChangeKind.MULTIPLE in _kinds(row)), None)
        return () if row is None else (_suggestion(row, multiple[0], (Change(ChangeKind.MULTIPLE, factor),)),)
    masked = _WAYS["no amounts"].sub(lambda match: "#" * len(match[0]), text)
    found = []
    for row, match in zip(fit, _WAYS["amount"].finditer(masked), strict=False):
        before, after = masked[max(0, match.start() - _BEFORE) : match.start()], masked[match.end() :][:_AFTER]
        if readings := tuple(dict.fromkeys(_readings(row, match, before, after))):
            words = " ".join([*text[: match.start()].split()[-3:], match[0].strip(), *text[match.end() :].split()[:3]])
            found.append(_suggestion(row, words, readings, is_share=bool(match["unit"])))
    return tuple(found)


def _suggestion(row: Measure | Action, text: str, changes: tuple[Change, ...], *, is_share: bool = False) -> Suggestion:
    def words(reading: Change) -> str:
        amount = f"{number(reading.amount * 100, 4)}%" if is_share else number(reading.amount)
        if isinstance(row, Action):  # the number in its blank, which is no change of anything
            return amount
        return f"to {amount}" if reading.kind is ChangeKind.LEVEL else reading.text

    return Suggestion(row.key, text, changes, tuple(words(reading) for reading in changes))


def _kinds(row: Measure | Action) -> tuple[ChangeKind, ...]:
    return row.readings if isinstance(row, Action) else row.changes


def _readings(row: Measure | Action, match: re.Match[str], before: str, after: str) -> Iterable[Change]:
    unit = (match["unit"] or "").casefold()
    sign = -1.0 if _falls(row, before, after) else 1.0
    is_share = isinstance(row, Measure) and row.baseline_unit in FRACTIONS
    for kind in _meant(row, unit, before, after):
        if kind is ChangeKind.LEVEL and bool(unit) != is_share:
            continue  # "to 85%" is no number of people, and "to 40" no share of them
        for amount in _amounts(match["amount"]) if kind in _kinds(row) else ():
            if amount <= 100 or not unit or kind is ChangeKind.RELATIVE:
                size = amount / 100 if unit else amount
                yield Change(kind, size if kind is ChangeKind.LEVEL else sign * size)


def _amounts(digits: str) -> list[float]:
    """What a number can be: "1,500" is one, and "1,5" either 1.5 or 15."""
    joined = digits.replace(",", "")
    if len(joined) > _MOST_DIGITS:  # no amount of anything
        return []
    if re.fullmatch(r"\d+|\d{1,3}(?:,\d{3})+", digits.partition(".")[0]):
        return [float(joined)]
    head, _, tail = digits.rpartition(",")
    return [] if "." in digits or "," in head else [float(f"{head}.{tail}"), float(joined)]


def _meant(row: Measure | Action, unit: str, before: str, after: str) -> tuple[ChangeKind, ...]:
    """The kinds of change that the words around a number speak for, likeliest first."""
    more = bool(_WAYS["more after"].match(after) or _WAYS["more before"].search(before))
    by = bool(_WAYS["by"].search(before) and (_WAYS["up"].search(before) or _WAYS["down"].search(before)))
    to = bool(_WAYS["to"].search(before)) and not (_WAYS["by"].search(before) or more)
    is_fraction = isinstance(row, Measure) and row.baseline_unit in FRACTIONS
    level = to or row.readings[:1] == (ChangeKind.LEVEL,)
    # In order: the first that is true of the number. "25 in place" is so many in all, or so many more.
    meant: tuple[tuple[bool, tuple[ChangeKind, ...]], ...] = (
        (not unit and (more or by), (ChangeKind.COUNT,)),
        (not unit and is_fraction, ()),
        (not unit and level, (ChangeKind.LEVEL,)),
        (not unit and isinstance(row, Action), (ChangeKind.COUNT,)),
        (not unit, (ChangeKind.LEVEL, ChangeKind.COUNT)),
        ("point" in unit, (ChangeKind.POINTS,)),
        (more, (ChangeKind.RELATIVE,)),
        (by or before.rstrip().endswith("+"), (ChangeKind.POINTS, ChangeKind.RELATIVE)),
        (to or re.match(r"\s*of\b", after) is not None, (ChangeKind.LEVEL,)),
        (True, tuple(dict.fromkeys((*row.readings, ChangeKind.LEVEL)))),
    )
    return next(kinds for is_so, kinds in meant if is_so)


def _falls(row: Measure | Action, before: str, after: str) -> bool:
    if _WAYS["down"].search(before) or re.match(r"\s*(?:fewer|less)\b", after, re.IGNORECASE):
        return True
    return isinstance(row, Measure) and row.better is Better.LOWER and not _WAYS["up"].search(before + after)


class Timing(NamedTuple):
    """What the timeline column says of a row."""

    text: str  #: as written, line by line
    #: every month named, in the order of the text; the last one of a quarter or financial year.
    months: tuple[Month, ...] = ()
    starting: bool = False  #: the text speaks of a start, not of an end

    @property
    def month(self) -> Month | None:
        """The month, if exactly one is named."""
        return self.months[0] if len(set(self.months)) == 1 else None


def read_timing(text: str) -> Timing | None:
    """Read the dates in a text; None for an empty one. What can't be read stays text, and nothing is refused."""
    return Timing(text, tuple(_months(text)), bool(_WAYS["starting"].search(text))) if text.strip() else None


def _months(text: str) -> Iterator[Month]:
    whole = _SPAN.sub(lambda span: span[0].replace(span["first"], f"{span['first']} {span['year'].strip()}", 1), text)
    for match in _DATE.finditer(whole):
        try:
            yield _month(match)
        except PeriodError:  # "13/2026": no month, so it stays text
            continue


def _month(match: re.Match[str]) -> Month:
    numbers = [int(digits) for digits in re.findall(r"\d+", match[0])]
    if match["q"]:
        return Quarter(int(match["quarter_of"]), int(match["quarter"])).months[-1]
    if match["iso"]:
        return Month.parse(match[0])
    if match["year"]:
        return FinancialYear.parse(f"{numbers[0]}/{numbers[1]:02d}").months[-1]
    month = numbers[-2] if match["name"] is None else _MONTHS.index(match["name"][:3].casefold()) + 1
    return Month(numbers[-1] % 100 + 2000, month)
