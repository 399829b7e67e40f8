"""A staff extract, person by person and month by month, as the administrator of an electronic staff record exports it.

data/dictionary.csv defines its columns. A row is a person's assignment in a month, for everybody employed at any time
in it. One file may hold several organisations and several months. Persons are counted and forgotten: nothing of a row,
and no person number, is in what this reader hands over or says in its notes.
"""

from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import BaseModel

from t4c_lib.errors import Problem
from t4c_lib.evidence.column_checks import ColumnChecks, Floats, Mask, combined
from t4c_lib.evidence.csv_table import DataTable, TableColumn
from t4c_lib.evidence.dates import Days, check_month_ends, month_from_number, month_numbers, read_dates
from t4c_lib.evidence.files import folded, name_problems
from t4c_lib.evidence.observation_frames import each
from t4c_lib.evidence.observations import Organisation
from t4c_lib.evidence.publication import Publication
from t4c_lib.evidence.staff_extract.dictionary import ESR_HEADINGS, REFUSED, dictionary, dictionary_column
from t4c_lib.evidence.staff_extract.monthly_counts import observations
from t4c_lib.evidence.staff_extract.person_months import NEVER, Codes, Ints, StaffNames, StaffRows
from t4c_lib.evidence.table_layout import KINDS, FileContents, TableLayout
from t4c_lib.validation_messages import read_shipped


class _Shape(BaseModel, frozen=True, extra="forbid"):
    column: str
    pattern: str
    wanted: str
    hint: str = ""
    show: bool = True


class _Rules(BaseModel, frozen=True, extra="forbid"):
    support_bands: frozenset[str]
    clinical_support_groups: frozenset[str]
    registered_groups: frozenset[str]
    shapes: tuple[_Shape, ...]
    range_hints: dict[str, str]


DEPARTMENT_NOT_RECORDED = "not recorded"
MOST_GROUPS = 10_000  # organisations times months of one file; each makes some two hundred figures

_RULES = read_shipped(_Rules, __package__, "staff_rules.yaml")
_ORGANISATION_PARTS = ("organisation_name", "organisation_type", "sector", "demonstration")


def read(table: DataTable) -> FileContents:
    """Every series of the framework that a staff record holds, as docs/reference/staff-extract.md lists them."""
    checks = ColumnChecks(table)
    checks.filled(column.column for column in dictionary() if column.blank_means == REFUSED)
    for one in _RULES.shapes:
        checks.matching(one.column, one.pattern, one.wanted, one.hint, show=one.show)
    choices = {c.column: checks.choices(c.column, c.choices) for c in dictionary() if c.type == "choice"}
    hints = _RULES.range_hints
    numbers = {
        c.column: checks.numbers(
            c.column, *c.bounds, whole=c.type == "whole number", unit=c.unit, range_hint=hints.get(c.column, "")
        )
        for c in dictionary()
        if "number" in c.type
    }
    dates = read_dates(checks, [column.column for column in dictionary() if column.type == "date"])
    check_month_ends(checks, "period_end", dates["period_end"])
    _check_days(checks, dates)
    _check_ages(checks, dates["period_end"], numbers["age"], numbers["birth_year"])
    days = ("fte_days_lost", "fte_days_available")
    checks.days_lost(days, *(numbers[name] for name in days))
    _check_one_answer_an_organisation(checks)
    if not {"age", "birth_year"} & set(table.names):
        checks.problems.append(Problem("row 1", "there is no age or birth_year column; one is needed."))
    if not checks.problems:  # these compare rows with each other and need every cell to be right
        _check_people(checks, dates, numbers["age"], numbers["birth_year"])
        months = [str(month_from_number(number)) for number in np.unique(month_numbers(dates["period_end"]))]
        checks.problems += name_problems(table.source, months, may_hold_others=True)
        checks.problems += _too_many_groups(table, dates["period_end"])
    checks.refuse()
    observed, notes = observations(*_staff(table, dates, numbers, choices))
    made, _ = each(table, ("organisation_code", *_ORGANISATION_PARTS), _organisation)
    organisations = tuple(sorted(made, key=lambda one: one.code))
    return FileContents(organisations, observed, (*_notes_on_age_source(table, numbers), *notes))


def _too_many_groups(table: DataTable, end: Days) -> list[Problem]:
    first = np.unique(combined([table.keys("organisation_code"), month_numbers(end)]))
    if len(first) <= MOST_GROUPS:
        return []
    message = f"has {len(first):,} organisation-months; at most {MOST_GROUPS:,} can be read from one file."
    return [Problem("", message, "Split it by month, or by organisation.")]


def _check_one_answer_an_organisation(checks: ColumnChecks) -> None:
    """Name, type, sector and demonstration must be the same on all rows of an organisation."""
    table = checks.table
    code = table.column("organisation_code")
    for name in _ORGANISATION_PARTS:
        column = table.column(name)
        answer = np.full(len(code.distinct), -1, dtype=np.int64)
        answer[code.codes[::-1]] = column.codes[::-1]  # the first row's answer is written last
        first = answer[code.codes]
        checks.where(column.codes != first, name, partial(_two_answers, code, column, first))


def _two_answers(code: TableColumn, column: TableColumn, first: NDArray[np.int64], row: int) -> str:
    earlier = column.values[int(first[row])]
    return f"'{column.text_at(row)}' here, but '{earlier}' earlier for the same organisation, {code.text_at(row)}."


def _staff(
    table: DataTable, dates: dict[str, Days], numbers: dict[str, Floats], choices: dict[str, Codes]
) -> tuple[StaffRows, StaffNames]:
    start, left, end = dates["start_date"], dates["leaving_date"], dates["period_end"]
    support = _is_one_of(choices["band"], "band", _RULES.support_bands)
    age = numbers["age"]
    age_reached = end.astype("datetime64[Y]").astype(np.float64) + 1970 - numbers["birth_year"]
    organisation = table.keys("organisation_code")
    month, begun = month_numbers(end), dates["apprenticeship_start"].astype("datetime64[M]")
    department, departments = _departments(table.column("department"))
    declared = [c for c in dictionary() if c.type == "choice" and "local-diversity" in c.used_by]
    declared = [c for c in declared if (choices[c.column] >= 0).any()]
    rows = StaffRows(
        organisation=organisation,
        month=month,
        person=pd.factorize(combined([organisation, table.keys("person_number")]))[0],
        start=start.astype(np.int64),
        left=_days_or_never(left),
        joins=month_numbers(start) == month,
        leaves=left <= end,
        support=support,
        clinical=support & _is_one_of(choices["staff_group"], "staff_group", _RULES.clinical_support_groups),
        registered=_registered(choices, support),
        band=choices["band"],
        band_change=choices["band_change"],
        role=_roles(table.column("job_role")),
        department=department,
        age=np.where(np.isnan(age), age_reached, age),
        fte=numbers["contracted_fte"],
        assignment_order=_sorting_order(table.column("assignment")),
        days_lost=numbers["fte_days_lost"],
        days_available=numbers["fte_days_available"],
        level=numbers["highest_qualification_level"],
        certificate=_days_or_never(dates["care_certificate_date"]),
        apprenticed=begun.astype(np.int64) == month,
        declared=tuple(choices[one.column] for one in declared),
    )
    return rows, StaffNames(
        organisations=tuple(table.column("organisation_code").values),
        departments=departments,
        bands=dictionary_column("band").choices,
        characteristics=tuple((one.column, one.choices) for one in declared),
        columns=frozenset(table.names),
    )


def _departments(column: TableColumn) -> tuple[Ints, tuple[str, ...]]:
    """For each row the position of its department, and the departments' names."""
    named = np.array([value or DEPARTMENT_NOT_RECORDED for value in column.values], dtype=object)
    at, names = pd.factorize(named)
    return at[column.codes], tuple(names)


def _roles(column: TableColumn) -> Ints:
    return pd.factorize(np.array([folded(value) or None for value in column.values], dtype=object))[0][column.codes]


def _is_one_of(codes: Codes, column: str, wanted: frozenset[str]) -> Mask:
    return np.array([name in wanted for name in dictionary_column(column).choices], dtype=bool)[codes]


def _registered(choices: dict[str, Codes], support: Mask) -> Mask:
    said = choices["role_registered"]
    by_group = _is_one_of(choices["staff_group"], "staff_group", _RULES.registered_groups) & ~support
    return np.where(said < 0, by_group, said == dictionary_column("role_registered").choices.index("Yes"))


def _days_or_never(days: Days) -> Ints:
    return np.where(np.isnat(days), NEVER, days.astype(np.int64))


def _sorting_order(column: TableColumn) -> Ints:
    return np.unique(np.array(column.values, dtype=object), return_inverse=True)[1][column.codes]


def _organisation(code: str, name: str, kind: str, sector: str, demonstration: str) -> Organisation:
    is_made_up = demonstration.casefold() == "yes"
    as_listed = {choice.casefold(): choice for choice in dictionary_column("sector").choices}
    return Organisation(code, name or code, kind, demonstration=is_made_up, sector=as_listed.get(sector.casefold(), ""))


def _notes_on_age_source(table: DataTable, numbers: dict[str, Floats]) -> tuple[str, ...]:
    from_year = int((np.isnan(numbers["age"]) & ~np.isnan(numbers["birth_year"])).sum())
    if not from_year:
        return ()
    some = f"{from_year:,} of {table.rows:,} rows give only a year of birth"
    return (f"{some}: their age is the age reached in that calendar year, up to a year too high.",)


def _check_days(checks: ColumnChecks, dates: dict[str, Days]) -> None:
    """Days in the order in which they happen: start, leaving; and an employment that touches the row's month."""
    end, start, left = dates["period_end"], dates["start_date"], dates["leaving_date"]
    first_of_month = end.astype("datetime64[M]").astype("datetime64[D]")
    checks.where(left < start, "leaving_date", lambda row: f"{left[row]} is before the start date {start[row]}.")
    checks.where(
        start > end,
        "start_date",
        lambda row: f"{start[row]} is after the row's month, which ends on {end[row]}.",
        "A person has rows only for months of employment.",
    )
    checks.where(
        (left < first_of_month) & (left >= start),
        "leaving_date",
        lambda row: f"{left[row]} is before the row's month, which ends on {end[row]}.",
        "The month of leaving is a person's last month in the extract.",
    )
    begun, ended = dates["apprenticeship_start"], dates["apprenticeship_end"]
    checks.where(ended < begun, "apprenticeship_end", lambda row: f"{ended[row]} is before it began, {begun[row]}.")


def _check_ages(checks: ColumnChecks, end: Days, age: Floats, birth_year: Floats) -> None:
    """An age that fits the year of birth where both are given, and one of 14 to 100 where only the year is."""
    if "birth_year" not in checks.table.names:
        return
    year = np.where(np.isnat(end), np.nan, end.astype("datetime64[Y]").astype(np.float64) + 1970)
    reached = year - birth_year
    checks.where(
        (age > reached) | (age < reached - 1),
        "birth_year",
        lambda row: (
            f"born in {birth_year[row]:.0f} gives an age of {reached[row] - 1:.0f} or {reached[row]:.0f} in "
            f"{year[row]:.0f}, but the age given is {age[row]:.0f}."
        ),
    )
    checks.where(
        np.isnan(age) & ((reached < 14) | (reached > 100)),
        "birth_year",
        lambda row: (
            f"born in {birth_year[row]:.0f} gives an age of {reached[row]:.0f} in {year[row]:.0f}; allowed: 14 to 100."
        ),
    )


def _check_people(checks: ColumnChecks, dates: dict[str, Days], age: Floats, birth_year: Floats) -> None:
    """Rows of one person in one month: told apart by assignment, agreeing in what belongs to the person.

    Somebody may leave and come back within a month: then there are two first days, and the first employment ends before
    the second begins.
    """
    table = checks.table
    start = dates["start_date"].astype(np.int64)
    spell = [start - int(start.min(initial=0))]
    person_month = [table.keys(name) for name in ("organisation_code", "period_end", "person_number")]
    checks.unique(
        [*person_month, table.keys("assignment"), *spell],
        "person_number",
        "the same person, month and assignment as in",
        "Delete one of them, or give two posts of one person different values in the assignment column.",
    )
    if checks.problems:
        return
    person_month_key = combined(person_month)
    several = np.flatnonzero(pd.Series(person_month_key).duplicated(keep=False).to_numpy())
    if not several.size:
        return
    left = dates["leaving_date"].astype(np.int64)  # NaT becomes the least number there is, the same for all
    order = several[np.lexsort((left[several], start[several], person_month_key[several]))]
    one, other = order[:-1], order[1:]
    same_person = person_month_key[one] == person_month_key[other]
    same_spell = same_person & (start[one] == start[other])
    for name, values in (("leaving_date", left), ("age", age), ("birth_year", birth_year)):
        differs = same_spell & (values[one] != values[other]) & ~(np.isnan(values[one]) & np.isnan(values[other]))
        for first, second in zip(one[differs], other[differs], strict=True):
            checks.add(
                np.sort([first, second]), name, "differs between two rows for one person in one month.",
                "It belongs to the person's employment, not to the assignment.",
            )  # fmt: skip
    overlap = same_person & ~same_spell & (np.isnat(dates["leaving_date"][one]) | (left[one] >= start[other]))
    for first, second in zip(one[overlap], other[overlap], strict=True):
        checks.add(
            np.sort([first, second]), "start_date", "two employments of one person overlap in one month.",
            "The assignments of one employment have one start date: the first day with this organisation.",
        )  # fmt: skip


PUBLICATION = Publication(
    key="staff-extract",
    title="a staff extract (data/dictionary.csv)",
    version=4,
    layout=TableLayout(
        columns={column.column: KINDS["any"] for column in dictionary() if column.is_required},
        optional={column.column: KINDS["any"] for column in dictionary() if not column.is_required},
    ),
    reader=read,
    other_names=ESR_HEADINGS,
    most_rows=3_000_000,
)
