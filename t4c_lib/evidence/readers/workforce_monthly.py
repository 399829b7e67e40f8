"""NHS workforce statistics, the monthly CSV published until autumn 2025: staff group and organisation.

FTE and headcount (HC) stand on rows of their own, and the file holds every month since 2009. No original was seen: two
public programs agree on the columns; the two for the ICS are not in older files.
"""

from __future__ import annotations

import numpy as np

from t4c_lib.errors import InputError
from t4c_lib.evidence.columns import ColumnChecks, row_keys
from t4c_lib.evidence.dates import read_dates
from t4c_lib.evidence.frames import observed, together
from t4c_lib.evidence.marks import figures
from t4c_lib.evidence.months import check_month_ends, month_texts
from t4c_lib.evidence.observation import OGL_ATTRIBUTION
from t4c_lib.evidence.places import ORGANISATION_CODE, ORGANISATION_CODE_WORDS, organisations, texts, whom_by_row
from t4c_lib.evidence.publication import Publication, Reading
from t4c_lib.evidence.staff_groups import whom
from t4c_lib.evidence.table import Table
from t4c_lib.evidence.workforce_rows import MOST_STAFF, NOTE_ON_GROUPS

DATE, REGION, ICS, CODE, NAME = "Date", "NHSE_Region_Code", "ICS code", "Org Code", "Org Name"
CLUSTER, GROUP, TYPE, TOTAL = "Cluster Group", "Staff Group", "Data Type", "Total"
ICS_COLUMNS = (ICS, "ICS name")
OTHERS = (DATE, REGION, "NHSE_Region_Name", CODE, NAME, CLUSTER, "Benchmark Group", "Staff Group Sort Order")
REQUIRED = (*OTHERS, GROUP, TYPE, TOTAL)
KINDS = ("FTE", "HC")


def read(table: Table) -> Reading:
    """Series `fte` and `headcount` for each organisation, staff group and month.

    Raises:
        InputError: see the module's tests for the gallery of what is refused.
    """
    checks = ColumnChecks(table)
    checks.filled([DATE, CODE, NAME, GROUP, TYPE])
    checks.matching(CODE, ORGANISATION_CODE, ORGANISATION_CODE_WORDS)
    dates = read_dates(checks, [DATE])[DATE]
    check_month_ends(checks, DATE, dates)
    kind = checks.choices(TYPE, KINDS)
    total = figures(checks, TOTAL, 0, MOST_STAFF, unit="FTE or people")
    broken = (kind == KINDS.index("HC")) & np.isfinite(total.number) & (total.number % 1 != 0)
    checks.where(broken, TOTAL, lambda row: f"{total.number[row]:g} is given as a headcount; people are whole.")
    keys = [row_keys(table.column(name), table.rows) for name in (DATE, CODE, GROUP, TYPE)]
    checks.unique(keys, CODE, "the same organisation, staff group, month and data type as in", "Delete one of them.")
    if checks.problems:
        raise InputError(table.source, checks.problems)
    codes = texts(table, CODE)
    population, breakdown = whom_by_row(table, GROUP, about=whom)
    is_fte = kind == KINDS.index("FTE")
    observations = observed(
        organisation=codes,
        series=np.where(is_fte, "fte", "headcount").astype(object),
        population=population,
        breakdown=breakdown,
        period=month_texts(dates),
        value=total.number,
        state=total.state,
        unit=np.where(is_fte, "FTE", "people").astype(object),
    )
    told = organisations(codes, *(texts(table, name) for name in (NAME, CLUSTER, REGION, ICS)))
    return Reading(told, together([observations]), (NOTE_ON_GROUPS,))


PUBLICATION = Publication(
    key="workforce-monthly",
    title="NHS workforce statistics, monthly, staff group and organisation",
    publisher="NHS England",
    columns=(*REQUIRED, *ICS_COLUMNS),
    required=REQUIRED,
    version=1,
    attribution=OGL_ATTRIBUTION.format(publisher="NHS England, NHS Workforce Statistics"),
    read=read,
    most_rows=3_000_000,
)
