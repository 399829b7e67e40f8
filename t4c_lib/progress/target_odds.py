"""How likely the targets of a plan are met from where the organisation stands now, as far as the what-if can say.

The what-if starts from the newest counts and does what the plan sets outright (so many placements a year), and nothing
else beyond today. A chance is the part of the draws that meet a target; each draw is one way in which it may go: what
we don't know (the assumptions, each within its interval), and individual chance.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from t4c_lib.parameters import Assumptions
from t4c_lib.periods import Month
from t4c_lib.plan import MeasureRow, Plan
from t4c_lib.progress.forecast_limits import LastYear, no_forecast
from t4c_lib.progress.plan_scenario import lever_of, scenario_words
from t4c_lib.progress.starting_state import NoStartError
from t4c_lib.progress.statuses import RowKey
from t4c_lib.progress.trajectory import direction
from t4c_lib.progress.what_if import WhatIf, open_what_if, outcome_of
from t4c_lib.whatif import DOING_NOTHING, OutcomeTarget, Scenario
from t4c_lib.whatif.odds import ODDS_DRAWS
from t4c_lib.whatif.sampling import DEFAULT_SEED


@dataclass(frozen=True, eq=False)
class Chances(Mapping[RowKey, float]):
    """The chances of a plan's targets, by the keys of their rows: 0 to 1.

    Attributes:
        by_row: for each target that has one.
        reasons: why each other target has none, one sentence.
        month: the counts from which they start; None where nobody was counted.
        scenario: what is done: what the plan sets, or nothing beyond today.
        basis: both in words, and what of the plan is not counted; empty if there is no chance.
    """

    by_row: Mapping[RowKey, float]
    reasons: Mapping[RowKey, str]
    month: Month | None
    scenario: Scenario
    basis: str

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
) -> Chances:
    """The chance of each target of a plan to be met by its date, from the latest counts.

    Args:
        plan: the plan.
        observations: of its organisation, as the store gives them; figures of later periods are passed over.
        as_of: the day.
        national: the assumptions; parameters/national.yaml unless given. What was counted here holds over them.
        own: what the organisation wrote down, see parameters.own_assumptions; it holds over both.
        draws: how many ways in which it may go.
        seed: the same seed gives the same chances.

    Raises:
        SettingError: a number of draws, or a seed, that can't be.
    """
    targets = {row.key: row for row in plan.measures if row.is_open and row.target is not None}
    try:
        opened = open_what_if(plan, observations, as_of, national=national, own=own)
    except NoStartError as error:
        return Chances({}, dict.fromkeys(targets, str(error)), None, DOING_NOTHING, "")
    reasons: dict[RowKey, str] = {}
    asked: dict[RowKey, OutcomeTarget] = {}
    last_year = LastYear(opened, plan, national, own)
    for key, row in targets.items():
        target = _target(row, opened)
        reason = no_forecast(row, last_year)
        if reason or target is None:
            reasons[key] = reason
        else:
            asked[key] = target
    found = _odds(opened, asked, draws, seed) if asked else {}
    basis = _basis(plan, opened) if found else ""
    return Chances(found, reasons, opened.month, opened.plan_scenario, basis)


def _target(row: MeasureRow, opened: WhatIf) -> OutcomeTarget | None:
    assert row.target is not None  # noqa: S101  (asked for rows that have one)
    months = opened.month.months_until(row.target.due)
    if months < 1:
        return None
    name = outcome_of(row.measure, row.population)
    return OutcomeTarget(name, row.target.goal, months, lower_is_better=direction(row) == "lower")


def _odds(opened: WhatIf, asked: Mapping[RowKey, OutcomeTarget], draws: int, seed: int) -> dict[RowKey, float]:
    months = max(target.month for target in asked.values())
    targets = tuple(asked.values())
    found = opened.odds(targets, scenario=opened.plan_scenario, months=months, draws=draws, seed=seed)
    return {key: found.chance(target) for key, target in asked.items()}


def _basis(plan: Plan, opened: WhatIf) -> str:
    counted = {one.lever for one in opened.plan_scenario.settings}
    others = [row for row in plan.actions if row.is_open and lever_of(row) not in counted]
    words = f"Chances: from the counts of {opened.month.label}, {scenario_words(opened.plan_scenario, opened.month)}."
    if not others:
        return words
    many = "one other action" if len(others) == 1 else f"{len(others)} other actions"
    return f"{words} The plan's {many} are not counted: nothing says by how much each moves a figure."
