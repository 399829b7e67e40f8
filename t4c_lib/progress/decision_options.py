"""The options of a decision on a target: as it is, with a lever more, by a later date, or with another X."""

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from t4c_lib.progress.figures import amount_text
from t4c_lib.progress.status import EVEN_CHANCE
from t4c_lib.progress.what_if_answers import FEW_HOURS, WhatIfQuestion
from t4c_lib.whatif import DOING_NOTHING, LEVERS, LeverSetting, OutcomeTarget, Scenario, format_amount
from t4c_lib.whatif.outcomes_and_odds import format_chance

# That a later date or another target is to have: the second where the first can't be had.
WANTED_CHANCES = (0.8, EVEN_CHANCE)


class Option(NamedTuple):
    """One way to decide, with what it leads to."""

    label: str
    expected: str
    chance: str
    cost: str  #: of what is done besides the plan, with its interval; empty for nothing
    hours: str  #: of release, likewise
    kind: str  #: "plan" as it is, with a "lever" besides, by a later "date", or another "target"


def decision_options(asked: WhatIfQuestion, latest: float) -> Iterator[Option]:
    """Keep all as it is, or with a lever, move the date, change the target; the last two only where they are better."""
    plan, row, followed = asked.opened.plan_scenario, asked.row, asked.row.what.what_if
    goal, due = amount_text(row, asked.goal or 0.0), asked.due.label
    yield _option(f"Keep {goal} by {due}, with the plan as it is", asked, plan)
    for name in followed.moved_by if followed is not None else ():
        need = asked.need(plan, name)
        if need.amount is not None and need.amount > 0:
            setting = LeverSetting(name, need.practical or need.amount, asked.opened.acts_from)
            words = f"Keep {goal} by {due}, with {LEVERS[name].label}: {format_amount(name, float(setting.amount))}"
            yield _option(words, asked, plan.with_setting(setting), besides=setting)
            break
    later = next(filter(None, (asked.first_month(plan, chance) for chance in WANTED_CHANCES)), None)
    if later is not None and later > asked.due:
        moved = WhatIfQuestion(asked.opened, row, later, asked.goal)
        yield _option(f"Keep {goal}, and move the date to {later.label}", moved, plan)._replace(kind="date")
    target = asked.target(asked.month)
    for lower in (asked.odds(plan).goal_at(target, chance) for chance in WANTED_CHANCES):
        is_better = lower < latest if target.lower_is_better else lower > latest
        if is_better and amount_text(row, lower) != amount_text(row, latest):
            changed = replace(target, value=lower)  # the draws are the same whatever the goal
            yield _option(f"Change the target to {amount_text(row, lower)} by {due}", asked, plan, changed)
            break


def _option(
    label: str,
    asked: WhatIfQuestion,
    scenario: Scenario,
    target: OutcomeTarget | None = None,
    besides: LeverSetting | None = None,
) -> Option:
    """What a scenario leads to, for the target asked about or another one; `besides` is set on top of the plan."""
    expected = amount_text(asked.row, float(asked.path(scenario)[asked.month]))
    chance = format_chance(asked.odds(scenario).chance(target or asked.target(asked.month)))
    if besides is None:
        return Option(label, expected, chance, "", "", "plan" if target is None else "target")
    taken = asked.takes(DOING_NOTHING.with_setting(besides))
    hours = taken.hours.text(least=FEW_HOURS).strip("–")
    return Option(label, expected, chance, taken.pounds.text("£"), hours, "lever")
