"""Amounts of a measure as people read them."""

from __future__ import annotations

from t4c_lib.plan import MeasureRow
from t4c_lib.progress.interval import Interval
from t4c_lib.quantities import count_of, number, percent, percent_pair, points


def amount_text(row: MeasureRow, value: float) -> str:
    """A value of a row's measure: "5.7%", "a gap of 2 percentage points", "28 placements a year"."""
    if row.is_closer:
        return _gap(value)
    return percent(value) if _is_fraction(row) else count_of(value, row.what.unit)


def amount_texts(row: MeasureRow, value: float, other: float) -> tuple[str, str]:
    """Two values, with as few decimals as still tell them apart; what is counted stands with the first."""
    if row.is_closer:
        return _gap(value), points(other)
    if _is_fraction(row):
        return percent_pair(value, other)
    return count_of(value, row.what.unit), number(other)


def interval_text(row: MeasureRow, interval: Interval) -> str:
    """Both ends: "4.9% to 6.6%", or of a gap in percentage points."""
    if row.is_closer:
        return f"{number(interval.low * 100, 1)} to {number(interval.high * 100, 1)} percentage points"
    low, high = percent_pair(interval.low, interval.high)
    return f"{low} to {high}"


def _is_fraction(row: MeasureRow) -> bool:
    return row.what.kind.value in ("share", "rate")


def _gap(value: float) -> str:
    return f"a gap of {points(value)}" if value >= 0 else f"{points(value)} above the comparison"
