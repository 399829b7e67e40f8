"""From what was counted to where the two-stock what-if starts; it says which parts are national defaults."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from t4c_lib.errors import T4CError
from t4c_lib.parameters import Assumptions
from t4c_lib.periods import Month
from t4c_lib.progress.looking_back import OLDER, YOUNG, Part, Window, monthly_counts
from t4c_lib.quantities import number
from t4c_lib.whatif import TwoStock


class NoStartError(T4CError):
    """There is no count of staff by age, so nothing to start a what-if from."""


@dataclass(frozen=True)
class StartingPoint:
    """A what-if's month 0.

    Attributes:
        model: the two stocks with today's flows.
        month: month 0, the newest month with a count by age.
        population: of whom.
        parts: what each number rests on, in the order of TwoStock's arguments.
    """

    model: TwoStock
    month: Month
    population: str
    parts: tuple[Part, ...]

    @property
    def defaults(self) -> tuple[Part, ...]:
        """The parts for which a national figure stands in."""
        return tuple(part for part in self.parts if part.is_default)


def starting_point(
    observations: pd.DataFrame, population: str, assumptions: Assumptions, as_of: Month | None = None
) -> StartingPoint:
    """Where an organisation's what-if starts.

    Chances are the leavers (or people aged 24) of the last 12 months over the staff in post when each month began;
    joiners are the mean of those months. With fewer than 6 such months, or nobody to count from, a national figure from
    parameters/national.yaml stands in for a chance, and 0 for joiners.

    Args:
        observations: of one organisation, as the store gives them.
        population: "trust workforce" or "support staff".
        assumptions: the national figures.
        as_of: month 0 is the newest counted month no later than this; None for the newest.

    Raises:
        NoStartError: no month has a count of staff by age.
    """
    counts = monthly_counts(observations, population)
    months = [month for month in counts if {YOUNG, OLDER} <= counts[month].keys() and (as_of is None or month <= as_of)]
    if not months:
        raise NoStartError(
            f"Nobody has counted the {population} by age yet. Add a staff extract: t4c evidence add FILE "
            "(data/dictionary.csv lists its columns)."
        )
    now = max(months)
    window = Window(counts, now)
    young, older = counts[now][YOUNG], counts[now][OLDER]
    parts = (
        Part("young", "Staff aged 16 to 24", young, number(young), f"staff extract, {now.label}", False),
        Part("older", "Staff aged 25 and over", older, number(older), f"staff extract, {now.label}", False),
        window.leaving(
            "leave_young", YOUNG, "Leave in a month, aged 16 to 24", "leavers-support-under-25", assumptions
        ),
        window.leaving(
            "leave_older", OLDER, "Leave in a month, aged 25 and over", "leavers-support-25-and-over", assumptions
        ),
        window.turning_25(assumptions),
        window.joining("join_young", YOUNG, "Join in a month, aged 16 to 24"),
        window.joining("join_older", OLDER, "Join in a month, aged 25 and over"),
    )
    return StartingPoint(TwoStock(**{part.name: part.value for part in parts}), now, population, parts)
