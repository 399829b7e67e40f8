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


@singledispatch
def in_words(value: object) -> str:
    """A value as a sentence has it: "March 2028", "5.7% in March 2026 (staff extract)", "blank"."""
    return NOTHING if value is None else str(value)


@in_words.register
def _text(value: str) -> str:
    return quoted(value) if value else NOTHING


@in_words.register
def _choice(value: Enum) -> str:
    return str(value)


@in_words.register
def _several(value: tuple) -> str:  # type: ignore[type-arg]  # singledispatch takes no tuple[object, ...]
    return "; ".join(in_words(one) for one in value) or NOTHING


@in_words.register
def _number(value: int | float) -> str:
    return number(value, 2)


@in_words.register
def _period(value: Month | FinancialYear) -> str:
    return value.label


@in_words.register
def _day(value: dt.date) -> str:
    return Day(value).label


@in_words.register
def _baseline(value: Baseline) -> str:
    return _figure(value.text, value.period, value.source)


@in_words.register
def _change(value: Change) -> str:
    # Whether a level is a fraction or a count can't be told from the change alone, so it stands as it is written.
    return f"to {number(value.amount, 4)}" if value.kind is ChangeKind.LEVEL else value.text


@in_words.register
def _comparison(value: Comparison) -> str:
    return _figure(percent(value.share), value.period or "", value.source)


@in_words.register
def _checkpoint(value: Checkpoint) -> str:
    goal = number(value.value or 0, 4) if value.change is None else in_words(value.change)
    return f"{goal} by {value.due.label}"


@in_words.register
def _evidence(value: Evidence) -> str:
    return quoted(value.what)


@in_words.register
def _definition(value: LocalMeasure) -> str:
    return quoted(value.name)


@in_words.register
def _review(value: Review) -> str:
    parts = [
        f"every {value.every} months" if value.every else "",
        f"last on {Day(value.last).label}" if value.last else "",
        f"next in {value.next.label}" if value.next else "",
    ]
    return ", ".join(filter(None, parts)) or NOTHING


def _figure(value: str, period: str, source: str) -> str:
    when = f" in {parse_period(period).label}" if period else ""
    return f"{value}{when}{f' ({source})' if source else ''}"
