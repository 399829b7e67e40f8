"""NHS workforce statistics, Core 1: FTE and headcount by staff group for England, regions, ICS areas, organisations.

The layout used since autumn 2025. No original was seen: four public programs agree on the names of its columns, and on
"All staff groups" as the parent of the groups below it. A parent row is told as it is printed and never added to its
children; headcounts of children may come to more than the parent, as a person may work in two groups.
"""

from __future__ import annotations

from t4c_lib.errors import InputError
from t4c_lib.evidence.columns import ColumnChecks, combined, row_keys
from t4c_lib.evidence.dates import read_dates
from t4c_lib.evidence.frames import observed, together
from t4c_lib.evidence.marks import figures
from t4c_lib.evidence.months import check_month_ends, month_texts
from t4c_lib.evidence.observation import OGL_ATTRIBUTION
from t4c_lib.evidence.places import whom_by_row
from t4c_lib.evidence.publication import Publication, Reading
from t4c_lib.evidence.staff_groups import whom
from t4c_lib.evidence.table import Table
from t4c_lib.evidence.workforce_rows import (
    CODE,
    ICS,
    ICS_NAME,
    LEVEL,
    MONTH,
    MOST_STAFF,
    NAME,
    NOTE_ON_GROUPS,
    REGION,
    REGION_NAME,
    check_levels,
    organisations_by_row,
)

MAIN, GROUP, FTE, HEADCOUNT = "MAIN_STAFF_GROUP", "STAFF_GROUP_1", "FTE", "HEADCOUNT"
COLUMNS = (MONTH, LEVEL, REGION, REGION_NAME, ICS, ICS_NAME, CODE, NAME, MAIN, GROUP, FTE, HEADCOUNT)


def read(table: Table) -> Reading:
    """Series `fte` and `headcount` for each organisation or area, staff group and month.

    Raises:
        InputError: see the module's tests for the gallery of what is refused.
    """
    checks = ColumnChecks(table)
    checks.filled([MONTH, MAIN, GROUP])
    check_levels(checks)
    dates = read_dates(checks, [MONTH])[MONTH]
    check_month_ends(checks, MONTH, dates)
    fte = figures(checks, FTE, 0, MOST_STAFF, unit="FTE")
    people = figures(checks, HEADCOUNT, 0, MOST_STAFF, unit="people", whole=True)
    key = [row_keys(table.column(name), table.rows) for name in (MONTH, LEVEL, REGION, ICS, CODE, MAIN, GROUP)]
    checks.unique([combined(key)], GROUP, "the same organisation, staff group and month as in", "Delete one of them.")
    if checks.problems:
        raise InputError(table.source, checks.problems)
    codes, organisations = organisations_by_row(table)
    population, breakdown = whom_by_row(table, GROUP, MAIN, about=whom)
    parts = [
        observed(
            organisation=codes,
            series=series,
            population=population,
            breakdown=breakdown,
            period=month_texts(dates),
            value=column.number,
            state=column.state,
            unit=unit,
        )
        for series, column, unit in (("fte", fte, "FTE"), ("headcount", people, "people"))
    ]
    return Reading(organisations, together(parts), (NOTE_ON_GROUPS,))


PUBLICATION = Publication(
    key="workforce-core-1",
    title="NHS workforce statistics, Core 1 (staff group)",
    publisher="NHS England",
    columns=COLUMNS,
    required=COLUMNS,
    version=1,
    attribution=OGL_ATTRIBUTION.format(publisher="NHS England, NHS Workforce Statistics"),
    read=read,
)
