"""Months, quarters and financial years. A financial year runs from 1 April to 31 March; quarter 1 is April to June.

A period is written one way only, and that text sorts within its kind: `2026-04` (month), `2026/27-Q1` (quarter),
`2026/27` (financial year), `2026-03-31` (a single day). First and last day are both inside the period.
"""

import calendar
import datetime as dt
import re
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import ClassVar, Self

from t4c_lib.errors import T4CError

MONTHS_IN_A_YEAR = 12
FIRST_MONTH_OF_FINANCIAL_YEAR = 4
_IN_WORDS = dict(
    enumerate(("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"), start=2)
)


def today() -> dt.date:
    """The day that it is here, by the machine's clock and time zone."""
    return dt.datetime.now().astimezone().date()


class PeriodError(T4CError):
    """A text that is not a period of ours, or a period that does not exist."""


@dataclass(frozen=True, order=True)
class Month:
    """A calendar month. `Month(2026, 4)` is April 2026."""

    year: int
    month: int

    _pattern: ClassVar[re.Pattern[str]] = re.compile(r"(\d{4})-(\d{2})")

    def __post_init__(self) -> None:
        if not 1 <= self.month <= MONTHS_IN_A_YEAR:
            raise PeriodError(f"Month {self.month} of {self.year} does not exist; a month is a number from 1 to 12.")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `YYYY-MM`. Raises PeriodError for anything else."""
        if (match := cls._pattern.fullmatch(text.strip())) is None:
            raise PeriodError(f"'{text}' is not a month. Write year and month, such as 2026-04 for April 2026.")
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def of(cls, day: dt.date) -> Self:
        """The month that holds the day."""
        return cls(day.year, day.month)

    @classmethod
    def ended_by(cls, day: dt.date) -> "Month":
        """The last whole month on a day: its own month on that month's last day, else the one before."""
        month = cls.of(day)
        return month if month.last_day == day else month + -1

    @property
    def first_day(self) -> dt.date:
        return dt.date(self.year, self.month, 1)

    @property
    def last_day(self) -> dt.date:
        return dt.date(self.year, self.month, calendar.monthrange(self.year, self.month)[1])

    def ago(self, day: dt.date) -> str:
        """How long before a day the month was: "this month", "a month ago", "eight months ago", "30 months ago"."""
        months = self.months_until(Month.of(day))
        if months < 1:
            return "this month" if months == 0 else "still to come"
        return "a month ago" if months == 1 else f"{_IN_WORDS.get(months, months)} months ago"

    @property
    def financial_year(self) -> "FinancialYear":
        return FinancialYear(self.year if self.month >= FIRST_MONTH_OF_FINANCIAL_YEAR else self.year - 1)

    @property
    def quarter(self) -> "Quarter":
        return Quarter(self.financial_year.start_year, (self.month - FIRST_MONTH_OF_FINANCIAL_YEAR) % 12 // 3 + 1)

    @property
    def label(self) -> str:
        """As people say it: "April 2026"."""
        return f"{calendar.month_name[self.month]} {self.year}"

    @property
    def ordinal(self) -> int:
        """Its number among months; the next month has the next one."""
        return self.year * MONTHS_IN_A_YEAR + self.month - 1

    def __add__(self, months: int) -> "Month":
        """The month that many months later (earlier, if negative)."""
        year, month = divmod(self.ordinal + months, MONTHS_IN_A_YEAR)
        return Month(year, month + 1)

    def months_until(self, later: "Month") -> int:
        """How many months from this one to `later`; negative when `later` is earlier."""
        return later.ordinal - self.ordinal

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"


def due_month(typed: Month | str, day: dt.date | None = None) -> Month:
    """A month that somebody sets as a due date: one that is not over yet. What was saved earlier is not checked here.

    Raises PeriodError: it is no month, or it is over by the end of `day`, which is today if nothing is said.
    """
    month = Month.parse(typed) if isinstance(typed, str) else typed
    first = Month.ended_by(day or today()) + 1
    if month < first:
        raise PeriodError(f"{month.label} has passed. Set a date that is still to come: {first.label} or later.")
    return month


@dataclass(frozen=True, order=True)
class Quarter:
    """A quarter of a financial year. `Quarter(2026, 4)` is January to March 2027."""

    start_year: int
    number: int

    _pattern: ClassVar[re.Pattern[str]] = re.compile(r"(\d{4}/\d{2})-Q(\d)")

    def __post_init__(self) -> None:
        if not 1 <= self.number <= 4:
            raise PeriodError(f"Quarter {self.number} does not exist; a financial year has quarters 1 to 4.")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `YYYY/YY-Qn`. Raises PeriodError for anything else."""
        if (match := cls._pattern.fullmatch(text.strip())) is None or not 1 <= int(match[2]) <= 4:
            raise PeriodError(f"'{text}' is not a quarter. Write it as 2026/27-Q1 (April to June 2026).")
        return cls(FinancialYear.parse(match[1]).start_year, int(match[2]))

    @property
    def first_month(self) -> Month:
        return Month(self.start_year, FIRST_MONTH_OF_FINANCIAL_YEAR) + 3 * (self.number - 1)

    @property
    def months(self) -> tuple[Month, ...]:
        return tuple(self.first_month + step for step in range(3))

    @property
    def last_day(self) -> dt.date:
        return self.months[-1].last_day

    @property
    def label(self) -> str:
        return f"quarter {self.number} of {FinancialYear(self.start_year)}"

    @property
    def ordinal(self) -> int:
        return 4 * self.start_year + self.number - 1

    def __add__(self, quarters: int) -> "Quarter":
        return (self.first_month + 3 * quarters).quarter

    def __str__(self) -> str:
        return f"{FinancialYear(self.start_year)}-Q{self.number}"


@dataclass(frozen=True, order=True)
class FinancialYear:
    """1 April to 31 March. `FinancialYear(2026)` is 2026/27."""

    start_year: int

    _pattern: ClassVar[re.Pattern[str]] = re.compile(r"(\d{4})/(\d{2})")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `YYYY/YY`, the second being the year after the first. Raises PeriodError for anything else."""
        if (match := cls._pattern.fullmatch(text.strip())) is None:
            raise PeriodError(f"'{text}' is not a financial year. Write it as 2026/27 (April 2026 to March 2027).")
        start = int(match[1])
        if (start + 1) % 100 != int(match[2]):
            raise PeriodError(f"'{text}' is not a financial year: after {start}/ comes {(start + 1) % 100:02d}.")
        return cls(start)

    @property
    def months(self) -> tuple[Month, ...]:
        first = Month(self.start_year, FIRST_MONTH_OF_FINANCIAL_YEAR)
        return tuple(first + step for step in range(MONTHS_IN_A_YEAR))

    @property
    def last_day(self) -> dt.date:
        return self.months[-1].last_day

    @property
    def label(self) -> str:
        return str(self)

    @property
    def ordinal(self) -> int:
        return self.start_year

    def __add__(self, years: int) -> "FinancialYear":
        return FinancialYear(self.start_year + years)

    def __str__(self) -> str:
        return f"{self.start_year:04d}/{(self.start_year + 1) % 100:02d}"


@dataclass(frozen=True, order=True)
class Day:
    """A single day, for what is counted on one day (a census, a snapshot that stands for no month)."""

    date: dt.date

    _pattern: ClassVar[re.Pattern[str]] = re.compile(r"\d{4}-\d{2}-\d{2}")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `YYYY-MM-DD`. Raises PeriodError for anything else."""
        try:
            return cls(dt.date.fromisoformat(text.strip()))
        except ValueError:
            raise PeriodError(f"'{text}' is not a day. Write it as 2026-03-31.") from None

    @property
    def last_day(self) -> dt.date:
        return self.date

    @property
    def label(self) -> str:
        return f"{self.date.day} {Month.of(self.date).label}"

    def __str__(self) -> str:
        return self.date.isoformat()


Period = Month | Quarter | FinancialYear | Day
_KINDS: tuple[type[Month] | type[Quarter] | type[FinancialYear] | type[Day], ...] = (Month, Quarter, FinancialYear, Day)


def periods_between(first: Period, last: Period, rhythm: int = 1) -> tuple[Period, ...]:
    """The periods of one kind from one to another, both included, or every so many; none where they are of two kinds.

    Of days only a single one: what is counted on a day comes in no rhythm.
    """
    if isinstance(first, Day) or isinstance(last, Day) or type(first) is not type(last):
        return (first,) if first == last else ()
    return tuple(first + step for step in range(0, last.ordinal - first.ordinal + 1, rhythm))


def parse_period(text: str) -> Period:
    """Read any period that is written as this module writes it. Raises PeriodError naming the four ways."""
    for kind in _KINDS:
        if kind._pattern.fullmatch(text.strip()):
            return kind.parse(text)
    raise PeriodError(
        f"'{text}' is not a period. Write a month as 2026-04, a quarter as 2026/27-Q1, a financial year as 2026/27 "
        "or a day as 2026-03-31."
    )


_YEARS_TYPED = re.compile(r"(\d{4})(?: ?/ ?|-(?=20\d\d|1[3-9]|[2-9]\d))(?:20)?(\d\d)")  # "2025-03" is a month
_QUARTER_TYPED = re.compile(r"q(?:uarter)? ?([1-4]),? (?:of )?(\d{4}/\d\d)", re.IGNORECASE)
_NO_WORDS = re.compile(r"(?<=\d)(?:st|nd|rd|th)\b|\bof\b")


def typed_period(text: str) -> Period:
    """A period as people type it: "March 2026", "03/2026", "31 March 2026", "Q1 2026/27". Raises PeriodError."""
    words = " ".join(re.findall(r"\d+|[a-z]+", _NO_WORDS.sub(" ", text.casefold()))).replace("sept ", "sep ")
    for way in ("%d %B %Y", "%d %b %Y", "%d %m %Y", "%B %Y", "%b %Y", "%m %Y"):
        with suppress(ValueError):
            year, month, day = time.strptime(words, way)[:3]
            return Day(dt.date(year, month, day)) if "%d" in way else Month(year, month)
    written, years = _QUARTER_TYPED.sub(r"\2-Q\1", text.strip()), _YEARS_TYPED.fullmatch(text.strip())
    if years and ("/" in written or (int(years[1]) + 1) % 100 == int(years[2])):  # else "2026-13" is no month
        written = f"{years[1]}/{years[2]}"
    if not any(kind._pattern.fullmatch(written) for kind in _KINDS):
        raise PeriodError(f"'{text}' can't be read as a date. Write March 2026, 31 March 2026 or 2025/26.")
    return parse_period(written)
