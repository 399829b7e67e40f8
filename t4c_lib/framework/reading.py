"""YAML into nouns: duplicate keys refused, and every problem told at once with its place and line.

A sound file is read once and quickly. Only when something is wrong is the text gone through a second time, for the
lines on which things stand and for every duplicate key, not just the first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.constructor import DuplicateKeyError
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from t4c_lib.errors import InputError, Problem, closest

Place = tuple[str | int, ...]
ModelT = TypeVar("ModelT", bound=BaseModel)

# How a row is called in a message, by the list it stands in, and the field that names it best.
ROW_NAMES = {
    "strands": ("strand", "key"),
    "intentions": ("intention", "number"),
    "actions": ("action", "ref"),
    "measures": ("measure", "ref"),
    "timeline": ("timeline", "for"),
    "notes": ("note", "number"),
    "bodies": ("body", "key"),
    "signed_by": ("signatory", "postholder"),
    "series": ("series", "key"),
    "populations": ("population", "name"),
}


class Document:
    """A parsed file that knows where everything stands in it."""

    def __init__(self, text: str, source: str) -> None:
        """Parse `text`. Raises InputError when it is no YAML at all, or holds no mapping."""
        self.text, self.source = text, source
        self._root: Node | None = None
        self._duplicates: tuple[Problem, ...] = ()
        try:
            self.content: Any = _yaml().load(text)
        except DuplicateKeyError:
            self.content = _yaml(allow_duplicates=True).load(text)
            self._duplicates = tuple(self._find_duplicates(self._node(), ()))
        except YAMLError as error:
            raise InputError(source, [_unreadable(error)]) from None
        if not isinstance(self.content, Mapping):
            raise InputError(source, [Problem("", "This is not a list of named entries ('key: value').")])

    def read(self, model: type[ModelT], rows: Mapping[str, type[BaseModel]]) -> ModelT:
        """The content as `model`; `rows` names the model of each list, for hints about misspelt fields.

        Raises:
            InputError: with every duplicate key and every field that is missing, unknown or wrong.
        """
        try:
            whole = model.model_validate(self.content)
        except ValidationError as error:
            problems = [problem for detail in error.errors() for problem in self._translate(dict(detail), model, rows)]
            raise InputError(self.source, [*self._duplicates, *problems]) from None
        if self._duplicates:
            raise InputError(self.source, self._duplicates)
        return whole

    def problem(self, place: Place, message: str, hint: str = "") -> Problem:
        """A problem at that place of the content, told by names and line."""
        return Problem(self.name(place), message, hint)

    def name(self, place: Place) -> str:
        """A place in words: "intention 1, measure 1m4-turnover, 'kind' (line 131)"."""
        words, content = [], self.content
        for index, step in enumerate(place):
            if isinstance(step, int):
                content = content[step] if isinstance(content, Sequence) and step < len(content) else None
                words.append(_row_name(str(place[index - 1]), step, content))
            else:
                content = content.get(step) if isinstance(content, Mapping) else None
                if index + 1 == len(place) or not isinstance(place[index + 1], int):
                    words.append(f"'{step}'")
        return f"{', '.join(words) or 'the whole file'} (line {self._line(place)})"

    def _line(self, place: Place) -> int:
        node = self._node()
        for step in place:
            inner = _child(node, step)
            if inner is None:
                break
            node = inner
        return int(node.start_mark.line) + 1

    def _node(self) -> Node:
        if self._root is None:
            self._root = _yaml(allow_duplicates=True).compose(self.text)
        return self._root

    def _find_duplicates(self, node: Node, place: Place) -> Iterator[Problem]:
        if isinstance(node, SequenceNode):
            for index, item in enumerate(node.value):
                yield from self._find_duplicates(item, (*place, index))
        elif isinstance(node, MappingNode):
            first: dict[str, int] = {}
            for key, value in node.value:
                line = key.start_mark.line + 1
                if key.value in first:
                    message = f"'{key.value}' stands twice, on lines {first[key.value]} and {line}; once is allowed."
                    yield Problem(self.name(place), message, "Keep the one that is meant.")
                first.setdefault(key.value, line)
                yield from self._find_duplicates(value, (*place, key.value))

    def _translate(
        self, detail: dict[str, Any], model: type[BaseModel], rows: Mapping[str, type[BaseModel]]
    ) -> Iterator[Problem]:
        """One of pydantic's findings in a planner's words; a rule that found several things gives several problems."""
        place: Place = tuple(detail["loc"])
        found = f"'{detail['input']}'" if isinstance(detail["input"], str | int | float) else "something else"
        match detail["type"]:
            case "extra_forbidden":
                names = [step for step in place[:-1] if isinstance(step, str) and step in rows]
                known = _field_names(rows[names[-1]] if names else model)
                near = closest(str(place[-1]), known, most=1)
                message = f"'{place[-1]}' is not known here. Known are: {', '.join(known)}."
                yield self.problem(place, message, f"Did you mean '{near[0]}'?" if near else "")
            case "missing":
                yield self.problem(place[:-1], f"'{place[-1]}' is missing.")
            case "enum" | "literal_error":
                expected = detail["ctx"]["expected"]
                known = [name.strip("' ") for name in expected.replace(" or ", ", ").split(",")]
                near = closest(str(detail["input"]), known, most=1)
                hint = f"Did you mean '{near[0]}'?" if near else ""
                yield self.problem(place, f"{found} is not one of {', '.join(known)}.", hint)
            case "string_type":
                hint = (
                    f'Write "{detail["input"]}" in quotation marks.' if isinstance(detail["input"], int | float) else ""
                )
                yield self.problem(place, f"A text belongs here, not {found}.", hint)
            case "string_pattern_mismatch":
                yield self.problem(
                    place,
                    f"{found} has the wrong form.",
                    "Keys are small letters and digits with hyphens; refs are like 1a2 or 1m4.",
                )
            case "value_error":
                for sentence in str(detail["ctx"]["error"]).splitlines():
                    yield self.problem(place, sentence)
            case _:
                yield self.problem(place, f"{detail['msg']}; found: {found}.")


def _yaml(*, allow_duplicates: bool = False) -> YAML:
    yaml = YAML(typ="safe", pure=True)
    yaml.allow_duplicate_keys = allow_duplicates
    return yaml


def _unreadable(error: YAMLError) -> Problem:
    if isinstance(error, MarkedYAMLError) and error.problem_mark is not None:
        mark = error.problem_mark
        hint = "Look for a missing quotation mark or bracket, a colon inside a text, or a line indented differently."
        return Problem(f"line {mark.line + 1}, column {mark.column + 1}", f"This is not YAML: {error.problem}.", hint)
    return Problem("", f"This is not YAML: {error}.")


def _child(node: Node, step: str | int) -> Node | None:
    if isinstance(node, MappingNode):
        for key, value in node.value:
            if isinstance(key, ScalarNode) and key.value == str(step):
                return value  # type: ignore[no-any-return]
    if isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step]  # type: ignore[no-any-return]
    return None


def _row_name(of: str, index: int, row: object) -> str:
    noun, field = ROW_NAMES.get(of, (f"entry of '{of}'", "key"))
    if isinstance(row, Mapping) and row.get(field):
        part = f"-{row['part']}" if row.get("part") else ""
        return f"{noun} {row[field]}{part}"
    return f"{noun} number {index + 1}"


def _field_names(model: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]
