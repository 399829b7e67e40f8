"""NHS Staff Survey, the Excel data behind the benchmark reports: one sheet for each kind of organisation.

No original was seen: the layout is that of public programs (org_id, org_name, org_type_reporting_name, then
a column for each question and year, `q23a_2024`, and its number of answers, `q23a_n_2024`). Questions are fractions
from 0 to 1, in the numbering of the newest year; history is weighted anew in each release, so a newer workbook corrects
an older one. Q23b is left out, as nothing seen says which of its answers the fraction counts. A trust that reports in
two parts has a code for each (R1F1, R1F2).
"""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from t4c_lib.errors import InputError, Problem
from t4c_lib.evidence.columns import ColumnChecks, row_keys
from t4c_lib.evidence.frames import observed, together
from t4c_lib.evidence.marks import Figures, States, figures
from t4c_lib.evidence.observation import ALL, TRUST_WORKFORCE, Organisation, State
from t4c_lib.evidence.places import ORGANISATION_CODE, ORGANISATION_CODE_WORDS, texts
from t4c_lib.evidence.publication import Reading, WorkbookPublication
from t4c_lib.evidence.survey_questions import ATTRIBUTION, FEWEST_SHOWN, MARKS
from t4c_lib.evidence.survey_sheets import NOTES
from t4c_lib.evidence.table import Table
from t4c_lib.evidence.workbook import Sheet, Workbook

CODE, NAME, KIND = "org_id", "org_name", "org_type_reporting_name"
FIRST = (CODE, NAME, KIND)
_QUESTION = re.compile(r"q23a_(20\d\d)")
_MOST_PEOPLE = 5e6
_FIRST_YEAR_OF_NUMBERS = 2023  # before, question 23a was another one


def _is_like(sheet: Sheet) -> bool:
    names = {name.casefold() for name in sheet.row(1)}
    return set(FIRST) <= names


def read(book: Workbook) -> Reading:
    """Series appraisal-received, by organisation and year of the survey.

    Raises:
        InputError: see the module's tests for the gallery of what is refused.
    """
    problems: list[Problem] = []
    frames: list[pd.DataFrame] = []
    told: dict[str, Organisation] = {}
    rows, years = 0, set()
    for sheet in book.sheets:
        if not _is_like(sheet):
            continue
        table = sheet.table(1, [name.casefold() for name in sheet.row(1)])
        checks = ColumnChecks(table)
        checks.filled(FIRST)
        checks.matching(CODE, ORGANISATION_CODE, ORGANISATION_CODE_WORDS)
        checks.unique([row_keys(table.column(CODE), table.rows)], CODE, "the same organisation as in")
        for year in sorted({match[1] for name in table.names if (match := _QUESTION.fullmatch(name))}):
            years.add(year)
            frames.append(_year(checks, year))
        problems += checks.problems
        parts = zip(*(texts(table, name) for name in FIRST), strict=True)
        for code, name, kind in parts:
            if code in told and code:
                problems.append(Problem(f"sheet '{sheet.name}'", f"{code} stands on another sheet as well."))
            told[code] = Organisation(code, name, kind)
        rows += table.rows
    if not years:
        problems.append(Problem("", "no sheet has a column of question 23a (q23a_2024 or another year)."))
    elif max(years) < str(_FIRST_YEAR_OF_NUMBERS):
        message = f"its newest year is {max(years)}, when question 23a was another one than appraisals."
        problems.append(Problem("", message, "Get a release of 2023 or later; it holds the years before as well."))
    if problems:
        raise InputError(book.name, problems)
    span = f"Surveys of {min(years)} to {max(years)}, all weighted as in this release."
    return Reading(tuple(told.values()), together(frames), (span, *NOTES), rows=rows)


def _year(checks: ColumnChecks, year: str) -> pd.DataFrame:
    table: Table = checks.table
    share = figures(checks, f"q23a_{year}", 0, 1, unit="a fraction", marks=MARKS)
    base = figures(checks, f"q23a_n_{year}", 0, _MOST_PEOPLE, unit="people", whole=True, marks=MARKS)
    state = _states(share, base)
    known = np.isin(state.astype(str), [State.counted.value, State.zero.value])
    value = np.where(known, share.number, np.nan)
    return observed(
        organisation=texts(table, CODE),
        series="appraisal-received",
        population=TRUST_WORKFORCE,
        breakdown=ALL,
        period=f"{year}-11",
        numerator=value * base.number,
        denominator=base.number,
        value=value,
        state=state,
        unit="share",
    )


def _states(share: Figures, base: Figures) -> States:
    """An organisation that took no part in a year has empty cells; one with few answers has a base and no share."""
    state = share.state.copy()
    few = np.isnan(share.number) & (base.number < FEWEST_SHOWN)
    state[few | (base.state == State.suppressed.value)] = State.suppressed.value
    state[base.number == 0] = State.not_applicable.value
    return np.asarray(state)


PUBLICATION = WorkbookPublication(
    key="staff-survey-benchmark",
    title="NHS Staff Survey, data of the benchmark reports",
    publisher="NHS Staff Survey Coordination Centre",
    layout=f"a sheet with {', '.join(FIRST)} in row 1",
    version=1,
    attribution=ATTRIBUTION,
    is_like=lambda book: any(_is_like(sheet) for sheet in book.sheets),
    read=read,
)
