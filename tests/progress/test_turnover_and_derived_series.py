"""Figures made of stored ones: a year's turnover out of its months, a plan's group and level out of the breakdowns."""

from __future__ import annotations

import pandas as pd
import pytest

from t4c_lib.periods import Month
from t4c_lib.progress import measure_baseline
from t4c_lib.progress.baselines import RowFigures
from t4c_lib.progress.turnover_and_derived_series import with_derived_figures, yearly_turnover
from tests.counted import SUPPORT, WHOLE, observation, table

pytestmark = pytest.mark.unit

FIRST = Month(2025, 4)


def months(count: int, *, before: bool = False, leavers: float = 3, joiners: float = 2) -> list[dict[str, object]]:
    """A trust month by month that begins with 100 people and in each month loses three and wins two."""
    rows = [observation("headcount", str(FIRST + -1), 100)] if before else []
    for step in range(count):
        month = str(FIRST + step)
        rows.append(observation("headcount", month, 100 + (step + 1) * (joiners - leavers)))
        rows.append(observation("leavers", month, leavers))
        rows.append(observation("joiners", month, joiners))
    return rows


def test_twelve_monthly_files_make_the_turnover_of_a_year() -> None:
    now = RowFigures(table(months(12))).of("turnover", WHOLE)
    assert now is not None
    assert (now.numerator, now.denominator, now.period) == (36, (100 + 88) / 2, "2026-03")
    assert now.source == "extract.csv, worked out from 12 months"


def test_who_was_there_at_the_start_is_the_month_before_or_follows_from_the_first() -> None:
    with_month_before, without = (yearly_turnover(table(months(12, before=before))) for before in (True, False))
    assert with_month_before["denominator"].tolist() == without["denominator"].tolist() == [94]
    no_joiners = table([row for row in months(12) if row["series"] != "joiners"])
    assert yearly_turnover(no_joiners).empty


def test_eleven_months_or_a_gap_make_no_year() -> None:
    assert RowFigures(table(months(11))).of("turnover", WHOLE) is None
    gap = [row for row in months(14) if (row["series"], row["period"]) != ("leavers", "2025-08")]
    assert yearly_turnover(table(gap)).empty
    hidden = table(months(12))
    hidden.loc[(hidden["series"] == "leavers") & (hidden["period"] == "2025-08"), "state"] = "suppressed"
    assert yearly_turnover(hidden).empty


def test_a_figure_that_is_stored_is_not_worked_out_again() -> None:
    ready = observation("turnover", "2026-03", 30, out_of=100)
    stored = table([*months(13), ready])
    assert yearly_turnover(stored)["period"].tolist() == ["2026-04"]
    assert RowFigures(stored).of("turnover", WHOLE, as_of=Month(2026, 3)).numerator == 30  # type: ignore[union-attr]
    every = with_derived_figures(stored)
    assert every[every["series"] == "turnover"]["period"].tolist() == ["2026-03", "2026-04"]
    assert list(every.columns) == list(stored.columns)


def test_nobody_left_is_zero_and_nobody_there_is_not_applicable() -> None:
    nobody_left = yearly_turnover(table(months(12, leavers=0, joiners=0))).iloc[0]
    assert (nobody_left["value"], nobody_left["state"]) == (0, "zero")
    empty = table(
        [
            observation(series, str(FIRST + step), 0)
            for step in range(12)
            for series in ("headcount", "leavers", "joiners")
        ]
    )
    assert yearly_turnover(empty)["state"].tolist() == ["not applicable"]


def test_other_observations_are_left_as_they_are() -> None:
    plain = table([observation("young-share", "2026-03", 5, out_of=100)])
    pd.testing.assert_frame_equal(with_derived_figures(plain, ["race: Asian", ""]), plain)


def test_a_plans_own_level_of_qualification_is_read_from_that_levels_series() -> None:
    by_level = {"all": 60, "level=2+": 60, "level=3+": 25}
    rows = [
        observation("attainment", "2026-03", holders, out_of=100, population=SUPPORT, breakdown=level)
        for level, holders in by_level.items()
    ]
    figures = table(rows)
    level_3 = RowFigures(figures).of("attainment", SUPPORT, group="level: 3")
    assert level_3 is not None
    assert level_3.value == 0.25
    now = measure_baseline(RowFigures(figures), "attainment", "level: 3 or above")
    assert now is not None
    assert now.baseline.numerator == 25
    assert RowFigures(figures).of("attainment", SUPPORT).numerator == 60  # type: ignore[union-attr]
    assert RowFigures(figures).of("attainment", SUPPORT, group="level: 5") is None


def test_a_group_that_a_plan_puts_together_is_added_up_where_all_its_parts_are_known() -> None:
    counted = {"Asian": 30, "Black": 20, "Mixed": 5, "White": 140, "Other": 5}
    rows = [
        observation("local-diversity", "2026-03", people, out_of=200, breakdown=f"ethnicity={name}")
        for name, people in counted.items()
    ]
    plan_says = "race: Asian, Black, mixed and other ethnic groups"
    together = RowFigures(table(rows)).of("local-diversity", WHOLE, group=plan_says)
    assert together is not None
    assert (together.numerator, together.denominator, together.source) == (
        *(60, 200),
        "extract.csv, worked out from 4 groups",
    )
    assert RowFigures(table(rows[1:])).of("local-diversity", WHOLE, group=plan_says) is None
    hidden = table(rows)
    hidden.loc[0, "state"] = "suppressed"
    assert RowFigures(hidden).of("local-diversity", WHOLE, group=plan_says) is None
