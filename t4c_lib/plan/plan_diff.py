"""What differs between two versions of a plan, row by row, in sentences that people read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeVar

from t4c_lib.periods import Day, FinancialYear, Month, parse_period
from t4c_lib.plan.action_rows import ActionRow, TimelineRow
from t4c_lib.plan.equality_assessment import EqualityAssessment, GroupEffect
from t4c_lib.plan.measure_rows import MeasureRow
from t4c_lib.plan.measure_validation import LocalMeasure
from t4c_lib.plan.plan import Plan
from t4c_lib.plan.row_fields import Checkpoint, Comparison, Evidence, Review, Row
from t4c_lib.quantities import Baseline, Change, ChangeKind, Unit, number, percent
from t4c_lib.yaml_text import quoted

NOTHING = "blank"


def field_label(name: str) -> str:
    """How people call a field of a plan: its name, and the change of a measure its X."""
    return "X" if name == "change" else name.replace("_", " ")


def format_value(value: object, fraction: bool = False) -> str:
    """A value as a sentence has it: "March 2028", "5.7% in March 2026 (staff extract)", "blank".

    Args:
        value: of a field of a plan.
        fraction: whether people read the figures of its measure as percentages.
    """
    words = next((words for kind, words in _FORMATS if isinstance(value, kind)), None)
    if words is None:
        return NOTHING if value is None else str(value)
    return words(value, fraction) or NOTHING


def _checkpoint(value: Checkpoint, fraction: bool) -> str:
    goal = _number(value.value or 0, fraction) if value.change is None else format_value(value.change, fraction)
    return f"{goal} by {value.due.label}"


def _review(value: Review) -> str:
    parts = [
        f"every {value.every} months" if value.every else "",
        f"last on {Day(value.last).label}" if value.last else "",
        f"next in {value.next.label}" if value.next else "",
    ]
    return ", ".join(filter(None, parts))


def _number(value: float, fraction: bool) -> str:
    return f"{number(value * 100, 2)}%" if fraction else number(value, 2)


def _figure(value: str, period: str | None, source: str) -> str:
    when = f" in {parse_period(period).label}" if period else ""
    return f"{value}{when}{f' ({source})' if source else ''}"


# The first kind that a value is of says how it is written; what people write themselves is quoted.
_FORMATS: tuple[tuple[type, Callable[[Any, bool], str]], ...] = (
    (Enum, lambda value, _: str(value)),
    (str, lambda value, _: value and quoted(value)),
    (tuple, lambda value, fraction: "; ".join(format_value(one, fraction) for one in value)),
    (bool, lambda value, _: "yes" if value else "no"),
    (int, lambda value, _: number(value, 2)),
    (float, lambda value, _: number(value, 2)),
    (Month, lambda value, _: value.label),
    (FinancialYear, lambda value, _: value.label),
    (dt.date, lambda value, _: Day(value).label),
    (Baseline, lambda value, _: _figure(value.text, value.period, value.source)),
    (
        Change,
        lambda value, fraction: (
            f"to {_number(value.amount, fraction)}" if value.kind is ChangeKind.LEVEL else value.text
        ),
    ),
    (Comparison, lambda value, _: _figure(percent(value.share), value.period, value.source)),
    (Checkpoint, _checkpoint),
    (Evidence, lambda value, _: quoted(value.what)),
    (LocalMeasure, lambda value, _: quoted(value.name)),
    (Review, lambda value, _: _review(value)),
)


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
