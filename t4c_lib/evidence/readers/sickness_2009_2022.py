"""NHS sickness absence by organisation, April 2009 to March 2022: one file of all months (ESR_ABSENCE_CSV_NHSE.csv).

No original was seen: the columns are those that three public programs read from it, and months are written 2009-APR.
Whether days are whole or broken numbers there is not known, so that a rate may differ by what rounding explains.
"""

from __future__ import annotations

from t4c_lib.errors import InputError
from t4c_lib.evidence.columns import ColumnChecks, row_keys
from t4c_lib.evidence.frames import shares
from t4c_lib.evidence.months import read_months
from t4c_lib.evidence.observation import ALL, OGL_ATTRIBUTION, TRUST_WORKFORCE
from t4c_lib.evidence.places import ORGANISATION_CODE, ORGANISATION_CODE_WORDS, organisations, texts
from t4c_lib.evidence.publication import Publication, Reading
from t4c_lib.evidence.sickness_days import MOST_DAYS, check_days, notes
from t4c_lib.evidence.table import Table

DATE, TYPE, CODE, NAME = "Date", "Org Type", "Org Code", "Org Name"
LOST, AVAILABLE, RATE = "FTE Days Sick", "FTE Days Available", "SA Rate (%)"
COLUMNS = (DATE, TYPE, CODE, NAME, LOST, AVAILABLE, RATE)


def read(table: Table) -> Reading:
    """One observation of series `sickness` for each organisation and month.

    Raises:
        InputError: see the module's tests for the gallery of what is refused.
    """
    checks = ColumnChecks(table)
    checks.filled([DATE, CODE, NAME])
    checks.matching(CODE, ORGANISATION_CODE, ORGANISATION_CODE_WORDS)
    months = read_months(checks, DATE)
    lost = checks.numbers(LOST, 0, MOST_DAYS, unit="FTE days")
    available = checks.numbers(AVAILABLE, 0, MOST_DAYS, unit="FTE days")
    rate = checks.numbers(RATE, 0, 100, unit="percent")
    check_days(checks, (LOST, AVAILABLE, RATE), (lost, available, rate), whole=True)
    keys = [row_keys(table.column(DATE), table.rows), row_keys(table.column(CODE), table.rows)]
    checks.unique(keys, CODE, "the same organisation and month as in", "Delete one of the two.")
    if checks.problems:
        raise InputError(table.source, checks.problems)
    codes = texts(table, CODE)
    observations = shares(
        codes.tolist(), months.tolist(), lost, available,
        series="sickness", population=TRUST_WORKFORCE, breakdown=ALL,
    )  # fmt: skip
    blank = [""] * table.rows
    told = organisations(codes, texts(table, NAME), texts(table, TYPE), blank, blank)
    return Reading(told, observations, notes(observations["state"].to_list()))


PUBLICATION = Publication(
    key="sickness-2009-2022",
    title="NHS sickness absence by organisation, 2009 to 2022",
    publisher="NHS Digital",
    columns=COLUMNS,
    required=COLUMNS,
    version=1,
    attribution=OGL_ATTRIBUTION.format(publisher="NHS Digital, NHS Sickness Absence Rates"),
    read=read,
)
