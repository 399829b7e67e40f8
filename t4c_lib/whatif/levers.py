"""What partners can decide: each lever with its unit and range, a setting of it over time, and both in words."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from pydantic import BaseModel

from t4c_lib.errors import SettingError, find_named
from t4c_lib.periods import Month
from t4c_lib.quantities import number, percent
from t4c_lib.validation_messages import read_shipped
from t4c_lib.whatif.rates import Array, Value
from t4c_lib.whatif.state import WorkforceState


class Shown(BaseModel, frozen=True, extra="forbid"):
    """How a page shows a lever: what there is today with the change, or the change alone where today isn't counted."""

    unit: str  #: behind the number
    most: float  #: how far a slider goes, as a change against today; a number typed may go as far as the lever does
    scale: float = 1.0  #: by what the model's amount is multiplied
    today: tuple[str, ...] = ()  #: parts of the starting state that make up what there is today
    of: tuple[str, ...] = ()  #: those of which it is a share; itself where there are none
    times: int = 1  #: 12 where the state has it by the month and people say it by the year

    def amount_today(self, state: WorkforceState) -> float:
        """What there is today, in the lever's own unit; 0 where the change is what is shown."""
        part, whole = (float(sum(getattr(state, name) for name in names)) for names in (self.today, self.of))
        return self.times * part / whole if whole else self.times * part


class Lever(BaseModel, frozen=True, extra="forbid"):
    """One thing that partners can decide, as levers.yaml has it. Its amount is always the change against today."""

    name: str  #: how code and files call it
    label: str  #: how people call it
    unit: str  #: what the amount is counted in
    #: its natural range, both ends allowed.
    low: float
    high: float
    shown: Shown  #: how a page shows it
    #: whether stocks by age follow the amount along a straight line: with joiners given, while no limit is met and
    #: nobody who began a pathway in the run has ended it (pathways draw on both ages in proportion).
    is_linear: bool = False


# The lever that answers how many people aged 16 to 24 a target takes.
YOUNG_JOINERS = "young-joiners-a-year"


class _LeversFile(BaseModel, frozen=True, extra="forbid"):
    levers: tuple[Lever, ...]
    activities: dict[str, tuple[str, ...]]
    amounts: dict[str, tuple[str, str]]


_file = read_shipped(_LeversFile, __package__, "levers.yaml")
LEVERS = {one.name: one for one in _file.levers}
ACTIVITIES = _file.activities  # the levers that move each


def lever(name: str) -> Lever:
    """The lever of that name. Raises UnknownNameError with the closest names."""
    return find_named("lever", name, LEVERS)


@dataclass(frozen=True)
class LeverSetting:
    """A lever set to an amount from a month on."""

    lever: str  #: its name
    amount: Value  #: change against today, in the lever's unit; a number, or an array over organisations or draws
    start_month: int = 1  #: the first month in which it acts, 1 or later (month 1 is the month after month 0)
    ramp_months: int = 0  #: months until it acts in full, growing evenly; 0 and 1 both mean in full at once

    def in_force(self, month: Value) -> Array:
        """The part of the amount that acts in a month, 0 to 1; months may be an array."""
        return np.clip((np.asarray(month) - self.start_month + 1) / max(self.ramp_months, 1), 0.0, 1.0)


def check_settings(settings: Iterable[LeverSetting]) -> dict[str, LeverSetting]:
    """The settings that change something, by lever.

    Raises UnknownNameError: no such lever; SettingError, all at once: one set twice, beyond its range, or in no month.
    """
    problems: list[str] = []
    by_lever: dict[str, LeverSetting] = {}
    for setting in settings:
        known = lever(setting.lever)
        if setting.lever in by_lever:
            problems.append(f"'{setting.lever}' is set twice; one setting of a lever is allowed")
        amounts = np.asarray(setting.amount, dtype=np.float64)
        wrong = amounts[~((amounts >= known.low) & (amounts <= known.high))]
        if wrong.size:
            allowed = f"from {known.low:g} to {known.high:g} ({known.unit})"
            problems.append(f"'{setting.lever}' ranges {allowed}, not {wrong.flat[0]:g}")
        if setting.start_month < 1 or int(setting.start_month) != setting.start_month:
            problems.append(f"'{setting.lever}' starts in month 1 or later, not {setting.start_month}")
        if setting.ramp_months < 0 or int(setting.ramp_months) != setting.ramp_months:
            problems.append(f"'{setting.lever}' is phased in over 0 or more whole months, not {setting.ramp_months}")
        by_lever[setting.lever] = setting
    SettingError.refuse(problems)
    return {name: setting for name, setting in by_lever.items() if np.any(setting.amount)}


FINEST_FRACTION = 0.001  # a tenth of a point
# A solution of exactly 5 people that floating point writes as 5.000000000001 is 5 people, not 6.
WHOLE_TOLERANCE = 1e-9


def shown_amount(lever: Lever, amount: float) -> str:
    """An amount of a lever as a page shows it, what there is today included: "12 a year", "25.5% of joiners"."""
    return f"{number(amount * lever.shown.scale)} {lever.shown.unit}".replace(" %", "%")


def format_amount(name: str, amount: float) -> str:
    """A lever's amount in words: "12 more a year", "3.5 points more", "10% fewer leavers"."""
    more, less = _file.amounts[LEVERS[name].unit]
    size = abs(amount)
    return (more if amount >= 0 else less).format(number=number(size), points=number(size * 100), percent=percent(size))


def format_setting(setting: LeverSetting, now: Month) -> str:
    """A setting in words, `now` being month 0: "Active ambassadors: 20 more, from May 2026, in full by June 2027"."""
    last = setting.start_month + setting.ramp_months - 1
    full = f", in full by {(now + last).label}" if setting.ramp_months > 1 else ""
    amount = f"{LEVERS[setting.lever].label}: {format_amount(setting.lever, float(setting.amount))}"
    return f"{amount}, from {(now + setting.start_month).label}{full}"


def round_outward(name: str, amount: float, *, up: bool) -> float:
    """The amount as people would set it, rounded to the side on which it is still enough; never out of range."""
    known = LEVERS[name]
    finest = FINEST_FRACTION if "fraction" in known.unit else 1.0  # whole things or people otherwise
    steps = amount / finest
    slack = WHOLE_TOLERANCE * max(1.0, abs(steps))
    whole = math.ceil(steps - slack) if up else math.floor(steps + slack)
    return min(max(whole * finest, known.low), known.high)
