"""Staff by single year of age against the closed form of its steady state, and its laws."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from t4c_lib.whatif import SettingError, SingleYears


@st.composite
def models(draw: st.DrawFn) -> SingleYears:
    count = draw(st.integers(1, 30))
    people = arrays(float, count, elements=st.floats(0, 1000))
    leave = arrays(float, count, elements=st.floats(0, 1))
    return SingleYears(16, draw(people), draw(leave), draw(people))


def steady_by_closed_form(model: SingleYears) -> list[float]:
    """For each age, the joiners of every age up to it, each less those who have left since."""
    return [
        math.fsum(
            model.join[begin] * math.prod(1 - model.leave[at] for at in range(begin, age)) for begin in range(age + 1)
        )
        for age in range(model.staff.size)
    ]


@pytest.mark.law
@given(models())
def test_the_steady_state_is_the_closed_form(model: SingleYears) -> None:
    np.testing.assert_allclose(model.steady(), steady_by_closed_form(model), rtol=1e-9, atol=1e-9)


@pytest.mark.law
@given(models(), st.integers(0, 5))
def test_it_is_reached_after_as_many_years_as_there_are_ages_and_kept(model: SingleYears, more: int) -> None:
    there = model.after(model.staff.size)
    assert (model.after(model.staff.size + more) == there).all()
    assert (replace(model, staff=np.zeros_like(model.staff)).after(model.staff.size) == there).all()


@pytest.mark.law
@given(models())
def test_in_the_steady_state_as_many_leave_as_join(model: SingleYears) -> None:
    assert model.leavers(model.steady()).sum() == pytest.approx(model.join.sum(), rel=1e-9, abs=1e-9)


@pytest.mark.law
@given(models(), st.integers(0, 40))
def test_people_are_conserved_every_year(model: SingleYears, years: int) -> None:
    now, then = model.after(years), model.after(years + 1)
    assert then.sum() - now.sum() == pytest.approx(model.join.sum() - model.leavers(now).sum(), rel=1e-9, abs=1e-6)


@pytest.mark.law
@given(models(), st.floats(0.01, 0.99), st.integers(1, 20) | st.none())
def test_the_recruits_found_reach_the_share(model: SingleYears, share: float, years: int | None) -> None:
    answer = model.recruits_for(share, {16: 1.0}, years)
    assume(answer.value)
    assert answer.value is not None
    more = model.join.copy()
    more[0] += answer.value
    horizon = model.staff.size if years is None else years
    assert model.share(replace(model, join=more).after(horizon)) == pytest.approx(share, rel=1e-9)


TRUST = SingleYears(16, np.full(50, 60.0), np.full(50, 0.1), np.full(50, 6.0))


@pytest.mark.unit
def test_what_it_takes_is_said_in_words() -> None:
    answer = TRUST.recruits_for(0.3, {18: 0.5, 20: 0.5}, 5)
    assert (
        answer.sentence
        == f"To reach 30.0% in 5 years, {answer.heads} more recruits a year are needed; that gives 30.0%."
    )


@pytest.mark.unit
def test_a_share_beyond_what_recruits_can_bring_is_out_of_reach() -> None:
    answer = TRUST.recruits_for(0.9, {22: 1.0})
    assert not answer.reachable
    assert answer.sentence == "90.0% in the long run is out of reach of such recruits: they bring 27.4% at most."


@pytest.mark.unit
def test_a_share_that_comes_by_itself_needs_nobody() -> None:
    answer = TRUST.recruits_for(0.05, {18: 1.0}, 1)
    assert (answer.value, answer.heads) == (0.0, 0)
    assert "is met without more recruits" in answer.sentence


@pytest.mark.unit
def test_the_table_has_a_row_for_each_year_and_age() -> None:
    table = TRUST.frame(2)
    assert list(table.columns) == ["year", "age", "staff"]
    assert len(table) == 3 * 50
    assert table[(table["year"] == 1) & (table["age"] == 17)]["staff"].item() == pytest.approx(60 * 0.9 + 6)


@pytest.mark.unit
def test_all_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(SettingError) as refused:
        SingleYears(16, np.array([1.0, -2.0]), np.array([0.1, 1.2]), np.array([1.0]))
    assert str(refused.value) == (
        "staff, leave and join need one number for each age, not staff 2, leave 2, join 1; "
        "staff is a number of people at each age, 0 or more, not -2; "
        "leave is a fraction from 0 to 1 at each age, not 1.2"
    )
    with pytest.raises(SettingError, match="the profile names age 90; ages go from 16 to 65"):
        TRUST.recruits_for(0.1, {90: 1.0})
    with pytest.raises(SettingError, match="years is a whole number, 0 or more, not -1"):
        TRUST.after(-1)
