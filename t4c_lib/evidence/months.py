"""Columns of months: as their last days, by name (2017-SEP), as figures (202308), and spans of them."""

from __future__ import annotations

import calendar
import re

import numpy as np
from numpy.typing import NDArray

from t4c_lib.evidence.columns import ColumnChecks
from t4c_lib.evidence.dates import Days
from t4c_lib.periods import Month

_SHAPE = re.compile(r"(?P<y>\d{4})-?(?P<m>\d{2})|(?P<y2>\d{4})-(?P<n>[A-Za-z]{3})|(?P<n3>[A-Za-z]{3})-(?P<y3>\d{4})")
_DAY = re.compile(r"(?P<y>\d{4})-(?P<m>\d{2})-\d{2}|\d{2}/(?P<m2>\d{2})/(?P<y2>\d{4})")
_SPAN = re.compile(r"(.+?) to (.+)")
_NAMES = {name.casefold(): number for number, name in enumerate(calendar.month_abbr) if name}
_WANTED = "a month such as 2017-SEP, 201709 or 2017-09"


def check_month_ends(checks: ColumnChecks, column: str, days: Days) -> None:
    """Every day of the column must be the last of its month."""
    found = checks.table.column(column)
    if found is None:
        return
    is_end = np.isnat(days) | ((days + np.timedelta64(1, "D")).astype("datetime64[M]") != days.astype("datetime64[M]"))
    wrong = np.ones(len(found.distinct), dtype=bool)
    wrong[found.codes] = ~is_end
    checks.wrong_values(found, wrong, "is not the last day of a month.", lambda _: "Give the month's last day.")


def months_of(days: Days) -> list[Month | None]:
    """The month of each day; None for NaT."""
    distinct, which = np.unique(days, return_inverse=True)
    months = [None if np.isnat(day) else Month.of(day.item()) for day in distinct]
    return [months[at] for at in which]


def month_texts(days: Days) -> NDArray[np.object_]:
    """The month of each day as 2026-03; there must be no NaT."""
    distinct, which = np.unique(days, return_inverse=True)
    return np.array([str(Month.of(day.item())) for day in distinct], dtype=object)[which]


def month_numbers(days: Days) -> NDArray[np.int64]:
    """Each day's month, counted from January 1970. There must be no NaT."""
    return np.asarray(days.astype("datetime64[M]").astype(np.int64))


def month_from_number(number: int) -> Month:
    """The month with that number, counted from January 1970."""
    return Month(1970, 1) + int(number)


def read_months(checks: ColumnChecks, name: str) -> NDArray[np.object_]:
    """The column's months as 2017-09, for each row; empty where blank or wrong."""
    column = checks.table.column(name)
    if column is None:
        return np.full(checks.table.rows, "", dtype=object)
    months = [_month(value) for value in column.values]
    wrong = np.array(
        [not month and value != "" for month, value in zip(months, column.values, strict=True)], dtype=bool
    )
    checks.wrong_values(column, wrong, f"is not {_WANTED}.", lambda _: "")
    return np.array([*months, ""], dtype=object)[column.codes]


def read_periods(checks: ColumnChecks, name: str, lengths: set[int]) -> tuple[NDArray[np.object_], NDArray[np.int64]]:
    """The last month of each row's period, and how many months it has; empty and 0 where blank or wrong.

    Args:
        checks: the table and its problems.
        name: the column: spans such as "202410 to 202510", from the end of the first month to the end of the last; or,
            where one month is allowed, months and days.
        lengths: in months, that are allowed.
    """
    column = checks.table.column(name)
    if column is None:
        return np.full(checks.table.rows, "", dtype=object), np.zeros(checks.table.rows, dtype=np.int64)
    found = [_span(value) for value in column.values]
    wanted = [f"a span of {length} months such as 202410 to 202510" for length in sorted(lengths) if length > 1]
    if 1 in lengths:
        wanted.append(_WANTED)
    wrong = [length not in lengths and value != "" for (_, length), value in zip(found, column.values, strict=True)]
    checks.wrong_values(column, np.array(wrong, dtype=bool), f"is not {' or '.join(wanted)}.", lambda _: "")
    ends = np.array([*(end for end, _ in found), ""], dtype=object)
    return ends[column.codes], np.array([*(length for _, length in found), 0], dtype=np.int64)[column.codes]


def _month(text: str) -> str:
    match = _SHAPE.fullmatch(text)
    if match is None:
        return ""
    year = int(match["y"] or match["y2"] or match["y3"])
    name = match["n"] or match["n3"]
    number = int(match["m"]) if match["m"] else _NAMES.get(name.casefold(), 0)
    return str(Month(year, number)) if 1 <= number <= 12 and 1900 <= year <= 2100 else ""


def _span(text: str) -> tuple[str, int]:
    """The last month and the length of a period; "" and 0 for what is none."""
    if match := _SPAN.fullmatch(text):
        first, last = (_month(part) for part in match.groups())
        return (last, Month.parse(first).months_until(Month.parse(last))) if first and last else ("", 0)
    day = _DAY.fullmatch(text)
    month = _month(f"{day['y'] or day['y2']}-{day['m'] or day['m2']}") if day else _month(text)
    return (month, 1) if month else ("", 0)
