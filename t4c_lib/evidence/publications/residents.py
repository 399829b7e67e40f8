"""Residents by local authority, from the Office for National Statistics: by single year of age, by ethnic group.

By age, mid-year estimates: the file says of its borders that they are those of 2021 (`ltla21_code`), not of which year
its people are: that stands in its name only (population20 for mid-2020), so a file that was renamed is refused. The
last column is everybody of 90 and over; the total must be what the ages add up to.

By ethnic group, Census of 21 March 2021, a row for each authority and group: numbers and percentages are rows of one
column, told apart by the end of the group's label; one label has two spaces in a row. The percentages are checked
against the numbers and left out. The census covers England and Wales.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd

from t4c_lib.errors import Problem
from t4c_lib.evidence.column_checks import ColumnChecks, Floats, row_keys
from t4c_lib.evidence.csv_table import DataTable
from t4c_lib.evidence.observation_frames import AUTHORITY, figures, observed, organisations, texts, together
from t4c_lib.evidence.observations import ALL, OGL_ATTRIBUTION, Organisation
from t4c_lib.evidence.publication import FileContents, Publication

CODE, NAME, TOTAL = "ltla21_code", "ltla21_name", "total_population"
AGES = tuple(str(age) for age in range(90))
LAST = "90+"
AGE_COLUMNS = (CODE, NAME, TOTAL, *AGES, LAST)
POPULATION = "local residents"
YOUNG, WORKING = (16, 24), (16, 64)  # both included
GROUP, VALUE = "ethnic_group", "value"
GROUP_COLUMNS = (CODE, NAME, GROUP, VALUE)
CENSUS_DAY = "2021-03-21"
MAIN_GROUPS = (  # as the census heads them
    "Asian, Asian British or Asian Welsh",
    "Black, Black British, Black Welsh, Caribbean or African",
    "Mixed or Multiple ethnic groups",
    "White",
    "Other ethnic group",
)
_MOST = 3e6
_YEAR = re.compile(r"population[-_ ]?(?P<short>\d{2})(?!\d)|(?<!\d)(?P<long>20\d{2})(?!\d)", re.IGNORECASE)
_LABEL = re.compile(r"(?P<main>[^:]+): (?P<group>.+?) \((?P<kind>number|percent)\)")
_TOLERANCE = 0.06  # percentages are printed with one decimal


def read_ages(table: DataTable) -> FileContents:
    """Series `population` for each authority: all, every year of age, 16 to 24, and 16 to 64 (working age)."""
    checks = _checks(table, AGE_COLUMNS)
    total = figures(checks, TOTAL, 0, _MOST, unit="people", whole=True).number
    ages = np.stack([figures(checks, age, 0, _MOST, unit="people", whole=True).number for age in (*AGES, LAST)])
    checks.unique_rows([CODE], CODE, "the same local authority as in")
    made = ages.sum(axis=0)
    checks.where(
        np.abs(made - total) > 0.5,
        TOTAL,
        lambda row: f"{total[row]:,.0f} is given, but the ages add up to {made[row]:,.0f}.",
        "Was a figure overwritten?",
    )
    day = _day(table, checks)
    checks.refuse()
    groups: list[tuple[str, Floats]] = [(ALL, total)]
    groups += [(f"age={low}-{high}", ages[low : high + 1].sum(axis=0)) for low, high in (YOUNG, WORKING)]
    groups += [(f"age={age}", ages[at]) for at, age in enumerate((*AGES, LAST))]
    rows = pd.DataFrame({"organisation": texts(table, CODE), "population": POPULATION, "period": day})
    frames = [
        observed(rows, series="population", breakdown=breakdown, value=people, unit="people")
        for breakdown, people in groups
    ]
    return FileContents(_authorities(table), together(frames), (f"Residents on {day}, by 2021 boundaries.",))


def _day(table: DataTable, checks: ColumnChecks) -> str:
    """The day of a mid-year estimate, 30 June of the year in the file's name."""
    match = _YEAR.search(table.source)
    if match is None:
        message = "the file does not say which year it is for; its name should (population20 for mid-2020)."
        checks.problems.append(Problem("", message, "Use the file name it was published with."))
        return ""
    year = int(match["long"]) if match["long"] else 2000 + int(match["short"])
    return f"{year}-06-30"


def read_ethnic_groups(table: DataTable) -> FileContents:
    """Series `census-groups`: all, the five main groups ("ethnicity=White"), and the groups below them."""
    checks = _checks(table, GROUP_COLUMNS)
    value = figures(checks, VALUE, 0, _MOST).number
    labels = [" ".join(text.split()) for text in texts(table, GROUP)]
    found = {label: _LABEL.fullmatch(label) for label in set(labels)}
    wrong = np.array([(match := found[one]) is None or match["main"] not in MAIN_GROUPS for one in labels], dtype=bool)
    checks.where(
        wrong & (texts(table, GROUP) != ""),
        GROUP,
        lambda row: f"'{labels[row]}' is not one of the census's groups followed by (number) or (percent).",
    )
    rows = pd.DataFrame({"organisation": texts(table, CODE), "value": value})
    told = [
        match.groupdict() if (match := found[label]) else dict.fromkeys(("main", "group", "kind"), "")
        for label in labels
    ]
    rows = rows.join(pd.DataFrame(told, columns=["main", "group", "kind"]))
    twice = "the same local authority and group as in"
    checks.unique([row_keys(table.column(CODE), table.rows), pd.factorize(np.array(labels))[0]], GROUP, twice)
    if not checks.problems:
        _check_percentages(checks, rows)
    checks.refuse()
    numbers = rows[rows["kind"] == "number"].assign(period=CENSUS_DAY, population=POPULATION)
    key = ["organisation", "period", "population"]
    frames = []
    for parts in ([], ["main"], ["main", "group"]):
        sums = pd.DataFrame(numbers.groupby([*key, *parts], as_index=False)["value"].sum())
        named = [f"ethnicity={': '.join(row)}" for row in sums[parts].itertuples(index=False)] if parts else ALL
        value_of = sums["value"].to_numpy(np.float64)
        frames.append(observed(sums, series="census-groups", breakdown=named, value=value_of, unit="people"))
    note = "The census estimates those who did not answer: there is no 'not stated' group."
    return FileContents(_authorities(table), together(frames), (note,))


def _check_percentages(checks: ColumnChecks, rows: pd.DataFrame) -> None:
    """Each percentage must be its number over the authority's numbers together."""
    key = ["organisation", "main", "group"]
    numbers = rows[rows["kind"] == "number"].set_index(key)["value"]
    totals = numbers.groupby("organisation").sum()
    percent = (rows["kind"] == "percent").to_numpy()
    place = pd.MultiIndex.from_frame(rows[key])
    part = numbers.reindex(place).to_numpy(np.float64)
    total = totals.reindex(rows["organisation"]).to_numpy(np.float64)
    due = np.divide(100 * part, total, out=np.full(len(rows), np.nan), where=total > 0)
    given = rows["value"].to_numpy(np.float64)
    checks.where(percent & np.isnan(part), GROUP, lambda _: "a percentage is given without its number.")
    checks.where(
        percent & (np.abs(given - due) > _TOLERANCE),
        VALUE,
        lambda row: f"{given[row]:g} percent is given, but the numbers give {due[row]:.1f} percent.",
        "Is a row missing, or was a figure overwritten?",
    )


def _checks(table: DataTable, columns: tuple[str, ...]) -> ColumnChecks:
    """What both layouts ask for: nothing blank, and codes of authorities."""
    checks = ColumnChecks(table)
    checks.filled(columns)
    checks.matching(CODE, r"[EWSN]\d{8}", "a code of a local authority such as E06000047")
    return checks


def _authorities(table: DataTable) -> tuple[Organisation, ...]:
    return tuple(replace(one, type=AUTHORITY) for one in organisations(table, CODE, NAME))


_publication = partial(Publication, publisher="Office for National Statistics", version=1)
PUBLICATIONS = (
    _publication(
        key="population-by-age",
        title="residents by single year of age and local authority",
        columns=AGE_COLUMNS,
        required=AGE_COLUMNS,
        attribution=OGL_ATTRIBUTION.format(publisher="Office for National Statistics, mid-year population estimates"),
        read=read_ages,
        most_rows=5_000,
    ),
    _publication(
        key="ethnicity-by-area",
        title="residents by ethnic group and local authority, Census 2021",
        columns=GROUP_COLUMNS,
        required=GROUP_COLUMNS,
        attribution=OGL_ATTRIBUTION.format(publisher="Office for National Statistics, Census 2021"),
        read=read_ethnic_groups,
        most_rows=100_000,
    ),
)
