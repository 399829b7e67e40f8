"""NHS sickness absence by organisation and staff group: the publication's file for benchmarking.

No original was seen: the layout is that of the publisher's own published program. It leaves days and rate empty where
330 FTE days or fewer are available, so an empty cell here is a hidden figure, not an unknown one. The edition of
December 2021 has other column names and fewer columns.
"""

from __future__ import annotations

import numpy as np

from t4c_lib.errors import InputError
from t4c_lib.evidence.columns import ColumnChecks, row_keys
from t4c_lib.evidence.dates import read_dates
from t4c_lib.evidence.file_names import name_problems
from t4c_lib.evidence.frames import observed, together
from t4c_lib.evidence.marks import figures, quotient, share_states
from t4c_lib.evidence.months import check_month_ends, month_texts, months_of
from t4c_lib.evidence.observation import OGL_ATTRIBUTION, State
from t4c_lib.evidence.places import ORGANISATION_CODE, ORGANISATION_CODE_WORDS, organisations, texts, whom_by_row
from t4c_lib.evidence.publication import Publication, Reading
from t4c_lib.evidence.sickness_days import MOST_DAYS, check_days, notes
from t4c_lib.evidence.staff_groups import plain, whom
from t4c_lib.evidence.table import Table

DATE, CODE, NAME, GROUP = "DATE", "ORG_CODE", "ORG_NAME", "STAFF_GROUP"
REGION, CLUSTER = "NHSE_REGION_CODE", "CLUSTER_GROUP"
LOST, AVAILABLE, RATE = "FTE_DAYS_LOST", "FTE_DAYS_AVAILABLE", "SICKNESS_ABSENCE_RATE_PERCENT"
COLUMNS = (DATE, REGION, "NHSE_REGION_NAME", CODE, NAME, CLUSTER, "BENCHMARK_GROUP", GROUP, LOST, AVAILABLE, RATE)
ALIASES = {"Tm End Date": DATE, "Sickness absence rate (%)": RATE}  # the others differ in capitals and spaces only


def read(table: Table) -> Reading:
    """One observation of series `sickness` for each organisation, staff group and month.

    Raises:
        InputError: see the module's tests for the gallery of what is refused.
    """
    checks = ColumnChecks(table)
    checks.filled([DATE, CODE, NAME, GROUP])
    checks.matching(CODE, ORGANISATION_CODE, ORGANISATION_CODE_WORDS)
    dates = read_dates(checks, [DATE])[DATE]
    check_month_ends(checks, DATE, dates)
    lost = figures(checks, LOST, 0, MOST_DAYS, unit="FTE days", blank=State.suppressed)
    available = figures(checks, AVAILABLE, 0, MOST_DAYS, unit="FTE days", blank=State.suppressed)
    rate = checks.numbers(RATE, 0, 100, unit="percent")
    check_days(checks, (LOST, AVAILABLE, RATE), (lost.number, available.number, rate), whole=True)
    checks.unique(
        [row_keys(table.column(name), table.rows) for name in (DATE, CODE, GROUP)],
        CODE,
        "the same organisation, staff group and month as in",
        "Delete one of the two.",
    )
    months = months_of(dates)
    present = sorted({month for month in months if month is not None})
    checks.problems += name_problems(table.source, present, may_hold_others=True)
    if checks.problems:
        raise InputError(table.source, checks.problems)
    groups = texts(table, GROUP)
    population, breakdown = whom_by_row(table, GROUP, about=whom)
    codes, state = texts(table, CODE), share_states(lost, available)
    observations = observed(
        organisation=codes,
        series="sickness",
        population=population,
        breakdown=breakdown,
        period=month_texts(dates),
        numerator=lost.number,
        denominator=available.number,
        value=quotient(lost.number, available.number, state),
        state=state,
        unit="share",
    )
    told = organisations(codes, *(texts(table, name) for name in (NAME, CLUSTER, REGION)), np.full(table.rows, ""))
    return Reading(told, together([observations]), (*notes(state.tolist(), by_group=True), *_notes(groups.tolist())))


def _notes(groups: list[str]) -> tuple[str, ...]:
    found = sorted({plain(group) for group in set(groups)})
    return (f"{len(found)} staff groups: {'; '.join(found)}.",)


def _publication(key: str, title: str, columns: tuple[str, ...], aliases: dict[str, str]) -> Publication:
    return Publication(
        key=key,
        title=title,
        publisher="NHS England",
        columns=columns,
        required=columns,
        version=1,
        attribution=OGL_ATTRIBUTION.format(publisher="NHS England, NHS Sickness Absence Rates"),
        read=read,
        aliases=aliases,
    )


PUBLICATION = _publication(
    "sickness-benchmarking", "NHS sickness absence by organisation and staff group, for benchmarking", COLUMNS, {}
)
PUBLICATION_2021 = _publication(
    "sickness-benchmarking-2021",
    "NHS sickness absence for benchmarking as published in December 2021",
    (DATE, CODE, NAME, GROUP, LOST, AVAILABLE, RATE),
    ALIASES,
)
