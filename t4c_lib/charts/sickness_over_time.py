"""Sickness absence month by month."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from t4c_lib.charts.picture import Picture
from t4c_lib.charts.template import Template, table_named
from t4c_lib.charts.theme import BLUE, themed, value_axis, value_parameters, when_axis
from t4c_lib.charts.values import Scale, columns_as_rows, day_text, numbers
from t4c_lib.quantities import number, percent

MEASURED = "FTE days lost to sickness as a share of FTE days available"
_RATES = Scale(decimals=2)


def _build() -> Any:
    line = (
        alt.Chart(table_named("months"))
        .mark_line(color=BLUE, strokeWidth=3, invalid="break-paths-show-domains")
        .encode(x=when_axis(), y=value_axis(), tooltip=["said:N"])
    )
    return themed(alt.layer(line).add_params(*value_parameters()))


_TEMPLATE = Template("sickness_over_time", _build, ("months",))


def sickness_over_time(history: pd.DataFrame, *, title: str) -> Picture:
    """FTE days lost as a share of FTE days available.

    Args:
        history: columns month, value (a fraction, NaN for a gap), numerator (days lost), denominator (days
            available), as `t4c_lib.progress.history` gives them.
        title: the finding.
    """
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
    specification = _TEMPLATE.filled(
        {
            "months": columns_as_rows(
                when=[day_text(month) for month in history["month"]],
                value=numbers(history, "value"),
                said=[_RATES.text(value) for value in history["value"]],
            )
        },
        measured=MEASURED,
        description=description,
        parameters=_RATES.axis(history["value"], from_zero=True),
    )
    return Picture(title, description, table, specification)


def _days(days: float) -> str:
    return "" if pd.isna(days) else number(days, 2)


def _rate(value: float, state: str) -> str:
    return state if pd.isna(value) else percent(value, 2)
