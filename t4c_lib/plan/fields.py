"""The kinds of field a plan is made of: how each is read, refused and written.

They are used both for objects made in code and for rows of a file, so that a form on a page and a YAML file are held to
the same rules in the same words.
"""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    GetCoreSchemaHandler,
    PlainSerializer,
    PlainValidator,
    StringConstraints,
)
from pydantic_core import CoreSchema, core_schema

from t4c_lib.periods import FinancialYear, Month, parse_period
from t4c_lib.plan.digests import canonical_text
from t4c_lib.pydantic_words import in_words, number_hint, reading, refused
from t4c_lib.quantities import Baseline, Change, ChangeKind, Unit

SIGNIFICANT_DIGITS = 12  # of an amount: drops what binary arithmetic adds (0.020000000000000004), keeps all people type
ORGANISATION_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")


def _plain_text(text: str) -> str:
    text = canonical_text(text)
    odd = next((mark for mark in text if unicodedata.category(mark) in {"Cc", "Cs"} and mark not in "\n\t"), None)
    if odd is not None:
        raise refused(f"the invisible character {unicodedata.name(odd, f'U+{ord(odd):04X}')} can't stand in a text.")
    return text


def _organisation_code(text: str) -> str:
    if not ORGANISATION_CODE.fullmatch(text):
        raise refused(f"'{text}' is not an organisation code: up to 40 letters, digits, hyphens, and no blanks.")
    return text


def _whole_text(value: object, noun: str, example: str) -> str:
    # YAML reads 2026 as a number, and other programs read 2026-03-31 as a date.
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, str):
        return value
    raise refused(f"{in_words(value)} is not a {noun}. Write it as {example}.")


def _month(value: object) -> Month:
    if isinstance(value, Month):
        return value
    return reading(lambda: Month.parse(_whole_text(value, "month", "2027-03")))


def _financial_year(value: object) -> FinancialYear:
    if isinstance(value, FinancialYear):
        return value
    return reading(lambda: FinancialYear.parse(_whole_text(value, "financial year", "2026/27")))


def _period_text(value: object) -> str:
    return str(
        reading(lambda: parse_period(_whole_text(value, "period", "2026-03, 2026/27-Q1, 2026/27 or 2026-03-31")))
    )


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise refused(f"{in_words(value)} is not a number. {number_hint(value)}".strip())
    if not math.isfinite(value):
        raise refused(f"{value} is not a number that can be reckoned with.")
    return float(value)


def _trimmed(value: object) -> object:
    return value.strip() if isinstance(value, str) else value


def _amount(value: float) -> float:
    return float(f"{value:.{SIGNIFICANT_DIGITS}g}")


Text = Annotated[str, StringConstraints(strict=True), AfterValidator(_plain_text)]
FilledText = Annotated[Text, StringConstraints(min_length=1)]
OrganisationCode = Annotated[Text, AfterValidator(_organisation_code)]
Number = Annotated[float, BeforeValidator(_number)]
MonthField = Annotated[Month, PlainValidator(_month, json_schema_input_type=str), PlainSerializer(str)]
YearField = Annotated[FinancialYear, PlainValidator(_financial_year, json_schema_input_type=str), PlainSerializer(str)]
PeriodText = Annotated[str, PlainValidator(_period_text, json_schema_input_type=str)]


class Row(BaseModel):
    """What every part of a plan has in common: it can't be changed in place, and knows all its keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class BaselineRow(Row):
    """A baseline as a file has it. `value` may be left out where numerator and denominator say it."""

    value: Number | None = None
    numerator: Number | None = None
    denominator: Number | None = None
    unit: Annotated[Unit, BeforeValidator(_trimmed)] = Unit.SHARE
    counted: FilledText = "people"
    base: FilledText = "workforce"
    period: PeriodText
    source: FilledText

    def whole(self) -> Baseline:
        """The baseline it stands for. Refuses what contradicts itself."""
        value = self.value
        if value is None:
            if self.numerator is None or not self.denominator:
                raise refused("a baseline needs its value, or a numerator and a denominator above 0.")
            value = self.numerator / self.denominator
        return reading(
            lambda: Baseline(
                value,
                self.numerator,
                self.denominator,
                self.period,
                self.source,
                self.unit,
                self.counted,
                self.base,
            )
        )


class ChangeRow(Row):
    """A change as a file has it: a kind, and an amount that is a fraction where the kind speaks of shares."""

    kind: Annotated[ChangeKind, BeforeValidator(_trimmed)]
    amount: Number

    def whole(self) -> Change:
        """The change it stands for."""
        return reading(lambda: Change(self.kind, _amount(self.amount)))


class ReadAs:
    """Lets pydantic check a frozen dataclass of a lower room field by field, by way of a row of ours."""

    def __init__(self, row: type[BaselineRow] | type[ChangeRow]) -> None:
        self.row = row

    def __get_pydantic_core_schema__(self, source: type[Any], handler: GetCoreSchemaHandler) -> CoreSchema:
        names = tuple(self.row.model_fields)

        def as_mapping(value: object) -> object:
            return {name: getattr(value, name) for name in names} if isinstance(value, source) else value

        # The row has been made by then, so `value` is one of ours: whole() is its last check.
        checked = core_schema.no_info_after_validator_function(
            lambda row: row.whole(), handler.generate_schema(self.row)
        )
        return core_schema.no_info_before_validator_function(as_mapping, checked)


BaselineField = Annotated[Baseline, ReadAs(BaselineRow)]
ChangeField = Annotated[Change, ReadAs(ChangeRow)]
