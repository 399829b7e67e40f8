"""The small-number policy: known answers, and what its file may not say."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from t4c_lib.disclosure.suppression_policy import FILE, Policy, policy, read_policy
from t4c_lib.errors import InputError

policies = st.builds(Policy, hidden_up_to=st.integers(1, 20), zero_shown=st.booleans(), rounded_to=st.integers(1, 12))


@pytest.mark.unit
def test_the_shipped_policy_is_that_of_the_conventions() -> None:
    assert policy() == Policy(7, False, 5, 20, 3)
    assert policy().hidden_text == "7 or fewer"


@pytest.mark.unit
@pytest.mark.parametrize(
    ("count", "published"),
    [(0, None), (1, None), (7, None), (8, 10), (12, 10), (13, 15), (17, 15), (18, 20), (1_236, 1_235), (7.5, 10)],
)
def test_counts_up_to_seven_are_hidden_and_others_rounded_to_five(count: float, published: float | None) -> None:
    found = float(Policy().rounded(count))
    assert math.isnan(found) if published is None else found == published


@pytest.mark.unit
def test_nobody_is_shown_as_nought_where_the_policy_says_so() -> None:
    assert Policy(zero_shown=True).rounded([0, 1, 8]).tolist()[0::2] == [0, 10]
    assert Policy(zero_shown=True).possible([float("nan")])[0].tolist() == [1]


@pytest.mark.law
@given(policies, st.integers(0, 500))
def test_the_true_count_is_among_the_possible_ones(chosen: Policy, count: int) -> None:
    low, high = chosen.possible(chosen.rounded([count]))
    assert low[0] <= count <= high[0]


@pytest.mark.law
@given(policies, st.integers(0, 500), st.integers(0, 500))
def test_every_possible_count_is_published_alike(chosen: Policy, count: int, other: int) -> None:
    published = chosen.rounded([count, other])
    low, high = chosen.possible(published[:1])
    alike = published[0] == published[1] or (math.isnan(published[0]) and math.isnan(published[1]))
    assert alike == (low[0] <= other <= high[0])


@pytest.mark.unit
@pytest.mark.parametrize(
    ("there", "instead", "said"),
    [
        ("value: 7", "value: seven", "a whole number"),
        ("value: 7", "value: 0", "a number from 1 up"),
        ("value: false", "value: 0", "true or false"),
        ("  rounded-to:", "  rounded-too:", "rounded-to"),
        ("  zero-shown:", "  hidden-up-to:", "hidden-up-to"),
        ("    unit: values\n", "", "unit"),
        ("disclosure:", "disclosures:", "disclosure"),
    ],
)
def test_a_slip_in_the_file_is_named(there: str, instead: str, said: str) -> None:
    text = FILE.read_text(encoding="utf-8")
    assert there in text
    with pytest.raises(InputError) as refused:
        read_policy(text.replace(there, instead, 1), "disclosure.yaml")
    assert "disclosure.yaml" in str(refused.value)
    assert said in str(refused.value)
