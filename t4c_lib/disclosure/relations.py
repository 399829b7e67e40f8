"""What readers know to hold between published counts: groups add up to their whole, months to their year.

Nothing here knows a single measure. A relation that readers may take to hold is one that does hold in the exact
figures: where the groups of a table come to its total they are parts of it, where they come to less they are some of
it. So no relation contradicts the figures, and whatever a reader can work out by such sums is found.
"""

import re
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache, partial
from itertools import combinations, permutations
from typing import NamedTuple, NewType

import numpy as np
import pandas as pd

from t4c_lib.disclosure.possible_values import CountSystem
from t4c_lib.periods import FinancialYear, Month, PeriodError, parse_period

ALL = "all"
SAME_PEOPLE = "same people"  # begins the family of a relation between series that count the same people
SEPARATOR = "; "  # between the groups of a group of groups: "band=Band 2; age=16-24"
YEAR = 12
NUMERATOR, DENOMINATOR = "numerator", "denominator"
KEY = ("series", "population", "breakdown", "period")
RELEASE = "release"  # a column: the number of the release that a figure is of
_SPAN = re.compile(r"(\d+)(?:-(\d+)|(\+))?")

Cell = NewType("Cell", int)  # one count as it is published: a bare number, for there are tens of thousands of them


def cell_of(row: int, part: str) -> Cell:
    """The count of a row of the table (its place) that is its NUMERATOR or DENOMINATOR."""
    return Cell(2 * row + (part == DENOMINATOR))


def place_of(cell: Cell) -> tuple[int, str]:
    """The place of a count's row, and which count of the row it is."""
    row, is_second = divmod(cell, 2)
    return row, DENOMINATOR if is_second else NUMERATOR


def counts_of(figures: pd.DataFrame) -> dict[Cell, int]:
    """The exact counts of people in a table of figures; those that are no whole numbers (means, FTE) are left out.

    `figures`: columns series, population, breakdown, period, numerator, denominator, value; NaN for what isn't known. A
    row without denominator is a plain count, its value the numerator where that isn't given.
    """
    plain = figures["denominator"].isna() & figures["numerator"].isna()
    columns = {
        NUMERATOR: figures["numerator"].where(~plain, figures["value"]).to_numpy(dtype=float),
        DENOMINATOR: figures["denominator"].to_numpy(dtype=float),
    }
    return {
        cell_of(int(row), part): int(counts[row])
        for part, counts in columns.items()
        for row in np.flatnonzero(counts == np.floor(counts))  # NaN is equal to nothing
    }


def characteristics_of(breakdown: str) -> str:
    """By what a group is one: "band; age" of "band=Band 2; age=16-24"."""
    return SEPARATOR.join(part.partition("=")[0] for part in breakdown.split(SEPARATOR))


class Relation(NamedTuple):
    """A sum that may hold: what is added comes to what is taken away, or to no less where some of it may be missing."""

    #: what is one relation for every period, such as the groups of one characteristic of one series.
    family: tuple[Hashable, ...]
    whole: tuple[Cell, ...]  #: cells that are added
    parts: tuple[Cell, ...]  #: cells that are taken away
    may_lack: bool = False  #: whether the parts may be some of the whole
    is_within: bool = False  #: whether nothing says that they are all of it, though they may be by chance
    is_guess: bool = False  #: whether figures only look as if they belonged together
    is_others: bool = False  #: whether what the parts lack are the people of a population who are not in a part of it


_some_of = partial(Relation, may_lack=True, is_within=True)


class SeriesSums(NamedTuple):
    """What is known to hold between series, whatever the figures."""

    #: the series of twelve months, with the one of a month: ("joiners-12-months", "joiners").
    years: frozenset[tuple[str, str]] = frozenset()
    #: a stock, what is added to it in a month, and what is taken away: ("headcount", "joiners", "leavers").
    moves: frozenset[tuple[str, str, str]] = frozenset()
    #: a series, which of its counts, the series that counts the same people, and their group there beside the count's
    #: own: ("young-share", NUMERATOR, "headcount", "age=16-24").
    people: frozenset[tuple[str, str, str, str]] = frozenset()
    #: a population, and the one that it is a part of: ("support staff", "trust workforce").
    within: frozenset[tuple[str, str]] = frozenset()


NO_SUMS = SeriesSums()


@dataclass(eq=False)
class Counts:
    """The counts of a table in a system: their numbers there, and what of them is known."""

    system: CountSystem  #: it gets the relations; it has a count for each cell
    numbers: dict[Cell, int]  #: of each cell, its number in the system
    exact: dict[Cell, int] | None = None  #: of each cell, its true count; None for a reader, who has the system's ends
    #: what is known to hold between series; with exact counts, years and moves are looked for anyhow.
    sums: SeriesSums = NO_SUMS
    is_wary: bool = False  #: whether a reader takes groups to be some of their whole only, and guesses nothing
    #: the numbers of counts that nobody publishes and everybody can take away: of a population those who are not in a
    #: part of it. Each with the count of the whole and of the part.
    others: dict[int, tuple[Cell, Cell]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.is_exact = self.exact is not None
        self.true = [self.exact[cell] for cell in self.numbers] if self.exact is not None else []

    def ends(self, cells: Sequence[Cell]) -> tuple[int, int]:
        """The least and the greatest sum of some cells: one and the same where the counts are known."""
        if self.exact is not None:
            known = sum(self.exact[cell] for cell in cells)
            return known, known
        places = [self.numbers[cell] for cell in cells]
        return sum(self.system.low[place] for place in places), sum(self.system.high[place] for place in places)

    def may_hold(self, *series: str) -> bool:
        """Whether a relation between these series is to be looked for: a year and a month, or a stock and its moves."""
        return self.is_exact or series in self.sums.years or series in self.sums.moves

    def take(self, relations: Iterable[Relation]) -> None:
        """Add the relations that hold; of a reader's, those that can hold in every period."""
        taken = [one for one in relations if not (self.is_wary and one.is_guess)]
        if not taken or not self.numbers:
            return
        cells = np.array([cell for one in taken for cell in one.whole + one.parts], dtype=int)
        lengths = np.array([(len(one.whole), len(one.parts)) for one in taken], dtype=int).reshape(-1, 2)
        of = np.repeat(np.arange(len(taken)), lengths.sum(axis=1))
        signs = np.repeat(np.tile([1, -1], len(taken)), lengths.ravel())
        numbers = np.full(max(cells.max(initial=0), *self.numbers, 0) + 1, -1)
        numbers[list(self.numbers)] = list(self.numbers.values())
        counts = numbers[cells]
        is_known = np.bincount(of, counts < 0, len(taken)) == 0
        again = np.sort(of * len(numbers) + cells)  # a cell that stands twice in a relation tells nothing
        is_known[again[1:][again[1:] == again[:-1]] // len(numbers)] = False
        ends = (self.true, self.true) if self.is_exact else (self.system.low, self.system.high)
        low, high = (np.array(one, dtype=float)[counts] for one in ends)
        (whole_low, whole_high), (parts_low, parts_high) = (
            [np.bincount(of, one * (signs == sign), len(taken)) for one in (low, high)] for sign in (1, -1)
        )
        may_lack = np.array([one.may_lack for one in taken])
        is_within = np.array([one.is_within for one in taken])
        is_equal = ~is_within & (whole_low <= parts_high) & (parts_low <= whole_high)
        if self.is_wary:
            is_equal &= ~may_lack
        families = np.arange(len(taken))
        if not self.is_exact:
            number_of = {family: number for number, family in enumerate(dict.fromkeys(one.family for one in taken))}
            families = np.array([number_of[one.family] for one in taken])

        def in_all_of_family(holds: np.ndarray) -> np.ndarray:
            fails = np.bincount(families, is_known & ~holds).astype(bool)
            in_all: np.ndarray = is_known & ~fails[families]
            return in_all

        is_sum = in_all_of_family(is_equal)
        lacks = in_all_of_family(may_lack & (parts_low <= whole_high)) & ~is_sum
        holds = is_sum | lacks
        place, own = np.cumsum(holds) - 1, holds[of]
        rests = self.system.add_sums(place[of[own]], counts[own], signs[own], lacks[holds])
        for rest, one in zip(rests.tolist(), np.flatnonzero(lacks), strict=True):
            if taken[one].is_others:
                self.others[rest] = taken[one].whole[0], taken[one].parts[0]
        if self.is_exact:
            self.true.extend((whole_low - parts_low)[lacks].astype(int).tolist())


def relations_of(counts: Counts, figures: pd.DataFrame) -> list[Relation]:
    """What may hold between the counts of figures as `counts_of` takes them; with a column RELEASE if of several."""
    released = figures[RELEASE] if RELEASE in figures else [0] * len(figures)
    names = list(zip(*(figures[key].tolist() for key in KEY), released, strict=True))
    tables: dict[tuple[str, str, str, int], dict[str, int]] = defaultdict(dict)
    for row, (series, population, breakdown, period, release) in enumerate(names):
        tables[series, population, period, release][breakdown] = row
    within = (one for name, table in tables.items() for one in _within_table(counts, name[:2], table))
    of_whole = (
        _some_of(("part of", *name[:3]), (cell_of(row, DENOMINATOR),), (cell_of(row, NUMERATOR),))
        for row, name in enumerate(names)
    )
    across = (one._replace(is_guess=True) for one in _across_series(counts, names))
    return [*within, *of_whole, *across, *_same_people(counts, names), *_within_populations(counts, names)]


def _within_table(counts: Counts, name: Hashable, table: dict[str, int]) -> Iterator[Relation]:
    """Groups and their whole, of one series, population and period; a group of groups has several wholes."""
    families: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for breakdown, row in table.items():
        groups_of = breakdown.split(SEPARATOR) if breakdown != ALL else []
        for group in groups_of:
            what, _, which = group.partition("=")
            rest = SEPARATOR.join(one for one in groups_of if one != group)
            if "," not in which:  # several groups added up
                families[rest or ALL, what][which] = row
    for (parent, what), groups in families.items():
        exclusive, nested = _how_they_lie(tuple(groups))
        for inner, outer in nested:
            cells = (cell_of(groups[outer], NUMERATOR),), (cell_of(groups[inner], NUMERATOR),)
            yield _some_of((name, parent, inner, outer), *cells)
        rows = [groups[one] for one in exclusive]
        whole = table.get(parent)
        if whole is None:  # groups that are shares of all of them together
            yield from _shared_denominators(counts, (name, parent, what), rows)
            continue
        for part in (NUMERATOR, DENOMINATOR):
            parts = tuple(cell_of(row, part) for row in rows)
            yield Relation((name, parent, what, part), (cell_of(whole, part),), parts, may_lack=True)


def _shared_denominators(counts: Counts, name: Hashable, rows: Sequence[int]) -> Iterator[Relation]:
    """Groups that are shares of one denominator come to it; those that gave no answer come to the rest of everybody."""
    by_base: dict[tuple[int, int], list[int]] = defaultdict(list)
    for row in rows:
        if (base := cell_of(row, DENOMINATOR)) in counts.numbers:
            by_base[counts.ends([base])].append(row)
    for of in by_base.values():
        if len(of) > 1:
            parts = tuple(cell_of(row, NUMERATOR) for row in of)
            yield Relation((name, "answers"), (cell_of(of[0], DENOMINATOR),), parts, may_lack=True, is_guess=True)
    for small, large in combinations(sorted(by_base), 2):
        rest = tuple(cell_of(row, NUMERATOR) for row in by_base[large])
        whole, answered = (cell_of(by_base[one][0], DENOMINATOR) for one in (large, small))
        yield Relation((name, "no answer"), (whole,), (answered, *rest), is_guess=True)


@lru_cache(maxsize=1_024)  # the same groups come again month by month
def _how_they_lie(names: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """Groups that exclude each other, as many as can be, and pairs (inner, outer) of which one is part of the other."""
    spans = {name: span for name in names if (span := _span(name))}
    others = [name for name in names if name not in spans]
    nested = [
        (inner, outer)
        for inner, outer in permutations(spans, 2)
        if spans[outer][0] <= spans[inner][0] and spans[inner][1] <= spans[outer][1]
    ]
    apart: list[str] = []
    for name in sorted(spans, key=lambda name: (spans[name][1], spans[name][0])):  # of two that end alike, the wider
        if not apart or spans[name][0] > spans[apart[-1]][1]:
            apart.append(name)
    return (*apart, *others), tuple(nested)


def _span(name: str) -> tuple[float, float] | None:
    if (found := _SPAN.fullmatch(name)) is None:
        return None
    first, last, open_ended = found.groups()
    return float(first), float("inf") if open_ended else float(last or first)


Name = tuple[str, ...]  # series, population, breakdown, period, and which of its counts


def name_of_others(whole: Name, part: Name) -> Name:
    """The name of those who are in a population and not in a part of it."""
    return whole[0], f"{whole[1]} other than {part[1]}", *whole[2:]


Monthly = dict[int, Cell]  # by the month's ordinal
RowName = tuple[str, str, str, str, int]  # series, population, breakdown, period, release
UNITS = frozenset({"department", "band"})  # what a share is of, beside everybody: not a characteristic of people


def _across_series(counts: Counts, names: Sequence[RowName]) -> Iterator[Relation]:
    """Months and their year, stocks and flows: what may hold between the series of one group of people."""
    by_group: dict[tuple[str, str, int], dict[tuple[str, str], dict[str, Cell]]] = {}
    for cell in counts.numbers:
        row, part = place_of(cell)
        series, population, breakdown, period, release = names[row]
        by_group.setdefault((population, breakdown, release), {}).setdefault((series, part), {})[period] = cell
    for of_whom, keys in by_group.items():
        monthly = {key: cells for key, own in keys.items() if (cells := _by_month(own))}
        for key, own in keys.items():
            for period, cell in own.items():
                if isinstance(year := _period(period), FinancialYear):
                    last = year.months[-1].ordinal
                    if months := _twelve_months(monthly.get(key, {}), last):
                        yield Relation((of_whom, key, "year"), (cell,), tuple(months))
        for one, other in permutations(monthly, 2):
            if counts.may_hold(other[0], one[0]):
                years = ((cell, _twelve_months(monthly[one], last)) for last, cell in monthly[other].items())
                family = of_whom, one, other, "rolling"
                found = (Relation(family, (cell,), tuple(months)) for cell, months in years if months)
                yield from _holding_always(counts, found)
        for stock, joined, left in permutations((key for key in monthly if key[1] == NUMERATOR), 3):
            # People come into a group and leave it by growing older or moving up, too.
            if (of_whom[1] == ALL or counts.is_exact) and counts.may_hold(stock[0], joined[0], left[0]):
                moves = _moves((of_whom, stock, joined, left), monthly[stock], monthly[joined], monthly[left])
                yield from _holding_always(counts, moves)


def _same_people(counts: Counts, names: Sequence[RowName]) -> Iterator[Relation]:
    first: dict[Hashable, Cell] = {}
    people = cache(partial(_people, counts.sums.people))
    for cell in counts.numbers:
        row, part = place_of(cell)
        series, population, breakdown, *when = names[row]
        known = first.setdefault((people(series, part, breakdown), population, *when), cell)
        if known != cell:
            first_row, first_part = place_of(known)
            family = (SAME_PEOPLE, population, names[first_row][:3], first_part, series, breakdown, part)
            yield Relation(family, (known,), (cell,))


def _people(same: Iterable[tuple[str, str, str, str]], series: str, part: str, breakdown: str) -> tuple[str, str, str]:
    """Whom a count is of: a series, which of its counts, a group; alike for all counts of the same people."""
    groups = set(breakdown.split(SEPARATOR)) - {ALL}
    for its, which, other, group in same:
        if (its, which) == (series, part):
            if part == DENOMINATOR:
                groups = {one for one in groups if one.partition("=")[0] in UNITS}
            return other, NUMERATOR, SEPARATOR.join(sorted(groups | ({group} - {""}))) or ALL
    return series, part, breakdown


def _within_populations(counts: Counts, names: Sequence[RowName]) -> Iterator[Relation]:
    """Support staff are some of all staff, group by group; so are those of them who belong to any group."""
    places = {name: row for row, name in enumerate(names)}
    for smaller, larger in counts.sums.within:
        for row, (series, population, breakdown, period, release) in enumerate(names):
            whole = places.get((series, larger, breakdown, period, release))
            if population != smaller or whole is None:
                continue
            for part in (NUMERATOR, DENOMINATOR):
                cells = (cell_of(whole, part),), (cell_of(row, part),)
                yield _some_of(("in", series, part, breakdown), *cells, is_others=True)
            all_others = cell_of(whole, DENOMINATOR), cell_of(row, NUMERATOR)
            without = cell_of(row, DENOMINATOR), cell_of(whole, NUMERATOR)
            yield _some_of(("in", series, "others", breakdown), all_others, without)


def _holding_always(counts: Counts, relations: Iterable[Relation]) -> Sequence[Relation]:
    """The relations of two or three series if they hold, or can hold, in every month, and say more than that 0 is 0."""
    found = []
    for one in relations:  # one after the other: most series fail in their first month
        whole, parts = counts.ends(one.whole), counts.ends(one.parts)
        if whole[0] > parts[1] or parts[0] > whole[1]:
            return ()
        found.append(one)
    return found if any(counts.ends(one.whole[:1]) != counts.ends(one.parts[:1]) for one in found) else ()


@lru_cache(maxsize=4_096)
def _period(text: str) -> object:
    try:
        return parse_period(text)
    except PeriodError:
        return None


def _by_month(own: dict[str, Cell]) -> Monthly:
    return {month.ordinal: cell for period, cell in own.items() if isinstance(month := _period(period), Month)}


def _twelve_months(monthly: Monthly, last: int) -> list[Cell]:
    months = [monthly[month] for month in range(last - YEAR + 1, last + 1) if month in monthly]
    return months if len(months) == YEAR else []


def _moves(name: Hashable, stock: Monthly, joined: Monthly, left: Monthly) -> Iterator[Relation]:
    """Who was there before and who joined are who is there now and who left."""
    for month, cell in stock.items():
        if month - 1 in stock and month in joined and month in left:
            yield Relation((name, "moves"), (stock[month - 1], joined[month]), (cell, left[month]))
