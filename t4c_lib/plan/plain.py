"""A plan as plain values: texts, numbers, true, lists and mappings, in the order in which a file has them.

Only what says something is there: what is empty, or as everybody would take it anyway, is left out.
"""

from __future__ import annotations

import datetime as dt
from enum import Enum
from typing import TYPE_CHECKING, Any

from t4c_lib.framework import Measure
from t4c_lib.periods import FinancialYear, Month
from t4c_lib.plan.fields import Row
from t4c_lib.plan.measure_rows import MeasureRow
from t4c_lib.plan.measures import baseline_words
from t4c_lib.plan.planned import PlannedRow
from t4c_lib.quantities import Baseline, Change

if TYPE_CHECKING:
    from t4c_lib.plan.model import Plan

BIGGEST_WHOLE = 2**53


def plan_parameters(plan: Plan) -> dict[str, Any]:
    """The plan as a file has it, under the keys `organisation` and `plan`."""
    content: dict[str, Any] = {"years": [str(year) for year in plan.years]}
    if plan.actions:
        content["actions"] = [row_parameters(row) for row in plan.actions]
    content["measures"] = [row_parameters(row) for row in plan.measures]
    if plan.timelines:
        content["timelines"] = [row_parameters(row) for row in plan.timelines]
    if plan.equality is not None:
        content["equality"] = row_parameters(plan.equality)
    return {"organisation": {"code": plan.organisation, "name": plan.organisation_name}, "plan": content}


def row_parameters(row: Row) -> dict[str, Any]:
    """Any part of a plan as a file has it."""
    measure = row.what if isinstance(row, MeasureRow) else None
    values: dict[str, Any] = {}
    fields = type(row).model_fields
    for name in row.written if isinstance(row, PlannedRow) else fields:
        value = getattr(row, name)
        if fields[name].is_required() or value != fields[name].default:
            values[fields[name].alias or name] = _plain(value, measure)
    return values


def _plain(value: object, measure: Measure | None) -> Any:
    match value:
        case Row():
            return row_parameters(value)
        case Baseline():
            return _baseline(value, measure)
        case Change():
            return {"kind": str(value.kind), "amount": _number(value.amount)}
        case tuple():
            return [_plain(one, measure) for one in value]
    return _scalar(value)


def _scalar(value: object) -> Any:
    match value:
        case Month() | FinancialYear() | dt.date() | Enum():
            return str(value)
        case bool() | str():
            return value
        case int() | float():
            return _number(value)
    raise TypeError(f"A plan has no {type(value).__name__}.")


def _baseline(baseline: Baseline, measure: Measure | None) -> dict[str, Any]:
    # Where it is the one number divided by the other, to the last digit, the division is left to the reader.
    row: dict[str, Any] = {} if _is_the_division(baseline) else {"value": _number(baseline.value)}
    for name in ("numerator", "denominator"):
        if (figure := getattr(baseline, name)) is not None:
            row[name] = _number(figure)
    for name, word in baseline_words(measure).items():
        if (said := str(getattr(baseline, name))) != word:
            row[name] = said
    row["period"] = baseline.period
    return {**row, "source": baseline.source} if baseline.source else row


def _is_the_division(baseline: Baseline) -> bool:
    if baseline.numerator is None or not baseline.denominator:
        return False
    return baseline.numerator / baseline.denominator == baseline.value


def _number(number: float) -> float:
    return int(number) if float(number).is_integer() and abs(number) < BIGGEST_WHOLE else float(number)
