"""NHS Staff Survey, detailed national results: an Excel workbook.

Layout: the question in row 1, merged over its answers; column names in row 5 (Base, Breakdown, Breakdown subgroup,
Weighting, then answers and base for each question); percent from 0 to 100. What was seen is a selection of the figures
of 2024, not the workbook itself. Its age bands (16-20, 21-30) don't make 16 to 24.
"""

from __future__ import annotations

from t4c_lib.evidence.columns import ColumnChecks, row_keys
from t4c_lib.evidence.observation import ALL, Organisation
from t4c_lib.evidence.places import ENGLAND, texts
from t4c_lib.evidence.publication import Reading, WorkbookPublication
from t4c_lib.evidence.staff_groups import breakdown
from t4c_lib.evidence.survey_questions import ATTRIBUTION, is_survey_sheet
from t4c_lib.evidence.survey_sheets import read_sheets
from t4c_lib.evidence.workbook import Workbook

FIRST = ("Base", "Breakdown", "Breakdown subgroup")
REST = ("Weighting",)


def read(book: Workbook) -> Reading:
    """The same series as by organisation, for England and for each group of staff ("age=16-20", "ics=Dorset").

    Raises:
        InputError: see the module's tests for the gallery of what is refused.
    """
    return read_sheets(book, FIRST, REST, _describe)


def _describe(checks: ColumnChecks) -> tuple[list[Organisation], list[str]]:
    table = checks.table
    names = {name.casefold(): name for name in table.names}
    base, kind, group = (names[one.casefold()] for one in FIRST)
    checks.filled([base])
    bases, kinds, groups = (texts(table, name) for name in (base, kind, group))
    checks.where((kinds == "") != (groups == ""), group, lambda _: "only one of breakdown and subgroup is given.")
    keys = [row_keys(table.column(name), table.rows) for name in (base, kind, group)]
    checks.unique(keys, group, "the same base and subgroup as in")
    found = []
    for one, what, which in zip(bases, kinds, groups, strict=True):
        within = ALL if one.casefold() == "national" else f"base={one}"
        found.append(breakdown(within, f"{what.casefold()}={which}" if what else ALL))
    return [ENGLAND] * table.rows, found


PUBLICATION = WorkbookPublication(
    key="staff-survey-national",
    title="NHS Staff Survey, detailed national results",
    publisher="NHS Staff Survey Coordination Centre",
    layout=f"a sheet with {', '.join(FIRST)} in row 5",
    version=1,
    attribution=ATTRIBUTION,
    is_like=lambda book: any(is_survey_sheet(sheet, FIRST) for sheet in book.sheets),
    read=read,
)
