"""What is different between two versions of a plan, row by row, in sentences that people read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from t4c_lib.plan.actions import ActionRow
from t4c_lib.plan.change_words import field_label, in_words
from t4c_lib.plan.equality import EqualityAssessment, GroupEffect
from t4c_lib.plan.fields import Row
from t4c_lib.plan.measure_rows import MeasureRow
from t4c_lib.plan.model import Plan
from t4c_lib.plan.timelines import TimelineRow
from t4c_lib.quantities import Unit

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


def in_short(changes: Sequence[RowChange], most: int = 6) -> str:
    """The first few changes in a line, and how many more there are; "no row is different" if there are none."""
    if not changes:
        return "no row is different"
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
        return in_words(getattr(row, name), fraction)

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
