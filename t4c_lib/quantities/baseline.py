"""Baselines: where a measure stood when partners agreed; and how numbers are written for people."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, Self, TypedDict, Unpack

from t4c_lib.errors import T4CError

RELATIVE_TOLERANCE = 1e-6


class BaselineError(T4CError):
    """A baseline that contradicts itself, such as 40 of 30."""


class Unit(StrEnum):
    """What a value is: a share (people of people, 0 to 1), a rate (events per exposure, 0 or more) or a count."""

    SHARE = "share"
    RATE = "rate"
    COUNT = "count"


class BaselineTexts(TypedDict, total=False):
    """What a baseline has beside its figures, as `Baseline` explains it."""

    period: str
    source: str
    unit: Unit
    counted: str
    base: str


@dataclass(frozen=True)
class Baseline:
    """A measured figure with what it rests on.

    Raises BaselineError: a negative figure, a share above 1, a numerator without denominator, or a value that is not
    numerator divided by denominator to six digits.
    """

    value: float  #: a fraction for shares and rates (0.057 is 5.7%), a plain number for counts
    numerator: float | None = None  #: how many were counted, where that is known
    denominator: float | None = None  #: out of how many (people, or days), where that is known
    period: str = ""  #: when, as t4c_lib.periods writes it ("2026-03"); empty when not said
    source: str = ""  #: where the figure comes from, for people to read
    unit: Unit = Unit.SHARE  #: share, rate or count
    counted: str = "people"  #: the name, in the plural, of what the numerator (or a count's value) counts
    base: str = "workforce"  #: the name, in the singular, of what the denominator is ("workforce")

    def __post_init__(self) -> None:
        object.__setattr__(self, "unit", Unit(self.unit))
        figures = [figure for figure in (self.value, self.numerator, self.denominator) if figure is not None]
        if not all(math.isfinite(figure) and figure >= 0 for figure in figures):
            raise BaselineError(f"A baseline is made of numbers of 0 or more, not {figures}.")
        if self.unit is Unit.SHARE and self.value > 1:
            likely = f"Did you mean {self.value / 100:g} ({self.value:g}%)?"
            raise BaselineError(f"A share lies between 0 and 1, not at {self.value:g}. {likely}")
        if self.unit is not Unit.COUNT and (self.numerator is None) != (self.denominator is None):
            raise BaselineError("Numerator and denominator belong together: give both, or neither.")
        if self.numerator is not None and self.denominator is not None:
            value = _divided(self.numerator, self.denominator)
            if not math.isclose(self.value, value, rel_tol=RELATIVE_TOLERANCE, abs_tol=1e-12):
                parts = f"{number(self.numerator)} of {number(self.denominator)}"
                raise BaselineError(f"{parts} is {value:.6f}, not {self.value:g}.")

    @classmethod
    def of(cls, numerator: float, denominator: float, **others: Unpack[BaselineTexts]) -> Self:
        """The baseline of so many out of so many, with other fields. Raises BaselineError for a denominator of 0."""
        return cls(_divided(numerator, denominator), numerator, denominator, **others)

    @classmethod
    def count(cls, value: float, counted: str = "people", *, period: str = "", source: str = "") -> Self:
        """The baseline of a plain count: `Baseline.count(28, "placements a year")`."""
        return cls(value, period=period, source=source, unit=Unit.COUNT, counted=counted)

    @property
    def is_fraction(self) -> bool:
        """Whether people read the value as a percentage."""
        return self.unit is not Unit.COUNT

    @property
    def text(self) -> str:
        """The value as people read it: "5.7%" or "28"."""
        return self.text_of(self.value)

    def text_of(self, value: float) -> str:
        """Another value of the same measure, likewise."""
        return percent(value) if self.is_fraction else number(value)

    def goal_text(self, value: float) -> str:
        """A value to reach, with the digits that were typed."""
        return percent(value, typed_decimals(value)) if self.is_fraction else number(value)


def _divided(numerator: float, denominator: float) -> float:
    if denominator == 0:
        raise BaselineError("Nothing can be measured against a denominator of 0.")
    return numerator / denominator


class Part(NamedTuple):
    """So many of so many: `done` of `all`, which is 0 where there is nothing to do."""

    done: int
    all: int

    @classmethod
    def of(cls, flags: Iterable[bool]) -> "Part":
        """Counted from what is done (true) and what is not."""
        listed = list(flags)
        return cls(sum(listed), len(listed))

    def __str__(self) -> str:
        return f"{self.done} of {self.all}"


# How numbers are written for people. Fractions become percentages here and nowhere else.


def number(value: float, decimals: int = 1) -> str:
    """A plain number with thousands separators and no trailing zeros: 3,050 or 12.5."""
    text = f"{value:,.{decimals}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def percent(share: float, decimals: int = 1) -> str:
    """A fraction as a percentage with a fixed number of decimals: 0.057 is "5.7%"."""
    text = f"{share * 100:.{decimals}f}"
    return f"{text if text.strip('-0.') else text.lstrip('-')}%"  # what is rounded to nothing has no sign


def typed_decimals(share: float) -> int:
    """With how many decimals, one to three, a percentage was typed; one where it can't have been typed so."""
    return next((some for some in (1, 2, 3) if abs(round(share * 100, some) - share * 100) < 1e-9), 1)


def percent_pair(one: float, other: float) -> tuple[str, str]:
    """Two fractions with as few decimals (one at least, three at most) as still tell them apart."""
    for decimals in (1, 2, 3):
        texts = percent(one, decimals), percent(other, decimals)
        if texts[0] != texts[1] or one == other:
            return texts
    return texts


def points(difference: float, decimals: int = 2) -> str:
    """A difference of two fractions in words, its sign left out: 0.02 is "2 percentage points"."""
    text = number(abs(difference) * 100, decimals)
    return f"{text} percentage point{'' if text == '1' else 's'}"


_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def count_words(amount: int) -> str:
    """A number as a sentence has it: "no", "one" to "ten", then in figures."""
    return _NUMBERS[amount] if amount < len(_NUMBERS) else str(amount)


def count_of(amount: float, things: str) -> str:
    """A number with what is counted, one in the singular; `things` is a plural by its first word: "places a year"."""
    text = number(amount)
    head, _, tail = things.partition(" ")
    if text == "1":
        head = {"people": "person", "entries": "entry"}.get(head, head.removesuffix("s"))
    return " ".join(part for part in (text, head, tail) if part)
