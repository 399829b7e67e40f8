"""What is checked between rows: measures that read one series or must hold together, and intentions without any."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from t4c_lib.framework import Better, catalogue
from t4c_lib.plan.findings import Finding, must, should
from t4c_lib.plan.measure_rows import MeasureRow
from t4c_lib.plan.model import Plan
from t4c_lib.plan.parts import RowState
from t4c_lib.plan.target import Target
from t4c_lib.quantities import number, percent

TOLERANCE = 1e-9


def check_together(plan: Plan) -> Iterator[Finding]:
    """What rows say of each other."""
    rows = [row for row in plan.measures if row.state is not RowState.LEFT_OUT and row.closed is None]
    for one, other in combinations(rows, 2):
        if (one.what.series, one.population, one.group) == (other.what.series, other.population, other.group):
            yield from _one_series(one, other)
    for row in rows:
        yield from _pair(row, rows)
    yield from _intentions(plan)


def _one_series(one: MeasureRow, other: MeasureRow) -> Iterator[Finding]:
    """Two rows that read one series, as 2m4 and 3m3 do: they can't have been at, or go to, two places at once."""
    both = f"{one.measure} and {other.measure} read one series"
    if _begin_apart(one, other):
        assert one.baseline is not None and other.baseline is not None  # noqa: S101, PT018  (they begin somewhere)
        words = f"{both}, but one begins at {one.baseline.text} and the other at {other.baseline.text}."
        yield must(other, "baseline", words)
    elif one.target is not None and other.target is not None:
        if not _contradict(one.target, other.target, one.what.better):
            return
        words = f"{both}, but their X's contradict each other: {_goal(one.target)}, and {_goal(other.target)}."
        yield must(other, "change", words)
    elif _differ(one, other):
        x, y = (row.change.text if row.change else "" for row in (one, other))
        yield must(other, "change", f"{both}, but their X's differ: {x}, {y}.")


def _differ(one: MeasureRow, other: MeasureRow) -> bool:
    """Whether two X's that are meant in one way, for one date, are not the same. This needs no baseline."""
    if one.change is None or other.change is None or one.due != other.due:
        return False
    return one.change.kind is other.change.kind and one.change != other.change


def _begin_apart(one: MeasureRow, other: MeasureRow) -> bool:
    if one.baseline is None or other.baseline is None or one.baseline.period != other.baseline.period:
        return False
    return abs(one.baseline.value - other.baseline.value) > TOLERANCE


def _contradict(one: Target, other: Target, better: Better) -> bool:
    """Whether two goals for one series differ on one date, or the later one is behind the earlier."""
    first, last = sorted((one, other), key=lambda target: target.due)
    step = last.goal - first.goal
    if first.due == last.due:
        return abs(step) > TOLERANCE
    return step < -TOLERANCE if better is Better.HIGHER else step > TOLERANCE


def _goal(target: Target) -> str:
    value = percent(target.goal) if target.baseline.is_fraction else number(target.goal)
    return f"{value} by {target.due.label}"


def _pair(row: MeasureRow, rows: list[MeasureRow]) -> Iterator[Finding]:
    """Two measures that must hold together, as the survey pair 4m1: neither can have an X alone."""
    if row.what.joined_with is None:
        return
    partner = next(
        (one for one in rows if one.measure == row.what.joined_with and one.population == row.population), None
    )
    if partner is None:
        yield should(row, "", f"It holds together with {row.what.joined_with}, which the plan leaves out.")
    elif (row.change is None) != (partner.change is None):
        unset = row if row.change is None else partner
        yield must(unset, "change", f"{row.measure} and {partner.measure} hold together, and only one X is set.")
    elif row.due is not None and partner.due is not None and row.due != partner.due:
        words = f"{row.measure} and {partner.measure} hold together, but are due in {row.due.label} and"
        yield should(row, "due", f"{words} {partner.due.label}.")


def _intentions(plan: Plan) -> Iterator[Finding]:
    named = {row.intention_number for row in (*plan.actions, *plan.measures)}
    for intention in catalogue().intentions:
        if intention.number not in named:
            words = "The plan has no action and no measure for it: adopt some, or leave them out with a reason."
            yield should(f"intention {intention.number}", "", words)
