"""The nine blanks of the source (every X, number and "target?"): each can be filled, exported and imported again."""

from __future__ import annotations

from typing import Any

import pytest

from t4c_lib.framework import catalogue
from t4c_lib.plan import Plan, check
from tests.plan.plan_making import with_action

pytestmark = pytest.mark.law

SHARE = {"numerator": 171, "denominator": 3000, "period": "2026-03", "source": "staff extract"}
COUNTED = {"value": 24, "period": "2025/26", "source": "register"}
ASKED = {"numerator": 66, "denominator": 110, "period": "2025/26", "source": "NHS Staff Survey"}
CASES = {"numerator": 6, "denominator": 120, "period": "2025/26", "source": "casework"}
FILLED: dict[str, dict[str, Any]] = {
    "1m1": {"baseline": SHARE, "change": {"kind": "points", "amount": 0.02}},
    "1m3": {
        "baseline": SHARE,
        "change": {"kind": "points", "amount": -0.02},
        "group": "disability",
        "comparison": {"share": 0.1, "source": "census"},
    },
    "2m3": {"baseline": COUNTED, "change": {"kind": "level", "amount": 40}},
    "2m4": {"baseline": COUNTED, "change": {"kind": "count", "amount": 12}},
    "3a1": {"number": 25},
    "3m3": {"baseline": COUNTED, "change": {"kind": "count", "amount": 12}},
    "4m1-received": {"baseline": ASKED, "change": {"kind": "points", "amount": 0.1}},
    "4m1-meaningful": {"baseline": ASKED, "change": {"kind": "level", "amount": 0.75}},
    "6m3": {"baseline": CASES, "change": {"kind": "level", "amount": 0.02}},
}
GOALS = {
    "1m1": 0.077,
    "1m3": 0.023,
    "2m3": 40,
    "2m4": 36,
    "3m3": 36,
    "4m1-received": 0.7,
    "4m1-meaningful": 0.75,
    "6m3": 0.02,
}


def filled(plan: Plan, *refs: str) -> Plan:
    for ref in refs:
        if ref == "3a1":
            plan = with_action(plan, plan.action(ref).changed(**FILLED[ref]))
        else:
            row = plan.measure(ref)
            plan = plan.with_row(row.changed(**FILLED[ref], due="2027-03"), instead_of=row)
    return plan


def test_these_are_the_blanks_of_the_source() -> None:
    whole = catalogue()
    blanks = [one.ref for one in whole.actions if one.x] + [one.reference for one in whole.measures if one.x]
    assert sorted(blanks) == sorted(FILLED)


@pytest.mark.parametrize("ref", FILLED)
def test_a_blank_is_filled_exported_and_imported_again(ref: str) -> None:
    plan = filled(Plan.suggested("X01", "Example Trust", ["2026/27"]), ref)
    text = plan.to_yaml()
    again = Plan.from_yaml(text)
    assert again == plan
    assert again.to_yaml() == text
    assert len(again.targets) == (0 if ref == "3a1" else 1)
    if ref == "3a1":
        assert "and train 25 staff" in again.action(ref).wording
    else:
        assert again.targets[0].goal == pytest.approx(GOALS[ref])


def test_with_all_nine_filled_the_check_asks_for_no_x_of_the_source_any_more() -> None:
    plan = filled(Plan.suggested("X01", "Example Trust", ["2026/27"]), *FILLED)
    told = [one for one in check(plan) if one.message == "No X set." or one.field == "number"]
    assert told == []
    assert len(plan.targets) == 8
