"""What matters most: each assumption alone at its low and its high end, all others central."""

from __future__ import annotations

import numpy as np
import pandas as pd

from t4c_lib.parameters import Assumptions
from t4c_lib.whatif.pipeline import Pipeline
from t4c_lib.whatif.scenario import DOING_NOTHING, Scenario
from t4c_lib.whatif.state import State
from t4c_lib.whatif.targets import central_rates, outcome, with_scenario
from t4c_lib.whatif.values import ASSUMED

TORNADO_COLUMNS = (
    *("rank", "name", "label", "unit", "low", "central", "high"),
    *("at_low", "at_central", "at_high", "swing", "source", "date", "judgement"),
)
# A swing that is smaller than this part of the outcome is the last bit of floating point.
NOTHING = 1e-12


def what_matters(
    pipeline: Pipeline,
    state: State,
    assumptions: Assumptions,
    outcome_name: str,
    *,
    month: int,
    scenario: Scenario = DOING_NOTHING,
) -> pd.DataFrame:
    """Assumptions ranked by how far they move an outcome, ready for a tornado chart.

    One at a time: it does not show what two assumptions do together, which `odds` holds.

    Args:
        pipeline: with its closure.
        state: one organisation at month 0.
        assumptions: for all that the what-if takes; certain ones move nothing and are left out.
        outcome_name: what is looked at, see targets.outcome.
        month: when, 0 or later.
        scenario: what is done.

    Returns:
        A row for each assumption, the widest swing first, with columns TORNADO_COLUMNS. `low`, `central` and `high` are
        the assumption's figures, `at_low`, `at_central` and `at_high` the outcome there, `swing` the distance between
        the first and the last. Ties stand in the order of the assumptions.

    Raises:
        UnknownNameError: there is no such outcome, or an assumption is missing.
        SettingError: a month that can't be, or a measure without a projection.
    """
    figures = with_scenario(assumptions, scenario)
    uncertain = [figures.get(name) for name in ASSUMED if not figures.get(name).is_certain]
    central = central_rates(figures)
    # One run of 1 + 2 x assumptions: the central one, then the low and the high end of each.
    changed = {}
    for place, one in enumerate(uncertain):
        values = np.full(1 + 2 * len(uncertain), one.central)
        values[1 + 2 * place], values[2 + 2 * place] = one.low, one.high
        changed[one.name] = values
    run = pipeline.run(state, central.with_values(changed), scenario.settings, month)
    found = np.broadcast_to(outcome(run, outcome_name)[month], (1 + 2 * len(uncertain),))
    rows = []
    for place, one in enumerate(uncertain):
        at_low, at_high = float(found[1 + 2 * place]), float(found[2 + 2 * place])
        swing = abs(at_high - at_low)
        if swing <= NOTHING * max(abs(at_low), abs(at_high)):
            at_low, at_high, swing = float(found[0]), float(found[0]), 0.0
        rows.append(
            (
                *(0, one.name, one.label, str(one.unit), one.low, one.central, one.high),
                *(at_low, float(found[0]), at_high, swing, one.source, one.date, one.judgement),
            )
        )
    table = pd.DataFrame(rows, columns=list(TORNADO_COLUMNS))
    table = table.sort_values("swing", ascending=False, kind="stable", ignore_index=True)
    return table.assign(rank=range(1, len(table) + 1))
