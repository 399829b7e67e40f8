"""Person rows to monthly observations. Persons come in as rows and go out as counts; nothing of a person is kept.

Who is in post, who joins and who leaves is told in `person_months`; by it headcount = previous headcount + joiners -
leavers. FTE days count under the band of the assignment that they belong to.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from t4c_lib.evidence.column_checks import Floats, Mask
from t4c_lib.evidence.observation_frames import together
from t4c_lib.evidence.observations import ALL, SUPPORT_STAFF, TRUST_WORKFORCE
from t4c_lib.evidence.staff_extract import time_to_certificate
from t4c_lib.evidence.staff_extract.person_months import (
    SICKNESS_COLUMN,
    Groups,
    Ints,
    Staff,
    StaffNames,
    StaffRows,
    count_figures,
    share_figures,
)
from t4c_lib.evidence.staff_extract.rolling_year import notes_on_years, years
from t4c_lib.evidence.staff_extract.staff_breakdowns import notes_on_departments, splits
from t4c_lib.evidence.staff_extract.staff_characteristics import diversity, qualifications

MOST_NOTES_ON_MONTHS = 20

HEADCOUNT_AGES = ("age=16-24", "age=24", "age=25+")
FLOW_AGES = ("age=16-24", "age=25+")
_AGE_BOUNDS = {"age=16-24": (16, 24), "age=24": (24, 24), "age=25+": (25, 200)}
_MADE_OF = {  # columns without which there are no figures of a kind, and what those are
    SICKNESS_COLUMN: "sickness",
    "department": "figures by department",
    "highest_qualification_level": "qualifications",
    "care_certificate_date": "the Care Certificate",
    "apprenticeship_start": "apprenticeship starts",
}


def observations(rows: StaffRows, names: StaffNames) -> tuple[pd.DataFrame, list[str]]:
    """The observations of every organisation and month that has rows, for both populations; and notes.

    Args:
        rows: checked rows, one for each assignment and month.
        names: what their numbers stand for.
    """
    staff = Staff.of(rows, names)
    people, groups, at_people = staff.people, staff.groups, staff.at_people
    in_post = ~people.leaves
    frames: list[pd.DataFrame] = []
    for population, of_people, of_rows in (
        (TRUST_WORKFORCE, np.ones(len(people.month), dtype=bool), np.ones(len(rows.month), dtype=bool)),
        (SUPPORT_STAFF, people.support, rows.support),
    ):
        count = _Counter(groups, at_people, people.age, population)
        frames += count.people("headcount", of_people & in_post, HEADCOUNT_AGES)
        frames += count.people("joiners", of_people & people.joins, FLOW_AGES)
        frames += count.people("leavers", of_people & people.leaves, FLOW_AGES)
        frames.append(count.young_share(of_people & in_post))
        if SICKNESS_COLUMN in names.columns:
            frames.append(_sickness(groups, staff.at_rows, rows, of_rows, population))
    for more in (years, qualifications, diversity, splits, time_to_certificate.observations):
        frames += more(staff)
    notes = [
        *_notes_on_ages(people, in_post),
        *(_notes_on_sickness(rows) if SICKNESS_COLUMN in names.columns else ()),
        *_notes_on_columns(names),
        *notes_on_departments(staff),
        *notes_on_years(staff),
        *_notes_on_months(groups, people, at_people),
    ]
    return together(frames), notes


@dataclass(frozen=True, eq=False)
class _Counter:
    groups: Groups
    at: Ints
    age: Floats
    population: str

    def people(self, series: str, who: Mask, breakdowns: tuple[str, ...]) -> Iterator[pd.DataFrame]:
        """All of them, then age by age. An age group is not known where people are there and nobody's age is."""
        every = self.groups.total(self.at, who)
        ages_known = self.groups.total(self.at, who & ~np.isnan(self.age))
        for breakdown in (ALL, *breakdowns):
            number = every
            if breakdown != ALL:
                number = self.groups.total(self.at, who & self._aged(breakdown))
                number = np.where((every > 0) & (ages_known == 0), np.nan, number)
            yield count_figures(
                self.groups, self.groups.every, number,
                series=series, population=self.population, breakdown=breakdown,
            )  # fmt: skip

    def young_share(self, who: Mask) -> pd.DataFrame:
        """16 to 24 among those in post whose age is known."""
        every = self.groups.total(self.at, who)
        known = self.groups.total(self.at, who & ~np.isnan(self.age))
        young = self.groups.total(self.at, who & self._aged("age=16-24"))
        unknown = (every > 0) & (known == 0)
        return share_figures(
            self.groups, self.groups.every,
            np.where(unknown, np.nan, young), np.where(unknown, np.nan, known),
            series="young-share", population=self.population, breakdown=ALL,
        )  # fmt: skip

    def _aged(self, breakdown: str) -> Mask:
        low, high = _AGE_BOUNDS[breakdown]
        return (self.age >= low) & (self.age <= high)


def _sickness(groups: Groups, at: Ints, rows: StaffRows, who: Mask, population: str) -> pd.DataFrame:
    """FTE days lost over available, of the assignments that say both; missing where there are some and none says."""
    known = who & ~np.isnan(rows.days_lost) & ~np.isnan(rows.days_available)
    nobody_says = (groups.total(at, who) > 0) & (groups.total(at, known) == 0)
    lost = groups.total(at, np.where(known, rows.days_lost, 0.0))
    available = groups.total(at, np.where(known, rows.days_available, 0.0))
    return share_figures(
        groups, groups.every,
        np.where(nobody_says, np.nan, lost), np.where(nobody_says, np.nan, available),
        series="sickness", population=population, breakdown=ALL,
    )  # fmt: skip


def _notes_on_ages(people: StaffRows, in_post: Mask) -> Iterator[str]:
    last = in_post & (people.month == people.month.max())
    unknown, below = int((last & np.isnan(people.age)).sum()), int((last & (people.age < 16)).sum())
    if unknown:
        yield f"{unknown:,} of {int(last.sum()):,} people in post at the end have no age: they are in no age group."
    if below:
        yield f"{below:,} people in post at the end are under 16: they are not in any age group, but in every total."


def _notes_on_sickness(rows: StaffRows) -> Iterator[str]:
    blank = int(np.isnan(rows.days_lost).sum())
    if blank == len(rows.days_lost):
        yield "no FTE days lost and available: sickness absence is missing."
    elif blank:
        yield f"{blank:,} rows have no FTE days lost and available: they are left out of sickness absence."


def _notes_on_columns(names: StaffNames) -> Iterator[str]:
    absent = [f"{column} ({made})" for column, made in _MADE_OF.items() if column not in names.columns]
    absent += [] if names.characteristics else ["sex, ethnicity and the like (diversity)"]
    if absent:
        yield f"columns not in the file, so these figures are left out: {'; '.join(absent)}."


def _notes_on_months(groups: Groups, people: StaffRows, at: Ints) -> list[str]:
    """Where months are missing, and where the people of two months don't add up: told, not refused."""
    organisation, month = groups.organisation_numbers, groups.month_numbers
    same = organisation[1:] == organisation[:-1]
    gap = np.flatnonzero(same & (month[1:] != month[:-1] + 1)) + 1
    follows = np.zeros(len(month), dtype=bool)
    follows[1:] = same & (month[1:] == month[:-1] + 1)
    gone, new = _unexplained(groups, people, at, follows)
    headcount = groups.total(at, ~people.leaves)
    joiners, leavers = groups.total(at, people.joins), groups.total(at, people.leaves)

    due = headcount.copy()
    due[1:] = headcount[:-1] + joiners[1:] - leavers[1:]
    broken = np.flatnonzero(follows & ((due != headcount) | (gone > 0) | (new > 0)))
    codes, months = groups.organisations, groups.months
    notes = [f"{codes[now]}: no rows between {months[now - 1].label} and {months[now].label}." for now in gap]
    notes += [
        f"{codes[now]}, {months[now].label}: {headcount[now]:,.0f} people in post, but {headcount[now - 1]:,.0f} + "
        f"{joiners[now]:,.0f} joiners - {leavers[now]:,.0f} leavers = {due[now]:,.0f}; {gone[now]:,.0f} no "
        f"longer in the extract without a leaving date, {new[now]:,.0f} new in it without a start date in the month."
        for now in broken
    ]
    more = len(notes) - MOST_NOTES_ON_MONTHS
    return notes if more <= 0 else [*notes[:MOST_NOTES_ON_MONTHS], f"and {more:,} more months like these."]


def _unexplained(groups: Groups, people: StaffRows, at: Ints, follows: Mask) -> tuple[Floats, Floats]:
    """For each group that follows another: people in post before and without a row now; and the other way round."""
    if not follows.any():
        return np.zeros(len(groups.keys)), np.zeros(len(groups.keys))
    in_post = ~people.leaves
    key = people.person * groups.width + people.month - groups.first + 1
    has_row_next = np.isin(key + 1, key)
    was_in_post = np.isin(key - 1, key[in_post])
    is_followed = np.append(follows[1:], False)
    gone = np.zeros(len(groups.keys))
    gone[1:] = groups.total(at, in_post & ~has_row_next & is_followed[at])[:-1]
    return gone, groups.total(at, ~people.joins & ~was_in_post & follows[at])
