"""Contributions add up, treat alike what acts alike, and give nothing for nothing."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from t4c_lib.errors import SettingError
from t4c_lib.whatif.what_matters import shapley_values

NAMES = tuple("abcdefghijk")


def game(seed: int, names: tuple[str, ...]) -> dict[frozenset[str], np.ndarray]:
    chance = np.random.default_rng(seed)
    return {
        one: chance.normal(size=3) * 1000
        for count in range(len(names) + 1)
        for one in map(frozenset, itertools.combinations(names, count))
    }


@pytest.mark.law
@given(st.integers(0, 10_000), st.integers(1, 6))
def test_the_parts_add_up_to_the_whole(seed: int, count: int) -> None:
    names = NAMES[:count]
    values = game(seed, names)
    parts = shapley_values(values.__getitem__, names)
    whole = values[frozenset(names)] - values[frozenset()]
    np.testing.assert_allclose(sum(parts.values()), whole, rtol=1e-9, atol=1e-9)


@pytest.mark.law
@given(st.integers(0, 1000))
def test_the_sampled_parts_add_up_too(seed: int) -> None:
    def value(names: frozenset[str]) -> float:
        return float(sum(ord(name) for name in names) ** 1.5 + seed)

    parts = shapley_values(value, NAMES, orders=6, seed=seed)
    assert sum(parts.values()) == pytest.approx(value(frozenset(NAMES)) - value(frozenset()), rel=1e-9)


@pytest.mark.law
@given(st.integers(0, 10_000))
def test_it_is_the_mean_over_every_order(seed: int) -> None:
    names = NAMES[:4]
    values = game(seed, names)
    totals = {name: np.zeros(3) for name in names}
    orders = list(itertools.permutations(names))
    for order in orders:
        for place, name in enumerate(order):
            totals[name] += values[frozenset(order[: place + 1])] - values[frozenset(order[:place])]
    for name, part in shapley_values(values.__getitem__, names).items():
        np.testing.assert_allclose(part, totals[name] / len(orders), rtol=1e-9, atol=1e-9)


@pytest.mark.law
def test_what_acts_alike_gets_alike_and_what_does_nothing_gets_nothing() -> None:
    def value(names: frozenset[str]) -> float:
        return 10.0 * len(names & {"a", "b"}) ** 2

    parts = shapley_values(value, ["a", "b", "c"])
    assert parts["a"] == pytest.approx(20)
    assert parts["b"] == pytest.approx(20)
    assert parts["c"] == 0


@pytest.mark.law
def test_sampled_parts_come_near_the_exact_ones() -> None:
    # An additive game has the same parts in every order, so even the sample is exact.
    parts = shapley_values(lambda names: float(sum(ord(name) for name in names)), NAMES, orders=2)
    assert {name: float(part) for name, part in parts.items()} == {name: float(ord(name)) for name in NAMES}


@pytest.mark.unit
def test_nothing_to_divide_is_no_parts() -> None:
    assert shapley_values(lambda _: 1.0, []) == {}


@pytest.mark.unit
def test_a_name_twice_and_too_few_orders_are_told_together() -> None:
    with pytest.raises(SettingError) as caught:
        shapley_values(lambda _: 1.0, ["a", "a"], orders=1)
    assert str(caught.value) == "'a' is named twice among the parts; the number of orders is 2 or more, not 1"
