"""The published JSON Schema of a plan file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from t4c_lib.plan import Plan

from .plan_making import plans
from .test_plan_laws import WIDE

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = json.loads((ROOT / "docs/reference/plan.schema.json").read_text(encoding="utf-8"))


@pytest.mark.law
@WIDE
@given(plan=plans())
def test_every_plan_that_can_be_written_agrees_with_the_schema(plan: Plan) -> None:
    assert list(Draft202012Validator(SCHEMA).iter_errors(plan.parameters())) == []


@pytest.mark.unit
@pytest.mark.parametrize("file", sorted((ROOT / "parameters" / "demo").glob("*.yaml")), ids=lambda file: file.stem)
def test_the_demonstration_plans_agree_with_the_schema(file: Path) -> None:
    plan = Plan.from_yaml(file.read_text(encoding="utf-8"), file.name)
    assert list(Draft202012Validator(SCHEMA).iter_errors(plan.parameters())) == []


@pytest.mark.unit
@pytest.mark.parametrize(
    "change",
    [
        {"yeers": ["2026/27"]},
        {"years": "2026/27"},
        {"measures": [{"population": "support staff"}]},
        {"measures": [{"measure": "young-share", "change": {"kind": "percent", "amount": 1}}]},
        {"measures": [{"measure": "young-share", "way": "stepped"}]},
        {"actions": [{"action": "sign-pledge", "state": "done"}]},
    ],
)
def test_the_schema_refuses_unknown_keys_missing_ones_and_wrong_words(change: dict[str, Any]) -> None:
    file = {"organisation": {"code": "X01", "name": "Example"}, "plan": {"years": ["2026/27"], **change}}
    assert not Draft202012Validator(SCHEMA).is_valid(file)


@pytest.mark.unit
def test_every_key_says_what_it_means() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    for definition in (SCHEMA, *SCHEMA["$defs"].values()):
        for name, described in definition.get("properties", {}).items():
            assert described.get("description"), name
    assert "young-share" in SCHEMA["$defs"]["MeasureRow"]["properties"]["measure"]["examples"]
