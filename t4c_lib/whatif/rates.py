"""Rates and shares: from yearly to monthly and back. There are two readings of "12% a year leave"."""

from __future__ import annotations

import math

import numpy as np

from t4c_lib.whatif.values import MONTHS_A_YEAR, Array


def monthly_from_annual_rate(annual: float) -> float:
    """Leavers in a year over the mean headcount, as a chance a month for a stock that stays level: a twelfth.

    0.12 a year is 0.01 a month. This is how NHS leaver rates are published.
    """
    return annual / 12


def monthly_from_cohort_loss(annual: float) -> float:
    """The share of a closed group that has left after a year (1 less the stability index), as a chance a month.

    0.12 of a group in a year is 0.010596 a month, more than a twelfth, because the group shrinks as the year goes on.
    """
    return 1 - math.pow(1 - annual, 1 / 12)


def ageing_out_chance(aged_24: float, aged_16_to_24: float) -> float:
    """The chance a month that somebody aged 16 to 24 turns 25, where single years of age are known.

    A twelfth of those aged 24 turn 25 in a month; 0 where nobody is aged 16 to 24.
    """
    return aged_24 / (12 * aged_16_to_24) if aged_16_to_24 > 0 else 0.0


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
