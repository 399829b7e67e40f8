"""Reads the YAML of a plan: duplicate keys refused, every problem with its line, all of them at once."""

from __future__ import annotations

import re
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.constructor import SafeConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from t4c_lib.errors import InputError, Problem
from t4c_lib.plan.problems import Place, name_place, read_file


class _DatesAsTexts(SafeConstructor):
    """Leaves a date the text it is: whether there is such a day, and whether a day is meant, is for the plan to say."""


_DatesAsTexts.add_constructor("tag:yaml.org,2002:timestamp", SafeConstructor.construct_yaml_str)


def read_plan(text: str, source: str) -> dict[str, Any]:
    """The fields of a Plan. Raises InputError with every problem, each with its line, in the order of the lines."""
    content, lines, problems = read_yaml(text, source)
    try:
        fields = read_file(content, source, lambda place: _with_line(place, lines))
    except InputError as error:
        problems = [*problems, *error.problems]
    if problems:
        raise InputError(source, sorted(problems, key=_line_number))
    return fields


def read_yaml(text: str, source: str) -> tuple[object, dict[Place, int], list[Problem]]:
    """What a YAML text holds, the line (from 1) of each of its places, and what we refuse although YAML allows it.

    Of keys that stand twice the first counts, so that the rest of the file can still be checked.

    Raises:
        InputError: an empty file, or one that is not YAML (with the line): there is nothing to go on with.
    """
    yaml = YAML(typ="safe", pure=True)
    yaml.Constructor = _DatesAsTexts
    yaml.allow_duplicate_keys = True  # we find them ourselves, all of them
    lines: dict[Place, int] = {}
    problems: list[Problem] = []
    try:
        root = yaml.compose(text)
        if root is None:
            raise InputError(source, [Problem("", "the file is empty. It needs the keys organisation and plan.")])
        _walk(root, (), lines, problems, set())
        return yaml.constructor.construct_document(root), lines, problems
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f"line {mark.line + 1}, character {mark.column + 1}" if mark else ""
        problem = Problem(place, f"this is not YAML: {error.problem}.", _slip(text, mark))
    except RecursionError:
        problem = Problem("", "lists or groups are nested far too deep; a plan has five levels.")
    except (YAMLError, ValueError) as error:
        problem = Problem("", f"this is not YAML: {str(error).splitlines()[0]}.")
    raise InputError(source, [*problems, problem])


def _line_number(problem: Problem) -> int:
    match = re.match(r"line (\d+)", problem.place)
    return int(match[1]) if match else 0


def _walk(node: Node, place: Place, lines: dict[Place, int], problems: list[Problem], seen: set[int]) -> None:
    lines.setdefault(place, node.start_mark.line + 1)
    if id(node) in seen or node.anchor:
        # An alias repeats what stands elsewhere, and would be lost when the plan is written again.
        problems.append(
            Problem(_with_line(place, lines), "anchors and aliases (& and *) have no place in a plan; write it out.")
        )
        return
    seen.add(id(node))
    if isinstance(node, SequenceNode):
        for index, item in enumerate(node.value):
            _walk(item, (*place, index), lines, problems, seen)
    elif isinstance(node, MappingNode):
        _walk_mapping(node, place, lines, problems, seen)


def _walk_mapping(
    node: MappingNode, place: Place, lines: dict[Place, int], problems: list[Problem], seen: set[int]
) -> None:
    first: dict[str, int] = {}
    for key, value in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, ScalarNode):
            problems.append(Problem(f"line {line}", "a key is a word, not a list or a group."))
            continue
        step = (*place, key.value)
        if key.value in first:
            where = f"line {line} ({name_place(step)})"
            problems.append(
                Problem(where, f"'{key.value}' stands here a second time; the first is in line {first[key.value]}.")
            )
            continue
        first[key.value] = line
        lines[step] = line
        _walk(value, step, lines, problems, seen)


def _with_line(place: Place, lines: dict[Place, int]) -> str:
    known = place
    while known and known not in lines:
        known = known[:-1]
    line = f"line {lines.get(known, 1)}"
    return f"{line} ({name_place(place)})" if place else line


def _slip(text: str, mark: Any) -> str:
    line = text.splitlines()[mark.line] if mark and mark.line < len(text.splitlines()) else ""
    if "\t" in line:
        return "There is a tab in this line; indent with blanks."
    if line.count(": ") > 1:
        return "A text with a colon in it must stand in quotes."
    return ""
