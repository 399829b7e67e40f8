"""What somebody can work out who has nothing but published figures, of one release or of several."""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import lru_cache

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from t4c_lib.disclosure import relations
from t4c_lib.disclosure.possible_values import UNKNOWN_TOP, ContradictionError, CountSystem, possible_values
from t4c_lib.disclosure.relations import ALL, DENOMINATOR, KEY, NUMERATOR, Cell, Counts, Name, Relation, SeriesSums
from t4c_lib.disclosure.suppression_policy import AS_PUBLISHED, LEFT_OUT, TREATMENT, Policy


def narrow_counts(
    releases: Sequence[pd.DataFrame], policy: Policy, sums: SeriesSums
) -> tuple[dict[Name, tuple[int, int, tuple[Name, ...]]], int]:
    """The hidden counts of the last release of which too few values are left, and how many are hidden.

    Who takes groups to make up a whole that they don't, or a year to be of other months, comes to figures that
    contradict each other, and learns nothing. Then groups are taken to be some of their whole; at last, series to count
    other people.

    `releases`: published figures, without those of time; the oldest first. `policy`: by which they were made. `sums`:
    what is known to hold between series. Gives of each count its least and greatest value, and the counts that tell
    most directly of it. And a number.
    """
    intruder = Intruder(releases, policy, sums)
    for is_wary, knows_series in ((False, True), (True, True), (True, False)):
        with suppress(ContradictionError):
            return intruder.narrow(is_wary=is_wary, knows_series=knows_series), len(intruder.hidden)
    return {}, len(intruder.hidden)


class Intruder:
    """Who has read releases, the oldest first. A count is the same in each unless it was corrected in between.

    What holds between counts is taken from the figures: groups make up their whole, as long as they can in every
    period. Between series it is what `sums` says.
    """

    def __init__(self, releases: Sequence[pd.DataFrame], policy: Policy, sums: SeriesSums) -> None:
        self._policy, self._sums = policy, sums
        self._system = CountSystem()  # the counts as read, without anything that holds between them
        self._relations: list[Relation] = []
        self.hidden: set[int] = set()  # of the last release
        self._numbers: dict[Name, int] = {}
        self._cells: dict[Cell, int] = {}
        self._official: set[Cell] = set()
        self._names: dict[int, Name] = {}
        numbered = [one.assign(**{relations.RELEASE: number}) for number, one in enumerate(releases)]
        self._figures = pd.concat(numbered, ignore_index=True)
        names = (relations.RELEASE, TREATMENT, "value", NUMERATOR, DENOMINATOR, *KEY)
        rows = zip(*(self._figures[name].tolist() for name in names), strict=True)
        for place, (release, treatment, value, numerator, denominator, *key) in enumerate(rows):
            plain = pd.isna(denominator) and pd.isna(numerator)
            for part, count in ((NUMERATOR, value if plain else numerator), (DENOMINATOR, denominator)):
                if not treatment or (part == DENOMINATOR and pd.isna(count)):
                    continue  # it has none, or it is hidden: no reader can tell
                name = (*map(str, key), part)
                is_hidden = bool(pd.isna(count))
                ends = _ends(self._policy, None if is_hidden else count, treatment)
                self._cells[relations.cell_of(place, part)] = number = self._number(name, *ends)
                if treatment == AS_PUBLISHED:
                    self._official.add(relations.cell_of(place, part))
                if is_hidden and release == len(releases) - 1:
                    self.hidden.add(number)

    def _number(self, name: Name, low: int, high: int) -> int:
        if (number := self._numbers.get(name)) is not None:
            both = max(low, self._system.low[number]), min(high, self._system.high[number])
            if both[0] <= both[1]:
                self._system.low[number], self._system.high[number] = both
                return number
        number = self._system.add_count(low, high)
        self._numbers[name], self._names[number] = number, name
        return number

    def narrow(self, *, is_wary: bool, knows_series: bool) -> dict[Name, tuple[int, int, tuple[Name, ...]]]:
        """The hidden counts of the last release that have too few values left, as `narrow_counts` gives them.

        So do counts of few people that nobody publishes: those of a population who are not in a part of it. Who is wary
        takes groups to be some of their whole only, and guesses nothing; who knows the series takes them to count the
        same people where they should.

        Raises ContradictionError: no counts can have been published so.
        """
        fewest, system = self._policy.fewest_possible_values, CountSystem([*self._system.low], [*self._system.high])
        counts = Counts(system, self._cells, sums=self._sums, is_wary=is_wary)
        self._relations = self._relations or relations.relations_of(counts, self._figures)
        counts.take(one for one in self._relations if knows_series or one.family[0] != relations.SAME_PEOPLE)
        others = {
            rest: relations.name_of_others(*(self._names[self._cells[cell]] for cell in cells))
            for rest, cells in counts.others.items()
            if not self._official.issuperset(cells)
        }
        asked = sorted(self.hidden | others.keys())
        least, most = possible_values(system, asked, enough=fewest)
        found = np.array(asked, dtype=int)[(most - least + 1 < fewest) & self._policy.hides(most)].tolist()
        names, matrix = self._names | others, system.matrix
        ends = zip(*possible_values(system, found), strict=True) if found else ()
        return {
            names[number]: (int(low), int(high), _beside(number, matrix, names))
            for number, (low, high) in zip(found, ends, strict=True)
        }


def _beside(number: int, matrix: csr_array, names: Mapping[int, Name]) -> tuple[Name, ...]:
    """The counts that tell most directly of one: those of the shortest sum that it belongs to."""
    sums = [matrix[[row]].indices for row in matrix[:, [number]].nonzero()[0]]
    shortest = min(sums, key=len, default=np.array([], dtype=int))
    return tuple(names[other] for other in shortest if other != number and other in names)


@lru_cache(maxsize=4_096)  # published counts are few different numbers, in thousands of cells
def _ends(policy: Policy, count: float | None, treatment: str) -> tuple[int, int]:
    """The least and the greatest count behind a published one; None for one that is not shown."""
    if treatment == AS_PUBLISHED:
        return (0, UNKNOWN_TOP) if count is None else (int(np.floor(count)), int(np.ceil(count)))
    if count is None and treatment == LEFT_OUT:
        return 0, UNKNOWN_TOP
    low, high = policy.possible([np.nan if count is None else count])
    return int(low[0]), int(high[0])


# Days are no people, so counts say nothing of them. A rate of fewer than 20 people is not published; nor may it be
# worked out, of a group that alone is hidden, or of those of a group who are not support staff.
SMALLEST_REST = 0.5  # days; what is less comes of rounding, and is nobody's


Days = Mapping[str, tuple[int, float]]  # by group: its row in the table's index, and the days shown, NaN for none


def days_of_few(
    table: pd.DataFrame, least: float, within: Iterable[tuple[str, str]], rounding: float = 0.0
) -> Iterator[tuple[list[int], str, float]]:
    """Rows of which something of too few people can be worked out: in words of whom, and how many days they have.

    `table`: rows of days of one organisation: series, population, breakdown, period, and as denominator the days that
    are shown, NaN where they are not. `least`: days that are of enough people. `within`: a population, and the one that
    it is a part of. `rounding`: days by which each row may differ from what was counted; what is less than `least` by
    no more than that is not found.
    """
    of_period: dict[tuple[str, ...], dict[str, tuple[int, float]]] = defaultdict(dict)
    columns = (table[name].tolist() for name in ("series", "period", "population", "breakdown", "denominator"))
    for label, *key, breakdown, days in zip(table.index.tolist(), *columns, strict=True):
        of_period[tuple(map(str, key))][breakdown] = label, days
    for (series, period, population), rows in of_period.items():
        yield from _rests(rows, population, least, rounding)
        for whole in (wide for part, wide in within if part == population):
            if (all_of_them := of_period.get((series, period, whole))) is not None:
                yield from _others(rows, all_of_them, (population, whole), least, rounding)


def _levels(rows: Days) -> Iterable[list[str]]:
    """Groups that make up the whole together: those of one characteristic, or of the same several."""
    levels = defaultdict(list)
    for group in rows:
        if group != ALL:
            levels[relations.characteristics_of(group)].append(group)
    return levels.values()


def _shown(rows: Days, groups: Iterable[str]) -> tuple[list[int], float]:
    """The labels of those that are shown, and their days together."""
    there = [rows[group] for group in groups if not math.isnan(rows[group][1])]
    return [label for label, _ in there], sum(days for _, days in there)


def _rests(rows: Days, population: str, least: float, rounding: float) -> Iterator[tuple[list[int], str, float]]:
    _, whole = rows.get(ALL, ("", math.nan))
    for level in _levels(rows):
        labels, days = _shown(rows, level)
        rest, unsure = whole - days, rounding * (len(labels) + 1)
        if labels and unsure + SMALLEST_REST < rest < least - unsure:
            yield labels, f"those of {population} who are in no group that is shown", rest


def _others(
    part: Days, whole: Days, names: tuple[str, str], least: float, rounding: float
) -> Iterator[tuple[list[int], str, float]]:
    """Those of a population who are not in a part of it: of all, of each group, and of the groups that aren't shown."""
    both = ((group, whole[group][1] - days) for group, (_, days) in part.items() if group in whole)
    rest = {group: days for group, days in both if not math.isnan(days)}
    of_all = rest.get(ALL, math.nan)
    if of_all < least - 2 * rounding:
        yield _shown(part, part)[0], f"those of {names[1]} who are not {names[0]}", of_all
        return
    for level in _levels(part):
        labels, _ = _shown(part, level)
        there = {group: rest[group] for group in level if group in rest}
        few = {group: days for group, days in there.items() if days < least - 2 * rounding}
        for group, days in few.items():
            yield labels, f"those of {names[1]} in {group} who are not {names[0]}", days
        left, unsure = of_all - sum(there.values()), 2 * rounding * (len(there) + 1)
        if not few and labels and unsure + SMALLEST_REST < left < least - unsure:
            yield labels, f"those of {names[1]} in no group that is shown who are not {names[0]}", left
