"""Residents by single year of age and local authority, mid-year estimates of the Office for National Statistics.

The file says of its borders that they are those of 2021 (`ltla21_code`), not of which year its people are: that stands
in its name only (population20 for mid-2020), so a file that was renamed is refused. The last column is everybody of 90
and over; the total must be what the ages add up to.
"""

from __future__ import annotations

import re

import numpy as np

from t4c_lib.errors import InputError, Problem
from t4c_lib.evidence.columns import ColumnChecks, Floats, row_keys
from t4c_lib.evidence.frames import observed, together
from t4c_lib.evidence.marks import figures, states_of
from t4c_lib.evidence.observation import ALL, OGL_ATTRIBUTION
from t4c_lib.evidence.places import AUTHORITY, organisations, texts
from t4c_lib.evidence.publication import Publication, Reading
from t4c_lib.evidence.table import Table

CODE, NAME, TOTAL = "ltla21_code", "ltla21_name", "total_population"
AGES = tuple(str(age) for age in range(90))
LAST = "90+"
COLUMNS = (CODE, NAME, TOTAL, *AGES, LAST)
POPULATION = "local residents"
YOUNG, WORKING = (16, 24), (16, 64)  # both included
AUTHORITY_CODE = r"[EWSN]\d{8}"
_MOST = 3e6
_YEAR = re.compile(r"population[-_ ]?(?P<short>\d{2})(?!\d)|(?<!\d)(?P<long>20\d{2})(?!\d)", re.IGNORECASE)


def read(table: Table) -> Reading:
    """Series `population` for each authority: all, every year of age, 16 to 24, and 16 to 64 (working age).

    Raises:
        InputError: see the module's tests for the gallery of what is refused.
    """
    checks = ColumnChecks(table)
    checks.filled(COLUMNS)
    checks.matching(CODE, AUTHORITY_CODE, "a code of a local authority such as E06000047")
    total = figures(checks, TOTAL, 0, _MOST, unit="people", whole=True).number
    ages = np.stack([figures(checks, age, 0, _MOST, unit="people", whole=True).number for age in (*AGES, LAST)])
    checks.unique([row_keys(table.column(CODE), table.rows)], CODE, "the same local authority as in")
    made = ages.sum(axis=0)
    checks.where(
        np.abs(made - total) > 0.5,
        TOTAL,
        lambda row: f"{total[row]:,.0f} is given, but the ages add up to {made[row]:,.0f}.",
        "Was a figure typed over?",
    )
    day = _day(table, checks)
    if checks.problems:
        raise InputError(table.source, checks.problems)
    codes = texts(table, CODE)
    groups: list[tuple[str, Floats]] = [(ALL, total)]
    groups += [(f"age={low}-{high}", ages[low : high + 1].sum(axis=0)) for low, high in (YOUNG, WORKING)]
    groups += [(f"age={age}", ages[at]) for at, age in enumerate((*AGES, LAST))]
    frames = [
        observed(
            organisation=codes,
            series="population",
            population=POPULATION,
            breakdown=breakdown,
            period=day,
            value=people,
            state=states_of(people),
            unit="people",
        )
        for breakdown, people in groups
    ]
    blank = [""] * table.rows
    told = organisations(codes, texts(table, NAME), [AUTHORITY] * table.rows, blank, blank)
    return Reading(told, together(frames), (f"Residents on {day}, by borders of 2021.",))


def _day(table: Table, checks: ColumnChecks) -> str:
    """The day of a mid-year estimate, 30 June of the year in the file's name."""
    match = _YEAR.search(table.source)
    if match is None:
        message = "nothing in the file says of which year its people are; its name should (population20 for mid-2020)."
        checks.problems.append(Problem("", message, "Give the file the name it was published under."))
        return ""
    year = int(match["long"]) if match["long"] else 2000 + int(match["short"])
    return f"{year}-06-30"


PUBLICATION = Publication(
    key="population-by-age",
    title="residents by single year of age and local authority",
    publisher="Office for National Statistics",
    columns=COLUMNS,
    required=COLUMNS,
    version=1,
    attribution=OGL_ATTRIBUTION.format(publisher="Office for National Statistics, mid-year population estimates"),
    read=read,
    most_rows=5_000,
)
