"""The agreed way from a baseline to its target: for now a straight line, month by month."""

from __future__ import annotations

import pandas as pd

from t4c_lib.periods import Month


def straight_trajectory(start: Month, start_value: float, due: Month, goal: float) -> pd.DataFrame:
    """A row a month from `start` to `due`, both included, in equal steps.

    Columns: period (text), month (its first day), value (a fraction for shares). Raises ValueError when `due` is not
    after `start`.
    """
    months = start.months_until(due)
    if months <= 0:
        raise ValueError(f"A trajectory ends after it starts: {due} is not after {start}.")
    rows = [(start + step, start_value + (goal - start_value) * step / months) for step in range(months + 1)]
    return pd.DataFrame(
        {
            "period": [str(month) for month, _ in rows],
            "month": [pd.Timestamp(month.first_day) for month, _ in rows],
            "value": [value for _, value in rows],
        }
    )
