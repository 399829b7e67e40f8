"""A plan file: what it says of the organisation and of the plan, read from YAML or from the same values elsewhere."""

from __future__ import annotations

from typing import Any, Self

from pydantic import model_validator

from t4c_lib.plan.actions import Actions
from t4c_lib.plan.equality import EqualityAssessment
from t4c_lib.plan.fields import FilledText, OrganisationCode, Row
from t4c_lib.plan.measure_rows import Measures
from t4c_lib.plan.model import Years
from t4c_lib.plan.timelines import Timelines
from t4c_lib.pydantic_words import make_model, read_model, refused
from t4c_lib.yaml_text import RowName, read_yaml

# How messages call the rows of each list.
ROW_NAMES = {
    "actions": RowName("action", ("action",)),
    "measures": RowName("measure", ("measure",)),
    "targets": RowName("target", ("measure",)),
    "groups": RowName("group", ("group",)),
}


class OrganisationBlock(Row):
    """What a plan file says of the organisation.

    Attributes:
        code: as in the evidence.
        name: as it is to be printed.
    """

    code: OrganisationCode
    name: FilledText


class PlanBlock(Row):
    """What a plan file says of the plan.

    Attributes:
        years: financial years the plan is for, in order: [2026/27, 2027/28].
        actions: what is to be done.
        measures: what is measured, each with its X once that is set.
        targets: the name that `measures` had in the first plan files; either of the two is read.
        timelines: the framework's dates, carried to the plan's years.
        equality: the equality impact assessment.
    """

    years: Years
    actions: Actions = ()
    measures: Measures = ()
    targets: Measures = ()
    timelines: Timelines = ()
    equality: EqualityAssessment | None = None

    @model_validator(mode="after")
    def _measures_have_one_name(self) -> Self:
        if self.measures and self.targets:
            words = "'targets' is the old name of 'measures', which is here as well. Put its rows there."
            raise refused(words, [("targets", words)])
        return self


class PlanFile(Row):
    """A whole plan file.

    Attributes:
        organisation: whose plan.
        plan: the plan.
    """

    organisation: OrganisationBlock
    plan: PlanBlock

    @property
    def fields(self) -> dict[str, Any]:
        """The fields of a Plan."""
        plan = self.plan
        return {
            "organisation": self.organisation.code,
            "organisation_name": self.organisation.name,
            "years": plan.years,
            "actions": plan.actions,
            "measures": plan.measures or plan.targets,
            "timelines": plan.timelines,
            "equality": plan.equality,
        }


def read_plan(text: str, source: str) -> dict[str, Any]:
    """The fields of a Plan. Raises InputError with every problem, each with its line, in the order of the lines."""
    # An alias repeats what stands elsewhere, and would be lost when the plan is written again.
    document = read_yaml(text, source, needs=tuple(PlanFile.model_fields), aliases=False, rows=ROW_NAMES)
    return read_model(PlanFile, document).fields


def read_parameters(organisation: object, plan: object, source: str) -> dict[str, Any]:
    """The fields of a Plan from the two top-level values of a plan file. Raises InputError with every problem."""
    return make_model(PlanFile, {"organisation": organisation, "plan": plan}, source).fields
