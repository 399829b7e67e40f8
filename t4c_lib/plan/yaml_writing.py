"""Writes a plan as YAML that reads back as the same plan, here and in papermill, and keeps the comments of a text.

ruamel.yaml follows YAML 1.2, papermill's reader YAML 1.1, where `no` is false, `12:30` a number and 2e-05 a text. So
numbers are written as plain decimals, and every text that is not plainly one in both is put in quotes.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.nodes import ScalarNode
from ruamel.yaml.representer import RoundTripRepresenter
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, LiteralScalarString

from t4c_lib.plan.digests import decimal_text
from t4c_lib.plan.measures import baseline_words
from t4c_lib.plan.model import Plan, Target

# Texts that are texts in every YAML: they begin with a letter and hold nothing that has a meaning in YAML.
PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9 ./()'_-]*[A-Za-z0-9.)]")
PERIOD = re.compile(r"\d{4}-\d{2}|\d{4}/\d{2}(-Q[1-4])?")  # a text in both versions; a day (2026-03-31) is not
NOT_PLAIN = {"true", "false", "yes", "no", "on", "off", "null", "nan", "inf"}
LITERAL_LINE = re.compile(r"[^\x00-\x1f\x7f-\xa0\ud800-\udfff\u2028\u2029\ufeff]*")
SHORT_TEXT = 60


class _Number(float):
    """A number that is written as its shortest plain decimal."""


class _Representer(RoundTripRepresenter):
    def number(self, value: _Number) -> ScalarNode:
        text = decimal_text(value)
        return self.represent_scalar(f"tag:yaml.org,2002:{'float' if '.' in text else 'int'}", text)


_Representer.add_representer(_Number, _Representer.number)


def plan_parameters(plan: Plan) -> dict[str, Any]:
    """The plan as plain values: texts, numbers, lists and mappings."""
    return {
        "organisation": {"code": plan.organisation, "name": plan.organisation_name},
        "plan": {
            "years": [str(year) for year in plan.years],
            "targets": [_target(target) for target in plan.targets],
        },
    }


def _target(target: Target) -> dict[str, Any]:
    # Only what says something is written: an empty note and words that the measure implies are left out.
    row: dict[str, Any] = {"measure": target.measure}
    if target.population:
        row["population"] = target.population
    row["baseline"] = _baseline(target)
    row["change"] = {"kind": str(target.change.kind), "amount": _plain(target.change.amount)}
    row["due"] = str(target.due)
    if target.note:
        row["note"] = target.note
    return row


def _baseline(target: Target) -> dict[str, Any]:
    baseline, silent = target.baseline, baseline_words(target.measure)
    row: dict[str, Any] = {"value": _plain(baseline.value)}
    for name in ("numerator", "denominator"):
        if (number := getattr(baseline, name)) is not None:
            row[name] = _plain(number)
    for name, word in silent.items():
        if (said := str(getattr(baseline, name))) != word:
            row[name] = said
    return {**row, "period": baseline.period, "source": baseline.source}


def _plain(number: float) -> float:
    return int(number) if float(number).is_integer() and abs(number) < 2**53 else float(number)


def write_plan(plan: Plan, over: str | None = None) -> str:
    """The text of a plan file; with the comments and the layout of `over` where its rows are still there."""
    if over is None:
        return _dump(_node(plan_parameters(plan)))
    before = Plan.from_yaml(over, "the earlier text of the plan")
    if before == plan:
        return over
    merged = _yaml().load(over)
    _update(merged, before, plan)
    text = _dump(merged)
    # Comments are worth keeping, but never at the price of the content.
    same = Plan.from_yaml(text, "the merged plan") == plan
    return text if same else _dump(_node(plan_parameters(plan)))


def _yaml() -> Any:
    yaml = YAML()
    yaml.Representer = _Representer
    yaml.width = 10_000
    yaml.preserve_quotes = True
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


def _dump(content: object) -> str:
    stream = io.StringIO()
    _yaml().dump(content, stream)
    return stream.getvalue()


def _node(value: Any, name: str = "") -> Any:
    if isinstance(value, CommentedMap):
        return value
    if isinstance(value, Mapping):
        group = CommentedMap((key, _node(part, key)) for key, part in value.items())
        if name == "change":
            group.fa.set_flow_style()
        return group
    if isinstance(value, list):
        items = CommentedSeq(_node(part) for part in value)
        if all(isinstance(part, str) for part in value):
            items.fa.set_flow_style()
        return items
    return _Number(value) if isinstance(value, int | float) else _text(value)


def _text(text: str) -> str:
    if PERIOD.fullmatch(text) or (PLAIN.fullmatch(text) and text.lower() not in NOT_PLAIN):
        return text
    lines = text.split("\n")
    if (
        len(lines) > 1
        and text == text.strip()
        and all(LITERAL_LINE.fullmatch(line) and line == line.rstrip() for line in lines)
    ):
        literal: str = LiteralScalarString(text)
        return literal
    quoted: str = DoubleQuotedScalarString(text)
    return quoted


def _update(text: Any, before: Plan, after: Plan) -> None:
    """Bring the parsed text of one plan to another's content, touching only what differs between the two."""
    old, new = plan_parameters(before), plan_parameters(after)
    old_rows, new_rows = old["plan"].pop("targets"), new["plan"].pop("targets")
    _apply(text, old, new)
    if old_rows == new_rows:
        return
    # The rows of the text stand in the order of the plan that was read from it, however they are written.
    nodes = {target.key: (node, row) for target, node, row in zip(before.targets, _rows(text), old_rows, strict=True)}
    rows = []
    for target, content in zip(after.targets, new_rows, strict=True):
        node, row = nodes.get(target.key, (None, {}))
        if node is None:
            node = _node(content)
        else:
            _apply(node, row, content)
        rows.append(node)
    if old_rows and rows:
        _rows(text)[:] = rows
    else:
        text["plan"]["targets"] = _node(rows)


def _rows(text: Any) -> Any:
    return text["plan"].get("targets", ())


def _apply(node: Any, old: Mapping[str, Any], new: Mapping[str, Any]) -> None:
    for key in old:
        if key not in new:
            node.pop(key, None)
    for key, value in new.items():
        inner, before = node.get(key), old.get(key)
        if value == before:
            continue
        if isinstance(inner, CommentedMap) and isinstance(value, Mapping) and isinstance(before, Mapping):
            _apply(inner, before, value)
        else:
            node[key] = _node(value, key)
