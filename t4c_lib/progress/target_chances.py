"""How likely the targets of a plan are met from where the organisation stands now, as far as the what-if can say.

The what-if starts from the newest counts and does what the plan sets outright (so many placements a year), and nothing
else beyond today. A chance is the part of the draws that meet a target; each draw is one way in which it may go: what
we don't know (the assumptions, each within its interval), and individual chance.

A chance is given only where it would be one of the very figure that the partners follow: of the same people, started
from what was counted here, by a model that has stood the back-test (docs/reference/backtest.md) and, where a national
figure stands in for one that nobody counted here, would have forecast the organisation's own last year.
"""

import datetime as dt
from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from t4c_lib.disclosure.published import rounded_to
from t4c_lib.html_templates import text_from
from t4c_lib.parameters import Assumptions, Layer
from t4c_lib.periods import Month
from t4c_lib.plan import MeasureRow, Plan
from t4c_lib.progress.figures import Figure, amount_texts
from t4c_lib.progress.initial_state import NoStartError
from t4c_lib.progress.row_progress import RowKey
from t4c_lib.progress.trajectory import direction
from t4c_lib.progress.what_if import YEAR, WhatIf, forecasts, lever_of, open_what_if, outcome_of, scenario_words
from t4c_lib.whatif import OutcomeTarget
from t4c_lib.whatif.outcomes_and_odds import ODDS_DRAWS, outcome
from t4c_lib.whatif.rates import DEFAULT_SEED

MOST_MONTHS = 120
# A figure that is older than this beside month 0 is one that the organisation may well have left since.
SAME_TIME_DAYS = 92
NEAR_ENOUGH = 0.05  # of a figure that has no interval
ROUNDING = 1e-6  # relative

FORUM_ONLY = "Forecasts start from exact counts, so they are given inside the forum only."
DECIDED = "The partners decide this number themselves, so it is not forecast."


def why_no_forecast(row: MeasureRow, opened: WhatIf, *, due: Month | None = None, is_trial: bool = False) -> str:
    """Why a target gets no forecast and no chance, one sentence; empty if nothing is in the way.

    `due` is asked about where it is not the target's own; `is_trial` is for the back-test, which tries every forecast.
    """
    if rounded_to(opened.observations):
        return FORUM_ONLY
    asked = due or (row.target.due if row.target is not None else None)
    reason = next(_obstacles(row, opened, asked, is_trial=is_trial), "")
    return reason or _disagreement(row, opened) or _last_year_problem(row, opened)


def _obstacles(row: MeasureRow, opened: WhatIf, due: Month | None, *, is_trial: bool) -> Iterator[str]:
    figure, start, followed = opened.latest[row.key], opened.start, row.what.what_if
    if row.definition is not None:
        yield "There is no forecast of an own measure: the what-if follows those of the framework."
    if followed is not None and followed.not_followed:
        yield followed.not_followed
    if followed is not None and followed.decided_by:
        yield DECIDED
    forecast = forecasts().get((row.measure, row.population))
    if forecast is None or row.group:
        yield f"The what-if does not forecast this measure for {row.group or row.population}."
        return
    if not forecast.has_held and not is_trial:
        yield "Forecasts of this measure were not reliable when tested on past data, so none is made."
    months = start.month.months_until(due) if due is not None else 0
    if months < 1:
        yield f"The target date is no later than the newest counts ({start.month.label})."
    if months > MOST_MONTHS:
        yield f"The target date is more than {MOST_MONTHS // 12} years after the newest counts ({start.month.label})."
    if figure is not None and figure.is_proxy:
        yield f"The newest figure is a proxy, for {figure.population}; the what-if starts from {row.population}."
    if not all(_is_counted(name, opened) for name in forecast.rests_on):
        yield f"There is no local record of {forecast.label}, only a national figure."
    least = forecast.least_support_staff
    if least is not None and start.state.support < least:
        # It may not go by the moves that were counted: a lucky year would be forecast, and the next falls short of it.
        yield f"With fewer than {least} support staff, too few move into registered roles in a year for a forecast."


def _disagreement(row: MeasureRow, opened: WhatIf) -> str:
    """Why the figure that the what-if starts from can't be the one that is followed; empty if it can be."""
    figure = opened.latest[row.key]
    if figure is None or not _is_of_that_time(figure, opened):
        return ""
    first = float(outcome(opened.at_start, outcome_of(row.measure, row.population))[0])
    if _is_same(first, figure, str(opened.month)):
        return ""
    starts, counted = amount_texts(row, first, figure.value)
    newest = f"the newest figure is {counted} ({figure.when})"
    return f"The what-if would start at {starts}, but {newest}, so no forecast is made."


def _last_year_problem(row: MeasureRow, opened: WhatIf) -> str:
    """Why a forecast that leans on national figures can't be trusted here; empty where none do, or it held last year.

    It held where the newest figure lies within the 80% band from the counts of a year before.
    """
    forecast = forecasts()[row.measure, row.population]
    missing = [name for name in forecast.depends_on if opened.assumptions.layer(name) is Layer.national]
    if not missing:
        return ""
    label = opened.assumptions.get(missing[0]).label
    stands_in = f"A national figure is used because there is no local one ({label[0].lower()}{label[1:]})"
    figure, past = opened.latest[row.key], opened.a_year_ago
    if past is None or figure is None or not _is_of_that_time(figure, opened):
        return f"{stands_in}, and there are no counts from a year ago to check it against."
    if not all(_is_counted(name, past) for name in forecast.rests_on):
        return f"{stands_in}, and there is no record of {forecast.label} from a year ago to check it against."
    low, _, high = (float(end) for end in past.bands_a_year_on[outcome_of(row.measure, row.population)][:, YEAR])
    if low <= figure.value <= high:
        return ""
    ends = " to ".join(dict.fromkeys(amount_texts(row, low, high)))
    counted = amount_texts(row, figure.value, low)[0]
    looked_back = f"from the counts of {past.month.label} the forecast would have been {ends} in {opened.month.label}"
    return f"{stands_in}, and it does not fit local figures: {looked_back}, but the figure was {counted}."


def _is_of_that_time(figure: Figure, opened: WhatIf) -> bool:
    return abs((figure.day - opened.month.last_day).days) <= SAME_TIME_DAYS


def _is_counted(name: str, opened: WhatIf) -> bool:
    if name in opened.assumptions.layers:
        return opened.assumptions.layer(name) is not Layer.national
    return name in opened.counted_names


def _is_same(value: float, figure: Figure, month: str) -> bool:
    if figure.period == month:
        return bool(np.isclose(value, figure.value, rtol=ROUNDING, atol=ROUNDING))
    if figure.interval is not None:
        return figure.interval.low <= value <= figure.interval.high
    return abs(value - figure.value) <= NEAR_ENOUGH * abs(figure.value)


class TargetChances(dict[RowKey, float]):
    """The chances of a plan's targets, by the keys of their rows: 0 to 1.

    Attributes:
        reasons: why each target without one has none, one sentence, by the key of its row.
        basis: from which counts they start, what is done and what of the plan is not counted; empty without a chance.
    """

    def __init__(self, chances: Mapping[RowKey, float], reasons: Mapping[RowKey, str], basis: str = "") -> None:
        super().__init__(chances)
        self.reasons, self.basis = reasons, basis


def target_chances(
    plan: Plan,
    observations: pd.DataFrame,
    as_of: dt.date,
    *,
    own: Assumptions | None = None,
    draws: int = ODDS_DRAWS,
    seed: int = DEFAULT_SEED,
    opened: WhatIf | None = None,
) -> TargetChances:
    """The chance of each target of a plan to be met by its date, from the latest counts that had ended on the day.

    The same seed gives the same chances. Assumptions are those of `open_what_if`; `opened` is what that gave for the
    same plan, figures and day, where it was asked already. Raises SettingError: a number of draws, or a seed, that
    can't be.
    """
    targets = {row.key: row for row in plan.measures if row.is_open and row.target is not None}
    try:
        opened = opened or open_what_if(plan, observations, as_of, own=own)
    except NoStartError as error:
        return TargetChances({}, dict.fromkeys(targets, error.on_page))
    reasons: dict[RowKey, str] = {}
    asked: dict[RowKey, OutcomeTarget] = {}
    for key, row in targets.items():
        if reason := why_no_forecast(row, opened):
            reasons[key] = reason
        elif (target := row.target) is not None:
            name, months = outcome_of(row.measure, row.population), opened.month.months_until(target.due)
            asked[key] = OutcomeTarget(name, target.goal, months, lower_is_better=direction(row) == "lower")
    if not asked:
        return TargetChances({}, reasons)
    # To a year after the last target's date, as whoever opens one of them is shown.
    months, scenario = max(target.month for target in asked.values()) + YEAR, opened.plan_scenario
    drawn = opened.odds(tuple(asked.values()), scenario=scenario, months=months, draws=draws, seed=seed)
    return TargetChances({key: drawn.chance(target) for key, target in asked.items()}, reasons, _basis(plan, opened))


def _basis(plan: Plan, opened: WhatIf) -> str:
    counted = {one.lever for one in opened.plan_scenario.settings}
    others = sum(row.is_open and lever_of(row) not in counted for row in plan.actions)
    scenario, month = scenario_words(opened.plan_scenario, opened.month), opened.month.label
    return text_from("progress/chance_basis.txt.j2", month=month, scenario=scenario, others=others).rstrip()
