"""What rows of a plan are made of: their states, the signs that something was done, reviews and checkpoints."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, model_validator

from t4c_lib.periods import Month
from t4c_lib.plan.fields import ChangeField, DayField, FilledText, MonthField, Number, PeriodText, Row, Text, trimmed
from t4c_lib.pydantic_words import refused
from t4c_lib.quantities import Baseline


class Side(StrEnum):
    """For whom somebody speaks in the partnership. `both` is for what the two sides settled in one room."""

    management = "management"
    staff = "staff"
    both = "both"


class RowState(StrEnum):
    """What a plan does with a row of the framework, or that it is one of its own."""

    ADOPTED = "adopted"  # as suggested
    REWORDED = "reworded"  # in words of our own
    IN_PLACE = "in place"  # done before the plan began
    LEFT_OUT = "left out"  # with a reason; the row stays
    ADDED = "added"  # the framework has no such row


class Status(StrEnum):
    """How far a row is."""

    NOT_STARTED = "not started"
    UNDER_WAY = "under way"
    DONE = "done"


class Effect(StrEnum):
    """What the plan does to a group of people, as far as is known."""

    POSITIVE = "positive"
    NEUTRAL = "neutral"
    NEGATIVE = "negative"
    NOT_KNOWN = "not known"


class Way(StrEnum):
    """How an agreed change is spread over the time there is, where no checkpoints say it."""

    STRAIGHT = "straight"  # the same every month
    FRONT_LOADED = "front-loaded"  # most of it early
    BACK_LOADED = "back-loaded"  # most of it late


StateField = Annotated[RowState, BeforeValidator(trimmed)]
StatusField = Annotated[Status, BeforeValidator(trimmed)]
WayField = Annotated[Way, BeforeValidator(trimmed)]
EffectField = Annotated[Effect, BeforeValidator(trimmed)]


class Evidence(Row):
    """A sign that something exists or was done.

    Attributes:
        what: it is: "Work experience policy, version 3".
        date: of the document or of the event.
        link: a web address, or where else it lies.
        approved_by: the post or body that approved it, where that is asked for.
    """

    what: FilledText
    date: DayField | None = None
    link: Text = ""
    approved_by: Text = ""

    @property
    def missing(self) -> tuple[str, ...]:
        """What an evidence measure needs and this lacks."""
        needed = {"a date": self.date, "a link": self.link, "who approved it": self.approved_by}
        return tuple(name for name, value in needed.items() if not value)


class Review(Row):
    """The rhythm on which a row is looked at, or on which a review that is itself a measure is held.

    Attributes:
        every: so many months.
        last: the day it was last done.
        next: the month in which it is next due; worked out from the other two if nothing is said.
    """

    every: Annotated[int, Field(strict=True, ge=1, le=120)] | None = None
    last: DayField | None = None
    next: MonthField | None = None

    @property
    def due(self) -> Month | None:
        """The month in which it is next due, as far as is known."""
        if self.next is not None or self.every is None or self.last is None:
            return self.next
        return Month.of(self.last) + self.every

    def is_overdue(self, today: dt.date) -> bool:
        """Whether its month has passed."""
        return self.due is not None and self.due.last_day < today


class Checkpoint(Row):
    """A stop on the way from the baseline to the target.

    Attributes:
        due: the month by whose last day it is to be reached.
        value: the figure itself, a fraction for shares and rates; or
        change: reckoned from the baseline, like the X.
    """

    due: MonthField
    value: Number | None = None
    change: ChangeField | None = None

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        if (self.value is None) == (self.change is None):
            raise refused("a checkpoint has either a 'value' or a 'change'.")
        return self

    def goal(self, baseline: Baseline) -> float:
        """The value to reach. Raises ChangeError where the change doesn't fit the baseline."""
        if self.change is not None:
            return self.change.goal(baseline)
        assert self.value is not None  # noqa: S101  (one of the two is there)
        return self.value


class Comparison(Row):
    """The share that a group has among those it is compared with.

    Attributes:
        share: a fraction.
        period: when.
        source: where the figure comes from.
    """

    share: Annotated[Number, Field(ge=0, le=1)]
    period: PeriodText | None = None
    source: Text = ""


def first_repeats(keys: Iterable[object]) -> list[tuple[int, int]]:
    """(place, earlier place) of each key that an earlier one equals; places from 0."""
    first: dict[object, int] = {}
    return [(place, first[key]) for place, key in enumerate(keys) if first.setdefault(key, place) != place]
