"""What differs between two versions of a plan, row by row, in sentences that people read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import singledispatch
from typing import TypeVar

from t4c_lib.periods import Day, FinancialYear, Month, parse_period
from t4c_lib.plan.action_rows import ActionRow, TimelineRow
from t4c_lib.plan.equality_assessment import EqualityAssessment, GroupEffect
from t4c_lib.plan.measure_definitions import LocalMeasure
from t4c_lib.plan.measure_rows import MeasureRow
from t4c_lib.plan.plan import Plan
from t4c_lib.plan.row_fields import Checkpoint, Comparison, Evidence, Review, Row
from t4c_lib.quantities import Baseline, Change, ChangeKind, Unit, number, percent
from t4c_lib.yaml_text import quoted

NOTHING = "blank"


def field_label(name: str) -> str:
    """How people call a field of a plan: its name, and the change of a measure its X."""
    return "X" if name == "change" else name.replace("_", " ")


@singledispatch
def format_value(value: object, fraction: bool = False) -> str:  # noqa: ARG001  (of interest to some kinds of value)
    """A value as a sentence has it: "March 2028", "5.7% in March 2026 (staff extract)", "blank".

    Args:
        value: of a field of a plan.
        fraction: whether people read the figures of its measure as percentages.
    """
    return NOTHING if value is None else str(value)


@format_value.register
def _text(value: str, _fraction: bool = False) -> str:
    if isinstance(value, Enum):  # a state or a status is one of a few words; what people write is quoted
        return str(value)
    return quoted(value) if value else NOTHING


@format_value.register
def _several(value: tuple, fraction: bool = False) -> str:  # type: ignore[type-arg]  # dispatch takes plain classes
    return "; ".join(format_value(one, fraction) for one in value) or NOTHING


@format_value.register
def _yes_or_no(value: bool, _fraction: bool = False) -> str:
    return "yes" if value else "no"


@format_value.register
def _number(value: int | float, _fraction: bool = False) -> str:
    return number(value, 2)


@format_value.register
def _period(value: Month | FinancialYear, _fraction: bool = False) -> str:
    return value.label


@format_value.register
def _day(value: dt.date, _fraction: bool = False) -> str:
    return Day(value).label


@format_value.register
def _baseline(value: Baseline, _fraction: bool = False) -> str:
    return _figure(value.text, value.period, value.source)


@format_value.register
def _change(value: Change, fraction: bool = False) -> str:
    return f"to {_value(value.amount, fraction)}" if value.kind is ChangeKind.LEVEL else value.text


@format_value.register
def _comparison(value: Comparison, _fraction: bool = False) -> str:
    return _figure(percent(value.share), value.period or "", value.source)


@format_value.register
def _checkpoint(value: Checkpoint, fraction: bool = False) -> str:
    goal = _value(value.value or 0, fraction) if value.change is None else format_value(value.change, fraction)
    return f"{goal} by {value.due.label}"


@format_value.register
def _evidence(value: Evidence, _fraction: bool = False) -> str:
    return quoted(value.what)


@format_value.register
def _definition(value: LocalMeasure, _fraction: bool = False) -> str:
    return quoted(value.name)


@format_value.register
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


RowT = TypeVar("RowT", ActionRow, MeasureRow, TimelineRow, GroupEffect)


@dataclass(frozen=True)
class FieldChange:
    """A field that two versions of a row don't have in common.

    Attributes:
        field: its name.
        before: what stood there, in words; "blank" for nothing.
        after: what stands there now.
    """

    field: str
    before: str
    after: str

    def __str__(self) -> str:
        name = field_label(self.field)
        # Two contents can read alike, such as links that differ in their dates.
        return f"{name} changed" if self.before == self.after else f"{name} {self.before} → {self.after}"


@dataclass(frozen=True)
class RowChange:
    """A row that two versions of a plan don't have in common.

    Attributes:
        row: what it is called: "measure young-share", "action sign-pledge", or "the plan" for name and years.
        what: "added", "taken out" or "changed".
        fields: for a changed row the fields that differ.
    """

    row: str
    what: str
    fields: tuple[FieldChange, ...] = ()

    def __str__(self) -> str:
        return f"{self.row}: {', '.join(map(str, self.fields))}" if self.fields else f"{self.row} {self.what}"


def changes_between(before: Plan | None, after: Plan) -> tuple[RowChange, ...]:
    """The rows in which `after` differs from `before` (from nothing at all, if None), in the order of the plan."""
    empty = after.changed(actions=(), measures=(), timelines=(), equality=None)
    old = before or empty
    return (
        *_heads(old, after),
        *_rows("actions", _by_key(old.actions), _by_key(after.actions)),
        *_rows("measures", _by_key(old.measures), _by_key(after.measures)),
        *_rows("timelines", _by_key(old.timelines), _by_key(after.timelines)),
        *_equality(old.equality, after.equality),
    )


def summarise_changes(changes: Sequence[RowChange], most: int = 6) -> str:
    """The first few changes in a line, and how many more there are; "no changes" if there are none."""
    if not changes:
        return "no changes"
    more = [f"and {len(changes) - most} more rows"] if len(changes) > most else []
    return "; ".join([*map(str, changes[:most]), *more])


def _heads(before: Plan, after: Plan) -> Iterable[RowChange]:
    fields = _fields(before, after, ("organisation", "organisation_name", "years"))
    if fields:
        yield RowChange("the plan", "changed", fields)


def _by_key(rows: Sequence[RowT]) -> dict[object, RowT]:
    return {row.key: row for row in rows}


def _rows(noun: str, old: Mapping[object, RowT], new: Mapping[object, RowT]) -> Iterable[RowChange]:
    for key, row in new.items():
        if key not in old:
            yield RowChange(row.label, "added")
        elif row != old[key]:
            yield RowChange(row.label, "changed", _fields(old[key], row, tuple(type(row).model_fields)))
    for key, row in old.items():
        if key not in new:
            yield RowChange(row.label, "taken out")
    if [key for key in new if key in old] != [key for key in old if key in new]:
        yield RowChange(f"the order of {noun}", "changed")


def _fields(before: Row, after: Row, names: Sequence[str]) -> tuple[FieldChange, ...]:
    unit = after.what.baseline_unit if isinstance(after, MeasureRow) else None
    fraction = unit in (Unit.SHARE, Unit.RATE)

    def words(row: Row, name: str) -> str:
        return format_value(getattr(row, name), fraction)

    return tuple(
        FieldChange(name, words(before, name), words(after, name))
        for name in names
        if getattr(before, name) != getattr(after, name)
    )


def _equality(before: EqualityAssessment | None, after: EqualityAssessment | None) -> Iterable[RowChange]:
    if before is None and after is None:
        return
    if before is None or after is None:
        yield RowChange("the equality impact assessment", "added" if before is None else "taken out")
        return
    fields = _fields(before, after, ("by", "date", "note"))
    if fields:
        yield RowChange("the equality impact assessment", "changed", fields)
    yield from _rows("groups of the equality impact assessment", _by_key(before.groups), _by_key(after.groups))
