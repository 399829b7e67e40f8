"""Turnover of NHS organisations by staff group and month, for benchmarking: a row for each type of figure.

No original was seen; one public program reads it, and takes absent rows of leavers for nobody. As nothing says so, what
has no row here has no observation. Periods are days, months or spans of one month; the last month is meant. A month's
figures make no turnover of a year: they are given as leavers, joiners and people in post.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from t4c_lib.errors import InputError
from t4c_lib.evidence.columns import ColumnChecks, row_keys
from t4c_lib.evidence.frames import frame_of, together
from t4c_lib.evidence.marks import figures
from t4c_lib.evidence.months import read_periods
from t4c_lib.evidence.observation import OGL_ATTRIBUTION
from t4c_lib.evidence.places import ORGANISATION_CODE, ORGANISATION_CODE_WORDS, organisations, texts, whom_by_row
from t4c_lib.evidence.publication import Publication, Reading
from t4c_lib.evidence.staff_groups import whom
from t4c_lib.evidence.table import Table
from t4c_lib.evidence.turnover_rates import MOST_PEOPLE
from t4c_lib.evidence.workforce_rows import CODE, ICS, ICS_NAME, NAME, NOTE_ON_GROUPS, REGION, REGION_NAME

PERIOD, TYPE, GROUP, HC, FTE, CLUSTER = "PERIOD", "TYPE", "STAFF_GROUP", "HC", "FTE", "CLUSTER_GROUP"
REQUIRED = (PERIOD, TYPE, CODE, NAME, GROUP, HC, FTE)
OPTIONAL = (REGION, REGION_NAME, ICS, ICS_NAME, CLUSTER, "BENCHMARK_GROUP")
SERIES = {"Leavers": "leavers", "Joiners": "joiners", "Denoms": "headcount"}


def read(table: Table) -> Reading:
    """Series leavers and joiners of a month, headcount and fte at its end.

    Raises:
        InputError: see the module's tests for the gallery of what is refused.
    """
    checks = ColumnChecks(table)
    checks.filled([PERIOD, TYPE, CODE, NAME, GROUP])
    checks.matching(CODE, ORGANISATION_CODE, ORGANISATION_CODE_WORDS)
    months, _ = read_periods(checks, PERIOD, {1})
    kind = checks.choices(TYPE, list(SERIES))
    people = figures(checks, HC, 0, MOST_PEOPLE, unit="people", whole=True).number
    fte = figures(checks, FTE, 0, MOST_PEOPLE, unit="FTE").number
    checks.unique(
        [row_keys(table.column(name), table.rows) for name in (PERIOD, TYPE, CODE, GROUP)],
        CODE,
        "the same organisation, staff group, type and month as in",
    )
    if checks.problems:
        raise InputError(table.source, checks.problems)
    rows = pd.DataFrame({"organisation": texts(table, CODE), "period": months})
    rows["population"], rows["breakdown"] = whom_by_row(table, GROUP, about=whom)
    frames = []
    for number, series in enumerate(SERIES.values()):
        here = np.asarray(kind == number)
        frames.append(frame_of(rows[here], series=series, value=people[here], unit="people"))
        if series == "headcount":
            frames.append(frame_of(rows[here], series="fte", value=fte[here], unit="FTE"))
    told = organisations(texts(table, CODE), *(texts(table, name) for name in (NAME, CLUSTER, REGION, ICS)))
    return Reading(told, together([frame for frame in frames if len(frame)]), (NOTE_ON_GROUPS,))


PUBLICATION = Publication(
    key="turnover-by-organisation",
    title="turnover of NHS organisations by month, a row for each type of figure",
    publisher="NHS England",
    columns=(*REQUIRED, *OPTIONAL),
    required=REQUIRED,
    version=1,
    attribution=OGL_ATTRIBUTION.format(publisher="NHS England, NHS Workforce Statistics, turnover"),
    read=read,
)
