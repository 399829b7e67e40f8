"""The age profile of a workforce, beside its support staff."""

from __future__ import annotations

import pandas as pd

from t4c_lib.charts import age_profile
from t4c_lib.evidence.observations import SUPPORT_STAFF, TRUST_WORKFORCE
from t4c_lib.periods import parse_period
from t4c_lib.quantities import number, percent
from t4c_lib.sections.section import Section

SERIES, PREFIX = "local-diversity", "age="
_UNKNOWN = "Not recorded"


def age_section(observations: pd.DataFrame) -> Section:
    """Which part of all staff is in each age group at the newest count, and which part of support staff."""
    heading = "Age profile"
    ages = observations[(observations["series"] == SERIES) & observations["breakdown"].str.startswith(PREFIX)]
    staff = _newest(ages[ages["population"] == TRUST_WORKFORCE])
    if staff.empty:
        return Section(heading, ("No count by age group has been added. A staff extract gives it.",))
    period = staff["period"].iloc[0]
    others = _newest(ages[(ages["population"] == SUPPORT_STAFF) & (ages["period"] == period)])
    beside = dict(zip(others["label"], others["value"], strict=True))
    table = staff.assign(other=[beside.get(label, float("nan")) for label in staff["label"]])
    when = parse_period(period).label
    youngest = table.iloc[0]
    title = f"{percent(youngest['share'])} of all staff were {youngest['label']} in {when}"
    picture = age_profile(
        table,
        names=("All staff", "Support staff"),
        measured=f"Share of people whose age is known, {when}, percent",
        title=title,
    )
    sentence = f"{number(table['count'].sum())} people whose age is known, {when}."
    return Section(heading, (sentence,), picture=picture)


def _newest(ages: pd.DataFrame) -> pd.DataFrame:
    """The newest period's rows: label, count, share, youngest first; those whose age isn't known left out."""
    known = ages[~ages["breakdown"].str.endswith(_UNKNOWN) & ages["value"].notna()]
    latest = known[known["period"] == known["period"].max()] if not known.empty else known
    ordered = latest.sort_values("breakdown")
    groups = [str(name).removeprefix(PREFIX) for name in ordered["breakdown"]]
    labels = [group.replace("-", " to ").replace("+", " and over") for group in groups]
    return ordered.assign(label=labels, count=ordered["numerator"], share=ordered["value"])
