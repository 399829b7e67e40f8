"""Checks of whole columns at once. Each gives the values as an array and adds what is wrong to one list of problems.

A column that a file doesn't have reads as blank from top to bottom: whether it must be there is the header's matter,
and its absence should not hide what is wrong elsewhere.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from t4c_lib.errors import Problem, did_you_mean, refuse
from t4c_lib.evidence.csv_table import DataTable, TableColumn
from t4c_lib.evidence.slips import slip_hint

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
        numbers = _parse_numbers(column.distinct)
        blank = np.asarray(pc.equal(column.distinct, "").to_numpy(zero_copy_only=False), dtype=bool)
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

    def refuse(self) -> None:
        """Raises InputError with all problems found, if there are any."""
        refuse(self.table.source, self.problems)

    def where(self, wrong: Mask, column: str, message: str, hint: str = "", **figures: NDArray[Any]) -> None:
        """Every row of the mask is a problem, with the row's own of these figures in its message: "{lost:,g} days"."""
        rows = np.flatnonzero(wrong)
        for row in rows[:MOST_VALUES_NAMED]:
            own = {name: figure[row] for name, figure in figures.items()}
            self.add([int(row)], column, message.format(**own), hint)
        self._and_more(len(rows) - MOST_VALUES_NAMED, column, "rows")

    def days_lost(self, names: Sequence[str], lost: Floats, available: Floats) -> None:
        """Days lost and days available, in columns of these names: both or neither, never more lost than available."""
        lost_name, available_name = names
        message = "{lost:,g} days lost is more than the {available:,g} available."
        self.where(lost > available, lost_name, message, lost=lost, available=available)
        blank = [self.table.column(name).blank for name in names]
        message = f"only one of {lost_name} and {available_name} is given; both are needed, or neither."
        self.where(blank[0] != blank[1], lost_name, message)

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


def _parse_numbers(distinct: pa.Array) -> Floats:
    """Each text as a number; NaN where it is none."""
    filled = pc.if_else(pc.equal(distinct, ""), pa.scalar(None, pa.string()), distinct)
    try:
        return np.asarray(pc.cast(filled, pa.float64()).to_numpy(zero_copy_only=False), dtype=np.float64)
    except pa.ArrowInvalid:
        return np.array([float(text) if _NUMBER.fullmatch(text) else np.nan for text in distinct.to_pylist()])
