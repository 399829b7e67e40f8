"""Questions of the NHS Staff Survey in its detailed workbooks: found by their wording, as their numbers change by year.

A sheet has the question in row 1, above the first of its answers and merged over the others, and the column names in
row 5. Answers are weighted percentages (0 to 100); the base is the number of people who answered. Where fewer than ten
did, answers are not shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from t4c_lib.errors import InputError, Problem
from t4c_lib.evidence.columns import ColumnChecks, Floats
from t4c_lib.evidence.frames import no_observations, observed
from t4c_lib.evidence.marks import Figures, States, figures
from t4c_lib.evidence.observation import ALL, TRUST_WORKFORCE, State
from t4c_lib.evidence.staff_groups import breakdown
from t4c_lib.evidence.table import folded
from t4c_lib.evidence.workbook import Sheet, Workbook

HEADER_ROW, QUESTION_ROW = 5, 1
FEWEST_SHOWN = 10
MARKS = {"-": State.suppressed, "*": State.suppressed}
RESPONDENTS = "survey-respondents"
ATTRIBUTION = "NHS Staff Survey results, Survey Coordination Centre on behalf of NHS England."
_MOST_PEOPLE = 5e6
_YEAR = re.compile(r"(?<!\d)(20[12]\d)(?!\d)")
_YEAR_IN_NAME = re.compile(r"(?<!\d)(20[12]\d)(?!\d)|nss[-_ ]?(\d\d)(?!\d)", re.IGNORECASE)
_FIRST_YEAR_OF_NUMBERS = 2023  # from then on, appraisals are question 23
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
class Question:
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
    message = "nothing in the workbook or its name says of which year's survey it is."
    raise InputError(
        book.name, [Problem("", message, "Put the year into the file's name: NSS 2024 organisations.xlsx.")]
    )


def columns_of(sheet: Sheet, year: int) -> tuple[list[str], list[Question]]:
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
            names[at] = f"{_column_letters(at)} ({header[at][:40]})"
        told = tuple((names[at], header[at].removeprefix("%").strip()) for at in answers)
        questions.append(Question(*known, answers=told, base=names[bases[0]]))
    return names, questions


def observations_of(checks: ColumnChecks, question: Question, rows: pd.DataFrame) -> pd.DataFrame:
    """One question's observations for each row.

    Args:
        checks: the sheet's table and its problems.
        question: whose columns are read.
        rows: organisation, period and breakdown of each row.
    """
    base = figures(checks, question.base, 0, _MOST_PEOPLE, unit="people", whole=True, marks=MARKS)
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
        frames.append(_frame(rows, series, group, (value, base.number), state))
    return pd.concat(frames, ignore_index=True)


def _blocks(titles: list[str]) -> Iterator[tuple[str, int, int]]:
    starts = [at for at, title in enumerate(titles) if title]
    for at, after in zip(starts, [*starts[1:], len(titles)], strict=False):
        yield titles[at], at, after


def _known(title: str, year: int) -> tuple[str, str] | None:
    """Series and characteristic of a question; None for one that no measure asks for."""
    patterns = _WORDINGS + (_NUMBERS if year >= _FIRST_YEAR_OF_NUMBERS else ())
    return next(((series, group) for series, group, pattern in patterns if pattern.match(title)), None)


def _wanted(question: Question) -> list[tuple[list[str], str, str]]:
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


def _frame(rows: pd.DataFrame, series: str, group: str, figure: tuple[Floats, Floats], state: States) -> pd.DataFrame:
    value, base = figure
    known = np.isin(state.astype(str), [State.counted.value, State.zero.value])
    value = np.where(known, value, np.nan)
    return observed(
        organisation=rows["organisation"].tolist(),
        series=series,
        population=TRUST_WORKFORCE,
        breakdown=[breakdown(own, group) for own in rows["breakdown"]],
        period=rows["period"].tolist(),
        numerator=value * base,
        denominator=base,
        value=value,
        state=state,
        unit="share",
    )


def _column_letters(at: int) -> str:
    letters = ""
    number = at + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
