"""Chances that an organisation's own counts give, each with the interval that its count allows."""

from __future__ import annotations

import numpy as np

from t4c_lib.parameters import Assumption, Assumptions
from t4c_lib.progress.interval import byar, wilson
from t4c_lib.progress.looking_back import AGED_24, YOUNG, Window
from t4c_lib.quantities import number

COVERAGE = 0.8
# A judgement: beside the luck of a count, one year differs from the next by about a tenth. All NHS staff left at 12.5%
# in the year to September 2022 and at 10.1% two years later.
YEARS_DIFFER = 0.10
# A judgement: where fewer than this many people were there for a year, a leaver more or less says too little.
LEAST_PERSON_YEARS = 20
MOST_A_YEAR = 12.0  # everybody, every month


def has_enough(window: Window | None, key: str) -> bool:
    """Whether enough people of an age were looked at for long enough."""
    return window is not None and window.is_enough and window.total(key, opening=True) / 12 >= LEAST_PERSON_YEARS


def leaving_rate(national: Assumptions, name: str, window: Window, key: str) -> Assumption:
    """Leavers over person-years of the months looked back on, per person a year."""
    leavers, years = window.total(f"leavers {key}"), window.total(key, opening=True) / 12
    central = min(leavers / years, MOST_A_YEAR)
    low, high = (_wider(central, float(end)) for end in byar(leavers, years, COVERAGE))
    return _local(
        national.get(name),
        window,
        (low, central, min(high, MOST_A_YEAR)),
        f"{window.label}: {number(leavers)} leavers in {number(years)} person-years",
        "80%: the luck of the count (Byar), and a tenth by which one year differs from the next (judgement)",
    )


def ageing_rate(national: Assumptions, name: str, window: Window) -> Assumption:
    """A twelfth of those aged 24 among those aged 16 to 24, share a month."""
    months = len(window.months)
    young, aged_24 = (window.total(key, opening=True) / months for key in (YOUNG, AGED_24))
    aged_24 = min(aged_24, young)
    low, high = (float(end) / 12 for end in wilson(aged_24, young, COVERAGE))
    return _local(
        national.get(name),
        window,
        (low, aged_24 / young / 12, high),
        f"{window.label}: {number(aged_24)} of {number(young)} were 24",
        "80%: the luck of the count (Wilson)",
    )


def _local(
    national: Assumption, window: Window, ends: tuple[float, float, float], source: str, interval: str
) -> Assumption:
    low, central, high = ends
    return national.with_values(
        low=min(low, central),
        central=central,
        high=max(high, central),
        source=source,
        date=str(max(window.months)),
        interval=interval,
        judgement=False,
        note="",
    )


def _wider(central: float, end: float) -> float:
    """An end of an interval moved out, as two independent errors add: by squares, as parts of the central figure."""
    if central == 0:
        return end
    off = float(np.hypot(end / central - 1, YEARS_DIFFER))
    return max(central * (1 - off), 0.0) if end < central else central * (1 + off)
