"""The JSON Schema of a plan file, made from the models that read one, for editors that check a file as it is typed."""

from __future__ import annotations

import inspect
import json
import re
from typing import Any

from pydantic import BaseModel

from t4c_lib.framework import catalogue
from t4c_lib.plan.action_rows import ActionRow, PaperStop, TimelineRow
from t4c_lib.plan.measure_rows import MeasureRow
from t4c_lib.plan.measure_validation import LocalMeasure
from t4c_lib.plan.plan import EqualityAssessment, GroupEffect, OrganisationBlock, PlanBlock, PlanFile
from t4c_lib.plan.row_fields import BaselineRow, ChangeRow, Checkpoint, Comparison, Evidence, Review

DIALECT = "https://json-schema.org/draft/2020-12/schema"
MODELS: tuple[type[BaseModel], ...] = (
    *(PlanFile, OrganisationBlock, PlanBlock, ActionRow, MeasureRow, LocalMeasure, BaselineRow, ChangeRow),
    *(Checkpoint, Comparison, Evidence, Review, TimelineRow, PaperStop, EqualityAssessment, GroupEffect),
)


def plan_schema() -> dict[str, Any]:
    """The schema (JSON Schema, draft 2020-12) of a plan file read as JSON, or as YAML.

    It says which keys there are, what they mean and what kind of value each takes. What holds between values (a change
    that suits its measure, a date after its baseline) is for the plan's own reader and check.
    """
    schema = PlanFile.model_json_schema()
    definitions = schema.pop("$defs")
    for model in MODELS:
        described = schema if model is PlanFile else definitions[model.__name__]
        _describe(described, model)
    definitions["ActionRow"]["properties"]["action"]["examples"] = [one.key for one in catalogue().actions]
    definitions["MeasureRow"]["properties"]["measure"]["examples"] = [one.key for one in catalogue().measures]
    return {"$schema": DIALECT, **schema, "title": "Plan file", "$defs": definitions}


def plan_schema_page() -> str:
    """The schema as the text of a file."""
    return json.dumps(plan_schema(), indent=2, ensure_ascii=False)


def _describe(schema: dict[str, Any], model: type[BaseModel]) -> None:
    """Say what each key means, in the words of the model's own documentation."""
    meanings = {
        name: words
        for base in reversed(model.__mro__)
        if issubclass(base, BaseModel)
        for name, words in _attributes(base).items()
    }
    schema["description"] = (inspect.getdoc(model) or "").split("\n")[0]
    for name, field in model.model_fields.items():
        described = schema["properties"][field.alias or name]
        described.pop("title", None)
        described["description"] = meanings[name]


def _attributes(model: type) -> dict[str, str]:
    """What stands beside each field of a class, or above it, behind `#:`."""
    found: dict[str, str] = {}
    above: list[str] = []
    for line in inspect.getsource(model).splitlines():
        words = line.partition("#: ")[2].strip()
        if line.strip().startswith("#: "):
            above.append(words)
            continue
        if (match := re.match(r"    (\w+): ", line)) and (words or above):
            found[match[1]] = f"{(words or ' '.join(above)).rstrip('.')}."
        above = []
    return found
