"""One assumption: bounds by unit, order of the three ends, certainty."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from t4c_lib.parameters import Assumption
from t4c_lib.parameters.assumption import AssumptionUnit

GOOD: dict[str, Any] = {
    "name": "leavers-young",
    "label": "Leavers among the young",
    "low": 0.2,
    "central": 0.236,
    "high": 0.3,
    "unit": "share",
    "source": "a publication",
    "date": "2025-10",
    "interval": "judgement",
}


def make(**changes: Any) -> Assumption:
    return Assumption.model_validate({**GOOD, **changes})


@pytest.mark.law
@given(st.lists(st.floats(0, 1), min_size=3, max_size=3))
def test_three_ends_in_order_are_kept_as_given(ends: list[float]) -> None:
    low, central, high = sorted(ends)
    made = make(low=low, central=central, high=high)
    assert (made.low, made.central, made.high) == (low, central, high)
    assert made.is_certain == (low == high)


@pytest.mark.law
@given(st.permutations([0.1, 0.2, 0.3]))
def test_three_ends_out_of_order_are_refused(ends: list[float]) -> None:
    low, central, high = ends
    if ends == sorted(ends):
        return
    with pytest.raises(ValidationError, match="not in order"):
        make(low=low, central=central, high=high)


@pytest.mark.law
@given(st.sampled_from(list(AssumptionUnit)), st.floats(allow_nan=True, allow_infinity=True))
def test_no_unit_allows_what_is_negative_or_no_number(unit: AssumptionUnit, value: float) -> None:
    if unit.allows(value):
        assert 0 <= value < float("inf")
        assert value <= 1 or not unit.is_share


@pytest.mark.unit
def test_a_percent_where_a_share_is_wanted_names_the_slip() -> None:
    with pytest.raises(ValidationError, match=r"central is 23\.6.*Did you mean 0\.236"):
        make(central=23.6, high=30)


@pytest.mark.unit
def test_an_interval_must_say_how_it_came_about() -> None:
    with pytest.raises(ValidationError, match="how they came about"):
        make(interval="")


@pytest.mark.unit
def test_a_certain_number_needs_no_interval() -> None:
    assert make(low=0.2, central=0.2, high=0.2, interval="").is_certain


@pytest.mark.unit
@pytest.mark.parametrize("written", ["2025-10", "2025/26", "2025/26-Q1", "2025-10-31", "2025"])
def test_a_date_is_one_of_our_periods_or_a_calendar_year(written: str) -> None:
    assert make(date=written).date == written


@pytest.mark.unit
def test_a_date_in_words_is_refused() -> None:
    with pytest.raises(ValidationError, match="is not a period"):
        make(date="October 2025")


@pytest.mark.unit
def test_an_assumption_cannot_be_changed_only_replaced() -> None:
    before = make()
    with pytest.raises(ValidationError):
        before.central = 0.25  # type: ignore[misc]
    assert before.with_values(central=0.25).central == 0.25
    assert before.central == 0.236


@pytest.mark.unit
def test_a_replacement_is_checked_like_a_new_one() -> None:
    with pytest.raises(ValidationError, match="not in order"):
        make().with_values(central=0.9)
