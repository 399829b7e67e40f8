"""A baseline agrees with itself, or is refused in words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from t4c_lib.quantities import Baseline, Unit, count_of, number, percent_pair, points
from t4c_lib.quantities.baseline import BaselineError, typed_decimals


@pytest.mark.law
@given(st.integers(min_value=1, max_value=10**7), st.data())
def test_value_is_numerator_over_denominator(denominator: int, data: st.DataObject) -> None:
    numerator = data.draw(st.integers(min_value=0, max_value=denominator))
    assert Baseline.of(numerator, denominator).value == numerator / denominator


@pytest.mark.unit
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"value": 5.7}, r"Did you mean 0\.057 \(5\.7%\)"),
        ({"value": -0.1}, "numbers of 0 or more"),
        ({"value": 0.06, "numerator": 174, "denominator": 3050}, r"174 of 3,050 is 0\.057049, not 0\.06"),
        ({"value": 0.06, "numerator": 174}, "belong together"),
        ({"value": 0.0, "numerator": 0, "denominator": 0}, "denominator of 0"),
        ({"value": float("inf"), "unit": Unit.COUNT}, "numbers of 0 or more"),
    ],
)
def test_a_baseline_that_contradicts_itself_is_refused(arguments: dict[str, float], words: str) -> None:
    with pytest.raises(BaselineError, match=words):
        Baseline(**arguments)  # type: ignore[arg-type]


@pytest.mark.unit
def test_numbers_are_written_for_people() -> None:
    assert number(3050) == "3,050"
    assert number(-0.0) == "0"
    assert points(0.01) == "1 percentage point"
    assert points(-0.025) == "2.5 percentage points"
    assert count_of(1, "placements a year") == "1 placement a year"
    assert count_of(1, "people") == "1 person"
    assert percent_pair(0.057, 0.0571) == ("5.70%", "5.71%")
    assert [typed_decimals(one) for one in (0.06, 0.0585, 0.05855, 1 / 3)] == [1, 2, 3, 1]
    assert Baseline.count(28).text == "28"
    assert Baseline(0.057).text == "5.7%"
