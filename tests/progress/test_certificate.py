"""The Care Certificate's curve as a table for pages and papers."""

from __future__ import annotations

import pytest

from t4c_lib.progress.certificate import CURVE_COLUMNS, certificate_curve
from tests.counted import observation, table

pytestmark = pytest.mark.unit


def weeks(gained: dict[int, int], at_risk: dict[int, int], period: str = "2026-03") -> list[dict[str, object]]:
    """What the store holds: for each week who was certified in it, out of those who had come so far without."""
    rows = []
    for week, count in at_risk.items():
        own = {"population": "clinical support starters", "breakdown": f"week={week}"}
        row = observation("certificate-by-week", period, gained.get(week, 0), out_of=count or 1, **own)
        rows.append(row if count else {**row, "denominator": 0, "value": float("nan"), "state": "not applicable"})
    return rows


TEN = weeks({8: 4, 12: 3}, {week: 10 if week <= 8 else 5 if week <= 12 else 2 for week in range(15)} | {15: 0})


def test_the_curve_has_a_row_a_week_with_days_months_share_interval_and_people() -> None:
    found = certificate_curve(table(TEN))
    assert found is not None
    assert (found.period, found.newcomers, found.source) == ("2026-03", 10, "extract.csv")
    assert tuple(found.table) == CURVE_COLUMNS
    week_8 = found.table[found.table["week"] == 8].iloc[0]
    assert (week_8["day"], week_8["at_risk"]) == (56, 10)
    assert week_8["share"] == pytest.approx(0.4)
    assert week_8["month"] == pytest.approx(56 / 30.4375)
    assert week_8["low"] < 0.4 < week_8["high"]


def test_who_left_counts_for_as_long_as_followed() -> None:
    found = certificate_curve(table(TEN))
    assert found is not None
    assert found.in_12_weeks == pytest.approx(1 - 0.6 * (1 - 3 / 5))  # one of the six left had gone by week 12


def test_the_curve_stops_where_nobody_is_followed() -> None:
    found = certificate_curve(table(TEN))
    assert found is not None
    assert found.table["week"].max() == 14
    short = certificate_curve(table(weeks({2: 1}, {0: 3, 1: 3, 2: 3, 3: 0})))
    assert short is not None
    assert short.in_12_weeks is None


def test_the_newest_period_counts_unless_another_is_asked_for() -> None:
    both = table([*TEN, *weeks({2: 1}, {0: 3, 1: 3, 2: 3, 3: 0}, "2025-03")])
    newest, older = certificate_curve(both), certificate_curve(both, "2025-03")
    assert newest is not None
    assert older is not None
    assert (newest.period, older.newcomers) == ("2026-03", 3)


def test_without_newcomers_or_with_hidden_figures_there_is_no_curve() -> None:
    assert certificate_curve(table([])) is None
    assert certificate_curve(table(weeks({}, {0: 0, 1: 0}))) is None
    hidden = table(TEN)
    hidden.loc[3, "state"] = "suppressed"
    assert certificate_curve(hidden) is None
