"""Rates and shares: from yearly to monthly, and parts of wholes."""

from __future__ import annotations

import numpy as np

from t4c_lib.whatif.values import MONTHS_A_YEAR, Array


def monthly_from_annual_rate(annual: float) -> float:
    """Leavers in a year over the mean headcount, as a chance a month for a stock that stays level: a twelfth.

    0.12 a year is 0.01 a month. This is how NHS leaver rates are published.
    """
    return annual / 12


def ratio(part: Array, whole: Array) -> Array:
    """Part / whole, 0 where there is no whole."""
    return np.divide(part, whole, out=np.zeros(np.broadcast_shapes(part.shape, whole.shape)), where=whole > 0)


def share(part: Array, whole: Array) -> Array:
    """The share of people who are counted within a whole, 0 where there is nobody, never above 1.

    Both are sums of the same stocks taken in different orders, so the part of all can come out a last digit larger.
    """
    return np.minimum(ratio(part, whole), 1.0)


def over_a_year(flow: Array, today: Array) -> Array:
    """The sum of the last 12 months at each month; months up to month 0 count as today.

    Args:
        flow: months + 1 x batch; what stands at month 0 is not used.
        today: batch; a month's flow of today.
    """
    since = np.cumsum(flow, axis=0) - flow[0]
    year = since.copy()
    year[MONTHS_A_YEAR:] -= since[: max(len(flow) - MONTHS_A_YEAR, 0)]
    before = np.maximum(MONTHS_A_YEAR - np.arange(len(flow)), 0.0)[:, None]
    total: Array = year + before * today
    return total
