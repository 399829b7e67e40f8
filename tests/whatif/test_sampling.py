"""Draws of assumptions: they bring the three figures back, stay within bounds, and depend on nothing but their name."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ndtri

from t4c_lib.errors import SettingError
from t4c_lib.parameters import Assumption, assumptions
from t4c_lib.parameters.assumption import AssumptionUnit
from t4c_lib.whatif import draws
from t4c_lib.whatif.rates import at_normal


def make(
    low: float, central: float, high: float, unit: AssumptionUnit = AssumptionUnit.share, **more: Any
) -> Assumption:
    given = {"label": "Something", "source": "a test", "date": "2025-10", "interval": "a test", "name": "something"}
    return Assumption.model_validate({**given, "low": low, "central": central, "high": high, "unit": unit, **more})


inner = st.lists(st.floats(0.001, 0.999), min_size=3, max_size=3).map(sorted)
amounts = st.lists(st.floats(0.001, 1e6), min_size=3, max_size=3).map(sorted)
ends = st.lists(st.floats(0, 1), min_size=3, max_size=3).map(sorted)
TENTHS = (0.1, 0.5, 0.9)
coverages = st.sampled_from([0.5, 0.8, 0.9, 0.95])


@pytest.mark.law
@given(
    st.one_of(inner.map(lambda e: (e, AssumptionUnit.share)), amounts.map(lambda e: (e, AssumptionUnit.weeks))),
    coverages,
)
def test_the_three_figures_come_back_at_their_chances(
    case: tuple[list[float], AssumptionUnit], coverage: float
) -> None:
    figures, unit = case
    low, central, high = figures
    one = make(low, central, high, unit=unit, coverage=coverage)
    chances = np.array([(1 - coverage) / 2, 0.5, (1 + coverage) / 2])
    assert at_normal(one, ndtri(chances)) == pytest.approx(figures, rel=1e-9, abs=1e-12)


@pytest.mark.law
@given(ends, coverages)
def test_draws_stay_within_the_bounds_even_where_an_end_lies_on_one(figures: list[float], coverage: float) -> None:
    low, central, high = figures
    drawn = draws([make(low, central, high, coverage=coverage)], 200)["something"]
    assert ((drawn >= 0) & (drawn <= 1)).all()


@pytest.mark.law
@given(ends)
def test_a_figure_rises_with_its_chance(figures: list[float]) -> None:
    low, central, high = figures
    values = at_normal(make(low, central, high), ndtri(np.linspace(0.001, 0.999, 41)))
    assert all(later >= earlier - 1e-12 for earlier, later in pairwise(values))


@pytest.mark.law
def test_of_every_national_figure_the_drawn_bands_are_the_interval() -> None:
    drawn = draws(assumptions(), 2000)
    for one in assumptions():
        assert np.quantile(drawn[one.name], TENTHS) == pytest.approx([one.low, one.central, one.high], rel=0.01), (
            one.name
        )


@pytest.mark.law
def test_an_interval_from_nothing_keeps_its_figures() -> None:
    drawn = draws([make(0.0, 0.02, 0.05)], 2000)["something"]
    assert np.quantile(drawn, TENTHS) == pytest.approx([0, 0.02, 0.05], abs=0.0005)


@pytest.mark.law
def test_a_certain_figure_is_drawn_as_itself() -> None:
    assert (draws([make(0.3, 0.3, 0.3)], 50)["something"] == 0.3).all()


@pytest.mark.law
@given(st.permutations([one.name for one in assumptions()]), st.integers(1, 30), st.integers(0, 2**32))
def test_a_draw_depends_on_seed_and_name_and_not_on_what_else_is_drawn(
    order: list[str], several: int, seed: int
) -> None:
    whole = draws(assumptions(), 20, seed)
    some = draws([assumptions().get(name) for name in order[:several]], 20, seed)
    for name, values in some.items():
        np.testing.assert_array_equal(values, whole[name])


@pytest.mark.law
def test_another_seed_or_name_gives_other_draws() -> None:
    one, other = make(0.1, 0.2, 0.3), make(0.1, 0.2, 0.3, name="other")
    first = draws([one, other], 100, 1)
    assert not np.array_equal(first["something"], first["other"])
    assert not np.array_equal(first["something"], draws([one], 100, 2)["something"])
    assert abs(np.corrcoef(first["something"], first["other"])[0, 1]) < 0.3


@pytest.mark.unit
def test_a_count_and_a_seed_that_can_not_be_are_told_together() -> None:
    with pytest.raises(SettingError) as caught:
        draws([], 0, -1)
    assert str(caught.value) == (
        "the number of draws must be a whole number, 1 or more, not 0; "
        "the seed must be a whole number, 0 or more, not -1"
    )
