"""A plan file: what it says of the organisation and of the plan, read from YAML or from the same values elsewhere."""

from __future__ import annotations

from typing import Any

from t4c_lib.plan.fields import FilledText, OrganisationCode, Row
from t4c_lib.plan.model import Targets, Years
from t4c_lib.pydantic_words import make_model, read_model
from t4c_lib.yaml_text import read_yaml


class OrganisationBlock(Row):
    """What a plan file says of the organisation."""

    code: OrganisationCode
    name: FilledText


class PlanBlock(Row):
    """What a plan file says of the plan."""

    years: Years
    targets: Targets = ()


class PlanFile(Row):
    """A whole plan file."""

    organisation: OrganisationBlock
    plan: PlanBlock

    @property
    def fields(self) -> dict[str, Any]:
        """The fields of a Plan."""
        return {
            "organisation": self.organisation.code,
            "organisation_name": self.organisation.name,
            "years": self.plan.years,
            "targets": self.plan.targets,
        }


def read_plan(text: str, source: str) -> dict[str, Any]:
    """The fields of a Plan. Raises InputError with every problem, each with its line, in the order of the lines."""
    # An alias repeats what stands elsewhere, and would be lost when the plan is written again.
    document = read_yaml(text, source, needs=tuple(PlanFile.model_fields), aliases=False)
    return read_model(PlanFile, document).fields


def read_parameters(organisation: object, plan: object, source: str) -> dict[str, Any]:
    """The fields of a Plan from the two top-level values of a plan file. Raises InputError with every problem."""
    return make_model(PlanFile, {"organisation": organisation, "plan": plan}, source).fields
