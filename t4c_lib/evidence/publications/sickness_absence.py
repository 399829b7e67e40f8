"""NHS sickness absence: days against rates and reasons, of the tables that sickness_absence.yaml explains."""

from collections.abc import Iterator
from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from t4c_lib.evidence.breakdowns import breakdown, is_whole, plain
from t4c_lib.evidence.column_checks import combined
from t4c_lib.evidence.observation_frames import ENGLAND, REGION_TYPE, Figures, shares
from t4c_lib.evidence.observations import Organisation
from t4c_lib.evidence.slips import said
from t4c_lib.evidence.table_layout import CheckedRows, ShareSeries

# Half of the last printed decimal, and a hair for a quotient that falls just between two of them.
_RATE_TOLERANCE = 0.005 + 1e-6
DATE, REGION, ORG_CODE, GROUP, REASON = "DATE", "NHSE_CODE", "ORG_CODE", "STAFF_GROUP", "REASON"
AVAILABLE, LOST, LOST_REASON = "FTE_DAYS_AVAILABLE", "FTE_DAYS_LOST", "FTE_DAYS_LOST_REASON"


def check_days(checks: CheckedRows, *, rounded: bool = True) -> None:
    """Days lost, days available and the rate in percent must agree with each other, row by row.

    Days may be whole ones where the rate was made of unrounded ones, if they are `rounded`.
    """
    made_of, rate_name = checks.layout.series[0], [*checks.layout.columns][-1]
    assert isinstance(made_of, ShareSeries)  # noqa: S101  (as every file of days and rates declares)
    days = (made_of.part, made_of.whole, rate_name)
    lost, available, rate = (checks.figures[name].number for name in days)
    if not set(days) <= set(checks.table.names):
        return
    no_lost, no_available, no_rate = (checks.table.column(name).blank for name in days)
    checks.days_lost(days[:2], lost, available)
    workable = (available > 0) & (lost <= available)
    due = np.divide(lost * 100, available, out=np.full(len(lost), np.nan), where=workable)
    checks.where(workable & no_rate, rate_name, "is blank, but the days beside it give {due:.2f} percent.", due=due)
    tolerance = np.full(len(lost), _RATE_TOLERANCE)
    if rounded and all((column[~np.isnan(column)] % 1 == 0).all() for column in (lost, available)):
        tolerance += np.divide(50 + due / 2, available, out=np.zeros(len(lost)), where=workable)
    differs = workable & (np.abs(rate - due) > tolerance)
    checks.where(differs, rate_name, *said("rate differs from days"), rate=rate, due=due)
    checks.where(no_lost & no_available & ~no_rate, rate_name, *said("rate without its days"))


check_unrounded_days = partial(check_days, rounded=False)


def tell_groups(checks: CheckedRows) -> None:
    """A note on which staff groups there are."""
    groups = sorted({plain(text) for text in set(checks.table.texts(GROUP))})
    checks.notes.append(f"{len(groups)} staff groups: {'; '.join(groups)}.")


def notes_on_states(observations: pd.DataFrame) -> Iterator[str]:
    """How many rows have no figure, and why."""
    small = "withheld by the publisher because numbers are small"
    why_none = {"missing": "with no figures", "not applicable": "with no days available", "suppressed": small}
    for state, why in why_none.items():
        if count := int((observations["state"] == state).sum()):
            yield f"{count:,} row{'' if count == 1 else 's'} {why}: {state}."


def check_reasons(checks: CheckedRows) -> None:
    """Days of a group are the same on every row of its reasons, and no reason has more than the group."""
    first = _first_of_group(checks)
    differing = said("days differ between reasons")
    for name in (AVAILABLE, LOST):
        number = checks.figures[name].number
        usual = number[first]
        differs = (number != usual) & ~(np.isnan(number) & np.isnan(usual))
        checks.where(differs, name, *differing, number=number, usual=usual, first=first + checks.table.first_row)
    lost, part = checks.figures[LOST].number, checks.figures[LOST_REASON].number
    checks.where(part > lost + 0.005, LOST_REASON, *said("reason has more than all"), part=part, lost=lost)


def _first_of_group(rows: CheckedRows) -> NDArray[np.int64]:
    keys = [rows.table.keys(name) for name in (DATE, REGION, ORG_CODE, GROUP)]
    return np.asarray(pd.Series(np.arange(rows.table.rows)).groupby(combined(keys)).transform("first"))


def by_group_and_reason(rows: CheckedRows) -> Iterator[pd.DataFrame]:
    """One observation for each group, and one for each reason ("reason=S11 Back Problems")."""
    reason = rows.table.texts(REASON)
    once = np.unique(_first_of_group(rows))
    by_reason = np.flatnonzero([not is_whole(text) for text in reason])
    named = rows.frame.iloc[by_reason]
    own = zip(named["breakdown"], reason[by_reason], strict=True)
    of_reason = [breakdown(group, f"reason={text}") for group, text in own]
    told = (rows.frame.iloc[once], once, LOST), (named.assign(breakdown=of_reason), by_reason, LOST_REASON)
    for chosen, at, days in told:
        figures = (rows.figures[name] for name in (days, AVAILABLE))
        yield shares(chosen, *(Figures(one.number[at], one.state[at]) for one in figures), series="sickness")
    counted = f"{len(once):,} groups with {rows.table.rows:,} rows of reasons"
    rows.notes.append(f"{counted}; each group's total is counted once.")


def organisation(region: str, code: str, name: str) -> Organisation:
    """Whom a row is about: an employer, or with "All" in its place a region, or England."""
    if not is_whole(code):
        return Organisation(code, name, region="" if is_whole(region) else region)
    if is_whole(region):
        return ENGLAND
    return Organisation(region, name if not is_whole(name) else region, REGION_TYPE)
