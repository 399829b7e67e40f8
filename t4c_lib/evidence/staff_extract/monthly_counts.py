"""Person rows to monthly observations, for all and by band and department. Nothing of a person is kept.

Who is in post, who joins and who leaves is told in `person_months`; by it headcount = previous headcount + joiners -
leavers. FTE days count under the band of the assignment that they belong to.

Qualifications are made for every month, at level 2 and above unless the breakdown names another level. Characteristics
change slowly and have many groups, so they are made for the last month of each quarter and for the newest.
"""

from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from t4c_lib.evidence.column_checks import Floats, Mask
from t4c_lib.evidence.observation_frames import together
from t4c_lib.evidence.observations import ALL, SUPPORT_STAFF, TRUST_WORKFORCE
from t4c_lib.evidence.staff_extract import turnover_moves_and_certificates as over_months
from t4c_lib.evidence.staff_extract.person_months import Split, Staff, group_figures, note, notes_on_departments, ways
from t4c_lib.html_templates import text_from

MOST_NOTES_ON_MONTHS = 20

HEADCOUNT_AGES = ("age=16-24", "age=24", "age=25+")
FLOW_AGES = ("age=16-24", "age=25+")
_AGE_BOUNDS = {"age=16-24": (16, 24), "age=24": (24, 24), "age=25+": (25, 200)}
SICKNESS_COLUMN = "fte_days_lost"  # without it an extract says nothing of sickness, and takes away nothing known of it


def observations(staff: Staff) -> tuple[pd.DataFrame, list[str]]:
    """The observations of every organisation and month that has rows, for both populations; and notes."""
    frames: list[pd.DataFrame] = []
    for population in (TRUST_WORKFORCE, SUPPORT_STAFF):
        counted = _Counted(staff, population)
        frames += [*_headcounts(counted), *_shares(counted)]
    for more in (_by_band_and_department, over_months.years, qualifications, diversity, over_months.certificates):
        frames += more(staff)
    observed = together(frames)
    notes = [*_notes_on_rows(staff), *notes_on_departments(staff), *over_months.notes_on_years(staff)]
    return observed, [*notes, *over_months.note_on_band_3(observed), *_notes_on_months(staff)]


class _Counted(NamedTuple):
    """Whom to count: a population, of every organisation and month together or broken down by band or department."""

    staff: Staff
    population: str
    split: Split | None = None

    def sums(self, columns: dict[str, Mask | Floats], *, each_assignment: bool = False) -> pd.DataFrame:
        """Sums by group and label; broken down, where anybody is. Of `staff.rows` if `each_assignment`, else people."""
        staff = self.staff
        rows, at = (staff.rows, staff.at_rows) if each_assignment else (staff.people, staff.at_people)
        chosen = rows.are_of(self.population)
        label = np.zeros(len(at), dtype=np.int64)
        if self.split is not None:
            label = self.split.of(rows)
            chosen = chosen & (staff.groups.reported & self.split.groups)[at]
        cells = pd.DataFrame({"group": at[chosen], "label": label[chosen]}).groupby(["group", "label"])
        cell, known = cells.ngroup().to_numpy(), cells.size().index
        # Plain sums in the order of the rows: pandas' own differ in the last digit, and stored figures would change.
        counted = {name: np.bincount(cell, column[chosen], len(known)) for name, column in columns.items()}
        sums = pd.DataFrame(counted, index=known)
        if self.split is None:
            sums = sums.reindex(pd.MultiIndex.from_product([staff.groups.every, [0]], names=sums.index.names))
        return sums.fillna(0.0).reset_index()

    def share(self, series: str, sums: pd.DataFrame, part: str, whole: str, unknown: "pd.Series[bool]") -> pd.DataFrame:
        known = sums[[part, whole]].mask(unknown).to_numpy(np.float64)
        return group_figures(
            self.staff.groups, sums["group"].to_numpy(), known[:, 0], known[:, 1],
            series=series, population=self.population, label=sums["label"].to_numpy(),
            breakdown=(ALL,) if self.split is None else self.split.breakdowns,
        )  # fmt: skip


def _by_band_and_department(staff: Staff) -> Iterator[pd.DataFrame]:
    """For the last month of each quarter and for the newest only, which bounds the number of figures."""
    for way in ways(staff):
        for population in way.populations:
            yield from _shares(_Counted(staff, population, way))
            yield over_months.turnover(staff, population, way)
        if "highest_qualification_level" in staff.names.columns:
            yield _attainment(_Counted(staff, SUPPORT_STAFF, way))


def _headcounts(counted: _Counted) -> Iterator[pd.DataFrame]:
    """All of them, then age by age. An age group is not known where people are there and nobody's age is."""
    people, groups = counted.staff.people, counted.staff.groups
    for series, who, breakdowns in (
        ("headcount", ~people.leaves, HEADCOUNT_AGES),
        ("joiners", people.joins, FLOW_AGES),
        ("leavers", people.leaves, FLOW_AGES),
    ):
        ages = {breakdown: who & _aged(people.age, breakdown) for breakdown in breakdowns}
        sums = counted.sums({ALL: who, "known": who & ~np.isnan(people.age), **ages})
        unknown = (sums[ALL] > 0) & (sums["known"] == 0)
        for breakdown in (ALL, *breakdowns):
            number = sums[breakdown] if breakdown == ALL else sums[breakdown].mask(unknown)
            yield group_figures(
                groups, groups.every, number.to_numpy(np.float64),
                series=series, population=counted.population, breakdown=breakdown,
            )  # fmt: skip


def _shares(counted: _Counted) -> Iterator[pd.DataFrame]:
    """Young people, sickness absence and, broken down, turnover: each worked out here for all and for every part."""
    staff, people, rows = counted.staff, counted.staff.people, counted.staff.rows
    in_post = ~people.leaves
    ages = counted.sums({
        "every": in_post, "known": in_post & ~np.isnan(people.age), "young": in_post & _aged(people.age, "age=16-24"),
    })  # fmt: skip
    yield counted.share("young-share", ages, "young", "known", (ages["every"] > 0) & (ages["known"] == 0))
    if SICKNESS_COLUMN in staff.names.columns:
        told = ~np.isnan(rows.days_lost) & ~np.isnan(rows.days_available)
        lost, available = (np.where(told, column, 0.0) for column in (rows.days_lost, rows.days_available))
        columns = {"every": np.ones(len(told)), "told": told, "lost": lost, "available": available}
        days = counted.sums(columns, each_assignment=True)
        yield counted.share("sickness", days, "lost", "available", (days["every"] > 0) & (days["told"] == 0))


def _attainment(counted: _Counted) -> pd.DataFrame:
    staff, people = counted.staff, counted.staff.people
    in_post = ~people.leaves
    sums = counted.sums({"every": in_post, "holders": in_post & (people.level >= DEFAULT_LEVEL)})
    # As for all together: it is missing where the employer records nobody's level, and not where a department has none.
    recorded = staff.groups.total(staff.at_people, in_post & people.support & ~np.isnan(people.level))
    return counted.share("attainment", sums, "holders", "every", (sums["every"] > 0) & (recorded[sums["group"]] == 0))


def _aged(age: Floats, breakdown: str) -> Mask:
    low, high = _AGE_BOUNDS[breakdown]
    return (age >= low) & (age <= high)


def _notes_on_rows(staff: Staff) -> list[str]:
    people, columns = staff.people, staff.names.columns
    last = ~people.leaves & (people.month == people.month.max())
    blank = np.isnan(staff.rows.days_lost) & (SICKNESS_COLUMN in columns)
    counted = {"last": last, "unknown": last & np.isnan(people.age), "below": last & (people.age < 16), "blank": blank}
    shown: dict[str, object] = {name: int(which.sum()) for name, which in counted.items()}
    shown |= {"all_blank": bool(blank.all()), "names": staff.names}
    return text_from("evidence/staff_extract/rows.txt.j2", **shown).strip().splitlines()


def _notes_on_months(staff: Staff) -> list[str]:
    """Where months are missing, and where the people of two months don't add up: told, not refused."""
    groups, people, at = staff.groups, staff.people, staff.at_people
    organisation, month = groups.organisation_numbers, groups.month_numbers
    same, is_next = organisation[1:] == organisation[:-1], month[1:] == month[:-1] + 1
    gap = np.flatnonzero(same & ~is_next) + 1
    follows = np.append(False, same & is_next)
    gone, new = _unexplained(staff, follows)
    headcount, joiners, leavers = (groups.total(at, who) for who in (~people.leaves, people.joins, people.leaves))
    due = headcount.copy()
    due[1:] = headcount[:-1] + joiners[1:] - leavers[1:]
    broken = np.flatnonzero(follows & ((due != headcount) | (gone > 0) | (new > 0)))
    codes, months = groups.organisations, groups.months
    notes = [f"{codes[now]}: no rows between {months[now - 1].label} and {months[now].label}." for now in gap]
    counts = {"joiners": joiners, "leavers": leavers, "headcount": headcount, "due": due, "gone": gone, "new": new}
    for now in broken:
        told = {name: number[now] for name, number in counts.items()} | {"before": headcount[now - 1]}
        notes.append(note("people", code=codes[now], month=months[now].label, **told))
    more = len(notes) - MOST_NOTES_ON_MONTHS
    return notes if more <= 0 else [*notes[:MOST_NOTES_ON_MONTHS], f"and {more:,} more months like these."]


def _unexplained(staff: Staff, follows: Mask) -> tuple[Floats, Floats]:
    """For each group that follows another: people in post before and without a row now; and the other way round."""
    groups, people, at = staff.groups, staff.people, staff.at_people
    in_post = ~people.leaves
    key = people.person * groups.width + people.month - groups.first + 1
    has_row_next = np.isin(key + 1, key)
    was_in_post = np.isin(key - 1, key[in_post])
    gone = np.append(0.0, groups.total(at, in_post & ~has_row_next & np.append(follows[1:], False)[at])[:-1])
    return gone, groups.total(at, ~people.joins & ~was_in_post & follows[at])


DEFAULT_LEVEL = 2  # of the framework's measure 1m4; a plan that names another reads the breakdown of that level
LEVELS = 8
JOINERS_LEVELS = (2, 3)  # that say who can begin what
NOT_STATED, NOT_RECORDED = "Not stated", "Not recorded"

AGE_GROUPS = ("16-24", "25-34", "35-44", "45-54", "55-64", "65+")
_AGE_STARTS = (16, 25, 35, 45, 55, 65)


def qualifications(staff: Staff) -> Iterator[pd.DataFrame]:
    """Attainment of both populations and the number of qualified support staff, level by level.

    Who has no level on record counts as not qualified, as the framework's measure has it. Where people are in post and
    nobody's level is on record it is missing.
    """
    if "highest_qualification_level" not in staff.names.columns:
        return
    groups, people, at = staff.groups, staff.people, staff.at_people
    levels = [(ALL, DEFAULT_LEVEL), *((f"level={level}+", level) for level in range(1, LEVELS + 1))]
    for population in (TRUST_WORKFORCE, SUPPORT_STAFF):
        who = ~people.leaves & people.are_of(population)
        everybody = groups.total(at, who)
        unknown = (everybody > 0) & (groups.total(at, who & ~np.isnan(people.level)) == 0)
        whole = np.where(unknown, np.nan, everybody)
        for breakdown, level in levels:
            holders = np.where(unknown, np.nan, groups.total(at, who & (people.level >= level)))
            made = partial(group_figures, groups, groups.every, population=population, breakdown=breakdown)
            yield made(holders, whole, series="attainment")
            if population != SUPPORT_STAFF:
                continue
            yield made(holders, series="support-qualifications")
            if breakdown != ALL and level in JOINERS_LEVELS:
                joined = groups.total(at, people.joins & people.support & (people.level >= level))
                yield made(np.where(unknown, np.nan, joined), series="joiners")


def diversity(staff: Staff) -> Iterator[pd.DataFrame]:
    """How people in post describe themselves: of all, of support staff, and of qualified support staff.

    A group is its people over all who answered. Who declined ("Not stated") and who has nothing on record ("Not
    recorded") are shown apart, over everybody: the two and those who answered make everybody.
    """
    groups, people = staff.groups, staff.people
    chosen = np.flatnonzero(~people.leaves & groups.reported[staff.at_people])
    number = np.cumsum(groups.reported) - 1
    qualified = people.support[chosen] & (people.level[chosen] >= DEFAULT_LEVEL)
    kind = people.support[chosen].astype(np.int64) + qualified  # 0 other staff, 1 support staff, 2 qualified ones
    key = number[staff.at_people[chosen]] * 3 + kind
    for name, choices, codes in _characteristics(staff):
        yield from _of_characteristic(staff, key, name, choices, codes[chosen])


def _characteristics(staff: Staff) -> Iterator[tuple[str, tuple[str, ...], NDArray[np.integer]]]:
    """Name, answers and everybody's answer; -1 where not recorded. People under 16 have an age and are in no group."""
    age = staff.people.age
    group = np.searchsorted(_AGE_STARTS, np.nan_to_num(age, nan=-1.0), side="right") - 1
    yield "age", (*AGE_GROUPS, ""), np.where((group < 0) & ~np.isnan(age), len(AGE_GROUPS), group)
    for (name, choices), codes in zip(staff.names.characteristics, staff.people.declared, strict=True):
        yield name, choices, codes


def _of_characteristic(
    staff: Staff, key: NDArray[np.int64], name: str, choices: tuple[str, ...], codes: NDArray[np.integer]
) -> Iterator[pd.DataFrame]:
    groups = staff.groups
    at_groups = np.flatnonzero(groups.reported)
    width = len(choices) + 1
    table = np.bincount(key * width + codes + 1, minlength=len(at_groups) * 3 * width).astype(np.float64)
    by_kind = table.reshape(-1, 3, width)
    answers = [at for at, choice in enumerate(choices, 1) if choice != NOT_STATED]
    shown = [at for at in answers if choices[at - 1]]
    apart = [at for at, choice in enumerate(choices, 1) if choice == NOT_STATED] + [0]
    labels = [f"{name}={choices[at - 1]}" if at else f"{name}={NOT_RECORDED}" for at in (*shown, *apart)]
    at = np.tile(at_groups, len(labels))
    label = np.repeat(np.arange(len(labels)), len(at_groups))
    counted: list[tuple[str, str, Floats]] = [
        ("local-diversity", TRUST_WORKFORCE, by_kind.sum(axis=1)),
        ("local-diversity", SUPPORT_STAFF, by_kind[:, 1:].sum(axis=1)),
    ]
    if "highest_qualification_level" in staff.names.columns:
        counted.append(("qualification-diversity", SUPPORT_STAFF, by_kind[:, 2]))
    for series, population, people in counted:
        everybody, answered = people.sum(axis=1), people[:, answers].sum(axis=1)
        silent: Mask = (everybody > 0) & (answered == 0)  # they are there and none of them answered
        part = [np.where(silent, np.nan, people[:, at]) for at in shown] + [people[:, at] for at in apart]
        whole = [np.where(silent, np.nan, answered)] * len(shown) + [everybody] * len(apart)
        yield group_figures(
            groups, at, np.concatenate(part), np.concatenate(whole),
            series=series, population=population, breakdown=labels, label=label,
        )  # fmt: skip
