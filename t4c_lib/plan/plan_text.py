"""The text of a plan file: made of plain values, and brought to others with the comments and the layout kept.

YAML that reads back as the same plan, here and in papermill: ruamel.yaml follows YAML 1.2, papermill's reader YAML 1.1,
where `no` is false, `12:30` a number and 2e-05 a text. So numbers are written as plain decimals, and every text that is
not plainly one in both is put in quotes. ruamel.yaml also hangs a comment on the value before it: the lines above a row
belong to the last value of the row before, and would go with that value, or stay in front of what is put after it. Here
they are hung on the row below.
"""

import io
import re
import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.constructor import RoundTripConstructor
from ruamel.yaml.error import CommentMark
from ruamel.yaml.nodes import ScalarNode
from ruamel.yaml.representer import RoundTripRepresenter
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, FoldedScalarString, LiteralScalarString
from ruamel.yaml.tokens import CommentToken

from t4c_lib.plan.row_base import decimal_text
from t4c_lib.yaml_text import read_yaml

# Texts that are texts in every YAML: they begin with a letter and hold nothing that has a meaning in YAML.
PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9 ./()'_-]*[A-Za-z0-9.)]")
PERIOD = re.compile(r"\d{4}-\d{2}|\d{4}/\d{2}(-Q[1-4])?")  # a text in both versions; a day (2026-03-31) is not
NOT_PLAIN = {"true", "false", "yes", "no", "on", "off", "null", "nan", "inf"}
# By which fields a row of each list is known when its plan is written over an earlier text.
IDENTITY = {
    "actions": ("action",),
    "measures": ("measure", "population", "group"),
    "timelines": ("intention", "for"),
    "route": ("to",),
    "groups": ("group",),
    "evidence": ("what",),
    "checkpoints": ("due",),
}
LITERAL_LINE = re.compile(r"[^\x00-\x1f\x7f-\xa0\ud800-\udfff\u2028\u2029\ufeff]*")
IN_LINES = LiteralScalarString | FoldedScalarString
ROW_INDENT, COMMENT_WIDTH = " " * 4, 100
BEFORE, AFTER_VALUE, AFTER_ITEM, BELOW = 1, 2, 0, 3  # places in ruamel's list of the comments of a key or an item


class _Number(float):
    """A number that is written as its shortest plain decimal, or as it was read."""

    as_read = ""


class _Representer(RoundTripRepresenter):
    def number(self, value: _Number) -> ScalarNode:
        text = value.as_read or decimal_text(value)
        return self.represent_scalar(f"tag:yaml.org,2002:{'float' if value.as_read or '.' in text else 'int'}", text)


class _Constructor(RoundTripConstructor):
    def number(self, node: ScalarNode) -> float:
        read: float = self.construct_yaml_float(node)
        if node.anchor:
            return read
        number = _Number(read)  # ruamel.yaml would write no more digits than it thinks a number has
        number.as_read = node.value
        return number


_Representer.add_representer(_Number, _Representer.number)
_Constructor.add_constructor("tag:yaml.org,2002:float", _Constructor.number)


def written(content: Mapping[str, Any], words: Mapping[str, Sequence[tuple[str, str]]]) -> str:
    """The text of a new plan file of these plain values.

    The words are, for each list of rows, each row's place in the framework and the framework's words. They stand as
    comments above the rows: a key alone says little to a reader.
    """
    text = _node(content)
    for name, rows in words.items():
        for place, (reference, said) in enumerate(rows):
            if said:
                lines = textwrap.wrap(f"{reference}: {said}", COMMENT_WIDTH)
                _hang_above(text["plan"][name], place, [f"{ROW_INDENT}# {line}" for line in lines])
    return _dump(text)


def rewritten(text: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    """A plan file's text, read as `before`, brought to `after`; rows still there keep their comments and layout."""
    parsed, below = _loaded(text)
    if "targets" in parsed["plan"]:
        _rename(parsed["plan"], "targets", "measures")
    _apply(parsed, before, after)
    return _dump(parsed) + below


def rows_rewritten(text: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> str | None:
    """The same where only fields of rows changed, which most saves are: of their lines alone, and so at once.

    Whoever asks checks what the text reads back as; None where more changed, or the lines of a row can't be told.
    """
    rows = {of: (before["plan"].get(of, []), new) for of, new in after["plan"].items() if of in IDENTITY}
    is_same_but_rows = {**after, "plan": {**after["plan"], **{of: old for of, (old, _) in rows.items()}}} == before
    if not is_same_but_rows or any(_identities(of, old) != _identities(of, new) for of, (old, new) in rows.items()):
        return None
    lines, starts = text.splitlines(keepends=True), read_yaml(text, "the earlier text of the plan").lines
    changed = [(of, at) for of, (old, new) in rows.items() for at in range(len(new)) if old[at] != new[at]]
    for of, at in sorted(changed, key=lambda one: -starts.get(("plan", *one), 0)):
        place = ("plan", of, at)
        first = starts.get(place, 0) - 1
        if first < 0 or not lines[first].startswith(f"{ROW_INDENT}- "):
            return None
        further = (line - 1 for other, line in starts.items() if other[:3] != place and line - 1 > first)
        last = min(further, default=len(lines))
        while not lines[last - 1].partition("#")[0].strip():  # what stands above the next row is the next row's
            last -= 1
        head, (old, new) = f"plan:\n  {of}:\n", rows[of]
        alone = [{"plan": {of: [row]}} for row in (old[at], new[at])]
        lines[first:last] = rewritten(head + "".join(lines[first:last]), *alone).removeprefix(head)
    return "".join(lines)


def _loaded(text: str) -> tuple[Any, str]:
    """The parsed text, its comments hung where they were meant; and the lines that end it, which stay at its end."""
    settled = _yaml().load(text)
    below = "".join(_settle(settled))
    written = _dump(settled) + below
    if written == text:
        return settled, below
    as_it_was = _yaml().load(text)
    return (settled, below) if written == _dump(as_it_was) else (as_it_was, "")


def _yaml() -> Any:
    yaml = YAML()
    yaml.Representer, yaml.Constructor = _Representer, _Constructor
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
    is_clean = text == text.strip() and all(LITERAL_LINE.fullmatch(line) and line == line.rstrip() for line in lines)
    kind: type[str] = LiteralScalarString if is_clean and len(lines) > 1 else DoubleQuotedScalarString
    return kind(text)


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
            # After the nearest one that comes before it in a file and is there.
            there = list(node)
            after = next((there.index(one) + 1 for one in reversed(list(new)[:place]) if one in there), 0)
            node.insert(after, key, _node(value, key))


def _rows(of: str, nodes: CommentedSeq, old: list[Any], new: list[Any]) -> CommentedSeq:
    """The rows of a list, with nodes and comments where a row is still there; `old` stands in the text's order."""
    known = {_identity(of, row): place for place, row in enumerate(old)}
    still_there = set(_identities(of, new))
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
    rows.ca.comment = nodes.ca.comment
    if nodes.fa.flow_style():
        rows.fa.set_flow_style()
    for before, after in places.items():
        if before in nodes.ca.items:
            rows.ca.items[after] = nodes.ca.items[before]
    return rows


def _identity(of: str, row: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(row.get(name) for name in IDENTITY[of])


def _identities(of: str, rows: list[Any]) -> list[tuple[Any, ...]]:
    return [_identity(of, row) for row in rows]


def _settle(node: Any) -> list[str]:
    """Settle the comments inside, and take off and return the lines that stand below the last value."""
    keys: list[Any] = list(node) if isinstance(node, CommentedMap) else list(range(len(node)))
    if node.fa.flow_style():
        return []
    lines: list[str] = []
    for key in keys:
        if lines:
            _hang_above(node, key, lines)
        value = node[key]
        if isinstance(value, CommentedMap | CommentedSeq) and value and not value.fa.flow_style():
            _settle_opening(node, key, value)
            lines = _settle(value)
        else:
            lines = _take_off(node, key)
    return lines


def _settle_opening(node: Any, key: Any, value: Any) -> None:
    """Hang what stands above the first of a group or list on that first one, not on the group or list."""
    first = next(iter(value)) if isinstance(value, CommentedMap) else 0
    if lines := _take_off(node, key):
        _hang_above(value, first, lines)
    there = node.ca.items.get(key, [None] * 4)
    if there[BELOW]:
        tokens, there[BELOW] = there[BELOW], None
        value.ca.comment = None
        above = value.ca.items.setdefault(first, [None, None, None, None])
        above[BEFORE] = [*tokens, *(above[BEFORE] or [])]


def _take_off(node: Any, key: Any) -> list[str]:
    """The lines below a value, without the comment on its own line, which stays."""
    place = AFTER_VALUE if isinstance(node, CommentedMap) else AFTER_ITEM
    token = node.ca.items.get(key, [None] * 4)[place]
    if token is None or not isinstance(token.value, str):
        return []
    # Below a text in several lines (|) there are whole lines, the first without its indent.
    is_below = isinstance(node[key], IN_LINES)
    own, _, below = ("", "", " " * token.start_mark.column + token.value) if is_below else token.value.partition("\n")
    if not below:
        return []
    token.value = f"{own}\n"
    if not own:
        node.ca.items[key][place] = None
    return below.splitlines(keepends=True)


def _hang_above(node: Any, key: Any, lines: list[str]) -> None:
    """Put comment lines, indented as they are to stand, above a key or an item."""
    tokens = [CommentToken(f"{line.strip()}\n", CommentMark(len(line) - len(line.lstrip(" "))), None) for line in lines]
    there = node.ca.items.setdefault(key, [None, None, None, None])
    there[BEFORE] = [*tokens, *(there[BEFORE] or [])]
