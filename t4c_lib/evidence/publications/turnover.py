"""NHS workforce turnover: what is worked out of the tables that turnover.yaml declares and explains."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from t4c_lib.evidence.breakdowns import breakdown, breakdown_of, is_whole, plain, whom
from t4c_lib.evidence.column_checks import Floats
from t4c_lib.evidence.observation_frames import ENGLAND, observed, shares
from t4c_lib.evidence.table_layout import CheckedRows
from t4c_lib.periods import Month

START, END = "Denominator at start of period", "Denominator at end of period"
LEAVERS, JOINERS = "Leavers", "Joiners"
YEARLY = "leavers per person a year"
TYPE, AGE, HC, FTE = "TYPE", "AGE_BAND", "HC", "FTE"
AGES = {"All age bands": "", "Under 25": "age=16-24", "Unknown": "age=unknown"}
AGES |= {text: breakdown_of(f"age: {text}") for text in ("25 to 34", "35 to 44", "45 to 54", "55 to 64", "65 and over")}
LEFT, AT_START, AT_END = "LEAVERS_HC", "DENOM_START_HC", "DENOM_END_HC"
_KEY = ["organisation", "period", "population", "breakdown"]


def group_and_grade(group: str, main: str, grade: str) -> tuple[str, str]:
    """Population and breakdown of a row."""
    return whom(group, main, "" if is_whole(grade) else f"band={plain(grade)}")


def of_twelve_months(rows: CheckedRows) -> Iterator[pd.DataFrame]:
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


def month_starts(rows: CheckedRows) -> Iterator[pd.DataFrame]:
    """The headcount at a month's start is that of the end of the month before, where that has no row of its own."""
    named, start = rows.frame[rows.months == 1], rows.figures[AT_START].number[rows.months == 1]
    before = named.assign(period=[str(Month.parse(month) + -1) for month in named["period"]])
    new = ~pd.MultiIndex.from_frame(before[_KEY]).isin(pd.MultiIndex.from_frame(named[_KEY])) & ~np.isnan(start)
    yield observed(before[new], series="headcount", value=start[new], unit="people")


def turnover(rows: CheckedRows) -> Iterator[pd.DataFrame]:
    """Turnover and leavers over the headcount at the end, of rows of twelve months."""
    start, end, left = (rows.figures[name].number for name in (AT_START, AT_END, LEFT))
    yield from _rates(rows.frame, np.where(rows.months == 12, left, np.nan), start, end)


def note_on_unknown(observations: pd.DataFrame) -> Iterator[str]:
    """How many figures are blank."""
    if unknown := int((observations["state"] == "missing").sum()):
        yield f"{unknown:,} figures are blank and treated as missing: the file does not say that blank means zero."


def _flows(rows: pd.DataFrame) -> list[pd.DataFrame]:
    """Observations of twelve months, from rows of which each has one type of figure, HC and FTE, by group and age."""
    named = rows.assign(breakdown=[breakdown(*parts) for parts in zip(rows["group"], rows["age"], strict=True)])
    before = named.assign(period=[str(Month.parse(end) + -12) for end in named["period"]])
    frames = []
    flows = ((LEAVERS, named, "leavers-12-months", HC, "people"), (JOINERS, named, "joiners-12-months", HC, "people"))
    stocks = [(kind, told, "headcount", HC, "people") for kind, told in ((END, named), (START, before))]
    stocks += [(kind, told, "fte", FTE, "FTE") for kind, told, *_ in stocks]
    for kind, told, series, column, unit in (*stocks, *flows):
        if len(chosen := told[told["type"] == kind]):
            frames.append(observed(chosen, series=series, value=chosen[column].to_numpy(np.float64), unit=unit))
    wide = named.pivot_table(index=_KEY, columns="type", values="HC", aggfunc="first", dropna=True)
    wide = wide.reindex(columns=[START, END, LEAVERS, JOINERS]).reset_index()
    left, start, end = (wide[name].to_numpy(np.float64) for name in (LEAVERS, START, END))
    return frames + _rates(wide, left, start, end)


def _rates(rows: pd.DataFrame, left: Floats, start: Floats, end: Floats) -> list[pd.DataFrame]:
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
