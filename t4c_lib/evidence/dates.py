"""Dates as publications and spreadsheets write them: 2026-03-31, 31/03/2026 or 31-MAR-2026, one way in each column.

Day and month are only told apart where some date in the file proves the order (31/03 can't be the third of a 31st
month). A file in which no date does is refused where it matters, rather than guessed at.

Months are columns of their own: as their last days, by name (2017-SEP), as figures (202308), and spans of them.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from t4c_lib.evidence.column_checks import ColumnChecks
from t4c_lib.evidence.csv_table import TableColumn
from t4c_lib.periods import Month

Days = NDArray[np.datetime64]

_MIDNIGHT = re.compile(r"[ T]00:00(:00(\.0+)?)?$")
_SHAPES: dict[str, re.Pattern[str]] = {
    "year-month-day": re.compile(r"(?P<y>\d{4})-(?P<m>\d{2})-(?P<d>\d{2})"),
    "day/month/year": re.compile(r"(?P<d>\d{1,2})/(?P<m>\d{1,2})/(?P<y>\d{4})"),
    "day-month name-year": re.compile(r"(?P<d>\d{1,2})[- ](?P<n>[A-Za-z]{3})[a-z]*[- ](?P<y>\d{4})"),
    "yearmonthday": re.compile(r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})(\.0)?"),  # .0: a column of numbers
}
_SLASHES = "day/month/year"
_WANTED = "a date such as 2026-03-31 or 31/03/2026"
_MONTHS = {name.casefold(): number for number, name in enumerate(calendar.month_abbr) if name}
_EARLIEST, _LATEST = 1900, 2100


@dataclass(frozen=True)
class _Reading:
    """A column's distinct values: the shape of each ("" for none), its day, and whether its order proves itself."""

    column: TableColumn
    shapes: tuple[str, ...]
    days: tuple[dt.date | None, ...]
    proves_day_first: bool
    may_be_month_first: bool


def read_dates(checks: ColumnChecks, names: Sequence[str], *, compact: bool = False) -> dict[str, Days]:
    """Columns of dates as arrays of days, NaT where blank; what is wrong goes to the checks.

    Args:
        checks: the table and its problems.
        names: the date columns of the file, read together because one may prove the order of day and month for all.
        compact: True for files that write dates as 20260331.
    """
    columns = [(name, checks.table.column(name)) for name in names]
    readings = {name: _read(column, compact=compact) for name, column in columns if column is not None}
    proven = any(reading.proves_day_first for reading in readings.values())
    result: dict[str, Days] = {}
    for name in names:
        reading = readings.get(name)
        if reading is None:
            result[name] = np.full(checks.table.rows, np.datetime64("NaT", "D"))
        else:
            _tell_problems(checks, reading, order_is_proven=proven)
            days = np.array(reading.days, dtype="datetime64[D]")
            result[name] = days[reading.column.codes]
    return result


def _read(column: TableColumn, *, compact: bool) -> _Reading:
    shapes: list[str] = []
    days: list[dt.date | None] = []
    proves = doubtful = False
    for value in column.values:
        shape, day, first_two = _parse(_MIDNIGHT.sub("", value), compact=compact)
        shapes.append(shape)
        days.append(day)
        if first_two is not None:
            proves = proves or (first_two[0] > 12 and first_two[1] <= 12)
            doubtful = doubtful or (first_two[0] <= 12 and first_two[1] <= 12 and first_two[0] != first_two[1])
    return _Reading(column, tuple(shapes), tuple(days), proves, doubtful)


def _parse(text: str, *, compact: bool) -> tuple[str, dt.date | None, tuple[int, int] | None]:
    """Shape, day and, where day and month may be confused, the first two numbers as written."""
    for shape, pattern in _SHAPES.items():
        match = pattern.fullmatch(text)
        if match is None or (shape == "yearmonthday" and not compact):
            continue
        parts = match.groupdict()
        month = int(parts["m"]) if "m" in parts else _MONTHS.get(parts["n"].casefold(), 0)
        year, number = int(parts["y"]), int(parts["d"])
        first_two = (number, month) if shape == _SLASHES else None
        if not (_EARLIEST <= year <= _LATEST and 1 <= month <= 12):
            return shape, None, first_two
        exists = 1 <= number <= calendar.monthrange(year, month)[1]
        return shape, dt.date(year, month, number) if exists else None, first_two
    return "", None, None


def _tell_problems(checks: ColumnChecks, reading: _Reading, *, order_is_proven: bool) -> None:
    column, values = reading.column, reading.column.values
    held = np.bincount(column.codes, minlength=len(values))
    usual = Counter[str]()
    for shape, count in zip(reading.shapes, held, strict=True):
        if shape and count:
            usual[shape] += int(count)
    main = usual.most_common(1)[0][0] if usual else ""
    filled = [value != "" for value in values]

    def tell(wrong: list[bool], message: str, hint: str = "") -> None:
        checks.wrong_values(column, np.array(wrong, dtype=bool), message, lambda value: hint or _hint(value))

    shapes = reading.shapes
    tell([f and not s for f, s in zip(filled, shapes, strict=True)], f"is not {_WANTED}.")
    tell(
        [bool(s) and d is None for s, d in zip(shapes, reading.days, strict=True)],
        f"is not a date between {_EARLIEST} and {_LATEST}, read as {main}.",
    )
    tell(
        [bool(s) and s != main for s in shapes],
        f"is in a different format from the other dates in this column, which are {main}.",
        "Use one date format for the whole column.",
    )
    if main == _SLASHES and reading.may_be_month_first and not order_is_proven:
        rows = np.flatnonzero(~column.blank)
        checks.add(
            rows,
            column.name,
            f"'{column.text_at(int(rows[0]))}' could be day/month or month/day: no date in the file shows which.",
            "Write dates as 2026-03-31.",
        )


def _hint(value: str) -> str:
    if re.fullmatch(r"[1-9]\d{4}(\.0+)?", value):
        day = dt.date(1899, 12, 30) + dt.timedelta(days=int(float(value)))
        return f"It looks like Excel's number for {day.isoformat()}: format the column as a date before saving."
    if re.fullmatch(r"\d{1,2}[/-](\d{1,2}|[A-Za-z]{3})[/-]\d{2}", value):
        return "Write the year with four digits."
    if "4712" in value:
        return "ESR uses this date where there is no end date: leave the cell empty."
    slashes = _SHAPES[_SLASHES].fullmatch(value)
    if slashes and int(slashes["m"]) > 12 >= int(slashes["d"]):
        return "The month seems to come first, as in American dates; put the day first or write 2026-03-31."
    if value.casefold() in {"-", "n/a", "na", "null", "none"}:
        return "Leave the cell empty where there is no date."
    return ""


_SHAPE = re.compile(r"(?P<y>\d{4})-?(?P<m>\d{2})|(?P<y2>\d{4})-(?P<n>[A-Za-z]{3})|(?P<n3>[A-Za-z]{3})-(?P<y3>\d{4})")
_DAY = re.compile(r"(?P<y>\d{4})-(?P<m>\d{2})-\d{2}|\d{2}/(?P<m2>\d{2})/(?P<y2>\d{4})")
_SPAN = re.compile(r"(.+?) to (.+)")
_WANTED_MONTH = "a month such as 2017-SEP, 201709 or 2017-09"


def check_month_ends(checks: ColumnChecks, column: str, days: Days) -> None:
    """Every day of the column must be the last of its month."""
    found = checks.table.column(column)
    if found is None:
        return
    is_end = np.isnat(days) | ((days + np.timedelta64(1, "D")).astype("datetime64[M]") != days.astype("datetime64[M]"))
    wrong = np.ones(len(found.distinct), dtype=bool)
    wrong[found.codes] = ~is_end
    checks.wrong_values(found, wrong, "is not the last day of a month.", lambda _: "Give the month's last day.")


def read_month_ends(checks: ColumnChecks, name: str) -> NDArray[np.object_]:
    """The column's days as months, 2026-03 for 2026-03-31, for each row; empty where blank or wrong."""
    days = read_dates(checks, [name])[name]
    check_month_ends(checks, name, days)
    distinct, which = np.unique(days, return_inverse=True)
    return np.array(["" if np.isnat(day) else str(Month.of(day.item())) for day in distinct], dtype=object)[which]


def month_numbers(days: Days) -> NDArray[np.int64]:
    """Each day's month, counted from January 1970. There must be no NaT."""
    return np.asarray(days.astype("datetime64[M]").astype(np.int64))


def month_from_number(number: int) -> Month:
    """The month with that number, counted from January 1970."""
    return Month(1970, 1) + int(number)


def read_periods(checks: ColumnChecks, name: str, lengths: Set[int]) -> tuple[NDArray[np.object_], NDArray[np.int64]]:
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
    wanted = [f"a {length}-month period such as 202410 to 202510" for length in sorted(lengths) if length > 1]
    if 1 in lengths:
        wanted.append(_WANTED_MONTH)
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
    number = int(match["m"]) if match["m"] else _MONTHS.get(name.casefold(), 0)
    return str(Month(year, number)) if 1 <= number <= 12 and 1900 <= year <= 2100 else ""


def _span(text: str) -> tuple[str, int]:
    """The last month and the length of a period; "" and 0 for what is none."""
    if match := _SPAN.fullmatch(text):
        first, last = (_month(part) for part in match.groups())
        return (last, Month.parse(first).months_until(Month.parse(last))) if first and last else ("", 0)
    day = _DAY.fullmatch(text)
    month = _month(f"{day['y'] or day['y2']}-{day['m'] or day['m2']}") if day else _month(text)
    return (month, 1) if month else ("", 0)
