"""Reads files of assumptions. A file is taken whole or refused whole, with every problem and its line.

assumptions:
  leavers-support-under-25:
    label: Leavers among support staff under 25
    value: {low: 0.20, central: 0.236, high: 0.27}     # a bare number means certain
    unit: per person a year
    source: who published it
    date: 2025-10
    interval: how low and high came about
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, cast

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from t4c_lib.errors import InputError, Problem, UnknownNameError, closest
from t4c_lib.parameters.assumption import Assumption, Unit, wrong_ends

NATIONAL = Path(__file__).resolve().parents[2] / "parameters" / "national.yaml"
TOP_LEVEL = "assumptions"
ENDS = ("low", "central", "high")
# What a person may write under a name: the three ends stand together under `value`, the name is the key itself.
KEYS = ("label", "value", "unit", "source", "date", "interval", "coverage", "judgement", "note")
VALUE_HINT = "Write {low: ..., central: ..., high: ...}, or a bare number for what is certain."

Place = tuple[str | int, ...]


@dataclass(frozen=True)
class Assumptions:
    """The assumptions of one file, by name, in the file's order."""

    source: str
    by_name: Mapping[str, Assumption]

    @classmethod
    def from_yaml(cls, text: str, source: str) -> Assumptions:
        """Read a file's text. Raises InputError, which carries every problem with its line, and `source` as file."""
        data, lines, problems = _parse(text, source)
        found: dict[str, Assumption] = {}
        for name, raw in _entries(data, lines, problems).items():
            assumption = _read_entry(name, raw, lines, problems)
            if assumption is not None:
                found[name] = assumption
        if problems:
            raise InputError(source, sorted(problems, key=_line_of))
        return cls(source, found)

    def get(self, name: str) -> Assumption:
        """The assumption of that name. Raises UnknownNameError, which names the closest ones."""
        if name not in self.by_name:
            raise UnknownNameError("assumption", name, self.by_name)
        return self.by_name[name]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self.by_name)

    def __iter__(self) -> Iterator[Assumption]:
        return iter(self.by_name.values())

    def __len__(self) -> int:
        return len(self.by_name)


def assumptions(path: Path | None = None) -> Assumptions:
    """The national assumptions, or those of another file laid out the same way.

    Raises InputError when the file cannot be read or any part of it is wrong.
    """
    return _national() if path is None else _read(path)


@cache
def _national() -> Assumptions:
    return _read(NATIONAL)


def _read(path: Path) -> Assumptions:
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise InputError(path.name, [Problem("", f"there is no such file in {path.parent}.")]) from None
    except UnicodeDecodeError as error:
        problem = Problem(f"byte {error.start}", "is not UTF-8 text.", "Save the file as UTF-8.")
        raise InputError(path.name, [problem]) from None
    except OSError as error:
        raise InputError(path.name, [Problem("", f"cannot be read: {error.strerror}.")]) from None
    return Assumptions.from_yaml(text, path.name)


def _parse(text: str, source: str) -> tuple[Any, dict[Place, int], list[Problem]]:
    """The data, the line on which each part of it stands, and the keys that stand twice."""
    lines: dict[Place, int] = {}
    problems: list[Problem] = []
    loader = YAML(typ="safe", pure=True)
    # ruamel would stop at the first key that stands twice; _walk finds them all, so that all are told at once.
    loader.allow_duplicate_keys = True
    try:
        root = YAML().compose(text)
        if root is not None:
            _walk(root, (), lines, problems)
        return loader.load(text), lines, problems
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f"line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        hint = "Look at the indentation, and put a text that holds ': ' or ' #' in quotes."
        raise InputError(source, [Problem(place, f"is not YAML: {error.problem or error.context}.", hint)]) from None
    except (YAMLError, ValueError) as error:
        raise InputError(source, [Problem("", f"is not YAML: {error}.")]) from None


def _walk(node: Node, place: Place, lines: dict[Place, int], problems: list[Problem]) -> None:
    if isinstance(node, MappingNode):
        for key, value in node.value:
            name = str(key.value) if isinstance(key, ScalarNode) else "?"
            here = (*place, name)
            line = key.start_mark.line + 1
            if here in lines:
                text = f"stands a second time; it is on line {lines[here]} already."
                problems.append(Problem(f"line {line}, {_dotted(here)}", text, "Keep one of the two."))
                continue
            lines[here] = line
            _walk(value, here, lines, problems)
    elif isinstance(node, SequenceNode):
        for index, item in enumerate(node.value):
            lines[(*place, index)] = item.start_mark.line + 1
            _walk(item, (*place, index), lines, problems)


def _entries(data: Any, lines: Mapping[Place, int], problems: list[Problem]) -> dict[str, Any]:
    if isinstance(data, dict):
        problems += [_unknown_key((str(key),), (TOP_LEVEL,), lines) for key in data if key != TOP_LEVEL]
    if not isinstance(data, dict) or not isinstance(data.get(TOP_LEVEL), dict):
        problems.append(Problem("", f"has no '{TOP_LEVEL}:' with names and figures under it."))
        return {}
    return {str(name): raw for name, raw in data[TOP_LEVEL].items()}


def _read_entry(name: str, raw: Any, lines: Mapping[Place, int], problems: list[Problem]) -> Assumption | None:
    place = (TOP_LEVEL, name)
    if not isinstance(raw, dict):
        hint = f"Write {', '.join(KEYS[:5])} under it: a number never travels without unit and source."
        problems.append(Problem(_where(place, lines), f"holds {raw!r} where a set of keys is wanted.", hint))
        return None
    before = len(problems)
    fields: dict[str, Any] = {"name": name}
    for key, value in raw.items():
        if key not in KEYS:
            problems.append(_unknown_key((*place, str(key)), KEYS, lines))
        elif key != "value":
            fields[str(key)] = value
    fields |= _ends(raw, place, lines, problems)
    if fields.get("judgement") is True:
        fields.setdefault("source", "judgement")
    try:
        assumption = Assumption.model_validate(fields)
    except ValidationError as error:
        items = error.errors()
        # The ends of a value that is wrong as a whole are missing too; that needs no second telling.
        untold = [item for item in items if item["type"] != "missing" or item["loc"][0] not in ENDS]
        problems += [_in_words(item, place, lines) for item in untold]
        # pydantic looks at the whole only when every part is right; the three ends can be judged before that.
        if all(item["type"] != "interval" for item in items):
            problems += [Problem(_where((*place, "value"), lines), text) for text in _judge_ends(fields)]
        return None
    return assumption if len(problems) == before else None


def _judge_ends(fields: Mapping[str, Any]) -> list[str]:
    ends = [fields.get(end) for end in ENDS]
    if not all(type(end) in (int, float) for end in ends):
        return []
    known = [unit for unit in Unit if unit == fields.get("unit")]
    low, central, high = cast("list[float]", ends)
    return wrong_ends(low, central, high, known[0] if known else None)


def _ends(raw: dict[Any, Any], place: Place, lines: Mapping[Place, int], problems: list[Problem]) -> dict[str, Any]:
    """The three ends from `value`: a mapping of them, or a bare number, which is certain."""
    here = (*place, "value")
    if "value" not in raw:
        problems.append(Problem(_where(place, lines), f"has no 'value'. {VALUE_HINT}"))
        return {}
    value = raw["value"]
    if isinstance(value, int | float) and not isinstance(value, bool):
        return dict.fromkeys(ENDS, value)
    if not isinstance(value, dict):
        problems.append(Problem(_where(here, lines), f"is {value!r}, which is not a number. {VALUE_HINT}"))
        return {}
    problems += [_unknown_key((*here, str(key)), ENDS, lines) for key in value if key not in ENDS]
    missing = [end for end in ENDS if end not in value]
    if missing:
        problems.append(Problem(_where(here, lines), f"lacks {' and '.join(missing)}. {VALUE_HINT}"))
    return {end: value[end] for end in ENDS if end in value}


def _in_words(item: Any, place: Place, lines: Mapping[Place, int]) -> Problem:
    """A pydantic finding as a sentence for a planner."""
    location = tuple(item["loc"])
    if location and location[0] in ENDS:
        location = ("value", *location)
    if location == ("name",):
        location = ()
        text = "is not a name: write small letters, digits and hyphens, such as leavers-support-under-25."
    elif item["type"] == "interval":
        location, text = ("value",), item["msg"]
    elif item["type"] == "period":
        text = item["msg"]
    elif item["type"] == "missing":
        return Problem(_where(place, lines), f"has no '{location[0]}'.")
    elif item["type"] == "enum":
        text = f"is {item['input']!r}, which is not a unit. Allowed: {item['ctx']['expected']}."
        near = closest(str(item["input"]), [part.strip("' ") for part in item["ctx"]["expected"].split(",")], most=1)
        text += f" Did you mean '{near[0]}'?" if near else ""
    elif item["type"] == "string_too_short":
        text = "is empty."
    else:
        text = f"is {item['input']!r}: {item['msg'].lower()}."
    return Problem(_where((*place, *location), lines), text)


def _unknown_key(place: Place, known: tuple[str, ...], lines: Mapping[Place, int]) -> Problem:
    near = closest(str(place[-1]), known, most=1)
    hint = f"Did you mean '{near[0]}'?" if near else ""
    return Problem(_where(place, lines), f"is not a key that is known here. Allowed: {', '.join(known)}.", hint)


def _where(place: Place, lines: Mapping[Place, int]) -> str:
    """Such as "line 12, weeks-to-hire.value"; the nearest part that stands in the file gives the line."""
    for length in range(len(place), 0, -1):
        if place[:length] in lines:
            return f"line {lines[place[:length]]}, {_dotted(place)}"
    return _dotted(place)


def _line_of(problem: Problem) -> int:
    match = re.match(r"line (\d+)", problem.place)
    return int(match[1]) if match else 0


def _dotted(place: Place) -> str:
    return ".".join(str(part) for part in (place[1:] if place[0] == TOP_LEVEL and len(place) > 1 else place))
