"""Outcomes of a projection, targets set on them, and the odds of meeting these, given what we don't know.

Every draw is a full set of assumptions, run from the same start. Draws are run in chunks, so that memory does not grow
with their number, and of a run only the asked outcomes are kept. Scenarios drawn with one seed share their draws: their
difference is what was decided. Every draw includes chance between individuals; without it the result would be the
chance of a theoretical share.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from pydantic import RootModel

from t4c_lib.errors import SettingError, UnknownNameError
from t4c_lib.framework import catalogue
from t4c_lib.parameters import Assumptions, Layered, layered
from t4c_lib.quantities import count_of, number, percent
from t4c_lib.quantities.baseline import typed_decimals
from t4c_lib.validation_messages import read_shipped
from t4c_lib.whatif.measures_and_costs import Projection
from t4c_lib.whatif.pipeline import Pipeline
from t4c_lib.whatif.rates import BANDS, DEFAULT_SEED, MODEL_PARAMETERS, Array, Rates, draws, share
from t4c_lib.whatif.scenarios import DOING_NOTHING, Scenario
from t4c_lib.whatif.state import SUMS, WorkforceState

# Shares of stocks. Above and below the line each follows a recruit-like lever along a straight line; their quotient
# does not.
SHARES = {"support_young_share": ("support_young", "support"), "trust_young_share": ("trust_young", "trust")}
LABELS = read_shipped(RootModel[dict[str, str]], __package__, "outcome_labels.yaml").root


def label(name: str) -> str:
    """How people call an outcome. Raises UnknownNameError."""
    return LABELS.get(name) or catalogue().measure(name).name


def outcome(projection: Projection, name: str) -> Array:
    """An outcome month by month, (months + 1) x batch.

    `name`: "support_young_share" or "trust_young_share", a sum of stocks ("support", "registered"), or the key of a
    measure of the national framework ("turnover"). Raises UnknownNameError: there is no such outcome; SettingError: the
    measure has no projection; the message says why.
    """
    above, below = parts(projection, name)
    return above if below is None else share(above, below)


def parts(projection: Projection, name: str) -> tuple[Array, Array | None]:
    """An outcome as what stands above and below the line; None below where it is no share of stocks."""
    if name in SHARES:
        above, below = SHARES[name]
        return projection.stock(above), projection.stock(below)
    if name in LABELS or name in SUMS:
        return projection.stock(name), None
    found = projection.measure(name)
    if found.values is None:
        raise SettingError([f"'{name}' has no projection: {found.reason}"])
    return np.broadcast_to(found.values, (projection.months + 1, *projection.batch)), None


@dataclass(frozen=True)
class OutcomeTarget:
    """An outcome that is to be reached by a month. Raises SettingError: no number as goal, a month below 1, or both."""

    outcome: str  #: its name, see `outcome`
    value: float  #: the goal, in the outcome's own unit; shares are fractions 0 to 1
    month: int  #: how many months from month 0, 1 or more
    lower_is_better: bool = False  #: whether the goal is met by being at it or below it, as with turnover
    label: str = ""  #: how people call it; the outcome's own label if empty
    by: str = ""  #: the date in words, "by March 2028"; how many months from month 0 it is, if empty

    def __post_init__(self) -> None:
        problems = []
        if not math.isfinite(self.value):
            problems.append(f"the goal of '{self.outcome}' is a number, not {self.value}")
        if self.month < 1 or int(self.month) != self.month:
            problems.append(f"the target of '{self.outcome}' is due in month 1 or later, not {self.month}")
        SettingError.refuse(problems)

    @property
    def name(self) -> str:
        return self.label or LABELS.get(self.outcome) or self.outcome

    @property
    def when(self) -> str:
        """The way people say it: by March 2028, in 36 months, in 1 month."""
        return self.by or f"in {count_of(self.month, 'months')}"

    def margin(self, values: Array) -> Array:
        """By how much outcomes are on the right side of the goal; 0 is met."""
        return self.value - values if self.lower_is_better else values - self.value

    def format_value(self, value: float) -> str:
        """A figure of this outcome as people read it; the goal with the decimals that were typed."""
        return percent(value, typed_decimals(value) if value == self.value else 1) if self.is_share else number(value)

    @property
    def is_share(self) -> bool:
        """Whether figures are written as percentages: shares of stocks, and measures with a goal below 1."""
        return self.outcome in SHARES or (self.outcome not in LABELS and 0 < self.value < 1)

    def __str__(self) -> str:
        side = " or less" if self.lower_is_better else ""
        return f"{self.name}: {self.format_value(self.value)}{side} {self.when}"


def with_scenario(assumptions: Assumptions, scenario: Scenario) -> Assumptions:
    """The assumptions under a scenario: its own figures laid over them."""
    if not scenario.assumptions:
        return assumptions
    if isinstance(assumptions, Layered):
        return assumptions.under(scenario.assumptions)
    return layered(assumptions, scenario=scenario.assumptions)


def central_rates(assumptions: Assumptions) -> Rates:
    """The central figure of every assumption that the what-if takes. Raises UnknownNameError if one is missing."""
    return Rates({name: assumptions.get(name).central for name in MODEL_PARAMETERS})


def sampled_rates(assumptions: Assumptions, count: int, seed: int = DEFAULT_SEED) -> Rates:
    """Draws of every assumption that the what-if takes; a certain one stays a single number.

    Where all are certain the first is given `count` times: individual chance alone, then, makes one draw differ from
    another. Raises UnknownNameError: an assumption is missing; SettingError: a count or a seed that can't be.
    """
    needed = [assumptions.get(name) for name in MODEL_PARAMETERS]
    drawn = draws((one for one in needed if not one.is_certain), count, seed)
    rates = Rates({one.name: one.central if one.is_certain else drawn[one.name] for one in needed})
    first = needed[0]
    return rates if rates.batch else rates.with_values({first.name: np.full(count, first.central)})


ODDS_DRAWS = 1000
CHUNK = 2000
LEAST_STATED = 0.05


@dataclass(frozen=True, eq=False)
class Odds:
    """What the draws of one organisation under one scenario come to, from month 0 to the last month of the run."""

    scenario: str  #: its name
    #: outcome -> array (months + 1) x draws: the outcomes of the draws, those of each month in rising order.
    drawn: dict[str, Array]
    expected: Mapping[str, Array]  #: outcome -> the path with central figures; the median of the draws lies close by
    draws: int  #: how many there were
    seed: int  #: with which they can be had again

    @cached_property
    def bands(self) -> Mapping[str, Array]:
        """Outcome -> array 3 x (months + 1): the 10th percentile of the draws, the expected path, the 90th."""
        return {
            name: np.insert(np.quantile(values, BANDS, axis=1), 1, self.expected[name], axis=0)
            for name, values in self.drawn.items()
        }

    @property
    def months(self) -> int:
        """The last month of the run."""
        return len(next(iter(self.drawn.values()))) - 1

    def part(self, scenario: str, outcomes: Iterable[str], months: int) -> "Odds":
        """The same as a shorter run, or one asked for fewer outcomes, under a name of its own, would have given it."""
        drawn, expected = ({one: of[one][: months + 1] for one in outcomes} for of in (self.drawn, self.expected))
        return Odds(scenario, drawn, expected, self.draws, self.seed)

    def chance(self, target: OutcomeTarget) -> float:
        """The part of the draws that meet the target, 0 to 1. Raises UnknownNameError if it was not asked for."""
        return float(np.mean(target.margin(self.values_of(target)) >= 0))

    def goal_at(self, target: OutcomeTarget, chance: float) -> float:
        """The X that this part of the draws reaches or passes. Raises SettingError: a chance not between 0 and 1."""
        if not 0 < chance < 1:
            raise SettingError([f"a chance lies between 0 and 1, not at {chance:g}"])
        values, enough = self.values_of(target), max(math.ceil(chance * self.draws - 1e-9), 1)
        return float(values[enough - 1] if target.lower_is_better else values[self.draws - enough])

    def values_of(self, target: OutcomeTarget) -> Array:
        """A target's outcome in each draw, lowest first. Raises UnknownNameError: its outcome or month is not there."""
        if target.outcome not in self.drawn or target.month > self.months:
            raise UnknownNameError("asked target", str(target), [f"{one} to {self.months}" for one in self.drawn])
        return np.asarray(self.drawn[target.outcome][target.month])


def odds(
    pipeline: Pipeline,
    state: WorkforceState,
    assumptions: Assumptions,
    targets: Sequence[OutcomeTarget] = (),
    *,
    scenario: Scenario = DOING_NOTHING,
    outcomes: Sequence[str] = ("support_young_share",),
    months: int = 60,
    draws: int = ODDS_DRAWS,
    seed: int = DEFAULT_SEED,
    individual_chance: bool = True,
    chunk: int = CHUNK,
) -> Odds:
    """Bands of outcomes and the chances of targets, for one organisation under one scenario.

    The same seed gives the same draws of each assumption under every scenario; another `chunk`, the draws that are run
    at once, gives other ones. Outcomes of targets get bands, too. Nothing that people read goes without individual
    chance, what happens to each person.

    Raises:
        UnknownNameError: there is no such outcome.
        SettingError: a count, a seed or a month that can't be; several organisations at once.
    """
    if state.batch:
        raise SettingError([f"one organisation at a time, not {int(np.prod(state.batch))}"])
    late = [f"'{one}' is due after month {months}, the last one of the run" for one in targets if one.month > months]
    SettingError.refuse(late)
    names = tuple(dict.fromkeys((*outcomes, *(one.outcome for one in targets))))
    rates = sampled_rates(with_scenario(assumptions, scenario), draws, seed)
    found = {name: np.empty((months + 1, draws)) for name in names}
    for start in range(0, draws, chunk):
        some = slice(start, min(start + chunk, draws))
        generator = np.random.default_rng([seed, 1, *([start] if start else [])]) if individual_chance else None
        run = pipeline.run(state, _part(rates, some, draws), scenario.settings, months, generator)
        for name, values in found.items():
            made = outcome(run, name)
            values[:, some] = made if made.ndim > 1 else made[:, None]
    for values in found.values():
        values.sort(axis=1)
    central = pipeline.run(state, central_rates(with_scenario(assumptions, scenario)), scenario.settings, months)
    return Odds(scenario.name, found, {name: outcome(central, name) for name in found}, draws, seed)


def format_chance(chance: float) -> str:
    """A chance in words, from 5% to 95%: what lies beyond hangs on assumptions that no model can be that sure of."""
    if LEAST_STATED <= chance <= 1 - LEAST_STATED:
        return percent(chance, 0)
    return f"less than {percent(LEAST_STATED, 0)}" if chance < 0.5 else f"more than {percent(1 - LEAST_STATED, 0)}"


def _part(rates: Rates, some: slice, draws: int) -> Rates:
    if some == slice(0, draws):
        return rates
    values = {name: rates[name] for name in MODEL_PARAMETERS}
    return Rates({name: value[some] if isinstance(value, np.ndarray) else value for name, value in values.items()})
