"""The detailed workbooks of the NHS Staff Survey, sheet by sheet, to one reading."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from t4c_lib.errors import InputError, Problem
from t4c_lib.evidence.columns import ColumnChecks
from t4c_lib.evidence.frames import together
from t4c_lib.evidence.observation import Organisation
from t4c_lib.evidence.publication import Reading
from t4c_lib.evidence.survey_questions import (
    HEADER_ROW,
    columns_of,
    is_survey_sheet,
    observations_of,
    survey_year,
)
from t4c_lib.evidence.workbook import Workbook

Describe = Callable[[ColumnChecks], tuple[list[Organisation], list[str]]]
NOTES = (
    "All staff together: for support staff these figures are a proxy.",
    "Percentages are weighted: a numerator here is the weighted share of those who answered, not a count of people, "
    "and an interval put on it is approximate.",
)


def read_sheets(book: Workbook, first: tuple[str, ...], optional: tuple[str, ...], describe: Describe) -> Reading:
    """Read all sheets whose row 5 begins with the names `first`.

    Args:
        book: the workbook.
        first: the names of its first columns, by which a sheet is known.
        optional: names that may stand after them, before the answers.
        describe: gives each row's organisation and breakdown, and adds what is wrong to the checks.

    Raises:
        InputError: with every problem of every sheet; no question that we read; the year not said.
    """
    sheets = [sheet for sheet in book.sheets if is_survey_sheet(sheet, first)]
    year = survey_year(book, sheets)
    problems: list[Problem] = []
    frames: list[pd.DataFrame] = []
    told: dict[str, Organisation] = {}
    rows, found = 0, set()
    for sheet in sheets:
        names, questions = columns_of(sheet, year)
        if not questions:
            continue
        header = sheet.row(HEADER_ROW)
        names[: len(first) + len(optional)] = header[: len(first) + len(optional)]
        table = sheet.table(HEADER_ROW, names)
        checks = ColumnChecks(table)
        organisations, breakdowns = describe(checks)
        # Fieldwork ends in the last week of November.
        key = pd.DataFrame({"organisation": [one.code for one in organisations], "period": f"{year}-11"})
        key["breakdown"] = breakdowns
        for question in questions:
            found.add(question.series)
            frames.append(observations_of(checks, question, key))
        problems += checks.problems
        told |= {one.code: one for one in organisations}
        rows += table.rows
    if not found:
        message = "no sheet has a question on appraisals, age, ethnic background or occupation in row 1."
        problems.append(Problem("", message, "Is it the workbook of detailed results, with row 1 as published?"))
    if problems:
        raise InputError(book.name, problems)
    return Reading(tuple(told.values()), together(frames), (f"The survey of {year}.", *NOTES), rows=rows)
