"""The agreed way: its ends are what was agreed, its shapes mirror each other, and progress is never clipped."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from t4c_lib.periods import Month
from t4c_lib.plan import MeasureRow
from t4c_lib.progress.trajectory import Shape, Stop, Trajectory, trajectory_of
from t4c_lib.quantities import Baseline

START, DUE = dt.date(2026, 3, 31), dt.date(2028, 3, 31)
values = st.floats(-1000, 1000, allow_nan=False)
shapes = st.sampled_from([Shape.STRAIGHT, Shape.FRONT_LOADED, Shape.BACK_LOADED])
days = st.dates(dt.date(2026, 1, 1), dt.date(2029, 1, 1))


def row(**fields: object) -> MeasureRow:
    given_fields: dict[str, object] = {
        "measure": "young-share",
        "baseline": Baseline.of(150, 3000, period="2026-03", source="extract"),
        "change": {"kind": "points", "amount": 0.02},
        "due": "2028-03",
        **fields,
    }
    return MeasureRow.of(**given_fields)


@pytest.mark.law
@given(values, values, st.sampled_from(Shape))
def test_it_holds_the_baseline_up_to_its_start_and_the_target_from_its_end(
    baseline: float, target: float, shape: Shape
) -> None:
    way = Trajectory(baseline, target, START, DUE, shape)
    assert way.at(START) == way.at(dt.date(2001, 1, 1)) == baseline
    assert way.at(DUE) == way.at(dt.date(2100, 1, 1)) == target


@pytest.mark.law
@given(values, values, shapes, st.lists(days, min_size=2, max_size=5))
def test_it_goes_one_way_only_and_never_past_its_ends(
    baseline: float, target: float, shape: Shape, asked: list[dt.date]
) -> None:
    way = Trajectory(baseline, target, START, DUE, shape)
    found = [value if target >= baseline else -value for value in way.along(sorted(asked))]
    assert all(later >= earlier - 1e-9 for earlier, later in pairwise(found))
    assert all(min(baseline, target) - 1e-9 <= way.at(day) <= max(baseline, target) + 1e-9 for day in asked)


@pytest.mark.law
@given(st.integers(0, 24))
def test_front_loaded_is_ahead_of_straight_by_as_much_as_back_loaded_is_behind_at_the_mirrored_date(step: int) -> None:
    ways = {shape: Trajectory(0.0, 1.0, START, DUE, shape) for shape in Shape}
    day, mirrored = (Month.of(START) + step).last_day, (Month.of(START) + (24 - step)).last_day
    front, back = ways[Shape.FRONT_LOADED].at(day), ways[Shape.BACK_LOADED].at(mirrored)
    assert front == pytest.approx(1 - back)
    assert front >= ways[Shape.STRAIGHT].at(day) >= ways[Shape.BACK_LOADED].at(day)


@pytest.mark.law
def test_after_half_of_the_time_the_three_ways_are_three_quarters_a_half_and_a_quarter_along() -> None:
    half = dt.date(2027, 3, 31)
    found = {shape: Trajectory(10, 20, START, DUE, shape).at(half) for shape in (*list(Shape)[:3],)}
    assert found == {Shape.STRAIGHT: 15.0, Shape.FRONT_LOADED: 17.5, Shape.BACK_LOADED: 12.5}


@pytest.mark.unit
def test_months_count_alike_and_days_within_them() -> None:
    way = Trajectory(0.0, 24.0, START, DUE)
    assert way.at(dt.date(2027, 2, 28)) == pytest.approx(11.0)
    assert way.at(dt.date(2026, 4, 15)) == pytest.approx(0.5)
    monthly = [way.at((Month.of(START) + step).last_day) for step in range(25)]
    assert monthly == pytest.approx(list(range(25)))


@pytest.mark.unit
def test_a_stepped_way_holds_each_value_until_the_next_stop_is_due() -> None:
    stops = (Stop(dt.date(2026, 9, 30), 12.0), Stop(dt.date(2027, 3, 31), 11.0))
    way = Trajectory(10.0, 20.0, START, DUE, Shape.STEPPED, stops)
    asked = [dt.date(2026, 9, 29), dt.date(2026, 9, 30), dt.date(2027, 3, 30), dt.date(2027, 3, 31)]
    assert way.along(asked).tolist() == [10.0, 12.0, 12.0, 11.0]
    assert way.at(dt.date(2028, 3, 30)) == 11.0
    corners = way.corners()
    assert corners["value"].tolist() == [10, 10, 12, 12, 11, 11, 20]
    assert corners["is_checkpoint"].sum() == 2


@pytest.mark.law
@given(shapes)
def test_the_corners_lie_on_the_way(shape: Shape) -> None:
    way = Trajectory(0.05, 0.07, dt.date(2026, 3, 14), dt.date(2027, 8, 9), shape)
    corners = way.corners()
    assert way.along(corners["day"].dt.date).tolist() == pytest.approx(corners["value"].tolist())
    assert (corners["day"].iloc[0].date(), corners["day"].iloc[-1].date()) == (way.start, way.due)


@pytest.mark.unit
def test_a_target_is_met_at_or_past_it_in_the_direction_that_is_better_whatever_arithmetic_adds() -> None:
    assert Trajectory(0.05, 0.1 + 0.2, START, DUE).is_met(0.3)
    assert not Trajectory(0.05, 0.3, START, DUE).is_met(0.2999)
    falling = Trajectory(0.15, 0.1, START, DUE, better="lower")
    assert [falling.is_met(value) for value in (0.12, 0.1, 0.05)] == [False, True, True]


@pytest.mark.unit
def test_a_way_that_ends_before_it_starts_or_has_stops_outside_is_no_way() -> None:
    with pytest.raises(ValueError, match="2026-03-31 is not after 2026-03-31"):
        Trajectory(1, 2, START, START)
    for day in (START, DUE, dt.date(2030, 1, 1)):
        with pytest.raises(ValueError, match="between its start and its end"):
            Trajectory(1, 2, START, DUE, Shape.STEPPED, (Stop(day, 1.5),))


@pytest.mark.unit
def test_a_row_s_way_starts_with_its_baseline_or_with_the_row_if_that_is_later() -> None:
    way = trajectory_of(row())
    assert way is not None
    assert (way.start, way.due, way.shape) == (START, DUE, Shape.STRAIGHT)
    assert [way.baseline, way.target] == pytest.approx([0.05, 0.07])
    later = trajectory_of(row(start="2026-10"))
    assert later is not None
    assert later.start == dt.date(2026, 9, 30)
    assert trajectory_of(row(change=None)) is None


@pytest.mark.unit
def test_a_row_s_checkpoints_make_its_trajectory_stepped() -> None:
    stops = [{"due": "2027-03", "change": {"kind": "points", "amount": 0.01}}, {"due": "2026-09", "value": 0.055}]
    checked = row(checkpoints=stops)
    way = trajectory_of(checked)
    assert way is not None
    assert way.shape is Shape.STEPPED
    assert [stop.value for stop in way.stops] == pytest.approx([0.055, 0.06])


@pytest.mark.unit
def test_a_row_s_way_is_the_one_that_was_agreed_and_its_checkpoints_count_more() -> None:
    half_way = dt.date(2027, 3, 31)
    agreed = {None: 0.06, "straight": 0.06, "front-loaded": 0.065, "back-loaded": 0.055}
    for said, value in agreed.items():
        way = trajectory_of(row(way=said))
        assert way is not None
        assert way.shape == (said or "straight")
        assert way.at(half_way) == pytest.approx(value)
    for due, shape in (("2026-09", Shape.STEPPED), ("2026-01", Shape.BACK_LOADED)):  # the second is no stop on the way
        checked = trajectory_of(row(way="back-loaded", checkpoints=[{"due": due, "value": 0.055}]))
        assert checked is not None
        assert checked.shape is shape


@pytest.mark.unit
def test_a_gap_s_way_goes_down_and_less_is_better() -> None:
    closing = row(
        measure="local-diversity",
        group="disability",
        comparison={"share": 0.086},
        baseline=Baseline.of(131, 2544, period="2026-03", source="ESR"),
        change={"kind": "points", "amount": -0.015},
    )
    way = trajectory_of(closing)
    assert way is not None
    assert way.better == "lower"
    assert way.baseline == pytest.approx(0.086 - 131 / 2544)
    assert way.target == pytest.approx(way.baseline - 0.015)
