"""Amounts of levers as people say them."""

from __future__ import annotations

import math

from t4c_lib.quantities import number, percent
from t4c_lib.whatif.lever import LEVERS, Lever, Setting

FINEST_FRACTION = 0.001  # a tenth of a point
# A solution of exactly 5 people that floating point writes as 5.000000000001 is 5 people, not 6.
WHOLE_TOLERANCE = 1e-9


def amount_told(name: str, amount: float) -> str:
    """A lever's amount in words: "12 more a year", "3.5 points more", "10% fewer leave"."""
    known = LEVERS[name]
    size, more = abs(amount), amount >= 0
    if known.unit == "more a year":
        return f"{number(size)} {'more' if more else 'fewer'} a year"
    if known.unit == "more people":
        return f"{number(size)} {'more' if more else 'fewer'}"
    if known.unit.startswith("points"):
        return f"{number(size * 100)} points {'more' if more else 'fewer'}"
    if "leave" in known.unit:
        return f"{percent(size)} {'fewer' if more else 'more'} of them leave"
    return f"{percent(size)} {'more' if more else 'less'} than today"


def setting_told(setting: Setting) -> str:
    """A setting in words: "Active ambassadors: 20 more, from month 3, in full by month 14"."""
    text = f"{LEVERS[setting.lever].label}: {amount_told(setting.lever, float(setting.amount))}"
    text += f", from month {setting.start_month}"
    if setting.ramp_months > 1:
        text += f", in full by month {setting.start_month + setting.ramp_months - 1}"
    return text


def is_counted(known: Lever) -> bool:
    """Whether the amount is whole things or people, and not a fraction."""
    return "fraction" not in known.unit


def rounded_away(name: str, amount: float, *, up: bool) -> float:
    """The amount as people would set it, rounded to the side on which it is still enough; never out of range."""
    known = LEVERS[name]
    finest = 1.0 if is_counted(known) else FINEST_FRACTION
    steps = amount / finest
    slack = WHOLE_TOLERANCE * max(1.0, abs(steps))
    whole = math.ceil(steps - slack) if up else math.floor(steps + slack)
    return min(max(whole * finest, known.low), known.high)
