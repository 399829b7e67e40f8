"""Intervals agree with scipy and the published formula, and the laws of shares and rates hold for them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest, chi2

from t4c_lib.progress.figures import byar, wilson


@pytest.mark.law
@given(st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_is_scipy_s_without_correction(counts: tuple[int, int]) -> None:
    known = binomtest(*counts).proportion_ci(0.95, method="wilson")
    low, high = wilson(*counts)
    assert (float(low), float(high)) == pytest.approx((known.low, known.high), abs=1e-10)


@pytest.mark.unit
def test_one_person_of_seven_is_as_published() -> None:
    low, high = wilson(1, 7)
    assert (f"{low:.1%}", f"{high:.1%}") == ("2.6%", "51.3%")


@pytest.mark.unit
def test_nobody_and_everybody_end_at_0_and_1_and_no_people_have_no_interval() -> None:
    low, high = wilson([0, 9, 0, np.nan], [9, 9, 0, 9])
    assert (low[0], high[1]) == (0.0, 1.0)
    assert np.isnan([low[2], high[2], low[3], high[3]]).all()
    assert np.isnan(byar(3, 0)).all()


@pytest.mark.law
@given(st.integers(0, 400), st.integers(0, 400))
def test_the_mirrored_share_has_the_mirrored_interval(some: int, others: int) -> None:
    if some + others == 0:
        return
    low, high = wilson(some, some + others)
    mirrored = wilson(others, some + others)
    assert (1 - float(mirrored[1]), 1 - float(mirrored[0])) == pytest.approx((float(low), float(high)))


@pytest.mark.law
@given(st.integers(5, 2000))
def test_byar_is_close_to_the_exact_poisson_limits_from_five_events_on(events: int) -> None:
    low, high = byar(events, 1.0)
    exact = chi2.ppf(0.025, 2 * events) / 2, chi2.ppf(0.975, 2 * events + 2) / 2
    assert (float(low), float(high)) == pytest.approx(exact, rel=0.01)


@pytest.mark.law
@given(st.integers(0, 500), st.floats(0.5, 5000), st.floats(0.1, 50))
def test_more_exposure_shrinks_a_rate_and_its_interval_in_proportion(events: int, over: float, factor: float) -> None:
    low, high = byar(events, over)
    more = byar(events, over * factor)
    assert (float(more[0]), float(more[1])) == pytest.approx((float(low) / factor, float(high) / factor))
    assert 0 <= low <= events / over <= high


@pytest.mark.law
@given(st.integers(1, 300), st.integers(2, 40))
def test_an_interval_narrows_with_more_people_and_widens_with_more_confidence(events: int, times: int) -> None:
    low, high = wilson(events, 2 * events)
    narrow = wilson(events * times, 2 * events * times)
    wide = wilson(events, 2 * events, level=0.998)
    assert narrow[1] - narrow[0] < high - low < wide[1] - wide[0]


@pytest.mark.unit
def test_counts_that_cannot_be_are_refused() -> None:
    for events, people in ((8, 7), (-1, 7), (1, -7)):
        with pytest.raises(ValueError, match="0 <= counted <= all"):
            wilson(events, people)
    with pytest.raises(ValueError, match="of 0 or more"):
        byar(-1, 10)
    with pytest.raises(ValueError, match="between 0 and 1, not 95"):
        wilson(1, 2, level=95)
