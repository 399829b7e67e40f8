"""NHS sickness absence by reason, staff group and organisation.

No original was seen: the columns are those that public programs read. Days lost and available of a group stand again on
every row of its reasons; they are taken once, and a file in which they differ is refused. "All" in the place of a code
stands for a whole region, or with "All" for the region too, for England.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from t4c_lib.errors import InputError
from t4c_lib.evidence.columns import ColumnChecks, combined, row_keys
from t4c_lib.evidence.dates import read_dates
from t4c_lib.evidence.file_names import name_problems
from t4c_lib.evidence.frames import observed, together
from t4c_lib.evidence.marks import Figures, figures, quotient, share_states
from t4c_lib.evidence.months import check_month_ends, month_texts, months_of
from t4c_lib.evidence.observation import OGL_ATTRIBUTION, Organisation
from t4c_lib.evidence.places import ENGLAND, REGION_TYPE, each, texts, whom_by_row, words
from t4c_lib.evidence.publication import Publication, Reading
from t4c_lib.evidence.sickness_days import MOST_DAYS, notes
from t4c_lib.evidence.staff_groups import breakdown, is_whole, whom
from t4c_lib.evidence.table import Table

DATE, REGION, CODE, NAME, GROUP, REASON = "DATE", "NHSE_CODE", "ORG_CODE", "ORG_NAME", "STAFF_GROUP", "REASON"
AVAILABLE, LOST, LOST_REASON = "FTE_DAYS_AVAILABLE", "FTE_DAYS_LOST", "FTE_DAYS_LOST_REASON"
COLUMNS = (DATE, REGION, CODE, NAME, GROUP, REASON, AVAILABLE, LOST, LOST_REASON)
_KEY = (DATE, REGION, CODE, GROUP)


def read(table: Table) -> Reading:
    """Series `sickness`: one observation for each group, and one for each of its reasons ("reason=S11 Back Problems").

    Raises:
        InputError: see the module's tests for the gallery of what is refused.
    """
    checks = ColumnChecks(table)
    checks.filled([DATE, REGION, CODE, NAME, GROUP, REASON])
    pattern = r"[A-Z0-9]{3,6}|(?i:all( .*)?)"
    for name in (REGION, CODE):
        checks.matching(name, pattern, "a code of 3 to 6 capital letters and figures, or 'All'")
    dates = read_dates(checks, [DATE])[DATE]
    check_month_ends(checks, DATE, dates)
    columns = {name: figures(checks, name, 0, MOST_DAYS, unit="FTE days") for name in (AVAILABLE, LOST, LOST_REASON)}
    keys = [row_keys(table.column(name), table.rows) for name in _KEY]
    reasons = row_keys(table.column(REASON), table.rows)
    checks.unique([*keys, reasons], REASON, "the same organisation, staff group, month and reason as in")
    first = pd.Series(np.arange(table.rows)).groupby(combined(keys)).transform("first").to_numpy()
    for name in (AVAILABLE, LOST):
        _check_repeats(checks, name, columns[name], first)
    lost, part = columns[LOST].number, columns[LOST_REASON].number
    checks.where(
        part > lost + 0.005,
        LOST_REASON,
        lambda row: f"{part[row]:,g} days lost for one reason are more than the {lost[row]:,g} lost in all.",
    )
    months = months_of(dates)
    checks.problems += name_problems(table.source, sorted({m for m in months if m is not None}), may_hold_others=True)
    if checks.problems:
        raise InputError(table.source, checks.problems)
    told, which = each(table, [REGION, CODE, NAME], _organisation)
    frame = pd.DataFrame({"organisation": words([one.code for one in told], which), "period": month_texts(dates)})
    frame["population"], frame["group"] = whom_by_row(table, GROUP, about=whom)
    once = np.unique(first)
    by_reason = ~np.array([is_whole(reason) for reason in texts(table, REASON)], dtype=bool)
    parts = [_shares(frame, once, columns[LOST], columns[AVAILABLE], None)]
    parts.append(
        _shares(frame, np.flatnonzero(by_reason), columns[LOST_REASON], columns[AVAILABLE], texts(table, REASON))
    )
    observations = together([part for part in parts if len(part)])
    note = f"{len(once):,} groups with {table.rows:,} rows of reasons; each group's total is taken once."
    organisations = tuple({one.code: one for one in told}.values())
    return Reading(organisations, observations, (note, *notes(observations["state"].to_list(), by_group=True)))


def _check_repeats(checks: ColumnChecks, name: str, column: Figures, first: NDArray[np.int64]) -> None:
    number = column.number
    usual = number[first]
    differs = (number != usual) & ~(np.isnan(number) & np.isnan(usual))
    checks.where(
        differs,
        name,
        lambda row: (
            f"{number[row]:,g} here, but {usual[row]:,g} in row {int(first[row]) + checks.table.first_row:,} for the "
            "same staff group."
        ),
        "A group's days are the same on the rows of all its reasons.",
    )


def _organisation(region: str, code: str, name: str) -> Organisation:
    if not is_whole(code):
        return Organisation(code, name, region="" if is_whole(region) else region)
    if is_whole(region):
        return ENGLAND
    return Organisation(region, name if not is_whole(name) else region, REGION_TYPE)


def _shares(
    frame: pd.DataFrame, rows: NDArray[np.int64], part: Figures, whole: Figures, reasons: NDArray[np.object_] | None
) -> pd.DataFrame:
    part, whole = (Figures(one.number[rows], one.state[rows]) for one in (part, whole))
    state = share_states(part, whole)
    chosen = frame.iloc[rows]
    groups = chosen["group"].tolist()
    if reasons is not None:
        groups = [breakdown(group, f"reason={reason}") for group, reason in zip(groups, reasons[rows], strict=True)]
    return observed(
        organisation=chosen["organisation"].tolist(),
        series="sickness",
        population=chosen["population"].tolist(),
        breakdown=groups,
        period=chosen["period"].tolist(),
        numerator=part.number,
        denominator=whole.number,
        value=quotient(part.number, whole.number, state),
        state=state,
        unit="share",
    )


PUBLICATION = Publication(
    key="sickness-by-reason",
    title="NHS sickness absence by reason, staff group and organisation",
    publisher="NHS England",
    columns=COLUMNS,
    required=COLUMNS,
    version=1,
    attribution=OGL_ATTRIBUTION.format(publisher="NHS England, NHS Sickness Absence Rates"),
    read=read,
)
