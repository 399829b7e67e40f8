"""What both two-stock models share: columns of a path, answers to backward questions, checks of settings."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from t4c_lib.errors import T4CError

PATH_COLUMNS = ("month", "young", "older", "share", "joiners", "leavers", "aged_out")

# A solution of exactly 5 people that floating point writes as 5.000000000001 is 5 people, not 6.
WHOLE_TOLERANCE = 1e-9


class SettingError(T4CError):
    """Stocks, chances or flows that can't be; every one that is wrong is named."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(self.problems))


@dataclass(frozen=True)
class Answer:
    """What it takes to reach a target.

    Attributes:
        value: what the lever has to be, not rounded; 0 when the target is met without it, None when it can't be met.
        heads: whole people a month that this means, rounded up; 0 or None as above.
        reachable: whether any value of the lever reaches the target by then.
        sentence: the same in plain words.
    """

    value: float | None
    heads: int | None
    reachable: bool
    sentence: str


def whole_people(value: float) -> int:
    """The least whole number of people that is enough."""
    return math.ceil(value - WHOLE_TOLERANCE * max(1.0, abs(value)))


def check_stocks(**stocks: float) -> list[str]:
    """A sentence for every stock or flow that is not a finite number of 0 or more."""
    return [
        f"{name.replace('_', ' ')} is a number of people, 0 or more, not {value}"
        for name, value in stocks.items()
        if not (math.isfinite(value) and value >= 0)
    ]


def check_chances(**chances: float) -> list[str]:
    """A sentence for every chance or share that does not lie from 0 to 1."""
    return [
        f"{name.replace('_', ' ')} is a fraction from 0 to 1, not {value}"
        for name, value in chances.items()
        if not 0 <= value <= 1
    ]


def check_question(share: float, months: int) -> None:
    """Raises SettingError unless the share is a fraction and the months a whole number of 0 or more."""
    problems = check_chances(share=share)
    if months < 0 or int(months) != months:
        problems.append(f"months is a whole number, 0 or more, not {months}")
    if problems:
        raise SettingError(problems)


def in_months(months: int) -> str:
    """The way people say it: in 36 months, in 1 month, today."""
    if months == 0:
        return "today"
    return f"in {months} month{'' if months == 1 else 's'}"
