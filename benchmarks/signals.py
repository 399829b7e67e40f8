"""How often status and icon say "improvement" when nothing changed, and when it did.

Five simulated years of quarterly actuals for 200 plans: in 100 of them the truth goes to the target in a straight line,
in the other 100 it stays where it was. Three kinds of figure, because chance works on them in three ways:

- newcomers: other people each quarter (the Care Certificate), so that quarters know nothing of each other;
- staff in post: mostly the people of the quarter before (the share aged 16 to 24): high quarters come in rows;
- rolling year: events of the last four quarters over average staff (turnover), three quarters of which were in the
  figure before.

The last two are looked at by the month too, for the icon. The baseline is itself a figure with its chance, as it is in
a plan. Status and icon come from `t4c_lib.progress` as the pages use it; without chances from the what-if, which would
need a model fitted to each plan. Ten runs of 200 plans: a percentage has a standard error of 1.6 points or less.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from benchmarks.table import Row
from t4c_lib.parameters import assumptions
from t4c_lib.periods import Quarter
from t4c_lib.plan import MeasureRow
from t4c_lib.progress.figures import Figure, Interval, Method, byar, wilson
from t4c_lib.progress.spc import spc_profiles, xmr_chart
from t4c_lib.progress.status import status
from t4c_lib.progress.trajectory import trajectory_of

RUNS, PLANS, YEARS = 10, 200, 5
QUARTERLY, LEAST_POINTS = 4, 13
FIRST = Quarter(2026, 1)
DUE = "2031-03"
SEED = 20261122
GOOD, FAIR = ("met", "ahead"), ("on course",)


@dataclass(frozen=True)
class Kind:
    """One kind of figure.

    Attributes:
        name: for people.
        measure: of the framework, whose rules hold for it.
        method: of its interval.
        before: the true value in the first place, a fraction.
        after: the true value at the end of the fifth year, where it improves.
        people: in post, or newcomers in a period.
        draw: counts and what they are out of, for true values of each period, the baseline's first: rows are plans.
        a_year: periods in a year.
    """

    name: str
    measure: str
    method: Method
    before: float
    after: float
    people: int
    draw: Callable[[np.random.Generator, np.ndarray, int, int], tuple[np.ndarray, np.ndarray]]
    a_year: int = 4


Drawn = tuple[np.ndarray, np.ndarray]


def newcomers(random: np.random.Generator, truth: np.ndarray, people: int, _a_year: int) -> Drawn:
    """So many newcomers in each period, each of whom has it with the true chance."""
    return random.binomial(people, truth).astype(float), np.full(truth.shape, float(people))


def in_post(random: np.random.Generator, truth: np.ndarray, people: int, a_year: int) -> Drawn:
    """A workforce of constant size: the young leave, turn 25 or stay, and recruiters aim at the true share."""
    national = assumptions()
    leave_young = 1 - (1 - national.get("leavers-support-under-25").central) ** (1 / a_year)
    leave_older = 1 - (1 - national.get("leavers-support-25-and-over").central) ** (1 / a_year)
    age_out = 1 - (1 - national.get("ageing-out").central) ** (12 / a_year)  # it is a month's
    young = random.binomial(people, truth[:, 0])
    counts = np.empty(truth.shape)
    counts[:, 0] = young
    for step in range(1, truth.shape[1]):
        gone = random.binomial(young, leave_young)
        vacancies = gone + random.binomial(people - young, leave_older)
        aged = random.binomial(young - gone, age_out)
        stay = truth[:, step - 1] * (1 - leave_young) * (1 - age_out)
        hired = leave_young * truth[:, step - 1] + leave_older * (1 - truth[:, step - 1])
        wanted = np.clip((truth[:, step] - stay) / hired, 0, 1)
        young = young - gone - aged + random.binomial(vacancies, wanted)
        counts[:, step] = young
    return counts, np.full(truth.shape, float(people))


def rolling_year(random: np.random.Generator, truth: np.ndarray, people: int, a_year: int) -> Drawn:
    """Leavers of the last twelve months over the average number of staff."""
    earlier = np.repeat(truth[:, :1], a_year - 1, axis=1)
    events = random.poisson(np.hstack([earlier, truth]) * people / a_year)
    year = np.lib.stride_tricks.sliding_window_view(events, a_year, axis=1).sum(axis=2)
    return year.astype(float), np.full(truth.shape, float(people))


KINDS = (
    Kind("newcomers, 30 a quarter", "certificate-in-12-weeks", "Wilson", 0.70, 0.90, 30, newcomers),
    Kind("staff in post, 400", "young-share", "Wilson", 0.057, 0.077, 400, in_post),
    Kind("staff in post, 3,000", "young-share", "Wilson", 0.057, 0.077, 3000, in_post),
    Kind("rolling year, 400", "turnover", "Byar", 0.14, 0.11, 400, rolling_year),
    Kind("rolling year, 3,000", "turnover", "Byar", 0.14, 0.11, 3000, rolling_year),
    Kind("staff in post, 3,000, by month", "young-share", "Wilson", 0.057, 0.077, 3000, in_post, 12),
    Kind("rolling year, 3,000, by month", "turnover", "Byar", 0.14, 0.11, 3000, rolling_year, 12),
)


def trial() -> list[Row]:
    """For each kind of figure, without and with a change: the words of the status, and the icons."""
    return [row for kind in KINDS for improves in (False, True) for row in _rows(kind, improves)]


def _rows(kind: Kind, improves: bool) -> list[Row]:
    random = np.random.default_rng([SEED, KINDS.index(kind), improves])
    way = np.linspace(kind.before, kind.after if improves else kind.before, YEARS * kind.a_year + 1)
    counts, out_of = kind.draw(random, np.tile(way, (RUNS * PLANS // 2, 1)), kind.people, kind.a_year)
    what = f"{kind.name}, {'truly improving' if improves else 'nothing changed'}"
    rows = []
    if kind.a_year == QUARTERLY:
        words = _words(kind, counts, out_of)
        good = np.isin(words, GOOD)
        ever, twice = good.any(axis=1).mean(), (good[:, :-1] & good[:, 1:]).any(axis=1).mean()
        rows = [
            Row(f"{what}: status", _years(words), "met or ahead / on course / behind / off course"),
            Row(f"{what}: ever met or ahead", f"{ever:.0%}; twice running {twice:.0%}", "in 20 quarters"),
        ]
    better = "lower" if kind.after < kind.before else "higher"
    icons = [_icons(counts[:, 1:] / out_of[:, 1:], better, profile.name) for profile in spc_profiles()]
    told = [" / ".join(f"{found:.0%}" for found in column) for column in zip(*icons, strict=True)]
    figure = f"improvement at 13 points {told[0]}, at the end {told[1]}, ever {told[2]}; concern at the end {told[3]}"
    rows.append(Row(f"{what}: icon", figure, " / ".join(profile.name for profile in spc_profiles())))
    return rows


def _words(kind: Kind, counts: np.ndarray, out_of: np.ndarray) -> np.ndarray:
    """The word of every plan and quarter."""
    ends = wilson(counts, out_of) if kind.method == "Wilson" else byar(counts, out_of)
    quarters = [Quarter(FIRST.start_year + step // 4, step % 4 + 1) for step in range(YEARS * 4)]
    words = np.empty((len(counts), len(quarters)), dtype=object)
    for plan in range(len(counts)):
        row = _plan_row(kind, counts[plan, 0], out_of[plan, 0])
        way = trajectory_of(row)
        for step, quarter in enumerate(quarters):
            low, high = (float(end[plan, step + 1]) for end in ends)
            value = counts[plan, step + 1] / out_of[plan, step + 1]
            figure = Figure(str(quarter), quarter.last_day, value, interval=Interval(low, high))
            words[plan, step] = str(status(row, dt.date(2031, 4, 1), figure=figure, trajectory=way).word)
    return words


def _plan_row(kind: Kind, count: float, out_of: float) -> MeasureRow:
    """What partners agree on: so many points from the figure that they have, which is not quite the truth."""
    goal = float(np.clip(count / out_of + kind.after - kind.before, 0.01, 0.99))
    return MeasureRow.of(
        measure=kind.measure,
        baseline={"numerator": count, "denominator": out_of, "period": "2025/26-Q4", "source": "simulated"},
        change={"kind": "level", "amount": goal},
        due=DUE,
    )


def _years(words: np.ndarray) -> str:
    told = []
    for year in (1, 3, 5):
        found = Counter(words[:, 4 * year - 1])
        parts = [sum(found[word] for word in some) for some in (GOOD, FAIR, ("behind",), ("off course",))]
        told.append(f"year {year}: {' / '.join(f'{part / len(words):.0%}' for part in parts)}")
    return "; ".join(told)


def _icons(values: np.ndarray, better: str, profile: str) -> tuple[float, float, float, float]:
    """How often the variation icon says improvement at first, at the end and ever, and concern at the end."""
    seen = np.array(
        [
            [str(xmr_chart(one, better=better, profile=profile).variation) for one in values[:, :points]]
            for points in range(LEAST_POINTS, values.shape[1] + 1)
        ]
    )
    good, bad = np.char.startswith(seen, "improvement"), np.char.startswith(seen, "concern")
    return good[0].mean(), good[-1].mean(), good.any(axis=0).mean(), bad[-1].mean()
