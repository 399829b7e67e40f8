"""NHS workforce turnover 2: leavers and staff of England by staff group, grade and age band, over twelve months.

Cells of nobody are rows left out. An absent row is taken for zero only where the rows that are there add up to their
total; in an excerpt they don't, and then what is absent is not known. "Under 25" is taken for 16 to 24.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from t4c_lib.errors import InputError
from t4c_lib.evidence.columns import ColumnChecks, row_keys
from t4c_lib.evidence.frames import together
from t4c_lib.evidence.marks import figures
from t4c_lib.evidence.months import read_periods
from t4c_lib.evidence.observation import OGL_ATTRIBUTION
from t4c_lib.evidence.places import ENGLAND, texts
from t4c_lib.evidence.publication import Publication, Reading
from t4c_lib.evidence.staff_groups import is_whole, plain, whom
from t4c_lib.evidence.table import Table
from t4c_lib.evidence.turnover_rates import MOST_PEOPLE, TYPES, flows, young_shares
from t4c_lib.evidence.workforce_rows import NOTE_ON_GROUPS
from t4c_lib.periods import Month

PERIOD, TYPE, MAIN, GROUP = "PERIOD", "TYPE", "MAIN_STAFF_GROUP", "STAFF_GROUP"
GRADE, AGE, HC, FTE = "GRADE", "AGE_BAND", "HC", "FTE"
COLUMNS = (PERIOD, TYPE, MAIN, GROUP, GRADE, AGE, HC, FTE)
AGES = {
    "under 25": "age=16-24",
    "25 to 34": "age=25-34",
    "35 to 44": "age=35-44",
    "45 to 54": "age=45-54",
    "55 to 64": "age=55-64",
    "65 and over": "age=65+",
    "unknown": "age=unknown",
}
ALL_AGES = "All age bands"


def read(table: Table) -> Reading:
    """Series headcount, fte, leavers and joiners of twelve months, turnover, and the share aged 16 to 24, for England.

    Raises:
        InputError: see the module's tests for the gallery of what is refused.
    """
    checks = ColumnChecks(table)
    checks.filled([PERIOD, TYPE, MAIN, GROUP, GRADE, AGE])
    ends, _ = read_periods(checks, PERIOD, {12})
    checks.choices(TYPE, TYPES)
    checks.choices(AGE, [ALL_AGES, *(age.capitalize() for age in AGES)])
    people = figures(checks, HC, 0, MOST_PEOPLE, unit="people", whole=True)
    fte = figures(checks, FTE, 0, MOST_PEOPLE, unit="FTE")
    checks.unique([row_keys(table.column(name), table.rows) for name in COLUMNS[:6]], AGE, "the same figure as in")
    if checks.problems:
        raise InputError(table.source, checks.problems)
    rows = pd.DataFrame({"end": ends, "HC": people.number, "FTE": fte.number})
    rows["type"] = [text.casefold() for text in texts(table, TYPE)]
    rows["age"] = ["" if is_whole(text) else AGES[text.casefold()] for text in texts(table, AGE)]
    grades = ["" if is_whole(text) else f"band={plain(text)}" for text in texts(table, GRADE)]
    meant = [whom(*parts) for parts in zip(texts(table, GROUP), texts(table, MAIN), grades, strict=True)]
    rows["population"] = [population for population, _ in meant]
    rows["group"] = [breakdown for _, breakdown in meant]
    rows, zeros = _with_proven_zeros(rows)
    rows["organisation"] = ENGLAND.code
    observations = together([*flows(rows), *young_shares(rows)])
    starts = sorted({str(Month.parse(end) + -12) for end in set(ends)})
    notes = [NOTE_ON_GROUPS, f"Twelve months from the end of {', '.join(starts)}; 'Under 25' is told as 16 to 24."]
    if zeros:
        notes.append(f"{zeros:,} age bands without a row are zero: the others add up to their total.")
    return Reading((ENGLAND,), observations, tuple(notes))


def _with_proven_zeros(rows: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """Age bands without a row, as zero where the other bands of their group make up its total headcount."""
    key = ["end", "type", "population", "group"]
    added = []
    for names, group in rows.groupby(key, sort=False):
        total = group.loc[group["age"] == "", "HC"]
        bands = group[group["age"] != ""]
        if len(total) != 1 or bands.empty or bands["HC"].isna().any() or bands["HC"].sum() != total.iloc[0]:
            continue
        absent = [age for age in AGES.values() if age not in set(bands["age"])]
        added += [{**dict(zip(key, names, strict=True)), "age": age, "HC": 0.0, "FTE": 0.0} for age in absent]
    if not added:
        return rows, 0
    return pd.concat([rows, pd.DataFrame(added)], ignore_index=True).astype({"HC": np.float64}), len(added)


PUBLICATION = Publication(
    key="turnover-by-age",
    title="NHS workforce turnover by staff group, grade and age band",
    publisher="NHS England",
    columns=COLUMNS,
    required=COLUMNS,
    version=1,
    attribution=OGL_ATTRIBUTION.format(publisher="NHS England, NHS Workforce Statistics, turnover"),
    read=read,
)
