"""What a target takes and what else it moves: levers, hours and pounds, other measures, its chance and its range.

Everything here asks the model more than once, so a page asks for it when whoever types has paused.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from t4c_lib.framework import MeasureKind
from t4c_lib.plan import MeasureRow
from t4c_lib.progress.figures import amount_text, amount_texts
from t4c_lib.progress.what_if import WhatIf
from t4c_lib.progress.what_if_answers import Taken, WhatIfQuestion
from t4c_lib.whatif import DOING_NOTHING, LEVERS, LeverSetting, Scenario, format_amount

MOST_LEVERS = 4  # of those that move a measure, most direct first


@dataclass(frozen=True)
class LeverNeeded:
    """What one lever alone has to be for a target; of a measure whose number is decided, what that number takes."""

    label: str  #: of the lever
    amount: str  #: in words: "9 more a year"
    taken: Taken  #: to the target's date, beyond what doing nothing takes


@dataclass(frozen=True, eq=False)
class TargetEffects:
    """What a target takes, how likely it is, and what else it moves."""

    #: each alone is enough; none where the model doesn't follow the measure, or it is met without.
    levers: tuple[LeverNeeded, ...] = ()
    elsewhere: tuple[tuple[str, str], ...] = ()  #: other measures that the first of them moves, each with a sentence
    #: what the plan as a whole asks for and can't be given, release hours above all.
    warnings: tuple[str, ...] = ()
    chance: float | None = None  #: of meeting it with the plan, 0 to 1; None where there is none
    why_none: str = ""  #: why there is no chance, one sentence
    #: day, low, middle and high month by month with the plan, as far as it can be forecast.
    expected: pd.DataFrame | None = None


def target_effects(opened: WhatIf, row: MeasureRow) -> TargetEffects:
    """Of a row's target, in the what-if of its plan; nothing for a row without one, or once its date has come."""
    if row.target is None or opened.plan is None or opened.month.months_until(row.target.due) < 1:
        return TargetEffects()
    plan = opened.plan.with_row(row)
    asked = WhatIfQuestion(opened.with_plan(plan), row, row.target.due, row.target.goal)
    whole, alone = asked.opened, [DOING_NOTHING.with_setting(one) for one in _settings(asked)]
    is_forecast = row.is_open and not asked.why_none
    return TargetEffects(
        levers=tuple(_needed(one, asked) for one in alone),
        elsewhere=tuple(_elsewhere(alone[0], asked)) if alone else (),
        warnings=whole.run(whole.plan_scenario, asked.month).warnings(),
        chance=asked.odds(whole.plan_scenario).chance(asked.target(asked.month)) if is_forecast else None,
        why_none=asked.why_none if row.is_open else "",
        expected=None if asked.why_none else asked.band(whole.plan_scenario).head(asked.month + 1),
    )


def _settings(asked: WhatIfQuestion) -> Iterator[LeverSetting]:
    """The levers that a target takes, each alone enough; the one that it sets where the partners decide the number."""
    followed, opened = asked.row.what.what_if, asked.opened
    if followed is None or followed.path is None or asked.row.group:
        return
    if followed.decided_by:
        setting = opened.plan_scenario.setting(followed.decided_by)
        if setting is not None:
            yield setting
    elif not asked.why_none:
        for need in (asked.need(DOING_NOTHING, name) for name in followed.moved_by[:MOST_LEVERS]):
            if need.amount is not None and need.amount > 0:
                yield LeverSetting(need.lever, need.practical or need.amount, opened.acts_from)


def _needed(alone: Scenario, asked: WhatIfQuestion) -> LeverNeeded:
    (setting,) = alone.settings
    amount = format_amount(setting.lever, float(setting.amount))
    return LeverNeeded(LEVERS[setting.lever].label, amount, asked.takes(alone))


def _elsewhere(alone: Scenario, asked: WhatIfQuestion) -> Iterator[tuple[str, str]]:
    """Where other measures of the plan end with a lever and without it, as far as one can see a difference."""
    for other, (then, else_) in asked.elsewhere([alone, DOING_NOTHING]):
        if other.what.kind is MeasureKind.COUNT:  # of people and things: a part of one is no difference
            then, else_ = round(then), round(else_)  # noqa: PLW2901
        if amount_text(other, then) != amount_text(other, else_):
            moved, unmoved = amount_texts(other, then, else_)
            yield other.wording, f"ends at {moved}, not {unmoved}"
