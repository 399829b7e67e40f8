"""The parameters that the model takes, each a value in its own unit; and rates and shares, worked out in one place."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from t4c_lib.errors import SettingError, did_you_mean, find_named

Array = npt.NDArray[np.float64]
Value = float | Array

MONTHS_A_YEAR = 12


@dataclass(frozen=True)
class ModelParameter:
    """One assumption that the engine needs."""

    name: str  #: as files of assumptions call it
    unit: str  #: what its value is counted in
    meaning: str  #: what the engine does with it
    #: value allowed; a stay in learning lasts at least a month, a gamma distribution has a mean and a spread.
    least: float

    @property
    def most(self) -> float:
        """The largest value allowed."""
        return LARGEST.get(self.unit, np.inf)


# A chance a month is a twelfth of a yearly rate, so the rate can't be above 12.
LARGEST = {"share": 1.0, "share a month": 1.0, "per person a year": 12.0}

with files("t4c_lib.whatif").joinpath("model_parameters.csv").open(encoding="utf-8") as _table:
    _read = [(row, float(row.pop("least"))) for row in csv.DictReader(_table, restval="0")]  # most name no least value
MODEL_PARAMETERS = {row["name"]: ModelParameter(**row, least=least) for row, least in _read}


@dataclass(frozen=True)
class Rates:
    """A value for every assumption of the engine: a number, or an array of draws or organisations.

    Arrays of different assumptions are broadcast against each other and against the stocks. Raises SettingError: values
    that are missing or outside what their unit allows; all of them at once.
    """

    #: assumption name -> value in the assumption's own unit (see MODEL_PARAMETERS); others are kept.
    by_name: Mapping[str, Value]

    def __post_init__(self) -> None:
        others = [name for name in self.by_name if name not in MODEL_PARAMETERS]
        problems = [
            f"there is no value for '{name}' ({assumed.unit}). {did_you_mean(name, others)}".rstrip()
            for name, assumed in MODEL_PARAMETERS.items()
            if name not in self.by_name
        ]
        for name, value in self.by_name.items():
            if name in MODEL_PARAMETERS:
                problems += _out_of_bounds(MODEL_PARAMETERS[name], value)
        SettingError.refuse(problems)

    def __getitem__(self, name: str) -> Value:
        """The value of an assumption. Raises UnknownNameError with the closest names."""
        return find_named("assumption", name, self.by_name)

    @cached_property
    def batch(self) -> tuple[int, ...]:
        """The shape to which the engine's values broadcast; () when all are single numbers."""
        return np.broadcast_shapes(*(np.shape(self.by_name[name]) for name in MODEL_PARAMETERS))

    def with_values(self, values: Mapping[str, Value]) -> "Rates":
        """The same with some values changed; this one stays as it is."""
        return Rates({**self.by_name, **values})


def _out_of_bounds(assumed: ModelParameter, value: Value) -> list[str]:
    values = np.asarray(value, dtype=np.float64)
    wrong = values[~((values >= assumed.least) & (values <= assumed.most) & np.isfinite(values))]
    if not wrong.size:
        return []
    is_open = not np.isfinite(assumed.most)
    bounds = f"{assumed.least:g} or more" if is_open else f"from {assumed.least:g} to {assumed.most:g}"
    return [f"'{assumed.name}' is {bounds} ({assumed.unit}), not {wrong[0]:g}"]


def monthly_from_annual_rate(annual: float) -> float:
    """Leavers in a year over the mean headcount, as a chance a month for a stock that stays level: a twelfth.

    0.12 a year is 0.01 a month. This is how NHS leaver rates are published.
    """
    return annual / 12


def ratio(part: Array, whole: Array, without: float = 0.0) -> Array:
    """Part / whole; `without` where there is no whole."""
    found: Array = np.full(np.broadcast_shapes(part.shape, whole.shape), without)
    return np.divide(part, whole, out=found, where=whole > 0)


def part_of(part: Array, other: Array) -> Array:
    """Part / (part + other); 0 where both are."""
    return ratio(part, part + other)


def share(part: Array, whole: Array) -> Array:
    """The share of people who are counted within a whole, 0 where there is nobody, never above 1.

    Both are sums of the same stocks taken in different orders, so the part of all can come out a last digit larger.
    """
    return np.minimum(ratio(part, whole), 1.0)


def over_a_year(flow: Array, today: Array) -> Array:
    """The sum of the last 12 months at each month; months up to month 0 count as today.

    `flow`: months + 1 x batch; what stands at month 0 is not used. `today`: batch; a month's flow of today.
    """
    since = np.cumsum(flow, axis=0) - flow[0]
    year = since.copy()
    year[MONTHS_A_YEAR:] -= since[: max(len(flow) - MONTHS_A_YEAR, 0)]
    before = np.maximum(MONTHS_A_YEAR - np.arange(len(flow)), 0.0)[:, None]
    return np.asarray(year + before * today)
