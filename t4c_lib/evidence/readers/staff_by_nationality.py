"""Staff by staff group, nationality and organisation, September 2017 and June 2018: an Excel workbook of NHS Digital.

A supplementary publication, and old, but by trust it has support staff. Nationality is not ours to ask: FTE is added up
over it. The workbook's notes say that figures were adjusted to prevent disclosure and rounded to whole numbers; they
are in fact printed with decimals, so that only sums of many cells can be relied on.
"""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from t4c_lib.errors import InputError
from t4c_lib.evidence.columns import ColumnChecks, row_keys
from t4c_lib.evidence.frames import frame_of, together
from t4c_lib.evidence.marks import figures
from t4c_lib.evidence.months import read_months
from t4c_lib.evidence.observation import ALL, OGL_ATTRIBUTION, TRUST_WORKFORCE
from t4c_lib.evidence.places import ORGANISATION_CODE, ORGANISATION_CODE_WORDS, organisations, texts, whom_by_row
from t4c_lib.evidence.publication import Reading, WorkbookPublication
from t4c_lib.evidence.staff_groups import SUPPORT_TO_CLINICAL, whom
from t4c_lib.evidence.table import folded
from t4c_lib.evidence.workbook import Sheet, Workbook
from t4c_lib.evidence.workforce_rows import MOST_STAFF, NOTE_ON_GROUPS

MONTH, CODE, NAME, GROUP = "Month", "Organisation code", "Organisation name", "Staff group"
NATIONALITY, FTE = "Nationality", "FTE"
COLUMNS = (MONTH, CODE, NAME, GROUP, NATIONALITY, FTE)
_KEY = ["organisation", "period", "population", "breakdown"]


def _place(book: Workbook) -> tuple[Sheet, int] | None:
    wanted = [folded(name) for name in COLUMNS]
    for sheet, number, row in book.heads:
        if [folded(name) for name in row[: len(wanted)]] == wanted:
            return sheet, number
    return None


def read(book: Workbook) -> Reading:
    """Series `fte` by organisation and month: all staff, each staff group, and support to clinical staff together.

    Raises:
        InputError: see the module's tests for the gallery of what is refused.
    """
    place = _place(book)
    if place is None:
        raise ValueError("read() is for workbooks that is_like() knows")
    table = place[0].table(place[1], COLUMNS)
    checks = ColumnChecks(table)
    checks.filled(COLUMNS)
    checks.matching(CODE, ORGANISATION_CODE, ORGANISATION_CODE_WORDS)
    months = read_months(checks, MONTH)
    fte = figures(checks, FTE, 0, MOST_STAFF, unit="FTE")
    keys = [row_keys(table.column(name), table.rows) for name in COLUMNS[:2] + COLUMNS[3:5]]
    checks.unique(keys, NATIONALITY, "the same organisation, staff group, nationality and month as in")
    if checks.problems:
        raise InputError(table.source, checks.problems)
    codes = texts(table, CODE)
    rows = pd.DataFrame({"organisation": codes, "period": months, "fte": fte.number})
    rows["population"], rows["breakdown"] = whom_by_row(table, GROUP, about=whom)
    support = rows[rows["population"] == SUPPORT_TO_CLINICAL].assign(breakdown=ALL)
    whole = rows.assign(population=TRUST_WORKFORCE, breakdown=ALL)
    found = pd.concat([rows, support, whole]).groupby(_KEY, sort=False)["fte"].sum().reset_index()
    value = found["fte"].to_numpy(dtype=np.float64)
    observations = frame_of(found, series="fte", value=value, unit="FTE")
    blank = [""] * table.rows
    names = texts(table, NAME)
    kinds = {name: _kind(name) for name in set(names)}
    told = organisations(codes, names, [kinds[name] for name in names], blank, blank)
    notes = (
        f"Added up over {len(set(texts(table, NATIONALITY)))} nationalities. The publisher adjusted cells to prevent "
        "disclosure: sums are near, not exact.",
        NOTE_ON_GROUPS,
    )
    return Reading(told, together([observations]), notes, rows=table.rows)


def _kind(name: str) -> str:
    if re.search(r"\bCCG$|Clinical Commissioning Group", name):
        return "Clinical commissioning group"
    return "NHS trust" if re.search(r"\bTrust$", name) else ""


PUBLICATION = WorkbookPublication(
    key="staff-by-nationality",
    title="staff by staff group, nationality and organisation",
    publisher="NHS Digital",
    layout=f"a sheet with the columns {', '.join(COLUMNS)}",
    version=1,
    attribution=OGL_ATTRIBUTION.format(publisher="NHS Digital, NHS Hospital & Community Health Service staff"),
    is_like=lambda book: _place(book) is not None,
    read=read,
)
