"""Chance, the same on every machine.

Only `Generator.random` is used: of all numpy's draws it is the one whose stream has never changed between versions.
Everything else is comparison, addition and linear interpolation, which every processor does alike; no logarithms, whose
last digit differs from one library to the next. Each topic has a stream of its own, so that a column more tomorrow
leaves today's columns as they are.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


class Draw:
    """A stream of chance for one topic of one organisation."""

    def __init__(self, seed: int, organisation: str, topic: str) -> None:
        digest = hashlib.sha256(f"{seed}/{organisation}/{topic}".encode()).digest()
        self._generator = np.random.Generator(np.random.PCG64(int.from_bytes(digest[:16], "big")))

    def uniform(self, count: int) -> Floats:
        """`count` numbers from 0 (included) to 1 (not included), all equally likely."""
        return self._generator.random(count)

    def happens(self, chance: Floats | float, count: int) -> Flags:
        """For each of `count`: True with its chance."""
        return self.uniform(count) < chance

    def choose(self, weights: Sequence[float], count: int) -> Ints:
        """`count` positions in `weights`, each as likely as its weight; the weights need not add up to 1."""
        return pick(weights, self.uniform(count))

    def whole(self, low: int, high: int, count: int) -> Ints:
        """`count` whole numbers from low to high, both included, all equally likely."""
        return low + (self.uniform(count) * (high - low + 1)).astype(np.int64)

    def along(self, chances: Sequence[float], values: Sequence[float], count: int) -> Floats:
        """`count` draws from a distribution given by points of its quantile function, straight in between."""
        return np.interp(self.uniform(count), chances, values)


def pick(weights: Sequence[float], at: Floats) -> Ints:
    """The positions at which numbers from 0 to 1 fall when the weights are laid end to end over that stretch."""
    edges = np.add.accumulate(np.asarray(weights, dtype=np.float64))
    found: Ints = np.searchsorted(edges, at * edges[-1], side="right").astype(np.int64)
    return np.minimum(found, len(weights) - 1)
