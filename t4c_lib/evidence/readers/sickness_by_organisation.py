"""NHS sickness absence by organisation: FTE days lost and available of a month, all staff together, one file a month.

The column layout is that of April 2022 and after. It has no staff group, so for support staff these figures are a
proxy. The published rate (percent, two decimals) must be what the two numbers beside it give: a file in which it isn't
was altered or mixed up, and is refused.
"""

from __future__ import annotations

from t4c_lib.errors import InputError
from t4c_lib.evidence.columns import ColumnChecks, row_keys
from t4c_lib.evidence.dates import read_dates
from t4c_lib.evidence.file_names import name_problems
from t4c_lib.evidence.frames import shares
from t4c_lib.evidence.months import check_month_ends, months_of
from t4c_lib.evidence.observation import ALL, OGL_ATTRIBUTION, TRUST_WORKFORCE
from t4c_lib.evidence.places import organisations, texts
from t4c_lib.evidence.publication import Publication, Reading
from t4c_lib.evidence.sickness_days import MOST_DAYS, check_days, notes
from t4c_lib.evidence.table import Table

DATE, CODE, NAME, TYPE = "DATE", "ORG_CODE", "ORG_NAME", "ORG_TYPE"
REGION, ICS = "NHSE_REGION_CODE", "ICS_CODE"
LOST, AVAILABLE, RATE = "FTE_DAYS_LOST", "FTE_DAYS_AVAILABLE", "SICKNESS_ABSENCE_RATE_PERCENT"
COLUMNS = (DATE, REGION, "NHSE_REGION_NAME", ICS, "ICS_NAME", CODE, NAME, TYPE, LOST, AVAILABLE, RATE)


def read(table: Table) -> Reading:
    """One observation of series `sickness` for each organisation and month; organisations keep the type given here.

    Raises:
        InputError: see the module's tests for the gallery of what is refused.
    """
    checks = ColumnChecks(table)
    checks.filled([DATE, CODE, NAME])
    checks.matching(CODE, r"[A-Z0-9]{3,6}", "an ODS code (3 to 6 capital letters and figures)")
    dates = read_dates(checks, [DATE])[DATE]
    check_month_ends(checks, DATE, dates)
    lost = checks.numbers(LOST, 0, MOST_DAYS, unit="FTE days")
    available = checks.numbers(AVAILABLE, 0, MOST_DAYS, unit="FTE days")
    rate = checks.numbers(RATE, 0, 100, unit="percent")
    check_days(checks, (LOST, AVAILABLE, RATE), (lost, available, rate))
    keys = [row_keys(table.column(DATE), table.rows), row_keys(table.column(CODE), table.rows)]
    checks.unique(keys, CODE, "the same organisation and month as in", "Delete one of the two.")
    months = months_of(dates)
    present = sorted({month for month in months if month is not None})
    checks.problems += name_problems(table.source, present, may_hold_others=False)
    if checks.problems:
        raise InputError(table.source, checks.problems)
    codes = texts(table, CODE)
    observations = shares(
        codes.tolist(), [str(month) for month in months], lost, available,
        series="sickness", population=TRUST_WORKFORCE, breakdown=ALL,
    )  # fmt: skip
    told = organisations(codes, *(texts(table, name) for name in (NAME, TYPE, REGION, ICS)))
    return Reading(told, observations, notes(observations["state"].to_list()))


PUBLICATION = Publication(
    key="sickness-by-organisation",
    title="NHS sickness absence by organisation",
    publisher="NHS England",
    columns=COLUMNS,
    required=COLUMNS,
    version=1,
    attribution=OGL_ATTRIBUTION.format(publisher="NHS England, NHS Sickness Absence Rates"),
    read=read,
)
