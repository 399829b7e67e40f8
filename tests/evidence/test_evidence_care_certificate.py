"""The Care Certificate within 84 days, who is left out of it, and the curve."""

from __future__ import annotations

import datetime as dt
import math
from pathlib import Path

import numpy as np
import pytest
from certificate_by_week import curve, curve_of
from hypothesis import given
from hypothesis import strategies as st

from t4c_lib.evidence import Loaded
from t4c_lib.periods import Month

from .evidence_files import figures, read_text, staff

pytestmark = pytest.mark.unit

END = Month(2026, 6)
Row = dict[str, str]


def newcomer(person: str, start: str, *, certificate: str = "", left: str = "", **cells: str) -> list[Row]:
    """A row for each month from January 2026 to June 2026 in which the person is employed."""
    first = max(Month.of(dt.date.fromisoformat(start)), Month(2026, 1))
    last = Month.of(dt.date.fromisoformat(left)) if left else END
    rows = []
    for step in range(first.months_until(last) + 1):
        month = first + step
        row = {"period_end": month.last_day.isoformat(), "person_number": person, "start_date": start, **cells}
        row["care_certificate_date"] = certificate if certificate <= month.last_day.isoformat() else ""
        row["leaving_date"] = left if month == last else ""
        rows.append(row)
    return rows


def read(folder: Path, *people: list[Row]) -> Loaded:
    return read_text(folder, staff(*(row for rows in people for row in rows)))


def share(loaded: Loaded, period: str, breakdown: str = "all") -> tuple[float, float, str]:
    one = figures(loaded, series="certificate-in-12-weeks", breakdown=breakdown, period=period)
    return one["numerator"].item(), one["denominator"].item(), one["state"].item()


def count(loaded: Loaded, series: str, period: str) -> float:
    return float(figures(loaded, series=series, period=period)["value"].item())


def test_day_84_counts_day_85_does_not_and_a_cohort_stands_in_the_month_of_its_day_84(tmp_path: Path) -> None:
    # 5 January + 84 days is 30 March 2026.
    loaded = read(
        tmp_path,
        newcomer("P1", "2026-01-05", certificate="2026-03-30"),
        newcomer("P2", "2026-01-05", certificate="2026-03-31"),
        newcomer("P3", "2026-01-05"),
        newcomer("P4", "2025-12-31", certificate="2025-06-01"),  # brought along; day 84 is 25 March
        newcomer("P5", "2026-01-07"),  # day 84 is 1 April
    )
    assert share(loaded, "2026-03") == (2, 4, "counted")
    assert share(loaded, "2026-04") == (0, 1, "zero")
    assert share(loaded, "2026-05") == (0, 0, "not applicable")
    assert set(figures(loaded, series="certificate-in-12-weeks")["population"]) == {"clinical support starters"}


def test_who_is_still_within_84_days_and_who_left_in_them_are_shown_apart(tmp_path: Path) -> None:
    loaded = read(
        tmp_path,
        newcomer("P1", "2026-01-05", left="2026-03-29", certificate="2026-02-20"),  # day 83
        newcomer("P2", "2026-01-05", left="2026-03-30"),  # day 84: stayed for it
        newcomer("P3", "2026-05-11"),
        newcomer("P4", "2026-05-11", band="Band 5"),
        newcomer("P5", "2026-05-11", staff_group="Administrative and Clerical"),
    )
    assert share(loaded, "2026-03") == (0, 1, "zero")
    assert count(loaded, "certificate-left-early", "2026-03") == 1
    assert [count(loaded, "certificate-waiting", period) for period in ("2026-01", "2026-03", "2026-05")] == [2, 0, 1]
    assert count(loaded, "certificate-left-early", "2026-05") == 0


def test_every_newcomer_is_counted_once_as_due_or_as_an_early_leaver_or_waits(tmp_path: Path) -> None:
    people = [newcomer(f"P{day}", f"2026-01-{day:02}", left="" if day % 3 else "2026-03-12") for day in range(1, 31)]
    loaded = read(tmp_path, *people)
    due = figures(loaded, series="certificate-in-12-weeks", breakdown="all")["denominator"].sum()
    early = figures(loaded, series="certificate-left-early")["value"].sum()
    assert (due + early, count(loaded, "certificate-waiting", "2026-06")) == (30, 0)


def test_a_certificate_that_was_recorded_late_counts_on_its_day(tmp_path: Path) -> None:
    rows = newcomer("P1", "2026-01-05", certificate="2026-03-20")
    for row in rows:
        row["care_certificate_date"] = "2026-03-20" if row["period_end"] > "2026-04-30" else ""
    assert share(read(tmp_path, rows), "2026-03") == (1, 1, "counted")


def test_the_share_is_told_by_department_and_band(tmp_path: Path) -> None:
    loaded = read(
        tmp_path,
        newcomer("P1", "2026-01-05", certificate="2026-02-20", department="Ward 1"),
        newcomer("P2", "2026-01-05", department="Ward 2", band="Band 3"),
    )
    assert share(loaded, "2026-03", "department=Ward 1") == (1, 1, "counted")
    assert share(loaded, "2026-03", "department=Ward 2") == (0, 1, "zero")
    assert share(loaded, "2026-03", "band=Band 3") == (0, 1, "zero")


def test_the_curve_is_worked_out_as_by_hand() -> None:
    # At risk 8, 6, 3: 7/8, then 4/6 of it, then 2/3 of that are without. Those who go on a day are at risk on it.
    found = curve(np.array([3, 4, 5, 5, 5, 8, 9, 9]), np.array([True, False, True, True, False, True, False, False]))
    assert found.days.tolist() == [3, 4, 5, 8, 9]
    assert found.at_risk.tolist() == [8, 7, 6, 3, 2]
    without = [7 / 8, 7 / 8, 7 / 8 * 4 / 6, 7 / 8 * 4 / 6 * 2 / 3, 7 / 8 * 4 / 6 * 2 / 3]
    assert found.share == pytest.approx([1 - one for one in without])
    assert found.newcomers == 8


def test_the_interval_is_greenwoods_on_the_log_log_scale() -> None:
    # Of eight people one is certified on day 3 and one on day 5, of seven and of five followed so long.
    found = curve(np.array([3, 4, 5, 5, 8, 9, 9, 2]), np.array([True, False, True, False, False, False, False, False]))
    without, variance = 1.0, 0.0
    for day, certified, at_risk in ((3, 1, 7), (5, 1, 5)):
        without *= 1 - certified / at_risk
        variance += certified / (at_risk * (at_risk - certified))
        half = 1.959964 * math.sqrt(variance) / math.log(without)
        ends = sorted(1 - without ** math.exp(sign * half) for sign in (1, -1))
        at = found.days.tolist().index(day)
        assert (found.low[at], found.high[at]) == pytest.approx(ends, abs=1e-6)
    assert np.isnan(found.low[0])  # before the first certificate


def test_a_curve_without_any_certificate_is_flat_and_has_no_interval() -> None:
    found = curve(np.array([10, 90]), np.array([False, False]), np.array([7, 84]))
    assert found.share.tolist() == [0, 0]
    assert found.at_risk.tolist() == [2, 1]
    assert np.isnan(found.low).all()


def test_a_curve_of_nobody_is_flat_and_says_so() -> None:
    found = curve(np.array([], dtype=np.int64), np.array([], dtype=bool), np.array([7, 14]))
    assert (found.share.tolist(), found.at_risk.tolist(), found.newcomers) == ([0, 0], [0, 0], 0)


@given(st.lists(st.integers(0, 200), min_size=1, max_size=60), st.integers(1, 220))
def test_where_nobody_is_lost_the_curve_is_the_plain_share(days: list[int], at: int) -> None:
    found = curve(np.array(days), np.ones(len(days), dtype=bool), np.array([at]))
    assert found.share[0] == pytest.approx(sum(day <= at for day in days) / len(days))


@given(st.lists(st.tuples(st.integers(0, 300), st.booleans()), max_size=60))
def test_the_curve_never_falls_and_nobody_new_comes_to_be_at_risk(people: list[tuple[int, bool]]) -> None:
    days, certified = np.array([day for day, _ in people], dtype=np.int64), np.array([c for _, c in people], dtype=bool)
    found = curve(days, certified, np.arange(0, 310, 7))
    assert (np.diff(found.share) >= -1e-12).all()
    assert (np.diff(found.at_risk) <= 0).all()
    assert ((found.share >= 0) & (found.share <= 1)).all()


def test_the_curve_of_an_extract_agrees_with_the_share_within_84_days_where_nobody_is_lost(tmp_path: Path) -> None:
    loaded = read(
        tmp_path,
        newcomer("P1", "2026-01-05", certificate="2026-01-05"),
        newcomer("P2", "2026-01-05", certificate="2026-03-30"),
        newcomer("P3", "2026-01-05", certificate="2026-03-31"),
        newcomer("P4", "2026-01-05"),
    )
    found = curve_of(loaded.observations, "DEMO1")
    assert found is not None
    assert dict(zip(found.days.tolist(), found.share.tolist(), strict=True))[84] == pytest.approx(0.5)
    assert found.share[-1] == pytest.approx(0.75)
    assert found.newcomers == 4
    numerator, denominator, _ = share(loaded, "2026-03")
    assert numerator / denominator == 0.5


def test_who_leaves_without_it_is_taken_out_of_those_at_risk_and_not_counted_as_failed(tmp_path: Path) -> None:
    loaded = read(
        tmp_path,
        newcomer("P1", "2026-01-05", certificate="2026-02-02"),  # week 4
        newcomer("P2", "2026-01-05", left="2026-01-20"),
        newcomer("P3", "2026-01-05", certificate="2026-03-02"),  # week 8
        newcomer("P4", "2026-05-04"),  # followed for 57 days
        newcomer("P5", "2020-05-04"),  # came before the extract begins: no newcomer of it
    )
    found = curve_of(loaded.observations, "DEMO1", "2026-06")
    assert found is not None
    shares = dict(zip(found.days.tolist(), found.share.tolist(), strict=True))
    assert shares[28] == pytest.approx(1 / 3)
    assert shares[56] == pytest.approx(1 - 2 / 3 * 1 / 2)
    assert found.newcomers == 4


def test_no_newcomers_no_curve_and_the_weeks_are_not_applicable(tmp_path: Path) -> None:
    loaded = read(tmp_path, newcomer("P5", "2020-05-04"))
    assert set(figures(loaded, series="certificate-by-week")["state"]) == {"not applicable"}
    assert curve_of(loaded.observations, "ELSEWHERE") is None
    empty = curve_of(loaded.observations, "DEMO1")
    assert empty is not None
    assert empty.newcomers == 0


def test_weeks_add_up_to_the_newcomers(tmp_path: Path) -> None:
    people = [newcomer(f"P{day}", f"2026-01-{day:02}", certificate=f"2026-04-{day:02}") for day in range(1, 31)]
    weeks = figures(read(tmp_path, *people), series="certificate-by-week")
    assert weeks["numerator"].sum() == 30
    assert weeks["denominator"].max() == 30
