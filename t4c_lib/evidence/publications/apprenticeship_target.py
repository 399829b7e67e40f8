"""Apprenticeships in the public sector: the Department for Education's table of bodies in scope of the former target.

Figures are thousands with one decimal, so that a count is known to the nearest hundred. `z` stands for not applicable;
by the department's convention `x` stands for not available and `c` for hidden, though neither was seen in this table.
Starts are over headcount at the start of the year, which is how the target of 2.3% (2017 to 2022) was put.
"""

import re

import numpy as np

from t4c_lib.evidence.observation_frames import ENGLAND
from t4c_lib.evidence.observations import ALL, OGL_ATTRIBUTION, Organisation, State
from t4c_lib.evidence.publication import Publication
from t4c_lib.evidence.table_layout import (
    ANY,
    FILLED,
    CheckedRows,
    ChoiceColumn,
    CountSeries,
    NumberColumn,
    ShareSeries,
    TableLayout,
    TextColumn,
)
from t4c_lib.periods import FinancialYear

YEAR, CODE, NAME, SECTOR = "time_period", "country_code", "country_name", "sub_sector"
STARTS, AT_START, AT_END, NEW, APPRENTICES = "app_new", "emp_prior", "emp_end", "emp_new", "app_end"
TARGET = "pct_target_inyr"
POPULATION = "public sector staff"
_MARKS = {"z": State.not_applicable, "x": State.missing, ":": State.missing, "c": State.suppressed}
_THOUSANDS = NumberColumn(1e5, "thousands", filled=True, marks=_MARKS)
_PERCENT = NumberColumn(100, "percent", filled=True, marks=_MARKS)
_HALF = 0.05  # of the last printed decimal, of thousands and of percent alike


def _read_years(checks: CheckedRows) -> None:
    """Financial years as 202122."""
    texts = checks.texts(YEAR)
    checks.period = np.array([_year(text) for text in texts], dtype=object)
    checks.where(
        (checks.period == "") & (texts != ""),
        YEAR,
        lambda row: f"'{texts[row]}' is not two consecutive years, such as 202122.",
    )


def _year(text: str) -> str:
    match = re.fullmatch(r"(20\d\d)(\d\d)", text)
    if match is None or (int(match[1]) + 1) % 100 != int(match[2]):
        return ""
    return str(FinancialYear(int(match[1])))


def _check_target(checks: CheckedRows) -> None:
    """The percentage must be starts over headcount at the start, as near as printed decimals let one say."""
    target, starts, staff = (checks.figures[name].number for name in (TARGET, STARTS, AT_START))
    due = np.divide(100 * starts, staff, out=np.full(len(starts), np.nan), where=staff > _HALF)
    room = np.divide(100 * _HALF + due * _HALF, staff - _HALF, out=np.zeros(len(starts)), where=staff > _HALF)
    checks.where(
        np.abs(target - due) > _HALF + room + 1e-9,
        TARGET,
        lambda row: f"{target[row]:g} percent is given, but {STARTS} / {AT_START} gives {due[row]:.1f} percent.",
        "Was a figure overwritten?",
    )


LAYOUT = TableLayout(
    columns={
        YEAR: TextColumn(r"20\d{4}", "a financial year such as 202122"),
        "time_identifier": ChoiceColumn(("Financial year",)),
        "geographic_level": ANY,
        CODE: FILLED,
        NAME: FILLED,
        SECTOR: FILLED,
        "bodies": NumberColumn(1e6, whole=True, marks=_MARKS),
        TARGET: _PERCENT,
        **dict.fromkeys((AT_START, "app_prior"), _THOUSANDS),
        "pct_app_prior": _PERCENT,
        **dict.fromkeys((NEW, STARTS), _THOUSANDS),
        "pct_app_new": _PERCENT,
        **dict.fromkeys((AT_END, APPRENTICES), _THOUSANDS),
        "pct_app_end": _PERCENT,
        **dict.fromkeys(("emp_prior_cumulative", "app_new_cumulative"), _THOUSANDS),
        "pct_target_cumulative": _PERCENT,
    },
    unique=(YEAR, CODE, SECTOR),
    same="year, country and sub-sector",
    checks=(_read_years, _check_target),
    whose=(CODE, NAME),
    organisation=lambda code, name: ENGLAND if code == ENGLAND.code else Organisation(code, name, ENGLAND.type),
    groups=(SECTOR,),
    group_of=lambda sector: (POPULATION, ALL if sector.casefold() == "total" else f"sub-sector={sector}"),
    series=(
        CountSeries("apprenticeship-starts", STARTS, "starts a year", scale=1000),
        CountSeries("apprentices", APPRENTICES, "people", scale=1000),
        CountSeries("headcount", AT_END, "people", scale=1000),
        CountSeries("joiners", NEW, "people", scale=1000),
        ShareSeries("apprenticeship-target", STARTS, AT_START, "starts per person a year", scale=1000),
    ),
    notes=("Published in thousands: counts are to the nearest hundred.",),
)
PUBLICATION = Publication.of(
    LAYOUT,
    key="apprenticeship-target",
    title="DfE apprenticeships in the public sector",
    publisher="Department for Education",
    version=1,
    attribution=OGL_ATTRIBUTION.format(publisher="Department for Education, Apprenticeships in England"),
)
