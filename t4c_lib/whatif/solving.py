"""Backward: what a lever has to be so that a target is met by its date.

A share of stocks is (y0 + y1 r) / (n0 + n1 r) in a lever r that stocks follow along a straight line, so two runs give
the answer in closed form. A run at the answer then shows whether it holds: a limit that was met on the way (nobody left
to replace, a share of joiners at its end) bends the line. Where it does, and for every other lever, the answer is found
by a bracketed search (Brent's method) within the lever's range.

At a chosen chance the question is put to every draw of the assumptions, each with the luck of single people, and the
answer meets the target in that part of them. Aiming exactly at the target with central figures gives about an even
chance.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from t4c_lib.errors import SettingError
from t4c_lib.parameters import Assumptions
from t4c_lib.whatif.draws import DEFAULT_SEED
from t4c_lib.whatif.lever import LEVERS, Setting, lever
from t4c_lib.whatif.needs import Need
from t4c_lib.whatif.pipeline import Pipeline
from t4c_lib.whatif.question import PeoplesLuck, Question
from t4c_lib.whatif.scenario import DOING_NOTHING, Scenario
from t4c_lib.whatif.state import State
from t4c_lib.whatif.targets import Target, central_rates, drawn_rates, with_scenario

SOLVE_DRAWS = 1000


def solve(
    pipeline: Pipeline,
    state: State,
    assumptions: Assumptions,
    target: Target,
    lever: str,
    *,
    scenario: Scenario = DOING_NOTHING,
    start_month: int = 1,
    ramp_months: int = 0,
    chance: float | None = None,
    draws: int = SOLVE_DRAWS,
    seed: int = DEFAULT_SEED,
) -> Need:
    """What a lever has to be for a target.

    Args:
        pipeline: with its closure.
        state: one organisation at month 0.
        assumptions: for all that the what-if takes.
        target: what is to be reached, and by when.
        lever: the lever to be found.
        scenario: what else is done. Where it sets the lever, its start and ramp are kept and its amount is not.
        start_month: when the lever begins to act, where the scenario does not set it.
        ramp_months: until it acts in full, likewise.
        chance: with which chance the target is to be met, more than 0 and less than 1; None for the central path.
        draws: how many draws a chance rests on.
        seed: of the draws.

    Raises:
        UnknownNameError: there is no such lever or outcome.
        SettingError: a chance that can't be, several organisations at once, or a measure without a projection.
    """
    (need,) = solve_each(
        pipeline,
        state,
        assumptions,
        [target],
        [lever],
        scenario=scenario,
        start_month=start_month,
        ramp_months=ramp_months,
        chance=chance,
        draws=draws,
        seed=seed,
    )
    return need


def solve_each(
    pipeline: Pipeline,
    state: State,
    assumptions: Assumptions,
    targets: Iterable[Target],
    levers: Iterable[str] = tuple(LEVERS),
    *,
    scenario: Scenario = DOING_NOTHING,
    start_month: int = 1,
    ramp_months: int = 0,
    chance: float | None = None,
    draws: int = SOLVE_DRAWS,
    seed: int = DEFAULT_SEED,
) -> tuple[Need, ...]:
    """What each lever alone has to be for each target: target by target, lever by lever; see `solve`."""
    if state.batch:
        raise SettingError([f"one organisation at a time is solved for, not {int(np.prod(state.batch))}"])
    if chance is not None and not 0 < chance < 1:
        raise SettingError([f"a chance lies between 0 and 1, not at {chance:g}"])
    figures = with_scenario(assumptions, scenario)
    rates = central_rates(figures) if chance is None else drawn_rates(figures, draws, seed)
    chosen = [lever(name).name for name in levers]
    found = []
    for target in targets:
        today: dict[tuple[Setting, ...], PeoplesLuck | None] = {}
        for name in chosen:
            setting = scenario.setting(name) or Setting(name, 0.0, start_month, ramp_months)
            others = tuple(one for one in scenario.settings if one.lever != name)
            question = Question(pipeline, state, rates, others, setting, target, chance)
            if chance is not None:
                # With the lever at no change, luck is the same whichever lever it is.
                if others not in today:
                    today[others] = question.with_luck(0.0, seed).luck
                question = replace(question, luck=today[others])
            found.append(question.need(seed))
    return tuple(found)
