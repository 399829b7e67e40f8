"""Organisations and areas as publications name them, row by row: codes, levels, names of regions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from t4c_lib.evidence.columns import combined, row_keys
from t4c_lib.evidence.observation import Organisation
from t4c_lib.evidence.table import Table

T = TypeVar("T")

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


def each(table: Table, names: Sequence[str], make: Callable[..., T]) -> tuple[list[T], NDArray[np.int64]]:
    """Something made of the texts of several columns, once for each combination that rows hold.

    Returns:
        What was made, and for each row which of it is the row's.
    """
    key = combined([row_keys(table.column(name), table.rows) for name in names])
    _, first, which = np.unique(key, return_index=True, return_inverse=True)
    columns = [texts(table, name)[first] for name in names]
    return [make(*parts) for parts in zip(*columns, strict=True)], np.asarray(which, dtype=np.int64)


def words(made: Sequence[object], which: NDArray[np.int64]) -> NDArray[np.object_]:
    """One thing for each row, out of what `each` made."""
    found = np.empty(len(made), dtype=object)
    found[:] = made
    return found[which]


def whom_by_row(
    table: Table, *names: str, about: Callable[..., tuple[str, str]]
) -> tuple[NDArray[np.object_], NDArray[np.object_]]:
    """Population and breakdown of each row, as `about` tells them from the texts of these columns."""
    made, which = each(table, names, about)
    return words([one for one, _ in made], which), words([two for _, two in made], which)


def area_code(ics: str) -> str:
    """The code of an ICS's area. The bare code is that of its board, which is an employer of its own."""
    return f"ICS-{ics}"


def organisations(*parts: Iterable[str]) -> tuple[Organisation, ...]:
    """One for each code, from code, name, type, region and ICS row by row; a later row goes before an earlier one."""
    rows = dict.fromkeys(zip(*parts, strict=True))
    return tuple({row[0]: Organisation(*row) for row in rows}.values())
