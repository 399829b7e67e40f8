"""Scenarios side by side: each against doing nothing, by measure and date, and how much of it each lever brings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd

from t4c_lib.framework import catalogue
from t4c_lib.parameters import Assumptions
from t4c_lib.whatif.contributions import SAMPLED_ORDERS, contributions, subsets_needed
from t4c_lib.whatif.draws import DEFAULT_SEED
from t4c_lib.whatif.lever import LEVERS, Setting
from t4c_lib.whatif.measures import COMPUTED
from t4c_lib.whatif.pipeline import Pipeline
from t4c_lib.whatif.scenario import DOING_NOTHING, Scenario
from t4c_lib.whatif.state import State
from t4c_lib.whatif.targets import LABELS, central_rates, outcome, with_scenario
from t4c_lib.whatif.values import Array

DIFFERENCE_COLUMNS = ("scenario", "outcome", "label", "month", "nothing", "value", "difference")
CONTRIBUTION_COLUMNS = ("part", "label", "contribution")
# A scenario's own assumptions count as one part beside its levers.
ASSUMPTIONS = "assumptions"
OUTCOMES = ("support_young_share", "support", "registered", *COMPUTED)


def against_nothing(
    pipeline: Pipeline,
    state: State,
    assumptions: Assumptions,
    scenarios: Iterable[Scenario],
    *,
    months: Sequence[int] = (12, 24, 36),
    outcomes: Sequence[str] = OUTCOMES,
) -> pd.DataFrame:
    """What each scenario changes, with central figures.

    Args:
        pipeline: with its closure.
        state: one organisation at month 0.
        assumptions: for all that the what-if takes.
        scenarios: to be looked at; doing nothing may be among them and differs by nothing.
        months: the dates, in months from month 0.
        outcomes: what is looked at, see targets.outcome; all measures with a projection unless said otherwise.

    Returns:
        A row for each scenario, outcome and month, in the order given, with columns DIFFERENCE_COLUMNS.

    Raises:
        UnknownNameError: there is no such outcome.
        SettingError: a month that can't be, or a measure without a projection.
    """
    last = max(months, default=0)

    def values(scenario: Scenario) -> Mapping[str, Array]:
        run = pipeline.run(state, central_rates(with_scenario(assumptions, scenario)), scenario.settings, last)
        return {name: outcome(run, name) for name in outcomes}

    nothing = values(DOING_NOTHING)
    rows = []
    for scenario in scenarios:
        found = values(scenario)
        rows += [
            (
                *(scenario.name, name, label(name), month, float(nothing[name][month]), float(found[name][month])),
                float(found[name][month] - nothing[name][month]),
            )
            for name in outcomes
            for month in months
        ]
    return pd.DataFrame(rows, columns=list(DIFFERENCE_COLUMNS))


def label(name: str) -> str:
    """How people call an outcome. Raises UnknownNameError."""
    return LABELS.get(name) or catalogue().measure(name).name


def lever_contributions(
    pipeline: Pipeline,
    state: State,
    assumptions: Assumptions,
    scenario: Scenario,
    outcome_name: str,
    *,
    month: int,
    orders: int = SAMPLED_ORDERS,
    seed: int = DEFAULT_SEED,
) -> pd.DataFrame:
    """How much of a scenario's difference against doing nothing each of its levers brings; they add up to it.

    Args:
        pipeline: with its closure.
        state: one organisation at month 0.
        assumptions: for all that the what-if takes.
        scenario: whose levers, and whose own assumptions, are told apart.
        outcome_name: what is looked at, see targets.outcome.
        month: when.
        orders: how many orders of the levers are sampled where there are more than 8 parts.
        seed: for the sampling.

    Returns:
        A row for each part, in the scenario's order, with columns CONTRIBUTION_COLUMNS.

    Raises:
        UnknownNameError, SettingError: as `against_nothing` does.
    """
    names = (*scenario.levers, *([ASSUMPTIONS] if scenario.assumptions else []))
    sets = subsets_needed(names, orders, seed)
    there = {name: np.array([name in one for one in sets]) for name in names}
    settings = [
        Setting(one.lever, np.where(there[one.lever], one.amount, 0.0), one.start_month, one.ramp_months)
        for one in scenario.settings
    ]
    rates = central_rates(assumptions)
    if scenario.assumptions:
        figures = central_rates(with_scenario(assumptions, scenario))
        changed = {name: np.where(there[ASSUMPTIONS], figures[name], rates[name]) for name in scenario.assumptions}
        rates = rates.with_values(changed)
    run = pipeline.run(state, rates, settings, month)
    found = np.broadcast_to(outcome(run, outcome_name)[month], (len(sets),))
    known = dict(zip(sets, found, strict=True))
    made = contributions(known.__getitem__, names, orders=orders, seed=seed)
    rows = [(name, _part_label(name), float(part)) for name, part in made.items()]
    return pd.DataFrame(rows, columns=list(CONTRIBUTION_COLUMNS))


def _part_label(name: str) -> str:
    return LEVERS[name].label if name in LEVERS else "The scenario's own assumptions"
