"""What must hold between the cells of a staff extract's row, and between the rows of one person in a month."""

from __future__ import annotations

import numpy as np
import pandas as pd

from t4c_lib.evidence.columns import ColumnChecks, Floats, combined, row_keys
from t4c_lib.evidence.dates import Days


def check_days(checks: ColumnChecks, dates: dict[str, Days]) -> None:
    """Days in the order in which they happen: start, leaving; and an employment that touches the row's month."""
    end, start, left = dates["period_end"], dates["start_date"], dates["leaving_date"]
    first_of_month = end.astype("datetime64[M]").astype("datetime64[D]")
    checks.where(left < start, "leaving_date", lambda row: f"{left[row]} is before the start date {start[row]}.")
    checks.where(
        start > end,
        "start_date",
        lambda row: f"{start[row]} is after the row's month, which ends on {end[row]}.",
        "A person has rows only for the months of the employment.",
    )
    checks.where(
        (left < first_of_month) & (left >= start),
        "leaving_date",
        lambda row: f"{left[row]} is before the row's month, which ends on {end[row]}.",
        "The month of leaving is a person's last month in the extract.",
    )
    begun, ended = dates["apprenticeship_start"], dates["apprenticeship_end"]
    checks.where(ended < begun, "apprenticeship_end", lambda row: f"{ended[row]} is before it began, {begun[row]}.")


def check_ages(checks: ColumnChecks, end: Days, age: Floats, birth_year: Floats) -> None:
    """An age that fits the year of birth where both are given, and one of 14 to 100 where only the year is."""
    if checks.table.column("birth_year") is None:
        return
    year = np.where(np.isnat(end), np.nan, end.astype("datetime64[Y]").astype(np.float64) + 1970)
    reached = year - birth_year
    checks.where(
        (age > reached) | (age < reached - 1),
        "birth_year",
        lambda row: (
            f"born in {birth_year[row]:.0f} makes {reached[row] - 1:.0f} or {reached[row]:.0f} in {year[row]:.0f}, "
            f"but the age given is {age[row]:.0f}."
        ),
    )
    checks.where(
        np.isnan(age) & ((reached < 14) | (reached > 100)),
        "birth_year",
        lambda row: f"born in {birth_year[row]:.0f} makes {reached[row]:.0f} in {year[row]:.0f}; allowed is 14 to 100.",
    )


def check_sickness(checks: ColumnChecks, lost: Floats, available: Floats) -> None:
    """Days lost and available: both or neither, and never more lost than available."""
    names = ("fte_days_lost", "fte_days_available")
    columns = [checks.table.column(name) for name in names]
    if all(column is None for column in columns):
        return
    blank = [np.ones(checks.table.rows, dtype=bool) if column is None else column.blank for column in columns]
    checks.where(
        blank[0] != blank[1],
        names[0],
        lambda _: f"only one of {names[0]} and {names[1]} is given; both are needed, or neither.",
    )
    checks.where(
        lost > available,
        names[0],
        lambda row: f"{lost[row]:g} days lost is more than the {available[row]:g} available.",
    )


def check_people(checks: ColumnChecks, dates: dict[str, Days], age: Floats, birth_year: Floats) -> None:
    """Rows of one person in one month: told apart by assignment, agreeing in what belongs to the person.

    Somebody may leave and come back within a month: then there are two first days, and the first employment ends before
    the second begins.
    """
    table = checks.table
    keys = {
        name: row_keys(table.column(name), table.rows)
        for name in ("organisation_code", "period_end", "person_number", "assignment")
    }
    start = dates["start_date"].astype(np.int64)
    spell = [start - int(start.min(initial=0))]
    person_month = [keys["organisation_code"], keys["period_end"], keys["person_number"]]
    checks.unique(
        [*person_month, keys["assignment"], *spell],
        "person_number",
        "the same person, month and assignment as in",
        "Delete one of them, or tell two posts of one person apart in the column assignment.",
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
        differs = (
            same_spell
            & (values[one] != values[other])
            & ~((values[one] != values[one]) & (values[other] != values[other]))
        )
        for first, second in zip(one[differs], other[differs], strict=True):
            checks.add(
                np.sort([first, second]), name, "differs between two rows of one person in one month.",
                "It belongs to the person's employment, not to the assignment.",
            )  # fmt: skip
    overlap = same_person & ~same_spell & (np.isnat(dates["leaving_date"][one]) | (left[one] >= start[other]))
    for first, second in zip(one[overlap], other[overlap], strict=True):
        checks.add(
            np.sort([first, second]), "start_date", "two employments of one person overlap in one month.",
            "The assignments of one employment have one start date: the first day with this organisation.",
        )  # fmt: skip
