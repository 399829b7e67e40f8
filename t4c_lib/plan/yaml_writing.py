"""Writes a plan as YAML that reads back as the same plan, here and in papermill, and keeps the comments of a text.

ruamel.yaml follows YAML 1.2, papermill's reader YAML 1.1, where `no` is false, `12:30` a number and 2e-05 a text. So
numbers are written as plain decimals, and every text that is not plainly one in both is put in quotes.
"""

from __future__ import annotations

import io
import re
import textwrap
from collections.abc import Mapping
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.nodes import ScalarNode
from ruamel.yaml.representer import RoundTripRepresenter
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, LiteralScalarString

from t4c_lib.plan.digests import decimal_text
from t4c_lib.plan.model import Plan
from t4c_lib.plan.yaml_comments import carry_over, hang_above, settle

# Texts that are texts in every YAML: they begin with a letter and hold nothing that has a meaning in YAML.
PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9 ./()'_-]*[A-Za-z0-9.)]")
PERIOD = re.compile(r"\d{4}-\d{2}|\d{4}/\d{2}(-Q[1-4])?")  # a text in both versions; a day (2026-03-31) is not
NOT_PLAIN = {"true", "false", "yes", "no", "on", "off", "null", "nan", "inf"}
# By which fields a row of each list is known when its plan is written over an earlier text.
IDENTITY = {
    "actions": ("action",),
    "measures": ("measure", "population", "group"),
    "timelines": ("intention", "for"),
    "groups": ("group",),
    "evidence": ("what",),
    "checkpoints": ("due",),
}
LITERAL_LINE = re.compile(r"[^\x00-\x1f\x7f-\xa0\ud800-\udfff\u2028\u2029\ufeff]*")
ROW_INDENT, COMMENT_WIDTH = " " * 4, 100


class _Number(float):
    """A number that is written as its shortest plain decimal."""


class _Representer(RoundTripRepresenter):
    def number(self, value: _Number) -> ScalarNode:
        text = decimal_text(value)
        return self.represent_scalar(f"tag:yaml.org,2002:{'float' if '.' in text else 'int'}", text)


_Representer.add_representer(_Number, _Representer.number)


def write_plan(plan: Plan, over: str | None = None) -> str:
    """The text of a plan file; with the comments and the layout of `over` where its rows are still there.

    Without `over` the framework's words stand as comments above the rows.
    """
    if over is None:
        return _fresh(plan)
    before = Plan.from_yaml(over, "the earlier text of the plan")
    if before == plan:
        return over
    merged = _loaded(over)
    _update(merged, before, plan)
    text = _dump(merged)
    # Comments are worth keeping, but never at the price of the content.
    same = Plan.from_yaml(text, "the merged plan") == plan
    return text if same else _fresh(plan)


def _fresh(plan: Plan) -> str:
    """A text of its own, with the framework's words above each of its rows: a key alone says little to a reader."""
    content = _node(plan.parameters())
    words = {
        "actions": [(one.reference, one.suggested_words) for one in plan.actions],
        "measures": [(one.reference, one.suggested_words) for one in plan.measures],
    }
    for name, rows in words.items():
        for place, (reference, text) in enumerate(rows):
            if text:
                lines = textwrap.wrap(f"{reference}: {text}", COMMENT_WIDTH)
                hang_above(content["plan"][name], place, [f"{ROW_INDENT}# {line}" for line in lines])
    return _dump(content)


def _loaded(text: str) -> Any:
    """The parsed text, its comments hung where they were meant."""
    settled = _yaml().load(text)
    settle(settled)
    written = _dump(settled)
    if written == text:
        return settled
    as_it_was = _yaml().load(text)
    return settled if written == _dump(as_it_was) else as_it_was


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
        if name in {"change", "comparison", "review"}:
            group.fa.set_flow_style()
        return group
    if isinstance(value, list):
        items = CommentedSeq(_node(part) for part in value)
        if all(isinstance(part, str) for part in value):
            items.fa.set_flow_style()
        return items
    if isinstance(value, bool):
        return value
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
    if "targets" in text["plan"]:
        _rename(text["plan"], "targets", "measures")
    _apply(text, before.parameters(), after.parameters())


def _rename(group: CommentedMap, old: str, new: str) -> None:
    if new in group:  # an empty list beside the one with the rows
        group.pop(new)
    place, comment = list(group).index(old), group.ca.items.pop(old, None)
    group.insert(place, new, group.pop(old))
    if comment is not None:
        group.ca.items[new] = comment


def _apply(node: Any, old: Mapping[str, Any], new: Mapping[str, Any]) -> None:
    for key in old:
        if key not in new:
            node.pop(key, None)
    for place, (key, value) in enumerate(new.items()):
        inner, before = node.get(key), old.get(key)
        if value == before:
            continue
        if isinstance(inner, CommentedMap) and isinstance(value, Mapping) and isinstance(before, Mapping):
            _apply(inner, before, value)
        elif key in IDENTITY and isinstance(inner, CommentedSeq) and inner and value and isinstance(before, list):
            node[key] = _rows(key, inner, before, value)
        elif key in node:
            node[key] = _node(value, key)
        else:
            node.insert(_place_among(node, list(new), place), key, _node(value, key))


def _place_among(node: CommentedMap, keys: list[str], place: int) -> int:
    """Where a new key goes: after the nearest one that comes before it in a file and is there."""
    there = list(node)
    return next((there.index(key) + 1 for key in reversed(keys[:place]) if key in there), 0)


def _rows(of: str, nodes: CommentedSeq, old: list[Any], new: list[Any]) -> CommentedSeq:
    """The rows of a list, with the nodes and comments of the text where a row is still there.

    The rows of the text stand in the order of the plan that was read from it, however they are written.
    """
    known = {_identity(of, row): place for place, row in enumerate(old)}
    still_there = {_identity(of, row) for row in new}
    rows, places = CommentedSeq(), {}
    for content in new:
        place = known.pop(_identity(of, content), None)
        if place is None and of == "measures":  # where its group was chosen the row is the same
            gone = [one for one in known if one[0] == content["measure"] and one not in still_there]
            place = known.pop(gone[0]) if gone else None
        if place is None:
            rows.append(_node(content))
        else:
            _apply(nodes[place], old[place], content)
            places[place] = len(rows)
            rows.append(nodes[place])
    carry_over(rows, nodes, places)
    return rows


def _identity(of: str, row: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(row.get(name) for name in IDENTITY[of])
