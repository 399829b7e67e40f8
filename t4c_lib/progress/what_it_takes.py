"""What a target takes and what else it moves: levers, hours and pounds, other measures, its chance and its range.

Everything here asks the model more than once, so a page asks for it when whoever types has paused.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from t4c_lib.framework import MeasureKind
from t4c_lib.plan import MeasureRow
from t4c_lib.progress.figures import amount_text, amount_texts
from t4c_lib.progress.target_chances import outcome_target, target_chances, why_no_forecast
from t4c_lib.progress.what_if import YEAR, WhatIf, forecasts, outcome_of
from t4c_lib.whatif import DOING_NOTHING, LEVERS, LeverSetting, Projection, format_amount, solve_each
from t4c_lib.whatif import outcome as path_of

MOST_LEVERS = 4  # of those that move a measure, most direct first


@dataclass(frozen=True)
class LeverNeeded:
    """What one lever alone has to be for a target; of a measure whose number is decided, what that number takes."""

    label: str  #: of the lever
    amount: str  #: in words: "9 more a year"
    hours: float  #: away from posts in the last year before the target's date, beyond what doing nothing takes
    pounds: float  #: likewise; they pay for the hours, too


@dataclass(frozen=True, eq=False)
class TargetEffects:
    """What a target takes, how likely it is, and what else it moves."""

    #: each alone is enough; none where the model doesn't follow the measure, or it is met without.
    levers: tuple[LeverNeeded, ...] = ()
    #: other measures that the first of them moves, by key, each with a sentence.
    elsewhere: tuple[tuple[str, str], ...] = ()
    warnings: tuple[str, ...] = ()  #: what the plan as a whole asks for and can't be given, release hours above all
    chance: float | None = None  #: of meeting it with the plan, 0 to 1; None where there is none
    why_none: str = ""  #: why there is no chance, one sentence
    #: day, low, middle and high month by month with the plan, as far as it can be forecast.
    expected: pd.DataFrame | None = None


def target_effects(opened: WhatIf, row: MeasureRow) -> TargetEffects:
    """Of a row's target, in the what-if of its plan; nothing for a row without one, or once its date has come."""
    months = 0 if row.target is None else opened.month.months_until(row.target.due)
    if row.target is None or opened.plan is None or months < 1:
        return TargetEffects()
    plan = opened.plan.with_row(row)
    whole = opened.with_plan(plan)
    settings = list(_settings(whole, row))
    nothing = opened.doing_nothing(months)
    runs = [opened.run(DOING_NOTHING.with_setting(one), months) for one in settings]
    chances = target_chances(plan, opened.observations, opened.as_of, opened=whole)
    return TargetEffects(
        levers=tuple(_needed(one, run, nothing) for one, run in zip(settings, runs, strict=True)),
        elsewhere=tuple(_elsewhere(row, runs[0], nothing, opened)) if runs else (),
        warnings=whole.run(whole.plan_scenario, months).warnings(),
        chance=chances.get(row.key),
        why_none=chances.reasons.get(row.key, ""),
        expected=_expected(whole, row, months),
    )


def _settings(whole: WhatIf, row: MeasureRow) -> Iterator[LeverSetting]:
    """The levers that a target takes, each alone enough; the one that it sets where the partners decide the number."""
    followed = row.what.what_if
    if followed is None or followed.path is None or row.group:
        return
    if followed.decided_by:
        setting = whole.plan_scenario.setting(followed.decided_by)
        if setting is not None:
            yield setting
        return
    if why_no_forecast(row, whole):
        return
    asked = outcome_target(row, whole)
    assert asked is not None  # noqa: S101  (its date is to come)
    pipeline, state, figures, begins = whole.pipeline, whole.start.state, whole.assumptions, whole.acts_from
    levers = followed.moved_by[:MOST_LEVERS]
    for need in solve_each(pipeline, state, figures, [asked], levers, start_month=begins, known=whole.tried):
        if need.amount is not None and need.amount > 0:
            yield LeverSetting(need.lever, need.practical or need.amount, begins)


def _needed(setting: LeverSetting, run: Projection, nothing: Projection) -> LeverNeeded:
    more = run.costs.over(nothing.costs)
    given = (more.hours, more.pounds)
    hours, pounds = (float(sum(values[-YEAR:].sum() for values in one.values())) for one in given)
    amount = format_amount(setting.lever, float(setting.amount))
    return LeverNeeded(LEVERS[setting.lever].label, amount, hours, pounds)


def _elsewhere(row: MeasureRow, run: Projection, nothing: Projection, opened: WhatIf) -> Iterator[tuple[str, str]]:
    """Where other measures of the plan end with a lever and without it, as far as one can see a difference."""
    known = forecasts()
    for other in opened.plan.measures if opened.plan else ():
        if other.key == row.key or not other.is_open or other.group or (other.measure, other.population) not in known:
            continue
        name = outcome_of(other.measure, other.population)
        then, else_ = (float(path_of(one, name)[run.months]) for one in (run, nothing))
        if other.what.kind is MeasureKind.COUNT:  # of people and things: a part of one is no difference
            then, else_ = round(then), round(else_)
        if amount_text(other, then) != amount_text(other, else_):
            moved, unmoved = amount_texts(other, then, else_)
            yield other.wording, f"ends at {moved}, not {unmoved}"


def _expected(whole: WhatIf, row: MeasureRow, months: int) -> pd.DataFrame | None:
    """Where the model expects it with the plan: in 80 of 100 cases between low and high."""
    if why_no_forecast(row, whole):
        return None
    name = outcome_of(row.measure, row.population)
    low, middle, high = whole.odds(outcomes=[name], scenario=whole.plan_scenario, months=months).bands[name]
    days = [pd.Timestamp((whole.month + step).last_day) for step in range(months + 1)]
    return pd.DataFrame({"day": days, "low": low, "middle": middle, "high": high})
