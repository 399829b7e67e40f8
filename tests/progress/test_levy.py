"""The levy account of an organisation: its own figures of the collection workbook take the place of national ones."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest

from t4c_lib.evidence import Organisation, read_files
from t4c_lib.evidence.collection_workbook.template import write_template
from t4c_lib.parameters import Layer, assumptions
from t4c_lib.periods import Month
from t4c_lib.plan import Plan
from t4c_lib.progress import open_what_if
from t4c_lib.progress.levy import OLD_FUNDS, PAY_BILL, PRICE, TRANSFERRED, levy_outlook, standard_costs
from t4c_lib.progress.plan_collection import plan_collection
from t4c_lib.progress.what_if import WhatIf
from t4c_lib.progress.what_if_answers import WhatIfQuestion
from t4c_lib.store import Store
from t4c_lib.whatif import DOING_NOTHING, LeverSetting, Scenario
from t4c_lib.whatif.levy import levy_rules

DAY, MARCH = dt.date(2026, 11, 26), Month(2026, 3)
CODE = "DEMO-MH"
pytestmark = pytest.mark.flow
PAID, TRANSFER, BALANCE, EXPIRING = 50_000, 5_000, 700_000, 120_000
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
    gone = account.used.sum(axis=0) + account.expired.sum(axis=0) + account.balance
    np.testing.assert_allclose(gone, BALANCE + account.paid_in.sum(axis=0))


def test_without_training_as_much_expires_in_a_year_as_the_account_expects(entered: WhatIf) -> None:
    asked = question(entered)
    run, rates = asked._drawn(DOING_NOTHING)
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
    gone = moved.used[:, 0].sum() + moved.expired[:, 0].sum() + moved.balance[0]
    assert gone == pytest.approx(BALANCE + moved.paid_in[:, 0].sum())


def test_both_readings_are_open_until_the_organisation_chooses(known: tuple[Plan, pd.DataFrame, Organisation]) -> None:
    plan, observations, _ = known
    assert question(open_what_if(plan, observations, DAY)).levy(DOING_NOTHING).is_choice_open
    own = assumptions()
    chosen = own.get(OLD_FUNDS).with_values(low=12, central=12, high=12, source="DfE, by telephone", date="2026-11")
    decided = open_what_if(plan, observations, DAY, own=type(own)("own", {OLD_FUNDS: chosen}))
    assert not question(decided).levy(DOING_NOTHING).is_choice_open


def test_salaries_stay_empty_until_they_are_entered(entered: WhatIf) -> None:
    assert not (entered.observations["series"] == "apprentice-salary").any()
