"""The Care Certificate: how soon newcomers hold it."""

from __future__ import annotations

import pandas as pd

from t4c_lib.charts import certificate_curve
from t4c_lib.evidence.staff_extract.time_to_certificate import curve_of
from t4c_lib.quantities import percent
from t4c_lib.sections.section import Section

DAYS_OF_A_WEEK = 7
_DUE_WEEK = 12


def certificate_section(observations: pd.DataFrame, organisation: str, *, level: int = 2) -> Section:
    """The share of newcomers who hold the certificate, week by week after their first day.

    Args:
        observations: as the store gives them.
        organisation: its code.
        level: of the heading.
    """
    heading = "Care Certificate: how soon"
    found = curve_of(observations, organisation)
    if found is None:
        sentence = "No week of the Care Certificate has been counted. A staff extract gives it."
        return Section(heading, (sentence,), level=level)
    curve = pd.DataFrame({"week": found.days // DAYS_OF_A_WEEK, "share": found.share})
    in_time = curve[curve["week"] <= _DUE_WEEK]["share"].iloc[-1]
    title = f"{percent(in_time)} of newcomers hold the certificate {_DUE_WEEK} weeks after their first day"
    picture = certificate_curve(curve, newcomers=found.newcomers, title=title)
    sentence = "Who left, or has not been here long enough, counts for as long as they were followed."
    return Section(heading, (sentence,), picture=picture, level=level)
