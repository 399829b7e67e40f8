"""Turns what pydantic found into problems a planner can mend: the place, what stands there, what may stand there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from t4c_lib.errors import InputError, Problem, closest
from t4c_lib.plan.fields import BaselineRow, ChangeRow, FilledText, OrganisationCode, Row
from t4c_lib.plan.model import Target, Targets, Years

Place = tuple[str | int, ...]
AnyRow = TypeVar("AnyRow", bound=Row)


class OrganisationBlock(Row):
    """What a plan file says of the organisation."""

    code: OrganisationCode
    name: FilledText


class PlanBlock(Row):
    """What a plan file says of the plan."""

    years: Years
    targets: Targets = ()


class PlanFile(Row):
    """A whole plan file."""

    organisation: OrganisationBlock
    plan: PlanBlock


KEYS: dict[Place, tuple[str, ...]] = {
    (): tuple(PlanFile.model_fields),
    ("organisation",): tuple(OrganisationBlock.model_fields),
    ("plan",): tuple(PlanBlock.model_fields),
    ("plan", "targets"): tuple(Target.model_fields),
    ("plan", "targets", "baseline"): tuple(BaselineRow.model_fields),
    ("plan", "targets", "change"): tuple(ChangeRow.model_fields),
}
NOUNS = {
    "string_type": "a text",
    "model_type": "a group of keys with their values",
    "model_attributes_type": "a group of keys with their values",
    "dict_type": "a group of keys with their values",
    "tuple_type": "a list",
    "list_type": "a list",
}


def read_file(content: object, source: str, place_name: Callable[[Place], str] | None = None) -> dict[str, Any]:
    """The fields of a Plan from the content of a plan file.

    Args:
        content: what YAML gave.
        source: name of the file, for the error.
        place_name: words for a place; without it the keys on the way there.

    Raises:
        InputError: every problem.
    """
    try:
        file = PlanFile.model_validate(content)
    except ValidationError as error:
        raise InputError(source, problems_of(error, place_name or name_place)) from None
    return {
        "organisation": file.organisation.code,
        "organisation_name": file.organisation.name,
        "years": file.plan.years,
        "targets": file.plan.targets,
    }


def make(row: type[AnyRow], fields: Mapping[str, Any], source: str) -> AnyRow:
    """One row from its fields. Raises InputError with every problem."""
    try:
        return row.model_validate(fields)
    except ValidationError as error:
        at = ("plan", "targets", 0) if row is Target else ()
        raise InputError(source, problems_of(error, lambda place: name_place(place[len(at) :]), at)) from None


def name_place(place: Place) -> str:
    """The keys on the way to a place: "plan, target 2, change, amount". Lists are counted from 1."""
    words: list[str] = []
    for step in place:
        if isinstance(step, int):
            words[-1:] = [f"{words[-1].removesuffix('s')} {step + 1}" if words else f"{step + 1}"]
        else:
            words.append(step)
    return ", ".join(words)


def problems_of(error: ValidationError, place_name: Callable[[Place], str], under: Place = ()) -> list[Problem]:
    """Every problem in a validation error, in the order in which they stand in the file as far as pydantic tells."""
    return [problem for detail in error.errors() for problem in _problems(detail, place_name, under)]


def _problems(detail: ErrorDetails, place_name: Callable[[Place], str], under: Place) -> Iterator[Problem]:
    place: Place = (*under, *detail["loc"])
    kind, found = detail["type"], detail.get("input")
    if kind == "refused":
        context = detail.get("ctx", {})
        for field, message in context.get("parts") or (("", context["message"]),):
            step: Place = () if not field else (int(field),) if field.isdigit() else (field,)
            yield Problem(place_name((*place, *step)), message)
    elif kind == "missing":
        yield Problem(place_name(place[:-1]), f"'{place[-1]}' is missing.")
    elif kind == "extra_forbidden":
        yield _unknown_key(place, place_name)
    elif kind in {"string_too_short", "too_short"}:
        yield Problem(place_name(place), "this can't be left empty.")
    elif kind == "enum":
        allowed = str(detail.get("ctx", {}).get("expected", "")).replace("'", "")
        yield Problem(
            place_name(place),
            f"'{found}' is not known here.",
            _hint(str(found), allowed.replace(" or ", ", ").split(", ")),
        )
    elif kind in NOUNS:
        quotes = " Put it in quotes." if kind == "string_type" and not isinstance(found, dict | list | None) else ""
        yield Problem(place_name(place), f"{NOUNS[kind]} belongs here, not {_in_words(found)}.{quotes}")
    else:
        yield Problem(place_name(place), f"{detail['msg']}.")


def _unknown_key(place: Place, place_name: Callable[[Place], str]) -> Problem:
    group = tuple(step for step in place[:-1] if isinstance(step, str))
    return Problem(
        place_name(place), f"there is no key '{place[-1]}' here.", _hint(str(place[-1]), KEYS.get(group, ()))
    )


def _hint(found: str, allowed: tuple[str, ...] | list[str]) -> str:
    near = closest(found, allowed, most=1)
    meant = f"Did you mean '{near[0]}'? " if near else ""
    return f"{meant}Allowed: {', '.join(allowed)}."


def _in_words(value: object) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        return "a group of keys"
    if isinstance(value, list | tuple):
        return "a list"
    return repr(value)
