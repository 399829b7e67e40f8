"""Apprenticeships in the public sector: the Department for Education's table of bodies in scope of the former target.

Figures are thousands with one decimal, so that a count is known to the nearest hundred. `z` stands for not applicable;
by the department's convention `x` stands for not available and `c` for hidden, though neither was seen in this table.
Starts are over headcount at the start of the year, which is how the target of 2.3% (2017 to 2022) was put.
"""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from t4c_lib.evidence.column_checks import ColumnChecks
from t4c_lib.evidence.csv_table import DataTable
from t4c_lib.evidence.observation_frames import (
    ENGLAND,
    Figures,
    figures,
    observed,
    share_states,
    shares,
    texts,
    together,
)
from t4c_lib.evidence.observations import ALL, OGL_ATTRIBUTION, Organisation, State
from t4c_lib.evidence.publication import FileContents, Publication
from t4c_lib.periods import FinancialYear

YEAR, KIND, CODE, NAME, SECTOR = "time_period", "time_identifier", "country_code", "country_name", "sub_sector"
STARTS, AT_START, AT_END, NEW, APPRENTICES = "app_new", "emp_prior", "emp_end", "emp_new", "app_end"
TARGET = "pct_target_inyr"
THOUSANDS = (AT_START, "app_prior", NEW, STARTS, AT_END, APPRENTICES, "emp_prior_cumulative", "app_new_cumulative")
PERCENT = (TARGET, "pct_app_prior", "pct_app_new", "pct_app_end", "pct_target_cumulative")
COLUMNS = (
    YEAR, KIND, "geographic_level", CODE, NAME, SECTOR, "bodies", TARGET, AT_START, "app_prior", "pct_app_prior",
    NEW, STARTS, "pct_app_new", AT_END, APPRENTICES, "pct_app_end", "emp_prior_cumulative", "app_new_cumulative",
    "pct_target_cumulative",
)  # fmt: skip
MARKS = {"z": State.not_applicable, "x": State.missing, ":": State.missing, "c": State.suppressed}
POPULATION = "public sector staff"
_COUNTS = (  # series, column, unit
    ("apprenticeship-starts", STARTS, "starts a year"),
    ("apprentices", APPRENTICES, "people"),
    ("headcount", AT_END, "people"),
    ("joiners", NEW, "people"),
)
_HALF = 0.05  # of the last printed decimal, of thousands and of percent alike


def read(table: DataTable) -> FileContents:
    """Apprenticeship starts, apprentices, headcount and joiners of each sub-sector, and starts over headcount."""
    checks = ColumnChecks(table)
    checks.filled([YEAR, CODE, NAME, SECTOR, *THOUSANDS, *PERCENT])
    checks.choices(KIND, ["Financial year"])
    checks.matching(YEAR, r"20\d{4}", "a financial year such as 202122")
    years = np.array([_year(text) for text in texts(table, YEAR)], dtype=object)
    checks.where(
        np.array([year == "" for year in years], dtype=bool) & (texts(table, YEAR) != ""),
        YEAR,
        lambda row: f"'{texts(table, YEAR)[row]}' is not two consecutive years, such as 202122.",
    )
    columns = {name: figures(checks, name, 0, 1e5, unit="thousands", marks=MARKS) for name in THOUSANDS}
    percent = {name: figures(checks, name, 0, 100, unit="percent", marks=MARKS) for name in PERCENT}
    figures(checks, "bodies", 0, 1e6, marks=MARKS, whole=True)
    _check_target(checks, columns, percent[TARGET])
    checks.unique_rows((YEAR, CODE, SECTOR), SECTOR, "the same year, country and sub-sector as in")
    checks.refuse()
    sectors = texts(table, SECTOR)
    groups = [ALL if sector.casefold() == "total" else f"sub-sector={sector}" for sector in sectors]
    codes = texts(table, CODE)
    rows = pd.DataFrame({"organisation": codes, "population": POPULATION, "breakdown": groups, "period": years})
    frames = [
        observed(
            rows,
            series=series,
            value=np.round(columns[name].number * 1000),
            state=columns[name].state,
            unit=unit,
        )
        for series, name, unit in _COUNTS
    ]
    part, whole = columns[STARTS], columns[AT_START]
    target = shares(
        rows,
        part.number,
        whole.number,
        series="apprenticeship-target",
        unit="starts per person a year",
        state=share_states(part, whole),
    )
    frames.append(target.assign(numerator=np.round(part.number * 1000), denominator=np.round(whole.number * 1000)))
    told = {code: ENGLAND if code == ENGLAND.code else Organisation(code, name, ENGLAND.type)
            for code, name in zip(codes, texts(table, NAME), strict=True)}  # fmt: skip
    notes = ("Published in thousands: counts are to the nearest hundred.",)
    return FileContents(tuple(told.values()), together(frames), notes)


def _year(text: str) -> str:
    match = re.fullmatch(r"(20\d\d)(\d\d)", text)
    if match is None or (int(match[1]) + 1) % 100 != int(match[2]):
        return ""
    return str(FinancialYear(int(match[1])))


def _check_target(checks: ColumnChecks, columns: dict[str, Figures], target: Figures) -> None:
    """The percentage must be starts over headcount at the start, as near as printed decimals let one say."""
    starts, staff = columns[STARTS].number, columns[AT_START].number
    due = np.divide(100 * starts, staff, out=np.full(len(starts), np.nan), where=staff > _HALF)
    room = np.divide(100 * _HALF + due * _HALF, staff - _HALF, out=np.zeros(len(starts)), where=staff > _HALF)
    checks.where(
        np.abs(target.number - due) > _HALF + room + 1e-9,
        TARGET,
        lambda row: f"{target.number[row]:g} percent is given, but {STARTS} / {AT_START} gives {due[row]:.1f} percent.",
        "Was a figure overwritten?",
    )


PUBLICATION = Publication(
    key="apprenticeship-target",
    title="DfE apprenticeships in the public sector",
    publisher="Department for Education",
    columns=COLUMNS,
    required=COLUMNS,
    version=1,
    attribution=OGL_ATTRIBUTION.format(publisher="Department for Education, Apprenticeships in England"),
    read=read,
)
