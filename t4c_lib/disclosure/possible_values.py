"""What a reader can work out of hidden counts: the least and the greatest value that published figures leave.

Counts are whole numbers between a low and a high end; relations are sums that come to nought (total less parts).
Narrowing takes each relation in turn and is exact where relations form no ring; where they do, an integer programme
asks for the ends (scipy's milp, which is HiGHS).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components

UNKNOWN_TOP = 10**7  # people; no employer has as many


class ContradictionError(ValueError):
    """Published figures that no counts can have: a relation was assumed that doesn't hold."""


@dataclass
class CountSystem:
    """Counts between ends, and the sums that hold between them.

    Attributes:
        low: least value of each count so far, inclusive.
        high: greatest value, inclusive.
    """

    low: list[int] = field(default_factory=list)
    high: list[int] = field(default_factory=list)
    _rows: list[int] = field(default_factory=list)
    _columns: list[int] = field(default_factory=list)
    _signs: list[int] = field(default_factory=list)
    _relations: int = 0

    def add_count(self, low: int, high: int) -> int:
        """A count between two ends, both inclusive; gives its number."""
        self.low.append(low)
        self.high.append(high)
        return len(self.low) - 1

    def add_sum(self, plus: Iterable[int], minus: Iterable[int]) -> None:
        """What is added comes to as much as what is taken away; each a number of a count, no count twice."""
        for sign, counts in ((1, plus), (-1, minus)):
            for count in counts:
                self._rows.append(self._relations)
                self._columns.append(count)
                self._signs.append(sign)
        self._relations += 1

    def add_most(self, whole: int, parts: Iterable[int]) -> None:
        """The parts come to the whole at most."""
        rest = self.add_count(0, UNKNOWN_TOP)
        self.add_sum([whole], [*parts, rest])

    @property
    def matrix(self) -> csr_array:
        """The relations, a row each, a column for each count."""
        shape = (self._relations, len(self.low))
        return csr_array(coo_array((self._signs, (self._rows, self._columns)), shape=shape, dtype=float))


def narrowed(system: CountSystem) -> tuple[np.ndarray, np.ndarray]:
    """The ends of every count as each relation by itself leaves them, over and over until nothing changes.

    Raises:
        ContradictionError: no counts fit.
    """
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
    """The least and the greatest value of the counts asked for, given every relation at once.

    Args:
        system: the counts and what holds between them.
        asked: numbers of counts.
        enough: where so many values are known to be possible, no more of them are looked for; None for the exact ends.
        true: the true value of every count, for who knows it: one answer that needs no looking for.

    Returns:
        Two arrays, in the order asked; both ends can be had and are inclusive.

    Raises:
        ContradictionError: no counts fit.
    """
    low, high = narrowed(system)
    wanted = np.asarray(asked, dtype=int)
    if not len(wanted):
        return low[wanted], high[wanted]
    search = _Search(system.matrix, low, high, wanted)
    if true is not None:
        search.take(np.asarray(true, dtype=float))
    search.run(enough)
    least, most = low[wanted], high[wanted]
    least[search.asked], most[search.asked] = search.least, search.most
    return least, most


class _Search:
    """Looks for the ends of the counts that belong to a ring; each solution tells of many of them.

    Attributes:
        asked: places, among those wanted, of the counts that it looks at.
        least: of each of these, the least value seen; likewise `most`.
    """

    def __init__(self, matrix: csr_array, low: np.ndarray, high: np.ndarray, wanted: np.ndarray) -> None:
        self._matrix, self._low, self._high = matrix, low, high
        relations, counts = matrix.shape
        joined = coo_array(matrix)
        graph = coo_array((np.ones(joined.nnz), (joined.row, relations + joined.col)), shape=(relations + counts,) * 2)
        _, labels = connected_components(graph, directed=False)
        nodes, edges = np.bincount(labels), np.bincount(labels[joined.row], minlength=labels.max() + 1)
        self._of_relation, self._of_count = labels[:relations], labels[relations:]
        self.asked = np.flatnonzero((edges >= nodes)[self._of_count[wanted]])
        self._own = wanted[self.asked]
        self._values = (high - low + 1)[self._own]
        self.least, self.most = np.full(len(self._own), np.inf), np.full(len(self._own), -np.inf)

    def take(self, solution: np.ndarray) -> None:
        """Widen the ends to what is possible."""
        values = solution[self._own]
        self.least, self.most = np.fmin(self.least, values), np.fmax(self.most, values)

    def _solve(self, places: np.ndarray, sign: float) -> None:
        """The sum of some of the counts, as small as can be; with a sign of -1 as large."""
        parts = np.unique(self._of_count[self._own[places]])
        relations, counts = (np.flatnonzero(np.isin(of, parts)) for of in (self._of_relation, self._of_count))
        goal = np.zeros(len(self._low))
        goal[self._own[places]] = sign
        found = milp(
            goal[counts],
            integrality=np.ones(len(counts)),
            bounds=Bounds(self._low[counts], self._high[counts]),
            constraints=LinearConstraint(self._matrix[relations][:, counts], 0, 0),
        )
        if found.x is None:
            raise ContradictionError("The published figures contradict each other.")
        solution = np.full(len(self._low), np.nan)
        solution[counts] = np.round(found.x)
        self.take(solution)

    def run(self, enough: int | None) -> None:
        """All at once as long as that shows anything new, then one by one.

        Args:
            enough: how many values of a count are to be shown possible; None for its exact ends.
        """
        aim = self._values if enough is None else np.minimum(self._values, enough)

        def open_ones() -> np.ndarray:
            return np.flatnonzero(~(self.most - self.least + 1 >= aim))

        shows_new = True
        while shows_new and len(left := open_ones()):
            before = self.most - self.least
            self._solve(left, 1.0)
            self._solve(left, -1.0)
            shows_new = not np.array_equal(before, self.most - self.least)
        for place in open_ones():
            self._solve(np.array([place]), 1.0)
            self._solve(np.array([place]), -1.0)
