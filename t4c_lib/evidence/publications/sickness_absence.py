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

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from t4c_lib.evidence.breakdowns import breakdown, is_whole, plain
from t4c_lib.evidence.column_checks import ColumnChecks, Floats, combined, row_keys
from t4c_lib.evidence.csv_table import DataTable
from t4c_lib.evidence.dates import read_month_ends, read_months
from t4c_lib.evidence.files import name_problems
from t4c_lib.evidence.observation_frames import (
    ENGLAND,
    ORGANISATION_CODE,
    REGION_TYPE,
    Figures,
    check_codes,
    each,
    figures,
    organisations,
    rows_of,
    share_states,
    shares,
    texts,
    together,
    words,
)
from t4c_lib.evidence.observations import OGL_ATTRIBUTION, Organisation, State
from t4c_lib.evidence.publication import FileContents, Publication

MOST_DAYS = 1e9
# Half of the last printed decimal, and a hair for a quotient that falls just between two of them.
_RATE_TOLERANCE = 0.005 + 1e-6


@dataclass(frozen=True)
class SicknessLayout:
    """A layout with the rate beside the days that it is made of.

    Attributes:
        date: column of the month's last day; of the month by name, where no file name says of which month it is.
        code: column of the organisation, as are name, type, region and ics; "" where there is none.
        days: columns of days lost, days available, and the rate.
        group: column of the staff group; "" where all staff are told together.
        blank: what an empty cell means.
        rounded: whether days may be whole ones where the rate was made of unrounded ones.
        by_name: whether months are written by name, 2009-APR.
        other_months: whether the file may hold other months than its name speaks of; None where the name is not asked.
        code_pattern: of the codes.
    """

    date: str = "DATE"
    code: str = "ORG_CODE"
    name: str = "ORG_NAME"
    type: str = ""
    region: str = "NHSE_REGION_CODE"
    ics: str = ""
    days: tuple[str, str, str] = ("FTE_DAYS_LOST", "FTE_DAYS_AVAILABLE", "SICKNESS_ABSENCE_RATE_PERCENT")
    group: str = ""
    blank: State = State.missing
    rounded: bool = True
    by_name: bool = False
    other_months: bool | None = True
    code_pattern: str = ORGANISATION_CODE


BY_ORGANISATION = SicknessLayout(
    type="ORG_TYPE", ics="ICS_CODE", rounded=False, other_months=False, code_pattern=r"[A-Z0-9]{3,6}"
)
ALL_MONTHS = SicknessLayout(
    date="Date",
    code="Org Code",
    name="Org Name",
    type="Org Type",
    region="",
    days=("FTE Days Sick", "FTE Days Available", "SA Rate (%)"),
    by_name=True,
    other_months=None,
)
BENCHMARKING = SicknessLayout(type="CLUSTER_GROUP", group="STAFF_GROUP", blank=State.suppressed)


def read_rates(layout: SicknessLayout, table: DataTable) -> FileContents:
    """One observation of series `sickness` for each organisation, month and, where it has them, staff group."""
    checks = ColumnChecks(table)
    key = [layout.date, layout.code, *([layout.group] if layout.group else [])]
    checks.filled([layout.date, layout.code, layout.name, *key[2:]])
    check_codes(checks, layout.code, layout.code_pattern)
    months = (read_months if layout.by_name else read_month_ends)(checks, layout.date)
    lost, available = (
        figures(checks, name, 0, MOST_DAYS, unit="FTE days", blank=layout.blank) for name in layout.days[:2]
    )
    rate = checks.numbers(layout.days[2], 0, 100, unit="percent")
    check_days(checks, layout.days, (lost.number, available.number, rate), whole=layout.rounded)
    what = "organisation, staff group and month" if layout.group else "organisation and month"
    checks.unique_rows(key, layout.code, f"the same {what} as in", "Delete one of the two.")
    if layout.other_months is not None:
        checks.problems += name_problems(table.source, months, may_hold_others=layout.other_months)
    checks.refuse()
    rows, state = rows_of(table, layout.code, months, *key[2:]), share_states(lost, available)
    observations = shares(rows, lost.number, available.number, series="sickness", state=state)
    if layout.group:
        observations = together([observations])
    told = organisations(table, layout.code, layout.name, layout.type, layout.region, layout.ics)
    found = notes(state.tolist(), by_group=bool(layout.group))
    if layout.group:
        groups = sorted({plain(group) for group in set(texts(table, layout.group))})
        found = (*found, f"{len(groups)} staff groups: {'; '.join(groups)}.")
    return FileContents(told, observations, found)


def check_days(
    checks: ColumnChecks, names: tuple[str, str, str], numbers: tuple[Floats, Floats, Floats], *, whole: bool = False
) -> None:
    """Days lost, days available and the rate in percent must agree with each other, row by row.

    Args:
        checks: the table and its problems.
        names: of the three columns, in that order.
        numbers: their figures, NaN where blank.
        whole: True where an edition may print days rounded to whole ones, and the rate from unrounded ones.
    """
    lost_name, available_name, rate_name = names
    lost, available, rate = numbers
    blank = [column.blank for name in names if (column := checks.table.column(name))]
    if len(blank) < 3:
        return
    no_lost, no_available, no_rate = blank
    checks.where(
        lost > available,
        lost_name,
        lambda row: f"{lost[row]:,g} days lost is more than the {available[row]:,g} available.",
    )
    checks.where(
        no_lost != no_available,
        lost_name,
        lambda _: f"only one of {lost_name} and {available_name} is given; both are needed, or neither.",
    )
    workable = (available > 0) & (lost <= available)
    due = np.full(len(lost), np.nan)
    np.divide(lost * 100, available, out=due, where=workable)
    checks.where(
        workable & no_rate, rate_name, lambda row: f"is blank, but the days beside it give {due[row]:.2f} percent."
    )
    tolerance = np.full(len(lost), _RATE_TOLERANCE)
    if whole and all((column[~np.isnan(column)] % 1 == 0).all() for column in (lost, available)):
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


def notes(states: Sequence[str], *, by_group: bool = False) -> tuple[str, ...]:
    """What a person should know of the figures' states, and whom they are about."""
    found = [] if by_group else ["All staff together: a proxy for support staff."]
    reasons = (
        ("missing", "with no figures"),
        ("not applicable", "with no days available"),
        ("suppressed", "withheld by the publisher because numbers are small"),
    )
    for state, why in reasons:
        if count := list(states).count(state):
            found.append(f"{count:,} row{'' if count == 1 else 's'} {why}: {state}.")
    return tuple(found)


DATE, REGION, CODE, NAME, GROUP, REASON = "DATE", "NHSE_CODE", "ORG_CODE", "ORG_NAME", "STAFF_GROUP", "REASON"
AVAILABLE, LOST, LOST_REASON = "FTE_DAYS_AVAILABLE", "FTE_DAYS_LOST", "FTE_DAYS_LOST_REASON"


def read_reasons(table: DataTable) -> FileContents:
    """Series `sickness`: one observation for each group, and one for each reason ("reason=S11 Back Problems")."""
    checks = ColumnChecks(table)
    checks.filled([DATE, REGION, CODE, NAME, GROUP, REASON])
    pattern = r"[A-Z0-9]{3,6}|(?i:all( .*)?)"
    for name in (REGION, CODE):
        checks.matching(name, pattern, "a code of 3 to 6 capital letters and figures, or 'All'")
    months = read_month_ends(checks, DATE)
    columns = {name: figures(checks, name, 0, MOST_DAYS, unit="FTE days") for name in (AVAILABLE, LOST, LOST_REASON)}
    keys = [row_keys(table.column(name), table.rows) for name in (DATE, REGION, CODE, GROUP)]
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
    checks.problems += name_problems(table.source, months, may_hold_others=True)
    checks.refuse()
    told, which = each(table, [REGION, CODE, NAME], _organisation)
    rows = rows_of(table, CODE, months, GROUP).assign(organisation=words([one.code for one in told], which))
    reason = texts(table, REASON)
    once = np.unique(first)
    by_reason = np.flatnonzero([not is_whole(text) for text in reason])
    own = rows["breakdown"].iloc[by_reason]
    of_reason = [breakdown(group, f"reason={text}") for group, text in zip(own, reason[by_reason], strict=True)]
    groups = rows.iloc[once]
    named = rows.iloc[by_reason].assign(breakdown=of_reason)
    frames = []
    for chosen, at, days in ((groups, once, columns[LOST]), (named, by_reason, columns[LOST_REASON])):
        taken, out_of = (Figures(one.number[at], one.state[at]) for one in (days, columns[AVAILABLE]))
        state = share_states(taken, out_of)
        frames.append(shares(chosen, taken.number, out_of.number, series="sickness", state=state))
    observations = together([frame for frame in frames if len(frame)])
    note = f"{len(once):,} groups with {table.rows:,} rows of reasons; each group's total is counted once."
    named_once = tuple({one.code: one for one in told}.values())
    return FileContents(named_once, observations, (note, *notes(observations["state"].to_list(), by_group=True)))


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
        "A staff group's days should be the same on every row of its reasons.",
    )


def _organisation(region: str, code: str, name: str) -> Organisation:
    if not is_whole(code):
        return Organisation(code, name, region="" if is_whole(region) else region)
    if is_whole(region):
        return ENGLAND
    return Organisation(region, name if not is_whole(name) else region, REGION_TYPE)


def _publication(key: str, title: str, *columns: str, layout: SicknessLayout | None, **others: Any) -> Publication:
    publisher = others.pop("publisher", "NHS England")
    return Publication(
        key=key,
        title=title,
        publisher=publisher,
        columns=columns,
        required=columns,
        version=1,
        attribution=OGL_ATTRIBUTION.format(publisher=f"{publisher}, NHS Sickness Absence Rates"),
        read=read_reasons if layout is None else partial(read_rates, layout),
        **others,
    )


PUBLICATIONS = (
    _publication(
        "sickness-by-organisation", "NHS sickness absence by organisation",
        "DATE", "NHSE_REGION_CODE", "NHSE_REGION_NAME", "ICS_CODE", "ICS_NAME", CODE, NAME, "ORG_TYPE",
        *BY_ORGANISATION.days, layout=BY_ORGANISATION,
    ),
    _publication(
        "sickness-2009-2022", "NHS sickness absence by organisation, 2009 to 2022",
        "Date", "Org Type", "Org Code", "Org Name", *ALL_MONTHS.days, layout=ALL_MONTHS, publisher="NHS Digital",
    ),
    _publication(
        "sickness-benchmarking", "NHS sickness absence by organisation and staff group, for benchmarking",
        "DATE", "NHSE_REGION_CODE", "NHSE_REGION_NAME", CODE, NAME, "CLUSTER_GROUP", "BENCHMARK_GROUP", GROUP,
        *BENCHMARKING.days, layout=BENCHMARKING,
    ),
    _publication(
        "sickness-benchmarking-2021", "NHS sickness absence for benchmarking as published in December 2021",
        DATE, CODE, NAME, GROUP, *BENCHMARKING.days, layout=BENCHMARKING,
        # The other names differ in capitals and spaces only.
        aliases={"Tm End Date": DATE, "Sickness absence rate (%)": "SICKNESS_ABSENCE_RATE_PERCENT"},
    ),
    _publication(
        "sickness-by-reason", "NHS sickness absence by reason, staff group and organisation",
        DATE, REGION, CODE, NAME, GROUP, REASON, AVAILABLE, LOST, LOST_REASON, layout=None,
    ),
)  # fmt: skip
