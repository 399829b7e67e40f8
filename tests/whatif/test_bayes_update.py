"""What a local count teaches: prior, data, posterior."""

from __future__ import annotations

import pytest
from bayes_update import fit_beta, update_share
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import beta

from t4c_lib.errors import SettingError
from t4c_lib.parameters import Assumption, assumptions

NAME = "work-experience-into-nhs-job"
WHERE = {"source": "placement register", "date": "2025/26"}


def from_beta(a: float, b: float) -> Assumption:
    low, central, high = beta.ppf([0.1, 0.5, 0.9], a, b)
    return assumptions().get(NAME).with_values(low=float(low), central=float(central), high=float(high))


@pytest.mark.law
@given(st.floats(1, 200), st.floats(1, 200))
def test_an_interval_that_is_a_beta_is_fitted_exactly(a: float, b: float) -> None:
    fitted = fit_beta(from_beta(a, b))
    assert (fitted.a, fitted.b) == pytest.approx((a, b), rel=1e-4)


@pytest.mark.law
@given(st.integers(0, 500), st.integers(0, 500))
def test_the_posterior_adds_the_people_counted(k: int, rest: int) -> None:
    learned = update_share(assumptions().get(NAME), k, k + rest, **WHERE)
    assert learned.posterior.a == pytest.approx(learned.prior.a + k)
    assert learned.posterior.b == pytest.approx(learned.prior.b + rest)
    assert learned.posterior.people == pytest.approx(learned.prior.people + k + rest)


@pytest.mark.law
@given(st.integers(1, 300), st.data())
def test_learning_in_two_steps_is_learning_at_once(n: int, data: st.DataObject) -> None:
    k = data.draw(st.integers(0, n))
    first_n = data.draw(st.integers(0, n))
    first_k = data.draw(st.integers(max(0, k - (n - first_n)), min(k, first_n)))
    one = assumptions().get(NAME)
    at_once = update_share(one, k, n, **WHERE).posterior
    first = update_share(one, first_k, first_n, **WHERE).posterior
    assert first.a + k - first_k == pytest.approx(at_once.a)
    assert first.b + (n - k) - (first_n - first_k) == pytest.approx(at_once.b)


@pytest.mark.law
def test_many_people_settle_it_and_few_hardly_move_it() -> None:
    one = assumptions().get(NAME)
    many = update_share(one, 20_000, 100_000, **WHERE).updated
    assert many.central == pytest.approx(0.2, rel=0.01)
    assert many.high - many.low < 0.005
    assert update_share(one, 1, 2, **WHERE).updated.central < 0.08


@pytest.mark.unit
def test_a_lopsided_interval_tells_how_far_the_fit_is_off() -> None:
    learned = update_share(assumptions().get("apprenticeship-achievement"), 9, 10, **WHERE)
    assert 0.01 < learned.fit_error < 0.05
    assert "The fitted prior is within 3.7 points of the given interval." in learned.sentence


@pytest.mark.unit
def test_prior_data_posterior_and_people_are_told() -> None:
    learned = update_share(assumptions().get(NAME), 7, 25, **WHERE)
    assert "prior 3.1% (0.8% to 8.0%), counted 7 of 25 (28.0%), updated 12.8% (8.1% to 18.7%)" in learned.sentence
    assert "Based on 25 people counted locally; the prior has the weight of 40" in learned.sentence
    assert learned.updated.source == "placement register: 7 of 25, together with judgement"
    assert learned.updated.central == learned.posterior.central
    assert not learned.updated.judgement


@pytest.mark.unit
def test_nobody_counted_changes_nothing() -> None:
    one = assumptions().get(NAME)
    learned = update_share(one, 0, 0, **WHERE)
    assert learned.updated == one
    assert "no local count yet" in learned.sentence


@pytest.mark.unit
@pytest.mark.parametrize(
    ("name", "k", "n", "words"),
    [
        ("pathway-months", 1, 2, "is counted in 'months'; only a share can be updated by a count"),
        ("apprenticeship-starts-target", 1, 2, "is certain (0.023), so no count can change it"),
        (NAME, 3, 2, "the count must be whole numbers of people, k of n with k from 0 to n, not 3 of 2"),
        (NAME, -1, 2, "not -1 of 2"),
    ],
)
def test_what_can_not_be_learned_is_told(name: str, k: int, n: int, words: str) -> None:
    with pytest.raises(SettingError) as caught:
        update_share(assumptions().get(name), k, n, **WHERE)
    assert words in str(caught.value)
