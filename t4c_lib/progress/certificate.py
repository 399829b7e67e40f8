"""How soon newcomers get the Care Certificate: a curve over the weeks, out of what the store holds."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from t4c_lib.evidence.care_certificate import DAYS, WEEKS_SERIES, curve_of
from t4c_lib.evidence.observation import State

CURVE_COLUMNS = ("week", "day", "month", "share", "low", "high", "at_risk")
_DAYS_A_MONTH = 365.25 / 12


@dataclass(frozen=True, eq=False)
class CertificateCurve:
    """A Kaplan-Meier curve: those who left, or came only lately, count for as long as they were followed.

    Attributes:
        period: the month up to whose end newcomers of twelve months were followed.
        newcomers: how many it is made of.
        table: one row a week with CURVE_COLUMNS: `day` and `month` since the first day at work (months of 30.4 days),
            `share` certified by then (0-1), `low` and `high` of its 95% interval (NaN where none can be made), and
            `at_risk`, newcomers who had come so far without the certificate, those who got it in that week included.
            It stops where nobody is left to follow.
        source: the file of the newest figures.
    """

    period: str
    newcomers: int
    table: pd.DataFrame
    source: str

    @property
    def in_12_weeks(self) -> float | None:
        """The estimated share certified by day 84; None where nobody was followed for so long."""
        found = self.table.loc[self.table["day"] == DAYS, "share"]
        return float(found.iloc[0]) if len(found) else None


def certificate_curve(observations: pd.DataFrame, period: str | None = None) -> CertificateCurve | None:
    """The curve of an organisation; None where no extract has told of newcomers and certificates.

    Args:
        observations: of one organisation, as the store gives them.
        period: the month up to whose end newcomers were followed; the newest if None.
    """
    own = observations[observations["series"] == WEEKS_SERIES]
    own = own[own["period"] == (own["period"].max() if period is None else period)]
    if own.empty:
        return None
    found = curve_of(own, str(own["organisation"].iloc[0]))
    if found is None or not found.newcomers or (own["state"] == State.suppressed.value).any():
        return None
    table = pd.DataFrame(
        {
            "week": found.days // 7,
            "day": found.days,
            "month": found.days / _DAYS_A_MONTH,
            "share": found.share,
            "low": found.low,
            "high": found.high,
            "at_risk": found.at_risk,
        }
    )
    followed = table[table["at_risk"] > 0].reset_index(drop=True)
    source = str(own["source"].iloc[0]) if "source" in own else ""
    return CertificateCurve(str(own["period"].iloc[0]), found.newcomers, followed, source)
