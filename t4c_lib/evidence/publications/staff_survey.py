"""NHS Staff Survey, Excel workbooks: detailed results by organisation and national, data of the benchmark reports.

Detailed results: the question in row 1, above the first of its answers and merged over the others; column names in row
5, then answers and base for each question; percent from 0 to 100. By organisation, row 5 begins with ODS code,
Organisation name, Benchmarking group, Region, ICS, Weighting ("-" for no region or ICS); national, with Base,
Breakdown, Breakdown subgroup, Weighting. What was seen is a selection of the figures of 2024, not the workbooks
themselves. A period is November, when answers close. The national age bands (16-20, 21-30) don't make 16 to 24.

Benchmark reports: one sheet for each kind of organisation. No original was seen: the layout is that of public programs
(org_id, org_name, org_type_reporting_name, then a column for each question and year, `q23a_2024`, and its number of
answers, `q23a_n_2024`). Questions are fractions from 0 to 1, in the numbering of the newest year; history is weighted
anew in each release, so a newer workbook corrects an older one. Q23b is left out, as nothing seen says which of its
answers the fraction counts. A trust that reports in two parts has a code for each (R1F1, R1F2).

Questions are found by their wording, as their numbers change by year. Answers are weighted; the base is the number of
people who answered. Where fewer than ten did, answers are not shown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from t4c_lib.errors import InputError, Problem
from t4c_lib.evidence.breakdowns import breakdown
from t4c_lib.evidence.collection_workbook.sheet_layout import letters
from t4c_lib.evidence.column_checks import ColumnChecks, Floats
from t4c_lib.evidence.files import folded
from t4c_lib.evidence.observation_frames import (
    ENGLAND,
    REGION_CODES,
    Figures,
    States,
    check_codes,
    figures,
    no_observations,
    observed,
    texts,
    together,
)
from t4c_lib.evidence.observations import ALL, TRUST_WORKFORCE, Organisation, State
from t4c_lib.evidence.publication import FileContents, WorkbookPublication
from t4c_lib.evidence.xlsx_workbook import Sheet, Workbook

HEADER_ROW, QUESTION_ROW = 5, 1
FEWEST_SHOWN = 10
MARKS = {"-": State.suppressed, "*": State.suppressed}
RESPONDENTS = "survey-respondents"
MOST_PEOPLE = 5e6
_YEAR = re.compile(r"(?<!\d)(20[12]\d)(?!\d)")
_YEAR_IN_NAME = re.compile(r"(?<!\d)(20[12]\d)(?!\d)|nss[-_ ]?(\d\d)(?!\d)", re.IGNORECASE)
FIRST_YEAR_OF_NUMBERS = 2023  # from then on, appraisals are question 23; before, that was another one
_NUMBER = r"\s*(?:q\d+[a-z]?\W*)?(?:what is your |your )?"
_WORDINGS = (
    ("appraisal-received", "", re.compile(r".*have you had an appraisal", re.IGNORECASE | re.DOTALL)),
    ("appraisal-meaningful", "", re.compile(r".*improve how (I|you) do (my|your) job", re.IGNORECASE | re.DOTALL)),
    (RESPONDENTS, "age", re.compile(_NUMBER + r"age\b", re.IGNORECASE)),
    (RESPONDENTS, "ethnicity", re.compile(_NUMBER + r"ethnic", re.IGNORECASE)),
    (RESPONDENTS, "occupation", re.compile(_NUMBER + r"occupation", re.IGNORECASE)),
)
_NUMBERS = (
    ("appraisal-received", "", re.compile(r"\s*q?23a\b", re.IGNORECASE)),
    ("appraisal-meaningful", "", re.compile(r"\s*q?23b\b", re.IGNORECASE)),
)


@dataclass(frozen=True)
class SurveyQuestion:
    """The columns of one question on a sheet: names made unique by their position, and the answers' own texts."""

    series: str
    characteristic: str
    answers: tuple[tuple[str, str], ...]
    base: str


def is_survey_sheet(sheet: Sheet, first: tuple[str, ...]) -> bool:
    """Whether row 5 begins with these column names."""
    row = [folded(name) for name in sheet.row(HEADER_ROW)]
    return row[: len(first)] == [folded(name) for name in first]


def survey_year(book: Workbook, sheets: list[Sheet]) -> int:
    """The survey's year: from the rows above the column names, any sheet's first rows, or else the file's name.

    Raises:
        InputError: none of them says it, or the sheets say different years.
    """
    above = {
        int(year)
        for sheet in sheets
        for number in range(1, HEADER_ROW)
        for text in sheet.row(number)
        for year in _YEAR.findall(text)
    }
    if len(above) == 1:
        return above.pop()
    elsewhere = {
        int(year) for _, _, row in book.heads for text in row for year in re.findall(r"Survey (20[12]\d)", text)
    }
    if len(elsewhere) == 1:
        return elsewhere.pop()
    if match := _YEAR_IN_NAME.search(book.name):
        return int(match[1]) if match[1] else 2000 + int(match[2])
    message = "neither the workbook nor its name says which year's survey it is."
    raise InputError(book.name, [Problem("", message, "Put the year in the file name: NSS 2024 organisations.xlsx.")])


def columns_of(sheet: Sheet, year: int) -> tuple[list[str], list[SurveyQuestion]]:
    """Names for the sheet's columns, and the questions that we read. Columns of other questions get no name."""
    header, titles = sheet.row(HEADER_ROW), sheet.row(QUESTION_ROW)
    titles += [""] * (len(header) - len(titles))
    names, questions = ["" for _ in header], []
    for title, first, after in _blocks(titles):
        known = _known(title, year)
        answers = [at for at in range(first, after) if header[at].startswith("%")]
        bases = [at for at in range(first, after) if folded(header[at]).startswith("base")]
        if known is None or not answers or len(bases) != 1:
            continue
        for at in (*answers, *bases):
            names[at] = f"{letters(at + 1)} ({header[at][:40]})"
        told = tuple((names[at], header[at].removeprefix("%").strip()) for at in answers)
        questions.append(SurveyQuestion(*known, answers=told, base=names[bases[0]]))
    return names, questions


def observations_of(checks: ColumnChecks, question: SurveyQuestion, rows: pd.DataFrame) -> pd.DataFrame:
    """One question's observations for each row.

    Args:
        checks: the sheet's table and its problems.
        question: whose columns are read.
        rows: organisation, period and breakdown of each row.
    """
    base = figures(checks, question.base, 0, MOST_PEOPLE, unit="people", whole=True, marks=MARKS)
    percent = {
        name: figures(checks, name, 0, 100, unit="percent", marks=MARKS, blank=State.missing)
        for name, _ in question.answers
    }
    few = base.number < FEWEST_SHOWN
    whole = np.array([one.number for one in percent.values()]).sum(axis=0)
    if question.series != RESPONDENTS:
        checks.where(
            np.abs(whole - 100) > 0.5,
            question.answers[0][0],
            lambda row: f"and the other answers to this question add up to {whole[row]:.4g}, not to 100 percent.",
            "Are they fractions, or is an answer's column missing?",
        )
    wanted = _wanted(question)
    if not wanted:
        message = f"none of the answers to this question is a yes: {', '.join(text for _, text in question.answers)}."
        place = f"sheet '{checks.table.sheet}', row {HEADER_ROW}, column {question.answers[0][0]}"
        checks.problems.append(Problem(place, message[:300], "Was a column name changed?"))
        return no_observations()
    frames = []
    for names, series, group in wanted:
        value = np.array([percent[name].number for name in names]).sum(axis=0) / 100
        state = _states([percent[name] for name in names], base, few)
        named = rows.assign(breakdown=[breakdown(own, group) for own in rows["breakdown"]])
        frames.append(_answered(named, series, value, base.number, state))
    return pd.concat(frames, ignore_index=True)


def _blocks(titles: list[str]) -> Iterator[tuple[str, int, int]]:
    starts = [at for at, title in enumerate(titles) if title]
    for at, after in zip(starts, [*starts[1:], len(titles)], strict=False):
        yield titles[at], at, after


def _known(title: str, year: int) -> tuple[str, str] | None:
    """Series and characteristic of a question; None for one that no measure asks for."""
    patterns = _WORDINGS + (_NUMBERS if year >= FIRST_YEAR_OF_NUMBERS else ())
    return next(((series, group) for series, group, pattern in patterns if pattern.match(title)), None)


def _wanted(question: SurveyQuestion) -> list[tuple[list[str], str, str]]:
    """Which answers make a figure together: yes; definitely and to some extent; each group of a characteristic."""
    if question.series == RESPONDENTS:
        return [([name], RESPONDENTS, f"{question.characteristic}={text}") for name, text in question.answers]
    yes = [name for name, text in question.answers if text.casefold().startswith("yes")]
    return [(yes, question.series, ALL)] if yes else []


def _states(parts: list[Figures], base: Figures, few: NDArray[np.bool_]) -> States:
    value = np.array([part.number for part in parts]).sum(axis=0)
    state = np.where(value == 0, State.zero.value, State.counted.value).astype(object)
    unknown = np.isnan(value)
    state[unknown] = State.missing.value
    for part in (*parts, base):
        state[part.state == State.suppressed.value] = State.suppressed.value
    state[unknown & few] = State.suppressed.value
    state[base.number == 0] = State.not_applicable.value
    return np.asarray(state)


def _answered(rows: pd.DataFrame, series: str, value: Floats, base: Floats, state: States) -> pd.DataFrame:
    """Weighted shares of those who answered, not known where their states say so."""
    value = np.where(np.isin(state.astype(str), [State.counted.value, State.zero.value]), value, np.nan)
    return observed(
        rows,
        series=series,
        population=TRUST_WORKFORCE,
        numerator=value * base,
        denominator=base,
        value=value,
        state=state,
        unit="share",
    )


Describe = Callable[[ColumnChecks, list[str]], tuple[list[Organisation], list[str]]]
NOTES = (
    "All staff together: a proxy for support staff.",
    "Percentages are weighted, so the numerator is a weighted share of those who answered, not a count of people, "
    "and its confidence interval is approximate.",
)
ORGANISATIONS = ("ODS code", "Organisation name", "Benchmarking group")
NATIONAL = ("Base", "Breakdown", "Breakdown subgroup")
BENCHMARK = CODE, NAME, KIND = "org_id", "org_name", "org_type_reporting_name"
_QUESTION = re.compile(r"q23a_(20\d\d)")


def read_detailed(first: tuple[str, ...], optional: int, describe: Describe, book: Workbook) -> FileContents:
    """Series appraisal-received, appraisal-meaningful, and who answered by age, ethnic group and occupation.

    By organisation; or for England and for each group of staff ("age=16-20", "ics=Dorset").

    Args:
        first: the names of the first columns in row 5, by which a sheet is known.
        optional: how many columns may stand after them, before the answers.
        describe: gives each row's organisation and breakdown from the columns `first`, as the sheet writes them, and
            adds what is wrong to the checks.
        book: the workbook.

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
        names[: len(first) + optional] = header[: len(first) + optional]
        table = sheet.table(HEADER_ROW, names)
        checks = ColumnChecks(table)
        written = {name.casefold(): name for name in table.names}
        organisations, breakdowns = describe(checks, [written[name.casefold()] for name in first])
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
    return FileContents(tuple(told.values()), together(frames), (f"The survey of {year}.", *NOTES), rows=rows)


def _organisations(checks: ColumnChecks, first: list[str]) -> tuple[list[Organisation], list[str]]:
    table = checks.table
    code, name, _ = first
    checks.filled([code, name])
    check_codes(checks, code)
    checks.unique_rows([code], code, "the same organisation as in")
    region = next((name for name in table.names if name.casefold() == "region"), "Region")
    told = [
        Organisation(own_code, own_name, kind, REGION_CODES.get(where, ""))
        for own_code, own_name, kind, where in zip(*(texts(table, name) for name in (*first, region)), strict=True)
    ]
    return told, [ALL] * table.rows


def _national(checks: ColumnChecks, first: list[str]) -> tuple[list[Organisation], list[str]]:
    table = checks.table
    base, _, group = first
    checks.filled([base])
    bases, kinds, groups = (texts(table, name) for name in first)
    checks.where((kinds == "") != (groups == ""), group, lambda _: "only one of breakdown and subgroup is given.")
    checks.unique_rows(first, group, "the same base and subgroup as in")
    found = []
    for one, what, which in zip(bases, kinds, groups, strict=True):
        within = ALL if one.casefold() == "national" else f"base={one}"
        found.append(breakdown(within, f"{what.casefold()}={which}" if what else ALL))
    return [ENGLAND] * table.rows, found


def _is_benchmark(sheet: Sheet) -> bool:
    names = {name.casefold() for name in sheet.row(1)}
    return set(BENCHMARK) <= names


def read_benchmark(book: Workbook) -> FileContents:
    """Series appraisal-received, by organisation and year of the survey."""
    problems: list[Problem] = []
    frames: list[pd.DataFrame] = []
    told: dict[str, Organisation] = {}
    rows, years = 0, set()
    for sheet in book.sheets:
        if not _is_benchmark(sheet):
            continue
        table = sheet.table(1, [name.casefold() for name in sheet.row(1)])
        checks = ColumnChecks(table)
        checks.filled(BENCHMARK)
        check_codes(checks, CODE)
        checks.unique_rows([CODE], CODE, "the same organisation as in")
        for year in sorted({match[1] for name in table.names if (match := _QUESTION.fullmatch(name))}):
            years.add(year)
            frames.append(_year(checks, year))
        problems += checks.problems
        parts = zip(*(texts(table, name) for name in BENCHMARK), strict=True)
        for code, name, kind in parts:
            if code in told and code:
                problems.append(Problem(f"sheet '{sheet.name}'", f"{code} is on another sheet as well."))
            told[code] = Organisation(code, name, kind)
        rows += table.rows
    if not years:
        problems.append(Problem("", "no sheet has a column of question 23a (q23a_2024 or another year)."))
    elif max(years) < str(FIRST_YEAR_OF_NUMBERS):
        message = f"its newest year is {max(years)}, when question 23a was not about appraisals."
        problems.append(Problem("", message, "Get a release of 2023 or later; it holds the years before as well."))
    if problems:
        raise InputError(book.name, problems)
    span = f"Surveys of {min(years)} to {max(years)}, all weighted as in this release."
    return FileContents(tuple(told.values()), together(frames), (span, *NOTES), rows=rows)


def _year(checks: ColumnChecks, year: str) -> pd.DataFrame:
    share = figures(checks, f"q23a_{year}", 0, 1, unit="a fraction", marks=MARKS)
    base = figures(checks, f"q23a_n_{year}", 0, MOST_PEOPLE, unit="people", whole=True, marks=MARKS)
    state = _states_of_year(share, base)
    rows = pd.DataFrame({"organisation": texts(checks.table, CODE), "period": f"{year}-11", "breakdown": ALL})
    return _answered(rows, "appraisal-received", share.number, base.number, state)


def _states_of_year(share: Figures, base: Figures) -> States:
    """An organisation that took no part in a year has empty cells; one with few answers has a base and no share."""
    state = share.state.copy()
    few = np.isnan(share.number) & (base.number < FEWEST_SHOWN)
    state[few | (base.state == State.suppressed.value)] = State.suppressed.value
    state[base.number == 0] = State.not_applicable.value
    return np.asarray(state)


def _publication(
    key: str, title: str, first: tuple[str, ...], read: Callable[[Workbook], FileContents], row: int = HEADER_ROW
) -> WorkbookPublication:
    is_like = _is_benchmark if first is BENCHMARK else partial(is_survey_sheet, first=first)
    return WorkbookPublication(
        key=key,
        title=f"NHS Staff Survey, {title}",
        publisher="NHS Staff Survey Coordination Centre",
        layout=f"a sheet with {', '.join(first)} in row {row}",
        version=1,
        attribution="NHS Staff Survey results, Survey Coordination Centre on behalf of NHS England.",
        is_like=lambda book: any(is_like(sheet) for sheet in book.sheets),
        read=read,
    )


PUBLICATIONS = (
    _publication(
        "staff-survey-organisations",
        "detailed results by organisation",
        ORGANISATIONS,
        partial(read_detailed, ORGANISATIONS, 3, _organisations),  # region, ICS (in 2021 ICS/STP), weighting
    ),
    _publication(
        "staff-survey-national",
        "detailed national results",
        NATIONAL,
        partial(read_detailed, NATIONAL, 1, _national),  # weighting
    ),
    _publication("staff-survey-benchmark", "data of the benchmark reports", BENCHMARK, read_benchmark, row=1),
)
