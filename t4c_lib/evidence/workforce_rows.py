"""What the layouts of NHS workforce statistics have in common: levels from England down to an organisation."""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import NDArray

from t4c_lib.evidence.columns import ColumnChecks
from t4c_lib.evidence.observation import Organisation
from t4c_lib.evidence.places import AREA_TYPE, ENGLAND, REGION_TYPE, area_code, each, texts, words
from t4c_lib.evidence.table import Table

MONTH, LEVEL = "DATA_MONTH", "DATA_LEVEL"
REGION, REGION_NAME, ICS, ICS_NAME = "NHSE_REGION_CODE", "NHSE_REGION_NAME", "ICS_CODE", "ICS_NAME"
CODE, NAME = "ORG_CODE", "ORG_NAME"
LEVELS = ("National", "NHS England region", "ICS area", "Organisation")
MOST_STAFF = 5e6

NOTE_ON_GROUPS = (
    "Support to clinical staff is a staff group, not bands 1 to 4: for support staff these figures are a proxy."
)


def check_levels(checks: ColumnChecks) -> None:
    """Every row must say its level and have the code that the level needs."""
    checks.filled([LEVEL])
    checks.choices(LEVEL, LEVELS)
    table = checks.table
    levels = texts(table, LEVEL)
    needed = {"nhs england region": REGION, "ics area": ICS, "organisation": CODE}
    for level, name in needed.items():
        here = np.array([one.casefold() == level for one in levels], dtype=bool)
        checks.where(here & (texts(table, name) == ""), name, partial(_blank, levels))


def _blank(levels: NDArray[np.object_], row: int) -> str:
    return f"is blank on a row of level '{levels[row]}'."


def organisations_by_row(table: Table) -> tuple[NDArray[np.object_], tuple[Organisation, ...]]:
    """Whom each row is about (England, a region, an ICS's area or an employer), by code; and all of them."""
    names = (LEVEL, REGION, REGION_NAME, ICS, ICS_NAME, CODE, NAME)
    made, which = each(table, names, lambda *parts: _organisation(parts))
    return words([one.code for one in made], which), tuple({one.code: one for one in made}.values())


def _organisation(row: tuple[str, ...]) -> Organisation:
    level, region, region_name, ics, ics_name, code, name = row
    match level.casefold():
        case "national":
            return ENGLAND
        case "nhs england region":
            return Organisation(region, region_name or region, REGION_TYPE, region)
        case "ics area":
            return Organisation(area_code(ics), ics_name or ics, AREA_TYPE, region, ics)
        case _:
            return Organisation(code, name or code, "", region, ics)
