"""Laws of the levy account, and its dated rules."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from t4c_lib.framework import series
from t4c_lib.periods import Month
from t4c_lib.progress.levy import LevyAccount, levy_rules, rule_in, run_account, standards

MONTHS = 40
pounds = st.floats(0, 1e6)
by_month = st.lists(pounds, min_size=MONTHS, max_size=MONTHS)


def followed(paid_in: list[float], training: list[float], lasts: int, **how: object) -> LevyAccount:
    columns = (np.array(values)[:, None] for values in (paid_in, training))
    entered, wanted = columns
    return run_account(entered, wanted, [lasts] * len(paid_in), **how)  # type: ignore[arg-type]


@pytest.mark.law
@given(by_month, by_month, st.integers(1, 30))
def test_pounds_in_are_used_expired_or_left(paid_in: list[float], training: list[float], lasts: int) -> None:
    account = followed(paid_in, training, lasts)
    gone = account.used.sum() + account.expired.sum() + account.balance[-1].sum()
    assert gone == pytest.approx(sum(paid_in), abs=1e-3)
    np.testing.assert_allclose(account.used + account.unpaid, np.array(training)[:, None], atol=1e-6)


@pytest.mark.law
@given(by_month, by_month, st.integers(1, 30))
def test_nothing_expires_while_something_older_is_unspent(
    paid_in: list[float], training: list[float], lasts: int
) -> None:
    for months in range(1, MONTHS + 1):
        account = followed(paid_in[:months], training[:months], lasts)
        if account.expired[-1, 0] > 0:
            assert account.left[: max(months - lasts, 0)].sum() == 0


@pytest.mark.law
@given(by_month, st.integers(1, 30))
def test_without_starts_everything_expires_when_it_reaches_its_age(paid_in: list[float], lasts: int) -> None:
    expired = followed(paid_in, [0.0] * MONTHS, lasts).expired[:, 0]
    assert expired[:lasts].sum() == 0
    assert expired[lasts:].tolist() == pytest.approx(paid_in[: MONTHS - lasts])


@pytest.mark.law
@given(by_month, by_month, st.floats(0, 1), st.integers(1, 30))
def test_what_is_used_is_linear_in_training_until_the_account_is_empty(
    paid_in: list[float], training: list[float], part: float, lasts: int
) -> None:
    whole = followed(paid_in, training, lasts)
    if whole.unpaid.sum() > 0:
        return
    some = followed(paid_in, [part * one for one in training], lasts)
    np.testing.assert_allclose(some.used, part * whole.used, rtol=1e-9, atol=1e-6)


@pytest.mark.unit
def test_the_oldest_funds_are_spent_first_and_what_is_missing_is_told() -> None:
    account = followed([100, 100, 0, 0], [0, 150, 0, 80], 2)
    assert account.used[:, 0].tolist() == [0, 150, 0, 50]
    assert account.expired.sum() == 0  # training of a month is paid before its funds expire
    assert account.unpaid[:, 0].tolist() == [0, 0, 0, 30]


@pytest.mark.unit
def test_opening_funds_keep_their_age() -> None:
    opening = np.array([[30.0], [70.0]])
    account = followed([0, 0, 0, 0], [9, 9, 0, 0], 2, opening=opening, months_before=2)
    assert account.expired[:, 0].tolist() == [0, 0, 30, 70]
    assert account.used.sum() == 0  # the first two rows only say what is left


@pytest.mark.unit
def test_rules_change_with_the_month_from_which_they_hold() -> None:
    before, after = rule_in(Month(2026, 7)), rule_in(Month(2026, 8))
    assert (before.top_up, before.lasts, before.co_investment) == (0.10, 24, 0.05)
    assert (after.top_up, after.lasts, after.co_investment) == (0, 12, 0.25)
    assert rule_in(Month(2019, 1)) is levy_rules()[0]


@pytest.mark.unit
@pytest.mark.parametrize("month", [Month(2026, 7), Month(2026, 8)])
def test_the_levy_is_half_a_per_cent_less_the_allowance_and_can_be_worked_back(month: Month) -> None:
    rule = rule_in(month)
    bill = np.array([3e6, 1e6, 120e6])
    paid = rule.paid_in(bill, np.array([0.98]))
    assert paid[:2].tolist() == [0, 0]  # the allowance covers a pay bill of three million pounds
    assert paid[2] == pytest.approx((0.005 * 120e6 - 15_000) * 0.98 * (1 + rule.top_up) / 12)
    assert rule.pay_bill(float(paid[2]), 0.98) == pytest.approx(120e6)


@pytest.mark.unit
def test_the_collection_workbook_asks_for_every_standard() -> None:
    groups = {
        group.removeprefix("standard: ")
        for one in series()
        if one.collected is not None and one.key == "apprenticeship-price"
        for group in one.collected.groups
    }
    assert {one.label for one in standards()} <= groups
