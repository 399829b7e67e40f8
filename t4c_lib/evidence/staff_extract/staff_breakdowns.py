"""Figures by department and by band, for the series that are read so: young-share, attainment, sickness and turnover.

They are made for the last month of each quarter and for the newest, which bounds their number; bands for the whole
workforce only, for support staff are bands of it. The Care Certificate has its own (`time_to_certificate`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from t4c_lib.evidence.column_checks import Floats, Mask
from t4c_lib.evidence.observations import SUPPORT_STAFF, TRUST_WORKFORCE
from t4c_lib.evidence.staff_extract.person_months import SICKNESS_COLUMN, Ints, Staff, StaffRows, share_figures, tally
from t4c_lib.evidence.staff_extract.rolling_year import turnover
from t4c_lib.evidence.staff_extract.staff_characteristics import DEFAULT_LEVEL

MOST_DEPARTMENTS = 100  # of an organisation; wards by the hundred are nobody's departments, and a page of each is slow


@dataclass(frozen=True, eq=False)
class Split:
    """A way to break figures down.

    Attributes:
        name: of what they are broken down by.
        labels: of the parts.
        populations: for which it is done.
        groups: whether it is done, for each group: not where an organisation has too many departments.
    """

    name: str
    labels: tuple[str, ...]
    populations: tuple[str, ...]
    groups: Mask

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


def splits(staff: Staff) -> Iterator[pd.DataFrame]:
    """The four series by each of the ways."""
    people, rows = staff.people, staff.rows
    for way in ways(staff):
        groups = staff.groups.reported & way.groups
        of_people, of_rows = groups[staff.at_people], groups[staff.at_rows]
        for population in way.populations:
            everybody = population == TRUST_WORKFORCE
            who = np.ones(len(of_people), dtype=bool) if everybody else people.support
            chosen = of_rows if everybody else of_rows & rows.support
            yield _young_share(_Cells.of(staff, way, population, who & of_people))
            if SICKNESS_COLUMN in staff.names.columns:
                yield _sickness(_Cells.of(staff, way, population, chosen, each_assignment=True))
            yield turnover(staff, who, population, at_end=groups, label=way.of(people), breakdowns=way.breakdowns)
        if "highest_qualification_level" in staff.names.columns:
            yield _attainment(_Cells.of(staff, way, SUPPORT_STAFF, people.support & of_people))


def notes_on_departments(staff: Staff) -> Iterator[str]:
    """Organisations with more departments than figures are made for."""
    for number in _with_too_many(staff):
        yield (
            f"{staff.names.organisations[number]}: more than {MOST_DEPARTMENTS} departments, so no figures by "
            "department. Use larger units, such as divisions, in the department column."
        )


def _with_too_many(staff: Staff) -> Ints:
    """Numbers of the organisations."""
    many = len(staff.names.departments)
    if many <= MOST_DEPARTMENTS:
        return np.empty(0, dtype=np.int64)
    named, _ = tally(staff.people.organisation * many + staff.people.department)
    organisations, departments = tally(named // many)
    return organisations[departments > MOST_DEPARTMENTS]


@dataclass(frozen=True, eq=False)
class _Cells:
    """Group and label of the chosen rows, each pair that is there once.

    Attributes:
        staff: what is counted.
        way: how it is broken down.
        population: of whom.
        at: for each cell its group.
        label: for each cell its label.
        chosen: the rows.
        cell: for each of them its cell.
    """

    staff: Staff
    way: Split
    population: str
    at: Ints
    label: Ints
    chosen: Ints
    cell: Ints

    @classmethod
    def of(cls, staff: Staff, way: Split, population: str, rows: Mask, *, each_assignment: bool = False) -> _Cells:
        """The cells of these rows of `staff.people`, or of `staff.rows` if each assignment counts by itself."""
        at = staff.at_rows if each_assignment else staff.at_people
        label = way.of(staff.rows if each_assignment else staff.people)
        chosen, labels = np.flatnonzero(rows), len(way.labels)
        cell, distinct = pd.factorize(at[chosen] * labels + label[chosen], sort=True)
        distinct = np.asarray(distinct, dtype=np.int64)
        return cls(staff, way, population, distinct // labels, distinct % labels, chosen, cell.astype(np.int64))

    def total(self, weights: Floats | Mask) -> Floats:
        """For each cell the sum of the weights of all rows that are in it."""
        own = weights[self.chosen].astype(np.float64)
        return np.asarray(np.bincount(self.cell, weights=own, minlength=len(self.at)), dtype=np.float64)

    def shares(self, series: str, part: Floats, whole: Floats, unknown: Mask) -> pd.DataFrame:
        """A share of each cell; missing where it is unknown."""
        return share_figures(
            self.staff.groups, self.at, np.where(unknown, np.nan, part), np.where(unknown, np.nan, whole),
            series=series, population=self.population, breakdown=self.way.breakdowns, label=self.label,
        )  # fmt: skip


def _young_share(cells: _Cells) -> pd.DataFrame:
    people = cells.staff.people
    in_post = ~people.leaves
    every = cells.total(in_post)
    known = cells.total(in_post & ~np.isnan(people.age))
    young = cells.total(in_post & (people.age >= 16) & (people.age < 25))
    return cells.shares("young-share", young, known, (every > 0) & (known == 0))


def _attainment(cells: _Cells) -> pd.DataFrame:
    staff, people = cells.staff, cells.staff.people
    in_post = ~people.leaves
    every = cells.total(in_post)
    holders = cells.total(in_post & (people.level >= DEFAULT_LEVEL))
    # As for all together: it is missing where the employer records nobody's level, and not where a department has none.
    recorded = staff.groups.total(staff.at_people, in_post & people.support & ~np.isnan(people.level))
    return cells.shares("attainment", holders, every, (every > 0) & (recorded[cells.at] == 0))


def _sickness(cells: _Cells) -> pd.DataFrame:
    rows = cells.staff.rows
    known = ~np.isnan(rows.days_lost) & ~np.isnan(rows.days_available)
    lost = cells.total(np.where(known, rows.days_lost, 0.0))
    available = cells.total(np.where(known, rows.days_available, 0.0))
    return cells.shares("sickness", lost, available, cells.total(known) == 0)
