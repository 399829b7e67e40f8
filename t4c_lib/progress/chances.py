"""How likely the targets of a plan are met from where the organisation stands now, as far as the what-if can say.

The what-if starts from the newest counts and does what the plan sets outright (so many placements a year), and nothing
else beyond today. Two kinds of doubt make a chance. What we don't know of the future (the assumptions, each within its
interval) is drawn. The luck of single people is put around each draw as a normal spread, as wide as a few hundred runs
with luck are apart: in a small organisation it is the larger of the two.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtr

from t4c_lib.framework import MeasureKind
from t4c_lib.parameters import Assumptions, Layered
from t4c_lib.periods import Month
from t4c_lib.plan import Plan
from t4c_lib.progress.figures import all_figures, end_and_kind, latest_figure
from t4c_lib.progress.foretold import MODELLED, disagreement, obstacle
from t4c_lib.progress.intended import intended, intended_told
from t4c_lib.progress.starting import NoStartError
from t4c_lib.progress.starting_state import DOINGS, StartingState, starting_state
from t4c_lib.progress.statuses import RowKey
from t4c_lib.progress.trajectory import direction
from t4c_lib.whatif import DOING_NOTHING, Pipeline, Scenario, Target, central_rates, odds, outcome, with_scenario
from t4c_lib.whatif.draws import DEFAULT_SEED
from t4c_lib.whatif.odds import ODDS_DRAWS
from t4c_lib.whatif.values import Array

LUCKY_RUNS = 200  # with so many the spread of luck is known to a twentieth


@dataclass(frozen=True, eq=False)
class Chances(Mapping[RowKey, float]):
    """The chances of a plan's targets, by the keys of their rows: 0 to 1.

    Attributes:
        by_row: for each target that has one.
        reasons: why each other target has none, one sentence.
        month: the counts from which they are reckoned; None where nobody was counted.
        scenario: what is done: what the plan sets, or nothing beyond today.
        told: the two in a sentence; empty if there is no chance.
    """

    by_row: Mapping[RowKey, float]
    reasons: Mapping[RowKey, str]
    month: Month | None
    scenario: Scenario
    told: str

    def __getitem__(self, key: RowKey) -> float:
        return self.by_row[key]

    def __iter__(self) -> Iterator[RowKey]:
        return iter(self.by_row)

    def __len__(self) -> int:
        return len(self.by_row)


def chances(
    plan: Plan,
    observations: pd.DataFrame,
    as_of: dt.date,
    *,
    national: Assumptions | None = None,
    own: Assumptions | None = None,
    draws: int = ODDS_DRAWS,
    seed: int = DEFAULT_SEED,
    luck: bool = True,
) -> Chances:
    """The chance of each target of a plan to be met by its date, from the latest counts.

    Args:
        plan: the plan.
        observations: of its organisation, as the store gives them; figures of later periods are passed over.
        as_of: the day.
        national: the assumptions; parameters/national.yaml unless given. What was counted here holds over them.
        own: what the organisation wrote down, see parameters.own_assumptions; it holds over both.
        draws: how many sets of assumptions.
        seed: the same seed gives the same chances.
        luck: whether the luck of single people counts.

    Raises:
        SettingError: a number of draws, or a seed, that can't be.
    """
    known = _Known(plan, observations, as_of)
    try:
        start = starting_state(known.observations, known.month, national=national, known=known.doings())
    except NoStartError as error:
        return Chances({}, dict.fromkeys(known.targets, str(error)), None, DOING_NOTHING, "")
    figures = start.assumptions(national, own=own)
    scenario = intended(plan.measures, known.latest, start.month)
    run = _Run(known, start, figures, scenario)
    found = run.reckoned(draws, seed, luck=luck) if run.asked else {}
    told = f"Chances: from the counts of {start.month.label}, {intended_told(scenario, start.month)}." if found else ""
    return Chances(found, run.reasons, start.month, scenario, told)


class _Known:
    """What was known on a day.

    Attributes:
        observations: of periods that had ended.
        month: the last whole month.
        latest: the newest figure of each measure of the plan.
        targets: the rows that are open and have one.
    """

    def __init__(self, plan: Plan, observations: pd.DataFrame, as_of: dt.date) -> None:
        ended = [period for period in observations["period"].unique() if end_and_kind(period)[0] <= as_of]
        self.observations = observations[observations["period"].isin(ended)]
        month = Month.of(as_of)
        self.month = month if month.last_day == as_of else month + -1
        self.rows = plan.measures
        figures = all_figures(self.rows, self.observations)
        self.latest = {row.key: latest_figure(row, found) for row, found in zip(self.rows, figures, strict=True)}
        self.targets = {row.key: row for row in self.rows if row.is_open and row.target is not None}

    def doings(self) -> dict[str, float]:
        """What goes on today, as newly as it is known: a figure, or what the partners wrote down as baseline."""
        found = {}
        for name, series in DOINGS.items():
            for row in self.rows:
                known = self.latest[row.key] or row.baseline
                if row.what.series == series and not row.group and known is not None:
                    found[name] = max(known.value, 0.0)
        return found


class _Run:
    def __init__(self, known: _Known, start: StartingState, figures: Layered, scenario: Scenario) -> None:
        self.known, self.start, self.figures, self.scenario = known, start, figures, scenario
        self.pipeline = Pipeline()
        self.asked: dict[RowKey, Target] = {}
        self.reasons: dict[RowKey, str] = {}
        for key, row in known.targets.items():
            reason = obstacle(row, known.latest[key], start, figures)
            if reason or row.target is None:
                self.reasons[key] = reason
                continue
            name, months = MODELLED[row.measure, row.population].outcome, start.month.months_until(row.target.due)
            self.asked[key] = Target(name, row.target.goal, months, lower_is_better=direction(row) == "lower")
        self.months = max((target.month for target in self.asked.values()), default=0)

    def reckoned(self, draws: int, seed: int, *, luck: bool) -> dict[RowKey, float]:
        """The chances of all that is asked for, out of one run; gives a reason where the start is another figure's."""
        found = odds(
            self.pipeline,
            self.start.state,
            self.figures,
            tuple(self.asked.values()),
            scenario=self.scenario,
            outcomes=(),
            months=self.months,
            draws=draws,
            seed=seed,
        )
        spreads = self._spreads(seed) if luck else [0.0] * len(self.asked)
        made = {}
        for (key, target), reached, spread in zip(self.asked.items(), found.reached, spreads, strict=True):
            row, first = self.known.targets[key], float(found.bands[target.outcome][1][0])
            reason = disagreement(row, self.known.latest[key], self.start, first)
            if reason:
                self.reasons[key] = reason
            else:
                made[key] = _chance(target.margin(reached), spread, row.what.kind)
        return made

    def _spreads(self, seed: int) -> list[float]:
        """By how much the luck of single people moves the outcome of each target: its standard deviation."""
        rates = central_rates(with_scenario(self.figures, self.scenario))
        many = rates.with_values({"ageing-out": np.full(LUCKY_RUNS, rates["ageing-out"])})
        generator = np.random.default_rng([seed, 2])
        run = self.pipeline.run(self.start.state, many, self.scenario.settings, self.months, generator)
        return [float(np.std(outcome(run, one.outcome)[one.month], ddof=1)) for one in self.asked.values()]


def _chance(margins: Array, spread: float, kind: MeasureKind) -> float:
    """The mean over the draws of the chance that luck leaves each on the right side."""
    if spread == 0:
        return float(np.mean(margins >= 0))
    # A count comes in whole numbers, each of which takes the half on either side of it.
    half = 0.5 if kind is MeasureKind.COUNT else 0.0
    return float(np.mean(ndtr((margins + half) / spread)))
