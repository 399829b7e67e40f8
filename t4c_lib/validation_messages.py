"""What pydantic refuses, in a planner's words: the place, what stands there, what may stand there, the likely slip.

A type with a pattern says in its `description` what the pattern asks for; that is what a message then names. Rules of
our own raise `refused`, or let an error of ours through with `reading`.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Annotated, Any, Self, TypeVar

from pydantic import BaseModel, Field, RootModel, ValidationError, model_validator
from pydantic_core import ErrorDetails, PydanticCustomError

from t4c_lib.errors import InputError, Problem, T4CError, did_you_mean
from t4c_lib.yaml_text import Place, YamlText, by_line, name_place, quoted, read_yaml

T = TypeVar("T")
ModelT = TypeVar("ModelT", bound=BaseModel)
Where = Callable[[Place], str]
Faults = Iterable[tuple[str | int | Place, str]]  # the field or item at fault, or the way to it, or none; a sentence

Text = Annotated[str, Field(min_length=1)]
Key = Annotated[
    str,
    Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", description="small letters, digits and hyphens, such as young-share"),
]

REFUSED = "refused"
MOST_BITS = 200  # of a number that is quoted: sixty digits


def refused(message: str, parts: Faults = ()) -> PydanticCustomError:
    """An error for a validator to raise, with a message for people.

    `message`: all of it. `parts`: (field, message) where several things are at fault, each a problem of its own; an
    empty field means the whole row, a number the item of a list, several of these the way to what is at fault.
    """
    return PydanticCustomError(REFUSED, "{message}", {"message": message, "parts": tuple(parts)})


def refuse_parts(found: Faults) -> None:
    """Refuse, in a validator, all that is at fault: see `refused`. Does nothing where nothing is."""
    if faults := [*found]:
        raise refused(" ".join(message for _, message in faults), faults)


class Checked(BaseModel, frozen=True, extra="forbid"):
    """What stands in a file, or is made as if it did: frozen, with no unknown key, and with nothing at fault."""

    def faults(self) -> Faults:
        """What is wrong although each field is sound by itself: see `refused`."""
        return ()

    @model_validator(mode="after")
    def _refuse_faults(self) -> Self:
        refuse_parts(self.faults())
        return self


def reading(action: Callable[[], T]) -> T:
    """Do it, and hand an error of ours to pydantic, which only gathers its own kind."""
    try:
        return action()
    except T4CError as error:
        raise refused(str(error)) from None


def read_model(model: type[ModelT], document: YamlText) -> ModelT:
    """The content of a YAML text as a model. Raises InputError with every problem, each with its line, by line."""
    return make_model(model, document.content, document.source, document.where, document.problems)


def read_shipped(model: type[ModelT], room: str, file: str) -> ModelT:
    """A YAML file that stands beside the code of a room, as a model."""
    return read_model(model, read_yaml(files(room).joinpath(file).read_text(encoding="utf-8"), file))


@cache
def wanted_words() -> Mapping[str, str]:
    """What belongs in a place, by pydantic's name for the error that something else stands there."""
    return read_shipped(RootModel[dict[str, str]], "t4c_lib", "wanted.yaml").root


def make_model(
    model: type[ModelT], content: object, source: str, where: Where = name_place, problems: Sequence[Problem] = ()
) -> ModelT:
    """Plain values, as somebody filled them in, as a model.

    Messages call them by the source and a place in them as `where` says. What is known to be wrong already is told too.
    Raises InputError: every problem.
    """
    found = list(problems)
    try:
        made = model.model_validate(content)
    except ValidationError as error:
        found += problems_of(error.errors(), model, where)
    if found:
        raise InputError(source, by_line(found))
    return made


def problems_of(details: Iterable[ErrorDetails], model: type[BaseModel], where: Where = name_place) -> list[Problem]:
    """What pydantic found when it made this model, as problems, in the order in which it found them."""
    return [problem for detail in details for problem in _problems(detail, model, where)]


def unknown_key(place: str, key: str, allowed: Iterable[str]) -> Problem:
    """A key that has no meaning where it stands."""
    return Problem(place, f"there is no key '{key}' here.", one_of(key, allowed))


def wrong_type(place: str, wanted: str, found: object) -> Problem:
    """Something else than what belongs there, such as a text instead of a list."""
    hint = ""
    if wanted == wanted_words()["string_type"] and isinstance(found, int | float):
        hint = "Put it in quotes."
    elif "number" in wanted:
        hint = number_hint(found)
    return Problem(place, f"{wanted} belongs here, not {in_words(found)}.", hint)


def one_of(found: str, allowed: Iterable[str]) -> str:
    """The hint for a word that is not among the allowed ones: the closest of them, and all."""
    allowed = list(allowed)
    every = f"Allowed: {', '.join(allowed)}." if allowed else ""
    return f"{did_you_mean(found, allowed)} {every}".strip()


def number_hint(found: object) -> str:
    """How to write what is meant as a number but isn't one: 5%, '1,710'; empty if that can't be told."""
    text = str(found).strip() if isinstance(found, str) else ""
    if percent := re.fullmatch(r"([+-]?\d+(?:\.\d+)?)\s*%", text):
        return f"Write a percentage as a fraction: {float(percent[1]) / 100:g}."
    if re.fullmatch(r"[+-]?\d[\d,]*(?:\.\d+)?", text):
        return f"Write it without quotes and commas: {text.replace(',', '')}."
    return ""


def in_words(value: object) -> str:
    """What somebody wrote, as a message quotes it: 'a text', 17, true, nothing, a list, a group of keys."""
    if value is None:
        return "nothing"
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int) and value.bit_length() > MOST_BITS:
        return "a number that long"
    if isinstance(value, int | float):
        return str(value)
    nouns = {Mapping: "a group of keys", list: "a list", tuple: "a list"}
    return next((noun for kind, noun in nouns.items() if isinstance(value, kind)), "something else")


def _problems(detail: ErrorDetails, model: type[BaseModel], where: Where) -> Iterator[Problem]:
    loc, kind, found = detail["loc"], detail["type"], detail.get("input")
    context: dict[str, Any] = detail.get("ctx", {})
    if kind == REFUSED:
        for step, message in context["parts"] or (("", context["message"]),):
            yield Problem(where((*loc, *(step if isinstance(step, tuple) else (step,) if step != "" else ()))), message)
    elif kind == "value_error":
        yield Problem(where(loc), str(context["error"]))
    elif kind == "missing":
        yield Problem(where(loc[:-1]), f"'{loc[-1]}' is missing.")
    elif kind == "extra_forbidden":
        keys = (key for schema in _schemas(model, loc[:-1]) for key in schema.get("properties", ()))
        yield unknown_key(where(loc), str(loc[-1]), dict.fromkeys(keys))
    elif kind in {"enum", "literal_error"}:
        allowed = str(context["expected"]).replace("'", "").replace(" or ", ", ").split(", ")
        yield Problem(where(loc), f"{in_words(found)} is not known here.", one_of(str(found), allowed))
    elif kind == "string_pattern_mismatch":
        forms = (schema["description"] for schema in _schemas(model, loc) if "pattern" in schema)
        yield Problem(where(loc), f"{in_words(found)} has the wrong form.", f"Allowed: {', '.join(forms)}.")
    elif kind in {"string_too_short", "too_short"} and context.get("min_length") == 1:
        yield Problem(where(loc), "this can't be left empty.")
    elif kind in wanted_words():
        yield wrong_type(where(loc), wanted_words()[kind].format(**context), found)
    else:
        yield Problem(where(loc), f"{in_words(found)} does not do: {detail['msg'][:1].lower()}{detail['msg'][1:]}.")


def _schemas(model: type[BaseModel], place: Place) -> list[dict[str, Any]]:
    """What the JSON schema of a model says of a place; several where one of several things may stand there."""
    whole = _schema(model)
    here = _alternatives(whole, whole)
    for step in place:
        here = [one for outer in here for inner in _parts(outer, step) for one in _alternatives(inner, whole)]
    return here


@cache
def _schema(model: type[BaseModel]) -> dict[str, Any]:
    return model.model_json_schema()


def _parts(schema: Mapping[str, Any], step: str | int) -> Iterator[Any]:
    if isinstance(step, int):
        inner = schema.get("items")
    else:  # the values of a group with names of its own have one schema for all
        inner = schema.get("properties", {}).get(step) or schema.get("additionalProperties")
    if isinstance(inner, dict):
        yield inner


def _alternatives(schema: dict[str, Any], whole: dict[str, Any]) -> list[dict[str, Any]]:
    if "$ref" in schema:
        return _alternatives(whole["$defs"][schema["$ref"].rsplit("/", 1)[-1]], whole)
    if "anyOf" in schema:
        return [one for inner in schema["anyOf"] for one in _alternatives(inner, whole)]
    return [schema]
