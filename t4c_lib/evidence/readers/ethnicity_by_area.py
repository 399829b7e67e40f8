"""Residents by ethnic group and local authority, Census of 21 March 2021, a row for each authority and group.

Numbers and percentages are rows of one column, told apart by the end of the group's label; one label has two spaces in
a row. The percentages are checked against the numbers and left out. The census covers England and Wales.
"""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from t4c_lib.errors import InputError
from t4c_lib.evidence.columns import ColumnChecks, row_keys
from t4c_lib.evidence.frames import frame_of, together
from t4c_lib.evidence.marks import figures
from t4c_lib.evidence.observation import ALL, OGL_ATTRIBUTION
from t4c_lib.evidence.places import AUTHORITY, organisations, texts
from t4c_lib.evidence.publication import Publication, Reading
from t4c_lib.evidence.readers.population_by_age import AUTHORITY_CODE, POPULATION
from t4c_lib.evidence.table import Table

CODE, NAME, GROUP, VALUE = "ltla21_code", "ltla21_name", "ethnic_group", "value"
COLUMNS = (CODE, NAME, GROUP, VALUE)
CENSUS_DAY = "2021-03-21"
SERIES = "census-groups"
MAIN_GROUPS = (  # as the census heads them
    "Asian, Asian British or Asian Welsh",
    "Black, Black British, Black Welsh, Caribbean or African",
    "Mixed or Multiple ethnic groups",
    "White",
    "Other ethnic group",
)
_LABEL = re.compile(r"(?P<main>[^:]+): (?P<group>.+?) \((?P<kind>number|percent)\)")
_TOLERANCE = 0.06  # percentages are printed with one decimal
_MOST = 3e6


def read(table: Table) -> Reading:
    """Series `census-groups`: all, the five main groups ("ethnicity=White"), and the groups below them.

    Raises:
        InputError: see the module's tests for the gallery of what is refused.
    """
    checks = ColumnChecks(table)
    checks.filled(COLUMNS)
    checks.matching(CODE, AUTHORITY_CODE, "a code of a local authority such as E06000047")
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
    parts = [
        match.groupdict() if (match := found[label]) else dict.fromkeys(("main", "group", "kind"), "")
        for label in labels
    ]
    rows = rows.join(pd.DataFrame(parts, columns=["main", "group", "kind"]))
    checks.unique([row_keys(table.column(CODE), table.rows), pd.factorize(np.array(labels))[0]], GROUP, _TWICE)
    if not checks.problems:
        _check_percentages(checks, rows)
    if checks.problems:
        raise InputError(table.source, checks.problems)
    numbers = rows[rows["kind"] == "number"].assign(period=CENSUS_DAY, population=POPULATION)
    whole = numbers.groupby(["organisation", "period", "population"], as_index=False)["value"].sum()
    main = numbers.groupby(["organisation", "period", "population", "main"], as_index=False)["value"].sum()
    frames = []
    for frame, breakdown in (
        (whole, ALL),
        (main, "ethnicity=" + main["main"]),
        (numbers, "ethnicity=" + numbers["main"] + ": " + numbers["group"]),
    ):
        named = frame.assign(breakdown=breakdown)
        frames.append(frame_of(named, series=SERIES, value=named["value"].to_numpy(np.float64), unit="people"))
    blank = [""] * table.rows
    told = organisations(texts(table, CODE), texts(table, NAME), [AUTHORITY] * table.rows, blank, blank)
    note = "Everybody answered or was estimated: the census has no group of people who did not say."
    return Reading(told, together(frames), (note,))


_TWICE = "the same local authority and group as in"


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
    checks.where(percent & np.isnan(part), GROUP, lambda _: "a percentage is given without the number it is made of.")
    checks.where(
        percent & (np.abs(given - due) > _TOLERANCE),
        VALUE,
        lambda row: f"{given[row]:g} percent is given, but the numbers make {due[row]:.1f} percent.",
        "Is a row missing, or was a figure typed over?",
    )


PUBLICATION = Publication(
    key="ethnicity-by-area",
    title="residents by ethnic group and local authority, Census 2021",
    publisher="Office for National Statistics",
    columns=COLUMNS,
    required=COLUMNS,
    version=1,
    attribution=OGL_ATTRIBUTION.format(publisher="Office for National Statistics, Census 2021"),
    read=read,
    most_rows=100_000,
)
