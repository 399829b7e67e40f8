"""Person rows to monthly observations. Persons come in as rows and go out as counts; nothing of a person is kept.

In post at a month's end: started by then and not left by then (who leaves on the last day has left). A joiner started
in the month, a leaver's last day lies in it, so headcount = previous headcount + joiners - leavers. A person with
several assignments is one person, under the assignment with the most contracted FTE (if equal, the one that sorts
first). A person who leaves and comes back within a month is a leaver and a joiner. FTE days count under the band of the
assignment that they belong to.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from t4c_lib.evidence.columns import Floats, Mask, combined
from t4c_lib.evidence.frames import counts, shares, together
from t4c_lib.evidence.months import month_from_number
from t4c_lib.evidence.observation import ALL, SUPPORT_STAFF, TRUST_WORKFORCE
from t4c_lib.periods import Month

Ints = NDArray[np.int64]

MOST_NOTES_ON_MONTHS = 20

HEADCOUNT_AGES = ("age=16-24", "age=24", "age=25+")
FLOW_AGES = ("age=16-24", "age=25+")
_AGE_BOUNDS = {"age=16-24": (16, 24), "age=24": (24, 24), "age=25+": (25, 200)}


@dataclass(frozen=True, eq=False)
class StaffRows:
    """Checked rows, an array for each thing that is known of them, all of one length.

    Attributes:
        organisation: number of the organisation, from 0.
        month: month of the row, counted from January 1970.
        person: number of the person, from 0; the same number in two organisations is two people.
        start: first day of employment, days since 1 January 1970.
        left: last day of employment; a day beyond all months where there is none.
        joins: started within the row's month.
        leaves: left within the row's month.
        support: the assignment is in the support workforce.
        age: on the last day of the month; NaN where not known.
        fte: contracted; NaN where not recorded.
        assignment_order: place of the assignment's name among all names in sorting order.
        days_lost: FTE days lost to sickness; NaN where not recorded.
        days_available: FTE days available; NaN where not recorded.
    """

    organisation: Ints
    month: Ints
    person: Ints
    start: Ints
    left: Ints
    joins: Mask
    leaves: Mask
    support: Mask
    age: Floats
    fte: Floats
    assignment_order: Ints
    days_lost: Floats
    days_available: Floats

    def only(self, rows: Mask | Ints) -> StaffRows:
        """These rows, in that order."""
        return StaffRows(**{field.name: getattr(self, field.name)[rows] for field in fields(self)})


def spell_keys(rows: StaffRows) -> Ints:
    """One number for each stretch of employment: organisation, month, person, first day."""
    first = int(rows.start.min(initial=0))
    return combined([rows.organisation, rows.month - int(rows.month.min(initial=0)), rows.person, rows.start - first])


def one_row_a_spell(rows: StaffRows) -> StaffRows:
    """Of several assignments of one stretch of employment, the one under which the person is counted."""
    keys = spell_keys(rows)
    if not pd.Series(keys).duplicated().any():
        return rows
    order = np.lexsort((rows.assignment_order, -np.nan_to_num(rows.fte), keys))
    is_first = np.ones(len(order), dtype=bool)
    is_first[1:] = keys[order][1:] != keys[order][:-1]
    return rows.only(order[is_first])


def observations(rows: StaffRows, codes: list[str]) -> tuple[pd.DataFrame, list[str]]:
    """The observations of every organisation and month that has rows, for both populations; and notes.

    Args:
        rows: checked rows, one for each assignment and month.
        codes: code of each organisation, by its number.
    """
    people = one_row_a_spell(rows)
    groups = _Groups.of(rows, codes)
    at_assignments, at_people = groups.number(rows), groups.number(people)
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
        frames.append(_sickness(groups, at_assignments, rows, of_rows, population))
    notes = [*_notes_on_ages(people, in_post), *_notes_on_sickness(rows), *_notes_on_months(groups, people, at_people)]
    return together(frames), notes


@dataclass(frozen=True, eq=False)
class _Groups:
    """The organisations and months that have rows, sorted."""

    keys: Ints
    width: int
    codes: tuple[str, ...]

    @classmethod
    def of(cls, rows: StaffRows, codes: list[str]) -> _Groups:
        width = int(rows.month.max()) + 1
        return cls(np.unique(rows.organisation * width + rows.month), width, tuple(codes))

    def number(self, rows: StaffRows) -> Ints:
        """For each row the position of its group."""
        return np.searchsorted(self.keys, rows.organisation * self.width + rows.month).astype(np.int64)

    @property
    def organisations(self) -> list[str]:
        return [self.codes[key // self.width] for key in self.keys]

    @property
    def months(self) -> list[Month]:
        return [month_from_number(key % self.width) for key in self.keys]

    @property
    def periods(self) -> list[str]:
        return [str(month) for month in self.months]

    def total(self, at: Ints, weights: Floats | Mask) -> Floats:
        sums = np.bincount(at, weights=weights.astype(np.float64), minlength=len(self.keys))
        return np.asarray(sums, dtype=np.float64)


@dataclass(frozen=True, eq=False)
class _Counter:
    groups: _Groups
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
            yield counts(
                self.groups.organisations, self.groups.periods, number,
                series=series, population=self.population, breakdown=breakdown,
            )  # fmt: skip

    def young_share(self, who: Mask) -> pd.DataFrame:
        """16 to 24 among those in post whose age is known."""
        every = self.groups.total(self.at, who)
        known = self.groups.total(self.at, who & ~np.isnan(self.age))
        young = self.groups.total(self.at, who & self._aged("age=16-24"))
        unknown = (every > 0) & (known == 0)
        return shares(
            self.groups.organisations, self.groups.periods,
            np.where(unknown, np.nan, young), np.where(unknown, np.nan, known),
            series="young-share", population=self.population, breakdown=ALL,
        )  # fmt: skip

    def _aged(self, breakdown: str) -> Mask:
        low, high = _AGE_BOUNDS[breakdown]
        return (self.age >= low) & (self.age <= high)


def _sickness(groups: _Groups, at: Ints, rows: StaffRows, who: Mask, population: str) -> pd.DataFrame:
    """FTE days lost over available, of the assignments that say both; missing where there are some and none says."""
    known = who & ~np.isnan(rows.days_lost) & ~np.isnan(rows.days_available)
    nobody_says = (groups.total(at, who) > 0) & (groups.total(at, known) == 0)
    lost = groups.total(at, np.where(known, rows.days_lost, 0.0))
    available = groups.total(at, np.where(known, rows.days_available, 0.0))
    return shares(
        groups.organisations, groups.periods,
        np.where(nobody_says, np.nan, lost), np.where(nobody_says, np.nan, available),
        series="sickness", population=population, breakdown=ALL,
    )  # fmt: skip


def _notes_on_ages(people: StaffRows, in_post: Mask) -> Iterator[str]:
    last = in_post & (people.month == people.month.max())
    unknown, below = int((last & np.isnan(people.age)).sum()), int((last & (people.age < 16)).sum())
    if unknown:
        yield f"{unknown:,} of {int(last.sum()):,} people in post at the end have no age: they are in no age group."
    if below:
        yield f"{below:,} people in post at the end are under 16: they are in no age group, but in every total."


def _notes_on_sickness(rows: StaffRows) -> Iterator[str]:
    blank = int(np.isnan(rows.days_lost).sum())
    if blank == len(rows.days_lost):
        yield "no FTE days lost and available: sickness is missing."
    elif blank:
        yield f"{blank:,} rows give no FTE days lost and available: they are left out of sickness."


def _notes_on_months(groups: _Groups, people: StaffRows, at: Ints) -> list[str]:
    """Where months are missing, and where the people of two months don't add up: told, not refused."""
    organisation, month = groups.keys // groups.width, groups.keys % groups.width
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
        f"{joiners[now]:,.0f} joiners - {leavers[now]:,.0f} leavers make {due[now]:,.0f}; {gone[now]:,.0f} are gone "
        f"from the extract without having left, {new[now]:,.0f} are new in it without having joined."
        for now in broken
    ]
    more = len(notes) - MOST_NOTES_ON_MONTHS
    return notes if more <= 0 else [*notes[:MOST_NOTES_ON_MONTHS], f"and {more:,} more months like these."]


def _unexplained(groups: _Groups, people: StaffRows, at: Ints, follows: Mask) -> tuple[Floats, Floats]:
    """For each group that follows another: people in post before and without a row now; and the other way round."""
    in_post = ~people.leaves
    first = people.month.min()
    key = people.person * (groups.width + 1 - first) + people.month - first + 1
    has_row_next = pd.Series(key + 1).isin(key).to_numpy(dtype=bool)
    was_in_post = pd.Series(key - 1).isin(key[in_post]).to_numpy(dtype=bool)
    is_followed = np.append(follows[1:], False)
    gone = np.zeros(len(groups.keys))
    gone[1:] = groups.total(at, in_post & ~has_row_next & is_followed[at])[:-1]
    return gone, groups.total(at, ~people.joins & ~was_in_post & follows[at])
