"""The Care Certificate: how long newcomers take, and which share of them is within 84 days.

The time to the certificate follows a gamma distribution. Its mean is the one with which today's share of newcomers is
within 84 days; its spread is assumed. Part of the mean is waiting for an assessor; that part grows with the newcomers
for each assessor: twice the newcomers, or half the capacity, and the wait is twice as long. So the share within 84 days
is not linear in the lever.
"""

from __future__ import annotations

import numpy as np

from t4c_lib.whatif.flows import Run
from t4c_lib.whatif.model_parameters import MONTHS_A_YEAR, Array, over_a_year, ratio

DAYS_ALLOWED = 84
DAYS_A_WEEK = 7
# Newcomers of a month are past their 84th day three months later.
MONTHS_UNTIL_KNOWN = 3
# Joiners a month below which there is no load of today to compare with.
HARDLY_ANYBODY = 1e-9
# A gamma distribution has nobody at no time at all, nor anybody for ever.
NEARLY_NONE = 1e-6


def mean_weeks(run: Run) -> Array:
    """Mean weeks to the certificate of those who start in each month: months + 1 x batch."""
    inputs, usual = run.inputs, _joiners_today(run)
    # Assessors see to a year's newcomers: more in one month than in another is not more than they can take on.
    joiners = over_a_year(run.joiners.support.sum(axis=1), usual) / MONTHS_A_YEAR
    # Month 0 stands for today; where nobody joins today there is no load to compare with, and it is left as it is.
    load = np.divide(joiners, usual, out=np.ones_like(joiners), where=usual > HARDLY_ANYBODY)
    load[0] = 1.0
    capacity = inputs.moved("assessor-capacity")
    if capacity is not None:
        load = load / (1 + capacity)
    waiting = inputs.rate("care-certificate-waiting")
    today = _mean_weeks_today(inputs.rate("care-certificate-in-time"), inputs.rate("care-certificate-spread"))
    weeks: Array = today * (1 - waiting + waiting * load)
    return weeks


def _mean_weeks_today(share: Array, spread: Array) -> Array:
    """The mean with which a share of newcomers is within 84 days; none or all of them are taken as nearly so."""
    from scipy.special import gammaincinv

    shape = 1 / spread**2
    within = np.clip(share, NEARLY_NONE, 1 - NEARLY_NONE)
    return np.asarray(DAYS_ALLOWED * shape / (DAYS_A_WEEK * gammaincinv(shape, within)))


def _joiners_today(run: Run) -> Array:
    return run.inputs.today("join_support_young") + run.inputs.today("join_support_older")


def share_within(days: float, weeks: Array, spread: Array) -> Array:
    """Share of newcomers certified within so many days, for mean weeks and a spread (standard deviation over mean)."""
    from scipy.special import gammainc

    shape = 1 / spread**2
    share: Array = gammainc(shape, days * shape / (weeks * DAYS_A_WEEK))
    return share


def certified_in_time(run: Run) -> Array:
    """Of newcomers whose first 84 days ended in the year to each month, the share certified: months + 1 x batch."""
    shares = share_within(DAYS_ALLOWED, mean_weeks(run), run.inputs.rate("care-certificate-spread"))
    late = np.empty_like(shares)
    late[:MONTHS_UNTIL_KNOWN] = shares[0]
    late[MONTHS_UNTIL_KNOWN:] = shares[: max(len(shares) - MONTHS_UNTIL_KNOWN, 0)]
    late = over_a_year(late, late[0]) / MONTHS_A_YEAR
    if run.individual_chance is None:
        return late
    usual, counted = _joiners_today(run), run.inputs.counted("newcomers_to_care")
    part = np.where(np.isnan(counted), run.inputs.rate("care-starter-share"), ratio(counted, MONTHS_A_YEAR * usual))
    newcomers = over_a_year(run.flow_flat("support_joiners"), usual) * part
    return run.individual_chance.share_of_people(late, newcomers)
