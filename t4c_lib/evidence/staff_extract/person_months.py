"""Checked rows of staff extracts, and the organisations and months that they make up.

In post at a month's end: started by then and not left by then (who leaves on the last day has left). A joiner started
in the month, a leaver's last day lies in it. A person with several assignments is one person, under the assignment with
the most contracted FTE (if equal, the one that sorts first). A person who leaves and comes back within a month has two
stretches of employment, and is a leaver and a joiner.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from t4c_lib.evidence.column_checks import Floats, Mask, combined, month_from_number
from t4c_lib.evidence.observation_frames import Texts, Words, observed, shares
from t4c_lib.evidence.observations import SUPPORT_STAFF, TRUST_WORKFORCE
from t4c_lib.html_templates import text_from
from t4c_lib.periods import Month

Ints = NDArray[np.int64]
Codes = NDArray[np.int16]

NEVER = int(np.datetime64("9999-12-31", "D").astype(np.int64))  # a day beyond all months, where there is none
YEAR = 12


@dataclass(frozen=True, eq=False)
class StaffRows:
    """Checked rows, an array for each thing that is known of them, all of one length."""

    organisation: Ints  #: number of the organisation, from 0
    month: Ints  #: month of the row, counted from January 1970
    person: Ints  #: number of the person, from 0; the same number in two organisations is two people
    start: Ints  #: first day of employment, days since 1 January 1970
    left: Ints  #: last day of employment; NEVER where there is none
    joins: Mask  #: started within the row's month
    leaves: Mask  #: left within the row's month
    support: Mask  #: the assignment is in the support workforce
    clinical: Mask  #: it is clinical support or direct care, whose newcomers take the Care Certificate
    registered: Mask  #: the post needs professional registration
    band: Codes  #: position of its band in the dictionary's list
    band_change: Codes  #: position of what the extract says of it; -1 where it says nothing
    role: Ints  #: number of the job role, capitals and spaces apart; -1 where not recorded
    department: Ints  #: position in `StaffNames.departments`
    age: Floats  #: on the last day of the month; NaN where not known
    fte: Floats  #: contracted; NaN where not recorded
    assignment_order: Ints  #: place of the assignment's name among all names in sorting order
    days_lost: Floats  #: FTE days lost to sickness; NaN where not recorded
    days_available: Floats  #: FTE days available; NaN where not recorded
    level: Floats  #: highest qualification on record, 0 to 8; NaN where not recorded
    certificate: Ints  #: day on which the Care Certificate's standards were met; NEVER where none is on record
    apprenticed: Mask  #: began an apprenticeship within the row's month
    #: for each of `StaffNames.characteristics` the position of the answer; -1 where not recorded.
    declared: tuple[Codes, ...]

    def are_of(self, population: str) -> Mask:
        """For each row whether it counts for a population: the trust workforce or support staff."""
        return self.support if population == SUPPORT_STAFF else np.ones(len(self.support), dtype=bool)

    def only(self, rows: Mask | Ints) -> "StaffRows":
        """These rows, in that order."""
        parts: dict[str, Any] = {field.name: getattr(self, field.name) for field in fields(self)}
        for name, part in parts.items():
            parts[name] = tuple(one[rows] for one in part) if isinstance(part, tuple) else part[rows]
        return StaffRows(**parts)


class StaffNames(NamedTuple):
    """What the numbers of `StaffRows` stand for, and which columns there are to make something of."""

    organisations: tuple[str, ...]  #: code of each organisation
    departments: tuple[str, ...]  #: name of each department; one of them is "not recorded" if any row names none
    bands: tuple[str, ...]  #: as the dictionary lists them
    #: name and possible answers of each declared characteristic that the file has.
    characteristics: tuple[tuple[str, tuple[str, ...]], ...]
    columns: frozenset[str]  #: every column that the file has


@dataclass(frozen=True, eq=False)
class Groups:
    """The organisations and months that have rows, sorted: group 0, 1, 2 ..."""

    #: organisation times `width` plus months since `first`. The months of two organisations lie at least a year apart,
    #: so a key less 11 is the same organisation 11 months earlier, or no key at all.
    keys: Ints
    width: int  #: distance between two organisations
    first: int  #: the earliest month, counted from January 1970
    codes: tuple[str, ...]  #: of the organisations

    @classmethod
    def of(cls, rows: StaffRows, codes: tuple[str, ...]) -> "Groups":
        first = int(rows.month.min())
        width = int(rows.month.max()) - first + 1 + YEAR
        return cls(tally(rows.organisation * width + rows.month - first)[0], width, first, codes)

    def number(self, rows: StaffRows) -> Ints:
        """For each row the position of its group."""
        return self.at(rows.organisation * self.width + rows.month - self.first)

    def at(self, keys: Ints) -> Ints:
        """The positions of keys; of one that isn't there, of the next."""
        return np.searchsorted(self.keys, keys).astype(np.int64)

    @cached_property
    def every(self) -> Ints:
        """The positions of all of them."""
        return np.arange(len(self.keys))

    @cached_property
    def organisation_numbers(self) -> Ints:
        return self.keys // self.width

    @cached_property
    def month_numbers(self) -> Ints:
        """Counted from January 1970."""
        return self.keys % self.width + self.first

    @cached_property
    def organisations(self) -> Texts:
        return np.array(self.codes, dtype=object)[self.organisation_numbers]

    @cached_property
    def months(self) -> list[Month]:
        return [month_from_number(number) for number in self.month_numbers]

    @cached_property
    def periods(self) -> Texts:
        return np.array([str(month) for month in self.months], dtype=object)

    @cached_property
    def newest(self) -> Mask:
        """Whether it is its organisation's last month."""
        return np.append(self.organisation_numbers[1:] != self.organisation_numbers[:-1], True)

    def places(self, chosen: Ints) -> Ints:
        """For each organisation where its group stands among the chosen ones, one of each at most; -1 for none."""
        place = np.full(len(self.codes), -1, dtype=np.int64)
        place[self.organisation_numbers[chosen]] = np.arange(len(chosen))
        return place

    @cached_property
    def reported(self) -> Mask:
        """Whether figures of departments, bands and characteristics are made: a quarter's last month, or the newest."""
        return np.asarray(self.newest | (self.month_numbers % 3 == 2))

    def closes_run(self, months: int) -> Mask:
        """Whether it is the last of so many months in a row, all of which have rows."""
        back = months - 1
        return np.asarray(self.at(self.keys - back) == self.every - back)

    def total(self, at: Ints, chosen: Mask) -> Floats:
        """For each group how many of its rows are chosen."""
        return np.bincount(at[chosen], minlength=len(self.keys)).astype(np.float64)


class Staff(NamedTuple):
    """All that is counted of an extract."""

    rows: StaffRows  #: one for each assignment and month
    #: one for each stretch of employment and month; what joiners, leavers and people in post are counted from.
    people: StaffRows
    names: StaffNames  #: what numbers stand for
    groups: Groups  #: organisations and months
    at_rows: Ints  #: the group of each of `rows`
    at_people: Ints  #: the group of each of `people`

    @classmethod
    def of(cls, rows: StaffRows, names: StaffNames) -> "Staff":
        people = one_row_a_spell(rows)
        groups = Groups.of(rows, names.organisations)
        at_rows = groups.number(rows)
        return cls(rows, people, names, groups, at_rows, at_rows if people is rows else groups.number(people))


def tally(keys: Ints) -> tuple[Ints, Floats]:
    """The distinct keys, sorted, and how often each is there."""
    codes, distinct = pd.factorize(keys)
    order = np.argsort(distinct, kind="stable")
    counted = np.bincount(codes, minlength=len(distinct)).astype(np.float64)
    return np.asarray(distinct)[order].astype(np.int64), counted[order]


def one_row_a_spell(rows: StaffRows) -> StaffRows:
    """Of several assignments of one stretch of employment, the one under which the person is counted."""
    first = int(rows.start.min(initial=0))
    keys = combined([rows.organisation, rows.month - int(rows.month.min(initial=0)), rows.person, rows.start - first])
    if not pd.Series(keys).duplicated().any():
        return rows
    order = np.lexsort((rows.assignment_order, -np.nan_to_num(rows.fte), keys))
    return rows.only(order[~pd.Series(keys[order]).duplicated().to_numpy()])


def group_figures(
    groups: Groups,
    at: Ints,
    part: Floats,
    whole: Floats | None = None,
    *,
    series: str,
    population: str,
    breakdown: str | Sequence[str],
    label: Ints | None = None,
    unit: str = "",
) -> pd.DataFrame:
    """Counts of the groups `at`, or parts of wholes: missing where either is NaN, not applicable where the whole is 0.

    `breakdown`: of all figures; or several, of which `label` has the position for each figure. `unit`: "people" for
    counts and "share" for shares, unless it is another.
    """
    known = np.asarray([breakdown] if isinstance(breakdown, str) else list(breakdown), dtype=object)
    rows: dict[str, Words] = {
        "organisation": groups.organisations[at],
        "period": groups.periods[at],
        "breakdown": known[np.zeros(len(at), dtype=np.int64) if label is None else label.astype(np.int64)],
    }
    if whole is None:
        unit = unit or "people"
        return observed(rows, series=series, population=population, numerator=part, value=part, unit=unit)
    return shares(rows, part, whole, series=series, population=population, unit=unit or "share")


def note(what: str, **shown: object) -> str:
    """What a person should know of an extract: notes.txt.j2 says it."""
    return text_from("evidence/staff_extract/notes.txt.j2", what=what, **shown).rstrip()


MOST_DEPARTMENTS = 100  # of an organisation; wards by the hundred are nobody's departments, and a page of each is slow


class Split(NamedTuple):
    """A way to break figures down."""

    name: str  #: of what they are broken down by
    labels: tuple[str, ...]  #: of the parts
    populations: tuple[str, ...]  #: for which it is done
    groups: Mask  #: whether it is done, for each group: not where an organisation has too many departments

    @property
    def breakdowns(self) -> tuple[str, ...]:
        return tuple(f"{self.name}={label}" for label in self.labels)

    def of(self, rows: StaffRows) -> Ints:
        """For each row the position of its label."""
        return rows.department if self.name == "department" else rows.band.astype(np.int64)


def ways(staff: Staff) -> tuple[Split, ...]:
    """By band, and by department where the extract names them."""
    numbers = staff.groups.organisation_numbers
    by_band = Split("band", staff.names.bands, (TRUST_WORKFORCE,), np.ones(len(numbers), dtype=bool))
    if "department" not in staff.names.columns:
        return (by_band,)
    told = ~np.isin(numbers, _with_too_many(staff))
    return (by_band, Split("department", staff.names.departments, (TRUST_WORKFORCE, SUPPORT_STAFF), told))


def notes_on_departments(staff: Staff) -> Iterator[str]:
    """Organisations with more departments than figures are made for."""
    for number in _with_too_many(staff):
        yield note("departments", organisation=staff.names.organisations[number], most=MOST_DEPARTMENTS)


def _with_too_many(staff: Staff) -> Ints:
    """Numbers of the organisations."""
    if (many := len(staff.names.departments)) <= MOST_DEPARTMENTS:
        return np.empty(0, dtype=np.int64)
    named, _ = tally(staff.people.organisation * many + staff.people.department)
    organisations, departments = tally(named // many)
    return organisations[departments > MOST_DEPARTMENTS]
