"""Next year's plan from this one."""

from __future__ import annotations

from t4c_lib.framework import MeasureKind
from t4c_lib.periods import FinancialYear, Month, parse_period
from t4c_lib.plan.actions import ActionRow
from t4c_lib.plan.measure_checks import Baselines, newest
from t4c_lib.plan.measure_rows import MeasureRow
from t4c_lib.plan.model import Plan, PlanError
from t4c_lib.plan.parts import RowState, Status
from t4c_lib.quantities import Baseline, Change, ChangeKind

MONTHS = 12


def roll(plan: Plan, to_year: FinancialYear | str, baselines: Baselines | None = None) -> Plan:
    """The plan carried on to a later year.

    - Its years are `to_year` and those of the plan's own years that come after it.
    - Rows that are done are closed, with the last year before `to_year`; they stay, and nothing is due. A review that
      was held is due again, so it stays open and begins anew.
    - Rows that are left out, in place or closed already stay as they are.
    - Open rows are carried. A date that has passed when the new plan begins moves on by whole years, as timelines do.
    - Baselines are renewed where `baselines` has a newer figure. A target whose date is still to come keeps its goal:
      its X becomes the level it leads to. One whose date has passed keeps its X, reckoned from the new baseline, as in
      "rises by X again". Checkpoints that have passed are dropped.
    - Timelines move on by as many years as the plan's beginning.

    What an agreement covers changes in all of these rows, so both sides look at them again; `changes_between` tells
    what is different.

    Args:
        plan: this year's plan.
        to_year: the first year of the next one.
        baselines: the newest figure for a row, as a mapping by `MeasureRow.key` or a function of the row.

    Raises:
        PlanError: `to_year` is not later than the plan's first year.
        PeriodError: it is no financial year.
        InputError: a new baseline doesn't fit its measure.
    """
    year = FinancialYear.parse(to_year) if isinstance(to_year, str) else to_year
    if year <= plan.years[0]:
        raise PlanError(f"The plan begins with {plan.years[0]} already, so it can't be rolled on to {year}.")
    before = FinancialYear(year.start_year - 1)
    return plan.changed(
        years=(year, *(one for one in plan.years if one > year)),
        actions=tuple(_action(row, year, before) for row in plan.actions),
        measures=tuple(_measure(row, year, before, baselines) for row in plan.measures),
        timelines=tuple(row.moved(year.start_year - plan.years[0].start_year) for row in plan.timelines),
    )


def _action(row: ActionRow, year: FinancialYear, before: FinancialYear) -> ActionRow:
    if not row.is_open:
        return row
    if row.status is Status.DONE:
        return row.changed(closed=before)
    return row.changed(due=_moved(row.due, year))


def _measure(row: MeasureRow, year: FinancialYear, before: FinancialYear, baselines: Baselines | None) -> MeasureRow:
    if row.closed is not None or row.state is RowState.LEFT_OUT:
        return row
    if row.status is Status.DONE and row.what.kind is not MeasureKind.REVIEW:
        return row if row.state is RowState.IN_PLACE else row.changed(closed=before)
    found = newest(row, baselines)
    is_newer = found is not None and (row.baseline is None or _is_later(found, row.baseline))
    has_passed = row.due is not None and row.due < year.months[0]
    change = row.change
    if is_newer and not has_passed and row.target is not None:
        change = Change(ChangeKind.LEVEL, row.target.goal)
    return row.changed(
        baseline=found if is_newer else row.baseline,
        change=change,
        due=_moved(row.due, year),
        checkpoints=tuple(one for one in row.checkpoints if one.due >= year.months[0]),
        status=Status.NOT_STARTED if row.what.kind is MeasureKind.REVIEW else row.status,
    )


def _is_later(one: Baseline, other: Baseline) -> bool:
    return parse_period(one.period).last_day > parse_period(other.period).last_day


def _moved(due: Month | None, year: FinancialYear) -> Month | None:
    """The date if it is still to come when the year begins, else the same month of the first year in which it is."""
    if due is None or due >= year.months[0]:
        return due
    years = -(due.months_until(year.months[0]) // -MONTHS)
    return due + MONTHS * years
