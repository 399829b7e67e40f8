"""`t4c whatif`: scenarios side by side, what an X takes, and how likely it is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from t4c_lib.cli.console import check_ending, say, say_each, say_from, say_table
from t4c_lib.cli.saving import store_of
from t4c_lib.errors import T4CError, find_named
from t4c_lib.framework import ModelPath, catalogue
from t4c_lib.parameters import Layered, own_assumptions
from t4c_lib.periods import Month, today
from t4c_lib.quantities import Baseline, Unit, number, parse_change, percent

if TYPE_CHECKING:
    from t4c_lib.plan import MeasureRow
    from t4c_lib.progress import StartingState, WhatIf
    from t4c_lib.progress.what_if_answers import WhatIfQuestion
    from t4c_lib.whatif import LeverSetting, Scenario

BAND_WIDTH = 10
POPULATIONS = {"support": "support staff", "all": "trust workforce"}
USUAL = (ModelPath.YOUNG_SHARE, ModelPath.TURNOVER, ModelPath.ON_PATHWAY)
MONTHS_AHEAD, ACCOUNT_MONTHS = 36, 48
NAME_WIDTH, FIGURE_WIDTH, LEVER_WIDTH, ANSWER_WIDTH = 22, 7, 34, 24  # characters
WAY_TO_SET = "LEVER=AMOUNT, such as young-joiners=5% or 'placements=60 from 3 over 12'"
SETTING = re.compile(
    r"(?P<lever>[\w-]+)\s*=\s*(?P<amount>[-+]?\d*\.?\d+)\s*(?P<percent>%?)"
    r"(?:\s+from\s+(?P<start>\d+))?(?:\s+over\s+(?P<ramp>\d+))?"
)


def whatif(
    code: str,
    measure: list[str] | None = None,
    scenario: list[str] | None = None,
    sets: Annotated[list[str] | None, typer.Option("--set")] = None,
    solve: str | None = None,
    by: str | None = None,
    of: str = "all",
    chance: Annotated[int, typer.Option(min=1, max=99)] = 80,
    odds: bool = False,
    draws: Annotated[int, typer.Option(min=10, max=100_000)] = 1000,
    levy: bool = False,
    out: Path | None = None,
    keep_size: bool = False,
    rests_on: bool = False,
    save: str | None = None,
    because: str = "",
) -> None:
    """What if: scenarios side by side, what an X takes, how likely it is.

    Everything starts from the latest counts; national figures stand in for what was not counted here. Months of
    scenarios are counted from the one after today's.
    """
    from t4c_lib.progress.what_if import OUR_PLAN, open_what_if, plan_with_rows
    from t4c_lib.progress.what_if_answers import WhatIfQuestion
    from t4c_lib.whatif import Pipeline

    if out is not None:
        check_ending(out, "the levy account as CSV", ".csv")
        if not levy:
            raise T4CError(f"{out.name} is to hold the levy account. Add --levy.")
    usual = [catalogue().followed[path].key for path in USUAL]
    rows = _rows(measure or usual, find_named("workforce", of, POPULATIONS))
    with store_of(code) as (store, organisation):
        revision = store.latest_plan(organisation.code)
        observations = store.observations(organisation.code)
    day = today()
    plan = plan_with_rows(revision.plan if revision else None, organisation, Month.of(day).financial_year, rows)
    opened = open_what_if(plan, observations, day, own=own_assumptions(organisation.code))
    opened = replace(opened, pipeline=Pipeline("constant establishment" if keep_size else "additive"))
    start = opened.start
    mine = _mine(sets or [])
    if save is not None:
        _save(organisation.code, save, because, mine)
    due = start.month + _months(start, by)
    of_plan = {one.key: one for one in plan.measures}
    first, *others = asked = [WhatIfQuestion(opened, of_plan[row.key], due) for row in rows]
    chosen = _chosen(opened, organisation.code, scenario, mine)
    question = replace(first, goal=_goal(first, solve))
    kept = ", with the workforce kept at its size" if keep_size else ""
    counts = f"from the counts of {start.month.label}, {start.month.ago(day)}"
    say(f"{organisation.title} ({organisation.code}), {counts}{kept}")
    none = ((one.target(one.month).name, one.why_none) for one in asked)
    say_each(f"No forecast is made of {name}. {why}" for name, why in none if why)
    if rests_on:
        _say_rests_on(start, opened.assumptions)
    if first.why_none:
        return
    _say_scenarios(question, [one for one in others if not one.why_none], chosen)
    if question.goal is not None:
        # What else is done: one scenario that was asked for, else the plan, as on the page.
        is_known = len(chosen) == 2 or [one.name for one in chosen[1:2]] == [OUR_PLAN]
        _say_needs(question, chosen[1] if is_known else chosen[0], chance / 100)
    if odds:
        _say_odds(question, chosen, draws)
    if levy:
        _say_levy(question, chosen)
    if out is not None:
        _write_account(question, chosen, out)
    stand_in = f"{len(start.defaults)} of {len(start.numbers)} starting numbers stand in"
    say(f"\n{stand_in} for figures that nobody counted here (--rests-on).")


def _rows(keys: Sequence[str], population: str) -> list[MeasureRow]:
    """The measures asked for, as rows of a plan. Raises T4CError for one that the page does not ask about."""
    from t4c_lib.plan import MeasureRow
    from t4c_lib.progress.target_chances import DECIDED
    from t4c_lib.progress.what_if import is_followed
    from t4c_lib.whatif.measures_and_costs import reason_for

    found = []
    for one in map(catalogue().measure, dict.fromkeys(keys)):
        is_by_age = catalogue().path_of(one.key) is ModelPath.YOUNG_SHARE
        row = MeasureRow(measure=one.key, population=population if is_by_age else one.population or "")
        if not is_followed(row):
            raise T4CError(f"'{one.key}' is not followed. {reason_for(one) or DECIDED}")
        found.append(row)
    return found


def _text(question: WhatIfQuestion, value: float) -> str:
    return number(float(value)) if question.row.what.baseline_unit is Unit.COUNT else percent(float(value))


def _mine(texts: Sequence[str]) -> tuple[LeverSetting, ...]:
    from t4c_lib.whatif import LeverSetting, lever

    made = []
    for text in texts:
        if (found := SETTING.fullmatch(text.strip())) is None:
            raise T4CError(f"'{text}' can't be read. Write {WAY_TO_SET}.")
        amount = float(found["amount"]) / (100 if found["percent"] else 1)
        name = lever(found["lever"]).name
        made.append(LeverSetting(name, amount, int(found["start"] or 1), int(found["ramp"] or 0)))
    return tuple(made)


def _save(code: str, name: str, because: str, settings: tuple[LeverSetting, ...]) -> None:
    from t4c_lib.progress import save_scenario
    from t4c_lib.whatif import Scenario

    if not settings or not because.strip():
        raise T4CError("To keep a scenario, say what it does and why: --set LEVER=AMOUNT --because REASON.")
    with store_of(code) as (store, _), store.audit.saving("scenario", code, name):
        path = save_scenario(code, Scenario(name, because.strip(), settings))
    say(f"{path.name}: '{name}' kept")


def _chosen(opened: WhatIf, code: str, names: Sequence[str] | None, mine: tuple[LeverSetting, ...]) -> list[Scenario]:
    from t4c_lib.progress import scenarios
    from t4c_lib.whatif import DOING_NOTHING, Scenario

    offered = opened.offered(scenarios(code))
    named = [offered.get(name) for name in names] if names else ([] if mine else list(offered))
    own = [opened.from_now(Scenario("As set", "Set on the command line.", mine))] if mine else []
    return [DOING_NOTHING, *(one for one in (*named, *own) if one.settings)]


def _months(start: StartingState, by: str | None) -> int:
    months = MONTHS_AHEAD if by is None else start.month.months_until(Month.parse(by))
    if months < 1:
        raise T4CError(f"{by} is not after {start.month}, the month from which the what-if starts.")
    return months


def _goal(question: WhatIfQuestion, typed: str | None) -> float | None:
    """What an X comes to, reckoned from where the measure stands at month 0."""
    from t4c_lib.whatif import DOING_NOTHING
    from t4c_lib.whatif.outcomes_and_odds import parts

    if typed is None:
        return None
    above, below = parts(question.run(DOING_NOTHING), question.outcome)
    first, unit = float(above[0]), question.row.what.baseline_unit or Unit.COUNT
    baseline = Baseline(first, unit=unit) if below is None else Baseline.of(first, float(below[0]))
    return parse_change(typed, baseline).reading(baseline).goal


def _say_rests_on(start: StartingState, figures: Layered) -> None:
    say("\nWhat it starts from (* stands in for what nobody counted here)")
    rows = [("*" if part.is_default else "", part.label, part.text, part.source) for part in start.numbers]
    say_table(rows, widths=(1, LEVER_WIDTH, FIGURE_WIDTH))
    say("\nFigures that are not the national ones")
    own = [(one, figures.layer(one.name)) for one in figures.not_national()]
    rows = [("", value.label, layer, f"{value.text_of(value.central)}, {value.source}") for value, layer in own]
    say_table(rows, widths=(1, LEVER_WIDTH, FIGURE_WIDTH * 2))


def _say_scenarios(question: WhatIfQuestion, others: Sequence[WhatIfQuestion], chosen: Sequence[Scenario]) -> None:
    from t4c_lib.whatif import format_setting

    opened, end = question.opened, question.month
    dates = [month for month in (0, 12, 24) if month < end] + [end]
    say(f"\n{question.target(question.month).name}")
    say_each(f"{other.row.measure}: {other.target(other.month).name}, at the end" for other in others)
    rows = [("", *(str(opened.month + month) for month in dates), *(other.row.measure for other in others))]
    warnings: list[str] = []
    for one in chosen:
        cells = [_text(question, question.path(one)[month]) for month in dates]
        rows.append((one.name, *cells, *[_text(other, other.path(one)[end]) for other in others]))
        warnings += [f"  {one.name}: {sentence}" for sentence in opened.run(one, end).warnings()]
    widths = [NAME_WIDTH, *(max(FIGURE_WIDTH, *map(len, column)) for column in list(zip(*rows, strict=True))[1:-1])]
    say_table(rows, widths=widths)
    say_each(warnings)
    if len(chosen) == 2:
        say(f"\n{chosen[1].name}: {chosen[1].rationale}")
        say_each((format_setting(one, opened.month) for one in chosen[1].settings), indent="  ")


def _say_needs(question: WhatIfQuestion, besides: Scenario, chance: float) -> None:
    from t4c_lib.progress.target_outcome import needed
    from t4c_lib.whatif import LEVERS
    from t4c_lib.whatif.levers import shown_amount

    opened, moving = question.opened, question.moving(besides)
    with_what = f"with '{besides.name}' besides" if besides.settings else "with nothing else done"
    say(f"\nWhat it takes: {question.target(question.month)}, {with_what}")
    rows: list[tuple[str, ...]] = [("One lever alone", "as expected", f"with a chance of {percent(chance, 0)}")]
    for name, lever in ((name, LEVERS[name]) for name in moving):
        now = shown_amount(lever, lever.shown.amount_today(opened.start.state))
        today = f" (today {now})" if lever.shown.today else ""
        needs = (question.need(besides, name, wanted) for wanted in (None, chance))
        texts = (needed(need, question, besides).replace("\n", ", ") for need in needs)
        rows.append((f"{lever.label}{today}", *texts))
    say_table(rows, widths=(LEVER_WIDTH, ANSWER_WIDTH))
    still = [lever.label for name, lever in LEVERS.items() if name not in moving]
    say_from("whatif_needs", start=opened.month + opened.acts_from, besides=besides, still=still)


def _say_odds(question: WhatIfQuestion, chosen: Sequence[Scenario], draws: int) -> None:
    from t4c_lib.whatif.outcomes_and_odds import format_chance

    opened, month, target = question.opened, question.month, question.target(question.month)
    say(f"\nOdds in {question.due}, from {draws:,} draws of what we don't know")
    chance = (f"chance of {target.format_value(target.value)}",) if question.goal is not None else ()
    rows: list[tuple[str, ...]] = [("", "low (10%)", "expected", "high (90%)", *chance)]
    for one in chosen:
        found = opened.odds([target], scenario=one, months=month, draws=draws)
        cells = [_text(question, value) for value in found.bands[question.outcome][:, month]]
        rows.append((one.name, *cells, *((format_chance(found.chance(target)),) if chance else ())))
    say_table(rows, widths=(NAME_WIDTH, *[BAND_WIDTH] * (3 if chance else 2)))


def _say_levy(question: WhatIfQuestion, chosen: Sequence[Scenario]) -> None:
    say(f"\nApprenticeship levy to {question.due.label}, and the range that holds 80 of 100 cases")
    rows: list[tuple[str, ...]] = []
    for one in chosen:
        words = "in the account at first", "paid in", "used", "expired", "in the account at last", "beyond the levy"
        pairs = zip((one.name, *[""] * (len(words) - 1)), words, question.levy_totals(one), strict=True)
        rows += [(name, what, pounds.text("£", " ({} to {})")) for name, what, pounds in pairs]
    say_table(rows, widths=(NAME_WIDTH, BAND_WIDTH * 2))
    say_each([question.levy_spent] if question.levy_spent else [])
    say("Wages, backfill and supervision are paid by the organisation, never from the levy.")


def _write_account(question: WhatIfQuestion, chosen: Sequence[Scenario], out: Path) -> None:
    import pandas as pd

    from t4c_lib.progress.levy import account_table
    from t4c_lib.progress.provenance import write_provenance

    start = question.opened.month
    ahead = replace(question, due=start + ACCOUNT_MONTHS)
    write_provenance(pd.concat(account_table(ahead.levy(one), start, one.name) for one in chosen), out)
    say(f"Written to {out}: the account month by month, {(start + 1).label} to {ahead.due.label}, as expected.")
