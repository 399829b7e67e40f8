"""Checks of whole columns at once. Each gives the values as an array and adds what is wrong to one list of problems.

A column that a file doesn't have reads as blank from top to bottom: whether it must be there is the header's matter,
and its absence should not hide what is wrong elsewhere.

Dates are read as publications and spreadsheets write them: 2026-03-31, 31/03/2026 or 31-MAR-2026, one way in each
column. Day and month are only told apart where some date in the file proves the order (31/03 can't be the third of a
31st month). A file in which no date does is refused where it matters, rather than guessed at. Months are columns of
their own: as their last days, by name (2017-SEP), as figures (202308), and spans of them.
"""

import calendar
import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence, Set
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from t4c_lib.errors import Problem, did_you_mean
from t4c_lib.evidence.csv_table import DataTable, TableColumn
from t4c_lib.evidence.slips import said, slip_hint
from t4c_lib.periods import Month

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
MOST_VALUES_NAMED = 10  # of one column's wrong values; the others are summed up


class ColumnChecks:
    """The table under check and the problems found so far."""

    def __init__(self, table: DataTable) -> None:
        self.table = table
        self.problems: list[Problem] = list(table.header_problems)

    def filled(self, names: Iterable[str]) -> None:
        """No cell of these columns may be blank."""
        for name in names:
            if name in self.table.names and (rows := np.flatnonzero(self.table.column(name).blank)).size:
                self.add(rows, name, "is blank; a value is needed in every row.")

    def numbers(
        self,
        name: str,
        low: float,
        high: float,
        *,
        whole: bool = False,
        unit: str = "",
        range_hint: str = "",
        besides: frozenset[str] = frozenset(),
    ) -> Floats:
        """The column as numbers, NaN where blank or one of the signs `besides`. Both bounds are allowed."""
        column = self.table.column(name)
        is_blank = pc.equal(column.distinct, "")
        blank = np.asarray(is_blank.to_numpy(zero_copy_only=False), dtype=bool)
        filled = pc.if_else(is_blank, pa.scalar(None, pa.string()), column.distinct)
        try:
            numbers = np.asarray(pc.cast(filled, pa.float64()).to_numpy(zero_copy_only=False), dtype=np.float64)
        except pa.ArrowInvalid:
            texts = column.distinct.to_pylist()
            numbers = np.array([float(text) if _NUMBER.fullmatch(text) else np.nan for text in texts])
        noun = "whole number" if whole else "number"
        # Years have no comma.
        span = " to ".join(f"{end:.10g}" if end in {1900, 2100} else f"{end:,.10g}" for end in (low, high))
        allowed = f"allowed: a {noun} from {span}" + (f" ({unit})" if unit else "")
        unread = ~np.isfinite(numbers) & ~blank
        if besides:
            unread &= ~np.array([value.casefold() in besides for value in column.values], dtype=bool)
        self.wrong_values(column, unread, f"is not a number; {allowed}.", partial(slip_hint, "number in a column"))
        outside = np.isfinite(numbers) & ((numbers < low) | (numbers > high))
        self.wrong_values(column, outside, f"is out of range; {allowed}.", lambda _: range_hint)
        if whole:
            broken = np.isfinite(numbers) & ~outside & (numbers != np.floor(numbers))
            self.wrong_values(column, broken, f"is not a whole number; {allowed}.", lambda _: "")
        usable = np.where(unread | outside | ~np.isfinite(numbers), np.nan, numbers)
        return np.asarray(usable[column.codes], dtype=np.float64)

    def choices(self, name: str, allowed: Sequence[str]) -> NDArray[np.int16]:
        """For each row the position of its value in `allowed`, capitals ignored; -1 where blank or not allowed."""
        column = self.table.column(name)
        at = {choice.casefold(): n for n, choice in enumerate(allowed)}
        found = np.array([at.get(value.casefold(), -1) for value in column.values], dtype=np.int16)
        wrong = np.array([n < 0 and value != "" for n, value in zip(found, column.values, strict=True)], dtype=bool)
        message = f"is not one of: {', '.join(allowed)}."
        self.wrong_values(column, wrong, message, lambda value: did_you_mean(value, allowed))
        return found[column.codes]

    def matching(self, name: str, pattern: str, wanted: str, hint: str = "", *, show: bool = True) -> None:
        """Every value of the column must match the whole pattern; `wanted` says what that is. Blank cells are left."""
        column = self.table.column(name)
        test = re.compile(pattern)
        wrong = np.array([value != "" and not test.fullmatch(value) for value in column.values], dtype=bool)
        self.wrong_values(column, wrong, f"is not {wanted}.", lambda _: hint, show=show)

    def unique(self, keys: Sequence[NDArray[np.int64]], column: str, message: str, hint: str = "") -> None:
        """No two rows may have the same keys. `message` follows the place of the later row and names the earlier."""
        import pandas as pd

        key = combined(keys)
        twins = np.flatnonzero(pd.Series(key).duplicated().to_numpy())
        for row in twins[:MOST_VALUES_NAMED]:
            first = int(np.argmax(key == key[row])) + self.table.first_row
            self.add([row], column, f"{message} row {first:,}.", hint)
        self._and_more(len(twins) - MOST_VALUES_NAMED, column, "repeated rows")

    def unique_rows(self, names: Iterable[str], column: str, message: str, hint: str = "") -> None:
        """No two rows may have the same texts in all of these columns. See `unique`."""
        self.unique([self.table.keys(name) for name in names], column, message, hint)

    def where(self, wrong: Mask, column: str, message: str, hint: str = "", /, **figures: NDArray[Any]) -> None:
        """Every row of the mask is a problem, with the row's own of these figures in its message: "{lost:,g} days"."""
        rows = np.flatnonzero(wrong)
        for row in rows[:MOST_VALUES_NAMED]:
            own = {name: figure[row] for name, figure in figures.items()}
            self.add([int(row)], column, message.format(**own), hint)
        self._and_more(len(rows) - MOST_VALUES_NAMED, column, "rows")

    def days_lost(self, names: Sequence[str], lost: Floats, available: Floats) -> None:
        """Days lost and days available, in columns of these names: both or neither, never more lost than available."""
        lost_name, available_name = names
        self.where(lost > available, lost_name, *said("more days lost than available"), lost=lost, available=available)
        blank = [self.table.column(name).blank for name in names]
        self.where(
            blank[0] != blank[1], lost_name, *said("only one of the days", lost=lost_name, available=available_name)
        )

    def add(self, rows: Sequence[int] | NDArray[np.int64], column: str, message: str, hint: str = "") -> None:
        """One problem at these rows, counted from 0."""
        self.problems.append(Problem(self.table.place(rows, column), message, hint))

    def wrong_values(
        self, column: TableColumn, wrong: Mask, message: str, hint: Callable[[str], str], *, show: bool = True
    ) -> None:
        """One problem for each wrong distinct value that rows hold, and which rows; `show` False keeps it unsaid."""
        if not wrong.any():
            return
        rows = np.flatnonzero(wrong[column.codes])
        codes, first = np.unique(column.codes[rows], return_index=True)
        in_order = codes[np.argsort(first)]
        for code in in_order[:MOST_VALUES_NAMED]:
            value = str(column.distinct[int(code)].as_py())
            text = f"'{value[:60]}' {message}" if show else f"the value {message}"
            self.add(rows[column.codes[rows] == code], column.name, text, hint(value))
        self._and_more(len(in_order) - MOST_VALUES_NAMED, column.name, "values")

    def _and_more(self, count: int, column: str, noun: str) -> None:
        if count > 0:
            self.problems.append(Problem(f"column {column}", f"and {count:,} more {noun} like these."))


def combined(keys: Sequence[NDArray[np.int64]]) -> NDArray[np.int64]:
    """Several keys as one: equal where all of them are equal. None of them may be negative."""
    total = np.zeros(len(keys[0]), dtype=np.int64)
    for key in keys:
        width = int(key.max(initial=0)) + 1
        if int(total.max(initial=0)) > np.iinfo(np.int64).max // width - 1:
            total = np.unique(total, return_inverse=True)[1].astype(np.int64)
        total = total * width + key
    return total


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


class Date(NamedTuple):
    """What a text is as a date.

    `shape` is how it is written, "" for no date; `day_first` is True where day and month stand in the order that we
    take them for beyond doubt, False where they might be exchanged, None where they can't be confused.
    """

    shape: str = ""
    day: dt.date | None = None
    day_first: bool | None = None


def read_dates(checks: ColumnChecks, names: Sequence[str], *, compact: bool = False) -> dict[str, Days]:
    """Columns of dates as days, NaT where blank, together, for one may prove the order for all; `compact`: 20260331."""
    columns = [checks.table.column(name) for name in names]
    read = [[parse_date(value, compact=compact) for value in column.values] for column in columns]
    is_proven = any(date.day_first for dates in read for date in dates)
    for column, dates in zip(columns, read, strict=True):
        _tell_problems(checks, column, dates, is_proven=is_proven)
    days = [np.array([date.day for date in dates], dtype="datetime64[D]") for dates in read]
    return {column.name: known[column.codes] for column, known in zip(columns, days, strict=True)}


def parse_date(text: str, *, compact: bool = False) -> Date:
    """A text as a date; midnight after it is passed over."""
    text = _MIDNIGHT.sub("", text)
    for shape, pattern in _SHAPES.items():
        match = pattern.fullmatch(text)
        if match is None or (shape == "yearmonthday" and not compact):
            continue
        parts = match.groupdict()
        month = int(parts["m"]) if "m" in parts else _MONTHS.get(parts["n"].casefold(), 0)
        year, number = int(parts["y"]), int(parts["d"])
        day_first = number > 12 if shape == _SLASHES and month <= 12 and number != month else None
        is_month = _EARLIEST <= year <= _LATEST and 1 <= month <= 12
        exists = is_month and 1 <= number <= calendar.monthrange(year, month)[1]
        return Date(shape, dt.date(year, month, number) if exists else None, day_first)
    return Date()


def _tell_problems(checks: ColumnChecks, column: TableColumn, dates: Sequence[Date], *, is_proven: bool) -> None:
    usual = Counter[str]()
    for date, count in zip(dates, np.bincount(column.codes, minlength=len(dates)), strict=True):
        if date.shape and count:
            usual[date.shape] += int(count)
    main = usual.most_common(1)[0][0] if usual else ""

    def tell(wrong: list[bool], message: str, hint: str = "") -> None:
        checks.wrong_values(column, np.array(wrong, dtype=bool), message, lambda value: hint or _hint(value))

    given = zip(dates, column.values, strict=True)
    tell([not date.shape and value != "" for date, value in given], f"is not {_WANTED}.")
    message = f"is not a date between {_EARLIEST} and {_LATEST}, read as {main}."
    tell([bool(date.shape) and date.day is None for date in dates], message)
    tell([date.shape not in {"", main} for date in dates], *said("another date format", main=main))
    if main == _SLASHES and not is_proven and any(date.day_first is False for date in dates):
        rows = np.flatnonzero(~column.blank)
        checks.add(rows, column.name, *said("day or month", found=column.text_at(int(rows[0]))))


def _hint(value: str) -> str:
    if re.fullmatch(r"[1-9]\d{4}(\.0+)?", value):
        day = dt.date(1899, 12, 30) + dt.timedelta(days=int(float(value)))
        return f"It looks like Excel's number for {day.isoformat()}: format the column as a date before saving."
    return slip_hint("date", value)


_SHAPE = re.compile(r"(?P<y>\d{4})-?(?P<m>\d{2})|(?P<y2>\d{4})-(?P<n>[A-Za-z]{3})|(?P<n3>[A-Za-z]{3})-(?P<y3>\d{4})")
_SPAN = re.compile(r"(.+?) to (.+)")
_WANTED_MONTH = "a month such as 2017-SEP, 201709 or 2017-09"


def check_month_ends(checks: ColumnChecks, column: str, days: Days) -> None:
    """Every day of the column must be the last of its month."""
    found = checks.table.column(column)
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

    The column holds spans such as "202410 to 202510", from the end of the first month to the end of the last; or, where
    one month is allowed, months and days. `lengths`: in months, that are allowed.
    """
    column = checks.table.column(name)
    found = [_span(value) for value in column.values]
    wanted = [f"a {length}-month period such as 202410 to 202510" for length in sorted(lengths) if length > 1]
    wanted += [_WANTED_MONTH] if 1 in lengths else []
    wrong = [length not in lengths and value != "" for (_, length), value in zip(found, column.values, strict=True)]
    checks.wrong_values(column, np.array(wrong, dtype=bool), f"is not {' or '.join(wanted)}.", lambda _: "")
    ends = np.array([end for end, _ in found], dtype=object)
    return ends[column.codes], np.array([months for _, months in found], dtype=np.int64)[column.codes]


def _month(text: str) -> str:
    if (match := _SHAPE.fullmatch(text)) is None:
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
    day = parse_date(text).day
    month = str(Month.of(day)) if day else _month(text)
    return (month, 1) if month else ("", 0)
