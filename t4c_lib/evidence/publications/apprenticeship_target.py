"""Apprenticeships in the public sector: checks of the table that apprenticeship_target.yaml explains."""

import re

import numpy as np

from t4c_lib.evidence.observation_frames import ENGLAND
from t4c_lib.evidence.observations import ALL, Organisation
from t4c_lib.evidence.slips import said
from t4c_lib.evidence.table_layout import CheckedRows
from t4c_lib.periods import FinancialYear

YEAR, STARTS, AT_START, TARGET = "time_period", "app_new", "emp_prior", "pct_target_inyr"
POPULATION = "public sector staff"
_HALF = 0.05  # of the last printed decimal, of thousands and of percent alike


def read_years(checks: CheckedRows) -> None:
    """Financial years as 202122."""
    texts = checks.table.texts(YEAR)
    checks.period = np.array([_year(text) for text in texts], dtype=object)
    checks.where((checks.period == "") & (texts != ""), YEAR, *said("no two years"), text=texts)


def _year(text: str) -> str:
    match = re.fullmatch(r"(20\d\d)(\d\d)", text)
    if match is None or (int(match[1]) + 1) % 100 != int(match[2]):
        return ""
    return str(FinancialYear(int(match[1])))


def check_target(checks: CheckedRows) -> None:
    """The percentage must be starts over headcount at the start, as near as printed decimals let one say."""
    target, starts, staff = (checks.figures[name].number for name in (TARGET, STARTS, AT_START))
    due = np.divide(100 * starts, staff, out=np.full(len(starts), np.nan), where=staff > _HALF)
    room = np.divide(100 * _HALF + due * _HALF, staff - _HALF, out=np.zeros(len(starts)), where=staff > _HALF)
    checks.where(np.abs(target - due) > _HALF + room + 1e-9, TARGET, *said("target differs"), target=target, due=due)


def country(code: str, name: str) -> Organisation:
    """England, or another country of the table."""
    return ENGLAND if code == ENGLAND.code else Organisation(code, name, ENGLAND.type)


def sub_sector(name: str) -> tuple[str, str]:
    """Population and breakdown of a sub-sector's row; "total" is all of them."""
    return POPULATION, ALL if name.casefold() == "total" else f"sub-sector={name}"
