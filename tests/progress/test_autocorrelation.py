"""Charts say so where a figure holds most of what the one before it held."""

from __future__ import annotations

import pytest

from t4c_lib.plan import MeasureRow
from t4c_lib.progress import row_figures
from t4c_lib.progress.spc import autocorrelation_of
from tests.counted import SUPPORT, WHOLE, observation, table

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("measure", "period", "population", "begins"),
    [
        ("young-share", "2027-03", WHOLE, "Most of the people"),
        ("attainment", "2026/27-Q4", SUPPORT, "Most of the people"),
        ("support-qualifications", "2027-03", SUPPORT, "Most of the people"),
        ("turnover", "2027-03", SUPPORT, "Each figure covers twelve months"),
        ("apprenticeship-starts", "2027-03", WHOLE, "Each figure covers twelve months"),
        ("apprenticeship-starts", "2026/27", WHOLE, ""),
        ("appraisal-received", "2026/27", SUPPORT, ""),
        ("sickness", "2027-03", SUPPORT, ""),
        ("certificate-in-12-weeks", "2027-03", "clinical support starters", "Each figure covers twelve months"),
    ],
)
def test_people_in_post_and_rolling_years_carry_over_and_years_told_once_do_not(
    measure: str, period: str, population: str, begins: str
) -> None:
    row = MeasureRow.of(measure=measure)
    found = row_figures(row, table([observation(measure, period, 30, out_of=100, population=population)]))
    assert len(found) == 1
    said = autocorrelation_of(row, found)
    assert said.startswith(begins)
    assert bool(said) == bool(begins)


def test_where_nothing_was_counted_there_is_nothing_to_say() -> None:
    row = MeasureRow.of(measure="young-share")
    assert autocorrelation_of(row, row_figures(row, table([]))) == ""
