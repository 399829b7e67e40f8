"""Which part of the newcomers holds the Care Certificate, day by day: a Kaplan-Meier curve.

No page, report or command shows it yet: the gallery does, and tests hold it.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from t4c_lib.evidence.column_checks import Floats, Mask
from t4c_lib.evidence.staff_extract.person_months import Ints
from t4c_lib.evidence.staff_extract.turnover_moves_and_certificates import WEEKS_SERIES


@dataclass(frozen=True, eq=False)
class Curve:
    """The share of newcomers who hold the certificate by each day, those not followed to the end taken into account.

    Attributes:
        days: days after the first day, increasing.
        share: estimated share certified by the end of each day, 0 to 1; never falls.
        at_risk: newcomers who up to that day were employed, followed and without the certificate; those certified on
            the day are still among them.
        newcomers: how many the curve is made of.
        low: lower end of the 95% interval of the share: Greenwood's variance on the log-log scale; NaN where none can
            be made, as before the first certificate.
        high: its upper end.
    """

    days: Ints
    share: Floats
    at_risk: Ints
    newcomers: int
    low: Floats
    high: Floats


def curve(days: NDArray[np.integer], certified: Mask, at: NDArray[np.integer] | None = None) -> Curve:
    """The Kaplan-Meier estimate (Kaplan and Meier 1958), by scipy.

    Leaving, and the end of what is known, censor: the person counts as followed up to and including that day.

    Args:
        days: for each newcomer the days from the first day to the certificate or, without it, to the last day known.
        certified: whether it is the certificate.
        at: the days to tell; if None, those on which something happened.
    """
    from scipy.stats import CensoredData, ecdf

    days = np.maximum(np.asarray(days, dtype=np.int64), 0)
    certified = np.asarray(certified, dtype=bool)
    told = np.unique(days) if at is None else np.asarray(at, dtype=np.int64)
    if not len(days):
        unknown = np.full(len(told), np.nan)
        return Curve(told, np.zeros(len(told)), np.zeros(len(told), dtype=np.int64), 0, unknown, unknown)
    estimate = ecdf(CensoredData(uncensored=days[certified], right=days[~certified]))
    share = np.asarray(estimate.cdf.evaluate(told), dtype=np.float64)
    at_risk = len(days) - np.searchsorted(np.sort(days), told, side="left")
    with np.errstate(divide="ignore", invalid="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # there is no interval before the first certificate
        interval = estimate.cdf.confidence_interval(method="log-log")
    low, high = (np.where(share > 0, end.evaluate(told), np.nan) for end in (interval.low, interval.high))
    return Curve(told, np.clip(share, 0.0, 1.0), at_risk.astype(np.int64), len(days), low, high)


def curve_of(observations: pd.DataFrame, organisation: str, period: str | None = None) -> Curve | None:
    """The curve of an organisation out of its observations, a point a week; None where there are none.

    Args:
        observations: with the columns of OBSERVATION_COLUMNS, as the store gives them.
        organisation: its code.
        period: the month up to whose end newcomers were followed; the newest if None.
    """
    found = observations[(observations["series"] == WEEKS_SERIES) & (observations["organisation"] == organisation)]
    found = found[found["period"] == (found["period"].max() if period is None else period)]
    if found.empty or found[["numerator", "denominator"]].isna().to_numpy().any():
        return None
    week = found["breakdown"].str.removeprefix("week=").astype("int64").to_numpy()
    order = np.argsort(week)
    week, gained, at_risk = (
        np.asarray(column)[order].astype(np.int64) for column in (week, found["numerator"], found["denominator"])
    )
    lost = at_risk - gained - np.append(at_risk[1:], 0)  # who left, or isn't known longer, by the end of the week
    days = 7 * np.concatenate([np.repeat(week, gained), np.repeat(week, lost)])
    return curve(days, np.arange(len(days)) < gained.sum(), 7 * week)
