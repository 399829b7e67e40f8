"""Organisations and areas as publications name them, row by row: codes, levels, names of regions."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from t4c_lib.evidence.observation import Organisation
from t4c_lib.evidence.table import Table

ENGLAND = Organisation("E92000001", "England", "Country")
AUTHORITY = "Local authority"
REGION_TYPE, AREA_TYPE = "NHS England region", "ICS area"
REGION_CODES = {
    "London": "Y56",
    "South West": "Y58",
    "South East": "Y59",
    "Midlands": "Y60",
    "East of England": "Y61",
    "North West": "Y62",
    "North East and Yorkshire": "Y63",
}
ORGANISATION_CODE = r"[A-Z0-9]{3,6}(-X)?"
ORGANISATION_CODE_WORDS = "an ODS code (3 to 6 capital letters and figures)"


def texts(table: Table, name: str) -> NDArray[np.object_]:
    """A column's text for each row; empty where the file has no such column."""
    column = table.column(name)
    if column is None:
        return np.full(table.rows, "", dtype=object)
    return np.array([*column.values, ""], dtype=object)[column.codes]


def area_code(ics: str) -> str:
    """The code of an ICS's area. The bare code is that of its board, which is an employer of its own."""
    return f"ICS-{ics}"


def organisations(*parts: Iterable[str]) -> tuple[Organisation, ...]:
    """One for each code, from code, name, type, region and ICS row by row; a later row goes before an earlier one."""
    return tuple({row[0]: Organisation(*row) for row in zip(*parts, strict=True)}.values())
