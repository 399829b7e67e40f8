"""The pipeline: one path, many draws, and whether time grows in line with size. Odds and ways back: odds.py.

Figures are medians with the least and the most; on a busy machine the least is nearest to what the code takes.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import fields

import numpy as np

from benchmarks.table import Row, seconds
from t4c_lib.parameters import assumptions
from t4c_lib.progress.what_if import forecasts, outcome_of
from t4c_lib.whatif import LeverSetting, Pipeline, WorkforceState, odds
from t4c_lib.whatif.outcomes_and_odds import central_rates, outcome, sampled_rates
from t4c_lib.whatif.rates import Value

DRAWS = 1000
SETTINGS = (
    LeverSetting("young-joiners", 0.1, start_month=4, ramp_months=12),
    LeverSetting("placements", 100.0),
    LeverSetting("retention-under-25", 0.2, start_month=3, ramp_months=12),
    LeverSetting("apprenticeship-starts", 20.0),
    LeverSetting("vacancies-as-apprenticeships", 0.1),
)


def trial() -> list[Row]:
    """Time the pipeline on a made-up trust of 3,050 support staff and 4,320 others, with the national assumptions."""
    return [*_single(), *_many_draws(), *_growth(), *_all_organisations()]


def trust(size: Value = 1.0) -> WorkforceState:
    """A made-up trust, so many times as large."""
    return WorkforceState(
        apprentices_young_none=30 * size,
        apprentices_older_level_2=57 * size,
        pathway_older=30 * size,
        support_young_none=80 * size,
        support_young_level_2=64 * size,
        support_older_none=1100 * size,
        support_older_level_2=985 * size,
        support_older_level_3=704 * size,
        rest_young=220 * size,
        rest_older=4100 * size,
        join_support_young=6 * size,
        join_support_older=22 * size,
        join_rest_young=7 * size,
        join_rest_older=33 * size,
        apprenticeship_starts=2.5 * size,
        pathway_starts=1 * size,
        apprentice_joiner_share=0.08,
        placements=150 * size,
        pre_employment_courses=4 * size,
        ambassadors=20 * size,
    )


def milliseconds(work: Callable[[], object], times: int = 15) -> tuple[float, str]:
    """Least time of a piece of work, and its median and range in words, after one run that is not counted."""
    work()
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        work()
        taken.append((time.perf_counter() - started) * 1000)
    return min(taken), f"{statistics.median(taken):.2f} ms ({min(taken):.2f} to {max(taken):.2f})"


def _single() -> list[Row]:
    state, rates = trust(), central_rates(assumptions())
    additive, constant = Pipeline(), Pipeline("constant establishment")
    cases: tuple[tuple[str, Callable[[], object], str], ...] = (
        ("central path, one organisation, 60 months", lambda: additive.run(state, rates), "aim: at most 3 ms"),
        ("the same with five levers", lambda: additive.run(state, rates, SETTINGS), "one of them on retention"),
        ("the same in a constant establishment", lambda: constant.run(state, rates), ""),
        ("and the share aged 16 to 24", lambda: outcome(additive.run(state, rates), "support_young_share"), ""),
    )
    return [Row(what, milliseconds(work, 40)[1], remark) for what, work, remark in cases]


def _many_draws() -> list[Row]:
    state, rates = trust(), sampled_rates(assumptions(), 2 * DRAWS)
    additive, constant = Pipeline(), Pipeline("constant establishment")
    cases: tuple[tuple[str, Callable[[], object], str], ...] = (
        ("2,000 draws x 60 months", lambda: additive.run(state, rates), "aim: at most 40 ms, warm"),
        ("the same with five levers", lambda: additive.run(state, rates, SETTINGS), "one of them on retention"),
        ("the same in a constant establishment", lambda: constant.run(state, rates), ""),
    )
    rows = [Row(what, milliseconds(work)[1], remark) for what, work, remark in cases]
    noisy = seconds(lambda: additive.run(state, rates, generator=np.random.default_rng(1)), 2)
    return [*rows, Row("the same with individual chance", noisy, "whole people, followed in groups")]


def _growth() -> list[Row]:
    state = trust()
    by_draws = [(times, sampled_rates(assumptions(), times * DRAWS)) for times in (1, 2, 4)]
    by_size = [
        (times, trust(np.linspace(0.2, 3, times * 50)[:, None]), sampled_rates(assumptions(), 20))
        for times in (1, 2, 4)
    ]
    draws = [(times, milliseconds(lambda rates=rates: Pipeline().run(state, rates))[0]) for times, rates in by_draws]  # type: ignore[misc]
    organisations = [
        (times, milliseconds(lambda states=states, rates=rates: Pipeline().run(states, rates))[0])  # type: ignore[misc]
        for times, states, rates in by_size
    ]
    return [
        Row("time at 1x, 2x, 4x draws", _growing(draws), "of 1,000 draws, one organisation; least of 15"),
        Row("time at 1x, 2x, 4x organisations", _growing(organisations), "of 50 organisations x 20 draws; least of 15"),
    ]


def _all_organisations() -> list[Row]:
    """Every measure that is forecast, with odds and individual chance, organisation by organisation as the page asks.

    The organisations are those of the demonstration over and over, each time a little larger; nothing is stored.
    """
    from benchmarks.demo_store import demonstration
    from t4c_lib.periods import today
    from t4c_lib.progress.what_if import open_what_if
    from t4c_lib.store import Store

    with demonstration(), Store.open() as store:
        employers = store.demonstrations().organisations
        opened = [open_what_if(None, store.observations(one.code), today()) for one in employers]
    starts = [(one.start.state, one.assumptions) for one in opened]
    outcomes = list(dict.fromkeys(outcome_of(*measure) for measure in forecasts()))
    found = []
    for organisations in (50, 100, 205):
        begun = time.perf_counter()
        for number in range(organisations):
            state, figures = starts[number % len(starts)]
            odds(Pipeline(), _larger(state, 1 + number / 100), figures, outcomes=outcomes, months=60, draws=DRAWS)
        found.append((organisations, time.perf_counter() - begun))
    each = found[0][1] / found[0][0]
    figures_of = ", ".join(f"{many}: {taken:.1f} s ({taken / many / each:.2f}x each)" for many, taken in found)
    remark = f"{len(outcomes)} measures, {DRAWS:,} draws, 60 months, individual chance, one core"
    return [Row("odds of 50, 100 and 205 organisations", figures_of, remark)]


def _larger(state: WorkforceState, size: float) -> WorkforceState:
    """A state with so many times its people and flows; shares stay."""
    amounts = {one.name: getattr(state, one.name) for one in fields(state)}
    fixed = {"apprentice_joiner_share", "apprentices_are_counted"}
    return WorkforceState(**{name: value if name in fixed else value * size for name, value in amounts.items()})


def _growing(found: list[tuple[int, float]]) -> str:
    first = found[0][1]
    return ", ".join(f"{taken:.1f} ms ({taken / first:.2f}x)" for _, taken in found)
