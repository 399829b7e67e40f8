"""A staff extract, person by person and month by month, as the administrator of an electronic staff record exports it.

data/dictionary.csv defines its columns. A row is a person's assignment in a month, for everybody employed at any time
in it. One file may hold several organisations and several months. Persons are counted and forgotten: nothing of a row,
and no person number, is in what this reader hands over or says in its notes.
"""

from collections.abc import Callable

import numpy as np
import pandas as pd
from pydantic import BaseModel

from t4c_lib.errors import Problem, refuse
from t4c_lib.evidence import column_checks
from t4c_lib.evidence.column_checks import ColumnChecks, Days, Floats, Mask, combined, month_numbers
from t4c_lib.evidence.csv_table import DataTable, TableColumn
from t4c_lib.evidence.files import folded, name_problems
from t4c_lib.evidence.observation_frames import each
from t4c_lib.evidence.observations import Organisation
from t4c_lib.evidence.publication import Publication
from t4c_lib.evidence.slips import said
from t4c_lib.evidence.staff_extract.dictionary import ESR_HEADINGS, REFUSED, dictionary, dictionary_column
from t4c_lib.evidence.staff_extract.monthly_counts import observations
from t4c_lib.evidence.staff_extract.person_months import NEVER, Codes, Ints, Staff, StaffNames, StaffRows
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
    numbers: dict[str, Floats] = {}
    for c in (one for one in dictionary() if "number" in one.type):
        whole, hint = c.type == "whole number", _RULES.range_hints.get(c.column, "")
        numbers[c.column] = checks.numbers(c.column, *c.bounds, whole=whole, unit=c.unit, range_hint=hint)
    dates = column_checks.read_dates(checks, [column.column for column in dictionary() if column.type == "date"])
    column_checks.check_month_ends(checks, "period_end", dates["period_end"])
    _check_days(checks, dates)
    _check_ages(checks, dates["period_end"], numbers["age"], numbers["birth_year"])
    days = ("fte_days_lost", "fte_days_available")
    checks.days_lost(days, *(numbers[name] for name in days))
    _check_one_answer_an_organisation(checks)
    if not {"age", "birth_year"} & set(table.names):
        checks.problems.append(Problem("row 1", "there is no age or birth_year column; one is needed."))
    if not checks.problems:  # these compare rows with each other and need every cell to be right
        _check_people(checks, dates, numbers["age"], numbers["birth_year"])
        months = [str(column_checks.month_from_number(one)) for one in np.unique(month_numbers(dates["period_end"]))]
        checks.problems += name_problems(table.source, months, may_hold_others=True)
        groups = len(np.unique(combined([table.keys("organisation_code"), month_numbers(dates["period_end"])])))
        if groups > MOST_GROUPS:
            too_many = said("too many organisation-months", groups=groups, most=MOST_GROUPS)
            checks.problems.append(Problem("", *too_many))
    refuse(table.source, checks.problems)
    observed, notes = observations(_staff(table, dates, numbers, choices))
    if from_year := int((np.isnan(numbers["age"]) & ~np.isnan(numbers["birth_year"])).sum()):
        some = f"{from_year:,} of {table.rows:,} rows give only a year of birth"
        notes.insert(0, f"{some}: their age is the age reached in that calendar year, up to a year too high.")
    made, _ = each(table, ("organisation_code", *_ORGANISATION_PARTS), _organisation)
    return FileContents(tuple(sorted(made, key=lambda one: one.code)), observed, tuple(notes))


def _check_one_answer_an_organisation(checks: ColumnChecks) -> None:
    table = checks.table
    code = table.column("organisation_code")
    for name in _ORGANISATION_PARTS:
        column = table.column(name)
        first = pd.Series(column.codes).groupby(code.codes).transform("first").to_numpy()
        if (differs := column.codes != first).any():
            told = {"here": column.each(str), "earlier": np.array(column.values, dtype=object)[first]}
            checks.where(differs, name, *said("organisation is described otherwise"), **told, code=code.each(str))


def _staff(table: DataTable, dates: dict[str, Days], numbers: dict[str, Floats], choices: dict[str, Codes]) -> Staff:
    start, left, end = dates["start_date"], dates["leaving_date"], dates["period_end"]
    support = _is_one_of(choices["band"], "band", _RULES.support_bands)
    by_group = _is_one_of(choices["staff_group"], "staff_group", _RULES.registered_groups) & ~support
    age, said = numbers["age"], choices["role_registered"]
    age_reached = end.astype("datetime64[Y]").astype(np.float64) + 1970 - numbers["birth_year"]
    organisation = table.keys("organisation_code")
    month, begun = month_numbers(end), dates["apprenticeship_start"].astype("datetime64[M]")
    department, departments = _numbered(table.column("department"), lambda name: name or DEPARTMENT_NOT_RECORDED)
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
        registered=np.where(said < 0, by_group, _is_one_of(said, "role_registered", frozenset({"Yes"}))),
        band=choices["band"],
        band_change=choices["band_change"],
        role=_numbered(table.column("job_role"), lambda name: folded(name) or None)[0],
        department=department,
        age=np.where(np.isnan(age), age_reached, age),
        fte=numbers["contracted_fte"],
        assignment_order=_numbered(table.column("assignment"), str, sort=True)[0],
        days_lost=numbers["fte_days_lost"],
        days_available=numbers["fte_days_available"],
        level=numbers["highest_qualification_level"],
        certificate=_days_or_never(dates["care_certificate_date"]),
        apprenticed=begun.astype(np.int64) == month,
        declared=tuple(choices[one.column] for one in declared),
    )
    names = StaffNames(
        organisations=tuple(table.column("organisation_code").values),
        departments=departments,
        bands=dictionary_column("band").choices,
        characteristics=tuple((one.column, one.choices) for one in declared),
        columns=frozenset(table.names),
    )
    return Staff.of(rows, names)


def _numbered(
    column: TableColumn, name_of: Callable[[str], str | None], *, sort: bool = False
) -> tuple[Ints, tuple[str, ...]]:
    """For each row the number of its name, -1 where that is None, and the names; in sorting order if it matters."""
    at, names = pd.factorize(np.array([name_of(value) for value in column.values], dtype=object), sort=sort)
    return at[column.codes], tuple(names)


def _is_one_of(codes: Codes, column: str, wanted: frozenset[str]) -> Mask:
    return np.array([name in wanted for name in dictionary_column(column).choices], dtype=bool)[codes]


def _days_or_never(days: Days) -> Ints:
    return np.where(np.isnat(days), NEVER, days.astype(np.int64))


def _organisation(code: str, name: str, kind: str, sector: str, demonstration: str) -> Organisation:
    is_made_up = demonstration.casefold() == "yes"
    as_listed = {choice.casefold(): choice for choice in dictionary_column("sector").choices}
    return Organisation(code, name or code, kind, demonstration=is_made_up, sector=as_listed.get(sector.casefold(), ""))


def _check_days(checks: ColumnChecks, dates: dict[str, Days]) -> None:
    """Days in the order in which they happen: start, leaving; and an employment that touches the row's month."""
    end, start, left = dates["period_end"], dates["start_date"], dates["leaving_date"]
    first_of_month = end.astype("datetime64[M]").astype("datetime64[D]")
    checks.where(left < start, "leaving_date", *said("left before the start"), left=left, start=start)
    checks.where(start > end, "start_date", *said("starts after the month"), start=start, end=end)
    before = (left < first_of_month) & (left >= start)
    checks.where(before, "leaving_date", *said("left before the month"), left=left, end=end)
    begun, ended = dates["apprenticeship_start"], dates["apprenticeship_end"]
    checks.where(ended < begun, "apprenticeship_end", *said("ended before it began"), ended=ended, begun=begun)


def _check_ages(checks: ColumnChecks, end: Days, age: Floats, birth_year: Floats) -> None:
    """An age that fits the year of birth where both are given, and one of 14 to 100 where only the year is."""
    if "birth_year" not in checks.table.names:
        return
    year = np.where(np.isnat(end), np.nan, end.astype("datetime64[Y]").astype(np.float64) + 1970)
    reached = year - birth_year
    told = {"born": birth_year, "least": reached - 1, "most": reached, "year": year, "age": age}
    differs, impossible = (age > reached) | (age < reached - 1), np.isnan(age) & ((reached < 14) | (reached > 100))
    checks.where(differs, "birth_year", *said("age differs from year of birth"), **told)
    checks.where(impossible, "birth_year", *said("impossible year of birth"), **told)


def _check_people(checks: ColumnChecks, dates: dict[str, Days], age: Floats, birth_year: Floats) -> None:
    """Rows of one person in one month: told apart by assignment, agreeing in what belongs to the person.

    Somebody may leave and come back within a month: then there are two first days, and the first employment ends before
    the second begins.
    """
    table = checks.table
    start = dates["start_date"].astype(np.int64)
    person_month = [table.keys(name) for name in ("organisation_code", "period_end", "person_number")]
    keys = [*person_month, table.keys("assignment"), start - int(start.min(initial=0))]
    checks.unique(keys, "person_number", *said("the same assignment"))
    if checks.problems:
        return
    person_month_key = combined(person_month)
    several = np.flatnonzero(pd.Series(person_month_key).duplicated(keep=False).to_numpy())
    left = dates["leaving_date"].astype(np.int64)  # NaT becomes the least number there is, the same for all
    order = several[np.lexsort((left[several], start[several], person_month_key[several]))]
    one, other = order[:-1], order[1:]
    same_person = person_month_key[one] == person_month_key[other]
    same_spell = same_person & (start[one] == start[other])

    def tell(wrong: Mask, column: str, what: str) -> None:
        for pair in np.sort(np.transpose([one[wrong], other[wrong]])):
            checks.add(pair, column, *said(what))

    for name, values in (("leaving_date", left), ("age", age), ("birth_year", birth_year)):
        differs = same_spell & (values[one] != values[other]) & ~(np.isnan(values[one]) & np.isnan(values[other]))
        tell(differs, name, "person differs between rows")
    overlap = same_person & ~same_spell & (np.isnat(dates["leaving_date"][one]) | (left[one] >= start[other]))
    tell(overlap, "start_date", "employments overlap")


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
