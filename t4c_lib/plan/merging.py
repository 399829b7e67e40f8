"""Two people changed the same revision of a plan: what both did, put together row by row, and where they clash.

A three-way merge. What only one of them changed is taken. Within a row that both changed, field by field, as long as
only one of them touched what an agreement covers: an X that one moved and a due date that another moved were each meant
for the row as it was, and together they say what nobody said. Nothing is dropped in silence: what doesn't fit is a
clash, and holds both versions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from t4c_lib.errors import InputError
from t4c_lib.plan.plan import Plan, PlanError
from t4c_lib.plan.plan_diff import NOTHING, field_label, format_value
from t4c_lib.plan.row_base import PlannedRow
from t4c_lib.plan.row_fields import Row

Path = tuple[object, ...]
ORDER = "the order of rows"


@dataclass(frozen=True)
class Clash:
    """A place that both changed, each in another way.

    Attributes:
        path: where: fields and keys of rows on the way to it.
        label: how messages call it: "measure young-share".
        fields: in which the two differ; empty if one of them took the row out, or if it is no row.
        base: what stood there before; None for nothing.
        mine: what the second saver wants there; None if it was taken out.
        theirs: what was saved meanwhile; None if it was taken out.
    """

    path: Path
    label: str
    fields: tuple[str, ...]
    base: object
    mine: object
    theirs: object

    def __str__(self) -> str:
        if not self.fields:
            return f"{self.label}: yours is {_shown(self.mine)}, theirs is {_shown(self.theirs)}"
        parts = [
            f"{field_label(name)} yours {format_value(getattr(self.mine, name))}, "
            f"theirs {format_value(getattr(self.theirs, name))}"
            for name in self.fields
        ]
        return f"{self.label}: {'; '.join(parts)}"


@dataclass(frozen=True)
class Merge:
    """What came of putting two people's changes together.

    Attributes:
        plan: everything that doesn't clash, of both; where they clash, theirs, which was saved already.
        clashes: in the order of the plan; empty if all of it fits.
    """

    plan: Plan
    clashes: tuple[Clash, ...]


def merge(base: Plan | None, mine: Plan, theirs: Plan, prefer_mine: Iterable[Path] = ()) -> Merge:
    """Put together what two people made of the same plan.

    Args:
        base: the revision both started from; None if both started from nothing.
        mine: the second saver's plan.
        theirs: what was saved meanwhile.
        prefer_mine: paths of clashes that the second saver has looked at, and where mine is to be taken.

    Raises:
        PlanError: plans of different organisations.
        InputError: the parts fit, but the whole they make is no plan.
    """
    if mine.organisation != theirs.organisation:
        raise PlanError(f"Plans of two organisations, {mine.organisation} and {theirs.organisation}, can't be merged.")
    start = base or theirs.changed(**{name: _nothing(theirs, name) for name in Plan.model_fields})
    work = _Work(frozenset(prefer_mine))
    plan = work.whole(start, mine, theirs, ())
    assert isinstance(plan, Plan)  # noqa: S101  (as its three arguments are)
    return Merge(plan, tuple(work.clashes))


def _nothing(plan: Plan, name: str) -> object:
    """The start of two first plans: the name and the years are what they are, and there are no rows."""
    field = Plan.model_fields[name]
    return getattr(plan, name) if field.is_required() else field.get_default(call_default_factory=True)


class _Work:
    def __init__(self, prefer_mine: frozenset[Path]) -> None:
        self._prefer_mine = prefer_mine
        self.clashes: list[Clash] = []

    def whole(self, base: Row, mine: Row, theirs: Row, path: Path) -> Row:
        """Three versions of something that has fields, each field for itself."""
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
        kept = {}
        for key in self._order(old, ours, other, path):
            row = self._row(old.get(key), ours.get(key), other.get(key), (*path, key))
            if row is not None:
                kept[key] = row
        return tuple(kept.values())

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
        agreed = theirs.agreed if isinstance(theirs, PlannedRow) else frozenset[str]()
        together = not (agreed.intersection(my_fields) and agreed.intersection(their_fields))
        if together and not _quarrel(my_fields, their_fields, mine, theirs):
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
        mine_moved = [k for k in mine if k in base] != [k for k in base if k in mine]
        theirs_moved = [k for k in theirs if k in base] != [k for k in base if k in theirs]
        first, second = (mine, theirs) if mine_moved and not theirs_moved else (theirs, mine)
        if mine_moved and theirs_moved and [k for k in mine if k in theirs] != [k for k in theirs if k in mine]:
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
        if path in self._prefer_mine:
            return versions[1]
        self.clashes.append(Clash(path, label, fields, *versions))
        return versions[2]


def _is_rows(value: object) -> bool:
    return (
        isinstance(value, tuple) and bool(value) and all(isinstance(one, Row) and hasattr(one, "key") for one in value)
    )


def _by_key(rows: Iterable[Any]) -> dict[Any, Row]:
    return {row.key: row for row in rows}


def _label(row: Row) -> str:
    return str(getattr(row, "label", type(row).__name__))


def _differing(one: Row, other: Row) -> tuple[str, ...]:
    return tuple(name for name in type(one).model_fields if getattr(one, name) != getattr(other, name))


def _quarrel(my_fields: Iterable[str], their_fields: Iterable[str], mine: Row, theirs: Row) -> bool:
    """Whether both changed a field, and not in the same way."""
    both = set(my_fields) & set(their_fields)
    return any(getattr(mine, name) != getattr(theirs, name) for name in both)


def _shown(value: object) -> str:
    if value is None:
        return "taken out"
    if isinstance(value, Row):
        return "changed" if hasattr(value, "key") else format_value(value)
    if isinstance(value, tuple):
        return ", ".join(_key_words(one) for one in value) or NOTHING
    return format_value(value)


def _key_words(key: object) -> str:
    return ", ".join(str(part) for part in key if part) if isinstance(key, tuple) else str(key)
