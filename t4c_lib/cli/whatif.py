"""`t4c whatif`: scenarios side by side, what an X takes, and how likely it is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from t4c_lib.cli.console import say, say_each, say_table
from t4c_lib.cli.saving import Code, store_of
from t4c_lib.errors import T4CError, UnknownNameError
from t4c_lib.framework import ModelPath, catalogue
from t4c_lib.parameters import Layered, own_assumptions
from t4c_lib.periods import Month, today
from t4c_lib.quantities import Baseline, number, parse_change, percent

if TYPE_CHECKING:
    from t4c_lib.progress import StartingState, WhatIf
    from t4c_lib.whatif import LeverSetting, Need, OutcomeTarget, Scenario, Scenarios

BAND_WIDTH = 10
OF = {"support": "support_young_share", "all": "trust_young_share"}
POPULATIONS = {"support": "support staff", "all": "trust workforce"}
MONTHS_AHEAD = 36
NAME_WIDTH, FIGURE_WIDTH, LEVER_WIDTH, ANSWER_WIDTH = 22, 7, 34, 24  # characters
WAY_TO_SET = "LEVER=AMOUNT, such as young-joiners=5% or 'placements=60 from 3 over 12'"
SETTING = re.compile(
    r"(?P<lever>[\w-]+)\s*=\s*(?P<amount>[-+]?\d*\.?\d+)\s*(?P<percent>%?)"
    r"(?:\s+from\s+(?P<start>\d+))?(?:\s+over\s+(?P<ramp>\d+))?"
)


class QuestionError(T4CError):
    """A question to the what-if that can't be read."""


def whatif(
    code: Code,
    scenario: Annotated[
        list[str] | None, typer.Option(help="A scenario by name; several to compare. Without it all.")
    ] = None,
    sets: Annotated[list[str] | None, typer.Option("--set", help=f"A lever of your own: {WAY_TO_SET}.")] = None,
    solve: Annotated[str | None, typer.Option(help="An X to work back from: 'to 8%', '2 points', '40 more'.")] = None,
    by: Annotated[str | None, typer.Option(help="Month by whose end (2029-03). Without it three years on.")] = None,
    of: Annotated[str, typer.Option(help="Whose share aged 16 to 24: support, or all staff.")] = "support",
    chance: Annotated[int, typer.Option(min=1, max=99, help="With --solve: the chance wanted, in percent.")] = 80,
    odds: Annotated[bool, typer.Option("--odds", help="Bands, and the chance of the X under each scenario.")] = False,
    draws: Annotated[int, typer.Option(min=10, max=100_000, help="How many draws the chances rest on.")] = 1000,
    keep_size: Annotated[bool, typer.Option("--keep-size", help="Joiners fill what is vacant, and no more.")] = False,
    rests_on: Annotated[bool, typer.Option("--rests-on", help="List what each starting number rests on.")] = False,
    save: Annotated[str | None, typer.Option(help="Keep what was --set as a scenario of this name.")] = None,
    because: Annotated[str, typer.Option(help="With --save: why one would do this.")] = "",
) -> None:
    """What if: scenarios side by side, what an X takes, how likely it is.

    Everything starts from the latest counts; national figures stand in for what was not counted here.
    """
    from t4c_lib.progress import MeasureOutlook, scenarios
    from t4c_lib.sections.young_share import MEASURE, plan_with_share
    from t4c_lib.whatif import Pipeline
    from t4c_lib.whatif.target_probability import label

    if of not in OF:
        raise UnknownNameError("workforce", of, OF)
    with store_of(code) as (store, organisation):
        revision = store.latest_plan(organisation.code)
        observations = store.observations(organisation.code)
    day = today()
    plan = plan_with_share(
        revision.plan if revision else None, organisation, Month.of(day).financial_year, POPULATIONS[of]
    )
    outlook = MeasureOutlook.of(
        plan, observations, day, (MEASURE, POPULATIONS[of], ""), own_assumptions(organisation.code)
    )
    opened = replace(outlook.opened, pipeline=Pipeline("constant establishment" if keep_size else "additive"))
    start = opened.start
    known = scenarios(organisation.code)
    mine = _mine(sets or [])
    if save is not None:
        _save(organisation.code, save, because, mine)
    months = _months(start, by)
    chosen = _chosen([opened.plan_scenario, *known], known, scenario, mine)
    target = _target(start, solve, OF[of], months)
    counts = f"from the counts of {start.month.label}, {start.month.ago(day)}"
    kept = ", with the workforce kept at its size" if keep_size else ""
    say(f"{organisation.title} ({organisation.code}), {counts}{kept}")
    if outlook.why_unreliable:
        say(f"No forecast is made of {label(OF[of])}. {outlook.why_unreliable}")
    if rests_on:
        _say_rests_on(start, opened.assumptions)
    if outlook.why_unreliable:
        return
    _say_scenarios(opened, chosen, (OF[of], months))
    if target is not None:
        # Worked back from doing nothing, unless one scenario was asked for: then it is what else is done.
        besides = chosen[-1] if len(chosen) == 2 else chosen[0]
        _say_needs(opened, target, (besides, chance / 100))
    if odds:
        _say_odds(opened, chosen, (target, OF[of], months, draws))
    stand_in = f"{len(start.defaults)} of {len(start.numbers)} starting numbers stand in"
    say(f"\n{stand_in} for figures that nobody counted here (--rests-on).")


def _mine(texts: Sequence[str]) -> tuple[LeverSetting, ...]:
    from t4c_lib.whatif import LeverSetting, lever

    made = []
    for text in texts:
        if (found := SETTING.fullmatch(text.strip())) is None:
            raise QuestionError(f"'{text}' can't be read. Write {WAY_TO_SET}.")
        amount = float(found["amount"]) / (100 if found["percent"] else 1)
        name = lever(found["lever"]).name
        made.append(LeverSetting(name, amount, int(found["start"] or 1), int(found["ramp"] or 0)))
    return tuple(made)


def _save(code: str, name: str, because: str, settings: tuple[LeverSetting, ...]) -> None:
    from t4c_lib.progress import save_scenario
    from t4c_lib.whatif import Scenario

    if not settings or not because.strip():
        raise QuestionError("To keep a scenario, say what it does and why: --set LEVER=AMOUNT --because REASON.")
    path = save_scenario(code, Scenario(name, because.strip(), settings))
    say(f"{path.name}: '{name}' kept")


def _chosen(
    all_of_them: Sequence[Scenario], known: Scenarios, names: Sequence[str] | None, mine: tuple[LeverSetting, ...]
) -> list[Scenario]:
    from t4c_lib.whatif import DOING_NOTHING, Scenario

    named = [known.get(name) for name in names] if names else ([] if mine else list(all_of_them))
    own = [Scenario("As set", "Set on the command line.", mine)] if mine else []
    return [DOING_NOTHING, *(one for one in (*named, *own) if one is not DOING_NOTHING)]


def _months(start: StartingState, by: str | None) -> int:
    if by is None:
        return MONTHS_AHEAD
    months = start.month.months_until(Month.parse(by))
    if months < 1:
        raise QuestionError(f"{by} is not after {start.month}, the month from which the what-if starts.")
    return months


def _target(start: StartingState, typed: str | None, outcome: str, months: int) -> OutcomeTarget | None:
    from t4c_lib.whatif import OutcomeTarget

    if typed is None:
        return None
    state = start.state
    of_all, of_support = (state.total("trust_young"), state.trust), (state.support_young, state.support)
    young, people = of_support if outcome == OF["support"] else of_all
    baseline = Baseline.of(float(young), float(people))
    goal = parse_change(typed, baseline).reading(baseline).goal
    return OutcomeTarget(outcome, goal, months, by=f"by {(start.month + months).label}")


def _say_rests_on(start: StartingState, figures: Layered) -> None:
    say("\nWhat it starts from (* stands in for what nobody counted here)")
    say_table(
        [("*" if part.is_default else "", part.label, part.text, part.source) for part in start.numbers],
        widths=(1, LEVER_WIDTH, FIGURE_WIDTH),
    )
    say("\nFigures that are not the national ones")
    say_table(
        [
            ("", one.value.label, one.layer, f"{one.value.central:.4g}, {one.value.source}")
            for one in figures.not_national()
        ],
        widths=(1, LEVER_WIDTH, FIGURE_WIDTH * 2),
    )


def _say_scenarios(opened: WhatIf, chosen: Sequence[Scenario], asked: tuple[str, int]) -> None:
    from t4c_lib.whatif import format_setting, outcome
    from t4c_lib.whatif.target_probability import label

    name, months = asked
    dates = [month for month in (0, 12, 24) if month < months] + [months]
    others = [catalogue().followed[path].key for path in (ModelPath.TURNOVER, ModelPath.ON_PATHWAY)]
    say(f"\n{label(name)}, and at the end turnover of support staff and people on a registered pathway")
    rows: list[tuple[str, ...]] = [("", *(str(opened.month + month) for month in dates), "Turnover", "Pathway")]
    warnings: list[str] = []
    for one in chosen:
        run = opened.run(one, months)
        shares, turnover, pathway = (outcome(run, asked_for) for asked_for in (name, *others))
        cells = [percent(float(shares[month])) for month in dates]
        rows.append((one.name, *cells, percent(float(turnover[months])), f"{float(pathway[months]):.0f}"))
        warnings += [f"  {one.name}: {sentence}" for sentence in run.warnings()]
    say_table(rows, widths=(NAME_WIDTH, *[FIGURE_WIDTH] * len(dates), FIGURE_WIDTH + 1))
    say_each(warnings)
    if len(chosen) == 2:
        say(f"\n{chosen[1].name}: {chosen[1].rationale}")
        say_each(map(format_setting, chosen[1].settings), indent="  ")


def _say_needs(opened: WhatIf, target: OutcomeTarget, asked: tuple[Scenario, float]) -> None:
    from t4c_lib.progress import JoinersNeeded
    from t4c_lib.whatif import LEVERS, YOUNG_JOINERS, format_amount, solve_each
    from t4c_lib.whatif.solve import MET

    besides, chance = asked
    state, figures = opened.start.state, opened.assumptions
    begin = opened.acts_from
    central = solve_each(opened.pipeline, state, figures, [target], scenario=besides, start_month=begin)
    likely = solve_each(opened.pipeline, state, figures, [target], scenario=besides, start_month=begin, chance=chance)

    def told(need: Need) -> str:
        if need.method == MET:
            return "no more"
        if need.lever == YOUNG_JOINERS:
            return JoinersNeeded.of(opened, need, besides).text
        return f"at best {need.best_text}" if need.practical is None else format_amount(need.lever, need.practical)

    with_what = "" if not besides.settings else f", with '{besides.name}' besides"
    say(f"\nWhat it takes: {target}{with_what}")
    rows: list[tuple[str, ...]] = [("One lever alone", "as expected", f"with a chance of {percent(chance, 0)}")]
    still, less = [], []
    for need, sure in zip(central, likely, strict=True):
        if target.format_value(need.best) == target.format_value(need.outcome) and not need.is_reachable:
            still.append(LEVERS[need.lever].label)
            continue
        if (need.best_amount if need.amount is None else need.amount) < 0:
            less.append(LEVERS[need.lever].label)
            continue
        today = f" (today {number(12 * float(state.join_support_young))} a year)" if need.lever == YOUNG_JOINERS else ""
        rows.append((f"{LEVERS[need.lever].label}{today}", told(need), told(sure)))
    say_table(rows, widths=(LEVER_WIDTH, ANSWER_WIDTH))
    say(f"Each lever from {(opened.month + begin).label} on.")
    if besides.settings:
        say(f"What '{besides.name}' sets already is part of these amounts, and not on top of them.")
    if less:
        say(f"Only by doing less than today: {'; '.join(less)}.")
    if still:
        say(f"Does not move it: {'; '.join(still)}.")


def _say_odds(opened: WhatIf, chosen: Sequence[Scenario], asked: tuple[OutcomeTarget | None, str, int, int]) -> None:
    from t4c_lib.whatif.target_probability import format_chance

    target, name, months, draws = asked
    say(f"\nOdds in {opened.month + months}, from {draws:,} draws of what we don't know")
    chance = (f"chance of {target.format_value(target.value)}",) if target else ()
    rows: list[tuple[str, ...]] = [("", "low (10%)", "expected", "high (90%)", *chance)]
    for one in chosen:
        targets = [target] if target else []
        found = opened.odds(targets, scenario=one, outcomes=[name], months=months, draws=draws)
        cells = [percent(float(value)) for value in found.bands[name][:, months]]
        rows.append((one.name, *cells, *((format_chance(found.chance(target)),) if target else ())))
    say_table(rows, widths=(NAME_WIDTH, *[BAND_WIDTH] * (3 if target else 2)))
