"""History and latest figures out of the evidence: what is missing stays missing, and a proxy is called one."""

from __future__ import annotations

import pytest

from t4c_lib.errors import UnknownNameError
from t4c_lib.periods import Month
from t4c_lib.plan import MeasureRow
from t4c_lib.progress import RowFigures, measure_baseline, row_figures
from tests.counted import SUPPORT, WHOLE, observation, steady_trust, table

pytestmark = pytest.mark.unit

GAPPY = table(
    [
        observation("young-share", "2026-03", 61, out_of=1000),
        observation("young-share", "2026-01", 57, out_of=1000),
        observation("young-share", "2025-01", 50, out_of=1000),
        observation("young-share", "2025-02", 50, out_of=1000),
        observation("young-share", "2026-01", 9, out_of=100, population=SUPPORT),
        observation("young-share", "2026-01", 3, out_of=10, breakdown="sex=female"),
    ]
)


def test_a_month_that_nobody_counted_is_a_row_without_figures() -> None:
    months = row_figures(MeasureRow(measure="young-share", population=WHOLE), GAPPY)
    assert months["period"].tolist()[0] == "2025-01"
    assert len(months) == 15
    february = months[months["period"] == "2026-02"].iloc[0]
    assert february["state"] == "missing"
    assert february[["value", "numerator", "denominator"]].isna().all()
    assert str(february["day"].date()) == "2026-02-28"


def test_a_series_that_was_never_counted_has_an_empty_history() -> None:
    assert row_figures(MeasureRow(measure="sickness", population=WHOLE), GAPPY).empty
    assert RowFigures(GAPPY).of("sickness", WHOLE) is None
    assert measure_baseline(RowFigures(GAPPY), "sickness") is None


def test_the_latest_figure_comes_with_what_it_rests_on() -> None:
    baseline = RowFigures(GAPPY).of("young-share", WHOLE)
    assert baseline is not None
    assert (baseline.numerator, baseline.denominator, baseline.period) == (61, 1000, "2026-03")
    assert baseline.source == "extract.csv"
    earlier = RowFigures(GAPPY).of("young-share", WHOLE, as_of=Month(2026, 2))
    assert earlier is not None
    assert earlier.period == "2026-01"


def test_a_figure_that_was_not_counted_is_no_baseline() -> None:
    rows = GAPPY.copy()
    rows.loc[rows["period"] == "2026-03", "state"] = "suppressed"
    latest = RowFigures(rows).of("young-share", WHOLE)
    assert latest is not None
    assert latest.period == "2026-01"


def test_another_population_than_the_measure_asks_for_is_a_proxy() -> None:
    all_staff = table([observation("sickness", "2024-12", 12.5, out_of=250)])
    now = measure_baseline(RowFigures(all_staff), "sickness")
    assert now is not None
    assert (now.population, now.is_proxy) == (WHOLE, True)
    support = table([observation("sickness", "2024-12", 12.5, out_of=250, population=SUPPORT)])
    asked = measure_baseline(RowFigures(support), "sickness")
    assert asked is not None
    assert not asked.is_proxy


def test_a_measure_that_is_none_is_named_with_the_closest() -> None:
    with pytest.raises(UnknownNameError, match="young-share"):
        measure_baseline(RowFigures(steady_trust()), "yuong-share")


def test_a_yearly_count_is_a_baseline_too_and_the_newest_is_what_ended_last() -> None:
    counted = table(
        [
            observation("work-experience-placements", "2024/25", 28),
            observation("work-experience-placements", "2025/26", 31),
            observation("young-share", "2025/26", 50, out_of=1000),
            observation("young-share", "2026-04", 61, out_of=1000),
        ]
    )
    yearly = RowFigures(counted).of("work-experience-placements", WHOLE)
    assert yearly is not None
    assert (yearly.value, yearly.period) == (31, "2025/26")
    newest = RowFigures(counted).of("young-share", WHOLE)
    assert newest is not None
    assert newest.period == "2026-04"
    up_to_march = RowFigures(counted).of("young-share", WHOLE, as_of=Month(2026, 3))
    assert up_to_march is not None
    assert up_to_march.period == "2025/26"


def test_things_are_counted_of_nobody() -> None:
    placements = table([observation("pre-employment-partners", "2025/26", 5, population="")])
    now = measure_baseline(RowFigures(placements), "pre-employment-partners")
    assert now is not None
    assert (now.baseline.value, now.population, now.is_proxy) == (5, "", False)


def test_the_baseline_of_small_cohorts_is_the_year_that_the_status_is_judged_on() -> None:
    newcomers = [
        observation("certificate-in-12-weeks", str(Month(2025, 4) + step), 5, out_of=9, population="newcomers")
        for step in range(13)
    ]
    year = RowFigures(table(newcomers[:12])).of("certificate-in-12-weeks", "newcomers")
    assert year is not None
    assert (year.numerator, year.denominator, year.period) == (60, 108, "2025/26")
    later = RowFigures(table(newcomers)).of("certificate-in-12-weeks", "newcomers")
    assert later is not None
    assert (later.numerator, later.period) == (60, "2026-04")


def test_a_row_is_told_what_was_counted_for_the_period_of_its_own_baseline_and_for_no_other() -> None:
    then = {"numerator": 5, "denominator": 100, "source": "typed"}
    figures = RowFigures(
        table(
            [
                observation("young-share", "2025-03", 6, out_of=100),
                observation("young-share", "2024/25", 7, out_of=110),
                observation("young-share", "2026-03", 8, out_of=100),
                observation("young-share", "2025-03", 1, out_of=10, population=SUPPORT),
            ]
        )
    )
    for period, numerator in (("2025-03", 6), ("2024/25", 7), ("2026-03", 8)):
        row = MeasureRow.of(measure="young-share", baseline={**then, "period": period})
        found = figures.counted(row)
        assert found is not None
        assert (found.numerator, found.period) == (numerator, period)
        assert figures.newest(row).period == "2026-03"  # type: ignore[union-attr]
    assert figures.counted(MeasureRow.of(measure="young-share", baseline={**then, "period": "2025-04"})) is None
    assert figures.counted(MeasureRow.of(measure="young-share")) is None
    earlier = RowFigures(figures.observations, as_of=Month(2025, 12))
    assert earlier.newest(MeasureRow.of(measure="young-share")).numerator in (6, 7)  # type: ignore[union-attr,operator]
