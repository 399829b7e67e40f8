"""Scenarios side by side, as the page on the what-if tells them, and what a lever has to be in a sentence."""

from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from t4c_lib.framework import catalogue
from t4c_lib.parameters import Assumptions
from t4c_lib.progress.target_outcome import at_best
from t4c_lib.quantities import percent
from t4c_lib.whatif.levers import LEVERS, format_amount
from t4c_lib.whatif.outcomes_and_odds import Odds, central_rates, label, outcome, with_scenario
from t4c_lib.whatif.pipeline import Pipeline
from t4c_lib.whatif.rates import Array
from t4c_lib.whatif.scenarios import DOING_NOTHING, Scenario
from t4c_lib.whatif.solve import MET, Need
from t4c_lib.whatif.state import WorkforceState

BAND_COLUMNS = ("scenario", "outcome", "month", "low", "central", "high")
DIFFERENCE_COLUMNS = ("scenario", "outcome", "label", "month", "nothing", "value", "difference")


def compare_scenarios(
    pipeline: Pipeline,
    state: WorkforceState,
    assumptions: Assumptions,
    scenarios: Iterable[Scenario],
    *,
    months: Sequence[int] = (12, 24, 36),
    outcomes: Sequence[str] = (),
) -> pd.DataFrame:
    """What each scenario changes at some months from month 0, with central figures.

    Outcomes are those of `odds.outcome`; `usual_outcomes` if none is named.

    Returns:
        A row for each scenario, outcome and month, in the order given, with columns DIFFERENCE_COLUMNS.

    Raises:
        UnknownNameError: there is no such outcome.
        SettingError: a month that can't be, or a measure without a projection.
    """
    last, outcomes = max(months, default=0), outcomes or usual_outcomes()

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


def contributions_table(parts: Mapping[str, Array]) -> pd.DataFrame:
    """What `lever_contributions` found, with columns label and contribution."""
    labels = [LEVERS[name].label if name in LEVERS else "The scenario's own assumptions" for name in parts]
    return pd.DataFrame({"label": labels, "contribution": [float(one[0]) for one in parts.values()]})


def bands_table(found: Odds) -> pd.DataFrame:
    """The bands of odds: a row for each outcome and month, with columns BAND_COLUMNS."""
    rows = [
        (found.scenario, name, month, *values)
        for name, band in found.bands.items()
        for month, values in enumerate(band.T.tolist())
    ]
    return pd.DataFrame(rows, columns=list(BAND_COLUMNS))


def usual_outcomes() -> tuple[str, ...]:
    """What scenarios are compared by: shares and stocks of the model, and every measure that it follows."""
    return "support_young_share", "support", "registered", *(one.key for one in catalogue().followed.values())


def need_sentence(need: Need) -> str:
    """What it takes of one lever to meet a target, or that it is out of reach, in a sentence or two."""
    target, odds = need.target, "" if need.chance is None else f" with a chance of {percent(need.chance, 0)}"
    goal = f"{target.name}: {target.format_value(target.value)} {target.when}{odds}"
    what = LEVERS[need.lever].label
    if need.amount is None and target.format_value(need.best) == target.format_value(need.outcome):
        return f"{goal} is out of reach with '{what}' alone, which leaves it at {target.format_value(need.outcome)}."
    if need.amount is None:
        return (
            f"{goal} is out of reach with '{what}' alone: {at_best(need)}, at "
            f"{format_amount(need.lever, need.best_amount)}."
        )
    if need.method == MET:
        return f"{goal} is met without '{what}': it would be {target.format_value(need.outcome)}."
    text = f"{goal} needs '{what}': {format_amount(need.lever, need.practical or need.amount)}."
    return text if need.amount > 0 else f"{text} That is less than today."
