"""NHS Staff Survey: finds the questions and answers of the workbooks that staff_survey.yaml explains."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pandas as pd
from openpyxl.utils import get_column_letter
from pydantic import BaseModel, RootModel

from t4c_lib.errors import Problem
from t4c_lib.evidence.breakdowns import breakdown
from t4c_lib.evidence.csv_table import DataTable
from t4c_lib.evidence.files import folded
from t4c_lib.evidence.observation_frames import Figures, is_known, observed, states_of
from t4c_lib.evidence.observations import ALL, TRUST_WORKFORCE, Organisation, State
from t4c_lib.evidence.publications import sheets_with
from t4c_lib.evidence.slips import refusal, said
from t4c_lib.evidence.table_layout import CheckedRows, FileContents, NumberColumn, TableLayout, read_tables
from t4c_lib.evidence.xlsx_workbook import Sheet, Workbook
from t4c_lib.validation_messages import read_shipped

REGION_CODES = read_shipped(RootModel[dict[str, str]], __package__, "regions.yaml").root
HEADER_ROW, QUESTION_ROW = 5, 1
FEWEST_SHOWN = 10
MARKS = {"-": State.suppressed, "*": State.suppressed}
RESPONDENTS = "survey-respondents"
_PERCENT, _FRACTION = NumberColumn(100, "percent", marks=MARKS), NumberColumn(1, "a fraction", marks=MARKS)
_PEOPLE = NumberColumn(5e6, "people", whole=True, marks=MARKS)
_YEAR = re.compile(r"(?<!\d)(20[12]\d)(?!\d)")
_YEAR_IN_NAME = re.compile(r"(?<!\d)(20[12]\d)(?!\d)|nss[-_ ]?(\d\d)(?!\d)", re.IGNORECASE)
FIRST_YEAR_OF_NUMBERS = 2023  # from then on, appraisals are question 23; before, that was another one


class _Wording(BaseModel, frozen=True, extra="forbid"):
    series: str
    characteristic: str = ""
    pattern: re.Pattern[str]
    since: int = 0


QUESTIONS = read_shipped(RootModel[tuple[_Wording, ...]], __package__, "survey_questions.yaml").root


class SurveyQuestion(NamedTuple):
    """The columns of one question on a sheet: names made unique by their position, and the answers' own texts."""

    series: str
    characteristic: str
    answers: tuple[tuple[str, str], ...]
    base: str


def _survey_year(book: Workbook, sheets: list[Sheet]) -> int:
    """The survey's year: from the rows above the column names, any sheet's first rows, or else the file's name."""
    rows = (sheet.row(number) for sheet in sheets for number in range(1, HEADER_ROW))
    above = {int(year) for row in rows for text in row for year in _YEAR.findall(text)}
    if len(above) == 1:
        return above.pop()
    texts = (text for _, _, row in book.heads for text in row)
    elsewhere = {int(year) for text in texts for year in re.findall(r"Survey (20[12]\d)", text)}
    if len(elsewhere) == 1:
        return elsewhere.pop()
    if match := _YEAR_IN_NAME.search(book.name):
        return int(match[1]) if match[1] else 2000 + int(match[2])
    raise refusal(book.name, "survey of no year")


def _columns_of(sheet: Sheet, year: int) -> tuple[list[str], list[SurveyQuestion]]:
    """Names for the sheet's columns, and the questions that we read. Columns of other questions get no name."""
    header, titles = sheet.row(HEADER_ROW), sheet.row(QUESTION_ROW)
    titles += [""] * (len(header) - len(titles))
    names, questions = ["" for _ in header], []
    starts = [at for at, title in enumerate(titles) if title]
    for first, after in pairwise([*starts, len(titles)]):
        alike = (one for one in QUESTIONS if year >= one.since and one.pattern.match(titles[first]))
        known = next(((one.series, one.characteristic) for one in alike), None)
        answers = [at for at in range(first, after) if header[at].startswith("%")]
        bases = [at for at in range(first, after) if folded(header[at]).startswith("base")]
        if known is None or not answers or len(bases) != 1:
            continue
        for at in (*answers, *bases):
            names[at] = f"{get_column_letter(at + 1)} ({header[at][:40]})"
        told = tuple((names[at], header[at].removeprefix("%").strip()) for at in answers)
        questions.append(SurveyQuestion(*known, answers=told, base=names[bases[0]]))
    return names, questions


def _check_answers(question: SurveyQuestion, checks: CheckedRows) -> None:
    """One of its answers is a yes, and all of them make 100 percent."""
    first = question.answers[0][0]
    whole = np.array([checks.figures[name].number for name, _ in question.answers]).sum(axis=0)
    if question.series != RESPONDENTS:
        checks.where(np.abs(whole - 100) > 0.5, first, *said("answers are not 100 percent"), whole=whole)
    if not _wanted(question):
        message = f"none of the answers to this question is a yes: {', '.join(text for _, text in question.answers)}."
        place = f"sheet '{checks.table.sheet}', row {HEADER_ROW}, column {first}"
        checks.problems.append(Problem(place, message[:300], "Was a column name changed?"))


def _answers_to(question: SurveyQuestion, rows: CheckedRows) -> Iterator[pd.DataFrame]:
    for names, series, group in _wanted(question):
        named = rows.frame.assign(breakdown=[breakdown(own, group) for own in rows.frame["breakdown"]])
        yield _answers(named, series, [rows.figures[name] for name in names], rows.figures[question.base], whole=100)


def _wanted(question: SurveyQuestion) -> list[tuple[list[str], str, str]]:
    """Which answers make a figure together: yes; definitely and to some extent; each group of a characteristic."""
    if question.series == RESPONDENTS:
        return [([name], RESPONDENTS, f"{question.characteristic}={text}") for name, text in question.answers]
    yes = [name for name, text in question.answers if text.casefold().startswith("yes")]
    return [(yes, question.series, ALL)] if yes else []


def _answers(rows: pd.DataFrame, series: str, parts: Sequence[Figures], base: Figures, *, whole: float) -> pd.DataFrame:
    """Weighted shares of those who answered, printed out of `whole`; hidden where few of them did.

    An organisation that took no part has empty cells; one with few answers may have a base and no share.
    """
    value = np.array([part.number for part in parts]).sum(axis=0) / whole
    state = states_of(value)
    hidden = np.any([one.state == State.suppressed.value for one in (*parts, base)], axis=0)
    state[hidden | (np.isnan(value) & (base.number < FEWEST_SHOWN))] = State.suppressed.value
    state[base.number == 0] = State.not_applicable.value
    value = np.where(is_known(state), value, np.nan)
    people = base.number
    return observed(
        rows, series=series, numerator=value * people, denominator=people, value=value, state=state, unit="share"
    )


def detailed_sheets(book: Workbook, layout: TableLayout) -> list[Sheet]:
    """Sheets with the first columns of detailed results in row 5."""
    return [sheet for sheet, _ in sheets_with(book, layout, HEADER_ROW)]


def read_detailed(book: Workbook, layout: TableLayout) -> FileContents:
    """Series appraisal-received, appraisal-meaningful, and who answered by age, ethnic group and occupation.

    As many columns as the layout calls optional may stand between the first ones and the answers.
    """
    sheets = detailed_sheets(book, layout)
    year = _survey_year(book, sheets)
    parts = []
    for sheet in sheets:
        names, questions = _columns_of(sheet, year)
        own, end = len(layout.columns), len(layout.columns) + len(layout.optional)
        further = ["Region" if folded(name) == "region" else name for name in sheet.row(HEADER_ROW)[own:end]]
        names[:end] = [*layout.columns, *further]
        read = {name: _PERCENT for question in questions for name, _ in question.answers}
        read |= {question.base: _PEOPLE for question in questions}
        of_sheet = replace(
            layout,
            columns={**layout.columns, **read},
            optional={},
            checks=(*layout.checks, *(partial(_check_answers, one) for one in questions)),
            period=f"{year}-11",  # fieldwork ends in the last week of November
            notes=(f"The survey of {year}.", *layout.notes),
            series=tuple(partial(_answers_to, one) for one in questions),
        )
        parts += [(of_sheet, sheet.table(HEADER_ROW, names))] if questions else []
    return read_tables(book.name, parts, [] if parts else [Problem("", *said("no question that is read"))])


def check_subgroups(checks: CheckedRows) -> None:
    """A breakdown has subgroups, and a subgroup is one of a breakdown."""
    kinds, groups = (checks.table.texts(name) == "" for name in ("Breakdown", "Breakdown subgroup"))
    checks.where(kinds != groups, "Breakdown subgroup", "only one of breakdown and subgroup is given.")


def national_group(base: str, what: str, which: str) -> tuple[str, str]:
    """Population and breakdown of a row of the national results."""
    within = ALL if base.casefold() == "national" else f"base={base}"
    return TRUST_WORKFORCE, breakdown(within, f"{what.casefold()}={which}" if what else ALL)


def organisation(code: str, name: str, kind: str, region: str) -> Organisation:
    """Whom a row of the results by organisation is about."""
    return Organisation(code, name, kind, REGION_CODES.get(region, ""))


_QUESTION = re.compile(r"q23a_(20\d\d)")


def benchmark_sheets(book: Workbook, layout: TableLayout) -> list[tuple[Sheet, list[str]]]:
    """Those with the columns, in whatever order, and their column names."""
    named = [(sheet, [name.casefold() for name in sheet.row(1)]) for sheet in book.sheets]
    return [(sheet, names) for sheet, names in named if set(layout.columns) <= set(names)]


def read_benchmark(book: Workbook, layout: TableLayout) -> FileContents:
    """Series appraisal-received, by organisation and year of the survey."""
    problems: list[Problem] = []
    parts: list[tuple[TableLayout, DataTable]] = []
    seen, years = set[str](), set[str]()
    for sheet, names in benchmark_sheets(book, layout):
        table = sheet.table(1, names)
        of_sheet = sorted({match[1] for name in table.names if (match := _QUESTION.fullmatch(name))})
        read = {f"q23a_{year}": _FRACTION for year in of_sheet} | {f"q23a_n_{year}": _PEOPLE for year in of_sheet}
        series = tuple(partial(_appraisals_of, year) for year in of_sheet)
        parts.append((replace(layout, columns={**layout.columns, **read}, series=series), table))
        codes = set(table.texts("org_id")) - {""}
        place = f"sheet '{table.sheet}'"
        problems += [Problem(place, f"{code} is on another sheet as well.") for code in sorted(codes & seen)]
        seen |= codes
        years |= set(of_sheet)
    if not years:
        problems.append(Problem("", "no sheet has a column of question 23a (q23a_2024 or another year)."))
    elif max(years) < str(FIRST_YEAR_OF_NUMBERS):
        problems.append(Problem("", *said("survey is too old", year=max(years))))
    found = read_tables(book.name, parts, problems)
    span = f"Surveys of {min(years)} to {max(years)}, all weighted as in this release."
    return found._replace(notes=(span, *found.notes))


def _appraisals_of(year: str, rows: CheckedRows) -> Iterator[pd.DataFrame]:
    named = rows.frame.assign(period=f"{year}-11")
    parts, base = [rows.figures[f"q23a_{year}"]], rows.figures[f"q23a_n_{year}"]
    yield _answers(named, "appraisal-received", parts, base, whole=1)
