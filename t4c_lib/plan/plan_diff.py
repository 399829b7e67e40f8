"""What differs between two versions of a plan, row by row, in sentences; and two people's versions put together.

A three-way merge. What only one of them changed is taken. Within a row that both changed, field by field, as long as
only one of them touched what an agreement covers: an X that one moved and a due date that another moved were each meant
for the row as it was, and together they say what nobody said. Nothing is dropped in silence: what doesn't fit is a
clash, and holds both versions.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from enum import Enum
from typing import Any, NamedTuple

from t4c_lib.errors import InputError
from t4c_lib.html_templates import text_from
from t4c_lib.periods import Day, parse_period
from t4c_lib.plan.measure_rows import MeasureRow
from t4c_lib.plan.plan import EqualityAssessment, Plan, PlanError
from t4c_lib.plan.row_base import PlannedRow
from t4c_lib.plan.row_fields import Row
from t4c_lib.quantities import Unit, number, percent
from t4c_lib.quantities.baseline import typed_decimals
from t4c_lib.yaml_text import quoted

NOTHING = "blank"
LISTS = ("actions", "measures", "timelines", "route")  # of rows, in the order of the plan

# How people call a field where its name says it less well.
LABELS = {"change": "X", "when": "date", "then": "after that", "starting": "starts then", "organisation_name": "name"}
LABELS |= {"post": "responsible post", "holder": "postholder", "text": "wording", "name": "wording"}


def field_label(name: str) -> str:
    """How people call a field of a plan."""
    return LABELS.get(name, name.replace("_", " "))


def format_value(value: object, fraction: bool = False) -> str:
    """A field's value in words: "5.7% in March 2026 (staff extract)", "blank"; `fraction`: as a percentage."""
    if isinstance(value, tuple):
        return "; ".join(format_value(one, fraction) for one in value) or NOTHING
    kind = "Enum" if isinstance(value, Enum) else type(value).__name__
    ways = {"number": number, "percent": percent, "quoted": quoted, "period": parse_period, "decimals": typed_decimals}
    shown = {"value": value, "kind": kind, "fraction": fraction, "day": lambda date: Day(date).label}
    return text_from("plan/value.txt.j2", **shown, **ways).rstrip() or NOTHING


class FieldChange(NamedTuple):
    """A field that two versions of a row don't have in common: what stood and stands there, in words or "blank"."""

    field: str
    before: str
    after: str

    def __str__(self) -> str:
        shown = {"name": field_label(self.field), "before": self.before, "after": self.after, "nothing": NOTHING}
        return text_from("plan/field_change.txt.j2", **shown).removesuffix("\n")


class RowChange(NamedTuple):
    """A row that two versions of a plan don't have in common."""

    row: str  #: what it is called: "1m1 Staff aged 16 to 24", or "the plan" for what is of no row
    what: str  #: "added", "taken out" or "changed"
    fields: tuple[FieldChange, ...] = ()  #: for a changed row the fields that differ

    def __str__(self) -> str:
        return f"{self.row}: {', '.join(map(str, self.fields))}" if self.fields else f"{self.row} {self.what}"


def changes_between(before: Plan | None, after: Plan) -> tuple[RowChange, ...]:
    """The rows in which `after` differs from `before` (from nothing at all, if None), in the order of the plan."""
    old = before or after.changed(actions=(), measures=(), timelines=(), equality=None, route=(), local_authorities=())
    return (
        *_changed("the plan", old, after, ("organisation", "organisation_name", "years", "local_authorities")),
        *(one for of in LISTS for one in _rows(of, getattr(old, of), getattr(after, of))),
        *_equality(old.equality, after.equality),
    )


def summarise_changes(changes: Sequence[RowChange], most: int = 6) -> str:
    """The first few changes in a line, and how many more there are; "no changes" if there are none."""
    if not changes:
        return "no changes"
    more = [f"and {len(changes) - most} more rows"] if len(changes) > most else []
    return "; ".join([*map(str, changes[:most]), *more])


PLACE = re.compile(r"\d+[am]\d")  # in the framework, at the start of a row's name
FEW = 3  # rows that change alike and are still told one by one


def changes_as_lines(changes: Sequence[RowChange]) -> tuple[str, ...]:
    """The changes of each field, of rows that change alike together: a line each."""
    alike: dict[str, list[str]] = {}
    for change in changes:
        for what in change.fields or (change.what,):
            alike.setdefault(str(what), []).append(change.row)
    lines = []
    for what, rows in alike.items():
        if len(rows) <= FEW or not PLACE.match(rows[0]):  # what has no place to be called by stands alone
            lines += [f"{row}: {what}" for row in rows]
        else:
            places = ", ".join(row.partition(" ")[0] for row in rows)
            lines.append(f"{what}: {len(rows)} rows ({places})")
    return tuple(lines)


def _changed(row: str, before: Row, after: Row, names: Collection[str]) -> Iterable[RowChange]:
    if fields := field_changes(before, after, names):
        yield RowChange(row, "changed", fields)


def _rows(noun: str, before: Iterable[Any], after: Iterable[Any]) -> Iterable[RowChange]:
    old, new = _by_key(before), _by_key(after)
    for key, row in new.items():
        if key not in old:
            yield RowChange(_label(row), "added")
        elif row != old[key]:
            yield RowChange(_label(row), "changed", field_changes(old[key], row))
    for key, row in old.items():
        if key not in new:
            yield RowChange(_label(row), "taken out")
    if _is_moved(old, new):
        yield RowChange(f"the order of {noun}", "changed")


def _is_moved(old: Collection[object], new: Collection[object]) -> bool:
    """Whether the keys that both have stand in another order."""
    return [key for key in new if key in old] != [key for key in old if key in new]


def field_changes(before: Row, after: Row, names: Collection[str] | None = None) -> tuple[FieldChange, ...]:
    """The fields that differ; of these names only, if any are given."""
    fraction = isinstance(after, MeasureRow) and after.what.baseline_unit in (Unit.SHARE, Unit.RATE)
    return tuple(
        FieldChange(name, format_value(getattr(before, name), fraction), format_value(getattr(after, name), fraction))
        for name in names or type(after).model_fields
        if getattr(before, name) != getattr(after, name)
    )


def _equality(before: EqualityAssessment | None, after: EqualityAssessment | None) -> Iterable[RowChange]:
    if before is not None and after is not None:
        yield from _changed("the equality impact assessment", before, after, ("by", "date", "note"))
        yield from _rows("groups of the equality impact assessment", before.groups, after.groups)
    elif before is not after:
        yield RowChange("the equality impact assessment", "added" if before is None else "taken out")


Path = tuple[object, ...]
ORDER = "the order of rows"


class Clash(NamedTuple):
    """A place that both changed, each in another way."""

    path: Path  #: where: fields and keys of rows on the way to it
    label: str  #: how messages call it: "measure young-share"
    fields: tuple[str, ...]  #: in which the two differ; empty if one of them took the row out, or if it is no row
    base: Any  #: what stood there before; None for nothing
    mine: Any  #: what the second saver wants there; None if it was taken out
    theirs: Any  #: what was saved meanwhile; None if it was taken out

    def __str__(self) -> str:
        if not self.fields:
            return f"{self.label}: yours is {_shown(self.mine)}, theirs is {_shown(self.theirs)}"
        each = field_changes(self.mine, self.theirs, self.fields)
        words = (f"{field_label(one.field)} yours {one.before}, theirs {one.after}" for one in each)
        return f"{self.label}: {'; '.join(words)}"


class Merge(NamedTuple):
    """What came of putting two people's changes together."""

    plan: Plan  #: everything that doesn't clash, of both; where they clash, theirs, which was saved already
    clashes: tuple[Clash, ...]  #: in the order of the plan; empty if all of it fits


def merge(base: Plan | None, mine: Plan, theirs: Plan) -> Merge:
    """Put together what two people made of `base`, None for nothing: `theirs` was saved meanwhile, `mine` is second.

    Raises PlanError: plans of different organisations; InputError: the parts fit, but what they make is no plan.
    """
    if mine.organisation != theirs.organisation:
        raise PlanError(f"Plans of two organisations, {mine.organisation} and {theirs.organisation}, can't be merged.")
    # Of two first plans the name and the years are what they are, and there are no rows.
    own = {name: getattr(theirs, name) for name, field in Plan.model_fields.items() if field.is_required()}
    start = base or Plan.of(**own)
    work = _Work()
    plan = work.whole(start, mine, theirs, ())
    assert isinstance(plan, Plan)  # noqa: S101  (as its three arguments are)
    return Merge(plan, tuple(work.clashes))


class _Work:
    def __init__(self) -> None:
        self.clashes: list[Clash] = []

    def whole(self, base: Row, mine: Row, theirs: Row, path: Path) -> Row:
        fields = {
            name: self._part(getattr(base, name), getattr(mine, name), getattr(theirs, name), (*path, name))
            for name in type(theirs).model_fields
        }
        return theirs.changed(**{name: value for name, value in fields.items() if value != getattr(theirs, name)})

    def _part(self, base: Any, mine: Any, theirs: Any, path: Path) -> Any:
        if mine in (base, theirs):
            return theirs
        if theirs == base:
            return mine
        if any(map(_is_rows, (base, mine, theirs))):
            return self._rows(base, mine, theirs, path)
        if all(isinstance(one, Row) for one in (base, mine, theirs)):
            return self.whole(base, mine, theirs, path)
        return self._clash(path, field_label(str(path[-1])), (), (base, mine, theirs))

    def _rows(self, base: Sequence[Row], mine: Sequence[Row], theirs: Sequence[Row], path: Path) -> tuple[Row, ...]:
        old, ours, other = _by_key(base), _by_key(mine), _by_key(theirs)
        keys = self._order(old, ours, other, path)
        rows = (self._row(old.get(key), ours.get(key), other.get(key), (*path, key)) for key in keys)
        return tuple(row for row in rows if row is not None)

    def _row(self, base: Row | None, mine: Row | None, theirs: Row | None, path: Path) -> Row | None:
        if mine in (base, theirs):
            return theirs
        if theirs == base:
            return mine
        label = next(_label(row) for row in (theirs, mine, base) if row is not None)
        if base is None or mine is None or theirs is None:
            differing = _differing(mine, theirs) if mine is not None and theirs is not None else ()
            taken: Row | None = self._clash(path, label, differing, (base, mine, theirs))
            return taken
        my_fields, their_fields = _differing(base, mine), _differing(base, theirs)
        own = theirs.not_agreed if isinstance(theirs, PlannedRow) else frozenset(type(theirs).model_fields)
        together = own.issuperset(my_fields) or own.issuperset(their_fields)
        both = set(my_fields) & set(their_fields)
        if together and all(getattr(mine, name) == getattr(theirs, name) for name in both):
            try:
                return theirs.changed(**{name: getattr(mine, name) for name in my_fields})
            except InputError:  # each is sound, and the two together are not
                pass
        chosen: Row = self._clash(path, label, _differing(mine, theirs), (base, mine, theirs))
        return chosen

    def _order(
        self, base: Mapping[Any, Row], mine: Mapping[Any, Row], theirs: Mapping[Any, Row], path: Path
    ) -> list[Any]:
        """The keys of all rows: in my order if only I moved rows, else in theirs; new ones after their neighbour."""
        mine_moved, theirs_moved = _is_moved(base, mine), _is_moved(base, theirs)
        first, second = (mine, theirs) if mine_moved and not theirs_moved else (theirs, mine)
        if mine_moved and theirs_moved and _is_moved(theirs, mine):
            label = f"{ORDER} in {path[-1]}"
            chosen = self._clash((*path, ORDER), label, (), (tuple(base), tuple(mine), tuple(theirs)))
            first, second = (mine, theirs) if chosen == tuple(mine) else (theirs, mine)
        order = list(first)
        for place, key in enumerate(second):
            if key not in first:
                before = next((k for k in reversed(list(second)[:place]) if k in order), None)
                order.insert(order.index(before) + 1 if before is not None else 0, key)
        return order

    def _clash(self, path: Path, label: str, fields: tuple[str, ...], versions: tuple[Any, Any, Any]) -> Any:
        self.clashes.append(Clash(path, label, fields, *versions))
        return versions[2]


def _is_rows(value: object) -> bool:
    rows = value if isinstance(value, tuple) else ()
    return bool(rows) and all(isinstance(one, Row) and one.keyed_by for one in rows)


def _by_key(rows: Iterable[Any]) -> dict[Any, Any]:
    return {row.key: row for row in rows}


def _label(row: Row) -> str:
    return row.short_title if isinstance(row, PlannedRow) else str(getattr(row, "label", type(row).__name__))


def _differing(one: Row, other: Row) -> tuple[str, ...]:
    return tuple(name for name in type(one).model_fields if getattr(one, name) != getattr(other, name))


def _shown(value: object) -> str:
    if value is None:
        return "taken out"
    if isinstance(value, Row):
        return "changed" if value.keyed_by else format_value(value)
    if isinstance(value, tuple):
        keys = (key if isinstance(key, tuple) else (key,) for key in value)
        return ", ".join(str(part) for key in keys for part in key if part) or NOTHING
    return format_value(value)
