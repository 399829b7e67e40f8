"""Turnover out of counts: leavers of twelve months over the mean of the headcounts at their start and end.

Some publications give the end only, and divide by that; such a rate is kept apart, as `leavers-over-end`, because it is
lower where a group grew. Definition: Nuffield Trust, note to its chart of leaver rates, 9 February 2022.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from t4c_lib.evidence.columns import Floats
from t4c_lib.evidence.frames import frame_of, observed
from t4c_lib.evidence.marks import States, quotient, states_of
from t4c_lib.evidence.observation import State
from t4c_lib.evidence.staff_groups import breakdown
from t4c_lib.periods import Month

START, END, LEAVERS, JOINERS = (
    "Denominator at start of period",
    "Denominator at end of period",
    "Leavers",
    "Joiners",
)
TYPES = (START, END, LEAVERS, JOINERS)
MOST_PEOPLE = 5e6
YEARLY = "leavers per person a year"
KEY = ["organisation", "end", "population", "breakdown"]


def flows(rows: pd.DataFrame) -> list[pd.DataFrame]:
    """Observations of twelve months from rows of counts.

    Args:
        rows: columns organisation, end (the last month, as text), type (one of TYPES in small letters), population,
            group and age (breakdowns, empty for all), HC and FTE (NaN where not known).
    """
    named = rows.assign(breakdown=[breakdown(*parts) for parts in zip(rows["group"], rows["age"], strict=True)])
    frames = []
    for kind, people, fte, months_back in (
        (END, "headcount", "fte", 0),
        (START, "headcount", "fte", 12),
        (LEAVERS, "leavers-12-months", "", 0),
        (JOINERS, "joiners-12-months", "", 0),
    ):
        chosen = named[named["type"] == kind.casefold()]
        when = chosen.assign(period=[str(Month.parse(end) + -months_back) for end in chosen["end"]])
        for series, column, unit in ((people, "HC", "people"), (fte, "FTE", "FTE")):
            if series and len(when):
                frames.append(frame_of(when, series=series, value=when[column].to_numpy(np.float64), unit=unit))
    return frames + rates(named)


def rates(named: pd.DataFrame) -> list[pd.DataFrame]:
    """Turnover where both headcounts are given, and leavers over the headcount at the end."""
    wide = named.pivot_table(index=KEY, columns="type", values="HC", aggfunc="first", dropna=True)
    wide = wide.reindex(columns=[name.casefold() for name in TYPES]).reset_index()
    start, end, left = (wide[name.casefold()].to_numpy(np.float64) for name in (START, END, LEAVERS))
    frames = []
    for series, base in (("turnover", (start + end) / 2), ("leavers-over-end", end)):
        there = ~np.isnan(base) & ~np.isnan(left)
        if there.any():
            frames.append(_rates(wide[there], series, left[there], base[there]))
    return frames


def young_shares(rows: pd.DataFrame) -> list[pd.DataFrame]:
    """Share aged 16 to 24 at the end, of those whose age is known, for groups with both figures."""
    at_end = rows[rows["type"] == END.casefold()]
    key = ["organisation", "end", "population", "group"]
    wide = at_end.pivot_table(index=key, columns="age", values="HC", aggfunc="first")
    wide = wide.reindex(columns=["", "age=16-24", "age=unknown"]).reset_index().rename(columns={"group": "breakdown"})
    known = wide[""].to_numpy(np.float64) - wide["age=unknown"].fillna(0).to_numpy(np.float64)
    young = wide["age=16-24"].to_numpy(np.float64)
    there = ~np.isnan(known) & ~np.isnan(young)
    return [_rates(wide[there], "young-share", young[there], known[there], unit="share")] if there.any() else []


def _rates(wide: pd.DataFrame, series: str, part: Floats, whole: Floats, *, unit: str = YEARLY) -> pd.DataFrame:
    state: States = states_of(part)
    state[whole == 0] = State.not_applicable.value
    return observed(
        organisation=wide["organisation"].tolist(),
        series=series,
        population=wide["population"].tolist(),
        breakdown=wide["breakdown"].tolist(),
        period=wide["end"].tolist(),
        numerator=part,
        denominator=whole,
        value=quotient(part, whole, state),
        state=state,
        unit=unit,
    )
