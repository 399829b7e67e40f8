"""A target: the part of a measure's row that can be reckoned with, when nothing of it is missing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from pydantic import field_validator, model_validator

from t4c_lib.framework import catalogue
from t4c_lib.plan.fields import BaselineField, ChangeField, FilledText, MonthField, Row, Text
from t4c_lib.plan.measures import check_population, find, in_its_words, measure_key, misfits, obstacles, with_defaults
from t4c_lib.pydantic_words import reading, refused
from t4c_lib.quantities import Baseline, Reading


class Target(Row):
    """A measure that is to change: from a frozen baseline, by so much, by the end of a month.

    A target is always whole. New evidence never alters its baseline: that is what was agreed upon.

    Attributes:
        measure: key of a measure of the framework ("young-share"); its place there ("1m1") is understood. A target of a
            measure of the plan's own comes from its row only.
        population: of whom, in the framework's words ("support staff"); the measure's own if nothing is said, and empty
            where it counts no people.
        group: the group of people whose gap is to close, where closer is better.
        baseline: where the measure stood, with period and source; where closer is better, the gap.
        change: by how much, in a reading that the measure allows. The amount is kept to 12 significant digits.
        due: the month by whose last day it is to be reached.
    """

    measure: FilledText
    population: Text = ""
    group: Text = ""
    baseline: BaselineField
    change: ChangeField
    due: MonthField

    @field_validator("measure")
    @classmethod
    def _measure_is_known(cls, key: str) -> str:
        return reading(lambda: measure_key(key))

    @field_validator("population")
    @classmethod
    def _population_is_known(cls, name: str) -> str:
        return reading(lambda: check_population(name))

    @model_validator(mode="before")
    @classmethod
    def _silence_means_as_the_framework_has_it(cls, row: object) -> object:
        return with_defaults(row, find(row.get("measure", ""))) if isinstance(row, Mapping) else row

    @model_validator(mode="after")
    def _parts_fit_together(self) -> Self:
        measure = catalogue().measure(self.measure)
        faults = misfits(measure, self.baseline, self.change)
        faults = faults or obstacles(measure, self.baseline, self.change, self.due)
        if faults:
            raise refused(" ".join(message for _, message in faults), faults)
        return self

    @classmethod
    def _called(cls, fields: dict[str, Any]) -> str:
        return f"target {fields.get('measure', '')}".strip()

    @property
    def key(self) -> tuple[str, str, str]:
        """What makes it the target of one row of its plan: measure, population and group."""
        return self.measure, self.population, self.group

    def reading(self, now: Baseline | None = None) -> Reading:
        """Goal, heads and sentence, in the measure's own words; people are counted today where `now` is given."""
        return self.change.reading(in_its_words(self.baseline, self.measure, self.population), now)

    @property
    def goal(self) -> float:
        """The value to reach: a fraction for shares and rates."""
        return self.change.goal(self.baseline)
