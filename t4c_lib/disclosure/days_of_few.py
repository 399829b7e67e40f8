"""Days of sickness of few people: what a reader comes to who takes the groups that are shown from their whole.

Days are no people, so the audit of counts doesn't look at them. A rate of fewer than 20 people is not published; nor
may it be worked out, of a group that alone is hidden, or of those of a group who are not support staff.
"""

from collections.abc import Iterable, Iterator

import numpy as np
import pandas as pd

from t4c_lib.disclosure.relations import ALL, characteristics_of

SMALLEST_REST = 0.5  # days; what is less comes of rounding, and is nobody's


def days_of_few(
    table: pd.DataFrame, least: float, within: Iterable[tuple[str, str]], rounding: float = 0.0
) -> Iterator[tuple[pd.Index, str, float]]:
    """Rows of which something of too few people can be worked out.

    Args:
        table: rows of days of one organisation: series, population, breakdown, period, and as denominator the days that
            are shown, NaN where they are not.
        least: days that are of enough people.
        within: a population, and the one that it is a part of.
        rounding: by how many days each row may differ from what was counted; less than `least` by no more than that is
            not found.

    Yields:
        The rows that would have to go, in words of whom something can be worked out, and how many days they have.
    """
    keys = table.groupby(["series", "period", "population"], sort=False)
    of_period = {tuple(map(str, key)): one for key, one in keys if isinstance(key, tuple)}
    for (series, period, population), rows in of_period.items():
        yield from _rests(rows, population, least, rounding)
        for whole in (wide for part, wide in within if part == population):
            if (all_of_them := of_period.get((series, period, whole))) is not None:
                yield from _others(rows, all_of_them, (population, whole), least, rounding)


def _levels(rows: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """Groups that make up the whole together: those of one characteristic, or of the same several."""
    groups = rows[rows["breakdown"] != ALL]
    yield from (one for _, one in groups.groupby(groups["breakdown"].map(characteristics_of), sort=False))


def _whole(rows: pd.DataFrame) -> float:
    of_all = rows.loc[rows["breakdown"] == ALL, "denominator"]
    return float(of_all.iloc[0]) if len(of_all) else np.nan


def _rests(rows: pd.DataFrame, population: str, least: float, rounding: float) -> Iterator[tuple[pd.Index, str, float]]:
    whole = _whole(rows)
    for level in _levels(rows):
        shown = level["denominator"].dropna()
        rest, unsure = whole - shown.sum(), rounding * (len(shown) + 1)
        if len(shown) and unsure + SMALLEST_REST < rest < least - unsure:
            yield shown.index, f"those of {population} who are in no group that is shown", rest


def _others(
    part: pd.DataFrame, whole: pd.DataFrame, names: tuple[str, str], least: float, rounding: float
) -> Iterator[tuple[pd.Index, str, float]]:
    """Those of a population who are not in a part of it: of all, of each group, and of the groups that aren't shown."""
    both = (part.set_index("breakdown")["denominator"], whole.set_index("breakdown")["denominator"])
    rest = (both[1] - both[0]).dropna()
    if ALL in rest and rest[ALL] < least - 2 * rounding:
        yield part.index[part["denominator"].notna()], f"those of {names[1]} who are not {names[0]}", float(rest[ALL])
        return
    for level in _levels(part):
        there = rest[rest.index.isin(level["breakdown"])]
        shown = level.index[level["denominator"].notna()]
        few = there[there < least - 2 * rounding]
        for group, days in few.items():
            yield shown, f"those of {names[1]} in {group} who are not {names[0]}", float(days)
        if not len(few) and ALL in rest and len(shown):
            left, unsure = float(rest[ALL] - there.sum()), 2 * rounding * (len(there) + 1)
            if unsure + SMALLEST_REST < left < least - unsure:
                yield shown, f"those of {names[1]} in no group that is shown who are not {names[0]}", left
