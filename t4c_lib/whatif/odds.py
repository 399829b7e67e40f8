"""Odds: how wide the future is, and how likely a target is met, given what we don't know.

Every draw is a full set of assumptions, run from the same start. Draws are run in chunks, so that memory does not grow
with their number, and of a run only the asked outcomes are kept. Scenarios drawn with one seed share their draws: their
difference is what was decided. Every draw includes chance between individuals; without it the result would be the
chance of a theoretical share.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from t4c_lib.errors import SettingError, UnknownNameError
from t4c_lib.parameters import Assumptions
from t4c_lib.quantities import percent
from t4c_lib.whatif.model_parameters import MODEL_PARAMETERS, Array, Rates
from t4c_lib.whatif.projection import Pipeline
from t4c_lib.whatif.sampling import BANDS, DEFAULT_SEED
from t4c_lib.whatif.scenarios import DOING_NOTHING, Scenario
from t4c_lib.whatif.state import WorkforceState
from t4c_lib.whatif.targets import OutcomeTarget, central_rates, outcome, sampled_rates, with_scenario

ODDS_DRAWS = 1000
CHUNK = 2000
LEAST_STATED = 0.05
BAND_COLUMNS = ("scenario", "outcome", "month", "low", "central", "high")


@dataclass(frozen=True)
class Odds:
    """What the draws of one organisation under one scenario come to.

    Attributes:
        scenario: its name.
        bands: outcome -> array (3, months + 1): the 10th percentile of the draws, the expected path (with central
            figures, as everywhere else; the median of the draws lies close by) and the 90th percentile.
        targets: what was asked for.
        reached: for each target, the draws' outcomes in its month, in rising order.
        draws: how many there were.
        seed: with which they can be had again.
    """

    scenario: str
    bands: Mapping[str, Array]
    targets: tuple[OutcomeTarget, ...]
    reached: tuple[Array, ...]
    draws: int
    seed: int

    def chance(self, target: OutcomeTarget) -> float:
        """The part of the draws that meet the target, 0 to 1. Raises UnknownNameError if it was not asked for."""
        return float(np.mean(target.margin(self._of(target)) >= 0))

    def goal_at(self, target: OutcomeTarget, chance: float) -> float:
        """The X that is met with this chance: the target's outcome that this part of the draws reaches or passes.

        Raises:
            SettingError: a chance that does not lie between 0 and 1.
        """
        if not 0 < chance < 1:
            raise SettingError([f"a chance lies between 0 and 1, not at {chance:g}"])
        values = self._of(target)
        enough = max(math.ceil(chance * self.draws - 1e-9), 1)
        return float(values[enough - 1] if target.lower_is_better else values[self.draws - enough])

    def frame(self) -> pd.DataFrame:
        """The bands: a row for each outcome and month, with columns BAND_COLUMNS."""
        rows = [
            (self.scenario, name, month, *values)
            for name, found in self.bands.items()
            for month, values in enumerate(found.T.tolist())
        ]
        return pd.DataFrame(rows, columns=list(BAND_COLUMNS))

    def _of(self, target: OutcomeTarget) -> Array:
        for asked, values in zip(self.targets, self.reached, strict=True):
            if (asked.outcome, asked.month) == (target.outcome, target.month):
                return values
        raise UnknownNameError("asked target", str(target), map(str, self.targets))


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

    Args:
        pipeline: with its closure.
        state: one organisation at month 0.
        assumptions: for all that the what-if takes.
        targets: whose chances are asked for; their outcomes get bands, too.
        scenario: what is done.
        outcomes: of which bands are wanted, see targets.outcome.
        months: how far.
        draws: how many.
        seed: the same seed gives the same draws of each assumption under every scenario.
        individual_chance: whether what happens to each person is drawn; nothing that people read goes without it.
        chunk: how many draws are run at once, for the memory it takes. Another chunk gives other draws.

    Raises:
        UnknownNameError: there is no such outcome.
        SettingError: a count, a seed or a month that can't be; several organisations at once.
    """
    if state.batch:
        raise SettingError([f"one organisation at a time, not {int(np.prod(state.batch))}"])
    late = [f"'{one}' is due after month {months}, the last one of the run" for one in targets if one.month > months]
    if late:
        raise SettingError(late)
    names = tuple(dict.fromkeys((*outcomes, *(one.outcome for one in targets))))
    rates = sampled_rates(with_scenario(assumptions, scenario), draws, seed)
    found = {name: np.empty((months + 1, draws)) for name in names}
    generator = np.random.default_rng([seed, 1]) if individual_chance else None
    for start in range(0, draws, chunk):
        some = slice(start, min(start + chunk, draws))
        run = pipeline.run(state, _part(rates, some, draws), scenario.settings, months, generator)
        for name, values in found.items():
            made = outcome(run, name)
            values[:, some] = made if made.ndim > 1 else made[:, None]
    for values in found.values():
        values.sort(axis=1)
    central = pipeline.run(state, central_rates(with_scenario(assumptions, scenario)), scenario.settings, months)
    return Odds(
        scenario=scenario.name,
        bands={name: _bands(values, outcome(central, name)) for name, values in found.items()},
        targets=tuple(targets),
        reached=tuple(found[one.outcome][one.month].copy() for one in targets),
        draws=draws,
        seed=seed,
    )


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


def _bands(in_order: Array, expected: Array) -> Array:
    """Two percentiles of draws in rising order (months x draws), as np.quantile has them, and the path between them."""
    count = in_order.shape[1]
    places = np.array(BANDS) * (count - 1)
    below = np.floor(places).astype(np.int64)
    above = np.minimum(below + 1, count - 1)
    lower, upper = in_order[:, below], in_order[:, above]
    low, high = (lower + (upper - lower) * (places - below)).T
    return np.stack((low, expected, high))
