"""Assumptions: intervals (low, central, high) that never travel without unit, source and date; and files of them.

A file is taken whole or refused whole, with every problem and its line.

assumptions:
  leavers-support-under-25:
    label: Leavers among support staff under 25
    value: {low: 0.20, central: 0.236, high: 0.27}     # a bare number means certain
    unit: per person a year
    source: who published it
    date: 2025-10
    interval: how low and high came about
"""

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Annotated, Any, cast

from pydantic import BaseModel, Field, ValidationError, field_validator

from t4c_lib import validation_messages
from t4c_lib.errors import Problem, did_you_mean, find_named
from t4c_lib.filesystem import own_folder, read_text, shipped, write_whole
from t4c_lib.periods import parse_period
from t4c_lib.quantities import number, percent
from t4c_lib.typed_text import check_organisation_code
from t4c_lib.validation_messages import Checked, Faults, Key, Text, problems_of, unknown_key, wanted_words, wrong_type
from t4c_lib.yaml_text import Place, YamlText, read_yaml, yaml_text_of

FOLDER = shipped("parameters")
NATIONAL = FOLDER / "national.yaml"
OWN_PARAMETERS = "T4C_OWN_PARAMETERS"
TOP_LEVEL = "assumptions"
ENDS = ("low", "central", "high")
# What a person may write under a name: the three ends stand together under `value`, the name is the key itself.
KEYS = ("label", "value", "unit", "source", "date", "interval", "coverage", "judgement", "note")
UNDER_ONE_PERCENT = 0.01  # a second decimal counts there
VALUE_HINT = "Write {low: ..., central: ..., high: ...}, or a bare number for what is certain."


class AssumptionUnit(StrEnum):
    """What a figure is counted in. The unit says between which bounds it lies and on which scale it is drawn."""

    share = "share"
    share_a_month = "share a month"
    per_person_a_year = "per person a year"
    weeks = "weeks"
    months = "months"
    hours = "hours"
    hours_a_week = "hours a week"
    hours_a_year = "hours a year"
    people = "people"
    contacts_a_year = "contacts a year"
    starts_a_year = "starts a year"
    pounds_an_hour = "pounds an hour"
    pounds_a_person = "pounds a person"
    pounds_a_person_a_year = "pounds a person a year"
    pounds_a_course = "pounds a course"
    pounds_a_start = "pounds a start"
    ratio = "ratio"

    @property
    def is_share(self) -> bool:
        """Whether it is a fraction from 0 to 1 (a share or a probability). Everything else is a positive amount."""
        return self in {AssumptionUnit.share, AssumptionUnit.share_a_month}

    def allows(self, value: float) -> bool:
        """Whether the value lies within the unit's bounds, both ends included. Infinity and NaN never do."""
        return 0 <= value <= 1 if self.is_share else 0 <= value < float("inf")


class Assumption(Checked, strict=True):
    """A number we don't know, as an interval; low = central = high when it is certain.

    `central` is the median: a value below it is held as likely as one above. The true value is held to lie between
    `low` and `high`, both included, with the chance `coverage`, and beyond either end with equal chance.
    """

    name: Key  #: how code and files call it, such as "leavers-support-under-25"
    label: Text  #: how people call it
    low: float  #: lower end, in `unit`; shares are fractions 0-1
    central: float  #: median, in `unit`
    high: float  #: upper end, in `unit`
    unit: Annotated[AssumptionUnit, Field(strict=False)]  #: what it is counted in
    source: Text  #: who published it, or whose judgement it is
    #: the period that the figure speaks of, as t4c_lib.periods writes it, or a calendar year; of a judgement, when it
    #: was made.
    date: Text
    interval: str = ""  #: how low and high came about; empty only when the figure is certain
    #: chance that the true value lies between low and high, more than 0 and less than 1.
    coverage: Annotated[float, Field(gt=0, lt=1)] = 0.8
    judgement: bool = False  #: True where no source gives the central figure
    note: str = ""  #: what a reader should know before relying on it

    @field_validator("date", mode="before")
    @classmethod
    def _accept_unquoted(cls, value: object) -> object:
        # YAML turns an unquoted 2024 into a number before we see it.
        return str(value) if isinstance(value, int) and not isinstance(value, bool) else value

    @field_validator("date")
    @classmethod
    def _check_date(cls, value: str) -> str:
        # Surveys and yearly averages speak of a calendar year, which is no period of plans and so not one of ours.
        if re.fullmatch(r"(19|20)\d{2}", value):
            return value
        return validation_messages.reading(lambda: str(parse_period(value)))

    def faults(self) -> Faults:
        yield from (("value", sentence) for sentence in wrong_ends(self.low, self.central, self.high, self.unit))
        if not self.is_certain and not self.interval:
            yield "interval", "low and high differ, so 'interval' must say how they came about."

    @property
    def shown_scale(self) -> float:
        """By what its figures are multiplied where people read and type them: 100 for a percentage."""
        return 100.0 if self.unit.is_share or self.unit == "per person a year" else 1.0

    def text_of(self, value: float, *, bare: bool = False) -> str:
        """A figure of it as people read it: "5.7%", "£500 a start", "6 hours a week"; `bare` without what it is of."""
        if self.shown_scale != 1:
            return percent(value) if value >= UNDER_ONE_PERCENT else f"{number(value * self.shown_scale, 2)}%"
        is_money, unit = self.unit.startswith("pounds"), self.unit.removeprefix("pounds").strip()
        of_what = "" if bare or unit == AssumptionUnit.ratio else f" {unit}"
        return f"{'£' if is_money else ''}{number(value, 2 if abs(value) < 10 else 0)}{of_what}"

    @property
    def is_certain(self) -> bool:
        """Whether it is a single number rather than an interval."""
        return self.low == self.high

    def with_values(self, **values: Any) -> "Assumption":
        """A new assumption with some fields changed and everything checked again; this one stays as it is."""
        return Assumption.model_validate({**self.model_dump(), **values})


def wrong_ends(low: float, central: float, high: float, unit: AssumptionUnit | None) -> list[str]:
    """What is wrong with three ends, a sentence each: out of the unit's bounds, if any, or of order (equal is fine)."""
    found = []
    for end, value in (("low", low), ("central", central), ("high", high)):
        if unit is not None and not unit.allows(value):
            allowed = "a fraction from 0 to 1 (write 5.7% as 0.057)" if unit.is_share else "0 or more"
            text = f"{end} is {value:g}, but the unit '{unit}' means {allowed}."
            found.append(f"{text} Did you mean {value / 100:g}?" if (unit.is_share and 1 < value <= 100) else text)
    if not low <= central <= high:
        ends = f"low {low:g}, central {central:g}, high {high:g}"
        found.append(f"{ends} are not in order: low may not lie above central, nor central above high.")
    return found


@dataclass(frozen=True)
class Assumptions:
    """The assumptions of one file, by name, in the file's order."""

    source: str
    by_name: Mapping[str, Assumption]

    @classmethod
    def from_yaml(cls, text: str, source: str, overlaid_on: "Assumptions | None" = None) -> "Assumptions":
        """Read a file's text, which messages call by its source.

        A file that says assumptions better on which it is overlaid may name no others, must keep their units, and takes
        label and unit from them where it gives none. Raises InputError: every problem, with its line.
        """
        document = read_yaml(text, source, needs=(TOP_LEVEL,))
        problems: list[Problem] = []
        found: dict[str, Assumption] = {}
        for name, raw in _entries(document, problems).items():
            if (assumption := _read_entry(name, raw, document, problems, overlaid_on)) is not None:
                found[name] = assumption
        document.refuse(problems)
        return Assumptions(source, found)

    def get(self, name: str) -> Assumption:
        """The assumption of that name. Raises UnknownNameError, which names the closest ones."""
        return find_named("assumption", name, self.by_name)

    def __iter__(self) -> Iterator[Assumption]:
        return iter(self.by_name.values())

    def __len__(self) -> int:
        return len(self.by_name)


@cache
def assumptions() -> Assumptions:
    """The national assumptions. Raises InputError when the file cannot be read or any part of it is wrong."""
    return Assumptions.from_yaml(read_text(NATIONAL), NATIONAL.name)


def own_assumptions(code: str, folder: Path | None = None) -> Assumptions | None:
    """What an organisation wrote down itself, in parameters/own/<CODE>.yaml; None where it has no such file.

    The file is laid out like parameters/national.yaml. It may name only what stands there, in the same unit, so that a
    slip in a name can't make a figure that nothing reads; `label` and `unit` may be left out. Raises InputError: the
    file cannot be read, or any part of it is wrong; or the code could not be the name of a file.
    """
    check_organisation_code(code)
    path = (folder or own_parameters()) / f"{code}.yaml"
    return Assumptions.from_yaml(read_text(path), path.name, assumptions()) if path.exists() else None


def save_own_assumption(code: str, name: str, figure: Assumption | None, folder: Path | None = None) -> Path:
    """Write one of an organisation's own figures, or with None take it out again.

    The file is replaced whole; comments in it are lost. Raises InputError: the file there can't be read, or the figure
    is of another unit than the national one; it stays as it was.
    """
    path = (folder or own_parameters()) / f"{code}.yaml"
    figures = {one.name: one for one in own_assumptions(code, folder) or () if one.name != name}
    if figure is not None:
        figures[name] = figure
    rows = {}
    for one in figures.values():
        own = one.model_dump(mode="json", exclude_defaults=True)
        rows[one.name] = {"value": {end: own[end] for end in ENDS}} | {key: own[key] for key in KEYS[2:] if key in own}
    text = yaml_text_of({TOP_LEVEL: rows})
    Assumptions.from_yaml(text, path.name, assumptions())  # what is written can be read again
    own_folder(path.parent)
    write_whole(path, text.encode())
    return path


def own_files(code: str) -> list[Path]:
    """The files of assumptions and scenarios that an organisation has."""
    return [file for file in (own_parameters() / f"{code}{end}.yaml" for end in ("", "-scenarios")) if file.is_file()]


def own_parameters() -> Path:
    """The folder of figures and scenarios of organisations."""
    return Path(os.environ.get(OWN_PARAMETERS) or FOLDER / "own")


class _File(BaseModel, extra="forbid"):
    assumptions: dict[str, Any]  # looked at one by one


def _entries(document: YamlText, problems: list[Problem]) -> dict[str, Any]:
    content = document.content
    try:
        return _File.model_validate(content).assumptions
    except ValidationError as error:
        problems += problems_of(error.errors(), _File, document.where)
        entries = content.get(TOP_LEVEL) if isinstance(content, dict) else None
        return entries if isinstance(entries, dict) else {}


def _read_entry(
    name: str, raw: Any, document: YamlText, problems: list[Problem], overlaid_on: Assumptions | None
) -> Assumption | None:
    place = (TOP_LEVEL, name)
    below = overlaid_on.by_name.get(name) if overlaid_on is not None else None
    if overlaid_on is not None and below is None:
        message = f"there is no assumption '{name}' in {overlaid_on.source}."
        problems.append(document.problem(place, message, did_you_mean(name, overlaid_on.by_name)))
        return None
    if not isinstance(raw, dict):
        hint = f"Write {', '.join(KEYS[:5])} under it: a number never travels without unit and source."
        problems.append(replace(wrong_type(document.where(place), wanted_words()["dict_type"], raw), hint=hint))
        return None
    before = len(problems)
    problems += [unknown_key(document.where((*place, key)), key, KEYS) for key in raw if key not in KEYS]
    fields: dict[str, Any] = {"name": name}
    if below is not None:
        fields |= {"label": below.label, "unit": str(below.unit)}
    fields |= {key: raw[key] for key in KEYS if key in raw and key != "value"}
    fields |= _ends(raw, place, document, problems)
    if fields.get("judgement") is True:
        fields.setdefault("source", "judgement")
    try:
        assumption = Assumption.model_validate(fields)
    except ValidationError as error:
        details = error.errors()
        # The ends of a value that is wrong as a whole are missing too; that needs no second telling.
        untold = [detail for detail in details if detail["type"] != "missing" or detail["loc"][0] not in ENDS]
        problems += problems_of(untold, Assumption, lambda field: document.where((*place, *_in_file(field))))
        # pydantic looks at the whole only when every part is right; the three ends can be judged before that.
        if all(detail["loc"] for detail in details):
            problems += [document.problem((*place, "value"), text) for text in _judge_ends(fields)]
        return None
    if below is not None and assumption.unit is not below.unit:
        message = f"the unit is '{assumption.unit}', but '{below.unit}' in the file that this one overlays."
        problems.append(document.problem((*place, "unit"), message))
    return assumption if len(problems) == before else None


def _in_file(field: Place) -> Place:
    """Where a field of an assumption stands in a file: the name is the key itself, the ends stand under `value`."""
    if field == ("name",):
        return ()
    return ("value", *field) if field and field[0] in ENDS else field


def _judge_ends(fields: Mapping[str, Any]) -> list[str]:
    ends = [fields.get(end) for end in ENDS]
    if not all(type(end) in (int, float) for end in ends):
        return []
    known = [unit for unit in AssumptionUnit if unit == fields.get("unit")]
    low, central, high = cast("list[float]", ends)
    return wrong_ends(low, central, high, known[0] if known else None)


def _ends(raw: dict[str, Any], place: Place, document: YamlText, problems: list[Problem]) -> dict[str, Any]:
    """The three ends from `value`: a mapping of them, or a bare number, which is certain."""
    here = (*place, "value")
    if "value" not in raw:
        problems.append(document.problem(place, "'value' is missing.", VALUE_HINT))
        return {}
    value = raw["value"]
    if isinstance(value, int | float) and not isinstance(value, bool):
        return dict.fromkeys(ENDS, value)
    if not isinstance(value, dict):
        problems.append(replace(wrong_type(document.where(here), wanted_words()["float_type"], value), hint=VALUE_HINT))
        return {}
    problems += [unknown_key(document.where((*here, key)), key, ENDS) for key in value if key not in ENDS]
    problems += [document.problem(here, f"'{end}' is missing.", VALUE_HINT) for end in ENDS if end not in value]
    return {end: value[end] for end in ENDS if end in value}
