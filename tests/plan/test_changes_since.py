"""What changed since the last meeting: then and now, who saved it last, and what was put back is no change."""

import datetime as dt
from typing import Any

import pytest

from t4c_lib.periods import FinancialYear
from t4c_lib.plan import Plan, Side
from t4c_lib.plan.partnership.event_log import Revision
from t4c_lib.plan.partnership.papers import rows_since

pytestmark = pytest.mark.unit

SINCE = dt.date(2026, 6, 1)


def saved(plan: Plan, by: str, day: int, month: int = 6) -> Revision:
    at = dt.datetime(2026, month, day, 12, tzinfo=dt.UTC)
    return Revision(plan.organisation, 1, plan.to_yaml(), plan.digest, Side.both, by, at, "")


def with_number(plan: Plan, number: float | None, **more: Any) -> Plan:
    row = next(one for one in plan.actions if one.reference == "3a1")
    return plan.with_row(row.changed(number=number, **more), row)


def test_then_and_now_are_told_with_who_saved_last() -> None:
    plan = Plan.suggested("ZZ9", "Nowhere Trust", [FinancialYear(2026)])
    first, second = with_number(plan, 20.0), with_number(plan, 25.0, post="Head of Learning")
    history = [saved(plan, "Ada", 1, 5), saved(first, "Ada", 1), saved(with_number(plan, 30.0), "Bob", 2)]
    (only,) = rows_since([*history, saved(second, "Cat", 3)], SINCE)
    assert (only.x_before, only.x_after, only.by) == ("20", "25", "Cat")
    assert only.x_moved
    assert only.others == ("responsible post set to 'Head of Learning'",)
    assert only.statement.startswith("Recruit and train 25 staff as NHS Ambassadors")
    assert rows_since([*history, saved(first, "Cat", 3)], SINCE) == ()


def test_rows_added_and_taken_out_are_told() -> None:
    plan = Plan.suggested("ZZ9", "Nowhere Trust", [FinancialYear(2026)])
    less = plan.changed(actions=plan.actions[1:])
    (gone,) = rows_since([saved(plan, "Ada", 1), saved(less, "Bob", 2)], SINCE)
    assert (gone.after, gone.statement) == (None, "taken out")
    (new,) = rows_since([saved(less, "Ada", 1), saved(plan, "Bob", 2)], SINCE)
    assert (new.before, new.others, new.x_moved) == (None, (), False)
    assert rows_since([], SINCE) == ()
