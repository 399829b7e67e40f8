"""NHS Staff Survey, detailed results by organisation: an Excel workbook.

Layout: the question in row 1, merged over its answers; column names in row 5 (ODS code, Organisation name,
Benchmarking group, Region, ICS, Weighting, then answers and base for each question); percent from 0 to 100; "-" for no
region or ICS. What was seen is a selection of the figures of 2024, not the workbook itself. A period is November, when
answers close.
"""

from __future__ import annotations

from t4c_lib.evidence.columns import ColumnChecks, row_keys
from t4c_lib.evidence.observation import ALL, Organisation
from t4c_lib.evidence.places import ORGANISATION_CODE, ORGANISATION_CODE_WORDS, REGION_CODES, texts
from t4c_lib.evidence.publication import Reading, WorkbookPublication
from t4c_lib.evidence.survey_questions import ATTRIBUTION, is_survey_sheet
from t4c_lib.evidence.survey_sheets import read_sheets
from t4c_lib.evidence.workbook import Workbook

CODE, NAME, KIND = "ODS code", "Organisation name", "Benchmarking group"
REST = ("Region", "ICS", "Weighting")  # in 2021 the second was ICS/STP
FIRST = (CODE, NAME, KIND)


def read(book: Workbook) -> Reading:
    """Series appraisal-received, appraisal-meaningful, and who answered by age, ethnic group and occupation.

    Raises:
        InputError: see the module's tests for the gallery of what is refused.
    """
    return read_sheets(book, FIRST, REST, _describe)


def _describe(checks: ColumnChecks) -> tuple[list[Organisation], list[str]]:
    table = checks.table
    names = {name.casefold(): name for name in table.names}
    code, name, kind = (names[one.casefold()] for one in FIRST)
    checks.filled([code, name])
    checks.matching(code, ORGANISATION_CODE, ORGANISATION_CODE_WORDS)
    checks.unique([row_keys(table.column(code), table.rows)], code, "the same organisation as in")
    regions = texts(table, names.get("region", "Region"))
    told = [
        Organisation(*parts[:3], region=REGION_CODES.get(parts[3], ""))
        for parts in zip(texts(table, code), texts(table, name), texts(table, kind), regions, strict=True)
    ]
    return told, [ALL] * table.rows


PUBLICATION = WorkbookPublication(
    key="staff-survey-organisations",
    title="NHS Staff Survey, detailed results by organisation",
    publisher="NHS Staff Survey Coordination Centre",
    layout=f"a sheet with {', '.join(FIRST)} in row 5",
    version=1,
    attribution=ATTRIBUTION,
    is_like=lambda book: any(is_survey_sheet(sheet, FIRST) for sheet in book.sheets),
    read=read,
)
