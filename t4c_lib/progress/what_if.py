"""The what-if of one organisation, opened once: what page, report, command line and chances all ask.

Month 0 is the newest month counted by age that had ended on the day; what goes on today is the newest figure of it, or
what the partners wrote down as its baseline. There is no other way to open it, so there is one answer to a question.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from t4c_lib.evidence.observations import SUPPORT_STAFF, TRUST_WORKFORCE
from t4c_lib.framework import ModelPath, catalogue
from t4c_lib.parameters import Assumptions, Layered
from t4c_lib.periods import Month
from t4c_lib.plan import MeasureRow, Plan
from t4c_lib.progress.figures import Figure, all_figures, end_and_kind, latest_figure
from t4c_lib.progress.initial_state import StartingState, activity_series, starting_state
from t4c_lib.progress.plan_scenario import plan_scenario
from t4c_lib.progress.row_progress import RowKey
from t4c_lib.whatif import (
    DOING_NOTHING,
    Odds,
    OutcomeTarget,
    Pipeline,
    Projection,
    Scenario,
    central_rates,
    odds,
    with_scenario,
)
from t4c_lib.whatif.odds import ODDS_DRAWS
from t4c_lib.whatif.sampling import DEFAULT_SEED

# What the model calls the share aged 16 to 24 of whom; every other measure goes by its own key.
SHARE_OF = {TRUST_WORKFORCE: "trust_young_share", SUPPORT_STAFF: "support_young_share"}


def outcome_of(measure: str, population: str) -> str:
    """What the model calls a measure of some people."""
    is_by_age = catalogue().path_of(measure) is ModelPath.YOUNG_SHARE
    return SHARE_OF.get(population, measure) if is_by_age else measure


@dataclass(frozen=True, eq=False)
class WhatIf:
    """The what-if of one organisation on a day.

    Attributes:
        start: month 0, with what each of its numbers rests on.
        assumptions: those that hold: national, counted here, the organisation's own.
        plan_scenario: what the plan sets outright; doing nothing where it sets nothing or there is no plan.
        observations: those of periods that had ended on the day.
        latest: the newest figure of each measure of the plan, by key.
        as_of: the day.
        pipeline: the model, with joiners as given.
    """

    start: StartingState
    assumptions: Layered
    plan_scenario: Scenario
    observations: pd.DataFrame
    latest: Mapping[RowKey, Figure | None]
    as_of: dt.date
    pipeline: Pipeline = field(default_factory=Pipeline)

    @property
    def month(self) -> Month:
        """Month 0."""
        return self.start.month

    @property
    def acts_from(self) -> int:
        """The first month, counted from month 0, in which something can still be done: the one after the day's own."""
        return max(self.month.months_until(Month.of(self.as_of)) + 1, 1)

    def run(self, scenario: Scenario = DOING_NOTHING, months: int = 60) -> Projection:
        """What is expected under a scenario, with central figures, from month 0 to `months`, both included."""
        rates = central_rates(with_scenario(self.assumptions, scenario))
        return self.pipeline.run(self.start.state, rates, scenario.settings, months)

    def odds(
        self,
        targets: Sequence[OutcomeTarget] = (),
        *,
        scenario: Scenario = DOING_NOTHING,
        outcomes: Sequence[str] = (),
        months: int = 60,
        draws: int = ODDS_DRAWS,
        seed: int = DEFAULT_SEED,
    ) -> Odds:
        """Bands and chances, see `t4c_lib.whatif.odds`: what we don't know, and individual chance."""
        return odds(
            self.pipeline,
            self.start.state,
            self.assumptions,
            targets,
            scenario=scenario,
            outcomes=outcomes,
            months=months,
            draws=draws,
            seed=seed,
        )

    @cached_property
    def at_start(self) -> Projection:
        """Month 0 alone."""
        return self.run(months=0)

    @cached_property
    def counted_names(self) -> frozenset[str]:
        """Starting numbers that were counted here."""
        return frozenset(part.name for part in self.start.numbers if not part.is_default)


def open_what_if(
    plan: Plan | None,
    observations: pd.DataFrame,
    as_of: dt.date,
    *,
    national: Assumptions | None = None,
    own: Assumptions | None = None,
) -> WhatIf:
    """Open the what-if of an organisation.

    Args:
        plan: its plan, or None: the baselines of what goes on today, and what it sets outright, are taken from it.
        observations: of the organisation, as the store gives them; figures of later periods are passed over.
        as_of: the day.
        national: the assumptions; parameters/national.yaml unless given. What was counted here holds over them.
        own: what the organisation wrote down, see parameters.own_assumptions; it holds over both.

    Raises:
        NoStartError: no month has a count of staff by age.
    """
    ended = [period for period in observations["period"].unique() if end_and_kind(period)[0] <= as_of]
    known = observations[observations["period"].isin(ended)]
    month = Month.of(as_of)
    rows = plan.measures if plan is not None else ()
    figures = all_figures(rows, known)
    latest = {row.key: latest_figure(row, found) for row, found in zip(rows, figures, strict=True)}
    start = starting_state(
        known,
        month if month.last_day == as_of else month + -1,
        national=national,
        known=_current_activity(rows, latest),
    )
    scenario = DOING_NOTHING if plan is None else plan_scenario(plan, latest, start.month)
    return WhatIf(start, start.assumptions(national, own=own), scenario, known, latest, as_of)


def _current_activity(rows: Sequence[MeasureRow], latest: Mapping[RowKey, Figure | None]) -> dict[str, float]:
    """What goes on today, as newly as it is known: a figure, or what the partners wrote down as baseline."""
    found = {}
    for name, series in activity_series().items():
        for row in rows:
            known = latest[row.key] or row.baseline
            if row.what.series == series and not row.group and known is not None and np.isfinite(known.value):
                found[name] = max(known.value, 0.0)
    return found
