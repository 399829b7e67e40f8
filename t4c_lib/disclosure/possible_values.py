"""What a reader can work out of hidden counts: the least and the greatest value that published figures leave.

Counts are whole numbers between a low and a high end; relations are sums that come to nought (total less parts).
Narrowing takes each relation in turn and is exact where relations form no ring; where they do, an integer programme
asks for the ends (HiGHS).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from highspy import Highs, HighsLp, HighsModelStatus, HighsVarType, MatrixFormat
from scipy.sparse import coo_array, csc_array, csr_array
from scipy.sparse.csgraph import connected_components

UNKNOWN_TOP = 10**7  # people; no employer has as many
WHOLE = 1e-6  # what is as near to a whole number as this is one


class ContradictionError(ValueError):
    """Published figures that no counts can have: a relation was assumed that doesn't hold."""


@dataclass
class CountSystem:
    """Counts between ends, and the sums that hold between them."""

    low: list[int] = field(default_factory=list)  #: least value of each count so far, inclusive
    high: list[int] = field(default_factory=list)  #: greatest value, inclusive
    _rows: list[int] = field(default_factory=list)
    _columns: list[int] = field(default_factory=list)
    _signs: list[int] = field(default_factory=list)
    _relations: int = 0

    def add_count(self, low: int, high: int) -> int:
        """A count between two ends, both inclusive; gives its number."""
        self.low.append(low)
        self.high.append(high)
        return len(self.low) - 1

    def add_sums(self, relations: np.ndarray, counts: np.ndarray, signs: np.ndarray, lacks: np.ndarray) -> np.ndarray:
        """Sums that come to nothing, or to no less than nothing where some of what is taken away may be missing.

        Gives the numbers of what is missing, new counts, one for each relation that may lack some (`lacks`).
        `relations`: of each term the place of its relation, from 0. `counts`: the number of its count; none twice in a
        relation. `signs`: 1 where it is added, -1 where it is taken away.
        """
        lacking = np.flatnonzero(lacks)
        rests = len(self.low) + np.arange(len(lacking))
        self.low.extend([0] * len(rests))
        self.high.extend([UNKNOWN_TOP] * len(rests))
        self._rows.extend([*(relations + self._relations).tolist(), *(lacking + self._relations).tolist()])
        self._columns.extend([*counts.tolist(), *rests.tolist()])
        self._signs.extend([*signs.tolist(), *[-1] * len(rests)])
        self._relations += len(lacks)
        return rests

    @property
    def matrix(self) -> csr_array:
        """The relations, a row each, a column for each count."""
        shape = (self._relations, len(self.low))
        return csr_array(coo_array((self._signs, (self._rows, self._columns)), shape=shape, dtype=float))


def narrowed(system: CountSystem) -> tuple[np.ndarray, np.ndarray]:
    """Every count's ends as each relation by itself leaves them, until nothing changes. Raises ContradictionError."""
    low, high = np.array(system.low, dtype=float), np.array(system.high, dtype=float)
    matrix = system.matrix
    if not matrix.nnz:
        return low, high
    rows = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    columns, signs, starts = matrix.indices, matrix.data, matrix.indptr[:-1]
    while True:
        least = np.where(signs > 0, low[columns], -high[columns])
        most = np.where(signs > 0, high[columns], -low[columns])
        others_least = np.add.reduceat(least, starts)[rows] - least
        others_most = np.add.reduceat(most, starts)[rows] - most
        own_low = np.where(signs > 0, -others_most, others_least)
        own_high = np.where(signs > 0, -others_least, others_most)
        new_low, new_high = low.copy(), high.copy()
        np.maximum.at(new_low, columns, own_low)
        np.minimum.at(new_high, columns, own_high)
        if np.any(new_low > new_high):
            raise ContradictionError("The published figures contradict each other.")
        if np.array_equal(new_low, low) and np.array_equal(new_high, high):
            return low, high
        low, high = new_low, new_high


def possible_values(
    system: CountSystem, asked: Sequence[int], *, enough: int | None = None, true: Sequence[int] | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """The least and the greatest value of the counts asked for, in that order, given every relation at once.

    Both ends can be had and are inclusive. Where `enough` values are known to be possible, no more are looked for; None
    for the exact ends. `true`: the true value of every count, for who knows it: one answer that needs no looking for.
    Raises ContradictionError: no counts fit.
    """
    low, high = narrowed(system)
    wanted = np.asarray(asked, dtype=int)
    if not len(wanted):
        return low[wanted], high[wanted]
    search = _Search(system.matrix, low, high, wanted)
    if true is not None:
        search.take(np.asarray(true, dtype=float)[wanted[search.asked]])
    search.run(enough)
    least, most = low[wanted], high[wanted]
    least[search.asked], most[search.asked] = search.least, search.most
    return least, most


class _Search:
    """Looks for the ends of the counts that belong to a ring; each solution tells of many of them.

    The solver (HiGHS) is given the sums once, and goes on from its last answer when another is asked for. `asked` has
    the places, among those wanted, of the counts that it looks at; `least` and `most` the values seen of each.
    """

    def __init__(self, matrix: csr_array, low: np.ndarray, high: np.ndarray, wanted: np.ndarray) -> None:
        # What stands in one sum only and isn't asked for need not be found: it leaves the sum between two ends.
        is_slack = np.diff(matrix.tocsc().indptr) == 1
        is_slack[wanted] = False
        ends = _ends_of_sums(-matrix[:, is_slack], low[is_slack], high[is_slack])
        columns = np.flatnonzero(~is_slack)
        low, high, values = low[columns], high[columns], (high - low + 1)[wanted]
        sums = matrix[:, columns]
        least, most = _ends_of_sums(sums, low, high)
        can_bind = (least < ends[0]) | (most > ends[1])  # a small part of a large whole never comes near it
        sums, ends = sums[can_bind], (ends[0][can_bind], ends[1][can_bind])
        relations, counts = sums.shape
        joined = coo_array(sums)
        graph = coo_array((np.ones(joined.nnz), (joined.row, relations + joined.col)), shape=(relations + counts,) * 2)
        _, labels = connected_components(graph, directed=False)
        nodes, edges = np.bincount(labels), np.bincount(labels[joined.row], minlength=labels.max() + 1)
        of_relation, of_count = labels[:relations], labels[relations:]
        places = np.searchsorted(columns, wanted)
        self.asked = np.flatnonzero((edges >= nodes)[of_count[places]])
        own, self._values = places[self.asked], values[self.asked]
        self.least, self.most = np.full(len(own), np.inf), np.full(len(own), -np.inf)
        parts = np.unique(of_count[own])
        kept, rows = np.flatnonzero(np.isin(of_count, parts)), np.flatnonzero(np.isin(of_relation, parts))
        self._places = np.searchsorted(kept, own).astype(np.int32)
        self._columns = np.arange(len(kept), dtype=np.int32)
        self._solver = _solver(sums[rows][:, kept].tocsc(), (low[kept], high[kept]), (ends[0][rows], ends[1][rows]))

    def take(self, values: np.ndarray) -> None:
        """Widen the ends to what is possible: the value of each count that it looks at, in one answer."""
        self.least, self.most = np.fmin(self.least, values), np.fmax(self.most, values)

    def _solve(self, places: np.ndarray, signs: np.ndarray) -> None:
        """The sum of some of the counts, each with its sign, as small as can be."""
        costs = np.zeros(len(self._columns))
        costs[self._places[places]] = signs
        self._solver.changeColsCost(len(costs), self._columns, costs)
        values = self._answer()
        if np.abs(values - np.round(values)).max(initial=0) > WHOLE:
            for kind in (HighsVarType.kInteger, HighsVarType.kContinuous):
                self._solver.changeColsIntegrality(len(costs), self._columns, np.full(len(costs), kind))
                values = self._answer() if kind == HighsVarType.kInteger else values
        self.take(np.round(values)[self._places])

    def _answer(self) -> np.ndarray:
        self._solver.run()
        if self._solver.getModelStatus() != HighsModelStatus.kOptimal:
            raise ContradictionError("The published figures contradict each other.")
        return np.array(self._solver.getSolution().col_value)

    def run(self, enough: int | None) -> None:
        """Many at once as long as that shows anything new, then one by one; up to `enough` values, or all of them."""
        aim = self._values if enough is None else np.minimum(self._values, enough)
        # Any signs will do; counts that add up to one another are told apart by different ones.
        drawn = np.random.default_rng(0)

        def open_ones() -> np.ndarray:
            return np.flatnonzero(~(self.most - self.least + 1 >= aim))

        shows_new, signs = True, np.ones(len(aim))
        while shows_new and len(left := open_ones()):
            before = self.most - self.least
            self._solve(left, signs[left])
            self._solve(left, -signs[left])
            shows_new, signs = not np.array_equal(before, self.most - self.least), drawn.choice([-1.0, 1.0], len(aim))
        for place in open_ones():
            self._solve(np.array([place]), np.ones(1))
            self._solve(np.array([place]), -np.ones(1))


def _ends_of_sums(rows: csr_array, low: np.ndarray, high: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    plus, minus = rows.maximum(0), rows.minimum(0)
    return plus @ low + minus @ high, plus @ high + minus @ low


def _solver(rows: csc_array, columns: tuple[np.ndarray, np.ndarray], sums: tuple[np.ndarray, np.ndarray]) -> Highs:
    model, solver = HighsLp(), Highs()  # type: ignore[no-untyped-call]
    model.num_row_, model.num_col_ = rows.shape
    model.col_cost_ = np.zeros(rows.shape[1])
    (model.col_lower_, model.col_upper_), (model.row_lower_, model.row_upper_) = columns, sums
    model.a_matrix_.format_ = MatrixFormat.kColwise
    model.a_matrix_.start_, model.a_matrix_.index_, model.a_matrix_.value_ = rows.indptr, rows.indices, rows.data
    solver.setOptionValue("output_flag", False)
    solver.passModel(model)
    return solver
