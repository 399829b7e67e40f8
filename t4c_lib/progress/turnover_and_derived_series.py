"""Figures that no file holds ready-made, but stored ones make up: a year out of its months, a group out of groups.

And what a series lacks: a row for each period that nobody told of.
"""

import math
from collections.abc import Iterable
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from t4c_lib.evidence.breakdowns import breakdown_of, parts_of
from t4c_lib.evidence.observations import ALL, State
from t4c_lib.framework import ModelPath, series_followed
from t4c_lib.periods import Day, Month, parse_period, periods_between

LEAVERS, JOINERS, HEADCOUNT = "leavers", "joiners", "headcount"
YEAR = 12
WORKED_OUT = "worked out from"
POOLED_MONTHS = "pooled_months"  # a column: how many months a figure pools already
MONTHLY = r"\d{4}-\d{2}"  # a month, as periods are written
KNOWN = (State.counted.value, State.zero.value)
_UNIT = "leavers per person a year"


def parts_of_series(series: str) -> tuple[str, ...]:
    """The series from which one is worked out where it is not stored; none for most."""
    return (LEAVERS, JOINERS, HEADCOUNT) if series == series_followed(ModelPath.TURNOVER) else ()


def with_derived_figures(observations: pd.DataFrame, groups: Iterable[str] = ()) -> pd.DataFrame:
    """The observations, followed by figures worked out from them that no file supplied.

    Turnover of twelve months is worked out where leavers of each and headcounts are known and the year's own figure is
    not stored. A group that a plan puts together ("race: Asian and Black") is added up where each of its parts is known
    out of the same people. Either stands under the source of its newest part, which says that it was worked out.

    `observations`: of one organisation. `groups`: as plans write them; those of one answer, and everybody, add nothing.
    """
    asked = [breakdown for group in dict.fromkeys(groups) if len(parts_of(breakdown := breakdown_of(group))) > 1]
    found = [yearly_turnover(observations), *(_added_up(observations, breakdown) for breakdown in asked)]
    found = [one for one in found if len(one)]
    if not found:
        return observations
    every = pd.concat([observations, *found], ignore_index=True)
    return every.sort_values("period", kind="stable", ignore_index=True)


def yearly_turnover(observations: pd.DataFrame) -> pd.DataFrame:
    """Turnover of twelve months that is not stored, from monthly leavers and headcounts of everybody in a population.

    Leavers of the twelve months over the mean of the people in post when they began and when they ended. Who was there
    when they began is the headcount of the month before or, where that is not known, the first month's headcount less
    its joiners and with its leavers.
    """
    if not (observations["series"] == LEAVERS).any():
        return observations.iloc[:0]
    turnover = series_followed(ModelPath.TURNOVER)
    asked = observations["series"].isin([LEAVERS, JOINERS, HEADCOUNT, turnover]) & (observations["breakdown"] == ALL)
    whole = observations[asked]
    own = whole["series"] == turnover
    stored = {*zip(whole["population"][own], whole["period"][own], strict=True)}
    months = whole[~own & whole["state"].isin(KNOWN) & whole["value"].notna() & whole["period"].str.fullmatch(MONTHLY)]
    told: dict[str, dict[str, dict[int, float]]] = {}  # by population and series, by the number of the month
    places: dict[tuple[str, int], int] = {}  # of leavers among the rows
    rows = zip(months["population"], months["series"], months["period"], months["value"], strict=True)
    for place, (population, series, period, value) in enumerate(rows):
        month = Month.parse(period).ordinal
        told.setdefault(population, {}).setdefault(series, {})[month] = value
        if series == LEAVERS and (population, period) not in stored:
            places[population, month] = place
    years: dict[int, tuple[float, float]] = {}
    for (population, month), place in sorted(places.items()):
        left, joined, in_post = (told[population].get(one, {}) for one in (LEAVERS, JOINERS, HEADCOUNT))
        first = month - YEAR + 1
        at_first = in_post.get(first, np.nan) - joined.get(first, np.nan) + left.get(first, np.nan)
        people = (in_post.get(month - YEAR, at_first) + in_post.get(month, np.nan)) / 2
        leavers = sum(left.get(month - back, np.nan) for back in range(YEAR))
        if not np.isnan(leavers + people):
            years[place] = leavers, people
    part, base = np.array([*years.values()]).reshape(-1, 2).T
    value = np.divide(part, base, out=np.full(len(part), np.nan), where=base != 0)
    states = np.select([base == 0, part == 0], [State.not_applicable.value, State.zero.value], State.counted.value)
    made = months.iloc[[*years]].assign(series=turnover, unit=_UNIT, state=states)
    made = made.assign(numerator=part, denominator=base, value=value)
    made = made.assign(source=_worked_out(made["source"], "12 months")) if "source" in made else made
    return made.astype(observations.dtypes).reset_index(drop=True)


def _added_up(observations: pd.DataFrame, breakdown: str) -> pd.DataFrame:
    """A group made of others: their people added up, out of the denominator that they share."""
    parts = parts_of(breakdown)
    of = observations[observations["breakdown"].isin(parts) & observations["state"].isin(KNOWN)]
    key = ["series", "population", "period"]
    ready = observations.loc[observations["breakdown"] == breakdown, key]
    existing = {*zip(*(ready[name] for name in key), strict=True)}
    parts_known, wholes, values = (of[name].to_numpy() for name in ("numerator", "denominator", "value"))
    made = []
    for name, places in sorted(of.groupby(key, sort=False).indices.items(), key=lambda one: one[1][0]):
        if len(places) != len(parts) or len(np.unique(wholes[places])) > 1 or name in existing:
            continue
        made.append((places[-1], parts_known[places].sum(), np.nansum(values[places])))
    last, part, value = np.array(made).reshape(-1, 3).T
    states = np.where(value == 0, State.zero.value, State.counted.value)
    found = of.iloc[last.astype(int)].assign(breakdown=breakdown, numerator=part, value=value, state=states)
    return found.assign(source=_worked_out(found["source"], f"{len(parts)} groups")) if "source" in found else found


def _worked_out(source: Any, what: str) -> Any:
    return source + f", {WORKED_OUT} {what}"


def with_missing_periods(figures: pd.DataFrame) -> pd.DataFrame:
    """One series with a row for each period in between that has none, so that lines and runs break there.

    Months that come by the quarter or the half-year keep that rhythm: it is the shortest step from one to the next, as
    long as all others are multiples of it.

    `figures`: periods of one kind, oldest first, each once; with state, population, source and day (the last one).
    Gives the same with `months` 0, and rows of state "missing" with NaN put in.
    """
    figures = figures.assign(months=0.0)
    there = [parse_period(period) for period in figures["period"]]
    dated = [one.ordinal for one in there if not isinstance(one, Day)]  # what is of a day comes in no rhythm
    steps = [later - earlier for earlier, later in pairwise(dated)]
    rhythm = math.gcd(*steps) if steps else 0
    if not rhythm or sum(steps) <= rhythm * len(steps):
        return figures
    periods = [str(one) for one in periods_between(there[0], there[-1], rhythm if rhythm == min(steps) else 1)]
    whole = figures.set_index("period").reindex(periods)
    whole["day"] = pd.to_datetime([parse_period(period).last_day for period in periods])
    filled = {"state": State.missing.value, "population": figures["population"].iloc[0], "source": "", "months": 0.0}
    return whole.fillna(filled).rename_axis("period").reset_index()


def pooled(months: pd.DataFrame, judged_on: int) -> pd.DataFrame:
    """For each month the pool of so many months up to it; of a history that is shorter, all of it as one figure.

    `months`: one series, as `with_missing_periods` gives it: numerator, denominator, value, state. `judged_on`: how
    many months are added up. Gives the same from the first month on that has so many up to it, `months` being how many
    of them are known. A month of which nothing is known has no value. What is pooled already stays as it is.
    """
    if POOLED_MONTHS in months:
        return months.assign(months=months[POOLED_MONTHS].fillna(0.0))
    # A month in which nobody's time was up adds nothing and lacks nothing.
    is_counted = months["state"].isin([*KNOWN, State.not_applicable.value])
    people = months["denominator"].where(is_counted, 0.0).fillna(0.0)
    events = months["numerator"].fillna(months["value"] * months["denominator"]).where(is_counted, 0.0).fillna(0.0)
    window = months.assign(
        numerator=events.rolling(judged_on, min_periods=1).sum(),
        denominator=people.rolling(judged_on, min_periods=1).sum(),
        months=is_counted.astype(float).rolling(judged_on, min_periods=1).sum(),
    )
    some = is_counted & (window["denominator"] > 0)
    window["value"] = (window["numerator"] / window["denominator"].where(some)).to_numpy()
    window["state"] = np.where(some, State.counted.value, months["state"])
    whole = window.iloc[judged_on - 1 :]
    return whole if len(whole) else window.iloc[-1:]
