"""A workforce kept at its size: closed form, laws, and the share of joiners a target asks for."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from t4c_lib.whatif import Establishment, SettingError, TwoStock

TRUST = TwoStock.establishment(174, 3050, 0.236 / 12, 0.098 / 12, 1 / 108, 0.2)

chances = st.floats(min_value=0.0005, max_value=0.3)
# Below a millionth a share is less than one person of any workforce: what is searched for is lost in the last digit.
shares = st.just(0.0) | st.floats(min_value=1e-6, max_value=1)


@st.composite
def establishments(draw: st.DrawFn) -> Establishment:
    total = draw(st.floats(min_value=1, max_value=50_000))
    young = total * draw(st.floats(min_value=0, max_value=1))
    share = draw(st.floats(min_value=0, max_value=1))
    return TwoStock.establishment(young, total, draw(chances), draw(chances), draw(chances), share)


@pytest.mark.law
@given(establishments(), st.integers(min_value=0, max_value=120))
def test_the_path_is_the_closed_form(model: Establishment, months: int) -> None:
    phi = (1 - model.leave_young) * (1 - model.age_out)
    lam = phi + model.young_joiner_share * (model.leave_young - model.leave_older)
    settled = model.young_joiner_share * model.leave_older * model.total / (1 - lam)
    young = settled + lam**months * (model.young - settled)
    assert model.path(months)["young"].iloc[-1] == pytest.approx(young, rel=1e-9, abs=1e-9 * model.total)


@pytest.mark.law
@given(establishments(), st.integers(min_value=0, max_value=60))
def test_the_workforce_keeps_its_size(model: Establishment, months: int) -> None:
    path = model.path(months)
    np.testing.assert_allclose(path["young"] + path["older"], model.total, rtol=1e-12)
    assert path["joiners"].equals(path["leavers"])
    assert path["share"].between(-1e-12, 1 + 1e-12).all()


@pytest.mark.law
@given(establishments(), st.integers(min_value=1, max_value=60), shares)
def test_the_share_found_reaches_the_target(model: Establishment, months: int, share: float) -> None:
    answer = model.young_joiner_share_for(share, months)
    if answer.value is None:
        assert replace(model, young_joiner_share=1.0).path(months)["share"].iloc[-1] < share
    elif answer.value == 0:
        assert replace(model, young_joiner_share=0.0).path(months)["share"].iloc[-1] >= share
    else:
        reached = replace(model, young_joiner_share=answer.value).path(months)["share"].iloc[-1]
        assert reached == pytest.approx(share, rel=1e-9, abs=1e-13)


@pytest.mark.law
@given(establishments())
def test_the_steady_share_stays_where_it_is(model: Establishment) -> None:
    settled = replace(model, young=model.steady() * model.total)
    assert settled.path(60)["share"].iloc[-1] == pytest.approx(model.steady(), rel=1e-9, abs=1e-12)


@pytest.mark.law
@given(establishments())
def test_the_share_of_joiners_for_a_steady_share_has_a_closed_form(model: Establishment) -> None:
    share = model.steady()
    phi = (1 - model.leave_young) * (1 - model.age_out)
    p = share * (1 - phi) / (model.leave_older + share * (model.leave_young - model.leave_older))
    assert p == pytest.approx(model.young_joiner_share, rel=1e-9, abs=1e-12)


@pytest.mark.unit
def test_answers_are_said_in_words() -> None:
    answer = TRUST.young_joiner_share_for(0.08, 36)
    assert answer.sentence.startswith("To reach 8.0% in 36 months with the workforce kept at 3,050, ")
    assert "(today 20.0%)" in answer.sentence
    assert answer.heads is not None
    assert answer.heads >= 1
    assert "if every joiner were aged 16 to 24, it would be" in TRUST.young_joiner_share_for(0.9, 12).sentence
    assert TRUST.young_joiner_share_for(0.01, 12).value == 0
    assert "even if no joiner is aged 16 to 24" in TRUST.young_joiner_share_for(0.01, 12).sentence


@pytest.mark.unit
def test_settings_that_cannot_be_are_named_all_at_once() -> None:
    with pytest.raises(SettingError, match=r"age out is a fraction.*young \(400\) can't be more than total \(300\)"):
        TwoStock.establishment(400, 300, 0.01, 0.01, 2, 0.2)
    with pytest.raises(SettingError, match="total is a number of people above 0"):
        TwoStock.establishment(0, 0, 0.01, 0.01, 0.01, 0.2)
