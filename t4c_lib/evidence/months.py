"""Columns of month ends: the check that they are, and the months they stand for."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from t4c_lib.evidence.columns import ColumnChecks
from t4c_lib.evidence.dates import Days
from t4c_lib.periods import Month


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
    return [None if np.isnat(day) else Month.of(day.item()) for day in days]


def month_numbers(days: Days) -> NDArray[np.int64]:
    """Each day's month, counted from January 1970. There must be no NaT."""
    return np.asarray(days.astype("datetime64[M]").astype(np.int64))


def month_from_number(number: int) -> Month:
    """The month with that number, counted from January 1970."""
    return Month(1970, 1) + int(number)
