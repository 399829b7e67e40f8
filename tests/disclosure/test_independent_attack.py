"""What somebody can work out who knows what the figures mean: support staff are some of all staff, group by group.

The attack shares nothing with the audit but the policy: it is a linear programme (scipy's milp) for each month.
"""

from collections import defaultdict
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

from t4c_lib.disclosure.published import publish
from t4c_lib.disclosure.relations import NO_SUMS, SeriesSums
from t4c_lib.disclosure.suppression_policy import LEFT_OUT, TREATMENT, Policy
from t4c_lib.progress.provenance import series_sums
from t4c_lib.progress.turnover_and_derived_series import with_derived_figures
from t4c_lib.store import Store

HOUSE = Policy()
ALL_STAFF, SUPPORT = "trust workforce", "support staff"
TOP = 10**6
Count = tuple[str, str, str, str]  # series, population, breakdown, part


class Month:
    """The published counts of one month, and what anybody may add up."""

    def __init__(self, rows: pd.DataFrame) -> None:
        self.low: list[float] = []
        self.high: list[float] = []
        self.numbers: dict[Count, int] = {}
        self.sums: list[dict[int, int]] = []
        self.hidden: list[int] = []
        for row in rows.to_dict("records"):
            numerator, denominator, value = (float(row[name]) for name in ("numerator", "denominator", "value"))
            is_plain = np.isnan(numerator) and np.isnan(denominator)
            for part, count in (("numerator", value if is_plain else numerator), ("denominator", denominator)):
                if part == "denominator" and np.isnan(count):
                    continue
                (low,), (high,) = HOUSE.possible([count])
                ends = (0, TOP) if row[TREATMENT] == LEFT_OUT and np.isnan(count) else (low, high)
                self.numbers[row["series"], row["population"], row["breakdown"], part] = self._count(*ends)
                if np.isnan(count):
                    self.hidden.append(len(self.low) - 1)

    def _count(self, low: float, high: float) -> int:
        self.low.append(low)
        self.high.append(high)
        return len(self.low) - 1

    def add(self, plus: list[Count], minus: list[Count], *, rest: bool = False) -> int | None:
        """What is added is what is taken away, or no less (then the number of what is left is given)."""
        if not all(one in self.numbers for one in (*plus, *minus)):
            return None
        row = {self.numbers[one]: 1 for one in plus} | {self.numbers[one]: -1 for one in minus}
        left = self._count(0, TOP) if rest else None
        self.sums.append(row if left is None else row | {left: -1})
        return left

    def know(self) -> list[int]:
        """What holds by the meaning of the figures; gives the counts of people who are not support staff."""
        others = []
        groups: dict[tuple[str, str, str, str], list[Count]] = defaultdict(list)
        for series, population, breakdown, part in list(self.numbers):
            same = (series, population, breakdown)
            if part == "denominator":
                self.add([(*same, part)], [(*same, "numerator")], rest=True)
            elif "; " not in breakdown and breakdown not in ("all", "age=24"):  # who is 24 is counted among 16-24, too
                groups[series, population, breakdown.partition("=")[0], part].append((*same, part))
            if population == SUPPORT:
                whole = (series, ALL_STAFF, breakdown)
                left = self.add([(*whole, part)], [(*same, part)], rest=True)
                others += [] if left is None else [left]
                if part == "numerator":
                    all_young = [(*whole, "denominator"), (*same, "numerator")]
                    self.add(all_young, [(*same, "denominator"), (*whole, "numerator")], rest=True)
        for (series, population, kind, part), counts in groups.items():
            if (series, kind) in {("young-share", "band"), ("young-share", "department"), ("headcount", "age")}:
                self.add([(series, population, "all", part)], counts)
                if series == "young-share":
                    self.add(
                        [(series, population, "all", "denominator")], [(*one[:3], "denominator") for one in counts]
                    )
            elif series == "local-diversity" and part == "numerator":  # answers, and who gave none, are everybody
                self.add([("headcount", population, "all", part)], counts)
        for population in (ALL_STAFF, SUPPORT):
            all_of_it = ("young-share", population, "all")
            self.add([(*all_of_it, "numerator")], [("headcount", population, "age=16-24", "numerator")])
            self.add([(*all_of_it, "denominator")], [("headcount", population, "all", "numerator")])
            self.add([(*all_of_it, "numerator")], [("local-diversity", population, "age=16-24", "numerator")])
        return others

    def values_left(self, count: int) -> tuple[int, int]:
        matrix = np.zeros((len(self.sums), len(self.low)))
        for place, row in enumerate(self.sums):
            matrix[place, list(row)] = list(row.values())
        ends = []
        for sign in (1, -1):
            goal = np.zeros(len(self.low))
            goal[count] = sign
            found = milp(
                goal,
                integrality=np.ones(len(goal)),
                bounds=Bounds(self.low, self.high),
                constraints=LinearConstraint(matrix, 0, 0),
            )
            assert found.x is not None, found.message
            ends.append(round(found.x[count]))
        return ends[0], ends[1]


def found_out(observations: pd.DataFrame, sums: SeriesSums) -> list[tuple[str, int, int]]:
    """Which hidden counts, and few people who are not support staff, have fewer values left than they have to."""
    every = with_derived_figures(observations)
    # Departments and bands must make up the whole for a reader to add them up: in a made-up trust they do.
    chosen = every[every["series"].isin(["young-share", "headcount", "local-diversity"])].reset_index(drop=True)
    nothing = [False] * len(chosen)
    table = publish(chosen, official=nothing, of_time=nothing, policy=HOUSE, sums=sums).table
    narrow = []
    for period, rows in table.groupby("period"):
        month = Month(rows)
        others = month.know()
        for count in (*month.hidden, *others):
            low, high = month.values_left(count)
            if high - low + 1 < HOUSE.fewest_possible_values and high <= HOUSE.hidden_up_to:
                narrow.append((str(period), low, high))
    return narrow


@pytest.mark.detail
@pytest.mark.flow
def test_support_staff_within_all_staff_tell_of_nobody(demonstration: Path) -> None:
    with Store.open(demonstration) as store:
        observations = store.observations("DEMO-SC")
    some = observations[observations["period"].isin(["2023-09", "2024-02"])]
    assert found_out(some, series_sums()) == []
    # An audit that knows nothing of it leaves some of them to be found out.
    assert found_out(some, NO_SUMS)
