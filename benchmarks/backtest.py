"""Forecasts against what was counted later, for organisations made by code that shares nothing with the what-if.

    python -m benchmarks backtest            half of them: 500 organisations, some minutes
    python -m benchmarks.backtest --write    1,000 others, and docs/reference/backtest.md is written
    python -m benchmarks.backtest --organisations 40

Month 0 lies 24 and 12 months before the end of six years of counts. From there the what-if foretells, with nothing done
beyond today, what each measure will be at the end, and refuses where it would in a plan. Where the counted figure lies
among the draws makes the test: within the band of 80% in 75% to 85% of cases, and as often above the middle as below.
"""

from __future__ import annotations

import argparse
import datetime as dt
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache, partial
from itertools import chain
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.backtesting.extract import observations as counted_by
from benchmarks.backtesting.judging import BAND, Case, Judged, Measure, judge, passing, place_among
from benchmarks.backtesting.page import page
from benchmarks.backtesting.people import Organisation
from benchmarks.backtesting.settings import SIZES, Kind
from benchmarks.table import Row, print_table
from t4c_lib.evidence import read_files
from t4c_lib.parameters import Assumptions
from t4c_lib.periods import Month
from t4c_lib.plan import MeasureRow, Plan
from t4c_lib.progress.figures import all_figures, latest_figure
from t4c_lib.progress.target_chances import why_no_forecast
from t4c_lib.progress.what_if import forecasts as forecasts_there_are
from t4c_lib.progress.what_if import open_what_if, outcome_of
from t4c_lib.whatif import OutcomeTarget, outcome
from tests.samples import BACKTESTED

Floats = NDArray[np.float64]

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "reference" / "backtest.md"
ORGANISATIONS, WRITTEN, DRAWS = BACKTESTED.whole // 2, BACKTESTED.whole, 400
# The page is written of other organisations than those by which the model is mended.
SEED, WRITTEN_SEED = 20_251_130, 20_260_401
HORIZONS = (24, 12)
PROCESSES = 2


@cache
def plan_due(due: tuple[tuple[Measure, str], ...]) -> Plan:
    """A plan with a target for each measure, due in its month. What the targets are makes no difference."""
    rows = []
    for (key, population), month in due:
        start, goal = _AIMS.get(key, (0.5, 0.6))
        rows.append(
            MeasureRow.of(
                measure=key,
                population=population,
                baseline={"value": start, "period": "2019-03", "source": "made up"},
                change={"kind": "level", "amount": goal},
                due=month,
            )
        )
    return Plan.of(organisation="MADE-UP", organisation_name="Made up", years=("2026/27",)).changed(
        measures=tuple(rows)
    )


_COUNTS = dict.fromkeys(("support-qualifications", "staff-on-new-pathways", "support-to-registered"), (10.0, 12.0))
_AIMS = {"turnover": (0.14, 0.13), **_COUNTS}


def forecasts(
    plan: Plan, observations: pd.DataFrame, as_of: dt.date, *, seed: int, own: Assumptions | None = None
) -> tuple[dict[Measure, tuple[float, Floats]], dict[Measure, str]]:
    """What the what-if says of each target, as `progress.target_chances` would: expected and draws, or why none.

    The one place where the trial meets the what-if.
    """
    opened = open_what_if(plan, observations, as_of, own=own)
    reasons: dict[Measure, str] = {}
    asked: dict[Measure, OutcomeTarget] = {}
    for row in plan.measures:
        measure = (row.measure, row.population)
        reason = why_no_forecast(row, opened, is_trial=True)
        if reason:
            reasons[measure] = reason
        elif row.target is not None:
            asked[measure] = OutcomeTarget(
                outcome_of(*measure), row.target.goal, opened.month.months_until(row.target.due)
            )
    if not asked:
        return {}, reasons
    targets = tuple(asked.values())
    months = max(target.month for target in targets)
    found = opened.odds(targets, scenario=opened.plan_scenario, months=months, draws=DRAWS, seed=seed)
    run = opened.run(opened.plan_scenario, months)
    expected = (float(outcome(run, target.outcome)[target.month]) for target in targets)
    reached = map(found.values_of, targets)
    return dict(zip(asked, zip(expected, reached, strict=True), strict=True)), reasons


def cases_of(
    observations: pd.DataFrame,
    kind: Kind,
    seed: int,
    *,
    horizons: Sequence[int] = HORIZONS,
    own: Assumptions | None = None,
) -> Iterator[Case]:
    """The forecasts for one organisation, from so many months before its last one.

    Args:
        observations: all that it counted.
        kind: of organisation.
        seed: its number.
        horizons: months before the end.
        own: assumptions that hold over what was counted.
    """
    random = np.random.default_rng(seed)
    end = max(Month.parse(period) for period in observations["period"].unique())
    rows = plan_due(tuple((measure, str(end)) for measure in forecasts_there_are())).measures
    newest = {
        (row.measure, row.population): latest_figure(row, figures)
        for row, figures in zip(rows, all_figures(rows, observations), strict=True)
    }
    for horizon in horizons:
        start = end + -horizon
        due = tuple((m, f.period) for m, f in newest.items() if f is not None and Month.parse(f.period) > start)
        draws, reasons = forecasts(plan_due(due), observations, start.last_day, seed=seed, own=own)
        for measure, period in due:
            months = start.months_until(Month.parse(period))
            if measure in reasons:
                yield Case(measure, kind, seed, months, reasons[measure])
                continue
            figure = float(newest[measure].value)  # type: ignore[union-attr]
            expected, reached = draws[measure]
            low, high = np.quantile(reached, BAND)
            yield Case(
                measure, kind, seed, months,
                place=place_among(figure, reached, random), figure=figure, expected=expected,
                low=float(low), high=float(high),
            )  # fmt: skip


def kinds(organisations: int) -> list[Kind]:
    """As many of each size, every other one with everything counted; the largest first, for they take longest."""
    return [Kind(SIZES[-1 - number % len(SIZES)], number // len(SIZES) % 2 == 0) for number in range(organisations)]


def cases_of_made(seed: int, number: int, kind: Kind) -> list[Case]:
    """The cases of one made-up organisation; seed and number make it."""
    made = Organisation(kind, (seed, number)).run()
    return list(cases_of(counted_by(made), kind, number))


def cases(organisations: int = ORGANISATIONS, processes: int = PROCESSES, seed: int = SEED) -> list[Case]:
    """The cases of many made-up organisations."""
    made, wanted = partial(cases_of_made, seed), kinds(organisations)
    if processes == 1:
        return list(chain.from_iterable(map(made, range(organisations), wanted)))
    with ProcessPoolExecutor(processes) as pool:
        return list(chain.from_iterable(pool.map(made, range(organisations), wanted, chunksize=5)))


def demonstration() -> Iterator[tuple[str, Case]]:
    """The cases of the demonstration organisations, each with its code; none where their extracts were not made."""
    extracts = sorted((ROOT / "data" / "demo" / "extracts").glob("*.csv*"))
    for number, loaded in enumerate(read_files(extracts)):
        observations = loaded.observations.assign(source=loaded.source.name)
        code = loaded.organisations[0].code
        yield from ((code, case) for case in cases_of(observations, Kind(0, True), number))


def trial(organisations: int = ORGANISATIONS) -> list[Row]:
    """How often the band of 80% held the figure, and the mean error: of each measure, and of each size."""
    return _rows(judge(cases(organisations)))


def _rows(judged: dict[Measure, list[Judged]]) -> list[Row]:
    passed = passing(judged)
    rows = []
    for measure, found in judged.items():
        for one in found:
            what = f"{measure[0]}, {measure[1]}, {'all sizes' if one.size is None else f'{one.size:,} people'}"
            if not one.forecasts:
                rows.append(Row(what, "no forecast", f"none made {one.refusals.total():,} times"))
                continue
            covered = f"{one.covered:.0%} (se {one.covered_error:.1%}), below {one.below:.0%}, above {one.above:.0%}"
            error = "" if one.size is None else f"; mean error {one.error:+.4g}, {one.standard_errors:+.1f} se"
            verdict = measure in passed if one.size is None else one.passes
            made = f"{one.forecasts:,} forecasts, none made {one.refusals.total():,} times"
            rows.append(Row(what, covered + error, f"{'passes' if verdict else 'fails'}; {made}"))
    return rows


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the trial, and write its page if asked to."""
    parser = argparse.ArgumentParser(description="Forecasts against what made-up organisations counted later.")
    parser.add_argument("--organisations", type=int, help=f"how many; {WRITTEN:,} with --write, else {ORGANISATIONS}")
    parser.add_argument("--processes", type=int, default=PROCESSES)
    parser.add_argument("--write", action="store_true", help=f"write {PAGE.relative_to(ROOT)}")
    options = parser.parse_args(arguments)
    organisations = options.organisations or (WRITTEN if options.write else ORGANISATIONS)
    judged = judge(cases(organisations, options.processes, WRITTEN_SEED if options.write else SEED))
    print_table("backtest", _rows(judged))
    if options.write:
        PAGE.write_text(page(judged, passing(judged), demonstration()), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
