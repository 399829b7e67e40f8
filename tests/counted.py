"""Observations for tests, written down as small tables of numbers."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from t4c_lib.evidence import OBSERVATION_COLUMNS
from t4c_lib.periods import Month

WHOLE, SUPPORT = "trust workforce", "support staff"
STORE_COLUMNS = (*OBSERVATION_COLUMNS, "source", "source_digest", "extract_date", "reader", "reader_version")


def observation(
    series: str,
    period: str,
    value: float,
    *,
    out_of: float | None = None,
    population: str = WHOLE,
    breakdown: str = "all",
    organisation: str = "DEMO-XX",
) -> dict[str, object]:
    """One row as the store gives it: a count, or so many out of so many."""
    return {
        "organisation": organisation,
        "series": series,
        "population": population,
        "breakdown": breakdown,
        "period": period,
        "numerator": value,
        "denominator": out_of,
        "value": value if out_of is None else value / out_of,
        "state": "counted" if value else "zero",
        "unit": "people" if out_of is None else "share",
        "source": "extract.csv",
        "source_digest": "0" * 64,
        "extract_date": None,
        "reader": "staff-extract",
        "reader_version": 2,
    }


def table(rows: Iterable[dict[str, object]]) -> pd.DataFrame:
    """Rows as the store gives them."""
    return pd.DataFrame(list(rows), columns=list(STORE_COLUMNS)).astype(
        {"numerator": float, "denominator": float, "value": float}
    )


def steady_trust(months: int = 13, first: str = "2025-03", *, single_years: bool = True) -> pd.DataFrame:
    """A trust that stays as it is: 200 of 4,000 are 16 to 24 (60 of them 24), 6 and 40 join a month, 4 and 42 leave."""
    start = Month.parse(first)
    rows = []
    for step in range(months):
        month = str(start + step)
        rows.append(observation("young-share", month, 200, out_of=4000))
        rows.append(observation("young-share", month, 120, out_of=1600, population=SUPPORT))
        ages = {"age=16-24": 200, "age=25+": 3800} | ({"age=24": 60} if single_years else {})
        rows += [observation("headcount", month, count, breakdown=age) for age, count in ages.items()]
        rows.append(observation("joiners", month, 6, breakdown="age=16-24"))
        rows.append(observation("joiners", month, 40, breakdown="age=25+"))
        rows.append(observation("leavers", month, 4, breakdown="age=16-24"))
        rows.append(observation("leavers", month, 38, breakdown="age=25+"))
    return table(rows)


def both(months: int = 13, *more: dict[str, object], first: str = "2025-03") -> pd.DataFrame:
    """A trust of 4,000 that stays as it is, 1,600 of them support staff, 120 of those aged 16 to 24."""
    start = Month.parse(first)
    rows = []
    for step in range(months):
        month = str(start + step)
        for age, people, joining, leaving in (("16-24", 120, 5, 3), ("25+", 1480, 14, 16)):
            key = f"age={age}"
            rows.append(observation("headcount", month, people, breakdown=key, population=SUPPORT))
            rows.append(observation("joiners", month, joining, breakdown=key, population=SUPPORT))
            rows.append(observation("leavers", month, leaving, breakdown=key, population=SUPPORT))
        rows.append(observation("headcount", month, 24, breakdown="age=24", population=SUPPORT))
    return pd.concat([steady_trust(months, first), table([*rows, *more])], ignore_index=True)
