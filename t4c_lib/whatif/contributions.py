"""How much of a difference each part of a scenario makes.

Levers act on one another: a place on a course is worth more where more of those who come stay. So what one adds depends
on what is there already, and the sum of "each alone" is not the whole. The Shapley average asks what a part adds over
every order in which the parts could be put in place; it is the one rule whose parts add up, that gives equal parts to
levers that act alike, and nothing to one that changes nothing (L. Shapley, A value for n-person games, 1953).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from t4c_lib.errors import SettingError
from t4c_lib.whatif.draws import DEFAULT_SEED

Floats = NDArray[np.float64]
Value = Callable[[frozenset[str]], ArrayLike]

MOST_EXACT = 8  # 2^8 runs; one more lever would double them
SAMPLED_ORDERS = 200


def contributions(
    value: Value, names: Sequence[str], *, orders: int = SAMPLED_ORDERS, seed: int = DEFAULT_SEED
) -> dict[str, Floats]:
    """The part of each name in `value(all) - value(none)`; the parts add up to it.

    Up to 8 names every order counts, exactly. Beyond that, orders are sampled with a seed, each together with its
    reverse; the parts still add up, and which name gets how much is then an estimate.

    Args:
        value: what comes out when only the names in the set are in place; a number or an array, of one shape.
        names: of the parts, each once.
        orders: how many orders are sampled beyond 8 names, 2 or more.
        seed: for the sampling, a whole number of 0 or more.

    Returns:
        For each name an array of the shape of `value`'s.

    Raises:
        SettingError: a name twice, or fewer than 2 orders.
    """
    problems = [f"'{name}' stands twice among the parts" for name in sorted(set(names)) if names.count(name) > 1]
    if orders < 2:
        problems.append(f"the number of orders is 2 or more, not {orders}")
    if problems:
        raise SettingError(problems)
    values = _Remembered(value)
    if len(names) <= MOST_EXACT:
        return {name: _exact(values, name, names) for name in names}
    return _sampled(values, names, _orders(names, orders, seed))


def subsets(names: Iterable[str]) -> list[frozenset[str]]:
    """Every set of the names, the empty one first: what the exact contributions look at, to be run in one go."""
    found = [frozenset[str]()]
    for name in names:
        found += [one | {name} for one in found]
    return found


def subsets_needed(
    names: Sequence[str], orders: int = SAMPLED_ORDERS, seed: int = DEFAULT_SEED
) -> list[frozenset[str]]:
    """Every set of names that `contributions` will ask the value of, each once, for working them out in one go."""
    if len(names) <= MOST_EXACT:
        return subsets(names)
    found = dict.fromkeys(
        frozenset(order[:count]) for order in _orders(names, orders, seed) for count in range(len(names) + 1)
    )
    return list(found)


class _Remembered:
    """Values by set, each worked out once."""

    def __init__(self, value: Value) -> None:
        self._value, self._known = value, dict[frozenset[str], Floats]()

    def __call__(self, names: frozenset[str]) -> Floats:
        if names not in self._known:
            self._known[names] = np.asarray(self._value(names), dtype=np.float64)
        return self._known[names]


def _exact(values: _Remembered, name: str, names: Sequence[str]) -> Floats:
    count = len(names)
    total = np.zeros_like(values(frozenset()))
    for before in subsets(other for other in names if other != name):
        # The share of all orders in which exactly these stand before the name.
        weight = math.factorial(len(before)) * math.factorial(count - len(before) - 1) / math.factorial(count)
        total = total + weight * (values(before | {name}) - values(before))
    return total


def _orders(names: Sequence[str], count: int, seed: int) -> list[list[str]]:
    chance = np.random.default_rng(seed)
    found: list[list[str]] = []
    while len(found) < count:
        order = [names[place] for place in chance.permutation(len(names))]
        found += [order, order[::-1]]
    return found


def _sampled(values: _Remembered, names: Sequence[str], orders: list[list[str]]) -> dict[str, Floats]:
    totals = {name: np.zeros_like(values(frozenset())) for name in names}
    for order in orders:
        before = frozenset[str]()
        for name in order:
            totals[name] = totals[name] + values(before | {name}) - values(before)
            before |= {name}
    return {name: total / len(orders) for name, total in totals.items()}
