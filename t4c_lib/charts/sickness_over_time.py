"""Sickness absence month by month."""

from __future__ import annotations

import altair as alt
import pandas as pd

from t4c_lib.charts.picture import Picture
from t4c_lib.charts.theme import BLUE, month_axis, percent_axis, themed
from t4c_lib.quantities import number, percent

MEASURED = "FTE days lost to sickness as a share of FTE days available"


def sickness_over_time(history: pd.DataFrame, *, title: str) -> Picture:
    """FTE days lost as a share of FTE days available.

    Args:
        history: columns month, value (a fraction, NaN for a gap), numerator (days lost), denominator (days
            available), as `t4c_lib.progress.history` gives them.
        title: the finding.
    """
    drawn = history[["month", "value"]]
    base = alt.Chart(drawn).encode(
        x=month_axis(),
        y=percent_axis(float(drawn["value"].max())),
        tooltip=[
            alt.Tooltip("month:T", title="Month", format="%B %Y"),
            alt.Tooltip("value:Q", title="Sickness absence", format=".2%"),
        ],
    )
    line = base.mark_line(color=BLUE, strokeWidth=3, invalid="break-paths-show-domains")
    points = base.mark_point(color=BLUE, filled=True, size=70, opacity=1)
    known = history.dropna(subset=["value"])
    highest = known.sort_values("value").iloc[-1]
    description = (
        f"Line chart of sickness absence by month, {known['month'].iloc[0]:%B %Y} to "
        f"{known['month'].iloc[-1]:%B %Y}: {percent(known['value'].iloc[0], 2)} at first, "
        f"{percent(known['value'].iloc[-1], 2)} at last, highest {percent(highest['value'], 2)} in "
        f"{highest['month']:%B %Y}."
    )
    table = pd.DataFrame(
        {
            "Month": [f"{month:%B %Y}" for month in history["month"]],
            "FTE days lost": [_days(days) for days in history["numerator"]],
            "FTE days available": [_days(days) for days in history["denominator"]],
            "Sickness absence": [
                _rate(value, state) for value, state in zip(history["value"], history["state"], strict=True)
            ],
        }
    )
    return Picture(themed(line + points, measured=MEASURED, description=description), title, description, table)


def _days(days: float) -> str:
    return "" if pd.isna(days) else number(days, 2)


def _rate(value: float, state: str) -> str:
    return state if pd.isna(value) else percent(value, 2)
