"""Known answers of single charts: what is drawn, said and listed is what was given."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from charts_to_come import ActionSpan, timeline, tornado, waterfall
from charts_to_come.waterfall import difference
from hypothesis import given
from hypothesis import strategies as st

from t4c_lib.charts import (
    Picture,
    Scale,
    against_trajectory,
    control_chart,
    funnel,
    funnel_limits,
    place_in_funnel,
    run_chart,
)
from t4c_lib.charts.theme import lines_of, shortened, width_of
from t4c_lib.progress.figures import wilson
from tests.charts.drawn import (
    RULES,
    a_control_chart,
    a_course,
    a_funnel,
    a_run_chart,
    a_timeline,
    a_tornado,
    control_points,
    figures,
    way,
)


def rows(picture: Picture, table: str) -> list[dict[str, Any]]:
    assert picture.drawing is not None
    return [dict(row) for row in picture.drawing.tables[table]]


def words(picture: Picture, table: str = "header") -> list[str]:
    return [row["words"] for row in rows(picture, table) if "words" in row]


@pytest.mark.unit
def test_without_a_target_no_way_is_drawn_and_it_is_said() -> None:
    picture = against_trajectory(figures([0.05, 0.06]), scale=Scale(), measured="Share", title="T")
    assert rows(picture, "way") == rows(picture, "goal") == []
    assert "Planned trajectory" not in words(picture)
    assert "No target is set." in picture.description


@pytest.mark.unit
def test_a_course_says_status_chance_icons_and_interval() -> None:
    picture = a_course()
    for said in ("Status: behind.", "Chance of meeting the target: 34%.", "95% interval 4.9% to 6.1%", "1 missing"):
        assert said in picture.description
    assert {"Improving, high", "Hit or miss", "95% interval", "80 of 100 cases"} <= set(words(picture))
    assert rows(picture, "goal")[0]["words"] == "target 8.0%"


@pytest.mark.unit
def test_a_measure_without_intervals_shows_none() -> None:
    counted, planned, scale = figures([31, 33], spread=None), way(start=31, end=40), Scale(False, things="starts")
    picture = against_trajectory(counted, planned, scale=scale, measured="Starts", title="T")
    assert "95% interval" not in words(picture)
    assert "95% interval" not in picture.table.columns


@pytest.mark.unit
def test_the_profile_of_rules_is_printed_on_the_xmr_chart() -> None:
    picture = a_control_chart()
    assert RULES in " ".join(rows(picture, "note")[0]["widest"])
    assert RULES in picture.description
    assert "Special cause: concern" in words(picture)
    assert "Special cause: high" not in words(picture)


@pytest.mark.unit
def test_the_table_of_an_xmr_chart_names_the_rule_of_every_point() -> None:
    picture = a_control_chart()
    assert picture.table["Special cause"].tolist() == control_points()["special_cause"].tolist()
    assert picture.table["Figure"].tolist()[3] == "8.00%"
    assert picture.table["Figure"].tolist()[9] == ""


@pytest.mark.unit
def test_an_xmr_chart_without_target_has_no_target_line() -> None:
    picture = control_chart(control_points(), note=RULES, scale=Scale(), measured="Rate", title="T")
    assert rows(picture, "target") == []
    assert not any(word.startswith("Target") for word in words(picture))


@pytest.mark.unit
def test_a_target_is_said_with_the_digits_that_were_typed_and_figures_with_one() -> None:
    scale = Scale(typed=0.0542)
    assert [scale.text(one) for one in (0.0542, 0.05421, 0.0583)] == ["5.42%", "5.4%", "5.8%"]


@pytest.mark.unit
def test_a_run_chart_says_what_it_is_and_has_no_icon() -> None:
    picture = a_run_chart()
    small_print = " ".join(rows(picture, "note")[0]["widest"])
    assert small_print.startswith("Run chart. 4 figures: limits and icons need at least 13")
    assert words(picture) == ["Figures", "Median 32", "Target 40"]
    empty = run_chart(figures([float("nan")], spread=None), scale=Scale(), measured="Share", title="T")
    assert empty.description.startswith("Run chart without a figure.")


@pytest.mark.law
@given(st.integers(0, 400), st.integers(1, 400), st.floats(0.01, 0.99))
def test_an_organisation_is_outside_exactly_when_its_wilson_interval_leaves_the_middle_out(
    events: int, people: int, middle: float
) -> None:
    events = min(events, people)
    low, high = (float(end[0]) for end in wilson([events], [people]))
    if min(abs(low - middle), abs(high - middle)) < 1e-5:  # z is written with six decimals
        return
    outside = place_in_funnel(events / people, people, middle) != "within both limits"
    assert outside == (not low <= middle <= high)


@pytest.mark.law
def test_limits_of_a_funnel_are_those_of_the_method() -> None:
    low, high = funnel_limits(0.05, 100, "95%")
    half = 1.959964 * math.sqrt(0.05 * 0.95 / 100)
    assert (low, high) == pytest.approx((0.05 - half, 0.05 + half))
    assert funnel_limits(0.05, 10, "99.8%")[0] == 0.0


@pytest.mark.law
@given(st.floats(0, 1), st.sampled_from(["95%", "99.8%"]), st.sampled_from([0, 0.0, float("nan")]))
def test_nobody_has_no_limits_and_no_place(middle: float, level: str, size: float) -> None:
    assert np.isnan(funnel_limits(middle, size, level)).all()
    assert place_in_funnel(0.06, size, middle) == ""


@pytest.mark.unit
def test_an_organisation_without_anybody_is_listed_and_not_drawn() -> None:
    table = pd.DataFrame({"name": ["Own", "None", "Other"], "numerator": [6, 0, 5], "denominator": [100, 0, 90]})
    picture = funnel(table, own="Own", measured="Share", base="people", title="T")
    assert picture.table.iloc[1].tolist() == ["None", "0", "0", "", ""]
    assert [row["name"] for row in rows(picture, "points")] == ["Own", "Other"]
    assert picture.description.startswith("Funnel of 2 organisations around 5.8%")
    without = funnel(table[1:2], own="None", measured="Share", base="people", title="T")
    assert without.description == "Funnel without a figure."
    assert rows(without, "points") == rows(without, "limits") == []
    assert "nan" not in without.svg().lower()
    assert funnel(table[:0], own="", measured="Share", base="people", title="T").table.empty


@pytest.mark.unit
def test_a_funnel_names_its_own_and_counts_the_places() -> None:
    picture = a_funnel()
    assert picture.table.set_index("Organisation")["Place"].to_dict() == {
        "Own": "within both limits",
        "Small": "within both limits",
        "Large": "within both limits",
        "High": "above the 99.8% limit",
        "Low": "below the 99.8% limit",
    }
    assert "Own: 6.0% of 2,000, within both limits." in picture.description
    assert "Limits allow for chance only." in " ".join(rows(picture, "note")[0]["widest"])


@pytest.mark.law
@given(st.lists(st.floats(-0.02, 0.05), max_size=8))
def test_the_steps_of_a_waterfall_join_and_end_at_their_sum(amounts: list[float]) -> None:
    table = pd.DataFrame({"name": [f"Lever {place}" for place in range(len(amounts))], "amount": amounts})
    picture = waterfall(table, start=0.2, scale=Scale(), measured="Share", title="T", names=("Nothing", "All"))
    bars = rows(picture, "bars")
    ends = [bar["end"] for bar in bars[:-1]]
    assert [bar["start"] for bar in bars[1:]] == ends
    assert bars[-1]["end"] == pytest.approx(0.2 + sum(amounts))
    assert picture.table["Total"].iloc[-1] == Scale().text(0.2 + sum(amounts))


@pytest.mark.unit
def test_a_tornado_puts_the_widest_bar_first() -> None:
    picture = a_tornado()
    assert picture.table["Assumption"].tolist() == ["Leavers under 25", "Completion"]
    assert picture.table["At its low end"].tolist() == ["14% a year: 6.6%", "60%: 6.0%"]
    assert "Largest effects: Leavers under 25: 14% a year to 24% a year, 5.5% to 6.6%" in picture.description
    empty = pd.DataFrame(columns=["name", "low", "high", "low_text", "high_text"]).astype({"low": float, "high": float})
    assert (
        "without any assumption" in tornado(empty, centre=0.1, scale=Scale(), measured="Share", title="T").description
    )


@pytest.mark.unit
def test_a_timeline_draws_what_has_a_date_and_lists_the_rest() -> None:
    picture = a_timeline()
    assert [row["words"] for row in rows(picture, "rows")] == ["Train 25 ambassadors", "Review the ways in"]
    assert picture.table["Action"].tolist()[-1] == "Courses before work"
    assert "1 action has no date yet" in " ".join(rows(picture, "note")[0]["widest"])
    assert "Overdue: Train 25 ambassadors (due 30 June 2026)." in picture.description
    undated = timeline([ActionSpan("A", "not started", None, None)], today=dt.date(2026, 1, 1), title="T")
    assert rows(undated, "rows") == []


@pytest.mark.unit
@pytest.mark.parametrize(
    ("scale", "value", "text", "step"),
    [
        (Scale(), 0.057, "5.7%", "+5.7 points"),
        (Scale(), 0.0004, "0.0%", "+0.04 points"),
        (Scale(), 0.01, "1.0%", "+1 point"),
        (Scale(decimals=2), 0.057, "5.70%", "+5.7 points"),
        (Scale(False), 1240.0, "1,240", "+1,240"),
        (Scale(False), -1.1, "−1.1", "−1.1"),
        (Scale(), float("nan"), "", ""),
    ],
)
def test_figures_are_written_as_people_read_them(scale: Scale, value: float, text: str, step: str) -> None:
    assert scale.text(value) == text
    if text:
        assert difference(scale, value) == step


@pytest.mark.unit
def test_a_count_is_written_with_what_it_counts() -> None:
    starts = Scale(False, things="starts a year")
    assert (starts.words(28), starts.words(1)) == ("28 starts a year", "1 start a year")


@pytest.mark.law
@given(st.lists(st.one_of(st.none(), st.floats(0, 1)), min_size=1), st.booleans())
def test_an_axis_holds_every_figure(values: list[float | None], from_zero: bool) -> None:
    axis = Scale().axis(values, from_zero=from_zero)
    low, high = float(axis["low"]), float(axis["high"])
    assert low < high
    assert all(low <= value <= high for value in values if value is not None)
    assert not from_zero or low == 0


@pytest.mark.law
@given(st.text(alphabet="abc defg ilmW%", max_size=80), st.integers(30, 400))
def test_words_are_broken_and_cut_to_their_room(text: str, room: int) -> None:
    for line in lines_of(text, room, 14):
        assert width_of(line, 14) <= room or " " not in line
    assert " ".join(lines_of(text, room, 14)) == " ".join(text.split())
    assert width_of(shortened(text, room, 14), 14) <= room


@pytest.mark.unit
def test_a_hidden_value_is_said_to_be_not_shown_and_a_missing_one_is_blank() -> None:
    figures = pd.DataFrame({"value": [12.0, float("nan"), float("nan")], "state": ["counted", "suppressed", "missing"]})
    assert Scale(is_fraction=False).texts(figures) == ["12", "not shown", ""]


@pytest.mark.unit
@pytest.mark.parametrize("count", [0.0, 1.0, 10.0])
def test_the_axis_of_a_count_that_stays_is_in_whole_numbers(count: float) -> None:
    axis = Scale(is_fraction=False).axis([count, count], from_zero=False)
    low, high = axis["low"], axis["high"]
    assert isinstance(low, float)
    assert isinstance(high, float)
    assert 0 <= low <= count < high
    assert high - low >= 2
    assert high - low <= 13
