"""NHS workforce statistics, Core 5: staff other than doctors by organisation, group, setting, level, band.

The layout used since autumn 2025; groups carry prefixes that sort them (`002_Nurses & health visitors`). It is the only
publication known here with bands by trust, so it gives support staff as this framework means them: bands 1 to 4. The
rows are added up; a row that stands for all of a column ("All ...") is a parent of others and is left out of sums.
A person with posts in two cells is in the headcount of both, so that headcounts here are a little too high.
"""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from t4c_lib.errors import InputError
from t4c_lib.evidence.columns import ColumnChecks, combined, row_keys
from t4c_lib.evidence.dates import read_dates
from t4c_lib.evidence.frames import Words, frame_of, together
from t4c_lib.evidence.marks import figures
from t4c_lib.evidence.months import check_month_ends, month_texts
from t4c_lib.evidence.observation import ALL, OGL_ATTRIBUTION, SUPPORT_STAFF, TRUST_WORKFORCE
from t4c_lib.evidence.places import each, words
from t4c_lib.evidence.publication import Publication, Reading
from t4c_lib.evidence.staff_groups import ALL_GROUPS, SUPPORT_TO_CLINICAL, is_whole, plain, whom
from t4c_lib.evidence.table import Table
from t4c_lib.evidence.workforce_rows import (
    CODE,
    ICS,
    ICS_NAME,
    LEVEL,
    MONTH,
    MOST_STAFF,
    NAME,
    REGION,
    REGION_NAME,
    check_levels,
    organisations_by_row,
)

MAIN, GROUP, GRADE, FTE, HEADCOUNT = "MAIN_STAFF_GROUP", "STAFF_GROUP_1", "GRADE", "FTE", "HEADCOUNT"
DETAIL = ("STAFF_GROUP_2", "CARE_SETTING", "LEVEL", GRADE)
COLUMNS = (MONTH, LEVEL, REGION, REGION_NAME, ICS, ICS_NAME, CODE, NAME, MAIN, GROUP, *DETAIL, FTE, HEADCOUNT)
_SERIES = {"fte": "FTE", "headcount": "people"}
_SUPPORT_BAND = re.compile(r"band [1-4]", re.IGNORECASE)


def read(table: Table) -> Reading:
    """Series `fte` and `headcount`: support staff (bands 1 to 4), staff groups, bands, and groups of support by band.

    Raises:
        InputError: see the module's tests for the gallery of what is refused.
    """
    checks = ColumnChecks(table)
    checks.filled([MONTH, MAIN, GROUP, GRADE])
    check_levels(checks)
    dates = read_dates(checks, [MONTH])[MONTH]
    check_month_ends(checks, MONTH, dates)
    fte = figures(checks, FTE, 0, MOST_STAFF, unit="FTE")
    people = figures(checks, HEADCOUNT, 0, MOST_STAFF, unit="people", whole=True)
    names = (MONTH, LEVEL, REGION, ICS, CODE, MAIN, GROUP, *DETAIL)
    key = combined([row_keys(table.column(name), table.rows) for name in names])
    checks.unique([key], GRADE, "the same organisation, group, care setting, level and grade as in", "Delete one.")
    if checks.problems:
        raise InputError(table.source, checks.problems)
    codes, organisations = organisations_by_row(table)
    told = {}
    for name in (MAIN, GROUP, GRADE):
        made, which = each(table, [name], plain)
        told[name] = words(made, which)
    rows = pd.DataFrame(
        {
            "organisation": codes,
            "period": month_texts(dates),
            "main": told[MAIN],
            "group": told[GROUP],
            "band": told[GRADE],
            "fte": fte.number,
            "headcount": people.number,
        }
    )
    parents = np.zeros(table.rows, dtype=bool)
    for name in (MAIN, GROUP, *DETAIL):
        made_whole, which = each(table, [name], is_whole)
        parents |= np.array(made_whole, dtype=bool)[which]
    return Reading(organisations, _observations(rows[~parents]), _notes(int(parents.sum())))


def _observations(rows: pd.DataFrame) -> pd.DataFrame:
    """Sums by group, main group, band, band of support to clinical staff, and of bands 1 to 4."""
    cells = ["organisation", "period", "main", "group", "band"]
    grouped = rows.groupby(cells, sort=False)
    sums = grouped[list(_SERIES)].sum()
    for series in _SERIES:  # a sum of which a part is not known is not known
        sums.loc[grouped[series].count() < grouped.size(), series] = np.nan
    rows = sums.reset_index()
    in_support = (rows["main"].str.casefold() == SUPPORT_TO_CLINICAL).to_numpy()
    in_bands = rows["band"].str.fullmatch(_SUPPORT_BAND).to_numpy(dtype=bool)
    own = [whom(group, main) for main, group in zip(rows["main"], rows["group"], strict=True)]
    main = [whom(ALL_GROUPS, main) for main in rows["main"]]
    bands = ("band=" + rows["band"]).to_numpy(dtype=object)
    parts = [
        _sums(rows, [one for one, _ in own], [two for _, two in own]),
        _sums(rows, [one for one, _ in main], [two for _, two in main]),
        _sums(rows, TRUST_WORKFORCE, bands),
        _sums(rows[in_support], SUPPORT_TO_CLINICAL, bands[in_support]),
        _sums(rows[in_bands], SUPPORT_STAFF, ALL),
    ]
    return together([part for part in parts if len(part)]).drop_duplicates(ignore_index=True)


def _sums(rows: pd.DataFrame, population: Words, breakdown: Words) -> pd.DataFrame:
    key = ["organisation", "period", "population", "breakdown"]
    named = rows.assign(population=population, breakdown=breakdown)
    frames = []
    for series, unit in _SERIES.items():
        grouped = named.groupby(key, sort=False)[series]
        value = np.where(grouped.count() < grouped.size(), np.nan, grouped.sum())
        frames.append(frame_of(grouped.size().reset_index(), series=series, value=value, unit=unit))
    return pd.concat(frames, ignore_index=True)


def _notes(parents: int) -> tuple[str, ...]:
    notes = ["Doctors are not in this file, so it has no total of the whole workforce."]
    notes.append("Headcounts are sums of the file's cells: a person with posts in two of them is counted in both.")
    if parents:
        notes.append(f"{parents:,} rows that stand for all of a column were left out of the sums.")
    return tuple(notes)


PUBLICATION = Publication(
    key="workforce-core-5",
    title="NHS workforce statistics, Core 5 (care setting, level and grade)",
    publisher="NHS England",
    columns=COLUMNS,
    required=COLUMNS,
    version=1,
    attribution=OGL_ATTRIBUTION.format(publisher="NHS England, NHS Workforce Statistics"),
    read=read,
)
