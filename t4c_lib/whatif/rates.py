"""From yearly rates to monthly chances. Two readings of "12% a year leave", and they are not the same."""

from __future__ import annotations

import math


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
