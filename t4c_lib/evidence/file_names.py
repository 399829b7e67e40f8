"""Which months a file's name speaks of. Never what the file is, which only its content says."""

from __future__ import annotations

import re
from collections.abc import Iterable

from t4c_lib.errors import Problem
from t4c_lib.periods import Month

_MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_SPOKEN = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    "|nov(?:ember)?|dec(?:ember)?"
)
_IN_NAME = re.compile(
    r"(?<!\d)(?P<y1>20\d\d)[-_. ]?(?P<m1>0[1-9]|1[0-2])(?![-_.]?\d)"
    rf"|(?<![A-Za-z0-9])(?<!\d[-_. ])(?P<n>{_SPOKEN})[-_. ]*(?P<y2>20\d\d|\d\d)(?!\d)",
    re.IGNORECASE,
)


def months_in_name(name: str) -> tuple[Month, ...]:
    """The months that a file name speaks of: "2024-04", "202404", "April 2024", "Apr-24". A full date is no month."""
    months: list[Month] = []
    for match in _IN_NAME.finditer(name):
        if match["y1"]:
            months.append(Month(int(match["y1"]), int(match["m1"])))
        else:
            year = int(match["y2"])
            months.append(Month(year if year > 99 else 2000 + year, _MONTH_NAMES.index(match["n"][:3].casefold()) + 1))
    return tuple(dict.fromkeys(months))


def name_problems(name: str, periods: Iterable[str], *, may_hold_others: bool) -> list[Problem]:
    """A problem if the file's name speaks of a month that is not in it (or, unless allowed, not of one that is).

    Args:
        name: of the file.
        periods: months as text, of its rows; empty ones are passed over.
        may_hold_others: whether the name may leave some out.
    """
    months = sorted({Month.parse(text) for text in set(periods) if text})
    named = months_in_name(name)
    if not named or not months:
        return []
    absent = [month for month in named if month not in months]
    extra = [] if may_hold_others else [month for month in months if month not in named]
    if not absent and not extra:
        return []
    says = " and ".join(month.label for month in named)
    holds = months[0].label if len(months) == 1 else f"{min(months).label} to {max(months).label}"
    message = f"the file's name says {says}, but its rows are of {holds}."
    return [Problem("", message, "Give the file its right name, or get the right file.")]
