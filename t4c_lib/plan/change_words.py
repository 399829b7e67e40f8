"""What stands in a field of a plan, in the few words of a sentence that compares two versions."""

from __future__ import annotations

import datetime as dt
from enum import Enum
from functools import singledispatch

from t4c_lib.periods import Day, FinancialYear, Month, parse_period
from t4c_lib.plan.local_measures import LocalMeasure
from t4c_lib.plan.parts import Checkpoint, Comparison, Evidence, Review
from t4c_lib.quantities import Baseline, Change, ChangeKind, number, percent
from t4c_lib.yaml_text import quoted

NOTHING = "blank"


def field_label(name: str) -> str:
    """How people call a field of a plan: its name, and the change of a measure its X."""
    return "X" if name == "change" else name.replace("_", " ")


@singledispatch
def in_words(value: object, fraction: bool = False) -> str:  # noqa: ARG001  (of interest to some kinds of value)
    """A value as a sentence has it: "March 2028", "5.7% in March 2026 (staff extract)", "blank".

    Args:
        value: of a field of a plan.
        fraction: whether people read the figures of its measure as percentages.
    """
    return NOTHING if value is None else str(value)


@in_words.register
def _text(value: str, _fraction: bool = False) -> str:
    if isinstance(value, Enum):  # a state or a status is one of a few words; what people write is quoted
        return str(value)
    return quoted(value) if value else NOTHING


@in_words.register
def _several(value: tuple, fraction: bool = False) -> str:  # type: ignore[type-arg]  # dispatch takes plain classes
    return "; ".join(in_words(one, fraction) for one in value) or NOTHING


@in_words.register
def _yes_or_no(value: bool, _fraction: bool = False) -> str:
    return "yes" if value else "no"


@in_words.register
def _number(value: int | float, _fraction: bool = False) -> str:
    return number(value, 2)


@in_words.register
def _period(value: Month | FinancialYear, _fraction: bool = False) -> str:
    return value.label


@in_words.register
def _day(value: dt.date, _fraction: bool = False) -> str:
    return Day(value).label


@in_words.register
def _baseline(value: Baseline, _fraction: bool = False) -> str:
    return _figure(value.text, value.period, value.source)


@in_words.register
def _change(value: Change, fraction: bool = False) -> str:
    return f"to {_value(value.amount, fraction)}" if value.kind is ChangeKind.LEVEL else value.text


@in_words.register
def _comparison(value: Comparison, _fraction: bool = False) -> str:
    return _figure(percent(value.share), value.period or "", value.source)


@in_words.register
def _checkpoint(value: Checkpoint, fraction: bool = False) -> str:
    goal = _value(value.value or 0, fraction) if value.change is None else in_words(value.change, fraction)
    return f"{goal} by {value.due.label}"


@in_words.register
def _evidence(value: Evidence, _fraction: bool = False) -> str:
    return quoted(value.what)


@in_words.register
def _definition(value: LocalMeasure, _fraction: bool = False) -> str:
    return quoted(value.name)


@in_words.register
def _review(value: Review, _fraction: bool = False) -> str:
    parts = [
        f"every {value.every} months" if value.every else "",
        f"last on {Day(value.last).label}" if value.last else "",
        f"next in {value.next.label}" if value.next else "",
    ]
    return ", ".join(filter(None, parts)) or NOTHING


def _value(value: float, fraction: bool) -> str:
    return f"{number(value * 100, 2)}%" if fraction else number(value, 2)


def _figure(value: str, period: str, source: str) -> str:
    when = f" in {parse_period(period).label}" if period else ""
    return f"{value}{when}{f' ({source})' if source else ''}"
