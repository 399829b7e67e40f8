"""How much of a scenario's difference each lever brings, and which assumptions matter most.

Levers act on one another: a place on a course is worth more where more of those who come stay. So what one adds depends
on what is there already, and the sum of "each alone" is not the whole. The Shapley value asks what a part adds over
every order in which the parts could be put in place; it is the one rule whose parts add up, that gives equal parts to
levers that act alike, and nothing to one that changes nothing (L. Shapley, A value for n-person games, 1953).
"""

from collections.abc import Callable, Sequence
from functools import cache
from itertools import permutations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from t4c_lib.errors import SettingError
from t4c_lib.parameters import Assumptions
from t4c_lib.whatif.levers import LeverSetting
from t4c_lib.whatif.outcomes_and_odds import central_rates, outcome, with_scenario
from t4c_lib.whatif.pipeline import Pipeline
from t4c_lib.whatif.rates import DEFAULT_SEED, MODEL_PARAMETERS, Array
from t4c_lib.whatif.scenarios import DOING_NOTHING, Scenario
from t4c_lib.whatif.state import WorkforceState

ValueOf = Callable[[frozenset[str]], ArrayLike]

MOST_EXACT = 6  # 720 orders, of 64 sets
SAMPLED_ORDERS = 200

TORNADO_COLUMNS = (
    *("rank", "name", "label", "unit", "low", "central", "high"),
    *("at_low", "at_central", "at_high", "swing", "source", "date", "judgement"),
)
# A swing that is smaller than this part of the outcome is the last bit of floating point.
NOTHING = 1e-12
# A scenario's own assumptions count as one part beside its levers.
ASSUMPTIONS = "assumptions"


def lever_contributions(
    pipeline: Pipeline,
    state: WorkforceState,
    assumptions: Assumptions,
    scenario: Scenario,
    outcome_names: Sequence[str],
    *,
    month: int,
    orders: int = SAMPLED_ORDERS,
    seed: int = DEFAULT_SEED,
) -> dict[str, Array]:
    """How much of a scenario's difference against doing nothing each of its levers brings; they add up to it.

    By lever, in the scenario's order, an array with what it brings to each of the outcomes; the scenario's own
    assumptions count as one part, ASSUMPTIONS. Of more than 6 parts `orders` are sampled. Raises UnknownNameError,
    SettingError: as `outcome` does.
    """
    names = (*scenario.levers, *([ASSUMPTIONS] if scenario.assumptions else []))
    # Every set that `shapley_values` will ask the value of, each once, is worked out in one go.
    beginnings = (order[:count] for order in _orders(names, orders, seed) for count in range(len(names) + 1))
    sets = list(dict.fromkeys(map(frozenset, beginnings)))
    there = {name: np.array([name in one for one in sets]) for name in names}
    settings = [
        LeverSetting(one.lever, np.where(there[one.lever], one.amount, 0.0), one.start_month, one.ramp_months)
        for one in scenario.settings
    ]
    rates = central_rates(assumptions)
    if scenario.assumptions:
        figures = central_rates(with_scenario(assumptions, scenario))
        changed = {name: np.where(there[ASSUMPTIONS], figures[name], rates[name]) for name in scenario.assumptions}
        rates = rates.with_values(changed)
    run = pipeline.run(state, rates, settings, month)
    found = [np.broadcast_to(outcome(run, name)[month], (len(sets),)) for name in outcome_names]
    known = dict(zip(sets, np.stack(found, axis=1), strict=True))
    return shapley_values(known.__getitem__, names, orders=orders, seed=seed)


def shapley_values(
    value: ValueOf, names: Sequence[str], *, orders: int = SAMPLED_ORDERS, seed: int = DEFAULT_SEED
) -> dict[str, Array]:
    """The part of each name in `value(all) - value(none)`; the parts add up to it.

    Up to 6 names every order counts, exactly. Beyond that, orders are sampled with a seed, each together with its
    reverse; the parts still add up, and which name gets how much is then an estimate.

    `value` is what comes out when only the names in the set are in place: a number or an array, of one shape, which the
    parts have too. Raises SettingError for a name twice, or fewer than 2 orders.
    """
    problems = [f"'{name}' is named twice among the parts" for name in sorted(set(names)) if names.count(name) > 1]
    if orders < 2:
        problems.append(f"the number of orders is 2 or more, not {orders}")
    SettingError.refuse(problems)

    @cache
    def values(names: frozenset[str]) -> Array:
        return np.asarray(value(names), dtype=np.float64)

    every = _orders(names, orders, seed)
    totals = {name: np.zeros_like(values(frozenset())) for name in names}
    for order in every:
        before = frozenset[str]()
        for name in order:
            totals[name] = totals[name] + values(before | {name}) - values(before)
            before |= {name}
    return {name: total / len(every) for name, total in totals.items()}


def _orders(names: Sequence[str], count: int, seed: int) -> list[tuple[str, ...]]:
    if len(names) <= MOST_EXACT:
        return list(permutations(names))
    chance = np.random.default_rng(seed)
    sampled = [tuple(names[place] for place in chance.permutation(len(names))) for _ in range((count + 1) // 2)]
    return [*sampled, *(order[::-1] for order in sampled)]


def sensitivity(
    pipeline: Pipeline,
    state: WorkforceState,
    assumptions: Assumptions,
    outcome_name: str,
    *,
    month: int,
    scenario: Scenario = DOING_NOTHING,
) -> pd.DataFrame:
    """Assumptions ranked by how far they move an outcome, ready for a tornado chart.

    One at a time: it does not show what two assumptions do together, which `odds` holds.

    Returns:
        A row for each uncertain assumption, the widest swing first, with columns TORNADO_COLUMNS. `low`, `central` and
        `high` are the assumption's figures, `at_low`, `at_central` and `at_high` the outcome there, `swing` the
        distance between the first and the last. Ties stand in the order of the assumptions.

    Raises:
        UnknownNameError: there is no such outcome, or an assumption is missing.
        SettingError: a month that can't be, or a measure without a projection.
    """
    figures = with_scenario(assumptions, scenario)
    uncertain = [figures.get(name) for name in MODEL_PARAMETERS if not figures.get(name).is_certain]
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
        figures_of_it = one.name, one.label, str(one.unit), one.low, one.central, one.high
        rows.append((0, *figures_of_it, at_low, float(found[0]), at_high, swing, one.source, one.date, one.judgement))
    table = pd.DataFrame(rows, columns=list(TORNADO_COLUMNS))
    table = table.sort_values("swing", ascending=False, kind="stable", ignore_index=True)
    return table.assign(rank=range(1, len(table) + 1))
