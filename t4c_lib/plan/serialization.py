"""A plan written down: as plain values and as digests; plan_text.py makes the text of a plan file of the values.

As plain values: texts, numbers, true, lists and mappings, in the order in which a file has them. Only what says
something is there: what is empty, or as everybody would take it anyway, is left out.

Digests: one SHA-256 over a canonical form, so that the same content has the same digest wherever it was typed. The
canonical form is JSON with the listed fields in their listed order, text in Unicode form NFC with the blanks at both
ends cut off, and numbers as plain decimal texts. Each kind of digest carries its own name and version in what is
hashed: a row and a document never collide, and a later form never passes for an earlier one.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from enum import Enum
from typing import Any

from t4c_lib.framework import Measure
from t4c_lib.periods import FinancialYear, Month
from t4c_lib.plan.measure_validation import baseline_defaults
from t4c_lib.plan.row_fields import Row
from t4c_lib.quantities import Baseline, Change
from t4c_lib.typed_text import canonical_text


def decimal_text(number: float) -> str:
    """A number as the shortest plain decimal that reads back as the same float: 0.02, 3050, -12.5; never 2e-05."""
    exact = Decimal(repr(float(number)))
    if not exact:
        return "0"
    text = format(exact, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def digest_of(kind: str, fields: Mapping[str, object]) -> str:
    """SHA-256, hexadecimal, of the canonical form of the fields in the order in which they are given.

    The kind says what is hashed and the version of its form, such as "target 1". Fields are texts, numbers, None, and
    mappings or sequences of these. Anything else is taken by its text.
    """
    form = json.dumps([kind, canonical(fields)], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(form.encode()).hexdigest()


def canonical(value: object) -> object:
    """A value as digests take it: what makes no other digest, such as blanks around a text, is the same here."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return canonical_text(value)
    if isinstance(value, int | float):
        return decimal_text(value)
    if isinstance(value, Mapping):
        return {str(key): canonical(part) for key, part in value.items()}
    if isinstance(value, Sequence):
        return [canonical(part) for part in value]
    return canonical_text(str(value))


BIGGEST_WHOLE = 2**53


def row_parameters(row: Row) -> dict[str, Any]:
    """Any part of a plan as a file has it."""
    measure: Measure | None = getattr(row, "what", None)
    values: dict[str, Any] = {}
    fields = type(row).model_fields
    for name in row.written or fields:
        value = getattr(row, name)
        if fields[name].is_required() or value != fields[name].default:
            values[fields[name].alias or name] = plain_value(value, measure)
    return values


def plain_value(value: object, measure: Measure | None = None) -> Any:
    """A value of a field as a file has it; a baseline without what everybody would take its `measure` to have."""
    match value:
        case Row():
            return row_parameters(value)
        case Baseline():
            return _baseline(value, measure)
        case Change():
            return {"kind": str(value.kind), "amount": _number(value.amount)}
        case tuple():
            return [plain_value(one, measure) for one in value]
        case Month() | FinancialYear() | dt.date() | Enum() | str():
            return str(value)
        case int() | float():
            return value if isinstance(value, bool) else _number(value)
    raise TypeError(f"A plan has no {type(value).__name__}.")


def _baseline(baseline: Baseline, measure: Measure | None) -> dict[str, Any]:
    # Where it is the one number divided by the other, to the last digit, the division is left to the reader.
    part, whole = baseline.numerator, baseline.denominator
    is_division = part is not None and whole and part / whole == baseline.value
    row: dict[str, Any] = {} if is_division else {"value": _number(baseline.value)}
    for name in ("numerator", "denominator"):
        if (figure := getattr(baseline, name)) is not None:
            row[name] = _number(figure)
    for name, word in baseline_defaults(measure).items():
        if (said := str(getattr(baseline, name))) != word:
            row[name] = said
    row["period"] = baseline.period
    return {**row, "source": baseline.source} if baseline.source else row


def _number(number: float) -> float:
    return int(number) if float(number).is_integer() and abs(number) < BIGGEST_WHOLE else float(number)
