"""NHS sickness absence: FTE days lost and available of a month, by organisation, by staff group, and by reason.

Three layouts are rows of days lost, days available and the rate in percent that they make; the rate must be what the
two numbers beside it give, or the file was altered or mixed up, and is refused.

By organisation, April 2022 and after: one file a month, all staff together.
By organisation, April 2009 to March 2022: one file of all months (ESR_ABSENCE_CSV_NHSE.csv). No original was seen: the
columns are those that three public programs read from it, and months are written 2009-APR. Whether days are whole or
broken numbers there is not known, so that a rate may differ by what rounding explains.
For benchmarking, by staff group: no original was seen; the layout is that of the publisher's own published program. It
leaves days and rate empty where 330 FTE days or fewer are available, so an empty cell there is a hidden figure, not an
unknown one. The edition of December 2021 has other column names and fewer columns.

By reason: no original was seen: the columns are those that public programs read. Days lost and available of a group
stand again on every row of its reasons; they are taken once, and a file in which they differ is refused. "All" in the
place of a code stands for a whole region, or with "All" for the region too, for England.
"""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from t4c_lib.evidence.breakdowns import breakdown, is_whole, plain
from t4c_lib.evidence.column_checks import combined, row_keys
from t4c_lib.evidence.observation_frames import ENGLAND, REGION_TYPE, Figures, share_states, shares
from t4c_lib.evidence.observations import OGL_ATTRIBUTION, Organisation, State
from t4c_lib.evidence.publication import Publication
from t4c_lib.evidence.table_layout import (
    ANY,
    CODE,
    FILLED,
    MONTH,
    MONTH_END,
    CheckedRows,
    ColumnKind,
    NumberColumn,
    ShareSeries,
    TableLayout,
    TextColumn,
)

# Half of the last printed decimal, and a hair for a quotient that falls just between two of them.
_RATE_TOLERANCE = 0.005 + 1e-6
DATE, REGION, ORG_CODE, NAME, GROUP, REASON = "DATE", "NHSE_CODE", "ORG_CODE", "ORG_NAME", "STAFF_GROUP", "REASON"
AVAILABLE, LOST, LOST_REASON = "FTE_DAYS_AVAILABLE", "FTE_DAYS_LOST", "FTE_DAYS_LOST_REASON"
DAYS = (LOST, AVAILABLE, "SICKNESS_ABSENCE_RATE_PERCENT")


def rates_beside_days(
    key: str,
    title: str,
    columns: Mapping[str, ColumnKind],
    whose: tuple[str, ...],
    *,
    days: tuple[str, str, str] = DAYS,
    group: str = "",
    blank: State = State.missing,
    rounded: bool = True,
    other_months: bool | None = True,
    **known: Any,
) -> Publication:
    """A publication with the rate beside the days that it is made of.

    Args:
        key: its name in the store.
        title: its name in messages.
        columns: those before the days, and what they hold; the first is that of the month.
        whose: columns of the organisation's code, name, type, region and ICS, as far as there are any.
        days: columns of days lost, days available, and the rate in percent.
        group: column of the staff group; "" where all staff are told together.
        blank: what an empty cell means.
        rounded: whether days may be whole ones where the rate was made of unrounded ones.
        other_months: whether the file may hold other months than its name speaks of; None where the name is not asked.
        known: other fields of a publication.
    """
    number = NumberColumn(1e9, "FTE days", blank=blank)
    layout = TableLayout(
        columns={**columns, days[0]: number, days[1]: number, days[2]: NumberColumn(100, "percent")},
        unique=(next(iter(columns)), *([group] if group else []), whose[0]),
        same="organisation, staff group and month" if group else "organisation and month",
        checks=(partial(_check_days, days, rounded), *([partial(_tell_groups, group)] if group else [])),
        other_months=other_months,
        whose=whose,
        groups=(group,) if group else (),
        series=(ShareSeries("sickness", days[0], days[1]),),
        notes=() if group else ("All staff together: a proxy for support staff.",),
        notes_on=_notes_on_states,
    )
    return _publication(layout, key, title, **known)


def _check_days(days: tuple[str, str, str], rounded: bool, checks: CheckedRows) -> None:
    """Days lost, days available and the rate in percent must agree with each other, row by row."""
    rate_name = days[2]
    lost, available, rate = (checks.figures[name].number for name in days)
    blank = [column.blank for name in days if (column := checks.table.column(name))]
    if len(blank) < 3:
        return
    no_lost, no_available, no_rate = blank
    checks.days_lost(days[:2], lost, available)
    workable = (available > 0) & (lost <= available)
    due = np.full(len(lost), np.nan)
    np.divide(lost * 100, available, out=due, where=workable)
    checks.where(
        workable & no_rate, rate_name, lambda row: f"is blank, but the days beside it give {due[row]:.2f} percent."
    )
    tolerance = np.full(len(lost), _RATE_TOLERANCE)
    if rounded and all((column[~np.isnan(column)] % 1 == 0).all() for column in (lost, available)):
        tolerance += np.divide(50 + due / 2, available, out=np.zeros(len(lost)), where=workable)
    checks.where(
        workable & (np.abs(rate - due) > tolerance),
        rate_name,
        lambda row: f"{rate[row]:g} percent is given, but days lost / days available gives {due[row]:.2f} percent.",
        "Was a figure overwritten, or is the file incomplete?",
    )
    checks.where(
        no_lost & no_available & ~no_rate, rate_name, lambda _: "a rate is given without its days lost and available."
    )


def _tell_groups(group: str, checks: CheckedRows) -> None:
    groups = sorted({plain(text) for text in set(checks.texts(group))})
    checks.notes.append(f"{len(groups)} staff groups: {'; '.join(groups)}.")


def _notes_on_states(observations: pd.DataFrame) -> Iterator[str]:
    reasons = (
        ("missing", "with no figures"),
        ("not applicable", "with no days available"),
        ("suppressed", "withheld by the publisher because numbers are small"),
    )
    for state, why in reasons:
        if count := int((observations["state"] == state).sum()):
            yield f"{count:,} row{'' if count == 1 else 's'} {why}: {state}."


def _check_reasons(checks: CheckedRows) -> None:
    """Days of a group are the same on every row of its reasons, and no reason has more than the group."""
    first = _first_of_group(checks)
    for name in (AVAILABLE, LOST):
        _check_repeats(checks, name, first)
    lost, part = checks.figures[LOST].number, checks.figures[LOST_REASON].number
    checks.where(
        part > lost + 0.005,
        LOST_REASON,
        lambda row: f"{part[row]:,g} days lost for one reason are more than the {lost[row]:,g} lost in all.",
    )


def _first_of_group(rows: CheckedRows) -> NDArray[np.int64]:
    """For each row the first row of its organisation, staff group and month."""
    keys = [row_keys(rows.table.column(name), rows.table.rows) for name in (DATE, REGION, ORG_CODE, GROUP)]
    return np.asarray(pd.Series(np.arange(rows.table.rows)).groupby(combined(keys)).transform("first"))


def _check_repeats(checks: CheckedRows, name: str, first: NDArray[np.int64]) -> None:
    number = checks.figures[name].number
    usual = number[first]
    differs = (number != usual) & ~(np.isnan(number) & np.isnan(usual))
    checks.where(
        differs,
        name,
        lambda row: (
            f"{number[row]:,g} here, but {usual[row]:,g} in row {int(first[row]) + checks.table.first_row:,} for the "
            "same staff group."
        ),
        "A staff group's days should be the same on every row of its reasons.",
    )


def _by_group_and_reason(rows: CheckedRows) -> Iterator[pd.DataFrame]:
    """One observation for each group, and one for each reason ("reason=S11 Back Problems")."""
    reason = rows.texts(REASON)
    once = np.unique(_first_of_group(rows))
    by_reason = np.flatnonzero([not is_whole(text) for text in reason])
    named = rows.frame.iloc[by_reason]
    own = zip(named["breakdown"], reason[by_reason], strict=True)
    of_reason = [breakdown(group, f"reason={text}") for group, text in own]
    for chosen, at, days in (
        (rows.frame.iloc[once], once, LOST),
        (named.assign(breakdown=of_reason), by_reason, LOST_REASON),
    ):
        figures = (rows.figures[name] for name in (days, AVAILABLE))
        taken, out_of = (Figures(one.number[at], one.state[at]) for one in figures)
        state = share_states(taken, out_of)
        yield shares(chosen, taken.number, out_of.number, series="sickness", state=state)
    counted = f"{len(once):,} groups with {rows.table.rows:,} rows of reasons"
    rows.notes.append(f"{counted}; each group's total is counted once.")


def _organisation(region: str, code: str, name: str) -> Organisation:
    if not is_whole(code):
        return Organisation(code, name, region="" if is_whole(region) else region)
    if is_whole(region):
        return ENGLAND
    return Organisation(region, name if not is_whole(name) else region, REGION_TYPE)


_CODE_OR_ALL = TextColumn(r"[A-Z0-9]{3,6}|(?i:all( .*)?)", "a code of 3 to 6 capital letters and figures, or 'All'")
BY_REASON = TableLayout(
    columns={
        DATE: MONTH_END, REGION: _CODE_OR_ALL, ORG_CODE: _CODE_OR_ALL, NAME: FILLED, GROUP: FILLED, REASON: FILLED,
        **dict.fromkeys((AVAILABLE, LOST, LOST_REASON), NumberColumn(1e9, "FTE days")),
    },
    unique=(DATE, REGION, ORG_CODE, GROUP, REASON),
    same="organisation, staff group, month and reason",
    checks=(_check_reasons,),
    other_months=True,
    whose=(REGION, ORG_CODE, NAME),
    organisation=_organisation,
    groups=(GROUP,),
    series=(_by_group_and_reason,),
    notes_on=_notes_on_states,
)  # fmt: skip


def _publication(
    layout: TableLayout, key: str, title: str, *, publisher: str = "NHS England", **known: Any
) -> Publication:
    source = OGL_ATTRIBUTION.format(publisher=f"{publisher}, NHS Sickness Absence Rates")
    return Publication.of(layout, key=key, title=title, publisher=publisher, version=1, attribution=source, **known)


_AREAS = {"NHSE_REGION_CODE": ANY, "NHSE_REGION_NAME": ANY}
PUBLICATIONS = (
    rates_beside_days(
        "sickness-by-organisation", "NHS sickness absence by organisation",
        {DATE: MONTH_END, **_AREAS, "ICS_CODE": ANY, "ICS_NAME": ANY,
         ORG_CODE: TextColumn(r"[A-Z0-9]{3,6}", CODE.wanted), NAME: FILLED, "ORG_TYPE": ANY},
        (ORG_CODE, NAME, "ORG_TYPE", "NHSE_REGION_CODE", "ICS_CODE"),
        rounded=False, other_months=False,
    ),
    rates_beside_days(
        "sickness-2009-2022", "NHS sickness absence by organisation, 2009 to 2022",
        {"Date": MONTH, "Org Type": ANY, "Org Code": CODE, "Org Name": FILLED}, ("Org Code", "Org Name", "Org Type"),
        days=("FTE Days Sick", "FTE Days Available", "SA Rate (%)"), other_months=None, publisher="NHS Digital",
    ),
    rates_beside_days(
        "sickness-benchmarking", "NHS sickness absence by organisation and staff group, for benchmarking",
        {DATE: MONTH_END, **_AREAS, ORG_CODE: CODE, NAME: FILLED, "CLUSTER_GROUP": ANY, "BENCHMARK_GROUP": ANY,
         GROUP: FILLED},
        (ORG_CODE, NAME, "CLUSTER_GROUP", "NHSE_REGION_CODE"), group=GROUP, blank=State.suppressed,
    ),
    rates_beside_days(
        "sickness-benchmarking-2021", "NHS sickness absence for benchmarking as published in December 2021",
        {DATE: MONTH_END, ORG_CODE: CODE, NAME: FILLED, GROUP: FILLED}, (ORG_CODE, NAME),
        group=GROUP, blank=State.suppressed,
        # The other names differ in capitals and spaces only.
        aliases={"Tm End Date": DATE, "Sickness absence rate (%)": DAYS[2]},
    ),
    _publication(BY_REASON, "sickness-by-reason", "NHS sickness absence by reason, staff group and organisation"),
)  # fmt: skip
