"""Saves a plan as the next revision. If somebody else saved first, this is told, or both are put together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace

from sqlalchemy import Connection, Engine

from t4c_lib.errors import InputError, Problem, T4CError
from t4c_lib.plan import Plan, Side
from t4c_lib.plan.merging import Merge, Path, merge
from t4c_lib.store import plans
from t4c_lib.store.changes import log_change
from t4c_lib.store.engine import in_turn, reading, writing
from t4c_lib.store.plans import Revision, RevisionConflictError
from t4c_lib.typed_text import NAME, NOTE, entry_problems, take_text


@dataclass(frozen=True)
class Saved:
    """What came of a save.

    Attributes:
        revision: that was made; the current one if there was nothing new to save.
        merged_with: revisions of others that were put together with it, oldest first; usually none.
    """

    revision: Revision
    merged_with: tuple[Revision, ...] = ()

    def __str__(self) -> str:
        if not self.merged_with:
            return str(self.revision)
        others = ", ".join(f"revision {one.revision} by {one.by}" for one in self.merged_with)
        return f"{self.revision}; put together with {others}"


class MergeClashError(T4CError):
    """What was changed here and what others saved meanwhile don't go together. Nothing was saved, nothing is lost.

    Attributes:
        merge: everything that fits, with theirs where it clashes, and the clashes, each with both versions.
        meanwhile: the revisions of others, oldest first.
    """

    def __init__(self, merged: Merge, meanwhile: tuple[Revision, ...]) -> None:
        self.merge, self.meanwhile = merged, meanwhile
        super().__init__(merged, meanwhile)

    def __str__(self) -> str:
        current = self.meanwhile[-1]
        lines = [f"The plan of {current.organisation} was not saved: meanwhile came"]
        lines += [f"  - {one}" for one in self.meanwhile]
        lines.append("Your changes go with theirs, but for these:")
        lines += [f"  - {clash}" for clash in self.merge.clashes]
        lines.append("Say for each whether yours or theirs is to count, and save again.")
        return "\n".join(lines)


@dataclass(frozen=True)
class _Said:
    by: str
    side: Side
    note: str
    at: dt.datetime | None = None  # now, if it isn't said


@dataclass(frozen=True)
class _Ready:
    """Everything that takes time is done: what is left is to write a row, if nobody was faster."""

    plan: Plan
    text: str
    current: Revision | None
    meanwhile: tuple[Revision, ...] = ()


def save_revision(
    engine: Engine,
    plan: Plan,
    *,
    by: str,
    side: Side | str,
    note: str,
    parent_revision: int | None,
    document: str | None,
    at: dt.datetime | None = None,
) -> Revision:
    """See `Store.save_plan`."""
    said = replace(_checked(plan, by, side, note, document), at=at)
    with reading(engine) as connection:
        current = plans.check_parent(connection, plan.organisation, parent_revision)
        ready = _Ready(plan, _text(plan, current) if document is None else document, current)
    with writing(engine) as connection:
        in_turn(connection, plan.organisation)
        plans.check_parent(connection, plan.organisation, parent_revision)
        return _append(connection, ready, said)


def save_merged(
    engine: Engine,
    plan: Plan,
    *,
    by: str,
    side: Side | str,
    note: str,
    parent_revision: int | None,
    prefer_mine: Iterable[Path],
) -> Saved:
    """See `Store.save_merged`."""
    said, preferred = _checked(plan, by, side, note), tuple(prefer_mine)
    with reading(engine) as connection:
        ready = _put_together(connection, plan, parent_revision, preferred)
    with writing(engine) as connection:
        in_turn(connection, plan.organisation)
        if plans.newest_number(connection, plan.organisation) != (ready.current.revision if ready.current else 0):
            # Somebody was faster. From here on others wait, so that nobody can be overtaken for ever.
            ready = _put_together(connection, plan, parent_revision, preferred)
        return Saved(_append(connection, ready, said), ready.meanwhile)


def _put_together(
    connection: Connection, plan: Plan, parent_revision: int | None, preferred: tuple[Path, ...]
) -> _Ready:
    try:
        current = plans.check_parent(connection, plan.organisation, parent_revision)
    except RevisionConflictError as conflict:
        newest = conflict.meanwhile[-1]
        merged = merge(conflict.parent_plan, plan, newest.plan, preferred)
        if merged.clashes:
            raise MergeClashError(merged, conflict.meanwhile) from None
        return _Ready(merged.plan, _text(merged.plan, newest), newest, conflict.meanwhile)
    return _Ready(plan, _text(plan, current), current)


def _text(plan: Plan, current: Revision | None) -> str:
    return plan.to_yaml(current.document if current else None)


def _append(connection: Connection, ready: _Ready, said: _Said) -> Revision:
    current, plan = ready.current, ready.plan
    if current and current.document == ready.text:
        return current
    number, now = current.revision + 1 if current else 1, said.at or dt.datetime.now(dt.UTC)
    revision = Revision(plan.organisation, number, ready.text, plan.digest, said.side, said.by, now, said.note)
    plans.append(connection, revision)
    log_change(connection, "plan", now, organisation=plan.organisation, number=number, by=revision.by)
    return revision


def _checked(plan: Plan, by: str, side: Side | str, note: str, document: str | None = None) -> _Said:
    """Who says what, if everything about a save is in order. Raises InputError with every problem."""
    problems: list[Problem] = []
    who = take_text(problems, "by", by, NAME, "whoever saves a plan says who they are.")
    said = take_text(problems, "note", note, NOTE)
    problems += entry_problems(plan.parameters())
    if str(side) not in set(Side):
        problems.append(Problem("side", f"'{side}' is no side.", f"Allowed: {', '.join(Side)}."))
    if document is not None and Plan.from_yaml(document, "the plan's text") != plan:
        problems.append(Problem("document", "the text holds another plan than the one to be saved."))
    if problems:
        raise InputError(f"saving the plan of {plan.organisation}", problems)
    return _Said(who, Side(side), said)
