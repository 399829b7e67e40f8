"""What a surface says: one figure or word, of which measure, population and date; and when two of them differ.

Two figures differ when no number can be rounded to both as they are shown: 5.8% and 5.76% agree, 11.9% and 10.5% don't.
Words and chances differ when their texts do.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

_MONTH = "January|February|March|April|May|June|July|August|September|October|November|December"
MONTHS = _MONTH.split("|")
_SHORT = re.compile(rf"\b({'|'.join(month[:3] for month in MONTHS)}) (?=\d{{4}})")
_FULL = {month[:3]: month for month in MONTHS}
NUMBER = re.compile(r"(?<![\w.])([-+]?)(\d[\d,]*(?:\.\d+)?)(%?)")
WHEN = rf"(?:(?:\d{{1,2}} )?(?:{_MONTH}) \d{{4}}|\d{{4}}-\d{{2}}(?:-\d{{2}})?|\d{{4}}/\d{{2}})"


PERIOD = rf"(?:(?:the )?(?:\d+ of (?:the )?)?\d+ months to )?{WHEN}"


class Row(NamedTuple):
    """What is measured: the key of a measure or an action, of whom, and of which group."""

    measure: str
    population: str = ""
    group: str = ""


class Key(NamedTuple):
    """What a statement is about; two statements with the same key must agree.

    Attributes:
        organisation: its code.
        measure: key of a measure or action, or "the plan" for what is said of all of it.
        population: of whom.
        group: of which group; empty for everybody.
        when: a month as 2026-03, a day, a financial year; empty for what has no date.
        kind: of thing: "figure", "target", "status", "chance".
    """

    organisation: str
    measure: str
    population: str
    group: str
    when: str
    kind: str


@dataclass(frozen=True)
class Statement:
    """One thing said.

    Attributes:
        key: what it is about.
        shown: the figure or word as a reader sees it.
        surface: page, report, status, whatif, evidence, check.
        place: where on it, in words.
        is_word: whether it is compared as text.
    """

    key: Key
    shown: str
    surface: str
    place: str
    is_word: bool = False


@dataclass(frozen=True)
class Difference:
    """Statements of one key that can't all be true."""

    key: Key
    statements: tuple[Statement, ...]

    def __str__(self) -> str:
        texts: dict[str, list[str]] = defaultdict(list)
        for one in self.statements:
            texts[one.shown].append(f"{one.surface}: {one.place}")
        shown = "; ".join(f"'{text}' ({', '.join(dict.fromkeys(places))})" for text, places in texts.items())
        about = " | ".join(part for part in self.key if part)
        return f"{about}: {shown}"


@lru_cache(maxsize=65_536)
def plain(text: str) -> str:
    """Text with one kind of space, minus and apostrophe, no case of its first letter, and no full stop at its end."""
    text = re.sub(r"\s+", " ", text.replace("−", "-").replace("’", "'")).strip().rstrip(".")
    return text[:1].lower() + text[1:]


def in_full(text: str) -> str:
    """Months by their whole names, as most surfaces have them."""
    return _SHORT.sub(lambda found: f"{_FULL[found[1]]} ", text)


@lru_cache(maxsize=65_536)
def period(text: str) -> str:
    """A month as 2026-03, whether it was written as a month, as its last day, or so; other periods as they are.

    Twelve months to a March are the financial year.
    """
    text = text.strip().removeprefix("the ")
    if found := re.fullmatch(rf"(.*\d+) months to ({WHEN})", text):
        year, _, month = period(found[2]).partition("-")
        if (found[1], month) == ("12", "03"):
            return f"{int(year) - 1}/{year[2:]}"
        return f"{found[1]} months to {year}-{month}"
    if found := re.fullmatch(rf"(?:(\d{{1,2}}) )?({_MONTH}) (\d{{4}})", text):
        return f"{found[3]}-{MONTHS.index(found[2]) + 1:02}"
    return text[:7] if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) else text


@lru_cache(maxsize=65_536)
def value_range(text: str) -> tuple[float, float] | None:
    """Between which numbers a figure lies that is shown like this; None where no figure is shown.

    A gap is written "12.15 percentage points above the comparison", or "above" for short, where it is below 0.
    """
    found = NUMBER.search(plain(text))
    if found is None:
        return None
    sign, digits, percent = found.groups()
    value = float(digits.replace(",", "")) * (-1 if sign == "-" else 1)
    if re.search(r"\babove\b", text):
        value = -value
    half = 0.5 * 10.0 ** -len(digits.partition(".")[2])
    scale = 0.01 if percent else 1.0
    return (value - half) * scale, (value + half) * scale


def agree(one: Statement, other: Statement) -> bool:
    """Whether both can be true at once."""
    if plain(one.shown) == plain(other.shown):
        return True
    if one.is_word or other.is_word:
        return False
    first, second = value_range(one.shown), value_range(other.shown)
    if first is None or second is None:
        return False
    # What lies just between two roundings belongs to one of them: 5 and 6 differ, though 5.5 is half a step from both.
    tiny = 1e-9 * max(1.0, *map(abs, (*first, *second)))
    return first[0] < second[1] - tiny and second[0] < first[1] - tiny


def by_key(statements: Iterable[Statement]) -> dict[Key, list[Statement]]:
    """The statements about each thing."""
    found: dict[Key, list[Statement]] = defaultdict(list)
    for one in statements:
        found[one.key].append(one)
    return found


def compared(statements: Iterable[Statement]) -> list[Statement]:
    """Those that stand beside another one of the same key."""
    return [one for together in by_key(statements).values() if len(together) > 1 for one in together]


def differences(statements: Iterable[Statement]) -> list[Difference]:
    """Every key of which two statements can't both be true, in order."""
    found = []
    for key, together in by_key(statements).items():
        texts = {plain(one.shown): one for one in together}
        different = list(texts.values())
        if any(not agree(one, other) for place, one in enumerate(different) for other in different[:place]):
            found.append(Difference(key, tuple(together)))
    return sorted(found, key=lambda one: one.key)
