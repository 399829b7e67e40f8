"""NHS sickness absence by organisation: FTE days lost and available of a month, all staff together, one file a month.

The column layout is that of April 2022 and after. It has no staff group, so for support staff these figures are a
proxy. The published rate (percent, two decimals) must be what the two numbers beside it give: a file in which it isn't
was altered or mixed up, and is refused.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from t4c_lib.errors import InputError
from t4c_lib.evidence.columns import ColumnChecks, Floats, row_keys
from t4c_lib.evidence.dates import read_dates
from t4c_lib.evidence.frames import shares
from t4c_lib.evidence.months import check_month_ends, months_of
from t4c_lib.evidence.observation import ALL, OGL_ATTRIBUTION, TRUST_WORKFORCE, Organisation
from t4c_lib.evidence.publication import Publication, Reading, name_problems
from t4c_lib.evidence.table import Table

DATE, CODE, NAME, TYPE = "DATE", "ORG_CODE", "ORG_NAME", "ORG_TYPE"
REGION, ICS = "NHSE_REGION_CODE", "ICS_CODE"
LOST, AVAILABLE, RATE = "FTE_DAYS_LOST", "FTE_DAYS_AVAILABLE", "SICKNESS_ABSENCE_RATE_PERCENT"
COLUMNS = (DATE, REGION, "NHSE_REGION_NAME", ICS, "ICS_NAME", CODE, NAME, TYPE, LOST, AVAILABLE, RATE)

# Half of the last printed decimal, and a hair for a quotient that falls just between two of them.
_RATE_TOLERANCE = 0.005 + 1e-6
_MOST_DAYS = 1e9


def read(table: Table) -> Reading:
    """One observation of series `sickness` for each organisation and month; organisations keep the type given here.

    Raises:
        InputError: see the module's tests for the gallery of what is refused.
    """
    checks = ColumnChecks(table)
    checks.filled([DATE, CODE, NAME])
    checks.matching(CODE, r"[A-Z0-9]{3,6}", "an ODS code (3 to 6 capital letters and figures)")
    dates = read_dates(checks, [DATE])[DATE]
    check_month_ends(checks, DATE, dates)
    lost = checks.numbers(LOST, 0, _MOST_DAYS, unit="FTE days")
    available = checks.numbers(AVAILABLE, 0, _MOST_DAYS, unit="FTE days")
    rate = checks.numbers(RATE, 0, 100, unit="percent")
    _check_figures(checks, lost, available, rate)
    keys = [row_keys(table.column(DATE), table.rows), row_keys(table.column(CODE), table.rows)]
    checks.unique(keys, CODE, "the same organisation and month as in", "Delete one of the two.")
    months = months_of(dates)
    present = sorted({month for month in months if month is not None})
    checks.problems += name_problems(table.source, present, may_hold_others=False)
    if checks.problems:
        raise InputError(table.source, checks.problems)
    codes = _texts(table, CODE)
    observations = shares(
        codes, [str(month) for month in months], lost, available,
        series="sickness", population=TRUST_WORKFORCE, breakdown=ALL,
    )  # fmt: skip
    return Reading(_organisations(table, codes), observations, _notes(observations["state"].to_list()))


def _check_figures(checks: ColumnChecks, lost: Floats, available: Floats, rate: Floats) -> None:
    """Lost, available and rate must agree with each other, row by row."""
    blank = {name: column.blank for name in (LOST, AVAILABLE, RATE) if (column := checks.table.column(name))}
    if len(blank) < 3:
        return
    checks.where(
        lost > available, LOST, lambda row: f"{lost[row]:,g} days lost is more than the {available[row]:,g} available."
    )
    checks.where(
        blank[LOST] != blank[AVAILABLE],
        LOST,
        lambda _: f"only one of {LOST} and {AVAILABLE} is given; both are needed, or neither.",
    )
    workable = (available > 0) & (lost <= available)
    due = np.full(len(lost), np.nan)
    np.divide(lost * 100, available, out=due, where=workable)
    checks.where(
        workable & blank[RATE], RATE, lambda row: f"is blank, though days are given; they make {due[row]:.2f} percent."
    )
    checks.where(
        workable & (np.abs(rate - due) > _RATE_TOLERANCE),
        RATE,
        lambda row: f"{rate[row]:g} percent is given, but days lost / days available make {due[row]:.2f} percent.",
        "Was a figure typed over, or the file cut short?",
    )
    checks.where(
        blank[LOST] & blank[AVAILABLE] & ~blank[RATE], RATE, lambda _: "a rate is given without the days it is made of."
    )


def _texts(table: Table, name: str) -> list[str]:
    column = table.column(name)
    if column is None:
        return [""] * table.rows
    values: NDArray[np.object_] = np.array(column.values, dtype=object)
    return [str(value) for value in values[column.codes]]


def _organisations(table: Table, codes: list[str]) -> tuple[Organisation, ...]:
    """One for each code; a later row of the same organisation goes before an earlier one."""
    parts = zip(codes, *(_texts(table, name) for name in (NAME, TYPE, REGION, ICS)), strict=True)
    return tuple({part[0]: Organisation(*part) for part in parts}.values())


def _notes(states: list[str]) -> tuple[str, ...]:
    notes = ["All staff together: for support staff these figures are a proxy."]
    for state, why in (("missing", "have no figures"), ("not applicable", "had no days available")):
        if count := states.count(state):
            notes.append(f"{count} row{'' if count == 1 else 's'} {why}: {state}.")
    return tuple(notes)


PUBLICATION = Publication(
    key="sickness-by-organisation",
    title="NHS sickness absence by organisation",
    publisher="NHS England",
    columns=COLUMNS,
    required=COLUMNS,
    version=1,
    attribution=OGL_ATTRIBUTION.format(publisher="NHS England, NHS Sickness Absence Rates"),
    read=read,
)
