"""NHS workforce turnover, by age for England and by organisation, over a month or over twelve.

By age (NHS workforce turnover 2): leavers and staff of England by staff group, grade and age band, over twelve months.
Cells of nobody are rows left out. An absent row is taken for zero only where the rows that are there add up to their
total; in an excerpt they don't, and then what is absent is not known. "Under 25" is taken for 16 to 24.

By organisation, a row for each type of figure, for benchmarking: no original was seen; one public program reads it, and
takes absent rows of leavers for nobody. As nothing says so, what has no row here has no observation. Periods are days,
months or spans of one month; the last month is meant. A month's figures make no turnover of a year: they are given as
leavers, joiners and people in post.

By organisation, a column for each figure: seen was an excerpt of one month, reshaped by its user; of the publisher's
file for benchmarking, with joiner rate, leaver rate and stability index, no original was seen. Its rates may be texts
with a percent sign, and are leavers over the headcount at the end; they may exceed 100% where an organisation all but
closed. An empty cell, or a full stop, is taken for unknown: nothing says that it stands for nobody.

Turnover is leavers of twelve months over the mean of the headcounts at their start and end. Some publications give the
end only, and divide by that; such a rate is kept apart, as `leavers-over-end`, because it is lower where a group grew.
Definition: Nuffield Trust, note to its chart of leaver rates, 9 February 2022.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import pandas as pd

from t4c_lib.evidence.breakdowns import NOTE_ON_GROUPS, breakdown, is_whole, plain, whom
from t4c_lib.evidence.column_checks import Floats
from t4c_lib.evidence.observation_frames import ENGLAND, ORGANISATION_COLUMNS, Figures, observed, shares, states_of
from t4c_lib.evidence.observations import OGL_ATTRIBUTION, State
from t4c_lib.evidence.publication import Publication
from t4c_lib.evidence.table_layout import (
    ANY,
    CODE,
    FILLED,
    MONTH,
    CheckedRows,
    ChoiceColumn,
    CountSeries,
    NumberColumn,
    PeriodColumn,
    TableLayout,
)
from t4c_lib.periods import Month

START, END = "Denominator at start of period", "Denominator at end of period"
LEAVERS, JOINERS = "Leavers", "Joiners"
TYPES = (START, END, LEAVERS, JOINERS)
YEARLY = "leavers per person a year"
REGION, _, ICS, _, ORG_CODE, NAME = ORGANISATION_COLUMNS
PERIOD, TYPE, MAIN, GROUP, GRADE, AGE = "PERIOD", "TYPE", "MAIN_STAFF_GROUP", "STAFF_GROUP", "GRADE", "AGE_BAND"
HC, FTE, CLUSTER, PERIOD_END = "HC", "FTE", "CLUSTER_GROUP", "PERIOD_END"
AGES = {
    "All age bands": "",
    "Under 25": "age=16-24",
    "25 to 34": "age=25-34",
    "35 to 44": "age=35-44",
    "45 to 54": "age=45-54",
    "55 to 64": "age=55-64",
    "65 and over": "age=65+",
    "Unknown": "age=unknown",
}
LEFT, CAME, AT_START, AT_END = "LEAVERS_HC", "JOINERS_HC", "DENOM_START_HC", "DENOM_END_HC"
FTE_LEFT, FTE_AT_END = "LEAVERS_FTE", "DENOM_END_FTE"
LEAVER_RATE, JOINER_RATE, STABILITY = "LEAVER_RATE", "JOINER_RATE", "STABILITY_INDEX"
_RATE = r"^(?P<number>\d+(?:\.(?P<decimals>\d+))?)\s*(?P<percent>%?)$"
_KEY = ["organisation", "period", "population", "breakdown"]
_PEOPLE, _FTE = NumberColumn(5e6, "people", whole=True), NumberColumn(5e6, "FTE")
_PLACES = dict.fromkeys((*ORGANISATION_COLUMNS[:4], CLUSTER, "BENCHMARK_GROUP"), ANY)


def _of_twelve_months(rows: CheckedRows) -> Iterator[pd.DataFrame]:
    """Headcount, fte, leavers and joiners of twelve months, turnover, and the share aged 16 to 24."""
    counts = rows.frame.rename(columns={"breakdown": "group"})
    counts = counts.assign(HC=rows.figures[HC].number, FTE=rows.figures[FTE].number)
    counts["type"] = rows.chosen[TYPE]
    counts["age"] = [AGES[text] for text in rows.chosen[AGE]]
    starts = sorted({str(Month.parse(end) + -12) for end in set(rows.period)})
    rows.notes.append(f"Twelve months from the end of {', '.join(starts)}; 'Under 25' is shown as 16 to 24.")
    counts, zeros = _with_proven_zeros(counts)
    if zeros:
        rows.notes.append(f"{zeros:,} age bands without a row are zero: the others add up to their total.")
    counts["organisation"] = ENGLAND.code
    yield from _flows(counts)
    yield from _young_shares(counts)


def _with_proven_zeros(rows: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """Age bands without a row, as zero where the other bands of their group make up its total headcount."""
    key = ["period", "type", "population", "group"]
    added = []
    for names, group in rows.groupby(key, sort=False):
        total = group.loc[group["age"] == "", "HC"]
        bands = group[group["age"] != ""]
        if len(total) != 1 or bands.empty or bands["HC"].isna().any() or bands["HC"].sum() != total.iloc[0]:
            continue
        absent = [age for age in AGES.values() if age and age not in set(bands["age"])]
        added += [{**dict(zip(key, names, strict=True)), "age": age, "HC": 0.0, "FTE": 0.0} for age in absent]
    if not added:
        return rows, 0
    return pd.concat([rows, pd.DataFrame(added)], ignore_index=True).astype({"HC": np.float64}), len(added)


@dataclass(frozen=True)
class RateColumn:
    """Rates as fractions, written 0.0126 or 1.26%: of one column over another, which are read before, or of people."""

    part: str = ""
    whole: str = ""

    def read(self, rows: CheckedRows, name: str) -> None:
        column = rows.table.column(name)
        if column is None:
            nothing = np.full(rows.table.rows, np.nan)
            rows.figures[name] = Figures(nothing, states_of(nothing))
            return
        parts = pd.Series(column.values, dtype="str").str.extract(_RATE)
        scale = np.where(parts["percent"] == "%", 100, 1)
        fractions = parts["number"].to_numpy(np.float64, na_value=np.nan) / scale
        halves = 0.5 * 10.0 ** -parts["decimals"].str.len().fillna(0).to_numpy() / scale  # of the last decimal
        wrong = np.isnan(fractions) & ~np.isin(column.values, ["", "."])
        rows.wrong_values(column, wrong, "is not a rate such as 0.0126 or 1.26%.", lambda _: "")
        rate, half = (np.append(values, np.nan)[column.codes] for values in (fractions, halves))
        rows.figures[name] = Figures(rate, states_of(rate))
        if not self.part:
            rows.where(rate > 1, name, lambda row: f"{rate[row]:.4g} is above 1, but it is a share of people.")
            return
        part, whole = rows.figures[self.part].number, rows.figures[self.whole].number
        due = np.divide(part, whole, out=np.full(len(part), np.nan), where=whole > 0)
        rows.where(
            np.abs(rate - due) > half + 1e-9,
            name,
            lambda row: (
                f"{rate[row]:.6f} is given, but the figures beside it give {due[row]:.6f} of the headcount at the end."
            ),
            "Was a figure overwritten, or is a percent sign missing?",
        )


def _month_starts(rows: CheckedRows) -> Iterator[pd.DataFrame]:
    """The headcount at a month's start is that of the end of the month before, where that has no row of its own."""
    named, start = rows.frame[rows.months == 1], rows.figures[AT_START].number[rows.months == 1]
    before = named.assign(period=[str(Month.parse(month) + -1) for month in named["period"]])
    own = pd.MultiIndex.from_frame(named[_KEY])
    new = ~pd.MultiIndex.from_frame(before[_KEY]).isin(own) & ~np.isnan(start)
    yield observed(before[new], series="headcount", value=start[new], unit="people")


def _turnover(rows: CheckedRows) -> Iterator[pd.DataFrame]:
    start, end, left = (rows.figures[name].number for name in (AT_START, AT_END, LEFT))
    yield from _rates(rows.frame, np.where(rows.months == 12, left, np.nan), start, end)


def _note_on_unknown(observations: pd.DataFrame) -> Iterator[str]:
    if unknown := int((observations["state"] == "missing").sum()):
        yield f"{unknown:,} figures are blank and treated as missing: the file does not say that blank means zero."


def _flows(rows: pd.DataFrame) -> list[pd.DataFrame]:
    """Observations of twelve months, from rows of which each has one type of figure, HC and FTE, by group and age."""
    named = rows.assign(breakdown=[breakdown(*parts) for parts in zip(rows["group"], rows["age"], strict=True)])
    frames = []
    for kind, people, fte, months_back in (
        (END, "headcount", "fte", 0),
        (START, "headcount", "fte", 12),
        (LEAVERS, "leavers-12-months", "", 0),
        (JOINERS, "joiners-12-months", "", 0),
    ):
        chosen = named[named["type"] == kind]
        when = chosen.assign(period=[str(Month.parse(end) + -months_back) for end in chosen["period"]])
        for series, column, unit in ((people, "HC", "people"), (fte, "FTE", "FTE")):
            if series and len(when):
                frames.append(observed(when, series=series, value=when[column].to_numpy(np.float64), unit=unit))
    wide = named.pivot_table(index=_KEY, columns="type", values="HC", aggfunc="first", dropna=True)
    wide = wide.reindex(columns=list(TYPES)).reset_index()
    left, start, end = (wide[name].to_numpy(np.float64) for name in (LEAVERS, START, END))
    return frames + _rates(wide, left, start, end)


def _rates(rows: pd.DataFrame, left: Floats, start: Floats, end: Floats) -> list[pd.DataFrame]:
    """Turnover where both headcounts are given, and leavers over the headcount at the end."""
    frames = []
    for series, base in (("turnover", (start + end) / 2), ("leavers-over-end", end)):
        there = ~np.isnan(base) & ~np.isnan(left)
        frames.append(shares(rows[there], left[there], base[there], series=series, unit=YEARLY))
    return frames


def _young_shares(rows: pd.DataFrame) -> list[pd.DataFrame]:
    """Share aged 16 to 24 at the end, of those whose age is known, for groups with both figures."""
    at_end = rows[rows["type"] == END]
    key = ["organisation", "period", "population", "group"]
    wide = at_end.pivot_table(index=key, columns="age", values="HC", aggfunc="first")
    wide = wide.reindex(columns=["", "age=16-24", "age=unknown"]).reset_index().rename(columns={"group": "breakdown"})
    known = wide[""].to_numpy(np.float64) - wide["age=unknown"].fillna(0).to_numpy(np.float64)
    young = wide["age=16-24"].to_numpy(np.float64)
    there = ~np.isnan(known) & ~np.isnan(young)
    return [shares(wide[there], young[there], known[there], series="young-share")] if there.any() else []


BY_AGE = TableLayout(
    columns={
        PERIOD: PeriodColumn(frozenset({12})), TYPE: ChoiceColumn(TYPES), MAIN: FILLED, GROUP: FILLED, GRADE: FILLED,
        AGE: ChoiceColumn(tuple(AGES)), HC: _PEOPLE, FTE: _FTE,
    },
    unique=(PERIOD, TYPE, MAIN, GROUP, GRADE, AGE),
    same="figure",
    whose=(PERIOD,),
    organisation=lambda _: ENGLAND,
    groups=(GROUP, MAIN, GRADE),
    group_of=lambda group, main, grade: whom(group, main, "" if is_whole(grade) else f"band={plain(grade)}"),
    series=(_of_twelve_months,),
    notes=(NOTE_ON_GROUPS,),
)  # fmt: skip
BY_TYPE = TableLayout(
    columns={
        PERIOD: MONTH, TYPE: ChoiceColumn((LEAVERS, JOINERS, "Denoms")), ORG_CODE: CODE, NAME: FILLED, GROUP: FILLED,
        HC: _PEOPLE, FTE: _FTE,
    },
    optional=_PLACES,
    unique=(PERIOD, TYPE, GROUP, ORG_CODE),
    same="organisation, staff group, type and month",
    whose=(ORG_CODE, NAME, CLUSTER, REGION, ICS),
    groups=(GROUP,),
    series=(
        CountSeries("leavers", HC, "people", only=(TYPE, LEAVERS)),
        CountSeries("joiners", HC, "people", only=(TYPE, JOINERS)),
        CountSeries("headcount", HC, "people", only=(TYPE, "Denoms")),
        CountSeries("fte", FTE, "FTE", only=(TYPE, "Denoms")),
    ),
    notes=(NOTE_ON_GROUPS,),
)  # fmt: skip
_PEOPLE_OR_STOP, _FTE_OR_STOP = (replace(one, marks={".": State.missing}) for one in (_PEOPLE, _FTE))
BY_FIGURE = TableLayout(
    columns={
        PERIOD_END: PeriodColumn(frozenset({1, 12})), ORG_CODE: CODE, NAME: FILLED, GROUP: FILLED,
        **dict.fromkeys((LEFT, CAME, AT_END), _PEOPLE_OR_STOP),
    },
    optional={
        **_PLACES, AT_START: _PEOPLE_OR_STOP, FTE_LEFT: _FTE_OR_STOP, FTE_AT_END: _FTE_OR_STOP,
        LEAVER_RATE: RateColumn(LEFT, AT_END), JOINER_RATE: RateColumn(CAME, AT_END), STABILITY: RateColumn(),
    },
    unique=(PERIOD_END, GROUP, ORG_CODE),
    same="organisation, staff group and period",
    whose=(ORG_CODE, NAME, CLUSTER, REGION, ICS),
    groups=(GROUP,),
    series=(
        CountSeries("leavers", LEFT, "people", months=1),
        CountSeries("joiners", CAME, "people", months=1),
        CountSeries("leavers-12-months", LEFT, "people", months=12),
        CountSeries("joiners-12-months", CAME, "people", months=12),
        CountSeries("headcount", AT_END, "people"),
        CountSeries("headcount", AT_START, "people", months=12, months_back=12),
        CountSeries("fte", FTE_AT_END, "FTE", known_only=True),
        CountSeries("stability", STABILITY, "share", months=12, known_only=True),
        _month_starts,
        _turnover,
    ),
    notes=(NOTE_ON_GROUPS,),
    notes_on=_note_on_unknown,
)  # fmt: skip
_ATTRIBUTION = OGL_ATTRIBUTION.format(publisher="NHS England, NHS Workforce Statistics, turnover")
_publication = partial(Publication.of, publisher="NHS England", version=1, attribution=_ATTRIBUTION)
PUBLICATIONS = (
    _publication(BY_AGE, key="turnover-by-age", title="NHS workforce turnover by staff group, grade and age band"),
    _publication(
        BY_TYPE,
        key="turnover-by-organisation",
        title="turnover of NHS organisations by month, a row for each type of figure",
    ),
    _publication(
        BY_FIGURE,
        key="turnover-by-organisation-wide",
        title="turnover of NHS organisations, a column for each figure",
        most_rows=200_000,
        aliases={
            "Period": PERIOD_END,
            "Organisation code": ORG_CODE,
            "Organisation name": NAME,
            "Leaver": LEFT,
            LEAVERS: LEFT,
            "Joiner": CAME,
            JOINERS: CAME,
            START: AT_START,
            END: AT_END,
        },
    ),
)
