"""Newcomers and the Care Certificate: within 84 days, and week by week.

A newcomer is somebody in clinical support or direct care, bands 1 to 4, counted from the first day with the employer.
The first 84 days are over when day 84 after the first day is no later than the month's end. A certificate counts on the
day on which the standards were met, however late it was recorded; one that somebody brought along counts from day 0.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from t4c_lib.evidence.column_checks import Mask
from t4c_lib.evidence.observations import ALL
from t4c_lib.evidence.staff_extract.person_months import NEVER, YEAR, Ints, Staff, StaffRows, group_figures, ways

POPULATION = "clinical support starters"
DAYS = 84  # 12 weeks
WEEKS = 26  # for which the curve is kept
SERIES, WEEKS_SERIES = "certificate-in-12-weeks", "certificate-by-week"


def newcomers(staff: Staff) -> StaffRows:
    """Who came in the last twelve months of an organisation's extract: for each the last row in clinical support.

    Earlier months than the extract holds would know only those who are still there, so they don't count.
    """
    people, groups = staff.people, staff.groups
    known_from = np.zeros(len(staff.names.organisations), dtype=np.int64)
    numbers, months = groups.organisation_numbers, groups.month_numbers
    known_from[numbers[::-1]] = months[::-1]  # the first month of each is written last
    whole_year = months[groups.newest] - YEAR + 1
    known_from[numbers[groups.newest]] = np.maximum(known_from[numbers[groups.newest]], whole_year)
    came = _month_ends(known_from - 1)[people.organisation] + 1
    chosen = np.flatnonzero(people.clinical & (people.start >= came))
    rows = people.only(chosen[np.lexsort((people.month[chosen], people.start[chosen], people.person[chosen]))])
    told = pd.DataFrame({name: getattr(rows, name) for name in ("person", "start", "certificate")})
    earliest = told.groupby(["person", "start"])["certificate"].transform("min").to_numpy()
    last = ~told.duplicated(["person", "start"], keep="last").to_numpy()
    return replace(rows.only(last), certificate=earliest[last])


def days_to_certificate(rows: StaffRows) -> tuple[Ints, Mask]:
    """For each newcomer the days to the certificate or to the last day known, and whether it is the certificate."""
    known_until = np.minimum(rows.left, _month_ends(rows.month))
    certified = rows.certificate <= known_until
    return np.maximum(np.where(certified, rows.certificate, known_until) - rows.start, 0), certified


def observations(staff: Staff) -> Iterator[pd.DataFrame]:
    """The share within 84 days by month, department and band; who is left out of it; and the curve, week by week."""
    if "care_certificate_date" not in staff.names.columns:
        return
    groups = staff.groups
    before = _month_ends(staff.people.month - 1)
    chosen = np.flatnonzero(staff.people.clinical & (staff.people.start + DAYS > before))
    people, at, end = staff.people.only(chosen), staff.at_people[chosen], _month_ends(staff.people.month[chosen])
    stays = people.left >= people.start + DAYS
    due = stays & (people.start + DAYS <= end)
    met = due.copy()
    met[due] = _met_in_time(staff.people, people.only(due))
    part, whole = groups.total(at, met), groups.total(at, due)
    yield group_figures(groups, groups.every, part, whole, series=SERIES, population=POPULATION, breakdown=ALL)
    waiting, left_early = ~people.leaves & (people.start + DAYS > end), people.leaves & ~stays
    for series, who in (("certificate-waiting", waiting), ("certificate-left-early", left_early)):
        number = groups.total(at, who)
        yield group_figures(groups, groups.every, number, series=series, population=POPULATION, breakdown=ALL)
    yield from _split(staff, at[due], people.only(due), met[due])
    yield _weeks(staff)


def _met_in_time(everybody: StaffRows, due: StaffRows) -> Mask:
    """Whether any row of the same employment, however late, has a certificate of day 84 or before."""
    # Of all employments only those that began late enough to be due: the others are most of an extract.
    late = (everybody.certificate <= everybody.start + DAYS) & (everybody.start >= due.start.min(initial=NEVER))
    met = pd.MultiIndex.from_arrays([everybody.person[late], everybody.start[late]])
    return np.asarray(pd.MultiIndex.from_arrays([due.person, due.start]).isin(met))


def _split(staff: Staff, at: Ints, people: StaffRows, met: Mask) -> Iterator[pd.DataFrame]:
    for way in ways(staff):
        people_told = pd.DataFrame({"group": at, "label": way.of(people), "met": met})[way.groups[at]]
        cells = people_told.groupby(["group", "label"])["met"].agg(["sum", "size"]).reset_index()
        part, whole = (cells[name].to_numpy(np.float64) for name in ("sum", "size"))
        yield group_figures(
            staff.groups, cells["group"].to_numpy(), part, whole,
            series=SERIES, population=POPULATION, breakdown=way.breakdowns, label=cells["label"].to_numpy(),
        )  # fmt: skip


def _weeks(staff: Staff) -> pd.DataFrame:
    """For each organisation's newest month: of its newcomers of twelve months, who was certified in which week.

    Weeks, not days: nobody's own day goes into the store, and counts can be hidden as counts are. The share of week 12
    is that of the first 84 days.
    """
    rows = newcomers(staff)
    days, certified = days_to_certificate(rows)
    week = np.minimum(-(-days // 7), WEEKS + 1)
    newest = np.flatnonzero(staff.groups.newest)
    cell, shape = staff.groups.places(newest)[rows.organisation] * (WEEKS + 2) + week, (len(newest), WEEKS + 2)
    last_in, gained = (
        np.bincount(cell[who], minlength=shape[0] * shape[1]).reshape(shape).astype(np.float64)
        for who in (slice(None), certified)
    )
    at_risk = last_in[:, ::-1].cumsum(axis=1)[:, ::-1]
    return group_figures(
        staff.groups, np.repeat(newest, WEEKS + 1), gained[:, :-1].ravel(), at_risk[:, :-1].ravel(),
        series=WEEKS_SERIES, population=POPULATION, breakdown=[f"week={week}" for week in range(WEEKS + 1)],
        label=np.tile(np.arange(WEEKS + 1), len(newest)),
    )  # fmt: skip


def _month_ends(months: Ints) -> Ints:
    """The last day of each month, as days since 1 January 1970."""
    first, last = int(months.min(initial=0)), int(months.max(initial=0))
    ends = np.arange(first + 1, last + 2).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64) - 1
    return ends[months - first]
