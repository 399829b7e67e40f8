"""YAML texts as plain values, with the line on which everything stands.

Every YAML file that people write is read here, so that the same slip gets the same answer everywhere. We are stricter
than YAML: a key stands once, is a word and stays a text (`no`, `2026`); a date stays the text it is, because whether
there is such a day is for the reader of the field to say; `<<` is a key like any other.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from io import StringIO
from typing import Any, ClassVar, NamedTuple

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import ScalarNode
from ruamel.yaml.reader import ReaderError
from ruamel.yaml.resolver import implicit_resolvers
from yaml import YAMLError as QuickError  # type: ignore[import-untyped]
from yaml.composer import Composer  # type: ignore[import-untyped]
from yaml.cyaml import CParser  # type: ignore[import-untyped]
from yaml.resolver import BaseResolver  # type: ignore[import-untyped]

from t4c_lib.errors import InputError, Problem
from t4c_lib.typed_text import listed

Place = tuple[str | int, ...]  # the keys and the list positions (from 0) on the way to a value

MOST_LEVELS = 50
TOO_DEEP = f"lists or groups are nested far too deep; {MOST_LEVELS} levels are the most."
NO_ALIASES = "anchors and aliases (& and *) can't be used in this file."
TAG = "tag:yaml.org,2002:"
TEXTS = {"str", "timestamp"}  # a date stays a text
VALUES = {"int": "number", "float": "number", "bool": "true or false", "null": "empty value"}
LONGEST_QUOTED = 60
LOOK_HERE = "Look here and in the line above for a colon without a blank after it, or a line indented differently."

# Where the quick parser takes what we refuse, or counts lines otherwise; and where it doesn't tell what had a name (&).
NOT_QUICK = re.compile(
    r"(?m)^\s*%|^(?:---|\.\.\.)|(?:^|[\s\[{,:-])(?:[&*](?![\w-]+(?:[\s,\]}]|$))\S|!)|[|>]#|[\"']:\s*[\]},]"
    r"|[\t\r\x85\u2028\u2029\ufeff]"
)
NAMED = re.compile(r"(?m)(?:^|[\s\[{,:-])[&*]\S")

# What ruamel.yaml says, and the slip that is likely behind it.
SLIPS = (
    (r"found another document", "A file holds one document: take out the line '---'."),
    (r"found character '(.)' that cannot start", r"A text that begins with \1 must stand in quotes."),
    (r"found undefined alias", "A text that begins with * must stand in quotes."),
    (r"but found '<scalar>'", "There is a quotation mark too many or too few, in this line or above."),
)


class RowName(NamedTuple):
    """How the rows of a list are called: a noun, and the fields whose values tell one row from another."""

    noun: str
    fields: tuple[str, ...]


@dataclass(frozen=True)
class YamlText:
    """A YAML text that was read."""

    source: str  #: how messages call the file
    content: object  #: texts, numbers, true, false, None, lists, and dicts whose keys are texts
    #: the line, from 1, of each place: of a key or, in a list, of the item. What an alias repeats has none.
    lines: Mapping[Place, int]
    #: what was found although it is YAML, in the order of the lines. Of a key that stands twice the first is in the
    #: content, so that the rest can still be checked.
    problems: tuple[Problem, ...] = ()
    rows: Mapping[str, RowName] = field(default_factory=dict)  #: names for the rows of lists, by the key of the list

    def where(self, place: Place) -> str:
        """A place as messages have it: "line 12 (plan, target 2, due)"; what isn't there has the line of its group."""
        known = place
        while known and known not in self.lines:
            known = known[:-1]
        return _with_line(self.lines.get(known, 1), name_place(place, self.content, self.rows))

    def problem(self, place: Place, message: str, hint: str = "") -> Problem:
        return Problem(self.where(place), message, hint)

    def refuse(self, more: Iterable[Problem] = ()) -> None:
        """Raise InputError with our problems and these, in the order of the lines, if there are any at all."""
        if problems := [*self.problems, *more]:
            raise InputError(self.source, by_line(problems))


def read_yaml(
    text: str,
    source: str,
    *,
    needs: Sequence[str] = (),
    aliases: bool = True,
    rows: Mapping[str, RowName] | None = None,
) -> YamlText:
    """Read a YAML text whole; messages call the file by its `source`.

    Raises InputError: an empty text, or one that is not YAML, with the line and the likely slip: there is nothing to go
    on with. Everything else that is wrong is in the `problems` of what is returned.

    `needs`: the keys at its top, named if the file is empty. `aliases`: whether a value may be given a name (&) and
    repeated by it (*); if not, each of these is a problem. `rows`: names for the rows of lists, by the key of the list.
    """
    yaml = YAML(typ="safe", pure=True)
    try:
        yaml.composer.warn_double_anchors = False
        root = (_quick_nodes(text) if aliases or not NAMED.search(text) else None) or yaml.compose(text)
        if root is None:
            needed = f"It needs the {'keys' if len(needs) > 1 else 'key'} {listed(needs)}." if needs else ""
            raise InputError.of(source, "the file is empty.", needed)
        taking = _Taking(yaml.constructor, aliases)
        content = taking.take(root, (), root.start_mark.line + 1)
    except RecursionError:
        raise InputError.of(source, TOO_DEEP) from None
    except MarkedYAMLError as error:
        raise InputError(source, [_not_yaml(error, text)]) from None
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        message = f"this is not YAML: the invisible character U+{error.character:04X} can't stand in a file."
        raise InputError.of(source, message, place=_with_line(line)) from None
    except YAMLError as error:
        raise InputError.of(source, f"this is not YAML: {str(error).splitlines()[0]}.") from None
    names = rows or {}
    problems = [
        Problem(_with_line(line, name_place(place, content, names)), message, hint)
        for line, place, message, hint in taking.found
    ]
    return YamlText(source, content, taking.lines, tuple(by_line(problems)), names)


def name_place(place: Place, content: object = None, rows: Mapping[str, RowName] | None = None) -> str:
    """The keys on the way to a place: "plan, target 2, change, amount".

    A row is called by its number, from 1, or as `rows` says for its list: "measure 1m4-turnover".
    """
    words: list[str] = []
    for step in place:
        try:
            content = content[step]  # type: ignore[index]
        except (LookupError, TypeError):
            content = None
        if isinstance(step, int):
            of = words.pop() if words else ""
            words.append(_name_row(of, step + 1, content, (rows or {}).get(of)))
        else:
            words.append(step)
    return ", ".join(words)


def by_line(problems: Iterable[Problem]) -> list[Problem]:
    """Problems in the order of the lines in their places, those without a line first."""
    return sorted(problems, key=lambda one: int(at[1]) if (at := re.match(r"line (\d+)", one.place)) else 0)


def quoted(text: str) -> str:
    """A text as messages quote it: on one line, in quotes, the beginning of it if it is long."""
    text = " ".join(text.split())
    return f"'{text}'" if len(text) <= LONGEST_QUOTED else f"'{text[:LONGEST_QUOTED]}...'"


class _QuickNodes(Composer, CParser, BaseResolver):  # type: ignore[misc]
    """Nodes by libyaml, sixteen times as fast; put together in Python, where deep nesting is an error and no crash."""

    yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {}

    def __init__(self, text: str) -> None:
        CParser.__init__(self, text)
        Composer.__init__(self)
        BaseResolver.__init__(self)


for _versions, _tag_of, _pattern, _first in implicit_resolvers:
    if (1, 2) in _versions:  # as ruamel.yaml reads: `no` and `on` are texts
        _QuickNodes.add_implicit_resolver(_tag_of, _pattern, _first)


def _quick_nodes(text: str) -> Any:
    """The root of a text without faults or peculiarities; None for one that ruamel.yaml has to look at."""
    try:
        return None if NOT_QUICK.search(text) else _QuickNodes(text).get_single_node()
    except (QuickError, RecursionError):
        return None


class _Taking:
    """One way through the nodes of a text: takes their values, and notes lines and what we refuse."""

    def __init__(self, constructor: Any, aliases: bool) -> None:
        self.lines: dict[Place, int] = {}
        self.found: list[tuple[int, Place, str, str]] = []
        self._constructor, self._aliases = constructor, aliases
        self._taken: dict[int, object] = {}

    def take(self, node: Any, place: Place, line: int) -> object:
        """The value of a node of either parser that stands at this place."""
        self.lines[place] = line
        anchor = getattr(node, "anchor", None)
        if node.id == "scalar" and anchor is None:
            return self._scalar(node, place, line)
        if len(place) >= MOST_LEVELS:
            self.found.append((line, place[:1], TOO_DEEP, ""))
            return None
        if anchor is not None and not self._aliases:
            self.found.append((line, place, NO_ALIASES, "Write it out."))
        if id(node) not in self._taken:
            self._taken[id(node)] = None  # what a group that holds itself finds in its place
            self._taken[id(node)] = self._value(node, place, line)
        return self._taken[id(node)]

    def _value(self, node: Any, place: Place, line: int) -> object:
        if node.id == "scalar":
            return self._scalar(node, place, line)
        if (tag := _tag(node)) not in {"map", "seq"}:
            self._refuse_tag(tag, place, line)
        if node.id == "sequence":
            return [self.take(item, (*place, index), item.start_mark.line + 1) for index, item in enumerate(node.value)]
        return self._group(node.value, place)

    def _group(self, pairs: Iterable[tuple[Any, Any]], place: Place) -> dict[str, object]:
        group: dict[str, object] = {}
        for key, value in pairs:
            line = key.start_mark.line + 1
            if key.id != "scalar":
                self.found.append((line, place, "a key is a word, not a list or a group.", ""))
                continue
            here = (*place, key.value)
            if key.value in group:
                message = f"'{key.value}' stands here a second time; the first is in line {self.lines[here]}."
                self.found.append((line, here, message, "Keep the one that is meant."))
            else:
                group[key.value] = self.take(value, here, line)
        return group

    def _scalar(self, node: Any, place: Place, line: int) -> object:
        if (tag := _tag(node)) in TEXTS:
            return node.value
        if tag not in VALUES:
            self._refuse_tag(tag, place, line)
            return None
        try:
            return self._constructor.construct_object(ScalarNode(node.tag, node.value))
        except (ValueError, LookupError):  # such as "!!int twelve", or a number of 5,000 digits
            self.found.append((line, place, f"{quoted(node.value)} is no {VALUES[tag]}.", ""))
            return None

    def _refuse_tag(self, tag: str, place: Place, line: int) -> None:
        message = f"the tag {tag} (!) can't be used in this file."
        self.found.append((line, place, message, "A text that begins with ! must stand in quotes."))


def _tag(node: Any) -> str:
    return str(node.tag).removeprefix(TAG)


def _not_yaml(error: MarkedYAMLError, text: str) -> Problem:
    mark, problem, context = error.problem_mark, str(error.problem), str(error.context)
    if "quoted scalar" in context and "end of stream" in problem:
        mark, problem = error.context_mark, "a quotation mark is opened here and never closed"
    line = mark.line + 1
    hint = _slip(error, problem, text.splitlines()[mark.line] if mark.line < len(text.splitlines()) else "")
    return Problem(f"line {line}, column {mark.column + 1}", f"this is not YAML: {problem}.", hint)


def _slip(error: MarkedYAMLError, problem: str, line: str) -> str:
    """The likely slip in a line where YAML ended."""
    if "\t" in line:
        return "There is a tab in this line; indent with blanks."
    if "never closed" in problem:
        return ""
    for said, hint in SLIPS:
        if match := re.search(said, problem):
            return match.expand(hint)
    if str(error.context).startswith("while parsing a flow"):
        return f"A bracket is opened in line {error.context_mark.line + 1}; close it, or put a text with one in quotes."
    return "A text with a colon in it must stand in quotes." if line.count(": ") > 1 else LOOK_HERE


def _with_line(line: int, name: str = "") -> str:
    return f"line {line} ({name})" if name else f"line {line}"


def _name_row(of: str, number: int, row: object, name: RowName | None) -> str:
    if name is None:
        return f"{of.removesuffix('s')} {number}".strip()
    parts = [str(row[part]) for part in name.fields if row.get(part)] if isinstance(row, Mapping) else []
    return f"{name.noun} {'-'.join(parts)}" if parts else f"{name.noun} number {number}"


def yaml_text_of(content: Mapping[str, Any]) -> str:
    """Plain values as the text of a file that people can read and change; keys stay in their order."""
    yaml, text = YAML(typ="safe", pure=True), StringIO()
    yaml.sort_base_mapping_type_on_output = False  # type: ignore[assignment]
    yaml.default_flow_style = False
    yaml.allow_unicode = True
    yaml.dump(content, text)
    return text.getvalue()
