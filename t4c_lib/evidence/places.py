"""Organisations and areas as publications name them, row by row: codes, levels, names of regions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from t4c_lib.evidence.columns import ColumnChecks, combined, row_keys
from t4c_lib.evidence.observation import ALL, TRUST_WORKFORCE, Organisation
from t4c_lib.evidence.staff_groups import whom
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
# As the publications of NHS England name them since 2022.
ORGANISATION_COLUMNS = ("NHSE_REGION_CODE", "NHSE_REGION_NAME", "ICS_CODE", "ICS_NAME", "ORG_CODE", "ORG_NAME")
ORGANISATION_CODE = r"[A-Z0-9]{3,6}(-X)?"


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


def rows_of(table: Table, code: str, period: NDArray[np.object_], *groups: str) -> pd.DataFrame:
    """Organisation, period, population and breakdown of each row.

    Args:
        table: the file's rows.
        code: column of the organisation's code.
        period: of each row.
        groups: columns of the staff group and, where there is one, of its main group; all staff together if none.
    """
    rows = pd.DataFrame({"organisation": texts(table, code), "period": period})
    if not groups:
        return rows.assign(population=TRUST_WORKFORCE, breakdown=ALL)
    made, which = each(table, groups, whom)
    rows["population"] = words([one for one, _ in made], which)
    rows["breakdown"] = words([two for _, two in made], which)
    return rows


def organisations(table: Table, *names: str) -> tuple[Organisation, ...]:
    """One for each code, from the columns of code, name, type, region and ICS; a later row goes before an earlier one.

    A column that has no name, or is not in the file, tells nothing.
    """
    rows = dict.fromkeys(zip(*(texts(table, name) for name in names), strict=True))
    return tuple({row[0]: Organisation(*row) for row in rows}.values())


def check_codes(checks: ColumnChecks, name: str, pattern: str = ORGANISATION_CODE) -> None:
    """Every value must be the code of an organisation."""
    checks.matching(name, pattern, "an ODS code (3 to 6 capital letters and figures)")
