"""Odds of many organisations, and backward on ten levers with odds: time, memory, and whether both grow in line."""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import partial

from benchmarks.table import Row
from t4c_lib.parameters import assumptions
from t4c_lib.whatif import LEVERS, OutcomeTarget, Pipeline, WorkforceState, odds, solve_each

ORGANISATIONS, DRAWS, MONTHS = 205, 1000, 60
TARGET = OutcomeTarget("support_young_share", 0.08, 36)
# Ten of the twelve: capacity for certificates and appraisals moves no share of the young.
TEN = tuple(name for name in LEVERS if name not in {"assessor-capacity", "appraisal-capacity"})


def trust(number: int = 0) -> WorkforceState:
    """A made-up trust; its number makes it a little larger."""
    size = 1 + number / 100
    return WorkforceState(
        support_young_none=80 * size,
        support_young_level_2=60 * size,
        support_young_level_3=34 * size,
        support_older_none=1100 * size,
        support_older_level_2=1000 * size,
        support_older_level_3=700 * size,
        apprentices_young_none=10 * size,
        apprentices_older_level_2=20 * size,
        pathway_older=20 * size,
        rest_young=200 * size,
        rest_older=4000 * size,
        join_support_young=6 * size,
        join_support_older=24 * size,
        join_rest_young=8 * size,
        join_rest_older=30 * size,
        apprenticeship_starts=3 * size,
        pathway_starts=size,
        placements=40 * size,
        pre_employment_courses=2.0,
        ambassadors=20.0,
    )


def many(organisations: int = ORGANISATIONS, draws: int = DRAWS, workers: int = 1) -> int:
    """Bands of two outcomes over 60 months and the chance of a target, organisation by organisation; how many."""
    if workers > 1:
        with ProcessPoolExecutor(workers) as pool:
            chunk = max(organisations // (4 * workers), 1)
            return sum(pool.map(partial(_one, draws), range(organisations), chunksize=chunk))
    return sum(_one(draws, number) for number in range(organisations))


def _one(draws: int, number: int) -> int:
    asked = ("support_young_share", "trust_young_share")
    found = odds(Pipeline(), trust(number), assumptions(), [TARGET], outcomes=asked, months=MONTHS, draws=draws)
    return int(found.chance(TARGET) >= 0)


def backward(chance: float | None) -> None:
    """One target, ten levers."""
    solve_each(Pipeline(), trust(), assumptions(), [TARGET], TEN, chance=chance)


def trial() -> list[Row]:
    """Time the odds and the way back from a target, on one core."""
    pipeline, figures = Pipeline(), assumptions()
    whole = _median(lambda: many(workers=2), 1)
    growth = {
        (organisations, draws): _median(lambda n=organisations, d=draws: many(n, d), 3)  # type: ignore[misc]
        for organisations, draws in ((25, 1000), (50, 1000), (100, 1000), (25, 2000), (25, 4000))
    }
    one = growth[25, 1000]
    return [
        Row(
            f"odds with individual chance: {ORGANISATIONS} organisations, {DRAWS:,} draws, {MONTHS} months, 2 at once",
            f"{whole:.1f} s",
            "at most 40 s",
        ),
        Row("the same, most memory of a process that does nothing else", f"{_memory():.2f} GB", "at most 1.5 GB"),
        Row("25, 50, 100 organisations", _times(one, growth[50, 1000], growth[100, 1000]), "linear: 1, 2, 4"),
        Row(
            "1,000, 2,000, 4,000 draws (25 organisations)", _times(one, growth[25, 2000], growth[25, 4000]), "the same"
        ),
        Row("backward on ten levers, 1,000 draws with individual chance", f"{_median(lambda: backward(0.8), 3):.2f} s"),
        Row("backward on ten levers, central path", f"{_median(lambda: backward(None), 5):.3f} s"),
        Row(
            f"odds with individual chance: one organisation, {DRAWS:,} draws, {MONTHS} months",
            f"{_median(lambda: odds(pipeline, trust(), figures, [TARGET]), 5) * 1000:.0f} ms",
            "at most 300 ms",
        ),
    ]


def _median(work: Callable[[], object], times: int) -> float:
    """Median seconds, after one run that is not counted."""
    work()
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return statistics.median(taken)


def _times(one: float, *others: float) -> str:
    return f"{one:.2f} s, then " + " and ".join(f"{other / one:.2f} times that" for other in others)


def _memory() -> float:
    """Most memory of a fresh process that runs `many` once, gigabytes."""
    done = subprocess.run([sys.executable, "-m", "benchmarks.odds"], capture_output=True, text=True, check=True)
    return float(done.stdout)


if __name__ == "__main__":
    many()
    sys.stdout.write(str(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6))
