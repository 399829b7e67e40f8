"""What readers know to hold between published counts: groups add up to their whole, months to their year.

Nothing here knows a single measure. A relation that readers may take to hold is one that does hold in the exact
figures: where the groups of a table come to its total they are parts of it, where they come to less they are some of
it. So no relation contradicts the figures, and whatever a reader can work out by such sums is found.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from t4c_lib.disclosure.possible_values import CountSystem
from t4c_lib.periods import FinancialYear, Month, PeriodError, parse_period

ALL = "all"
SEPARATOR = "; "  # between the groups of a group of groups: "band=Band 2; age=16-24"
YEAR = 12
NUMERATOR, DENOMINATOR = "numerator", "denominator"
_SPAN = re.compile(r"(\d+)(?:-(\d+)|(\+))?")


@dataclass(frozen=True)
class Cell:
    """One count as it is published.

    Attributes:
        row: place of its row in the table.
        part: NUMERATOR or DENOMINATOR of that row.
    """

    row: int
    part: str


def counts_of(figures: pd.DataFrame) -> dict[Cell, int]:
    """The exact counts of people in a table of figures; those that are no whole numbers (means, FTE) are left out.

    Args:
        figures: columns series, population, breakdown, period, numerator, denominator, value; NaN for what isn't known.
            A row without denominator is a plain count, its value the numerator where that isn't given.
    """
    plain = figures["denominator"].isna() & figures["numerator"].isna()
    columns = {
        NUMERATOR: figures["numerator"].where(~plain, figures["value"]).to_numpy(dtype=float),
        DENOMINATOR: figures["denominator"].to_numpy(dtype=float),
    }
    found = {}
    for part, counts in columns.items():
        for row in np.flatnonzero(~np.isnan(counts) & (counts == np.floor(counts))):
            found[Cell(int(row), part)] = int(counts[row])
    return found


def add_relations(
    system: CountSystem, figures: pd.DataFrame, numbers: dict[Cell, int], exact: dict[Cell, int]
) -> list[int]:
    """Add to the system what holds between the counts of a table; gives the true value of each count of the system.

    Args:
        system: it has a count for each cell.
        figures: as `counts_of` takes them.
        numbers: of each cell, its number in the system.
        exact: of each cell, its true count.
    """
    known = _Known(system, numbers, exact, [exact[cell] for cell in numbers])
    names = list(zip(figures["series"], figures["population"], figures["breakdown"], figures["period"], strict=True))
    tables: dict[Hashable, dict[str, int]] = defaultdict(dict)
    for row, (series, population, breakdown, period) in enumerate(names):
        tables[series, population, period][breakdown] = row
    for table in tables.values():
        _within_table(known, table)
    for row in range(len(names)):
        known.add_most(Cell(row, DENOMINATOR), [Cell(row, NUMERATOR)])
    _across_series(known, names)
    return known.true


@dataclass
class _Known:
    """The system, with relations that are taken only where the exact counts agree."""

    system: CountSystem
    numbers: dict[Cell, int]
    exact: dict[Cell, int]
    true: list[int]

    def add_sum(self, plus: Sequence[Cell], minus: Sequence[Cell]) -> bool:
        """Add the relation where it holds; gives whether it does."""
        cells = [*plus, *minus]
        if not all(cell in self.exact for cell in cells) or len({self.numbers[cell] for cell in cells}) < len(cells):
            return False
        if sum(self.exact[cell] for cell in plus) != sum(self.exact[cell] for cell in minus):
            return False
        self.system.add_sum([self.numbers[cell] for cell in plus], [self.numbers[cell] for cell in minus])
        return True

    def add_parts(self, whole: Cell, parts: Sequence[Cell]) -> None:
        """The parts are the whole, or some of it, or there is no relation: as the exact counts have it."""
        if not self.add_sum([whole], parts):
            self.add_most(whole, parts)

    def add_most(self, whole: Cell, parts: Sequence[Cell]) -> None:
        """The parts are at most the whole, where that holds."""
        cells = [whole, *parts]
        if not all(cell in self.exact for cell in cells) or len({self.numbers[cell] for cell in cells}) < len(cells):
            return
        rest = self.exact[whole] - sum(self.exact[cell] for cell in parts)
        if rest >= 0:
            self.system.add_most(self.numbers[whole], [self.numbers[cell] for cell in parts])
            self.true.append(rest)


def _within_table(known: _Known, table: dict[str, int]) -> None:
    """Groups and their whole, of one series, population and period; a group of groups has several wholes."""
    families: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for breakdown, row in table.items():
        parts = breakdown.split(SEPARATOR) if breakdown != ALL else []
        for part in parts:
            what, _, which = part.partition("=")
            rest = SEPARATOR.join(one for one in parts if one != part)
            if "," not in which:  # several groups added up
                families[rest or ALL, what][which] = row
    for (parent, _), groups in families.items():
        exclusive, nested = _how_they_lie(list(groups))
        for inner, outer in nested:
            known.add_most(Cell(groups[outer], NUMERATOR), [Cell(groups[inner], NUMERATOR)])
        rows = [groups[name] for name in exclusive]
        whole = table.get(parent)
        if whole is not None:
            for part in (NUMERATOR, DENOMINATOR):
                known.add_parts(Cell(whole, part), [Cell(row, part) for row in rows])
        _shared_denominators(known, rows)


def _shared_denominators(known: _Known, rows: Sequence[int]) -> None:
    """Groups that are shares of one denominator come to it; those that gave no answer come to the rest of everybody."""
    by_base: dict[int, list[int]] = defaultdict(list)
    for row in rows:
        base = known.exact.get(Cell(row, DENOMINATOR))
        if base is not None:
            by_base[base].append(row)
    for of in by_base.values():
        if len(of) > 1:
            known.add_parts(Cell(of[0], DENOMINATOR), [Cell(row, NUMERATOR) for row in of])
    for small, large in combinations(sorted(by_base), 2):
        answered = Cell(by_base[small][0], DENOMINATOR)
        rest = [Cell(row, NUMERATOR) for row in by_base[large]]
        known.add_sum([Cell(by_base[large][0], DENOMINATOR)], [answered, *rest])


def _how_they_lie(names: Sequence[str]) -> tuple[list[str], list[tuple[str, str]]]:
    """Groups that exclude each other, as many as can be, and pairs (inner, outer) of which one is part of the other."""
    spans = {name: span for name in names if (span := _span(name))}
    others = [name for name in names if name not in spans]
    nested = [
        (inner, outer)
        for inner, outer in ((a, b) for a in spans for b in spans if a != b)
        if spans[outer][0] <= spans[inner][0] and spans[inner][1] <= spans[outer][1]
    ]
    apart: list[str] = []
    for name in sorted(spans, key=lambda name: (spans[name][1], -spans[name][0])):
        if not apart or spans[name][0] > spans[apart[-1]][1]:
            apart.append(name)
    return [*apart, *others], nested


def _span(name: str) -> tuple[float, float] | None:
    found = _SPAN.fullmatch(name)
    if found is None:
        return None
    first, last, open_ended = found.groups()
    return float(first), float("inf") if open_ended else float(last or first)


def _across_series(known: _Known, names: Sequence[tuple[str, str, str, str]]) -> None:
    """Months and their year, stocks and flows: what holds between the series of one group of people."""
    by_group: dict[Hashable, dict[tuple[str, str], dict[str, Cell]]] = defaultdict(lambda: defaultdict(dict))
    for cell in known.exact:
        series, population, breakdown, period = names[cell.row]
        by_group[population, breakdown][series, cell.part][period] = cell
    for keys in by_group.values():
        monthly = {key: cells for key, own in keys.items() if (cells := dict(_months(own)))}
        for key, own in keys.items():
            for period, cell in own.items():
                if isinstance(year := _period(period), FinancialYear):
                    known.add_sum([cell], _twelve_months(monthly.get(key, {}), _month_number(Month.of(year.last_day))))
        for one, other in ((a, b) for a in monthly for b in monthly if a != b):
            _rolling_years(known, monthly[one], monthly[other])
        for stock, joined, left in _stocks_and_flows(known, monthly):
            for month, cell in monthly[stock].items():
                before = monthly[stock].get(month - 1)
                flows = monthly[joined].get(month), monthly[left].get(month)
                if before is not None and flows[0] is not None and flows[1] is not None:
                    known.add_sum([before, flows[0]], [cell, flows[1]])


def _period(text: str) -> object:
    try:
        return parse_period(text)
    except PeriodError:
        return None


def _months(own: dict[str, Cell]) -> Iterator[tuple[int, Cell]]:
    """The monthly cells, each by the number of its month."""
    for period, cell in own.items():
        if isinstance(month := _period(period), Month):
            yield _month_number(month), cell


def _month_number(month: Month) -> int:
    return month.year * YEAR + month.month


def _twelve_months(monthly: dict[int, Cell], last: int) -> list[Cell]:
    """The cells of the twelve months that end with one; none where any is not known."""
    months = [monthly[month] for month in range(last - YEAR + 1, last + 1) if month in monthly]
    return months if len(months) == YEAR else []


def _rolling_years(known: _Known, monthly: dict[int, Cell], yearly: dict[int, Cell]) -> None:
    """Where each figure of the one comes to twelve months of the other, it is their sum."""
    years = [(cell, months) for last, cell in yearly.items() if (months := _twelve_months(monthly, last))]
    if not any(known.exact[cell] for cell, _ in years):
        return
    if all(known.exact[cell] == sum(known.exact[month] for month in months) for cell, months in years):
        for cell, months in years:
            known.add_sum([cell], months)


def _stocks_and_flows(
    known: _Known, monthly: dict[tuple[str, str], dict[int, Cell]]
) -> Iterator[tuple[tuple[str, str], tuple[str, str], tuple[str, str]]]:
    """Three series of which one moves by what the second brings and the third takes away, in every month."""
    values = {key: {at: known.exact[cell] for at, cell in cells.items()} for key, cells in monthly.items()}
    for stock, joined, left in ((a, b, c) for a in values for b in values for c in values if len({a, b, c}) == 3):
        months = [at for at in values[stock] if at - 1 in values[stock] and at in values[joined] and at in values[left]]
        moves = [values[stock][at] - values[stock][at - 1] for at in months]
        if any(moves) and moves == [values[joined][at] - values[left][at] for at in months]:
            yield stock, joined, left
