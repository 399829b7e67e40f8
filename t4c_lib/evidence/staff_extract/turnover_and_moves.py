"""What takes twelve months to count: turnover, moves into registered posts, apprenticeships begun.

A figure stands under the last of its twelve months and is made only where the extract holds all of them in a row; where
it doesn't there is no figure, rather than one that is missing, so that a short extract takes nothing away from what a
longer one told before.
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from t4c_lib.evidence.column_checks import Floats, Mask
from t4c_lib.evidence.observations import ALL, SUPPORT_STAFF, TRUST_WORKFORCE
from t4c_lib.evidence.staff_extract.person_months import YEAR, Ints, Split, Staff, group_figures, tally

TURNOVER_UNIT = "leavers per person a year"
_MOST_NAMED = 3


def years(staff: Staff) -> Iterator[pd.DataFrame]:
    """Turnover and apprenticeship starts of both populations, and moves from support into registered posts."""
    for population in (TRUST_WORKFORCE, SUPPORT_STAFF):
        yield turnover(staff, population)
        if "apprenticeship_start" in staff.names.columns:
            yield _apprenticeships_begun(staff, population)
    yield _moves_to_registered(staff)
    yield _leavers_by_month_of_service(staff)


def _leavers_by_month_of_service(staff: Staff) -> pd.DataFrame:
    """Of support staff in each month of service, those who left in it, over the twelve months to the newest.

    Late entry is allowed for: somebody with ten months of service when the twelve months begin is counted from the
    eleventh on, and says nothing of those before (the risk set of a left-truncated survival curve).
    """
    groups, people = staff.groups, staff.people
    ends = np.flatnonzero(groups.newest & groups.closes_run(YEAR))
    place = np.full(len(staff.names.organisations), -1, dtype=np.int64)
    place[groups.organisation_numbers[ends]] = np.arange(len(ends))
    last = np.zeros(len(place), dtype=np.int64)
    last[groups.organisation_numbers[ends]] = groups.month_numbers[ends]
    rows = people.only(
        people.support & (place[people.organisation] >= 0) & (people.month > last[people.organisation] - YEAR)
    )
    began = rows.start.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    service = np.clip(rows.month - began, 0, YEAR)
    cell = place[rows.organisation] * (YEAR + 1) + service
    at_risk, left = (np.bincount(cell[who], minlength=len(ends) * (YEAR + 1)) for who in (slice(None), rows.leaves))
    labels = [f"month of service={month}" for month in range(1, YEAR + 1)] + [f"month of service={YEAR + 1}+"]
    return group_figures(
        groups, np.repeat(ends, YEAR + 1), left.astype(np.float64), at_risk.astype(np.float64),
        series="leavers-by-month-of-service", population=SUPPORT_STAFF, breakdown=labels,
        label=np.tile(np.arange(YEAR + 1), len(ends)),
    )  # fmt: skip


def turnover(staff: Staff, population: str, split: Split | None = None) -> pd.DataFrame:
    """Leavers of twelve months over the mean of the people employed when the first began and when the last ended.

    A leaver counts under the band and department of the last month. Who comes and leaves within the twelve months is a
    leaver too, so a rate may pass 1. By a split it is made for the reported months, else for every month.
    """
    groups, people, at = staff.groups, staff.people, staff.at_people
    who, breakdowns = people.are_of(population), (ALL,) if split is None else split.breakdowns
    label = np.zeros(len(at), dtype=np.int64) if split is None else split.of(people)
    ends = groups.closes_run(YEAR) & (True if split is None else groups.reported & split.groups)
    begins = np.zeros(len(ends), dtype=bool)
    begins[groups.at(groups.keys[ends] - YEAR + 1)] = True

    def keys(rows: Mask) -> Ints:
        """Organisation and label, then the month: one number for each of these people."""
        of = groups.keys[at[rows]]
        return (of // groups.width * len(breakdowns) + label[rows]) * groups.width + of % groups.width

    left, leavers = tally(keys(who & people.leaves))
    opened, opening = tally(keys(who & ~people.joins & begins[at]))
    closed, closing = tally(keys(who & ~people.leaves & ends[at]))
    if split is None:
        wanted = groups.keys[ends]
    else:
        touched = (left[:, None] + np.arange(YEAR)).ravel()
        wanted = np.unique(np.concatenate([closed, opened + YEAR - 1, touched]))
    unit, month = wanted // groups.width, wanted % groups.width
    key = unit // len(breakdowns) * groups.width + month
    found = np.minimum(groups.at(key), len(groups.keys) - 1)
    kept = (groups.keys[found] == key) & ends[found]
    wanted, found, unit = wanted[kept], found[kept], unit[kept]
    first = wanted - YEAR + 1
    part = _within(left, leavers, first, wanted)
    whole = (_within(opened, opening, first, first) + _within(closed, closing, wanted, wanted)) / 2
    return group_figures(
        groups, found, part, whole,
        series="turnover", population=population, breakdown=breakdowns, label=unit % len(breakdowns),
        unit=TURNOVER_UNIT,
    )  # fmt: skip


def _within(keys: Ints, counts: Floats, first: Ints, last: Ints) -> Floats:
    """For each pair the sum of the counts of all keys from `first` to `last`, both included."""
    sums = np.concatenate([[0.0], np.cumsum(counts)])
    return np.asarray(sums[np.searchsorted(keys, last, "right")] - sums[np.searchsorted(keys, first, "left")])


def _apprenticeships_begun(staff: Staff, population: str) -> pd.DataFrame:
    groups, begun = staff.groups, staff.people.are_of(population) & staff.people.apprenticed
    ends = np.flatnonzero(groups.closes_run(YEAR))
    sums = np.concatenate([[0.0], np.cumsum(groups.total(staff.at_people, begun))])
    return group_figures(
        groups, ends, sums[ends + 1] - sums[ends + 1 - YEAR],
        series="apprenticeship-starts", population=population, breakdown=ALL, unit="starts a year",
    )  # fmt: skip


def _moves_to_registered(staff: Staff) -> pd.DataFrame:
    """People in a support post without registration in one month and in a registered post in the next.

    Each is counted once in twelve months, however often a record goes to and fro. It takes thirteen months: the first
    says where people were before.
    """
    groups, people, at = staff.groups, staff.people, staff.at_people
    here, there = people.support & ~people.registered, people.registered
    both = np.zeros(int(people.person.max(initial=0)) + 1, dtype=np.int8)
    both[people.person[here]] = 1
    both[people.person[there]] |= 2
    rows = np.flatnonzero(both[people.person] == 3)  # the few who have ever been in either
    place = people.person[rows] * groups.width + people.month[rows] - groups.first + 1
    moved = there[rows] & np.isin(place - 1, place[here[rows]])
    event, who = at[rows[moved]], people.person[rows[moved]]
    windows = event[:, None] + np.arange(YEAR)
    whose = groups.organisation_numbers
    same = whose[np.minimum(windows, len(groups.keys) - 1)] == whose[event][:, None]
    inside = same & (windows < len(groups.keys))
    pairs = np.unique((windows * len(both) + who[:, None])[inside])
    counted = np.bincount(pairs // len(both), minlength=len(groups.keys)).astype(np.float64)
    ends = np.flatnonzero(groups.closes_run(YEAR + 1))
    return group_figures(
        groups, ends, counted[ends],
        series="support-to-registered", population=SUPPORT_STAFF, breakdown=ALL, unit="people a year",
    )  # fmt: skip


def notes_on_years(staff: Staff) -> Iterator[str]:
    """Whose extract is too short, or has a gap too many, for any figure of twelve months."""
    groups = staff.groups
    made = set(groups.organisation_numbers[groups.closes_run(YEAR + 1)].tolist())
    without = [groups.codes[one] for one in groups.organisation_numbers[groups.newest].tolist() if one not in made]
    if not without:
        return
    more = len(without) - _MOST_NAMED
    named = ", ".join(without[:_MOST_NAMED]) + (f" and {more:,} more" if more > 0 else "")
    yield (
        f"{named}: turnover and apprenticeship starts need 12 consecutive months, moves into registered posts 13; "
        "figures are given only for months with that many."
    )
