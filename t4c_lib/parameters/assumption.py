"""One assumption: an interval (low, central, high) that never travels without its unit, its source and its date."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from t4c_lib.periods import parse_period
from t4c_lib.pydantic_words import Key, Text, reading, refused


class Unit(StrEnum):
    """What a figure is counted in. The unit says between which bounds it lies and on which scale it is drawn."""

    share = "share"
    share_a_month = "share a month"
    per_person_a_year = "per person a year"
    weeks = "weeks"
    months = "months"
    hours = "hours"
    hours_a_week = "hours a week"
    hours_a_year = "hours a year"
    people = "people"
    contacts_a_year = "contacts a year"
    starts_a_year = "starts a year"
    pounds_an_hour = "pounds an hour"
    pounds_a_person = "pounds a person"
    pounds_a_person_a_year = "pounds a person a year"
    pounds_a_course = "pounds a course"
    pounds_a_start = "pounds a start"
    ratio = "ratio"

    @property
    def is_share(self) -> bool:
        """Whether it is a fraction from 0 to 1 (a share or a probability). Everything else is a positive amount."""
        return self in {Unit.share, Unit.share_a_month}

    @property
    def describes(self) -> str:
        """The allowed values, in words for a message."""
        return "a fraction from 0 to 1 (write 5.7% as 0.057)" if self.is_share else "0 or more"

    def allows(self, value: float) -> bool:
        """Whether the value lies within the unit's bounds, both ends included. Infinity and NaN never do."""
        return 0 <= value <= 1 if self.is_share else 0 <= value < float("inf")


class Assumption(BaseModel):
    """A number we don't know, as an interval; low = central = high when it is certain.

    `central` is the median: a value below it is held as likely as one above. The true value is held to lie between
    `low` and `high`, both included, with the chance `coverage`, and beyond either end with equal chance.

    Attributes:
        name: how code and files call it, such as "leavers-support-under-25".
        label: how people call it.
        low: lower end, in `unit`; shares are fractions 0-1.
        central: median, in `unit`.
        high: upper end, in `unit`.
        unit: what it is counted in.
        source: who published it, or whose judgement it is.
        date: the period that the figure speaks of, as t4c_lib.periods writes it, or a calendar year; of a judgement,
            when it was made.
        interval: how low and high came about; empty only when the figure is certain.
        coverage: chance that the true value lies between low and high, more than 0 and less than 1.
        judgement: True where no source gives the central figure.
        note: what a reader should know before relying on it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    name: Key
    label: Text
    low: float
    central: float
    high: float
    unit: Annotated[Unit, Field(strict=False)]
    source: Text
    date: Text
    interval: str = ""
    coverage: Annotated[float, Field(gt=0, lt=1)] = 0.8
    judgement: bool = False
    note: str = ""

    @field_validator("date", mode="before")
    @classmethod
    def _accept_unquoted(cls, value: object) -> object:
        # YAML turns an unquoted 2024 into a number before we see it.
        return str(value) if isinstance(value, int) and not isinstance(value, bool) else value

    @field_validator("date")
    @classmethod
    def _check_date(cls, value: str) -> str:
        # Surveys and yearly averages speak of a calendar year, which is no period of plans and so not one of ours.
        if re.fullmatch(r"(19|20)\d{2}", value):
            return value
        return reading(lambda: str(parse_period(value)))

    @model_validator(mode="after")
    def _check_interval(self) -> Assumption:
        faults = [("value", sentence) for sentence in wrong_ends(self.low, self.central, self.high, self.unit)]
        if not self.is_certain and not self.interval:
            faults.append(("interval", "low and high differ, so 'interval' must say how they came about."))
        if faults:
            raise refused(" ".join(sentence for _, sentence in faults), faults)
        return self

    @property
    def is_certain(self) -> bool:
        """Whether it is a single number rather than an interval."""
        return self.low == self.high

    def with_values(self, **values: Any) -> Assumption:
        """A new assumption with some fields changed and everything checked again; this one stays as it is."""
        return Assumption.model_validate({**self.model_dump(), **values})


def wrong_ends(low: float, central: float, high: float, unit: Unit | None) -> list[str]:
    """What is wrong with three ends, each finding a sentence; empty when nothing is.

    They must lie within the unit's bounds (not judged where the unit is None) and in order, equal ends allowed.
    """
    found = []
    for end, value in (("low", low), ("central", central), ("high", high)):
        if unit is not None and not unit.allows(value):
            text = f"{end} is {value:g}, but the unit '{unit}' means {unit.describes}."
            looks_like_percent = unit.is_share and 1 < value <= 100
            found.append(f"{text} Did you mean {value / 100:g}?" if looks_like_percent else text)
    if not low <= central <= high:
        found.append(
            f"low {low:g}, central {central:g}, high {high:g} are not in order: "
            "low may not lie above central, nor central above high."
        )
    return found
