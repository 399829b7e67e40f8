"""The nouns of a local plan. They are frozen: a change makes a new object, and the old one stays what was agreed."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Any, Self

from pydantic import AfterValidator, field_validator, model_validator

from t4c_lib.errors import T4CError, UnknownNameError
from t4c_lib.periods import Month, parse_period
from t4c_lib.plan.digests import digest_of
from t4c_lib.plan.fields import (
    BaselineField,
    ChangeField,
    FilledText,
    MonthField,
    OrganisationCode,
    Row,
    Text,
    YearField,
)
from t4c_lib.plan.measures import check_population, measure_key, misfits, with_defaults
from t4c_lib.pydantic_words import make_model, reading, refused


class Side(StrEnum):
    """For whom somebody speaks in the partnership. `both` is for what the two sides settled in one room."""

    management = "management"
    staff = "staff"
    both = "both"


class Target(Row):
    """A measure that is to change: from a frozen baseline, by so much, by the end of a month.

    A target is always whole. New evidence never alters its baseline: that is what was agreed upon.

    Attributes:
        measure: key of a measure of the framework ("young-share"); its place there ("1m1") is understood.
        population: of whom, in the framework's words ("support staff"); the measure's own if nothing is said, and empty
            where it counts no people.
        baseline: where the measure stood, with period and source.
        change: by how much, in a reading that the measure allows. The amount is kept to 12 significant digits.
        due: the month by whose last day it is to be reached.
        note: for the partners themselves; not part of what is agreed.
    """

    measure: FilledText
    population: Text = ""
    baseline: BaselineField
    change: ChangeField
    due: MonthField
    note: Text = ""

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
        return with_defaults(row) if isinstance(row, Mapping) else row

    @model_validator(mode="after")
    def _parts_fit_together(self) -> Self:
        faults = misfits(self.measure, self.baseline, self.change.kind)
        measured = parse_period(self.baseline.period)
        if self.due.last_day <= measured.last_day:
            faults.append(
                ("due", f"{self.due.label} is not after the baseline, which was measured in {measured.label}.")
            )
        if not any(field in {"measure", "baseline", "change"} for field, _ in faults):
            try:
                self.change.goal(self.baseline)
            except T4CError as error:
                faults.append(("change", str(error)))
        if faults:
            raise refused(" ".join(message for _, message in faults), faults)
        return self

    @classmethod
    def of(cls, **fields: Any) -> Self:
        """Make one from what somebody filled in. Raises InputError with every problem, in words for people."""
        return make_model(cls, fields, f"target {fields.get('measure', '')}".strip())

    @property
    def key(self) -> tuple[str, str]:
        """What makes it this row of its plan and no other: measure and population."""
        return self.measure, self.population

    @property
    def goal(self) -> float:
        """The value to reach: a fraction for shares and rates."""
        return self.change.goal(self.baseline)

    @property
    def covered(self) -> dict[str, object]:
        """What the two sides agree on when they agree to this row: everything but the note."""
        baseline = self.baseline
        return {
            "measure": self.measure,
            "population": self.population,
            "baseline": {
                "value": baseline.value,
                "numerator": baseline.numerator,
                "denominator": baseline.denominator,
                "unit": baseline.unit,
                "counted": baseline.counted,
                "base": baseline.base,
                "period": baseline.period,
                "source": baseline.source,
            },
            "change": {"kind": self.change.kind, "amount": self.change.amount},
            "due": str(self.due),
        }

    @cached_property
    def digest(self) -> str:
        """SHA-256 of what is agreed. The same for the same content, however it was typed."""
        return digest_of("target 1", self.covered)


def _years_in_order(years: tuple[Any, ...]) -> tuple[Any, ...]:
    if not years:
        raise refused("a plan is for one financial year at least, such as [2026/27].")
    if list(years) != sorted(set(years)):
        raise refused(f"the years stand in order, each once; found {', '.join(map(str, years))}.")
    return years


def _each_row_once(targets: tuple[Target, ...]) -> tuple[Target, ...]:
    first: dict[tuple[str, str], int] = {}
    faults = []
    for place, target in enumerate(targets):
        if (earlier := first.setdefault(target.key, place)) != place:
            of_whom = f" of {target.population}" if target.population else ""
            faults.append(
                (place, f"target {earlier + 1} is for '{target.measure}'{of_whom} already; keep one of the two.")
            )
    if faults:
        raise refused(" ".join(message for _, message in faults), faults)
    return targets


Years = Annotated[tuple[YearField, ...], AfterValidator(_years_in_order)]
Targets = Annotated[tuple[Target, ...], AfterValidator(_each_row_once)]


class Plan(Row):
    """What one organisation's partners set out to do.

    Attributes:
        organisation: its code, as in the evidence.
        organisation_name: as it is to be printed.
        years: financial years the plan is for, in order.
        targets: one for each measure and population, in the order in which they are shown.
    """

    organisation: OrganisationCode
    organisation_name: FilledText
    years: Years
    targets: Targets = ()

    @classmethod
    def from_yaml(cls, text: str, source: str = "plan") -> Self:
        """Read a plan file: top-level keys `organisation` and `plan`.

        Raises:
            InputError: every problem at once, each with its line. Nothing is half read.
        """
        from t4c_lib.plan.file import read_plan

        return cls(**read_plan(text, source))

    @classmethod
    def from_parameters(cls, organisation: object, plan: object, source: str = "parameters") -> Self:
        """Make one from the two top-level values of a plan file, as papermill hands them to a notebook.

        Raises:
            InputError: every problem at once.
        """
        from t4c_lib.plan.file import read_parameters

        return cls(**read_parameters(organisation, plan, source))

    def parameters(self) -> dict[str, Any]:
        """The plan as plain values under `organisation` and `plan`: what a plan file holds."""
        from t4c_lib.plan.yaml_writing import plan_parameters

        return plan_parameters(self)

    def to_yaml(self, over: str | None = None) -> str:
        """The plan as the text of a plan file.

        Args:
            over: an earlier text of the same plan; its comments and its layout are kept where rows are still there.
        """
        from t4c_lib.plan.yaml_writing import write_plan

        return write_plan(self, over)

    def target(self, measure: str, population: str | None = None) -> Target:
        """The target of a measure; of this population, if one is named.

        Raises:
            UnknownNameError: naming the measures that have a target.
        """
        for target in self.targets:
            if target.measure == measure and population in (None, target.population):
                return target
        raise UnknownNameError("target in this plan", measure, [target.measure for target in self.targets])

    def with_target(self, target: Target) -> Self:
        """The plan with this row in the place of the one with the same measure and population, or at the end."""
        targets = {row.key: row for row in self.targets}
        return self._with(tuple({**targets, target.key: target}.values()))

    def without_target(self, measure: str, population: str | None = None) -> Self:
        """The plan without that row. Raises UnknownNameError if it isn't there."""
        gone = self.target(measure, population)
        return self._with(tuple(row for row in self.targets if row.key != gone.key))

    def _with(self, targets: tuple[Target, ...]) -> Self:
        return type(self)(
            organisation=self.organisation, organisation_name=self.organisation_name, years=self.years, targets=targets
        )

    def due_months(self) -> tuple[Month, ...]:
        """The months in which something is due, in order, each once."""
        return tuple(sorted({target.due for target in self.targets}))

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the whole document, notes and the order of rows included; comments are not content."""
        return digest_of(
            "plan 1",
            {
                "organisation": self.organisation,
                "organisation_name": self.organisation_name,
                "years": [str(year) for year in self.years],
                "targets": [{**target.covered, "note": target.note} for target in self.targets],
            },
        )
