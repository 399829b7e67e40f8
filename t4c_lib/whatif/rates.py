"""The parameters that the model takes, each a value in its own unit; seeded draws of them; and rates and shares.

A draw of an assumption is made of a standard normal number z. Below the median z runs with one spread, above it with
another (a split normal), so that all three figures come back: half of the draws lie below `central`, and `low` and
`high` are the ends that the interval's coverage names. The spread is taken on the logit scale for shares and chances
and on the log scale for other amounts, which can't leave their bounds. Where an end lies on a bound (0, or 1 of a
share), that scale has no place for it; that half is straight instead, and what would fall beyond is the bound.

The numbers z of an assumption depend on the seed, its name and the count alone. So two scenarios, or two organisations,
drawn with one seed differ by what was decided and not by chance, and an assumption more or less changes no other.
"""

import csv
import hashlib
import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.resources import files
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.special import expit, logit, ndtri

from t4c_lib.errors import SettingError, did_you_mean, find_named
from t4c_lib.parameters import Assumption

Array = npt.NDArray[np.float64]
Value = float | Array

MONTHS_A_YEAR = 12


class ModelParameter(NamedTuple):
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
    """A month's chance from a year's leavers over the mean headcount (the NHS's rate): a twelfth, for a level stock."""
    return annual / 12


def ratio(part: Array, whole: Array, without: float = 0.0) -> Array:
    """Part / whole; `without` where there is no whole."""
    found: Array = np.full(np.broadcast_shapes(part.shape, whole.shape), without)
    return np.divide(part, whole, out=found, where=whole > 0)


def part_of(part: Array, other: Array) -> Array:
    """Part / (part + other); 0 where both are."""
    return ratio(part, part + other)


def share(part: Array, whole: Array) -> Array:
    """The share within a whole, 0 where there is nobody; at most 1, for sums in other orders differ in a last digit."""
    return np.minimum(ratio(part, whole), 1.0)


def over_a_year(flow: Array, today: Array) -> Array:
    """Sum of 12 months at each month of `flow` (months + 1 x batch); those up to month 0 count as `today` (batch)."""
    since = np.cumsum(flow, axis=0) - flow[0]
    year = since.copy()
    year[MONTHS_A_YEAR:] -= since[: max(len(flow) - MONTHS_A_YEAR, 0)]
    return np.asarray(year + np.maximum(MONTHS_A_YEAR - np.arange(len(flow)), 0.0)[:, None] * today)


DEFAULT_SEED = 20150304  # the day on which the framework was launched; any other number does as well
BANDS = (0.1, 0.9)
MOST_KEPT = 4000


def draws(assumptions: Iterable[Assumption], count: int, seed: int = DEFAULT_SEED) -> dict[str, Array]:
    """Draws of every assumption by name: arrays of `count` figures in its unit; of a certain one all the same.

    Within an assumption they are spread evenly over its chances (each of `count` equal parts holds one), which makes
    bands steadier than independent draws of the same number. The same seed gives the same draws. Raises SettingError: a
    count below 1, or a seed that is no whole number of 0 or more.
    """
    problems = []
    if isinstance(count, bool) or not isinstance(count, int) or count < 1:
        problems.append(f"the number of draws must be a whole number, 1 or more, not {count}")
    if isinstance(seed, bool) or not isinstance(seed, int) or seed < 0:
        problems.append(f"the seed must be a whole number, 0 or more, not {seed}")
    SettingError.refuse(problems)
    # Organisations share most of their figures, so the last ones drawn are kept; many draws would take much memory.
    return {one.name: (_kept if count <= MOST_KEPT else _drawn)(one, count, seed) for one in assumptions}


def _drawn(assumption: Assumption, count: int, seed: int) -> Array:
    values = at_normal(assumption, normal_scores(assumption.name, count, seed))
    values.flags.writeable = False  # it may be kept and handed out again
    return values


_kept = lru_cache(maxsize=512)(_drawn)


@lru_cache(maxsize=128)
def normal_scores(name: str, count: int, seed: int) -> Array:
    """Standard normal numbers for one assumption: one of each of `count` equally likely parts, in a random order."""
    # Python's own hash of a text changes from run to run.
    chance = np.random.default_rng([seed, *struct.unpack_from(">4I", hashlib.sha256(name.encode()).digest())])
    scores: Array = ndtri((chance.permutation(count) + chance.uniform(1e-9, 1 - 1e-9, count)) / count)
    scores.flags.writeable = False  # it is kept and handed out again
    return scores


def at_normal(assumption: Assumption, scores: Array) -> Array:
    """The assumption's figures at standard normal numbers: central at 0, low and high at the ends of its coverage."""
    if assumption.is_certain:
        return np.full_like(scores, assumption.central)
    end = float(ndtri(0.5 + assumption.coverage / 2))
    below = _half(assumption, assumption.low, np.minimum(scores, 0.0) / -end)
    above = _half(assumption, assumption.high, np.maximum(scores, 0.0) / end)
    return np.where(scores < 0, below, np.where(scores > 0, above, assumption.central))


def _half(assumption: Assumption, end: float, steps: Array) -> Array:
    """Figures between central (0 steps), the end (1 step) and beyond."""
    central = assumption.central
    is_share = assumption.unit.is_share
    with np.errstate(divide="ignore"):
        to = logit if is_share else np.log
        start, stop = (float(to(value)) for value in (central, end))
    if np.isfinite(start) and np.isfinite(stop):
        scaled = start + (stop - start) * steps
        return np.asarray(expit(scaled) if is_share else np.exp(scaled))
    return np.clip(central + (end - central) * steps, 0.0, 1.0 if is_share else np.inf)


def share_of_people(name: str, generator: np.random.Generator, share: Array, people: Array) -> Array:
    """Individual chance in a figure made of a few people: how many have it, each with the chance, over all of them.

    Args:
        name: of the figure. Its chance is its own, so neither what else is asked nor how far the run goes changes it.
        generator: that the run was drawn with.
        share: months + 1 x batch, 0 to 1. Month 0 was counted and stays.
        people: how many they are, to whole ones; broadcast to that. Where there is nobody the share stays.
    """
    whole = np.broadcast_to(np.rint(people), share.shape)
    seeds = generator.bit_generator.seed_seq.entropy  # type: ignore[attr-defined]
    own = np.random.default_rng([*np.atleast_1d(seeds).tolist(), *name.encode()])
    drawn = own.binomial(whole.astype(np.int64), np.clip(share, 0.0, 1.0))
    found = np.divide(drawn, whole, out=share.copy(), where=whole > 0)
    found[0] = share[0]
    return np.asarray(found)
