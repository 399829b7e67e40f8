"""The planned trajectory from a baseline to its target: what a figure should be on any day."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd

from t4c_lib.framework import Better
from t4c_lib.periods import FIRST_MONTH_OF_FINANCIAL_YEAR, Month, parse_period
from t4c_lib.plan import MeasureRow

# A figure is at its target if only the arithmetic of fractions keeps it from it: 0.06 + 0.02 is 0.08.
AS_GOOD_AS = 1e-9
Direction = Literal["higher", "lower"]


class Shape(StrEnum):
    """How the change is spread over the time."""

    STRAIGHT = "straight"
    FRONT_LOADED = "front-loaded"  # fast at first: after half of the time three quarters of the change
    BACK_LOADED = "back-loaded"  # the same backwards: after half of the time one quarter
    STEPPED = "stepped at checkpoints"


class Stop(NamedTuple):
    """A checkpoint: the value to be reached by the end of a day."""

    day: dt.date
    value: float


@dataclass(frozen=True)
class Trajectory:
    """The trajectory that was agreed.

    Time runs in months, so that each month counts the same however many days it has, and within a month in days. Raises
    ValueError: `due` is not after `start`, or the stops are not in order between the two.
    """

    baseline: float  #: where it starts, in the measure's own unit (a fraction for shares and rates)
    target: float  #: where it leads
    start: dt.date  #: until the end of this day the baseline holds
    due: dt.date  #: from the end of this day on the target holds
    #: how the change is spread; a stepped one holds each value until the next stop is due.
    shape: Shape = Shape.STRAIGHT
    stops: tuple[Stop, ...] = ()  #: the checkpoints in between, in order. Only a stepped one goes by them
    better: Direction = "higher"  #: which direction is an improvement

    def __post_init__(self) -> None:
        if self.due <= self.start:
            raise ValueError(f"A trajectory must end after it starts: {self.due} is not after {self.start}.")
        days = [self.start, *(stop.day for stop in self.stops), self.due]
        if any(later <= earlier for earlier, later in pairwise(days)):
            where = "between its start and its end, in order, each once"
            raise ValueError(f"The checkpoints of a trajectory must lie {where}.")

    def along(self, days: Iterable[dt.date]) -> np.ndarray:
        """The values at the end of these days: the baseline up to `start`, the target from `due` on."""
        asked = np.array(list(days), dtype="datetime64[D]")
        if self.shape is Shape.STEPPED:
            steps = (*self.stops, Stop(self.due, self.target))
            reached = np.array([step.day for step in steps], dtype="datetime64[D]")
            values = np.array([self.baseline, *(step.value for step in steps)])
            return np.asarray(values[np.searchsorted(reached, asked, side="right")])
        start, due = _clock(np.array([self.start, self.due], dtype="datetime64[D]"))
        done = _SHAPES[self.shape](np.clip((_clock(asked) - start) / (due - start), 0.0, 1.0))
        # Ends are given back as they were agreed, not as sums come to them.
        return np.asarray(np.where(done >= 1.0, self.target, self.baseline + (self.target - self.baseline) * done))

    def at(self, day: dt.date) -> float:
        return float(self.along([day])[0])

    def is_met(self, value: float) -> bool:
        """Whether a value is at or past the target, in the direction that is better."""
        return is_at_or_past(value, self.target, self.better)

    def corners(self) -> pd.DataFrame:
        """As few points as draw the line: day, value, is_checkpoint. At a step a day stands twice, before and after."""
        if self.shape is Shape.STRAIGHT:
            rows = [(self.start, self.baseline, False), (self.due, self.target, False)]
        elif self.shape is Shape.STEPPED:
            rows, held = [(self.start, self.baseline, False)], self.baseline
            for step in (*self.stops, Stop(self.due, self.target)):
                rows += [(step.day, held, False), (step.day, step.value, step in self.stops)]
                held = step.value
        else:
            first, months = Month.of(self.start), Month.of(self.start).months_until(Month.of(self.due))
            between = [(first + step).last_day for step in range(months)]
            days = [self.start, *(day for day in between if self.start < day < self.due), self.due]
            rows = [(day, float(value), False) for day, value in zip(days, self.along(days), strict=True)]
        table = pd.DataFrame(rows, columns=["day", "value", "is_checkpoint"])
        return table.assign(day=pd.to_datetime(table["day"]))


# The part of the change that is done after a part of the time.
_SHAPES: dict[Shape, Callable[[np.ndarray], np.ndarray]] = {
    Shape.STRAIGHT: lambda time: time,
    Shape.FRONT_LOADED: lambda time: np.asarray(1.0 - (1.0 - time) ** 2),
    Shape.BACK_LOADED: lambda time: time**2,
}


def _clock(days: np.ndarray) -> np.ndarray:
    """Days as months since 1970: a whole number at the end of each month."""
    months = days.astype("datetime64[M]")
    first, following = months.astype("datetime64[D]"), (months + 1).astype("datetime64[D]")
    return np.asarray(months.astype(int) + ((days - first).astype(int) + 1) / (following - first).astype(int))


def is_at_or_past(value: float, mark: float, better: Direction) -> bool:
    """Whether a value is as good as a mark, or better."""
    slack = AS_GOOD_AS * max(1.0, abs(mark))
    return value >= mark - slack if better == "higher" else value <= mark + slack


def direction(row: MeasureRow) -> Direction:
    """Which direction is better for the figure of a row; where closer is better that is the gap, and less of it."""
    return "higher" if row.what.better is Better.HIGHER else "lower"


def trajectory_of(row: MeasureRow) -> Trajectory | None:
    """The planned trajectory of a row; None while the row has no target.

    It starts when the baseline's period ends, or when the row starts if that is later. It is stepped where the row has
    checkpoints between its start and its due date, else as the row's `way` says, else straight.
    """
    target = row.target
    if target is None:
        return None
    due = target.due.last_day
    start = _start(row, due)
    stops = tuple(
        Stop(one.due.last_day, one.goal(target.baseline))
        for one in sorted(row.checkpoints, key=lambda one: one.due)
        if start < one.due.last_day < due
    )
    shape = Shape.STEPPED if stops else (Shape(row.way) if row.way is not None else Shape.STRAIGHT)
    return Trajectory(target.baseline.value, target.goal, start, due, shape, stops, direction(row))


def _start(row: MeasureRow, due: dt.date) -> dt.date:
    measured = row.baseline.period if row.baseline is not None else ""
    days = [parse_period(measured).last_day] if measured else []
    if row.start is not None:
        days.append((row.start + -1).last_day)
    if before := [day for day in days if day < due]:
        return max(before)
    # A baseline of no known date: it takes the financial year that ends with it.
    return (Month.of(due) + -((due.month - FIRST_MONTH_OF_FINANCIAL_YEAR) % 12 + 1)).last_day


def checkpoint_problems(row: MeasureRow) -> Iterator[str]:
    """What of a row's checkpoints does not go with its target, a sentence each: a planned trajectory can't hold it."""
    target, trajectory = row.target, trajectory_of(row)
    if target is None or trajectory is None:
        return
    held = {stop.day for stop in trajectory.stops}
    low, high = sorted((trajectory.baseline, trajectory.target))
    for one in sorted(row.checkpoints, key=lambda one: one.due):
        value = one.goal(target.baseline)
        if one.due.last_day not in held:
            side = "not before the target's date" if one.due >= target.due else "not after the baseline"
            yield f"The checkpoint of {one.due.label} is {side}, so the planned trajectory leaves it out."
        elif not low - AS_GOOD_AS <= value <= high + AS_GOOD_AS:
            yield f"The checkpoint of {one.due.label} is not between the baseline and the target: change it."
