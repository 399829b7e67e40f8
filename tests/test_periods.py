"""Months, quarters and financial years fit into each other, and what is no period is refused in words."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from t4c_lib.periods import (
    Day,
    FinancialYear,
    Month,
    PeriodError,
    Quarter,
    due_month,
    parse_period,
    today,
    typed_period,
)
from tests.days import on_day

months = st.builds(Month, st.integers(min_value=1900, max_value=2200), st.integers(min_value=1, max_value=12))


@pytest.mark.law
@given(months, st.integers(min_value=-600, max_value=600))
def test_adding_months_and_counting_them_are_inverse(month: Month, step: int) -> None:
    assert month.months_until(month + step) == step
    assert (month + step) + -step == month


@pytest.mark.law
@given(months)
def test_a_month_lies_in_its_quarter_and_its_quarter_in_its_year(month: Month) -> None:
    assert month in month.quarter.months
    assert set(month.quarter.months) <= set(month.financial_year.months)
    year = month.financial_year
    assert year.months[0].first_day <= month.first_day <= month.last_day <= month.quarter.last_day <= year.last_day


@pytest.mark.law
@given(months)
def test_what_is_written_is_read_back(month: Month) -> None:
    for period in (month, month.quarter, month.financial_year, Day(month.last_day)):
        assert parse_period(str(period)) == period


@pytest.mark.unit
def test_known_periods() -> None:
    assert Month(2026, 3).financial_year == FinancialYear(2025)
    assert str(Month(2026, 4).financial_year) == "2026/27"
    assert Month(2027, 1).quarter == Quarter(2026, 4)
    assert Month(2024, 2).last_day == dt.date(2024, 2, 29)
    assert str(FinancialYear(1999)) == "1999/00"
    assert Quarter(2026, 1).label == "quarter 1 of 2026/27"
    assert Day.parse("2026-03-31").label == "31 March 2026"
    assert Month.of(dt.date(2026, 3, 31)).label == "March 2026"


@pytest.mark.unit
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2026", "is not a period"),
        ("April 2026", "Write a month as 2026-04"),
        ("2026-13", "a month is a number from 1 to 12"),
        ("2026/28", "after 2026/ comes 27"),
        ("2026/27-Q5", "2026/27-Q1"),
        ("2026-02-30", "is not a day"),
    ],
)
def test_what_is_no_period_is_refused_in_words(text: str, words: str) -> None:
    with pytest.raises(PeriodError, match=words):
        parse_period(text)


@pytest.mark.unit
@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("2026-03-31", "this month"),
        ("2026-04-01", "a month ago"),
        ("2026-11-26", "eight months ago"),
        ("2027-03-01", "twelve months ago"),
        ("2027-05-01", "14 months ago"),
        ("2026-02-28", "still to come"),
    ],
)
def test_the_age_of_a_month_is_said_in_words(day: str, words: str) -> None:
    assert Month(2026, 3).ago(dt.date.fromisoformat(day)) == words


@pytest.mark.unit
def test_the_last_whole_month_is_the_one_that_has_ended() -> None:
    assert Month.ended_by(dt.date(2026, 3, 31)) == Month(2026, 3)
    assert Month.ended_by(dt.date(2026, 3, 30)) == Month(2026, 2)


@pytest.mark.unit
def test_a_test_that_takes_a_day_has_it_until_it_ends() -> None:
    before, day = today(), dt.date(2027, 4, 10)
    with on_day(day):
        assert today() == day
        assert due_month("2027-04") == Month(2027, 4)
        with pytest.raises(PeriodError, match="March 2027 has passed"):
            due_month("2027-03")
    assert before <= today() < before + dt.timedelta(days=2)


@pytest.mark.unit
def test_a_due_date_that_is_set_is_this_month_or_a_later_one() -> None:
    day = dt.date(2026, 11, 26)
    assert due_month("2026-11", day) == Month(2026, 11)
    assert due_month("2026-11", dt.date(2026, 11, 29)) == Month(2026, 11)
    with pytest.raises(PeriodError, match=r"November 2026 has passed\. .* December 2026 or later"):
        due_month("2026-11", dt.date(2026, 11, 30))
    assert due_month(Month(2027, 3), day) == Month(2027, 3)
    with pytest.raises(PeriodError) as refused:
        due_month("2026-10", day)
    assert str(refused.value) == "October 2026 has passed. Set a date that is still to come: November 2026 or later."
    with pytest.raises(PeriodError, match="is not a month"):
        due_month("October", day)


@pytest.mark.unit
@pytest.mark.parametrize(
    ("typed", "period"),
    [
        ("March 2026", "2026-03"),
        (" mar. 2026", "2026-03"),
        ("Sept 2026", "2026-09"),
        ("03/2026", "2026-03"),
        ("3.2026", "2026-03"),
        ("31 March 2026", "2026-03-31"),
        ("31st of March, 2026", "2026-03-31"),
        ("31/03/2026", "2026-03-31"),
        ("2025/26", "2025/26"),
        ("2025-26", "2025/26"),
        ("2025/2026", "2025/26"),
        ("Q1 2026/27", "2026/27-Q1"),
        ("2011-12", "2011-12"),  # a month, as it is written here
    ],
)
def test_a_period_is_read_as_people_type_it(typed: str, period: str) -> None:
    assert str(typed_period(typed)) == period


@pytest.mark.law
@given(months)
def test_what_is_written_or_said_is_read_back_where_it_is_typed(month: Month) -> None:
    for period in (month, month.quarter, month.financial_year, Day(month.last_day)):
        assert typed_period(str(period)) == period
    for said in (month, month.quarter, Day(month.last_day)):
        assert typed_period(said.label) == said


@pytest.mark.unit
@pytest.mark.parametrize("typed", ["soon", "2026", "31 February 2026", "March 26", "13/2026", "Q1 2026", "H1 2026", ""])
def test_what_is_typed_and_is_no_period_is_refused(typed: str) -> None:
    with pytest.raises(PeriodError, match=r"can't be read as a date\. Write March 2026, 31 March 2026 or 2025/26"):
        typed_period(typed)


@pytest.mark.unit
@pytest.mark.parametrize(
    ("typed", "words"),
    [("2026-13", "Month 13 of 2026 does not exist"), ("2026/28", "is not a financial year: after 2026/ comes 27")],
)
def test_what_is_nearly_a_month_or_a_year_is_told_as_that(typed: str, words: str) -> None:
    with pytest.raises(PeriodError, match=words):
        typed_period(typed)
