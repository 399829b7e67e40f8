"""Turnover of NHS organisations by staff group, a column for each figure, over a month or over twelve.

Seen was an excerpt of one month, reshaped by its user; of the publisher's file for benchmarking, with joiner rate,
leaver rate and stability index, no original was seen. Its rates may be texts with a percent sign, and are leavers over
the headcount at the end; they may exceed 100% where an organisation all but closed. An empty cell, or a full stop, is
taken for unknown: nothing says that it stands for nobody.
"""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from t4c_lib.errors import InputError
from t4c_lib.evidence.columns import ColumnChecks, Floats, row_keys
from t4c_lib.evidence.frames import frame_of, observed, together
from t4c_lib.evidence.marks import figures, states_of
from t4c_lib.evidence.months import read_periods
from t4c_lib.evidence.observation import OGL_ATTRIBUTION, State
from t4c_lib.evidence.places import ORGANISATION_CODE, ORGANISATION_CODE_WORDS, organisations, texts, whom_by_row
from t4c_lib.evidence.publication import Publication, Reading
from t4c_lib.evidence.staff_groups import whom
from t4c_lib.evidence.table import Table
from t4c_lib.evidence.turnover_rates import END, JOINERS, LEAVERS, MOST_PEOPLE, START, flows
from t4c_lib.evidence.workforce_rows import CODE, ICS, ICS_NAME, NAME, NOTE_ON_GROUPS, REGION, REGION_NAME
from t4c_lib.periods import Month

PERIOD, GROUP, CLUSTER = "PERIOD_END", "STAFF_GROUP", "CLUSTER_GROUP"
LEFT, CAME, AT_START, AT_END = "LEAVERS_HC", "JOINERS_HC", "DENOM_START_HC", "DENOM_END_HC"
FTE_LEFT, FTE_AT_END = "LEAVERS_FTE", "DENOM_END_FTE"
LEAVER_RATE, JOINER_RATE, STABILITY = "LEAVER_RATE", "JOINER_RATE", "STABILITY_INDEX"
REQUIRED = (PERIOD, CODE, NAME, GROUP, LEFT, CAME, AT_END)
OPTIONAL = (REGION, REGION_NAME, ICS, ICS_NAME, CLUSTER, "BENCHMARK_GROUP", AT_START, FTE_LEFT, FTE_AT_END)
ALIASES = {
    "Period": PERIOD,
    "Organisation code": CODE,
    "Organisation name": NAME,
    "Leaver": LEFT,
    "Leavers": LEFT,
    "Joiner": CAME,
    "Joiners": CAME,
    "Denominator at start of period": AT_START,
    "Denominator at end of period": AT_END,
}
_UNKNOWN = {".": State.missing}
_RATE = re.compile(r"(?P<number>\d+(\.\d+)?)\s*(?P<percent>%?)")
_KEY = ["organisation", "period", "population", "breakdown"]


def read(table: Table) -> Reading:
    """Headcount at the end (and start), fte, and leavers and joiners of the month or of the twelve months.

    Raises:
        InputError: see the module's tests for the gallery of what is refused.
    """
    checks = ColumnChecks(table)
    checks.filled([PERIOD, CODE, NAME, GROUP])
    checks.matching(CODE, ORGANISATION_CODE, ORGANISATION_CODE_WORDS)
    ends, lengths = read_periods(checks, PERIOD, {1, 12})
    people = {
        name: figures(checks, name, 0, MOST_PEOPLE, unit="people", whole=True, marks=_UNKNOWN).number
        for name in (LEFT, CAME, AT_START, AT_END)
    }
    fte = figures(checks, FTE_AT_END, 0, MOST_PEOPLE, unit="FTE", marks=_UNKNOWN).number
    figures(checks, FTE_LEFT, 0, MOST_PEOPLE, unit="FTE", marks=_UNKNOWN)
    for name, part in ((LEAVER_RATE, LEFT), (JOINER_RATE, CAME)):
        _check_rate(checks, name, people[part], people[AT_END])
    stability, _ = _fractions(checks, STABILITY)
    checks.where(stability > 1, STABILITY, lambda row: f"{stability[row]:.4g} is above 1, but it is a share of people.")
    checks.unique(
        [row_keys(table.column(name), table.rows) for name in (PERIOD, CODE, GROUP)],
        CODE,
        "the same organisation, staff group and period as in",
    )
    if checks.problems:
        raise InputError(table.source, checks.problems)
    rows = pd.DataFrame({"organisation": texts(table, CODE), "end": ends, "period": ends})
    rows["population"], rows["breakdown"] = whom_by_row(table, GROUP, about=whom)
    rows["group"] = rows["breakdown"]
    yearly = lengths == 12
    frames = [*_monthly(rows[~yearly], {name: column[~yearly] for name, column in people.items()})]
    frames += _yearly(rows[yearly], {name: column[yearly] for name, column in people.items()})
    given = ~np.isnan(fte)
    frames.append(frame_of(rows[given], series="fte", value=fte[given], unit="FTE"))
    known = ~np.isnan(stability) & yearly
    frames.append(_stability(rows[known], stability[known]))
    observations = together([frame for frame in frames if len(frame)])
    codes = texts(table, CODE)
    told = organisations(codes, *(texts(table, name) for name in (NAME, CLUSTER, REGION, ICS)))
    notes = [NOTE_ON_GROUPS]
    if unknown := int((observations["state"] == "missing").sum()):
        notes.append(f"{unknown:,} figures are empty: missing, as nothing says that they stand for nobody.")
    return Reading(told, observations, tuple(notes))


def _monthly(rows: pd.DataFrame, people: dict[str, Floats]) -> list[pd.DataFrame]:
    frames = [
        frame_of(rows, series=series, value=people[name], unit="people")
        for series, name in (("leavers", LEFT), ("joiners", CAME), ("headcount", AT_END))
    ]
    # The headcount at a month's start is the one at the end of the month before, where that has no row of its own.
    before = rows.assign(period=[str(Month.parse(month) + -1) for month in rows["period"]])
    own = set(rows[_KEY].itertuples(index=False, name=None))
    new = np.array([key not in own for key in before[_KEY].itertuples(index=False, name=None)], dtype=bool)
    new &= ~np.isnan(people[AT_START])
    return [*frames, frame_of(before[new], series="headcount", value=people[AT_START][new], unit="people")]


def _yearly(rows: pd.DataFrame, people: dict[str, Floats]) -> list[pd.DataFrame]:
    if rows.empty:
        return []
    stacked = [
        rows.assign(type=kind.casefold(), HC=people[name], FTE=np.nan, age="")
        for kind, name in ((START, AT_START), (END, AT_END), (LEAVERS, LEFT), (JOINERS, CAME))
    ]
    return [frame[frame["series"] != "fte"] for frame in flows(pd.concat(stacked, ignore_index=True))]


def _stability(rows: pd.DataFrame, value: Floats) -> pd.DataFrame:
    words = {name: rows[name].tolist() for name in _KEY}
    return observed(
        organisation=words["organisation"],
        series="stability",
        population=words["population"],
        breakdown=words["breakdown"],
        period=words["period"],
        value=value,
        state=states_of(value),
        unit="share",
    )


def _fractions(checks: ColumnChecks, name: str) -> tuple[Floats, Floats]:
    """A column of rates as fractions, written 0.0126 or 1.26%, and half of the last decimal of each."""
    column = checks.table.column(name)
    nothing = np.full(checks.table.rows, np.nan)
    if column is None:
        return nothing, nothing
    values, halves, wrong = [], [], []
    for text in column.values:
        match = _RATE.fullmatch(text)
        wrong.append(match is None and text not in {"", "."})
        scale = 100 if match and match["percent"] else 1
        decimals = len(match["number"].partition(".")[2]) if match else 0
        values.append(float(match["number"]) / scale if match else np.nan)
        halves.append(0.5 * 10.0**-decimals / scale)
    checks.wrong_values(column, np.array(wrong, dtype=bool), "is not a rate such as 0.0126 or 1.26%.", lambda _: "")
    return np.array([*values, np.nan])[column.codes], np.array([*halves, np.nan])[column.codes]


def _check_rate(checks: ColumnChecks, name: str, part: Floats, whole: Floats) -> None:
    rate, half = _fractions(checks, name)
    due = np.divide(part, whole, out=np.full(len(part), np.nan), where=whole > 0)
    checks.where(
        np.abs(rate - due) > half + 1e-9,
        name,
        lambda row: f"{rate[row]:.6f} is given, but the figures beside it make {due[row]:.6f} of those at the end.",
        "Was a figure typed over, or is it percent without its sign?",
    )


PUBLICATION = Publication(
    key="turnover-by-organisation-wide",
    title="turnover of NHS organisations, a column for each figure",
    publisher="NHS England",
    columns=(*REQUIRED, *OPTIONAL, LEAVER_RATE, JOINER_RATE, STABILITY),
    required=REQUIRED,
    version=1,
    attribution=OGL_ATTRIBUTION.format(publisher="NHS England, NHS Workforce Statistics, turnover"),
    read=read,
    most_rows=200_000,
    aliases=ALIASES,
)
