"""The levy account of an organisation: its own figures of the collection workbook take the place of national ones."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest

from t4c_lib.evidence import Organisation, read_files
from t4c_lib.evidence.collection_workbook.workbook_writer import write_template
from t4c_lib.panels.what_if_view import apprentice_salaries
from t4c_lib.parameters import Layer, assumptions
from t4c_lib.periods import Month
from t4c_lib.plan import Plan
from t4c_lib.progress.baselines import plan_collection
from t4c_lib.progress.levy import (
    DURATION,
    OLD_FUNDS,
    PAY_BILL,
    PRICE,
    TRANSFERRED,
    LevyOutlook,
    account_table,
    by_standard,
    levy_outlook,
    levy_rules,
    standard_costs,
)  # fmt: skip
from t4c_lib.progress.what_if import WhatIf, open_what_if
from t4c_lib.progress.what_if_answers import WhatIfQuestion
from t4c_lib.store import Store
from t4c_lib.whatif import DOING_NOTHING, LeverSetting, Scenario
from tests.counted import observation, table

DAY, MARCH = dt.date(2026, 11, 26), Month(2026, 3)
CODE = "DEMO-MH"
pytestmark = pytest.mark.flow
PAID, TRANSFER, BALANCE, EXPIRING, SPENT = 50_000, 5_000, 700_000, 120_000, 21_000
LEARNERS, PRICES = {"level 2": 30, "level 3": 10}, {"level 2": 3_200, "level 3": 8_800}


@pytest.fixture(scope="module")
def known(demonstration: object) -> tuple[Plan, pd.DataFrame, Organisation]:
    with Store.open(demonstration) as store:  # type: ignore[arg-type]
        revision = store.latest_plan(CODE)
        assert revision is not None
        return revision.plan, store.observations(CODE), store.organisation(CODE)


def returned(folder: Path, plan: Plan, organisation: Organisation) -> pd.DataFrame:
    """The figures of a workbook in which somebody filled in the account and two standards."""
    asked = plan_collection(organisation, plan, MARCH)
    path = write_template(asked, folder / "levy.xlsx")
    book = openpyxl.load_workbook(path)
    account, by_standard = book["Apprenticeship levy"], book["Apprenticeship standards"]
    entered = {
        "Paid into the apprenticeship account": PAID,
        "Transferred to other employers": TRANSFER,
        "Training paid from the apprenticeship account": SPENT,
        "Funds in the apprenticeship account": BALANCE,
        "Funds expected to expire in the next 12 months": EXPIRING,
    }
    for row in account.iter_rows(min_row=6):
        if row[1].value in entered:
            row[5].value = entered[row[1].value]
    figures = {"Apprentices in learning on a standard": LEARNERS, "Agreed price of an apprenticeship": PRICES}
    for row in by_standard.iter_rows(min_row=6):
        level = str(row[3].value).rpartition(", ")[2]
        if "Healthcare support worker" in str(row[3].value).replace("Senior h", "H") and row[1].value in figures:
            row[5].value = figures[row[1].value][level]
    book.save(path)
    (loaded,) = read_files([path])
    return loaded.observations


@pytest.fixture(scope="module")
def entered(known: tuple[Plan, pd.DataFrame, Organisation], tmp_path_factory: pytest.TempPathFactory) -> WhatIf:
    plan, observations, organisation = known
    found = returned(tmp_path_factory.mktemp("levy"), plan, organisation)
    return open_what_if(plan, pd.concat([observations, found], ignore_index=True), DAY)


def question(opened: WhatIf) -> WhatIfQuestion:
    assert opened.plan is not None
    row = next(one for one in opened.plan.measures if one.measure == "young-share" and not one.group)
    return WhatIfQuestion(opened, row, Month(2029, 3), 0.06)


def test_what_was_entered_takes_the_place_of_national_figures(entered: WhatIf) -> None:
    figures = entered.assumptions
    assert {figures.layer(name) for name in (PAY_BILL, TRANSFERRED, PRICE)} == {Layer.counted}
    assert figures.get(TRANSFERRED).central == pytest.approx(TRANSFER / PAID)
    assert figures.get(PRICE).central == pytest.approx((30 * 3_200 + 10 * 8_800) / 40)
    by_label = {one.standard.label: one for one in standard_costs(entered.observations, figures)}
    assert by_label["Healthcare support worker, level 2"].price == PRICES["level 2"]
    assert by_label["Registered nurse degree, level 6"].price is None


def test_as_much_is_paid_in_as_was_until_the_rule_changes(entered: WhatIf) -> None:
    account = question(entered).levy(DOING_NOTHING).account
    before, after = levy_rules()[-2:]
    net = PAID * (1 - TRANSFER / PAID)
    people = question(entered).run(DOING_NOTHING).stock("trust")
    assert account.paid_in[0, 0] == pytest.approx(net, rel=2 * abs(people[1] / people[0] - 1) + 1e-9)
    drop = account.paid_in[4, 0] / account.paid_in[3, 0]  # July and August 2026
    assert drop == pytest.approx((1 + after.top_up) / (1 + before.top_up), rel=0.01)


def test_pounds_in_are_used_expired_or_left_of_what_was_there(entered: WhatIf) -> None:
    account = question(entered).levy(DOING_NOTHING).account
    gone = account.used.sum(axis=0) + account.expired.sum(axis=0) + account.balance[-1]
    np.testing.assert_allclose(gone, BALANCE + account.paid_in.sum(axis=0))


def test_the_totals_begin_with_the_balance_that_was_entered_and_add_up(entered: WhatIf) -> None:
    asked = question(entered)
    totals = asked.levy_totals(DOING_NOTHING)
    assert totals.opening.middle == pytest.approx(BALANCE)
    left = totals.opening.middle + totals.paid_in.middle - totals.used.middle - totals.expired.middle
    assert totals.closing.middle == pytest.approx(left)
    assert totals.closing.middle == pytest.approx(asked.levy(DOING_NOTHING).account.balance[-1, 0])


def test_without_training_as_much_expires_in_a_year_as_the_account_expects(entered: WhatIf) -> None:
    asked = question(entered)
    run, _, rates = asked._drawn(DOING_NOTHING)
    none = levy_outlook(
        run,
        {**rates, PRICE: rates[PRICE] * 0},
        assumptions=entered.assumptions,
        observations=entered.observations,
        now=entered.month,
        lasts=round(assumptions().get(OLD_FUNDS).central),
    )
    np.testing.assert_allclose(none.account.expired[:12].sum(axis=0), EXPIRING)


def test_more_starts_use_more_and_let_less_expire(entered: WhatIf) -> None:
    asked = question(entered)
    more = Scenario("more", "", (LeverSetting("apprenticeship-starts", 40, entered.acts_from),))
    nothing, moved = asked.levy(DOING_NOTHING).account, asked.levy(more).account
    assert moved.used[:, 0].sum() > nothing.used[:, 0].sum()
    assert moved.expired[:, 0].sum() < nothing.expired[:, 0].sum()
    gone = moved.used[:, 0].sum() + moved.expired[:, 0].sum() + moved.balance[-1, 0]
    assert gone == pytest.approx(BALANCE + moved.paid_in[:, 0].sum())


def test_both_readings_are_open_until_the_organisation_chooses(known: tuple[Plan, pd.DataFrame, Organisation]) -> None:
    plan, observations, _ = known
    assert question(open_what_if(plan, observations, DAY)).levy(DOING_NOTHING).is_choice_open
    own = assumptions()
    chosen = own.get(OLD_FUNDS).with_values(low=12, central=12, high=12, source="DfE, by telephone", date="2026-11")
    decided = open_what_if(plan, observations, DAY, own=type(own)("own", {OLD_FUNDS: chosen}))
    assert not question(decided).levy(DOING_NOTHING).is_choice_open


def test_older_funds_that_keep_a_shorter_life_never_let_less_expire(
    known: tuple[Plan, pd.DataFrame, Organisation],
) -> None:
    plan, observations, _ = known
    nothing_entered = observations[~observations["series"].isin(["levy-balance", "levy-expiring"])]
    for years in (1, 2, 3):
        asked = question(open_what_if(plan, nothing_entered, DAY))
        asked = replace(asked, due=asked.opened.month + 12 * years)
        long, short = asked.levy(DOING_NOTHING, 24).account, asked.levy(DOING_NOTHING, 12).account
        # What had been paid in and not used before the rule is the same, whatever the rule does to it.
        before = asked.opened.month.months_until(Month(2026, 8)) - 1
        np.testing.assert_allclose(short.balance[:before, 0], long.balance[:before, 0])
        assert short.expired[:, 0].sum() >= long.expired[:, 0].sum() - 1e-6


def test_salaries_stay_empty_until_they_are_entered_and_then_band_by_band(
    entered: WhatIf, known: tuple[Plan, pd.DataFrame, Organisation]
) -> None:
    assert apprentice_salaries(entered.observations) == []
    plan, observations, _ = known
    typed = observation("apprentice-salary", "2026-03", 29_500, population="", breakdown="band=3")
    opened = open_what_if(plan, pd.concat([observations, table([typed])], ignore_index=True), DAY)
    assert apprentice_salaries(opened.observations) == [
        ("Band 2", "not entered"),
        ("Band 3", "£29,500"),
        ("Band 4", "not entered"),
    ]


def test_training_that_was_paid_stands_beside_what_the_projection_assumes(
    entered: WhatIf, known: tuple[Plan, pd.DataFrame, Organisation]
) -> None:
    asked = question(entered)
    assumed = 12 * asked.levy(DOING_NOTHING).training_today
    two_figures = f"{float(f'{assumed:.2g}'):,.0f}"
    assert asked.levy_spent == (
        "Training paid from the account in 12 months to March 2026: £250,000, as entered; for as many months the "
        f"projection assumes £{two_figures}, for apprentices in support roles alone."
    )
    plan, observations, _ = known
    assert not question(open_what_if(plan, observations, DAY)).levy_spent


def standard(series: str, name: str, value: float) -> dict[str, object]:
    return observation(series, "2026-03", value, population="", breakdown=f"standard={name}")


def with_standards(
    known: tuple[Plan, pd.DataFrame, Organisation],
    *rows: tuple[str, float, float, float],
    extra: Iterable[dict[str, object]] = (),
) -> WhatIf:
    """The what-if where these are the organisation's standards: name, learners, price, months."""
    plan, observations, _ = known
    names = ("apprentices-by-standard", "apprenticeship-price", "apprenticeship-duration")
    made = [
        standard(series, name, value) for name, *values in rows for series, value in zip(names, values, strict=True)
    ]
    return open_what_if(plan, pd.concat([observations, table([*made, *extra])], ignore_index=True), DAY)


def training(opened: WhatIf, scenario: Scenario = DOING_NOTHING) -> np.ndarray:
    """Central pounds a month, from month 1 on."""
    account = question(opened).levy(scenario).account
    return np.asarray((account.used + account.unpaid)[:, 0])


def in_learning(opened: WhatIf, scenario: Scenario = DOING_NOTHING) -> np.ndarray:
    return np.asarray(question(opened)._drawn(scenario)[0].learners[:, 0])


def test_each_standard_is_paid_at_its_own_price_over_its_own_months(
    known: tuple[Plan, pd.DataFrame, Organisation],
) -> None:
    opened = with_standards(known, ("A", 30, 3_200, 20), ("B", 10, 8_800, 16))
    # 30 learners at 160 pounds a month and 10 at 550; 1.5 and 0.625 starts a month keep as many in learning.
    assert by_standard(opened.observations)["starts"].tolist() == [1.5, 0.625]
    price, months = ((1.5 * a + 0.625 * b) / 2.125 for a, b in ((3_200, 8_800), (20, 16)))
    assert opened.assumptions.get(PRICE).central == pytest.approx(price)
    assert opened.assumptions.get(DURATION).central == pytest.approx(months)
    per_learner = (30 * 160 + 10 * 550) / 40
    assert question(opened).levy(DOING_NOTHING).training_today == pytest.approx(in_learning(opened)[0] * per_learner)


def test_a_start_on_a_standard_that_takes_longer_is_paid_for_longer(
    known: tuple[Plan, pd.DataFrame, Organisation],
) -> None:
    opened = with_standards(known, ("Short", 12, 6_000, 12), ("Long", 36, 36_000, 36))
    some = Scenario("some", "", (LeverSetting("apprenticeship-starts", 24, opened.acts_from),))
    more = (training(opened, some) - training(opened))[opened.acts_from - 1 :]
    learners = (in_learning(opened, some) - in_learning(opened))[opened.acts_from :]
    for step in (1, 12, 24, len(more)):  # one begins on either each month; the model lets both learn for two years
        pounds, counted = 500 * min(step, 12) + 1_000 * min(step, 36), 2 * min(step, 24)
        assert more[step - 1] / learners[step - 1] == pytest.approx(pounds / counted, rel=0.02)


def test_alike_standards_are_as_one_and_a_standard_without_figures_is_as_the_mean(
    known: tuple[Plan, pd.DataFrame, Organisation],
) -> None:
    one = training(with_standards(known, ("A", 40, 4_000, 18)))
    two = training(with_standards(known, ("A", 30, 4_000, 18), ("B", 10, 4_000, 18)))
    np.testing.assert_allclose(two, one)
    unknown = standard("apprentices-by-standard", "C", 60)
    np.testing.assert_allclose(training(with_standards(known, ("A", 40, 4_000, 18), extra=[unknown])), one)
    dearer = training(with_standards(known, ("A", 20, 3_000, 18), ("B", 20, 5_000, 18)))
    np.testing.assert_allclose(dearer, one)


def test_the_account_by_month_adds_up_from_row_to_row(entered: WhatIf) -> None:
    outlook: LevyOutlook = question(entered).levy(DOING_NOTHING)
    rows = account_table(outlook, entered.month, "Doing nothing")
    assert rows["month"].tolist() == [str(MARCH + step) for step in range(1, 37)]
    paid_in, used, expired, balance = (rows[name] for name in rows.columns[2:6])
    before = balance.shift(fill_value=BALANCE)
    np.testing.assert_allclose(before + paid_in - used - expired, balance, atol=0.03)


def test_without_a_balance_the_account_begins_with_what_was_paid_in_and_not_spent(
    known: tuple[Plan, pd.DataFrame, Organisation],
) -> None:
    def balance(*paid: float) -> float:
        rows = [
            observation("levy-spent", str(MARCH + -step), pounds, population="") for step, pounds in enumerate(paid)
        ]
        plan, observations, _ = known
        opened = open_what_if(plan, pd.concat([observations, table(rows)], ignore_index=True), DAY)
        return float(question(opened).levy(DOING_NOTHING).account.balance[0, 0])

    assumed = question(open_what_if(known[0], known[1], DAY)).levy(DOING_NOTHING).training_today
    assert balance(assumed, assumed) == pytest.approx(balance())
    assert balance(assumed + 100, assumed + 50) == pytest.approx(balance() - 150)
