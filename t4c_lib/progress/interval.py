"""How sure a figure is that was counted: Wilson's interval for shares of people, Byar's for events per exposure.

Formulas: E. B. Wilson, Journal of the American Statistical Association 22 (1927), 209-212, without correction for
continuity; Byar's approximation as in N. E. Breslow and N. E. Day, Statistical Methods in Cancer Research, volume II
(1987), page 69.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

LEVEL = 0.95
Method = Literal["Wilson", "Byar"]


@dataclass(frozen=True)
class Interval:
    """The values that a figure's count is compatible with.

    Attributes:
        low: lower end, in the figure's unit.
        high: upper end.
        method: whose formula.
        level: how often such an interval holds the true value.
        is_approximate: whether it was made of a rounded or weighted percentage and its base, not of counts.
    """

    low: float
    high: float
    method: Method
    level: float = LEVEL
    is_approximate: bool = False


@lru_cache(maxsize=8)
def _z(level: float) -> float:
    if not 0 < level < 1:
        raise ValueError(f"A level of confidence lies between 0 and 1, not at {level}.")
    return NormalDist().inv_cdf(0.5 + level / 2)


def wilson(events: ArrayLike, people: ArrayLike, level: float = LEVEL) -> tuple[np.ndarray, np.ndarray]:
    """Lower and upper ends for a share of people.

    Args:
        events: how many were counted, each between 0 and its number of people.
        people: out of how many.
        level: of confidence.

    Returns:
        Two arrays of fractions; NaN where there is nobody, or where a count is NaN. Nobody of any has a lower end of
        exactly 0, and all of them an upper end of exactly 1.

    Raises:
        ValueError: a negative count, or more events than people.
    """
    x, n = np.broadcast_arrays(np.asarray(events, dtype=float), np.asarray(people, dtype=float))
    if np.any(x < 0) or np.any(n < 0) or np.any(x > n):
        raise ValueError("A share of people needs counts with 0 <= counted <= all.")
    z2 = _z(level) ** 2
    known = np.where(n > 0, n, np.nan)
    share = x / known
    middle = (x + z2 / 2) / (known + z2)
    half = _z(level) / (known + z2) * np.sqrt(known * share * (1 - share) + z2 / 4)
    low = np.where(x == 0, np.where(np.isnan(known), np.nan, 0.0), middle - half)
    high = np.where(x == n, np.where(np.isnan(known), np.nan, 1.0), middle + half)
    return low, high


def byar(events: ArrayLike, exposure: ArrayLike, level: float = LEVEL) -> tuple[np.ndarray, np.ndarray]:
    """Lower and upper ends for a rate: events over exposure.

    Args:
        events: how many there were, 0 or more.
        exposure: over how much, such as the average number of people employed in a year.
        level: of confidence.

    Returns:
        Two arrays in events per unit of exposure; NaN where there was no exposure, or where a number is NaN. No event
        at all has a lower end of exactly 0.

    Raises:
        ValueError: a negative number.
    """
    x, over = np.broadcast_arrays(np.asarray(events, dtype=float), np.asarray(exposure, dtype=float))
    if np.any(x < 0) or np.any(over < 0):
        raise ValueError("A rate needs events and an exposure of 0 or more.")
    z = _z(level)
    known = np.where(over > 0, over, np.nan)
    some = np.where(x > 0, x, 1.0)
    low = np.where(x == 0, 0.0 * known, some * (1 - 1 / (9 * some) - z / (3 * np.sqrt(some))) ** 3 / known)
    more = x + 1
    high = more * (1 - 1 / (9 * more) + z / (3 * np.sqrt(more))) ** 3 / known
    return np.maximum(low, 0.0), high
